"""The stages around the judging of answered candidates: what they are compared by, and the samples that remain."""

import json
from typing import Any

from synth_assets.encoder import Vectors
from synth_assets.errors import SynthAssetsError
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Exercise
from synth_assets.identity import hash_of, normalised
from synth_assets.stages.corpus import encoder_name, encoder_of
from synth_assets.stages.settling import live_states, settle
from synth_assets.stages.steps import answer_of, is_by_program, query_of, read_tasks
from synth_assets.stages.work import Work, in_batches, now

BATCH = 256
TEXTS = 2_000


def embed_answers(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Embed the duplicate key of every answered candidate of a cell whose exercise compares by embedding."""
    exercise = EXERCISES[exercise_name]
    if exercise.duplicate_rule.kind == "exact":
        return {"work": 0, "made": 0, "why": "this exercise compares rows by their exact key"}
    name = encoder_name(work)
    ids = _open_embeddings(work, exercise_name, language, name)
    done = 0
    encoder = encoder_of(work) if ids else None
    for batch in in_batches(ids, BATCH):
        keys = keys_of(work, exercise, batch)
        vectors = encoder.embed([keys[candidate] for candidate in batch])
        done += work.warehouse.insert("embeddings", [
            {"candidate_id": candidate, "exercise": exercise_name, "language": language, "encoder": name,
             "key_hash": hash_of(normalised(keys[candidate])), "vector": vector.tolist(), "made_at": now(),
             **work.stamp()}
            for candidate, vector in zip(batch, vectors, strict=True)])  # fmt: skip
        work.progress("embeddings", done, len(ids))
    return {"work": len(ids), "made": done}


def _open_embeddings(work: Work, exercise: str, language: str, encoder: str) -> list[str]:
    """The answered candidates of a cell that this encoder has not read.

    How many they are is counted without reading an id. Where those since the first round that is not settled are as
    many, they are all; else, as with another encoder, the whole cell is gone through.
    """
    cell = {"exercise": exercise, "language": language, "encoder": encoder}
    with work.warehouse.reading("looking for what is not embedded") as open_:
        (count,) = open_.rows("transforms/count_open_embeddings", **cell)
        rows = open_.rows("transforms/open_embeddings", **cell, whole=False)
        if len(rows) != count["open"]:
            rows = open_.rows("transforms/open_embeddings", **cell, whole=True)
    return [row["candidate_id"] for row in rows if not row["withdrawn"]]


def make_samples(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Publish accepted candidates of a cell as samples, and take out those that are accepted no longer."""
    exercise = EXERCISES[exercise_name]
    cell = {"exercise": exercise_name, "language": language}
    with work.warehouse.transaction("taking out samples") as open_, live_states(open_):
        gone = open_.execute("transforms/delete_samples_not_accepted", **cell)
        ids = [row["candidate_id"] for row in open_.rows("transforms/open_samples", **cell)]
    done = 0
    for batch in in_batches(ids, BATCH):
        with work.warehouse.reading("reading quality") as open_:
            quality = {row["candidate_id"]: row["composite"] for row in open_.rows(
                "transforms/quality_of_candidates", candidate_ids=batch)}  # fmt: skip
            licenses = {row["section_id"]: row for row in open_.rows("transforms/licenses", candidate_ids=batch)}
        rows = [
            _sample(work, exercise, task, row, licenses, quality[task.candidate_id])
            for task, row in read_tasks(work, exercise, language, batch)
        ]
        done += work.warehouse.insert("samples", rows)
        work.progress("samples", done, len(ids))
    settle(work, [(exercise_name, language)])
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


def keys_of(work: Work, exercise: Exercise, ids: list[str]) -> dict[str, str]:
    """What each of these candidates is compared by."""
    return {
        row["candidate_id"]: key_of(exercise, row) for batch in in_batches(ids, TEXTS) for row in texts_of(work, batch)
    }


def texts_of(work: Work, ids: list[str]) -> list[dict[str, Any]]:
    """Query, trace and answer of these answered candidates: rows of sql/transforms/texts_of_candidates.sql."""
    return work.warehouse.read("transforms/texts_of_candidates", candidate_ids=ids)


def key_of(exercise: Exercise, row: dict[str, Any]) -> str:
    """What a candidate is compared by, of a row of sql/transforms/texts_of_candidates.sql."""
    return exercise.duplicate_key(query_of(row), answer_of(row))


def vectors_of(work: Work, ids: list[str], encoder: str) -> Vectors:
    """The vectors of these candidates by one encoder, in their order, shape (len(ids), d).

    Raises:
        SynthAssetsError: some have none.
    """
    with work.warehouse.reading("reading vectors") as open_:
        frame = open_.frame("transforms/vectors_of_candidates", candidate_ids=ids, encoder=encoder)
    place = {name: number for number, name in enumerate(frame.get_column("candidate_id"))}
    missing = [name for name in ids if name not in place]
    if missing:
        raise SynthAssetsError(
            f"{len(missing)} of {len(ids)} candidates have no vector by the encoder {encoder} "
            f"({missing[0]} is the first); materialize embeddings of their cell first"
        )
    flat = frame.get_column("vector").explode(empty_as_null=False).to_numpy()
    return flat.reshape(len(ids), -1)[[place[name] for name in ids]]
