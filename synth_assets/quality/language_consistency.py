"""R1's language consistency reward: which share of the trace is in the language that traces are written in?

Source: DeepSeek-R1 (arXiv 2501.12948), section 2.3.2: the proportion of words of the target language in the chain of
thought, which keeps traces from mixing languages. SYNTH's traces are English in every language of the row; they may
quote the query. The share is taken over lines of five words or more, each identified as a whole, since one word has no
language of its own; a line that no language is found in counts as consistent.

A reward is a figure for whoever trains or filters: it refuses nothing and does not weigh in the composite.
"""

from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.language import words_by_language

NAME = "language_consistency"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {}
_TRACES = "en"


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Words of English lines per word of all lines that are long enough; 1 of a trace that has none of them."""
    if not row.draft.strip():
        return Score(name=NAME, value=1.0, passed=True, detail="no trace")
    words = words_by_language(row.draft.replace(row.query.strip(), " ") if row.query.strip() else row.draft)
    total = sum(words.values())
    foreign = total - words.get(_TRACES, 0) - words.get("", 0)
    said = ", ".join(f"{code or 'unknown'} {count}" for code, count in sorted(words.items()))
    return Score(
        name=NAME, value=1 - foreign / max(1, total), passed=True, detail=f"words by language: {said or 'none'}"
    )
