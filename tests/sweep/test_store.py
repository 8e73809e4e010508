"""Where results go: nothing half-written is believed, nothing foreign touched, and tables are the same however made."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pyarrow.csv import read_csv

from ci_sim.arms import STANDARD_ARMS
from ci_sim.complaints import InputError
from ci_sim.outcomes import DERIVED_OUTCOMES, RECORDED_OUTCOMES
from ci_sim.scenario_file import parse_scenario
from ci_sim.sweep.design import Design
from ci_sim.sweep.run import BatchResult, run_batch
from ci_sim.sweep.store import Store, replace_file

SCENARIO = parse_scenario(
    'schema_version = 1\nname = "small"\n[problem]\nlevers = 4\ninterdependence = 1\ncommunities = 3\n'
    "[organizations]\ncount = 4\n[horizon]\nmonths = 6\n"
)
ARMS = (STANDARD_ARMS["isolated"], STANDARD_ARMS["collective_impact"])


def comparison(replications: int = 8, seed: int = 1, months: int = 6) -> Design:
    horizon = SCENARIO.horizon.model_copy(update={"months": months})
    return Design(SCENARIO.model_copy(update={"horizon": horizon}), ARMS, replications, seed)


def result(*replications: int) -> BatchResult:
    return run_batch(comparison().batch(replications))


def done(store: Store) -> set[int]:
    return set(np.flatnonzero(store.done()).tolist())


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """A store in a folder of its own, closed at the end; opened again it is the same folder."""
    last: list[Store] = []

    def make(**changes: int) -> Store:
        close()
        last.append(Store(tmp_path / "out", comparison(**changes)))
        return last[-1]

    def close() -> None:
        while last:
            last.pop().close()

    yield make
    close()


def part(store: Store, kind: str, first: int) -> Path:
    return next(store.parts.glob(f"{kind}-{first:010d}-*.parquet"))


# Tables


def test_whole_tables_have_the_promised_columns_in_order(opened: Callable[..., Store]) -> None:
    store = opened(replications=4)
    store.add(result(2, 3))
    store.add(result(0, 1))
    store.finish()
    runs, series = (pd.read_parquet(store.folder / f"{kind}.parquet") for kind in ("runs", "timeseries"))
    assert list(runs) == ["run_id", "arm", "replication", *DERIVED_OUTCOMES]
    assert list(series) == ["run_id", "arm", "replication", "month", *RECORDED_OUTCOMES]
    assert {"run_id", "arm", "replication", "outcome", "spend"} <= set(runs)
    assert {"run_id", "arm", "replication", "month", "indicator"} <= set(series)
    assert list(zip(runs["replication"].tolist(), runs["arm"].tolist(), strict=True)) == [
        (number, arm.name) for number in range(4) for arm in ARMS
    ]
    assert runs["run_id"].is_unique
    assert list(series["month"]) == [*range(7)] * 8
    assert list(series["run_id"].unique()) == list(runs["run_id"])


def test_runs_sum_up_their_time_series(opened: Callable[..., Store]) -> None:
    store = opened(replications=2)
    store.add(result(0, 1))
    store.finish()
    runs = pd.read_parquet(store.folder / "runs.parquet").set_index("run_id")
    series = pd.read_parquet(store.folder / "timeseries.parquet")
    last = series[series["month"] == 6].set_index("run_id")
    assert np.array_equal(runs["outcome"], last["indicator"][runs.index])
    assert np.allclose(runs["spend"], series.groupby("run_id")["spend"].sum()[runs.index], rtol=1e-12)


@pytest.mark.parametrize("kind", ["runs", "timeseries"])
def test_csv_twins_are_equal(kind: str, opened: Callable[..., Store]) -> None:
    store = opened(replications=3)
    store.add(result(0, 1, 2))
    store.finish()
    whole = pd.read_parquet(store.folder / f"{kind}.parquet")
    twin = read_csv(store.folder / f"{kind}.csv").to_pandas()
    pd.testing.assert_frame_equal(whole, twin, check_dtype=False, check_exact=True)


def test_the_hash_does_not_depend_on_how_the_work_was_split(tmp_path: Path) -> None:
    hashes = set()
    splits: list[list[tuple[int, ...]]] = [[(0, 1, 2, 3)], [(2, 3), (0, 1)], [(0,), (1, 2), (3,)]]
    for number, split in enumerate(splits):
        store = Store(tmp_path / str(number), comparison(replications=4))
        for replications in split:
            store.add(result(*replications))
        hashes.add(store.finish())
        store.close()
    assert len(hashes) == 1


def test_the_hash_is_of_every_number(opened: Callable[..., Store]) -> None:
    store = opened(replications=2)
    store.add(result(0, 1))
    before = store.finish()
    table = pq.read_table(part(store, "timeseries", 0)).to_pandas()
    table.loc[3, "trust"] += 1e-15
    table.to_parquet(part(store, "timeseries", 0), index=False)
    assert store.finish() != before


def test_fewer_replications_than_there_are(opened: Callable[..., Store]) -> None:
    store = opened(replications=4)
    store.add(result(0, 1, 2, 3))
    store.finish()
    few = opened(replications=2)
    assert done(few) == {0, 1}
    few.finish()
    assert len(pd.read_parquet(few.folder / "runs.parquet")) == 4
    assert done(opened(replications=4)) == {0, 1, 2, 3}, "the parts are kept"


def test_parts_are_handed_on_as_they_pass(opened: Callable[..., Store]) -> None:
    store = opened(replications=3)
    store.add(result(0, 1))
    store.add(result(2))
    rows: list[int] = []
    store.finish(lambda table: rows.append(table.num_rows))
    assert rows == [2 * 2 * 7, 2 * 7]


# Damage


def truncate_runs(store: Store) -> None:
    part(store, "runs", 0).write_bytes(part(store, "runs", 0).read_bytes()[:-200])


def truncate_series(store: Store) -> None:
    part(store, "timeseries", 0).write_bytes(part(store, "timeseries", 0).read_bytes()[:5000])


def empty_series(store: Store) -> None:
    part(store, "timeseries", 0).write_bytes(b"")


def lose_series(store: Store) -> None:
    part(store, "timeseries", 0).unlink()


def lose_runs(store: Store) -> None:
    part(store, "runs", 0).unlink()


def turn_a_bit(store: Store) -> None:
    content = bytearray(part(store, "timeseries", 0).read_bytes())
    content[len(content) // 3] ^= 1
    part(store, "timeseries", 0).write_bytes(content)


def lose_rows(store: Store) -> None:
    pq.write_table(pq.read_table(part(store, "timeseries", 0)).slice(1), part(store, "timeseries", 0))


@pytest.mark.parametrize(
    "harm", [truncate_runs, truncate_series, empty_series, lose_series, lose_runs, turn_a_bit, lose_rows]
)
def test_damaged_parts_are_run_again(harm: Callable[[Store], None], opened: Callable[..., Store]) -> None:
    store = opened(replications=4)
    store.add(result(0, 1))
    store.add(result(2, 3))
    whole = store.finish()
    harm(store)
    again = opened(replications=4)
    assert done(again) == {2, 3}
    assert {path.name.split("-")[1] for path in again.parts.iterdir()} == {"0000000002"}, "both of a pair are removed"
    again.add(result(0, 1))
    assert again.finish() == whole


def test_whole_parts_are_kept(opened: Callable[..., Store]) -> None:
    store = opened(replications=2)
    store.add(result(0, 1))
    before = part(store, "runs", 0).stat().st_mtime_ns
    assert done(opened(replications=4)) == {0, 1}
    assert part(store, "runs", 0).stat().st_mtime_ns == before


def test_parts_that_overlap_are_not_counted_twice(opened: Callable[..., Store]) -> None:
    store = opened(replications=4)
    store.add(result(0, 1, 2))
    store.add(result(2, 3))
    assert done(store) == {0, 1, 2}
    assert len(list(store.parts.iterdir())) == 2


def test_a_time_series_left_without_its_runs_does_not_get_in(opened: Callable[..., Store]) -> None:
    """As when killed between the two, and gone on with another number of replications."""
    store = opened(replications=2)
    store.add(result(0))
    part(store, "runs", 0).unlink()
    again = opened(replications=2)
    assert done(again) == set()
    again.add(result(0, 1))
    again.finish()
    assert len(pd.read_parquet(again.folder / "timeseries.parquet")) == 2 * 2 * 7


def test_half_written_files_of_a_killed_process_are_cleared_away(opened: Callable[..., Store]) -> None:
    store = opened()
    for folder in (store.folder, store.parts):
        (folder / ".runs.parquet.4711.tmp").touch()
    again = opened()
    assert not list(again.folder.rglob(".*.tmp"))


# Whose folder


def test_other_results_are_refused_and_the_difference_named(opened: Callable[..., Store]) -> None:
    store = opened()
    store.add(result(0))
    store.close()
    before = {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()}
    for changes, named in (({"seed": 2}, "seed: 1, not 2"), ({"months": 7}, "scenario.horizon.months: 6, not 7")):
        with pytest.raises(InputError, match=named):
            Store(store.folder, comparison(**changes))
    with pytest.raises(InputError, match="another arms"):
        Store(store.folder, Design(SCENARIO, ARMS[:1], 8, 1))
    assert {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()} == before


def test_results_of_other_code_are_other_results(opened: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> None:
    opened()
    monkeypatch.setattr("ci_sim.sweep.design.code_digest", lambda: "0123456789ab")
    with pytest.raises(InputError, match="code: "):
        opened()


@pytest.mark.parametrize("content", ["", "{", "[]", "3", "null", "\x00"])
def test_a_damaged_design_is_refused(content: str, opened: Callable[..., Store]) -> None:
    store = opened()
    (store.folder / "design.json").write_text(content)
    with pytest.raises(InputError, match=r"found (a damaged file|other results)"):
        opened()
    assert (store.folder / "design.json").read_text() == content


def test_a_folder_is_one_process_at_a_time(opened: Callable[..., Store]) -> None:
    store = opened()
    with pytest.raises(InputError, match="in use by another process"):
        Store(store.folder, comparison())
    store.close()
    store.close()
    Store(store.folder, comparison()).close()


def test_a_loser_of_a_race_for_an_empty_folder_changes_nothing(
    opened: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process claims the folder between our first look and our lock."""
    locked = Store._locked

    def late(self: Store) -> int | None:
        monkeypatch.setattr(Store, "_locked", locked)
        Store(self.folder, comparison(seed=2)).close()
        return locked(self)

    monkeypatch.setattr(Store, "_locked", late)
    with pytest.raises(InputError, match="seed: 2, not 1"):
        opened()


def test_hidden_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*")
    Store(tmp_path, comparison()).close()
    assert (tmp_path / "design.json").is_file()


def test_a_full_disk_is_no_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        Store(tmp_path / "out", comparison())


# Files


def test_files_are_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), replace_file(path) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    with replace_file(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_failing_to_finish_leaves_the_tables_there_were(opened: Callable[..., Store]) -> None:
    store = opened(replications=1)
    store.add(result(0))
    store.finish()
    before = (store.folder / "timeseries.csv").read_bytes()
    more = opened(replications=2)
    more.add(result(1))

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        more.finish(full)
    assert (more.folder / "timeseries.csv").read_bytes() == before
    assert not list(more.folder.glob(".*.tmp"))
    assert json.loads((more.folder / "design.json").read_text())["seed"] == 1
