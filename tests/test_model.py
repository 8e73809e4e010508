"""The Mesa face: the same bits as the compiled loop, agents that are views, and what Mesa's own tools need."""

import asyncio
import contextlib
import gc
import inspect
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor

import mesa
import numpy as np
import pandas as pd
import pytest

from ci_sim.agents import Backbone, Community, Organization
from ci_sim.complaints import InputError
from ci_sim.entries import CustomArm
from ci_sim.kernel import RECORDED
from ci_sim.model import KEYWORDS, CollectiveImpactModel
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario_file import parse_scenario, read_scenario
from ci_sim.simulate import simulate
from ci_sim.streams import BLOCK

SMALL = {"levers": 5, "interdependence": 2, "communities": 4, "organizations": 6, "mandate": 2, "months": 9}
ARMS = ("isolated", "isolated_equal_spend", "ordinary_coalition", "collective_impact")
EVENTFUL = """
schema_version = 1
name = "eventful"
problem = { levers = 6, interdependence = 3, communities = 5 }
horizon = { months = 130 }
hazards = { funding_loss = 0.2, leader_turnover = 0.2, closure = 0.02 }
groups = [
    { name = "shelters", sector = "civil society", count = 4, levers = ["lever_1", "lever_4"], programs = 6 },
    { name = "offices", sector = "government", count = 3, programs = 3, attempts = 1.5, evaluation_noise = 0.0 },
]
events = [
    { month = 1, kind = "shock", share = 0.5 },
    { month = 5, kind = "condition", condition = "common_agenda", target = 0.5 },
    { month = 7, kind = "shock", share = 0.4 },
    { month = 12, kind = "turnover", share = 0.5, groups = ["offices"] },
    { month = 20, kind = "exit", share = 0.3 },
    { month = 30, kind = "funding", factor = 1.6, groups = ["shelters"] },
    { month = 35, kind = "replication" },
    { month = 40, kind = "staff", staff = 0.0 },
    { month = 121, kind = "shock", share = 1.0 },
    { month = 125, kind = "staff", staff = 2.5 },
]
arms = [{ name = "measured", title = "Measured", shared_measurement = 0.7, backbone = 0.5 }]
"""


def small(**changes):
    return CollectiveImpactModel(**{**SMALL, **changes})


def finished(model):
    while model.running:
        model.step()
    return model


def assert_same_run(model, trajectory):
    assert model.records.tobytes() == trajectory.records.tobytes()
    for ours, theirs in zip(model.state, trajectory.state, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("update", ["sequential", "simultaneous"])
@pytest.mark.parametrize("interdependence", [0, 4])
@pytest.mark.parametrize("arm", [*ARMS, CustomArm(name="half", continuous_communication=0.5, backbone=0.3)])
def test_the_same_bits_as_the_compiled_loop(arm, interdependence, update):
    for replication, seed in ((0, 1), (3, 7)):
        model = small(arm=arm, replication=replication, rng=seed, interdependence=interdependence, update=update)
        finished(model)
        assert_same_run(model, simulate(model.case, replication, arm, seed=seed))


@pytest.mark.parametrize("update", ["sequential", "simultaneous"])
@pytest.mark.parametrize("arm", [*ARMS, "measured"])
def test_the_same_bits_with_events_and_over_a_block_of_luck(arm, update):
    case = parse_scenario(EVENTFUL, overrides=[f"organizations.update={update}"])
    assert case.horizon.months > BLOCK
    model = finished(CollectiveImpactModel(case, arm, 2, rng=5))
    assert_same_run(model, simulate(case, 2, arm, seed=5))


def test_the_same_bits_in_a_shipped_scenario():
    model = finished(CollectiveImpactModel("homelessness", months=130, collect_agents=False))
    assert_same_run(model, simulate(read_scenario("homelessness", ["horizon.months=130"])))


def test_models_in_one_process_do_not_affect_one_another():
    first, second = small(), small(arm="isolated", rng=2)
    while first.running or second.running:
        first.step()
        second.step()
        second.step()
    assert_same_run(first, simulate(first.case))
    assert_same_run(second, simulate(second.case, arm="isolated", seed=2))


def test_a_run_stops_at_the_horizon():
    model = finished(small(months=3))
    before = model.records.copy()
    model.step()
    assert (model.month, model.running, len(model.records)) == (3, False, 4)
    assert model.records.tobytes() == before.tobytes()
    assert len(model.datacollector.get_model_vars_dataframe()) == 4


def test_no_name_of_mesa_gets_another_meaning():
    class Plain(mesa.Model):
        pass

    plain = Plain(rng=1)
    mesas = set(dir(plain)) | {"scenario", "time", "steps", "random", "rng", "agents"}
    ours = set(vars(CollectiveImpactModel)) - set(vars(Plain)) | set(vars(small())) - set(vars(plain))
    assert {name for name in ours & mesas if not name.startswith("__")} == {"step"}
    for kind in (Organization, Backbone, Community):
        assert not {"model", "unique_id", "pos", "random", "rng", "scenario", "remove"} & set(vars(kind))


def test_agents_are_views_of_the_kernels_rows():
    model = CollectiveImpactModel(parse_scenario(EVENTFUL))
    shelter, office = model.organizations[0], model.organizations[5]
    community, backbone = model.communities[2], model.backbone
    assert (shelter.group, shelter.sector, office.sector) == ("shelters", "civil society", "government")
    assert shelter.mandate == ("lever_1", "lever_4")
    assert shelter.programs == shelter.funded == sum(len(shelter.delivers(place)) for place in model.communities)
    assert community.name == "community 3"

    model.state.organizations[0]["member"] ^= True
    model.state.organizations[0]["alignment"] = 0.25
    model.state.organizations[0]["mean_trust"] = 0.5
    model.state.organizations[0]["active"] = False
    model.state.trust[0, 5] = 0.75
    assert shelter.member == bool(model.state.organizations["member"][0])
    assert (shelter.alignment, shelter.mean_trust, shelter.active) == (0.25, 0.5, False)
    assert (shelter.trust_in(office), office.trust_in(shelter)) == (0.75, model.case.communication.initial_trust)

    model.state.practices[2] = 0b100001
    assert list(community.practices.values()) == [1, 0, 0, 0, 0, 1]
    assert list(community.practices) == model.case.lever_names
    model.state.communities[2]["indicator"] = 0.125
    assert community.indicator == 0.125

    model.state.initiative[0]["members"] = 3
    model.state.initiative[0]["shared_measurement"] = 0.5
    assert (backbone.members, backbone.shared_measurement) == (3, 0.5)
    assert backbone.staff == 0.0
    model.step()
    assert backbone.staff == model.case.backbone.staff


def test_what_agents_show_adds_up_to_what_is_recorded():
    model = CollectiveImpactModel(parse_scenario(EVENTFUL))
    for _ in range(8):
        model.step()  # past the shock of month 7: outcomes are those of the landscape in force
    record = model.records[model.month]
    communities, organizations = model.communities, model.organizations
    assert np.mean([place.outcome for place in communities]) == pytest.approx(record["outcome"])
    assert np.mean([place.indicator for place in communities]) == pytest.approx(record["indicator"])
    assert np.mean([place.coverage for place in communities]) == pytest.approx(record["coverage"])
    assert sum(place.programs for place in communities) == record["programs"]
    assert sum(each.programs for each in organizations) == record["programs"]
    assert sum(each.member for each in organizations) == model.backbone.members
    assert np.mean([place.indicator for place in communities if place.priority]) == record["priority_indicator"]
    assert {place.pull for place in communities if place.priority} == {min(place.pull for place in communities)}
    for maturity in ("common_agenda", "mutually_reinforcing_activities", "continuous_communication"):
        assert getattr(model.backbone, maturity) == record[maturity]
    assert model.backbone.kept_up == record["backbone"]
    assert model.backbone.carried_by_staff == record["budget_carried"]


def test_the_backbones_own_turn_is_to_convene():
    one, other, neither = small(), small(), small()
    for model in (one, other, neither):
        for _ in range(4):
            model.step()
    one.backbone.step()
    other.backbone.convene()
    assert one.state.practices.tolist() == other.state.practices.tolist()
    proposed = [int(model.state.initiative["joint_actions_proposed"][0]) for model in (one, other, neither)]
    assert proposed[0] == proposed[1] > proposed[2]


def test_communities_have_a_cell_each():
    model = small(communities=7)
    assert [agent.cell.agents for agent in model.communities] == [[agent] for agent in model.communities]
    assert set(model.grid.agents) == set(model.communities)
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents) == 6 + 1 + 7


def test_everything_recorded_is_collected_from_month_0():
    model = finished(small())
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table.columns) == list(RECORDED)
    pd.testing.assert_frame_equal(table, simulate(model.case).table, check_names=False)


def test_agents_are_collected_by_type():
    model = finished(small())
    for kind, count in ((Organization, 6), (Backbone, 1), (Community, 4)):
        table = model.datacollector.get_agenttype_vars_dataframe(kind)
        assert len(table) == count * (SMALL["months"] + 1)
        assert [name.removeprefix(f"{kind.__name__.lower()}_") for name in table] == list(kind.COLUMNS)
        assert not set(table) & set(RECORDED)  # batch_run would put them over the model's
        assert [int(month) for month in table.index.unique("Step")] == list(range(SMALL["months"] + 1))
    last = model.datacollector.get_agenttype_vars_dataframe(Community)["community_indicator"].to_numpy()[-4:]
    assert list(last) == [community.indicator for community in model.communities]
    assert small(collect_agents=False).datacollector.agenttype_reporters == {}


def test_keywords_are_parameters_of_the_case():
    arguments = inspect.signature(CollectiveImpactModel).parameters
    others = {"case", "arm", "replication", "rng", "collect_agents"}
    assert set(arguments) - set(KEYWORDS) == others
    assert set(KEYWORDS.values()) <= set(PARAMETERS)
    for name in KEYWORDS:
        assert arguments[name].default is None
    assert CollectiveImpactModel().case == read_scenario("default")
    changed = small(backbone_staff=np.float64(1.5), months="12", update="simultaneous").case
    assert (changed.backbone.staff, changed.horizon.months, changed.organizations.update) == (1.5, 12, "simultaneous")


def test_a_scenario_is_taken_as_it_is_or_with_changes(tmp_path):
    case = read_scenario("homelessness")
    assert CollectiveImpactModel(case, months=None).case is case
    assert CollectiveImpactModel(case, months=130).case == read_scenario("homelessness", ["horizon.months=130"])
    path = tmp_path / "eventful.toml"
    path.write_text(EVENTFUL)
    assert CollectiveImpactModel(path).case == parse_scenario(EVENTFUL)


def test_the_seed_is_never_left_out():
    unseeded, one, text = small(rng=None), small(rng=np.int64(1)), small(rng="1")
    assert [model.world.seed for model in (unseeded, one, text)] == [1, 1, 1]
    assert finished(unseeded).records.tobytes() == finished(one).records.tobytes() == finished(text).records.tobytes()
    assert one.random.random() == mesa.Model(rng=1).random.random()


@pytest.mark.parametrize(
    "wrong",
    [
        {"levers": 1},
        {"interdependence": 5},
        {"common_agenda": 1.1},
        {"backbone_staff": float("nan")},
        {"communities": 2.5},
        {"update": "sequentially"},
        {"months": 0},
        {"arm": "isolatd"},
        {"arm": ("name", "isolated")},
        {"case": "defualt"},
        {"case": ("name", "default")},
        {"rng": -1},
        {"rng": 1.5},
        {"rng": ""},
        {"replication": -1},
        {"replication": None},
    ],
)
def test_bad_values_are_input_errors(wrong):
    with pytest.raises(InputError):
        small(**wrong)


def test_an_unknown_keyword_is_a_type_error():
    with pytest.raises(TypeError, match="leverz"):
        small(leverz=5)


@pytest.mark.parametrize("steps", [2, SMALL["months"]])
def test_models_are_freed(steps):
    """Given up and closed, or run to the horizon: Mesa before 3.4.2 keeps either unless it is told."""
    references = []
    for _ in range(20):
        model = small()
        for _ in range(steps):
            model.step()
        if model.running:
            with contextlib.closing(model):
                pass
        references.append(weakref.ref(model))
        del model
    gc.collect()
    assert [reference() for reference in references] == [None] * 20


@pytest.mark.parametrize("collect_agents", [False, True])
def test_batch_run(collect_agents):
    values = {
        **SMALL,
        "case": [read_scenario("default")],
        "arm": ["isolated", "collective_impact"],
        "interdependence": [0, 3],
        "collect_agents": collect_agents,
    }
    options = {"number_processes": 1, "display_progress": False, "data_collection_period": 1}
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # Mesa 3.5; before, the seed is a parameter like others
        options["rng"] = [1, 2]
    else:
        values["rng"] = [1, 2]
    rows = mesa.batch_run(CollectiveImpactModel, values, **options)
    assert len({row["RunId"] for row in rows}) == 8
    expected = {}
    for row in rows:
        run = row["arm"], row["interdependence"], row["rng"]
        if run not in expected:
            case = small(interdependence=row["interdependence"]).case
            expected[run] = simulate(case, arm=row["arm"], seed=row["rng"]).records
        np.testing.assert_equal([row[name] for name in RECORDED], list(expected[run][int(row["Step"])].tolist()))
    assert len(expected) == 8
    # Mesa 3.3 leaves the last month out.
    assert {int(row["Step"]) for row in rows} >= set(range(SMALL["months"]))
    if not collect_agents:
        assert len(rows) == len({(row["RunId"], row["Step"]) for row in rows})


def test_solara_viz_shows_steps_and_resets_the_model():
    import ipyvuetify  # noqa: PLC0415
    import ipywidgets  # noqa: PLC0415
    import solara  # noqa: PLC0415

    with warnings.catch_warnings():  # Mesa 3.3 breaks Solara's rules of hooks, which is checked at import
        warnings.filterwarnings("ignore", "(?s).*`use_state` found despite early return on line", UserWarning)
        from mesa.visualization import SolaraViz, make_plot_component, make_space_component  # noqa: PLC0415
        from mesa.visualization.components import AgentPortrayalStyle  # noqa: PLC0415

    def portray(community):
        return AgentPortrayalStyle(color="tab:red" if community.priority else "tab:blue", size=50)

    components = [make_plot_component("indicator"), make_space_component(portray)]
    parameters = {
        **SMALL,
        "months": 2,
        "interdependence": {"type": "SliderInt", "value": 3, "min": 0, "max": 4, "step": 1, "label": "K"},
        "arm": {"type": "Select", "value": "isolated", "values": list(ARMS), "label": "Arm"},
        "rng": {"type": "InputText", "value": "4", "label": "Seed"},
    }
    shown = solara.reactive(small(months=2))

    async def use():
        page = SolaraViz(shown, components=components, model_params=parameters)
        _, context = solara.render(solara.AppLayout(children=[page]), handle_error=False)

        async def click(label):
            button = next(one for one in context.find(ipyvuetify.Btn).widgets if one.children == [label])
            assert not button.disabled
            button.click()
            await asyncio.sleep(0)

        try:
            assert len(context.find(ipywidgets.Image).widgets) == len(components)
            assert len(context.find(ipyvuetify.TextField).widgets) >= 1
            first = shown.value
            await click("Step")
            await click("Step")
            assert (first.month, first.running) == (2, False)
            await click("Reset")
            assert shown.value is not first
        finally:
            context.close()

    with ThreadPoolExecutor(1) as apart:  # where no browser of another test has a loop
        apart.submit(asyncio.run, use()).result()
    again = shown.value
    assert (again.month, again.arm.name, again.world.seed, again.case.problem.interdependence) == (0, "isolated", 4, 3)
