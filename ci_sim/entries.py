"""What a scenario lists: levers, communities, groups, ties, events, arms, and the evidence for its numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ci_sim.parameters import Grade, Section

__all__ = [
    "Community",
    "ConditionEvent",
    "CustomArm",
    "Event",
    "Evidence",
    "FundingEvent",
    "Group",
    "Influence",
    "Lever",
    "Name",
    "ReplicationEvent",
    "ShareEvent",
    "ShockEvent",
    "StaffEvent",
    "Tie",
]  # fmt: skip

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Share = Annotated[float, Field(ge=0, le=1)]
Month = Annotated[int, Field(ge=1, le=1200)]


class Influence(Section):
    """A link of the wiring: the lever's outcome area also depends on another lever."""

    lever: Name
    because: str = Field(default="", max_length=500)


class Lever(Section):
    """An intervention point of the problem, one thing that can be done in one of two ways."""

    name: Name
    title: str = Field(default="", max_length=200)
    ways: list[str] = Field(default=[], min_length=2, max_length=2)
    """What practice 0 and practice 1 stand for; which is better, where, is drawn."""
    depends_on: list[Influence] = Field(default=[])


class Community(Section):
    """A place with a population outcome of its own."""

    name: str = Field(min_length=1, max_length=100)
    pull: float | None = Field(default=None, gt=0, le=1000)
    """Attraction to isolated programs; drawn where not given."""


class Group(Section):
    """Organizations of one kind."""

    name: Name
    sector: Literal["government", "civil society", "business"]
    count: int = Field(ge=1, le=5000)
    title: str = Field(default="", max_length=200)
    levers: list[str] = Field(default=[])
    """Levers they may work on, all of them; none listed: ``organizations.mandate`` random ones each."""
    programs: int | None = Field(default=None, ge=0, le=10_000)
    attempts: float | None = Field(default=None, ge=0, le=100)
    evaluation_noise: float | None = Field(default=None, ge=0, le=2)
    member: bool | None = None
    """Whether all of them take part at the start, or none; not given: ``participation.initial`` decides."""


class Tie(Section):
    """Trust that is there before the first month, between all organizations of two groups (or within one)."""

    between: list[str] = Field(min_length=2, max_length=2)
    trust: Share
    mutual: bool = True
    """Both ways; false: only that of the first group in the second."""


class _Event(Section):
    month: Month
    note: str = Field(default="", max_length=500)


class ConditionEvent(_Event):
    """From this month on a condition has a new target."""

    kind: Literal["condition"]
    condition: Literal[
        "common_agenda", "shared_measurement", "mutually_reinforcing_activities", "continuous_communication"
    ]
    target: Share


class StaffEvent(_Event):
    """From this month on the backbone has this many staff."""

    kind: Literal["staff"]
    staff: float = Field(ge=0, le=500)


class ShockEvent(_Event):
    """The world changes: outcome areas get new contribution tables everywhere."""

    kind: Literal["shock"]
    share: Share | None = None
    """Share of the outcome areas that is redrawn, rounded to whole areas picked at random."""
    levers: list[str] = Field(default=[])
    """The outcome areas that are redrawn, by name, instead of a share."""


class ShareEvent(_Event):
    """A share of the organizations changes leadership, or closes."""

    kind: Literal["turnover", "exit"]
    share: Share
    """Probability with which each organization concerned is struck; 1 strikes all."""
    groups: list[str] = Field(default=[])
    """Groups concerned; none listed: all."""


class FundingEvent(_Event):
    """From this month on organizations run this multiple of their first programs and tries."""

    kind: Literal["funding"]
    factor: float = Field(ge=0, le=100)
    groups: list[str] = Field(default=[])
    """Groups concerned; none listed: all."""


class ReplicationEvent(_Event):
    """The best community's practices are replicated: every organization takes over what it can deliver of them.

    It costs nothing, nobody is asked, and everybody knows what was put in place where.
    """

    kind: Literal["replication"]


Event = Annotated[
    ConditionEvent | StaffEvent | ShockEvent | ShareEvent | FundingEvent | ReplicationEvent,
    Field(discriminator="kind"),
]


class CustomArm(Section):
    """A treatment of the same world: factors on the scenario's targets and staff."""

    name: Name
    title: str = Field(default="", max_length=100)
    common_agenda: Share = 0.0
    shared_measurement: Share = 0.0
    mutually_reinforcing_activities: Share = 0.0
    continuous_communication: Share = 0.0
    backbone: float = Field(default=0.0, ge=0, le=10)
    equal_spend: bool = False
    """Spend what the full backbone would cost on further programs and tries instead."""


class Evidence(Section):
    """How well a group of this scenario's numbers is founded."""

    what: str = Field(max_length=200)
    grade: Grade
    source: str = Field(default="", max_length=500)
