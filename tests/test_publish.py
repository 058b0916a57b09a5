"""Publishing on a real warehouse: versions, what is left on the disk, the recipe for everybody, the comparison."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import polars as pl
import pytest
import yaml

from synth_assets.errors import RecipeError, ReleaseError
from synth_assets.recipe import ReleasePlan, parse_recipe
from synth_assets.release.formats import FORMATS
from synth_assets.release.manifest import read_manifest, verify_release
from synth_assets.release.split import DEFAULT_SHARES
from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.publish import publish_release, published_recipe
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.steps import carry_step, plan_round
from tests.conftest import CHECKOUT, NOBODY, recipe_data, select

ASKED = {"math_exercise": {"rows": 6}}


def carry(work, exercise="math_exercise", language="en"):
    plan_round(work, exercise, language)
    for table in ("queries", "reasoning_drafts", "answers"):
        carry_step(work, exercise, language, table)
    for stage in (embed_answers, score_quality, decide_duplicates, make_samples):
        stage(work, exercise, language)


def withdraw(work, candidate_id):
    with work.warehouse.transaction("a test withdraws") as open_:
        row = {"candidate_id": candidate_id, "reason": "asked for", "withdrawn_at": datetime(2026, 1, 2, tzinfo=UTC)}
        open_.insert("withdrawals", [row])


def hashes_of(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def standing(work):
    """What anybody sees among the releases."""
    return sorted(path.name for path in work.home.releases.iterdir() if not path.name.endswith(".lock"))


@pytest.fixture
def made(work_at):
    """Six rows of a program."""
    work = work_at(NOBODY, exercises=ASKED)
    carry(work)
    return work


def test_nothing_accepted_releases_nothing_and_leaves_nothing(work_at):
    work = work_at(NOBODY, exercises=ASKED)
    assert publish_release(work) is None
    assert standing(work) == []
    assert work.warehouse.read("audit/last_release") == []


def test_a_release_is_whole_and_publishing_the_same_state_again_changes_nothing(made):
    first = publish_release(made)
    assert (first.samples, first.new, first.since) == (6, True, "")
    assert sum(first.splits.values()) == 6
    manifest = verify_release(first.folder)
    assert (manifest.version, manifest.samples, manifest.notation) == (first.version, 6, first.notation)
    assert first.folder == made.home.releases / first.version
    assert {"README.md", "report.html", "croissant.json", "recipe.yaml", "attribution.jsonl"} <= {
        file.name for file in manifest.files
    }
    wanted = select(made.warehouse, "select synth_id from samples order by all")
    assert pl.read_parquet(first.folder / "data/*.parquet").sort("synth_id").select("synth_id").to_dicts() == wanted
    before = hashes_of(first.folder)
    assert publish_release(made) == replace(first, new=False)
    assert hashes_of(first.folder) == before
    assert standing(made) == [first.version]
    (row,) = select(made.warehouse, "select * from release")
    assert (row["version"], row["samples"], row["folder"]) == (first.version, 6, str(first.folder))
    assert sum(each["samples"] for each in json.loads(row["cells"])) == 6
    assert {each["name"] for each in json.loads(row["files"])} == {file.name for file in manifest.files}


def test_two_releases_of_one_state_are_the_same_to_the_byte(made):
    first = publish_release(made)
    before = hashes_of(first.folder)
    first.folder.rename(made.home.root / "elsewhere")
    second = publish_release(made)
    assert (second.version, second.new) == (first.version, True)
    assert hashes_of(second.folder) == before


def test_what_went_is_named_with_its_reason_and_a_state_that_comes_back_is_the_newest_again(made):
    first = publish_release(made)
    (gone, *_) = select(made.warehouse, "select candidate_id, synth_id from samples order by all")
    withdraw(made, gone["candidate_id"])
    second = publish_release(made)
    assert (second.samples, second.since) == (5, first.version)
    (change,) = second.comparison.changes
    assert (change.before, change.came, change.went, change.after) == (6, 0, 1, 5)
    reasons = {(each.what, each.reason): each.samples for each in second.comparison.reasons}
    assert reasons["went", "withdrawn: asked for"] == 1
    for path in second.folder.rglob("*"):
        assert not path.is_file() or gone["synth_id"].encode() not in path.read_bytes(), path
    assert [row["version"] for row in made.warehouse.read("audit/last_release")] == [second.version]

    select(made.warehouse, "delete from withdrawals")
    third = publish_release(made)
    assert (third.version, third.new, third.since) == (first.version, False, second.version)
    assert [row["version"] for row in made.warehouse.read("audit/last_release")] == [first.version]
    assert [each.reason for each in third.comparison.reasons if each.what == "came"] == ["accepted"]
    assert select(made.warehouse, "select count(*) as n from release") == [{"n": 2}]


def test_an_earlier_release_of_flat_files_or_none_at_all_any_more_is_said_and_stops_nothing(made):
    flat = made.home.releases / "0123456789ab"
    flat.mkdir()
    (flat / "samples.parquet").write_bytes(b"PAR1")
    (flat / "manifest.json").write_text(json.dumps({"version": "0123456789ab", "samples": 2, "files": [], "cells": []}))
    made.warehouse.insert("release", [{
        "version": "0123456789ab", "samples": 2, "folder": str(flat), "files": [], "cells": [], "run_id": "run",
        "released_at": datetime(2026, 1, 2, tzinfo=UTC),
    }])  # fmt: skip
    found = publish_release(made)
    assert (found.new, found.since, found.comparison) == (True, "0123456789ab", None)
    assert "was released by another version of synth-assets" in found.not_compared
    (flat / "manifest.json").unlink()
    assert "is no release" in publish_release(made).not_compared


def test_the_database_is_free_while_files_are_written(made):
    seen = {}

    def look(stage, done, total, asking=None):
        assert total == 6
        seen.setdefault(stage, made.warehouse.read("audit/last_release"))

    assert publish_release(replace(made, progress=look)).new
    assert set(seen) == {"hashing rows", "writing files"}


def test_another_folder_under_the_version_s_name_is_left_as_it_is(made):
    version = publish_release(made).version
    folder = made.home.releases / version
    folder.rename(made.home.root / "elsewhere")
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(ReleaseError, match=f"{version}: is no release, it has no manifest.json"):
        publish_release(made)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    assert standing(made) == [version]


FULL = """
import resource, signal, sys
from pathlib import Path
from synth_assets.errors import SynthAssetsError
from synth_assets.home import Home
from synth_assets.stages.publish import publish_release
from tests.conftest import make_work
from dataclasses import replace

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

def full():
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))

def look(stage, done, total, asking=None):
    if stage == "hashing rows":
        full()

home, recipe, moment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
work = replace(make_work(Home(root=home), recipe), progress=look)
work.warehouse.read("audit/last_release")
if moment == "copying":
    full()
try:
    publish_release(work)
except SynthAssetsError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.long
@pytest.mark.parametrize(("moment", "words"), [
    ("copying", "WarehouseBroken "), ("writing", "ReleaseError "),
])  # fmt: skip
def test_a_disk_that_is_full_leaves_no_release_and_the_next_one_is_whole(made, tmp_path, moment, words):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(made.home.root), str(tmp_path / "recipe.yaml"), moment],
        capture_output=True, text=True, timeout=120, check=False, cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(words)
    assert len(done.stdout.splitlines()) == 1
    assert standing(made) == []
    assert made.warehouse.read("audit/last_release") == []
    verify_release(publish_release(made).folder)


# --- the plan


def test_the_recipe_says_splits_formats_and_the_words_of_the_card(work_at):
    plain = work_at(NOBODY, exercises=ASKED)
    carry(plain)
    whole = publish_release(plain)
    plan = {
        "title": "Sums", "description": "Made of numbers.", "limits": ["No fractions."],
        "splits": {"train": 0.5, "test": 0.5}, "formats": ["chat"],
    }  # fmt: skip
    work = work_at(NOBODY, exercises=ASKED, release=plan)
    found = publish_release(work)
    assert found.version != whole.version
    assert set(found.splits) == {"train", "test"}
    assert sorted(path.name for path in found.folder.iterdir() if path.is_dir()) == ["chat", "data", "extended"]
    card = (found.folder / "README.md").read_text("utf-8")
    for words in ("# Sums\n", "Made of numbers.", "- No fractions.\n"):
        assert words in card
    assert read_manifest(whole.folder).shares == DEFAULT_SHARES


def test_the_card_says_every_threshold_and_weight_that_decided(work_at):
    work = work_at(
        NOBODY, exercises=ASKED, composite_threshold=0.5, quality={"length": {"max_query_words": 77}},
        quality_weights={"verifier": 3},
    )  # fmt: skip
    carry(work)
    card = (publish_release(work).folder / "README.md").read_text("utf-8")
    for line in ("| composite | 0.5 |", "| length max_query_words | 77 |", "| weight of verifier | 3 |"):
        assert line in card
    assert "| weight of language | 0.5 |" in card, "what the package says stands there too"
    assert "weight of judge" not in card, "which did not decide"


def test_the_plan_knows_every_format_and_split():
    assert get_args(get_args(ReleasePlan.model_fields["formats"].annotation)[0]) == tuple(FORMATS)
    assert ReleasePlan().formats == list(FORMATS)
    assert ReleasePlan().splits == DEFAULT_SHARES


@pytest.mark.parametrize(("plan", "words"), [
    ({"splits": {"train": 0.5}}, "release.splits: splits: the shares add up to 0.5"),
    ({"splits": {"train": 0.5, "dev": 0.5}}, "release.splits.dev"),
    ({"formats": ["excel"]}, "release.formats.0: Input should be 'jsonl'"),
    ({"private": True}, "release.private: unknown key"),
])  # fmt: skip
def test_a_plan_that_is_none_is_refused_by_its_key(plan, words):
    with pytest.raises(RecipeError, match=words):
        parse_recipe(recipe_data(NOBODY, release=plan), "recipe.yaml")


def test_shares_of_thirds_are_shares(work_at):
    work = work_at(NOBODY, exercises=ASKED, release={"splits": dict.fromkeys(DEFAULT_SHARES, 0.3333333)})
    carry(work)
    assert sum(publish_release(work).splits.values()) == 6


def test_the_published_recipe_can_be_loaded_and_says_nothing_of_one_person_s_machines(work_at):
    recipe = parse_recipe(recipe_data(
        "http://secret.example/v1",
        release={"description": "/ a slash of the user's own"},
        encoder={"model": "/home/me/encoders/small"},
        models={
            "query": {"model": "/home/me/models/qwen", "address": "http://secret.example/v1", "api_key_env": "MY_KEY",
                      "batch": True},
            "answer": {"model": "embedded", "gguf": "/home/me/private.gguf"},
        },
    ), "recipe.yaml")  # fmt: skip
    text = published_recipe(recipe)
    for secret in ("secret.example", "MY_KEY", "/home/me", "private.gguf"):
        assert secret not in text
    again = parse_recipe(yaml.safe_load(text), "published")
    assert (again.models.query.model, again.encoder.model) == ("qwen", "small")
    assert again.release == recipe.release
    assert again.exercises == recipe.exercises
