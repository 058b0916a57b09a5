"""Is the trace about this row at all?

Source: this project, as `trace_grounding`, which judges rows made from passages. This one asks less and judges every
row with a trace: a trace that a broken join put beside another query is fluent, keeps the notation, and teaches that
thinking and answering have nothing to do with each other.

The trace is English whatever the row's language, so three things are looked for in query, answer and passages: numbers,
as written; the words that the trace quotes; and words by stem, which over another language only names and cognates
survive (photosynthesis, fotosíntesis, Photosynthese by their first letters). What a trace says of its own doing is left
out. `found` is each of the three against what sound traces reach (`full_words` over an English row or passage,
`full_foreign_words` over another, `full_numbers`, `full_quoted`), and `value` is the largest; below `min_value` the
trace is refused as `trace_unrelated`. A poem of ten words shares none with any trace: words are compared with
`min_words` stems and more, numbers and quotations from two on, and where there is nothing of the three the row is not
judged.
"""

import re
from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.grounding import fold
from synth_assets.quality.language_identification import FUNCTION_WORDS

NAME = "trace_relevance"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {
    "min_value": 0.25,
    "min_words": 15,
    "full_words": 0.45,
    "full_foreign_words": 0.15,
    "full_numbers": 0.8,
    "full_quoted": 0.8,
}
REASONS = frozenset({"trace_unrelated"})

_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_ENTROPY = re.compile(r"⟨[^⟩\n]*⟩")
_WORD = re.compile(r"[^\W\d_]{4,}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_QUOTED = re.compile(r"\"([^\"\n]{2,80})\"|“([^”\n]{2,80})”")
_LETTERS = 4
_OWN_TALK = frozenset(
    word[:_LETTERS]
    for word in [
        "answer",
        "asks",
        "asked",
        "asking",
        "question",
        "query",
        "kind",
        "rule",
        "form",
        "line",
        "lines",
        "text",
        "word",
        "words",
        "sentence",
        "sentences",
        "source",
        "sources",
        "given",
        "sought",
        "first",
        "second",
        "third",
        "last",
        "next",
        "step",
        "steps",
        "check",
        "checked",
        "checks",
        "verification",
        "analysis",
        "task",
        "recall",
        "working",
        "planning",
        "reading",
        "each",
        "other",
        "another",
        "both",
        "same",
        "more",
        "less",
        "must",
        "should",
        "would",
        "could",
        "stay",
        "stays",
        "stand",
        "stands",
        "keep",
        "keeps",
        "half",
        "whole",
        "every",
        "part",
        "parts",
        "then",
        "than",
        "that",
        "this",
        "from",
        "with",
        "after",
        "before",
        "only",
        "also",
        "into",
        "over",
        "under",
        "between",
        "because",
        "therefore",
        "means",
        "says",
        "said",
        "name",
        "names",
        "named",
        "nothing",
        "something",
        "follows",
        "true",
        "false",
        "right",
        "wrong",
        "agree",
        "agrees",
    ]
)


def applies(row: ScoredRow) -> bool:
    """Only rows with a trace."""
    return bool(row.draft.strip())


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """The largest of the shares of words, numbers and quotations that are found."""
    trace = _ENTROPY.sub(" ", _HEADING.sub(" ", row.draft))
    around = "\n".join((row.query, row.answer, row.section_title, row.section_text, *row.neighbour_texts))
    found: dict[str, float] = {}

    mine = _stems(trace, "en") - _OWN_TALK
    theirs = _stems(around, row.language)
    english = "en" in (row.language, row.section_language)
    if mine and len(theirs) >= thresholds["min_words"]:
        share = len(mine & theirs) / len(mine)
        found["words"] = share / thresholds["full_words" if english else "full_foreign_words"]
    own = f"{row.query}\n{row.answer}"
    numbers = _numbers(trace)
    wanted = _numbers(own)
    if len(wanted) > 1 and numbers:
        found["numbers"] = len(numbers & wanted) / len(wanted) / thresholds["full_numbers"]
    quotes = {fold(one or other) for one, other in _QUOTED.findall(trace)}
    if len(quotes) > 1:
        folded = fold(around)
        found["quoted"] = sum(quote in folded for quote in quotes) / len(quotes) / thresholds["full_quoted"]
    value = min(1.0, max(found.values(), default=1.0))
    # over another language a poem may share no word with its trace: words alone refuse nothing there
    refused = value < thresholds["min_value"] and (english or len(found) > 1)
    return Score(
        name=NAME,
        value=value,
        passed=not refused,
        reason="trace_unrelated" if refused else "",
        detail=", ".join(f"{what} {share:.2f}" for what, share in found.items()) or "nothing to compare",
    )


def _stems(text: str, language: str) -> set[str]:
    function_words = FUNCTION_WORDS[language] | FUNCTION_WORDS["en"]
    return {fold(word)[:_LETTERS] for word in _WORD.findall(text) if word.casefold() not in function_words}


def _numbers(text: str) -> set[str]:
    return {number.replace(",", ".") for number in _NUMBER.findall(text)}
