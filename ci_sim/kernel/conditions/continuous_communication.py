"""Continuous communication: how fresh members' pictures are, how connected they are, how much they trust.

Claim
    Consistent and open communication is needed across the many players to build trust, assure mutual objectives, and
    appreciate common motivation (seed text; Kania & Kramer 2011).
Mechanism
    Members refresh a picture with probability 1/12 + (1 - 1/12) * C. With probability 0.25 * C a member's try is
    learning from a peer place that reports a better indicator. Trust between members moves by
    0.05 * C * (1 - T) - 0.02 * (1 - C) * T a month.
Off state
    C = 0 leaves the refresh at 1/12 and nobody learns from peers; trust fades and nothing reads it.
Arrays
    Reads ``initiative`` (maturity C, 0..1), ``organizations.member``, ``practices`` (C,); writes ``pictures`` (O, C)
    int64, ``trust`` (O, O) and ``organizations.mean_trust`` float64 0..1.
Prior art
    Imitation in parallel problem solving (Lazer & Friedman 2007); trust as slowly built, quickly lost.
"""

from __future__ import annotations

from ci_sim.kernel import Row, State, Uniforms
from ci_sim.kernel.compiled import compiled

__all__ = ["move_trust", "peer_learning_probability", "refresh_pictures"]


@compiled
def refresh_pictures(rules: Row, state: State, uniforms: Uniforms) -> None:
    """Let every organization see again the communities it happens to look at this month.

    Parameters
    ----------
    uniforms : (O, C) draws.
    """
    communication = state.initiative[0].continuous_communication
    for organization in range(state.organizations.shape[0]):
        refresh = rules.picture_refresh
        if state.organizations[organization].member:
            refresh += (1.0 - refresh) * communication
        for community in range(state.practices.shape[0]):
            seen = uniforms[organization, community] < refresh
            old = state.pictures[organization, community]
            state.pictures[organization, community] = state.practices[community] if seen else old


@compiled
def move_trust(rules: Row, state: State) -> None:
    """Let trust between members grow with communication and fade without it; then take each member's mean."""
    communication = state.initiative[0].continuous_communication
    gain, decay = rules.trust_gain * communication, rules.trust_decay * (1.0 - communication)
    fellows = state.initiative[0].members - 1
    for organization in range(state.organizations.shape[0]):
        state.organizations[organization].mean_trust = 0.0
        if not state.organizations[organization].member:
            continue
        total = 0.0
        for other in range(state.organizations.shape[0]):
            if state.organizations[other].member and other != organization:
                trust = state.trust[organization, other]
                trust += gain * (1.0 - trust) - decay * trust
                state.trust[organization, other] = trust
                total += trust
        if fellows > 0:
            state.organizations[organization].mean_trust = total / fellows


@compiled(inline=True)
def peer_learning_probability(rules: Row, state: State, organization: int) -> float:
    """Probability that a try of this organization is spent on learning from a peer place."""
    if not state.organizations[organization].member:
        return 0.0
    return rules.peer_learning * state.initiative[0].continuous_communication
