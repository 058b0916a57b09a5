"""Drives the steps of exercises: starts each generator, asks its requests, hands back the replies, notes the outcome.

A step that is killed is started again and replays the stored replies, so nothing answered is asked twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from synth_assets.errors import Refused, Waiting
from synth_assets.exercises.base import Answer, Check, Draft, Exercise, Query, Reply, Request, Task
from synth_assets.identity import hash_of

StepName = Literal["query", "draft", "answer"]

# Refusals that the driver itself makes, whatever the exercise.
DRIVER_REFUSALS = frozenset(
    {"truncated", "content_filter", "context_exceeded", "empty_reply", "call_failed", "call_rejected"}
)

PROGRAM = "program"


class Asks(Protocol):
    """What answers requests: `models.ModelClient`."""

    async def ask(
        self, request: Request, *, exercise: str, language: str, candidate_id: str, step: str, attempt: int
    ) -> tuple[Reply, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInput:
    """One candidate at the start of a step."""

    task: Task
    query: Query | None = None
    draft: Draft | None = None
    parent_fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """What a step made of one candidate: a value, or a refusal with its reason."""

    candidate_id: str
    value: Query | Draft | Answer | None
    checks: tuple[Check, ...]
    model: str
    templates: tuple[str, ...]
    call_ids: tuple[str, ...]
    attempts: int
    fingerprint: str
    refused_reason: str | None = None
    refused_detail: str | None = None


@dataclass(slots=True)
class _Notes:
    """What the calls of one candidate's step leave behind, over all attempts."""

    templates: dict[str, None] = field(default_factory=dict)
    models: dict[str, None] = field(default_factory=dict)
    call_ids: list[str] = field(default_factory=list)
    settings: dict[tuple[Any, ...], None] = field(default_factory=dict)


async def run_step(
    exercise: Exercise,
    step: StepName,
    inputs: AsyncIterator[StepInput] | Iterable[StepInput],
    client: Asks,
    *,
    attempts: int,
    window: int,
    on_outcome: Callable[[StepOutcome], Any],
) -> None:
    """Carry every input through one step, at most `window` at a time; `on_outcome` gets each as it finishes.

    When one fails with anything but a refusal (a model that cannot be used, a fault in the exercise or in the inputs),
    nothing new is started, those whose calls are under way are let finish, and the first failure is raised; candidates
    without an outcome stay open. Those whose replies come by a batch have none yet. When it is cancelled, all are.
    """
    failure: list[BaseException] = []
    running: set[asyncio.Task[None]] = set()
    free = asyncio.Semaphore(window)

    async def one(item: StepInput) -> None:
        try:
            on_outcome(await carry(exercise, step, item, client, attempts=attempts))
        except Waiting:
            return  # it stays open
        except Exception as error:
            failure.append(error)

    def ended(task: asyncio.Task[None]) -> None:
        running.discard(task)
        free.release()

    try:
        try:
            await free.acquire()  # before an item is read: none is held that has no place
            async for item in _stream(inputs):
                if failure:
                    break
                task = asyncio.create_task(one(item))
                running.add(task)
                task.add_done_callback(ended)
                await free.acquire()
        except Exception as error:
            failure.append(error)
        if running:
            await asyncio.wait(running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    if failure:
        raise failure[0]


async def carry(exercise: Exercise, step: StepName, item: StepInput, client: Asks, *, attempts: int) -> StepOutcome:
    """One candidate through one step, with as many tries as `attempts` allows."""
    notes = _Notes()
    refusal = Refused("no_attempt", "attempts is 0")
    attempt = 0
    for attempt in range(attempts):
        calls_before = len(notes.call_ids)
        try:
            value, checks = await _try(exercise, step, replace(item.task, attempt=attempt), item, client, notes)
        except Refused as error:
            refusal = error
            # A program gives the same again; only another sampled reply can do better.
            if not error.retry or len(notes.call_ids) == calls_before:
                break
        else:
            return _outcome(exercise, step, item, notes, attempt + 1, value, checks, None)
    return _outcome(exercise, step, item, notes, attempt + 1, None, (), refusal)


async def _try(
    exercise: Exercise, step: StepName, task: Task, item: StepInput, client: Asks, notes: _Notes
) -> tuple[Query | Draft | Answer, tuple[Check, ...]]:
    if step == "query":
        made = exercise.make_query(task)
    elif step == "draft":
        made = exercise.make_draft(task, item.query)
    else:
        made = exercise.make_answer(task, item.query, item.draft)
    value = await _drive(made, step, task, client, notes) if isinstance(made, Generator) else made
    if step != "answer":
        return value, ()
    checks = exercise.verify(task, item.query, item.draft, value)
    failed = next((check for check in checks if not check.passed), None)
    if failed is not None:
        raise Refused(failed.name, failed.detail)
    return value, checks


async def _drive(
    generator: Generator[Any, Any, Any], step: StepName, task: Task, client: Asks, notes: _Notes
) -> Query | Draft | Answer:
    async def ask(request: Request) -> tuple[Reply, ...]:
        return await client.ask(
            request, exercise=task.exercise, language=task.language, candidate_id=task.candidate_id,
            step=step, attempt=task.attempt,
        )  # fmt: skip

    try:
        asked = next(generator)
        while True:
            requests = [asked] if isinstance(asked, Request) else list(asked)
            answered = await asyncio.gather(*(ask(request) for request in requests), return_exceptions=True)
            for replies in answered:  # all are waited for first, so that none is left unanswered but paid for
                if isinstance(replies, BaseException):
                    raise replies
            for request, replies in zip(requests, answered, strict=True):
                notes.templates.update(dict.fromkeys(request.templates))
                # once, however many attempts: the same prompt, model and parameters have one fingerprint
                notes.settings[request.role, request.max_tokens, request.temperature, request.top_p, request.n] = None
                notes.models.update(dict.fromkeys(reply.model for reply in replies))
                notes.call_ids.extend(reply.call_id for reply in replies)
            for request, replies in zip(requests, answered, strict=True):
                for reply in replies:
                    _check_reply(request, reply)
            asked = generator.send(answered[0] if isinstance(asked, Request) else answered)
    except StopIteration as finished:
        return finished.value
    finally:
        generator.close()


def _check_reply(request: Request, reply: Reply) -> None:
    if reply.finish_reason == "call_failed":
        raise Refused("call_failed", f"{reply.text}, call {reply.call_id}")
    if reply.finish_reason == "call_rejected":
        raise Refused("call_rejected", f"{reply.text}, call {reply.call_id}", retry=False)
    if reply.finish_reason == "content_filter":
        raise Refused("content_filter", f"call {reply.call_id}")
    if reply.finish_reason == "context_exceeded":
        raise Refused("context_exceeded", f"the prompt is too long for the model, call {reply.call_id}", retry=False)
    if reply.finish_reason == "length" and not request.accept_truncated:
        length = reply.completion_tokens or request.max_tokens
        raise Refused("truncated", f"cut at {length} tokens, call {reply.call_id}")
    if not reply.text.strip():
        raise Refused("empty_reply", f"call {reply.call_id}")


def _outcome(
    exercise: Exercise, step: StepName, item: StepInput, notes: _Notes, attempts: int,
    value: Query | Draft | Answer | None, checks: tuple[Check, ...], refusal: Refused | None,
) -> StepOutcome:  # fmt: skip
    templates = tuple(notes.templates)
    model = ", ".join(notes.models) or PROGRAM
    # what has no template is in the exercise's own code, which its version speaks for
    wording = sorted(templates) or [exercise.name, exercise.version]
    made_by = [wording, sorted(notes.models), list(notes.settings)]
    return StepOutcome(
        candidate_id=item.task.candidate_id,
        value=value,
        checks=checks,
        model=model,
        templates=templates,
        call_ids=tuple(notes.call_ids),
        attempts=attempts,
        fingerprint=hash_of("step", step, made_by, item.parent_fingerprint),
        refused_reason=refusal.reason if refusal else None,
        refused_detail=(refusal.detail[:2000] or None) if refusal else None,
    )


async def _stream(inputs: AsyncIterator[StepInput] | Iterable[StepInput]) -> AsyncIterator[StepInput]:
    if isinstance(inputs, AsyncIterator):
        async for item in inputs:
            yield item
    else:
        for item in inputs:
            yield item
