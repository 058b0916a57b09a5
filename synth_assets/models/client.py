"""The only place from which a language model is called.

`ModelClient.ask` takes an exercise's `Request` and gives its `Reply`s. Between the two it holds to these rules:

- A call's key is a hash of everything that makes it; an answered call is never sent again, by any run.
- A reply is in the journal before its slot is free and before anybody sees it.
- In flight per endpoint never exceeds the recipe's `max_in_flight`, over all runs of the machine or all workers of a
  lake, and follows what the endpoint bears (`pacing`).
- What may pass (no connection, a timeout, 408, 425, 429, 5xx, an answer that is none) is tried again with jittered
  back-off, at most `TRIES` times; then that call has failed, its candidate is refused for this attempt, and the rest
  goes on. An endpoint that brings nothing but failures, or nothing at all, is `ModelUnreachable` within 30 seconds for
  everybody who waits for it.
- What will not pass ends the cell at once as `ModelRejected` (401, 403, 404, and anything the endpoint says before it
  has answered a single call); one prompt that it refuses among others that it answers costs that candidate only.
- A call is sent only when the recipe's budget still holds its worst case; what it did not use is given back.
- Keys come from the environment and appear in no record and no message.

Two transports: aiohttp, directly, for every address and for the embedded model; litellm for all other providers.
A model of one's own costs nothing unless the recipe gives prices.
"""

import asyncio
import json
import math
import os
import random
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn
from urllib.parse import urlsplit

import aiohttp

from synth_assets.calls.log import CallLog
from synth_assets.calls.record import Call
from synth_assets.calls.sums import Spent
from synth_assets.embedded import EmbeddedServer
from synth_assets.errors import ModelRejected, ModelUnreachable, Waiting
from synth_assets.exercises.base import Image, Reply, Request
from synth_assets.machine import machine_folder
from synth_assets.models.batches import Batches, Collected
from synth_assets.models.budget import POLL_S, Ledger, Reservation, Scope, Settlement
from synth_assets.models.endpoint import UNSENT, Endpoint
from synth_assets.models.pacing import Heard, Pacer
from synth_assets.models.prices import Price, price_of
from synth_assets.models.shared_state import Gathered, Numbers, numbers_in
from synth_assets.models.transports import LEAST_SECRET, Direct, Litellm, Transport, provider_of
from synth_assets.models.wire import (
    Completion,
    Fault,
    completion_of,
    json_text,
    key_of_body,
    model_name,
    request_body,
    resolved,
    sampling_seed,
)
from synth_assets.recipe import Budget, ModelEntry, Models

TRIES = 5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
LONGEST_RETRY_AFTER_S = 60.0
FAILING_S = 18.0

# A refusal of one prompt, once others were answered; before that it is a refusal of the recipe's way of asking.
_OF_THIS_PROMPT = frozenset({400, 413, 422})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a client has done so far.

    Attributes:
        answered, failed: calls that got their final outcome here.
        replayed: calls that were found answered.
        in_flight: requests under way at this moment.
        retries: requests sent again after a fault.
        faults: faults by kind ("timeout", "connection", "status_429", "malformed", "no_choices").
        limit: how many the endpoints bear in flight just now, over all runs of the machine.
    """

    answered: int = 0
    failed: int = 0
    replayed: int = 0
    in_flight: int = 0
    retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    faults: Mapping[str, int] | None = None
    limit: int = 0


class ModelClient:
    """Asks the recipe's models. An async context manager; one event loop.

    Args:
        models: a model for each role.
        budget: what may be spent, over all runs.
        log: where calls are recorded and looked up; its run_id is the run's. The caller closes it.
        recipe, launch: whose budget the calls are on, and what they were started by; the run's id when left out.
        on_call: told of every call that got its final outcome here, after it was recorded.
        machine: where the runs of this machine meet; `machine_folder()` when left out.
        numbers: makes what runs share, purses and the controllers of endpoints (`Warehouse.numbers`); files beside the
            log and in the machine's folder when left out. What answers on this machine itself is another endpoint on
            each, and its controller is always a file.
        sleep, clock, jitter: the passing of time, so that tests need none; jitter is uniform in [0, 1).
    """

    def __init__(
        self,
        models: Models,
        budget: Budget,
        log: CallLog,
        *,
        recipe: str = "",
        launch: str = "",
        on_call: Callable[[Call], None] | None = None,
        machine: Path | None = None,
        numbers: Numbers | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._models = models
        self._log = log
        self._recipe = recipe
        self._launch = launch or log.run_id
        self._on_call = on_call
        self._machine = machine
        self._numbers = numbers
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._ledger = Ledger(
            budget,
            numbers_in(log.folder / "purses") if numbers is None else numbers,
            recipe=recipe,
            launch=self._launch,
            spent=self._spent,
            today=lambda: datetime.now(UTC).date().isoformat(),
            now=time.monotonic,
        )
        self._trades = Gathered(self._ledger.trade)
        self._settled = asyncio.Event()
        self._purse_queue = asyncio.Lock()
        self._batches: Batches | None = None
        self._endpoints: dict[tuple[str, ...], Endpoint] = {}
        self._prices: dict[ModelEntry, Price | None] = {}
        self._secrets: set[str] = set()
        self._stored: dict[tuple[str, str], dict[str, Call]] = {}
        self._expected: tuple[str, set[str], set[str]] = ("", set(), set())
        self._asking: dict[tuple[str, str], int] = {}
        self._under_way: dict[str, asyncio.Task[Call]] = {}
        self._counts = {"answered": 0, "failed": 0, "replayed": 0, "in_flight": 0, "retries": 0}
        self._tokens = [0, 0]
        self._cost = 0.0
        self._faults: dict[str, int] = {}

    async def __aenter__(self) -> "ModelClient":
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        folder = self._log.folder / "batches"
        # batches that are on their way are waited for also where the recipe asks for none any more
        if folder.exists() or any(entry.batch for entry in self._models.all()):
            self._batches = Batches(folder, self._log, self._session, on_call=self._on_call)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with AsyncExitStack() as closing:  # each, whatever becomes of the others
            closing.callback(self._ledger.close)
            closing.push_async_callback(self._trades.close)
            closing.push_async_callback(self._session.close)
            if self._batches is not None:
                closing.callback(self._batches.close)
            while self._endpoints:
                closing.push_async_callback(self._endpoints.popitem()[1].close)

    @property
    def progress(self) -> Progress:
        """A snapshot of what was done so far."""
        return Progress(
            **self._counts,
            prompt_tokens=self._tokens[0],
            completion_tokens=self._tokens[1],
            cost_usd=self._cost,
            faults=dict(self._faults),
            limit=int(sum(endpoint.pacer.limit for endpoint in self._endpoints.values())),
        )

    async def collect(self) -> Collected:
        """Record what batches on their way have brought; before a step, never beside one."""
        return await self._batches.collect() if self._batches is not None else Collected()

    async def submit(self) -> int:
        """Send what a step set aside for batches; returns the calls sent. After a step, never beside one."""
        return await self._batches.submit() if self._batches is not None else 0

    async def expect(self, candidate_ids: Collection[str], step: str) -> None:
        """Say whose step will be asked about next, thousands at a time, while nobody else asks about them.

        One look at the log then tells which of them have calls at all; `preload` and `ask` look no further for the
        others.
        """
        wanted = set(candidate_ids)
        self._expected = (step, wanted, await asyncio.to_thread(self._log.called, wanted, step))

    async def preload(self, candidate_ids: Collection[str], step: str) -> None:
        """Look up what is already answered for a window of candidates, all at once.

        Replaces what was preloaded before, but for candidates that are being asked about. A candidate that was not
        preloaded is looked up by itself when it is asked about: right, and slower.
        """
        found = await self._look_up(candidate_ids, step)
        # What was answered while the log was read is in the old mapping only: the window's own entries stay.
        window = set(candidate_ids)
        self._stored = {
            key: calls
            for key, calls in self._stored.items()
            if key in self._asking or (key[1] == step and key[0] in window)
        }
        for candidate_id in candidate_ids:
            self._stored.setdefault((candidate_id, step), {})
        for call in found.values():
            self._stored[call.candidate_id, step][call.call_id] = call

    async def ask(
        self, request: Request, *, exercise: str, language: str, candidate_id: str, step: str, attempt: int
    ) -> tuple[Reply, ...]:
        """The request's n replies, stored ones where they were answered before.

        A call that failed for good, while others go well, is a reply with the finish_reason "call_failed" or
        "call_rejected" and the error as its text. When one sample fails the others are still waited for and recorded:
        they are paid for.

        Raises:
            ModelUnreachable, ModelRejected, BudgetSpent: see `synth_assets.errors`; the candidate stays open.
            Waiting: the reply comes by a batch; `submit` sends it, `collect` brings it.
            WarehouseBroken: the call cannot be recorded.
        """
        entry = self._models.of(request.role)
        sent = resolved(request, entry)
        key = (candidate_id, step)
        whose = {
            "exercise": exercise, "language": language, "candidate_id": candidate_id, "step": step, "attempt": attempt,
        }  # fmt: skip
        self._begin(key)
        try:
            if key not in self._stored:
                found = await self._look_up([candidate_id], step)
                self._stored.setdefault(key, {}).update(found)
            if request.n == 1:
                return (_reply(await self._sample(sent, entry, whose, 0)),)
            calls = await asyncio.gather(
                *(self._sample(sent, entry, whose, sample) for sample in range(request.n)), return_exceptions=True
            )
        finally:
            self._end(key)
        for call in calls:
            if isinstance(call, BaseException):
                raise call
        return tuple(_reply(call) for call in calls if isinstance(call, Call))

    async def _look_up(self, candidate_ids: Collection[str], step: str) -> dict[str, Call]:
        expected_step, expected, called = self._expected
        if step == expected_step and expected.issuperset(candidate_ids):
            candidate_ids = called.intersection(candidate_ids)
        return await asyncio.to_thread(self._log.stored, candidate_ids, step) if candidate_ids else {}

    async def _sample(self, request: Request, entry: ModelEntry, whose: Mapping[str, Any], sample: int) -> Call:
        key = (whose["candidate_id"], whose["step"])
        model = model_name(entry)
        body = request_body(request, model)
        call_id = key_of_body(body, *key, whose["attempt"], sample)
        stored = self._stored.get(key, {}).get(call_id)
        if stored is not None:
            self._counts["replayed"] += 1
            return stored
        task = self._under_way.get(call_id)
        if task is None:
            body["seed"] = sampling_seed(call_id)
            draft = {
                "call_id": call_id,
                **whose,
                "sample": sample,
                "role": request.role,
                "model": model,
                "request": json_text(body),
                "templates": json.dumps(list(request.templates)),
                "run_id": self._log.run_id,
                "recipe": self._recipe,
                "launch": self._launch,
            }
            if self._batches is not None and (entry.batch or self._batches.pending(call_id)):
                self._set_aside(draft, request, entry)
            # A task of its own, so that an answer that is on its way is recorded even when its asker is cancelled.
            task = asyncio.create_task(self._call(draft, body, request, entry))
            self._under_way[call_id] = task
            self._begin(key)
            task.add_done_callback(lambda done: self._finished(call_id, key, done))
        return await asyncio.shield(task)

    def _set_aside(self, draft: Mapping[str, Any], request: Request, entry: ModelEntry) -> NoReturn:
        """Leave a call to a batch, and its candidate open."""
        if self._batches.pending(draft["call_id"]):
            raise Waiting("the reply comes by a batch that is on its way")
        refused = self._batches.refused(draft["call_id"])
        if refused is not None:
            raise ModelRejected(refused)
        price = self._price(entry)
        worst = self._worst(draft["model"], request, price)
        worst["usd"] *= entry.batch_discount
        reservation: Reservation | None = None
        if self._ledger.limits:
            reservation = self._ledger.try_reserve(worst)
            if reservation is None:
                raise Waiting("the budget may hold it once calls of other runs are answered")
        call = Call(
            **draft, address="", reply=None, finish_reason="", prompt_tokens=None, completion_tokens=None,
            cost_usd=None, error=None, http_attempts=0, started_at="", finished_at="", logprobs=None,
        )  # fmt: skip
        taken: Mapping[str, float] = {}
        try:
            self._batches.want(call, entry, price, worst)
            taken = worst  # until it is collected, the most that it can take is spent
        finally:
            if reservation is not None:
                self._ledger.settle(reservation, taken)
        raise Waiting("the reply comes by a batch")

    def _begin(self, key: tuple[str, str]) -> None:
        self._asking[key] = self._asking.get(key, 0) + 1

    def _end(self, key: tuple[str, str]) -> None:
        self._asking[key] -= 1
        if not self._asking[key]:
            del self._asking[key]

    def _finished(self, call_id: str, key: tuple[str, str], task: asyncio.Task[Call]) -> None:
        del self._under_way[call_id]
        self._end(key)
        if not task.cancelled():
            task.exception()  # whoever asked has it too; if nobody is left, it was not lost but never wanted

    async def _call(self, draft: dict[str, Any], body: Mapping[str, Any], request: Request, entry: ModelEntry) -> Call:
        endpoint = self._endpoint(entry)
        price = self._price(entry)
        worst = self._worst(draft["model"], request, price)
        began = self._clock()
        started_at = ""
        sent = faults = 0
        while True:
            await endpoint.enter(worst["tokens"])
            heard, unused = UNSENT, worst["tokens"]
            reservation: Reservation | None = None
            try:
                endpoint.check()
                # Set aside only while the request is under way: a call that backs off with money in hand could wait
                # for a slot held by one that waits for that money.
                reservation = await self._reserve(worst)
                started_at = started_at or _now()
                sent += 1
                sent_at = self._clock()
                outcome, headers = await self._send(endpoint, body, draft["request"], entry.timeout_s)
                heard = _heard(outcome, self._clock() - sent_at, headers)
                final = not isinstance(outcome, Fault) or outcome.final
                if not final:
                    faults += self._counts_as_failure(endpoint, outcome)
                    final = faults >= TRIES and endpoint.last_answer >= began  # others are answered meanwhile
                if final:
                    # An endpoint that refuses is there and has an opinion: it is not failing.
                    answered_before = endpoint.last_answer > -math.inf
                    if not isinstance(outcome, Fault) or outcome.final:
                        endpoint.answered()
                    call = self._outcome(draft, endpoint, outcome, price, started_at, sent)
                    real = {"calls": 1, "tokens": _tokens(call), "usd": call.cost_usd or 0.0}
                    unused = worst["tokens"] - real["tokens"]
                    paid, reservation = reservation, None
                    await _to_the_end(self._pay(paid, real, call))
                    if isinstance(outcome, Fault) and outcome.final:
                        of_this_prompt = answered_before and outcome.status in _OF_THIS_PROMPT
                        if not of_this_prompt:
                            raise ModelRejected(call.error)
                    elif call.error is None:
                        self._check_usage(call, worst)
                    return call
            finally:
                if reservation is not None:
                    self._settle(reservation, {})
                self._settled.set()
                endpoint.leave(heard, tokens_unused=unused)
            await self._pause(endpoint, outcome, faults=faults, sent=sent)
            self._counts["retries"] += 1

    async def _reserve(self, worst: Mapping[str, float]) -> Reservation | None:
        """Set the call's worst case aside; waits while calls under way may still give something back."""
        if not self._ledger.limits:
            return None
        near = self._ledger.open()
        if not near and not self._purse_queue.locked() and (reserved := await self._reserve_far(worst)) is not None:
            return reserved
        # First come first served: where hundreds wait, not all of them look whenever one call is answered.
        async with self._purse_queue:
            while True:
                reservation = self._ledger.try_reserve(worst) if near else await self._reserve_far(worst)
                if reservation is not None:
                    return reservation
                self._settled.clear()
                # those of other runs are not heard of: look again soon
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._settled.wait(), POLL_S)

    async def _reserve_far(self, worst: Mapping[str, float]) -> Reservation | None:
        """Look at purses that are far, with all who look in this moment; what comes after a cancellation is let go."""
        reserved = self._trades.give(worst)
        try:
            return await asyncio.shield(reserved)
        except asyncio.CancelledError:
            reserved.add_done_callback(self._let_go)
            raise

    def _let_go(self, reserved: "asyncio.Future[Reservation | None]") -> None:
        if not reserved.cancelled() and reserved.exception() is None and reserved.result() is not None:
            self._trades.give(Settlement(reservation=reserved.result(), real={}))

    async def _pay(self, reservation: Reservation | None, real: Mapping[str, float], call: Call) -> None:
        """Count what a call took, and record it: a moment before it is in the journal, see `budget`."""
        if reservation is not None and (settled := self._settle(reservation, real)) is not None:
            await settled
        await self._record(call)

    def _settle(self, reservation: Reservation, real: Mapping[str, float]) -> "asyncio.Future[Any] | None":
        """Settle with the purses; what to wait for where they are far."""
        if all(purse.near for purse in reservation.purses):
            self._ledger.settle(reservation, real)
            return None
        settled = self._trades.give(Settlement(reservation=reservation, real=real))
        settled.add_done_callback(lambda done: self._settled.set())
        return settled

    async def _send(
        self, endpoint: Endpoint, body: Mapping[str, Any], text: str, timeout_s: float
    ) -> tuple["Completion | Fault", Mapping[str, str] | None]:
        self._counts["in_flight"] += 1
        task = asyncio.current_task()
        endpoint.sending(task)
        try:
            answer, headers = await endpoint.transport.send(body, text, timeout_s)
            return completion_of(answer), headers
        except Fault as fault:
            self._faults[fault.kind] = self._faults.get(fault.kind, 0) + 1
            if fault.kind in ("content_filter", "context_exceeded"):
                empty = Completion(text="", finish_reason=fault.kind, prompt_tokens=0, completion_tokens=0)
                return empty, fault.headers
            return fault, fault.headers
        except ModelUnreachable as error:  # the embedded server cannot be started
            endpoint.give_up(str(error))
        except asyncio.CancelledError:
            endpoint.check()  # cancelled because it was given up: say so
            raise
        finally:
            endpoint.heard(task)
            self._counts["in_flight"] -= 1

    def _counts_as_failure(self, endpoint: Endpoint, fault: Fault) -> bool:
        """Whether a fault uses up a try. A 429 does not while others are being answered: the endpoint only paces us."""
        now = self._clock()
        patience = max(LONGEST_RETRY_AFTER_S, 16 / endpoint.pacer.pace)  # asked slowly, it answers seldom
        if fault.status == 429 and now - endpoint.last_answer < patience:
            return False
        if endpoint.failing_since is None:
            endpoint.failing_since = now
        return True

    async def _pause(self, endpoint: Endpoint, fault: Fault, *, faults: int, sent: int) -> None:
        """Wait before the next try, or give the endpoint up."""
        endpoint.check()
        now = self._clock()
        message = self._scrubbed(f"{endpoint.transport.label}: {fault.message}")
        if fault.retry_after is not None and fault.retry_after > LONGEST_RETRY_AFTER_S:
            endpoint.give_up(f"{message}; it asks to come back in {fault.retry_after:,.0f} seconds")
        failing_for = now - endpoint.failing_since if endpoint.failing_since is not None else 0.0
        if failing_for > FAILING_S:
            endpoint.give_up(f"{message}; nothing but failures for {failing_for:.0f} seconds")
        if faults >= TRIES:  # it answered nobody in all that time
            endpoint.give_up(f"{message}; given up after {faults} tries")
        if fault.kind == "connection":
            await endpoint.transport.after_no_connection()
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (sent - 1))
        pause = longest * (0.5 + 0.5 * self._jitter())
        if fault.retry_after is not None:
            pause = fault.retry_after + 0.1 * pause  # not all to the same instant
        await endpoint.pause(pause)

    def _outcome(
        self, draft: Mapping[str, Any], endpoint: Endpoint, outcome: "Completion | Fault", price: Price | None,
        started_at: str, sent: int,
    ) -> Call:  # fmt: skip
        where = endpoint.transport.label
        common = {
            **draft, "address": where, "http_attempts": sent, "started_at": started_at, "finished_at": _now(),
        }  # fmt: skip
        if isinstance(outcome, Fault):
            if outcome.final:
                error = f"{where} refused model {draft['model']!r} with status {outcome.status}: {outcome.message}"
            else:
                error = f"{where}: {outcome.message}; given up after {sent} requests"
            return Call(
                **common,
                reply=None,
                finish_reason="call_rejected" if outcome.final else "call_failed",
                prompt_tokens=None,
                completion_tokens=None,
                cost_usd=0.0,
                error=self._scrubbed(error),
                logprobs=None,
            )
        return Call(
            **common,
            reply=self._scrubbed(outcome.text),
            finish_reason=outcome.finish_reason,
            prompt_tokens=outcome.prompt_tokens,
            completion_tokens=outcome.completion_tokens,
            cost_usd=_cost(price, outcome),
            error=None,
            logprobs=outcome.logprobs,
        )

    async def _record(self, call: Call) -> None:
        """Journal the call, then count it. The loop goes on while a server writes it down."""
        await self._log.record(call)
        if call.error is None:
            self._counts["answered"] += 1
            stored = self._stored.get((call.candidate_id, call.step))
            if stored is not None:
                stored[call.call_id] = call
        else:
            self._counts["failed"] += 1
        self._tokens[0] += call.prompt_tokens or 0
        self._tokens[1] += call.completion_tokens or 0
        self._cost += call.cost_usd or 0.0
        if self._on_call is not None:
            self._on_call(call)

    def _worst(self, model: str, request: Request, price: Price | None) -> dict[str, float]:
        """The most a call may take. Its prompt is estimated from its bytes, the reply is max_tokens."""
        if price is None and "usd" in self._ledger.limits:
            raise ModelRejected(
                f"no price is known for model {model!r}, so budget.usd cannot be kept; "
                "give its usd_per_million_prompt_tokens and usd_per_million_completion_tokens"
            )
        size = sum(
            len(part.data) // 100 if isinstance(part, Image) else len(part.text.encode("utf-8", "replace"))
            for message in request.messages
            for part in message.parts
        )
        prompt = math.ceil(size / 3) + 8 * len(request.messages)
        usd = price.of(prompt, request.max_tokens) if price is not None else 0.0
        return {"calls": 1, "tokens": prompt + request.max_tokens, "usd": usd}

    def _check_usage(self, call: Call, worst: Mapping[str, float]) -> None:
        if call.prompt_tokens is not None and call.completion_tokens is not None:
            return
        if "tokens" in self._ledger.limits or ("usd" in self._ledger.limits and worst["usd"]):
            raise ModelRejected(
                f"{call.address} does not say how many tokens a call took, so a budget of tokens or usd cannot be "
                "kept; limit budget.calls instead"
            )

    def _spent(self, scope: Scope) -> Spent:
        spent = self._log.spent(recipe=scope.recipe, launch=scope.launch, day=scope.day)
        if self._batches is None:
            return spent
        # as in the log, what does not say whose it is counts for all
        on_their_way = [
            batch
            for batch in self._batches.status()
            if batch.open
            and batch.recipe in (None, scope.recipe)
            and (not scope.launch or batch.launch in (None, scope.launch))
            and (not scope.day or batch.prepared_at.startswith(scope.day))
        ]
        return replace(
            spent,
            calls=spent.calls + sum(batch.requests for batch in on_their_way),
            tokens=spent.tokens + int(sum(batch.worst_tokens for batch in on_their_way)),
            usd=spent.usd + sum(batch.worst_usd for batch in on_their_way),
        )

    def _endpoint(self, entry: ModelEntry) -> Endpoint:
        place = _place(entry)
        endpoint = self._endpoints.get(place)
        if endpoint is None:
            secret = self._secret(entry)
            machine = self._machine if self._machine is not None else machine_folder()
            if entry.model == "embedded":
                transport: Transport = Direct(
                    self._session, entry, secret, EmbeddedServer(machine / "embedded", entry.gguf)
                )
            elif entry.address is not None:
                transport = Direct(self._session, entry, secret, None)
            else:
                transport = Litellm(entry, secret)
            here = [other for other in self._models.all() if _place(other) == place]
            numbers = numbers_in(machine / "endpoints")
            if self._numbers is not None and not _is_local(entry):
                numbers = partial(self._numbers, of_machine=True)
            pacer = Pacer(
                numbers,
                " ".join(place),
                most=min(other.max_in_flight for other in here),
                requests_per_minute=min((e.requests_per_minute for e in here if e.requests_per_minute), default=None),
                tokens_per_minute=min((e.tokens_per_minute for e in here if e.tokens_per_minute), default=None),
            )
            endpoint = self._endpoints[place] = Endpoint(transport, pacer, sleep=self._sleep, clock=self._clock)
        return endpoint

    def _secret(self, entry: ModelEntry) -> str | None:
        if entry.address is not None:
            password = urlsplit(entry.address).password
            if password:
                self._secrets.add(password)
        if entry.api_key_env is None:
            if entry.address is None and entry.model != "embedded":  # litellm finds the provider's key by itself
                found = os.environ.get(f"{provider_of(entry.model).upper()}_API_KEY", "").strip()
                self._secrets |= {found} - {""}
            return None
        secret = os.environ.get(entry.api_key_env, "").strip()
        if not secret:
            raise ModelRejected(f"the environment variable {entry.api_key_env} holds no key for model {entry.model!r}")
        self._secrets.add(secret)
        return secret

    def _scrubbed(self, text: str) -> str:
        for secret in self._secrets:
            if len(secret) >= LEAST_SECRET and secret in text:
                text = text.replace(secret, "[key]")
        return text

    def _price(self, entry: ModelEntry) -> Price | None:
        if entry not in self._prices:
            self._prices[entry] = price_of(entry)
        return self._prices[entry]


def _place(entry: ModelEntry) -> tuple[str, ...]:
    """What is one endpoint: its address, or its provider, and whose key it is asked with."""
    if entry.model == "embedded":
        return ("embedded", str(entry.gguf))
    if entry.address is not None:
        return ("direct", entry.address.rstrip("/"), entry.api_key_env or "")
    return ("litellm", provider_of(entry.model), entry.api_key_env or "")


def _is_local(entry: ModelEntry) -> bool:
    """Whether it answers on this machine, and another one by that name on every other."""
    host = urlsplit(entry.address).hostname or "" if entry.address is not None else ""
    return entry.model == "embedded" or host in ("localhost", "::1") or host.startswith("127.")


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for it, also where the waiter is cancelled meanwhile: an answer that is there is recorded."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # whoever was cancelled is told of nothing else
        raise


def _heard(outcome: "Completion | Fault", latency_s: float, headers: Mapping[str, str] | None) -> Heard:
    if isinstance(outcome, Completion):
        return Heard(outcome="answered", latency_s=latency_s, tokens=outcome.completion_tokens or 0, headers=headers)
    if outcome.final:
        return Heard(outcome="unsent", headers=headers)
    kind = "refused" if outcome.status == 429 else "overloaded" if outcome.status in (503, 529) else "failed"
    return Heard(outcome=kind, latency_s=latency_s, retry_after_s=outcome.retry_after, headers=headers)


def _cost(price: Price | None, completion: Completion) -> float | None:
    """Dollars; None where no price is known, or a price is and the endpoint does not say how many tokens it took."""
    if price is None:
        return None
    if price.prompt == price.completion == 0.0:
        return 0.0
    if completion.prompt_tokens is None or completion.completion_tokens is None:
        return None
    return price.of(completion.prompt_tokens, completion.completion_tokens)


def _tokens(call: Call) -> int:
    return (call.prompt_tokens or 0) + (call.completion_tokens or 0)


def _reply(call: Call) -> Reply:
    if call.error is not None:
        return Reply(text=call.error, model=call.model, call_id=call.call_id, finish_reason=call.finish_reason)
    logprobs = None
    if call.logprobs is not None:
        logprobs = tuple((token, value) for token, value in json.loads(call.logprobs))
    return Reply(
        text=call.reply or "",
        model=call.model,
        call_id=call.call_id,
        finish_reason=call.finish_reason,
        prompt_tokens=call.prompt_tokens or 0,
        completion_tokens=call.completion_tokens or 0,
        logprobs=logprobs,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
