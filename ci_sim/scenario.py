"""A scenario: departures from the parameters' defaults, and what only this case lists (``entries``)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ci_sim import parameters
from ci_sim.complaints import Complaint, nearest
from ci_sim.entries import Community, CustomArm, Event, Evidence, Group, Lever, Name, ShockEvent, Tie
from ci_sim.parameters import Section

__all__ = ["SCHEMA_VERSION", "SECTORS", "Scenario"]

SCHEMA_VERSION = 1
SECTORS = ("government", "civil society", "business")
LARGEST_TABLES = 40_000_000
"""Most contribution table entries over all communities (0.7 GB with the draws that fill them)."""


class Scenario(Section):
    """Everything that defines a simulated case. Immutable; equal scenarios have equal hashes.

    Raises
    ------
    pydantic.ValidationError
        Through :func:`ci_sim.scenario_file.parse_scenario` this becomes an :class:`ci_sim.complaints.InputError`.
    """

    schema_version: Literal[1]
    name: Name
    title: str = Field(default="", max_length=200)
    description: str = Field(default="", max_length=5000)
    sources: list[str] = Field(default=[])
    problem: parameters.Problem = parameters.Problem()
    organizations: parameters.OrganizationRules = parameters.OrganizationRules()
    conditions: parameters.Conditions = parameters.Conditions()
    backbone: parameters.Backbone = parameters.Backbone()
    measurement: parameters.Measurement = parameters.Measurement()
    activities: parameters.Activities = parameters.Activities()
    communication: parameters.Communication = parameters.Communication()
    participation: parameters.Participation = parameters.Participation()
    equity: parameters.Equity = parameters.Equity()
    costs: parameters.Costs = parameters.Costs()
    hazards: parameters.Hazards = parameters.Hazards()
    horizon: parameters.Horizon = parameters.Horizon()
    levers: list[Lever] = Field(default=[])
    communities: list[Community] = Field(default=[])
    groups: list[Group] = Field(default=[])
    ties: list[Tie] = Field(default=[])
    events: list[Event] = Field(default=[])
    arms: list[CustomArm] = Field(default=[])
    evidence: list[Evidence] = Field(default=[])

    @model_validator(mode="before")
    @classmethod
    def _count_what_is_listed(cls, raw: Any) -> Any:
        """Levers, communities and organizations listed by name set the number of them, unless that is given too."""
        if not isinstance(raw, dict):
            return raw
        raw = dict(raw)
        for section, key, count in (
            ("problem", "levers", _length(raw.get("levers"))),
            ("problem", "communities", _length(raw.get("communities"))),
            ("organizations", "count", _members(raw.get("groups"))),
        ):
            table = raw.get(section, {})
            if count and isinstance(table, dict) and key not in table:
                raw[section] = {**table, key: count}
        return raw

    @model_validator(mode="after")
    def _agree_with_itself(self) -> Scenario:
        complaints = list(_contradictions(self))
        if complaints:
            raise PydanticCustomError("contradiction", "the parts of the scenario contradict", {"all": complaints})
        return self

    @cached_property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of the scenario's content.

        What came into the format later counts only where a scenario says it, so that hashes stay what they were.
        """
        unsaid: dict[str, Any] = {} if self.ties else {"ties": True}
        if all(group.member is None for group in self.groups):
            unsaid["groups"] = {"__all__": {"member"}}
        return hashlib.sha256(self.model_dump_json(exclude=unsaid).encode()).hexdigest()[:12]

    @cached_property
    def lever_names(self) -> list[str]:
        """Names of the levers: the scenario's, or ``lever_1`` ..."""
        return [lever.name for lever in self.levers] or [f"lever_{n + 1}" for n in range(self.problem.levers)]

    @cached_property
    def community_names(self) -> list[str]:
        """Names of the communities: the scenario's, or ``community 1`` ..."""
        listed = [community.name for community in self.communities]
        return listed or [f"community {n + 1}" for n in range(self.problem.communities)]

    @cached_property
    def group_of_organization(self) -> list[Group | None]:
        """The group of every organization, in the order of the groups; None without groups."""
        if not self.groups:
            return [None] * self.organizations.count
        return [group for group in self.groups for _ in range(group.count)]

    @cached_property
    def organization_names(self) -> list[str]:
        """A name for every organization, none twice: the title of its group or its name, numbered where it has more."""
        listed = [(group.title or group.name.replace("_", " "), group.count) for group in self.groups]
        names: list[str] = []
        for title, count in listed or [("organization", self.organizations.count)]:
            names += [f"{title} {n}" for n in range(1, count + 1)] if count > 1 or not listed else [title]
        groups, times = self.group_of_organization, Counter(names)
        return [
            f"{name} ({group.name})" if group and times[name] > 1 else name
            for name, group in zip(names, groups, strict=True)
        ]


def _length(listed: Any) -> int:
    return len(listed) if isinstance(listed, list) else 0


def _members(groups: Any) -> int:
    if not isinstance(groups, list):
        return 0
    counts = [group.get("count") for group in groups if isinstance(group, dict)]
    return sum(count for count in counts if isinstance(count, int))


def _contradictions(scenario: Scenario) -> Iterator[Complaint]:
    """Everything that each key on its own cannot show to be wrong."""
    yield from _wrong_counts(scenario)
    yield from _wrong_names(scenario)
    yield from _wrong_wiring(scenario)
    yield from _wrong_ties(scenario)
    yield from _wrong_events(scenario)


def _wrong_counts(scenario: Scenario) -> Iterator[Complaint]:
    problem = scenario.problem
    for key, value, listed, what in (
        ("problem.levers", problem.levers, len(scenario.levers), "levers"),
        ("problem.communities", problem.communities, len(scenario.communities), "communities"),
        ("organizations.count", scenario.organizations.count, sum(g.count for g in scenario.groups), "groups"),
    ):
        if listed and value != listed:
            yield Complaint(key, str(value), f"{listed}, the number listed under {what}, or leave it out")
    if problem.wiring != "explicit" and problem.interdependence >= problem.levers:
        allowed = f"0 to {problem.levers - 1}, one less than problem.levers"
        yield Complaint("problem.interdependence", str(problem.interdependence), allowed)
    drawn = not scenario.groups or any(not group.levers for group in scenario.groups)
    if drawn and scenario.organizations.mandate > problem.levers:
        allowed = f"1 to {problem.levers}, the number of levers"
        yield Complaint("organizations.mandate", str(scenario.organizations.mandate), allowed)
    if problem.wiring == "explicit":
        states = sum(2 ** (1 + len(lever.depends_on)) for lever in scenario.levers)
    else:
        states = problem.levers * 2 ** (1 + problem.interdependence)
    if states * problem.communities > LARGEST_TABLES:
        found = f"{states * problem.communities:,} table entries (communities x levers x 2^(interdependence + 1))"
        yield Complaint("problem", found, f"at most {LARGEST_TABLES:,}: fewer communities, levers or dependencies")


def _wrong_names(scenario: Scenario) -> Iterator[Complaint]:
    levers = set(scenario.lever_names)
    for what in ("levers", "communities", "groups", "arms"):
        names = Counter(item.name for item in getattr(scenario, what))
        for name, times in names.items():
            if times > 1:
                yield Complaint(f"{what}.name", f"{name!r} {times} times", "each name once")
    for group in scenario.groups:
        for name in group.levers:
            if name not in levers:
                yield _unknown(f"groups.{group.name}.levers", name, scenario.lever_names, "lever")
        for name, times in Counter(group.levers).items():
            if times > 1:
                yield Complaint(f"groups.{group.name}.levers", f"{name!r} {times} times", "each lever once")


def _wrong_wiring(scenario: Scenario) -> Iterator[Complaint]:
    explicit = scenario.problem.wiring == "explicit"
    if explicit and not scenario.levers:
        allowed = "levers listed with depends_on, or another wiring"
        yield Complaint("problem.wiring", "'explicit' without levers", allowed)
    if explicit and "interdependence" in scenario.problem.model_fields_set:
        allowed = "left out under explicit wiring, where every lever lists its own; or set problem.wiring to 'random'"
        yield Complaint("problem.interdependence", str(scenario.problem.interdependence), allowed)
    for lever in scenario.levers:
        key = f"levers.{lever.name}.depends_on"
        others = [influence.lever for influence in lever.depends_on]
        for name in others:
            if name not in scenario.lever_names:
                yield _unknown(key, name, scenario.lever_names, "lever")
            elif name == lever.name:
                yield Complaint(key, f"{name!r}, the lever itself", "other levers; its own is always counted")
        for name, times in Counter(others).items():
            if times > 1:
                yield Complaint(key, f"{name!r} {times} times", "each lever once")
        if len(others) > 19:
            yield Complaint(key, f"{len(others)} levers", "at most 19")


def _wrong_ties(scenario: Scenario) -> Iterator[Complaint]:
    counts = {group.name: group.count for group in scenario.groups}
    said: set[tuple[str, ...]] = set()
    for number, tie in enumerate(scenario.ties):
        key, between = f"ties.{number}.between", tuple(tie.between)
        for name in between:
            if name not in counts:
                yield _unknown(key, name, list(counts), "group")
        if between[0] == between[1] and counts.get(between[0]) == 1:
            yield Complaint(key, f"{between[0]!r} and itself", "two groups, or one of several organizations")
        ways = {between, between[::-1]} if tie.mutual else {between}
        if ways & said:
            yield Complaint(key, f"a second tie between {between[0]!r} and {between[1]!r}", "each tie once")
        said |= ways


def _wrong_events(scenario: Scenario) -> Iterator[Complaint]:
    groups = [group.name for group in scenario.groups]
    for number, event in enumerate(scenario.events):
        if event.month > scenario.horizon.months:
            allowed = f"1 to {scenario.horizon.months}, the horizon"
            yield Complaint(f"events.{number}.month", str(event.month), allowed)
        for name in getattr(event, "groups", []):
            if name not in groups:
                yield _unknown(f"events.{number}.groups", name, groups, "group")
        if isinstance(event, ShockEvent):
            if (event.share is None) == (not event.levers):
                both = "neither share nor levers" if event.share is None else "both share and levers"
                yield Complaint(f"events.{number}", both, "either share or levers")
            for name in event.levers:
                if name not in scenario.lever_names:
                    yield _unknown(f"events.{number}.levers", name, scenario.lever_names, "lever")


def _unknown(key: str, name: str, known: list[str], what: str) -> Complaint:
    allowed = f"a {what} of this scenario: {', '.join(known)}" if known else f"nothing: the scenario has no {what}s"
    return Complaint(key, f"unknown {what} {name!r}", allowed, nearest(name, known))
