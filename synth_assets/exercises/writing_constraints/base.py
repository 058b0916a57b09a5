"""What a constraint on a text is: a name, parameters that a language can bear, and a pure checker.

A parameter is a short text that stands in the published row inside brackets ("t", ">=60", "rain+snow"), so that
whoever reads the row can check it again.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What breaks a constraint, and where.

    Attributes:
        what: what is wrong, in English ("'helicopters' has the letter 't'").
        where: 1-based place in the text ("word 12", "line 3"), empty where the whole text is at fault.
    """

    what: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


Checker = Callable[[str, str, str], Violation | None]


def _any_word(word: str, parameter: str, language: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One constraint.

    Attributes:
        id: template id and published value ("avoid_letter").
        axis: published axis, "length_constraints" or "oulipo".
        reason: the refusal's name when a text breaks it.
        check: text, parameter, language -> the first violation, or None.
        parameters: language, topic id -> the parameters that a text in the language on the topic can bear; empty where
            there is none.
        least_words: a text of fewer words shows nothing, though it breaks nothing.
        admits: word, parameter, language -> whether a text under the constraint can say the word, so that a draw
            never asks for a topic that cannot be named.
        seconds: ids of constraints that may be asked for together with it.
    """

    id: str
    axis: str
    reason: str
    check: Checker
    parameters: Callable[[str, str], tuple[str, ...]]
    least_words: int = 15
    admits: Callable[[str, str, str], bool] = _any_word
    seconds: tuple[str, ...] = ()
