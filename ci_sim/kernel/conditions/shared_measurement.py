"""Shared measurement: what members can know.

Claim
    Collecting data and measuring results consistently across all participants ensures efforts remain aligned and
    participants hold each other accountable (seed text; Kania & Kramer 2011).
Mechanism
    A member evaluating in community c pools n_c = 1 + M * (member programs in c - 1) observations, so its noise
    shrinks by 1 / sqrt(n_c); another community's reported indicator carries noise 0.10 * (1 - M). Accountability
    enters through the agenda's alignment.
Off state
    M = 0 gives n_c = 1 and the full reporting noise.
Arrays
    Reads ``initiative`` (maturity M, 0..1), ``organizations.member``, ``delivered`` (C, O), ``communities.indicator``;
    writes ``communities.observation_sd`` float64 in (0, 1].
Prior art
    Pooling of independent observations; parallel problem solving with reported scores (Lazer & Friedman 2007).
"""

from __future__ import annotations

import math

from ci_sim.kernel import Row, State
from ci_sim.kernel.bits import bits
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.normal import normal_quantile

__all__ = ["pool_observations", "reported_indicator"]


@compiled
def pool_observations(state: State) -> None:
    """Set the factor on members' evaluation noise in every community: 1 / sqrt(observations pooled)."""
    maturity = state.initiative[0].shared_measurement
    for community in range(state.communities.shape[0]):
        programs = 0
        if maturity > 0.0:
            for nth in range(state.communities[community].present):
                organization = state.present[community, nth]
                delivered = state.delivered[community, organization]
                programs += bits(delivered) if state.organizations[organization].member else 0
        pooled = 1.0 + maturity * max(0.0, programs - 1.0)
        state.communities[community].observation_sd = 1.0 / math.sqrt(pooled)


@compiled(inline=True)
def reported_indicator(rules: Row, state: State, community: int, uniform: float) -> float:
    """Another community's indicator as it is reported, with noise that shared measurement removes."""
    noise = rules.reporting_noise * (1.0 - state.initiative[0].shared_measurement)
    return state.communities[community].indicator + noise * normal_quantile(uniform)
