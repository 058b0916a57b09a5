"""How long it takes to tell the life of one sample among many: up to its article, and down from an article or a run.

    python -m tests.benchmarks.audit [--samples 1000000] [--traces 60] [--folder FOLDER]

A warehouse is made first, by SQL, with every table that a trace reads and rows as wide as real ones (query 220
characters, trace 900, answer 800, vectors of 384 numbers), then three calls a candidate through the product's own
journal, one segment a run. Rows stand in the order in which runs write: rounds of 1,000 candidates, 7 of 10 in one
cell. One candidate in 11 is refused, one in 23 is a duplicate; one in 33 was finished a week later by another run, and
every tenth was scored once more in the end, by another run too. Timed is `read_life`, opening the database included, in
one process. The first trace prepares the tables, and the first after each write reads their numbers anew
(`synth_assets.audit.places`): these are told apart. A folder that is kept is taken as it is when it is named again; the
file is read through once before, as one is that was just written: what is warm is in memory.

The baseline of the same run, by which hours and machines are compared, is `row`: to open the database and read the
sample's own row by its place, 25 columns of one table. A trace reads some twenty such rows, of thirteen tables.
"""

import argparse
import hashlib
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from synth_assets.audit.life import read_descent, read_life
from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import Call
from synth_assets.warehouse import Transaction, Warehouse, sql

ROUND = 1_000
PER_SECTION, SECTIONS_PER_ARTICLE = 4, 5
CELLS = ("memorization", "memorization", "memorization", "memorization", "memorization", "memorization",
         "memorization", "rag", "editing", "creative_writing")  # fmt: skip
STEPS = {"query": 220, "draft": 900, "answer": 800}
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
WORDS_PER_PIECE, PIECE_CHARACTERS, POOL = 8, 53, 50_000

PREPARE = (
    # pieces of prose: words whose letters come from a hash, short ones more often
    f"""create temp table pieces as
    select p as piece, string_agg(
        substr(md5(cast(hash(w, 1) % 20000 as varchar)), 1, 2 + cast(hash(w, 2) % 9 as int)), ' ') as text
    from (select range as p from range({POOL})), (select range as k from range({WORDS_PER_PIECE})),
        lateral (select p * {WORDS_PER_PIECE} + k as w)
    group by p""",
    "create temp table pool as select list(text order by piece) as texts from pieces",
    """create temp macro prose(i, salt, characters) as
    (select array_to_string(list_transform(range(cast(ceil(characters / {width}) as bigint)),
        lambda n: texts[1 + cast(hash(i, salt, n) % {size} as int)]), ' ') from pool)""".replace(
        "{width}", str(PIECE_CHARACTERS)).replace("{size}", str(POOL)),
    """create temp table vectors as select list(v order by k) as pool from (
        select k, list(cast(hash(k, d) % 2000 as float) / 10000 - 0.1 order by d) as v
        from (select range as k from range(256)), (select range as d from range(384)) group by k)""",
)  # fmt: skip

# `plan` has one row a candidate: everything that the tables have in common.
PLAN = """create temp table plan as
select
    range as i,
    sha256('candidate ' || range) as candidate_id,
    (md5_number_lower(candidate_id[:16]) // 1099511627776)::integer as candidate_key,
    $cells[1 + cast(hash(range // $round, 3) % len($cells) as int)] as exercise,
    'en' as language,
    range // $round as round,
    sha256('run ' || range // $round)[:32] as run_id,
    cast(hash(range, 4) % $sections as bigint) as section,
    timestamptz '2026-01-01 00:00:00+00' + to_milliseconds(50 * $round * (range // $round)) as planned_at,
    timestamptz '2026-01-01 00:00:00+00' + to_milliseconds(50 * range + 1000) as made_at,
    range % 33 = 1 as is_late,
    range % 11 = 0 as is_refused,
    range % 23 = 0 as is_duplicate
from range($candidates)"""
LATER = """create temp table later as
select
    * exclude (run_id, made_at),
    case when is_late then sha256('late run ' || round // 7)[:32] else run_id end as run_id,
    made_at + case when is_late then interval 7 day else interval 0 day end as made_at
from plan
order by made_at, i"""
STEP = """insert into {table} by name
select candidate_id, candidate_key, exercise, language,
    {text} as {step}, '{{"notes": "planted", "numbers": [1, 2, 3]}}' as payload, {more}
    'SmolLM2-135M-Instruct' as model, ['memorization/{step}@' || sha256('{step}')] as templates,
    [sha256('call {step} ' || i)] as call_ids, 1 as attempts, sha256('{step} ' || i) as fingerprint,
    {refused} as refused_reason, run_id, made_at
from {source} {where}"""
STANDING = "where not is_refused"
ROWS = {
    "seed_corpus": """insert into seed_corpus by name
    select sha256('seed ' || range) as seed_id, 'bench' as collection, 'en' as language, 'Article ' || range as title,
        'https://example.org/wiki/' || range as url, 'CC-BY-SA-4.0' as license, 'rev ' || range as revision,
        sha256('article ' || range) as content_hash,
        json_array(json_object('kind', 'text', 'text', prose(range, 9, 5000))) as blocks,
        'bench.jsonl' as source_file, true as is_current, 'read' as run_id,
        timestamptz '2025-12-31 00:00:00+00' as read_at
    from range($articles)""",
    "sections": """insert into sections by name
    select sha256('section ' || range) as section_id, sha256('seed ' || range // $per_article) as seed_id,
        md5_number_lower(section_id) // 2 as section_key, sha256('text ' || range) as content_hash,
        'en' as seed_language, 'bench' as collection,
        'Article ' || range // $per_article as title, ['Heading ' || range % $per_article] as heading_path,
        'https://example.org/wiki/' || range // $per_article || '#' || range % $per_article as url,
        'CC-BY-SA-4.0' as license, cast(range % $per_article as int) as position, false as is_lead,
        prose(range, 10, 1000) as text, 160 as words, 'read' as run_id, timestamptz '2025-12-31 00:00:00+00' as made_at
    from range($sections)""",
    "rounds": """insert into rounds by name
    select any_value(exercise) as exercise, any_value(language) as language, cast(round as int) as round,
        'bench' as recipe_name, sha256('recipe') as recipe_hash, 1 as target, 0 as open_before, 0 as accepted_before,
        count(*) as planned, [] as pool_ids, any_value(run_id) as run_id, any_value(planned_at) as claimed_at
    from plan group by round order by round""",
    "candidates": """insert into candidates by name
    select candidate_id, candidate_key, exercise, 1 as exercise_version, language, cast(round as int) as round,
        0 as pass, 1 as seed,
        sha256('text ' || section) as source, sha256('section ' || section) as section_id,
        md5_number_lower(section_id) // 2 as section_key,
        [sha256('section ' || (section + 1) % $sections)] as neighbour_ids, '{"tone": "plain"}' as constraints,
        'bench' as recipe_name, sha256('recipe') as recipe_hash, run_id, planned_at
    from plan order by i""",
    "queries": STEP.format(table="queries", step="query", text=f"prose(i, 11, {STEPS['query']})", more="",
                           refused="null", source="plan", where="order by i"),
    "reasoning_drafts": STEP.format(table="reasoning_drafts", step="draft", text=f"prose(i, 12, {STEPS['draft']})",
                                    more="", refused="null", source="later", where=""),
    "answers": STEP.format(
        table="answers", step="answer", text=f"case when not is_refused then prose(i, 13, {STEPS['answer']}) end",
        more="""'[{"name": "not_empty", "passed": true, "detail": ""}]' as checks,""",
        refused="case when is_refused then 'answer_empty' end", source="later", where=""),
    "embeddings": f"""insert into embeddings by name
    select candidate_id, candidate_key, exercise, language, 'MiniLM float32' as encoder,
        sha256('key ' || i) as key_hash,
        (select pool[1 + cast(hash(i, 14) % 256 as int)] from vectors) as vector, run_id, made_at
    from later {STANDING}""",
    # what was scored once more stands at the end of its table
    "quality_scores": f"""insert into quality_scores by name
    select candidate_id, candidate_key, exercise, language,
        (select json_group_array(json_object('name', 'scorer_' || range, 'value', 0.5, 'passed', true, 'reason', null,
            'detail', 'found 3 of 4 in the section')) from range(14)) as scores,
        0.4 + (hash(i, 15) % 600) / 1000 as composite, true as passed, 'format 1, length 1' as scorer_version,
        'weights 1' as weighed_by,
        case when i % 10 = 3 then sha256('again ' || round // 20)[:32] else run_id end as run_id,
        case when i % 10 = 3 then made_at + interval 30 day else made_at end as made_at
    from later {STANDING} order by i % 10 = 3""",
    "contamination": f"""insert into contamination by name
    select candidate_id, candidate_key, exercise, language, true as passed, '[]' as matches,
        sha256('benchmarks') as fingerprint,
        run_id, made_at as judged_at
    from later {STANDING}""",
    "judgements": f"""insert into judgements by name
    select candidate_id, candidate_key, exercise, language, '{{"correct": 2, "grounded": 2}}' as points,
        8 as total, 'judge' as model,
        ['judge/judge@' || sha256('judge')] as templates, [] as call_ids, 1 as attempts, sha256('judge ' || i)
        as fingerprint, run_id, made_at
    from later {STANDING}""",
    "duplicates": f"""insert into duplicates by name
    select candidate_id, candidate_key, exercise, language, exercise as family, sha256('key ' || i) as key_hash,
        case when is_duplicate then 'duplicate' else 'kept' end as verdict,
        case when is_duplicate then sha256('candidate ' || i + 1) end as keeper_id, case when is_duplicate then 0.95 end
        as similarity, case when is_duplicate then 'embedding' end as method, 0.93 as threshold, '[]' as other_families,
        run_id, made_at as decided_at
    from later {STANDING}""",
    "samples": f"""insert into samples by name
    select exercise || '_' || language || '_' || candidate_id[:16] as synth_id, language, exercise,
        'SmolLM2-135M-Instruct-' || exercise as model, prose(i, 11, {STEPS['query']}) as query,
        'https://example.org/wiki/' || section // $per_article as query_seed_url,
        prose(section, 10, 1000) as query_seed_text, 'CC-BY-SA-4.0' as seed_license, 'tone:plain' as constraints,
        prose(i, 12, {STEPS['draft']}) as synthetic_reasoning,
        prose(i, 13, {STEPS['answer']}) as synthetic_answer, 300 as words, candidate_id, candidate_key,
        exercise as cell,
        sha256('section ' || section) as section_id, sha256('seed ' || section // $per_article) as seed_id, '{{}}'
        as payload, 0.7 as quality, false as by_program, sha256('recipe') as recipe_hash, run_id, made_at as sampled_at
    from later {STANDING} and not is_duplicate""",
}  # fmt: skip


def make(folder: Path, samples: int) -> Warehouse:
    """A warehouse of about so many samples, with their calls; the one that stands in the folder where there is one."""
    warehouse = Warehouse(database=str(folder / "warehouse.duckdb"), calls_folder=str(folder / "calls"))
    done = folder / "made.json"
    if done.exists():
        if json.loads(done.read_text("utf-8")) != samples:
            raise SystemExit(f"{folder} holds another number of samples; remove it or name another folder")
        return warehouse
    candidates = round(samples / (1 - 1 / 11) / (1 - 1 / 23))
    sections = max(10, candidates // PER_SECTION)
    values = {"candidates": candidates, "sections": sections, "articles": -(-sections // SECTIONS_PER_ARTICLE),
              "per_article": SECTIONS_PER_ARTICLE, "round": ROUND, "cells": list(CELLS)}  # fmt: skip
    with warehouse.transaction("preparing the tables"):
        pass
    for table, statement in ROWS.items():
        started = time.perf_counter()
        with warehouse.transaction(f"making {table}") as open_:
            open_.connection.execute("set preserve_insertion_order = true")
            for each in (*PREPARE, PLAN, LATER, statement):
                named = {name: value for name, value in values.items() if f"${name}" in each}
                open_.connection.execute(each, named)
        print(f"{table:20} made in {time.perf_counter() - started:7.1f} s", flush=True)
    started = time.perf_counter()
    _make_calls(folder / "calls", warehouse, candidates)
    print(f"{'calls':20} made in {time.perf_counter() - started:7.1f} s", flush=True)
    done.write_text(json.dumps(samples), "utf-8")
    return warehouse


def _make_calls(folder: Path, warehouse: Warehouse, candidates: int) -> None:
    """Three calls a candidate, those of one run in one segment; what was finished later was called for later."""
    prose = _prose(warehouse)
    left_over: list[Call] = []
    rounds = -(-candidates // ROUND)
    for number in range(rounds):
        run_id, late_run_id = _sha256(f"run {number}")[:32], _sha256(f"late run {number // 7}")[:32]
        calls = []
        for i in range(number * ROUND, min(candidates, (number + 1) * ROUND)):
            for step in STEPS:
                begin = (i * 31 + len(step) * 977) % (len(prose) - 2_600)
                text = prose[begin : begin + 2_600]  # not all that follows, which is copied
                late = i % 33 == 1 and step != "query"
                asked_at = FIRST + timedelta(milliseconds=50 * i + 500, days=7 if late else 0)
                made = _call(_sha256(f"call {step} {i}"), _sha256(f"candidate {i}"), step,
                             late_run_id if late else run_id, text, asked_at)  # fmt: skip
                (left_over if late else calls).append(made)
        _write(folder, run_id, calls)
        if left_over and (number % 7 == 6 or number == rounds - 1):
            _write(folder, late_run_id, left_over)
            left_over = []


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write(folder: Path, run_id: str, calls: list[Call]) -> None:
    with CallFolder(folder, run_id) as log:
        for call in calls:
            log.append(call)
        log.fold()


def _prose(warehouse: Warehouse) -> str:
    with warehouse.transaction("reading prose") as open_:
        rows = open_.connection.execute("select text from sections limit 5000").fetchall()
    return " ".join(text for (text,) in rows)


def _call(
    call_id: str, candidate_id: str, step: str, run_id: str, text: str, asked_at: datetime
) -> Call:  # fmt: skip
    prompt = [{"role": "system", "content": "Write what is asked for, and nothing else."},
              {"role": "user", "content": text[:1_500]}]  # fmt: skip
    request = {"model": "SmolLM2-135M-Instruct", "messages": prompt, "temperature": 0.7, "seed": 1, "max_tokens": 400}
    return Call(
        call_id=call_id, candidate_id=candidate_id, step=step, exercise="memorization", language="en", attempt=0,
        sample=0, role=step, model="SmolLM2-135M-Instruct", address="direct http://localhost:8000/v1",
        request=json.dumps(request), templates=json.dumps([f"memorization/{step}@0"]),
        reply=text[1_500 : 1_500 + STEPS[step]], finish_reason="stop", prompt_tokens=400, completion_tokens=200,
        cost_usd=0.0001, error=None, http_attempts=1, started_at=asked_at.isoformat(),
        finished_at=(asked_at + timedelta(milliseconds=400)).isoformat(), run_id=run_id, logprobs=None, recipe="bench",
        launch="bench",
    )  # fmt: skip


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds that it took, and what it gave."""
    started = time.perf_counter()
    found = work()
    return 1_000 * (time.perf_counter() - started), found


def summed(name: str, times: list[float]) -> dict[str, float]:
    """Median, 95th of a hundred and worst."""
    ordered = sorted(times)
    return {
        f"{name}_ms_median": statistics.median(ordered),
        f"{name}_ms_p95": ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))],
        f"{name}_ms_max": ordered[-1],
    }


def _names(open_: Transaction, statement: str) -> list[str]:
    return [row[0] for row in open_.connection.execute(statement).fetchall()]


def measure(warehouse: Warehouse, traces: int) -> dict[str, float]:
    """The figures: traces up of samples, of late ones and of refused candidates, and down from articles and runs."""
    few = max(3, traces // 6)
    with warehouse.transaction("drawing what is traced") as open_:
        drawn = {
            "trace": _names(
                open_, f"select synth_id from samples using sample reservoir({traces} rows) repeatable (1)"),
            "trace_finished_late": _names(
                open_, "select d.candidate_id from reasoning_drafts d join candidates c using (candidate_id) "
                f"where d.run_id != c.run_id order by d.candidate_id limit {few}"),
            "trace_refused": _names(
                open_, f"select candidate_id from answers where refused_reason is not null order by 1 limit {few}"),
            "trace_duplicate": _names(
                open_, f"select candidate_id from duplicates where verdict = 'duplicate' order by 1 limit {few}"),
            "trace_scored_again": _names(
                open_, "select q.candidate_id from quality_scores q join answers a using (candidate_id) "
                f"where q.run_id != a.run_id order by 1 limit {few}"),
        }  # fmt: skip
        urls = _names(open_, f"select url from seed_corpus order by seed_id limit {few}")
        runs = _names(open_, f"select run_id from rounds order by run_id limit {few}")
        (held,) = _names(open_, "select count(*) from samples")
    fresh = Warehouse(database=warehouse.database, calls_folder=warehouse.calls_folder)
    first, _ = timed(lambda: read_life(fresh, drawn["trace"][0]))
    segments = list(Path(warehouse.calls_folder).glob("segments/*.parquet"))
    figures: dict[str, float] = {"samples": float(held), "segments": len(segments), "first_trace_ms": first}
    figures |= summed("open", [timed(lambda: warehouse.read("audit/last_release"))[0] for _ in range(20)])
    figures |= summed("trace_after_a_write", [_after_a_write(warehouse, each) for each in drawn["trace"][:few]])
    rows_of_samples = [timed(lambda at=at: _row_at(warehouse, at))[0] for at in range(0, int(held), int(held) // few)]
    figures |= summed("row", rows_of_samples)
    for name, names in drawn.items():
        times = []
        for each in names:
            ms, life = timed(lambda each=each: read_life(warehouse, each))
            if len(life["calls"]) != 3 or life["section"] is None:
                raise SystemExit(f"{each}: the trace lacks something: {len(life['calls'])} calls")
            times.append(ms)
        figures |= summed(name, times)
    for name, origins in {"down": urls, "down_run": runs}.items():
        times, rows = [], []
        for each in origins:
            given = {"url": each} if name == "down" else {"run_id": each}
            ms, found = timed(lambda given=given: read_descent(warehouse, **given))
            times.append(ms)
            rows.append(len(found["candidates"]))
        figures |= summed(name, times) | {f"{name}_candidates_median": statistics.median(rows)}
    figures["trace_in_rows"] = figures["trace_ms_median"] / figures["row_ms_median"]
    return figures


def _row_at(warehouse: Warehouse, place: int) -> None:
    """Open the database and read one whole row by its place."""
    with warehouse.reading("reading a row", by_place=True) as open_:
        text = sql("audit/trace_row_at").replace("{table}", "samples").replace("{columns}", "*")
        if len(open_.rows_of(text, place=place)) != 1:
            raise SystemExit(f"{place}: no row stands there")


def _read_through(path: Path) -> None:
    """Have the system keep a file in memory, as far as there is room."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


def _after_a_write(warehouse: Warehouse, name: str) -> float:
    """How long the first trace takes when something was written."""
    for statement in ("create table written as select 1 as one", "drop table written"):
        with warehouse.transaction("writing") as open_:
            open_.connection.execute(statement)
    return timed(lambda: read_life(warehouse, name))[0]


def main() -> None:
    """Make the warehouse, measure, print a table and one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--traces", type=int, default=60, help="samples that are traced")
    parser.add_argument("--folder", type=Path, help="made there and kept; else in a scratch folder that is removed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        warehouse = make(folder, given.samples)
        _read_through(warehouse.path)
        figures = measure(warehouse, given.traces)
    for name, value in figures.items():
        print(f"{name:32} {value:14,.1f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
