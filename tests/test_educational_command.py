"""`synth-assets educational`: a head is fitted to judged samples, shown, and refused where it would be of no use."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from synth_assets.commands.quality import fit_educational, show_educational
from synth_assets.errors import HeadNotFit
from synth_assets.home import Home
from synth_assets.quality.educational import load
from synth_assets.stages.corpus import encoder_name
from tests.conftest import make_work, status_json, synth_assets
from tests.quality.educational_passages import FILE, STEPS, VECTORS

SET = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()[1:]]
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def judged_home(home: Home, write_recipe, monkeypatch):
    """A home whose judge gave the labelled set its points; a function that plants so many of them."""
    monkeypatch.chdir(home.root)
    recipe = write_recipe()
    work = make_work(home, recipe)
    vectors = np.load(VECTORS) / STEPS

    def plant(count: int, *, with_vectors: bool = True) -> str:
        stamped = {"exercise": "textbook", "language": "en", "run_id": "r", "made_at": NOW}
        rows = [
            {**stamped, "candidate_id": each["id"], "points": {}, "total": 2 * each["score"], "model": "m",
             "templates": [], "call_ids": [], "attempts": 1, "fingerprint": "f"}
            for each in SET[:count]
        ]  # fmt: skip
        work.warehouse.insert("judgements", rows)
        if with_vectors:
            rows = [
                {**stamped, "candidate_id": each["id"], "encoder": encoder_name(work), "key_hash": each["group"],
                 "vector": vector.tolist()}
                for each, vector in zip(SET[:count], vectors, strict=False)
            ]  # fmt: skip
            work.warehouse.insert("embeddings", rows)
        return str(recipe)

    return plant


def test_a_head_is_fitted_to_what_the_judge_gave_and_lies_in_the_home(judged_home, home):
    recipe = judged_home(len(SET))
    facts = fit_educational(recipe, None)
    assert facts["judgements"] == len(SET)
    assert facts["f1"] >= 0.85
    assert facts["f1"] > facts["f1_of_all"]
    assert facts["judgements_left_out"] == 0
    head = load(home.root / facts["file"])
    assert head.encoder == facts["encoder"] == "packaged@float32"
    assert {**show_educational(recipe), "judgements_left_out": 0} == facts


def test_the_command_prints_the_figures_and_what_belongs_into_the_recipe(judged_home, home):
    recipe = judged_home(len(SET))
    said = synth_assets(home.root, "educational", "--fit", "--recipe", recipe)
    assert said.returncode == 0, said.stderr
    assert "700 judgements" in said.stdout
    assert "educational: .synth/educational.json" in said.stdout
    shown = status_json(synth_assets(home.root, "educational", "--recipe", recipe, "--json"))
    assert shown["judgements"] == len(SET)


def test_too_few_judgements_save_nothing(judged_home):
    recipe = judged_home(499)
    with pytest.raises(HeadNotFit, match="499 judgements are too few"):
        fit_educational(recipe, None)
    with pytest.raises(HeadNotFit, match="no educational head"):
        show_educational(recipe)


def test_judged_samples_without_vectors_do_not_count(judged_home):
    recipe = judged_home(len(SET), with_vectors=False)
    with pytest.raises(HeadNotFit, match="0 judgements are too few"):
        fit_educational(recipe, None)


@pytest.mark.exhaustive
def test_a_head_is_fitted_to_the_users_own_judgements(judged_home, tmp_path):
    path = tmp_path / "mine.jsonl"
    lines = [json.dumps({"text": each["text"], "score": each["score"]}) for each in SET]
    path.write_text("\n".join(lines) + "\n\n", "utf-8")
    facts = fit_educational(judged_home(0), path)
    assert facts["judgements"] == len(SET)
    assert facts["f1"] >= 0.8


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("no json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "has no text"),
        ('{"text": " ", "score": 1}', "has no text"),
        ('{"score": 1}', "has no text"),
        ('{"text": "a", "score": 6}', "its score is no number from 0 to 5: '6'"),
        ('{"text": "a", "score": NaN}', "its score"),
        ('{"text": "a", "score": true}', "its score"),
        ('{"text": "a"}', "its score"),
    ],
)
def test_a_line_that_is_no_judgement_is_named(judged_home, tmp_path, line, what):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"text": "a", "score": 5}\n' + line, "utf-8")
    with pytest.raises(HeadNotFit) as caught:
        fit_educational(judged_home(0), path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert what in str(caught.value)


def test_a_file_that_cannot_be_read_or_holds_too_little_is_named(judged_home, tmp_path):
    recipe = judged_home(0)
    with pytest.raises(HeadNotFit, match=r"none\.jsonl: cannot be read"):
        fit_educational(recipe, tmp_path / "none.jsonl")
    (tmp_path / "one.jsonl").write_text('{"text": "a", "score": 5}\n', "utf-8")
    with pytest.raises(HeadNotFit, match="1 judgements are too few"):
        fit_educational(recipe, tmp_path / "one.jsonl")
