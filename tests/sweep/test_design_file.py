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


MANY = "".join(f'[[factors]]\nkey = "groups.{name}.count"\nlow = 0\nhigh = 1\n' for name in range(100))


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
        (f'arms = []\n{GRID}', ["arms: found an empty list; allowed: a list of texts, at least one"]),
        (f'arm = ["x:backbon"]\n{GRID}', ["design.toml: arm: x:backbon", "Did you mean 'backbone'?"]),
        (GRID.replace("[0, 5]", "[0, nan]"), ["factors.problem.interdependence: found nan; allowed: a number, a text"]),
        (GRID.replace("[0, 5]", "[1979-05-27]"), ["found 1979-05-27"]),
        (GRID.replace("[0, 5]", "[[0], [5]]"), ["found [0]"]),
        (f'set = {{ backbone.staff = 1979-05-27 }}\n{GRID}', ["backbone.staff: found '1979-05-27'"]),
        (f'scenario = "{"a" * 5000}"\n{GRID}', ["unknown scenario 'aaa"]),
        (f'scenario = "a\\u0000b"\n{GRID}', ["unknown scenario"]),
        ('kind = "points"\npoints = "a\\u0000b"\n', ["no text in UTF-8"]),
        ('kind = "points"\npoints = [1]\n', ["points: found 1; allowed: a text or a list of tables"]),
        ('kind = "points"\n[[points]]\nbackbone.staff = 1979-05-27\n', ["points.0.backbone.staff: found 1979-05-27"]),
        ('kind = "points"\n[[points]]\n"backbone.staff" = 1\nbackbone.staff = 2\n', ["found the key twice"]),
        (f'kind = "orders"\n{GRID[14:].replace("problem.interdependence", "order")}', ["found 'order' twice"]),
        (f'kind = "sobol"\n{RANGES.replace("low = 0", "low = 0.5", 1)}', ["low = 0.5, high = 3", "whole numbers"]),
        (f'kind = "sobol"\nsamples = 1048576\n{RANGES}', ["1,000,000"]),
        (f'kind = "morris"\ntrajectories = 100_000\n{MANY}', ["found 10,100,000 points; allowed: at most 10,000,000"]),
        (f'kind = "grid"\n{MANY.replace("low = 0", "values = [0, 1]").replace("high = 1", "")}', ["points; allowed"]),
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
        ("\n\n", "no rows"),
        ("backbone.staff,backbone.staff\n1,2\n", "row 1: found the column 'backbone.staff' twice"),
        ("backbone.staff\nnan\n", "points.0.backbone.staff: found nan"),
        ('backbone.staff\n"1\n', "no cells"),
    ],
)
def test_what_is_wrong_with_a_csv_is_said_by_row(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=r"points.csv: ") as caught:
        design(tmp_path, 'kind = "points"\npoints = "points.csv"\n')
    assert said in str(caught.value)


def test_a_csv_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    text = "\ufeffbackbone.staff, organizations.update\r\n1,sequential\r\n\r\n2.5,simultaneous\r\n"
    (tmp_path / "points.csv").write_bytes(text.encode())
    made = design(tmp_path, 'kind = "points"\npoints = "points.csv"\n')
    assert [tuple(point.values()) for point in made.points] == [(1.0, "sequential"), (2.5, "simultaneous")]


def test_points_may_name_their_keys_in_any_order(tmp_path: Path) -> None:
    made = design(
        tmp_path,
        'kind = "points"\n[[points]]\nbackbone.staff = 1\nbackbone.skill = 0.5\n'
        "[[points]]\nbackbone.skill = 0.7\nbackbone.staff = 2\n",
    )
    assert [tuple(point.values()) for point in made.points] == [(1, 0.5), (2, 0.7)]


def test_an_override_of_a_factor_is_refused_as_it_would_do_nothing(tmp_path: Path) -> None:
    (tmp_path / "design.toml").write_text(GRID)
    with pytest.raises(InputError, match=r"--set: problem\.interdependence: found a factor"):
        read_design(tmp_path / "design.toml", ["problem.interdependence=2"])
    assert read_design(tmp_path / "design.toml", ["backbone.staff=2"]).scenario.backbone.staff == 2


def test_texts_of_any_letters_reach_the_scenario(tmp_path: Path) -> None:
    made = design(tmp_path, 'kind = "grid"\n[[factors]]\nkey = "title"\nvalues = ["Köln 😀", "\\"quoted\\""]\n')
    assert [case_at(made.scenario, point).title for point in made.points] == ["Köln 😀", '"quoted"']


def test_every_kind_says_its_factors(tmp_path: Path) -> None:
    listed = design(tmp_path, 'kind = "points"\n[[points]]\nbackbone.staff = 1\n[[points]]\nbackbone.staff = 2.5\n')
    assert listed.described()["factors"] == [{"key": "backbone.staff", "values": [1.0, 2.5]}]
    orders = design(tmp_path, f'kind = "orders"\n{GRID[14:]}')
    assert [factor["key"] for factor in orders.described()["factors"]] == ["problem.interdependence", "order"]
    assert len(orders.described()["factors"][1]["values"]) == 120
