"""The stages that judge answered candidates: embeddings, quality scores, duplicates, samples."""

import json
from typing import Any

import numpy as np

from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Check, DuplicateRule, Exercise
from synth_assets.identity import hash_of, normalised
from synth_assets.quality.duplicates import Comparable, DuplicateVerdict, decide
from synth_assets.quality.rows import scored_row
from synth_assets.quality.verdict import judge_row
from synth_assets.stages.corpus import encoder_name, encoder_of
from synth_assets.stages.steps import answer_of, draft_of, is_by_program, query_of, read_tasks
from synth_assets.stages.work import Work, in_batches, now
from synth_assets.warehouse import Transaction

BATCH = 256


def embed_answers(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Embed the duplicate key of every answered candidate of a cell whose exercise compares by embedding."""
    exercise = EXERCISES[exercise_name]
    if exercise.duplicate_rule.kind == "exact":
        return {"work": 0, "made": 0, "why": "this exercise compares rows by their exact key"}
    name = encoder_name(work)
    ids = [row["candidate_id"] for row in work.warehouse.read(
        "transforms/open_embeddings", exercise=exercise_name, language=language, encoder=name)]  # fmt: skip
    done = 0
    encoder = encoder_of(work) if ids else None
    for batch in in_batches(ids, BATCH):
        keys = _duplicate_keys(work, exercise, language, batch)
        vectors = encoder.embed([keys[candidate] for candidate in batch])
        done += work.warehouse.insert("embeddings", [
            {"candidate_id": candidate, "exercise": exercise_name, "language": language, "encoder": name,
             "key_hash": hash_of(normalised(keys[candidate])), "vector": vector.tolist(), "made_at": now(),
             **work.stamp()}
            for candidate, vector in zip(batch, vectors, strict=True)])  # fmt: skip
        work.progress("embeddings", done, len(ids))
    return {"work": len(ids), "made": done}


def score_quality(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Judge every answered candidate of a cell; nothing is refused without its reason."""
    exercise = EXERCISES[exercise_name]
    ids = [row["candidate_id"] for row in work.warehouse.read(
        "transforms/open_quality_scores", exercise=exercise_name, language=language)]  # fmt: skip
    refused: dict[str, int] = {}
    done = 0
    for batch in in_batches(ids, BATCH):
        rows = []
        for task, row in read_tasks(work, exercise, language, batch):
            verdict = judge_row(
                scored_row(
                    exercise,
                    task,
                    query_of(row),
                    draft_of(row),
                    answer_of(row),
                    [Check(**check) for check in json.loads(row["checks"])],
                ),
                exercise.scorers,
                work.recipe.quality,
            )
            if not verdict.passed:
                refused[verdict.reason] = refused.get(verdict.reason, 0) + 1
            rows.append({
                "candidate_id": task.candidate_id,
                "exercise": exercise_name,
                "language": language,
                "scores": [{"name": score.name, "value": score.value, "passed": score.passed,
                            "reason": score.reason, "detail": score.detail} for score in verdict.scores],
                "composite": verdict.composite,
                "passed": verdict.passed,
                "reason": verdict.reason or None,
                "scorer_version": verdict.version,
                "made_at": now(),
                **work.stamp(),
            })  # fmt: skip
        done += work.warehouse.insert("quality_scores", rows)
        work.progress("quality_scores", done, len(ids))
    return {"work": len(ids), "passed": done - sum(refused.values()), "refused": dict(sorted(refused.items()))}


def decide_duplicates(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Write the verdict of every candidate of a cell that passed quality, once, under the comparison group's lock."""
    exercise = EXERCISES[exercise_name]
    rule = exercise.duplicate_rule
    name = encoder_name(work)
    with work.exclusive(f"duplicates-{rule.family}-{language}"):
        with work.warehouse.transaction("reading what duplicates are compared with") as open_:
            reopened = open_.execute("transforms/delete_orphaned_duplicates", family=rule.family, language=language)
            new = open_.rows("transforms/open_duplicates", exercise=exercise_name, language=language)
            kept = open_.rows("transforms/kept_of_language", language=language, encoder=name) if new else []
            vectors = _vectors(open_, rule, [row["candidate_id"] for row in new], name)
        if not new:
            return {"work": 0, "kept": 0, "duplicate": 0, "decided_again": reopened}
        ids = [row["candidate_id"] for row in new]
        keys = _duplicate_keys(work, exercise, language, ids)
        replaces = _replaces(work, exercise, language, ids)
        family = [_comparable(row) for row in kept if row["family"] == rule.family]
        others = [row for row in kept if row["family"] != rule.family and row["vector"] is not None]
        verdicts = decide(
            [
                Comparable(
                    candidate_id=row["candidate_id"],
                    key=hash_of(normalised(keys[row["candidate_id"]])),
                    vector=vectors.get(row["candidate_id"]),
                    quality=row["composite"],
                    replaces=replaces[row["candidate_id"]],
                )
                for row in new
            ],
            family,
            rule,
        )
        rows = [
            {
                "candidate_id": verdict.candidate_id,
                "exercise": exercise_name,
                "language": language,
                "family": rule.family,
                "key_hash": hash_of(normalised(keys[verdict.candidate_id])),
                "verdict": verdict.verdict,
                "keeper_id": verdict.keeper_id,
                "similarity": verdict.similarity,
                "method": verdict.method,
                "threshold": rule.threshold,
                "other_families": _matches_elsewhere(verdict, vectors, others, rule),
                "decided_at": now(),
                **work.stamp(),
            }
            for verdict in verdicts
        ]
        work.warehouse.insert("duplicates", rows)
        work.progress("duplicates", len(rows), len(rows))
    duplicate = sum(verdict.verdict == "duplicate" for verdict in verdicts)
    return {"work": len(new), "kept": len(new) - duplicate, "duplicate": duplicate, "decided_again": reopened}


def make_samples(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Publish accepted candidates of a cell as samples, and take out those that are accepted no longer."""
    exercise = EXERCISES[exercise_name]
    with work.warehouse.transaction("taking out samples") as open_:
        gone = open_.execute("transforms/delete_samples_not_accepted", exercise=exercise_name, language=language)
    ids = [row["candidate_id"] for row in work.warehouse.read(
        "transforms/open_samples", exercise=exercise_name, language=language)]  # fmt: skip
    done = 0
    for batch in in_batches(ids, BATCH):
        with work.warehouse.transaction("reading quality") as open_:
            quality = {row["candidate_id"]: row["composite"] for row in open_.rows(
                "transforms/quality_of_candidates", candidate_ids=batch)}  # fmt: skip
            licenses = {row["section_id"]: row for row in open_.rows("transforms/licenses", candidate_ids=batch)}
        rows = [
            _sample(work, exercise, task, row, licenses, quality[task.candidate_id])
            for task, row in read_tasks(work, exercise, language, batch)
        ]
        done += work.warehouse.insert("samples", rows)
        work.progress("samples", done, len(ids))
    return {"work": len(ids), "made": done, "taken_out": gone}


def _sample(
    work: Work, exercise: Exercise, task: Any, row: dict[str, Any], licenses: dict[str, dict[str, Any]], quality: float
) -> dict[str, Any]:
    query = query_of(row)
    section = task.section
    source = licenses.get(row["section_id"] or "", {})
    texts = (query.text, row["draft"], row["answer"])
    by_program = is_by_program(row)
    models = dict.fromkeys(row[f"{step}_model"] for step in ("answer", "draft", "query"))
    base = next((model for model in models if model != "program"), "program")
    return {
        "synth_id": f"{exercise.name}_{task.language}_{task.candidate_id[:16]}",
        "language": task.language,
        "exercise": exercise.label,
        "model": "program" if by_program else f"{base}-{exercise.name}",
        "query": query.text,
        "query_seed_url": section.url if section else None,
        "query_seed_text": section.text if section else None,
        "additional_seed_url": task.neighbours[0].url if task.neighbours else None,
        "seed_license": source.get("license"),
        "constraints": exercise.published_constraints(task, query),
        "script": exercise.published_script(task, query),
        "synthetic_reasoning": row["draft"],
        "synthetic_answer": row["answer"],
        "words": sum(len(text.split()) for text in texts),
        "candidate_id": task.candidate_id,
        "cell": exercise.name,
        "section_id": row["section_id"],
        "seed_id": source.get("seed_id"),
        "payload": json.loads(row["answer_payload"]),
        "quality": quality,
        "by_program": by_program,
        "recipe_hash": work.recipe.hash,
        "sampled_at": now(),
        **work.stamp(),
    }


def _duplicate_keys(work: Work, exercise: Exercise, language: str, ids: list[str]) -> dict[str, str]:
    keys = {}
    for batch in in_batches(ids, BATCH):
        for task, row in read_tasks(work, exercise, language, batch):
            keys[task.candidate_id] = exercise.duplicate_key(query_of(row), answer_of(row))
    return keys


def _replaces(work: Work, exercise: Exercise, language: str, ids: list[str]) -> dict[str, str | None]:
    return {
        task.candidate_id: row["replaces"]
        for batch in in_batches(ids, BATCH)
        for task, row in read_tasks(work, exercise, language, batch)
    }


def _vectors(open_: Transaction, rule: DuplicateRule, ids: list[str], encoder: str) -> dict[str, np.ndarray]:
    if rule.kind == "exact" or not ids:
        return {}
    rows = open_.rows("transforms/vectors_of_candidates", candidate_ids=ids, encoder=encoder)
    return {row["candidate_id"]: np.asarray(row["vector"], dtype=np.float32) for row in rows}


def _comparable(row: dict[str, Any]) -> Comparable:
    return Comparable(
        candidate_id=row["candidate_id"],
        key=row["key_hash"],
        vector=None if row["vector"] is None else np.asarray(row["vector"], dtype=np.float32),
        quality=row["composite"],
        replaces=None,
    )


def _matches_elsewhere(
    verdict: DuplicateVerdict, vectors: dict[str, np.ndarray], others: list[dict[str, Any]], rule: DuplicateRule
) -> list[dict[str, Any]]:
    """Kept rows of other families at or above the threshold: recorded, never refused."""
    vector = vectors.get(verdict.candidate_id)
    if vector is None or verdict.verdict != "kept":
        return []
    found = [(float(vector @ np.asarray(row["vector"], dtype=np.float32)), row["candidate_id"]) for row in others]
    close = sorted((item for item in found if item[0] >= rule.threshold), reverse=True)[:5]
    return [{"candidate_id": candidate, "similarity": similarity} for similarity, candidate in close]
