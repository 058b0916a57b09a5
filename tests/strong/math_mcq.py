"""What a strong model answers to the prompts of math_mcq, computed from the prompt alone, in all eight languages.

Rewordings are asked for with the prompt of math_exercise and answered there.
"""

import random
import re

from synth_assets.languages import LANGUAGES
from tests.strong.math_exercise import trace_of, working_of

_CODES = {name: code for code, name in LANGUAGES.items()}
_DRAFT = "Solve a mathematical problem with four options in a short reasoning trace in English"
_ANSWER = re.compile(r"^Answer a mathematical problem with four options in (\w+) for someone")
_RIGHT = re.compile(r"^Right: (.+)$", re.MULTILINE)
_MISTAKE = re.compile(r"^option ([A-D]) (.+)$", re.MULTILINE)
_FORMS = (
    "⚠ option {letter} {says} ○",
    "⚠ whoever takes option {letter} {says}",
    "⚠ option {letter} → it {says} ⟨H≈0.3⟩",
)


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | list[str] | None:
    """The reply to a conversation of (role, text) pairs; None when it is not of this exercise."""
    opening, last = messages[0][1], messages[-1][1]
    if opening.startswith(_DRAFT):
        form = rng.choice(_FORMS)
        remarks = tuple(form.format(letter=letter, says=says) for letter, says in _MISTAKE.findall(last))
        return trace_of(last, rng, conclusion=_right(last), remarks=remarks)
    if found := _ANSWER.match(opening):
        return f"{_right(last)}\n\n{working_of(last, rng, _CODES[found[1]])}"
    return None


def _right(turn: str) -> str:
    found = _RIGHT.search(turn)
    assert found is not None
    return found[1].strip()
