"""How stages use the engine: pages of the work list, batches, faults and costs in what they report."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from synth_assets.calls import journal
from synth_assets.errors import WarehouseBusy
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Reply, Request
from synth_assets.generation import StepInput, run_step
from synth_assets.models import loop
from synth_assets.stages import steps
from synth_assets.stages.steps import carry_step, plan_round, work_left
from synth_assets.stages.work import Asking, Work
from synth_assets.warehouse import Warehouse
from tests.batch_endpoint import BatchEndpoint, Outcome
from tests.conftest import WorkFactory, content_of, select
from tests.scripted_endpoint import Act, ScriptedEndpoint, Seen
from tests.strong_model import strong_reply

STEPS = ("queries", "reasoning_drafts", "answers")
TIMES = {"queries": ("made_at", "run_id"), "reasoning_drafts": ("made_at", "run_id"), "answers": ("made_at", "run_id")}


def carry(work: Work) -> dict[str, dict]:
    return {table: carry_step(work, "memorization", "en", table) for table in STEPS}


@pytest.mark.long
def test_pages_of_any_size_make_the_same_rows(
    work_at: WorkFactory, endpoint: ScriptedEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 7}})
    plan_round(work, "memorization", "en")
    monkeypatch.setattr(steps, "PAGE", 2)
    monkeypatch.setattr(steps, "READ_BLOCK", 1)
    monkeypatch.setattr(steps, "WAITING_MOST", 1)
    reports = carry(work)
    assert [report["work"] for report in reports.values()] == [7, 7, 7]
    assert [report["made"] for report in reports.values()] == [7, 7, 7]
    assert endpoint.received() == 21
    for table in STEPS:
        assert len(content_of(work.warehouse, table, without=TIMES[table])) == 7


def test_progress_tells_what_the_calls_come_to(work_at: WorkFactory, endpoint: ScriptedEndpoint) -> None:
    told: list[tuple[str, int, int, Asking | None]] = []
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 3}})
    object.__setattr__(work, "progress", lambda *seen: told.append(seen))
    endpoint.script = lambda seen: strong_reply(seen)
    plan_round(work, "memorization", "en")
    carry_step(work, "memorization", "en", "queries")
    stage, done, total, asking = told[0]
    assert (stage, done, total) == ("queries", 0, 3)
    assert isinstance(asking, Asking)
    assert str(Asking(in_flight=3, limit=16, tokens_per_s=1234.5, cost_usd=0.5, troubles=2)) == (
        "3 of 16 in flight, 1,234 tokens/s, 0.5000 USD, 2 faults"
    )


def test_faults_and_failed_calls_are_in_the_report(work_at: WorkFactory) -> None:
    first: set[str] = set()

    def script(seen: Seen) -> Act:
        if len(first) < 2 and seen.key not in first:
            first.add(seen.key)
            return Act(kind="status", status=500)
        return strong_reply(seen)

    with ScriptedEndpoint(script) as endpoint:
        work = work_at(endpoint.address, exercises={"memorization": {"rows": 3}})
        plan_round(work, "memorization", "en")
        report = carry_step(work, "memorization", "en", "queries")
    assert (report["made"], report["calls"], report["retries"], report["faults"]) == (3, 3, 2, {"status_500": 2})
    assert report["prices"] == {"strong": "free"}
    assert report["cost_usd"] == 0.0
    assert report["tokens"] > 0


def test_what_calls_cost_is_told_by_exercise_cell_model_day_and_row(
    work_at: WorkFactory, endpoint: ScriptedEndpoint
) -> None:
    priced = {"model": "strong", "address": endpoint.address, "usd_per_million_prompt_tokens": 1000.0,
              "usd_per_million_completion_tokens": 2000.0}  # fmt: skip
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 2}}, models={"query": priced})
    plan_round(work, "memorization", "en")
    report = carry_step(work, "memorization", "en", "queries")
    assert report["prices"] == {"strong": "recipe"}
    spent = select(work.warehouse, "select sum(cost_usd) as usd, sum(prompt_tokens * 0.001 + completion_tokens * 0.002)"
                   " as expected from model_calls")[0]  # fmt: skip
    assert spent["usd"] == pytest.approx(float(spent["expected"]))
    assert report["cost_usd"] == pytest.approx(spent["usd"])
    for by in ("exercise", "cell", "model", "day"):
        (row,) = work.warehouse.read(f"audit/cost_by_{by}")
        assert (row["calls"], row["failed"], row["unpriced"]) == (2, 0, 0)
        assert row["cost_usd"] == pytest.approx(spent["usd"])
    (dearest,) = work.warehouse.read("audit/cost_by_row", most=1)
    assert dearest["cost_usd"] >= spent["usd"] / 2


def test_a_slow_disk_slows_the_calls_and_loses_none(
    work_at: WorkFactory, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def slowly(fd: int, data: bytes) -> int:
        if data.startswith(b'{"call_id"'):
            time.sleep(0.05)
        return write(fd, data)

    monkeypatch.setattr(journal.os, "write", slowly)
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 6}})
    plan_round(work, "memorization", "en")
    carry_step(work, "memorization", "en", "queries")
    assert select(work.warehouse, "select count(*) as n, count(reply) as replies from model_calls") == [
        {"n": 6, "replies": 6}
    ]


def test_a_table_that_cannot_be_written_ends_the_stage_and_its_calls(
    work_at: WorkFactory, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PAGE": 4, "READ_BLOCK": 1, "WAITING_MOST": 1, "WRITE_EVERY_S": 0.01}.items():
        monkeypatch.setattr(steps, name, value)

    def busy(warehouse: Warehouse, table: str, rows: list) -> int:
        raise WarehouseBusy("somebody holds it")

    monkeypatch.setattr(Warehouse, "insert", busy)
    run = loop.run
    monkeypatch.setattr(steps.loop, "run", lambda stage: run(asyncio.wait_for(stage, 20)))
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 12}})
    plan_round(work, "memorization", "en")
    began = time.monotonic()
    with pytest.raises(WarehouseBusy, match="somebody holds it"):
        carry_step(work, "memorization", "en", "queries")
    assert time.monotonic() - began < 15
    assert endpoint.received() < 12  # what nobody can write is not asked for


class Slow:
    """Answers after a while, and counts who is asking."""

    def __init__(self) -> None:
        self.asking = 0
        self.answered = 0

    async def ask(self, request: Request, **whose: object) -> tuple[Reply, ...]:
        self.asking += 1
        try:
            await asyncio.sleep(0.05)
            self.answered += 1
            return (Reply(text="A reply.", model="m", call_id=f"{whose['candidate_id']}-{self.answered}"),)
        finally:
            self.asking -= 1


def some_inputs(work: Work) -> list[StepInput]:
    plan_round(work, "memorization", "en")
    rows = select(work.warehouse, "select candidate_id from candidates")
    tasks = steps.read_tasks(work, EXERCISES["memorization"], "en", [row["candidate_id"] for row in rows])
    return [StepInput(task=task) for task, _ in tasks]


def test_a_step_that_is_cancelled_leaves_nobody_asking(work_at: WorkFactory) -> None:
    inputs = some_inputs(work_at(exercises={"memorization": {"rows": 6}}))
    client = Slow()

    async def cancelled() -> int:
        step = run_step(
            EXERCISES["memorization"], "query", inputs, client, attempts=3, window=4, on_outcome=lambda outcome: None
        )
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(step, 0.02)
        return client.asking

    assert asyncio.run(cancelled()) == 0


def test_inputs_that_end_in_an_error_let_those_under_way_finish(work_at: WorkFactory) -> None:
    inputs = some_inputs(work_at(exercises={"memorization": {"rows": 3}}))
    client = Slow()

    async def torn() -> AsyncIterator[StepInput]:
        for item in inputs:
            yield item
        await asyncio.sleep(0.01)
        raise WarehouseBusy("somebody holds it")

    done: list[object] = []
    step = run_step(EXERCISES["memorization"], "query", torn(), client, attempts=1, window=8, on_outcome=done.append)
    with pytest.raises(WarehouseBusy):
        asyncio.run(step)
    assert len(done) == len(inputs) > 0
    assert client.asking == 0


# --- batches


def by_strong_model(body: dict) -> Outcome:
    seen = Seen(body=body, headers={}, key="", times=0, number=0)
    return Outcome(text=strong_reply(seen).text)


def in_batches(address: str) -> dict:
    return {"query": {"model": "strong", "address": address, "batch": True}}


def test_a_cell_goes_through_batches_over_several_runs_and_ends_with_the_rows_of_direct_calls(
    work_at: WorkFactory, endpoint: ScriptedEndpoint
) -> None:
    with BatchEndpoint(by_strong_model, patient=True) as batches:
        work = work_at(exercises={"memorization": {"rows": 3}}, models=in_batches(batches.address))
        plan_round(work, "memorization", "en")
        first = carry_step(work, "memorization", "en", "queries")
        assert (first["work"], first["made"], first["calls_in_batches"]) == (3, 0, 3)
        assert work_left(work, "memorization", "en").open == 3
        again = carry_step(work, "memorization", "en", "queries")  # not answered yet: nothing is sent again
        assert (again["made"], again.get("calls_in_batches", 0)) == (0, 0)
        for table in STEPS:
            carry_step(work, "memorization", "en", table)
            batches.end()
            report = carry_step(work, "memorization", "en", table)
            assert (report["made"], report["calls_replayed"]) == (3, 3)
        assert sum(batches.requests.values()) == 9
        rows = select(work.warehouse, "select distinct address, http_attempts from model_calls")
        assert [row["address"] for row in rows] == [f"batch {batches.address}"]
        made = {table: content_of(work.warehouse, table, without=TIMES[table]) for table in STEPS}
    direct = work_at(endpoint.address, exercises={"memorization": {"rows": 3}}, run_id="direct")
    assert [len(rows) for rows in made.values()] == [3, 3, 3]
    assert carry(direct)["answers"]["work"] == 0  # they are all there


def test_a_batch_budget_sets_the_worst_case_aside_until_it_is_collected(work_at: WorkFactory) -> None:
    with BatchEndpoint(by_strong_model, patient=True) as batches:
        work = work_at(exercises={"memorization": {"rows": 4}}, models=in_batches(batches.address), budget={"calls": 3})
        plan_round(work, "memorization", "en")
        with pytest.raises(Exception, match=r"budget\.calls: 3 of 3 calls are spent"):
            carry_step(work, "memorization", "en", "queries")
        assert sum(len(batch) > 0 for batch in batches.batches.values()) == 1  # what the budget held was sent
        batches.end()
        with pytest.raises(Exception, match=r"budget\.calls: 3 of 3 calls are spent"):
            carry_step(work, "memorization", "en", "queries")
        assert len(content_of(work.warehouse, "queries", without=TIMES["queries"])) == 3
        assert sum(batches.requests.values()) == 3
