import pytest

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.length import REASONS, THRESHOLDS, count_words, score

QUERY = "How high is the tower of the old town hall?"
DRAFT = "shadow of the tower → thirty metres ∴ it is thirty metres high"


def judge(query: str = QUERY, draft: str = DRAFT, answer: str = "It is 30 metres high.") -> Score:
    result = score(ScoredRow(exercise="rag", language="en", query=query, draft=draft, answer=answer), THRESHOLDS)
    assert result.reason in REASONS | {""}
    return result


@pytest.mark.parametrize("answer", ["It is 30 metres high.", "**16,020 pounds**", "C. Paris", "42"])
def test_answers_of_any_ordinary_length_pass(answer):
    assert judge(answer=answer).passed


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"query": "How high?"}, "query_too_short"),
        ({"query": "word " * 601}, "query_too_long"),
        ({"draft": "shadow → thirty ∴ thirty"}, "draft_too_short"),
        ({"draft": "word " * 4001}, "draft_too_long"),
        ({"answer": ""}, "answer_too_short"),
        ({"answer": "→ ∴ — ..."}, "answer_too_short"),
        ({"answer": "word " * 3001}, "answer_too_long"),
    ],
)
def test_each_bound_has_its_own_reason(parts, reason):
    result = judge(**parts)
    assert (result.passed, result.reason) == (False, reason)
    assert result.value == pytest.approx(2 / 3)


def test_an_exercise_without_a_trace_is_not_asked_for_one():
    result = judge(draft="")
    assert result.passed
    assert "draft" not in result.detail


def test_sources_that_a_query_carries_are_not_its_length():
    sources = "<source_1>" + "word " * 900 + "</source_1>"
    assert judge(query=f"{QUERY}\n{sources}").passed
    assert judge(query=f"How high?\n{sources}").reason == "query_too_short"


@pytest.mark.parametrize(("text", "words"), [("", 0), ("→ ∴ 42", 1), ("L'été, c'est long !", 3), ("a\nb\tc", 3)])
def test_a_word_holds_a_letter_or_a_digit(text, words):
    assert count_words(text) == words
