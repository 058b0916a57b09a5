"""Searching candidates, and the sentences of an answer that its passages bear."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from synth_assets.audit.grounded_sentences import mark_sentences
from synth_assets.audit.search import PAGE_ROWS, STATES, Search, Totals, find_candidates, read_search
from synth_assets.home import Home
from synth_assets.quality import grounding
from synth_assets.quality.base import ScoredRow
from synth_assets.warehouse import Warehouse
from tests.audit.planted_audit import name_of, plant_audit
from tests.conftest import select


@pytest.fixture
def warehouse(home: Home) -> Warehouse:
    return plant_audit(home)


def letters(warehouse: Warehouse, **sought) -> str:
    """The first letters of the ids that are found, in the order of the page."""
    found = find_candidates(warehouse, Search(**sought))
    assert found.total == len(found.rows)
    return "".join(row["candidate_id"][0] for row in found.rows)


def test_everything_is_found_newest_first(warehouse):
    assert letters(warehouse) == "fedcba"


def test_a_text_is_found_in_query_answer_and_seed_in_letters_of_either_case(warehouse):
    assert letters(warehouse, text="6 BY 7") == "f"
    assert letters(warehouse, text="unicorns graze") == "cba"
    # e has no answer yet, and d was refused: their section holds it
    assert letters(warehouse, text="taller TOWER") == "edcba"
    assert letters(warehouse, text="nowhere at all") == ""


@pytest.mark.parametrize("text", ["%", "_", ".*", "'; drop table samples; --", "$text", "\\"])
def test_no_letter_of_a_text_is_a_pattern_or_a_statement(warehouse, text):
    assert letters(warehouse, text=text) == ""


def test_cells_states_reasons_and_scores_narrow_the_search(warehouse):
    assert letters(warehouse, exercise="memorization") == "edcba"
    assert letters(warehouse, language="fr") == "e"
    assert letters(warehouse, state="accepted") == "fa"
    assert letters(warehouse, state="refused") == "db"
    assert letters(warehouse, state="duplicate") == "c"
    assert letters(warehouse, state="open") == "e"
    assert letters(warehouse, reason="truncated") == "d"
    assert letters(warehouse, reason="ungrounded", state="refused") == "b"
    assert letters(warehouse, least=0.5) == "fca"
    assert letters(warehouse, most=0.3) == "b"
    assert letters(warehouse, run_id="run-c") == "c"
    assert letters(warehouse, seed_id="seed-1") == "edcba"
    assert letters(warehouse, seed_id="seed-0") == ""
    assert letters(warehouse, text="unicorns", state="accepted", exercise="memorization", least=0.9) == "a"


def test_rows_tell_state_reason_score_and_article(warehouse):
    rows = {row["candidate_id"][0]: row for row in find_candidates(warehouse, Search()).rows}
    assert (rows["b"]["state"], rows["b"]["refused_at"], rows["b"]["refused_reason"]) == (
        "refused", "quality_scores", "ungrounded",
    )  # fmt: skip
    assert (rows["d"]["state"], rows["d"]["refused_at"], rows["d"]["score"]) == ("refused", "queries", None)
    assert rows["a"]["name"] == "memorization_en_" + "a" * 16
    assert (rows["a"]["seed_id"], rows["f"]["seed_id"]) == ("seed-1", None)


def test_a_list_says_the_states_that_the_view_says(warehouse):
    """g is superseded by h, i is withdrawn, j holds an item of a benchmark; all are copies of a otherwise."""
    ids = {letter: name_of(letter) for letter in "aghij"}
    with warehouse.transaction("a test plants more") as open_:
        run = open_.connection.execute
        for letter in "ghij":
            for table in ("candidates", "queries", "reasoning_drafts", "answers", "quality_scores", "duplicates"):
                copy = f"select * replace ($id as candidate_id) from {table} where candidate_id = $a"
                run(f"insert into {table} {copy}", {"id": ids[letter], "a": ids["a"]})
        copy = "select * replace ($h as candidate_id) from samples where candidate_id = $a"
        run(f"insert into samples {copy}", {"h": ids["h"], "a": ids["a"]})
        run("update candidates set replaces = $g where candidate_id = $h", {"g": ids["g"], "h": ids["h"]})
        copy = "select $i as candidate_id, 'asked' as reason, now() as withdrawn_at"
        run(f"insert into withdrawals by name {copy}", {"i": ids["i"]})
        copy = """select candidate_id, exercise, language, false as passed, 'contaminated' as reason, '[]' as matches,
            'f' as fingerprint, run_id, made_at as judged_at from answers where candidate_id = $j"""
        run(f"insert into contamination by name {copy}", {"j": ids["j"]})
    told = {row["candidate_id"][0]: row["state"] for row in find_candidates(warehouse, Search()).rows}
    assert {letter: told[letter] for letter in "ghij"} == {
        "g": "superseded", "h": "accepted", "i": "withdrawn", "j": "refused",
    }  # fmt: skip
    view = select(warehouse, "select candidate_id, state from candidate_states")
    assert told == {row["candidate_id"][0]: row["state"] for row in view}
    counted = Totals(warehouse).read().by_state(Search())
    for state in STATES:
        assert set(letters(warehouse, state=state)) == {letter for letter in told if told[letter] == state}
        assert counted[state] == list(told.values()).count(state)


def test_what_is_accepted_before_its_sample_is_made_counts_as_accepted(warehouse):
    with warehouse.transaction("a test takes a sample away") as open_:
        open_.connection.execute("delete from samples where candidate_id = $a", {"a": name_of("a")})
    assert letters(warehouse, state="accepted") == "fa"
    counted = Totals(warehouse).read().by_state(Search())
    assert (counted["accepted"], counted["open"]) == (2, 1)


def test_a_page_holds_its_rows_and_counts_are_of_all_pages(warehouse):
    with warehouse.transaction("a test plants more") as open_:
        for number in range(PAGE_ROWS):
            open_.connection.execute(
                "insert into candidates select * replace ($id as candidate_id) from candidates where language = 'fr' "
                "and candidate_id = $from",
                {"id": f"{number:064x}", "from": "e" * 64},
            )
    first, second = (find_candidates(warehouse, Search(language="fr", page=page)) for page in (1, 2))
    assert (first.total, first.pages, len(first.rows), len(second.rows)) == (PAGE_ROWS + 1, 2, PAGE_ROWS, 1)
    assert not {row["candidate_id"] for row in first.rows} & {row["candidate_id"] for row in second.rows}
    assert find_candidates(warehouse, Search(language="fr", page=3)).rows == []


def test_totals_count_states_and_reasons_by_cell(warehouse):
    totals = Totals(warehouse).read()
    assert totals.by_state(Search()) == {
        "accepted": 2, "refused": 2, "duplicate": 1, "open": 1, "superseded": 0, "withdrawn": 0,
    }  # fmt: skip
    assert totals.by_state(Search(language="fr"))["open"] == 1
    assert totals.by_reason(Search()) == {"truncated": 1, "ungrounded": 1}
    assert totals.by_reason(Search(exercise="math_exercise")) == {}


def test_an_address_asks_for_the_same_search_again():
    search = Search(text="a & b=c", state="refused", reason="ungrounded", least=0.25, page=3)
    assert read_search(parse_qsl(urlsplit(search.address()).query)) == search
    assert Search().address() == "/"
    assert search.changed(state="open").page == 1
    assert Search(run_id="r", page=2).address("/run/r") == "/run/r?page=2"


@pytest.mark.parametrize(
    "asked",
    [("state", "<b>"), ("least", "nan"), ("least", "7"), ("most", "much"), ("page", "0"), ("page", "-3"), ("page", "²"),
     ("page", "9" * 400), ("unknown", "1")],
)  # fmt: skip
def test_what_an_address_cannot_mean_is_left_out(asked):
    assert read_search([asked]) == Search()


# --- sentences

ROW = ScoredRow(
    exercise="memorization",
    language="en",
    query="When was the lighthouse of Arkona built?",
    draft="",
    answer="The lighthouse was finished in 1827 by Karl Schinkel. It served Baltic fishermen until 1905, when a taller "
    "tower replaced it.\n\nUnicorns graze nearby in 1944. The price is not recorded.",
    section_language="en",
    section_text="Arkona is a cape. The lighthouse was designed by Karl Friedrich Schinkel and finished in 1827. "
    "A taller tower replaced it in 1905.",
    neighbour_texts=("Fishermen of the Baltic sea.",),
)


def test_each_sentence_says_what_was_found_and_where():
    grounded = mark_sentences(ROW)
    assert [sentence.verdict for sentence in grounded.answer] == ["grounded", "grounded", "weak", "declines"]
    assert [sentence.places for sentence in grounded.answer] == [(2,), (3, 4), (), ()]
    assert [[sentence.found_by for sentence in part] for part in grounded.passages] == [[(), (1,), (2,)], [(2,)]]
    assert "".join(run.text for sentence in grounded.answer for run in sentence.runs) == ROW.answer
    missing = [run.text for run in grounded.answer[2].runs if run.kind == "missing"]
    assert missing == ["Unicorns", "graze", "nearby", "1944"]


def test_the_marks_are_what_the_score_saw():
    grounded = mark_sentences(ROW)
    assert grounded.score == grounding.score(ROW, grounding.THRESHOLDS)
    found, own = (sum(getattr(sentence, name) for sentence in grounded.answer) for name in ("found", "own"))
    assert f"{found} of {own} words found" in grounded.score.detail


def test_a_translated_answer_is_marked_by_its_names():
    row = replace(ROW, language="fr", query="Quand le phare fut-il construit ?",
                  answer="Le phare fut construit par Karl Schinkel en 1827.")  # fmt: skip
    grounded = mark_sentences(row)
    assert grounded.translated
    assert (grounded.answer[0].verdict, grounded.answer[0].places) == ("grounded", (2,))
    assert [run.text for run in grounded.answer[0].runs if run.kind == "found"] == ["Karl", "Schinkel"]


def test_an_answer_without_passages_is_not_marked():
    assert mark_sentences(replace(ROW, section_text="", neighbour_texts=())) is None
