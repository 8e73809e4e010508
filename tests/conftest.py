"""What tests share: scenarios from a few words, runs that are made once, opened worlds for single kernel functions."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, sync_playwright

from ci_sim.arms import STANDARD_ARMS
from ci_sim.entries import CustomArm
from ci_sim.kernel import Landscape, Luck, Row, Schedule, State
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parse_scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, simulate_arms
from ci_sim.world import build_rules, build_world, lanes_needed

CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
"""Without those about networking a browser asks the world for updates, which is no request of the page's."""
WORLDS = 40
"""Paired worlds of the feasibility study, and of every test that speaks of standard errors."""

Records = NDArray[np.void]


class Opened(NamedTuple):
    """An arm of a world before its first month: what the functions of the kernel take."""

    landscape: Landscape
    rules: Row
    schedule: Schedule
    luck: Luck
    state: State

    def everyone_joins(self) -> Opened:
        """The same with every organization a member."""
        return self.members(slice(None))

    def members(self, chosen: object) -> Opened:
        """The same with these organizations as the members."""
        self.state.organizations["member"] = False
        self.state.organizations["member"][chosen] = True
        self.state.initiative["members"] = self.state.organizations["member"].sum()
        return self


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; where there is none, tests that need it are skipped, but never in CI."""
    named = (os.environ.get("CI_SIM_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "chrome")
    path = next(filter(None, map(shutil.which, named)), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium here")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def case() -> Callable[..., Scenario]:
    """A scenario: the defaults, overridden by ``key=value``, and further TOML."""

    def make(*overrides: str, more: str = "") -> Scenario:
        return parse_scenario(f'schema_version = 1\nname = "case"\n{more}', overrides=overrides)

    return make


@pytest.fixture(scope="session")
def run() -> Callable[..., dict[str, Records]]:
    """The records of arms on the same worlds, (worlds, months + 1) for each; a run once made is kept."""
    kept: dict[tuple[str, str, int], Records] = {}

    def make(scenario: Scenario, *arms: str | CustomArm, worlds: int = WORLDS) -> dict[str, Records]:
        chosen = [STANDARD_ARMS[arm] if isinstance(arm, str) else arm for arm in arms]
        chosen = chosen or [STANDARD_ARMS["isolated"], STANDARD_ARMS["collective_impact"]]
        keys = [(scenario.hash, arm.model_dump_json(), worlds) for arm in chosen]
        if any(key not in kept for key in keys):
            made = [trajectory.records for trajectory in simulate_arms(scenario, chosen, range(worlds))]
            kept.update({key: np.stack(made[nth :: len(chosen)]) for nth, key in enumerate(keys)})
        return {arm.name: kept[key] for arm, key in zip(chosen, keys, strict=True)}

    return make


@pytest.fixture(scope="session")
def opened() -> Callable[..., Opened]:
    """An arm of a scenario in one world, opened but not yet run."""

    def make(scenario: Scenario, arm: str = "collective_impact", replication: int = 0) -> Opened:
        rules, schedule = build_rules(scenario), build_schedule(scenario, STANDARD_ARMS[arm])
        world = build_world(scenario, 1, replication, lanes_needed(scenario, [schedule]))
        state, _ = open_arm(world, schedule, rules)
        return Opened(world.landscapes[0][1], rules, schedule, world.luck[0], state)

    return make


@pytest.fixture(scope="session")
def errors_above() -> Callable[..., float]:
    """By how many standard errors the mean of values (one per world) lies above a level."""

    def measure(values: NDArray[np.float64], level: float = 0.0) -> float:
        return float((values.mean() - level) / (values.std(ddof=1) / math.sqrt(len(values))))

    return measure


@pytest.fixture(scope="session")
def assert_consistent() -> Callable[[State], None]:
    """Check that the tables of a state say the same of who delivers what where."""

    def check(state: State) -> None:
        n_communities, n_levers = state.providers.shape
        delivered, providers = np.zeros_like(state.delivered), np.zeros_like(state.providers)
        for number, organization in enumerate(state.organizations):
            for place in state.places[number, : organization["programs"]]:
                community, lever = divmod(int(place), n_levers)
                assert not delivered[community, number] >> lever & 1, "a program of its own twice"
                assert organization["mandate"] >> lever & 1, "a program outside the mandate"
                delivered[community, number] |= 1 << lever
                providers[community, lever] += 1
        assert np.array_equal(state.delivered, delivered)
        assert np.array_equal(state.providers, providers)
        assert np.array_equal(state.communities["served"], (providers > 0) @ (1 << np.arange(n_levers)))
        for community in range(n_communities):
            present = state.present[community, : state.communities["present"][community]]
            assert np.array_equal(present, np.flatnonzero(delivered[community]))
        assert (state.practices >= 0).all() and (state.practices < 1 << n_levers).all()
        assert (state.pictures >= 0).all() and (state.pictures < 1 << n_levers).all()
        assert (state.trust >= 0).all() and (state.trust <= 1).all()
        assert not (state.organizations["member"] & ~state.organizations["active"]).any()
        assert not state.organizations["programs"][~state.organizations["active"]].any()
        assert state.initiative["members"][0] == state.organizations["member"].sum()
        assert np.array_equal(np.sort(state.communities["rank"]), np.arange(n_communities))

    return check
