"""Constraints on which letters a text may hold: lipogram, univocalism, the prisoner's constraint, pangram.

Sources: Oulipo, "La littérature potentielle" (Gallimard 1973); the lipogram as the published SYNTH rows name it,
`avoid_letter[t]`, where texts with "helicopters" in them slipped through. What a letter is: `letters`.
"""

from synth_assets.exercises.writing_constraints.base import Constraint, Violation
from synth_assets.exercises.writing_constraints.letters import ALPHABETS, VOWELS, has_digit, letters_of
from synth_assets.exercises.writing_constraints.words import words_of

# Letters that a text of some thirty words can do without, by language: rare ones first, then the hard ones that still
# leave a language its articles or its endings. No e in German, French or Dutch, no a, e or i in Polish or Latin.
AVOIDABLE: dict[str, str] = {
    "en": "bcfgkmpvwdhlurste",
    "fr": "bfghqvcdmpo",
    "de": "bfgkmopvwzluä",
    "it": "bfghvzdmpu",
    "es": "bfghjñvzdmpt",
    "pl": "bfghłlóżądu",
    "nl": "bfhjkmpuvwzlo",
    "la": "bdfghlpvx",
}
UNIVOCAL: dict[str, str] = {"en": "aeio", "fr": "ea", "de": "ea", "it": "aeio", "es": "aeo", "pl": "ao", "nl": "eao",
                            "la": "aei"}  # fmt: skip

# Letters whose stroke leaves the band between the lines. Dots and accents do not: the prisoner saves paper, and i is
# taken by most. Case is ignored, for no German could begin a noun otherwise. ß is a tall stroke though it is two s.
_STROKES_OUT = frozenset("bdfghjklpqty")
_TAILS = {"ą", "ę", "ç", "ł", "ß"}


def check_lipogram(text: str, parameter: str, language: str) -> Violation | None:
    """No word has the letter, whatever accent it bears there."""
    for number, word in enumerate(words_of(text, language), start=1):
        if has_digit(word):
            return Violation(what=f"the figure {word!r} hides its letters", where=f"word {number}")
        if parameter in letters_of(word, language):
            return Violation(what=f"{word!r} has the letter {parameter!r}", where=f"word {number}")
    return None


def check_univocalism(text: str, parameter: str, language: str) -> Violation | None:
    """The letter is the only vowel of the text; y counts as a vowel everywhere."""
    for number, word in enumerate(words_of(text, language), start=1):
        if has_digit(word):
            return Violation(what=f"the figure {word!r} hides its vowels", where=f"word {number}")
        for letter in letters_of(word, language):
            if letter in VOWELS[language] and letter != parameter:
                return Violation(what=f"{word!r} has the vowel {letter!r}", where=f"word {number}")
    return None


def check_prisoner(text: str, parameter: str, language: str) -> Violation | None:
    """No letter has a stroke above or below the band of a, c, e; capitals count as small letters."""
    for number, word in enumerate(words_of(text, language), start=1):
        if has_digit(word):
            return Violation(what=f"the figure {word!r} is taller than the band", where=f"word {number}")
        for character in word.lower():
            if character in _TAILS or set(letters_of(character, language)) & _STROKES_OUT:
                return Violation(what=f"{word!r} has the stroke of {character!r}", where=f"word {number}")
    return None


def check_pangram(text: str, parameter: str, language: str) -> Violation | None:
    """Every letter of the language's alphabet occurs."""
    missing = [letter for letter in ALPHABETS[language] if letter not in letters_of(text, language)]
    if missing:
        return Violation(what=f"the letters {', '.join(missing)} do not occur")
    return None


def _admits_lipogram(word: str, parameter: str, language: str) -> bool:
    return check_lipogram(word, parameter, language) is None


def _admits_univocalism(word: str, parameter: str, language: str) -> bool:
    return check_univocalism(word, parameter, language) is None


def _admits_prisoner(word: str, parameter: str, language: str) -> bool:
    return check_prisoner(word, parameter, language) is None


LETTER_PLAY: tuple[Constraint, ...] = (
    Constraint(
        id="avoid_letter",
        axis="oulipo",
        reason="broken_lipogram",
        check=check_lipogram,
        parameters=lambda language, topic: tuple(AVOIDABLE[language]),
        least_words=15,
        admits=_admits_lipogram,
        seconds=("number_sentences", "number_lines", "number_paragraphs"),
    ),
    Constraint(
        id="univocalism",
        axis="oulipo",
        reason="broken_univocalism",
        check=check_univocalism,
        parameters=lambda language, topic: tuple(UNIVOCAL[language]),
        least_words=7,
        admits=_admits_univocalism,
    ),
    Constraint(
        id="prisoner",
        axis="oulipo",
        reason="broken_prisoner",
        check=check_prisoner,
        parameters=lambda language, topic: ("no_ascenders_descenders",),
        least_words=7,
        admits=_admits_prisoner,
    ),
    Constraint(
        id="pangram",
        axis="oulipo",
        reason="broken_pangram",
        check=check_pangram,
        parameters=lambda language, topic: (f"{len(ALPHABETS[language])}_letters",),
        least_words=8,
        seconds=("number_sentences", "number_lines"),
    ),
)
