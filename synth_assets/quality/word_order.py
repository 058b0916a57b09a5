"""Do the words stand in an order, or were they thrown together?

Source: this project. Bags of words, which a small model at a high temperature writes and a broken join leaves, pass
every scorer that counts words. What gives them away costs no language model: articles and prepositions lean forward.
Nothing else than the beginning of a noun phrase can follow "the" or "von der"; in a shuffled text every third one is
followed by another function word, a verb's auxiliary or the end of a sentence. And shuffled words carry their
punctuation with them, so that sentences end before small letters.

Held against each other are *places* (words that lean forward; ends of sentences inside the text; its first letter) and
*breaks* among them. `value` is 1 less twice the share of breaks; more than `max_share` of them, at `min_breaks` or
more, is `words_out_of_order`. Lines of verse may begin small and end on an article, so a line's end is no place. The
lists name only pairs that no grammar of the language joins, save in titles and quotations ("the And"), hence the
generous bound.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from synth_assets.quality.base import Score, ScoredRow

NAME = "word_order"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {"max_share": 0.25, "min_breaks": 2}
REASONS = frozenset({"words_out_of_order"})


class _Grammar(NamedTuple):
    """Words that lean forward, in groups, each with the words that cannot follow it."""

    groups: tuple[tuple[frozenset[str], frozenset[str]], ...]


def _group(forward: str, blocked: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(forward.split()), frozenset(blocked.split())


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
            ),
        )
    ),
    "fr": _Grammar(
        (
            _group(
                "le la les un une du au aux cette ces leurs ses son sa",
                "et ou est sont était étaient fut furent ont dans sur avec par du des le la les un une au aux il elle "
                "ils elles on ne pas se ce cette ces mais comme si à",
            ),
            _group(
                "de dans sur avec par pour sans entre vers à des",
                "et ou est sont était étaient fut furent a ont il elle ils on ne se mais que par dans sur à",
            ),
        )
    ),
    "de": _Grammar(
        (
            _group(
                "dem den des einer eines einem einen ein eine im zum zur vom beim ins",
                "und oder aber ist sind war waren wird werden wurde wurden hat haben hatte nicht er sich dass "
                "der die das "
                "dem den des ein eine einer eines einem einen im zum zur vom es man auch wie als",
            ),
            _group(
                "von für in zwischen aus bei nach durch seit",
                "und oder aber ist sind war waren wird werden wurde wurden hat haben hatte er sich dass es man im zum",
            ),
        )
    ),
    "it": _Grammar(
        (
            _group(
                "il i gli un una dei delle nel nella nei alla al dal dalla sul sulla del della degli dello",
                "e ed o è sono era erano fu furono ha hanno il lo la i gli le in con per su si non un una di a da del "
                "della nel nella che come ma",
            ),
            _group(
                "di da in con per su tra fra a le la",
                "e ed o è sono era erano fu furono ha hanno di da in con si del della nel ma",
            ),
        )
    ),
    "es": _Grammar(
        (
            _group(
                "un una unos unas del al el las",
                "y e o u es son era eran fue fueron está están se lo el la los las un una en con por para al "
                "del no pero "
                "su sus a como",
            ),
            _group(
                "de en con por para desde hasta entre sobre sin la los",
                "y e o es son era eran fue fueron está están se de en con por para del al pero como",
            ),
        )
    ),
    "pl": _Grammar(
        (
            _group(
                "w we z ze na do od dla przez przy pod nad przed między o ku",
                "i oraz lub albo ale jest są był była było byli być został została zostały się nie że który "
                "która które "
                "w we z ze na do od dla przez przy pod nad przed a po jak czy to",
            ),
        )
    ),
    "nl": _Grammar(
        (
            _group(
                "de een",
                "en of is zijn was waren werd werden wordt worden de het een dat er zich niet hij zij ze men "
                "maar als ook "
                "te heeft hebben had",
            ),
            _group(
                "van met voor tussen zonder bij tot uit in op",
                "en of is was waren werd werden wordt worden dat zich niet hij zij ze men maar heeft hebben had van er",
            ),
        )
    ),
    "la": _Grammar(
        (
            _group(
                "in ad ab a ex e de per pro sub inter apud",
                "et ac atque aut vel sed est sunt erat erant fuit fuerunt esse non nec neque enim autem ut si "
                "in ad ab a ex "
                "e de per pro sub inter apud cum quod quia",
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
    text = _NO_PROSE.sub(" ", row.answer if row.answer_prose is None else row.answer_prose)
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
            for forward, blocked in groups:
                if low in forward:
                    broken = following.lower() in blocked or following[:1] in tuple(".!?…,;:)»”")
                    break
        if broken is not None:
            places += 1
            breaks += broken
            if broken and not example:
                example = f"{token} {following}".strip()
    return breaks, places, example
