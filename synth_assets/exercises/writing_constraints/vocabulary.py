"""Constraints on which words a text may or must hold: forbidden, required, none twice, chains, anaphora.

Words that are required must stand in the very form that was given: whoever reads the row can look for them. Words that
are forbidden are forbidden in every form: no word may begin with their stem (`words.stem_of`), which also forbids some
of their relatives, and the query says so.
"""

from itertools import combinations

from synth_assets.exercises.writing_constraints.base import Constraint, Violation
from synth_assets.exercises.writing_constraints.letters import folded, letters_of
from synth_assets.exercises.writing_constraints.topics import siblings, topics
from synth_assets.exercises.writing_constraints.words import sentences_of, stem_of, words_of

# Two words at most: what opens every sentence of a short text would be a loop to the repetition scorer otherwise.
OPENINGS: dict[str, tuple[str, ...]] = {
    "en": ("I remember", "every morning", "if only", "we never", "one day"),
    "fr": ("souvent", "chaque matin", "si seulement", "un jour", "il faut"),
    "de": ("früher", "jeden Morgen", "wenn nur", "eines Tages", "wir werden"),
    "it": ("mi ricordo", "ogni mattina", "se solo", "un giorno", "noi siamo"),
    "es": ("me acuerdo", "cada mañana", "ojalá", "un día", "hay que"),
    "pl": ("pamiętam", "co rano", "gdyby", "pewnego dnia", "nigdy nie"),
    "nl": ("vroeger", "elke ochtend", "soms", "ooit", "wij zullen"),
    "la": ("memini", "cotidie mane", "utinam", "olim", "numquam"),
}
_LEAST_ANAPHORAS = 3


def words_in(parameter: str) -> list[str]:
    """The words of "rain+snow+wind"."""
    return parameter.split("+")


def check_forbidden(text: str, parameter: str, language: str) -> Violation | None:
    """No word begins with the stem of a forbidden one."""
    stems = {word: stem_of(word) for word in words_in(parameter)}
    for number, written in enumerate(words_of(text, language), start=1):
        for forbidden, stem in stems.items():
            if folded(written).startswith(stem):
                return Violation(what=f"{written!r} is a form of {forbidden!r}", where=f"word {number}")
    return None


def check_required(text: str, parameter: str, language: str) -> Violation | None:
    """Each of the words stands in the text in the form given; only case may differ."""
    written = {word.lower() for word in words_of(text, language)}
    missing = [word for word in words_in(parameter) if word.lower() not in written]
    return Violation(what=f"{', '.join(map(repr, missing))} missing") if missing else None


def check_no_repeated_word(text: str, parameter: str, language: str) -> Violation | None:
    """No word form stands twice, and there are at least so many words."""
    seen: dict[str, int] = {}
    words = words_of(text, language)
    for number, word in enumerate(words, start=1):
        first = seen.setdefault(word.lower(), number)
        if first != number:
            return Violation(what=f"{word!r} stood at word {first} already", where=f"word {number}")
    if len(words) < int(parameter):
        return Violation(what=f"{len(words)} words, not at least {parameter}")
    return None


def check_chain(text: str, parameter: str, language: str) -> Violation | None:
    """Each sentence begins with the last word of the sentence before; there are just so many sentences."""
    sentences = sentences_of(text, language)
    if len(sentences) != int(parameter):
        return Violation(what=f"{len(sentences)} sentences, not {parameter}")
    for number in range(1, len(sentences)):
        last, first = words_of(sentences[number - 1], language)[-1], words_of(sentences[number], language)[0]
        if letters_of(last, language) != letters_of(first, language):
            return Violation(what=f"begins with {first!r}, not with {last!r}", where=f"sentence {number + 1}")
    return None


def check_same_opening(text: str, parameter: str, language: str) -> Violation | None:
    """Every sentence begins with the same given words, and there are three sentences or more."""
    opening = [letters_of(word, language) for word in words_of(parameter, language)]
    sentences = sentences_of(text, language)
    for number, sentence in enumerate(sentences, start=1):
        found = [letters_of(word, language) for word in words_of(sentence, language)[: len(opening)]]
        if found != opening:
            return Violation(what=f"begins {sentence[:30]!r}, not with {parameter!r}", where=f"sentence {number}")
    if len(sentences) < _LEAST_ANAPHORAS:
        return Violation(what=f"{len(sentences)} sentences are no anaphora, {_LEAST_ANAPHORAS} are")
    return None


def _sibling_words(language: str, topic: str, count: int) -> tuple[str, ...]:
    """Every choice of `count` nouns of the topic's group that are not forms of each other or of the topic."""
    named = topics()
    own = named[topic].stems[language] + (stem_of(named[topic].names[language]),)
    free = []
    for other in siblings(topic):
        stem = stem_of(named[other].names[language])
        if not any(stem.startswith(mine) or mine.startswith(stem) for mine in own):
            free.append(named[other].names[language])
    return tuple("+".join(chosen) for chosen in combinations(free, count))


VOCABULARY: tuple[Constraint, ...] = (
    Constraint(
        id="forbidden_words",
        axis="oulipo",
        reason="forbidden_word",
        check=check_forbidden,
        parameters=lambda language, topic: _sibling_words(language, topic, 3),
        seconds=("number_sentences", "number_lines", "number_words"),
    ),
    Constraint(
        id="required_words",
        axis="oulipo",
        reason="missing_word",
        check=check_required,
        parameters=lambda language, topic: _sibling_words(language, topic, 3),
        seconds=("number_sentences", "number_paragraphs"),
    ),
    Constraint(
        id="no_repeated_word",
        axis="oulipo",
        reason="repeated_word",
        check=check_no_repeated_word,
        parameters=lambda language, topic: ("20", "25", "30"),
        least_words=20,
        seconds=("number_sentences", "forbidden_words"),
    ),
    Constraint(
        id="chain",
        axis="oulipo",
        reason="broken_chain",
        check=check_chain,
        parameters=lambda language, topic: ("3", "4", "5"),
        least_words=12,
    ),
    Constraint(
        id="same_opening",
        axis="oulipo",
        reason="broken_anaphora",
        check=check_same_opening,
        parameters=lambda language, topic: OPENINGS[language],
        seconds=("number_sentences", "forbidden_words"),
    ),
)
