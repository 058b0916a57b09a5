"""Does the answer say it in words of its own, or is it the seed again?

Source: the overlap of n-grams by which SYNTH and its peers keep generated text from being a copy of its source, with
the 8-gram of Nemotron-CC's and GPT-2's overlap counts. Copying is not amplification: a row whose answer is the passage
teaches what the passage does.

Compared are words (letters and digits, case folded) of the answer with those of the section, its neighbours and the
sources that a query carries. Every word inside a run of eight that stands in one of them counts as copied; `value` is
the share that is not. Two things refuse, both `copied_from_seed`: more than `max_share` of the words copied, or a run
longer than `max_run`. What an answer quotes on purpose, in quotation marks or inside <ref>, is not copying, but the
quote must be part of an answer: where fewer than `min_words` words stand outside, nothing is judged. Neither is an
answer of a few words (there is one way to say "in 1478"), nor one in another language than every passage.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from synth_assets.quality.base import Score, ScoredRow

NAME = "novelty"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {"min_words": 12, "max_share": 0.8, "max_run": 40}
REASONS = frozenset({"copied_from_seed"})
GRAM = 8

_SOURCE_BLOCK = re.compile(r"<(source_\d+)>(.*?)</\1>", re.S)
_QUOTED = re.compile(
    r"<ref\b[^>]*>.*?</ref>|\"[^\"\n]{1,600}\"|“[^”\n]{1,600}”|„[^“”\n]{1,600}[“”]|«[^»\n]{1,600}»", re.S
)
_WORD = re.compile(r"[^\W_]+")


def applies(row: ScoredRow) -> bool:
    """Only rows that were made from a passage in their own language: no translation is a copy."""
    if row.section_language not in ("", row.language):
        return False
    return bool(row.section_text.strip() or any(text.strip() for text in row.neighbour_texts))


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """`value` is the share of the answer's own words that stand in no run of eight copied from a passage."""
    words = _WORD.findall(_QUOTED.sub(" | ", row.answer).casefold())
    if len(words) < thresholds["min_words"]:
        return Score(name=NAME, value=1.0, passed=True, detail=f"{len(words)} words of its own, too few to judge")
    grams: set[tuple[str, ...]] = set()
    for text in (row.section_text, *row.neighbour_texts, *(block for _, block in _SOURCE_BLOCK.findall(row.query))):
        passage = _WORD.findall(text.casefold())
        grams.update(zip(*(passage[start:] for start in range(GRAM)), strict=False))
    found = [start for start, gram in enumerate(zip(*(words[n:] for n in range(GRAM)), strict=False)) if gram in grams]
    copied, longest = _covered(found)
    share = copied / len(words)
    refused = share > thresholds["max_share"] or longest > thresholds["max_run"]
    return Score(
        name=NAME,
        value=1 - share,
        passed=not refused,
        reason="copied_from_seed" if refused else "",
        detail=f"{copied} of {len(words)} words copied, the longest run {longest}",
    )


def _covered(starts: list[int]) -> tuple[int, int]:
    """(words inside runs, words of the longest run) of eight-word runs that begin at these places, in order."""
    if not starts:
        return 0, 0
    covered = longest = run = GRAM
    for before, start in pairwise(starts):
        step = start - before
        covered += min(step, GRAM)
        run = run + 1 if step == 1 else GRAM
        longest = max(longest, run)
    return covered, longest
