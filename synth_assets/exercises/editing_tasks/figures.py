"""Which numbers a text holds, and whether an edit kept them.

Numbers below `LEAST_HELD` are not held against an edit: languages write them out ("sixty-four" stays digits, "two" does
not), and centuries are Roman in half of the eight ("the 19th century", "le XIXe siècle", "saeculo XIX"). From there on
every number of the source must stand in the edit, in digits, with whatever separators its language uses, and no other.
"""

import re
from fractions import Fraction

from synth_assets.exercises.math_templates.numbers import canonical, find_numbers

LEAST_HELD = 32

_GAPS = "\u00a0\u202f\u2009 "
_RUN = re.compile(rf"\d{{1,3}}(?:[.,'\u2019{_GAPS}]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?")
_YEAR = re.compile(
    rf"(?<![\d.,/])(?:1\d|20)\d\d(?![\d/]|[.,{_GAPS}]\d{{3}}(?!\d)|s\b)(?!\s?(?:%|[kcm]?m\b|[kt]g?\b|°))"
)


def readings(text: str) -> frozenset[Fraction]:
    """Every value that any of the eight languages could read in the text: "3.600" is 3600 and 3.6, also 3 and 600."""
    found: set[Fraction] = set()
    for match in _RUN.finditer(text):
        pieces = re.split(r"\D", match[0])
        found.update(Fraction(piece) for piece in pieces)
        if len(pieces) > 1:
            found.add(Fraction("".join(pieces)))
        if len(pieces) == 2 and not set(match[0]) & set(_GAPS):
            found.add(Fraction(".".join(pieces)))
    return frozenset(found)


def held_numbers(text: str, language: str) -> list[Fraction]:
    """The numbers of a text that an edit must keep, each once, in their order."""
    return list(dict.fromkeys(number for number in find_numbers(text, language) if number >= LEAST_HELD))


def lost_numbers(source: str, source_language: str, edited: str) -> list[str]:
    """Numbers of the source that the edit does not hold."""
    there = readings(edited)
    return [canonical(number) for number in held_numbers(source, source_language) if number not in there]


def new_numbers(source: str, edited: str, language: str) -> list[str]:
    """Numbers of the edit that the source does not hold."""
    there = readings(source)
    return [canonical(number) for number in held_numbers(edited, language) if number not in there]


def years(text: str) -> list[int]:
    """Years from 1000 to 2099 that stand by themselves, each once, in their order; "1920s" and "1500 m" are none."""
    return list(dict.fromkeys(int(found) for found in _YEAR.findall(text)))
