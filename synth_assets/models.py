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
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Protocol
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from synth_assets.calls import Call, CallLog, Tally
from synth_assets.embedded import EmbeddedServer, embedded_name
from synth_assets.errors import BudgetSpent, ModelRejected, ModelUnreachable
from synth_assets.exercises.base import Image, Message, Reply, Request
from synth_assets.identity import hash_of
from synth_assets.recipe import Budget, ModelEntry, Models

TRIES = 5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
LONGEST_RETRY_AFTER_S = 60.0
FAILING_S = 18.0
CONNECT_S = 5.0
MESSAGE_CHARS = 300

_MAX_COUNT = 2**31  # a count of tokens beyond this is no count
_PASSING = frozenset({408, 425, 429})
_FILTERED = ("content_filter", "content_policy_violation", "ContentPolicyViolation")
# What endpoints say when one prompt is too long for them: a fault of this candidate, not of the cell.
_TOO_LONG = (
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "exceeds the available context",
)


def model_name(entry: ModelEntry) -> str:
    """The model as records name it: the endpoint's name for it, or the embedded file's."""
    return embedded_name(entry.gguf) if entry.model == "embedded" else entry.model


def resolved(request: Request, entry: ModelEntry) -> Request:
    """The request as this entry sends it: its temperature and top_p where left open, no more tokens than it allows,
    structure only where it applies.

    An endpoint with grammars gets a schema where there is no grammar (llama.cpp makes one of it).
    """
    structured = entry.structured
    if structured == "auto":
        structured = "grammar" if entry.model == "embedded" else "none"
    grammar = request.grammar if structured == "grammar" else None
    schema = request.schema if structured == "json_schema" or (structured == "grammar" and grammar is None) else None
    return replace(
        request,
        temperature=entry.temperature if request.temperature is None else request.temperature,
        top_p=entry.top_p if request.top_p is None else request.top_p,
        max_tokens=request.max_tokens if entry.max_tokens is None else min(request.max_tokens, entry.max_tokens),
        grammar=grammar,
        schema=schema,
    )


def request_body(request: Request, model: str) -> dict[str, Any]:
    """The chat completion that a resolved request is, without its seed."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [_message(message) for message in request.messages],
        "max_tokens": request.max_tokens,
    }
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.top_p is not None:
        body["top_p"] = request.top_p
    if request.stop:
        body["stop"] = list(request.stop)
    if request.logprobs:
        body["logprobs"] = True
        body["top_logprobs"] = 1  # llama.cpp sends twenty when it is left out
    if request.grammar is not None:
        body["grammar"] = request.grammar
    if request.schema is not None:
        schema = {"name": "reply", "schema": dict(request.schema), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def call_key(request: Request, *, model: str, candidate_id: str, step: str, attempt: int, sample: int) -> str:
    """Hash of everything that makes a call: the resolved request, the model, and whose call it is.

    The place where the model is served is no part of it: moving a server pays for nothing twice.
    """
    return _key(request_body(request, model), candidate_id, step, attempt, sample)


def _key(body: Mapping[str, Any], candidate_id: str, step: str, attempt: int, sample: int) -> str:
    return hash_of("call", body, candidate_id, step, attempt, sample)


def sampling_seed(key: str) -> int:
    """The 31-bit sampling seed of a call."""
    return int(key[:8], 16) & 0x7FFFFFFF


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


class _Fault(Exception):
    """One request that brought no chat completion.

    `kind` is counted by its name; `retry_after` is the endpoint's own wish in seconds; `final` says that sending the
    same again is of no use.
    """

    def __init__(
        self, kind: str, message: str, *, status: int = 0, retry_after: float | None = None, final: bool = False
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.final = final


@dataclass(frozen=True, slots=True, kw_only=True)
class _Completion:
    text: str
    finish_reason: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    logprobs: str | None = None


class _Transport(Protocol):
    label: str

    async def send(self, body: Mapping[str, Any], text: str, timeout_s: float) -> Any:
        """The endpoint's JSON for a chat completion; `text` is the body as JSON. Raises _Fault."""

    async def after_no_connection(self) -> None:
        """Called before a request that found nobody is sent again."""

    async def close(self) -> None:
        """Let go of what it holds."""


class _Direct:
    """aiohttp to an OpenAI-compatible address; the address is looked up where it belongs to the embedded server."""

    def __init__(
        self, session: aiohttp.ClientSession, entry: ModelEntry, key: str | None, server: EmbeddedServer | None
    ) -> None:
        self._session = session
        self._server = server
        self._address = entry.address.rstrip("/") if entry.address is not None else None
        self._finding = asyncio.Lock()
        self._headers = {"Content-Type": "application/json"}
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"
        self.label = "embedded" if server is not None else f"direct {_public(entry.address or '')}"

    async def send(self, body: Mapping[str, Any], text: str, timeout_s: float) -> Any:
        address = self._address or await self._find()
        try:
            async with self._session.post(
                f"{address}/chat/completions",
                data=text.encode(),
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_S),
                allow_redirects=False,
            ) as response:
                content = await response.read()
                status, headers = response.status, response.headers
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise _Fault("timeout", "gave no answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise _Fault("connection", _one_line(str(error) or type(error).__name__)) from error
        if status >= 300:
            raise _status_fault(status, content.decode("utf-8", "replace"), headers.get("Retry-After"))
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise _Fault("malformed", "answered with something that is not JSON") from error

    async def after_no_connection(self) -> None:
        if self._server is not None:
            self._address = None

    async def close(self) -> None:
        if self._server is not None:
            await asyncio.to_thread(self._server.close)

    async def _find(self) -> str:
        async with self._finding:
            if self._address is None and self._server is not None:
                self._address = await asyncio.to_thread(self._server.address)
            return self._address or ""


class _Litellm:
    """litellm for providers that have no OpenAI-compatible address of their own in the recipe."""

    def __init__(self, entry: ModelEntry, key: str | None) -> None:
        self._litellm = _import_litellm()
        self._key = key
        self.label = f"litellm {_provider(entry.model)}"

    async def send(self, body: Mapping[str, Any], text: str, timeout_s: float) -> Any:
        try:
            response = await self._litellm.acompletion(
                **body,
                api_key=self._key,
                timeout=timeout_s,
                num_retries=0,
                max_retries=0,
                drop_params=True,
            )
        # litellm hands on the exceptions of many client libraries; their status code is what they have in common.
        # Not chained: a provider's exception may carry the request's headers.
        except Exception as error:
            fault = _litellm_fault(error)
        else:
            return response.model_dump()
        raise fault

    async def after_no_connection(self) -> None:
        return

    async def close(self) -> None:
        await self._litellm.close_litellm_async_clients()


class _Endpoint:
    """One place that answers: its slots, and whether it is failing."""

    def __init__(self, transport: _Transport, slots: int) -> None:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    prompt: float
    completion: float

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        return prompt_tokens * self.prompt + completion_tokens * self.completion


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
        call_id = _key(body, candidate_id, step, attempt, sample)
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
                request=_json_text(body),
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
                    if not isinstance(outcome, _Fault) or outcome.final:
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
    ) -> "_Completion | _Fault":
        self._counts["in_flight"] += 1
        try:
            return _completion(await endpoint.transport.send(body, text, timeout_s))
        except _Fault as fault:
            self._faults[fault.kind] = self._faults.get(fault.kind, 0) + 1
            if fault.kind in ("content_filter", "context_exceeded"):
                return _Completion(text="", finish_reason=fault.kind, prompt_tokens=0, completion_tokens=0)
            return fault
        except ModelUnreachable as error:  # the embedded server cannot be started
            endpoint.give_up(str(error))
        finally:
            self._counts["in_flight"] -= 1

    def _counts_as_failure(self, endpoint: _Endpoint, fault: _Fault) -> bool:
        """Whether a fault uses up a try. A 429 does not while others are being answered: the endpoint only paces us."""
        now = self._clock()
        if fault.status == 429 and now - endpoint.last_answer < LONGEST_RETRY_AFTER_S:
            return False
        if endpoint.failing_since is None:
            endpoint.failing_since = now
        return True

    async def _pause(self, endpoint: _Endpoint, fault: _Fault, *, faults: int, sent: int, started: float) -> None:
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

    def _record(self, draft: Call, endpoint: _Endpoint, outcome: "_Completion | _Fault", price: Price | None) -> Call:
        """Journal the outcome, then count it."""
        where = endpoint.transport.label
        if isinstance(outcome, _Fault):
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
            key = ("litellm", _provider(entry.model), entry.api_key_env or "")
        endpoint = self._endpoints.get(key)
        if endpoint is None:
            secret = self._secret(entry)
            if entry.model == "embedded":
                transport: _Transport = _Direct(
                    self._session, entry, secret, EmbeddedServer(self._embedded_folder, entry.gguf)
                )
            elif entry.address is not None:
                transport = _Direct(self._session, entry, secret, None)
            else:
                transport = _Litellm(entry, secret)
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
                found = os.environ.get(f"{_provider(entry.model).upper()}_API_KEY", "").strip()
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
    return _provider(one.model) == _provider(other.model) and one.api_key_env == other.api_key_env


def price_of(entry: ModelEntry) -> Price | None:
    """Dollars a token: the recipe's prices, else litellm's table where litellm is the transport, else free."""
    prompt, completion = entry.usd_per_million_prompt_tokens, entry.usd_per_million_completion_tokens
    if prompt is not None or completion is not None:
        return Price(prompt=(prompt or 0.0) / 1e6, completion=(completion or 0.0) / 1e6)
    if entry.address is not None or entry.model == "embedded":
        return Price(prompt=0.0, completion=0.0)
    table = _import_litellm().model_cost
    row = table.get(entry.model) or table.get(entry.model.split("/", 1)[-1])
    if row is None or row.get("input_cost_per_token") is None or row.get("output_cost_per_token") is None:
        return None
    return Price(prompt=float(row["input_cost_per_token"]), completion=float(row["output_cost_per_token"]))


def _cost(price: Price | None, completion: _Completion) -> float | None:
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


def _message(message: Message) -> dict[str, Any]:
    if not any(isinstance(part, Image) for part in message.parts):
        return {"role": message.role, "content": "".join(part.text for part in message.parts)}  # type: ignore[union-attr]
    parts: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, Image):
            parts.append({"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{part.data}"}})
        else:
            parts.append({"type": "text", "text": part.text})
    return {"role": message.role, "content": parts}


def _completion(answer: Any) -> _Completion:
    """Read a chat completion, whoever sent it. Raises _Fault where it is none."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise _Fault("no_choices", "answered, but with no choices")
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise _Fault("no_choices", "answered, but with a choice that has no message")
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if content is not None and not isinstance(content, str):
        raise _Fault("malformed", "answered, but with content that is no text")
    finish_reason = str(choice.get("finish_reason") or "stop")
    if message.get("refusal") and not content:
        finish_reason = "content_filter"
    usage = answer.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return _Completion(
        text=_storable(content or ""),
        finish_reason=_storable(finish_reason),
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
        logprobs=_logprobs(choice.get("logprobs")),
    )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT else None


def _logprobs(given: Any) -> str | None:
    content = given.get("content") if isinstance(given, dict) else None
    if not isinstance(content, list):
        return None
    pairs = []
    for entry in content:
        token, value = (entry.get("token"), entry.get("logprob")) if isinstance(entry, dict) else (None, None)
        if not isinstance(token, str) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _Fault("malformed", "answered, but with log-probabilities that are none")
        pairs.append([token, float(value)])
    return json.dumps(pairs)


def _storable(text: str) -> str:
    """The text, with halves of surrogate pairs (a model may end in the middle of one) replaced: they are no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _json_text(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # seed text may hold half a surrogate pair; escaped, it can be sent and stored
        return json.dumps(body, separators=(",", ":"))
    return text


def _status_fault(status: int, content: str, retry_after: str | None) -> _Fault:
    message = _said(content)
    if status == 400 and any(name in content for name in _FILTERED):
        return _Fault("content_filter", message, status=status)
    if status in (400, 413) and any(name in content for name in _TOO_LONG):
        return _Fault("context_exceeded", message, status=status)
    passing = status in _PASSING or status >= 500
    return _Fault(
        f"status_{status}",
        f"answered with status {status}: {message}" if passing else message,
        status=status,
        retry_after=_seconds(retry_after) if passing else None,
        final=not passing,
    )


def _litellm_fault(error: Exception) -> _Fault:
    status = getattr(error, "status_code", None)
    if type(error).__name__ in {"Timeout", "APITimeoutError"}:
        return _Fault("timeout", "gave no answer in time")
    if type(error).__name__ == "APIConnectionError" or not isinstance(status, int):
        return _Fault("connection", _one_line(str(error) or type(error).__name__))
    headers = getattr(error, "litellm_response_headers", None)
    retry_after = headers.get("retry-after") if headers is not None else None
    if type(error).__name__ == "ContentPolicyViolationError":
        return _Fault("content_filter", _one_line(str(error)), status=status)
    return _status_fault(status, str(error), retry_after)


def _said(content: str) -> str:
    """The endpoint's own words in an error body, whatever shape they are in."""
    try:
        body = json.loads(content)
    except ValueError:
        return _one_line(content)
    error = body.get("error", body) if isinstance(body, dict) else body
    words = error.get("message", error.get("detail", error)) if isinstance(error, dict) else error
    return _one_line(words if isinstance(words, str) else json.dumps(words, ensure_ascii=False))


def _one_line(text: str) -> str:
    line = " ".join(_storable(text).split())
    return line if len(line) <= MESSAGE_CHARS else line[: MESSAGE_CHARS - 1] + "…"


def _seconds(retry_after: str | None) -> float | None:
    """A Retry-After header in seconds: it holds seconds or an HTTP date. None where it holds neither."""
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            when = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        seconds = (when - datetime.now(when.tzinfo)).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _public(address: str) -> str:
    """An address without user, password and query: those may be secrets."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))


def _provider(model: str) -> str:
    return model.split("/", 1)[0] if "/" in model else "openai"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _import_litellm() -> Any:
    # Without it the import waits 20 seconds for a price list from the network.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    return litellm
