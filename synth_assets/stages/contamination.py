"""The stage that holds candidates against the recipe's benchmarks, so that no test question is among the samples.

A candidate is judged again when the files, their columns or the settings change: its row bears their fingerprint. Until
then the earlier verdict stands, so that at no moment a sample is without one.

Texts are compared by their words, and by the vectors that the duplicates are compared by: what an exercise embeds of a
row, in stretches where that is longer than the encoder reads at once (these vectors are kept in `chunk_embeddings`).
Exercises that compare rows by an exact key have no vectors; their rows are compared by words alone.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import numpy as np

from synth_assets.benchmark_files import BenchmarkItem
from synth_assets.encoder import Encoder, Vectors
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Exercise
from synth_assets.identity import hash_of
from synth_assets.quality.decontamination import Contamination, SampleText, chunks, near_items
from synth_assets.stages.benchmarks import Benchmarks, fingerprint_of, read_benchmarks
from synth_assets.stages.corpus import encoder_name, encoder_of
from synth_assets.stages.curation import key_of, texts_of, vectors_of
from synth_assets.stages.settling import unsettle
from synth_assets.stages.shared_files import open_index, publish_index
from synth_assets.stages.work import Work, in_batches, now
from synth_assets.vector_index import VectorIndex

REASON = "contaminated"
PAGE = 2_000
# Items that are embedded before they are written: what a killed run loses.
EMBEDDED_TOGETHER = 2_000
# Words; a text of no more is read whole by every encoder, whatever its tokenizer makes of them.
_SHORT = 60
_LONGEST_WORD = 12
MATCHES = 20
BROKEN_TOLD = 3


def judge_contamination(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Judge every candidate of a cell that passed quality and was not held against these benchmarks yet.

    Raises:
        BenchmarkError: a file cannot be used.
        SynthAssetsError: a candidate has no vector by the recipe's encoder.
    """
    exercise = EXERCISES[exercise_name]
    plan = work.recipe.decontamination
    if not plan.benchmarks:
        with work.warehouse.transaction("taking verdicts on benchmarks back") as open_:
            gone = open_.execute("transforms/delete_contamination_of_cell", exercise=exercise_name, language=language)
        return {"work": 0, "taken_back": gone, "why": "the recipe names no benchmark"}
    fingerprint = fingerprint_of(work.recipe, encoder_name(work))
    with work.exclusive(f"contamination-{exercise_name}-{language}"), ExitStack() as closing:
        mark = {"exercise": exercise_name, "language": language, "fingerprint": fingerprint}
        with work.warehouse.transaction("looking for what was not held against these benchmarks") as open_:
            unsettle(open_, "transforms/unsettle_otherwise_held", **mark)
            ids = [row["candidate_id"] for row in open_.rows("transforms/open_contamination", **mark)]
        report: dict[str, Any] = {"work": len(ids), "passed": 0, "refused": {}, "fingerprint": fingerprint[:16]}
        if not ids:
            return report
        benchmarks = read_benchmarks(plan, fingerprint)
        _tell_broken(work, benchmarks)
        report |= {"benchmarks": benchmarks.sizes, "broken_lines": len(benchmarks.broken)}
        vectors = None
        if plan.cosine is not None and exercise.duplicate_rule.kind == "embedding":
            vectors = closing.enter_context(_Vectors(work, exercise, language, benchmarks.items, plan.cosine))
        by_method: Counter[str] = Counter()
        done = 0
        for page in in_batches(ids, PAGE):
            texts = texts_of(work, page)
            found = _by_words(benchmarks, texts, plan.least_overlap)
            if vectors is not None:
                found = [_together(*both) for both in zip(found, vectors.search(texts), strict=True)]
            rows = [
                _row(work, exercise_name, language, text["candidate_id"], matches, fingerprint)
                for text, matches in zip(texts, found, strict=True)
            ]
            with work.warehouse.transaction("writing contamination") as open_:
                open_.execute("transforms/delete_contamination", candidate_ids=page)
                open_.insert("contamination", rows)
            by_method.update(f"{row['benchmark']} by {row['method']}" for row in rows if not row["passed"])
            done += len(page)
            work.progress("contamination", done, len(ids))
        report |= {
            "passed": len(ids) - by_method.total(),
            "refused": {REASON: by_method.total()} if by_method else {},
            "found_in": dict(sorted(by_method.items())),
        }
        if vectors is not None:
            report["vectors"] = vectors.facts()
    return report


class _Vectors:
    """The vectors of the items, in an index that all workers share, and those of candidates that are held against
    them."""

    def __init__(
        self, work: Work, exercise: Exercise, language: str, items: tuple[BenchmarkItem, ...], cosine: float
    ) -> None:
        self.work = work
        self.exercise = exercise
        self.language = language
        self.name = encoder_name(work)
        self.cosine = cosine
        # by what an item says too: a question that was corrected has another vector
        self.items: Mapping[str, BenchmarkItem] = {hash_of(item.key, item.text): item for item in items}
        self.embedded_items = self.embedded_chunks = 0
        self.damage = ""
        self._encoder: Encoder | None = None
        self._index: VectorIndex | None = None

    def __enter__(self) -> "_Vectors":
        return self

    def __exit__(self, *_: object) -> None:
        if self._index is not None:
            self._index.close()

    def search(self, texts: list[dict[str, Any]]) -> list[list[Contamination]]:
        """The items that are near each of these candidates, the nearest first."""
        own = vectors_of(self.work, [text["candidate_id"] for text in texts], self.name)
        if self._index is None:
            self._index = self._open_index(own.shape[1])
        stretches = self._stretches(texts)
        vectors, sample_of = [], []
        for number, text in enumerate(texts):
            mine = stretches.get(text["candidate_id"])
            vectors.append(own[number : number + 1] if mine is None else mine)
            sample_of.extend([number] * len(vectors[-1]))
        return near_items(np.concatenate(vectors), sample_of, len(texts), self._index, self.items, self.cosine)

    def facts(self) -> dict[str, Any]:
        """For the asset's metadata."""
        assert self._index is not None
        return {
            "items": len(self.items),
            "index_rows": len(self._index),
            "cells": self._index.cells,
            "cells_read": self._index.probes(self.cosine),
            "items_embedded": self.embedded_items,
            "stretches_embedded": self.embedded_chunks,
            "built_anew_because": self.damage,
        }

    def _open_index(self, dimensions: int) -> VectorIndex:
        """The items' index with all items of the recipe in it.

        Items of other recipes of this home stay: `near_items` leaves them out, and two recipes that take turns embed
        nothing twice. It is written under a lock of its own; what is open here stays as it was.
        """
        name = f"indexes/benchmarks/{hash_of(self.name)[:16]}"
        with self.work.exclusive("index-benchmarks"):
            index = open_index(self.work, name, dimensions)
            self.damage = index.damage
            if index.damage:
                self.work.log.warning("the index of the benchmarks' items is built anew: %s", index.damage)
            missing = [key for key in self.items if key not in index]
            if missing:
                self.work.log.info("embedding %d items of benchmarks", len(missing))
            for batch in in_batches(missing, EMBEDDED_TOGETHER):
                index.add(batch, self._embed([self.items[key].text for key in batch]))
                self.embedded_items += len(batch)
                self.work.progress("items of benchmarks", self.embedded_items, len(missing))
            publish_index(self.work, name)
        return index

    def _stretches(self, texts: list[dict[str, Any]]) -> dict[str, Vectors]:
        """Candidate -> vectors of its stretches, of those that are longer than the encoder reads at once."""
        pieces = {}
        for text in texts:
            key = key_of(self.exercise, text)
            if len(key) > _SHORT * _LONGEST_WORD or len(key.split()) > _SHORT:
                cut = chunks(key)
                if len(cut) > 1:
                    pieces[text["candidate_id"]] = cut
        if not pieces:
            return {}
        stored = self.work.warehouse.read(
            "transforms/chunk_vectors", candidate_ids=list(pieces), encoder=self.name
        )  # fmt: skip
        found: dict[str, list[list[float]]] = {}
        for row in stored:
            found.setdefault(row["candidate_id"], []).append(row["vector"])
        missing = [name for name in pieces if len(found.get(name, ())) != len(pieces[name])]
        for batch in in_batches(missing, 64):
            made = self._embed([piece for name in batch for piece in pieces[name]])
            self.embedded_chunks += len(made)
            place = 0
            rows = []
            for name in batch:
                mine = made[place : place + len(pieces[name])].tolist()
                place += len(mine)
                found[name] = mine
                rows += [
                    {"candidate_id": name, "exercise": self.exercise.name, "language": self.language,
                     "encoder": self.name, "chunk": number, "vector": vector, "made_at": now(), **self.work.stamp()}
                    for number, vector in enumerate(mine)
                ]  # fmt: skip
            self.work.warehouse.insert("chunk_embeddings", rows)
        return {name: np.asarray(vectors, dtype=np.float32) for name, vectors in found.items()}

    def _embed(self, texts: list[str]) -> Vectors:
        if self._encoder is None:
            self._encoder = encoder_of(self.work)
        return self._encoder.embed(texts)


def _by_words(benchmarks: Benchmarks, texts: list[dict[str, Any]], least_overlap: float) -> list[list[Contamination]]:
    if benchmarks.words is None:
        return [[] for _ in texts]
    samples = [SampleText(query=text["query"], texts=[text["draft"] or "", text["answer"]]) for text in texts]
    return benchmarks.words.search(samples, least_overlap=least_overlap)


def _together(by_words: list[Contamination], by_vector: list[Contamination]) -> list[Contamination]:
    """Items found either way, those that share words first: that is the surer sign."""
    seen = {(each.benchmark, each.item) for each in by_words}
    return [*by_words, *(each for each in by_vector if (each.benchmark, each.item) not in seen)][:MATCHES]


def _row(
    work: Work, exercise: str, language: str, candidate_id: str, matches: list[Contamination], fingerprint: str
) -> dict[str, Any]:
    worst = matches[0] if matches else None
    return {
        "candidate_id": candidate_id,
        "exercise": exercise,
        "language": language,
        "passed": worst is None,
        "reason": None if worst is None else REASON,
        "benchmark": None if worst is None else worst.benchmark,
        "item": None if worst is None else worst.item,
        "overlap": None if worst is None else worst.overlap,
        "method": None if worst is None else worst.method,
        "matches": [match._asdict() for match in matches],
        "fingerprint": fingerprint,
        "judged_at": now(),
        **work.stamp(),
    }


def _tell_broken(work: Work, benchmarks: Benchmarks) -> None:
    if benchmarks.broken:
        first = "; ".join(f"{line.file}:{line.line}: {line.reason} {line.detail}".rstrip()
                          for line in benchmarks.broken[:BROKEN_TOLD])  # fmt: skip
        work.log.warning("%d lines of benchmarks are left out: %s", len(benchmarks.broken), first)
