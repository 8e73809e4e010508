"""Data behind figures as CSV within the page: whoever saves one also has scenario, seed, version and limits in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ci_sim.figures.trust import strongest_ties
from ci_sim.figures.worlds import arms_in_order, months_of, spread, values_of
from ci_sim.report.markup import Markup, data_uri, tag
from ci_sim.simulate import Trajectory

__all__ = ["bands", "csv_link", "described", "means", "places", "ties"]

FORMULAS = ("=", "+", "-", "@", "\t")
"""A text that begins with one of these would be reckoned by a spreadsheet."""


def csv_link(name: str, frame: pd.DataFrame, about: Mapping[str, str]) -> Markup:
    """A link that saves a table, with what it is about in lines of comment before it."""
    address = data_uri("text/csv;charset=utf-8", described(frame, about))
    return tag("a", f"Data (CSV, {len(frame):,} rows)", href=address, download=name)


def described(frame: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    """A table as CSV in UTF-8, lines of comment before it."""
    safe = frame.copy()
    for column in safe.select_dtypes(include=["object", "string"]):
        safe[column] = [f"'{text}" if str(text).startswith(FORMULAS) else text for text in safe[column]]
    comments = "".join(f"# {key}: {' '.join(value.split())}\n" for key, value in about.items())
    return (comments + safe.to_csv(index=False, float_format="%.5g", lineterminator="\n")).encode()


def bands(timeseries: pd.DataFrame, titles: Mapping[str, str], columns: tuple[str, ...]) -> pd.DataFrame:
    """Median and the band of 8 of 10 worlds, in points of 100, by arm and month."""
    parts = []
    for arm in arms_in_order(timeseries, titles):
        rows = timeseries[timeseries["arm"] == arm]
        part: dict[str, object] = {"arm": arm, "month": months_of(rows)}
        for column in columns:
            low, median, high = spread(values_of(rows, column))
            part |= {f"{column}_low": low, f"{column}_median": median, f"{column}_high": high}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def means(timeseries: pd.DataFrame, titles: Mapping[str, str], columns: tuple[str, ...]) -> pd.DataFrame:
    """Mean over worlds, in points of 100, by arm and month."""
    named = timeseries.assign(arm=timeseries["arm"].astype(str))
    table = 100 * named.groupby(["arm", "month"])[[*columns]].mean()
    return table.loc[arms_in_order(timeseries, titles)].reset_index()


def places(trajectories: list[Trajectory]) -> pd.DataFrame:
    """Programs at every place at the horizon."""
    parts = []
    for one in trajectories:
        scenario = one.world.scenario
        communities, levers = np.indices(one.state.providers.shape).reshape(2, -1)
        named = {
            "arm": one.arm.name,
            "community": np.array(scenario.community_names, object)[communities],
            "lever": np.array(scenario.lever_names, object)[levers],
            "programs": one.state.providers.ravel(),
        }
        parts.append(pd.DataFrame(named))
    return pd.concat(parts, ignore_index=True)


def ties(trajectory: Trajectory) -> pd.DataFrame:
    """Mutual trust of the pairs of members that the figure draws; organizations by number, with their groups."""
    organizations = trajectory.state.organizations
    drawn = strongest_ties(trajectory.state.trust, np.flatnonzero(organizations["member"] & organizations["active"]))
    groups = [group.name if group else "" for group in trajectory.world.scenario.group_of_organization]
    rows = [(a + 1, groups[a], b + 1, groups[b], trust) for (a, b), trust in zip(drawn.pairs, drawn.trust, strict=True)]
    return pd.DataFrame(rows, columns=["organization", "group", "other", "other_group", "mutual_trust"])
