"""Withdrawing and bringing back on a real warehouse; rows and articles are planted: no model and no encoder runs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synth_assets.errors import NotWithdrawable
from synth_assets.home import Home
from synth_assets.stages import steps, withdrawal
from synth_assets.stages.curation import make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.publish import publish_release
from synth_assets.stages.shards import count_open
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.stages.withdrawal import undo, withdraw
from synth_assets.stages.work import Work
from synth_assets.vector_index import VectorIndex
from synth_assets.warehouse import Warehouse
from tests.conftest import CHECKOUT, error_lines, make_work, select, status_json, synth_assets
from tests.planted_rows import a_row, plant, unit, words

CELL = ("textbook", "en")
ASKED = {"collection": "self_knowledge", "language": "en", "license": "CC-BY-SA-4.0", "is_current": True}
LOCK, KEY = "https://example.org/Lock", "https://example.org/Key"


@pytest.fixture
def work(home: Home, write_recipe) -> Work:
    return make_work(home, write_recipe(exercises={"textbook": {"rows": 4}}))


def at(angle: float) -> np.ndarray:
    return unit([np.cos(angle), np.sin(angle), 0.0, 0.0])


def article(work: Work, seed_id: str, url: str, *sections: str, text: str = "", **values: Any) -> None:
    """An article whose sections have these ids; a section's content hash, and its text where none is given, is its id
    up to the first dot."""
    place = ASKED | values
    work.warehouse.insert("seed_corpus", [a_row("seed_corpus", seed_id=seed_id, url=url, **place)])
    work.warehouse.insert("sections", [
        a_row("sections", section_id=name, seed_id=seed_id, content_hash=name.split(".")[0],
              text=text or name.split(".")[0], seed_language=place["language"], collection=place["collection"],
              license=place["license"], url=f"{url}#{number}", position=number)
        for number, name in enumerate(sections)
    ])  # fmt: skip


def states(work: Work) -> dict[str, str]:
    rows = select(work.warehouse, "select candidate_id, state from candidate_states")
    assert len(rows) == len({row["candidate_id"] for row in rows})
    return {row["candidate_id"]: row["state"] for row in rows}


def accepted(work: Work) -> list[str]:
    return sorted(name for name, state in states(work).items() if state == "accepted")


def samples(work: Work) -> list[str]:
    return [row["candidate_id"] for row in select(work.warehouse, "select candidate_id from samples order by all")]


def verdicts(work: Work) -> list[dict[str, Any]]:
    return select(work.warehouse, "select * from duplicates order by candidate_id")


CHECKED = [
    f"checks/{path.parent.name}/{path.stem}"
    for table in ("candidates", "duplicates", "samples")
    for path in sorted((CHECKOUT / "sql" / "checks" / table).glob("*.sql"))
    # planted answers hold no draw worth saying, and three rows are no sample of anything
    if path.stem not in ("constraints_are_said", "few_are_duplicates", "language_is_right")
]


def faults(work: Work) -> dict[str, list[dict[str, Any]]]:
    """What the checks of states, verdicts and samples find; read at once."""
    with work.warehouse.transaction("a test checks") as open_:
        found = {name: open_.rows(name) for name in CHECKED}
    return {name: rows for name, rows in found.items() if rows}


def pool(work: Work) -> list[str]:
    rows = work.warehouse.read("transforms/pool", language="en", collections=["self_knowledge"], seed="1", size=99)
    return sorted(row["section_id"] for row in rows)


def far(number: int, section: str | None = None, **row: Any) -> dict[str, Any]:
    """A row that is like no other one of another number."""
    return {"answer": words(1000 * number, 30), "vector": at(number), "section_id": section, **row}


def run_cell(work: Work) -> None:
    decide_duplicates(work, *CELL)
    make_samples(work, *CELL)


@pytest.fixture
def three(work: Work) -> Work:
    """Two articles; a candidate of each, and one of the second that was shown the first as a neighbour."""
    article(work, "lock1", LOCK, "bolt.1", "shackle.1")
    article(work, "key1", KEY, "bow.1")
    plant(work, *CELL, {
        "of lock": far(1, "bolt.1"), "of key": far(2, "bow.1"), "beside": far(3, "bow.1", neighbour_ids=["shackle.1"]),
    })  # fmt: skip
    run_cell(work)
    return work


# --- what an order reaches


def test_what_descends_by_section_or_neighbour_is_marked_and_its_samples_go(three):
    assert samples(three) == ["beside", "of key", "of lock"]
    done = withdraw(three, "url", LOCK, " asked for ")
    assert states(three) == {"of lock": "withdrawn", "beside": "withdrawn", "of key": "accepted"}
    assert samples(three) == ["of key"]
    assert (done.candidates, done.sections, done.samples, done.already) == (2, 2, 2, False)
    assert done.cells == ({"exercise": "textbook", "language": "en", "accepted": 2},)
    assert select(three.warehouse, "select candidate_id, reason from withdrawals order by all") == [
        {"candidate_id": "beside", "reason": "asked for"}, {"candidate_id": "of lock", "reason": "asked for"},
    ]  # fmt: skip
    (order,) = select(three.warehouse, "select * from withdrawal_orders")
    assert (order["scope"], order["value"], order["ordered_by"], order["undone_at"]) == ("url", LOCK, "test-run", None)
    assert faults(three) == {}
    assert pool(three) == ["bow.1"]


SCOPES = (
    ("seed", "lock1", ["beside", "of lock"]),
    ("licence", "cc-by-sa-4.0", ["beside", "of key", "of lock"]),
    ("section", "shack", ["beside"]),
    ("candidate", "of l", ["of lock"]),
    ("candidate", "textbook_en_of key", ["of key"]),
)


def test_every_scope_reaches_what_it_names_and_undoing_it_brings_back_the_same(three):
    before = accepted(three)
    for scope, value, gone in SCOPES:
        withdraw(three, scope, value, "error")
        assert sorted(name for name, state in states(three).items() if state == "withdrawn") == gone, (scope, value)
        done = undo(three, scope, value, "mended")
        assert (done.undone, done.candidates, done.promoted, done.demoted) == (True, len(gone), (), ())
        assert done.stay_out == {}
        assert accepted(three) == before
    make_samples(three, *CELL)
    assert samples(three) == before
    orders = select(three.warehouse, "select * from withdrawal_orders")
    assert len(orders) == len(SCOPES)
    assert {(order["reason"], order["undone_because"]) for order in orders} == {("error", "mended")}
    assert all(order["undone_at"] >= order["ordered_at"] for order in orders)
    assert select(three.warehouse, "select * from withdrawals") == []
    assert faults(three) == {}


def test_a_dry_run_says_what_would_go_and_writes_nothing(three):
    would = withdraw(three, "url", LOCK, "asked for", dry_run=True)
    assert (would.dry_run, would.candidates, would.samples) == (True, 2, 2)
    assert accepted(three) == samples(three) == ["beside", "of key", "of lock"]
    assert select(three.warehouse, "select * from withdrawal_orders") == []
    withdraw(three, "url", LOCK, "asked for")
    assert undo(three, "url", LOCK, dry_run=True).candidates == 2
    assert accepted(three) == ["of key"]


def test_withdrawing_twice_is_once_and_keeps_the_first_reason(three):
    first = withdraw(three, "url", LOCK, "asked for")
    again = withdraw(three, "url", LOCK, "another reason")
    assert (again.already, again.order_id, again.reason, again.samples) == (True, first.order_id, "asked for", 0)
    assert len(select(three.warehouse, "select * from withdrawals")) == 2
    assert len(select(three.warehouse, "select * from withdrawal_orders")) == 1


def test_an_order_after_one_that_was_undone_is_a_new_row(three):
    first = withdraw(three, "url", LOCK, "asked for")
    undo(three, "url", LOCK)
    second = withdraw(three, "url", LOCK, "asked again")
    assert first.order_id != second.order_id
    assert accepted(three) == ["of key"]
    rows = select(three.warehouse, "select reason, undone_at is null as stands from withdrawal_orders order by reason")
    assert rows == [{"reason": "asked again", "stands": True}, {"reason": "asked for", "stands": False}]


def test_what_two_orders_reach_comes_back_with_the_last_of_them(three):
    withdraw(three, "url", LOCK, "asked for")
    withdraw(three, "licence", "CC-BY-SA-4.0", "not ours")
    assert accepted(three) == []
    undo(three, "licence", "CC-BY-SA-4.0")
    assert accepted(three) == ["of key"]
    undo(three, "url", LOCK)
    assert accepted(three) == ["beside", "of key", "of lock"]


# --- what is not there


def test_a_reason_is_needed(three):
    with pytest.raises(ValueError, match="a reason is needed"):
        withdraw(three, "url", LOCK, "  ")


UNKNOWN = (
    ("url", "https://example.org/Loch", r"no url .*nearest to it: https://example.org/Lock \(text\)"),
    ("url", f"{LOCK}#1", rf"take --url {LOCK} for its article, or --section shackle\.1"),
    ("url", "'; drop table samples; --", "no url"),
    ("seed", "lock9", r"no seed 'lock9'; nearest to it: lock1 \(https://example.org/Lock\), key1"),
    ("seed", " ", "there is no seed ''"),
    ("licence", "CC-BY-NC-4.0", r"nearest to it: CC-BY-SA-4\.0 \(2 articles\)"),
    ("section", "nut", "nearest to it: "),
    ("candidate", "nobody", "ids of candidates stand in"),
    ("candidate", "of", r"more than one candidate begins with 'of' \(of key, of lock, \.\.\.\)"),
)


def test_what_is_not_there_is_a_clear_error_that_says_what_is(three):
    for scope, value, says in UNKNOWN:
        with pytest.raises(NotWithdrawable, match=says):
            withdraw(three, scope, value, "error")
    assert select(three.warehouse, "select * from withdrawal_orders") == []
    assert len(samples(three)) == 3


def test_undoing_what_is_not_withdrawn_is_a_clear_error_that_says_what_is(three):
    with pytest.raises(NotWithdrawable, match=r"is not withdrawn; nothing is"):
        undo(three, "url", LOCK)
    withdraw(three, "seed", "lock1", "error")
    with pytest.raises(NotWithdrawable, match=r"is not withdrawn; what is: seed lock1"):
        undo(three, "url", LOCK)


# --- who takes the place of what left


@pytest.fixture
def copies(work: Work) -> Work:
    """Three rows that say one thing, each of an article of its own, of which the best is kept, and one unlike them."""
    for name in ("a", "b", "c", "d"):
        article(work, f"seed {name}", f"https://example.org/{name}", name)
    plant(work, *CELL, {
        "best": {"answer": words(1, 30), "vector": at(0), "composite": 0.9, "section_id": "a"},
        "third": {"answer": words(100, 30), "vector": at(0.1), "composite": 0.5, "section_id": "b"},
        "second": {"answer": words(200, 30), "vector": at(0.2), "composite": 0.7, "section_id": "c"},
        "other": {"answer": words(300, 30), "vector": at(2), "composite": 0.6, "section_id": "d"},
    })  # fmt: skip
    run_cell(work)
    assert accepted(work) == ["best", "other"]
    return work


def index_ids(work: Work) -> list[str]:
    (folder,) = (work.home.data / "indexes" / "duplicates" / "textbook" / "en").iterdir()
    with VectorIndex.open(folder, 4) as index:
        return index.ids()


def test_the_next_best_is_promoted_at_once_and_steps_back_when_its_better_returns(copies):
    before = verdicts(copies)
    done = withdraw(copies, "seed", "seed a", "asked for")
    assert done.promoted == ("second",)
    assert accepted(copies) == ["other", "second"]
    assert index_ids(copies) == ["other", "second"]
    assert faults(copies) == {}
    make_samples(copies, *CELL)
    assert samples(copies) == ["other", "second"]

    done = undo(copies, "seed", "seed a")
    assert (done.demoted, done.promoted, done.stay_out, done.waiting) == (("second",), (), {}, ())
    assert accepted(copies) == ["best", "other"]
    assert verdicts(copies) == before
    assert samples(copies) == ["other"]
    assert faults(copies) == {}
    run_cell(copies)
    assert samples(copies) == ["best", "other"]
    assert verdicts(copies) == before


def test_two_orders_undone_in_either_order_end_where_they_began(copies):
    before = verdicts(copies)
    for first, then in (("seed a", "seed c"), ("seed c", "seed a")):
        assert withdraw(copies, "seed", "seed a", "asked for").promoted == ("second",)
        assert withdraw(copies, "seed", "seed c", "asked for").promoted == ("third",)
        assert accepted(copies) == ["other", "third"]
        undo(copies, "seed", first)
        assert accepted(copies) == (["best", "other"] if first == "seed a" else ["other", "second"])
        undo(copies, "seed", then)
        assert verdicts(copies) == before
        assert faults(copies) == {}
    assert select(copies.warehouse, "select * from orphaned_duplicates") == []


def test_when_all_copies_leave_together_none_is_promoted_and_all_come_back(copies):
    before = verdicts(copies)
    article(copies, "seed e", "https://example.org/e", "e", license="CC0-1.0")
    assert withdraw(copies, "licence", "CC-BY-SA-4.0", "not ours").promoted == ()
    assert accepted(copies) == []
    assert decide_duplicates(copies, *CELL)["work"] == 0
    assert undo(copies, "licence", "CC-BY-SA-4.0").demoted == ()
    assert verdicts(copies) == before


def test_a_process_killed_after_the_marks_leaves_the_promotion_to_the_next_run(copies, monkeypatch):
    before = verdicts(copies)
    with monkeypatch.context() as killed:
        killed.setattr(withdrawal, "decide_orphans", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            withdraw(copies, "seed", "seed a", "asked for")
    assert states(copies) == {"best": "withdrawn", "second": "duplicate", "third": "duplicate", "other": "accepted"}
    assert faults(copies) == {}
    run_cell(copies)
    assert accepted(copies) == samples(copies) == ["other", "second"]
    assert undo(copies, "seed", "seed a").demoted == ("second",)
    assert verdicts(copies) == before
    # the order itself finishes it as well
    with monkeypatch.context() as killed:
        killed.setattr(withdrawal, "decide_orphans", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            withdraw(copies, "seed", "seed a", "asked for")
    again = withdraw(copies, "seed", "seed a", "asked for")
    assert (again.already, again.promoted) == (True, ("second",))


def test_what_was_kept_since_stays_and_what_matches_it_stays_out(copies):
    withdraw(copies, "seed", "seed a", "asked for")
    assert withdraw(copies, "seed", "seed c", "asked for").promoted == ("third",)
    plant(copies, *CELL, {"newcomer": {"answer": words(400, 30), "vector": at(-0.35), "composite": 0.4},
                          "like third": {"answer": words(500, 30), "vector": at(0.45), "composite": 0.3}})  # fmt: skip
    decide_duplicates(copies, *CELL)
    assert accepted(copies) == ["newcomer", "other", "third"]
    done = undo(copies, "seed", "seed a")
    assert done.stay_out == {"best": "newcomer"}
    assert (done.promoted, done.demoted) == ((), ())
    assert faults(copies) == {}
    assert accepted(copies) == ["newcomer", "other", "third"]


def test_what_no_encoder_has_read_waits_for_the_next_run_and_is_named(copies):
    with copies.warehouse.transaction("a test forgets a vector") as open_:
        open_.connection.execute("delete from embeddings where candidate_id = 'second'")
    done = withdraw(copies, "seed", "seed a", "asked for")
    assert (done.promoted, done.waiting) == (("third",), ("second",))
    assert states(copies)["second"] == "open"
    undo(copies, "seed", "seed a")
    assert accepted(copies) == ["best", "other"]
    assert states(copies)["second"] == "duplicate"


def test_other_open_rows_of_the_cell_are_left_to_its_runs(copies):
    plant(copies, *CELL, {"not yet": far(9, composite=0.9)})
    assert withdraw(copies, "seed", "seed a", "asked for").promoted == ("second",)
    assert states(copies)["not yet"] == "open"


def test_a_row_that_was_replaced_does_not_come_back_when_its_replacement_is_withdrawn(work):
    article(work, "lock1", LOCK, "old.1", is_current=False)
    article(work, "lock2", LOCK, "new.2")
    plant(work, *CELL, {"old": far(1, "old.1")})
    run_cell(work)
    plant(work, *CELL, {"new": far(2, "new.2", replaces="old")})
    run_cell(work)
    assert states(work) == {"old": "superseded", "new": "accepted"}
    withdraw(work, "seed", "lock2", "error")
    assert states(work) == {"old": "superseded", "new": "withdrawn"}
    run_cell(work)
    assert samples(work) == []
    undo(work, "seed", "lock2")
    assert states(work) == {"old": "superseded", "new": "accepted"}
    withdraw(work, "url", LOCK, "asked for")
    assert states(work) == {"old": "withdrawn", "new": "withdrawn"}
    assert faults(work) == {}


# --- not again


def planned(work: Work) -> list[tuple[str, str]]:
    """Section and state of what was planned on a section."""
    rows = select(work.warehouse, "select section_id, state from candidate_states where section_id is not null")
    return sorted((row["section_id"], row["state"]) for row in rows)


def test_a_withdrawn_section_is_drawn_from_no_more_and_open_rows_are_asked_about_no_more(work):
    article(work, "lock1", LOCK, "bolt.1")
    article(work, "key1", KEY, "bow.1")
    assert plan_round(work, *CELL)["planned"] == 4
    on_lock = sum(section == "bolt.1" for section, _ in planned(work))
    done = withdraw(work, "url", LOCK, "asked for")
    assert (done.candidates, done.cells[0]["open"]) == (on_lock, on_lock)
    assert sum(count_open(work, "textbook", "en", "queries").values()) == 4 - on_lock
    assert plan_round(work, *CELL)["planned"] == on_lock
    assert [section for section, state in planned(work) if state == "open"] == 4 * ["bow.1"]
    assert faults(work) == {}


def test_an_address_stands_for_later_revisions_and_a_seed_for_its_own(work):
    article(work, "lock1", LOCK, "bolt.1")
    withdraw(work, "url", LOCK, "asked for")
    article(work, "lock2", LOCK, "bolt.2", "other text.2")
    assert pool(work) == []
    undo(work, "url", LOCK)
    withdraw(work, "seed", "lock1", "error")
    assert pool(work) == ["bolt.2", "other text.2"]
    undo(work, "seed", "lock1")
    withdraw(work, "section", "bolt.1", "error")
    article(work, "lock3", LOCK, "bolt.3", "other text.3")
    assert pool(work) == ["other text.2"]


def test_a_licence_stands_for_articles_to_come(work):
    article(work, "lock1", LOCK, "bolt.1", license="CC-BY-NC-4.0")
    withdraw(work, "licence", "CC-BY-NC-4.0", "not for everybody")
    article(work, "key1", KEY, "bow.1", license="cc-by-nc-4.0")
    article(work, "gate1", "https://example.org/Gate", "hinge.1")
    assert pool(work) == ["hinge.1"]
    assert [row["section_id"] for row in work.warehouse.read("transforms/signatures")] == []


def test_a_row_is_not_replaced_by_one_of_a_withdrawn_revision(work):
    article(work, "lock1", LOCK, "bolt.1", is_current=False)
    article(work, "lock2", LOCK, "bolt anew.2")
    plant(work, *CELL, {"old": far(1, "bolt.1", source="bolt", exercise_version=99)})
    run_cell(work)
    with work.warehouse.transaction("a test looks at places") as open_:
        open_.connection.execute("update sections set url = 'x', heading_path = []")
    cell = {"exercises": ["textbook"], "versions": [1], "languages": ["en"]}
    assert [row["source_now"] for row in work.warehouse.read("transforms/outdated_candidates", **cell)] == ["bolt anew"]
    withdraw(work, "seed", "lock2", "error")
    assert work.warehouse.read("transforms/outdated_candidates", **cell) == []


def test_the_same_text_of_another_article_stays_and_is_named(work):
    article(work, "lock1", LOCK, "bolt.1")
    article(work, "key1", KEY, "bolt.2")
    assert pool(work) == ["bolt.1"]
    assert withdraw(work, "url", LOCK, "asked for").same_text == (KEY,)
    assert pool(work) == ["bolt.2"]


def test_what_was_planned_while_an_order_was_given_is_marked_before_it_could_be_accepted(three):
    withdraw(three, "url", LOCK, "asked for")
    plant(three, *CELL, {"late": far(7, "bolt.1"), "later": far(8, "bow.1", neighbour_ids=["x", "bolt.1"])})
    assert {states(three)["late"], states(three)["later"]} == {"open"}
    run_cell(three)
    assert {states(three)["late"], states(three)["later"]} == {"withdrawn"}
    assert samples(three) == ["of key"]
    assert undo(three, "url", LOCK).candidates == 4


def test_what_is_withdrawn_while_a_round_is_planned_is_never_open(work, monkeypatch):
    article(work, "lock1", LOCK, "bolt.1")
    article(work, "key1", KEY, "bow.1")
    plan = steps.plan_candidates

    def while_an_order_is_given(*given, **named):
        withdraw(work, "url", LOCK, "asked for")
        return plan(*given, **named)

    monkeypatch.setattr(steps, "plan_candidates", while_an_order_is_given)
    assert plan_round(work, *CELL)["planned"] == 4
    assert sorted(set(planned(work))) == [("bolt.1", "withdrawn"), ("bow.1", "open")]
    assert faults(work) == {}


def test_what_is_withdrawn_while_a_step_runs_is_asked_about_no_more(home, write_recipe, endpoint, monkeypatch):
    work = make_work(home, write_recipe(endpoint.address, exercises={"textbook": {"rows": 4}}))
    article(work, "lock1", LOCK, "bolt.1", text=words(0, 120))
    assert plan_round(work, *CELL)["planned"] == 4
    monkeypatch.setattr(steps, "READ_BLOCK", 1)
    read = steps.read_tasks
    seen = []

    def while_an_order_is_given(*given):
        if seen:
            withdraw(work, "url", LOCK, "asked for")
        seen.append(given)
        return read(*given)

    monkeypatch.setattr(steps, "read_tasks", while_an_order_is_given)
    carry_step(work, *CELL, "queries")
    # the block that was read before the order came is asked about; the others are not
    assert select(work.warehouse, "select count(*) as n from queries") == [{"n": 1}]


# --- releases, snapshots, the command


def test_the_next_release_holds_none_of_it_and_says_how_many_and_why(three):
    first = publish_release(three)
    withdraw(three, "url", LOCK, "a person asked")
    second = publish_release(three)
    assert (first.samples, second.samples) == (3, 1)
    reasons = {each.reason: each.samples for each in second.comparison.reasons if each.what == "went"}
    assert reasons == {"withdrawn: a person asked": 2}
    card = (second.folder / "README.md").read_text("utf-8")
    assert "Withdrawn, with all that descends from it: 2 (a person asked)." in card
    assert select(three.warehouse, "select candidate_id, reason from left_out order by all") == [
        {"candidate_id": "beside", "reason": "withdrawn"}, {"candidate_id": "of lock", "reason": "withdrawn"},
    ]  # fmt: skip
    undo(three, "url", LOCK)
    make_samples(three, *CELL)
    assert publish_release(three).version == first.version


def test_the_snapshot_and_a_warehouse_of_the_layout_before_know_withdrawals(three, tmp_path):
    withdraw(three, "url", LOCK, "asked for")
    snapshot = tmp_path / "snapshot.duckdb"
    assert three.warehouse.publish_snapshot(snapshot)
    with three.warehouse.transaction("a test goes back a layout") as open_:
        open_.connection.execute("alter table withdrawals drop column order_id")
        open_.connection.execute("update schema_version set version = 2")
    before = replace(three, warehouse=Warehouse(database=str(three.warehouse.path)))
    assert select(before.warehouse, "select distinct order_id from withdrawals") == [{"order_id": None}]
    assert states(before) == {"of lock": "withdrawn", "beside": "withdrawn", "of key": "accepted"}


@pytest.mark.long
def test_the_command_asks_first_and_says_what_it_did(three):
    root = three.home.root
    asked = synth_assets(root, "withdraw", "--url", LOCK, "--reason", "asked for")
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    assert len(samples(three)) == 3
    done = status_json(synth_assets(root, "withdraw", "--url", LOCK, "--reason", "asked for", "--yes", "--json"))
    assert {name: done[name] for name in ("candidates", "samples", "undone", "promoted", "demoted")} == {
        "candidates": 2, "samples": 2, "undone": False, "promoted": [], "demoted": [],
    }  # fmt: skip
    back = synth_assets(root, "withdraw", "--url", LOCK, "--undo", "--yes")
    assert back.returncode == 0, back.stderr
    assert f"url {LOCK} is withdrawn no longer: asked for" in back.stdout
    unknown = synth_assets(root, "withdraw", "--licence", "CC0", "--reason", "r", "--dry-run")
    assert unknown.returncode == 1
    (line,) = error_lines(unknown)
    assert line.startswith("NotWithdrawable: there is no licence 'CC0'; nearest to it: CC-BY-SA-4.0")
    assert len(accepted(three)) == 3
