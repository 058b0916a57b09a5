"""The engine in processes of its own against an endpoint that limits, fails, hangs or is killed away from."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth_assets.calls.folder import CallFolder
from tests.benchmarks.mock_endpoint import endpoint_process, state_of
from tests.engine_child import candidate

CHECKOUT = Path(__file__).parent.parent


def start(address: str, folder: Path, **options: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.engine_child", "--address", address, "--folder", str(folder / "calls"),
               "--machine", str(folder / "machine")]  # fmt: skip
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=CHECKOUT, text=True)


def end(child: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _ = child.communicate(timeout=280)
    assert child.returncode == 0
    return json.loads(out)


def rows_of(folder: Path) -> pl.DataFrame:
    """Every answered call on disk."""
    with CallFolder(folder / "calls", "reader") as log:
        log.recover()
    frame = pl.read_parquet(folder / "calls" / "segments" / "*.parquet")
    return frame.filter(pl.col("error").is_null())


# --- a rate limit


def keeps_to_the_limit(folder: Path, calls: int, processes: int) -> None:
    with endpoint_process("--latency-ms", "100", "--allow-per-second", "50", "--retry-after", "1") as address:
        share = calls // processes
        children = [
            start(address, folder, calls=share, first=share * n, in_flight=256, run_id=f"run{n}")
            for n in range(processes)
        ]
        found = [end(child) for child in children]
        state = state_of(address)
    assert [one["made"] for one in found] == [share] * processes
    assert all(one["refused"] == {} and one["failure"] == "" for one in found)
    rate = state["answered"] / state["span_s"]
    refused = state["refused_429"] / state["received"]
    print(f"\n{processes} runs: {rate / 50:.3f} of the allowed rate, {refused:.3f} refused")
    assert rate >= 0.9 * 50
    assert refused < 0.05
    assert rows_of(folder).height == calls


@pytest.mark.exhaustive
@pytest.mark.parametrize("processes", [1, 4])
def test_a_rate_limit_is_used_to_nine_tenths_and_no_row_is_lost(tmp_path: Path, processes: int) -> None:
    keeps_to_the_limit(tmp_path, 4000, processes)


# --- faults


def bears_faults(folder: Path, calls: int) -> None:
    faults = "reset=10,500=10,malformed=5,truncated=5,hang=2"
    with endpoint_process("--latency-ms", "5", "--faults", faults) as address:
        found = end(start(address, folder, calls=calls, timeout_s=1.0))
        state = state_of(address)
    assert found["failure"] == ""
    assert found["made"] + sum(found["refused"].values()) == calls
    assert set(found["refused"]) <= {"call_failed"}
    assert found["made"] >= 0.99 * calls
    assert found["answered"] == found["made"]
    assert rows_of(folder).height == found["made"]
    # every fault of the endpoint was seen and counted, and every request is accounted for
    assert state["received"] == found["answered"] + sum(found["faults"].values())
    assert sum(found["faults"].values()) == sum(state["faults"].values())
    assert {"connection", "status_500", "malformed", "timeout"} <= set(found["faults"])


def test_every_row_on_a_faulty_endpoint_ends_made_or_refused_and_all_is_counted(tmp_path: Path) -> None:
    bears_faults(tmp_path, 300)


@pytest.mark.exhaustive
def test_every_one_of_5000_rows_on_a_faulty_endpoint_ends_made_or_refused(tmp_path: Path) -> None:
    bears_faults(tmp_path, 5000)


def until_answered(address: str, calls: int) -> None:
    deadline = time.monotonic() + 60
    while state_of(address, calls=False)["answered"] < calls:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.long
def test_a_machine_that_stops_answering_is_given_up_within_half_a_minute(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.mock_endpoint", "--latency-ms", "200"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=CHECKOUT, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        child = start(address, tmp_path, calls=100_000, in_flight=8, timeout_s=600)
        until_answered(address, 16)
        server.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        try:
            found = end(child)
        finally:
            server.send_signal(signal.SIGCONT)
            server.terminate()
    assert time.monotonic() - began < 30
    assert found["failure"].startswith(f"ModelUnreachable: direct {address}: no answer to 8 requests")
    assert found["refused"] == {}
    assert rows_of(tmp_path).height == found["made"]


@pytest.mark.exhaustive
def test_an_endpoint_that_is_slow_but_there_is_waited_for(tmp_path: Path) -> None:
    with endpoint_process("--latency-ms", "40000") as address:
        found = end(start(address, tmp_path, calls=8, in_flight=8, timeout_s=60))
    assert (found["made"], found["faults"]) == (8, {})


# --- a budget


def test_a_budget_of_100_calls_lets_100_leave_with_four_runs_at_once(tmp_path: Path) -> None:
    with endpoint_process("--latency-ms", "20") as address:
        children = [
            start(address, tmp_path, calls=100, first=100 * n, in_flight=16, budget=100, run_id=f"run{n}")
            for n in range(4)
        ]
        found = [end(child) for child in children]
        assert state_of(address)["received"] == 100
        assert sum(one["made"] for one in found) == 100
        stopped = {one["failure"] for one in found if one["made"] < 100}
        assert stopped == {"BudgetSpent: budget.calls: 100 of 100 calls are spent"}
        more = end(start(address, tmp_path, calls=400, in_flight=16, budget=250, run_id="more"))
        assert state_of(address)["received"] == 250
        assert more["answered"] == 150


# --- kills


def killed_and_finished(folder: Path, calls: int, kills: list[float]) -> None:
    """Kill a run at these shares of its way, go on each time, and compare what the endpoint saw with what is there."""
    with endpoint_process("--latency-ms", "30") as address:
        again = 0
        for share in kills:
            child = start(address, folder, calls=calls)
            before = state_of(address, calls=False)["received"]
            goal = before + max(1, int(share * (calls - len(rows_of(folder)))))
            while state_of(address, calls=False)["received"] < goal and child.poll() is None:
                time.sleep(0.002)
            child.send_signal(signal.SIGKILL)
            child.communicate()
            time.sleep(0.1)  # what was under way at the kill is sent by the endpoint, and read by nobody
            state = state_of(address, calls=False)
            durable = rows_of(folder).height
            # A place in flight is free again only once its reply is in the journal: what was read and is not durable
            # counts among the 64 too, and so a journal that lags shows here.
            unanswered = state["received"] - again - durable
            assert unanswered <= 64
            again += unanswered
        found = end(start(address, folder, calls=calls))
        state = state_of(address)
    assert found["made"] == calls
    assert state["received"] - calls == again  # sent twice: what had no durable answer at a kill, and nothing else
    # as the endpoint counts them, but for the one reply a kill that was read and not in the journal yet
    assert again <= state["received"] - state["answered"] + len(kills)
    ids = rows_of(folder).get_column("candidate_id")
    assert (len(ids), ids.n_unique()) == (calls, calls)
    assert set(ids) == {candidate(number) for number in range(calls)}


@pytest.mark.exhaustive
@pytest.mark.parametrize("share", random.Random(5).sample([n / 100 for n in range(1, 100)], 20))
def test_a_run_of_5000_calls_killed_at_any_moment_ends_with_5000_rows(tmp_path: Path, share: float) -> None:
    killed_and_finished(tmp_path, 5000, [share])


def test_a_run_killed_again_and_again_sends_only_what_had_no_answer(tmp_path: Path) -> None:
    killed_and_finished(tmp_path, 1500, [0.2, 0.5])
