"""Watch: two arms of one world side by side, and one organization from within.

``futures`` runs both arms once and packs what is drawn (the frames are those of :mod:`ci_sim.replay.frames`);
``places`` says where communities and organizations stand; ``faces`` and the ``.vue`` files beside it draw a month in
the browser, all turned by the clock (``legend`` says what shapes are); ``lead`` heads the page, ``course`` is the chart
of both indicators. ``witness`` lives months again (``joint``: their joint actions) and writes down each ``decision`` of
an organization; ``account`` puts them in words, ``organization`` shows them.
"""
