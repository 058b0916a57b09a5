import asyncio
import heapq
import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import Call
from synth_assets.embedded import EmbeddedServer
from synth_assets.errors import BudgetSpent, ModelRejected, ModelUnreachable, Waiting, WarehouseBroken
from synth_assets.exercises.base import Image, Message, Reply, Request, Text
from synth_assets.identity import hash_of
from synth_assets.models import endpoint as endpoints
from synth_assets.models.budget import Ledger
from synth_assets.models.client import ModelClient, Progress
from synth_assets.models.endpoint import Endpoint
from synth_assets.models.pacing import Pacer
from synth_assets.models.shared_state import numbers_in
from synth_assets.models.wire import call_key, key_of_body, model_name, request_body, resolved, sampling_seed
from synth_assets.recipe import Budget, Limits, ModelEntry, Models
from tests.batch_endpoint import BatchEndpoint
from tests.scripted_endpoint import Act, Script, ScriptedEndpoint, Seen, default_reply, read_state

WHOSE = {"exercise": "memorization", "language": "en", "step": "query", "attempt": 0}
SECRET = "sk-very-secret-0123456789"


def a_request(text: str = "What is a river?", **settings: Any) -> Request:
    return Request(
        role="query", messages=(Message(role="user", parts=(Text(text=text),)),), templates=("t@abc",), **settings
    )


def entry_at(endpoint: ScriptedEndpoint, **settings: Any) -> ModelEntry:
    return ModelEntry(model="scripted", address=endpoint.address, **settings)


class Time:
    """A clock that only moves when somebody sleeps, and notes how long."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class TimeOfMany(Time):
    """A clock for those who sleep side by side: it moves to the next who wakes, once no request is under way.

    `Time` adds up what they sleep, which is right for one who sleeps alone.
    """

    TURNS = 30  # of the event loop, more than lie between two things that a call does without sleeping

    def __init__(self) -> None:
        super().__init__()
        self.is_quiet: Callable[[], bool] = lambda: True
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._waking: asyncio.Task[None] | None = None

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self.now + seconds, len(self.slept), woken))
        self.slept.append(seconds)
        if self._waking is None:
            self._waking = asyncio.create_task(self._wake())
        await woken

    async def _wake(self) -> None:
        while self._asleep:
            quiet = 0
            while quiet < self.TURNS:
                quiet = quiet + 1 if self.is_quiet() else 0
                await asyncio.sleep(0 if quiet else 0.0005)
            wakes_at, _, woken = heapq.heappop(self._asleep)
            if not woken.done():  # who sleeps no more moves no clock
                self.now = max(self.now, wakes_at)
                woken.set_result(None)
        self._waking = None


def using(
    entry: ModelEntry,
    folder: Path,
    use: Callable[[ModelClient], Awaitable[Any]],
    *,
    budget: Budget | None = None,
    time_: Time | None = None,
    run_id: str = "run",
    on_call: Callable[[Call], None] | None = None,
) -> Any:
    """What `use` makes of a client of this model on this folder."""
    passing = time_ or Time()

    async def run() -> Any:
        with CallFolder(folder, run_id) as log:
            client = ModelClient(
                Models(query=entry),
                budget or Budget(),
                log,
                on_call=on_call,
                sleep=passing.sleep,
                clock=passing.clock,
                jitter=lambda: 1.0,
            )
            async with client:
                return await use(client)

    return asyncio.run(run())


def asked(entry: ModelEntry, folder: Path, request: Request | None = None, **settings: Any) -> tuple[Reply, ...]:
    """The replies to one request."""
    return using(
        entry, folder, lambda client: client.ask(request or a_request(), candidate_id="c", **WHOSE), **settings
    )


def asked_many(entry: ModelEntry, folder: Path, count: int, **settings: Any) -> list[Any]:
    """What became of `count` requests of as many candidates, asked side by side: replies or an error each."""

    async def use(client: ModelClient) -> list[Any]:
        ids = [f"c{number}" for number in range(count)]
        await client.preload(ids, "query")
        asks = (client.ask(a_request(f"Question {one}"), candidate_id=one, **WHOSE) for one in ids)
        return await asyncio.gather(*asks, return_exceptions=True)

    return using(entry, folder, use, **settings)


def recorded(folder: Path) -> list[dict[str, Any]]:
    lines = b"".join(path.read_bytes() for path in sorted((folder / "journal").glob("*.jsonl"))).splitlines()
    return [json.loads(line) for line in lines]


def first(times: int, fault: Act) -> Script:
    """The fault for the first requests of each call, then the default reply."""
    return lambda seen: fault if seen.times < times else default_reply(seen)


def always(act: Act) -> Script:
    return lambda seen: act


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


# What is sent


def test_a_reply_comes_back_with_its_tokens_and_its_record(tmp_path: Path) -> None:
    seen: list[Call] = []
    with ScriptedEndpoint(always(Act(text="a stream of water"))) as endpoint:
        (reply,) = asked(entry_at(endpoint), tmp_path, on_call=seen.append)
    key = call_key(
        resolved(a_request(), ModelEntry(model="scripted")),
        model="scripted", candidate_id="c", step="query", attempt=0, sample=0,
    )  # fmt: skip
    assert reply == Reply(text="a stream of water", model="scripted", call_id=key, prompt_tokens=4, completion_tokens=4)
    (row,) = recorded(tmp_path)
    assert [call.call_id for call in seen] == [key] == [row["call_id"]]
    assert json.loads(row["request"]) == endpoint.bodies[0]
    assert row["address"] == f"direct {endpoint.address}"
    assert (row["cost_usd"], row["error"], row["http_attempts"], row["run_id"]) == (0.0, None, 1, "run")
    assert row["started_at"] <= row["finished_at"]
    assert json.loads(row["templates"]) == ["t@abc"]


@pytest.mark.parametrize(("allowed", "asked_for", "sent"), [(None, 40, 40), (100, 40, 40), (16, 40, 16)])
def test_an_entry_may_allow_fewer_tokens_than_a_request_asks_for(tmp_path: Path, allowed, asked_for, sent) -> None:
    request = Request(role="query", messages=a_request().messages, max_tokens=asked_for)
    with ScriptedEndpoint() as endpoint:
        asked(entry_at(endpoint, max_tokens=allowed), tmp_path, request)
        (body,) = endpoint.bodies
    assert body["max_tokens"] == sent


def test_the_request_holds_everything_that_was_asked_for(tmp_path: Path) -> None:
    picture = Message(role="user", parts=(Text(text="What is this?"), Image(media_type="image/png", data="aGk=")))
    request = Request(
        role="query",
        messages=(Message(role="system", parts=(Text(text="Be brief."),)), picture),
        max_tokens=7, temperature=0.0, stop=("\n",), schema={"type": "object"}, grammar="root ::= 1", logprobs=True,
    )  # fmt: skip
    with ScriptedEndpoint() as endpoint:
        (reply,) = asked(entry_at(endpoint, structured="json_schema"), tmp_path, request)
        (body,) = endpoint.bodies
    assert body == {
        "model": "scripted",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
                ],
            },
        ],
        "max_tokens": 7,
        "temperature": 0.0,
        "top_p": 0.95,
        "stop": ["\n"],
        "logprobs": True,
        "top_logprobs": 1,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": {"type": "object"}, "strict": True},
        },
        "seed": sampling_seed(reply.call_id),
    }
    assert 0 <= body["seed"] < 2**31


@pytest.mark.parametrize(
    ("structured", "model", "sent"),
    [
        ("auto", "scripted", set()),
        ("none", "scripted", set()),
        ("json_schema", "scripted", {"schema"}),
        ("grammar", "scripted", {"grammar"}),
        ("auto", "embedded", {"grammar"}),
    ],
)
def test_structure_is_sent_where_the_endpoint_has_it(structured: Any, model: str, sent: set[str]) -> None:
    request = a_request(schema={"type": "object"}, grammar="root ::= 1")
    found = resolved(request, ModelEntry(model=model, structured=structured))
    assert {name for name in ("schema", "grammar") if getattr(found, name) is not None} == sent


def test_an_endpoint_with_grammars_takes_a_schema_where_there_is_no_grammar() -> None:
    assert resolved(a_request(schema={"type": "object"}), ModelEntry(model="embedded")).schema == {"type": "object"}


@pytest.mark.parametrize(
    "change",
    [
        {"candidate_id": "d"}, {"step": "draft"}, {"attempt": 1}, {"sample": 1}, {"model": "other"},
        {"request": a_request("Another?")}, {"request": a_request(temperature=0.1)},
        {"request": a_request(max_tokens=9)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_everything_that_makes_a_call_changes_its_key(change: dict[str, Any]) -> None:
    whole = {
        "request": a_request(), "model": "m", "candidate_id": "c", "step": "query", "attempt": 0, "sample": 0
    }  # fmt: skip
    keys = [call_key(made.pop("request"), **made) for made in (dict(whole), {**whole, **change})]
    assert keys[0] != keys[1]


@pytest.mark.parametrize("temperature", [None, 0.0, 0.7, 2.0, 0.00001, 1])
def test_a_call_s_key_is_the_hash_of_its_parts_whatever_its_text(temperature: float | None) -> None:
    rng = random.Random(3)
    marks = [*map(chr, range(0x80)), "\u2028", "\u2029", "é", "ß", "\ufeff", "😀", "\ud800", "漢", "\x85"]
    for _ in range(200):
        text = "".join(rng.choices(marks, k=40))
        request = a_request(text, temperature=temperature, stop=(text[:3],))
        body = {**request_body(request, "m"), "grammar": text}
        assert key_of_body(body, "c", "query", 1, 2) == hash_of("call", body, "c", "query", 1, 2)


def test_every_setting_of_a_request_survives_what_an_entry_says() -> None:
    request = a_request(n=2, stop=("x",), logprobs=True, accept_truncated=True, temperature=0.1, top_p=0.2)
    entry = ModelEntry(model="m", address="http://localhost/v1", max_tokens=10_000)
    assert resolved(request, entry) == request


def test_the_embedded_model_is_named_by_its_file() -> None:
    assert model_name(ModelEntry(model="embedded")) == "SmolLM2-135M-Instruct.Q4_1"
    assert model_name(ModelEntry(model="embedded", gguf=Path("/models/Own-1B.gguf"))) == "Own-1B"


def test_n_samples_are_calls_of_their_own(tmp_path: Path) -> None:
    with ScriptedEndpoint() as endpoint:
        replies = asked(entry_at(endpoint), tmp_path, a_request(n=4))
        assert endpoint.received() == 4
        assert len({body["seed"] for body in endpoint.bodies}) == 4
    assert len({reply.text for reply in replies}) == len({reply.call_id for reply in replies}) == 4
    assert [row["sample"] for row in sorted(recorded(tmp_path), key=lambda row: row["sample"])] == [0, 1, 2, 3]


def test_log_probabilities_come_back_and_are_stored(tmp_path: Path) -> None:
    given = {"logprobs": {"content": [{"token": "a", "logprob": -0.5}, {"token": " b", "logprob": 0}]}}
    with ScriptedEndpoint(always(Act(text="a b", choice=given))) as endpoint:
        for _ in range(2):
            (reply,) = asked(entry_at(endpoint), tmp_path, a_request(logprobs=True))
            assert reply.logprobs == (("a", -0.5), (" b", 0.0))
        assert endpoint.received() == 1


def test_text_that_is_no_utf8_is_sent_and_stored(tmp_path: Path) -> None:
    with ScriptedEndpoint(always(Act(text="half \ud83d a pair"))) as endpoint:
        (reply,) = asked(entry_at(endpoint), tmp_path, a_request("and \udc00 here"))
        assert endpoint.bodies[0]["messages"][0]["content"] == "and \udc00 here"
        assert reply.text == "half \ufffd a pair"
        assert asked(entry_at(endpoint), tmp_path, a_request("and \udc00 here")) == (reply,)


# Nothing twice


def test_nothing_answered_is_asked_twice(tmp_path: Path) -> None:
    with ScriptedEndpoint() as endpoint:
        before = asked_many(entry_at(endpoint), tmp_path, 20)
        again = asked_many(entry_at(endpoint), tmp_path, 20, run_id="another")
        assert endpoint.received() == 20
    assert again == before


def test_what_is_folded_is_not_asked_twice_either(tmp_path: Path) -> None:
    with ScriptedEndpoint() as endpoint:
        before = asked(entry_at(endpoint), tmp_path)
        with CallFolder(tmp_path, "next") as log:
            log.recover()
        assert asked(entry_at(endpoint), tmp_path) == before
        assert endpoint.received() == 1


def test_the_same_call_asked_side_by_side_is_sent_once(tmp_path: Path) -> None:
    async def use(client: ModelClient) -> list[tuple[Reply, ...]]:
        return await asyncio.gather(*(client.ask(a_request(), candidate_id="c", **WHOSE) for _ in range(5)))

    with ScriptedEndpoint() as endpoint:
        replies = using(entry_at(endpoint), tmp_path, use)
        assert endpoint.received() == 1
    assert len(set(replies)) == 1


def test_windows_that_slide_forget_nothing_that_was_answered(tmp_path: Path) -> None:
    async def use(client: ModelClient) -> Progress:
        for start in range(0, 12, 3):
            window = [f"c{number}" for number in range(start, start + 6)]
            await client.preload(window, "query")
            await asyncio.gather(*(client.ask(a_request(), candidate_id=one, **WHOSE) for one in window))
        await client.ask(a_request(), candidate_id="c0", **WHOSE)
        return client.progress

    with ScriptedEndpoint() as endpoint:
        progress = using(entry_at(endpoint), tmp_path, use)
        assert endpoint.received() == 15
    assert (progress.answered, progress.replayed) == (15, 10)


def test_a_reply_on_its_way_is_recorded_when_its_asker_gives_up(tmp_path: Path) -> None:
    async def use(client: ModelClient) -> None:
        asking = asyncio.create_task(client.ask(a_request(), candidate_id="c", **WHOSE))
        while not client.progress.in_flight:
            await asyncio.sleep(0.001)
        asking.cancel()
        while not client.progress.answered:
            await asyncio.sleep(0.001)

    with ScriptedEndpoint(delay_s=0.02) as endpoint:
        using(entry_at(endpoint), tmp_path, use)
        asked(entry_at(endpoint), tmp_path)
        assert endpoint.received() == 1


def test_one_failing_sample_does_not_lose_the_others(tmp_path: Path) -> None:
    def script(seen: Seen) -> Act:
        return Act(kind="status", status=401, text="no") if seen.number == 1 else default_reply(seen)

    with ScriptedEndpoint(script) as endpoint:
        with pytest.raises(ModelRejected):
            asked(entry_at(endpoint, max_in_flight=1), tmp_path, a_request(n=3))
        assert [row["error"] is None for row in recorded(tmp_path)] == [True, False, True]
        asked(entry_at(endpoint, max_in_flight=1), tmp_path, a_request(n=3))
        assert endpoint.received() == 4


# Never more than allowed


@pytest.mark.parametrize("allowed", [1, 3, 8])
def test_never_more_in_flight_than_allowed(tmp_path: Path, allowed: int) -> None:
    with ScriptedEndpoint(delay_s=0.01) as endpoint:
        asked_many(entry_at(endpoint, max_in_flight=allowed), tmp_path, 30)
        assert endpoint.peak == allowed
        assert endpoint.received() == 30


def test_roles_at_one_address_share_its_slots(tmp_path: Path) -> None:
    async def run(endpoint: ScriptedEndpoint) -> None:
        models = Models(query=entry_at(endpoint, max_in_flight=5), answer=entry_at(endpoint, max_in_flight=2))
        with CallFolder(tmp_path, "run") as log:
            async with ModelClient(models, Budget(), log) as client:
                roles = ["query", "answer"] * 6
                requests = [
                    Request(role=role, messages=a_request(f"{number}").messages)  # type: ignore[arg-type]
                    for number, role in enumerate(roles)
                ]
                await asyncio.gather(*(client.ask(one, candidate_id="c", **WHOSE) for one in requests))

    with ScriptedEndpoint(delay_s=0.01) as endpoint:
        asyncio.run(run(endpoint))
        assert endpoint.peak == 2


# Faults


PASSING = {
    "status_500": Act(kind="status", status=500),
    "status_503": Act(kind="status", status=503),
    "status_429": Act(kind="status", status=429),
    "status_408": Act(kind="status", status=408),
    "connection": Act(kind="reset"),
    "malformed": Act(kind="malformed"),
    "no_choices": Act(kind="no_choices"),
}


@pytest.mark.parametrize("kind", PASSING)
@pytest.mark.parametrize("times", [1, 4])
def test_a_fault_that_passes_is_survived(tmp_path: Path, kind: str, times: int) -> None:
    passing = Time()
    with ScriptedEndpoint(first(times, PASSING[kind])) as endpoint:
        progress: list[Progress] = []

        async def use(client: ModelClient) -> tuple[Reply, ...]:
            replies = await client.ask(a_request(), candidate_id="c", **WHOSE)
            progress.append(client.progress)
            return replies

        (reply,) = using(entry_at(endpoint), tmp_path, use, time_=passing)
        assert endpoint.received() == times + 1
    assert reply.text
    assert progress[0].faults == {kind: times}
    assert progress[0].retries == times
    assert passing.slept == [0.5, 1.0, 2.0, 4.0][:times]
    (row,) = recorded(tmp_path)
    assert row["http_attempts"] == times + 1


def test_a_body_cut_short_is_a_fault_that_passes(tmp_path: Path) -> None:
    with ScriptedEndpoint(first(1, Act(kind="truncated", text="half of this is lost"))) as endpoint:
        (reply,) = asked(entry_at(endpoint), tmp_path)
        assert endpoint.received() == 2
    assert "lost" not in reply.text


def test_a_request_that_hangs_is_given_up_and_sent_again(tmp_path: Path) -> None:
    with ScriptedEndpoint(first(1, Act(kind="hang"))) as endpoint:
        (reply,) = asked(entry_at(endpoint, timeout_s=0.2), tmp_path)
        assert endpoint.received() == 2
    assert reply.text


@pytest.mark.parametrize("kind", PASSING)
def test_an_endpoint_that_only_fails_is_unreachable_after_a_few_tries(tmp_path: Path, kind: str) -> None:
    passing = Time()
    with ScriptedEndpoint(always(PASSING[kind])) as endpoint:
        with pytest.raises(ModelUnreachable, match=f"direct {endpoint.address}: "):
            asked(entry_at(endpoint), tmp_path, time_=passing)
        assert endpoint.received() <= 6
    assert recorded(tmp_path) == []
    assert sum(passing.slept) < 30


def test_nobody_listening_is_one_clear_error_for_all_who_wait(tmp_path: Path) -> None:
    passing = Time()
    address = f"http://127.0.0.1:{closed_port()}/v1"
    entry = ModelEntry(model="scripted", address=address, max_in_flight=2)
    outcomes = asked_many(entry, tmp_path, 50, time_=passing)
    assert {type(outcome) for outcome in outcomes} == {ModelUnreachable}
    assert all(address in str(outcome) for outcome in outcomes)
    assert passing.now < 30
    assert recorded(tmp_path) == []


def test_others_waiting_for_a_dead_endpoint_send_nothing_more(tmp_path: Path) -> None:
    with ScriptedEndpoint(always(Act(kind="status", status=500))) as endpoint:
        outcomes = asked_many(entry_at(endpoint, max_in_flight=1), tmp_path, 40)
        assert {type(outcome) for outcome in outcomes} == {ModelUnreachable}
        assert endpoint.received() < 200  # 40 calls of 5 tries, had each found out for itself


def test_one_call_that_always_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    def script(seen: Seen) -> Act:
        if "Question c3" in seen.prompt:
            return Act(kind="status", status=500, text="this one breaks me")
        return default_reply(seen)

    async def use(client: ModelClient) -> list[Any]:
        poison = asyncio.create_task(client.ask(a_request("Question c3"), candidate_id="c3", **WHOSE))
        replies = []
        number = 0
        while not poison.done():
            number += 1
            replies.append(await client.ask(a_request(f"Well {number}"), candidate_id=f"w{number}", **WHOSE))
        replies.append(await client.ask(a_request("After"), candidate_id="after", **WHOSE))
        return [*replies, poison.result()]

    with ScriptedEndpoint(script) as endpoint:
        *replies, (failed,) = using(entry_at(endpoint), tmp_path, use)
    assert failed.finish_reason == "call_failed"
    assert "this one breaks me; given up after 5 requests" in failed.text
    assert all(reply.text for (reply,) in replies)
    (row,) = [row for row in recorded(tmp_path) if row["error"]]
    assert (row["finish_reason"], row["http_attempts"], row["cost_usd"]) == ("call_failed", 5, 0.0)


def test_a_call_that_failed_is_asked_again_by_the_next_run(tmp_path: Path) -> None:
    broken = Act(kind="status", status=500)

    def script(seen: Seen) -> Act:
        return broken if "poison" in seen.prompt and seen.times < 5 else default_reply(seen)

    async def both(client: ModelClient) -> list[Any]:
        poison = asyncio.create_task(client.ask(a_request("poison"), candidate_id="p", **WHOSE))
        number = 0
        while not poison.done():
            number += 1
            await client.ask(a_request(f"Well {number}"), candidate_id=f"w{number}", **WHOSE)
        return [poison.result()[0].finish_reason]

    with ScriptedEndpoint(script) as endpoint:
        assert using(entry_at(endpoint), tmp_path, both) == ["call_failed"]
        (reply,) = asked(entry_at(endpoint), tmp_path / "nothing", a_request("warm"))
        (reply,) = using(
            entry_at(endpoint), tmp_path, lambda client: client.ask(a_request("poison"), candidate_id="p", **WHOSE)
        )
    assert reply.finish_reason == "stop"


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_prompt_that_is_refused_among_others_costs_only_itself(tmp_path: Path, status: int) -> None:
    def script(seen: Seen) -> Act:
        if "c3" in seen.prompt:
            return Act(kind="status", status=status, text="this prompt cannot be read")
        return default_reply(seen)

    with ScriptedEndpoint(script) as endpoint:
        outcomes = asked_many(entry_at(endpoint, max_in_flight=1), tmp_path, 6)
    kinds = [reply.finish_reason for (reply,) in outcomes]
    assert kinds == ["stop", "stop", "stop", "call_rejected", "stop", "stop"]
    assert "this prompt cannot be read" in outcomes[3][0].text


def test_retry_after_in_seconds_is_honoured(tmp_path: Path) -> None:
    passing = Time()
    busy = Act(kind="status", status=429, headers={"Retry-After": "7"})
    with ScriptedEndpoint(first(1, busy)) as endpoint:
        asked(entry_at(endpoint), tmp_path, time_=passing)
    assert sum(passing.slept) == pytest.approx(7.05, abs=0.01)


def test_retry_after_as_a_date_is_honoured(tmp_path: Path) -> None:
    passing = Time()
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    busy = Act(kind="status", status=503, headers={"Retry-After": when})
    with ScriptedEndpoint(first(1, busy)) as endpoint:
        asked(entry_at(endpoint), tmp_path, time_=passing)
    assert 20 < sum(passing.slept) < 51


def test_an_endpoint_that_asks_to_come_back_much_later_is_taken_at_its_word(tmp_path: Path) -> None:
    with ScriptedEndpoint(always(Act(kind="status", status=429, headers={"Retry-After": "3600"}))) as endpoint:
        with pytest.raises(ModelUnreachable, match="asks to come back in 3,600 seconds"):
            asked(entry_at(endpoint), tmp_path)
        assert endpoint.received() == 1


class Silent:
    """A transport whose endpoint does not say that it is there; `meanwhile` happens while it is looked for."""

    label = "silent"

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.meanwhile = meanwhile

    async def send(self, body: Any, text: str, timeout_s: float) -> Any:
        raise NotImplementedError

    async def is_there(self) -> bool:
        await asyncio.sleep(0.02)
        self.meanwhile()
        return False

    async def after_no_connection(self) -> None:
        return

    async def close(self) -> None:
        return


@pytest.mark.parametrize("busy", [True, False])
def test_an_endpoint_that_answers_while_it_is_looked_for_is_only_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: bool
) -> None:
    monkeypatch.setattr(endpoints, "WATCH_EVERY_S", 0.05)
    monkeypatch.setattr(endpoints, "QUIET_S", 0.2)

    async def watched() -> bool:
        transport = Silent()
        pacer = Pacer(numbers_in(tmp_path), "p", most=4)
        endpoint = Endpoint(transport, pacer, sleep=asyncio.sleep, clock=time.monotonic)
        requests = [asyncio.create_task(asyncio.sleep(60)) for _ in range(2)]
        for request in requests:
            endpoint.sending(request)
        if busy:
            transport.meanwhile = lambda: endpoint.heard(requests[0])
        with suppress(TimeoutError):
            await asyncio.wait_for(endpoint.went_down.wait(), 0.45)
        for request in requests:
            request.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
        await endpoint.close()
        return endpoint.down is not None

    assert asyncio.run(watched()) is not busy


@pytest.mark.parametrize("turns", range(1, 8))
def test_a_call_that_is_cancelled_while_it_backs_off_ends(tmp_path: Path, turns: int) -> None:
    async def at_once(seconds: float) -> None:
        return

    async def cancelled() -> None:
        endpoint = Endpoint(Silent(), Pacer(numbers_in(tmp_path), "p", most=4), sleep=at_once, clock=time.monotonic)
        pausing = asyncio.create_task(endpoint.pause(1.0))
        for _ in range(turns):
            await asyncio.sleep(0)
        asked_to_end = pausing.cancel()
        (ended,) = await asyncio.gather(pausing, return_exceptions=True)
        await endpoint.close()
        assert isinstance(ended, asyncio.CancelledError) is asked_to_end

    asyncio.run(cancelled())


def test_an_endpoint_that_paces_its_callers_loses_no_call(tmp_path: Path) -> None:
    passing, let_in = TimeOfMany(), [-math.inf]

    def script(seen: Seen) -> Act:  # one in three seconds, whoever sends it
        if passing.now < let_in[-1] + 3.0:
            return Act(kind="status", status=429)
        let_in.append(passing.now)
        return default_reply(seen)

    async def use(client: ModelClient) -> list[Any]:
        passing.is_quiet = lambda: client.progress.in_flight == 0
        ids = [f"c{number}" for number in range(24)]
        await client.preload(ids, "query")
        asks = (client.ask(a_request(f"Question {one}"), candidate_id=one, **WHOSE) for one in ids)
        return await asyncio.gather(*asks, return_exceptions=True)

    with ScriptedEndpoint(script) as endpoint:
        outcomes = using(entry_at(endpoint, max_in_flight=8), tmp_path, use, time_=passing)
    assert [outcome for outcome in outcomes if not isinstance(outcome, tuple)] == []
    assert len(let_in) == 1 + 24
    assert max(row["http_attempts"] for row in recorded(tmp_path)) > 5  # TRIES: being paced uses none up


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 307])
def test_a_refusal_for_good_is_told_at_once_and_recorded(tmp_path: Path, status: int) -> None:
    with ScriptedEndpoint(always(Act(kind="status", status=status, text="no such\n  model"))) as endpoint:
        message = rf"direct {endpoint.address} refused model 'scripted' with status {status}: no such model"
        with pytest.raises(ModelRejected, match=message):
            asked(entry_at(endpoint), tmp_path)
        assert endpoint.received() == 1
    (row,) = recorded(tmp_path)
    assert (row["reply"], row["finish_reason"], row["cost_usd"]) == (None, "call_rejected", 0.0)
    assert f"status {status}" in row["error"]


def test_a_refused_call_is_asked_again_by_the_next_run(tmp_path: Path) -> None:
    with ScriptedEndpoint(first(1, Act(kind="status", status=401))) as endpoint:
        with pytest.raises(ModelRejected):
            asked(entry_at(endpoint), tmp_path)
        (reply,) = asked(entry_at(endpoint), tmp_path)
        assert asked(entry_at(endpoint), tmp_path) == (reply,)
        assert endpoint.received() == 2


@pytest.mark.parametrize(
    ("act", "text", "finish_reason"),
    [
        (Act(text=""), "", "stop"),
        (Act(text="cut", finish_reason="length"), "cut", "length"),
        (Act(text="", finish_reason="content_filter"), "", "content_filter"),
        (Act(choice={"message": {"content": None}}), "", "stop"),
        (Act(choice={"message": {"content": None, "refusal": "I will not."}}), "", "content_filter"),
        (Act(choice={"message": {"content": [{"type": "text", "text": "in parts"}]}}), "in parts", "stop"),
        (Act(kind="status", status=400, text="context_length_exceeded: 9000 tokens"), "", "context_exceeded"),
        (Act(kind="status", status=400, text="blocked: content_filter"), "", "content_filter"),
    ],
    ids=["empty", "length", "filtered", "null", "refusal", "parts", "too_long", "filtered_as_error"],
)
def test_a_poor_answer_is_an_answer(tmp_path: Path, act: Act, text: str, finish_reason: str) -> None:
    with ScriptedEndpoint(always(act)) as endpoint:
        for _ in range(2):
            (reply,) = asked(entry_at(endpoint), tmp_path)
            assert (reply.text, reply.finish_reason) == (text, finish_reason)
        assert endpoint.received() == 1


@pytest.mark.parametrize(
    "choice",
    [{"message": None}, {"message": {"content": 5}}, {"logprobs": {"content": [{"token": 1, "logprob": "x"}]}}],
    ids=["no_message", "number", "logprobs"],
)
def test_an_answer_of_the_wrong_shape_is_a_fault(tmp_path: Path, choice: dict[str, Any]) -> None:
    with ScriptedEndpoint(first(2, Act(text="x", choice=choice))) as endpoint:
        (reply,) = asked(entry_at(endpoint), tmp_path)
        assert endpoint.received() == 3
    assert reply.text


def test_a_journal_that_cannot_be_written_stops_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    def script(seen: Seen) -> Act:
        if seen.number == 0:
            monkeypatch.setattr(os, "write", full)
        return default_reply(seen)

    with ScriptedEndpoint(script) as endpoint:
        with pytest.raises(WarehouseBroken, match="No space left on device"):
            asked(entry_at(endpoint), tmp_path)
        monkeypatch.undo()
        asked(entry_at(endpoint), tmp_path)


# Keys


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_key_is_sent_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", SECRET)

    def script(seen: Seen) -> Act:
        said = f"you sent {seen.headers['Authorization']}"
        return Act(kind="status", status=401, text=said) if "refuse" in seen.prompt else Act(text=said)

    with ScriptedEndpoint(script) as endpoint:
        entry = entry_at(endpoint, api_key_env="A_KEY")
        (reply,) = asked(entry, tmp_path)
        with pytest.raises(ModelRejected) as caught:
            asked(entry, tmp_path, a_request("refuse this"))
        assert endpoint.headers[0]["Authorization"] == f"Bearer {SECRET}"
    assert reply.text == "you sent Bearer [key]"
    assert "you sent Bearer [key]" in str(caught.value)
    assert SECRET.encode() not in everything_under(tmp_path)
    assert SECRET not in repr(caught.value.__cause__)


def test_a_password_in_an_address_is_not_shown(tmp_path: Path) -> None:
    entry = ModelEntry(model="m", address=f"http://me:{SECRET}@127.0.0.1:{closed_port()}/v1?key={SECRET}")
    with pytest.raises(ModelUnreachable) as caught:
        asked(entry, tmp_path)
    assert SECRET not in str(caught.value)


def test_a_missing_key_names_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_KEY", raising=False)
    with ScriptedEndpoint() as endpoint:
        with pytest.raises(ModelRejected, match="environment variable A_KEY"):
            asked(entry_at(endpoint, api_key_env="A_KEY"), tmp_path)
        assert endpoint.received() == 0


# Budget


@pytest.mark.parametrize("allowed", [0, 1, 7])
def test_a_budget_of_n_calls_lets_exactly_n_leave(tmp_path: Path, allowed: int) -> None:
    with ScriptedEndpoint(delay_s=0.005) as endpoint:
        outcomes = asked_many(entry_at(endpoint), tmp_path, 20, budget=Budget(calls=allowed))
        assert endpoint.received() == allowed
        assert sum(isinstance(outcome, tuple) for outcome in outcomes) == allowed
        spent = [outcome for outcome in outcomes if not isinstance(outcome, tuple)]
        assert {type(outcome) for outcome in spent} == {BudgetSpent}
        assert str(spent[0]) == f"budget.calls: {allowed} of {allowed} calls are spent"
        # What was answered needs no budget, and what the log holds counts for the next run.
        outcomes = asked_many(entry_at(endpoint), tmp_path, 20, budget=Budget(calls=allowed + 5))
        assert endpoint.received() == allowed + 5
        assert sum(isinstance(outcome, tuple) for outcome in outcomes) == allowed + 5


def test_a_call_nobody_answers_takes_nothing_from_the_budget(tmp_path: Path) -> None:
    with ScriptedEndpoint(first(2, Act(kind="reset"))) as endpoint:
        outcomes = asked_many(entry_at(endpoint), tmp_path, 5, budget=Budget(calls=5))
        assert all(isinstance(outcome, tuple) for outcome in outcomes)
        assert endpoint.received() == 15


async def ask_until_spent(client: ModelClient, request: Request) -> tuple[int, str]:
    """How many calls one after the other are answered before the budget is spent, and what is said then."""
    answered = 0
    while True:
        try:
            await client.ask(request, candidate_id=f"c{answered}", **WHOSE)
        except BudgetSpent as error:
            return answered, str(error)
        answered += 1


def test_a_budget_of_tokens_counts_what_was_used(tmp_path: Path) -> None:
    # A call takes 2 + 12 tokens, at worst its estimated prompt and 100.
    request = a_request("Question one", max_tokens=100)
    with ScriptedEndpoint() as endpoint:
        answered, said = using(
            entry_at(endpoint), tmp_path, lambda client: ask_until_spent(client, request), budget=Budget(tokens=500)
        )
        assert endpoint.received() == answered
    used = 14 * answered
    assert used <= 500 < used + 14 + 112
    assert said == f"budget.tokens: {used} of 500 tokens are spent and the next call may take 112"


def test_calls_side_by_side_wait_for_what_others_give_back(tmp_path: Path) -> None:
    # Eight at once would set 8 x ~120 tokens aside; one after the other all of them fit.
    async def use(client: ModelClient) -> list[Any]:
        asks = (client.ask(a_request("Question", max_tokens=100), candidate_id=f"c{n}", **WHOSE) for n in range(20))
        return await asyncio.gather(*asks, return_exceptions=True)

    with ScriptedEndpoint(first(1, Act(kind="status", status=500))) as endpoint:
        outcomes = using(entry_at(endpoint), tmp_path, use, budget=Budget(tokens=400))
    assert all(isinstance(outcome, tuple) for outcome in outcomes)


def test_of_many_who_wait_for_money_few_look_whenever_some_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    reserve = Ledger.try_reserve
    monkeypatch.setattr(Ledger, "try_reserve", lambda *given: looked.append(given) or reserve(*given))
    with ScriptedEndpoint(lambda seen: Act(text="x", delay_s=0.01)) as endpoint:
        # one fits at a time, and 15 more hold a slot and wait
        outcomes = asked_many(entry_at(endpoint), tmp_path, 100, budget=Budget(tokens=900))
    assert all(isinstance(outcome, tuple) for outcome in outcomes)
    assert len(looked) < 4 * 100


def test_a_batch_on_its_way_is_on_the_budget_of_who_started_it(tmp_path: Path) -> None:
    async def by_batch(client: ModelClient) -> int:
        with pytest.raises(Waiting):
            await client.ask(a_request(), candidate_id="c0", **WHOSE)
        return await client.submit()

    async def at_once(client: ModelClient) -> tuple[Reply, ...]:
        return await client.ask(a_request("At once"), candidate_id=next(others), **WHOSE)

    others = iter(["c1", "c2"])

    budget = Budget(run=Limits(calls=1))
    with BatchEndpoint(patient=True) as batches, ScriptedEndpoint() as endpoint:
        entry = ModelEntry(model="m", address=batches.address, batch=True)
        assert using(entry, tmp_path, by_batch, budget=budget, run_id="one") == 1
        assert len(using(entry_at(endpoint), tmp_path, at_once, budget=budget, run_id="two")) == 1
        with pytest.raises(BudgetSpent, match=r"budget\.run\.calls: 1 of 1"):
            using(entry_at(endpoint), tmp_path, at_once, budget=budget, run_id="one")


def test_a_call_that_no_batch_takes_costs_nothing(tmp_path: Path) -> None:
    async def use(client: ModelClient) -> list[Any]:
        asks = (client.ask(a_request(), candidate_id=f"c{number}", **WHOSE) for number in range(3))
        return await asyncio.gather(*asks, return_exceptions=True)

    entry = ModelEntry(model="m", address="http://user:secret-word@127.0.0.1:9/v1", batch=True)
    outcomes = using(entry, tmp_path, use, budget=Budget(calls=1))
    assert [type(outcome) for outcome in outcomes] == [ModelRejected] * 3


def test_a_budget_of_dollars_is_kept_and_costs_are_recorded(tmp_path: Path) -> None:
    with ScriptedEndpoint(always(Act(text="one two three four"))) as endpoint:
        entry = entry_at(endpoint, usd_per_million_prompt_tokens=1e6, usd_per_million_completion_tokens=2e6)

        request = a_request("Hi there", max_tokens=4)
        answered, said = using(entry, tmp_path, lambda client: ask_until_spent(client, request), budget=Budget(usd=60))
        assert endpoint.received() == answered
    # 2 prompt tokens at 1 dollar, 4 completion tokens at 2
    cost = 10.0 * answered
    assert said.startswith(f"budget.usd: {cost:.4f} of 60.0000 USD are spent and the next call may cost ")
    assert 30 <= cost <= 60
    with CallFolder(tmp_path, "reader") as log:
        assert log.totals().answered.usd == cost


def test_a_budget_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    with ScriptedEndpoint(always(Act(text="x", usage=False))) as endpoint:
        with pytest.raises(ModelRejected, match="does not say how many tokens"):
            asked(entry_at(endpoint), tmp_path, budget=Budget(tokens=100_000))
        (reply,) = asked(entry_at(endpoint), tmp_path)
        assert endpoint.received() == 1
    assert reply.prompt_tokens == 0
    assert recorded(tmp_path)[0]["prompt_tokens"] is None


def test_what_was_done_can_be_asked_for_afterwards(tmp_path: Path) -> None:
    clients = []

    async def use(client: ModelClient) -> None:
        clients.append(client)
        await client.ask(a_request(), candidate_id="c", **WHOSE)

    with ScriptedEndpoint() as endpoint:
        using(entry_at(endpoint), tmp_path, use)
    progress = clients[0].progress
    assert (progress.answered, progress.in_flight, progress.limit) == (1, 0, 0)


# Killed


CHILD = """
import asyncio, sys
from pathlib import Path
from synth_assets.calls.folder import CallFolder
from synth_assets.calls.log import CallLog
from synth_assets.exercises.base import Message, Request, Text
from synth_assets.models.client import ModelClient
from synth_assets.recipe import Budget, ModelEntry, Models

async def main(address, folder, count):
    with CallFolder(Path(folder), "killed") as log:
        log.recover()
        entry = ModelEntry(model="scripted", address=address, max_in_flight=16)
        async with ModelClient(Models(query=entry), Budget(), log) as client:
            def ask(number):
                text = Text(text=f"Question {number}")
                request = Request(role="query", messages=(Message(role="user", parts=(text,)),))
                whose = dict(exercise="e", language="en", candidate_id=f"c{number}", step="query", attempt=0)
                return client.ask(request, **whose)
            for start in range(0, count, 50):
                window = range(start, min(start + 50, count))
                await client.preload([f"c{number}" for number in window], "query")
                await asyncio.gather(*(ask(number) for number in window))
                log.fold()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def run_child(endpoint: ScriptedEndpoint, folder: Path, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD, endpoint.address, str(folder), str(count)])


def kill_and_go_on(folder: Path, answered: int, count: int) -> None:
    """Kill a run when the endpoint has answered so many calls, run it again, and compare what the endpoint saw."""
    with ScriptedEndpoint(delay_s=0.01) as endpoint:
        child = run_child(endpoint, folder, count)
        while endpoint.answered() < answered:
            assert child.poll() is None, "the run ended before it could be killed"
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
        at_kill = endpoint.state()
        ids = [f"c{number}" for number in range(count)]
        with CallFolder(folder, "reader") as log:
            durable = len(log.stored(ids, "query"))
        # A slot is free only when its reply is in the journal: no more than 16 can be sent and not be there.
        assert len(at_kill.received) - durable <= 16
        assert run_child(endpoint, folder, count).wait() == 0
        assert len(endpoint.state().received) == count
        assert endpoint.received() - count == len(at_kill.received) - durable
        with CallFolder(folder, "reader") as log:
            log.recover()
            assert len(log.stored(ids, "query")) == count
            assert log.totals().answered.calls == count


@pytest.mark.parametrize("answered", [1, 60, 190])
def test_a_kill_loses_no_answered_call(tmp_path: Path, answered: int) -> None:
    kill_and_go_on(tmp_path, answered, 200)


@pytest.mark.exhaustive
@pytest.mark.parametrize("answered", random.Random(11).sample(range(1, 950), 20))
def test_a_kill_at_any_moment_loses_no_answered_call(tmp_path: Path, answered: int) -> None:
    kill_and_go_on(tmp_path, answered, 1000)


def test_two_processes_at_once_end_with_every_call_once_in_the_answers(tmp_path: Path) -> None:
    with ScriptedEndpoint(delay_s=0.005) as endpoint:
        children = [run_child(endpoint, tmp_path, 100) for _ in range(2)]
        assert [child.wait() for child in children] == [0, 0]
        assert run_child(endpoint, tmp_path, 100).wait() == 0
        assert endpoint.received() <= 200
        with CallFolder(tmp_path, "reader") as log:
            stored = log.stored([f"c{number}" for number in range(100)], "query")
            assert len(stored) == 100
            assert log.totals().answered.calls == endpoint.received()


def test_the_endpoint_as_a_process_notes_what_it_saw(tmp_path: Path) -> None:
    state = tmp_path / "state"
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.scripted_endpoint", "--state", str(state)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    with server:
        assert server.stdout is not None
        address = server.stdout.readline().decode().strip()
        asked(ModelEntry(model="m", address=address), tmp_path, a_request(n=2))
        server.terminate()
    seen = read_state(state)
    assert (sum(seen.received.values()), sum(seen.answered.values()), seen.unanswered()) == (2, 2, set())


# litellm


@pytest.fixture
def quiet_litellm(monkeypatch: pytest.MonkeyPatch) -> Any:
    with warnings.catch_warnings():
        # litellm's own: pydantic models that are serialized with fields of other types, and deprecated typing.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"litellm|pydantic")
        warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)
        monkeypatch.setenv("OPENAI_API_KEY", SECRET)
        yield


def through_litellm(endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> ModelEntry:
    monkeypatch.setenv("OPENAI_API_BASE", endpoint.address)
    return ModelEntry(model="openai/gpt-4o-mini", **settings)


@pytest.mark.usefixtures("quiet_litellm")
def test_litellm_answers_like_the_direct_transport(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedEndpoint(always(Act(text="a stream of water"))) as endpoint:
        entry = through_litellm(endpoint, monkeypatch, api_key_env="OPENAI_API_KEY")
        for _ in range(2):
            (reply,) = asked(entry, tmp_path, a_request(schema={"type": "object"}))
        assert endpoint.received() == 1
        assert endpoint.bodies[0]["seed"] == sampling_seed(reply.call_id)
        assert endpoint.headers[0]["Authorization"] == f"Bearer {SECRET}"
    assert (reply.text, reply.model, reply.prompt_tokens) == ("a stream of water", "openai/gpt-4o-mini", 4)
    (row,) = recorded(tmp_path)
    assert row["address"] == "litellm openai"
    assert row["cost_usd"] == pytest.approx((4 * 0.15 + 4 * 0.6) / 1e6)
    assert SECRET.encode() not in everything_under(tmp_path)


@pytest.mark.usefixtures("quiet_litellm")
@pytest.mark.parametrize("kind", ["status_500", "status_429", "malformed", "no_choices", "connection"])
def test_litellm_faults_that_pass_are_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    with ScriptedEndpoint(first(1, PASSING[kind])) as endpoint:
        (reply,) = asked(through_litellm(endpoint, monkeypatch), tmp_path)
        assert endpoint.received() == 2
    assert reply.text


@pytest.mark.usefixtures("quiet_litellm")
def test_litellm_honours_retry_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passing = Time()
    busy = Act(kind="status", status=429, headers={"Retry-After": "7"})
    with ScriptedEndpoint(first(1, busy)) as endpoint:
        asked(through_litellm(endpoint, monkeypatch), tmp_path, time_=passing)
    assert sum(passing.slept) == pytest.approx(7.05, abs=0.01)


@pytest.mark.usefixtures("quiet_litellm")
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_litellm_refusals_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    act = Act(kind="status", status=status, text=f"the key {SECRET} will not do")
    with ScriptedEndpoint(always(act)) as endpoint:
        with pytest.raises(ModelRejected, match=f"litellm openai refused .* status {status}: ") as caught:
            asked(through_litellm(endpoint, monkeypatch), tmp_path)
        assert endpoint.received() == 1
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert SECRET.encode() not in everything_under(tmp_path)


def test_a_budget_of_dollars_needs_a_price(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = ModelEntry(model="nobody/has-this")
    with pytest.raises(ModelRejected, match=r"no price is known for model 'nobody/has-this'"):
        asked(entry, tmp_path, budget=Budget(usd=1))


# The embedded model


def test_the_embedded_model_keeps_to_a_grammar(tmp_path: Path) -> None:
    request = a_request("Is water wet?", grammar='root ::= "Yes." | "No."', max_tokens=8, logprobs=True)
    with EmbeddedServer(tmp_path, linger_s=0) as server:
        server.address()
        (reply,) = asked(ModelEntry(model="embedded"), tmp_path, request)
    assert reply.text in {"Yes.", "No."}
    assert reply.model == "SmolLM2-135M-Instruct.Q4_1"
    assert reply.logprobs
    assert recorded(tmp_path)[0]["address"] == "embedded"
    assert recorded(tmp_path)[0]["cost_usd"] == 0.0
