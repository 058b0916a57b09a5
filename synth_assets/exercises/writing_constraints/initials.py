"""Constraints on what words, sentences and lines begin with: tautogram, alliteration, acrostics, abecedarian.

The initial of a word is its first letter by the language's convention (`letters`): "Élan" begins with e in French,
"Äpfel" with ä in German, "świt" with ś in Polish. Polish cz, sz, rz and Dutch ij begin with c, s, r, i.
"""

from synth_assets.exercises.writing_constraints.base import Constraint, Violation
from synth_assets.exercises.writing_constraints.letters import ALPHABETS, OWN_LETTERS, has_digit, letters_of
from synth_assets.exercises.writing_constraints.topics import topics
from synth_assets.exercises.writing_constraints.words import lines_of, sentences_of, words_of

# Initials of many words of every class, so that a text of some length can keep to them.
INITIALS: dict[str, str] = {
    "en": "bcmpst",
    "fr": "acmpst",
    "de": "bgkmsw",
    "it": "acmpst",
    "es": "acmpst",
    "pl": "kmpswz",
    "nl": "bgkmsv",
    "la": "acmpsv",
}
ACROSTICS: dict[str, tuple[str, ...]] = {
    "en": (
        "bread",
        "stone",
        "dream",
        "lemon",
        "metal",
        "model",
        "gold",
        "parade",
        "ocean",
        "peace",
        "garden",
        "record",
    ),
    "fr": ("lampe", "rose", "monde", "corps", "poème", "tendre", "corde", "forme", "porte", "larme", "table", "grande"),
    "de": ("regen", "abend", "garten", "brot", "ernte", "morgen", "segel", "grenze", "faden", "leben", "stern", "gabe"),
    "it": ("mare", "amore", "pace", "strada", "rosa", "corpo", "tempo", "lampo", "gatto", "fede", "porta", "bella"),
    "es": ("amor", "calma", "tierra", "pared", "fresa", "color", "balsa", "gato", "mesa", "prado", "letra", "madera"),
    "pl": ("kot", "morze", "lampa", "droga", "praca", "mapa", "dom", "komora", "brama", "matka", "pole", "trawa"),
    "nl": ("brood", "morgen", "regen", "droom", "lamp", "storm", "kamer", "dorp", "stad", "goed", "golf", "avond"),
    "la": ("amor", "roma", "pater", "fides", "terra", "sol", "corpus", "mater", "pacem", "caelo", "gradus", "domo"),
}
ALLITERATED = ("3", "4")
_RUNS = ((0, 5), (0, 6), (1, 5), (1, 6), (2, 5))


def _run(alphabet: str, start: int, length: int) -> str:
    return alphabet[start : start + length]


def _initial(word: str, language: str) -> str:
    return letters_of(word, language)[:1]


def check_tautogram(text: str, parameter: str, language: str) -> Violation | None:
    """Every word begins with the letter."""
    for number, word in enumerate(words_of(text, language), start=1):
        if _initial(word, language) != parameter or has_digit(word):
            return Violation(what=f"{word!r} does not begin with {parameter!r}", where=f"word {number}")
    return None


def check_alliteration(text: str, parameter: str, language: str) -> Violation | None:
    """In every sentence at least so many different words begin with the letter; "s*3" are three with s."""
    letter, _, least = parameter.partition("*")
    for number, sentence in enumerate(sentences_of(text, language), start=1):
        found = {word.lower() for word in words_of(sentence, language) if _initial(word, language) == letter}
        if len(found) < int(least):
            return Violation(
                what=f"{len(found)} different words begin with {letter!r}, not {least}", where=f"sentence {number}"
            )
    return None


def _check_initials(pieces: list[str], spelled: str, language: str, noun: str) -> Violation | None:
    if len(pieces) != len(spelled):
        return Violation(what=f"{len(pieces)} {noun}s for the {len(spelled)} letters of {spelled!r}")
    for number, (piece, letter) in enumerate(zip(pieces, spelled, strict=True), start=1):
        if (found := _initial(piece, language)) != letter:
            return Violation(what=f"begins with {found!r}, not {letter!r}", where=f"{noun} {number}")
    return None


def check_acrostic_lines(text: str, parameter: str, language: str) -> Violation | None:
    """The first letters of the lines spell the word, and there is no other line."""
    return _check_initials(lines_of(text), letters_of(parameter, language), language, "line")


def check_acrostic_sentences(text: str, parameter: str, language: str) -> Violation | None:
    """The first letters of the sentences spell the word, and there is no other sentence."""
    return _check_initials(sentences_of(text, language), letters_of(parameter, language), language, "sentence")


def letters_between(parameter: str, language: str) -> str:
    """The letters of "b-g" in the language's alphabet, its letters with marks left out (no word begins with ń)."""
    alphabet = "".join(letter for letter in ALPHABETS[language] if letter not in OWN_LETTERS[language])
    first, _, last = parameter.partition("-")
    return alphabet[alphabet.index(first) : alphabet.index(last) + 1]


def check_abecedarian(text: str, parameter: str, language: str) -> Violation | None:
    """Each line begins with the next letter of the alphabet, from the first to the last."""
    return _check_initials(lines_of(text), letters_between(parameter, language), language, "line")


def _tautogram_parameters(language: str, topic: str) -> tuple[str, ...]:
    initial = _initial(topics()[topic].names[language], language)
    return (initial,) if initial in INITIALS[language] else ()


def _abecedarian_parameters(language: str, topic: str) -> tuple[str, ...]:
    runs = [_run("abcdefg", *run) for run in _RUNS] + [_run("lmnop", *run) for run in ((0, 4), (0, 5), (1, 4))]
    return tuple(f"{run[0]}-{run[-1]}" for run in runs)


INITIAL: tuple[Constraint, ...] = (
    Constraint(
        id="start_letter",
        axis="oulipo",
        reason="broken_tautogram",
        check=check_tautogram,
        parameters=_tautogram_parameters,
        least_words=7,
    ),
    Constraint(
        id="alliteration",
        axis="oulipo",
        reason="broken_alliteration",
        check=check_alliteration,
        parameters=lambda language, topic: tuple(
            f"{letter}*{least}" for letter in INITIALS[language] for least in ALLITERATED
        ),
        seconds=("number_sentences",),
    ),
    Constraint(
        id="acrostic_lines",
        axis="oulipo",
        reason="broken_acrostic",
        check=check_acrostic_lines,
        parameters=lambda language, topic: ACROSTICS[language],
        seconds=("forbidden_words",),
    ),
    Constraint(
        id="acrostic_sentences",
        axis="oulipo",
        reason="broken_acrostic",
        check=check_acrostic_sentences,
        parameters=lambda language, topic: ACROSTICS[language],
        seconds=("forbidden_words", "number_paragraphs"),
    ),
    Constraint(
        id="abecedarian",
        axis="oulipo",
        reason="broken_abecedarian",
        check=check_abecedarian,
        parameters=_abecedarian_parameters,
        seconds=("forbidden_words",),
    ),
)
