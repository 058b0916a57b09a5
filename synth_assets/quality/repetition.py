"""Does a part of the row repeat itself?

Source: the repetition filters of Gopher (Rae et al. 2021, arXiv 2112.11446, table A1), with the published thresholds:
duplicate lines 0.30 of lines and 0.20 of characters, top 2-, 3- and 4-gram 0.20, 0.18, 0.16 of characters, n-grams
that occur more than once (n = 5 to 10) 0.15 down to 0.10 of characters. Paragraph rules are left out, since a row's
paragraphs are its lines.

Gopher reads web pages of 50 words and more, most of them of hundreds; a sound answer may have twelve, and there the
published figures say nothing: any two-word phrase of a ten-word text is a fifth of it. A trace of fifty words names its
subject in each of its parts and ends on what it found: hand-written ones reach .30 for the top 4-gram and .23 for
5-grams. Hence three adaptations. A text of a single line is
split into sentences instead. A top n-gram counts from its third occurrence (`min_occurrences`), for "The Eiffel Tower
is in Paris. The Eiffel Tower is of iron." is no loop. And the n-gram thresholds of a text shorter than 100 words
(`full_length_words`) are widened by 100 / words, to 0.9 at most. A loop stays above them all: "is is
is is" is nothing but repetition.

Verse with a refrain is refused here, too: exercises that write it leave the scorer out, or the recipe widens it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sentencex import segment

from synth_assets.identity import normalised
from synth_assets.quality.base import Score, ScoredRow

NAME = "repetition"
VERSION = 3
THRESHOLDS: Mapping[str, float] = {
    "max_duplicate_lines": 0.30,
    "max_duplicate_line_characters": 0.20,
    "max_top_2gram": 0.20,
    "max_top_3gram": 0.18,
    "max_top_4gram": 0.16,
    "max_duplicate_5gram": 0.15,
    "max_duplicate_6gram": 0.14,
    "max_duplicate_7gram": 0.13,
    "max_duplicate_8gram": 0.12,
    "max_duplicate_9gram": 0.11,
    "max_duplicate_10gram": 0.10,
    "min_occurrences": 3,
    "full_length_words": 100,
}
REASONS = frozenset({"duplicate_lines", "top_ngram", "duplicate_ngrams"})

_WORD = re.compile(r"\w+")
_SOURCE_BLOCK = re.compile(r"<(source_\d+)>.*?</\1>", re.S)
_ARITHMETIC = re.compile(r"^.*\d.*[=≈].*\d.*$", re.M)
_OPTION = re.compile(r"^[A-E]\. .*$", re.M)
_CITATION = re.compile(r"<ref\b[^>]*>.*?</ref>", re.S)  # a quote says again, on purpose, what its statement says
_OPENING = re.compile(r"^[^\w\"'(]+")
_MIN_UNIT_WORDS = 2  # "-" or "A." may stand twice; a line of one word is no statement


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Judge query, draft and answer each; `value` is 1 minus the largest share of repetition found in any."""
    worst = 0.0
    failures: list[tuple[str, str]] = []
    for part, text, language in (
        # options are of one kind and like wording on purpose
        ("query", _OPTION.sub(" ", _SOURCE_BLOCK.sub(" ", row.query)), row.language),
        ("answer", _CITATION.sub(" ", row.answer), row.language),
        ("draft", row.draft, "en"),
    ):
        shares = _shares(text, language, thresholds)
        if part == "draft" and _ARITHMETIC.search(text):
            # lines of arithmetic are alike because their subject is: a trace need only be sound without them
            prose = {each[1]: each for each in _shares(_ARITHMETIC.sub(" ", text), language, thresholds)}
            shares = [min(each, prose.get(each[1], each), key=lambda rule: rule[2] - rule[3]) for each in shares]
        for reason, what, share, limit in shares:
            worst = max(worst, share)
            if share > limit:
                failures.append((reason, f"{part}: {what} {share:.2f} > {limit:.2f}"))
    return Score(
        name=NAME,
        value=1 - worst,
        passed=not failures,
        reason=failures[0][0] if failures else "",
        detail="; ".join(detail for _, detail in failures),
    )


def _shares(text: str, language: str, thresholds: Mapping[str, Any]) -> list[tuple[str, str, float, float]]:
    """(reason, what, share, limit) of every rule."""
    shares = []
    units = _units(text, language)
    if units:
        seen: set[str] = set()
        again = [unit for unit in units if unit in seen or seen.add(unit)]
        of_lines = len(again) / len(units)
        of_characters = sum(map(len, again)) / sum(map(len, units))
        shares.append(("duplicate_lines", "duplicate lines", of_lines, thresholds["max_duplicate_lines"]))
        shares.append(
            (
                "duplicate_lines",
                "characters of duplicate lines",
                of_characters,
                thresholds["max_duplicate_line_characters"],
            )
        )
    words = _WORD.findall(text.casefold())
    characters = sum(map(len, words))
    widened = max(1.0, thresholds["full_length_words"] / max(1, len(words)))
    for n in (2, 3, 4):
        share = _top_share(words, n, characters, thresholds["min_occurrences"])
        shares.append(("top_ngram", f"top {n}-gram", share, min(0.9, widened * thresholds[f"max_top_{n}gram"])))
    for n in range(5, 11):
        share = _duplicate_share(words, n, characters)
        limit = min(0.9, widened * thresholds[f"max_duplicate_{n}gram"])
        shares.append(("duplicate_ngrams", f"duplicate {n}-grams", share, limit))
    return shares


def _units(text: str, language: str) -> list[str]:
    """Lines, or the sentences of a text of one line, as compared for copies."""
    # a trace opens its lines with marks: what stands after "●" and again after "∴" is said twice
    lines = [_OPENING.sub("", line) for line in text.splitlines() if line.strip()]
    pieces = lines if len(lines) > 1 else segment(language, text)
    return [unit for unit in map(normalised, pieces) if len(_WORD.findall(unit)) >= _MIN_UNIT_WORDS]


def _top_share(words: list[str], n: int, characters: int, min_occurrences: float) -> float:
    """Share of characters that the most frequent n-gram covers, counting those that occur often enough."""
    counts = Counter(zip(*(words[start:] for start in range(n)), strict=False))
    often = [sum(map(len, gram)) * count for gram, count in counts.items() if count >= min_occurrences]
    return min(1.0, max(often, default=0) / max(1, characters))


def _duplicate_share(words: list[str], n: int, characters: int) -> float:
    """Share of characters inside n-grams that were there before; each word counts once."""
    seen: set[tuple[str, ...]] = set()
    repeated = [False] * len(words)
    for start in range(len(words) - n + 1):
        gram = tuple(words[start : start + n])
        if gram in seen:
            repeated[start : start + n] = [True] * n
        seen.add(gram)
    return sum(len(word) for word, again in zip(words, repeated, strict=True) if again) / max(1, characters)
