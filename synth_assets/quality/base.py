"""What a quality scorer sees and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRow:
    """One finished row, as the scorers see it.

    `checks` are what the exercise verified with code: name -> passed. `neighbour_texts` are the passages that the
    answer may draw on beside its section. `draft` is empty for exercises without a trace. `query_prose` and
    `answer_prose` are what of both is prose in the row's language, where that is not all. `constraints` is the draw.
    The vectors are stored embeddings by one encoder, of any length but all of the same; a scorer that finds none judges
    the words. `judgement` is what a judge gave, criterion -> points, and `educational` what the fitted head says of the
    row, 0 to 5; both are None where nobody was asked.
    """

    exercise: str
    language: str
    query: str
    draft: str
    answer: str
    query_prose: str | None = None
    answer_prose: str | None = None
    constraints: Mapping[str, str] = field(default_factory=dict)
    section_language: str = ""
    section_title: str = ""
    section_text: str = ""
    neighbour_texts: tuple[str, ...] = ()
    checks: Mapping[str, bool] = field(default_factory=dict)
    query_vector: tuple[float, ...] | None = None
    answer_vector: tuple[float, ...] | None = None
    section_vector: tuple[float, ...] | None = None
    judgement: Mapping[str, int] | None = None
    educational: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One scorer's judgement: `value` from 0 (bad) to 1 (good), whether it passes, and a snake_case reason if not."""

    name: str
    value: float
    passed: bool
    reason: str = ""
    detail: str = ""


class Scorer(Protocol):
    """A pure function with a name, a version (raised when its figures change) and default thresholds.

    A recipe may override thresholds by name under `quality: <scorer>: <threshold>`.
    """

    NAME: str
    VERSION: int
    THRESHOLDS: Mapping[str, float]

    def score(self, row: ScoredRow, thresholds: Mapping[str, Any]) -> Score: ...
