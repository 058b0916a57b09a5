"""Is the answer as easy to read as prose of its language can be asked to be?

Source: the Flesch reading ease (Flesch 1948) in the form fitted to each language: French by Kandel and Moles (1958),
German by Amstad (1978), Italian by Franchina and Vacca (1986), Spanish by Fernández Huerta (1959), Dutch by Douma
(1960). Polish has Pisarek's index (1969: words a sentence and the share of words of four syllables and more), here
turned round so that it runs like an ease. Nobody fitted one for Latin: there the mean letters of a word stand for its
syllables.

The formulas were made for schoolbooks. An encyclopedia's lead has 20 to 40 in English and goes below 0 in Polish, so
the bounds are generous: `min_ease` refuses what nobody writes on purpose (words run together, a list of compounds
without a verb, one sentence of two hundred words), and `value` rises from there to 1 at `good_ease`. Syllables are
counted as groups of vowels, which is off by a tenth against a dictionary of hyphenation and needs none.

Lines end sentences, for verse and lists have no full stops. A text below `min_words` is not judged: three words have no
style. Formulas, code and citations are no prose and are left out.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow

NAME = "readability"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {
    "min_words": 15,
    "min_ease": -40.0,
    "good_ease": 30.0,
    "max_sentence_words": 75,
    "max_word_letters": 11.0,
}
REASONS = frozenset({"hard_to_read", "sentences_too_long", "words_too_long"})

_NO_PROSE = re.compile(
    r"<(source_\d+)>.*?</\1>|<ref\b[^>]*>.*?</ref>|```.*?(?:```|\Z)|\$[^$\n]+\$|</?\w+[^>\n]*>", re.S
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:;]+(?=[\s\"'»”)]|$)|\n+")
_VOWELS = re.compile(r"[aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüýÿąęāēīōūěů]+", re.I)
_HARD = 4  # syllables of a hard word, by Pisarek


def _flesch(constant: float, per_word: float, per_syllable: float) -> tuple[float, float, float]:
    return constant, per_word, per_syllable


# constant, less so much a word of the mean sentence, less so much a syllable of the mean word
_EASE: Mapping[str, tuple[float, float, float]] = {
    "en": _flesch(206.835, 1.015, 84.6),
    "fr": _flesch(207.0, 1.015, 73.6),
    "de": _flesch(180.0, 1.0, 58.5),
    "it": _flesch(206.0, 1.0, 65.0),
    "es": _flesch(206.84, 1.02, 60.0),
    "nl": _flesch(206.835, 0.93, 77.0),
}
# Latin by letters: at 15 words a sentence and Caesar's 5.8 letters a word it says 50
_LATIN = (150.0, 1.0, 14.7)


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """The reading ease of the answer; `value` runs from 0 at `min_ease` to 1 at `good_ease`."""
    text = _NO_PROSE.sub(" ", row.answer if row.answer_prose is None else row.answer_prose)
    words = _WORD.findall(text)
    if len(words) < thresholds["min_words"]:
        return Score(name=NAME, value=1.0, passed=True, detail=f"{len(words)} words, too few to judge")
    per_sentence = len(words) / _sentences(text)
    letters = sum(map(len, words)) / len(words)
    ease = reading_ease(words, per_sentence, row.language)
    worst, good = thresholds["min_ease"], thresholds["good_ease"]
    if letters > thresholds["max_word_letters"]:
        reason = "words_too_long"
    elif per_sentence > thresholds["max_sentence_words"]:
        reason = "sentences_too_long"
    else:
        reason = "hard_to_read" if ease < worst else ""
    return Score(
        name=NAME,
        value=0.0 if reason else min(1.0, max(0.0, (ease - worst) / max(1e-9, good - worst))),
        passed=not reason,
        reason=reason,
        detail=f"ease {ease:.0f}, {per_sentence:.1f} words a sentence, {letters:.1f} letters a word",
    )


def reading_ease(words: list[str], per_sentence: float, language: str) -> float:
    """The ease of a text of these words, about 100 (a primer) to 0 and below (a statute).

    Args:
        words: at least one.
        per_sentence: mean words of a sentence.
    """
    if language == "la":
        constant, per_word, per_letter = _LATIN
        return constant - per_word * per_sentence - per_letter * sum(map(len, words)) / len(words)
    syllables = [_syllables(word) for word in words]
    if language == "pl":
        hard = 100 * sum(count >= _HARD for count in syllables) / len(words)
        # Pisarek's index is the years of school that a text asks for; 20 and more is a dissertation
        return 100 - 5 * math.hypot(per_sentence, hard) / 2
    constant, per_word, per_syllable = _EASE[language]
    return constant - per_word * per_sentence - per_syllable * sum(syllables) / len(words)


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(word)))


def _sentences(text: str) -> int:
    return max(1, sum(1 for piece in _SENTENCE_END.split(text) if _WORD.search(piece)))
