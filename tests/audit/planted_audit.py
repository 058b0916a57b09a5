"""A small warehouse with every state, texts that try to be markup, and the calls behind one sample."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import Call
from synth_assets.home import Home
from synth_assets.warehouse import Warehouse, columns
from tests.planted_rows import MADE_UP

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(hours=1)
TIMES = ("made_at", "judged_at", "decided_at", "sampled_at")
# What each place of the page must show letter by letter.
HOSTILE = (
    '<script>window.hacked = 1</script><img src=x onerror="window.hacked=1"> **bold** [a](javascript:hack()) '
    "{{ 7*7 }} ${1+1} `x` </script>&amp;"
)
PASSAGE = (
    "The lighthouse of Arkona was finished in 1827 by Karl Schinkel. A taller tower replaced it in 1905. "
    f"Fishermen of the Baltic kept the fire. {HOSTILE}"
)
ANSWER = f"Karl Schinkel finished the lighthouse in 1827. Unicorns graze beside crystal fountains. {HOSTILE}"
QUERY = f"Who built the light at the cape? {HOSTILE}"


def name_of(letter: str) -> str:
    """A candidate id of 64 hex digits."""
    return letter * 64


def plant_audit(home: Home) -> Warehouse:
    """Candidates a (accepted, with everything), b (refused by quality), c (a copy of a), d (refused at the query),
    e (open, French), f (accepted, by a program, of another exercise), planned in this order a minute apart."""
    warehouse = Warehouse(database=str(home.database), calls_folder=str(home.calls))
    tables: dict[str, list[dict[str, Any]]] = {}

    def add(table: str, **known: Any) -> None:
        times = {column.name: LATER for column in columns(table) if column.name in TIMES}
        known = times | known
        made_up = {column.name: MADE_UP[column.type] for column in columns(table) if not column.nullable}
        tables.setdefault(table, []).append(made_up | known)

    seed = {
        "collection": "vital",
        "url": "https://example.org/arkona",
        "license": "CC-BY-SA-4.0",
        "title": f"Arkona {HOSTILE}",
    }
    add(
        "seed_corpus",
        seed_id="seed-1",
        language="en",
        content_hash="hash-1",
        is_current=True,
        run_id="run-read",
        **seed,
    )
    add(
        "seed_corpus",
        seed_id="seed-0",
        language="en",
        content_hash="hash-0",
        is_current=False,
        run_id="run-read",
        **seed,
    )
    add(
        "sections",
        section_id="section-1",
        seed_id="seed-1",
        text=PASSAGE,
        heading_path=["History", HOSTILE],
        seed_language="en",
        content_hash="content-1",
        **seed,
    )
    add(
        "sections",
        section_id="section-2",
        seed_id="seed-1",
        text="A neighbour speaks of wooden bridges.",
        heading_path=[],
        seed_language="en",
        content_hash="content-2",
        **{**seed, "url": "javascript:hack()"},
    )
    for place, (letter, exercise, language) in enumerate(
        [
            ("a", "memorization", "en"),
            ("b", "memorization", "en"),
            ("c", "memorization", "en"),
            ("d", "memorization", "en"),
            ("e", "memorization", "fr"),
            ("f", "math_exercise", "en"),
        ]
    ):
        cell = {"exercise": exercise, "language": language, "candidate_id": name_of(letter), "run_id": f"run-{letter}"}
        by_program = letter == "f"
        section = {} if by_program else {"section_id": "section-1", "neighbour_ids": ["section-2"]}
        add(
            "candidates",
            planned_at=START + timedelta(minutes=place),
            constraints={"query_style": HOSTILE},
            **section,
            **cell,
        )
        made = {"model": "program" if by_program else "model-7b", "attempts": 2, "templates": [], **cell}
        if letter == "e":
            continue
        if letter == "d":
            add("queries", refused_reason="truncated", refused_detail=HOSTILE, **made)
            continue
        add("queries", query=QUERY if letter != "f" else "How much is 6 by 7?", call_ids=["call-1"], **made)
        add("reasoning_drafts", draft="" if by_program else f"A thought. {HOSTILE}", **made)
        add(
            "answers",
            answer=ANSWER if letter != "f" else "42",
            call_ids=["call-2", "call-3"],
            payload={"note": HOSTILE},
            checks=[{"name": "answer_given", "passed": True, "detail": HOSTILE}],
            **made,
        )
        grounding = {
            "name": "grounding",
            "value": 0.5,
            "passed": letter != "b",
            "reason": "ungrounded" * (letter == "b"),
            "detail": HOSTILE,
        }
        add(
            "quality_scores",
            scores=[grounding],
            composite=0.9 if letter != "b" else 0.3,
            passed=letter != "b",
            reason="ungrounded" if letter == "b" else None,
            **cell,
        )
        if letter == "b":
            continue
        copy = letter == "c"
        add(
            "duplicates",
            verdict="duplicate" if copy else "kept",
            keeper_id=name_of("a" if copy else letter),
            similarity=0.97,
            method="embedding",
            threshold=0.9,
            other_families=[],
            **cell,
        )
        if not copy:
            add(
                "samples",
                synth_id=f"{exercise}_{language}_{letter * 16}",
                query="q",
                synthetic_answer="a",
                cell=exercise,
                quality=0.9,
                **cell,
            )
    with warehouse.transaction("a test plants rows") as open_:
        for table, rows in tables.items():
            open_.insert(table, rows)
    with CallFolder(home.calls, "run-a") as log:
        for number, step in (("1", "query"), ("2", "answer"), ("3", "answer")):
            log.append(a_call(f"call-{number}", step, failed=number == "2"))
    return warehouse


def a_call(call_id: str, step: str, *, failed: bool) -> Call:
    request = {
        "model": "model-7b",
        "temperature": 0.7,
        "messages": [{"role": "user", "content": f"Prompt of {call_id}. {HOSTILE}"}],
    }
    return Call(
        call_id=call_id, candidate_id=name_of("a"), step=step, exercise="memorization", language="en",
        attempt=0 if call_id != "call-3" else 1, sample=0, role=step, model="model-7b", address="direct http://localhost:1/v1",
        request=json.dumps(request), templates="[]", reply=None if failed else f"Reply of {call_id}. {HOSTILE}",
        finish_reason="call_failed" if failed else "stop", prompt_tokens=100, completion_tokens=20, cost_usd=0.25,
        error=f"refused by the endpoint {HOSTILE}" if failed else None, http_attempts=1,
        started_at="2026-01-01T00:00:00.000+00:00", finished_at="2026-01-01T00:00:02.500+00:00", run_id="run-a",
        logprobs=None, recipe="test", launch=None,
    )  # fmt: skip
