"""The statements under sql/: each alone, then what the states, the checks and the work lists say of hand-made rows."""

import hashlib
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from synth_assets.audit.life import GATHERED
from synth_assets.home import project_file
from synth_assets.stages.settling import standing, states_of
from synth_assets.warehouse import columns, sql, table_names
from tests.planted_faults import FAULTS
from tests.warehouses import warehouse_at

ROOT = project_file("sql")
FILES = sorted(str(path.relative_to(ROOT).with_suffix("")) for path in ROOT.rglob("*.sql"))
CHECKS = [name for name in FILES if name.startswith("checks/")]
# These are run by the warehouse itself, with what it alone can fill in.
OF_THE_WAREHOUSE = ("lake/", "migrations/", "moving/", "tables/", "views/", "transforms/insert_", "transforms/append_")

NOW = datetime(2026, 1, 2, tzinfo=UTC)
VALUES = {
    "varchar": "text", "json": {}, "integer": 1, "bigint": 1, "double": 0.5, "boolean": True, "blob": b"\x00",
    "timestamptz": NOW, "varchar[]": ["text"], "float[]": [1.0, 0.0],
    "bigint[]": [1],
}  # fmt: skip
# A parameter means the same in every file; only the pool's seed is a text, because it is hashed.
PARAMETERS = {
    "candidate_id": "c", "candidate_ids": ["c"], "collection": "vital_articles", "collections": ["vital_articles"],
    "content_hashes": ["h"], "encoder": "packaged@bfloat16", "exercise": "mcq", "family": "mcq", "language": "en",
    "live": False, "whole": True, "most": 10, "name": "c",
    "pass": 0, "round": 1, "rounds": [1], "rows": 10, "run_id": "run", "section_ids": ["s"],
    "seed": 1, "seed_ids": ["a"],
    "size": 10, "version": 1, "judge_share": 0.0, "scorer_version": "text", "weighed_by": "text", "weights": "{}",
    "keep_best": "{}",
    "threshold": 0.5, "bands": [1], "fingerprint": "f", "key_hashes": ["h"],
    "exercises": ["mcq"], "languages": ["en"], "all_exercises": ["mcq"], "all_languages": ["en"],
    "versions": [1], "transient": ["call_failed"], "attempts": 3,
    "why": "transient", "reopened_at": "2026-01-01 00:00:00+00", "recipe_name": "text", "scorer_versions": ["text"],
    "weights_of": ["text"],
    "url": "text", "beginning": "c", "run_ids": ["run"], "seed_id": "a", "section_id": "s", "least": 0.5,
    "highest": 1.0, "state": "accepted", "text": "text", "by_text": False, "by_state": False, "by_score": False,
    "skip": 0,
    "quotas": "{}", "per_topic": 1, "by_version": False, "sample": 1, "left_out_at": NOW, "reasons": ["copy"],
    "batch": "b", "copies_of": ["s"], "shards": ["a", "b"], "first": 0, "last": 10, "places": [1],
    "ids": [], "place": 1, "queries": [1], "reasoning_drafts": [1], "answers": [1], "quality_scores": [1],
    "contamination": [1], "duplicates": [1],
    "until": NOW, "step": "query",
    "order_id": "o", "scope": "url", "value": "text", "reason": "text", "since": NOW, "keeper_ids": ["k"],
}  # fmt: skip
# Statements that sum up give one row of zeros when there is nothing.
TOTALS = (
    "audit/call_totals",
    "audit/count_places",
    "audit/cost_of_cell",
    "audit/judgement_totals",
    "transforms/cell_counts",
    "transforms/count_open_embeddings",
    "transforms/kept_and_gone",
    "transforms/uncompared_state",
)
OVERRIDDEN = {"transforms/pool": {"seed": "1"}, "transforms/open_quality_scores": {"candidate_id": ""}}


# Names that cannot be parameters are put in by who runs the statement, out of a list of its own.
PUT_IN = {
    "{columns}": "candidate_id", "{selected}": "candidate_id", "{table}": "queries",
    "{view}": "select * from main.candidate_states", "{calls}": "calls", "{batches}": "1", "{last}": "1",
    "{folded}": "0", "{values}": "'a' as candidate_id", "{mark}": "candidate_id", "{number}": "candidate_key",
    "{place}": ", rowid as place",
}  # fmt: skip
# Steps of one search or one reading, which stand on the temporary tables of its first.
BEGUN_BY = {
    "audit/search_": "audit/search_begin",
    **{f"transforms/{name}_seeds": "transforms/choose_seeds" for name in ("forget_unchosen", "keep_unchosen",
       "mark_chosen")},
}  # fmt: skip


def statement(name):
    """A file's statement without its comments, with what is put in."""
    text = re.sub(r"--.*", "", sql(name))
    for place, value in PUT_IN.items():
        text = text.replace(place, value)
    return text


def parameters(name):
    return {found: OVERRIDDEN.get(name, {}).get(found, PARAMETERS[found])
            for found in re.findall(r"\$(\w+)", statement(name))}  # fmt: skip


def a_row(table, **values):
    """A row of a table: what may be null is, unless it is given."""
    return {column.name: VALUES[column.type] for column in columns(table) if not column.nullable} | values


class _UndoneError(Exception):
    """Ends the transaction of a test, so that nothing of it is written."""


@pytest.fixture(scope="module")
def empty_warehouse(tmp_path_factory):
    return warehouse_at(tmp_path_factory.mktemp("empty") / "warehouse.duckdb")


@pytest.fixture
def open_(empty_warehouse):
    """A transaction on an empty warehouse, undone when the test ends."""
    with suppress(_UndoneError), empty_warehouse.transaction("a test") as transaction:
        yield transaction
        raise _UndoneError


# --- each file alone


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_one_statement_under_a_comment_that_says_what_it_gives(name):
    text = sql(name)
    first = text.splitlines()[0]
    assert re.fullmatch(r"-- [A-Z].*\S", first)
    assert text.endswith("\n")
    types = {"{columns}": "{'call_id': 'varchar'}"} if name.startswith("views/") else {}
    for place, value in {**PUT_IN, **types}.items():
        text = text.replace(place, value)
    assert len(duckdb.extract_statements(text)) == 1


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith(OF_THE_WAREHOUSE)])
def test_every_file_runs_on_an_empty_warehouse(open_, name):
    for beginning, begun in BEGUN_BY.items():
        if name.startswith(beginning):
            open_.connection.execute(sql(begun), parameters(begun))
    if name == "audit/states_of_gathered":
        open_.connection.register("gathered", GATHERED.empty_table())
    if any(place in sql(name) for place in PUT_IN):
        found = open_.connection.execute(statement(name), parameters(name)).fetchall()
        assert found == ([(0, 0)] if name in TOTALS else [])
        return
    if re.match(r"(delete|update|insert|create|set)\b", statement(name).lstrip()):
        assert open_.execute(name, **parameters(name)) == 0
        return
    frame = open_.frame(name, **parameters(name))
    rows = open_.rows(name, **parameters(name))
    assert frame.to_dicts() == rows
    if name.startswith("audit/count_") or name in TOTALS:
        (row,) = rows
        assert not any(row.values())
    else:
        assert rows == []


# Rows of these come from other tables of the warehouse, by a statement of another name.
MOVED_TO = {"reopened": "transforms/reopen_refused", "settled_rounds": "transforms/settle_rounds"}


@pytest.mark.parametrize("table", [table for table in table_names() if table != "schema_version"])
def test_every_table_but_the_layouts_own_has_a_statement_that_fills_it(table):
    assert MOVED_TO.get(table, f"transforms/insert_{table}") in FILES


@pytest.mark.parametrize("name", FILES)
def test_values_stand_as_parameters_that_have_one_meaning_everywhere(name):
    assert set(re.findall(r"\$(\w+)", statement(name))) <= set(PARAMETERS)


# --- checks


def two_rounds(open_):
    open_.insert("rounds", [a_row("rounds", exercise="mcq", language="en", round=1, planned=2)])
    open_.insert("candidates", [a_row("candidates", candidate_id="a", exercise="mcq", language="en", round=1)])


def an_unclaimed_round(open_):
    open_.insert("candidates", [a_row("candidates", candidate_id="a", exercise="mcq", language="en", round=3)])


def a_row_twice(table, **values):
    def plant(open_):
        open_.insert(table, [a_row(table, **values)])
        open_.connection.execute(f"insert into {table} from {table}")

    return plant


def a_row_alone(table, **values):
    return lambda open_: open_.insert(table, [a_row(table, **values)])


def a_thousand_samples_of_one_cell(open_):
    ids = [f"sample-{number}" for number in range(1000)]
    open_.insert("samples", [a_row("samples", candidate_id=each, synth_id=each, language="en") for each in ids])


def a_candidate_with_two_queries(open_):
    open_.insert("candidates", [a_row("candidates", candidate_id="a")])
    a_row_twice("queries", candidate_id="a")(open_)


def duplicate_of(**keeper):
    def plant(open_):
        open_.insert("duplicates", [
            a_row("duplicates", candidate_id="a", verdict="duplicate", keeper_id="k", family="mcq"),
            *([a_row("duplicates", candidate_id="k", **keeper)] if keeper else []),
        ])  # fmt: skip

    return plant


def a_settled_round_without_candidates(open_):
    names = [column.name for column in columns("settled_rounds")]
    row = dict.fromkeys(names) | a_row("settled_rounds")
    marks = ", ".join(f"${name}" for name in names)
    open_.connection.execute(f"insert into settled_rounds ({', '.join(names)}) values ({marks})", row)


def two_kept_rows_with_one_key(open_):
    for name in ("a", "b"):
        fill(open_, name, *KEPT)


def a_sample_that_was_refused(open_):
    open_.insert("candidates", [a_row("candidates", candidate_id="a")])
    open_.insert("queries", [a_row("queries", candidate_id="a", refused_reason="truncated")])
    open_.insert("samples", [a_row("samples", candidate_id="a")])


def a_sample_of_an_article_that_is_withdrawn(open_):
    article(open_, "a", ("s", "text", {}))
    order = a_row("withdrawal_orders", order_id="o", scope="url", value="https://example.org/lock")
    open_.insert("withdrawal_orders", [order])
    fill(open_, "c", *KEPT, section_id="s")
    open_.insert("samples", [a_row("samples", candidate_id="c")])


def a_vector_of_a_refused_answer(open_):
    fill(open_, "c", QUERY, DRAFT, refused(ANSWER), ("embeddings", {}))


PLANTED = {
    "checks/embeddings/no_orphans": [a_row_alone("embeddings"), a_vector_of_a_refused_answer],
    "checks/candidates/rounds_hold_their_candidates": [two_rounds, an_unclaimed_round],
    "checks/candidates/settled_rounds_agree": [a_settled_round_without_candidates],
    "checks/candidates/states_add_up": [a_candidate_with_two_queries],
    "checks/contamination/refusals_name_their_item": [
        a_row_alone("contamination", passed=False), a_row_alone("contamination", passed=True, benchmark="quiz"),
    ],
    "checks/duplicates/kept_keys_differ": [two_kept_rows_with_one_key],
    "checks/duplicates/signatures_are_unique": [a_row_twice("lexical_signatures"), a_row_twice("chunk_embeddings")],
    "checks/duplicates/keepers_are_kept": [
        duplicate_of(), duplicate_of(verdict="duplicate", keeper_id="a", family="mcq"),
        duplicate_of(verdict="kept", family="rag"),
    ],
    "checks/samples/constraints_are_said": [
        a_row_alone("samples", constraints=" "), a_row_alone("samples", constraints=None),
    ],
    "checks/samples/none_is_withdrawn": [a_sample_of_an_article_that_is_withdrawn],
    "checks/samples/none_outweighs_the_rest": [a_thousand_samples_of_one_cell],
    "checks/samples/samples_are_the_accepted": [a_sample_that_was_refused, a_row_alone("samples")],
}  # fmt: skip


def plants(check):
    table, name = check.removeprefix("checks/").split("/")
    if check in PLANTED | FAULTS:
        return (PLANTED | FAULTS)[check]
    return {"ids_are_unique": [a_row_twice(table)], "no_orphans": [a_row_alone(table)]}[name]


@pytest.mark.parametrize(
    ("check", "plant"),
    [pytest.param(c, plant, id=f"{c}-{n}") for c in CHECKS for n, plant in enumerate(plants(c))],
)
def test_a_check_is_silent_until_something_is_wrong_and_then_names_it(open_, check, plant):
    assert open_.rows(check) == []
    plant(open_)
    assert len(open_.rows(check)) >= 1


def test_checks_are_silent_on_a_cell_that_is_as_it_should_be(open_):
    fill(open_, "a", *KEPT)
    open_.insert("seed_corpus", [a_row("seed_corpus", seed_id="article")])
    open_.insert("sections", [a_row("sections", seed_id="article")])
    open_.insert("rounds", [a_row("rounds", exercise="mcq", language="en", round=1, planned=2)])
    fill(open_, "b", *DUPLICATE[:-1], ("duplicates", {"verdict": "duplicate", "keeper_id": "a", "family": "mcq"}))
    open_.insert("contamination", [a_row("contamination", candidate_id="a")])
    open_.insert("samples", [a_row("samples", candidate_id="a", cell="mcq", language="en", constraints="axis:value")])
    assert {check: open_.rows(check) for check in CHECKS} == {check: [] for check in CHECKS}


# --- the state of a candidate

QUERY, DRAFT, ANSWER = ("queries", {}), ("reasoning_drafts", {}), ("answers", {})
SCORE = ("quality_scores", {"passed": True})
KEPT = (QUERY, DRAFT, ANSWER, SCORE, ("duplicates", {"verdict": "kept", "family": "mcq"}))
DUPLICATE = (*KEPT[:-1], ("duplicates", {"verdict": "duplicate", "family": "mcq", "keeper_id": "k"}))
WITHDRAWN = ("withdrawals", {})
LOW_SCORE = ("quality_scores", {"passed": False, "reason": "not_grounded"})
CONTAMINATED = ("contamination", {"passed": False, "reason": "contaminated", "benchmark": "quiz", "item": "7"})


def refused(step):
    return (step[0], {"refused_reason": f"bad_{step[0]}"})


def fill(open_, candidate_id, *steps, **plan):
    """A candidate of the cell mcq, en with rows of these steps."""
    cell = {"candidate_id": candidate_id, "exercise": "mcq", "language": "en"}
    open_.insert("candidates", [a_row("candidates", **cell | plan)])
    for table, values in steps:
        known = {column.name for column in columns(table)}
        open_.insert(table, [a_row(table, **{k: v for k, v in (cell | plan | values).items() if k in known})])


def states(open_):
    found = open_.connection.execute("select candidate_id, state from candidate_states order by all").fetchall()
    assert len(found) == len(dict(found)), "a candidate has two states"
    return dict(found)


ONE_CANDIDATE = {
    "planned": ((), "open"),
    "asked": ((QUERY,), "open"),
    "drafted": ((QUERY, DRAFT), "open"),
    "answered": ((QUERY, DRAFT, ANSWER), "open"),
    "passed quality": ((QUERY, DRAFT, ANSWER, SCORE), "open"),
    "kept": (KEPT, "accepted"),
    "duplicate": (DUPLICATE, "duplicate"),
    "refused as query": ((refused(QUERY),), "refused"),
    "refused as draft": ((QUERY, refused(DRAFT)), "refused"),
    "refused as answer": ((QUERY, DRAFT, refused(ANSWER)), "refused"),
    "refused for quality": ((QUERY, DRAFT, ANSWER, LOW_SCORE), "refused"),
    "held against benchmarks": ((QUERY, DRAFT, ANSWER, SCORE, ("contamination", {})), "open"),
    "refused as contaminated": ((QUERY, DRAFT, ANSWER, SCORE, CONTAMINATED), "refused"),
    "refused as contaminated after it was kept": ((*KEPT, CONTAMINATED), "refused"),
    "refused as contaminated as a duplicate": ((*DUPLICATE, CONTAMINATED), "refused"),
    "withdrawn at once": ((WITHDRAWN,), "withdrawn"),
    "withdrawn after it was refused": ((refused(QUERY), WITHDRAWN), "withdrawn"),
    "withdrawn after it was kept": ((*KEPT, WITHDRAWN), "withdrawn"),
    "withdrawn as a duplicate": ((*DUPLICATE, WITHDRAWN), "withdrawn"),
}


@pytest.mark.parametrize(("steps", "state"), ONE_CANDIDATE.values(), ids=ONE_CANDIDATE)
def test_a_candidate_is_in_exactly_one_state(open_, steps, state):
    fill(open_, "a", *steps)
    assert states(open_) == {"a": state}
    counts = open_.rows("transforms/cell_counts", exercise="mcq", language="en")[0]
    named = ("open", "refused", "duplicate", "accepted")
    assert {name: counts[name] for name in ("planned", *named)} == {
        "planned": 1, **{name: int(name == state) for name in named}
    }  # fmt: skip
    (cell,) = open_.rows("audit/cell_states")
    assert cell["planned"] == 1
    assert cell.get(state, int(state == "refused")) == 1


REPLACEMENTS = {
    "open": ((QUERY,), "accepted"),
    "refused": ((QUERY, refused(DRAFT)), "accepted"),
    "refused for quality": ((QUERY, DRAFT, ANSWER, LOW_SCORE), "accepted"),
    "a duplicate": (DUPLICATE, "accepted"),
    "contaminated": ((*KEPT, CONTAMINATED), "accepted"),
    "withdrawn before it was kept": ((QUERY, WITHDRAWN), "accepted"),
    "withdrawn": ((*KEPT, WITHDRAWN), "superseded"),
    "accepted": (KEPT, "superseded"),
}


@pytest.mark.parametrize(("replacement", "state"), REPLACEMENTS.values(), ids=REPLACEMENTS)
def test_a_candidate_is_superseded_once_its_replacement_is_accepted_and_not_before(open_, replacement, state):
    fill(open_, "old", *KEPT)
    fill(open_, "new", *replacement, replaces="old")
    assert states(open_)["old"] == state


def test_a_replacement_of_a_replacement_leaves_one_accepted(open_):
    fill(open_, "1", *KEPT)
    fill(open_, "2", *KEPT, replaces="1")
    fill(open_, "3", *KEPT, replaces="2")
    assert states(open_) == {"1": "superseded", "2": "superseded", "3": "accepted"}


def test_two_replacements_and_two_withdrawals_do_not_make_two_rows(open_):
    fill(open_, "old", *KEPT)
    fill(open_, "b", *KEPT, replaces="old")
    fill(open_, "c", *KEPT, replaces="old")
    open_.insert("withdrawals", [a_row("withdrawals", candidate_id="b")])
    open_.connection.execute("insert into withdrawals from withdrawals")
    assert states(open_) == {"old": "superseded", "b": "withdrawn", "c": "accepted"}


@pytest.mark.parametrize(
    ("steps", "reason", "stage"),
    [
        ((refused(QUERY),), "bad_queries", "queries"),
        ((QUERY, refused(DRAFT)), "bad_reasoning_drafts", "reasoning_drafts"),
        ((QUERY, DRAFT, refused(ANSWER)), "bad_answers", "answers"),
        ((QUERY, DRAFT, ANSWER, LOW_SCORE), "not_grounded", "quality_scores"),
        ((QUERY, DRAFT, ANSWER, LOW_SCORE, CONTAMINATED), "not_grounded", "quality_scores"),
        ((*KEPT, CONTAMINATED), "contaminated", "contamination"),
    ],
)
def test_refusals_are_counted_by_reason_and_stage(open_, steps, reason, stage):
    fill(open_, "a", *steps)
    fill(open_, "b", *steps)
    fill(open_, "c", *KEPT)
    assert open_.rows("audit/cell_refusals") == [
        {"exercise": "mcq", "language": "en", "refused_at": stage, "refused_reason": reason, "candidates": 2}
    ]


@pytest.mark.parametrize(
    ("models", "by_program"),
    [(("program",) * 3, True), (("program", "program", "m"), False), (("program", "program"), False), (("m",), False)],
)
def test_a_row_is_by_program_when_no_model_had_a_part_in_it(open_, models, by_program):
    tables = ("queries", "reasoning_drafts", "answers")
    fill(open_, "a", *((table, {"model": model}) for table, model in zip(tables, models, strict=False)))
    assert open_.connection.execute("select by_program from candidate_states").fetchall() == [(by_program,)]


# --- work lists

STAGES = ["queries", "reasoning_drafts", "answers", "embeddings", "quality_scores", "duplicates", "samples"]


def work_lists(open_):
    """The stages on whose list each candidate of the cell stands."""
    found = {}
    for table in STAGES:
        name = f"transforms/open_{table}"
        for row in open_.rows(name, **parameters(name)):
            if not row.get("withdrawn"):
                found.setdefault(row["candidate_id"], []).append(table)
    return found


WAITING = {
    "planned": ((), ["queries"]),
    "asked": ((QUERY,), ["reasoning_drafts"]),
    "drafted": ((QUERY, DRAFT), ["answers"]),
    "answered": ((QUERY, DRAFT, ANSWER), ["embeddings", "quality_scores"]),
    "embedded": ((QUERY, DRAFT, ANSWER, ("embeddings", {"encoder": "packaged@bfloat16"})), ["quality_scores"]),
    "embedded by another": ((QUERY, DRAFT, ANSWER, ("embeddings", {})), ["embeddings", "quality_scores"]),
    "passed quality": ((QUERY, DRAFT, ANSWER, SCORE), ["embeddings", "duplicates"]),
    "kept": (KEPT, ["embeddings", "samples"]),
    "published": ((*KEPT, ("samples", {"cell": "mcq", "exercise": "mcq"})), ["embeddings"]),
    "duplicate": (DUPLICATE, ["embeddings"]),
    "refused for quality": ((QUERY, DRAFT, ANSWER, LOW_SCORE), ["embeddings"]),
    "refused as query": ((refused(QUERY),), []),
    "refused as draft": ((QUERY, refused(DRAFT)), []),
    "refused as answer": ((QUERY, DRAFT, refused(ANSWER)), []),
    "withdrawn": ((WITHDRAWN,), []),
    "withdrawn in the middle": ((QUERY, DRAFT, ANSWER, SCORE, WITHDRAWN), []),
    "withdrawn after it was kept": ((*KEPT, WITHDRAWN), []),
}


@pytest.mark.parametrize(("steps", "lists"), WAITING.values(), ids=WAITING)
def test_a_candidate_stands_on_the_work_list_of_its_next_stage(open_, steps, lists):
    fill(open_, "a", *steps)
    fill(open_, "elsewhere", *steps, language="fr")
    assert work_lists(open_) == ({"a": lists} if lists else {})


def test_vectors_of_two_encoders_stand_side_by_side(open_):
    fill(open_, "a", *KEPT[:-1])
    for encoder, vector in [("one", [1.0, 0.0]), ("two", [0.0, 1.0])]:
        open_.insert("embeddings", [a_row("embeddings", candidate_id="a", encoder=encoder, vector=vector)])
    read = {
        encoder: open_.rows("transforms/vectors_of_candidates", candidate_ids=["a"], encoder=encoder)
        for encoder in ("one", "two")
    }
    assert read == {
        "one": [{"candidate_id": "a", "vector": [1.0, 0.0]}],
        "two": [{"candidate_id": "a", "vector": [0.0, 1.0]}],
    }


def test_the_work_lists_are_in_the_order_of_rounds_and_passes(open_):
    for candidate_id, place in [("a", (2, 0)), ("b", (1, 1)), ("c", (1, 0)), ("d", (1, 0))]:
        fill(open_, candidate_id, round=place[0], **{"pass": place[1]})
    place, pages = {"round": -1, "pass": -1, "candidate_id": ""}, []
    cell = {"exercise": "mcq", "language": "en", "shards": list("abcd")}
    while page := open_.rows("transforms/open_queries", **cell, most=3, **place):
        pages.append([row["candidate_id"] for row in page])
        place = {name: page[-1][name] for name in place}
        assert page[0]["found"] == 4 - 3 * (len(pages) - 1)
    assert pages == [["c", "d", "b"], ["a"]]


def test_samples_that_are_accepted_no_longer_leave_and_those_of_other_cells_stay(open_):
    publish = ("samples", {"cell": "mcq", "exercise": "mcq"})
    fill(open_, "accepted", *KEPT, publish)
    fill(open_, "withdrawn", *KEPT, publish, WITHDRAWN)
    fill(open_, "superseded", *KEPT, publish)
    fill(open_, "successor", *KEPT, replaces="superseded")
    fill(open_, "elsewhere", *KEPT, publish, WITHDRAWN, language="fr")
    assert open_.execute("transforms/delete_samples_not_accepted", exercise="mcq", language="en") == 2
    left = open_.connection.execute("select candidate_id from samples order by all").fetchall()
    assert left == [("accepted",), ("elsewhere",)]
    assert [row["candidate_id"] for row in open_.rows("release/samples")] == ["accepted"]


def test_duplicates_whose_keeper_is_gone_are_decided_again_in_their_family_only(open_):
    def verdict(family, **values):
        return (*KEPT[:-1], ("duplicates", {"family": family} | values))

    fill(open_, "gone", *verdict("mcq", verdict="kept"), WITHDRAWN)
    fill(open_, "keeper", *verdict("mcq", verdict="kept"))
    fill(open_, "orphan", *verdict("mcq", verdict="duplicate", keeper_id="gone"))
    fill(open_, "settled", *verdict("mcq", verdict="duplicate", keeper_id="keeper"))
    fill(open_, "of another family", *verdict("rag", verdict="duplicate", keeper_id="gone"))
    fill(open_, "of another language", *verdict("mcq", verdict="duplicate", keeper_id="gone"), language="fr")
    assert open_.execute("transforms/delete_orphaned_duplicates", exercise="mcq", family="mcq", language="en") == 1
    assert states(open_) == {
        "gone": "withdrawn", "keeper": "accepted", "orphan": "open", "settled": "duplicate",
        "of another family": "duplicate", "of another language": "duplicate",
    }  # fmt: skip
    rows = open_.rows("transforms/open_duplicates", exercise="mcq", language="en")
    assert [row["candidate_id"] for row in rows] == ["orphan"]


def test_only_accepted_rows_are_compared_with(open_):
    fill(open_, "kept", *KEPT)
    fill(open_, "duplicate", *DUPLICATE)
    fill(open_, "withdrawn", *KEPT, WITHDRAWN)
    fill(open_, "superseded", *KEPT)
    fill(open_, "successor", *KEPT, replaces="superseded")
    fill(open_, "elsewhere", *KEPT, language="fr")
    fill(open_, "of another family", *KEPT[:-1], ("duplicates", {"verdict": "kept", "family": "rag"}))
    open_.insert("embeddings", [a_row("embeddings", candidate_id="kept", encoder="packaged@bfloat16", language="en")])
    rows = open_.rows("transforms/kept_of_family", family="mcq", language="en", encoder="packaged@bfloat16")
    stands = standing(open_, "en", [row["candidate_id"] for row in rows])
    vectors = {row["candidate_id"]: row["has_vector"] for row in rows}
    assert {name: vectors[name] for name in stands} == {"kept": True, "successor": False}
    with_keys = open_.rows("transforms/kept_with_keys", family="mcq", language="en", key_hashes=["text", "other"])
    assert standing(open_, "en", [row["candidate_id"] for row in with_keys]) == {"kept", "successor"}
    assert open_.rows("transforms/kept_with_keys", family="mcq", language="en", key_hashes=["other"]) == []


def test_kept_rows_that_share_a_band_are_found_and_those_without_a_signature_named(open_):
    for name, bands, threshold in [("near", [1, 2], 0.8), ("far", [3, 4], 0.8), ("otherwise", [1, 2], 0.9)]:
        fill(open_, name, *KEPT)
        open_.insert("lexical_signatures", [
            a_row("lexical_signatures", candidate_id=name, language="en", bands=bands, threshold=threshold)
        ])  # fmt: skip
    fill(open_, "withdrawn", *KEPT, WITHDRAWN)
    open_.insert("lexical_signatures", [
        a_row("lexical_signatures", candidate_id="withdrawn", language="en", bands=[1], threshold=0.8)
    ])  # fmt: skip
    group = {"family": "mcq", "language": "en", "threshold": 0.8}
    near = [row["candidate_id"] for row in open_.rows("transforms/kept_near_bands", bands=[1, 7], **group)]
    assert near == ["near", "withdrawn"]
    unsigned = [row["candidate_id"] for row in open_.rows("transforms/kept_without_signature", **group)]
    assert unsigned == ["otherwise"]
    assert standing(open_, "en", [*near, *unsigned]) == {"near", "otherwise"}


# --- the corpus


def article(open_, seed_id, *sections, is_current=True, **values):
    """An article with (section_id, text, changes) sections; a text is its own content hash."""
    place = {"collection": "vital_articles", "language": "en", "url": "https://example.org/lock"} | values
    row = a_row("seed_corpus", seed_id=seed_id, is_current=is_current, **place)
    open_.insert("seed_corpus", [row])
    open_.insert("sections", [
        a_row("sections", section_id=section_id, seed_id=seed_id, content_hash=text, text=text, position=position,
              heading_path=["History"], seed_language=place["language"], collection=place["collection"], **changes)
        for position, (section_id, text, changes) in enumerate(sections)
    ])  # fmt: skip


def pool(open_, **changes):
    given = {"language": "en", "collections": ["vital_articles"], "seed": "1", "size": 100} | changes
    return [row["content_hash"] for row in open_.rows("transforms/pool", **given)]


def twenty(open_, first=0, order=1):
    for number in range(first, first + 20)[::order]:
        article(open_, f"a{number}", (f"s{number}", f"text {number}", {}), url=f"https://example.org/{number}")


@pytest.mark.parametrize("order", [1, -1])
def test_the_pool_is_the_same_in_whatever_order_sections_came(open_, order):
    twenty(open_, order=order)
    found = pool(open_)
    assert sorted(found) == sorted(f"text {number}" for number in range(20))
    assert found == sorted(found, key=lambda text: hashlib.md5(f"1{text}".encode()).hexdigest())


def test_the_pool_is_stable_when_articles_are_added_and_its_size_takes_from_the_front(open_):
    twenty(open_)
    before = pool(open_)
    twenty(open_, first=20)
    after = pool(open_)
    assert [text for text in after if text in before] == before
    assert after[:20] != before
    assert pool(open_, size=7) == after[:7]


def test_another_seed_gives_another_pool(open_):
    twenty(open_)
    assert pool(open_, seed="2") != pool(open_)
    assert sorted(pool(open_, seed="2")) == sorted(pool(open_))


def test_the_pool_leaves_out_what_may_not_be_drawn_from(open_):
    article(open_, "a", ("s1", "kept", {}), ("s2", "refused", {"refused_reason": "too_short"}))
    article(open_, "b", ("s3", "of an old revision", {}), is_current=False)
    article(open_, "c", ("s4", "in French", {}), language="fr")
    article(open_, "d", ("s5", "of another collection", {}), collection="cookbook")
    assert pool(open_) == ["kept"]
    assert pool(open_, language="fr") == ["in French"]
    assert sorted(pool(open_, collections=["vital_articles", "cookbook"])) == ["kept", "of another collection"]


def test_a_text_that_two_articles_share_is_drawn_once(open_):
    article(open_, "a", ("s2", "shared", {}))
    article(open_, "b", ("s1", "shared", {}), url="https://example.org/other")
    rows = open_.rows("transforms/pool", language="en", collections=["vital_articles"], seed="1", size=9)
    assert [(row["content_hash"], row["section_id"]) for row in rows] == [("shared", "s1")]


def test_articles_are_cut_once_and_only_their_current_revision(open_):
    article(open_, "cut", ("s1", "text", {}))
    article(open_, "new")
    article(open_, "old", is_current=False)
    assert [row["seed_id"] for row in open_.rows("transforms/uncut_seeds")] == ["new"]


def outdated(open_, version=1):
    rows = open_.rows("transforms/outdated_candidates", exercises=["mcq"], versions=[version], languages=["en"])
    found = states_of(open_, [row["candidate_id"] for row in rows])
    return [
        (row["candidate_id"], row["source_now"], row["section_id_now"])
        for row in rows
        if found[row["candidate_id"]] == "accepted"
    ]


def revised(open_, *now):
    """A candidate on the first section of an article that has these sections now."""
    article(open_, "before", ("s", "text", {}), is_current=False)
    article(open_, "now", *now)
    fill(open_, "c", *KEPT, source="text", section_id="s")


def test_a_candidate_whose_section_has_another_text_now_is_outdated(open_):
    revised(open_, ("t", "other text", {}))
    assert outdated(open_) == [("c", "other text", "t")]


REVISIONS = {
    "the text is the same": [("t", "text", {})],
    "the place is gone": [],
    "another heading stands there": [("t", "other text", {"heading_path": ["Design"]})],
    "the new text is refused": [("t", "other text", {"refused_reason": "too_short"})],
}


@pytest.mark.parametrize("now", REVISIONS.values(), ids=REVISIONS)
def test_a_candidate_is_not_outdated_when(open_, now):
    article(open_, "before", ("s", "text", {}), is_current=False)
    place = {"heading_path": ["History"]}
    open_.insert("seed_corpus", [a_row("seed_corpus", seed_id="now", collection="vital_articles", language="en",
                                       url="https://example.org/lock")])  # fmt: skip
    open_.insert("sections", [a_row("sections", section_id=i, seed_id="now", content_hash=text, position=0,
                                    **place | changes) for i, text, changes in now])  # fmt: skip
    fill(open_, "c", *KEPT, source="text", section_id="s")
    assert outdated(open_) == []


@pytest.mark.parametrize("steps", [(), (QUERY,), DUPLICATE, (refused(QUERY),), (*KEPT, WITHDRAWN)])
def test_only_accepted_candidates_are_replaced(open_, steps):
    article(open_, "before", ("s", "text", {}), is_current=False)
    article(open_, "now", ("t", "other text", {}))
    fill(open_, "c", *steps, source="text", section_id="s")
    assert outdated(open_, version=2) == []


def test_a_candidate_of_an_older_version_of_its_exercise_is_outdated(open_):
    article(open_, "now", ("s", "text", {}))
    fill(open_, "of a section", *KEPT, source="text", section_id="s")
    fill(open_, "of a template", *KEPT, source="template 7")
    fill(open_, "of this version", *KEPT, source="text", section_id="s", exercise_version=2)
    fill(open_, "elsewhere", *KEPT, source="text", section_id="s", language="fr")
    assert outdated(open_, version=1) == []
    assert outdated(open_, version=2) == [("of a section", "text", "s"), ("of a template", "template 7", None)]


def test_a_candidate_whose_replacement_is_accepted_is_outdated_no_longer(open_):
    revised(open_, ("t", "other text", {}))
    fill(open_, "d", *KEPT, source="other text", section_id="t", replaces="c")
    assert outdated(open_) == []


def test_a_file_that_holds_again_what_it_once_held_is_known_by_its_last_reading(open_):
    file = {"collection": "vital_articles", "language": "en", "name": "articles.json"}
    for day, fingerprint in enumerate(["a", "b", "a", "a"]):
        row = a_row("seed_sources", **file, fingerprint=fingerprint, read_at=NOW + timedelta(days=day))
        assert open_.insert("seed_sources", [row]) == (day < 3)
        assert open_.rows("transforms/source_fingerprints") == [file | {"fingerprint": fingerprint}]


OF_COLLECTION = {"collection": "vital_articles", "languages": ["en"]}
MOST = 2**62


def held(open_, file, *seed_ids, day=0, fingerprint="now"):
    """A file that was read to its end and holds these articles."""
    place = {"collection": "vital_articles", "language": "en", "name": file, "fingerprint": fingerprint}
    open_.insert("seed_places", [{**place, "seed_id": seed_id} for seed_id in seed_ids])
    open_.insert("seed_sources", [a_row("seed_sources", **place, read_at=NOW + timedelta(days=day))])


def chosen(open_, **changes):
    """The ids drawn from after choosing, and (url, reason) of those left out over the whole collection."""
    how = {"seed": "1", "by_version": False, "quotas": "{}", "per_topic": MOST, "sample": MOST} | changes
    open_.execute("transforms/choose_seeds", **OF_COLLECTION, **how)
    open_.execute("transforms/mark_chosen_seeds", **OF_COLLECTION)
    open_.execute("transforms/forget_unchosen_seeds", **OF_COLLECTION)
    open_.execute("transforms/keep_unchosen_seeds", run_id="run", left_out_at=NOW)
    rows = open_.connection.execute("select seed_id, is_current from seed_corpus order by seed_id").fetchall()
    left = open_.connection.execute("select url, reason from left_out_seeds order by url, revision").fetchall()
    return [seed_id for seed_id, is_current in rows if is_current], left


def test_articles_that_left_their_file_retire_and_come_back(open_):
    article(open_, "a")
    article(open_, "b", is_current=False)
    held(open_, "one", "b")
    assert chosen(open_) == (["b"], [])
    held(open_, "one", "a", "b", day=1, fingerprint="then")
    assert chosen(open_) == (["a", "b"], [])


def test_an_article_that_stands_in_two_files_stays_while_one_of_them_holds_it(open_):
    article(open_, "a")
    held(open_, "one", "a")
    held(open_, "two", "a")
    held(open_, "one", day=1, fingerprint="gone")
    assert chosen(open_) == (["a"], [])
    held(open_, "two", day=1, fingerprint="gone")
    assert chosen(open_) == ([], [])


def test_what_a_file_holds_counts_only_once_it_was_read_to_its_end(open_):
    article(open_, "a", is_current=False)
    place = {"collection": "vital_articles", "language": "en", "name": "one", "fingerprint": "now"}
    open_.insert("seed_places", [{**place, "seed_id": "a"}])
    assert chosen(open_) == ([], [])


def test_of_several_versions_the_highest_is_drawn_from_where_versions_count(open_):
    for seed_id, revision in (("a", "9"), ("b", "10"), ("c", None)):
        article(open_, seed_id, revision=revision)
    held(open_, "one", "a", "c")
    held(open_, "two", "b")
    assert chosen(open_)[0] == ["a", "b", "c"]
    older = [("https://example.org/lock", "older_version")] * 2
    assert chosen(open_, by_version=True) == (["b"], older)
    held(open_, "two", day=1, fingerprint="gone")
    assert chosen(open_, by_version=True) == (["a"], older[:1])


def test_a_quota_counts_within_its_topic_and_a_sample_over_all(open_):
    for number in range(12):
        article(open_, f"{number:02}", topic=("Art", "art", "Law")[number % 3], url=f"https://example.org/{number:02}")
    held(open_, "one", *[f"{number:02}" for number in range(12)])
    some, left = chosen(open_, quotas='{"art": 3}', per_topic=2)
    assert [int(seed_id) % 3 == 2 for seed_id in some].count(True) == 2
    assert (len(some), len(left)) == (5, 7)
    assert {reason for _, reason in left} == {"beyond_quota"}
    fewer, left = chosen(open_, quotas='{"art": 3}', per_topic=2, sample=4)
    assert set(fewer) < set(some)
    assert [reason for _, reason in left].count("beyond_sample") == 1
    assert chosen(open_, sample=4)[0] != chosen(open_, sample=4, seed="2")[0]
    assert chosen(open_) == ([f"{number:02}" for number in range(12)], [])


# --- planning


def test_the_next_pass_over_a_source_follows_its_last_with_the_same_seed(open_):
    for candidate_id, number, source, seed in [("a", 0, "x", 1), ("b", 1, "x", 1), ("c", 0, "y", 1), ("d", 5, "y", 2)]:
        fill(open_, candidate_id, source=source, seed=seed, **{"pass": number})
    rows = open_.rows("transforms/next_passes", exercise="mcq", language="en", seed=1)
    assert {row["source"]: row["next_pass"] for row in rows} == {"x": 2, "y": 1}


def test_the_last_round_is_counted_also_when_it_planned_nothing(open_):
    open_.insert("rounds", [a_row("rounds", exercise="mcq", language="en", round=4)])
    open_.insert("rounds", [a_row("rounds", exercise="mcq", language="fr", round=9)])
    assert open_.rows("transforms/cell_counts", exercise="mcq", language="en")[0]["last_round"] == 4
