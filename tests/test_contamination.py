"""Candidates held against benchmark files: planted rows, real files, and the packaged encoder where vectors matter."""

import json
from pathlib import Path

import pytest

from synth_assets.encoder import Encoder
from synth_assets.errors import BenchmarkError, RecipeError
from synth_assets.quality.decontamination import chunks
from synth_assets.stages.contamination import judge_contamination
from synth_assets.stages.curation import make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.work import Work
from tests.conftest import failed_checks, make_work, select
from tests.planted_rows import plant, words

CELL = ("textbook", "en")
ASKED = (
    "A farmer has seventeen sheep in a field beside the river and all but nine of them run away during the night, "
    "so how many sheep are left in the morning?"
)
LATER = "Which of these four metals melts first when all of them are heated slowly in one and the same furnace?"
HONEST = "Barley ripens before wheat does and bears a late frost, which is why it is grown so far to the north."


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_items(tmp_path / "questions.jsonl", {"q1": ASKED})


def write_items(path: Path, items: dict[str, str]) -> Path:
    lines = [json.dumps({"id": name, "question": text, "answer": "nine"}) for name, text in items.items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def held_against(*paths: str, cosine: float | None = None, **settings) -> dict:
    benchmarks = [
        {"path": path, "name": path.split(".")[0], "question": "question", "answer": "answer", "item": "id"}
        for path in paths
    ]
    return {"benchmarks": benchmarks, "cosine": cosine, **settings}


@pytest.fixture
def work_with(home, write_recipe):
    """Makes a `Work` whose recipe has these settings of `decontamination`."""

    def make(**settings) -> Work:
        return make_work(home, write_recipe(exercises={"textbook": {"rows": 4}}, decontamination=settings))

    return make


def vector(number: int) -> list[float]:
    return [float(number == place) for place in range(8)]


def plant_three(work: Work) -> None:
    plant(work, *CELL, {
        "query": {"query": f"Please solve: {ASKED}", "answer": words(1, 40), "vector": vector(0)},
        "trace": {"draft": f"It runs: {LATER}", "answer": words(100, 40), "vector": vector(1)},
        "honest": {"answer": HONEST, "vector": vector(2)},
    })  # fmt: skip


def verdicts(work: Work) -> dict[str, tuple]:
    rows = select(work.warehouse, "select candidate_id, benchmark, item, round(overlap, 3) as overlap, method "
                  "from contamination")  # fmt: skip
    return {row.pop("candidate_id"): tuple(row.values()) for row in rows}


def states(work: Work) -> dict[str, str]:
    rows = select(work.warehouse, "select candidate_id, state from candidate_states")
    return {row["candidate_id"]: row["state"] for row in rows}


def publish(work: Work) -> list[str]:
    """Runs the stages from contamination to samples, and gives the ids of the samples."""
    judge_contamination(work, *CELL)
    decide_duplicates(work, *CELL)
    make_samples(work, *CELL)
    return [row["candidate_id"] for row in select(work.warehouse, "select candidate_id from samples order by all")]


# --- verdicts


def test_a_sample_that_holds_a_question_is_refused_with_benchmark_item_and_overlap(work_with, questions):
    work = work_with(**held_against("questions.jsonl"))
    plant_three(work)
    told = judge_contamination(work, *CELL)
    clean = (None, None, None, None)
    assert verdicts(work) == {"query": ("questions", "q1", 1.0, "words"), "trace": clean, "honest": clean}
    assert (told["work"], told["passed"], told["refused"]) == (3, 2, {"contaminated": 1})
    assert told["found_in"] == {"questions by words": 1}
    assert told["benchmarks"] == {"questions": 1}
    assert states(work) == {"query": "refused", "trace": "open", "honest": "open"}
    (refusal,) = work.warehouse.read("audit/cell_refusals")
    assert (refusal["refused_at"], refusal["refused_reason"]) == ("contamination", "contaminated")
    assert publish(work) == ["honest", "trace"]
    assert failed_checks(work.warehouse) == {}
    assert judge_contamination(work, *CELL)["work"] == 0


def test_without_benchmarks_nothing_is_judged_and_nothing_is_written(work_with):
    work = work_with()
    plant_three(work)
    told = judge_contamination(work, *CELL)
    assert told == {"work": 0, "taken_back": 0, "why": "the recipe names no benchmark"}
    assert verdicts(work) == {}


def test_a_program_s_rows_are_held_against_benchmarks_by_their_words(work_with, questions):
    work = work_with(**held_against("questions.jsonl", cosine=0.9))
    plant(work, "math_exercise", "en", {"a": {"query": ASKED, "answer": "nine"}, "b": {"answer": "ten"}})
    told = judge_contamination(work, "math_exercise", "en")
    assert (told["passed"], told["refused"]) == (1, {"contaminated": 1})
    assert "vectors" not in told


def test_shorter_runs_and_a_least_overlap_are_the_recipe_s_to_set(work_with, questions):
    part = " ".join(ASKED.split()[3:12])
    rows = {"part": {"answer": f"Look: {part}.", "vector": vector(0)}, "all": {"answer": ASKED, "vector": vector(1)}}
    work = work_with(**held_against("questions.jsonl"))
    plant(work, *CELL, rows)
    assert judge_contamination(work, *CELL)["refused"] == {"contaminated": 1}
    shorter = work_with(**held_against("questions.jsonl", ngram=8))
    assert judge_contamination(shorter, *CELL)["refused"] == {"contaminated": 2}
    most = work_with(**held_against("questions.jsonl", ngram=8, least_overlap=0.5))
    assert judge_contamination(most, *CELL)["refused"] == {"contaminated": 1}
    none = work_with(**held_against("questions.jsonl", ngram=None))
    assert judge_contamination(none, *CELL)["refused"] == {}


# --- files that change


def test_a_new_file_judges_old_rows_again_and_a_sample_that_is_contaminated_now_leaves(work_with, questions, tmp_path):
    work = work_with(**held_against("questions.jsonl"))
    plant_three(work)
    assert publish(work) == ["honest", "trace"]
    write_items(tmp_path / "metals.jsonl", {"7": LATER})
    more = work_with(**held_against("questions.jsonl", "metals.jsonl"))
    assert publish(more) == ["honest"]
    assert verdicts(more)["trace"] == ("metals", "7", 1.0, "words")
    assert states(more) == {"query": "refused", "trace": "refused", "honest": "accepted"}
    assert failed_checks(more.warehouse) == {}


def test_a_file_that_lost_the_question_gives_its_sample_back(work_with, questions):
    work = work_with(**held_against("questions.jsonl"))
    plant_three(work)
    publish(work)
    write_items(questions, {"q1": LATER})
    assert publish(work_with(**held_against("questions.jsonl"))) == ["honest", "query"]
    assert publish(work_with()) == ["honest", "query", "trace"]
    assert failed_checks(work.warehouse) == {}


def test_a_file_that_was_only_moved_judges_nothing_again(work_with, questions, home):
    work = work_with(**held_against("questions.jsonl"))
    plant_three(work)
    before = work.recipe.hash
    assert judge_contamination(work, *CELL)["work"] == 3
    questions.rename(home.root / "questions.jsonl")
    moved = work_with(**held_against("questions.jsonl"))
    assert moved.recipe.hash == before
    assert judge_contamination(moved, *CELL)["work"] == 0


def test_a_contaminated_keeper_gives_way_to_the_next_best(work_with, questions):
    work = work_with()
    plant(work, *CELL, {
        "spoiled": {"draft": ASKED, "answer": words(1, 40), "vector": vector(0), "composite": 0.9},
        "copy": {"answer": words(100, 40), "vector": vector(0), "composite": 0.2},
    })  # fmt: skip
    assert publish(work) == ["spoiled"]
    assert publish(work_with(**held_against("questions.jsonl"))) == ["copy"]
    assert failed_checks(work.warehouse) == {}
    # it is clean again, and what took its place stays
    assert publish(work_with()) == ["copy"]
    assert states(work) == {"spoiled": "duplicate", "copy": "accepted"}
    assert failed_checks(work.warehouse) == {}


def test_lines_that_cannot_be_read_are_counted_and_told(work_with, questions, caplog):
    with questions.open("a", encoding="utf-8") as file:
        file.write("no json\n")
    work = work_with(**held_against("questions.jsonl"))
    plant_three(work)
    assert judge_contamination(work, *CELL)["broken_lines"] == 1
    assert any("questions.jsonl:2: not_json" in record.message for record in caplog.records)


# --- vectors


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


SAID = (
    "A farmer keeps seventeen sheep in a meadow by the river. At night all but nine of them run away. How many sheep "
    "does he have in the morning?\nnine"
)


def test_what_is_asked_in_other_words_is_found_by_its_vector_in_long_texts_too(work_with, questions, encoder):
    # as many words before it as leave the question a stretch nearly of its own
    long = min((f"{' '.join([HONEST] * 11)} {' '.join(['mill'] * more)} {SAID}" for more in range(120)),
               key=lambda text: len(chunks(text)[-1]))  # fmt: skip
    texts = {"short": SAID, "long": long, "honest": HONEST}
    rows = {
        name: {"answer": text, "vector": vector}
        for (name, text), vector in zip(texts.items(), encoder.embed(list(texts.values())), strict=True)
    }
    by_words = work_with(**held_against("questions.jsonl"))
    plant(by_words, *CELL, rows)
    assert judge_contamination(by_words, *CELL)["refused"] == {}
    told = judge_contamination(work_with(**held_against("questions.jsonl", cosine=0.75)), *CELL)
    found = verdicts(by_words)
    for name in ("short", "long"):
        benchmark, item, overlap, method = found[name]
        assert (benchmark, item, method) == ("questions", "q1", "vector")
        assert overlap >= 0.75
    assert found["honest"] == (None, None, None, None)
    assert told["vectors"]["items_embedded"] == 1
    assert told["vectors"]["stretches_embedded"] == len(chunks(long))
    # neither items nor stretches are embedded twice
    told = judge_contamination(work_with(**held_against("questions.jsonl", cosine=0.8)), *CELL)
    assert (told["vectors"]["items_embedded"], told["vectors"]["stretches_embedded"]) == (0, 0)
    assert failed_checks(by_words.warehouse) == {}


def test_a_question_that_was_corrected_is_embedded_anew(work_with, questions, encoder):
    (own,) = encoder.embed([f"{LATER}\nnine"])
    work = work_with(**held_against("questions.jsonl", cosine=0.9, ngram=None))
    plant(work, *CELL, {"a": {"answer": f"{LATER}\nnine", "vector": own}})
    assert judge_contamination(work, *CELL)["refused"] == {}
    write_items(questions, {"q1": LATER})
    corrected = work_with(**held_against("questions.jsonl", cosine=0.9, ngram=None))
    assert judge_contamination(corrected, *CELL)["refused"] == {"contaminated": 1}


# --- recipes that cannot be used


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"path": "nowhere.jsonl"}, r"nowhere\.jsonl: no such file, beside the recipe or in the home"),
        ({"question": "prompt"}, r"has no column 'prompt'; its columns are 'id', 'question', 'answer'"),
        ({"answer": "gold"}, r"has no column 'gold'"),
        ({"path": "questions.txt"}, r"a benchmark is a \.jsonl"),
    ],
)
def test_a_missing_file_or_column_is_one_clear_line_before_anything_is_done(
    work_with, questions, tmp_path, change, named
):
    (tmp_path / "questions.txt").write_text("text", "utf-8")
    settings = held_against("questions.jsonl")
    settings["benchmarks"][0] |= change
    with pytest.raises(BenchmarkError, match=named) as raised:
        work_with(**settings)
    assert "\n" not in str(raised.value)


def test_two_benchmarks_of_one_name_and_unknown_keys_are_refused(write_recipe, home, questions):
    settings = held_against("questions.jsonl", "questions.jsonl")
    with pytest.raises(RecipeError, match=r"decontamination\.benchmarks: two benchmarks are called 'questions'"):
        load_checked_recipe(str(write_recipe(decontamination=settings)))
    with pytest.raises(RecipeError, match=r"decontamination\.n_gram: unknown key"):
        load_checked_recipe(str(write_recipe(decontamination={"n_gram": 13})))
