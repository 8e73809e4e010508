"""Elements are organizations and levers; connections say who trusts whom, who delivers the same lever in the same
community, who works on which lever, and which lever depends on which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_sim.simulate import Trajectory

__all__ = ["THRESHOLD", "Network", "network"]

THRESHOLD = 0.5
"""Trust from which on a tie is drawn."""
MOST_PLACES = 10
"""Shared places that are told by name."""
OWN = ("Label", "Type", "Tags", "Description", "From", "To", "Direction")
"""Fields that are Kumu's own; its blueprints write them small."""

Item = dict[str, Any]


@dataclass(frozen=True)
class Network:
    """Elements and connections, each with Kumu's fields by their headings."""

    elements: tuple[Item, ...]
    connections: tuple[Item, ...]

    def blueprint(self) -> dict[str, list[Item]]:
        """The form of Kumu's JSON import."""
        return {
            "elements": [_small(one) for one in self.elements],
            "connections": [_small(c) for c in self.connections],
        }


def network(trajectory: Trajectory, threshold: float = THRESHOLD) -> Network:
    """The network at the horizon of a run.

    Parameters
    ----------
    threshold : 0..1, the trust from which on one organization is said to trust another.
    """
    labels = trajectory.world.scenario.organization_names
    levers = _lever_labels(trajectory, labels)
    elements = (*_organizations(trajectory, labels, levers), *_levers(trajectory, levers))
    connections = (
        *_trust(trajectory, labels, threshold),
        *_shared_places(trajectory, labels, levers),
        *_works_on(trajectory, labels, levers),
        *_depends_on(trajectory, levers),
    )
    return Network(elements, connections)


def _small(item: Item) -> Item:
    return {key.lower() if key in OWN else key: value for key, value in item.items()}


def _lever_labels(trajectory: Trajectory, taken: Sequence[str]) -> list[str]:
    """A label for every lever, none of them an organization's or another lever's."""
    scenario = trajectory.world.scenario
    titles = [lever.title or lever.name.replace("_", " ") for lever in scenario.levers]
    titles = titles or [name.replace("_", " ") for name in scenario.lever_names]
    labels: list[str] = []
    for title, name in zip(titles, scenario.lever_names, strict=True):
        labels.append(f"{title} (lever {name})" if title in taken or titles.count(title) > 1 else title)
    return labels


def _organizations(trajectory: Trajectory, labels: Sequence[str], levers: Sequence[str]) -> Iterator[Item]:
    state, scenario = trajectory.state, trajectory.world.scenario
    rows = zip(labels, scenario.group_of_organization, state.organizations, state.delivered.T, strict=True)
    for label, group, row, delivered in rows:
        taking_part = "member" if row["member"] else "not a member" if row["active"] else "closed"
        where = f"{int(row['programs'])} programs in {int((delivered > 0).sum())} communities"
        yield {
            "Label": label,
            "Type": "Organization",
            "Tags": [*([group.sector] if group else []), taking_part],
            "Description": f"{where}. {_simulated(trajectory)}",
            "Sector": group.sector if group else "",
            "Group": group.name if group else "",
            "Programs": int(row["programs"]),
            "Member": "yes" if row["member"] else "no",
            "Trust": round(float(row["mean_trust"]), 3),
            "Alignment": round(float(row["alignment"]), 3),
            "Mandate": [levers[lever] for lever in _bits(int(row["mandate"]))],
        }


def _levers(trajectory: Trajectory, labels: Sequence[str]) -> Iterator[Item]:
    programs = trajectory.state.providers.sum(axis=0)
    ways = [" or ".join(lever.ways) for lever in trajectory.world.scenario.levers] or [""] * len(labels)
    for label, count, way in zip(labels, programs, ways, strict=True):
        told = f"Can be done in two ways{f': {way}' if way else ''}. {_simulated(trajectory)}"
        yield {"Label": label, "Type": "Lever", "Tags": ["lever"], "Description": told, "Programs": int(count)}


def _trust(trajectory: Trajectory, labels: Sequence[str], threshold: float) -> Iterator[Item]:
    """Both ways one mutual connection, one way a directed one; of organizations still at work."""
    trust = trajectory.state.trust
    active = np.flatnonzero(trajectory.state.organizations["active"]).tolist()
    for place, i in enumerate(active):
        for k in active[place + 1 :]:
            there, back = float(trust[i, k]), float(trust[k, i])
            if there >= threshold and back >= threshold:
                yield _connection(labels[i], labels[k], "mutual", "trusts", round((there + back) / 2, 3))
            elif there >= threshold:
                yield _connection(labels[i], labels[k], "directed", "trusts", round(there, 3))
            elif back >= threshold:
                yield _connection(labels[k], labels[i], "directed", "trusts", round(back, 3))


def _shared_places(trajectory: Trajectory, labels: Sequence[str], levers: Sequence[str]) -> Iterator[Item]:
    """Pairs that deliver the same lever in the same community, each such place counted."""
    delivered, communities = trajectory.state.delivered, trajectory.world.scenario.community_names
    for i in range(len(labels)):
        both: NDArray[np.int64] = delivered[:, i, None] & delivered[:, i + 1 :]
        counts = np.bitwise_count(both).sum(axis=0)
        for other in np.flatnonzero(counts).tolist():
            places = [
                f"{levers[lever]} in {name}"
                for name, shared in zip(communities, both[:, other], strict=True)
                for lever in _bits(int(shared))
            ]
            told = "; ".join(places[:MOST_PLACES]) + ("; ..." if len(places) > MOST_PLACES else "")
            count = int(counts[other])
            yield _connection(labels[i], labels[i + 1 + other], "undirected", "shares places", count, told)


def _works_on(trajectory: Trajectory, labels: Sequence[str], levers: Sequence[str]) -> Iterator[Item]:
    for label, row, delivered in zip(labels, trajectory.state.organizations, trajectory.state.delivered.T, strict=True):
        for lever in _bits(int(row["mandate"])):
            places = int((delivered >> lever & 1).sum())
            yield _connection(label, levers[lever], "directed", "works on", places)


def _depends_on(trajectory: Trajectory, levers: Sequence[str]) -> Iterator[Item]:
    """The wiring of this world; why, where the scenario says."""
    world = trajectory.world
    because = {
        (lever.name, influence.lever): influence.because
        for lever in world.scenario.levers
        for influence in lever.depends_on
    }
    names = world.scenario.lever_names
    for area, row in enumerate(world.landscapes[-1][1].area_levers):
        for other in row[row >= 0][1:].tolist():
            told = because.get((names[area], names[other]), "")
            yield _connection(levers[area], levers[other], "directed", "depends on", 1, told)


def _connection(start: str, end: str, direction: str, kind: str, strength: float, told: str = "") -> Item:
    """A connection; without a label, which Kumu would write beside every line."""
    return {
        "From": start, "To": end, "Direction": direction, "Type": kind, "Strength": strength, "Description": told,
    }  # fmt: skip


def _bits(levers: int) -> list[int]:
    return [lever for lever in range(levers.bit_length()) if levers >> lever & 1]


def _simulated(trajectory: Trajectory) -> str:
    world, arm = trajectory.world, trajectory.arm
    months = world.scenario.horizon.months
    return f"Simulated: {arm.title or arm.name}, world {world.replication}, month {months}; not a forecast."
