"""The stage that decides which candidates say what another one says, and the full comparison of what was kept.

Rows of one exercise's family and language are compared: by their keys, by their words, and by the cosine of their
vectors. The vectors of kept rows lie in an index, one a family, language and encoder: a folder that all workers have
in common, of which each has a copy where it is not the folder itself (see sharing/blobs.py). It is brought in step with
the database before it is used: whatever was withdrawn, superseded or refused leaves it, and a
damaged or missing one is built anew. Kept rows that are near by words are found in the database by the bands of their
signatures. So what a round reads depends on what is new in it; of what was kept it reads ids, and vectors only of rows
that are not in the index.

A verdict is written once. It is decided anew when its keeper is gone, so that the next best is promoted; the verdict of
before is kept aside where the keeper was withdrawn, and stands again when the withdrawal is undone.

Two locks keep runs apart. The group's is held while the rows of a family and language are decided. The index's is held
while its files are written, and by a run of another family while it opens them; nobody waits for anything but the
database while holding it, so that two families that read each other's cannot block each other.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from synth_assets.encoder import Vectors
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import DuplicateRule, Exercise
from synth_assets.identity import hash_of, normalised
from synth_assets.quality.duplicates import Comparable, DuplicateVerdict, Lexical, decide, decide_with_index
from synth_assets.quality.minhash import LexicalIndex, Shingled, bands_of, shingle
from synth_assets.stages.corpus import encoder_name
from synth_assets.stages.curation import keys_of, vectors_of
from synth_assets.stages.settling import live_states, standing, states_of
from synth_assets.stages.shared_files import index_is_there, open_index, publish_index
from synth_assets.stages.work import Work, in_batches, now
from synth_assets.vector_index import Synced, VectorIndex

# Candidates decided together; those that come after them are no better, so that pages decide as all at once would.
PAGE = 5_000
# Of kept rows that are not in the index, this many vectors are read at once.
SYNCED_TOGETHER = 20_000
SIGNED_TOGETHER = 2_000
# New candidates whose matches the index is measured on.
RECALL_SAMPLE = 256
MATCHES_ELSEWHERE = 5
# Kept rows of a group that are all compared with each other in a full check: some 30 s on two cores.
RECHECK_ROWS = 20_000
RECHECK_SAMPLE = 2_000


def decide_duplicates(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Write the verdict of every candidate of a cell that passed all before, once, under the comparison group's lock.

    Raises:
        SynthAssetsError: a candidate has no vector by the recipe's encoder.
    """
    exercise = EXERCISES[exercise_name]
    rule = exercise.duplicate_rule
    with work.exclusive(group_lock(rule.family, language)):
        with work.warehouse.transaction("reading what is to be compared") as open_:
            # the last moment before it would be accepted
            open_.execute("transforms/insert_withdrawn_late", exercise=exercise_name, language=language)
            with live_states(open_):
                open_.execute("transforms/insert_verdicts_set_aside", family=rule.family, language=language)
                reopened = open_.execute(
                    "transforms/delete_orphaned_duplicates", exercise=exercise_name, family=rule.family,
                    language=language,
                )  # fmt: skip
                new = open_.rows("transforms/open_duplicates", exercise=exercise_name, language=language)
        report: dict[str, Any] = {"work": len(new), "kept": 0, "duplicate": 0, "decided_again": reopened}
        if not new:
            return report
        methods: Counter[str] = Counter()
        with _Group(work, exercise, language, encoder_name(work)) as group:
            done = 0
            for page in in_batches(new, PAGE):
                verdicts = group.decide(page)
                methods.update(verdict.method or "kept" for verdict in verdicts)
                done += len(page)
                work.progress("duplicates", done, len(new))
            report["kept"] = methods.pop("kept", 0)
            report["duplicate"] = methods.total()
            report["methods"] = dict(sorted(methods.items()))
            report |= group.facts()
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedAgain:
    """What became of verdicts that stood no longer: the new ones, and the candidates that have none for now.

    Those wait for the next run of their cell, because no encoder has read all that they are compared with.
    """

    verdicts: tuple[DuplicateVerdict, ...] = ()
    waiting: tuple[str, ...] = ()


def decide_orphans(work: Work, family: str, language: str, also: Collection[str] = ()) -> DecidedAgain:
    """Decide anew the verdicts of a group that stand no longer, and no others: of duplicates whose keeper is gone.

    What else is open is left to the runs of its cells. No recipe is asked: rows are compared by the vectors of the
    encoder that has read most of them. The caller holds the group's lock.

    Args:
        also: candidates without a verdict that are decided with them.
    """
    exercises = exercises_of(family)
    with work.warehouse.transaction("reading what is to be decided again") as open_:

        def waiting() -> dict[str, list[dict[str, Any]]]:
            return {
                name: open_.rows("transforms/open_duplicates", exercise=name, language=language) for name in exercises
            }

        before = {row["candidate_id"] for rows in waiting().values() for row in rows} - set(also)
        open_.execute("transforms/insert_verdicts_set_aside", family=family, language=language)
        for name in exercises:
            open_.execute("transforms/delete_orphaned_duplicates", exercise=name, family=family, language=language)
        todo = {name: [row for row in rows if row["candidate_id"] not in before] for name, rows in waiting().items()}
    verdicts: list[DuplicateVerdict] = []
    left: list[str] = []
    for name, rows in todo.items():
        exercise = EXERCISES[name]
        encoder, readable = "", rows
        if exercise.duplicate_rule.kind == "embedding":
            encoder, readable = _readable(work, rows)
        left += [row["candidate_id"] for row in rows if row not in readable]
        if readable:
            with _Group(work, exercise, language, encoder) as group:
                for page in in_batches(readable, PAGE):
                    verdicts += group.decide(page)
    return DecidedAgain(verdicts=tuple(verdicts), waiting=tuple(left))


def leave_indexes(work: Work, family: str, language: str, candidate_ids: list[str]) -> int:
    """Take candidates out of the indexes of a group; how many vectors went. The caller holds the group's lock.

    An index that cannot be read holds nothing any more: the next round builds it anew.
    """
    if not candidate_ids:
        return 0
    gone = 0
    known = work.warehouse.read("transforms/encoders_of_candidates", candidate_ids=candidate_ids)
    for row in known:
        name = _index_name(family, language, row["encoder"])
        with work.exclusive(_index_lock(family, language)):
            if index_is_there(work, name):
                with open_index(work, name, row["dimensions"]) as index:
                    gone += index.remove(candidate_ids)
                publish_index(work, name)
    return gone


def exercises_of(family: str) -> list[str]:
    """The exercises whose rows are compared as this family."""
    return [name for name, exercise in EXERCISES.items() if exercise.duplicate_rule.family == family]


def group_lock(family: str, language: str) -> str:
    """The lock that is held while rows of a family and language are decided (see `Work.exclusive`)."""
    return f"duplicates-{family}-{language}"


def _readable(work: Work, rows: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The encoder that has read most of these rows, and those that it has read."""
    ids = [row["candidate_id"] for row in rows]
    known = work.warehouse.read("transforms/encoders_of_candidates", candidate_ids=ids)
    if not known:
        return "", []
    encoder = known[0]["encoder"]
    found = work.warehouse.read("transforms/read_by_encoder", candidate_ids=ids, encoder=encoder)
    read = {row["candidate_id"] for row in found}
    return encoder, [row for row in rows if row["candidate_id"] in read]


class _Group:
    """The kept rows of a family and language, and what new ones are compared by; used under the group's lock."""

    def __init__(self, work: Work, exercise: Exercise, language: str, encoder: str) -> None:
        self.work = work
        self.exercise = exercise
        self.language = language
        self.rule = exercise.duplicate_rule
        self.encoder = encoder
        self.index: VectorIndex | None = None
        self.synced = Synced(added=0, removed=0, damage="")
        self.recall: dict[str, Any] = {}
        self.elsewhere = 0
        self.unusable: list[str] = []
        self._others: list[VectorIndex] | None = None
        self._closing = ExitStack()

    def __enter__(self) -> "_Group":
        if self.rule.lexical_threshold is not None:
            self._sign_kept()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._closing.close()
        if self.index is not None and kind is None:
            with self.work.exclusive(_index_lock(self.rule.family, self.language)):
                publish_index(self.work, _index_name(self.rule.family, self.language, self.encoder))

    def decide(self, page: list[dict[str, Any]]) -> list[DuplicateVerdict]:
        """Decide the candidates of a page and write their verdicts."""
        ids = [row["candidate_id"] for row in page]
        keys = keys_of(self.work, self.exercise, ids)
        hashes = {name: hash_of(normalised(key)) for name, key in keys.items()}
        vectors = vectors_of(self.work, ids, self.encoder) if self.rule.kind == "embedding" else None
        new = [
            Comparable(
                candidate_id=row["candidate_id"],
                key=hashes[row["candidate_id"]],
                vector=None if vectors is None else vectors[place],
                quality=row["composite"],
                replaces=row["replaces"],
            )
            for place, row in enumerate(page)
        ]
        shingled = {}
        if self.rule.lexical_threshold is not None:
            shingled = dict(zip(ids, shingle([keys[name] for name in ids]), strict=True))
        verdicts = self._verdicts(new, vectors, shingled)
        elsewhere = self._matches_elsewhere(verdicts, dict(zip(ids, () if vectors is None else vectors, strict=False)))
        self.elsewhere += len(elsewhere)
        signatures = self._signature_rows(self.exercise.name, shingled)
        with self.work.warehouse.transaction("writing duplicates") as open_:
            if signatures:
                open_.execute("transforms/delete_lexical_signatures", candidate_ids=list(shingled))
                open_.insert("lexical_signatures", signatures)
            open_.insert("duplicates", [
                {
                    "candidate_id": verdict.candidate_id,
                    "exercise": self.exercise.name,
                    "language": self.language,
                    "family": self.rule.family,
                    "key_hash": hashes[verdict.candidate_id],
                    "verdict": verdict.verdict,
                    "keeper_id": verdict.keeper_id,
                    "similarity": verdict.similarity,
                    "method": verdict.method,
                    "threshold": self.rule.threshold,
                    "other_families": elsewhere.get(verdict.candidate_id, []),
                    "decided_at": now(),
                    **self.work.stamp(),
                }
                for verdict in verdicts
            ])  # fmt: skip
        return verdicts

    def facts(self) -> dict[str, Any]:
        """Sizes, probes and recall of the index, and what was found in other families; for the asset's metadata."""
        found: dict[str, Any] = {}
        if self.index is not None:
            found["index"] = {
                "rows": len(self.index),
                "cells": self.index.cells,
                "cells_read": self.index.probes(self.rule.threshold),
                "added_before": self.synced.added,
                "removed_before": self.synced.removed,
                "built_anew_because": self.synced.damage,
                "recall": self.recall,
            }
        if self.rule.kind == "embedding":
            found["matches_in_other_families"] = self.elsewhere
        if self.unusable:
            found["unusable_indexes"] = self.unusable
        return found

    def _verdicts(
        self, new: list[Comparable], vectors: Vectors | None, shingled: dict[str, Shingled]
    ) -> list[DuplicateVerdict]:
        lexical = self._lexical(shingled) if shingled else None
        rows = _standing_rows(
            self.work, "transforms/kept_with_keys", self.rule.family, self.language,
            key_hashes=sorted({row.key for row in new}),
        )  # fmt: skip
        if vectors is None:
            kept = [Comparable(candidate_id=row["candidate_id"], key=row["key_hash"]) for row in rows]
            return decide(new, kept, self.rule, lexical=lexical)
        keys = {row["candidate_id"]: row["key_hash"] for row in rows}
        with self.work.exclusive(_index_lock(self.rule.family, self.language)):
            if self.index is None:
                self.index = self._open_index(vectors.shape[1])
                self.recall = self._measure_recall(vectors)
            return decide_with_index(new, self.index, self.rule, keys, lexical=lexical)

    # --- by words

    def _lexical(self, shingled: dict[str, Shingled]) -> Lexical:
        """The new texts, and the kept ones that share a band with one of them."""
        threshold = self.rule.lexical_threshold
        assert threshold is not None
        worded = [text for text in shingled.values() if text.shingles]
        kept = LexicalIndex(threshold)
        if worded:
            bands = np.unique(bands_of(worded, threshold)).tolist()
            hits = _standing_rows(
                self.work, "transforms/kept_near_bands", self.rule.family, self.language, threshold=threshold,
                bands=bands,
            )  # fmt: skip
            kept.add([row["candidate_id"] for row in hits], [_shingled(row) for row in hits])
        return Lexical(kept=kept, new=shingled)

    def _sign_kept(self) -> None:
        """Make the signatures that kept rows lack: of rows kept before they were compared by words, or otherwise."""
        unsigned = _standing_rows(
            self.work, "transforms/kept_without_signature", self.rule.family, self.language,
            threshold=self.rule.lexical_threshold,
        )  # fmt: skip
        by_exercise: dict[str, list[str]] = {}
        for row in unsigned:
            by_exercise.setdefault(row["exercise"], []).append(row["candidate_id"])
        for name, ids in by_exercise.items():
            for batch in in_batches(ids, SIGNED_TOGETHER):
                keys = keys_of(self.work, EXERCISES[name], batch)
                shingled = dict(zip(keys, shingle(list(keys.values())), strict=True))
                with self.work.warehouse.transaction("writing signatures") as open_:
                    open_.execute("transforms/delete_lexical_signatures", candidate_ids=batch)
                    open_.insert("lexical_signatures", self._signature_rows(name, shingled))

    def _signature_rows(self, exercise: str, shingled: dict[str, Shingled]) -> list[dict[str, Any]]:
        if not shingled:
            return []
        threshold = self.rule.lexical_threshold
        assert threshold is not None
        bands = bands_of(list(shingled.values()), threshold)
        return [
            {
                "candidate_id": name,
                "exercise": exercise,
                "language": self.language,
                "threshold": threshold,
                "signature": text.signature,
                "shingles": text.shingles,
                "bands": bands[place].tolist() if text.shingles else [],
                "made_at": now(),
                **self.work.stamp(),
            }
            for place, (name, text) in enumerate(shingled.items())
        ]

    # --- by vectors

    def _open_index(self, dimensions: int) -> VectorIndex:
        """The index of the kept rows, brought in step with the database."""
        kept = _standing_rows(
            self.work, "transforms/kept_of_family", self.rule.family, self.language, encoder=self.encoder
        )
        without = sum(not row["has_vector"] for row in kept)
        if without:
            self.work.log.warning(
                "%d kept rows of %s|%s have no vector by %s and are compared by key and words alone; materialize "
                "embeddings of their cells", without, self.rule.family, self.language, self.encoder,
            )  # fmt: skip
        index = open_index(self.work, _index_name(self.rule.family, self.language, self.encoder), dimensions)
        self._closing.callback(index.close)
        if index.damage:
            self.work.log.warning(
                "the index of %s|%s is built anew: %s", self.rule.family, self.language, index.damage
            )  # fmt: skip
        self.synced = index.sync(
            [row["candidate_id"] for row in kept if row["has_vector"]],
            lambda ids: vectors_of(self.work, ids, self.encoder),
            batch=SYNCED_TOGETHER,
        )
        return index

    def _measure_recall(self, vectors: Vectors) -> dict[str, Any]:
        """Of the kept rows that a sample of new ones matches in truth, the part that the index finds."""
        assert self.index is not None
        sample = vectors[:: -(-len(vectors) // RECALL_SAMPLE)]
        measured = self.index.recall(self.rule.threshold, queries=sample)
        return {
            "sample": len(sample), "pairs": measured.pairs, "found": measured.found,
            "share": round(measured.share, 6), "every_row_is_compared": self.index.cells == 1,
        }  # fmt: skip

    def _matches_elsewhere(
        self, verdicts: Sequence[DuplicateVerdict], vectors: dict[str, Any]
    ) -> dict[str, list[dict[str, Any]]]:
        """Kept rows of other families at or above the threshold: recorded, never refused."""
        kept = [verdict.candidate_id for verdict in verdicts if verdict.verdict == "kept"]
        if not vectors or not kept:
            return {}
        queries = np.stack([vectors[name] for name in kept])
        found: dict[str, list[tuple[float, str]]] = {}
        for index in self._other_indexes(queries.shape[1]):
            for name, matches in zip(
                kept, index.search(queries, self.rule.threshold, cap=MATCHES_ELSEWHERE), strict=True
            ):
                if matches:
                    found.setdefault(name, []).extend((match.cosine, match.id) for match in matches)
        named = sorted({other for matches in found.values() for _, other in matches})
        if not named:
            return {}
        with self.work.warehouse.transaction("reading what matches elsewhere") as open_:
            states = states_of(open_, named)
        # what left since its family last ran is in the index still
        stands = {name for name, state in states.items() if state == "accepted"}
        best = {
            name: sorted((match for match in matches if match[1] in stands), key=lambda each: (-each[0], each[1]))
            for name, matches in found.items()
        }
        return {
            name: [{"candidate_id": other, "similarity": cosine} for cosine, other in matches[:MATCHES_ELSEWHERE]]
            for name, matches in best.items()
            if matches
        }

    def _other_indexes(self, dimensions: int) -> list[VectorIndex]:
        """The indexes of the other families in this language as they are now; read, never written."""
        if self._others is None:
            self._others = []
            families = {exercise.duplicate_rule.family for exercise in EXERCISES.values()} - {self.rule.family}
            for family in sorted(families):
                name = _index_name(family, self.language, self.encoder)
                with self.work.exclusive(_index_lock(family, self.language)):
                    if not index_is_there(self.work, name):
                        continue
                    index = open_index(self.work, name, dimensions)
                self._closing.callback(index.close)
                if index.damage:
                    self.unusable.append(f"{family}: {index.damage}")
                self._others.append(index)
        return self._others


def _standing_rows(work: Work, name: str, family: str, language: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of the SELECT in sql/<name>.sql about a family's kept candidates, of those that are accepted still."""
    with work.warehouse.transaction(f"reading {name}") as open_:
        rows = open_.rows(name, family=family, language=language, **params)
        stands = standing(open_, language, [row["candidate_id"] for row in rows])
    return [row for row in rows if row["candidate_id"] in stands]


def _index_name(family: str, language: str, encoder: str) -> str:
    # an encoder may be called by a path
    return f"indexes/duplicates/{family}/{language}/{hash_of(encoder)[:16]}"


def _index_lock(family: str, language: str) -> str:
    return f"index-{family}-{language}"


def _shingled(row: dict[str, Any]) -> Shingled:
    return Shingled(signature=row["signature"], shingles=row["shingles"])


def find_kept_pairs(work: Work, *, most: int = RECHECK_ROWS, sample: int = RECHECK_SAMPLE) -> dict[str, Any]:
    """Compare the kept rows of every family and language with each other, without any index.

    Vectors and words of up to `most` rows of a group are all compared. Of a larger group a sample, drawn by the rows'
    ids, is compared with all, in blocks of `most` rows.

    Returns:
        pairs: [{"family", "language", "candidate_id", "keeper_id", "similarity", "method"}] of kept rows that match.
        compared: "family|language" -> rows that were compared with all others.
        in_part: "family|language" -> rows there are, of the groups of which a sample was compared.
    """
    pairs: list[dict[str, Any]] = []
    compared: dict[str, int] = {}
    in_part: dict[str, int] = {}
    encoder = encoder_name(work)
    rules = {exercise.duplicate_rule.family: exercise.duplicate_rule for exercise in EXERCISES.values()}
    for group in work.warehouse.read("transforms/comparison_groups"):
        rule, language = rules.get(group["family"]), group["language"]
        if rule is None:  # kept by an exercise that is registered no longer
            continue
        kept = [
            row["candidate_id"]
            for row in _standing_rows(work, "transforms/kept_of_family", rule.family, language, encoder=encoder)
            if row["has_vector"] or rule.kind == "exact"
        ]
        first, rest = kept, []
        name = f"{rule.family}|{language}"
        if len(kept) > most:
            step = -(-len(kept) // sample)
            first = kept[::step]  # ids are hashes: their order says nothing of what the rows are
            chosen = set(first)
            rest = [each for each in kept if each not in chosen]
            in_part[name] = len(kept)
        compared[name] = len(first)
        new = _recheck_rows(work, rule, first, encoder)
        for block in [[], *in_batches(rest, most)]:
            others = _recheck_rows(work, rule, block, encoder)
            for verdict in _compare(work, rule, new, others):
                if verdict.verdict == "duplicate":
                    pairs.append({
                        "family": rule.family, "language": language, "candidate_id": verdict.candidate_id,
                        "keeper_id": verdict.keeper_id, "similarity": verdict.similarity, "method": verdict.method,
                    })  # fmt: skip
    return {"pairs": pairs, "compared": compared, "in_part": in_part}


def _recheck_rows(work: Work, rule: DuplicateRule, ids: list[str], encoder: str) -> list[Comparable]:
    """Rows as they are compared again, each under a key of its own: equal keys are for a check in SQL to find."""
    if rule.kind == "exact" or not ids:
        return [Comparable(candidate_id=name, key=name) for name in ids]
    vectors = np.concatenate([vectors_of(work, batch, encoder) for batch in in_batches(ids, SYNCED_TOGETHER)])
    return [Comparable(candidate_id=name, key=name, vector=vectors[place]) for place, name in enumerate(ids)]


def _compare(
    work: Work, rule: DuplicateRule, new: list[Comparable], kept: list[Comparable]
) -> Iterator[DuplicateVerdict]:
    lexical = None
    if rule.lexical_threshold is not None:
        index = LexicalIndex(rule.lexical_threshold)
        signed = _signatures_of(work, [row.candidate_id for row in kept])
        index.add(list(signed), list(signed.values()))
        lexical = Lexical(kept=index, new=_signatures_of(work, [row.candidate_id for row in new]))
    yield from decide(new, kept, rule, lexical=lexical)


def _signatures_of(work: Work, ids: list[str]) -> dict[str, Shingled]:
    return {
        row["candidate_id"]: _shingled(row)
        for batch in in_batches(ids, SIGNED_TOGETHER)
        for row in work.warehouse.read("transforms/signatures_of_candidates", candidate_ids=batch)
    }
