"""One organization from within: what it may do, what it weighs, whom it trusts, what it decided lately and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np
import solara
from solara.lab import use_task

from ci_sim.app.session import Session
from ci_sim.app.tables import table
from ci_sim.app.watch.account import decision_rows, verdict
from ci_sim.app.watch.futures import Futures
from ci_sim.app.watch.places import organization_name
from ci_sim.app.watch.witness import Account, witness

__all__ = ["Inside", "Organization", "look_inside"]

MONTHS_BACK = 6
"""Months whose decisions are told."""
MOST_TRUSTED = 3
MOST_ROWS = 8
"""Decisions shown at once; earlier ones can be unfolded."""


@dataclass(frozen=True)
class Inside:
    """An organization in both futures, at a month."""

    futures: Futures
    organization: int
    month: int
    accounts: tuple[Account, Account]


def look_inside(futures: Futures, organization: int, month: int) -> Inside:
    """Live both futures again up to a month, with an eye on one organization."""
    since = max(1, month - MONTHS_BACK + 1)
    left, right = (witness(futures.world, side.arm, {organization}, since, month) for side in futures.sides)
    return Inside(futures, organization, month, (left, right))


@solara.component_vue("chooser.vue")
def _Chooser(words: dict[str, str], names: list[str], chosen: int, event_pick: Callable[[int], None]) -> None:
    """A list of all organizations, for the keyboard and for reading aloud."""


@solara.component
def Organization(session: Session, futures: Futures, month: int, chosen: int, pick: Callable[[int], None]) -> None:
    """The panel; both futures side by side."""
    t, scenario = session.texts, futures.world.scenario
    task = use_task(
        lambda: look_inside(futures, chosen, month) if chosen >= 0 else None, dependencies=[futures, chosen, month]
    )
    shown: solara.Ref[Inside | None] = solara.use_ref(None)
    if task.finished:
        shown.current = task.value
    inside = shown.current if chosen >= 0 else None
    names = [organization_name(scenario, n, t) for n in range(scenario.organizations.count)]
    words = {word: t(f"watch.organization_{word}") for word in ("heading", "choose", "nobody", "hint")}
    attributes = {"aria-labelledby": "ci-organization-head"}
    with solara.v.Html(tag="section", class_="ci-card ci-organization", attributes=attributes):
        _Chooser(words=words, names=names, chosen=chosen, event_pick=pick)
        if inside is None or inside.organization >= len(names):
            return
        solara.v.Html(tag="p", class_="ci-mandate", children=[_mandate(session, inside)])
        with solara.Div(classes=["ci-insides"]):
            for side in (0, 1):
                html = _side(session, inside, side)
                solara.HTML(tag="div", classes=["ci-inside"], unsafe_innerHTML=html)


def _mandate(session: Session, inside: Inside) -> str:
    """What is the same in both futures: who it is, and the levers it may work on."""
    t, scenario = session.texts, inside.futures.world.scenario
    row = inside.futures.world.state.organizations[inside.organization]
    levers = [lever.title or lever.name.replace("_", " ") for lever in scenario.levers]
    levers = levers or [name.replace("_", " ") for name in scenario.lever_names]
    own = [name for n, name in enumerate(levers) if int(row["mandate"]) >> n & 1]
    group = scenario.group_of_organization[inside.organization]
    sector = t(f"watch.legend_{group.sector.replace(' ', '_')}") if group is not None else t("watch.no_sector")
    name = organization_name(scenario, inside.organization, t)
    return t("watch.mandate", name=name, sector=sector, levers="; ".join(own))


def _side(session: Session, inside: Inside, number: int) -> str:
    """State and decisions in one future, as HTML."""
    t, account = session.texts, inside.accounts[number]
    arm = session.arm_title(inside.futures.sides[number].arm.name)
    pairs = _facts(session, inside, account)
    facts = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(value)}</dd></div>" for what, value in pairs)
    sentence, told = verdict(t, account.decisions), _decisions(session, inside, account)
    return f'<h3>{escape(arm)}</h3><dl>{facts}</dl><p class="ci-verdict">{escape(sentence)}</p>{told}'


def _decisions(session: Session, inside: Inside, account: Account) -> str:
    t, first = session.texts, max(1, inside.month - MONTHS_BACK + 1)
    rows = decision_rows(session, inside.futures.world.scenario, account.decisions)
    if not rows:
        return f"<p>{escape(t('watch.no_decisions'))}</p>"
    heads = [t(f"watch.decision_{head}") for head in ("what", "perceived", "own", "community", "result")]
    caption = t("watch.decisions_caption", first=first, last=inside.month)
    latest = f'<div class="ci-table">{table(caption, heads, rows[:MOST_ROWS])}</div>'
    if len(rows) <= MOST_ROWS:
        return latest
    earlier = t("watch.earlier_decisions", count=len(rows) - MOST_ROWS)
    folded = table(earlier, heads, rows[MOST_ROWS:])
    return f'{latest}<details><summary>{escape(earlier)}</summary><div class="ci-table">{folded}</div></details>'


def _facts(session: Session, inside: Inside, account: Account) -> list[tuple[str, str]]:
    t, scenario = session.texts, inside.futures.world.scenario
    row = account.state.organizations[inside.organization]
    number = t.number
    standing = "closed" if not row["active"] else "member" if row["member"] else "outside"
    shared = float(row["alignment"]) if row["member"] else 0.0
    funded, programs = int(row["funded"]), int(row["programs"])
    facts = [
        (t("watch.fact_standing"), t(f"watch.standing_{standing}")),
        (t("watch.fact_weights"), t("watch.weights", own=number(100 * (1 - shared)), shared=number(100 * shared))),
        (t("watch.fact_money"), t("watch.money", programs=programs, funded=funded,
                                  money=number(funded * scenario.costs.program, 1))),
        (t("watch.fact_places"), number(len(set(account.state.places[inside.organization, :programs].tolist())))),
    ]  # fmt: skip
    return [*facts, (t("watch.fact_trust"), _trust(session, inside, account))]


def _trust(session: Session, inside: Inside, account: Account) -> str:
    """Mean trust of a member in the others, and whom it trusts most."""
    t, scenario, one = session.texts, inside.futures.world.scenario, inside.organization
    members = account.state.organizations["member"]
    others = [int(n) for n in np.flatnonzero(members) if n != one]
    if not members[one] or not others:
        return t("watch.no_trust")
    trust = account.state.trust[one]
    most = sorted(others, key=lambda other: (-trust[other], other))[:MOST_TRUSTED]
    named = "; ".join(f"{organization_name(scenario, n, t)} {t.number(100 * trust[n])}" for n in most)
    return t("watch.trusts", mean=t.number(100 * float(trust[others].mean())), most=named)
