"""Do the words stand in an order, or were they thrown together?

Source: this project. Bags of words, which a small model at a high temperature writes and a broken join leaves, pass
every scorer that counts words. What gives them away costs no language model: articles and prepositions lean forward.
Nothing else than the beginning of a noun phrase can follow "the" or "von der"; in a shuffled text every third one is
followed by another function word, a verb's auxiliary or the end of a sentence. And shuffled words carry their
punctuation with them, so that sentences end before small letters.

Held against each other are *places* (words that lean forward; ends of sentences inside the text; its first letter) and
*breaks* among them. `value` is 1 less twice the share of breaks; more than `max_share` of them, at `min_breaks` or
more, is `words_out_of_order`. Lines of verse may begin small and end on an article, so a line's end is no place; nor is
the letter of "A. in 1478" or of "A. Brenner" an article. The lists name only pairs that no grammar of the language
joins, save in titles and quotations ("the And"), hence the generous bound: in the packaged encyclopedia's leads one
place in 200 to 400 is a break.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from synth_assets.quality.base import Score, ScoredRow

NAME = "word_order"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {"max_share": 0.25, "min_breaks": 2}
REASONS = frozenset({"words_out_of_order"})


class _Group(NamedTuple):
    """Words that lean forward, what cannot follow them, and whether they may end a clause ("what it is made of.")."""

    forward: frozenset[str]
    blocked: frozenset[str]
    ends: bool


class _Grammar(NamedTuple):
    """The groups of a language; a word is in one of them."""

    groups: tuple[_Group, ...]


def _group(forward: str, blocked: str, *, ends: bool = False) -> _Group:
    return _Group(frozenset(forward.split()), frozenset(blocked.split()), ends)


_EN_VERBS = "is are was were be been has have had will would can could should may might"
_GRAMMARS: dict[str, _Grammar] = {
    "en": _Grammar(
        (
            _group(
                "the a an its their his my our your every",
                f"{_EN_VERBS} the a an its their his my our your of to in on at by for from with and or but that which "
                "who it they he she we this these those not as than because if when where while there into",
            ),
            _group(
                "of from with into at between during among",
                f"{_EN_VERBS} and or but of they he she not as because if than",
                ends=True,
            ),
        )
    ),
    "fr": _Grammar(
        (
            _group(
                "le la les du au aux cette ces leurs ses sa",
                "et est sont était étaient fut furent dans sur avec du des le la les un une au aux il elle "
                "ils elles on se cette ces mais si",
            ),
            _group(
                # as numbers: un ou deux, un par un, un sur dix
                "un une",
                "est sont était étaient fut furent ont dans avec du le la les un une au aux il elle ils elles on ne "
                "se ce cette ces mais comme si",
            ),
            _group(
                "de dans sur avec par pour sans entre vers à des",
                "et est sont était étaient fut furent ont il ils on mais dans",
            ),
        )
    ),
    "de": _Grammar(
        (
            _group(
                "im zum zur vom beim des",
                "und oder aber ist sind war waren wird werden wurde wurden hat haben hatte nicht er sich dass "
                "der die das dem den des ein eine einer eines einem einen im zum zur vom es man auch wie",
            ),
            _group(
                # eine der ältesten
                "einer eines einem einen eine",
                "und aber ist sind war waren wird werden wurde wurden hat haben hatte nicht er sich dass "
                "ein eine einer eines einem einen im zum zur es man auch wie",
            ),
            _group(
                # "den die Stadt baute": what may be a relative pronoun is no article, what may end a verb ("aus") none
                "von für in zwischen seit",
                "und oder aber ist sind war waren wird werden wurde wurden hat haben hatte er dass man im zum",
            ),
        )
    ),
    "it": _Grammar(
        (
            _group(
                "il i dei nel nella nei al dal dalla sul sulla del della degli dello",
                "e ed o è sono era erano fu furono ha hanno il lo la i gli le in con si un una di a da del "
                "della nel nella che come ma",
            ),
            _group(
                # gli è stato, gli ha dato; una su tre, una per una
                "gli un una alla",
                "e ed sono erano furono hanno il lo la i gli le un una di del della nel nella che ma",
            ),
            _group(
                "di da in con per tra fra",
                "e ed o è era erano fu furono ha hanno da in con del della nel ma",
            ),
        )
    ),
    "es": _Grammar(
        (
            _group(
                "un del al el las",
                "y e o u es son era eran fue fueron está están se lo el la los las un una en con por para al "
                "del pero su sus a como",
            ),
            _group(
                # la de 1478, los del norte, la era moderna; una o dos
                "la los una unos unas",
                "e es lo el la los las un una pero su sus como",
            ),
            _group(
                "de en con por para desde hasta entre sobre sin",
                "y e es son era eran fue fueron está están del pero",
            ),
        )
    ),
    "pl": _Grammar(
        (
            _group(
                "w we z ze na do od dla przez przy pod nad przed między o ku",
                "i oraz lub albo ale jest są był była było byli być został została zostały się że która "
                "w we z ze na do od dla przez przy pod nad przed",
            ),
        )
    ),
    "nl": _Grammar(
        (
            _group(
                "de",
                "en of is zijn was waren werd werden wordt worden de het een dat er zich niet hij zij ze men "
                "maar als ook te heeft hebben had",
            ),
            _group(
                # een en ander, een of twee
                "een",
                "is zijn was waren werd werden wordt worden de het een dat er zich niet hij zij ze men maar ook te "
                "heeft hebben had",
            ),
            _group(
                # "in dat jaar", "voor zich", "met of zonder"; what may end a verb ("op", "uit") is none of these
                "van met tussen zonder",
                "is was waren werd werden wordt worden hij zij men maar heeft hebben had er",
            ),
        )
    ),
    "la": _Grammar(
        (
            _group(
                "in ad ab a ex e de per pro sub inter apud",
                "et ac atque aut vel sed est sunt erat erant fuit fuerunt esse nec neque enim autem ut si "
                "in ad ab a ex e de per pro sub inter apud cum quia",
            ),
        )
    ),
}

_TOKEN = re.compile(r"[^\W\d_]+(?:[-][^\W\d_]+)*|\d[\d.,]*|[.!?…]+|[,;:)»”\n]")
_NO_PROSE = re.compile(
    r"<(source_\d+)>.*?</\1>|<ref\b[^>]*>.*?</ref>|```.*?(?:```|\Z)|`[^`\n]*`|\$[^$\n]+\$|</?\w+[^>\n]*>"
    r"|\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»",
    re.S,
)
# a stop after a single letter or before a digit or a small letter of a unit ends an abbreviation as often as a sentence
_ABBREVIATES = 3
_LEAST_PLACES = 4  # a share of fewer is drawn towards 0: one break in two words proves nothing


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Count places and breaks of the answer."""
    text = _NO_PROSE.sub(_in_place, row.answer if row.answer_prose is None else row.answer_prose)
    breaks, places, example = _count(text.strip(), row.language)
    share = breaks / max(places, _LEAST_PLACES)
    refused = share > thresholds["max_share"] and breaks >= thresholds["min_breaks"]
    return Score(
        name=NAME,
        value=max(0.0, 1 - 2 * share),
        passed=not refused,
        reason="words_out_of_order" if refused else "",
        detail=f"{breaks} breaks in {places} places" + (f", as {example!r}" if example else ""),
    )


def _in_place(found: re.Match[str]) -> str:
    """What stands for a quotation, a formula or code, on which a sentence goes on; tags and sources leave nothing."""
    return " " if found[0].startswith(("<", "```")) else " X "


def _count(text: str, language: str) -> tuple[int, int, str]:
    tokens = _TOKEN.findall(text)
    groups = _GRAMMARS[language].groups
    breaks = places = 0
    example = ""
    for number, token in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else ""
        broken = None
        if token[0] in ".!?…":
            before = tokens[number - 1] if number else ""
            if len(before) > _ABBREVIATES and following[:1].isalpha() and before[-1:].isalpha():
                broken = following[0].islower()
        elif token[0].isalpha():
            low = token.lower()
            if len(token) == 1 and token.isupper() and following[:1] in tuple(".)"):
                continue  # the letter of an option or of a name
            for group in groups:
                if low in group.forward:
                    stopped = following[:1] in tuple(".!?…,;:)»”") and not group.ends
                    broken = stopped or following.lower() in group.blocked
                    break
        if broken is not None:
            places += 1
            breaks += broken
            if broken and not example:
                example = f"{token} {following}".strip()
    return breaks, places, example
