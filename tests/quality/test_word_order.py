from random import Random

import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.word_order import REASONS, THRESHOLDS, score
from tests.quality.test_grounding import GROUNDED, SECTIONS


def judge(answer: str, language: str = "en"):
    result = score(ScoredRow(exercise="memorization", language=language, query="", draft="", answer=answer), THRESHOLDS)
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("texts", [SECTIONS, GROUNDED], ids=["sections", "answers"])
def test_prose_is_in_order_in_every_language(texts, language):
    result = judge(texts[language], language)
    assert (result.passed, result.value) == (True, 1.0), result.detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_shuffled_words_are_worth_less_than_the_text_in_every_language(language):
    worths = []
    for seed in range(20):
        words = f"{SECTIONS[language]} {GROUNDED[language]}".split()
        Random(seed).shuffle(words)
        worths.append(judge(" ".join(words), language).value)
    assert sum(worths) / len(worths) < 0.75
    assert sum(worth < 1 for worth in worths) >= 18


def test_words_thrown_together_are_refused():
    result = judge("Of the and roof with is the. burnt The in of. council the of was an from tower")
    assert (result.passed, result.reason) == (False, "words_out_of_order")


def test_verse_lists_quotations_and_abbreviations_are_in_order():
    assert judge("the river\nand the\nsea go on\nuntil the\nmorning").passed
    assert judge('The title "The And Of" stands on the cover. It is of the editor.').value == 1.0
    assert judge("The house of Dr. med. Brenner stood in St. gallen, ca. three miles off.").value == 1.0


def test_a_few_words_prove_nothing():
    assert judge("roof the").passed
    assert judge("the of").passed


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A. the mill is what the town grew from, and stone is what it was made of. B. Brenner lived in it."),
        ("en", "This much is certain of “The old mill”: it burned. The editor of “The Old Mill” was a miller."),
        ("fr", "Une ou deux fois par an, pour se laver et sans que nul le voie, un homme sur dix vient à elle."),
        ("de", "Eine der ältesten Mühlen ist die, die der Rat, den die Stadt wählte, ein und zwei Mal kaufen ließ."),
        ("it", "Una su tre gli è rimasta, e una per una ha vendute in un anno, da quando gli fu detto."),
        (
            "es",
            "La de 1478 es la mayor, los de abajo no, y una o dos veces hasta en invierno la era se llena.",
        ),
        ("pl", "Kraj, przez który płynie rzeka, na to czeka, a o to pyta, i na nie patrzy przez to okno w które."),
        ("nl", "In dat jaar had hij een en ander voor zich, met of zonder hulp, en een of twee molens van zich af."),
        ("la", "Ad quod respondit se in quod velit ire, et per quod iter venerit."),
    ],
)
def test_what_a_grammar_allows_is_no_break(language, text):
    assert judge(text, language).value == 1.0, judge(text, language).detail
