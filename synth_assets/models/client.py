"""The only module that calls a language model.

`ModelClient.ask` takes an exercise's `Request` and gives its `Reply`s. Between the two it holds to these rules:

- A call's key is a hash of everything that makes it; an answered call is never sent again, by any run.
- A reply is in the journal before its slot is free and before anybody sees it.
- In flight per endpoint never exceeds the recipe's `max_in_flight`.
- What may pass (no connection, a timeout, 408, 425, 429, 5xx, an answer that is none) is tried again with jittered
  back-off; what will not (400, 401, 403, 404 and the like) is `ModelRejected` at once. An endpoint that only fails is
  `ModelUnreachable` within 30 seconds for everybody who waits for it.
- A call is sent only when the recipe's budget still holds its worst case; what it did not use is given back.
- Keys come from the environment and appear in no record and no message.

Two transports: aiohttp, directly, for every address and for the embedded model; litellm for all other providers.
A model at an address of one's own costs nothing unless the recipe gives prices.
"""

import asyncio
import json
import math
import os
import random
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn
from urllib.parse import urlsplit

import aiohttp

from synth_assets.calls import Call, CallLog, Tally
from synth_assets.embedded import EmbeddedServer
from synth_assets.errors import BudgetSpent, ModelRejected, ModelUnreachable
from synth_assets.exercises.base import Image, Reply, Request
from synth_assets.models.prices import Price, price_of
from synth_assets.models.transports import Direct, Litellm, Transport, provider_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a client has done so far.

    Attributes:
        answered, failed: calls that got their final outcome here.
        replayed: calls that were found answered.
        in_flight: requests under way at this moment.
        retries: requests sent again after a fault.
        faults: faults by kind ("timeout", "connection", "status_429", "malformed", "no_choices").
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


class _Endpoint:
    """One place that answers: its slots, and whether it is failing."""

    def __init__(self, transport: Transport, slots: int) -> None:
        self.transport = transport
        self.slots = asyncio.Semaphore(slots)
        self.down: ModelUnreachable | None = None
        self.went_down = asyncio.Event()
        self.last_answer = -math.inf
        self.failing_since: float | None = None
        self.not_before = -math.inf

    def check(self) -> None:
        if self.down is not None:
            raise ModelUnreachable(str(self.down))

    def answered(self, now: float) -> None:
        self.last_answer = now
        self.failing_since = None

    def give_up(self, message: str) -> NoReturn:
        self.down = ModelUnreachable(message)
        self.went_down.set()
        raise ModelUnreachable(message)


class _Purse:
    """The budget: what is spent, and what is set aside for calls under way."""

    def __init__(self, budget: Budget, spent: Tally) -> None:
        self._limits = {"calls": budget.calls, "tokens": budget.tokens, "usd": budget.usd}
        self._spent = {
            "calls": spent.calls,
            "tokens": spent.prompt_tokens + spent.completion_tokens,
            "usd": spent.usd,
        }
        self._aside: dict[str, float] = {"calls": 0, "tokens": 0, "usd": 0.0}
        self._changed = asyncio.Condition()

    def limits(self, kind: str) -> bool:
        return self._limits[kind] is not None

    async def reserve(self, worst: Mapping[str, float]) -> None:
        """Set the call's worst case aside; waits while calls under way may still give something back."""
        async with self._changed:
            while True:
                short = [kind for kind in worst if not self._fits(kind, self._spent[kind] + worst[kind])]
                if short:
                    raise BudgetSpent(self._message(short[0], worst[short[0]]))
                if all(self._fits(kind, self._spent[kind] + self._aside[kind] + worst[kind]) for kind in worst):
                    break
                await self._changed.wait()
            for kind, value in worst.items():
                self._aside[kind] += value

    async def settle(self, worst: Mapping[str, float], real: Mapping[str, float]) -> None:
        """Give back what was set aside and count what was really spent."""
        async with self._changed:
            for kind, value in worst.items():
                self._aside[kind] -= value
                self._spent[kind] += real.get(kind, 0)
            self._changed.notify_all()

    def _fits(self, kind: str, value: float) -> bool:
        limit = self._limits[kind]
        return limit is None or value <= limit * (1 + 1e-9)  # sums of dollars are not exact

    def _message(self, kind: str, worst: float) -> str:
        limit, spent = self._limits[kind], self._spent[kind]
        if kind == "usd":
            return f"budget.usd: {spent:.4f} of {limit:.4f} USD are spent and the next call may cost {worst:.4f}"
        if kind == "calls":
            return f"budget.calls: {spent:,.0f} of {limit:,} calls are spent"
        return f"budget.tokens: {spent:,.0f} of {limit:,} tokens are spent and the next call may take {worst:,.0f}"


class ModelClient:
    """Asks the recipe's models. An async context manager; one event loop.

    Args:
        models: a model for each role.
        budget: limits over every run that the log knows of, and this one. Runs under way elsewhere are counted from
            the next start on.
        log: where calls are recorded and looked up; its run_id is the run's. The caller closes it.
        on_call: told of every call that got its final outcome here, after it was recorded.
        embedded_folder: where the embedded server is found; the log's folder when left out.
        sleep, clock, jitter: the passing of time, so that tests need none; jitter is uniform in [0, 1).
    """

    def __init__(
        self,
        models: Models,
        budget: Budget,
        log: CallLog,
        *,
        on_call: Callable[[Call], None] | None = None,
        embedded_folder: Path | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._models = models
        self._budget = budget
        self._log = log
        self._on_call = on_call
        self._embedded_folder = embedded_folder if embedded_folder is not None else log.folder
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._endpoints: dict[tuple[str, ...], _Endpoint] = {}
        self._prices: dict[ModelEntry, Price | None] = {}
        self._secrets: set[str] = set()
        self._stored: dict[tuple[str, str], dict[str, Call]] = {}
        self._asking: dict[tuple[str, str], int] = {}
        self._under_way: dict[str, asyncio.Task[Call]] = {}
        self._counts = {"answered": 0, "failed": 0, "replayed": 0, "in_flight": 0, "retries": 0}
        self._tokens = [0, 0]
        self._cost = 0.0
        self._faults: dict[str, int] = {}

    async def __aenter__(self) -> "ModelClient":
        totals = await asyncio.to_thread(self._log.totals)
        self._purse = _Purse(self._budget, totals.answered + totals.failed)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for endpoint in self._endpoints.values():
            await endpoint.transport.close()
        await self._session.close()

    @property
    def progress(self) -> Progress:
        """A snapshot of what was done so far."""
        return Progress(
            **self._counts,
            prompt_tokens=self._tokens[0],
            completion_tokens=self._tokens[1],
            cost_usd=self._cost,
            faults=dict(self._faults),
        )

    async def preload(self, candidate_ids: Collection[str], step: str) -> None:
        """Look up what is already answered for a window of candidates, all at once.

        Replaces what was preloaded before, but for candidates that are being asked about. A candidate that was not
        preloaded is looked up by itself when it is asked about: right, and slower.
        """
        found = await asyncio.to_thread(self._log.stored, candidate_ids, step)
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

        When one sample fails the others are still waited for and recorded: they are paid for.

        Raises:
            ModelUnreachable, ModelRejected, BudgetSpent: see `synth_assets.errors`; the candidate stays open.
            WarehouseBroken: the call cannot be recorded.
        """
        entry = self._models.of(request.role)
        sent = resolved(request, entry)
        key = (candidate_id, step)
        self._begin(key)
        try:
            if key not in self._stored:
                found = await asyncio.to_thread(self._log.stored, [candidate_id], step)
                self._stored.setdefault(key, {}).update(found)
            calls = await asyncio.gather(
                *(
                    self._sample(
                        sent,
                        entry,
                        exercise=exercise,
                        language=language,
                        candidate_id=candidate_id,
                        step=step,
                        attempt=attempt,
                        sample=sample,
                    )
                    for sample in range(request.n)
                ),
                return_exceptions=True,
            )
        finally:
            self._end(key)
        for call in calls:
            if isinstance(call, BaseException):
                raise call
        return tuple(_reply(call) for call in calls if isinstance(call, Call))

    async def _sample(
        self,
        request: Request,
        entry: ModelEntry,
        *,
        exercise: str,
        language: str,
        candidate_id: str,
        step: str,
        attempt: int,
        sample: int,
    ) -> Call:
        model = model_name(entry)
        body = request_body(request, model)
        call_id = key_of_body(body, candidate_id, step, attempt, sample)
        stored = self._stored.get((candidate_id, step), {}).get(call_id)
        if stored is not None:
            self._counts["replayed"] += 1
            return stored
        task = self._under_way.get(call_id)
        if task is None:
            body["seed"] = sampling_seed(call_id)
            draft = Call(
                call_id=call_id,
                candidate_id=candidate_id,
                step=step,
                exercise=exercise,
                language=language,
                attempt=attempt,
                sample=sample,
                role=request.role,
                model=model,
                address="",
                request=json_text(body),
                templates=json.dumps(list(request.templates)),
                reply=None,
                finish_reason="",
                prompt_tokens=None,
                completion_tokens=None,
                cost_usd=None,
                error=None,
                http_attempts=0,
                started_at="",
                finished_at="",
                run_id=self._log.run_id,
                logprobs=None,
            )
            # A task of its own, so that an answer that is on its way is recorded even when its asker is cancelled.
            task = asyncio.create_task(self._call(draft, body, request, entry))
            self._under_way[call_id] = task
            self._begin((candidate_id, step))
            task.add_done_callback(lambda done: self._finished(call_id, (candidate_id, step), done))
        return await asyncio.shield(task)

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

    async def _call(self, draft: Call, body: Mapping[str, Any], request: Request, entry: ModelEntry) -> Call:
        endpoint = self._endpoint(entry)
        price = self._price(entry)
        worst = self._worst(draft, request, price)
        started = self._clock()
        started_at = ""
        sent = faults = 0
        while True:
            async with endpoint.slots:
                endpoint.check()
                # Set aside only while the request is under way: a call that backs off with money in hand could wait
                # for a slot held by one that waits for that money.
                await self._purse.reserve(worst)
                real: dict[str, float] = {}
                try:
                    await self._wait_for(endpoint)
                    started_at = started_at or _now()
                    sent += 1
                    outcome = await self._send(endpoint, body, draft.request, entry.timeout_s)
                    if not isinstance(outcome, Fault) or outcome.final:
                        # An endpoint that refuses is there and has an opinion: it is not failing.
                        endpoint.answered(self._clock())
                        draft = replace(draft, started_at=started_at, finished_at=_now(), http_attempts=sent)
                        call = self._record(draft, endpoint, outcome, price)
                        real = {"calls": 1, "tokens": _tokens(call), "usd": call.cost_usd or 0.0}
                        if call.error is not None:
                            raise ModelRejected(call.error)
                        self._check_usage(call, worst)
                        return call
                finally:
                    await self._purse.settle(worst, real)
            faults += self._counts_as_failure(endpoint, outcome)
            await self._pause(endpoint, outcome, faults=faults, sent=sent, started=started)
            self._counts["retries"] += 1

    async def _send(
        self, endpoint: _Endpoint, body: Mapping[str, Any], text: str, timeout_s: float
    ) -> "Completion | Fault":
        self._counts["in_flight"] += 1
        try:
            return completion_of(await endpoint.transport.send(body, text, timeout_s))
        except Fault as fault:
            self._faults[fault.kind] = self._faults.get(fault.kind, 0) + 1
            if fault.kind in ("content_filter", "context_exceeded"):
                return Completion(text="", finish_reason=fault.kind, prompt_tokens=0, completion_tokens=0)
            return fault
        except ModelUnreachable as error:  # the embedded server cannot be started
            endpoint.give_up(str(error))
        finally:
            self._counts["in_flight"] -= 1

    def _counts_as_failure(self, endpoint: _Endpoint, fault: Fault) -> bool:
        """Whether a fault uses up a try. A 429 does not while others are being answered: the endpoint only paces us."""
        now = self._clock()
        if fault.status == 429 and now - endpoint.last_answer < LONGEST_RETRY_AFTER_S:
            return False
        if endpoint.failing_since is None:
            endpoint.failing_since = now
        return True

    async def _pause(self, endpoint: _Endpoint, fault: Fault, *, faults: int, sent: int, started: float) -> None:
        """Wait before the next try, or give up."""
        endpoint.check()
        now = self._clock()
        where = endpoint.transport.label
        message = self._scrubbed(f"{where}: {fault.message}")
        if fault.retry_after is not None and fault.retry_after > LONGEST_RETRY_AFTER_S:
            endpoint.give_up(f"{message}; it asks to come back in {fault.retry_after:,.0f} seconds")
        failing_for = now - endpoint.failing_since if endpoint.failing_since is not None else 0.0
        if failing_for > FAILING_S:
            endpoint.give_up(f"{message}; nothing but failures for {failing_for:.0f} seconds")
        if faults >= TRIES:
            message = f"{message}; given up after {faults} tries"
            if endpoint.last_answer < started:  # it answered nobody in all that time
                endpoint.give_up(message)
            raise ModelUnreachable(message)
        if fault.kind == "connection":
            await endpoint.transport.after_no_connection()
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (sent - 1))
        pause = longest * (0.5 + 0.5 * self._jitter())
        if fault.retry_after is not None:
            # Everybody waits, and not to the same instant.
            endpoint.not_before = max(endpoint.not_before, now + fault.retry_after)
            pause = fault.retry_after + 0.1 * pause
        await self._sleep_unless_down(endpoint, pause)

    async def _wait_for(self, endpoint: _Endpoint) -> None:
        left = endpoint.not_before - self._clock()
        if left > 0:
            await self._sleep_unless_down(endpoint, left + 0.05 * self._jitter())

    async def _sleep_unless_down(self, endpoint: _Endpoint, seconds: float) -> None:
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        down = asyncio.ensure_future(endpoint.went_down.wait())
        try:
            await asyncio.wait({sleeping, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeping, down):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        endpoint.check()

    def _record(self, draft: Call, endpoint: _Endpoint, outcome: "Completion | Fault", price: Price | None) -> Call:
        """Journal the outcome, then count it."""
        where = endpoint.transport.label
        if isinstance(outcome, Fault):
            error = f"{where} refused model {draft.model!r} with status {outcome.status}: {outcome.message}"
            call = replace(draft, address=where, error=self._scrubbed(error), cost_usd=0.0)
        else:
            call = replace(
                draft,
                address=where,
                reply=self._scrubbed(outcome.text),
                finish_reason=outcome.finish_reason,
                prompt_tokens=outcome.prompt_tokens,
                completion_tokens=outcome.completion_tokens,
                cost_usd=_cost(price, outcome),
                logprobs=outcome.logprobs,
            )
        self._log.append(call)
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
        return call

    def _worst(self, draft: Call, request: Request, price: Price | None) -> dict[str, float]:
        """The most a call may take. Its prompt is estimated from its bytes, the reply is max_tokens."""
        if price is None and self._purse.limits("usd"):
            raise ModelRejected(
                f"no price is known for model {draft.model!r}, so budget.usd cannot be kept; "
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
        if self._purse.limits("tokens") or (self._purse.limits("usd") and worst["usd"]):
            raise ModelRejected(
                f"{call.address} does not say how many tokens a call took, so a budget of tokens or usd cannot be "
                "kept; limit budget.calls instead"
            )

    def _endpoint(self, entry: ModelEntry) -> _Endpoint:
        if entry.model == "embedded":
            key: tuple[str, ...] = ("embedded", str(entry.gguf))
        elif entry.address is not None:
            key = ("direct", entry.address.rstrip("/"), entry.api_key_env or "")
        else:
            key = ("litellm", provider_of(entry.model), entry.api_key_env or "")
        endpoint = self._endpoints.get(key)
        if endpoint is None:
            secret = self._secret(entry)
            if entry.model == "embedded":
                transport: Transport = Direct(
                    self._session, entry, secret, EmbeddedServer(self._embedded_folder, entry.gguf)
                )
            elif entry.address is not None:
                transport = Direct(self._session, entry, secret, None)
            else:
                transport = Litellm(entry, secret)
            roles = (self._models.of(role) for role in ("query", "reasoning", "answer", "judge"))
            slots = min(other.max_in_flight for other in roles if _same_place(other, entry))
            endpoint = self._endpoints[key] = _Endpoint(transport, slots)
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
            if secret in text:
                text = text.replace(secret, "[key]")
        return text

    def _price(self, entry: ModelEntry) -> Price | None:
        if entry not in self._prices:
            self._prices[entry] = price_of(entry)
        return self._prices[entry]


def _same_place(one: ModelEntry, other: ModelEntry) -> bool:
    if one.model == "embedded" or other.model == "embedded":
        return one.model == other.model and one.gguf == other.gguf
    if one.address is not None or other.address is not None:
        return one.address == other.address and one.api_key_env == other.api_key_env
    return provider_of(one.model) == provider_of(other.model) and one.api_key_env == other.api_key_env


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
