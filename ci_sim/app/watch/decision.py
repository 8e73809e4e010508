"""One decision as it is written down: what was considered, how it was seen, how it was, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ci_sim.kernel import Landscape, Luck, Row, Schedule, State
from ci_sim.kernel.bits import bits
from ci_sim.kernel.landscape import performance
from ci_sim.kernel.search import true_gain

__all__ = ["Decision", "Gains", "Kind", "Moment", "weigh"]

Kind = Literal["meeting", "flip", "peer", "joint"]


class Gains(NamedTuple):
    """One change, as it was seen and as it was; the first four in hundredths of performance, so that they compare.

    Attributes
    ----------
    perceived : what the organization believed it would gain: its picture, its weights, its noise.
    pictured : the same without the noise.
    own : by its weights, on the practices truly in force.
    everyone : by equal weights on all outcome areas, on the practices truly in force.
    community : the same in points of the community's outcome, 0 to 100: what it does to the number on its tile.
    outdated : practices there that were not as it believed.
    """

    perceived: float
    pictured: float
    own: float
    everyone: float
    community: float
    outdated: int


@dataclass(frozen=True)
class Decision:
    """A try, or a joint action an organization was asked to agree to.

    Attributes
    ----------
    kind : lost to a meeting; a practice flipped; a peer place's practices; a joint action.
    community : where; None where the try was lost to a meeting.
    peer : the community learnt from.
    levers : bit mask of the practices that would change; 0: nothing to change, or the peer reported nothing better.
    adopted : by it alone; of a joint action, whether all concerned agreed.
    consented : whether its own perceived gain was above the threshold.
    """

    month: int
    organization: int
    kind: Kind
    community: int | None = None
    peer: int | None = None
    levers: int = 0
    gains: Gains | None = None
    consented: bool = False
    adopted: bool = False


class Moment(NamedTuple):
    """A month about to be lived: the arrays of the run, the row of the month in them, and its number from 1."""

    landscape: Landscape
    rules: Row
    schedule: Schedule
    luck: Luck
    state: State
    row: int
    month: int


def weigh(moment: Moment, organization: int, community: int, now: int, changed: int, perceived: float) -> Gains:
    """A change as it was seen and as it was.

    Parameters
    ----------
    now : the configuration as the organization believes it.
    changed : bit mask of what would change.
    perceived : gain it perceived, units of performance.
    """
    landscape, state = moment.landscape, moment.state
    actor = state.organizations[organization]
    mandate, alignment = int(actor["mandate"]), float(actor["alignment"])
    before = int(state.practices[community])
    after = (before & ~changed) | ((now ^ changed) & changed)
    pictured = true_gain(landscape, mandate, alignment, community, now, now ^ changed)
    own = true_gain(landscape, mandate, alignment, community, before, after)
    whole = performance(landscape, community, after) - performance(landscape, community, before)
    reach = float(landscape.maximum[community] - landscape.mean[community])
    outdated = int(bits((now ^ before) & ~changed))
    return Gains(100 * perceived, 100 * pictured, 100 * own, 100 * whole, 100 * whole / reach, outdated)
