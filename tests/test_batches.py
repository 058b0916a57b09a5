import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import Call
from synth_assets.calls.sums import Totals
from synth_assets.errors import ModelRejected, ModelUnreachable, WarehouseBroken
from synth_assets.identity import hash_of
from synth_assets.models.batches import Batches, BatchStatus, Collected
from synth_assets.models.prices import Price
from synth_assets.recipe import ModelEntry
from tests.batch_endpoint import BatchEndpoint, Outcome, Spoiled

NOW = datetime(2023, 11, 15, tzinfo=UTC)
SECRET = "sk-very-secret-0123456789"
PRICE = Price(prompt=1e-6, completion=2e-6, source="recipe")
CREATION = ("POST", "/v1/batches")
UPLOAD = ("POST", "/v1/files")


@pytest.fixture
def endpoint() -> Iterator[BatchEndpoint]:
    with BatchEndpoint() as running:
        yield running


def a_draft(number: int, *, model: str = "scripted", text: str | None = None) -> Call:
    content = f"question {number}" if text is None else text
    body = {"model": model, "messages": [{"role": "user", "content": content}], "max_tokens": 50, "seed": number}
    return Call(
        call_id=hash_of("call", body),
        candidate_id=f"candidate-{number}",
        step="query",
        exercise="memorization",
        language="en",
        attempt=0,
        sample=0,
        role="query",
        model=model,
        address="",
        request=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        templates='["t@abc"]',
        reply=None,
        finish_reason="",
        prompt_tokens=None,
        completion_tokens=None,
        cost_usd=None,
        error=None,
        http_attempts=0,
        started_at="",
        finished_at="",
        run_id="asked",
        logprobs=None,
    )


def entry_at(endpoint: BatchEndpoint, **settings: Any) -> ModelEntry:
    return ModelEntry(**{"model": "scripted", "address": endpoint.address, **settings})


def run(folder: Path, use: Callable[[Batches], Awaitable[Any]], *, run_id: str = "run", **settings: Any) -> Any:
    """What `use` makes of the batches of this folder, in a run of its own that takes no time."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)

    async def main() -> Any:
        async with aiohttp.ClientSession() as session:
            with (
                CallFolder(folder, run_id) as log,
                Batches(folder / "batches", log, session, sleep=sleep, **{"now": lambda: NOW, **settings}) as batches,
            ):
                return await use(batches)

    return asyncio.run(main())


def submitting(entry: ModelEntry, *numbers: int, price: Price | None = PRICE) -> Callable[[Batches], Awaitable[int]]:
    async def use(batches: Batches) -> int:
        for number in numbers:
            batches.want(a_draft(number), entry, price, {"tokens": 100, "usd": 0.5})
        return await batches.submit()

    return use


async def collecting(batches: Batches) -> Collected:
    """Collect until nothing is open any more."""
    done = Collected()
    for _ in range(6):
        done += await batches.collect()
    assert not any(batch.open for batch in batches.status())
    return done


async def once(batches: Batches) -> Collected:
    return await batches.collect()


def statuses(folder: Path) -> list[BatchStatus]:
    async def use(batches: Batches) -> list[BatchStatus]:
        return batches.status()

    return run(folder, use)


def stored(folder: Path, *numbers: int) -> dict[int, Call]:
    """The answered calls in the log, by number."""
    with CallFolder(folder, "reader") as log:
        found = log.stored([f"candidate-{number}" for number in numbers], "query")
    return {int(call.candidate_id.removeprefix("candidate-")): call for call in found.values()}


def totals(folder: Path) -> Totals:
    with CallFolder(folder, "reader") as log:
        return log.totals()


def failing_at(place: tuple[str, str], spoiled: Spoiled, times: int = 1000) -> Callable[[str, str], Spoiled | None]:
    """Spoils the first `times` requests for a place."""
    left = [times]

    def fault(method: str, path: str) -> Spoiled | None:
        if (method, path) != place or not left[0]:
            return None
        left[0] -= 1
        return spoiled

    return fault


# --- there and back


def test_a_batch_is_submitted_by_one_run_and_its_calls_are_recorded_by_another(
    endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    entry = entry_at(endpoint)
    assert run(tmp_path, submitting(entry, 1, 2, 3)) == 3
    assert run(tmp_path, once) == Collected()
    assert [batch.state for batch in statuses(tmp_path)] == ["in_progress"]
    done = run(tmp_path, collecting, run_id="later")
    assert done == Collected(batches=1, answered=3)
    calls = stored(tmp_path, 1, 2, 3)
    assert {number: call.reply for number, call in calls.items()} == {
        number: f"reply to question {number}" for number in (1, 2, 3)
    }
    call = calls[2]
    prompt, reply = call.prompt_tokens, call.completion_tokens
    assert prompt
    assert reply == 4
    draft = a_draft(2)
    assert (call.call_id, call.request, call.templates) == (draft.call_id, draft.request, draft.templates)
    assert call.address == f"batch {endpoint.address}"
    assert call.cost_usd == pytest.approx((prompt * 1e-6 + reply * 2e-6) / 2)
    assert (call.finish_reason, call.error, call.http_attempts, call.run_id) == ("stop", None, 1, "later")
    assert call.started_at == call.finished_at == "2023-11-15T00:00:00.000+00:00"


def test_the_state_of_a_batch_can_be_asked_for_at_every_stage(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1, 2))
    states = []
    for _ in range(4):
        [batch] = statuses(tmp_path)
        states.append((batch.state, batch.open))
        run(tmp_path, once)
    assert states == [("validating", True), ("in_progress", True), ("finalizing", True), ("completed", False)]
    [batch] = statuses(tmp_path)
    assert (batch.requests, batch.answered, batch.failed, batch.reason) == (2, 2, 0, "")
    assert (batch.address, batch.model, batch.batch_id) == (endpoint.address, "scripted", "batch-0002")
    assert (batch.worst_tokens, batch.worst_usd) == (200, 1.0)
    assert batch.submitted_at == "2023-11-15T00:00:00.000+00:00"


def test_a_collected_batch_leaves_nothing_but_its_state(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1))
    run(tmp_path, collecting)
    [batch] = statuses(tmp_path)
    left = {path.name for path in (tmp_path / "batches").iterdir()}
    assert left == {f"{batch.local_id}.json", "prepare.lock"}


def test_the_uploaded_lines_are_the_requests_and_the_size_is_told(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    awkward = 'Zeilen\u2028 und \u0085 und "Anführung" 你好'

    async def use(batches: Batches) -> None:
        batches.want(a_draft(1, text=awkward), entry_at(endpoint), None)
        await batches.submit()

    run(tmp_path, use)
    content = endpoint.content("file-0001")
    [line] = content.decode().splitlines()
    assert json.loads(line) == {
        "custom_id": a_draft(1, text=awkward).call_id,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": json.loads(a_draft(1, text=awkward).request),
    }
    assert endpoint.upload_sizes[0] is not None
    [batch] = endpoint.batches.values()
    assert batch["metadata"] == {"synth_assets": statuses(tmp_path)[0].local_id}


def test_calls_are_told_of_after_they_are_recorded(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    told: list[str] = []

    def on_call(call: Call) -> None:
        number = int(call.candidate_id.removeprefix("candidate-"))
        assert stored(tmp_path, number)[number] == call
        told.append(call.candidate_id)

    run(tmp_path, submitting(entry_at(endpoint), 1, 2))
    run(tmp_path, collecting, on_call=on_call)
    assert sorted(told) == ["candidate-1", "candidate-2"]


def test_batches_are_split_by_requests_and_by_bytes(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    run(tmp_path, submitting(entry, *range(7)), requests_a_file=3)
    assert sorted(batch.requests for batch in statuses(tmp_path)) == [1, 3, 3]
    size = len(endpoint.content("file-0001").splitlines()[0])
    run(tmp_path, submitting(entry, *range(10, 17)), bytes_a_file=2 * size + size // 2)
    assert sorted(batch.requests for batch in statuses(tmp_path)) == [1, 1, 2, 2, 2, 3, 3]
    run(tmp_path, collecting)
    assert len(stored(tmp_path, *range(20))) == 14


def test_each_model_and_each_price_has_batches_of_its_own(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    async def use(batches: Batches) -> None:
        batches.want(a_draft(1), entry_at(endpoint), PRICE)
        batches.want(a_draft(2), entry_at(endpoint), Price(prompt=0.0, completion=0.0, source="free"))
        batches.want(a_draft(3, model="other"), entry_at(endpoint, model="other"), None)
        await batches.submit()

    run(tmp_path, use)
    assert sorted(batch.model for batch in statuses(tmp_path)) == ["other", "scripted", "scripted"]
    run(tmp_path, collecting)
    costs = {number: call.cost_usd for number, call in stored(tmp_path, 1, 2, 3).items()}
    assert costs[1]
    assert costs[2] == 0.0
    assert costs[3] is None


def test_a_call_without_usage_costs_nobody_knows_what(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    endpoint.answer = lambda body: Outcome(text="yes", usage=False)
    run(tmp_path, submitting(entry_at(endpoint), 1))
    run(tmp_path, collecting)
    call = stored(tmp_path, 1)[1]
    assert (call.prompt_tokens, call.completion_tokens, call.cost_usd) == (None, None, None)


def test_submitting_nothing_sends_nothing(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    assert run(tmp_path, submitting(entry_at(endpoint))) == 0
    assert run(tmp_path, once) == Collected()
    assert not endpoint.seen


# --- what is asked once


def test_a_call_in_an_open_batch_is_not_wanted_again(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    run(tmp_path, submitting(entry, 1, 2, 2, 1))

    async def again(batches: Batches) -> tuple[bool, bool, int]:
        batches.want(a_draft(1), entry, PRICE)
        batches.want(a_draft(3), entry, PRICE)
        known = batches.pending(a_draft(1).call_id), batches.pending(a_draft(3).call_id)
        return *known, await batches.submit()

    assert run(tmp_path, again) == (True, False, 1)
    run(tmp_path, collecting)
    assert set(endpoint.requests.values()) == {1}
    assert len(stored(tmp_path, 1, 2, 3)) == 3


def test_what_was_answered_since_it_was_looked_up_is_not_sent(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)

    async def late(batches: Batches) -> int:
        batches.want(a_draft(1), entry, PRICE)
        batches.want(a_draft(2), entry, PRICE)
        await asyncio.to_thread(run, tmp_path, submitting(entry, 1), run_id="other")
        await asyncio.to_thread(run, tmp_path, collecting, run_id="other")
        return await batches.submit()

    assert run(tmp_path, late) == 1
    run(tmp_path, collecting)
    assert set(endpoint.requests.values()) == {1}
    assert totals(tmp_path).answered.calls == 2


def test_wanted_calls_that_were_never_submitted_are_forgotten(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    async def use(batches: Batches) -> None:
        batches.want(a_draft(1), entry_at(endpoint), PRICE)

    run(tmp_path, use)
    assert not list((tmp_path / "batches").iterdir())
    assert run(tmp_path, submitting(entry_at(endpoint), 1)) == 1


def test_two_runs_at_once_submit_and_collect_once(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    numbers = range(30)

    async def use(first: Batches) -> list[Collected]:
        async with aiohttp.ClientSession() as session:
            with CallFolder(tmp_path, "second") as log, Batches(tmp_path / "batches", log, session) as second:
                for number in numbers:
                    for batches in (first, second):
                        batches.want(a_draft(number), entry, PRICE)
                sent = await asyncio.gather(first.submit(), second.submit())
                assert sum(sent) == 30
                done: list[Collected] = []
                for _ in range(6):
                    done += await asyncio.gather(first.collect(), second.collect())
                return done

    done = run(tmp_path, use)
    assert sum(one.answered for one in done) == 30
    assert endpoint.seen[CREATION] == endpoint.seen[UPLOAD] == 1
    assert totals(tmp_path).answered.calls == 30


# --- calls that are not answered


def by_text(outcomes: Mapping[str, Outcome]) -> Callable[[Mapping[str, Any]], Outcome]:
    def answer(body: Mapping[str, Any]) -> Outcome:
        return outcomes.get(body["messages"][0]["content"], Outcome(text="fine"))

    return answer


def test_each_kind_of_line_is_recorded_refused_or_left_open(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    outcomes = {
        1: Outcome(status=400, text="temperature is out of range"),
        2: Outcome(status=429, text="slow down"),
        3: Outcome(status=500, text="oops"),
        4: Outcome(error_code="server_error", text="gone"),
        5: Outcome(status=400, text="This model's maximum context length is 10 tokens"),
        6: Outcome(status=400, text="content_policy_violation"),
        7: Outcome(missing=True),
        8: Outcome(text="fine", choice={"message": None}),
        9: Outcome(text="cut", finish_reason="length"),
    }
    endpoint.answer = by_text({f"question {number}": outcome for number, outcome in outcomes.items()})
    run(tmp_path, submitting(entry_at(endpoint), *range(11)))

    async def use(batches: Batches) -> tuple[Collected, str | None, str | None]:
        done = await collecting(batches)
        return done, batches.refused(a_draft(1).call_id), batches.refused(a_draft(2).call_id)

    done, refusal, none = run(tmp_path, use)
    assert (done.batches, done.answered, done.refused, done.open_again) == (1, 5, 1, 5)
    calls = stored(tmp_path, *range(11))
    assert {number: (call.reply, call.finish_reason) for number, call in calls.items()} == {
        0: ("fine", "stop"),
        5: ("", "context_exceeded"),
        6: ("", "content_filter"),
        9: ("cut", "length"),
        10: ("fine", "stop"),
    }
    assert refusal == (
        f"batch {endpoint.address} refused model 'scripted' with status 400: temperature is out of range"
    )
    assert none is None
    assert totals(tmp_path).failed.calls == 1
    assert totals(tmp_path).failed.usd == 0.0
    [message] = done.messages
    assert message.startswith(f"batch {endpoint.address}: batch-0002 of model 'scripted' is completed with 5 of 11 ")
    assert "1 refused, 5 open again: no_choices 1; server_error 1; status_400 1; status_429 1; status_500 1" in message


def test_what_was_left_open_is_asked_again_and_paid_for_once(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    endpoint.answer = by_text({"question 2": Outcome(status=500)})
    run(tmp_path, submitting(entry, 1, 2))
    run(tmp_path, collecting)
    endpoint.answer = by_text({})
    assert run(tmp_path, submitting(entry, 1, 2)) == 1
    assert run(tmp_path, collecting) == Collected(batches=1, answered=1)
    assert totals(tmp_path).answered.calls == 2


def test_the_same_calls_can_fail_in_one_batch_after_another(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    endpoint.patient = True
    for _ in range(3):
        assert run(tmp_path, submitting(entry, 1, 2)) == 2
        endpoint.end("failed")
        [message] = run(tmp_path, collecting).messages
        assert message.endswith(
            "is failed with 0 of 2 calls answered, 2 open again: token_limit_exceeded: Enqueued token limit reached"
        )
    batches = statuses(tmp_path)
    assert len({batch.local_id for batch in batches}) == 3
    assert {(batch.state, batch.failed, batch.reason) for batch in batches} == {
        ("failed", 2, "token_limit_exceeded: Enqueued token limit reached")
    }


@pytest.mark.parametrize("state", ["expired", "cancelled"])
def test_what_an_unfinished_batch_has_answered_is_kept(state: Any, endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    endpoint.patient = True
    run(tmp_path, submitting(entry, 1, 2, 3, 4, 5))
    run(tmp_path, once)
    endpoint.end(state, answered=2)
    done = run(tmp_path, collecting)
    assert (done.answered, done.refused, done.open_again) == (2, 0, 3)
    assert f"is {state} with 2 of 5 calls answered, 3 open again: batch_{state} 3" in done.messages[0]
    [batch] = statuses(tmp_path)
    assert (batch.state, batch.answered, batch.failed, batch.open) == (state, 2, 3, False)
    assert batch.reason == f"batch_{state} 3; This request was not executed: {state}."
    assert run(tmp_path, submitting(entry, 1, 2, 3, 4, 5)) == 3
    endpoint.end()
    run(tmp_path, collecting)
    assert set(endpoint.requests.values()) == {1}
    assert len(stored(tmp_path, 1, 2, 3, 4, 5)) == 5


def test_a_batch_cancelled_by_its_owner_gives_its_calls_back(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1, 2))

    async def use(batches: Batches) -> Collected:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{endpoint.address}/batches/batch-0002/cancel") as response,
        ):
            assert response.status == 200
        return await collecting(batches)

    done = run(tmp_path, use)
    assert (done.batches, done.answered, done.open_again) == (1, 0, 2)
    assert "is cancelled" in done.messages[0]


def test_a_file_the_server_finds_wrong_is_told_with_its_lines(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1, 2))
    endpoint.rewrite("file-0001", endpoint.content("file-0001").splitlines(keepends=True)[0] * 2)
    done = run(tmp_path, collecting)
    assert (done.answered, done.open_again) == (0, 2)
    assert "duplicate_custom_id: The custom_id" in done.messages[0]
    assert "(line 2)" in done.messages[0]


def test_lines_that_answer_no_request_are_set_aside_and_told(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    stray = b'{"custom_id": "unknown", "response": {"status_code": 200, "body": {}}}'
    endpoint.answer = by_text(
        {
            "question 1": Outcome(raw=b'{"custom_id": "abc", "resp'),
            "question 2": Outcome(raw=stray),
            "question 3": Outcome(raw=b"\xff\xfe" + b"[" * 100_000),
            "question 4": Outcome(raw=b'["custom_id"]'),
        }
    )
    run(tmp_path, submitting(entry_at(endpoint), *range(6)))
    done = run(tmp_path, collecting)
    assert (done.answered, done.open_again) == (2, 4)
    [batch] = statuses(tmp_path)
    kept = tmp_path / "batches" / f"{batch.local_id}.broken"
    assert f"4 lines that answer none of its requests are kept in {kept}" in done.messages[0]
    assert stray in kept.read_bytes().splitlines()
    assert len(kept.read_bytes().splitlines()) == 4


def test_a_request_that_is_answered_twice_is_recorded_once(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1))
    endpoint.end()
    [output] = [batch["output_file_id"] for batch in endpoint.batches.values()]
    endpoint.rewrite(output, endpoint.content(output) * 2)
    done = run(tmp_path, collecting)
    assert done.answered == 1
    assert "1 lines that answer none of its requests" in done.messages[0]
    assert totals(tmp_path).answered.calls == 1


# --- a server that fails, and one that says no


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (Spoiled(kind="status", status=503, text="overloaded"), "answered with status 503: overloaded"),
        (Spoiled(kind="status", status=429, headers={"Retry-After": "7"}), "it asks to come back in 7 seconds"),
        (Spoiled(kind="reset"), "127.0.0.1"),
        (Spoiled(kind="not_json"), "answered with something that is no JSON object"),
        (Spoiled(kind="half"), "127.0.0.1"),
    ],
)
@pytest.mark.parametrize("place", [UPLOAD, CREATION, ("GET", "/v1/batches/batch-0002")])
def test_a_server_that_fails_changes_nothing(
    place: tuple[str, str], spoiled: Spoiled, words: str, endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    entry = entry_at(endpoint)
    endpoint.fault = failing_at(place, spoiled)

    async def use(batches: Batches) -> None:
        batches.want(a_draft(1), entry, PRICE)
        await batches.submit()
        await batches.collect()

    with pytest.raises(ModelUnreachable, match=endpoint.address) as raised:
        run(tmp_path, use)
    assert words in str(raised.value)
    endpoint.fault = lambda method, path: None
    assert run(tmp_path, submitting(entry, 1)) in (0, 1)
    assert run(tmp_path, collecting).answered == 1
    assert set(endpoint.requests.values()) == {1}


def test_a_short_fault_is_waited_for(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1))
    place = ("GET", "/v1/batches/batch-0002")
    endpoint.fault = failing_at(place, Spoiled(kind="status", status=429, headers={"Retry-After": "3"}), times=2)
    assert run(tmp_path, once) == Collected()
    assert endpoint.seen[place] == 3


def test_nobody_at_the_address_is_told_with_the_address(tmp_path: Path) -> None:
    entry = ModelEntry(model="scripted", address="http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnreachable, match=r"batch http://127\.0\.0\.1:9/v1: "):
        run(tmp_path, submitting(entry, 1))
    [batch] = statuses(tmp_path)
    assert (batch.state, batch.open) == ("prepared", True)


def test_one_address_that_is_down_does_not_hold_up_another(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    async def use(batches: Batches) -> None:
        batches.want(a_draft(1), ModelEntry(model="scripted", address="http://127.0.0.1:9/v1"), PRICE)
        batches.want(a_draft(2), entry_at(endpoint), PRICE)
        await batches.submit()

    with pytest.raises(ModelUnreachable):
        run(tmp_path, use)
    for _ in range(4):
        with pytest.raises(ModelUnreachable):
            run(tmp_path, once)
    assert set(stored(tmp_path, 1, 2)) == {2}


@pytest.mark.parametrize("place", [UPLOAD, CREATION])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_a_batch_the_server_will_not_take_gives_its_calls_back(
    status: int, place: tuple[str, str], endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    entry = entry_at(endpoint)
    endpoint.fault = failing_at(place, Spoiled(kind="status", status=status, text="no such thing here"))
    with pytest.raises(ModelRejected, match=f"with status {status}: no such thing here"):
        run(tmp_path, submitting(entry, 1))
    [batch] = statuses(tmp_path)
    assert (batch.state, batch.open, batch.failed) == ("rejected", False, 1)
    assert "no such thing here" in batch.reason
    endpoint.fault = lambda method, path: None
    assert run(tmp_path, submitting(entry, 1)) == 1
    assert run(tmp_path, collecting).answered == 1


def test_a_batch_the_server_does_not_know_stays_and_says_what_to_do(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1))
    kept = dict(endpoint.batches)
    endpoint.batches.clear()
    [batch] = statuses(tmp_path)
    state = tmp_path / "batches" / f"{batch.local_id}.json"
    with pytest.raises(ModelRejected, match="No batch found") as raised:
        run(tmp_path, once)
    assert f"remove {state}" in str(raised.value)
    endpoint.batches.update(kept)
    assert run(tmp_path, collecting).answered == 1


def test_a_batch_whose_state_is_removed_may_be_asked_again(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    run(tmp_path, submitting(entry, 1))
    [batch] = statuses(tmp_path)
    (tmp_path / "batches" / f"{batch.local_id}.json").unlink()
    assert run(tmp_path, submitting(entry, 1)) == 1


def test_a_state_file_that_is_none_is_named(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1))
    [batch] = statuses(tmp_path)
    path = tmp_path / "batches" / f"{batch.local_id}.json"
    path.write_text('{"local_id": "other"}', "utf-8")
    with pytest.raises(WarehouseBroken, match=path.name):
        statuses(tmp_path)


# --- keys and addresses


def test_the_key_is_used_and_written_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_KEY", SECRET)
    with BatchEndpoint(lambda body: Outcome(text=f"my key is {SECRET}"), key=SECRET) as endpoint:
        entry = entry_at(endpoint, api_key_env="BATCH_KEY")
        run(tmp_path, submitting(entry, 1))
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
        run(tmp_path, collecting)
        assert stored(tmp_path, 1)[1].reply == "my key is [key]"
        monkeypatch.setenv("BATCH_KEY", "sk-other")
        with pytest.raises(ModelRejected, match="Incorrect API key provided: \\[key\\]"):
            run(tmp_path, submitting(entry, 2))
        run_files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert not [content for content in run_files if SECRET.encode() in content or b"sk-other" in content]


def test_a_key_that_is_gone_leaves_the_batch_as_it_is(
    endpoint: BatchEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_KEY", SECRET)
    run(tmp_path, submitting(entry_at(endpoint, api_key_env="BATCH_KEY"), 1))
    monkeypatch.delenv("BATCH_KEY")
    with pytest.raises(ModelRejected, match="BATCH_KEY holds no key"):
        run(tmp_path, once)
    monkeypatch.setenv("BATCH_KEY", SECRET)
    assert run(tmp_path, collecting).answered == 1


def test_answers_kept_elsewhere_are_fetched_without_the_key(
    endpoint: BatchEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_KEY", SECRET)
    endpoint.fault = lambda method, path: Spoiled(kind="elsewhere") if path.endswith("/content") else None
    run(tmp_path, submitting(entry_at(endpoint, api_key_env="BATCH_KEY"), 1))
    assert run(tmp_path, collecting).answered == 1
    assert "Authorization" in endpoint.headers[-2]
    assert "Authorization" not in endpoint.headers[-1]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"address": None}, "needs the address"),
        ({"address": "http://user:password@host/v1"}, "no secret may stand in it"),
        ({"address": "http://host/v1?key=1"}, "no secret may stand in it"),
    ],
)
def test_an_entry_that_can_have_no_batches_is_refused(
    settings: dict[str, Any], words: str, endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    with pytest.raises(ModelRejected, match=words) as raised:
        run(tmp_path, submitting(entry_at(endpoint, **settings), 1))
    assert "password@" not in str(raised.value)


def test_a_request_larger_than_a_file_is_refused(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    with pytest.raises(ModelRejected, match="a batch holds 100"):
        run(tmp_path, submitting(entry_at(endpoint), 1), bytes_a_file=100)


# --- killed at any moment


class Killed(BaseException):
    """Ends a run where it stands, like a kill."""


def killed_at(times: int) -> Callable[[], datetime]:
    """A clock that ends the run when it is looked at for that time."""
    looks = iter(range(1, 100))

    def now() -> datetime:
        if next(looks) == times:
            raise Killed
        return NOW

    return now


def finish(entry: ModelEntry, folder: Path, endpoint: BatchEndpoint, numbers: range) -> None:
    """Let later runs go on to the end, and hold that each call was run, recorded and paid for once."""
    run(folder, once)
    run(folder, submitting(entry, *numbers))
    run(folder, collecting)
    assert len(stored(folder, *numbers)) == len(numbers)
    assert totals(folder).answered.calls == len(numbers)
    assert set(endpoint.requests.values()) == {1}
    assert len(endpoint.batches) == 1


@pytest.mark.parametrize("looks", [1, 2], ids=["before the state is written", "before the creation is noted"])
def test_a_kill_while_submitting_is_mended(looks: int, endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    with pytest.raises(Killed):
        run(tmp_path, submitting(entry, 1, 2), now=killed_at(looks))
    assert len(endpoint.batches) == looks - 1
    finish(entry, tmp_path, endpoint, range(1, 3))


@pytest.mark.parametrize("kind", ["reset", "done_and_reset"])
@pytest.mark.parametrize("place", [UPLOAD, CREATION])
def test_a_connection_lost_while_submitting_is_mended(
    place: tuple[str, str], kind: Any, endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    entry = entry_at(endpoint)
    endpoint.fault = failing_at(place, Spoiled(kind=kind), times=3)
    with pytest.raises(ModelUnreachable):
        run(tmp_path, submitting(entry, 1, 2))
    endpoint.fault = lambda method, path: None
    finish(entry, tmp_path, endpoint, range(1, 3))


def test_a_batch_that_was_created_unnoticed_is_found_behind_many_others(
    endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    entry = entry_at(endpoint)
    endpoint.fault = failing_at(CREATION, Spoiled(kind="done_and_reset"))
    with pytest.raises(ModelUnreachable):
        run(tmp_path, submitting(entry, 1))
    [(own, batch)] = endpoint.batches.items()
    strangers = {f"batch-{number}": {**batch, "id": f"batch-{number}", "metadata": {"synth_assets": "another"},
                                     "input_file_id": "file-9999"} for number in range(1000, 1250)}  # fmt: skip
    endpoint.batches.update(strangers)
    run(tmp_path, once)
    assert [found.batch_id for found in statuses(tmp_path)] == [own]
    assert endpoint.seen["GET", "/v1/batches"] == 3
    assert endpoint.seen[CREATION] == 1


def test_a_batch_is_known_by_its_file_where_the_server_keeps_no_metadata(
    endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    entry = entry_at(endpoint)
    endpoint.fault = failing_at(CREATION, Spoiled(kind="done_and_reset"))
    with pytest.raises(ModelUnreachable):
        run(tmp_path, submitting(entry, 1))
    for batch in endpoint.batches.values():
        batch["metadata"] = None
    endpoint.fault = lambda method, path: None
    finish(entry, tmp_path, endpoint, range(1, 2))


def test_an_answer_cut_short_is_fetched_again(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    run(tmp_path, submitting(entry, 1, 2))
    endpoint.end()
    cuts = iter(range(3))
    endpoint.fault = lambda method, path: (
        Spoiled(kind="half") if path.endswith("/content") and next(cuts, 9) < 9 else None
    )
    with pytest.raises(ModelUnreachable):
        run(tmp_path, once)
    assert totals(tmp_path).answered.calls == 0
    finish(entry, tmp_path, endpoint, range(1, 3))


def test_a_kill_while_recording_records_the_rest_once(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    entry = entry_at(endpoint)
    numbers = range(450)
    endpoint.answer = by_text({"question 7": Outcome(status=400, text="no")})
    run(tmp_path, submitting(entry, *numbers))
    endpoint.end()
    told = iter(range(1000))

    def on_call(call: Call) -> None:
        if next(told) == 210:
            raise Killed

    with pytest.raises(Killed):
        run(tmp_path, once, on_call=on_call)
    before = totals(tmp_path).answered.calls
    assert 210 < before < 449
    again: list[Call] = []
    done = run(tmp_path, collecting, on_call=again.append)
    assert (done.answered, done.refused, done.open_again) == (449, 1, 0)
    assert totals(tmp_path).answered.calls == 449
    assert sum(call.error is None for call in again) == 449 - before


def test_a_kill_before_the_batch_is_closed_records_nothing_again(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    run(tmp_path, submitting(entry_at(endpoint), 1, 2))
    endpoint.end()
    folder = tmp_path / "batches"
    kept: dict[Path, bytes] = {}

    def on_call(call: Call) -> None:
        kept.update({path: path.read_bytes() for path in folder.iterdir()})

    run(tmp_path, once, on_call=on_call)
    for path, content in kept.items():
        path.write_bytes(content)
    done = run(tmp_path, collecting)
    assert (done.batches, done.answered) == (1, 2)
    assert totals(tmp_path).answered.calls == 2


CHILD = """
import os, signal, sys
from pathlib import Path
from synth_assets.recipe import ModelEntry
from tests.test_batches import collecting, run, submitting

folder, address, job = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def die(call):
    os.kill(os.getpid(), signal.SIGKILL)
if job == "submit":
    run(folder, submitting(ModelEntry(model="scripted", address=address), *range(300)))
else:
    run(folder, collecting, on_call=die)
"""


def test_a_run_that_is_really_killed_at_the_creation_and_again_while_recording_pays_nothing_twice(
    tmp_path: Path,
) -> None:
    process: list[subprocess.Popen[bytes]] = []

    def start(job: str) -> int:
        arguments = [sys.executable, "-c", CHILD, str(tmp_path), endpoint.address, job]
        process[:] = [subprocess.Popen(arguments, cwd=Path(__file__).parent.parent)]
        return process[0].wait(timeout=200)

    with BatchEndpoint(patient=True) as endpoint:

        def answer_lost(method: str, path: str) -> Spoiled | None:
            return Spoiled(kind="done_and_kill", pid=process[0].pid) if (method, path) == CREATION else None

        endpoint.fault = answer_lost
        assert start("submit") == -signal.SIGKILL
        endpoint.fault = lambda method, path: None
        assert len(endpoint.batches) == 1
        assert [batch.state for batch in statuses(tmp_path)] == ["prepared"]
        run(tmp_path, once)
        endpoint.end()
        assert start("collect") == -signal.SIGKILL
        assert totals(tmp_path).answered.calls == 200
        finish(entry_at(endpoint), tmp_path, endpoint, range(300))


# --- the server of these tests


def test_the_official_client_finds_the_server_of_these_tests_right(endpoint: BatchEndpoint, tmp_path: Path) -> None:
    openai = pytest.importorskip("openai")
    path = tmp_path / "requests.jsonl"
    body = json.loads(a_draft(1).request)
    line = {"custom_id": "one", "method": "POST", "url": "/v1/chat/completions", "body": body}
    path.write_text(json.dumps(line) + "\n", "utf-8")
    with openai.OpenAI(base_url=endpoint.address, api_key="any", max_retries=0) as client:
        with path.open("rb") as file:
            uploaded = client.files.create(file=file, purpose="batch")
        batch = client.batches.create(
            input_file_id=uploaded.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"a": "b"}
        )
        states = [client.batches.retrieve(batch.id).status for _ in range(3)]
        assert states == ["in_progress", "finalizing", "completed"]
        batch = client.batches.retrieve(batch.id)
        assert batch.request_counts.completed == 1
        assert [found.id for found in client.batches.list(limit=1)] == [batch.id]
        answer = json.loads(client.files.content(batch.output_file_id).text)
        assert answer["custom_id"] == "one"
        assert answer["response"]["body"]["choices"][0]["message"]["content"] == "reply to question 1"
        with pytest.raises(openai.BadRequestError, match="Cannot cancel"):
            client.batches.cancel(batch.id)
        with pytest.raises(openai.NotFoundError):
            client.batches.retrieve("batch-none")
