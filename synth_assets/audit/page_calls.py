"""The steps of one sample and every call to a model that they took: exact prompt, parameters, reply, cost."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nicegui import html

from synth_assets.audit.page_parts import (
    code,
    dagster_run,
    facts,
    folded,
    link,
    money,
    outside_link,
    put,
    run_address,
    when,
)

STEPS = (("queries", "Query"), ("reasoning_drafts", "Reasoning draft"), ("answers", "Answer"))


def seconds_of(calls: Iterable[Mapping[str, Any]]) -> float:
    """Seconds from the sending of each call to its reply, added up."""
    return sum(_seconds(call) for call in calls)


def _seconds(call: Mapping[str, Any]) -> float:
    started, finished = (_moment(call[name]) for name in ("started_at", "finished_at"))
    return (finished - started).total_seconds() if started and finished else 0.0


def _moment(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def show_steps(life: Mapping[str, Any], dagster: str) -> None:
    """Each step with its calls in their order; calls that no step names stand at the end."""
    # one that failed and was answered later is two
    calls: dict[str, list[Mapping[str, Any]]] = {}
    for call in life["calls"]:
        calls.setdefault(call["call_id"], []).append(call)
    told: set[str] = set()
    steps = [(title, life[table]) for table, title in STEPS]
    steps.append(("Judgement", life["judgements"]))
    for title, step in steps:
        if step is None:
            continue
        with put(html.div, classes="step"):
            put(html.h3, title)
            _show_step(step, dagster)
            told.update(step["call_ids"])
            made = [call for call_id in step["call_ids"] for call in calls.get(call_id, ())]
            for number, call in enumerate(made, start=1):
                _show_call(call, number, len(made))
            for call_id in step["call_ids"]:
                if call_id not in calls:
                    put(html.p, f"Call {call_id} is not among the calls that are kept.", "absent mono")
    left = [call for call in life["calls"] if call["call_id"] not in told]
    if left:
        put(html.h3, "Calls that no step kept", "spaced")
        for number, call in enumerate(left, start=1):
            _show_call(call, number, len(left))


def _show_step(step: Mapping[str, Any], dagster: str) -> None:
    run_id = step["run_id"]
    facts({
        "model": step["model"],
        "attempts": step["attempts"],
        "refused": step["refused_reason"],
        "detail": step["refused_detail"],
        "made": when(step["made_at"]),
        "run": lambda: link(run_id[:8], run_address(run_id), "mono", title=run_id),
        "in Dagster": lambda: outside_link("open", dagster_run(dagster, run_id)),
        "fingerprint": step["fingerprint"][:16],
    }, "across")  # fmt: skip
    if step["templates"]:
        facts({"prompt templates": lambda: [put(html.div, name, "mono wrap") for name in step["templates"]]})
    payload = step.get("payload")
    if payload:
        with folded("Payload", "what later steps and verification were given"):
            code(_pretty(payload))


def _show_call(call: Mapping[str, Any], number: int, count: int) -> None:
    note = ", ".join(
        part
        for part in (
            call["model"],
            f"attempt {call['attempt']}" if call["attempt"] is not None else "",
            f"sample {call['sample']}" if call["sample"] else "",
            f"{call['prompt_tokens'] or 0:,} + {call['completion_tokens'] or 0:,} tokens",
            money(call["cost_usd"], unpriced=call["cost_usd"] is None),
            f"{_seconds(call):.1f} s",
            call["error"] and "failed",
        )
        if part
    )
    with folded(f"Call {number} of {count}", note, anchor=f"call-{call['call_id'][:16]}"):
        request = call["request"] if isinstance(call["request"], Mapping) else {"request": call["request"]}
        for message in request.get("messages") or []:
            with put(html.div, classes=f"message {_role(message)}"):
                put(html.span, message.get("role", "message"), "role")
                code(_content(message.get("content")))
        with put(html.div, classes="message reply"):
            put(html.span, "reply", "role")
            code(call["reply"] if call["reply"] is not None else f"(none) {call['error'] or ''}")
        parameters = {name: value for name, value in request.items() if name != "messages"}
        put(html.h4, "Parameters")
        facts({name: value if isinstance(value, str | int | float) else _pretty(value)
               for name, value in parameters.items()}, "mono wrap")  # fmt: skip
        put(html.h4, "Call")
        facts({
            "call": call["call_id"],
            "step and role": f"{call['step']}, {call['role']}",
            "address": call["address"],
            "HTTP attempts": call["http_attempts"],
            "ended because": call["finish_reason"],
            "error": call["error"],
            "sent": when(call["started_at"]),
            "answered": when(call["finished_at"]),
            "run": call["run_id"],
        }, "mono wrap")  # fmt: skip
        if call.get("logprobs"):
            with folded("Log probabilities"):
                code(_pretty(call["logprobs"]))


def _role(message: Mapping[str, Any]) -> str:
    return message["role"] if message.get("role") in ("system", "user", "assistant") else "other"


def _content(content: Any) -> str:
    """A message's text; parts that are no text as JSON."""
    if isinstance(content, str) or content is None:
        return content or ""
    parts = content if isinstance(content, list) else [content]
    return "\n".join(
        part["text"] if isinstance(part, Mapping) and isinstance(part.get("text"), str) else _pretty(part)
        for part in parts
    )


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
