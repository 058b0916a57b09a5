"""The values of each pass over a template: a fixed sequence without repeats, as long as the template's space allows."""

from functools import cache
from threading import Lock

from synth_assets.exercises.math_templates.base import DIFFICULTIES, Template, Values
from synth_assets.exercises.math_templates.registry import TEMPLATES
from synth_assets.identity import rng_of

# A space is taken as used up when this many draws in a row were there before; then its values come round again.
_REPEATS = 300
_MISSES = 20_000


def difficulty_of(pass_number: int) -> str:
    """Difficulties take turns, pass by pass."""
    return DIFFICULTIES[pass_number % len(DIFFICULTIES)]


class _Sequence:
    """Values by pass, drawn on demand and kept; runs may ask from several threads."""

    def __init__(self, template: Template, language: str, series: str) -> None:
        self._template = template
        self._generators = {each: rng_of(series, template.id, each, language) for each in DIFFICULTIES}
        self._used: dict[str, set[tuple[object, ...]]] = {each: set() for each in DIFFICULTIES}
        self._drawn: list[Values] = []
        self._lock = Lock()

    def at(self, pass_number: int) -> Values:
        with self._lock:
            while len(self._drawn) <= pass_number:
                self._drawn.append(self._next(difficulty_of(len(self._drawn))))
            return self._drawn[pass_number]

    def _next(self, difficulty: str) -> Values:
        used = self._used[difficulty]
        for _ in range(_REPEATS):
            values = self._holding(difficulty)
            key = tuple(values.values())
            # difficulties may overlap, and the same values are the same problem whatever it is called
            if not any(key in others for others in self._used.values()):
                used.add(key)
                return values
        used.clear()
        values = self._holding(difficulty)
        used.add(tuple(values.values()))
        return values

    def _holding(self, difficulty: str) -> Values:
        for _ in range(_MISSES):
            values = self._template.draw(self._generators[difficulty], difficulty)
            if self._template.holds(values):
                return values
        raise AssertionError(f"{self._template.id}, {difficulty}: {_MISSES} draws, and none held")


@cache
def _sequence(template_id: str, language: str, series: str) -> _Sequence:
    return _Sequence(TEMPLATES[template_id], language, series)


def values_at(template_id: str, language: str, pass_number: int, *, series: str = "math") -> Values:
    """The values of one pass; its difficulty is `difficulty_of(pass_number)`.

    Pure: the sequence starts from (series, template, difficulty, language) alone; exercises that are not to share
    their problems have series of their own. Finding pass n for the first time draws the n before it too, a few
    microseconds each.

    Raises:
        KeyError: no such template.
    """
    return _sequence(template_id, language, series).at(pass_number)
