"""The five conditions of Collective Impact (Kania & Kramer 2011), a room each.

None imports another: they meet only in the arrays of :class:`ci_sim.kernel.State`.
"""
