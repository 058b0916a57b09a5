import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.boilerplate import REASONS, THRESHOLDS, score
from tests.quality.spoilers import EMPTY
from tests.quality.test_grounding import DECLINING, GROUNDED


def judge(answer: str, language: str = "en"):
    result = score(ScoredRow(exercise="memorization", language=language, query="", draft="", answer=answer), THRESHOLDS)
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_assistant_that_speaks_of_itself_is_refused_in_every_language(language):
    assert judge(EMPTY[language][0], language).reason == "refusal_text"


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_refusals_are_seen_in_every_language(language):
    assert judge(f"{GROUNDED[language]} As an AI language model, I cannot.", language).reason == "refusal_text"


@pytest.mark.parametrize("language", LANGUAGES)
def test_politeness_alone_is_boilerplate(language):
    result = judge(EMPTY[language][1], language)
    assert result.reason == "boilerplate"
    assert result.value < 0.7


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_and_one_that_declines_what_is_not_known_are_no_boilerplate(language):
    assert judge(GROUNDED[language], language).value == 1.0
    assert judge(DECLINING[language], language).value == 1.0


def test_one_polite_phrase_beside_an_answer_lowers_the_value_and_refuses_nothing():
    result = judge(f"{GROUNDED['en']} {GROUNDED['en']} I hope this helps!")
    assert result.passed
    assert 0.7 < result.value < 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The current helps on the way down. With the help of six workers it takes nine days."),
        ("en", "She works as an AI researcher, and the training data of her models are public."),
        ("es", "La respuesta es siete. La síntesis de las dos respuestas es la mayor."),
        ("nl", "De stroom helpt op de heenweg en remt op de terugweg."),
        ("de", "Sie arbeitet als KI-Forscherin in Bonn und als KI gilt, was lernt."),
    ],
)
def test_words_of_politeness_that_speak_of_the_matter_are_no_boilerplate(language, text):
    assert judge(text, language).value == 1.0, judge(text, language).detail
