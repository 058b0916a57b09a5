"""The trace is held against its passages: what speaks of something else is refused."""

import pytest

from synth_assets.exercises.memorization import worked_examples
from synth_assets.languages import LANGUAGES
from synth_assets.quality import trace_grounding
from synth_assets.quality.base import Score, ScoredRow

CANAL = (
    "The Corinth Canal is a narrow waterway in Greece. Finished in 1893, it spares ships a voyage of 700 km around the "
    "Peloponnese."
)
WRIGHT = (
    "Frank Lloyd Wright fue un arquitecto estadounidense que proponía el diseño de estructuras en armonía con la "
    "humanidad y el entorno, una filosofía conocida como arquitectura orgánica."
)


def judged(draft: str, section: str, language: str = "en", **fields: str) -> Score:
    row = ScoredRow(
        exercise="memorization",
        language=language,
        query=fields.get("query", "What does it do?"),
        answer=fields.get("answer", "It helps."),
        draft=draft,
        section_language=language,
        section_title=fields.get("title", ""),
        section_text=section,
    )
    return trace_grounding.score(row, trace_grounding.THRESHOLDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_worked_example_passes_in_every_language(language: str) -> None:
    for example in worked_examples(language):
        score = judged(
            example["draft"], example["passage"], language,
            title=example["title"], query=example["query"], answer=example["answer"],
        )  # fmt: skip
        assert score.passed, (example["title"], score.detail)


def test_a_trace_of_the_passages_own_words_passes() -> None:
    draft = "● The Corinth Canal spares ships a voyage of 700 km.\n∴ The way around the Peloponnese."
    score = judged(draft, CANAL, answer="The way around the Peloponnese, 700 km.")
    assert score.passed
    assert score.value == 1.0


def test_a_trace_about_something_else_is_refused_by_name() -> None:
    score = judged("● Superman has superhuman strength and flies over tall buildings.\n∴ Heroes rescue people.", CANAL)
    assert (score.passed, score.reason) == (False, "trace_off_topic")


def test_a_conclusion_that_has_nothing_to_do_with_the_answer_is_refused_by_name() -> None:
    draft = "● The Corinth Canal spares ships a voyage of 700 km.\n∴ 4."
    assert judged(draft, CANAL, answer="It spares ships 700 km.").reason == "conclusion_off_answer"
    assert judged(draft.replace("4", "700"), CANAL, answer="It spares ships 700 km.").passed


def test_a_trace_over_a_foreign_passage_is_held_to_its_names() -> None:
    astray = "● A plane crashed into the World Trade Center in New York City.\n∴ The Wright brothers designed it."
    near = "● The buildings of Frank Lloyd Wright stand in harmony with nature.\n∴ This is organic architecture."
    assert judged(astray, WRIGHT, "es").reason == "trace_off_topic"
    assert judged(near, WRIGHT, "es").passed


def test_a_made_up_name_in_the_query_does_not_vouch_for_the_trace() -> None:
    draft = "● The people of Takishjianistan are many.\n∴ So the land of Takishjianland has one."
    score = judged(draft, "Tayikistán es un país de Asia Central.", "es", query="¿Qué es Takishjiana?")
    assert not score.passed


def test_rows_without_a_trace_or_without_passages_are_not_judged() -> None:
    bare = ScoredRow(exercise="math_exercise", language="en", query="q", draft="∴ 4", answer="4")
    mute = ScoredRow(exercise="textbook", language="en", query="q", draft="", answer="a", section_text=CANAL)
    assert not trace_grounding.applies(bare)
    assert not trace_grounding.applies(mute)
