"""How a drawn constraint is put into words, in each language, by program.

A *book* is what a rules file holds (YAML of one language): quotation marks, frames, nouns, bounds, and three phrasings
of each rule. In a phrasing `{n:word|words}` is a number and its noun in the form that goes with it (three forms in
Polish); parameters that are letters or words come in the language's quotation marks.
"""

from collections.abc import Mapping
from typing import Any

from synth_assets.exercises.writing_constraints.initials import letters_between
from synth_assets.exercises.writing_constraints.length import bounds_of
from synth_assets.exercises.writing_constraints.vocabulary import words_in

LENGTH_IDS = {"number_words": "words", "number_sentences": "sentences", "number_paragraphs": "paragraphs",
              "number_lines": "lines"}  # fmt: skip
PHRASINGS = 3

Book = Mapping[str, Any]


class Count(int):
    """A number that formats itself with a noun: f"{Count(5):zdanie|zdania|zdań}" is "5 zdań"."""

    def __format__(self, forms: str) -> str:
        return f"{int(self)} {plural_form(int(self), forms)}" if forms else str(int(self))


def plural_form(number: int, forms: str) -> str:
    """The form of "one|many" or "one|few|many" (Polish) that goes with the number."""
    given = forms.split("|")
    if number == 1:
        return given[0]
    few = number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
    return given[1] if len(given) == 3 and few else given[-1]


def quoted(text: str, book: Book) -> str:
    """A text in the language's quotation marks; French ones stand off."""
    opening, closing = book["quotes"]
    space = " " if opening == "«" and "Écris" in book["frames"][0] else ""
    return f"{opening}{space}{text}{space}{closing}"


def frame_text(book: Book, phrasing: int, *, kind: str, topic: str) -> str:
    """The sentence or two that ask for a kind of text on a topic."""
    return book["frames"][phrasing].format(kind=kind, topic=quoted(topic, book))


def rule_text(book: Book, constraint: str, parameter: str, language: str, phrasing: int) -> str:
    """One constraint as a sentence; `language` is that of the text to be written, whatever that of the book."""
    if constraint in LENGTH_IDS:
        length = _length(book, LENGTH_IDS[constraint], parameter)
        sentence = book["rules"]["length"][phrasing].format(length=length)
        note = book.get("words_note", "") if constraint == "number_words" else ""
        return f"{sentence} {note}".strip()
    return book["rules"][constraint][phrasing].format(**_values(book, constraint, parameter, language))


def _length(book: Book, noun: str, parameter: str) -> str:
    least, most = bounds_of(parameter)
    forms, bounds = book["nouns"][noun], book["bounds"]
    if parameter.startswith(">="):
        return bounds["at_least"].format(n=f"{Count(least):{forms}}")
    if parameter.startswith("<="):
        return bounds["at_most"].format(n=f"{Count(most):{forms}}")
    if least == most:
        return bounds["exactly"].format(n=f"{Count(least):{forms}}")
    # the upper bound's noun is plural whatever the number ("od 4 do 6 zdań")
    return bounds["between"].format(a=least, n=f"{most} {forms.split('|')[-1]}")


def _values(book: Book, constraint: str, parameter: str, language: str) -> dict[str, Any]:
    join = book["join"]
    if constraint in ("avoid_letter", "univocalism", "start_letter"):
        return {"letter": quoted(parameter, book)}
    if constraint == "alliteration":
        letter, _, least = parameter.partition("*")
        return {"letter": quoted(letter, book), "n": Count(least)}
    if constraint in ("acrostic_lines", "acrostic_sentences"):
        return {"word": quoted(parameter.upper(), book)}
    if constraint == "abecedarian":
        return {"letters": join.join(quoted(letter, book) for letter in letters_between(parameter, language))}
    if constraint == "snowball_words":
        span, _, lines = parameter.partition("*")
        a, _, b = span.partition("-")
        return {"k": Count(lines), "a": a, "b": b}
    if constraint == "snowball_lines":
        first, last = map(int, parameter.split("-"))
        numbers = range(first, last + 1) if first < last else range(first, last - 1, -1)
        return {"pattern": join.join(map(str, numbers))}
    if constraint in ("forbidden_words", "required_words"):
        return {"words": join.join(quoted(word, book) for word in words_in(parameter))}
    if constraint == "same_opening":
        return {"opening": quoted(parameter, book)}
    if constraint == "syllables":
        return {"pattern": parameter}
    return {"n": Count(parameter)} if parameter.isdigit() else {}
