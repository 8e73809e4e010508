"""The answer to 09: screening, indices of what screening puts first, and choices of structure."""

from __future__ import annotations

import pandas as pd

from ci_sim import figures
from ci_sim.analysis import screening, sensitivity
from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.words import listed
from ci_sim.analysis.worlds import estimates, in_points
from ci_sim.experiments.answer import Answer, Check, Picture, Sweeps
from ci_sim.parameters import PARAMETERS

UPDATE, WIRING, SIMILARITY, MONTHS = (
    "organizations.update",
    "problem.wiring",
    "problem.context_similarity",
    "horizon.months",
)
EXPECTED = {
    "problem.interdependence",
    "backbone.staff",
    "backbone.upkeep_per_staff",
    "organizations.resourcing",
    "organizations.evaluation_noise",
}
IDLE = ("costs.program", "costs.staff", "equity.priority_share")
FIRST, SHOWN, SMALL = 5, 14, 0.05


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    morris = screening.analyse(sweeps["design"].runs, sweeps["design"].design)[0]
    sobol = sensitivity.analyse(sweeps["design_sobol"].runs, sweeps["design_sobol"].design)[0]
    structure = estimates(
        sweeps["design_structure"].runs,
        [UPDATE, WIRING, SIMILARITY, MONTHS],
        ["collective_impact"],
        reference="isolated",
    )
    structure["case"] = structure[WIRING] + " wiring"
    ranked = morris.table.sort_values("mu_star", ascending=False, ignore_index=True)
    top = ranked.head(FIRST)
    indexed = sobol.table[sobol.table["clear"]].sort_values("st", ascending=False)
    above = int((structure["low"] > 0).sum())
    named = listed([f"{row['factor']} ({100 * row['mu_star']:.0f})" for _, row in top.iterrows()])
    shares = listed([f"{row['factor']} {100 * row['st']:.0f} %" for _, row in indexed.iterrows()])
    sentence = (
        f"Over the ranges of the design, what moves the difference most (mean size of the effect of the whole range, "
        f"points): {named}. Of the variance that the first of them make, total indices: "
        f"{shares or 'none clear of luck'}. Collective Impact is clearly above isolated impact at {above} of "
        f"{len(structure)} combinations of structural choices, by {100 * structure['estimate'].min():.0f} to "
        f"{100 * structure['estimate'].max():.0f} points."
    )
    panels = structure.assign(
        panel=[f"{u}, similarity {s:g}" for u, s in zip(structure[UPDATE], structure[SIMILARITY], strict=True)]
    )
    panels["years"] = panels[MONTHS] / 12
    return Answer(
        sentence,
        _table(ranked, sobol.table, structure),
        _checks(ranked, structure, above),
        {
            "screening": Picture(
                lambda note: figures.morris(
                    ranked.head(SHOWN), title="Screening: the parameters that move the difference most", note=note
                ),
                ranked,
                "Mean size and unevenness of the effect of each parameter over its range (Morris), the largest.",
            ),
            "indices": Picture(
                lambda note: figures.sobol(sobol.table, title=sobol.title, note=note),
                sobol.table,
                "Sobol indices of the parameters that screening puts first.",
            ),
            "structure": Picture(
                lambda note: _draw(panels, note),
                panels,
                "What Collective Impact adds to isolated impact by horizon, under every choice of structure.",
            ),
        },
    )


def _draw(panels: pd.DataFrame, note: str):
    shown = panels[panels[SIMILARITY].isin([panels[SIMILARITY].min(), panels[SIMILARITY].max()])]
    return figures.profiles(
        shown,
        x="years",
        series="case",
        panel="panel",
        note=note,
        title="Choices of structure: what Collective Impact adds to isolated impact",
        axis="Outcome minus isolated impact's (points of 100)",
        across="horizon (years)",
    )


def _checks(ranked: pd.DataFrame, structure: pd.DataFrame, above: int) -> list[Check]:
    top = list(ranked["factor"].head(FIRST))
    hits = [name for name in top if name in EXPECTED]
    idle = ranked[ranked["factor"].isin(IDLE)]
    moved = idle[idle["mu_star"] > 1e-12]
    small = int((~ranked["clear"] | (ranked["mu_star"] < SMALL)).sum())
    spans = {key: _span(structure, key) for key in (UPDATE, WIRING, SIMILARITY, MONTHS)}
    widest = max(spans, key=lambda key: spans[key])
    return [
        Check(
            1, "held" if len(hits) >= 3 else "failed", f"{len(hits)} of the first {FIRST}: {', '.join(hits) or 'none'}"
        ),
        Check(2, "failed" if len(moved) else "held", f"largest of theirs: {100 * idle['mu_star'].max():.1f} points"),
        Check(
            3, "held" if small > len(ranked) / 2 else "failed", f"{small} of {len(ranked)} unclear or below 5 points"
        ),
        Check(4, "held" if above == len(structure) else "failed", f"clearly above at {above} of {len(structure)}"),
        Check(
            5,
            "held" if widest == MONTHS else "failed",
            "; ".join(f"{key}: {100 * span:.0f} points between its means" for key, span in spans.items()),
        ),
    ]


def _span(structure: pd.DataFrame, key: str) -> float:
    means = structure.groupby(key)["estimate"].mean()
    return float(means.max() - means.min())


def _table(ranked: pd.DataFrame, sobol: pd.DataFrame, structure: pd.DataFrame) -> pd.DataFrame:
    total = {
        row["factor"]: f"{100 * row['st']:.0f} [{100 * row['st_low']:.0f}, {100 * row['st_high']:.0f}]"
        for _, row in sobol.iterrows()
    }
    top = ranked.head(12)
    parameters = pd.DataFrame(
        {
            "what": top["factor"],
            "range": [f"{row['from']:g} to {row['to']:g}" for _, row in top.iterrows()],
            "effect (points)": [in_points(Interval.of(row, "mu_star")) for _, row in top.iterrows()],
            "share of variance, total (%)": [total.get(name, "") for name in top["factor"]],
            "evidence": [PARAMETERS[name].grade for name in top["factor"]],
        }
    )
    choices = pd.DataFrame(
        [
            {
                "what": f"{key} = {value:g}" if isinstance(value, float | int) else f"{key} = {value}",
                "range": "structure",
                "effect (points)": f"difference {100 * mean:.1f}, mean over the rest",
            }
            for key in (UPDATE, WIRING, SIMILARITY, MONTHS)
            for value, mean in structure.groupby(key)["estimate"].mean().items()
        ]
    )
    return pd.concat([parameters, choices], ignore_index=True).fillna("")
