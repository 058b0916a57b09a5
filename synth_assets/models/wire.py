"""What goes over the wire to a model and what comes back: bodies, keys, completions, and the faults between them."""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

import orjson

from synth_assets.embedded import embedded_name
from synth_assets.exercises.base import Image, Message, Request
from synth_assets.identity import hash_of
from synth_assets.recipe import ModelEntry

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
    return key_of_body(request_body(request, model), candidate_id, step, attempt, sample)


def key_of_body(body: Mapping[str, Any], candidate_id: str, step: str, attempt: int, sample: int) -> str:
    """`hash_of` of the same parts, in a quarter of its time (3.5 and 16 µs for 3 KB) wherever both write the same."""
    # numbers in a schema, and very small ones, are written differently
    if "response_format" not in body and _written_alike(body.get("temperature")) and _written_alike(body.get("top_p")):
        parts = ("call", body, candidate_id, step, attempt, sample)
        with suppress(orjson.JSONEncodeError):  # half a surrogate pair
            return sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return hash_of("call", body, candidate_id, step, attempt, sample)


def _written_alike(number: float | None) -> bool:
    return number is None or number == 0 or number >= 0.001


def sampling_seed(key: str) -> int:
    """The 31-bit sampling seed of a call."""
    return int(key[:8], 16) & 0x7FFFFFFF


class Fault(Exception):
    """One request that brought no chat completion.

    `kind` is counted by its name; `retry_after` is the endpoint's own wish in seconds; `final` says that sending the
    same again is of no use.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
        final: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.final = final
        self.headers = headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    text: str
    finish_reason: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    logprobs: str | None = None


def completion_of(answer: Any) -> Completion:
    """Read a chat completion, whoever sent it. Raises Fault where it is none."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise Fault("no_choices", "answered, but with no choices")
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise Fault("no_choices", "answered, but with a choice that has no message")
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if content is not None and not isinstance(content, str):
        raise Fault("malformed", "answered, but with content that is no text")
    finish_reason = str(choice.get("finish_reason") or "stop")
    if message.get("refusal") and not content:
        finish_reason = "content_filter"
    usage = answer.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Completion(
        text=storable(content or ""),
        finish_reason=storable(finish_reason),
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
            raise Fault("malformed", "answered, but with log-probabilities that are none")
        pairs.append([token, float(value)])
    return json.dumps(pairs)


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


def storable(text: str) -> str:
    """The text, with halves of surrogate pairs (a model may end in the middle of one) replaced: they are no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def json_text(body: Mapping[str, Any]) -> str:
    """The body as JSON text."""
    try:
        return orjson.dumps(body).decode()
    except orjson.JSONEncodeError:  # seed text may hold half a surrogate pair; escaped, it can be sent and stored
        return json.dumps(body, separators=(",", ":"))


def status_fault(status: int, content: str, retry_after: str | None, headers: Mapping[str, str] | None = None) -> Fault:
    message = _said(content)
    if status == 400 and any(name in content for name in _FILTERED):
        return Fault("content_filter", message, status=status)
    if status in (400, 413) and any(name in content for name in _TOO_LONG):
        return Fault("context_exceeded", message, status=status)
    passing = status in _PASSING or status >= 500
    return Fault(
        f"status_{status}",
        f"answered with status {status}: {message}" if passing else message,
        status=status,
        retry_after=seconds_of(retry_after) if passing else None,
        final=not passing,
        headers=headers,
    )


def _said(content: str) -> str:
    """The endpoint's own words in an error body, whatever shape they are in."""
    try:
        body = json.loads(content)
    except ValueError:
        return one_line(content)
    error = body.get("error", body) if isinstance(body, dict) else body
    words = error.get("message", error.get("detail", error)) if isinstance(error, dict) else error
    return one_line(words if isinstance(words, str) else json.dumps(words, ensure_ascii=False))


def one_line(text: str) -> str:
    line = " ".join(storable(text).split())
    return line if len(line) <= MESSAGE_CHARS else line[: MESSAGE_CHARS - 1] + "…"


def seconds_of(retry_after: str | None) -> float | None:
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
