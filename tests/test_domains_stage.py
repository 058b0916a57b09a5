"""Sections by domain: tagged once a tree, from vectors that are there, by a tree that is given or proposed."""

import json

import dagster as dg
import pytest
import yaml

from synth_assets.defs.resources import RecipeResource, warehouse_at_home
from synth_assets.defs.section_domains import section_domains
from synth_assets.errors import DomainTreeError, RecipeError
from synth_assets.recipe import parse_recipe
from synth_assets.seeds.domains import PACKAGED, parse_tree, read_tree
from synth_assets.stages.corpus import CorpusReport
from synth_assets.stages.domains import tag_sections, untagged
from synth_assets.stages.work import Work
from tests.conftest import NOBODY, POOL, recipe_data, select
from tests.scripted_endpoint import Act, ScriptedEndpoint, Seen

TREE = {
    "The software": {
        "Models and budgets": "language models, calls, tokens, cost, endpoints, retries and limits of spending",
        "The database": "tables, rows, transactions, locks and files of the warehouse",
    },
    "The data": {
        "Quality": "scores, thresholds, duplicates and verification of questions and answers",
        "Sources": "seed articles, licences, attribution, sections and vital articles",
    },
}
PROPOSED = json.dumps({"domains": [
    {"area": area, "domain": domain, "description": description}
    for area, below in TREE.items() for domain, description in below.items()
]})  # fmt: skip


def tags(work: Work) -> list[dict]:
    return select(work.warehouse, "select * from section_domains order by tree, section_id")


def kept_sections(work: Work) -> set[str]:
    rows = select(
        work.warehouse,
        "select section_id from sections join seed_corpus using (seed_id) where is_current and refused_reason is null",
    )
    return {row["section_id"] for row in rows}


def embedded(work: Work) -> int:
    (row,) = select(work.warehouse, "select count(*) as n from section_embeddings")
    return row["n"]


@pytest.fixture
def proposing():
    """An endpoint that proposes the tree, after as many replies that are none as a test puts before it."""
    before: list[str] = []

    def script(seen: Seen) -> Act:
        return Act(text=before.pop(0) if before else PROPOSED)

    with ScriptedEndpoint(script) as endpoint:
        endpoint.before = before
        yield endpoint


# --- tags ------------------------------------------------------------------------------------------------------------


def test_every_kept_section_is_tagged_once_and_a_second_run_does_nothing(work_at):
    work = work_at(domains=TREE)
    vectors = embedded(work)
    assert untagged(work)
    report = tag_sections(work)
    rows = tags(work)
    assert {row["section_id"] for row in rows} == kept_sections(work)
    assert len(rows) == report.metadata["tagged"] == sum(report.metadata["sections"].values()) > POOL
    assert report.metadata["embedded_for_it"] == len(rows) - POOL
    assert embedded(work) == vectors == POOL
    leaves = {leaf.name for leaf in parse_tree(TREE, "test").leaves}
    assert {row["domain"] for row in rows} | {row["runner_up"] for row in rows} <= leaves
    assert all(row["area"] == row["domain"].partition(" / ")[0] for row in rows)
    assert all(row["similarity"] >= row["runner_up_similarity"] for row in rows)
    leads = select(
        work.warehouse,
        "select s.title, d.domain from section_domains as d join sections as s using (section_id) where s.is_lead",
    )
    subjects = {row["title"]: row["domain"] for row in leads}
    assert subjects["The warehouse"] == "The software / The database"
    assert subjects["Licence and attribution"] == "The data / Sources"
    assert not untagged(work)
    again = tag_sections(work)
    assert again.metadata["tagged"] == 0
    assert again.data_version == report.data_version
    assert tags(work) == rows


def test_only_what_is_embedded_is_tagged_where_the_recipe_says_so(work_at):
    work = work_at(domains={"tree": TREE, "sections": "embedded"})
    report = tag_sections(work)
    assert (report.metadata["tagged"], report.metadata["embedded_for_it"]) == (POOL, 0)


def test_a_section_that_is_near_nothing_keeps_a_row_that_says_so(work_at):
    work = work_at(domains={"tree": TREE, "least_similarity": 0.99, "sections": "embedded"})
    report = tag_sections(work)
    assert report.metadata["sections"] == {"near none": POOL}
    assert report.metadata["domains_without_sections"] == 4
    assert {(row["domain"], row["area"], row["refused_reason"]) for row in tags(work)} == {
        (None, None, "no_domain_near")
    }


def test_another_tree_tags_beside_the_old_one_and_only_once(work_at):
    first = work_at(domains={"tree": TREE, "sections": "embedded"})
    tag_sections(first)
    second = work_at(domains={"path": "packaged", "sections": "embedded"}, run_id="second")
    report = tag_sections(second)
    assert (report.metadata["tagged"], report.metadata["origin"]) == (POOL, "packaged")
    assert report.metadata["tree"] == read_tree(PACKAGED).id
    assert len(tags(second)) == 2 * POOL
    assert tag_sections(first).metadata["tagged"] == 0


def test_a_recipe_without_domains_tags_nothing(work_at):
    work = work_at()
    assert tag_sections(work) == CorpusReport(
        metadata={"tagged": 0, "why": "the recipe has no domains"}, data_version=""
    )
    assert tags(work) == []


def test_a_tree_of_ones_own_is_read_from_the_home(work_at, home):
    (home.root / "mine.yaml").write_text(yaml.safe_dump(TREE))
    settings = {"domains": {"path": "mine.yaml", "sections": "embedded"}}
    work = work_at(**settings)
    assert tag_sections(work).metadata["tree"] == parse_tree(TREE, "test").id
    (home.root / "mine.yaml").write_text("only: one")
    with pytest.raises(DomainTreeError, match=r"mine\.yaml: .*two leaves"):
        tag_sections(work)


# --- a tree that a model proposes ------------------------------------------------------------------------------------


def test_a_tree_is_proposed_once_and_kept_where_it_can_be_edited(work_at, home, proposing):
    settings = {"domains": {"propose": 4, "sections": "embedded"}}
    report = tag_sections(work_at(proposing.address, **settings))
    assert report.metadata["tree"] == parse_tree(TREE, "test").id
    assert proposing.received() == 1
    kept = home.root / report.metadata["origin"]
    assert yaml.safe_load(kept.read_text("utf-8")) == TREE
    assert '"model": "strong"' in kept.read_text("utf-8")
    assert tag_sections(work_at(proposing.address, run_id="again", **settings)).metadata["tagged"] == 0
    assert proposing.received() == 1
    kept.write_text(kept.read_text("utf-8").replace("Quality:", "Goodness:"))
    assert tag_sections(work_at(proposing.address, run_id="edited", **settings)).metadata["tagged"] == POOL


def test_a_reply_that_is_no_tree_is_asked_again_and_then_it_is_said(work_at, proposing):
    settings = {"domains": {"propose": 4, "sections": "embedded"}}
    proposing.before[:] = ["No.", "{}", "Never."]
    work = work_at(proposing.address, **settings)
    with pytest.raises(DomainTreeError, match=r"strong proposed no tree that can be used in 3 tries \(tree_unreadable"):
        tag_sections(work)
    assert proposing.received() == 3
    assert tags(work) == []


def test_calls_for_a_tree_are_journalled_and_not_paid_twice(work_at, proposing, home):
    settings = {"domains": {"propose": 4, "sections": "embedded"}}
    work = work_at(proposing.address, **settings)
    report = tag_sections(work)
    (call,) = select(work.warehouse, "select exercise, step, templates, reply from model_calls")
    assert (call["exercise"], call["step"]) == ("domains", "propose")
    assert "domains/propose@" in str(call["templates"])
    (home.root / report.metadata["origin"]).unlink()
    assert tag_sections(work_at(proposing.address, run_id="again", **settings)).metadata["tagged"] == 0
    assert proposing.received() == 1


# --- the asset and the release ----------------------------------------------------------------------------------------


def test_the_asset_says_how_many_sections_each_domain_has(corpus_home, write_recipe):
    path = write_recipe(domains={"tree": TREE, "sections": "embedded"})
    result = dg.materialize(
        [section_domains], selection=[section_domains],
        resources={"recipe": RecipeResource(path=str(path)), "warehouse": warehouse_at_home()},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )  # fmt: skip
    (event,) = result.get_asset_materialization_events()
    metadata = {name: value.value for name, value in event.materialization.metadata.items()}
    assert (metadata["tagged"], metadata["domains"], metadata["dagster/row_count"]) == (POOL, 4, POOL)
    assert sum(metadata["sections"].values()) == metadata["sections_rows"] == POOL
    assert "domain" in metadata["preview"]


def test_a_release_counts_its_samples_by_domain_of_the_last_tree(work_at):
    work = work_at(domains={"path": "packaged", "sections": "embedded"})
    tag_sections(work)
    work = work_at(domains={"tree": TREE, "sections": "embedded"}, run_id="second")
    tag_sections(work)
    rows = [row for row in work.warehouse.read("release/coverage") if row["label"] == "domain"]
    assert {row["value"] for row in rows} == {tag["domain"] for tag in tags(work) if tag["run_id"] == "second"}
    assert {row["samples"] for row in rows} == {0}


# --- the recipe ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domains", "problem"),
    [
        ({"propose": 1}, "domains.propose"),
        ({"propose": 4, "path": "packaged"}, "give one of path, tree and propose"),
        ({"sections": "embedded"}, "give one of path, tree and propose"),
        ({"path": "packaged", "least_similarity": 2}, "domains.least_similarity"),
        (7, "domains"),
    ],
)
def test_domains_that_say_nothing_are_errors_that_name_the_key(domains, problem):
    with pytest.raises(RecipeError, match=problem):
        parse_recipe(recipe_data(NOBODY, domains=domains), "recipe.yaml")


def test_where_a_tree_lies_is_no_part_of_the_recipes_hash():
    hashes = [parse_recipe(recipe_data(NOBODY, domains=place), "recipe.yaml").hash for place in ("a.yaml", "b.yaml")]
    assert hashes[0] == hashes[1]
