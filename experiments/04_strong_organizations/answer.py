"""The answer to 04: outcomes by capacity and accuracy of organizations, in isolation and together."""

from __future__ import annotations

from ci_sim import figures
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.worlds import estimates, in_points, of_worlds
from ci_sim.experiments.answer import ARMS, Answer, Picture, Sweeps, check, wide

TRIES, NOISE = "organizations.attempts", "organizations.evaluation_noise"
SHOWN = ["isolated", "ordinary_coalition", "collective_impact"]
WEAK, USUAL, STRONG = {TRIES: 0.3, NOISE: 0.3}, {TRIES: 3.0, NOISE: 0.08}, {TRIES: 10.0, NOISE: 0.02}


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    runs = sweeps["design"].runs
    table = estimates(runs, [NOISE, TRIES], SHOWN)
    strong, weak = (of_worlds(runs, "collective_impact", where) for where in (STRONG, WEAK))
    alone = of_worlds(runs, "isolated", STRONG)
    sentence = (
        f"Isolated impact of the strongest organizations (10 tries, noise 0.02) ends at {_said(alone)} points; "
        f"Collective Impact among them at {_said(strong)}, among the weakest (0.3 tries, noise 0.3) at {_said(weak)}."
    )
    return Answer(
        sentence,
        wide(table, {NOISE: "evaluation noise", TRIES: "tries a month"}, "arm", ARMS),
        _checks(runs),
        {
            "strength": Picture(
                lambda note: figures.profiles(
                    table,
                    x=TRIES,
                    series="arm",
                    panel=NOISE,
                    note=note,
                    names=ARMS | {noise: f"evaluation noise {noise:g}" for noise in table[NOISE].unique()},
                    title="Strong organizations, in isolation and together (K = 5)",
                    axis="Outcome (points of 100)",
                    across="tries a month",
                ),
                table,
                "Outcome of three arms by tries a month, a panel per evaluation noise.",
            )
        },
    )


def _mean(values) -> Interval:
    return mean_interval(values.to_numpy())


def _said(values) -> str:
    return in_points(_mean(values))


def _checks(runs):
    arms = {
        name: {where: of_worlds(runs, name, dict(where)) for where in map(_key, (WEAK, USUAL, STRONG))}
        for name in ("isolated", "collective_impact")
    }
    isolated, collective = arms["isolated"], arms["collective_impact"]
    weak, usual, strong = map(_key, (WEAK, USUAL, STRONG))
    more_tries = of_worlds(runs, "isolated", {TRIES: 10.0, NOISE: 0.08}) - isolated[usual]
    accuracy = {
        name: of_worlds(runs, name, {TRIES: 3.0, NOISE: 0.02}) - of_worlds(runs, name, {TRIES: 3.0, NOISE: 0.3})
        for name in arms
    }
    together = _mean(accuracy["collective_impact"] - accuracy["isolated"])
    return [
        check(1, _mean(isolated[strong]), "isolated, strongest", below=0.3),
        check(
            2,
            _mean(isolated[strong] - collective[usual]),
            "isolated strongest minus collective of default strength",
            below=0,
        ),
        check(3, _mean(collective[strong] - collective[weak]), "collective, strongest minus weakest", above=0.2),
        check(4, _mean(more_tries), "isolated, 10 tries minus 3", below=0.03),
        check(5, together, "what accuracy (noise 0.3 to 0.02) adds, collective minus isolated", above=0),
    ]


def _key(where: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(where.items())
