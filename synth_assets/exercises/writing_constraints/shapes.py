"""Constraints on the shape of a text: snowballs by letters and by words, isocolon, short words.

Source: Oulipo's "boule de neige" (rhopalic verse of Ausonius), and classical rhetoric's isocolon.
"""

from synth_assets.exercises.writing_constraints.base import Constraint, Violation
from synth_assets.exercises.writing_constraints.letters import has_digit, letters_of
from synth_assets.exercises.writing_constraints.words import lines_of, sentences_of, words_of

_LEAST_SENTENCES = 3


def _length(word: str, language: str) -> int:
    return len(letters_of(word, language))


def check_snowball_words(text: str, parameter: str, language: str) -> Violation | None:
    """Every line is a snowball: "2-6*3" are three lines of words of 2, 3, 4, 5 and 6 letters, œ and ß being two."""
    span, _, count = parameter.partition("*")
    least, most = map(int, span.split("-"))
    lines = lines_of(text)
    if len(lines) != int(count):
        return Violation(what=f"{len(lines)} lines, not {count}")
    for number, line in enumerate(lines, start=1):
        words = words_of(line, language)
        if any(map(has_digit, words)):
            return Violation(what="a figure has no letters to count", where=f"line {number}")
        found = [_length(word, language) for word in words]
        if found != list(range(least, most + 1)):
            return Violation(what=f"words of {found} letters, not {least} to {most}", where=f"line {number}")
    return None


def check_snowball_lines(text: str, parameter: str, language: str) -> Violation | None:
    """Each line has one word more than the line before ("1-5"), or one word less ("5-1": the snowball melts)."""
    first, last = map(int, parameter.split("-"))
    wanted = list(range(first, last + 1)) if first < last else list(range(first, last - 1, -1))
    found = [len(words_of(line, language)) for line in lines_of(text)]
    if found != wanted:
        return Violation(what=f"lines of {found} words, not {wanted}")
    return None


def check_isocolon(text: str, parameter: str, language: str) -> Violation | None:
    """Every sentence has just so many words, and there are three sentences or more."""
    sentences = sentences_of(text, language)
    for number, sentence in enumerate(sentences, start=1):
        if (found := len(words_of(sentence, language))) != int(parameter):
            return Violation(what=f"{found} words, not {parameter}", where=f"sentence {number}")
    if len(sentences) < _LEAST_SENTENCES:
        return Violation(what=f"{len(sentences)} sentences do not show a measure, {_LEAST_SENTENCES} would")
    return None


def check_short_words(text: str, parameter: str, language: str) -> Violation | None:
    """No word has more letters than this."""
    for number, word in enumerate(words_of(text, language), start=1):
        if (found := _length(word, language)) > int(parameter):
            return Violation(what=f"{word!r} has {found} letters, more than {parameter}", where=f"word {number}")
        if has_digit(word):
            return Violation(what=f"the figure {word!r} hides its letters", where=f"word {number}")
    return None


def _admits_snowball(word: str, parameter: str, language: str) -> bool:
    least, most = map(int, parameter.partition("*")[0].split("-"))
    return least <= _length(word, language) <= most


# Longest word allowed: where endings are long, a language needs more.
LONGEST: dict[str, tuple[str, ...]] = {
    "en": ("5", "6"), "fr": ("6", "7"), "de": ("6", "7"), "it": ("6", "7"), "es": ("6", "7"), "pl": ("6", "7"),
    "nl": ("5", "6"), "la": ("6", "7"),
}  # fmt: skip

SHAPES: tuple[Constraint, ...] = (
    Constraint(
        id="snowball_words",
        axis="oulipo",
        reason="broken_snowball",
        check=check_snowball_words,
        parameters=lambda language, topic: ("2-5*3", "2-6*2", "2-6*3", "3-6*3", "3-7*2", "3-7*3", "2-7*2", "2-7*3"),
        least_words=10,
        admits=_admits_snowball,
    ),
    Constraint(
        id="snowball_lines",
        axis="oulipo",
        reason="broken_snowball",
        check=check_snowball_lines,
        parameters=lambda language, topic: ("1-4", "1-5", "1-6", "1-7", "5-1", "6-1", "7-1"),
        least_words=10,
        seconds=("forbidden_words",),
    ),
    Constraint(
        id="isocolon",
        axis="oulipo",
        reason="broken_isocolon",
        check=check_isocolon,
        parameters=lambda language, topic: ("5", "6", "7", "8"),
        seconds=("number_sentences", "forbidden_words"),
    ),
    Constraint(
        id="max_word_letters",
        axis="oulipo",
        reason="broken_word_length",
        check=check_short_words,
        parameters=lambda language, topic: LONGEST[language],
        admits=lambda word, parameter, language: _length(word, language) <= int(parameter),
        seconds=("number_sentences", "number_lines"),
    ),
)
