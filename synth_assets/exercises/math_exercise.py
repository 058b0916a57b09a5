"""Math exercise: problems of parametrised templates, solved exactly and worked out in words (SYNTH's "math exercise").

A program makes the whole row: it draws the values, evaluates the symbolic solution, and writes problem, trace and
answer. So the gold result is right by construction, and is checked all the same by a second way of finding it. A model
may reword the problem, where the recipe's priors for the axis `wording` ask for it; then the numbers must stay.

What templates are and how they are added: `math_templates.base` and `math_templates.registry`.
"""

import re
from collections import Counter
from collections.abc import Generator, Mapping
from fractions import Fraction
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import (
    Answer,
    Asked,
    Check,
    Draft,
    DuplicateRule,
    Exercise,
    Query,
    Step,
    Task,
    prompt,
)
from synth_assets.exercises.math_templates.base import (
    Template,
    Values,
    render_result,
    render_text,
    result_text,
    value_of,
    value_text,
)
from synth_assets.exercises.math_templates.draws import difficulty_of, values_at
from synth_assets.exercises.math_templates.numbers import canonical, find_numbers
from synth_assets.exercises.math_templates.registry import TEMPLATES
from synth_assets.identity import normalised, rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import render

WORDINGS: Mapping[str, float] = {"program": 1.0, "model": 0.0}
_REWORD_TOKENS = 400  # problems have at most some 90 words; small tokenizers cut Polish and Latin fine
_REWORD_EXAMPLES = 2
_MOST_GROWTH = 3  # a rewording three times as long explains or solves

_LABEL = re.compile(r"^\s*(?:reworded|problem|question)\s*:\s*", re.IGNORECASE)
_QUOTES = ('""', "“”", "«»", "„“", "„”")
_LEFT_OVER = re.compile(r"[{}]|\bNone\b|\bnan\b|\bFraction\(")
_BOLD_LINE = re.compile(r"\*\*(?P<result>[^*\n]+)\*\*")

_OPENINGS = ("Everything needed is stated", "No figure is missing", "The data suffice, nothing has to be guessed")
_CLOSINGS = ("so the result stands", "which confirms it", "so nothing is left open", "so both ways agree")
_SURE = (("0.2", "●"), ("0.3", "●"), ("0.4", "●"), ("0.5", "●"), ("0.7", "◐"), ("0.9", "◐"))


class MathExercise(Exercise):
    """Problems with one exact result, in the languages' own number formats.

    Query payload: template, family, difficulty, values (name -> text, see `value_text`), result (canonical text), unit
    (key of the result's unit), phrasing (which of the template's phrasings was used).
    """

    name = "math_exercise"
    label = "math exercise"
    source = "SYNTH (arXiv 2609.37891)"
    uses_section = False
    neighbours = 0
    distinct_draws = 200
    duplicate_rule = DuplicateRule(kind="exact", family="math_exercise")
    scorers = frozenset({"language", "notation", "length", "repetition", "verifier"})
    refusals = frozenset(
        {
            "reworded_empty",
            "reworded_unchanged",
            "reworded_markup",
            "reworded_too_long",
            "reworded_no_question",
            "reworded_reveals_answer",
            "reworded_numbers_changed",
            "result_equal",
            "first_line_parses",
            "trace_agrees",
            "independent_evaluation",
            "no_template_marks",
        }
    )

    def templates(self) -> tuple[str, ...]:
        return tuple(TEMPLATES)

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        shares = priors.get("wording") or WORDINGS
        rng = rng_of("math wording", key, pass_number, language)
        return {
            "template": key,
            "family": TEMPLATES[key].family,
            "difficulty": difficulty_of(pass_number),
            "wording": rng.choices(list(shares), weights=list(shares.values()))[0],
        }

    def make_query(self, task: Task) -> Step | Query:
        template = TEMPLATES[task.constraints["template"]]
        values = values_at(template.id, task.language, task.pass_number)
        phrasing = task.rng("phrasing").randrange(2)
        query = Query(
            text=problem_of(template, values, phrasing=phrasing, language=task.language),
            payload={
                "template": template.id,
                "family": template.family,
                "difficulty": task.constraints["difficulty"],
                "values": {name: value_text(value) for name, value in values.items()},
                "result": result_text(template, template.solve(values)),
                "unit": template.unit_in(task.language),
                "phrasing": phrasing,
            },
        )
        return query if task.constraints["wording"] == "program" else _reword(task, query)

    def make_draft(self, task: Task, query: Query) -> Draft:
        template, values = _stored(query)
        rng = task.rng("trace")
        shown = _shown(template, values)

        def english(text: str) -> str:
            return render_text(text, shown, language="en", currency_of=task.language)

        trace = template.trace
        result = render_result(template, shown["result"], language="en", currency_of=task.language)
        entropy, sure = rng.choice(_SURE)
        lines = [
            "### 1. Task Analysis",
            f"├─ given → {english(trace.given)}",
            f"├─ sought → {english(trace.sought)}",
            f"└─ form → result first, in bold and with its unit, then the working; all in {LANGUAGES[task.language]} ●",
            f"{rng.choice(_OPENINGS)} ●",
            "",
            "### 2. Working",
            f"※ {english(trace.insight)} ⟨H≈{entropy}⟩ {sure}",
            *(f"{number}. {english(step)}" for number, step in enumerate(trace.steps, start=1)),
            "",
            "### 3. Verification",
            *(f"✓ {english(check)}" for check in trace.checks),
            f"→ {len(trace.checks)} of {len(trace.checks)} checks hold, {rng.choice(_CLOSINGS)} ⟨H≈0.1⟩ ●",
            f"∴ {result}",
        ]
        return Draft(text="\n".join(lines))

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Answer:
        template, values = _stored(query)
        shown = _shown(template, values)
        first_line = render_result(template, shown["result"], language=task.language)
        working = render_text(template.texts[task.language].solution, shown, language=task.language)
        return Answer(
            text=f"**{first_line}**\n\n{working}",
            payload={"result": result_text(template, shown["result"])},
        )

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        template, values = _stored(query)
        gold = Fraction(template.solve(values))
        stated = {query.payload["result"], answer.payload["result"]}
        first_line = _BOLD_LINE.fullmatch(answer.text.partition("\n")[0])
        read = find_numbers(first_line["result"], task.language) if first_line else []
        conclusion = draft.text.rstrip().rpartition("\n")[2]
        concluded = find_numbers(conclusion, "en") if conclusion.startswith("∴") else []
        left_over = {
            part: found.group()
            for part, text in (("query", query.text), ("draft", draft.text), ("answer", answer.text))
            if (found := _LEFT_OVER.search(text))
        }
        return (
            Check(
                name="result_equal",
                passed=stated == {result_text(template, gold)},
                detail=f"solved {result_text(template, gold)}, stated {sorted(stated)}",
            ),
            Check(
                name="first_line_parses",
                passed=read == [gold],
                detail=f"{answer.text.partition(chr(10))[0]!r} reads as {[canonical(number) for number in read]}",
            ),
            Check(name="trace_agrees", passed=concluded == [gold], detail=f"the trace ends {conclusion[:80]!r}"),
            Check(
                name="independent_evaluation",
                passed=template.check(values, Fraction(answer.payload["result"])),
                detail=f"{template.id} with {dict(query.payload['values'])}: {answer.payload['result']}",
            ),
            Check(name="no_template_marks", passed=not left_over, detail=f"{left_over}" if left_over else ""),
        )

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        values = ", ".join(f"{name}={value}" for name, value in sorted(query.payload["values"].items()))
        return f"{query.payload['template']}({values})"

    def published_constraints(self, task: Task, query: Query) -> str:
        payload = query.payload
        return f"result:{payload['result']}, family:{payload['family']}, difficulty:{payload['difficulty']}"

    def published_script(self, task: Task, query: Query) -> str:
        return str(query.payload["template"])


def problem_of(template: Template, values: Values, *, phrasing: int, language: str) -> str:
    """The problem's text in one of the template's phrasings (0 or 1)."""
    return render_text(template.texts[language].problems[phrasing], values, language=language)


def _stored(query: Query) -> tuple[Template, Values]:
    values = {name: value_of(text) for name, text in query.payload["values"].items()}
    return TEMPLATES[query.payload["template"]], values


def _shown(template: Template, values: Values) -> dict[str, Any]:
    """All that solution and trace may mention."""
    return {**values, **template.workings(values), "result": Fraction(template.solve(values))}


def _reword(task: Task, query: Query) -> Generator[Asked, Any, Query]:
    """The problem in a model's words.

    Its examples are other templates' problems in the cell's language, each in both of its phrasings.

    Raises:
        Refused: see `_check_rewording`.
    """
    others = [template for template in TEMPLATES.values() if template.id != query.payload["template"]]
    examples = [
        {
            "problem": problem_of(template, values, phrasing=0, language=task.language),
            "reworded": problem_of(template, values, phrasing=1, language=task.language),
        }
        for template in task.rng("examples").sample(others, min(_REWORD_EXAMPLES, len(others)))
        for values in (values_at(template.id, task.language, 0),)
    ]
    (reply,) = yield prompt(
        "query",
        render("math_exercise/reword", language=LANGUAGES[task.language], examples=examples, problem=query.text),
        max_tokens=_REWORD_TOKENS,
    )
    text = _LABEL.sub("", reply.text).strip()
    if len(text) > 1 and text[0] + text[-1] in _QUOTES:
        text = text[1:-1].strip()
    _check_rewording(text, query, task.language)
    return Query(text=text, payload=query.payload)


def _check_rewording(text: str, query: Query, language: str) -> None:
    """Refuse a rewording that is another problem, or none.

    Raises:
        Refused: "reworded_empty", "reworded_unchanged", "reworded_markup", "reworded_too_long",
            "reworded_no_question", "reworded_reveals_answer" or "reworded_numbers_changed".
    """
    if not text:
        raise Refused("reworded_empty")
    if normalised(text) == normalised(query.text):
        raise Refused("reworded_unchanged", text[:80])
    if (found := _LEFT_OVER.search(text)) or "**" in text or _LABEL.search(text) or "\nProblem:" in text:
        raise Refused("reworded_markup", found.group() if found else text[:80])
    if len(text) > _MOST_GROWTH * len(query.text):
        raise Refused("reworded_too_long", f"{len(text)} characters for {len(query.text)}")
    if "?" not in text:
        raise Refused("reworded_no_question", text[-80:])
    before, after = (Counter(find_numbers(each, language)) for each in (query.text, text))
    gold = Fraction(query.payload["result"])
    if after[gold] > before[gold]:
        raise Refused("reworded_reveals_answer", f"{canonical(gold)} stands {after[gold]} times, was {before[gold]}")
    if before != after:
        lost, added = (sorted(map(canonical, diff)) for diff in (before - after, after - before))
        raise Refused("reworded_numbers_changed", f"lost {lost}, added {added}")
