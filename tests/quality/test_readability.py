import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.readability import REASONS, THRESHOLDS, score
from tests.quality.test_grounding import SECTIONS


def judge(answer: str, language: str = "en", **thresholds):
    row = ScoredRow(exercise="memorization", language=language, query="", draft="", answer=answer)
    result = score(row, {**THRESHOLDS, **thresholds})
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_prose_is_readable_in_every_language(language):
    result = judge(SECTIONS[language], language)
    assert result.passed
    assert result.value >= 0.6


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_in_one_sentence_read_harder_than_in_short_ones(language):
    words = SECTIONS[language].replace(".", "").replace(",", "").split()
    short = ". ".join(" ".join(words[start : start + 6]) for start in range(0, len(words), 6))
    loose = {"good_ease": 150.0}  # so that neither is at the top of the scale
    assert judge(short, language, **loose).value > judge(" ".join(words * 2), language, **loose).value


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_run_together_are_refused(language):
    assert judge("verwaltungsgemeinschaftsvorsitzender " * 20, language).reason == "words_too_long"


def test_a_sentence_without_end_is_refused():
    assert judge("the cat sat on the mat and " * 20).reason == "sentences_too_long"


def test_prose_that_nobody_would_write_is_refused():
    text = "Institutionalisation incommensurability overgeneralisation internationalisation "
    assert judge(text * 6, max_word_letters=99).reason == "hard_to_read"


def test_lines_end_sentences_so_that_verse_and_lists_are_no_endless_ones():
    assert judge("\n".join(["the cat sat on the mat and purred"] * 20)).passed


def test_a_few_words_formulas_code_and_citations_are_not_judged():
    assert "too few" in judge("In 1478, by Hans Brenner.").detail
    assert "too few" in judge(f'Here: <ref name="source_1">{SECTIONS["en"]}</ref> ```{SECTIONS["en"]}```').detail
