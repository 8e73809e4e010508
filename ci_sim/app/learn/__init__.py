"""The Learn page's parts: scenes and what they show, a guess before it, and a room of people in front of it.

``scenes`` are views, ``findings`` what each comes to, in words, ``shares`` and ``alone`` the charts that no other page
has, ``trials`` the ensembles behind the latter; ``guess`` is predict first, ``tour`` the steps, ``room`` and ``votes``
the facilitator's. The teacher's pack (``docs/refresh_teaching.py``) computes its answers by the same functions.
"""
