"""The graph, as a literal: what Dagster is told must not change by accident."""

import dagster as dg
import pytest
import yaml

from synth_assets.definitions import defs
from synth_assets.exercises import EXERCISES
from synth_assets.languages import LANGUAGES
from synth_assets.warehouse import columns, grain

GRAPH = {
    "seed_corpus": ("corpus", set(), False),
    "sections": ("corpus", {"seed_corpus"}, False),
    "section_embeddings": ("corpus", {"sections"}, False),
    "section_domains": ("corpus", {"sections", "section_embeddings"}, False),
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
def test_every_asset_says_its_grain_what_happens_there_its_columns_its_kinds_and_its_owner(name):
    node = graph().get(dg.AssetKey(name))
    sentence, _, about = node.description.partition("\n\n")
    assert sentence == grain(name)
    assert sentence.startswith("One row per ")
    assert len(about) > 80
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


def test_jobs_are_there_and_the_schedule_and_the_sensors_are_off_until_someone_turns_them_on():
    repository = defs.get_repository_def()
    jobs = {"refresh_corpus", "ingest", "embed_sections", "tag_sections", "cell_round", "help_cell", "publish"}
    assert jobs <= set(repository.job_names)
    (schedule,) = repository.schedule_defs
    assert (schedule.name, schedule.job_name) == ("backfill", "cell_round")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    sensors = {sensor.name: sensor.job_name for sensor in repository.sensor_defs}
    assert sensors == {"new_seed_files": "refresh_corpus", "large_cells": "help_cell"}
    assert {sensor.default_status for sensor in repository.sensor_defs} == {dg.DefaultSensorStatus.STOPPED}
    assert all(job.description for job in repository.get_all_jobs() if not job.name.startswith("__"))


@pytest.mark.parametrize(
    ("asset", "pool"),
    [
        ("queries", "model"), ("reasoning_drafts", "model"), ("answers", "model"), ("judgements", "model"),
        ("embeddings", "encoder"), ("section_embeddings", "encoder"), ("quality_scores", None), ("release", None),
    ],
)  # fmt: skip
def test_steps_that_ask_models_and_steps_that_encode_hold_a_place_of_their_pool(asset, pool):
    assert defs.resolve_assets_def(dg.AssetKey(asset)).op.pool == pool


def fields_of(config_type) -> dict[str, tuple[str, bool]]:
    """Name of each field of a config, with its description and whether it must be given."""
    return {name: (field.description or "", field.is_required) for name, field in config_type.fields.items()}


def test_the_launchpad_says_what_each_setting_does_and_asks_for_none():
    job = defs.resolve_job_def("cell_round").run_config_schema.config_type
    of_the_round = fields_of(job.fields["ops"].config_type.fields["queries"].config_type.fields["config"].config_type)
    recipe = job.fields["resources"].config_type.fields["recipe"].config_type.fields["config"].config_type
    of_the_recipe = fields_of(recipe)
    assert set(of_the_round) == {"rows", "force"}
    assert set(of_the_recipe) == {"path", "budget_usd", "budget_calls"}
    for description, required in [*of_the_round.values(), *of_the_recipe.values()]:
        assert len(description) > 60
        assert not required


def test_dagsters_settings_are_ones_that_it_knows_and_give_the_schedule_all_places_but_one(home, monkeypatch):
    settings = yaml.safe_load((home.root / "dagster.yaml").read_text("utf-8"))
    monkeypatch.chdir(home.root)
    with dg.DagsterInstance.from_config(str(home.root)) as instance:
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 2
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.run_monitoring_enabled
        limits = instance.get_concurrency_config()
        places = limits.run_queue_config.max_concurrent_runs
        of_the_schedule = {limit["value"]: limit["limit"] for limit in limits.run_queue_config.tag_concurrency_limits}
        assert (places, of_the_schedule) == (4, {"schedule": places - 1, "sensor": 1})
        assert limits.pool_config.default_pool_limit == places
    assert settings["telemetry"] == {"enabled": False}


def test_every_check_belongs_to_an_asset_of_the_graph():
    assert {key.asset_key.to_user_string() for key in graph().asset_check_keys} <= set(GRAPH)
