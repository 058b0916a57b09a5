"""Is each part of the row long enough to say something, and short enough to be one row?

Source: the word bounds of Gopher (Rae et al. 2021, arXiv 2112.11446, appendix A1.1) as a kind of rule; the figures are
this project's, around the published SYNTH rows (mean 515 words a row, 90% below 699). A word is what white space
separates and holds a letter or a digit, so `**42**` is one and `→` is none. Text of retrieved sources that a query
carries (`<source_1>...</source_1>`) is not counted: it is material, not the question.

The bounds are wide on purpose: a multiple-choice answer may be "C. Paris" and a mathematical one a number. An empty
draft is not judged here, because exercises without a trace have none (see `notation`).
"""

import re
from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow

NAME = "length"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {
    "min_query_words": 3,
    "max_query_words": 600,
    "min_draft_words": 8,
    "max_draft_words": 4000,
    "min_answer_words": 1,
    "max_answer_words": 3000,
}
REASONS = frozenset(
    {"query_too_short", "query_too_long", "draft_too_short", "draft_too_long", "answer_too_short", "answer_too_long"}
)

_SOURCE_BLOCK = re.compile(r"<(source_\d+)>.*?</\1>", re.S)


def count_words(text: str) -> int:
    """Pieces between white space that hold a letter or a digit."""
    return sum(any(character.isalnum() for character in piece) for piece in text.split())


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Count the words of query, answer and draft; `value` is the share of parts within their bounds."""
    counts = {"query": count_words(_SOURCE_BLOCK.sub(" ", row.query)), "answer": count_words(row.answer)}
    if row.draft.strip():
        counts["draft"] = count_words(row.draft)
    reasons = []
    for part, count in counts.items():
        if count < thresholds[f"min_{part}_words"]:
            reasons.append(f"{part}_too_short")
        elif count > thresholds[f"max_{part}_words"]:
            reasons.append(f"{part}_too_long")
    return Score(
        name=NAME,
        value=1 - len(reasons) / len(counts),
        passed=not reasons,
        reason=reasons[0] if reasons else "",
        detail=", ".join(f"{part} {count} words" for part, count in counts.items()),
    )
