"""The network of a run as Kumu reads it: what is exported is what the run came to, under names that survive."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ci_sim.cli import main
from ci_sim.kumu import Network, network, write_network
from ci_sim.partners import read_partners
from ci_sim.provenance import limit_notice
from ci_sim.scenario_file import read_scenario, shorten, write_scenario
from ci_sim.simulate import Trajectory, simulate

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"


@pytest.fixture(scope="module")
def trajectory() -> Trajectory:
    base, _ = shorten(read_scenario("homelessness"), 60)
    made = read_partners(EXAMPLES / "partners.csv", base, EXAMPLES / "ties.csv")
    return simulate(made.scenario, arm="ordinary_coalition")


@pytest.fixture(scope="module")
def made(trajectory: Trajectory) -> Network:
    return network(trajectory, 0.24)


def of_type(made: Network, kind: str) -> list[dict[str, Any]]:
    return [connection for connection in made.connections if connection["Type"] == kind]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_elements_are_the_organizations_and_levers_with_their_state(trajectory: Trajectory, made: Network) -> None:
    organizations = [one for one in made.elements if one["Type"] == "Organization"]
    assert [one["Label"] for one in organizations] == [row["organization"] for row in rows(EXAMPLES / "partners.csv")]
    table = trajectory.state.organizations
    assert [one["Programs"] for one in organizations] == table["programs"].tolist()
    assert [one["Member"] == "yes" for one in organizations] == table["member"].tolist()
    assert [one["Trust"] for one in organizations] == pytest.approx(table["mean_trust"], abs=6e-4)
    assert [one["Alignment"] for one in organizations] == pytest.approx(table["alignment"], abs=6e-4)
    assert organizations[0]["Mandate"] == ["Coordinated entry", "Permanent supportive housing", "Rental assistance"]
    assert {tag for one in organizations for tag in one["Tags"]} >= {
        "government",
        "civil society",
        "business",
        "member",
    }
    levers = [one for one in made.elements if one["Type"] == "Lever"]
    assert [one["Programs"] for one in levers] == trajectory.state.providers.sum(axis=0).tolist()
    assert all("not a forecast" in one["Description"] for one in made.elements)


def test_ties_are_the_trust_above_the_threshold(trajectory: Trajectory, made: Network) -> None:
    trust, names = trajectory.state.trust, trajectory.world.scenario.organization_names
    told = set()
    for tie in of_type(made, "trusts"):
        i, k = names.index(tie["From"]), names.index(tie["To"])
        told.add((i, k))
        if tie["Direction"] == "mutual":
            told.add((k, i))
            assert tie["Strength"] == pytest.approx((trust[i, k] + trust[k, i]) / 2, abs=6e-4)
        else:
            assert tie["Strength"] == pytest.approx(trust[i, k], abs=6e-4)
    pairs = {(i, k) for i in range(12) for k in range(12) if i != k and trust[i, k] >= 0.24}
    assert told == pairs
    assert pairs
    assert len(of_type(network(trajectory, 1.0), "trusts")) < len(of_type(made, "trusts"))


def test_one_way_trust_is_a_directed_connection(case: Any) -> None:
    group = '[[groups]]\nname = "{}"\nsector = "government"\ncount = 1\n'
    tie = '[[ties]]\nbetween = ["b", "a"]\ntrust = 0.9\nmutual = false\n'
    scenario = case("problem.levers=3", "problem.interdependence=0", "problem.communities=2", "horizon.months=1",
                    more=group.format("a") + group.format("b") + tie)  # fmt: skip
    (connection,) = of_type(network(simulate(scenario, arm="isolated")), "trusts")
    assert (connection["From"], connection["To"], connection["Direction"]) == ("b", "a", "directed")
    assert connection["Strength"] == 0.9


def test_shared_places_and_work_are_counted_from_the_programs(trajectory: Trajectory, made: Network) -> None:
    state, names = trajectory.state, trajectory.world.scenario.organization_names
    shared = {(one["From"], one["To"]): one for one in of_type(made, "shares places")}
    assert shared
    for i, name in enumerate(names):
        for k in range(i + 1, len(names)):
            count = sum(bin(int(both)).count("1") for both in state.delivered[:, i] & state.delivered[:, k])
            assert shared.get((name, names[k]), {"Strength": 0})["Strength"] == count
    told = next(one for one in shared.values() if one["Strength"] == 1)
    assert " in " in told["Description"]
    assert ";" not in told["Description"]
    work = of_type(made, "works on")
    assert sum(one["Strength"] for one in work) == state.organizations["programs"].sum()
    assert len(work) == sum(len(group.levers) for group in trajectory.world.scenario.groups)


def test_the_wiring_comes_with_its_reasons(made: Network) -> None:
    links = of_type(made, "depends on")
    assert len(links) == sum(len(lever.depends_on) for lever in read_scenario("homelessness").levers)
    assert all(link["Description"] for link in links)


def test_labels_are_unique_and_connections_join_them(made: Network) -> None:
    labels = [one["Label"] for one in made.elements]
    assert len(set(labels)) == len(labels)
    assert {connection[end] for connection in made.connections for end in ("From", "To")} <= set(labels)


def test_an_organization_and_a_lever_of_one_name_stay_two(case: Any) -> None:
    more = '[[levers]]\nname = "a"\ntitle = "Outreach"\n[[levers]]\nname = "b"\n[[groups]]\nname = "o"\n'
    more += 'title = "Outreach"\nsector = "government"\ncount = 2\n[[groups]]\nname = "p"\ntitle = "Outreach"\n'
    more += 'sector = "government"\ncount = 1\n'
    scenario = case(
        "problem.interdependence=1", "problem.communities=2", "organizations.mandate=1", "horizon.months=1", more=more
    )
    labels = [one["Label"] for one in network(simulate(scenario)).elements]
    assert labels == ["Outreach 1", "Outreach 2", "Outreach", "Outreach (lever a)", "b"]


def test_scenarios_without_names_are_exported_too(case: Any) -> None:
    scenario = case(
        "problem.levers=4",
        "problem.interdependence=1",
        "problem.communities=3",
        "organizations.count=5",
        "horizon.months=2",
    )
    made = network(simulate(scenario))
    assert [one["Label"] for one in made.elements][4:6] == ["organization 5", "lever 1"]
    assert made.elements[0]["Sector"] == ""


def test_the_three_files_say_the_same(trajectory: Trajectory, tmp_path: Path) -> None:
    made = write_network(trajectory, tmp_path, 0.24)
    assert {path.name for path in tmp_path.iterdir()} == {
        "elements.csv",
        "connections.csv",
        "blueprint.json",
        "README.txt",
    }
    blueprint = json.loads((tmp_path / "blueprint.json").read_text(encoding="utf-8"))
    elements, connections = rows(tmp_path / "elements.csv"), rows(tmp_path / "connections.csv")
    assert list(blueprint) == ["elements", "connections"]
    assert [one["Label"] for one in elements] == [one["label"] for one in blueprint["elements"]]
    assert elements[0]["Tags"].split("|") == blueprint["elements"][0]["tags"]
    assert [(c["From"], c["To"], c["Direction"]) for c in connections] == [
        (c["from"], c["to"], c["direction"]) for c in blueprint["connections"]
    ]
    assert len(connections) == len(made.connections)
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert limit_notice(trajectory.world.scenario) in readme
    assert "trust of at least 0.24" in readme
    assert {name for one in made.elements for name in one} - {"Label", "Type", "Tags", "Description"} <= {
        line.split(":")[0].strip() for line in readme.splitlines()
    }


def ci_sim(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_from_a_list_to_a_scenario_to_a_run_to_a_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["Škola, Nová", 'The "Old" Mill', "東京", "A & B", "A/B"]
    lines = [f'"{name.replace(chr(34), chr(34) * 2)}";NGO;"lever_1;lever_2"' for name in names]
    Path("list.csv").write_text("\ufeffName;Sector;Levers\n" + "\n".join(lines) + "\n", encoding="utf-8")
    ties = f'from;to;strength\n{names[2]};"{names[0]}";0,9\n'
    Path("ties.csv").write_text(ties, encoding="utf-8")
    result = ci_sim("partners", "list.csv", "--ties", "ties.csv", "--out", "mine.toml")
    assert result.exit_code == 0, result.output
    result = ci_sim("kumu", "mine.toml", "--arm", "isolated", "--months", 3, "--threshold", 0.9, "--out", "map")
    assert result.exit_code == 0, result.output
    assert "17 elements; connections: 1 trusts" in result.stdout
    elements = rows(Path("map/elements.csv"))
    assert [one["Label"] for one in elements if one["Type"] == "Organization"] == names
    assert [one["Sector"] for one in elements[:5]] == ["civil society"] * 5
    (tie,) = [one for one in rows(Path("map/connections.csv")) if one["Type"] == "trusts"]
    assert (tie["From"], tie["To"], tie["Direction"], tie["Strength"]) == (names[0], names[2], "mutual", "0.9")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--threshold", "1.5"), "--threshold: found '1.5'; allowed: a number, 0 to 1"),
        (("--threshold", "high"), "--threshold: found 'high'"),
        (("--arm", "isolatd"), "Did you mean 'isolated'?"),
        (("--months", "1", "--out", "full"), "found files in it; allowed: an empty folder"),
    ],
)
def test_bad_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("full").mkdir()
    Path("full/mine.txt").write_text("mine")
    result = ci_sim("kumu", "technical_problem", "--out", "map", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Path("map").exists()
    assert [path.name for path in Path("full").iterdir()] == ["mine.txt"]


def test_the_export_is_the_same_from_a_written_scenario(trajectory: Trajectory, made: Network, tmp_path: Path) -> None:
    write_scenario(trajectory.world.scenario, tmp_path / "copy.toml")
    again = simulate(read_scenario(str(tmp_path / "copy.toml")), arm="ordinary_coalition")
    assert network(again, 0.24) == made
