"""The lines of a journal: one call each, counted when it ends in a newline."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from synth_assets.calls.record import FIELDS, INTEGERS, NULLABLE, REQUIRED, SCHEMA, Call, frame_of

_HEAD = re.compile(rb'\{"call_id":"([^"\\]*)","candidate_id":"([^"\\]*)","step":"([^"\\]*)",')


def parse(line: bytes) -> Call | None:
    """The call of a journal line, or None when it is none."""
    try:
        row: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(row, dict) or not REQUIRED <= row.keys() <= set(FIELDS):
        return None
    for name, value in row.items():
        if value is None:
            right = name in NULLABLE
        elif name == "cost_usd":
            right = isinstance(value, int | float) and not isinstance(value, bool)
        elif name in INTEGERS:
            right = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
        else:
            right = isinstance(value, str)
        if not right:
            return None
    return Call(**row)


def calls_for(lines: Iterator[bytes], candidate_ids: set[str], step: str | None = None) -> Iterator[Call]:
    """The calls of these candidates, of one step where it is named, among the lines of living journals."""
    keys = {candidate.encode() for candidate in candidate_ids}
    step_key = None if step is None else step.encode()
    for line in lines:
        head = _HEAD.match(line)
        if head is not None and (head[2] not in keys or step_key not in (None, head[3])):
            continue
        call = parse(line)
        if call is not None and step in (None, call.step) and call.candidate_id in candidate_ids:
            yield call


def read_journal(content: bytes) -> tuple[pl.DataFrame, int, list[tuple[int, bytes]]]:
    """The calls of a journal, how many last lines are torn (0 or 1), and the broken lines with their numbers."""
    end = content.rfind(b"\n") + 1
    last = parse(content[end:]) if end < len(content) else None
    torn = int(end < len(content) and last is None)
    if last is not None:  # it lacks nothing but its newline
        content += b"\n"
        end = len(content)
    try:
        # polars reads four times as fast as Python, and lets the event loop go on meanwhile
        frame = pl.read_ndjson(io.BytesIO(content[:end]), schema=SCHEMA) if end else pl.DataFrame(schema=SCHEMA)
        missing = frame.select(pl.col(*(REQUIRED - NULLABLE)).null_count()).row(0)
        whole = frame.height == content.count(b"\n", 0, end) and not any(missing)
    except pl.exceptions.PolarsError:
        whole = False
    if whole:
        return frame, torn, []
    calls: list[Call] = []
    broken: list[tuple[int, bytes]] = []
    for number, line in enumerate(content[:end].split(b"\n")[:-1], 1):
        call = parse(line)
        if call is not None:
            calls.append(call)
        else:
            broken.append((number, line))
    return frame_of(calls), torn, broken
