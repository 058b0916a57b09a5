"""Constraints of length: how many words, sentences, paragraphs or lines.

A parameter is "40" (exactly), ">=40" (at least), "<=40" (at most) or "40-60" (between, both ends allowed).
"""

import re
from collections.abc import Callable, Sequence

from synth_assets.exercises.writing_constraints.base import Checker, Constraint, Violation
from synth_assets.exercises.writing_constraints.words import lines_of, paragraphs_of, sentences_of, words_of

_PARAMETER = re.compile(r"(?P<sign>>=|<=)?(?P<number>\d+)(?:-(?P<most>\d+))?")


def bounds_of(parameter: str) -> tuple[int, int | None]:
    """Least and most of a parameter; most is None where there is no limit.

    Raises:
        ValueError: it is no such parameter.
    """
    found = _PARAMETER.fullmatch(parameter)
    if found is None:
        raise ValueError(f"{parameter!r} is no length")
    number = int(found["number"])
    if found["sign"] == ">=":
        return number, None
    if found["sign"] == "<=":
        return 1, number
    return number, int(found["most"] or number)


def _counts(noun: str, count: Callable[[str, str], Sequence[str]]) -> Checker:
    def check(text: str, parameter: str, language: str) -> Violation | None:
        least, most = bounds_of(parameter)
        there_are = len(count(text, language))
        if there_are < least or (most is not None and there_are > most):
            return Violation(what=f"{there_are} {noun}, not {parameter}")
        return None

    return check


def _same(*parameters: str) -> Callable[[str, str], tuple[str, ...]]:
    return lambda language, topic: parameters


LENGTH: tuple[Constraint, ...] = (
    Constraint(
        id="number_words",
        axis="length_constraints",
        reason="wrong_number_words",
        check=_counts("words", words_of),
        parameters=_same(
            *("40", "50", "60", "75", ">=50", ">=60", ">=80", "<=40", "<=60", "40-55", "50-70", "60-80", "80-110")
        ),
        seconds=("avoid_letter", "forbidden_words"),
    ),
    Constraint(
        id="number_sentences",
        axis="length_constraints",
        reason="wrong_number_sentences",
        check=_counts("sentences", sentences_of),
        parameters=_same("3", "4", "5", "6", "7", "8", ">=5", ">=7", "<=4", "4-6", "6-8"),
        seconds=("avoid_letter", "forbidden_words", "required_words"),
    ),
    Constraint(
        id="number_paragraphs",
        axis="length_constraints",
        reason="wrong_number_paragraphs",
        check=_counts("paragraphs", lambda text, language: paragraphs_of(text)),
        parameters=_same("2", "3", "4", "5", "2-3", "3-4"),
        least_words=25,
        seconds=("avoid_letter", "forbidden_words", "required_words"),
    ),
    Constraint(
        id="number_lines",
        axis="length_constraints",
        reason="wrong_number_lines",
        check=_counts("lines", lambda text, language: lines_of(text)),
        parameters=_same("4", "5", "6", "7", "8", "10", "12", "6-8", ">=6"),
        seconds=("avoid_letter", "forbidden_words"),
    ),
)
