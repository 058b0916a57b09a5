"""Does the answer speak of what the query asks?

Source: answer relevance as RAGAS (Es et al. 2023, arXiv 2309.15217) defines it, by cosine of embeddings; the lexical
half is this project's, for rows whose vectors nobody stored.

By words. Content words, names and numbers are compared by stem. *Direct* is the share of the query's that the answer
takes up, of `enough` at most: a long query is answered without repeating it. *Bridged* is for the short answer that
repeats nothing ("In 1478."): the share of the answer's words that stand in sentences of the passages which speak of
what the query asks. The larger of the two, each against its own full mark (`full_direct`, `full_bridged`), is the
lexical value. A translated row has no bridge but numbers and names, and
where the query bears a text to translate nothing is judged: the translation repeats no word of it.

By vectors, where the row carries one of the query and one of the answer: their cosine from `least_cosine` (0) to
`full_cosine` (1). The value is the larger of both: either may miss what the other sees. A row is refused as `off_topic`
only where the answer is long enough to judge (`min_words` content words), the value is below `min_value`, and words can
be compared: not where the passages are in another language and there are no vectors.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.grounding import content_words, fold, stem
from synth_assets.quality.language_identification import FUNCTION_WORDS, identify

NAME = "relevance"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {
    "min_words": 6,
    "min_value": 0.1,
    "enough": 6,
    "full_direct": 0.35,
    "full_bridged": 0.6,
    "least_cosine": 0.1,
    "full_cosine": 0.6,
}
REASONS = frozenset({"off_topic"})

_SOURCE_BLOCK = re.compile(r"<(source_\d+)>(.*?)</\1>", re.S)
_TAG = re.compile(r"</?\w+[^>\n]*>")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_SHORT_OR_NUMBER = re.compile(r"\b[^\W\d_]{3}\b|\d+(?:[.,]\d+)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CAPITALISED = re.compile(r"[^\W\d_]{3,}")


def applies(row: ScoredRow) -> bool:
    """All rows but translations: of what the query bears in another language the answer repeats no word."""
    if row.query_prose is None or row.query_prose == row.query:
        return True
    given = identify(row.query.replace(row.query_prose, " ")).code
    made = identify(row.answer).code
    return not given or not made or given == made


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """The larger of the lexical value and of the vectors'."""
    query = _TAG.sub(" ", _SOURCE_BLOCK.sub(" ", row.query))
    asked = said_in(query, row.language)
    said = said_in(_TAG.sub(" ", row.answer), row.language)
    shared = len(asked & said)
    direct = min(1.0, shared / max(1.0, min(len(asked), thresholds["enough"])) / thresholds["full_direct"])
    bridged = _bridged(row, asked, said) / thresholds["full_bridged"]
    lexical = min(1.0, max(direct, bridged))
    detail = f"{shared} of {len(asked)} words of the query, lexical {lexical:.2f}"
    value = lexical
    if row.query_vector is not None and row.answer_vector is not None:
        near = cosine(row.query_vector, row.answer_vector)
        span = max(1e-9, thresholds["full_cosine"] - thresholds["least_cosine"])
        value = max(lexical, min(1.0, max(0.0, (near - thresholds["least_cosine"]) / span)))
        detail += f", cosine {near:.2f}"
    # over another language a sound answer may share no word with anything: words alone refuse nothing there
    heard = row.section_language in ("", row.language) or row.answer_vector is not None
    refused = heard and len(said) >= thresholds["min_words"] and value < thresholds["min_value"]
    return Score(name=NAME, value=value, passed=not refused, reason="off_topic" if refused else "", detail=detail)


def said_in(text: str, language: str) -> set[str]:
    """What a text speaks of: stems of its content words, its short ones that are no function words, its numbers."""
    function_words = FUNCTION_WORDS[language]
    words = content_words(text, language)
    # tecto and tectum, dachem and dach: where endings are long and words short, four letters must do
    stems = {word[:4] for word in words} if language in ("la", "pl") else {stem(word) for word in words}
    short = {fold(word) for word in _SHORT_OR_NUMBER.findall(text) if word.casefold() not in function_words}
    return stems | short


def cosine(first: Sequence[float], second: Sequence[float]) -> float:
    """The cosine of two vectors of one length; 0 where either is all zeros.

    Raises:
        ValueError: their lengths differ.
    """
    norms = math.hypot(*first) * math.hypot(*second)
    return sum(a * b for a, b in zip(first, second, strict=True)) / norms if norms else 0.0


def _bridged(row: ScoredRow, asked: set[str], said: set[str]) -> float:
    """Share of the answer's words in sentences of the passages that speak of what is asked."""
    passages = "\n".join((row.section_text, *row.neighbour_texts, *(t for _, t in _SOURCE_BLOCK.findall(row.query))))
    if not passages.strip() or not asked:
        return 0.0
    if row.section_language not in ("", row.language):
        # only names and numbers survive the translation, and names by their first letters
        known = {fold(name)[:4] for name in _CAPITALISED.findall(passages) if name[0].isupper()}
        known |= set(_NUMBER.findall(passages))
        names = {fold(name)[:4] for name in _CAPITALISED.findall(row.answer) if name[0].isupper()}
        names |= set(_NUMBER.findall(row.answer))
        return len(names & known) / len(names) if len(names) > 1 else 0.0
    # a passage speaks of its title in all its sentences, whatever it calls it there
    whole = bool(said_in(row.section_title, row.language) & asked)
    known: set[str] = said_in(row.section_text, row.language) if whole else set()
    for sentence in _SENTENCE.split(passages):
        spoken = said_in(sentence, row.language)
        if spoken & asked:
            known |= spoken
    own = said - asked
    return len(own & known) / len(own) if own else 0.0
