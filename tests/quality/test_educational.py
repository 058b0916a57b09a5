import json

import numpy as np
import pytest

from synth_assets.errors import HeadNotFit
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.educational import (
    LEAST_F1,
    THRESHOLDS,
    applies,
    fit,
    is_held_out,
    load,
    predict,
    save,
    score,
)
from tests.quality.educational_passages import FILE, STEPS, VECTORS, made, vectors

LINES = FILE.read_text("utf-8").splitlines()
SET = [json.loads(line) for line in LINES[1:]]
SCORES = [each["score"] for each in SET]
GROUPS = [each["group"] for each in SET]


def embedded():
    return np.load(VECTORS) / STEPS


def head():
    return fit(embedded(), SCORES, GROUPS)


def row(figure):
    return ScoredRow(exercise="textbook", language="en", query="", draft="", answer="", educational=figure)


def test_the_labelled_set_is_what_its_program_makes_and_says_how():
    assert made() == LINES
    assert "made by" in json.loads(LINES[0])["about"]
    assert len(SET) >= 600
    assert {each["score"] for each in SET} == {0, 1, 2, 3, 4, 5}


@pytest.mark.exhaustive
def test_the_stored_vectors_are_those_of_the_packaged_encoder():
    stored = np.load(VECTORS)
    again = vectors([each["text"] for each in SET])
    assert np.abs(stored.astype(int) - again.astype(int)).max() <= 1


def test_a_head_learns_the_labelled_set_and_proves_it_on_the_held_out_fifth():
    found = head().validation
    assert found.judgements == len(SET)
    assert found.held_out == sum(is_held_out(group) for group in GROUPS)
    assert 0.12 < found.held_out / len(SET) < 0.28
    assert found.f1 >= 0.85
    assert found.correlation >= 0.85
    assert found.mean_error <= 0.8


def test_the_held_out_fifth_has_no_part_in_the_fit():
    held = np.array([is_held_out(group) for group in GROUPS])
    spoiled = np.where(held, 5 - np.array(SCORES), SCORES)
    assert fit(embedded(), spoiled, GROUPS).weights == head().weights
    assert fit(embedded(), spoiled, GROUPS).validation.f1 < LEAST_F1


def test_a_saved_head_says_the_same_when_it_is_loaded(tmp_path):
    made_now = head()
    save(made_now, tmp_path / "head.json")
    again = load(tmp_path / "head.json")
    assert again == made_now
    said = predict(again, embedded()[:20])
    assert said.shape == (20,)
    assert ((said >= 0) & (said <= 5)).all()
    assert [path.name for path in tmp_path.iterdir()] == ["head.json"]


def test_a_head_of_too_few_judgements_is_not_saved(tmp_path):
    few = fit(embedded()[:499], SCORES[:499], GROUPS[:499])
    with pytest.raises(HeadNotFit, match="499 judgements are too few"):
        save(few, tmp_path / "head.json")
    assert list(tmp_path.iterdir()) == []


def test_a_head_that_learnt_nothing_is_not_saved(tmp_path):
    shuffled = np.random.default_rng(7).permutation([1, 1, 1, 1, 1, 1, 4] * len(SCORES))[: len(SCORES)]
    with pytest.raises(HeadNotFit, match=r"F1 of 0\.\d\d on \d+ held-out samples, and 0\.6"):
        save(fit(embedded(), shuffled, GROUPS), tmp_path / "head.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "another"}', "\x00", None])
def test_a_file_that_is_no_head_is_an_error_that_names_it(tmp_path, text):
    path = tmp_path / "head.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(HeadNotFit, match=r"head\.json: no educational head"):
        load(path)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda v, s, g: (v, s[:-1], g), "699 scores"),
        (lambda v, s, g: (v, [6, *s[1:]], g), "outside"),
        (lambda v, s, g: (v, [float("nan"), *s[1:]], g), "outside"),
        (lambda v, s, g: (np.where(v == v[0, 0], np.nan, v), s, g), "not finite"),
        (lambda v, s, g: (v, s, ["one"] * len(s)), "both sides"),
    ],
)
def test_what_cannot_be_fitted_is_an_error(change, what):
    with pytest.raises(ValueError, match=what):
        fit(*change(embedded(), SCORES, GROUPS))


def test_vectors_of_another_encoder_are_an_error():
    with pytest.raises(ValueError, match="384"):
        predict(head(), np.zeros((1, 8)))


def test_a_row_that_no_head_has_seen_is_not_judged():
    assert not applies(row(None))
    assert applies(row(0.0))


@pytest.mark.parametrize(
    ("figure", "value", "reason"), [(4.0, 0.8, ""), (3.0, 0.6, ""), (2.9, 0.58, "not_educational")]
)
def test_three_of_five_is_educational(figure, value, reason):
    result = score(row(figure), THRESHOLDS)
    assert (result.value, result.passed, result.reason) == (pytest.approx(value), not reason, reason)


def test_a_head_that_tells_nothing_apart_is_not_saved_however_high_its_f1(tmp_path):
    pleased = np.random.default_rng(3).permutation(([5] * 9 + [1]) * len(SCORES))[: len(SCORES)]
    found = fit(embedded(), pleased, GROUPS)
    assert found.validation.f1 > LEAST_F1
    with pytest.raises(HeadNotFit, match="it would tell nothing apart"):
        save(found, tmp_path / "head.json")
