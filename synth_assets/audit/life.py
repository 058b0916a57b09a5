"""The life of one sample, from the sample up to the article revision it came from, and down from an article or a run.

How a row is found among millions is told in `places`. Calls lie in segments of whose candidates an index stands beside
them (`CallLog.of_candidates`).
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from synth_assets.audit.places import numbers_of_candidates, numbers_of_sections, places_naming, places_of
from synth_assets.calls.log import CallLog
from synth_assets.calls.record import Call
from synth_assets.calls.sums import Tally
from synth_assets.errors import ReleaseError, UnknownOrigin, UnknownSample
from synth_assets.release.manifest import read_manifest
from synth_assets.warehouse import Transaction, Warehouse, sql

# The tables that the view of states joins, in the order of the steps; and those that tell more of one candidate.
STEPS = ("queries", "reasoning_drafts", "answers", "quality_scores", "contamination", "duplicates")
_ASKING = ("queries", "reasoning_drafts", "answers")
_APART = ("embeddings", "judgements", "samples")
_WHOLE = "* exclude (candidate_key)"  # the number finds a row and tells nothing
_COLUMNS = {"embeddings": "candidate_id, encoder, key_hash, run_id, made_at"}
# How the view calls what it joins to a plan: by the step, whether there is a row, and what it is told of it.
_JOINED = {
    "queries": ("has_query", {"query_model": "model", "query_refused": "refused_reason"}),
    "reasoning_drafts": ("has_draft", {"draft_model": "model", "draft_refused": "refused_reason"}),
    "answers": ("has_answer", {"answer_model": "model", "answer_refused": "refused_reason"}),
    "quality_scores": ("has_score", {"score_passed": "passed", "score_reason": "reason"}),
    "contamination": ("is_held_against", {"clear": "passed", "clear_reason": "reason"}),
    "duplicates": ("is_compared", {"verdict": "verdict"}),
}
# All that it names, by type. What is put in for none decides no state: moments, and what rows were judged with.
GATHERED = pa.schema({
    **dict.fromkeys(("candidate_id", "exercise", "language", "source", "section_id", "replaces", "recipe_hash",
                     "query_model", "query_refused", "draft_model", "draft_refused", "answer_model", "answer_refused",
                     "score_reason", "clear_reason", "verdict", "scorer_version", "weighed_by", "judgement",
                     "held_against"), pa.string()),
    **dict.fromkeys(("exercise_version", "round", "pass"), pa.int32()),
    **dict.fromkeys((*(mark for mark, _ in _JOINED.values()), "score_passed", "clear"), pa.bool_()),
    **dict.fromkeys(("planned_at", "query_at", "draft_at", "answer_at", "score_at", "clear_at", "verdict_at"),
                    pa.timestamp("us", "UTC")),
})  # fmt: skip
_JSON_COLUMNS = frozenset({"constraints", "payload", "checks", "scores", "other_families", "points", "matches",
                           "thresholds", "weights"})  # fmt: skip
# Relatives beyond these are counted and not listed; a section that is passed over a thousand times has a thousand.
MOST_SIBLINGS = 100
MOST_COPIES = 100
# How much of a candidate's id stands in the name of its sample, and as much makes its number.
NAME_LETTERS = 16
# Releases are looked through from the newest on; every one is some files to open.
MOST_RELEASES = 20


def read_life(warehouse: Warehouse, name: str) -> dict[str, Any]:
    """Everything that is known of one candidate, named by sample id, candidate id or the beginning of one.

    Returns:
        `sample`; `candidate`, its plan with `state`, `refused_at`, `refused_reason`, `by_program` and `synth_id`; the
        rows `queries`, `reasoning_drafts`, `answers`, `embeddings`, `quality_scores`, `judgements`, `contamination` and
        `duplicates`, each None where there is none; `standards`, the thresholds and weights that the scores were held
        against, None where they were not noted; `duplicates_of_it`; `withdrawals`; `reopened`, the refusals that were
        taken back; `section` and `neighbours` with the article revisions they were cut from; `calls`, oldest first, and
        `cost`, their sum; `siblings`, the other candidates of the section with state and reason; `replaces` and
        `replaced_by`; the `releases` it stands in, and `releases_not_read` with why; `versions` of all that had a part
        in it. Of siblings and copies at most a hundred are listed, and `siblings_in_all` and `duplicates_of_it_in_all`
        say how many there are.

    Raises:
        UnknownSample: nothing bears the name, or more than one candidate's id begins with it.
    """
    with ThreadPoolExecutor(1) as beside_the_database:
        with warehouse.reading("tracing a sample", by_place=True) as open_:
            candidate = _find(open_, name)
            candidate_id = candidate["candidate_id"]
            log = _log_of(warehouse)
            # not by a thread of the reading: whoever keeps calls from being read must not keep the database with it
            asked = beside_the_database.submit(log.of_candidates, [candidate_id])
            # as much of the time in one as in the other
            (kin, steps, beside), (rows, standards) = open_.side_by_side(
                lambda reading: (
                    kin := _Kin(reading, candidate), _read_steps(reading, kin.others), _Beside(reading, candidate)
                ),
                lambda reading: (
                    rows := _read_rows(reading, candidate), _read_standards(reading, rows["quality_scores"])
                ),
            )  # fmt: skip
            own = [{**row, "step": step} for step in STEPS if (row := rows[step]) is not None]
            states = _states(open_, [candidate, *kin.others], [*own, *steps])
            state = states[candidate_id]
        calls = [_call_as_told(call) for call in asked.result()]
    sample = rows["samples"]
    synth_id = f"{candidate['exercise']}_{candidate['language']}_{candidate_id[:16]}"
    releases, not_read = _read_releases(beside.published, synth_id)
    told = {
        **{key: value for key, value in _parsed(candidate).items() if key not in ("candidate_key", "place")},
        **{key: state[key] for key in ("state", "refused_reason", "refused_at", "by_program")},
        "synth_id": sample["synth_id"] if sample else None,
    }

    def relatives(listed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [_as_relative(each, states[each["candidate_id"]]) for each in listed]

    return {
        "sample": sample,
        "candidate": told,
        **{table: row for table, row in rows.items() if table != "samples"},
        "standards": standards,
        "duplicates_of_it": beside.copies[:MOST_COPIES],
        "duplicates_of_it_in_all": len(beside.copies),
        "withdrawals": beside.withdrawals,
        "reopened": beside.reopened,
        "section": beside.passages.get(candidate["section_id"]),
        "neighbours": [beside.passages[each] for each in candidate["neighbour_ids"] if each in beside.passages],
        "calls": calls,
        "cost": _sum_of(calls),
        "siblings": relatives(kin.siblings),
        "siblings_in_all": kin.siblings_in_all,
        "replaces": next(iter(relatives(kin.replaced)), None),
        "replaced_by": relatives(kin.replacing),
        "releases": releases,
        "releases_not_read": not_read,
        "versions": _versions(told, rows, calls, releases),
    }


def read_descent(
    warehouse: Warehouse, *, url: str | None = None, seed_id: str | None = None, section_id: str | None = None,
    run_id: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything that descends from one article, one revision of it, one section, or one run; give one of the four.

    An address stands for every revision that was read from it. Of an article descends what was asked about a section of
    it and what had one as a neighbour; of a run, every candidate that it planned or wrote a row of.

    Returns:
        `of`, what was asked for; `articles`, its revisions; `sections`, refused ones with their reason; `candidates`,
        each with state, reason, cost, and `relation`: "section", "neighbour" or "run"; `counts` of all of these, and of
        candidates by state and by reason (the states add up to the candidates); `cost`, the sum.

    Raises:
        UnknownOrigin: no such article, section or run is here.
    """
    given = {"url": url, "seed_id": seed_id, "section_id": section_id, "run_id": run_id}
    of = {name: value for name, value in given.items() if value is not None}
    if len(of) != 1:
        raise ValueError(f"give one of {', '.join(given)}, not {', '.join(of) or 'none'}")
    ((what, value),) = of.items()
    with warehouse.reading("tracing what descends") as open_:
        if run_id is not None:
            ids = [row["candidate_id"] for row in open_.rows("audit/descendants_run", run_id=run_id)]
            candidates = _candidates(open_, ids)
            asked = sorted({row["section_id"] for row in candidates if row["section_id"] is not None})
            sections = open_.rows("audit/descendants_sections", seed_ids=[], section_ids=asked)
        elif section_id is not None:
            sections = open_.rows("audit/descendants_sections", seed_ids=[], section_ids=[section_id])
        else:
            revisions = open_.rows("audit/descendants_articles", url=url, seed_ids=[seed_id] if seed_id else [])
            seeds = [row["seed_id"] for row in revisions]
            sections = open_.rows("audit/descendants_sections", seed_ids=seeds, section_ids=[])
        seeds = sorted({row["seed_id"] for row in sections} | ({seed_id} if seed_id else set()))
        articles = open_.rows("audit/descendants_articles", url=url, seed_ids=seeds)
        section_ids = [row["section_id"] for row in sections]
        if run_id is None:
            candidates = open_.rows("audit/descendants_candidates", section_ids=section_ids)
        if not (articles or sections or candidates):
            raise UnknownOrigin(f"{value!r} is no {_ORIGINS[what]} that is here")
        everybody = _with_replacing(open_, candidates)
        states = _states(open_, everybody, _read_steps(open_, everybody))
    costs = _log_of(warehouse).costs_of([row["candidate_id"] for row in candidates])
    among = set(section_ids)
    listed = []
    for candidate in candidates:
        relation = "run" if run_id is not None else "section" if candidate["section_id"] in among else "neighbour"
        told = _as_relative(candidate, states[candidate["candidate_id"]])
        listed.append({**told, "relation": relation, "cost": asdict(costs.get(candidate["candidate_id"], Tally()))})
    refused = Counter(told["refused_reason"] for told in listed if told["state"] == "refused")
    return {
        "of": {what: value},
        "articles": articles,
        "sections": sections,
        "candidates": listed,
        "counts": {
            "articles": len(articles),
            "sections": len(sections),
            "sections_refused": sum(row["refused_reason"] is not None for row in sections),
            "candidates": len(listed),
            "states": dict(sorted(Counter(told["state"] for told in listed).items())),
            "refused": dict(refused.most_common()),
        },
        "cost": asdict(sum(costs.values(), Tally())),
    }


_ORIGINS = {
    "url": "address of an article",
    "seed_id": "article revision",
    "section_id": "section",
    "run_id": "run that planned or made something",
}


def _find(open_: Transaction, name: str) -> dict[str, Any]:
    """The candidate of this name."""
    cell, _, rest = name.rpartition("_")
    exercise, _, language = cell.rpartition("_")
    found: list[dict[str, Any]] = []
    if exercise and len(rest) == NAME_LETTERS:
        found = [row for row in _begins_so(open_, rest) if (row["exercise"], row["language"]) == (exercise, language)]
    if not found:
        found = _begins_so(open_, name)
    if len(found) != 1:
        problem = "names more than one candidate; give more of it" if found else "is not the id of any candidate"
        raise UnknownSample(f"{name!r} {problem}; ids stand in the samples table and in `synth-assets status`")
    return found[0]


def _begins_so(open_: Transaction, beginning: str) -> list[dict[str, Any]]:
    """The candidates whose id begins so; of a short beginning two at most, which say that it is more than one."""
    if len(beginning) < NAME_LETTERS:
        return open_.rows("audit/find_candidate", beginning=beginning)
    return [row for row in _at_candidates(open_, [beginning]) if row["candidate_id"].startswith(beginning)]


class _Kin:
    """The relatives of a candidate, each with its plan.

    `others` are all of them and whoever replaces one of them or the candidate itself, because a candidate is superseded
    by its replacement's state.
    """

    def __init__(self, open_: Transaction, candidate: Mapping[str, Any]) -> None:
        candidate_id = candidate["candidate_id"]
        section = candidate["section_id"]
        places = places_of(open_, "candidates of a section", numbers_of_sections([section] if section else []))
        others = [place for place in places if place != candidate["place"]]
        found = [row for row in open_.rows("audit/trace_siblings", places=others) if row["section_id"] == section]
        siblings = sorted(found, key=lambda row: (row["planned_at"], row["pass"], row["candidate_id"]))
        self.siblings_in_all = len(siblings)
        self.siblings = siblings[:MOST_SIBLINGS]
        self.replaced = _candidates(open_, [candidate["replaces"]]) if candidate["replaces"] is not None else []
        _, *self.others = _with_replacing(open_, [candidate, *self.siblings, *self.replaced])
        self.replacing = [row for row in self.others if row["replaces"] == candidate_id]


class _Beside:
    """What stands beside a candidate's plan and steps, in tables of its own."""

    def __init__(self, open_: Transaction, candidate: Mapping[str, Any]) -> None:
        candidate_id = candidate["candidate_id"]
        sections = [section for section in (candidate["section_id"], *candidate["neighbour_ids"]) if section]
        self.passages: dict[str, dict[str, Any]] = {}
        if sections:
            places = places_of(open_, "sections", numbers_of_sections(sections))
            found = open_.rows("audit/trace_sections", places=places)
            seeds = sorted({row["seed_id"] for row in found})
            places = places_naming(open_, "articles", seeds)
            revisions = {row["seed_id"]: row for row in open_.rows("audit/trace_revisions", places=places)}
            self.passages = {row["section_id"]: row | revisions[row["seed_id"]] for row in found
                             if row["seed_id"] in revisions}  # fmt: skip
        copies = places_naming(open_, "duplicates of a keeper", [candidate_id])
        # without a place every keeper would be read all the same
        self.copies = open_.rows("audit/duplicates_of", candidate_id=candidate_id, places=copies) if copies else []
        self.withdrawals = open_.rows("audit/trace_withdrawals", candidate_id=candidate_id)
        self.reopened = open_.rows("audit/trace_reopened", candidate_id=candidate_id)
        self.published = open_.rows("audit/trace_releases", since=candidate["planned_at"])


def _with_replacing(open_: Transaction, candidates: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The candidates and all that replace one of them, once each."""
    everybody = {row["candidate_id"]: row for row in candidates}
    new = list(everybody)
    while new and (places := places_naming(open_, "replacements", new)):
        replacing = open_.rows("audit/trace_siblings", places=places)
        found = {row["candidate_id"]: row for row in replacing
                 if row["replaces"] in everybody and row["candidate_id"] not in everybody}  # fmt: skip
        everybody |= found
        new = list(found)
    return list(everybody.values())


def _candidates(open_: Transaction, candidate_ids: Collection[str]) -> list[dict[str, Any]]:
    wanted = set(candidate_ids)
    return [row for row in _at_candidates(open_, candidate_ids) if row["candidate_id"] in wanted]


def _at_candidates(open_: Transaction, beginnings: Collection[str]) -> list[dict[str, Any]]:
    """The candidates whose ids begin so, each with its first letters at least, and maybe strangers."""
    return open_.rows(
        "audit/trace_candidates", places=places_of(open_, "candidates", numbers_of_candidates(beginnings))
    )


def _read_steps(open_: Transaction, candidates: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What states follow from: the rows of these candidates in the tables of steps, and maybe strangers'."""
    numbers = numbers_of_candidates(row["candidate_id"] for row in candidates)
    return open_.rows("audit/trace_steps", **{table: places_of(open_, table, numbers) for table in STEPS})


def _states(
    open_: Transaction, candidates: Iterable[Mapping[str, Any]], steps: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The states of some candidates, in the words of the view `candidate_states`, from their rows alone.

    The view over all candidates would read every table whole, and its twenty joins take DuckDB a millisecond each, of
    a few rows too. So the rows that were gathered here are joined here, and what they come to is said by its own text.

    Args:
        candidates: their plans, with those of whoever replaces one of them.
        steps: their rows in the tables of steps, each with its `step`.

    Returns:
        Candidate id -> its row of the view, with `refused_detail`. `by_program` is told of rows that name a model.
    """
    of = {(row["candidate_id"], row["step"]): row for row in steps}
    gathered = []
    for candidate in candidates:
        joined = {name: candidate[name] for name in GATHERED.names if name in candidate}
        for step, (mark, told) in _JOINED.items():
            # in the view a row without a moment is none; which moment it is decides nothing
            row = of.get((candidate["candidate_id"], step))
            joined |= {mark: row is not None} | {name: row and row.get(column) for name, column in told.items()}
        gathered.append(joined)
    connection = open_.connection
    connection.register("gathered", pa.Table.from_pylist(gathered, GATHERED))
    connection.execute("pragma disable_optimizer")  # a good plan for so few rows takes longer than a bad one
    try:
        states = open_.rows("audit/states_of_gathered")
    finally:
        connection.execute("pragma enable_optimizer")
        connection.unregister("gathered")
    return {
        row["candidate_id"]: row
        | {"refused_detail": of.get((row["candidate_id"], row["refused_at"]), {}).get("refused_detail")}
        for row in states
    }


def _read_rows(open_: Transaction, candidate: Mapping[str, Any]) -> dict[str, dict[str, Any] | None]:
    """The whole rows of a candidate in the tables of steps and in those beside them, by the table."""
    return {table: _row_of(open_, table, candidate) for table in (*STEPS, *_APART)}


def _read_standards(open_: Transaction, quality: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the verdict was held against; None where there is none, or it was not noted then."""
    if quality is None:
        return None
    found = open_.rows(
        "audit/trace_standards", scorer_version=quality["scorer_version"], weighed_by=quality["weighed_by"]
    )
    return _parsed(found[0]) if found else None


def _row_of(open_: Transaction, table: str, candidate: Mapping[str, Any]) -> dict[str, Any] | None:
    """The whole row of a table that belongs to a candidate, the last where it has several; None where it has none."""
    # table and columns are words of this module, never data
    text = sql("audit/trace_row_at").replace("{table}", table).replace("{columns}", _COLUMNS.get(table, _WHOLE))
    # the sample's constraints are the published text, the candidate's are the draw
    as_text = {"constraints"} if table == "samples" else set()
    for place in reversed(places_of(open_, table, [candidate["candidate_key"]])):
        for told in open_.rows_of(text, place=place):
            if told["candidate_id"] == candidate["candidate_id"]:
                return _parsed(told, text=as_text)
    return None


_logs: dict[tuple[str, str], CallLog] = {}


def _log_of(warehouse: Warehouse) -> CallLog:
    """The calls of a warehouse; one object each, because it remembers what it learned of the segments."""
    key = (warehouse.place, warehouse.calls_folder)
    if key not in _logs:
        _logs[key] = warehouse.open_calls("trace")
    return _logs[key]


def _call_as_told(call: Call) -> dict[str, Any]:
    told = {name: getattr(call, name) for name in Call.__slots__}
    for name in ("request", "templates", "logprobs"):
        told[name] = None if told[name] is None else json.loads(told[name])
    return told


def _parsed(row: Mapping[str, Any], text: Collection[str] = ()) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in _JSON_COLUMNS and name not in text and isinstance(value, str) else value
        for name, value in row.items()
    }


def _as_relative(candidate: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    plan = ("candidate_id", "exercise", "exercise_version", "language", "section_id", "round", "pass", "run_id",
            "recipe_name", "planned_at")  # fmt: skip
    outcome = ("state", "refused_at", "refused_reason", "refused_detail")
    # it bears its name as a sample from the moment that it is planned on
    name = f"{candidate['exercise']}_{candidate['language']}_{candidate['candidate_id'][:16]}"
    return {"synth_id": name, **{key: candidate[key] for key in plan}, **{key: state[key] for key in outcome}}


def _sum_of(calls: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "calls": len(calls),
        "failed": sum(call["error"] is not None for call in calls),
        "prompt_tokens": sum(call["prompt_tokens"] or 0 for call in calls),
        "completion_tokens": sum(call["completion_tokens"] or 0 for call in calls),
        "usd": sum(call["cost_usd"] or 0.0 for call in calls),
        "unpriced": sum(call["cost_usd"] is None for call in calls),
    }


def _read_releases(published: Sequence[Mapping[str, Any]], synth_id: str) -> tuple[list[dict], list[dict[str, str]]]:
    """The releases a sample stands in, newest first, and those that could not be looked through, with why."""
    found: list[dict[str, Any]] = []
    not_read: list[dict[str, str]] = []
    for number, release in enumerate(published):
        folder = Path(release["folder"])
        if number >= MOST_RELEASES:
            not_read.append({"version": release["version"], "reason": "older_than_the_newest"})
            continue
        try:
            manifest = read_manifest(folder)
            rows = (
                pl.scan_parquet(folder / "extended" / "*.parquet", include_file_paths="file")
                .filter(pl.col("synth_id") == synth_id)
                .select("file")
                .collect()
            )
        except ReleaseError:
            not_read.append({"version": release["version"], "reason": "folder_gone_or_unreadable"})
            continue
        except (OSError, pl.exceptions.PolarsError):
            not_read.append({"version": release["version"], "reason": "files_unreadable"})
            continue
        if rows.height:
            found.append({
                "version": release["version"], "split": Path(rows["file"][0]).name.partition("-")[0],
                "released_at": release["released_at"], "folder": release["folder"], "run_id": release["run_id"],
                "package_version": manifest.package_version, "recipe_hash": manifest.recipe_hash,
            })  # fmt: skip
    return found, not_read


def _versions(
    candidate: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any] | None],
    calls: Sequence[Mapping[str, Any]], releases: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Every version, hash and name of what had a part in it, in one place."""

    def of(table: str, column: str) -> Any:
        row = rows[table]
        return row[column] if row else None

    runs = {candidate["run_id"], *(row["run_id"] for row in rows.values() if row), *(call["run_id"] for call in calls)}
    return {
        "exercise_version": candidate["exercise_version"],
        "recipe_name": candidate["recipe_name"],
        "recipe_hash": candidate["recipe_hash"],
        "templates": sorted({name for table in (*_ASKING, "judgements") for name in of(table, "templates") or []}),
        "models": {table: of(table, "model") for table in (*_ASKING, "judgements") if rows[table]},
        "fingerprints": {table: of(table, "fingerprint") for table in (*_ASKING, "judgements", "contamination")
                         if rows[table]},
        "scorers": of("quality_scores", "scorer_version"),
        "weights": of("quality_scores", "weighed_by"),
        "encoder": of("embeddings", "encoder"),
        "duplicate_threshold": of("duplicates", "threshold"),
        "released_by_package": sorted({release["package_version"] for release in releases}),
        "runs": sorted(runs),
    }  # fmt: skip
