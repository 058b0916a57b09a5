"""The life of one sample, from the sample up to the article revision it came from, and down from an article or a run.

How a row is found among millions is told in `places`. Calls lie in segments of whose candidates an index stands beside
them (`CallLog.of_candidates`).
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from synth_assets.audit.places import numbers_of_candidates, numbers_of_sections, places_naming, places_of
from synth_assets.calls.log import CallLog
from synth_assets.calls.record import Call
from synth_assets.calls.sums import Tally
from synth_assets.errors import ReleaseError, UnknownOrigin, UnknownSample
from synth_assets.release.manifest import read_manifest
from synth_assets.warehouse import Transaction, Warehouse, sql, statement_of_states

# The tables that the view of states joins, in the order of the steps; and those that tell more of one candidate.
STEPS = ("queries", "reasoning_drafts", "answers", "quality_scores", "contamination", "duplicates")
_ASKING = ("queries", "reasoning_drafts", "answers")
_APART = ("embeddings", "judgements", "samples")
_WHOLE = "* exclude (candidate_key)"  # the number finds a row and tells nothing
_COLUMNS = {"embeddings": "candidate_id, encoder, key_hash, run_id, made_at"}
# What is told of a relative's plan, and what states follow from.
_PLANNED = ("candidate_id", "exercise", "exercise_version", "language", "round", "pass", "source", "section_id",
            "replaces", "recipe_name", "recipe_hash", "run_id", "planned_at", "candidate_key")  # fmt: skip
# How the view calls what it joins to a plan: by the step, whether there is a row, and what it is told of it.
_JOINED = {
    "queries": ("has_query", {"query_model": "model", "query_refused": "refused_reason"}),
    "reasoning_drafts": ("has_draft", {"draft_model": "model", "draft_refused": "refused_reason"}),
    "answers": ("has_answer", {"answer_model": "model", "answer_refused": "refused_reason"}),
    "quality_scores": ("has_score", {"score_passed": "passed", "score_reason": "reason"}),
    "contamination": ("is_held_against", {"clear": "passed", "clear_reason": "reason"}),
    "duplicates": ("is_compared", {"verdict": "verdict"}),
}
# What else it names; none of it decides a state.
_UNDECIDING = {
    name: pl.lit(None, pl.Datetime("us", "UTC"))
    for name in ("query_at", "draft_at", "answer_at", "score_at", "clear_at", "verdict_at")
} | {name: pl.lit(None, pl.String()) for name in ("scorer_version", "weighed_by", "judgement", "held_against")}
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
    with warehouse.reading("tracing a sample") as open_:
        itself = _find(open_, name)
        (candidate,) = itself.to_dicts()
        candidate_id = candidate["candidate_id"]
        (kin, states), (beside, rows, standards) = open_.side_by_side(
            lambda reading: (kin := _Kin(reading, candidate, itself), _read_states(reading, kin.everybody)),
            lambda reading: (
                _Beside(reading, candidate),
                rows := _read_rows(reading, candidate),
                _read_standards(reading, rows["quality_scores"]),
            ),
        )
        state = states[candidate_id]
    calls = [_call_as_told(call) for call in _log_of(warehouse).of_candidates([candidate_id])]
    sample = rows["samples"]
    synth_id = f"{candidate['exercise']}_{candidate['language']}_{candidate_id[:16]}"
    releases, not_read = _read_releases(beside.published, synth_id)
    told = {
        **{key: value for key, value in _parsed(candidate).items() if key != "candidate_key"},
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
            asked = sorted(set(candidates["section_id"].drop_nulls()))
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
            candidates = open_.frame("audit/descendants_candidates", section_ids=section_ids)
        if not (articles or sections or candidates.height):
            raise UnknownOrigin(f"{value!r} is no {_ORIGINS[what]} that is here")
        states = _read_states(open_, _with_replacing(open_, candidates.select(_PLANNED)))
    costs = _log_of(warehouse).costs_of(candidates["candidate_id"].to_list())
    among = set(section_ids)
    listed = []
    for candidate in candidates.iter_rows(named=True):
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


def _find(open_: Transaction, name: str) -> pl.DataFrame:
    """The candidate of this name, a frame of one row."""
    cell, _, rest = name.rpartition("_")
    exercise, _, language = cell.rpartition("_")
    found = pl.DataFrame()
    if exercise and len(rest) == NAME_LETTERS:
        found = _begins_so(open_, rest).filter(pl.col("exercise") == exercise, pl.col("language") == language)
    if found.is_empty():
        found = _begins_so(open_, name)
    if found.height != 1:
        problem = "names more than one candidate; give more of it" if found.height else "is not the id of any candidate"
        raise UnknownSample(f"{name!r} {problem}; ids stand in the samples table and in `synth-assets status`")
    return found


def _begins_so(open_: Transaction, beginning: str) -> pl.DataFrame:
    """The candidates whose id begins so; of a short beginning two at most, which say that it is more than one."""
    if len(beginning) < NAME_LETTERS:
        return open_.frame("audit/find_candidate", beginning=beginning)
    return _at_candidates(open_, [beginning]).filter(pl.col("candidate_id").str.starts_with(beginning))


class _Kin:
    """The relatives of a candidate, each with its plan.

    `everybody` is a frame of all of them, the candidate itself and whoever replaces one of them included, because a
    candidate is superseded by its replacement's state.
    """

    def __init__(self, open_: Transaction, candidate: Mapping[str, Any], itself: pl.DataFrame) -> None:
        candidate_id = candidate["candidate_id"]
        found = [itself.select(_PLANNED)]
        section = candidate["section_id"]
        places = places_of(open_, "candidates of a section", numbers_of_sections([section] if section else []))
        siblings = open_.frame("audit/trace_siblings", places=places).select(_PLANNED)
        siblings = siblings.filter(pl.col("section_id").eq_missing(section), pl.col("candidate_id") != candidate_id)
        self.siblings_in_all = siblings.height
        self.siblings = siblings.head(MOST_SIBLINGS).to_dicts()
        found.append(siblings.head(MOST_SIBLINGS))
        self.replaced: list[dict[str, Any]] = []
        if candidate["replaces"] is not None:
            replaced = _candidates(open_, [candidate["replaces"]]).select(_PLANNED)
            self.replaced = replaced.to_dicts()
            found.append(replaced)
        self.everybody = _with_replacing(open_, pl.concat(found))
        self.replacing = self.everybody.filter(pl.col("replaces") == candidate_id).to_dicts()


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


def _with_replacing(open_: Transaction, candidates: pl.DataFrame) -> pl.DataFrame:
    """The candidates and all that replace one of them, one row each."""
    everybody = candidates.unique("candidate_id", maintain_order=True)
    while True:
        places = places_naming(open_, "replacements", everybody["candidate_id"].to_list())
        if not places:
            return everybody
        replacing = open_.frame("audit/trace_siblings", places=places).select(everybody.columns)
        replacing = replacing.filter(pl.col("replaces").is_in(everybody["candidate_id"].to_list()))
        new = replacing.join(everybody, on="candidate_id", how="anti")
        if new.is_empty():
            return everybody
        everybody = pl.concat([everybody, new])


def _candidates(open_: Transaction, candidate_ids: Sequence[str]) -> pl.DataFrame:
    return _at_candidates(open_, candidate_ids).filter(pl.col("candidate_id").is_in(candidate_ids))


def _at_candidates(open_: Transaction, beginnings: Sequence[str]) -> pl.DataFrame:
    """The candidates whose ids begin so, each with its first letters at least, and maybe strangers."""
    places = places_of(open_, "candidates", numbers_of_candidates(beginnings))
    return open_.frame("audit/trace_candidates", places=places)


def _read_states(open_: Transaction, candidates: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """The states of some candidates, in the words of the view `candidate_states`, from their rows alone.

    The view over all candidates would read every table whole, and its twenty joins take DuckDB a millisecond each, of
    a few rows too. So the rows that were gathered here are joined here, and what they come to is said by its own text.

    Returns:
        Candidate id -> its row of the view, with `refused_detail`.
    """
    numbers = candidates["candidate_key"].to_list()
    steps = open_.frame("audit/trace_steps", **{table: places_of(open_, table, numbers) for table in STEPS})
    steps = steps.filter(pl.col("candidate_id").is_in(candidates["candidate_id"].to_list()))
    refused = steps.filter(pl.col("refused_reason").is_not_null())
    details = dict(refused.select("candidate_id", "refused_detail").iter_rows())
    gathered = candidates.select(_PLANNED)
    for step, (mark, told) in _JOINED.items():
        # in the view a row without a moment is none; which moment it is decides nothing
        rows = steps.filter(pl.col("step") == step).select(
            "candidate_id", pl.lit(True).alias(mark), *(pl.col(column).alias(name) for name, column in told.items())
        )
        gathered = gathered.join(rows, on="candidate_id", how="left").with_columns(pl.col(mark).fill_null(value=False))
    connection = open_.connection
    connection.register("gathered", gathered.with_columns(**_UNDECIDING))
    connection.execute("pragma disable_optimizer")  # a good plan for so few rows takes longer than a bad one
    try:
        cursor = connection.execute(statement_of_states("audit/states_of_gathered"))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    finally:
        connection.execute("pragma enable_optimizer")
        connection.unregister("gathered")
    return {row["candidate_id"]: row | {"refused_detail": details.get(row["candidate_id"])} for row in rows}


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
        cursor = open_.connection.execute(text, {"place": place})
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            told = dict(zip(names, row, strict=True))
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
