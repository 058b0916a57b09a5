"""What a release reads from a warehouse that a real run filled: rows, and every fact of the card."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from synth_assets.release.parquet import EXTENDED_SCHEMA, SYNTH_COLUMNS
from synth_assets.release.source import as_extended, content_version
from synth_assets.release.warehouse_rows import read_fates, read_info, read_to_measure, stage_samples
from synth_assets.release.writer import write_release
from synth_assets.stages.corpus import encoder_name
from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.steps import carry_step, plan_round
from tests.conftest import select

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def filled(work_at, endpoint):
    """Two cells carried to the end: one by a strong model from articles, one by programs."""
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 4}, "math_exercise": {"rows": 2}})
    for exercise in ("memorization", "math_exercise"):
        plan_round(work, exercise, "en")
        for table in ("queries", "reasoning_drafts", "answers"):
            carry_step(work, exercise, "en", table)
        for stage in (embed_answers, score_quality, decide_duplicates, make_samples):
            stage(work, exercise, "en")
    return work


def info_of(work, open_):
    about = read_info(
        open_, version="v", package_version="0.1.0", recipe_name=work.recipe.name, recipe_hash=work.recipe.hash,
        recipe_text="name: test", thresholds={"composite": 0.5},
    )  # fmt: skip
    return replace(about, diversity=read_to_measure(open_, encoder_name(work)).diversity())


def staged(work, path):
    with work.warehouse.transaction("a test stages") as open_:
        return stage_samples(open_, path)


def test_the_rows_are_the_accepted_samples_with_all_that_leads_back(filled, tmp_path):
    rows = pl.concat(map(as_extended, staged(filled, tmp_path / "rows.parquet").batches()))
    wanted = select(filled.warehouse, f"select {', '.join(SYNTH_COLUMNS)} from samples order by synth_id")
    assert rows.select(SYNTH_COLUMNS).to_dicts() == wanted
    assert rows.schema == EXTENDED_SCHEMA
    for row in rows.to_dicts():
        assert row["scores"]
        assert all(score["name"] for score in row["scores"])
        assert isinstance(json.loads(row["draw"]), dict)
        assert isinstance(json.loads(row["payload"]), dict)
        assert row["family"]
        if row["cell"] == "memorization":
            assert row["query_seed_url"].startswith(row["split_key"])
            assert "#" not in row["split_key"]
            assert row["query_model"] == "strong"
            assert row["templates"]
        else:
            assert row["split_key"] == row["key_hash"]
            assert row["seed_id"] is None


def test_the_facts_are_those_of_the_tables(filled):
    with filled.warehouse.transaction("a test reads") as open_:
        info = info_of(filled, open_)
    (calls,) = filled.warehouse.read("audit/call_totals")
    assert sum(use.calls for use in info.models) == calls["calls"]
    assert sum(use.prompt_tokens + use.completion_tokens for use in info.models) == calls["tokens"]
    assert {use.model for use in info.models} == {"strong"}
    samples = select(filled.warehouse, "select cell, count(*) as n from samples group by cell")
    accepted = {cell.exercise: cell.accepted for cell in info.cells}
    assert accepted == {row["cell"]: row["n"] for row in samples}
    planned = select(filled.warehouse, "select count(*) as n from candidates")[0]["n"]
    assert sum(cell.planned for cell in info.cells) == planned
    assert sum(article.samples for article in info.articles) == accepted["memorization"]
    assert all(article.license and article.url and article.collection for article in info.articles)
    assert info.thresholds["composite"] == 0.5
    assert 0 < info.thresholds["duplicates memorization"] <= 1
    assert "duplicates math_exercise" not in info.thresholds
    assert info.diversity.words > 0
    assert all(value is not None for value in info.diversity.dispersion)
    labels = {each.name: each for each in info.diversity.coverage}
    assert labels["language"].covered == 1
    assert labels["axis query_type"].possible >= labels["axis query_type"].covered >= 1


def test_refused_duplicate_and_withdrawn_candidates_are_counted_and_not_released(filled, tmp_path):
    first, second, third = (
        row["candidate_id"]
        for row in select(
            filled.warehouse, "select candidate_id from samples where cell = 'memorization' order by synth_id limit 3"
        )
    )
    with filled.warehouse.transaction("a test changes what became of three") as open_:
        open_.insert("withdrawals", [{"candidate_id": first, "reason": "asked for", "withdrawn_at": NOW}])
        open_.connection.execute(
            "update duplicates set verdict = 'duplicate', keeper_id = $keeper, similarity = 0.957, "
            "method = 'embedding' where candidate_id = $id",
            {"id": second, "keeper": third},
        )
        info = info_of(filled, open_)
        fates = read_fates(open_, [first, second, third, "of another warehouse"])
    assert fates == {first: "withdrawn: asked for", second: "duplicate: embedding", third: "accepted"}
    rows = pl.concat(staged(filled, tmp_path / "rows.parquet").batches())
    assert not set(rows.get_column("candidate_id")) & {first, second}
    assert rows.filter(pl.col("candidate_id") == third).get_column("copies").to_list() == [1]
    (cell,) = (cell for cell in info.cells if cell.exercise == "memorization")
    assert (cell.withdrawn, cell.duplicate) == (1, 1)
    assert [(each.method, each.similarity, each.candidates) for each in info.duplicates] == [("embedding", 0.95, 1)]


def test_two_releases_of_one_warehouse_are_byte_identical(filled, tmp_path):
    kept = []
    for name in ("a", "b"):
        source = staged(filled, tmp_path / f"{name}.parquet")
        with filled.warehouse.transaction("a test reads") as open_:
            info = info_of(filled, open_)
        write_release(tmp_path / name / "v", source, info)
        kept.append(
            {
                path.relative_to(tmp_path / name): path.read_bytes()
                for path in (tmp_path / name / "v").rglob("*")
                if path.is_file()
            }
        )
        kept[-1]["version"] = content_version(source)
    assert kept[0] == kept[1]
