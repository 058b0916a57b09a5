"""Preference: the best and the worst of N answers to one query, by a judge's score, become a pair (West-of-N).

The query is asked as memorization asks its own: what differs is what is made of it. Then come N = 3 samples of one
request and three judgements side by side against a stated rubric of 10 points.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import (
    Answer,
    Check,
    Draft,
    DuplicateRule,
    Exercise,
    Query,
    Reply,
    Role,
    Step,
    Task,
    prompt,
)
from synth_assets.exercises.closed_book import check_closed_book
from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES, draw_constraints
from synth_assets.exercises.memorization import ask_query
from synth_assets.exercises.passages import neutralised
from synth_assets.exercises.section_excerpts import section_excerpt
from synth_assets.identity import normalised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import render

SAMPLES = 3
RUBRIC: dict[str, int] = {"accuracy": 3, "relevance": 2, "clarity": 2, "usefulness": 3}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "integer", "minimum": 0, "maximum": most} for name, most in RUBRIC.items()},
    "required": list(RUBRIC),
    "additionalProperties": False,
}
GRAMMAR = 'root ::= "{" ' + ' ", " '.join(f'"\\"{name}\\": " [0-{most}]' for name, most in RUBRIC.items()) + ' "}"'


def _not_json(payload: Mapping[str, Any]) -> str:
    """Why the payload cannot be stored as UTF-8 JSON, or an empty string; a lone surrogate passes json.dumps alone."""
    try:
        json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


def _judgement(reply: Reply) -> dict[str, int]:
    """The four scores of one judge's reply.

    The object may stand in prose or in a code fence, since not every endpoint holds replies to a schema. Scores that
    are no whole numbers within the rubric are refused rather than clipped: a judge that invents its own scale is wrong
    about more than one figure.

    Raises:
        Refused: "judge_unreadable".
    """
    start = reply.text.find("{")
    if start < 0:
        raise Refused("judge_unreadable", f"no JSON object in {reply.text[:200]!r}")
    try:
        found, _ = json.JSONDecoder().raw_decode(reply.text, start)
    except (ValueError, RecursionError) as error:  # ValueError also covers integers of thousands of digits
        raise Refused("judge_unreadable", f"{error}: {reply.text[:200]!r}") from error
    scores: dict[str, int] = {}
    for name, most in RUBRIC.items():
        value = found.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise Refused("judge_unreadable", f"{name} is {str(value)[:80]!r}, wanted a whole number from 0 to {most}")
        scores[name] = value
    return scores


def _checks(answer: Answer) -> tuple[Check, ...]:
    pair = answer.payload
    problem = _not_json(pair)
    return (
        Check(name="payload_not_json", passed=not problem, detail=problem),
        Check(name="no_margin", passed=pair["margin"] > 0, detail=f"scores {pair['scores']}"),
        Check(
            name="answers_identical",
            passed=normalised(pair["chosen"]) != normalised(pair["rejected"]),
            detail="best and worst are the same text, so the judge's margin is noise",
        ),
    )


class Preference(Exercise):
    """Preference pairs: a query, the best answer and the worst.

    The answer's payload: prompt, chosen, rejected, scores (totals of all samples, in the order they were sampled),
    margin (best less worst), chosen_index, rejected_index, rubric (the four scores of each sample). Of equal scores the
    earlier sample is the best and the later one the worst.
    """

    name = "preference"
    label = "preference"
    source = "West-of-N (Pace et al. 2024), arXiv 2401.12086"
    neighbours = 0
    axes = MappingProxyType({**QUERY_AXES, "query_result": {"positive": 1.0}})
    distinct_draws = DISTINCT_DRAWS // len(QUERY_AXES["query_result"])
    # 0.93 is a first guess, to be fitted on labelled pairs.
    duplicate_rule = DuplicateRule(kind="embedding", family="preference", threshold=0.93)
    scorers = frozenset(
        {
            "verifier",
            "length",
            "format",
            "language",
            "boilerplate",
            "repetition",
            "word_order",
            "grounding",
            "novelty",
            "relevance",
            "readability",
        }
    )
    refusals = frozenset(
        {
            "empty_query",
            "no_question",
            "off_passage",
            "repeats_example",
            "mentions_passage",
            "leaks_markup",
            "leaks_url",
            "answers_identical",
            "judge_unreadable",
            "no_margin",
            "payload_not_json",
        }
    )

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        """SYNTH's axes, with every query answerable.

        The query result is always positive, whatever the priors: a pair about a false premise would have to be judged
        by how it is handled, and the rubric judges facts.
        """
        return draw_constraints(
            key=key, pass_number=pass_number, language=language, priors={**priors, "query_result": {"positive": 1.0}}
        )

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        return {"query": 1, "answer": SAMPLES, "judge": SAMPLES}

    def make_query(self, task: Task) -> Step:
        """A question about the section that can be understood without it."""
        query = yield from ask_query(task)
        problem = _not_json({"query": query.text})
        if problem:
            raise Refused("payload_not_json", problem)
        return query

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Step:
        """Three answers, three judgements, and the pair of the best and the worst."""
        material = {**self._material(task), "question": neutralised(query.text)}
        # A temperature of its own: at a recipe's cautious setting the N samples would be one.
        replies = yield prompt(
            "answer", render("preference/answer", **material), n=SAMPLES, max_tokens=512, temperature=1.0
        )
        texts = [reply.text.strip() for reply in replies]
        if len({normalised(text) for text in texts}) == 1:
            raise Refused("answers_identical", f"all {SAMPLES} samples are the same text")

        judged = yield [
            prompt(
                "judge",
                render("preference/judge", **material, answer=neutralised(text)),
                max_tokens=96,
                temperature=0.0,
                schema=SCHEMA,
                grammar=GRAMMAR,
            )
            for text in texts
        ]
        rubric = [_judgement(judgement) for (judgement,) in judged]
        scores = [sum(judgement.values()) for judgement in rubric]
        best = scores.index(max(scores))
        worst = max(index for index, score in enumerate(scores) if score == min(scores))
        answer = Answer(
            text=texts[best],
            payload={
                "prompt": query.text,
                "chosen": texts[best],
                "rejected": texts[worst],
                "scores": scores,
                "margin": scores[best] - scores[worst],
                "chosen_index": best,
                "rejected_index": worst,
                "rubric": rubric,
            },
        )
        for check in _checks(answer):
            if not check.passed:
                raise Refused(check.name, check.detail)
        # The rejected answer may be as bad as it likes; the chosen one must be fit to learn from.
        check_closed_book(answer.text, step="answer", url=task.section.url)
        if "<<<" in answer.text:
            raise Refused("leaks_markup", "answer: '<<<'")
        return answer

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        """The pair differs, its margin is positive, and it can be stored."""
        return _checks(answer)

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        """The query alone: two pairs on one question are one lesson, however their answers are worded."""
        return query.text

    def published_constraints(self, task: Task, query: Query) -> str:
        """The drawn axes; the language has a column of its own."""
        return ", ".join(f"{axis}:{value}" for axis, value in task.constraints.items() if axis != "target_language")

    @staticmethod
    def _material(task: Task) -> dict[str, str]:
        """What the prompts show of the section: the excerpt that the query was asked about."""
        section = task.section
        names = dict.fromkeys(" ".join(name.split()) for name in (section.title, section.heading) if name.strip())
        return {
            "title": neutralised(": ".join(names)),
            "passage": neutralised(section_excerpt(task)),
            "language": LANGUAGES[task.language],
        }
