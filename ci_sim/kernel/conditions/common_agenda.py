"""Common agenda: what members weigh.

Claim
    All participants have a shared vision for change, including a common understanding of the problem and a joint
    approach to solving it (seed text; Kania & Kramer 2011).
Mechanism
    a_i = A * (1 - (1 - trust_i) * (1 - M)); w_i = (1 - a_i) * own mandate + a_i * all outcome areas equally.
    Members follow the agenda as far as they trust the others, or can be held to account by shared measurement.
Off state
    A = 0 gives a_i = 0: everyone weighs its own mandate only.
Arrays
    Reads ``initiative`` (maturities A and M, 0..1), ``organizations.member`` and ``.mean_trust`` (0..1); writes
    ``organizations.alignment`` float64 0..1.
Prior art
    Incentives of subunits in Rivkin & Siggelkow 2003 (weight on one's own against the firm's payoff).
"""

from __future__ import annotations

from ci_sim.kernel import State
from ci_sim.kernel.compiled import compiled

__all__ = ["align"]


@compiled
def align(state: State) -> None:
    """Set the weight every organization gives the common agenda this month."""
    initiative = state.initiative[0]
    for index in range(state.organizations.shape[0]):
        organization = state.organizations[index]
        doubt = (1.0 - organization.mean_trust) * (1.0 - initiative.shared_measurement)
        organization.alignment = initiative.common_agenda * (1.0 - doubt) if organization.member else 0.0
