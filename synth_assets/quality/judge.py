"""A language model's judgement of a finished row, against a stated rubric of 10 points. Optional: a recipe asks for it.

Source: LLM-as-a-judge (Zheng et al. 2023, arXiv 2306.05685) with the rubric of West-of-N's pairs as this project states
it: accuracy 3, relevance 2, clarity 2, usefulness 3. One figure a criterion, in whole numbers, because a bare total
hides what was wrong with the row, and a judge asked for four small figures agrees with itself more often than one asked
for a large one.

Three pure parts, between which a stage asks the model: `judge_requests` says what to ask, `read_judgement` reads what
came, and `score` judges a row that bears it. A row that nobody judged has no score and loses nothing. The row's texts
are data between marks; nothing in them can close the marks or give an order, and asking for points costs them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import Reply, Request, prompt
from synth_assets.exercises.passages import neutralised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import render
from synth_assets.quality.base import Score, ScoredRow

NAME = "judge"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {"min_total": 6, "min_accuracy": 2}
REASONS = frozenset({"judged_inaccurate", "judged_poor"})

RUBRIC: Mapping[str, int] = MappingProxyType({"accuracy": 3, "relevance": 2, "clarity": 2, "usefulness": 3})
"""Criterion -> most points."""
TOTAL = sum(RUBRIC.values())

SCHEMA: Mapping[str, Any] = MappingProxyType(
    {
        "type": "object",
        "properties": {name: {"type": "integer", "minimum": 0, "maximum": most} for name, most in RUBRIC.items()},
        "required": list(RUBRIC),
        "additionalProperties": False,
    }
)
GRAMMAR = 'root ::= "{" ' + ' ", " '.join(f'"\\"{name}\\": " [0-{most}]' for name, most in RUBRIC.items()) + ' "}"'

_PASSAGE_CHARACTERS = 6_000  # of each passage: a judge must not cost more than the row did
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a judge said: `points` (criterion -> whole number within the rubric), and which model in which call."""

    points: Mapping[str, int]
    model: str
    call_id: str

    @property
    def total(self) -> int:
        """0 to 10."""
        return sum(self.points.values())


def judge_requests(row: ScoredRow) -> Request:
    """The one question that the recipe's judge is asked about a row.

    The passages are shown where there are any: without them a judge can only say what is generally known.
    """
    passages = [text[:_PASSAGE_CHARACTERS] for text in (row.section_text, *row.neighbour_texts) if text.strip()]
    return prompt(
        "judge",
        render(
            "judge/row",
            language=LANGUAGES[row.language],
            title=neutralised(row.section_title),
            passages=[neutralised(text) for text in passages],
            query=neutralised(row.query),
            answer=neutralised(row.answer),
        ),
        system=render("judge/rubric", points=RUBRIC, total=TOTAL),
        max_tokens=96,
        temperature=0.0,
        schema=dict(SCHEMA),
        grammar=GRAMMAR,
    )


def read_judgement(reply: Reply) -> Judgement:
    """The points of one reply.

    The object may stand in prose or in a code fence, since not every endpoint holds replies to a schema. Points that
    are no whole numbers within the rubric are refused rather than clipped: a judge that invents its own scale is wrong
    about more than one figure.

    Raises:
        Refused: "judge_unreadable", with what was wrong; another sample may do better.
    """
    start = reply.text.find("{")
    if start < 0:
        raise Refused("judge_unreadable", f"no JSON object in {reply.text[:_SHOWN]!r}")
    try:
        found, _ = json.JSONDecoder().raw_decode(reply.text, start)
    except (ValueError, RecursionError) as error:  # ValueError also covers integers of thousands of digits
        raise Refused("judge_unreadable", f"{error}: {reply.text[:_SHOWN]!r}") from error
    points: dict[str, int] = {}
    for name, most in RUBRIC.items():
        value = found.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            shown = "missing" if name not in found else f"{str(value)[:80]!r}"
            raise Refused("judge_unreadable", f"{name} is {shown}, wanted a whole number from 0 to {most}")
        points[name] = value
    return Judgement(points=points, model=reply.model, call_id=reply.call_id)


def applies(row: ScoredRow) -> bool:
    """Only rows that were judged."""
    return row.judgement is not None


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """`value` is the total over 10; `judged_inaccurate` below `min_accuracy`, `judged_poor` below `min_total`."""
    if row.judgement is None:
        return Score(name=NAME, value=1.0, passed=True, detail="not judged")
    total = sum(row.judgement.values())
    if row.judgement["accuracy"] < thresholds["min_accuracy"]:
        reason = "judged_inaccurate"
    else:
        reason = "judged_poor" if total < thresholds["min_total"] else ""
    return Score(
        name=NAME,
        value=total / TOTAL,
        passed=not reason,
        reason=reason,
        detail=", ".join(f"{name} {row.judgement[name]} of {most}" for name, most in RUBRIC.items()),
    )
