"""The one table of parameters: every default, bound, unit, meaning, source and evidence grade stands here, once.

A section is a pydantic model, a parameter a field of it. The command line, scenario validation, sweep bounds, the
app's sliders and ``docs/parameters.md`` are all derived from :data:`PARAMETERS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CONDITIONS", "GRADES", "PARAMETERS", "SECTIONS", "Activities", "Backbone", "Communication", "Conditions", "Costs",
    "Equity", "Hazards", "Horizon", "Measurement", "OrganizationRules", "Parameter", "Participation", "Problem",
    "Section",
]  # fmt: skip

CONDITIONS = (
    "common_agenda",
    "shared_measurement",
    "mutually_reinforcing_activities",
    "continuous_communication",
    "backbone",
)
"""The five conditions; the first four have a target, the backbone has staff."""

GRADES = ("measured", "published estimate", "judgement", "invented")
"""How well a number is founded, best first."""

Grade = Literal["measured", "published estimate", "judgement", "invented"]

NK = "Kauffman & Weinberger 1989; Levinthal 1997"
RS = "Rivkin & Siggelkow 2003"
LF = "Lazer & Friedman 2007"
KK = "Kania & Kramer 2011"
FEASIBILITY = "feasibility study of these rules"


def parameter(
    default: Any,
    symbol: str,
    unit: str,
    meaning: str,
    *,
    low: str,
    high: str,
    source: str,
    grade: Grade,
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
) -> Any:
    """Declare a field together with everything a reader must know about it."""
    told: dict[str, Any] = {"symbol": symbol, "unit": unit, "low": low, "high": high, "source": source, "grade": grade}
    return Field(default=default, ge=ge, le=le, gt=gt, description=meaning, json_schema_extra=told)


class Section(BaseModel):
    """A table of a scenario file: unknown keys and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Problem(Section):
    """The social problem: levers, what depends on what, and where."""

    levers: int = parameter(
        12, "N", "levers", "Intervention points of the problem; each is also an outcome area.", ge=2, le=60,
        low="a handful of things to get right", high="a wide field; above 20 the best outcome is an estimate",
        source=NK, grade="judgement",
    )  # fmt: skip
    interdependence: int = parameter(
        5, "K", "levers", "How many other levers each outcome area depends on.", ge=0, le=19,
        low="0: a technical problem, each lever counts alone", high="complex and systemic: everything hangs together",
        source=NK, grade="judgement",
    )  # fmt: skip
    wiring: Literal["random", "ring", "modular", "explicit"] = parameter(
        "random", "", "", "Which levers an outcome area depends on; explicit: as drawn lever by lever.",
        low="", high="", source=f"{NK}; modular: Ethiraj & Levinthal 2004", grade="judgement",
    )  # fmt: skip
    modules: int = parameter(
        3, "", "blocks", "Blocks of neighbouring levers under modular wiring.", ge=1, le=20,
        low="one block: as random wiring", high="many small blocks",
        source="Ethiraj & Levinthal 2004", grade="invented",
    )  # fmt: skip
    modularity: float = parameter(
        0.9, "", "probability", "Probability that a link of modular wiring stays inside its block.", ge=0, le=1,
        low="blocks hardly matter", high="blocks hardly touch one another",
        source="Ethiraj & Levinthal 2004", grade="invented",
    )  # fmt: skip
    communities: int = parameter(
        20, "C", "communities", "Places with an outcome of their own.", ge=1, le=5000,
        low="one place", high="a large region", source=KK, grade="judgement",
    )  # fmt: skip
    context_similarity: float = parameter(
        0.7, "", "probability", "Probability that a contribution is the same in every community.", ge=0, le=1,
        low="what works here says nothing about there", high="what works in one place works everywhere",
        source="replication literature, as an assumption", grade="invented",
    )  # fmt: skip
    pull_skew: float = parameter(
        0.5, "", "sd of log pull", "How unequally communities attract isolated programs.", ge=0, le=3,
        low="programs spread evenly", high="popular places get nearly all programs",
        source="log-normal attraction, as an assumption", grade="invented",
    )  # fmt: skip
    relapse: float = parameter(
        0.02, "", "probability a month", "Probability that a changed practice nobody serves returns to the status quo.",
        ge=0, le=1, low="changes last by themselves", high="nothing lasts without somebody delivering it",
        source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    indicator_lag: float = parameter(
        6.0, "", "months", "Inertia of the public indicator: each month it moves by 1/lag of the way to the outcome.",
        ge=1, le=120, low="the public sees at once", high="population figures trail by years",
        source="reporting lags of population indicators", grade="judgement",
    )  # fmt: skip


class OrganizationRules(Section):
    """Organizations and how each of them searches, with or without the conditions."""

    count: int = parameter(
        24, "O", "organizations", "Organizations at work (with groups: set by the groups).", ge=1, le=5000,
        low="one organization", high="a crowded field", source=KK, grade="judgement",
    )  # fmt: skip
    mandate: int = parameter(
        3, "", "levers", "Levers an organization is able and entitled to work on (with groups: the group's list).",
        ge=1, le=60, low="specialists", high="everyone may do everything", source=RS, grade="judgement",
    )  # fmt: skip
    resourcing: float = parameter(
        1.2, "", "programs per place", "Programs of all organizations together per (community, lever).", ge=0, le=20,
        low="most places are served by nobody", high="programs enough to serve every place many times",
        source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    attempts: float = parameter(
        3.0, "", "tries a month", "Changes of practice an organization can consider a month.", ge=0, le=100,
        low="slow organizations", high="strong, busy organizations", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    evaluation_noise: float = parameter(
        0.08, "", "performance", "Standard deviation of the error in judging a change from one observation.",
        ge=0, le=2, low="every organization evaluates perfectly", high="judging is guessing",
        source=RS + " (imperfect evaluation)", grade="invented",
    )  # fmt: skip
    acceptance_threshold: float = parameter(
        0.0, "", "performance", "Perceived gain a change must exceed to be adopted.", ge=-1, le=1,
        low="changes are adopted even at a perceived loss", high="only clear improvements are adopted",
        source=RS, grade="judgement",
    )  # fmt: skip
    picture_refresh: float = parameter(
        1 / 12, "", "probability a month", "Probability that an organization sees again what others do in a community.",
        ge=0, le=1, low="others' practices stay unknown", high="everybody sees everything every month",
        source="about once a year, as an assumption", grade="invented",
    )  # fmt: skip
    update: Literal["sequential", "simultaneous"] = parameter(
        "sequential", "", "", "Whether organizations of a month see one another's changes of that month.",
        low="", high="", source="update order changes results in this literature", grade="judgement",
    )  # fmt: skip


class Conditions(Section):
    """Targets of the four conditions that are kept up; the fifth, the backbone, is its staff."""

    common_agenda: float = parameter(
        1.0, "A", "0..1", "Target of common agenda: how far members weigh all outcome areas, not only their own.",
        ge=0, le=1, low="everybody weighs its own mandate", high="the whole problem counts", source=KK,
        grade="judgement",
    )  # fmt: skip
    shared_measurement: float = parameter(
        1.0, "M", "0..1", "Target of shared measurement: how far members pool what they observe.",
        ge=0, le=1, low="nobody shares data", high="one measurement system", source=KK, grade="judgement",
    )  # fmt: skip
    mutually_reinforcing_activities: float = parameter(
        1.0, "R", "0..1", "Target of mutually reinforcing activities: a plan, and joint action by consent.",
        ge=0, le=1, low="no plan, no joint action", high="a full plan of action", source=KK, grade="judgement",
    )  # fmt: skip
    continuous_communication: float = parameter(
        1.0, "C", "0..1", "Target of continuous communication: fresh pictures, learning from peers, trust.",
        ge=0, le=1, low="no more contact than anyone has", high="members meet and report all the time", source=KK,
        grade="judgement",
    )  # fmt: skip


class Measurement(Section):
    """What shared measurement changes."""

    reporting_noise: float = parameter(
        0.10, "", "outcome", "Standard deviation of the error in another community's reported indicator, unshared.",
        ge=0, le=2, low="reports are exact anyway", high="unshared reports say little", source=LF, grade="invented",
    )  # fmt: skip


class Activities(Section):
    """What mutually reinforcing activities do: plan and joint action."""

    plan_rate: float = parameter(
        0.1, "", "share of places a month", "Places the plan reviews for duplication each month, at full maturity.",
        ge=0, le=1, low="the plan is hardly ever looked at", high="every place is reviewed monthly",
        source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    looks: int = parameter(
        20, "", "looks", "Places looked at to find an uncovered one for a duplicated program.", ge=1, le=1000,
        low="a program moves only by luck", high="a gap is always found", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    proposals_per_staff: float = parameter(
        3.0, "", "proposals a month", "Joint actions a staff member brings to the table a month.", ge=0, le=50,
        low="staff only administer", high="staff broker all the time", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    proposals_per_volunteer: float = parameter(
        0.5, "", "proposals a month", "Joint actions a member would bring up a month, if volunteers worked like staff.",
        ge=0, le=50, low="members wait for the backbone", high="members propose by themselves",
        source=FEASIBILITY, grade="invented",
    )  # fmt: skip


class Communication(Section):
    """What continuous communication changes: learning from peers, and trust."""

    peer_learning: float = parameter(
        0.25, "", "probability", "Probability that a member's try is learning from a better-reporting community.",
        ge=0, le=0.5, low="everyone searches alone", high="half of the tries copy", source=LF, grade="invented",
    )  # fmt: skip
    initial_trust: float = parameter(
        0.2, "", "0..1", "Trust between organizations that have not worked together.", ge=0, le=1,
        low="strangers", high="old friends", source="collaboration surveys, as an assumption", grade="invented",
    )  # fmt: skip
    trust_gain: float = parameter(
        0.05, "", "share a month", "Share of the missing trust gained a month under full communication.", ge=0, le=1,
        low="talk builds no trust", high="trust comes within months", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    trust_decay: float = parameter(
        0.02, "", "share a month", "Share of trust lost a month without communication.", ge=0, le=1,
        low="trust keeps", high="trust fades within a year", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    trust_from_joint_action: float = parameter(
        0.1, "", "share", "Share of the missing trust gained by the parties of a joint action.", ge=0, le=1,
        low="working together builds no trust", high="one success makes partners",
        source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    trust_lost_to_overwriting: float = parameter(
        0.05, "", "share", "Share of trust lost in one who changes a practice others deliver too.", ge=0, le=1,
        low="nobody minds", high="stepping on toes ends trust", source=FEASIBILITY, grade="invented",
    )  # fmt: skip


class Backbone(Section):
    """The backbone organization: its size, what it can carry, and what happens without it."""

    staff: float = parameter(
        4.0, "", "full-time equivalents", "Staff of the backbone organization.", ge=0, le=500,
        low="nobody is paid to coordinate", high="a large secretariat",
        source="FSG: backbones of three to five staff are common", grade="published estimate",
    )  # fmt: skip
    skill: float = parameter(
        1.0, "", "factor", "Skill of the staff: how much of the usual upkeep each carries.", ge=0, le=5,
        low="a weak champion", high="an exceptional team", source=KK, grade="judgement",
    )  # fmt: skip
    upkeep_per_staff: float = parameter(
        6.0, "", "members", "Members whose conditions one staff member can keep up fully.", ge=0, le=100,
        low="staff are swamped", high="one person serves everyone", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    base_work: float = parameter(
        0.1, "", "share", "Upkeep a member needs even when no condition is in place yet.", ge=0.01, le=1,
        low="building is free", high="building costs as much as keeping", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    volunteer_effectiveness: float = parameter(
        0.2, "", "share", "How well volunteers carry the upkeep that staff do not.", ge=0, le=1,
        low="what staff do not do stays undone", high="volunteers replace staff", source=KK, grade="invented",
    )  # fmt: skip
    build_rate: float = parameter(
        0.08, "", "share a month", "Share of the way to its target a condition moves a month under full upkeep.",
        ge=0, le=1, low="conditions take many years", high="conditions stand within months",
        source=KK + ": initiatives take one to two years to stand", grade="judgement",
    )  # fmt: skip
    decay_rate: float = parameter(
        0.04, "", "share a month", "Share of a condition lost a month without upkeep.", ge=0, le=1,
        low="conditions keep by themselves", high="conditions collapse when unattended",
        source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    hub_cost: float = parameter(
        0.1, "", "share of tries", "Tries members lose to meetings and reporting run by the backbone.", ge=0, le=1,
        low="coordination is free", high="members only meet", source="coordination cost of a hub", grade="invented",
    )  # fmt: skip
    mesh_cost: float = parameter(
        0.02, "", "share of tries per fellow member", "Tries lost per fellow member where staff do not carry the work.",
        ge=0, le=1, low="everyone can talk to everyone", high="meetings without a hub eat the work",
        source="coordination cost of a mesh", grade="invented",
    )  # fmt: skip
    largest_meeting_loss: float = parameter(
        0.9, "", "share of tries", "Most tries a member can lose to meetings.", ge=0, le=1,
        low="members always keep time to act", high="meetings can take everything", source=FEASIBILITY,
        grade="invented",
    )  # fmt: skip


class Participation(Section):
    """Who takes part."""

    initial: float = parameter(
        0.5, "", "share", "Share of the organizations that take part at the start (of those whose group does not say).",
        ge=0, le=1, low="the initiative starts alone", high="everyone is at the table", source=KK, grade="judgement",
    )  # fmt: skip
    recruiting: float = parameter(
        0.08, "", "probability a month", "Probability that a non-member joins, under full upkeep.", ge=0, le=1,
        low="nobody joins later", high="everyone joins within a year", source=FEASIBILITY, grade="invented",
    )  # fmt: skip
    leaving: float = parameter(
        0.01, "", "probability a month", "Probability that a member without any trust leaves.", ge=0, le=1,
        low="members stay", high="distrust empties the table", source=FEASIBILITY, grade="invented",
    )  # fmt: skip


class Equity(Section):
    """Whom the plan and joint action turn to."""

    focus: float = parameter(
        0.5, "", "0..1", "Whom reviews and proposals turn to: pull to the power of 1 - 2 * focus.", ge=0, le=1,
        low="0: they follow the crowd", high="1: they favour the underserved; 0.5 is even",
        source="Collective Impact Forum 2022: centring equity", grade="judgement",
    )  # fmt: skip
    priority_share: float = parameter(
        0.25, "", "share", "Share of communities, those with the least pull, that form the priority group.",
        gt=0, le=1, low="a single community", high="everyone", source="quarter, by convention", grade="judgement",
    )  # fmt: skip


class Costs(Section):
    """What things cost; one unit of money everywhere."""

    program: float = parameter(
        10.0, "", "thousand a month", "Cost of one program in one community.", ge=0.001, le=1e6,
        low="cheap services", high="expensive services", source="one to two front-line staff with overhead",
        grade="judgement",
    )  # fmt: skip
    staff: float = parameter(
        10.0, "", "thousand a month", "Cost of one full-time equivalent of backbone staff.", ge=0, le=1e6,
        low="seconded staff", high="senior staff with data systems", source="salary with overhead", grade="judgement",
    )  # fmt: skip
    envelope: float = parameter(
        1e9, "", "thousand in total", "Money for the backbone over the whole run; when it is spent, staff end.",
        ge=0, le=1e9, low="no paid backbone", high="no limit that matters",
        source="no limit unless a scenario says so", grade="judgement",
    )  # fmt: skip


class Hazards(Section):
    """What may befall organizations in any month, as rates a year; they hit every arm alike."""

    funding_loss: float = parameter(
        0.0, "", "probability a year", "Probability that an organization loses a share of its funding, for good.",
        ge=0, le=0.99,
        low="steady funding", high="everyone lives from grant to grant", source="off unless a scenario says so",
        grade="judgement",
    )  # fmt: skip
    funding_loss_share: float = parameter(
        0.5, "", "share", "Share of its funding an organization loses then.", ge=0, le=1,
        low="a small cut", high="everything", source="half, by convention", grade="invented",
    )  # fmt: skip
    leader_turnover: float = parameter(
        0.0, "", "probability a year", "Probability that an organization's leadership changes.", ge=0, le=0.99,
        low="leaders stay", high="leaders leave every year", source="off unless a scenario says so",
        grade="judgement",
    )  # fmt: skip
    closure: float = parameter(
        0.0, "", "probability a year", "Probability that an organization closes.", ge=0, le=0.99,
        low="organizations last", high="organizations come and go", source="off unless a scenario says so",
        grade="judgement",
    )  # fmt: skip


class Horizon(Section):
    """How long, and what counts as success."""

    months: int = parameter(
        120, "T", "months", "Length of a run.", ge=1, le=1200, low="a grant cycle", high="a generation",
        source=KK + ": change takes a decade", grade="judgement",
    )  # fmt: skip
    threshold: float = parameter(
        0.5, "", "outcome", "Indicator at which the community counts as having turned the problem.", gt=0, le=1,
        low="any progress", high="the best achievable", source="half of what is achievable, by convention",
        grade="judgement",
    )  # fmt: skip


SECTIONS: dict[str, type[Section]] = {
    "problem": Problem,
    "organizations": OrganizationRules,
    "conditions": Conditions,
    "backbone": Backbone,
    "measurement": Measurement,
    "activities": Activities,
    "communication": Communication,
    "participation": Participation,
    "equity": Equity,
    "costs": Costs,
    "hazards": Hazards,
    "horizon": Horizon,
}
"""Sections by the name of their table in a scenario file, in the order they are shown."""


@dataclass(frozen=True)
class Parameter:
    """One row of the parameter table.

    Attributes
    ----------
    key : dotted name, as in scenario files and ``--set``.
    symbol : the symbol of the literature, or empty.
    kind : "integer", "number" or "choice".
    default : value where a scenario says nothing.
    bounds : smallest and largest value, None for choices.
    choices : allowed words, empty for numbers.
    unit, meaning, low, high, source, grade : for the reader.
    """

    key: str
    symbol: str
    kind: Literal["integer", "number", "choice"]
    default: int | float | str
    bounds: tuple[float, float] | None
    choices: tuple[str, ...]
    unit: str
    meaning: str
    low: str
    high: str
    source: str
    grade: Grade

    @property
    def allowed(self) -> str:
        """The allowed values, in words."""
        if self.bounds is None:
            return ", ".join(self.choices)
        return f"{self.bounds[0]:g} to {self.bounds[1]:g}"


def _row(section: str, name: str, schema: dict[str, Any]) -> Parameter:
    bounds: tuple[float, float] | None = None
    if "enum" not in schema:
        low = schema["minimum"] if "minimum" in schema else schema["exclusiveMinimum"]
        bounds = (float(low), float(schema["maximum"]))
    told = {word: schema[word] for word in ("symbol", "unit", "low", "high", "source", "grade", "default")}
    kind: Literal["integer", "number", "choice"] = "choice" if bounds is None else schema["type"]
    choices = tuple(schema.get("enum", ()))
    key, meaning = f"{section}.{name}", schema["description"]
    return Parameter(key, kind=kind, bounds=bounds, choices=choices, meaning=meaning, **told)


PARAMETERS: dict[str, Parameter] = {
    f"{section}.{name}": _row(section, name, schema)
    for section, model in SECTIONS.items()
    for name, schema in model.model_json_schema()["properties"].items()
}
"""Every parameter by its dotted name."""
