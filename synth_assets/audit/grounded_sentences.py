"""Which sentence of an answer found its words in which sentence of its passages, as the score `grounding` sees it.

The scorer says one figure for a whole answer; a person who reads it wants to see where it comes from. So the same
words, stems, names and numbers are compared here sentence by sentence: what the scorer counts as found is marked as
found, and a sentence of the answer points to those sentences of the passages that hold the most of what it found. The
scorer looks for a word in all passages at once and knows no places; they are this module's own and decide nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sentencex import segment

from synth_assets.quality import grounding
from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.grounding import content_words, fold, names_in, stem
from synth_assets.quality.language_identification import FUNCTION_WORDS

MOST_PLACES = 2
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of a sentence: `kind` is found, missing, or empty for what the scorer does not charge."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSentence:
    """One sentence of an answer as the scorer read it.

    `verdict`: grounded, weak (fewer of its own words are found than a sentence must have), declines, or own_words_none
    (all it says the query had said, or nothing of it is compared). `found` of `own` words (of a translated answer:
    names) are in the passages. `places` are the numbers of passage sentences, the best first.
    """

    runs: tuple[Run, ...]
    verdict: str
    found: int
    own: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSentence:
    """One sentence of a passage; `number` is its place among all, from 1; `found_by` the answer sentences, from 1."""

    text: str
    number: int
    found_by: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundedAnswer:
    """An answer held against its passages: the section first, then its neighbours, in their order."""

    score: Score
    translated: bool
    answer: tuple[AnswerSentence, ...]
    passages: tuple[tuple[PassageSentence, ...], ...]


def mark_sentences(row: ScoredRow, thresholds: Mapping[str, Any] = grounding.THRESHOLDS) -> GroundedAnswer | None:
    """The answer and its passages by sentences; None where the scorer has nothing to hold the answer against."""
    if not grounding.applies(row):
        return None
    # the scorer's own way of cleaning, so that its sentences are these
    blocks = [text for _, text in grounding.SOURCE_BLOCK.findall(row.query)]
    query = grounding.OPTION.sub(" ", grounding.SOURCE_BLOCK.sub(" ", row.query))
    answer = grounding.OPTION_LETTER.sub(" ", grounding.TAG.sub(" ", row.answer))
    evidence = "\n".join([row.section_text, *row.neighbour_texts, *blocks])
    translated = row.section_language not in ("", row.language)
    passages = [
        _sentences(row.section_language or row.language, text) for text in (row.section_text, *row.neighbour_texts)
    ]
    tokens = [_tokens_of_passage(sentence, row.language, translated) for part in passages for sentence in part]

    known = _tokens_of_passage(evidence, row.language, translated)
    ungrounded = grounding.ungrounded_numbers(answer, f"{evidence}\n{query}", thresholds["smallest_number"])
    marked = [
        _mark(sentence, row.language, query, known, tokens, ungrounded, translated, thresholds)
        for sentence in _sentences(row.language, answer)
    ]
    found_by: dict[int, list[int]] = {}
    for number, sentence in enumerate(marked, start=1):
        for place in sentence.places:
            found_by.setdefault(place, []).append(number)
    numbered, count = [], 0
    for part in passages:
        sentences = []
        for text in part:
            count += 1
            sentences.append(PassageSentence(text=text, number=count, found_by=tuple(found_by.get(count, ()))))
        numbered.append(tuple(sentences))
    return GroundedAnswer(
        score=grounding.score(row, thresholds), translated=translated, answer=tuple(marked), passages=tuple(numbered)
    )


def _sentences(language: str, text: str) -> list[str]:
    """The sentences of a text, which joined are the text again: blank lines stay with the sentence before them."""
    sentences: list[str] = []
    for piece in segment(language, text):
        if sentences and not (piece.strip() and sentences[-1].strip()):
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return sentences


def _mark(
    sentence: str,
    language: str,
    query: str,
    known: set[str],
    passages: list[set[str]],
    ungrounded: list[str],
    translated: bool,
    thresholds: Mapping[str, Any],
) -> AnswerSentence:
    declines = bool(grounding.DECLINES[language].search(fold(sentence)))
    if translated:
        asked = {fold(word) for word in _WORD.findall(query)}
        own = {name[:4] for name in names_in([sentence], language) - asked}
        least = thresholds["min_foreign_name_share"]
    else:
        own = {stem(word) for word in content_words(sentence, language)}
        own -= {stem(word) for word in content_words(query, language)}
        least = thresholds["min_sentence_share"]
    if declines:
        own = set()
    hits = own & known
    numbers = {grounding.read_number(written) for written in grounding.NUMBER.findall(sentence)}
    wanted = hits | {f"#{number}" for number in numbers if len(number) > 1}
    if declines:
        verdict = "declines"
    elif not own:
        verdict = "own_words_none"
    else:
        verdict = "grounded" if len(hits) / len(own) >= least else "weak"
    return AnswerSentence(
        runs=tuple(_runs(sentence, language, own, hits, set(ungrounded), translated)),
        verdict=verdict,
        found=len(hits),
        own=len(own),
        places=_places(wanted, passages),
    )


def _places(wanted: set[str], passages: list[set[str]]) -> tuple[int, ...]:
    """Numbers of the passage sentences that hold the most of what was found, each for what the one before it lacks."""
    left, places = set(wanted), []
    while left and len(places) < MOST_PLACES:
        best = max(range(len(passages)), key=lambda at: (len(left & passages[at]), -at), default=None)
        # one shared word says little, unless there is no other
        if best is None or len(left & passages[best]) < min(2, len(wanted)):
            break
        places.append(best + 1)
        left -= passages[best]
    return tuple(places)


def _tokens_of_passage(text: str, language: str, translated: bool) -> set[str]:
    """What of a passage an answer can find: stems, or beginnings of names where it was translated; numbers by a #."""
    numbers = {f"#{grounding.read_number(written)}" for written in grounding.NUMBER.findall(text)}
    if translated:
        return {fold(word)[:4] for word in _WORD.findall(text) if word[0].isupper()} | numbers
    return {stem(word) for word in content_words(text, language)} | numbers


def _runs(
    sentence: str, language: str, own: set[str], hits: set[str], ungrounded: set[str], translated: bool
) -> list[Run]:
    function_words = FUNCTION_WORDS[language]
    spans: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(sentence):
        word = match.group()
        if translated:
            mark = fold(word)[:4] if word[0].isupper() else ""
        else:
            mark = stem(fold(word)) if len(word) >= 4 and word.casefold() not in function_words else ""
        if mark in own:
            spans.append((*match.span(), "found" if mark in hits else "missing"))
    for match in grounding.NUMBER.finditer(sentence):
        if grounding.read_number(match.group()) in ungrounded:
            spans.append((*match.span(), "missing"))
    runs, at = [], 0
    for start, end, kind in sorted(spans):
        if start < at:  # a number inside a word that is marked already
            continue
        runs += [Run(text=sentence[at:start], kind="")] if start > at else []
        runs.append(Run(text=sentence[start:end], kind=kind))
        at = end
    return [*runs, Run(text=sentence[at:], kind="")] if at < len(sentence) else runs
