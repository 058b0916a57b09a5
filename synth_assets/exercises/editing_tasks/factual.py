"""Factual errors made by program: a year, a figure, a place or a word becomes a false one, and is noted.

The text as it was is the gold text. So that whoever reads the row can know what is true, the query bears reference
notes: pieces of the true text around the altered facts, and around others that were left alone.
"""

import random
import re
from collections.abc import Mapping
from typing import Any

from synth_assets.exercises.editing_tasks.figures import LEAST_HELD
from synth_assets.exercises.facts import Fact, altered, facts_of

_FIGURE = re.compile(
    r"(?<![\d\w.,/'-])\d{1,3}(?:[.,\u00a0\u202f\u2009 ]\d{3})+(?![\d\w])|(?<![\d\w.,/'-])\d+(?:[.,]\d+)?(?![\d\w/])"
)
_YEAR = re.compile(r"1\d{3}|20[012]\d")
_WORDS_BEFORE, _WORDS_AFTER = 5, 3
_MOST_NOTES = 4
# of what `facts` finds, what is not found here in another way
_NAMED = ("country", "city", "century")


def _endings(pairs: Mapping[str, str], endings: str) -> dict[str, str]:
    return {old + ending: new + ending for old, new in pairs.items() for ending in endings.split()}


# Words whose opposite fits the same sentence, form for form.
_OPPOSITES: Mapping[str, Mapping[str, str]] = {
    "en": {"northern": "southern", "southern": "northern", "eastern": "western", "western": "eastern",
           "north": "south", "south": "north", "largest": "smallest", "smallest": "largest", "longest": "shortest",
           "shortest": "longest", "oldest": "youngest", "highest": "lowest",
           "above": "below", "below": "above", "upper": "lower", "increases": "decreases", "rarely": "often"},
    "fr": {"nord": "sud", "sud": "nord", "plus long": "plus court", "plus grand": "plus petit",
           "plus grande": "plus petite", "premier": "dernier", "première": "dernière",
           "souvent": "rarement", "toujours": "jamais", "ancien": "récent", "haute": "basse"},
    "de": {"Norden": "Süden", "Süden": "Norden", "Osten": "Westen", "Westen": "Osten",
           "erste": "letzte", "ersten": "letzten", "erster": "letzter", "oft": "selten", "häufig": "selten",
           "oberhalb": "unterhalb", "unterhalb": "oberhalb",
           **_endings({"größt": "kleinst", "kleinst": "größt", "längst": "kürzest", "ältest": "jüngst",
                       "höchst": "niedrigst", "nördlich": "südlich", "südlich": "nördlich",
                       "östlich": "westlich", "westlich": "östlich"}, "e en er es em")},
    "it": {"nord": "sud", "sud": "nord", "maggiore": "minore", "minore": "maggiore", "primo": "ultimo",
           "settentrionale": "meridionale", "meridionale": "settentrionale", "orientale": "occidentale",
           "occidentale": "orientale", "più lungo": "più corto", "più antico": "più recente",
           "spesso": "raramente", "superiore": "inferiore", "inferiore": "superiore"},
    "es": {"norte": "sur", "sur": "norte", "mayor": "menor", "menor": "mayor", "primer": "último",
           "primera": "última", "oriental": "occidental", "occidental": "oriental", "antes del": "después del",
           "después del": "antes del", "más largo": "más corto", "más antigua": "más reciente", "superior": "inferior"},
    "pl": {"często": "rzadko", "północ": "południe", "południe": "północ", "powyżej": "poniżej",
           "poniżej": "powyżej", "zawsze": "nigdy",
           **_endings({"największ": "najmniejsz", "najdłuższ": "najkrótsz", "najstarsz": "najmłodsz",
                       "najwyższ": "najniższ"}, "y a e ą ego ej ych ym ymi"),
           **_endings({"północn": "południow", "południow": "północn"}, "y a e ą ego ej ych ym ymi"),
           **_endings({"wschodni": "zachodni", "zachodni": "wschodni"}, "a e ą ego ej ch m mi")},
    "nl": {"noorden": "zuiden", "zuiden": "noorden", "oosten": "westen", "westen": "oosten", "grootste": "kleinste",
           "kleinste": "grootste", "langste": "kortste", "oudste": "jongste", "hoogste": "laagste",
           "eerste": "laatste", "noordelijke": "zuidelijke", "zuidelijke": "noordelijke", "oostelijke": "westelijke",
           "boven": "onder", "vaak": "zelden"},
    "la": {"ante": "post", "post": "ante", "saepe": "raro", "semper": "numquam",
           **_endings({"maxim": "minim", "minim": "maxim", "longissim": "brevissim", "prim": "ultim",
                       "antiquissim": "recentissim"}, "us a um i ae o am os as is orum arum"),
           **_endings({"septentrional": "meridional", "meridional": "septentrional", "oriental": "occidental",
                       "occidental": "oriental"}, "is em e es i ium ibus ia")},
}  # fmt: skip


def places(text: str, language: str) -> list[tuple[int, int, str]]:
    """Every place that can be made false, as (start, end, kind), in the text's order, none within another.

    Kinds: "year", "figure", "opposite", and those of `facts` that name something.
    """
    found = []
    for match in _FIGURE.finditer(text):
        if _YEAR.fullmatch(match[0]):
            found.append((*match.span(), "year"))
        elif int(re.sub(r"\D", "", match[0])) >= LEAST_HELD:
            found.append((*match.span(), "figure"))
    words = "|".join(map(re.escape, sorted(_OPPOSITES[language], key=len, reverse=True)))
    found += [(*match.span(), "opposite") for match in re.finditer(rf"(?<![\w-])(?:{words})(?![\w-])", text)]
    for fact in facts_of(text, language):
        # a name that stands twice would be false in one place and true in the other
        if fact.kind in _NAMED and text.count(fact.value) == 1:
            found.append((text.index(fact.value), text.index(fact.value) + len(fact.value), fact.kind))
    apart: list[tuple[int, int, str]] = []
    for start, stop, kind in sorted(found):
        if not apart or start >= apart[-1][1]:
            apart.append((start, stop, kind))
    return apart


def alter(text: str, language: str, *, most: int, rng: random.Random) -> tuple[str, list[dict[str, Any]], list[str]]:
    """The text with up to `most` false facts, each noted like a spelling mistake, and the reference notes.

    Nothing is altered, and both lists are empty, where there is nothing that `places` knows.
    """
    there = places(text, language)
    chosen = sorted(rng.sample(there, min(most, len(there))))
    noted: list[dict[str, Any]] = []
    parts, end = [], 0
    for start, stop, kind in chosen:
        right = text[start:stop]
        if kind == "opposite":
            wrong = _OPPOSITES[language][right]
        elif kind in _NAMED:
            _, wrong = altered(text, Fact(sentence=text, value=right, kind=kind), rng, language)
        else:
            wrong = _false_figure(right, kind, text, rng)
        parts += [text[end:start], wrong]
        noted.append({"kind": kind, "at": sum(map(len, parts)) - len(wrong), "wrong": wrong, "right": right})
        end = stop
    others = [fact for fact in there if fact not in chosen]
    beside = rng.sample(others, min(_MOST_NOTES - len(chosen), len(others)))
    notes = list(dict.fromkeys(_note(text, start, stop) for start, stop, _ in sorted([*chosen, *beside])))
    return "".join([*parts, text[end:]]), noted, notes if chosen else []


def _false_figure(right: str, kind: str, text: str, rng: random.Random) -> str:
    """Another number, written alike, that the text does not hold."""
    places = [place for place, sign in enumerate(right) if sign.isdigit()]
    # of a year the decade, so that it stays a year; of a figure the digit that weighs most
    place = places[2] if kind == "year" else places[0]
    digits = [digit for digit in "123456789" if digit != right[place]]
    rng.shuffle(digits)
    made = [right[:place] + digit + right[place + 1 :] for digit in digits]
    return next((wrong for wrong in made if wrong not in text), made[0])


def _note(text: str, start: int, stop: int) -> str:
    """The words around a fact; an ellipsis where more stands before or after."""
    before, after = text[:start].split(" "), text[stop:].split(" ")
    head, tail = before[-_WORDS_BEFORE - 1 :], after[: _WORDS_AFTER + 1]
    piece = " ".join(head) + text[start:stop] + " ".join(tail)
    opening = "… " if len(before) > len(head) else ""
    closing = " …" if len(after) > len(tail) else ""
    return f"{opening}{piece.strip()}{closing}"
