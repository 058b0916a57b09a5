import pytest

from synth_assets.quality.base import ScoredRow
from synth_assets.quality.format import REASONS, THRESHOLDS, score

WHOLE = "Lightning burnt it in 1611. The council had it replaced with copper from Falun."


def judge(answer: str, **rest):
    row = ScoredRow(
        exercise="memorization",
        language="en",
        answer=answer,
        **{"query": "What happened to the roof?", "draft": "", **rest},
    )
    result = score(row, THRESHOLDS)
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE,
        "In 1611",
        "C. Marie Curie",
        "It weighs 2,300 kg.",
        'She said: "It burns."',
        "He asked: «Why?»",
        'As it says. <ref name="source_1">It burnt</ref>',
        "Two ways:\n- by sea, which takes a month or more\n- by land, which is shorter but steeper",
        "1) Wash the rice. 2) Boil it.",
        "Roses are red and violets are blue\nsugar is sweet and then so are you",
        "Good point ;) It burnt.",
        "Der Rat nannte es „Kupferhut“.",
        "$x^2 = 4$",
        "Run `ls | wc -l` first. Then stop.",
    ],
)
def test_whole_and_clean_answers_pass(answer):
    result = judge(answer)
    assert (result.passed, result.value) == (True, 1.0), result.detail


@pytest.mark.parametrize(
    "answer",
    [
        "Lightning burnt it in 1611. The council had it replaced with copper",
        "Lightning burnt it,",
        "It was of copper (",
        "The council of the old town had the wooden roof replaced by one of",
        "Lightning burnt it.\n\nThe council of the town had it replaced with",
    ],
)
def test_an_answer_that_stops_in_the_middle_is_truncated(answer):
    assert judge(answer).reason == "truncated"


@pytest.mark.parametrize(
    "answer",
    [
        "It burnt (in 1611.",
        "It burnt in 1611).",
        "It [burnt.",
        "It burnt. ```python\nprint(1)",
        "It **burnt.",
        'It burnt. <ref name="source_1">It burnt.',
        "It burnt.</ref>",
        "It was called «burnt.",
    ],
)
def test_what_does_not_close_is_named(answer):
    assert judge(answer).reason == "unclosed_markup"


def test_brackets_that_the_text_was_given_with_are_left_alone():
    assert judge("It burnt (in 1611.", query="Correct: It brunt (in 1611.").passed


@pytest.mark.parametrize(
    "leak", ["<|im_end|>", "<think>", "</think>", "[/INST]", "### Response:", "∴ 1611", "<div>x</div>"]
)
def test_markup_of_chats_and_traces_is_leaked(leak):
    result = judge(f"{WHOLE} {leak}.")
    assert "leaked_markup" in result.detail
    assert not result.passed


def test_a_trace_may_bear_its_marks_and_no_chat_token():
    assert judge(WHOLE, draft="● It burnt → copper\n∴ Copper.").passed
    assert judge(WHOLE, draft="● It burnt <|im_end|>\n∴ Copper.").reason == "leaked_markup"


@pytest.mark.parametrize(
    "text", ["cafÃ© crème", "itâ€™s here", "a \ufffd b", "nul\x00l", "GoÅ\u201aÄ™bie", "Â« oui Â»"]
)
def test_wrongly_decoded_text_is_broken_in_answer_query_and_trace(text):
    assert judge(f"{text}.").reason == "broken_encoding"
    assert judge(WHOLE, query=text).reason == "broken_encoding"
    assert judge(WHOLE, draft=text).reason == "broken_encoding"


@pytest.mark.parametrize(
    "text", ["São João fala, NÃO!", "Ångström, Łódź, Âge, Ärger", "Ã la carte", "»Ä« und »Å«", "Å… bo"]
)
def test_letters_with_accents_are_not_broken(text):
    assert judge(f"{text}.").reason != "broken_encoding"


def test_stray_signs_inside_words_are_noise():
    assert judge("Light#ning bu~rnt it. The coun¤cil had it re^placed.").reason == "noise"
    assert judge(
        "Lightning burnt its AT&T cable. The council of the old town replaced it with copper from Falun."
    ).passed
