from dataclasses import replace

import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.relevance import REASONS, THRESHOLDS, applies, cosine, score
from tests.quality.test_grounding import GROUNDED, QUERIES, SECTIONS, UNGROUNDED


def judge(answer: str, *, language: str = "en", query: str | None = None, section: str | None = None, **rest):
    text = SECTIONS[language] if section is None else section
    row = ScoredRow(
        exercise="memorization",
        language=language,
        query=QUERIES[language] if query is None else query,
        draft="",
        answer=answer,
        **{"section_language": language, "section_text": text, **rest},
    )
    result = score(row, THRESHOLDS)
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_to_the_question_is_worth_more_than_one_to_another(language):
    good, off = judge(GROUNDED[language], language=language), judge(UNGROUNDED[language], language=language)
    assert good.passed
    assert good.value >= 0.6
    # the Polish one speaks of roof tiles, whose word begins like the roof that is asked about
    assert off.value < good.value / 2 or language == "pl"


def test_an_answer_about_something_else_is_off_topic():
    result = judge("Pigeons nested beneath the slates until a gardener chased them away with brooms.")
    assert (result.passed, result.reason) == (False, "off_topic")


def test_an_answer_that_repeats_nothing_is_bridged_by_the_passage():
    assert judge("Copper from the mines of Falun, by decision of the council.").value >= 0.6
    assert judge("Copper from the mines of Falun, by decision of the council.", section="").value == 0


def test_a_short_answer_is_never_refused():
    assert judge("No, never.").passed


def test_material_and_tags_in_the_query_are_no_question():
    query = "What happened to the roof?\n<source_1>Pigeons nested beneath slates, a gardener chased them.</source_1>"
    assert (
        judge("Pigeons nested beneath slates, chased away by some angry gardener.", query=query, section="").value == 0
    )


def test_vectors_find_an_answer_that_shares_no_word():
    answer = "Heavenly fire consumed everything timber above, later metal sheets covered those stones."
    without = judge(answer, section="")
    assert without.reason == "off_topic"
    found = judge(answer, section="", query_vector=(1.0, 0.2), answer_vector=(0.9, 0.4))
    assert found.passed
    assert found.value > 0.9
    assert "cosine 0.9" in found.detail
    assert judge(answer, section="", query_vector=(1.0, 0.0), answer_vector=(0.0, 1.0)).reason == "off_topic"


def test_vectors_of_two_lengths_are_an_error_and_zeros_are_like_nothing():
    with pytest.raises(ValueError, match=r"shorter|longer"):
        cosine((1.0, 2.0), (1.0,))
    assert cosine((0.0, 0.0), (1.0, 0.0)) == 0.0
    assert cosine((3.0, 4.0), (6.0, 8.0)) == pytest.approx(1.0)


def test_a_translation_is_not_held_against_the_words_of_what_it_translates():
    asked = "Translate this text into English for a travel guide:"
    german = "Viele Reisende kannten den Turm gut, und die Bücher der Stadt beschreiben ihn sehr genau."
    row = ScoredRow(
        exercise="editing",
        language="en",
        query=f"{asked}\n\n{german}",
        query_prose=asked,
        draft="",
        answer="Many travellers knew it well, and what was written in town gives it with great care.",
    )
    assert not applies(row)
    assert applies(replace(row, answer="Viele Reisende kannten ihn, und die Bücher beschreiben ihn sehr genau."))
    assert applies(replace(row, query_prose=None))
