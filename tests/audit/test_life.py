"""The life of one sample and what descends from an article or a run, on planted rows: no model and no encoder runs."""

import io
import json
import os
import shutil
from collections import Counter
from dataclasses import replace

import pytest
from rich.console import Console

from synth_assets.audit.life import MOST_SIBLINGS, read_descent, read_life
from synth_assets.calls.folder import CallFolder
from synth_assets.calls.sums import Tally
from synth_assets.commands.trace import SHOWN, print_descent, print_trace
from synth_assets.errors import UnknownOrigin, UnknownSample
from synth_assets.stages.publish import publish_release
from tests.audit import planted_lives as lives
from tests.audit.planted_lives import ACCEPTED, ARKONA, COPY, GONE, LATE, LEAD, LOCK, NEW, OLD, OPEN, OTHER, PROGRAM
from tests.conftest import make_work, select

BY_THE_VIEW = ("state", "refused_at", "refused_reason", "by_program")


@pytest.fixture
def warehouse(home):
    return lives.plant_lives(home)


def view_of(warehouse):
    rows = select(warehouse, "select * from candidate_states")
    return {row["candidate_id"]: row for row in rows}


def printed(print_it, found):
    told = io.StringIO()
    print_it(Console(file=told, width=160), found)
    return told.getvalue()


# --- states


def test_every_candidate_is_in_the_state_that_the_view_says(warehouse):
    view = view_of(warehouse)
    assert Counter(row["state"] for row in view.values()) == {
        "accepted": 4, "refused": 4, "open": 2, "duplicate": 1, "superseded": 1, "withdrawn": 1}  # fmt: skip
    for name, row in view.items():
        told = read_life(warehouse, name)["candidate"]
        assert {key: told[key] for key in BY_THE_VIEW} == {key: row[key] for key in BY_THE_VIEW}, name


def test_relatives_are_in_the_state_that_the_view_says(warehouse):
    view = view_of(warehouse)
    life = read_life(warehouse, ACCEPTED)
    of_lead = {name for name, row in view.items() if row["section_id"] == LEAD}
    assert {each["candidate_id"] for each in life["siblings"]} == of_lead - {ACCEPTED}
    assert life["siblings_in_all"] == len(of_lead) - 1
    for each in life["siblings"]:
        assert [each[key] for key in BY_THE_VIEW[:3]] == [view[each["candidate_id"]][key] for key in BY_THE_VIEW[:3]]


def test_a_replaced_candidate_and_its_replacement_know_each_other(warehouse):
    assert [each["candidate_id"] for each in read_life(warehouse, OLD)["replaced_by"]] == [NEW]
    replaced = read_life(warehouse, NEW)["replaces"]
    assert (replaced["candidate_id"], replaced["state"]) == (OLD, "superseded")
    assert read_life(warehouse, OLD)["candidate"]["state"] == "superseded"


# --- rows, wherever they stand


def test_rows_that_another_run_wrote_are_found(warehouse):
    life = read_life(warehouse, LATE)
    assert life["queries"]["run_id"] == "run-2"
    assert {life[table]["run_id"] for table in ("reasoning_drafts", "answers", "quality_scores", "duplicates")} == {
        "run-3"
    }
    assert life["versions"]["runs"] == ["run-1", "run-2", "run-3"]


def test_rows_after_a_refusal_are_shown_too(warehouse):
    with warehouse.transaction("a test refuses it afterwards") as open_:
        open_.connection.execute("update quality_scores set passed = false, reason = 'not_grounded', run_id = 'run-8' "
                                 "where candidate_id = $name", {"name": ACCEPTED})  # fmt: skip
    life = read_life(warehouse, ACCEPTED)
    assert (life["candidate"]["state"], life["candidate"]["refused_reason"]) == ("refused", "not_grounded")
    assert life["duplicates"]["verdict"] == "kept"
    assert life["quality_scores"]["run_id"] == "run-8"


def test_a_stranger_that_bears_the_same_number_is_not_taken_for_it(warehouse):
    before = read_life(warehouse, ACCEPTED), read_descent(warehouse, url=ARKONA)
    with warehouse.transaction("a test plants a stranger") as open_:
        for table in ("candidates", *lives.STEPS, "quality_scores", "duplicates", "samples"):
            other = ", null as section_id, null as section_key" if table == "candidates" else ""
            open_.connection.execute(
                f"insert into {table} by name select * replace ($other as candidate_id{other}, 'run-9' as run_id) "
                f"from {table} where candidate_id = $name", {"other": "0" * 64, "name": ACCEPTED})  # fmt: skip
    assert (read_life(warehouse, ACCEPTED), read_descent(warehouse, url=ARKONA)) == before


def test_a_candidate_that_nothing_was_made_of_has_its_plan_alone(warehouse):
    life = read_life(warehouse, lives.UNSEEN)
    assert life["candidate"]["state"] == "open"
    assert {table for table in (*lives.STEPS, "quality_scores", "duplicates", "sample") if life[table]} == set()
    assert life["section"]["revision"] == "rev 2"
    assert (life["calls"], life["cost"]["calls"]) == ([], 0)


def test_texts_are_told_as_they_are_and_json_as_what_it_holds(warehouse):
    life = read_life(warehouse, ACCEPTED)
    assert life["answers"]["answer"] == f"answer of {ACCEPTED}"
    assert life["candidate"]["constraints"] == {"tone": "plain"}
    assert life["sample"]["constraints"] == "tone:plain"
    assert life["judgements"]["points"] == {"correct": 2}
    assert "vector" not in life["embeddings"]
    assert (life["section"]["article_url"], life["neighbours"][0]["article_url"]) == (ARKONA, LOCK)
    assert [copy["candidate_id"] for copy in life["duplicates_of_it"]] == [COPY]
    assert life["duplicates_of_it_in_all"] == 1


def test_a_withdrawal_is_told_with_its_reason_and_scope(warehouse):
    (order,) = read_life(warehouse, GONE)["withdrawals"]
    assert (order["reason"], order["scope"], order["value"]) == ("asked for", "candidate", GONE)
    assert order["withdrawn_at"] == lives.START
    assert read_life(warehouse, ACCEPTED)["withdrawals"] == []


def test_a_refusal_that_was_taken_back_is_told_with_who_tried_again_and_why(warehouse):
    with warehouse.transaction("planting a refusal that was taken back") as open_:
        open_.connection.execute(
            "insert into reopened by name select candidate_id, exercise, language, 'answers' as refused_at, "
            "'call_failed' as refused_reason, 'no answer in 60 s' as refused_detail, 'm' as model, [] as templates, "
            "[] as call_ids, 2 as attempts, 'f' as fingerprint, 'run-1' as refused_run, $when as refused_on, "
            "'transient' as why, 'run-2' as run_id, $when as reopened_at from candidates where candidate_id = $id",
            {"id": ACCEPTED, "when": lives.START},
        )
    life = read_life(warehouse, ACCEPTED)
    assert [each["refused_reason"] for each in life["reopened"]] == ["call_failed"]
    told = " ".join(printed(print_trace, life).split())
    assert "refused at answers 2026-01-01 00:00 (call_failed: no answer in 60 s), taken back" in told
    assert "by run run-2 (transient)" in told


# --- names


@pytest.mark.parametrize(
    "name", [lives.SYNTH_ID, ACCEPTED, ACCEPTED[:16], ACCEPTED[:3]], ids=["sample", "id", "most", "some"]
)
def test_a_sample_is_found_by_each_of_its_names(warehouse, name):
    assert read_life(warehouse, name)["candidate"]["candidate_id"] == ACCEPTED


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (lives.SYNTH_ID.replace("_en_", "_fr_"), "is not the id"),
        ("memorization_en_acc", "is not the id"),
        ("%", "is not the id"),
        ("accepted-1' or true --", "is not the id"),
        ("o", "names more than one"),
        ("", "names more than one"),
    ],
)
def test_a_name_that_means_none_or_several_is_an_error_that_says_so(warehouse, name, problem):
    with pytest.raises(UnknownSample, match=problem):
        read_life(warehouse, name)


# --- calls


def test_every_call_of_the_sample_is_told_and_no_other_with_their_sum(warehouse):
    life = read_life(warehouse, ACCEPTED)
    assert [(call["step"], call["error"] is None) for call in life["calls"]] == [
        ("query", False), ("query", True), ("draft", True), ("answer", True), ("judge", True)]  # fmt: skip
    assert {call["candidate_id"] for call in life["calls"]} == {ACCEPTED}
    assert life["calls"][1]["request"]["messages"] == [{"role": "user", "content": "Write a query."}]
    assert life["calls"][1]["templates"] == ["memorization/query@abc"]
    assert life["cost"] == {
        "calls": 5, "failed": 1, "prompt_tokens": 50, "completion_tokens": 25, "usd": 1.0, "unpriced": 1}  # fmt: skip


def test_calls_are_found_in_segments_journals_and_merged_segments(warehouse, home):
    with CallFolder(home.calls, "run-4") as log:
        before = log.of_candidates([ACCEPTED, LATE])
        log.recover()
        assert log.of_candidates([ACCEPTED, LATE]) == before
        log.compact()
        assert log.of_candidates([ACCEPTED, LATE]) == before
    assert len(before) == 8
    assert log.of_candidates([]) == []
    assert log.of_candidates(["nobody"]) == []


@pytest.mark.parametrize("harm", ["gone", "older"])
def test_keys_of_segments_that_are_gone_or_old_are_made_again(warehouse, home, harm):
    with CallFolder(home.calls, "run-4") as log:
        before = log.of_candidates([ACCEPTED])
    assert len(before) == 5
    paths = sorted((home.calls / "keys").glob("*.keys"))
    assert len(paths) == 2
    if harm == "gone":
        shutil.rmtree(home.calls / "keys")
    else:  # as if another segment of this name had been there before
        for path in paths:
            path.write_bytes(b"")
            os.utime(path, (0, 0))
    with CallFolder(home.calls, "run-4") as log:
        assert log.of_candidates([ACCEPTED]) == before


def test_keys_of_segments_that_were_merged_away_go(warehouse, home):
    with CallFolder(home.calls, "run-4") as log:
        log.of_candidates([ACCEPTED])
        log.recover()
        log.compact()
        log.of_candidates([ACCEPTED])
    standing = {path.stem for path in (home.calls / "segments").glob("*.parquet")} - {"000-empty"}
    assert {path.name for path in (home.calls / "keys").iterdir()} == {f"{stem}.1.keys" for stem in standing}


def test_keys_of_another_making_are_not_read(warehouse, home):
    with CallFolder(home.calls, "run-4") as log:
        before = log.of_candidates([ACCEPTED])
    for path in sorted((home.calls / "keys").iterdir()):
        segment = path.name.partition(".")[0]
        path.unlink()
        for name in (f"{segment}.keys", f"{segment}.2.keys"):
            (path.parent / name).write_bytes(b"\xff" * 8)
    with CallFolder(home.calls, "run-4") as log:
        assert log.of_candidates([ACCEPTED]) == before
    assert len(before) == 5


def test_costs_add_up_what_the_calls_of_each_candidate_came_to(warehouse, home):
    with CallFolder(home.calls, "run-4") as log:
        costs = log.costs_of([ACCEPTED, LATE, OPEN])
        assert costs == {
            ACCEPTED: Tally(calls=5, prompt_tokens=50, completion_tokens=25, usd=1.0, unpriced=1),
            LATE: Tally(calls=3, prompt_tokens=30, completion_tokens=15, usd=0.75),
        }
        # one that is sent twice, because a crash came between the reply and its line, is paid for twice
        (first,) = [call for call in log.of_candidates([LATE]) if call.step == "query"]
        log.append(replace(first, finished_at="2026-02-01T00:00:00.000+00:00"))
        assert log.costs_of([LATE])[LATE].calls == 4
        assert log.costs_of([]) == {}


# --- releases


def test_the_releases_it_stands_in_are_told_and_those_that_are_gone(home, write_recipe):
    warehouse = lives.plant_lives(home)
    work = make_work(home, write_recipe(exercises={"memorization": {"rows": 4}}))
    made = publish_release(work)
    life = read_life(warehouse, ACCEPTED)
    (release,) = life["releases"]
    assert (release["version"], release["folder"]) == (made.version, str(made.folder))
    assert made.splits[release["split"]] >= 1
    assert life["versions"]["released_by_package"] == [release["package_version"]]
    assert read_life(warehouse, COPY)["releases"] == []
    assert read_life(warehouse, GONE)["releases"] == []
    shutil.rmtree(made.folder)
    life = read_life(warehouse, ACCEPTED)
    assert (life["releases"], life["releases_not_read"]) == (
        [], [{"version": made.version, "reason": "folder_gone_or_unreadable"}])  # fmt: skip


# --- down


@pytest.mark.parametrize(
    ("origin", "revisions", "sections", "neighbours"),
    [
        ({"url": ARKONA}, 2, 3, set()),
        ({"seed_id": "seed-arkona"}, 1, 2, set()),
        ({"section_id": LEAD}, 1, 1, set()),
        ({"url": LOCK}, 1, 1, {ACCEPTED}),
    ],
    ids=["url", "seed", "section", "neighbour"],
)
def test_what_descends_from_an_article_adds_up(warehouse, origin, revisions, sections, neighbours):
    found = read_descent(warehouse, **origin)
    view = view_of(warehouse)
    among = {row["section_id"] for row in found["sections"]}
    expected = {name for name, row in view.items() if row["section_id"] in among} | neighbours
    assert {each["candidate_id"] for each in found["candidates"]} == expected
    assert {each["candidate_id"] for each in found["candidates"] if each["relation"] == "neighbour"} == neighbours
    assert all(each["state"] == view[each["candidate_id"]]["state"] for each in found["candidates"])
    counts = found["counts"]
    assert (counts["articles"], counts["sections"], counts["candidates"]) == (revisions, sections, len(expected))
    assert sum(counts["states"].values()) == counts["candidates"]
    assert sum(counts["refused"].values()) == counts["states"].get("refused", 0)
    assert found["cost"]["calls"] == sum(each["cost"]["calls"] for each in found["candidates"])
    assert found["cost"]["usd"] == pytest.approx(sum(each["cost"]["usd"] for each in found["candidates"]))
    assert json.loads(json.dumps(found, default=str))["of"] == origin


def test_of_a_run_descends_what_it_planned_and_what_it_wrote_a_row_of(warehouse):
    found = read_descent(warehouse, run_id="run-3")
    assert [(each["candidate_id"], each["relation"]) for each in found["candidates"]] == [(LATE, "run")]
    assert [row["section_id"] for row in found["sections"]] == [OTHER]
    assert [row["url"] for row in found["articles"]] == [LOCK]
    assert found["cost"]["calls"] == 3
    of_the_first = {each["candidate_id"] for each in read_descent(warehouse, run_id="run-1")["candidates"]}
    assert {ACCEPTED, PROGRAM, OPEN} <= of_the_first
    assert NEW in of_the_first  # its sample is of that run


@pytest.mark.parametrize("origin", ["url", "seed_id", "section_id", "run_id"])
def test_what_is_not_here_is_an_error_that_names_it(warehouse, origin):
    with pytest.raises(UnknownOrigin, match="'nowhere' is no"):
        read_descent(warehouse, **{origin: "nowhere"})


@pytest.mark.parametrize("given", [{}, {"url": ARKONA, "run_id": "run-1"}], ids=["none", "two"])
def test_one_origin_is_given_and_no_more(warehouse, given):
    with pytest.raises(ValueError, match="give one of"):
        read_descent(warehouse, **given)


# --- on the terminal


def test_the_terminal_tells_the_life_with_prompts_verdicts_and_relatives(warehouse):
    told = " ".join(printed(print_trace, read_life(warehouse, ACCEPTED)).split())
    for part in (lives.SYNTH_ID, "[user] Write a query.", f"query of {ACCEPTED}", "the endpoint said no",
                 "total 8 of 10", "memorization/answer@abc", ARKONA, "rev 2", "5 calls, 50 tokens read",
                 "refused at quality_scores: not_grounded"):  # fmt: skip
        assert part in told, part
    assert "withdrawn asked for, 2026-01-01" in " ".join(printed(print_trace, read_life(warehouse, GONE)).split())


def test_calls_without_a_known_price_are_not_called_free(warehouse, home):
    with CallFolder(home.calls, "run-5") as log:
        log.append(lives.a_call(f"query-{OPEN}", OPEN, "query", 0, cost_usd=None))
    told = " ".join(printed(print_trace, read_life(warehouse, OPEN)).split())
    assert "5 made, 1 without a known price" in told
    assert "cost free" not in told
    told = " ".join(printed(print_descent, read_descent(warehouse, url=ARKONA)).split())
    assert "1 calls, 1 without a known price" in told


def test_the_terminal_says_how_many_siblings_the_json_lists(warehouse):
    planted = lives.Planted()
    for number in range(MOST_SIBLINGS):
        planted.candidate(f"more-{number:03}", upto="")
    with warehouse.transaction("a test plants rows") as open_:
        open_.insert("candidates", planted.rows["candidates"])
    life = read_life(warehouse, ACCEPTED)
    in_all = life["siblings_in_all"]
    assert in_all > len(life["siblings"]) == MOST_SIBLINGS
    told = printed(print_trace, life)
    assert f"and {in_all - SHOWN} more; --json has {MOST_SIBLINGS} of the {in_all}" in told


def test_words_of_seeds_and_models_are_no_markup_of_the_terminal(warehouse):
    with warehouse.transaction("a test writes markup") as open_:
        open_.connection.execute("update answers set answer = '[red]not red[/red] [/]'")
        open_.connection.execute("update sections set heading_path = ['[bold]x[/']")
    assert "[red]not red[/red] [/]" in printed(print_trace, read_life(warehouse, ACCEPTED))
    assert "[bold]x[/" in printed(print_descent, read_descent(warehouse, url=ARKONA))


def test_the_terminal_shows_some_and_counts_the_rest(warehouse):
    more = lives.Planted()
    for number in range(SHOWN + 3):
        more.candidate(f"more-{number:02}", section=OTHER, upto="queries", refused="query_too_long")
    with warehouse.transaction("a test plants more") as open_:
        for table, rows in more.rows.items():
            open_.insert(table, rows)
    found = read_descent(warehouse, url=LOCK)
    told = printed(print_descent, found)
    shown = sum(f"more-{number:02}" in told for number in range(SHOWN + 3))
    assert shown <= SHOWN
    assert f"and {found['counts']['candidates'] - SHOWN} more" in told
    assert len(found["candidates"]) == SHOWN + 5
