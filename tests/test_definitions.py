"""The graph, as a literal: what Dagster is told must not change by accident."""

import dagster as dg
import pytest

from synth_assets.definitions import defs
from synth_assets.exercises import EXERCISES
from synth_assets.languages import LANGUAGES
from synth_assets.warehouse import columns, grain

GRAPH = {
    "seed_corpus": ("corpus", set(), False),
    "sections": ("corpus", {"seed_corpus"}, False),
    "section_embeddings": ("corpus", {"sections"}, False),
    "candidates": ("generation", {"sections", "section_embeddings"}, True),
    "queries": ("generation", {"candidates"}, True),
    "reasoning_drafts": ("generation", {"queries"}, True),
    "answers": ("generation", {"reasoning_drafts"}, True),
    "embeddings": ("curation", {"answers"}, True),
    "judgements": ("curation", {"answers"}, True),
    "quality_scores": ("curation", {"embeddings", "judgements"}, True),
    "contamination": ("curation", {"quality_scores"}, True),
    "duplicates": ("curation", {"contamination"}, True),
    "samples": ("publication", {"duplicates"}, True),
    "release": ("publication", {"samples"}, False),
}


def graph():
    return defs.resolve_asset_graph()


def test_the_graph_holds_these_assets_and_the_calls_beside_them():
    assert {key.to_user_string() for key in graph().get_all_asset_keys()} == {*GRAPH, "model_calls"}


@pytest.mark.parametrize("name", GRAPH)
def test_every_asset_stands_in_its_group_on_its_parents_with_its_partitions(name):
    group, parents, by_cell = GRAPH[name]
    node = graph().get(dg.AssetKey(name))
    assert node.group_name == group
    assert {key.to_user_string() for key in node.parent_keys} == parents
    assert (node.partitions_def is not None) == by_cell


@pytest.mark.parametrize("name", GRAPH)
def test_every_asset_says_its_grain_its_columns_its_kinds_and_its_owner(name):
    node = graph().get(dg.AssetKey(name))
    assert node.description == grain(name)
    assert node.description.startswith("One row per ")
    schema = node.metadata["dagster/column_schema"]
    schema = getattr(schema, "schema", schema)
    assert [column.name for column in schema.columns] == [column.name for column in columns(name)]
    assert all(column.description for column in schema.columns)
    assert "duckdb" in node.kinds
    assert node.owners == ["team:synth-assets"]


def test_the_grid_is_every_exercise_by_every_language_in_registry_order():
    cells = graph().get(dg.AssetKey("samples")).partitions_def
    dimensions = {item.name: item.partitions_def.get_partition_keys() for item in cells.partitions_defs}
    assert dimensions == {"exercise": list(EXERCISES), "language": list(LANGUAGES)}


def test_exercises_and_languages_keep_the_order_they_were_added_in():
    assert list(EXERCISES)[:7] == [
        "memorization", "mcq", "math_exercise", "rag", "textbook", "preference", "self_instruct",
    ]  # fmt: skip
    assert list(LANGUAGES)[:8] == ["en", "fr", "de", "it", "es", "pl", "nl", "la"]


def test_jobs_and_the_schedule_are_there_and_the_schedule_is_off_until_someone_turns_it_on():
    repository = defs.get_repository_def()
    assert {"ingest", "embed_sections", "cell_round", "publish"} <= set(repository.job_names)
    (schedule,) = repository.schedule_defs
    assert (schedule.name, schedule.job_name) == ("backfill", "cell_round")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED


def test_every_check_belongs_to_an_asset_of_the_graph():
    assert {key.asset_key.to_user_string() for key in graph().asset_check_keys} <= set(GRAPH)
