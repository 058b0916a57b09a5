"""ROUGE-L between short texts, in any language that writes words apart.

Source: Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries": the F-measure of the longest common
subsequence of words. Written here because the usual package keeps only a-z and 0-9, so that Polish loses its letters
and Cyrillic becomes empty, and because its table of m x n cells is slow against a pool of thousands. On ASCII text
both give the same figures.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")


class Nearest(NamedTuple):
    """The most similar text: its ROUGE-L (0 to 1) and its position; position -1 when nothing shares a word."""

    score: float
    position: int


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """The words compared: runs of letters and digits after NFKC, case folded.

    Cached because the pool of a round is compared with every candidate of that round.
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _positions(tokens: tuple[str, ...]) -> dict[str, int]:
    bits: dict[str, int] = {}
    for place, token in enumerate(tokens):
        bits[token] = bits.get(token, 0) | 1 << place
    return bits


def _common_subsequence(positions: Mapping[str, int], size: int, other: tuple[str, ...]) -> int:
    # Bit-parallel (Hyyrö 2004): a zero bit of `row` is a word matched; one pass over `other`, no table.
    full = (1 << size) - 1
    row = full
    for token in other:
        matched = row & positions.get(token, 0)
        row = ((row + matched) | (row - matched)) & full
    return size - row.bit_count()


def rouge_l(first: str, second: str) -> float:
    """ROUGE-L F-measure of two texts, 0 to 1; 0 when either has no word."""
    return nearest(first, (second,)).score


def nearest(text: str, others: Iterable[str]) -> Nearest:
    """The one of `others` with the highest ROUGE-L to `text`, the first of equals.

    Exact: a text is skipped only when its length alone keeps it from beating the best so far, since a common
    subsequence is no longer than the shorter text.
    """
    tokens = words(text)
    positions = _positions(tokens)
    best = Nearest(0.0, -1)
    for position, other in enumerate(others):
        other_tokens = words(other)
        total = len(tokens) + len(other_tokens)
        if 2 * min(len(tokens), len(other_tokens)) <= best.score * total:
            continue
        score = 2 * _common_subsequence(positions, len(tokens), other_tokens) / total
        if score > best.score:
            best = Nearest(score, position)
    return best
