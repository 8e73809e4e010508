"""Design files: every kind gives its points, and what is wrong is said with file, key and remedy."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from ci_sim.complaints import InputError
from ci_sim.parameters import CONDITIONS
from ci_sim.sweep.design import Design, case_at
from ci_sim.sweep.design_file import KINDS, USES, read_design

RANGES = """
[[factors]]
key = "problem.interdependence"
low = 0
high = 3
[[factors]]
key = "backbone.staff"
low = 0.5
high = 6.5
"""


def design(folder: Path, text: str, name: str = "design.toml", **changes: int) -> Design:
    (folder / name).write_text(text, encoding="utf-8")
    return read_design(folder / name, **changes)  # type: ignore[arg-type]


def test_a_grid_is_every_combination_with_one_type_a_factor(tmp_path: Path) -> None:
    made = design(
        tmp_path,
        'kind = "grid"\nreplications = 7\nseed = 3\nevery = 6\noutcomes = ["outcome"]\n[set]\nproblem.communities = 4\n'
        '[[factors]]\nkey = "problem.interdependence"\nvalues = [0, 5]\n'
        '[[factors]]\nkey = "backbone.staff"\nvalues = [1, 2.5]\n',
    )
    assert made.kind == "grid"
    assert made.factors == ("problem.interdependence", "backbone.staff")
    assert [tuple(point.values()) for point in made.points] == [(0, 1.0), (0, 2.5), (5, 1.0), (5, 2.5)]
    assert all(isinstance(point["backbone.staff"], float) for point in made.points)
    assert (made.replications, made.seed, made.every, made.outcomes) == (7, 3, 6, ("outcome",))
    assert made.scenario.problem.communities == 4
    assert [arm.name for arm in made.arms] == ["isolated", "collective_impact"]
    assert (made.n_units, made.n_runs) == (28, 56)


@pytest.mark.parametrize(
    ("kind", "more", "points"),
    [("latin_hypercube", "samples = 40", 40), ("sobol", "samples = 16", 64), ("morris", "trajectories = 10", 30)],
)
def test_sampled_designs_stay_in_their_ranges_and_cover_them(kind: str, more: str, points: int, tmp_path: Path) -> None:
    made = design(tmp_path, f'kind = "{kind}"\n{more}\n{RANGES}')
    assert len(made.points) == points
    whole = [point["problem.interdependence"] for point in made.points]
    assert {type(value) for value in whole} == {int}
    assert set(whole) == {0, 1, 2, 3}
    staff = [float(point["backbone.staff"]) for point in made.points]
    assert 0.5 <= min(staff) <= 2.5
    assert 4.5 <= max(staff) <= 6.5
    assert design(tmp_path, f'kind = "{kind}"\n{more}\n{RANGES}').points == made.points, "the seed decides"
    assert design(tmp_path, f'kind = "{kind}"\nseed = 2\n{more}\n{RANGES}').points != made.points


def test_a_latin_hypercube_has_each_stratum_once(tmp_path: Path) -> None:
    made = design(tmp_path, f'kind = "latin_hypercube"\nsamples = 40\n{RANGES}')
    strata = sorted(int((float(point["backbone.staff"]) - 0.5) / 6 * 40) for point in made.points)
    assert strata == list(range(40))
    counts = [[point["problem.interdependence"] for point in made.points].count(value) for value in range(4)]
    assert counts == [10] * 4


def test_points_from_a_table_and_from_a_csv_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(
        "backbone.staff, organizations.update ,hazards.closure\n2,sequential,0\n3,simultaneous,0.1\n"
    )
    from_csv = design(tmp_path, 'kind = "points"\npoints = "points.csv"\n')
    listed = design(
        tmp_path,
        'kind = "points"\n[[points]]\nbackbone.staff = 2\norganizations.update = "sequential"\nhazards.closure = 0\n'
        '[[points]]\n"backbone.staff" = 3\n"organizations.update" = "simultaneous"\n"hazards.closure" = 0.1\n',
    )
    assert from_csv.points == listed.points
    assert case_at(from_csv.scenario, from_csv.points[1]).organizations.update == "simultaneous"


def test_a_factorial_has_the_32_combinations_of_conditions_at_every_point(tmp_path: Path) -> None:
    made = design(tmp_path, 'kind = "factorial"\n[[factors]]\nkey = "problem.interdependence"\nvalues = [0, 5, 8]\n')
    assert len(made.arms) == 32
    assert len(made.points) == 3
    assert len(design(tmp_path, 'kind = "factorial"\n').points) == 1


def test_orders_are_all_120_or_those_listed(tmp_path: Path) -> None:
    made = design(tmp_path, 'kind = "orders"\ninterval = 6\n')
    assert len({point["order"] for point in made.points}) == 120
    listed = [list(order) for order in list(permutations(CONDITIONS))[:3]]
    assert len(design(tmp_path, f'kind = "orders"\norders = {listed}\n').points) == 3


def test_factors_may_be_fields_of_events_and_groups(tmp_path: Path) -> None:
    made = design(
        tmp_path,
        'kind = "latin_hypercube"\nscenario = "homelessness"\nsamples = 5\n'
        '[[factors]]\nkey = "events.0.month"\nlow = 10\nhigh = 60\n',
    )
    months = [case_at(made.scenario, point).events[0].month for point in made.points]
    assert all(10 <= month <= 60 for month in months)
    assert len(set(months)) == 5


def test_a_scenario_beside_the_design_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('schema_version = 1\nname = "mine"\n')
    (tmp_path / "deep").mkdir()
    made = design(tmp_path, f'kind = "sobol"\nsamples = 2\nscenario = "mine.toml"\n{RANGES}')
    assert made.scenario.name == "mine"


def test_replications_and_seed_may_be_given_instead(tmp_path: Path) -> None:
    made = design(tmp_path, f'kind = "sobol"\nsamples = 4\n{RANGES}', replications=3, seed=9)
    assert (made.replications, made.seed) == (3, 9)


def test_every_kind_says_which_keys_it_uses() -> None:
    assert set(USES) == set(KINDS)


GRID = 'kind = "grid"\n[[factors]]\nkey = "problem.interdependence"\nvalues = [0, 5]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["an empty file", "a design in TOML"]),
        ("kind = grid", ["no valid TOML"]),
        ("replications = 3\n", ["kind", "found nothing"]),
        ('kind = "girds"\n', ["kind: found 'girds'", "Did you mean 'grid'?"]),
        (f'replikations = 3\n{GRID}', ["replikations", "Did you mean 'replications'?"]),
        (f'replications = 0\n{GRID}', ["replications: found 0", "1 to 1,000,000"]),
        (f'samples = 8\n{GRID}', ["samples: found a key that 'grid' has no use for; allowed: factors"]),
        ('kind = "grid"\n', ["factors: found nothing"]),
        ('kind = "points"\n', ["points: found nothing"]),
        (GRID.replace("[0, 5]", "[]"), ["factors.problem.interdependence: found no values"]),
        (GRID.replace("interdependence", "interdependance"), ["problem.interdependance", "interdependence"]),
        (GRID.replace("[0, 5]", "[0, 50]"), ["point 1 (problem.interdependence=50)", "found 50", "0 to 19"]),
        (GRID.replace("[0, 5]", "[0, 15]"), ["point 1 (problem.interdependence=15)", "0 to 11"]),
        (GRID + GRID[14:], ["'problem.interdependence' twice"]),
        (f'outcomes = ["outcom"]\n{GRID}', ["outcomes: found 'outcom'", "Did you mean 'outcome'?"]),
        (f'arms = ["isolatd"]\n{GRID}', ["unknown arm 'isolatd'", "Did you mean 'isolated'?"]),
        (f'scenario = "homelesness"\n{GRID}', ["unknown scenario", "Did you mean 'homelessness'?"]),
        (f'kind = "sobol"\nsamples = 12\n{RANGES}', ["samples: found 12; allowed: a power of 2"]),
        (f'kind = "morris"\nlevels = 5\n{RANGES}', ["levels: found 5; allowed: an even number"]),
        ('kind = "sobol"\n[[factors]]\nkey = "backbone.staff"\nlow = 3\nhigh = 2\n', ["low = 3.0, high = 2.0"]),
        ('kind = "sobol"\n[[factors]]\nkey = "backbone.staff"\nvalues = [3]\n', ["found values"]),
        ('kind = "orders"\norders = [["backbone"]]\n', ["found 1 of the conditions; allowed: each of the five once"]),
        ('kind = "orders"\norders = [["backbon"]]\n', ["unknown condition 'backbon'", "Did you mean 'backbone'?"]),
        ('kind = "orders"\ninterval = 60\n', ["the last condition in month 241", "a shorter interval"]),
        ('kind = "factorial"\narms = ["isolated"]\n', ["arms: found arms"]),
        ('kind = "points"\npoints = "none.csv"\n', ["none.csv: found no such file"]),
        (
            'kind = "points"\n[[points]]\nbackbone.staff = 1\n[[points]]\nbackbone.skill = 1\n',
            ["points.1: found backbone.skill; allowed: backbone.staff, as in the first point"],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_once_and_clearly(text: str, said: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        design(tmp_path, text)
    message = str(caught.value)
    for words in said:
        assert words in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no rows"),
        ("backbone.staff\n1,2\n", "row 2: found another number of cells"),
        ("\xff\xfe", "no text in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_csv_is_said_by_row(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=r"points.csv: ") as caught:
        design(tmp_path, 'kind = "points"\npoints = "points.csv"\n')
    assert said in str(caught.value)
