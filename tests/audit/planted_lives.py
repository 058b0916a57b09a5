"""A warehouse in which candidates of two articles stand in every state, with the calls that were made for them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import Call
from synth_assets.home import Home
from synth_assets.warehouse import Warehouse, columns
from tests.planted_rows import MADE_UP

START = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = {"queries": "query", "reasoning_drafts": "draft", "answers": "answer"}
LEAD, REST, OTHER = "section-lead", "section-rest", "section-other"
ARKONA, LOCK = "https://example.org/Arkona", "https://example.org/Lock"
# Names whose first letters are alike must stay apart, so every id begins with a letter of its own.
ACCEPTED, OPEN, NO_QUERY, NO_ANSWER, POOR, FOUND = (
    "accepted-1-by-a-long-name",
    "open-1",
    "query-1",
    "nothing-1",
    "poor-1",
    "found-1",
)
COPY, OLD, NEW, GONE, LATE, PROGRAM, UNSEEN = "copy-1", "old-1", "new-1", "gone-1", "late-1", "program-1", "unseen-1"
SYNTH_ID = f"memorization_en_{ACCEPTED[:16]}"


class Planted:
    """Rows that are inserted together; what is not named holds what `MADE_UP` says."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, **known: Any) -> None:
        made_up = {column.name: MADE_UP[column.type] for column in columns(table) if not column.nullable}
        self.rows.setdefault(table, []).append(made_up | known)

    def candidate(
        self, name: str, *, upto: str = "duplicates", exercise: str = "memorization", section: str | None = LEAD,
        run_id: str = "run-1", later: str | None = None, model: str = "small", refused: str = "", **known: Any,
    ) -> None:  # fmt: skip
        """A candidate with the rows of every step up to `upto`, which refuses it where `refused` says why.

        From the drafts on, its rows are of the run `later` where that is named.
        """
        cell = {"candidate_id": name, "exercise": exercise, "language": "en"}
        number = len(self.rows.get("candidates", []))
        plan = {"round": 1, "run_id": run_id, "planned_at": START + timedelta(minutes=number), "section_id": section,
                "source": section or "template", "constraints": {"tone": "plain"}, "recipe_name": "test"}  # fmt: skip
        self.add("candidates", **{**cell, **plan, **known})
        if not upto:
            return
        for table in (*STEPS, "quality_scores", "contamination", "duplicates"):
            here = {**cell, "run_id": run_id if table == "queries" or later is None else later}
            last = refused if table == upto else ""
            if table in STEPS:
                text = {} if last else {STEPS[table]: f"{STEPS[table]} of {name}"}
                self.add(table, **here, model=model, call_ids=[f"{STEPS[table]}-{name}"], refused_reason=last or None,
                         templates=[f"{exercise}/{STEPS[table]}@abc"], **text)  # fmt: skip
            elif table == "duplicates":
                copied = {"verdict": "duplicate", "keeper_id": last, "similarity": 0.97, "method": "embedding"}
                self.add(table, **here, **(copied if last else {"verdict": "kept"}))
            else:
                self.add(table, **here, passed=not last, reason=last or None)
            if table == upto:
                return


def plant_lives(home: Home) -> Warehouse:
    """The warehouse, prepared and filled."""
    warehouse = Warehouse(database=str(home.database), calls_folder=str(home.calls))
    planted = Planted()
    for seed, url, revision, sections in (
        ("seed-old", ARKONA, "rev 1", ["section-was"]), ("seed-arkona", ARKONA, "rev 2", [LEAD, REST]),
        ("seed-lock", LOCK, "rev 7", [OTHER]),
    ):  # fmt: skip
        title = url.rpartition("/")[2]
        planted.add("seed_corpus", seed_id=seed, url=url, title=title, revision=revision, is_current=seed != "seed-old",
                    language="en", license="CC-BY-SA-4.0", read_at=START, content_hash=f"hash of {seed}")  # fmt: skip
        for number, section in enumerate(sections):
            planted.add("sections", section_id=section, seed_id=seed, title=title, url=f"{url}#{number}",
                        position=number, text=f"What {section} says.", heading_path=["History"] * number,
                        refused_reason="too_short" if section == REST else None)  # fmt: skip
    planted.candidate(ACCEPTED, neighbour_ids=[OTHER])
    planted.candidate(OPEN, upto="queries")
    planted.candidate(NO_QUERY, upto="queries", refused="query_too_long")
    planted.candidate(NO_ANSWER, upto="answers", refused="answer_empty")
    planted.candidate(POOR, upto="quality_scores", refused="not_grounded")
    planted.candidate(FOUND, upto="contamination", refused="contaminated")
    planted.candidate(COPY, refused=ACCEPTED)
    planted.candidate(OLD, section="section-was")
    planted.candidate(NEW, replaces=OLD, run_id="run-2")
    planted.candidate(GONE)
    planted.candidate(LATE, later="run-3", run_id="run-2", section=OTHER)
    planted.candidate(PROGRAM, exercise="math_exercise", section=None, model="program")
    planted.candidate(UNSEEN, upto="")
    for name in (ACCEPTED, NEW, GONE, LATE):
        planted.add("samples", candidate_id=name, exercise="memorization", language="en", cell="memorization",
                    synth_id=f"memorization_en_{name[:16]}", section_id=LEAD, seed_id="seed-arkona",
                    constraints="tone:plain", run_id="run-1", query=f"query of {name}")  # fmt: skip
    planted.add(
        "embeddings", candidate_id=ACCEPTED, exercise="memorization", language="en", encoder="mini", run_id="run-1"
    )
    planted.add("judgements", candidate_id=ACCEPTED, exercise="memorization", language="en", total=8,
                points={"correct": 2}, call_ids=[f"judge-{ACCEPTED}"], run_id="run-9", model="judge",
                templates=["judge/judge@def"])  # fmt: skip
    planted.add("withdrawal_orders", order_id="order-1", scope="candidate", value=GONE, reason="asked for",
                ordered_by="a test")  # fmt: skip
    planted.add("withdrawals", candidate_id=GONE, reason="asked for", withdrawn_at=START, order_id="order-1")
    with warehouse.transaction("a test plants rows") as open_:
        for table, rows in planted.rows.items():
            open_.insert(table, rows)
    plant_calls(home)
    return warehouse


def plant_calls(home: Home) -> None:
    """A query, a draft and an answer for the accepted one and its late sibling, of which one was tried in vain before;
    the judgement stands in a journal that nobody has folded yet."""
    with CallFolder(home.calls, "run-1") as log:
        refused = {"error": "the endpoint said no", "reply": None, "cost_usd": None, "finish_reason": "call_rejected"}
        log.append(a_call(f"query-{ACCEPTED}", ACCEPTED, "query", 0, **refused))
        for number, step in enumerate(STEPS.values(), 1):
            log.append(a_call(f"{step}-{ACCEPTED}", ACCEPTED, step, number))
        log.fold()
    with CallFolder(home.calls, "run-3") as log:
        for number, step in enumerate(STEPS.values(), 1):
            log.append(a_call(f"{step}-{LATE}", LATE, step, number, run_id="run-3"))
        log.fold()
    with CallFolder(home.calls, "run-9") as log:
        log.append(a_call(f"judge-{ACCEPTED}", ACCEPTED, "judge", 9, run_id="run-9", role="judge", model="judge"))


def a_call(call_id: str, candidate_id: str, step: str, second: int, **changed: Any) -> Call:
    when = START + timedelta(seconds=second)
    known = {
        "call_id": call_id, "candidate_id": candidate_id, "step": step, "exercise": "memorization", "language": "en",
        "attempt": 0, "sample": 0, "role": step, "model": "small", "address": "direct http://localhost:1/v1",
        "request": json.dumps({"messages": [{"role": "user", "content": f"Write a {step}."}], "temperature": 0.5}),
        "templates": json.dumps([f"memorization/{step}@abc"]), "reply": f"{step} of {candidate_id}",
        "finish_reason": "stop", "prompt_tokens": 10, "completion_tokens": 5, "cost_usd": 0.25, "error": None,
        "http_attempts": 1, "started_at": when.isoformat(timespec="milliseconds"),
        "finished_at": (when + timedelta(seconds=1)).isoformat(timespec="milliseconds"), "run_id": "run-1",
        "logprobs": None,
    }  # fmt: skip
    return Call(**{**known, **changed})
