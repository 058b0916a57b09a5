import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.novelty import REASONS, THRESHOLDS, applies, score
from tests.quality.test_grounding import GROUNDED, SECTIONS


def row(answer: str, language: str = "en", **rest) -> ScoredRow:
    return ScoredRow(
        exercise="rag",
        language=language,
        query=rest.pop("query", "What happened?"),
        draft="",
        answer=answer,
        **{"section_language": language, "section_text": SECTIONS[language], **rest},
    )


def judge(answer: str, language: str = "en", **rest):
    result = score(row(answer, language, **rest), THRESHOLDS)
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_passage_handed_out_as_the_answer_is_copied(language):
    result = judge(SECTIONS[language], language)
    assert (result.passed, result.reason, result.value) == (False, "copied_from_seed", 0.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_words_of_its_own_is_new(language):
    assert judge(GROUNDED[language], language).value == 1.0


def test_case_and_punctuation_hide_no_copy():
    assert judge(SECTIONS["en"].upper().replace(".", ";")).reason == "copied_from_seed"


def test_a_long_run_is_copied_however_much_is_written_beside_it():
    passage = " ".join(f"word{number}" for number in range(60))
    own = " ".join(f"other{number}" for number in range(200))
    assert judge(f"{passage} {own}", section_text=passage).reason == "copied_from_seed"
    assert judge(f"{passage[:100]} {own}", section_text=passage).passed


def test_overlapping_runs_are_counted_once():
    result = judge(f"{SECTIONS['en']} {' '.join(f'other{number}' for number in range(60))}")
    copied, _, total = result.detail.partition(" words")[0].split()[:3]
    assert int(copied) == len(SECTIONS["en"].split())
    assert int(total) == int(copied) + 60


@pytest.mark.parametrize("quote", ['<ref name="source_1">{}</ref>', '"{}"', "“{}”", "„{}“", "«{}»"])
def test_what_is_quoted_is_no_copy(quote):
    quoted = quote.replace("{}", SECTIONS["en"])
    own = "As the chronicle of the town has it in so many words, and nobody doubts it:"
    assert judge(f"{own} {quoted}").value == 1.0


def test_neighbours_and_sources_of_the_query_can_be_copied_too():
    text = SECTIONS["en"]
    assert judge(text, section_text="", neighbour_texts=(text,)).reason == "copied_from_seed"
    query = f"What?\n<source_1>{text}</source_1>"
    assert judge(text, section_text="Another one.", query=query).reason == "copied_from_seed"


def test_a_few_words_are_not_judged():
    assert "too few" in judge("The tower of the old town hall was raised in 1478").detail


def test_a_translation_and_a_row_without_passages_are_not_judged():
    assert not applies(row("La tour.", language="fr", section_language="en"))
    assert not applies(row("The tower.", section_text=""))
    assert applies(row("The tower."))
