"""The stages on a real warehouse, with a strong model over real HTTP: cells, rounds, revisions, duplicates, faults."""

import json
import multiprocessing
import re
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synth_assets.errors import BudgetSpent, ModelRejected, ModelUnreachable
from synth_assets.exercises import EXERCISES
from synth_assets.home import Home
from synth_assets.release.parquet import SYNTH_COLUMNS
from synth_assets.seeds.registry import READERS
from synth_assets.seeds.self_knowledge import SelfKnowledge
from synth_assets.stages.corpus import cut_sections, embed_pool, encoder_name, read_seeds
from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.steps import carry_step, plan_round, work_left
from synth_assets.stages.work import Work
from tests.conftest import NOBODY, content_of, failed_checks, make_work, select
from tests.scripted_endpoint import Act, ScriptedEndpoint, Seen
from tests.strong_model import strong_reply

STEPS = ("queries", "reasoning_drafts", "answers")
CURATION = (embed_answers, score_quality, decide_duplicates, make_samples)
TABLES = ("candidates", "queries", "reasoning_drafts", "answers", "embeddings", "quality_scores", "duplicates",
          "samples", "rounds")  # fmt: skip


def carry(work: Work, exercise: str = "memorization", language: str = "en", rows: int | None = None) -> dict:
    """One round of a cell through every stage; returns what was planned."""
    planned = plan_round(work, exercise, language, rows)
    for table in STEPS:
        carry_step(work, exercise, language, table)
    for stage in CURATION:
        stage(work, exercise, language)
    return planned


def states(work: Work, exercise: str = "memorization", language: str = "en") -> dict[str, int]:
    rows = select(work.warehouse, "select state, count(*) as n from candidate_states where exercise = $exercise "
                  "and language = $language group by state", exercise=exercise, language=language)  # fmt: skip
    return {row["state"]: row["n"] for row in rows}


def sizes(work: Work) -> dict[str, int]:
    return {table: select(work.warehouse, f"select count(*) as n from {table}")[0]["n"] for table in TABLES}


def withdraw(work: Work, candidate_id: str) -> None:
    with work.warehouse.transaction("a test withdraws") as open_:
        row = {"candidate_id": candidate_id, "reason": "asked for", "withdrawn_at": datetime(2026, 1, 2, tzinfo=UTC)}
        open_.insert("withdrawals", [row])


# --- the corpus


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of documents of the test's own, in place of those that ship with the package."""
    folder = tmp_path / "documents"
    folder.mkdir()
    monkeypatch.setitem(READERS, "self_knowledge", SelfKnowledge(folder))
    for name, subject in (("copper", "copper"), ("barley", "barley"), ("glass", "glass"), ("wool", "wool")):
        write_document(folder, name, subject)
    return folder


LEADS = {
    "copper": "Copper conducts heat so well that cooks line their kettles with it. Miners on Cyprus dug for it early, "
    "and their ships carried the ingots, shaped like the hide of an ox, to every harbour of the eastern sea.",
    "barley": "Barley ripens before wheat does and bears a late frost. Brewers let the grains sprout on warm floors "
    "until the sweetness is at its height, and then they dry the malt above a slow fire of beech.",
    "glass": "Glass was blown in Sidon by workers who dipped iron pipes into the furnace. Ash made the sand melt, "
    "while a pinch of manganese took the green tint away and left the vessel clear.",
    "wool": "Wool keeps warmth even when rain has soaked it. Shepherds wash the fleece before the shears come out, "
    "because mud blunts the blades, and they roll every fleece with the clean side outward.",
}
LATER = {
    "copper": "Smelters built their hearths on windy ridges. A strong draught fed the charcoal, the slag ran off at "
    "noon, and by evening a cake of raw metal could be lifted out with wooden tongs.",
    "barley": "Granaries stood on stone feet shaped like mushrooms. Mice cannot climb around such a cap, so that the "
    "harvest of a whole parish lasted through February without a loss worth mentioning.",
    "glass": "Window panes were costly for centuries. A household that moved to another town packed its panes in straw "
    "first of all, and a thief who stole one was fined more than for a lamb.",
    "wool": "Dyers boiled madder roots for red and woad leaves for blue. The river below their yards changed its "
    "colour with the weekday, which millers downstream used as a calendar.",
}


def write_document(folder: Path, name: str, subject: str, addition: str = "") -> None:
    text = f"---\ntitle: The {subject} trade\ntopic: Trade\n---\n{LEADS[subject]}\n\n{LATER[subject]}"
    (folder / f"{name}.md").write_text(f"{text}{addition}\n", "utf-8")


def read_all(work: Work) -> tuple[dict, dict]:
    read = read_seeds(work).metadata
    cut = cut_sections(work).metadata
    embed_pool(work)
    return read, cut


def test_unchanged_articles_are_neither_read_nor_cut_nor_embedded_again(work_at):
    work = work_at()
    seeds, sections, vectors = read_seeds(work), cut_sections(work), embed_pool(work)
    assert seeds.metadata["files_read"] == 0
    assert seeds.metadata["files_unchanged"] == 20
    assert sections.metadata["articles_cut"] == sections.metadata["sections_made"] == 0
    assert vectors.metadata["embedded"] == 0
    before = [report.data_version for report in (seeds, sections, vectors)]
    assert [report.data_version for report in (read_seeds(work), cut_sections(work), embed_pool(work))] == before


def test_a_changed_article_is_a_new_revision_and_the_old_one_is_retired(home, write_recipe, documents):
    work = make_work(home, write_recipe())
    before = read_seeds(work)
    first_cut = cut_sections(work)
    write_document(documents, "copper", "copper", " In time the copper went inland as well.")
    after = read_seeds(work)
    assert (after.metadata["files_read"], after.metadata["files_unchanged"]) == (1, 3)
    assert after.data_version != before.data_version
    assert cut_sections(work).data_version != first_cut.data_version
    revisions = select(work.warehouse, "select is_current from seed_corpus where source_file = 'copper.md' "
                       "order by read_at")  # fmt: skip
    assert [row["is_current"] for row in revisions] == [False, True]
    drawn = work.warehouse.read("transforms/pool", language="en", collections=["self_knowledge"], seed="1", size=99)
    assert sum("went inland" in row["text"] for row in drawn) == 1
    assert len(drawn) == 4
    assert failed_checks(work.warehouse) == {}


def test_an_article_that_comes_back_as_it_was_is_current_again(home, write_recipe, documents):
    work = make_work(home, write_recipe())
    version = read_seeds(work).data_version
    write_document(documents, "copper", "copper", " In time the copper went inland as well.")
    read_seeds(work)
    write_document(documents, "copper", "copper")
    assert read_seeds(work).data_version == version
    rows = select(work.warehouse, "select count(*) filter (is_current) as current, count(*) as all_ from seed_corpus")
    assert rows == [{"current": 4, "all_": 5}]


def test_an_article_whose_file_is_gone_is_retired_and_comes_back_with_it(home, write_recipe, documents):
    work = make_work(home, write_recipe())
    version = read_seeds(work).data_version
    (documents / "wool.md").unlink()
    report = read_seeds(work)
    assert (report.metadata["files_gone"], report.metadata["articles"]) == (1, {"self_knowledge en": 3})
    assert read_seeds(work).metadata["files_gone"] == 0
    cut_sections(work)
    drawn = work.warehouse.read("transforms/pool", language="en", collections=["self_knowledge"], seed="1", size=99)
    assert {row["title"] for row in drawn} == {"The copper trade", "The barley trade", "The glass trade"}
    write_document(documents, "wool", "wool")
    assert read_seeds(work).data_version == version


def test_a_broken_record_keeps_its_place_and_reason_and_costs_no_other(home, write_recipe, documents):
    (documents / "torn.md").write_text("no front matter here\n", "utf-8")
    work = make_work(home, write_recipe())
    report = read_seeds(work)
    assert report.metadata["bad_records"] == 1
    kept = select(work.warehouse, "select bad_records from seed_sources where name = 'torn.md'")[0]["bad_records"]
    (record,) = json.loads(kept)
    assert (record["source"], record["record"]) == ("torn.md", "torn")
    assert "front matter" in record["reason"]
    assert report.metadata["articles"] == {"self_knowledge en": 4}


def test_sections_in_another_language_than_their_article_states_are_kept_with_the_reason(home, write_recipe, documents):
    german = (
        "Der Handel mit Salz war im Mittelalter ein wichtiges Geschäft für viele Städte an der Küste. Die Kaufleute "
        "brachten es auf langen Wegen ins Landesinnere, wo es zum Haltbarmachen von Fleisch und Fisch gebraucht wurde."
    )
    (documents / "salz.md").write_text(f"---\ntitle: Salz\ntopic: Trade\n---\n{german}\n", "utf-8")
    work = make_work(home, write_recipe())
    read_seeds(work)
    report = cut_sections(work)
    assert report.metadata["refused"] == {"en wrong_language": 1}
    assert report.metadata["kept"] == {"en": 4}


# --- one cell of each exercise


BY_PROGRAM = ("math_exercise", "math_mcq")


# cooking has nothing to cook from in this corpus; `test_cells` gives it recipes
@pytest.mark.parametrize("exercise", [name for name in EXERCISES if name != "cooking"])
def test_a_cell_goes_through_every_stage_to_samples_and_a_second_run_does_nothing(work_at, endpoint, exercise):
    work = work_at(endpoint.address, exercises={exercise: {"rows": 3}})
    planned = carry(work, exercise)
    assert planned["planned"] >= 3
    while work_left(work, exercise, "en").any:  # a row that even a strong model fails is made up for
        carry(work, exercise)
    assert states(work, exercise)["accepted"] >= 3
    assert failed_checks(work.warehouse) == {}
    assert (endpoint.received() == 0) == (exercise in BY_PROGRAM)

    received, before = endpoint.received(), sizes(work)
    again = carry(work, exercise)
    assert again == {"round": None, "planned": 0, "replacements": 0, "missing": 0, "why": "target met"}
    assert endpoint.received() == received
    assert sizes(work) == before
    assert not work_left(work, exercise, "en").any

    for row in work.warehouse.read("release/samples"):
        assert list(row)[: len(SYNTH_COLUMNS)] == list(SYNTH_COLUMNS)
        assert re.fullmatch(rf"{exercise}_en_[0-9a-f]{{16}}", row["synth_id"])
        assert row["synth_id"].endswith(row["candidate_id"][:16])
        assert row["exercise"] == EXERCISES[exercise].label
        assert row["language"] == "en"
        assert row["words"] == sum(
            len(row[part].split()) for part in ("query", "synthetic_reasoning", "synthetic_answer")
        )
        if exercise in BY_PROGRAM:
            assert (row["model"], row["by_program"]) == ("program", True)
            assert row["script"]
            assert "result:" in row["constraints"]
        else:
            assert (row["model"], row["by_program"]) == (f"strong-{exercise}", False)
        if EXERCISES[exercise].uses_section:
            (section,) = work.warehouse.read("transforms/passages", section_ids=[row["section_id"]])
            assert row["query_seed_url"] == section["url"]
            assert row["query_seed_url"].startswith("urn:synth-assets:self-knowledge:")
            assert row["query_seed_text"] == section["text"]
            assert row["seed_license"] == "CC-BY-SA-4.0"
        else:
            assert (row["query_seed_url"], row["query_seed_text"], row["seed_license"]) == (None, None, None)
        if EXERCISES[exercise].neighbours:
            assert row["additional_seed_url"] not in (None, row["query_seed_url"])
        else:
            assert row["additional_seed_url"] is None


@pytest.mark.parametrize(
    "exercise",
    [
        "memorization",
        *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("mcq", "rag", "textbook", "preference")),
    ],
)
def test_a_french_cell_over_english_articles_is_accepted_in_french_with_an_english_trace(work_at, endpoint, exercise):
    work = work_at(endpoint.address, languages={"en": 0.5, "fr": 0.5}, exercises={exercise: {"rows": 4}})
    carry(work, exercise, "fr")
    assert states(work, exercise, "fr") == {"accepted": 2}
    rows = work.warehouse.read("release/samples")
    assert {row["language"] for row in rows} == {"fr"}
    assert all(row["synth_id"].startswith(f"{exercise}_fr_") for row in rows)
    assert failed_checks(work.warehouse) == {}


def test_every_row_leads_back_to_its_calls_and_every_call_to_its_candidate(work_at, endpoint):
    work = work_at(endpoint.address)
    carry(work)
    rows = select(work.warehouse, "select candidate_id, unnest(call_ids) as call_id, model, templates from queries "
                  "union all select candidate_id, unnest(call_ids), model, templates from reasoning_drafts "
                  "union all select candidate_id, unnest(call_ids), model, templates from answers")  # fmt: skip
    calls = {row["call_id"]: row for row in select(work.warehouse, "select * from model_calls")}
    assert len(rows) == len(calls) == endpoint.received() == 6
    for row in rows:
        assert calls[row["call_id"]]["candidate_id"] == row["candidate_id"]
        assert row["model"] == "strong"
        assert all(re.fullmatch(r"\w+/[\w.]+@[0-9a-f]{64}", template) for template in row["templates"])


# --- rounds


def test_a_round_that_is_asked_for_twice_is_planned_once(work_at):
    work = work_at(exercises={"memorization": {"rows": 3}})
    first = plan_round(work, "memorization", "en")
    assert (first["round"], first["planned"], first["missing"]) == (1, 3, 3)
    second = plan_round(work, "memorization", "en")
    assert second == {"round": None, "planned": 0, "replacements": 0, "missing": 3, "why": "3 open candidates first"}


def test_two_homes_plan_the_same_candidates_from_the_same_seed(work_at, tmp_path, corpus_template):
    here = work_at(exercises={"rag": {"rows": 4}})
    there = make_work(home_copy(corpus_template, tmp_path / "there"), tmp_path / "recipe.yaml", "another-run")
    for work in (here, there):
        plan_round(work, "rag", "en")
    without = ("run_id", "planned_at")
    planned = content_of(here.warehouse, "candidates", without=without)
    assert planned == content_of(there.warehouse, "candidates", without=without)
    assert len(planned) == 4


def home_copy(template: Path, root: Path) -> Home:

    home = Home(root=root)
    shutil.copytree(template / ".synth", home.data)
    home.prepare()
    return home


def test_a_cap_on_candidates_is_kept_and_named(work_at, endpoint):
    def refuses(seen: Seen) -> Act:
        return Act(text="I have nothing to ask.")

    endpoint.script = refuses
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 2, "candidates_per_row": 1.5}})
    planned = [carry(work)["planned"] for _ in range(3)]
    assert planned == [2, 1, 0]
    assert plan_round(work, "memorization", "en")["why"] == "cap of 1.5 candidates a row is met"
    assert sum(states(work).values()) == states(work)["refused"] == 3
    left = work_left(work, "memorization", "en")
    assert (left.any, left.missing, left.why) == (False, 2, "cap of 1.5 candidates a row is met")


def test_a_raised_target_adds_what_is_missing(work_at, endpoint):
    carry(work_at(endpoint.address, exercises={"mcq": {"rows": 2}}), "mcq")
    work = work_at(endpoint.address, exercises={"mcq": {"rows": 5}})
    assert work_left(work, "mcq", "en").new == 3
    assert carry(work, "mcq")["planned"] == 3
    assert states(work, "mcq") == {"accepted": 5}


def test_rows_of_a_launch_replace_those_of_the_recipe_and_open_cells_it_does_not_name(work_at, endpoint):
    work = work_at(endpoint.address)
    assert plan_round(work, "textbook", "en")["why"].startswith("recipe test does not ask for this cell")
    assert carry(work, "textbook", rows=1)["planned"] == 1
    assert carry(work, "memorization", rows=3)["planned"] == 3
    assert (states(work, "textbook"), states(work)) == ({"accepted": 1}, {"accepted": 3})


def test_passes_plan_every_section_once_before_any_twice(work_at):
    work = work_at(exercises={"memorization": {"passes": 2}}, round_cap=20)
    assert [plan_round(work, "memorization", "en")["planned"] for _ in range(3)] == [20, 12, 0]
    rows = select(work.warehouse, "select round, pass, count(distinct source) as n from candidates group by all "
                  "order by all")  # fmt: skip
    assert rows == [{"round": 1, "pass": 0, "n": 16}, {"round": 1, "pass": 1, "n": 4}, {"round": 2, "pass": 1, "n": 12}]


def test_the_pool_of_self_instruct_is_frozen_at_the_start_of_a_round(work_at, endpoint):
    carry(work_at(endpoint.address, exercises={"self_instruct": {"rows": 2}}), "self_instruct")
    work = work_at(endpoint.address, exercises={"self_instruct": {"rows": 4}})
    first = {row["candidate_id"] for row in select(work.warehouse, "select candidate_id from candidates")}
    plan_round(work, "self_instruct", "en")
    # rows accepted after the round was claimed are not shown to it, nor are those withdrawn since
    withdraw(work, sorted(first)[0])
    for table in STEPS:
        carry_step(work, "self_instruct", "en", table)
    pools = select(work.warehouse, "select round, pool_ids from rounds order by round")
    assert pools[0]["pool_ids"] == []
    assert set(pools[1]["pool_ids"]) == first
    shown = select(work.warehouse, "select payload from queries join candidates using (candidate_id) where round = 2")
    for row in shown:
        from_pool = [name for name in json.loads(row["payload"])["shown"] if name in first]
        assert from_pool == sorted(first)[1:]


def claim_in_a_thread(work: Work, gate: threading.Barrier, planned: list[int]) -> None:
    gate.wait(30)
    planned.append(plan_round(work, "memorization", "en")["planned"])


def test_two_threads_that_claim_at_once_create_no_candidate_twice_and_lose_none(work_at):
    works = [work_at(exercises={"memorization": {"rows": 6}}, run_id=f"run-{number}") for number in range(2)]
    gate, planned = threading.Barrier(2), []
    threads = [threading.Thread(target=claim_in_a_thread, args=(work, gate, planned)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(planned) == [0, 6]
    assert sizes(works[0])["candidates"] == 6
    assert failed_checks(works[0].warehouse) == {}


def carry_in_a_process(root: str, recipe: str, number: int, gate: Any, told: Any) -> None:

    work = make_work(Home(root=Path(root)), Path(recipe), f"run-{number}")
    gate.wait(60)
    told.put(plan_round(work, "preference", "en")["planned"])
    for table in STEPS:
        carry_step(work, "preference", "en", table)


@pytest.mark.long
def test_two_processes_on_one_cell_make_every_row_once_and_call_nothing_twice(work_at, endpoint, tmp_path):
    # preference needs no neighbours, so that no process loads the encoder
    work = work_at(endpoint.address, exercises={"preference": {"rows": 4}})
    spawn = multiprocessing.get_context("spawn")
    gate, told = spawn.Barrier(2), spawn.Queue()
    arguments = (str(work.home.root), str(tmp_path / "recipe.yaml"))
    processes = [spawn.Process(target=carry_in_a_process, args=(*arguments, n, gate, told)) for n in range(2)]
    for process in processes:
        process.start()
    planned = sorted(told.get(timeout=120) for _ in processes)
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert planned == [0, 4]
    assert states(work, "preference") == {"open": 4}
    assert [sizes(work)[table] for table in STEPS] == [4, 4, 4]
    assert max(endpoint.state().received.values()) == 1
    assert failed_checks(work.warehouse) == {}


# --- revisions and versions


@pytest.mark.long
def test_a_changed_section_supersedes_its_rows_once_the_replacement_is_accepted_and_not_before(
    home, write_recipe, documents, endpoint
):
    work = make_work(home, write_recipe(endpoint.address, exercises={"memorization": {"rows": 4}}))
    read_all(work)
    carry(work)
    assert states(work) == {"accepted": 4}
    write_document(documents, "copper", "copper", " In time the copper went inland as well.")
    read_all(work)
    assert work_left(work, "memorization", "en").new == 1

    planned = plan_round(work, "memorization", "en")
    assert (planned["planned"], planned["replacements"]) == (1, 1)
    (replacement,) = select(work.warehouse, "select candidate_id, replaces from candidates where replaces is not null")
    for table in STEPS:
        assert states(work) == {"accepted": 4, "open": 1}
        carry_step(work, "memorization", "en", table)
    for stage in CURATION:
        stage(work, "memorization", "en")
    assert states(work) == {"accepted": 4, "superseded": 1}
    old = select(work.warehouse, "select state from candidate_states where candidate_id = $id",
                 id=replacement["replaces"])  # fmt: skip
    assert old == [{"state": "superseded"}]
    texts = [row["query_seed_text"] for row in work.warehouse.read("release/samples")]
    assert len(texts) == 4
    assert sum("went inland" in text for text in texts) == 1
    assert failed_checks(work.warehouse) == {}
    assert carry(work)["planned"] == 0
    assert not work_left(work, "memorization", "en").any


def test_a_refused_replacement_leaves_the_old_row_accepted_and_is_not_tried_for_ever(
    home, write_recipe, documents, endpoint
):
    work = make_work(home, write_recipe(endpoint.address, exercises={"memorization": {"rows": 4}}))
    read_all(work)
    carry(work)
    write_document(documents, "copper", "copper", " In time the copper went inland as well.")
    read_all(work)
    endpoint.script = lambda seen: Act(text="I have nothing to ask.")
    assert carry(work)["replacements"] == 1
    assert states(work) == {"accepted": 4, "refused": 1}
    assert carry(work)["planned"] == 0
    assert not work_left(work, "memorization", "en").any


@pytest.mark.long
def test_a_raised_exercise_version_replaces_the_rows_of_its_own_cells_alone(work_at, endpoint, monkeypatch):
    work = work_at(endpoint.address, exercises={"mcq": {"rows": 2}, "textbook": {"rows": 2}})
    carry(work, "mcq")
    carry(work, "textbook")
    monkeypatch.setattr(type(EXERCISES["mcq"]), "version", EXERCISES["mcq"].version + 1)
    assert work_left(work, "mcq", "en").new == 2
    assert not work_left(work, "textbook", "en").any
    planned = carry(work, "mcq")
    assert (planned["planned"], planned["replacements"]) == (2, 2)
    assert states(work, "mcq") == {"accepted": 2, "superseded": 2}
    assert states(work, "textbook") == {"accepted": 2}
    versions = select(work.warehouse, "select exercise_version from candidate_states where exercise = 'mcq' "
                      "and state = 'accepted'")  # fmt: skip
    assert {row["exercise_version"] for row in versions} == {EXERCISES["mcq"].version}
    assert sizes(work)["samples"] == 4
    assert failed_checks(work.warehouse) == {}


# --- duplicates


def same_words(seen: Seen) -> Act:
    """The strong model, but every row of a section says the same: its replies do not depend on the seed."""
    return strong_reply(Seen(body={**seen.body, "seed": 0}, headers=seen.headers, key=seen.key, times=0, number=0))


def near_copies(seen: Seen) -> Act:
    """One text for every extract, but for a word."""
    day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")[int(seen.body["seed"]) % 5]
    return Act(text=COPIED.format(day=day))


COPIED = (
    "A baker who wants a loaf to keep well begins on {day}, long before the oven is warm. The leaven needs a night to "
    "wake, and it asks for nothing but flour, water and a quiet corner. In the morning the dough is folded, not beat, "
    "because a torn skin lets the gas escape. Some bakers sing while they fold; others count. When the surface springs "
    "back under a thumb, the loaf may go in. Steam in the first minutes keeps the crust soft, so that it can stretch, "
    "and dry heat afterwards makes it brown. A good crust crackles as it cools. Whoever cuts it too soon will find the "
    "crumb gummy, and will have to wait for another loaf to learn what patience tastes like."
)
COPIES = {"textbook": {"rows": 4, "candidates_per_row": 1}}


def test_near_copies_are_refused_with_their_keeper_and_similarity(work_at, endpoint):
    endpoint.script = near_copies
    work = work_at(endpoint.address, exercises=COPIES)
    carry(work, "textbook")
    assert states(work, "textbook") == {"accepted": 1, "duplicate": 3}
    rows = select(work.warehouse, "select * from duplicates")
    (kept,) = [row["candidate_id"] for row in rows if row["verdict"] == "kept"]
    copies = [row for row in rows if row["verdict"] == "duplicate"]
    threshold = EXERCISES["textbook"].duplicate_rule.threshold
    assert {row["keeper_id"] for row in copies} == {kept}
    assert all(threshold <= row["similarity"] <= 1.0 for row in copies)
    assert {row["threshold"] for row in rows} == {threshold}
    assert failed_checks(work.warehouse) == {}


def test_withdrawing_the_keeper_promotes_the_next_best(work_at, endpoint):
    endpoint.script = near_copies
    work = work_at(endpoint.address, exercises=COPIES)
    carry(work, "textbook")
    (kept,) = select(work.warehouse, "select candidate_id from duplicates where verdict = 'kept'")
    withdraw(work, kept["candidate_id"])
    assert work_left(work, "textbook", "en").any
    carry(work, "textbook")
    assert states(work, "textbook") == {"accepted": 1, "duplicate": 2, "withdrawn": 1}
    best = select(work.warehouse, "select candidate_id from quality_scores anti join withdrawals using (candidate_id) "
                  "order by composite desc, candidate_id limit 1")  # fmt: skip
    (promoted,) = select(work.warehouse, "select candidate_id from candidate_states where state = 'accepted'")
    assert promoted == best[0]
    assert [row["candidate_id"] for row in work.warehouse.read("release/samples")] == [promoted["candidate_id"]]
    assert failed_checks(work.warehouse) == {}
    assert not work_left(work, "textbook", "en").any


def test_a_withdrawn_row_is_gone_from_the_samples_after_the_next_run_even_when_the_cap_is_met(work_at, endpoint):
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 2, "candidates_per_row": 1}})
    carry(work)
    (first, _) = select(work.warehouse, "select candidate_id from samples order by candidate_id")
    withdraw(work, first["candidate_id"])
    assert work_left(work, "memorization", "en").any
    carry(work)
    assert states(work) == {"accepted": 1, "withdrawn": 1}
    assert sizes(work)["samples"] == 1
    assert failed_checks(work.warehouse) == {}
    assert not work_left(work, "memorization", "en").any


@pytest.mark.parametrize("exercise", ["memorization", "self_instruct"])
def test_a_full_check_of_what_was_kept_over_rounds_finds_no_pair_over_the_threshold(work_at, endpoint, exercise):
    endpoint.script = same_words
    for rows in (4, 24):
        work = work_at(endpoint.address, exercises={exercise: {"rows": rows, "candidates_per_row": 1}}, attempts=1)
        carry(work, exercise)
    rule = EXERCISES[exercise].duplicate_rule
    kept = select(work.warehouse, "select vector from embeddings join candidate_states using (candidate_id) "
                  "where state = 'accepted' and encoder = $encoder", encoder=encoder_name(work))  # fmt: skip
    vectors = np.asarray([row["vector"] for row in kept], dtype=np.float64)
    cosines = vectors @ vectors.T - 2 * np.eye(len(vectors))
    assert len(kept) > 1
    assert cosines.max() < rule.threshold + 1e-6


def test_two_runs_that_decide_one_family_at_once_keep_one_of_each_pair(work_at, endpoint):
    endpoint.script = near_copies
    work = work_at(endpoint.address, exercises=COPIES)
    plan_round(work, "textbook", "en")
    for table in STEPS:
        carry_step(work, "textbook", "en", table)
    embed_answers(work, "textbook", "en")
    score_quality(work, "textbook", "en")
    other = work_at(endpoint.address, exercises=COPIES, run_id="another-run")
    gate, done = threading.Barrier(2), []

    def decide(work: Work) -> None:
        gate.wait(30)
        done.append(decide_duplicates(work, "textbook", "en")["work"])

    threads = [threading.Thread(target=decide, args=(each,)) for each in (work, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [0, 4]
    verdicts = select(work.warehouse, "select verdict, count(*) as n from duplicates group by all order by all")
    assert verdicts == [{"verdict": "duplicate", "n": 3}, {"verdict": "kept", "n": 1}]


# --- models that cannot be used


def test_an_endpoint_that_goes_down_leaves_the_rest_open_and_nothing_is_paid_twice(work_at):
    with ScriptedEndpoint(strong_reply) as up:
        work = work_at(up.address, exercises={"memorization": {"rows": 4}})
        plan_round(work, "memorization", "en")
        carry_step(work, "memorization", "en", "queries")
        address = up.address
    with pytest.raises(ModelUnreachable, match=re.escape(address)):
        carry_step(work, "memorization", "en", "reasoning_drafts")
    assert states(work) == {"open": 4}
    assert failed_checks(work.warehouse) == {}
    with ScriptedEndpoint(strong_reply) as again:
        moved = work_at(again.address, exercises={"memorization": {"rows": 4}}, run_id="later-run")
        carry(moved)
        assert again.received() == 8
    assert states(work) == {"accepted": 4}


def test_a_model_that_refuses_ends_the_step_with_its_own_words_and_leaves_all_open(work_at, endpoint):
    endpoint.script = lambda seen: Act(kind="status", status=401, text="no such key")
    work = work_at(endpoint.address)
    plan_round(work, "memorization", "en")
    with pytest.raises(ModelRejected, match="401: no such key"):
        carry_step(work, "memorization", "en", "queries")
    assert states(work) == {"open": 2}
    endpoint.script = strong_reply
    carry(work)
    assert states(work) == {"accepted": 2}


@pytest.mark.parametrize("calls", [0, 1, 5])
def test_a_budget_of_calls_stops_exactly_there_and_a_larger_one_goes_on(work_at, endpoint, calls):
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 3}}, budget={"calls": calls})
    with pytest.raises(BudgetSpent, match=rf"budget.calls: {calls} of {calls} calls are spent"):
        carry(work)
    assert endpoint.received() == calls
    assert states(work) == {"open": 3}
    larger = work_at(endpoint.address, exercises={"memorization": {"rows": 3}}, budget={"calls": 9})
    carry(larger)
    assert endpoint.received() == 9
    assert max(endpoint.state().received.values()) == 1
    assert states(work) == {"accepted": 3}


def test_nobody_is_called_for_a_program_s_exercise(work_at):
    work = work_at(NOBODY, exercises={"math_exercise": {"rows": 3}})
    carry(work, "math_exercise")
    assert states(work, "math_exercise") == {"accepted": 3}
