"""One call to a language model as it is recorded, and what is said of recording, folding and merging."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a language model that has its final outcome. One row of journal, segment and `model_calls` alike.

    Attributes:
        call_id: hash of everything that makes the call; a call refused and later answered stands twice.
        step: "query", "draft" or "answer".
        attempt, sample: which try of the step, and which of its n samples, both from 0.
        role: role of the recipe that was asked.
        model: model name as the endpoint knows it.
        address: transport and place ("direct http://localhost:8000/v1", "embedded", "litellm anthropic"); no secrets.
        request: the JSON text that was sent; never headers, never keys.
        templates: JSON list of "<name>@<sha256>" of the prompt templates behind it.
        reply: text of the reply; None when the call was refused.
        finish_reason: as the endpoint says ("stop", "length", "content_filter"); "call_rejected" where it said no,
            "call_failed" where every try brought a fault.
        prompt_tokens, completion_tokens: as the endpoint counted; None where it does not say.
        cost_usd: 0.0 for models that cost nothing, None where no price is known.
        error: None for an answered call, else why there is no answer.
        http_attempts: requests that were sent for it, the last one included.
        started_at, finished_at: UTC, ISO 8601 with milliseconds.
        logprobs: JSON list of [token, natural-log probability], None where not asked for or not given.
        recipe, launch: name of the recipe, and what a person or a tick started, that paid for it; None in records
            older than these two columns.
    """

    call_id: str
    candidate_id: str
    step: str
    exercise: str
    language: str
    attempt: int
    sample: int
    role: str
    model: str
    address: str
    request: str
    templates: str
    reply: str | None
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None
    error: str | None
    http_attempts: int
    started_at: str
    finished_at: str
    run_id: str
    logprobs: str | None
    recipe: str | None = None
    launch: str | None = None


FIELDS = tuple(field.name for field in fields(Call))
INTEGERS = frozenset({"attempt", "sample", "prompt_tokens", "completion_tokens", "http_attempts"})
NULLABLE = frozenset(
    {"reply", "prompt_tokens", "completion_tokens", "cost_usd", "error", "logprobs", "recipe", "launch"}
)
REQUIRED = frozenset(FIELDS) - {"recipe", "launch"}
values_of = attrgetter(*FIELDS)

SCHEMA = pl.Schema(
    {name: pl.Int64() if name in INTEGERS else pl.Float64() if name == "cost_usd" else pl.String() for name in FIELDS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """A line in the middle of a journal that is no call; it was set aside in `kept_in`. `line` counts from 1."""

    file: Path
    line: int
    kept_in: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What folding did: journals turned into segments, calls in them, last lines torn by a crash, lines set aside."""

    journals: int = 0
    calls: int = 0
    torn: int = 0
    broken: tuple[BrokenLine, ...] = ()

    def __add__(self, other: "Folded") -> "Folded":
        return Folded(
            journals=self.journals + other.journals,
            calls=self.calls + other.calls,
            torn=self.torn + other.torn,
            broken=self.broken + other.broken,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What compaction did: segments that were merged into how many, calls in them, bytes on disk before and after.

    `left` are merged segments that could not be removed yet because readers were at work; they are removed next time.
    """

    merged: int = 0
    into: int = 0
    calls: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    left: int = 0


def frame_of(calls: list[Call]) -> pl.DataFrame:
    """The calls as a frame of `SCHEMA`."""
    return pl.DataFrame({name: [getattr(call, name) for call in calls] for name in FIELDS}, schema=SCHEMA)


def calls_in(frame: pl.DataFrame) -> list[Call]:
    """The rows of a frame of `SCHEMA`, as calls."""
    return [Call(**row) for row in frame.iter_rows(named=True)]


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """In the order of work, so that readers of some candidates skip most row groups."""
    return frame.sort("candidate_id", "step", "attempt", "sample", maintain_order=True)


def apart(calls: Iterable[Call]) -> list[Call]:
    """Each call once, oldest first: it stands twice while it is being folded."""
    each = {(call.call_id, call.finished_at): call for call in calls}
    return sorted(each.values(), key=lambda call: (call.started_at, call.call_id))
