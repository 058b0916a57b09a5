import json
from pathlib import Path

import numpy as np
import pytest

from synth_assets.encoder import normalise
from synth_assets.exercises.base import DuplicateRule
from synth_assets.quality.duplicates import Comparable, Lexical, decide, decide_with_index
from synth_assets.quality.minhash import LexicalIndex, shingle
from synth_assets.vector_index import Match, VectorIndex

SIMILAR = DuplicateRule(kind="embedding", family="memorization", threshold=0.8)


def clustered(seed: int, count: int, dimensions: int = 32, clusters: int | None = None, spread: float = 0.6):
    rng = np.random.default_rng(seed)
    centres = normalise(rng.normal(size=(clusters or max(4, count // 20), dimensions)))
    noise = normalise(rng.normal(size=(count, dimensions)))
    return normalise(centres[rng.integers(0, len(centres), count)] + spread * noise)


def names(count: int, first: int = 0) -> list[str]:
    return [f"{number:06d}" for number in range(first, first + count)]


def exact(ids: list[str], stored: np.ndarray, queries: np.ndarray, threshold: float) -> list[list[Match]]:
    cosines = np.round(queries.astype(np.float64) @ stored.astype(np.float64).T, 6)
    return [
        sorted(
            (Match(ids[place], float(row[place])) for place in np.flatnonzero(row >= threshold)),
            key=lambda match: (-match.cosine, match.id),
        )
        for row in cosines
    ]


@pytest.fixture(scope="module")
def many():
    return clustered(1, 5000)


@pytest.fixture(scope="module")
def trained(many, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "index"
    with VectorIndex.open(folder, 32, exact_limit=1000) as index:
        index.add(names(5000), many)
    return folder


def test_a_small_index_compares_every_row():
    vectors = clustered(2, 400)
    with VectorIndex.open(None, 32) as index:
        index.add(names(400), vectors)
        assert index.cells == 1
        assert index.search(vectors[:50], 0.7) == exact(names(400), vectors, vectors[:50], 0.7)


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.82, 0.95])
def test_a_trained_index_finds_what_an_exact_search_finds(trained, many, threshold):
    with VectorIndex.open(trained, 32) as index:
        assert index.cells > 50
        found = [match[:2] for row in index.search(many[:600], threshold, cap=5000) for match in row]
        truth = [match[:2] for row in exact(names(5000), many, many[:600], threshold) for match in row]
    assert len(truth) >= 600
    assert set(found) <= set(truth)
    assert len(found) >= 0.999 * len(truth)


def test_recall_is_measured_against_an_exact_search(trained):
    with VectorIndex.open(trained, 32) as index:
        assert index.probes(0.8) < index.cells
        recall = index.recall(0.8, sample=500)
    assert recall.pairs > 500
    assert recall.share >= 0.999


def test_recall_of_queries_that_are_not_stored_counts_every_pair_they_have(trained, many):
    with VectorIndex.open(trained, 32) as index:
        found = index.recall(0.8, queries=many[:50])
        pairs = sum(map(len, index.search(many[:50], 0.8)))
        assert index.recall(0.8, queries=many[:0]).share == 1.0
    assert (found.found, found.share) == (pairs, 1.0)  # each row is there itself
    assert pairs >= 50


def test_what_was_added_is_there_when_the_index_is_opened_again(trained, many):
    with VectorIndex.open(trained, 32) as index:
        assert (len(index), index.damage, index.verify()) == (5000, "", [])
        assert index.ids() == names(5000)
        first = index.search(many[:20], 0.75)
    with VectorIndex.open(trained, 32) as index:
        assert index.search(many[:20], 0.75) == first


def test_rows_added_bit_by_bit_are_found_like_rows_added_at_once(tmp_path):
    vectors = clustered(3, 900)
    with VectorIndex.open(tmp_path / "index", 32, exact_limit=500) as index:
        for start in range(0, 900, 37):
            part = vectors[start : start + 37]
            index.add(names(len(part), start), part)
        assert index.cells > 1
        assert index.search(vectors, 0.7, cap=900) == exact(names(900), vectors, vectors, 0.7)
    assert len(list((tmp_path / "index").glob("vectors-*"))) <= 10
    with VectorIndex.open(tmp_path / "index", 32) as index:
        assert index.search(vectors, 0.7, cap=900) == exact(names(900), vectors, vectors, 0.7)
        assert index.verify() == []


def test_an_index_that_has_grown_fourfold_is_trained_anew():
    vectors = clustered(4, 2200)
    with VectorIndex.open(None, 32, exact_limit=400) as index:
        index.add(names(500), vectors[:500])
        before = index.cells
        index.add(names(1000, 500), vectors[500:1500])
        assert index.cells == before
        index.add(names(700, 1500), vectors[1500:])
        assert index.cells > 2 * before


def test_removed_rows_are_found_no_more_and_may_come_again(tmp_path):
    vectors = clustered(5, 300)
    with VectorIndex.open(tmp_path, 32) as index:
        index.add(names(300), vectors)
        assert index.remove(["000007", "000007", "unknown"]) == 1
        assert "000007" not in index
        assert len(index) == 299
        assert all(match.id != "000007" for row in index.search(vectors, 0.0, cap=300) for match in row)
    with VectorIndex.open(tmp_path, 32) as index:
        assert "000007" not in index
        index.add(["000007"], vectors[7:8])
        index.add(names(100, 300), clustered(6, 100))
        assert index.search(vectors[7:8], 0.99)[0][0] == Match("000007", 1.0)
        assert len(index) == len(index.ids()) == 400


def test_removed_rows_never_take_the_place_of_others_under_the_cap():
    vectors = np.repeat(clustered(7, 1), 50, axis=0)
    with VectorIndex.open(None, 32) as index:
        index.add(names(50), vectors)
        index.remove(names(40))
        assert [match.id for match in index.search(vectors[:1], 0.9, cap=10)[0]] == names(10, 40)


def test_ten_thousand_copies_of_one_text_return_no_more_than_the_cap():
    vectors = np.repeat(clustered(8, 1), 10_000, axis=0)
    with VectorIndex.open(None, 32, exact_limit=2000) as index:
        index.add(names(10_000), vectors)
        found = index.search(vectors[:3000], 0.9, cap=5)
    assert {len(row) for row in found} == {5}


def test_a_cosine_at_the_threshold_matches_and_zeros_match_nothing():
    with VectorIndex.open(None, 2) as index:
        index.add(["a", "zero"], np.array([[1, 0], [0, 0]], dtype=np.float32))
        queries = np.array([[0.8, 0.6], [0.79, 0.6131], [0, 0]], dtype=np.float32)
        assert index.search(queries, 0.8) == [[Match("a", 0.8)], [], []]


def test_an_empty_index_and_no_queries_find_nothing(tmp_path):
    with VectorIndex.open(tmp_path / "none", 2) as index:
        assert index.search(np.ones((2, 2), dtype=np.float32), 0.5) == [[], []]
        index.add([], np.zeros((0, 2), dtype=np.float32))
        assert index.recall(0.9).share == 1.0
        assert index.verify() == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("ids", "vectors", "told"),
    [
        (["b", "b"], [[1, 0], [1, 0]], "b occurs twice"),
        (["a"], [[1, 0]], "a is in the index already"),
        (["b"], [[1, 1]], "the vector of b has length 1.4"),
        (["b"], [[np.nan, 1]], "NaN"),
        (["b"], [[1, 0, 0]], "not \\(1, 2\\)"),
        (["b", "c"], [[1, 0]], "not \\(2, 2\\)"),
        ([""], [[1, 0]], "cannot be an id"),
        (["b\0"], [[1, 0]], "cannot be an id"),
    ],
)
def test_what_cannot_be_added_is_an_error_that_names_it_and_adds_nothing(ids, vectors, told):
    with VectorIndex.open(None, 2) as index:
        index.add(["a"], np.array([[1, 0]], dtype=np.float32))
        with pytest.raises(ValueError, match=told):
            index.add(ids, np.array(vectors, dtype=np.float32))
        assert index.ids() == ["a"]


def test_ids_of_any_script_come_back_as_they_were():
    ids = ["q", "Größe|π", "日本"]
    with VectorIndex.open(None, 3) as index:
        index.add(ids, np.eye(3, dtype=np.float32))
        assert [row[0].id for row in index.search(np.eye(3, dtype=np.float32), 0.9)] == ids


# --- damage


def small(folder: Path) -> tuple[list[str], np.ndarray]:
    vectors = clustered(9, 700)
    with VectorIndex.open(folder, 32, exact_limit=300) as index:
        index.add(names(500), vectors[:500])
        index.add(names(200, 500), vectors[500:])
        index.remove(["000003"])
    return [name for name in names(700) if name != "000003"], vectors


@pytest.mark.parametrize("pattern", ["ids-*", "starts-*", "cells-*", "removed-*", "vectors-*", "manifest.json"])
@pytest.mark.parametrize("harm", ["lost", "cut", "altered"])
def test_a_damaged_index_is_told_and_built_anew(tmp_path, caplog, pattern, harm):
    ids, vectors = small(tmp_path)
    victim = sorted(tmp_path.glob(pattern))[0]
    data = victim.read_bytes()
    if harm == "lost":
        victim.unlink()
    else:
        altered = bytes([data[0] ^ 0x55]) + data[1:-1] + bytes([data[-1] ^ 0x55])
        victim.write_bytes(data[: len(data) // 2] if harm == "cut" else altered)
    with VectorIndex.open(tmp_path, 32, exact_limit=300) as index:
        if pattern == "vectors-*" and harm == "altered":  # read by `verify` alone
            assert index.damage == ""
            assert index.verify() == [victim.name]
            return
        assert len(index) == 0
        assert victim.name in index.damage or pattern == "manifest.json"
        assert "built anew" in caplog.text
        synced = index.sync(ids, lambda missing: vectors[[int(name) for name in missing]])
        assert (synced.added, synced.removed, synced.damage) == (699, 0, index.damage)
    with VectorIndex.open(tmp_path, 32) as index:
        assert (index.damage, index.ids(), index.verify()) == ("", ids, [])


def test_vectors_of_another_encoder_are_no_use_and_are_told(tmp_path):
    small(tmp_path)
    with VectorIndex.open(tmp_path, 16) as index:
        assert "vectors of length 32, not 16" in index.damage
        assert len(index) == 0


def test_what_a_killed_writer_left_is_passed_over_and_swept_up_later(tmp_path):
    ids, _ = small(tmp_path)
    manifest = (tmp_path / "manifest.json").read_bytes()
    for name in ("vectors-90.f32", "ids-90.npy", "manifest.json.draft"):
        (tmp_path / name).write_bytes(b"half of")
    (tmp_path / "notes.txt").write_text("a person's")
    with VectorIndex.open(tmp_path, 32) as index:
        assert (index.damage, index.ids()) == ("", ids)
        assert (tmp_path / "manifest.json").read_bytes() == manifest
        index.add(["new"], clustered(10, 1))
    assert not (tmp_path / "vectors-90.f32").exists()
    assert (tmp_path / "notes.txt").exists()
    with VectorIndex.open(tmp_path, 32) as index:
        assert index.ids() == [*ids, "new"]


def test_a_write_that_fails_leaves_the_index_as_it_was(tmp_path):
    ids, vectors = small(tmp_path)
    with VectorIndex.open(tmp_path, 32) as index:
        (tmp_path / "manifest.json.draft").mkdir()  # what is written last cannot be
        with pytest.raises(IsADirectoryError):
            index.add(["new"], clustered(10, 1))
        with pytest.raises(IsADirectoryError):
            index.remove(["000001"])
        assert index.ids() == ids
        assert index.search(vectors[1:2], 0.99)[0][0].id == "000001"
        (tmp_path / "manifest.json.draft").rmdir()
        index.add(["new"], clustered(10, 1))
    with VectorIndex.open(tmp_path, 32) as index:
        assert (index.damage, index.ids(), index.verify()) == ("", [*ids, "new"], [])


def test_an_index_is_brought_in_step_with_its_source(tmp_path):
    ids, vectors = small(tmp_path)
    asked: list[str] = []

    def vectors_of(missing: list[str]) -> np.ndarray:
        asked.extend(missing)
        return vectors[[int(name) for name in missing]]

    with VectorIndex.open(tmp_path, 32) as index:
        synced = index.sync([*ids[10:], "000003"], vectors_of)
        assert synced == (1, 10, "")
        assert asked == ["000003"]
        assert index.sync([*ids[10:], "000003"], vectors_of) == (0, 0, "")


def test_the_manifest_names_every_file_with_its_hash(tmp_path):
    small(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert sorted([*manifest["files"], "manifest.json"]) == sorted(path.name for path in tmp_path.iterdir())
    assert sum(chunk["rows"] for chunk in manifest["chunks"]) == 700


# --- decisions


def rows_of(vectors: np.ndarray, seed: int = 0) -> list[Comparable]:
    rng = np.random.default_rng(seed)
    return [
        Comparable(
            candidate_id=f"{place:06d}",
            key=f"key {place % (len(vectors) - 5)}",
            vector=vector * np.float32(rng.uniform(0.5, 2)),
            quality=float(rng.integers(0, 4)) / 4,
        )
        for place, vector in enumerate(vectors)
    ]


def indexed(rows: list[Comparable], exact_limit: int) -> VectorIndex:
    index = VectorIndex.open(None, len(rows[0].vector), exact_limit=exact_limit)
    index.add([row.candidate_id for row in rows], normalise(np.array([row.vector for row in rows])))
    return index


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("exact_limit", [100, 20_000])
def test_a_decision_with_an_index_is_the_exact_one(seed, exact_limit):
    rows = rows_of(clustered(seed, 900, dimensions=24, clusters=60, spread=0.55), seed)
    kept = [rows[int(each.candidate_id)] for each in decide(rows[:500], [], SIMILAR) if each.verdict == "kept"]
    new = rows[500:]
    excluded = [(new[0].candidate_id, kept[0].candidate_id), (new[3].candidate_id, new[4].candidate_id)]
    expected = decide(new, kept, SIMILAR, excluded)
    with indexed(kept, exact_limit) as index:
        found = decide_with_index(new, index, SIMILAR, {row.candidate_id: row.key for row in kept}, excluded)
        stay = {row.candidate_id for row in kept} | {each.candidate_id for each in found if each.verdict == "kept"}
        assert index.ids() == sorted(stay)
    assert found == expected
    assert len({each.verdict for each in found}) == 2


def test_a_decision_with_an_index_crosses_its_blocks():
    rows = rows_of(clustered(11, 5200, dimensions=24, clusters=900, spread=0.6))
    with VectorIndex.open(None, 24) as index:
        assert decide_with_index(rows, index, SIMILAR, {}) == decide(rows, [], SIMILAR)


def test_more_hidden_matches_than_the_cap_do_not_hide_the_one_that_counts():
    vectors = np.repeat(clustered(12, 1), 90, axis=0)
    rows = [Comparable(candidate_id=f"{place:02d}", key=f"{place}", vector=vectors[place]) for place in range(90)]
    new = [Comparable(candidate_id="new", key="new", vector=vectors[0])]
    excluded = [("new", row.candidate_id) for row in rows[:80]]
    with indexed(rows, 20_000) as index:
        (verdict,) = decide_with_index(new, index, SIMILAR, {}, excluded)
    assert verdict.keeper_id == "80"


def test_near_copies_by_words_are_a_method_between_the_key_and_the_vector():
    text = " ".join(f"word{number}" for number in range(60))
    near = text.replace("word30", "other")
    texts = dict(zip(("k", "a", "b", "c"), shingle([text, near, near + " end", "something else " * 15]), strict=True))
    vectors = np.eye(4, dtype=np.float32)
    kept = [Comparable(candidate_id="k", key="k", vector=vectors[0])]
    new = [
        Comparable(candidate_id=name, key=name, vector=vector)
        for name, vector in zip("abc", [vectors[1], vectors[2], vectors[0] + 0.1 * vectors[3]], strict=True)
    ]
    words = LexicalIndex(0.7)
    words.add(["k"], [texts["k"]])
    lexical = Lexical(kept=words, new=texts)
    expected = decide(new, kept, SIMILAR, lexical=lexical)
    assert [(each.keeper_id, each.method) for each in expected] == [
        ("k", "lexical"),
        ("k", "lexical"),
        ("k", "embedding"),
    ]
    assert 0.7 <= expected[1].similarity < expected[0].similarity < 1
    with indexed(kept, 20_000) as index:
        assert decide_with_index(new, index, SIMILAR, {"k": "k"}, lexical=lexical) == expected
    among = decide(new, [], SIMILAR, lexical=Lexical(kept=LexicalIndex(0.7), new=texts))
    assert [(each.keeper_id, each.method) for each in among] == [("a", ""), ("a", "lexical"), ("c", "")]
    apart = decide(new, kept, SIMILAR, [("a", "k")], lexical=lexical)
    assert [(each.keeper_id, each.method) for each in apart[:2]] == [("a", ""), ("a", "lexical")]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ([Comparable(candidate_id="k", key="", vector=np.ones(2))], "k occurs twice"),
        ([Comparable(candidate_id="a", key="")], "a has no vector"),
        ([Comparable(candidate_id="a", key="", vector=np.ones(3))], "a has a vector of shape"),
    ],
)
def test_rows_that_cannot_be_decided_are_an_error_and_are_not_added(new, told):
    with VectorIndex.open(None, 2) as index:
        index.add(["k"], np.array([[1, 0]], dtype=np.float32))
        with pytest.raises(ValueError, match=told):
            decide_with_index(new, index, SIMILAR, {"k": "k"})
        with pytest.raises(ValueError, match="needs no index"):
            decide_with_index([], index, DuplicateRule(kind="exact", family="math"), {})
        assert index.ids() == ["k"]
