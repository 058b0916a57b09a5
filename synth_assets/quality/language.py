"""Are query and answer in the row's language, and is the trace in English?

Source: the published rows of PleIAs/SYNTH: query and answer in the target language, the reasoning trace always English,
though it may quote the query. Identification: `language_identification`, limited to the eight languages.

The hard case is the text that has no language: "**16,020**", "C. Marie Curie", a formula. What is no prose is taken out
first (marks of the notation, code, formulas, retrieved sources, verbatim citations, numbers, and quotations while
enough remains without them). Then, by the number of words left:

- fewer than `min_words`: not judged, and said so in the detail;
- fewer than `certain_words`: refused only when another language is found with `short_confidence` or more, since names
  and technical terms of a short text look like Latin or French;
- from `certain_words` on: the language must be found, with `long_confidence` or more. Another language found is
  `wrong_language_<part>`; a guess below that confidence, right or wrong, is `language_uncertain`: a mixture or noise.

A long text may change its language half way, as small models do; so sentences of query and answer that are certainly in
another language may not hold more than `max_foreign_share` of the words (`mixed_language`). Which of the eight
languages was found stands in the detail.
"""

import re
from collections.abc import Mapping
from typing import Any

from sentencex import segment

from synth_assets.notation import MARKS
from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.language_identification import identify

NAME = "language"
VERSION = 3
THRESHOLDS: Mapping[str, float] = {
    "min_words": 5,
    "certain_words": 12,
    "short_confidence": 0.85,
    "long_confidence": 0.5,
    "max_foreign_share": 0.3,
    "sentence_words": 6,
    "sentence_confidence": 0.85,
}
REASONS = frozenset(
    {
        "wrong_language_query",
        "wrong_language_answer",
        "wrong_language_draft",
        "mixed_language",
        "language_uncertain",
    }
)
_DRAFT_LANGUAGE = "en"

_NO_PROSE = re.compile(
    r"<(source_\d+)>.*?</\1>"  # retrieved passages
    r"|<ref\b[^>]*>.*?</ref>"  # verbatim citations
    r"|```.*?(?:```|\Z)|`[^`\n]*`"  # code
    r"|\$\$.*?\$\$|\$[^$\n]+\$|\\\(.*?\\\)|\\\[.*?\\\]"  # formulas
    r"|</?\w+[^>\n]*>|⟨[^⟩\n]*⟩|\b\w+://\S+",
    re.S,
)
_QUOTATION = re.compile(r'"[^"\n]{1,400}"|“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»')
_SYMBOLS = re.compile(rf"[{re.escape(MARKS)}*#_|=+<>^~]|^\s*[A-Z][.)](?=\s)|\S*\d\S*", re.M)
_CHOSEN = re.compile(r"^\s*∴ [A-E]\. .*$", re.M)  # the option itself, in the language of the row
_WORD = re.compile(r"[^\W\d_]{2,}")


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Identify query, answer and draft; `value` is the share of the parts that are sound."""
    query = row.query if row.query_prose is None else row.query_prose
    answer = row.answer if row.answer_prose is None else row.answer_prose
    parts = {"query": (query, row.language), "answer": (answer, row.language)}
    if row.draft.strip():
        # a trace may open with the query as it was asked
        trace = row.draft.replace(row.query.strip(), " ") if len(row.query.strip()) > 10 else row.draft
        trace = _CHOSEN.sub(" ", trace)
        parts["draft"] = (trace, _DRAFT_LANGUAGE)
    failures: list[str] = []
    details: list[str] = []
    for part, (text, expected) in parts.items():
        reason, detail = _judge(part, _prose(text, thresholds["min_words"]), expected, thresholds)
        details.append(f"{part}: {detail}")
        if reason:
            failures.append(reason)
    foreign = _foreign_lines(row.draft, thresholds)
    if foreign > thresholds["max_foreign_share"] and not failures:
        failures.append("mixed_language")
        details.append(f"draft: {foreign:.0%} of the words in lines of another language")
    return Score(
        name=NAME,
        value=1 - len(failures) / len(parts),
        passed=not failures,
        reason=failures[0] if failures else "",
        detail="; ".join(details),
    )


def words_by_language(trace: str) -> dict[str, int]:
    """Words of a trace's lines by the language each line is in, "" for lines that have none.

    Quotations, lines of fewer than five words beside them, headings, and the conclusion of a multiple-choice row, which
    is the option itself, are left out.
    """
    words: dict[str, int] = {}
    for line in trace.splitlines():
        if re.match(r"\s*#", line) or _CHOSEN.match(line):
            continue
        prose = _unquoted(line)
        count = len(_WORD.findall(prose))
        if count >= THRESHOLDS["min_words"]:
            code, confidence = identify(prose)
            found = code if confidence >= THRESHOLDS["sentence_confidence"] else ""
            words[found] = words.get(found, 0) + count
    return words


def _unquoted(text: str) -> str:
    return _QUOTATION.sub(" ", _SYMBOLS.sub(" ", _NO_PROSE.sub(" ", text)))


def _prose(text: str, min_words: float) -> str:
    text = _SYMBOLS.sub(" ", _NO_PROSE.sub(" ", text))
    unquoted = _QUOTATION.sub(" ", text)
    return unquoted if len(_WORD.findall(unquoted)) >= min_words else text


def _judge(part: str, prose: str, expected: str, thresholds: Mapping[str, Any]) -> tuple[str, str]:
    """(reason or "", detail) of one part."""
    words = len(_WORD.findall(prose))
    if words < thresholds["min_words"]:
        return "", f"{words} words, too few to judge"
    code, confidence = identify(prose)
    found = f"{code or 'nothing'} {confidence:.2f} over {words} words"
    if words < thresholds["certain_words"]:
        wrong = code not in ("", expected) and confidence >= thresholds["short_confidence"]
        return f"wrong_language_{part}" if wrong else "", found
    if confidence < thresholds["long_confidence"]:
        return "language_uncertain", found
    if code != expected:
        return f"wrong_language_{part}", found
    if part != "draft":
        foreign = _foreign_share(prose, expected, thresholds)
        if foreign > thresholds["max_foreign_share"]:
            return "mixed_language", f"{found}, {foreign:.0%} of the words in sentences of another language"
    return "", found


def _foreign_lines(draft: str, thresholds: Mapping[str, Any]) -> float:
    """Share of a trace's words in lines that are surely not English.

    The tree may quote the query, the conclusion of a multiple-choice row is the option itself, and a trace about an
    edit quotes the words that it changes: none of that counts.
    """
    foreign = total = 0
    for line in draft.splitlines():
        if re.match(r"\s*[#├└│]", line) or _CHOSEN.match(line):
            continue
        prose = _unquoted(line)
        words = len(_WORD.findall(prose))
        total += words
        if words >= thresholds["min_words"]:
            code, confidence = identify(prose)
            if code not in ("", _DRAFT_LANGUAGE) and confidence >= thresholds["sentence_confidence"]:
                foreign += words
    return foreign / max(1, total)


def _foreign_share(prose: str, expected: str, thresholds: Mapping[str, Any]) -> float:
    foreign = total = 0
    for sentence in segment(expected, prose):
        words = len(_WORD.findall(sentence))
        total += words
        if words >= thresholds["sentence_words"]:
            code, confidence = identify(sentence)
            if code not in ("", expected) and confidence >= thresholds["sentence_confidence"]:
                foreign += words
    return foreign / max(1, total)
