"""Diversity of a release beside its seeds: hand-made texts and vectors whose measures are known."""

import numpy as np
import pytest

from synth_assets.release.diversity import coverage, dispersion, distinct_n, measure_diversity


def test_distinct_n_is_the_share_of_different_n_grams_and_none_spans_two_texts():
    assert distinct_n([["a", "b", "a", "b"]], 1) == 0.5
    assert distinct_n([["a", "b", "a", "b"]], 2) == pytest.approx(2 / 3)
    assert distinct_n([["a", "b"], ["c", "d"]], 2) == 1.0
    assert distinct_n([["a"]], 2) == 0.0


def test_n_grams_of_nothing_are_refused():
    with pytest.raises(ValueError, match="not 0"):
        distinct_n([["a"]], 0)


def test_dispersion_is_the_mean_cosine_distance_of_all_pairs():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(30, 8)).astype(np.float32)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    pairs = [1 - unit[a] @ unit[b] for a in range(30) for b in range(30) if a != b]
    assert dispersion(rows) == pytest.approx(np.mean(pairs), abs=1e-6)
    assert dispersion(rows[::-1]) == pytest.approx(dispersion(rows), abs=1e-12)


def test_dispersion_of_copies_is_0_and_of_opposites_2():
    assert dispersion(np.array([[2.0, 0.0], [5.0, 0.0]], dtype=np.float32)) == pytest.approx(0.0)
    assert dispersion(np.array([[1.0, 0.0], [-1.0, 0.0]], dtype=np.float32)) == pytest.approx(2.0)
    assert dispersion(np.ones((1, 4), dtype=np.float32)) == 0.0
    assert dispersion(None) is None
    with pytest.raises(ValueError, match="length 0"):
        dispersion(np.zeros((2, 3), dtype=np.float32))


def test_a_sample_of_vectors_does_not_depend_on_their_order():
    rows = np.random.default_rng(4).normal(size=(50, 4)).astype(np.float32)
    assert dispersion(rows, most=10) == pytest.approx(dispersion(rows[::-1], most=10), abs=1e-12)
    assert dispersion(rows, most=10) != pytest.approx(dispersion(rows, most=50), abs=1e-6)


def test_coverage_counts_what_occurs_and_names_what_does_not():
    found = coverage("level", {"1": 5, "2": 5, "3": 0}, ["1", "2", "3", "4"])
    assert (found.covered, found.possible, found.missing) == (2, 4, ("3", "4"))
    assert found.evenness == pytest.approx(0.5)
    assert coverage("level", {"9": 1}, []).possible == 1
    assert coverage("level", {}, ["1"]).evenness == 0.0


def test_release_and_seeds_are_measured_on_equally_many_words():
    measured = measure_diversity(
        ["one two three four"] * 3, ["alpha beta gamma delta"], labels={"language": ({"en": 3}, ["en", "fr"])}
    )
    assert measured.words == 4
    assert measured.distinct[1] == (1.0, 1.0)
    assert measured.dispersion == (None, None)
    assert [(each.name, each.covered, each.possible) for each in measured.coverage] == [("language", 1, 2)]
    repeated = measure_diversity(["same same same same"], ["alpha beta gamma delta"])
    assert repeated.distinct[1] == (0.25, 1.0)


def test_without_seeds_the_release_is_measured_alone():
    found = measure_diversity(["a b a b"], [])
    assert found.words == 4
    assert found.distinct[1] == (0.5, None)
