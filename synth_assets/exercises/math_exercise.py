"""Math exercise: problems of parametrised templates, solved exactly and worked out in words (SYNTH's "math exercise").

A program makes the whole row: it draws the values, evaluates the symbolic solution, and writes problem, trace and
answer. So the gold result is right by construction, and is checked all the same by a second way of finding it.

Where the recipe's priors ask for it, models take over. For `wording` a model rewords the problem; then the numbers must
stay. For `solution` the reasoning and answer models write trace and answer themselves, beside the gold working that
who reads the row never sees (back-reasoning); then the result of the answer's first line must be the gold one, the
trace must end on it, and every equation on the way is re-evaluated.

What templates are and how they are added: `math_templates.base` and `math_templates.registry`.
"""

import re
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import (
    Answer,
    Asked,
    Check,
    Draft,
    DuplicateRule,
    Exercise,
    Query,
    Role,
    Step,
    Task,
    prompt,
)
from synth_assets.exercises.closed_book import converse, draft_of, plain
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
from synth_assets.exercises.math_templates.equations import numbers_in, wrong_equations
from synth_assets.exercises.math_templates.numbers import canonical, find_numbers
from synth_assets.exercises.math_templates.registry import TEMPLATES
from synth_assets.exercises.math_templates.words import CURRENCIES, NOUNS, SYMBOLS
from synth_assets.exercises.notation_grammar import literal
from synth_assets.exercises.passages import fenced, neutralised
from synth_assets.identity import normalised, rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

EXAMPLES = "math_exercise/examples"

BY_PROGRAM: Mapping[str, float] = {"program": 1.0, "model": 0.0}
_REWORD_TOKENS = 400  # problems have at most some 90 words; small tokenizers cut Polish and Latin fine
_REWORD_EXAMPLES = 2
_MOST_GROWTH = 3  # a rewording three times as long explains or solves
DRAFT_TOKENS = 900
ANSWER_TOKENS = 900

_LABEL = re.compile(r"^\s*(?:reworded|problem|question)\s*:\s*", re.IGNORECASE)
_QUOTES = ('""', "“”", "«»", "„“", "„”")
_LEFT_OVER = re.compile(r"[{}]|\bNone\b|\bnan\b|\bFraction\(")
_BOLD_LINE = re.compile(r"\*\*(?P<result>[^*\n]+)\*\*")
_FENCE = re.compile(r"</?(?:problem|working|trace)>|<\|", re.IGNORECASE)
# Words that only someone beside the gold working could say, by the language of the text.
_BESIDE_IT: Mapping[str, re.Pattern[str]] = {
    code: re.compile(pattern, re.IGNORECASE)
    for code, pattern in {
        "en": r"\b(?:known|given|provided|gold|reference) (?:working|solution|answer|result)\b",
        "fr": r"\b(?:solution|réponse|résolution) (?:connue|donnée|fournie|de référence)\b",
        "de": r"\b(?:bekannte|gegebene|vorgegebene|mitgelieferte)[nrs]? (?:Lösung|Rechnung|Antwort|Lösungsweg)",
        "it": r"\b(?:soluzione|risposta) (?:nota|data|fornita|di riferimento)\b",
        "es": r"\b(?:solución|respuesta) (?:conocida|dada|proporcionada|de referencia)\b",
        "pl": r"\b(?:znan|podan|dan)(?:e|ego|ym|a|ej|ą) (?:rozwiązani|odpowied)",
        "nl": r"\b(?:bekende|gegeven|bijgeleverde) (?:uitwerking|oplossing|antwoord)\b",
        "la": r"\b(?:solutio|responsum) (?:nota|notum|data|datum)\b|\bsolutione(?:m)? (?:nota|data)m?\b",
    }.items()
}

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
    axes: Mapping[str, Mapping[str, float]] = {"wording": BY_PROGRAM, "solution": BY_PROGRAM}
    uses_section = False
    neighbours = 0
    distinct_draws = 200
    duplicate_rule = DuplicateRule(kind="exact", family="math_exercise")
    scorers = frozenset(
        {
            "verifier",
            "length",
            "notation",
            "format",
            "language",
            "boilerplate",
            "repetition",
            "word_order",
            "relevance",
            "trace_relevance",
        }
    )
    refusals = frozenset(
        {
            "reworded_empty",
            "reworded_unchanged",
            "reworded_markup",
            "reworded_too_long",
            "reworded_no_question",
            "reworded_reveals_answer",
            "reworded_numbers_changed",
            "no_conclusion",
            "repeats_example",
            "mentions_passage",
            "mentions_working",
            "leaks_markup",
            "leaks_url",
            "no_working",
            "copies_working",
            "result_equal",
            "first_line_parses",
            "trace_agrees",
            "independent_evaluation",
            "no_template_marks",
            "unit_stated",
            "wrong_arithmetic",
        }
    )
    # whose values: exercises of other series draw other ones
    series = "math"

    def templates(self) -> tuple[str, ...]:
        return tuple(TEMPLATES)

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        drawn = {"template": key, "family": TEMPLATES[key].family, "difficulty": difficulty_of(pass_number)}
        for axis, own in self.axes.items():
            shares = priors.get(axis) or own
            rng = rng_of(f"{self.series} {axis}", key, pass_number, language)
            drawn[axis] = rng.choices(list(shares), weights=list(shares.values()))[0]
        return drawn

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        calls: dict[Role, int] = {"query": 1} if constraints["wording"] == "model" else {}
        return calls | ({"reasoning": 1, "answer": 1} if solved_by_model(constraints) else {})

    def make_query(self, task: Task) -> Step | Query:
        query = self.problem(task)
        return query if task.constraints["wording"] == "program" else reword(task, query)

    def problem(self, task: Task) -> Query:
        """The problem as the program words it."""
        template = TEMPLATES[task.constraints["template"]]
        values = values_at(template.id, task.language, task.pass_number, series=self.series)
        phrasing = task.rng("phrasing").randrange(2)
        return Query(
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

    def make_draft(self, task: Task, query: Query) -> Step | Draft:
        if solved_by_model(task.constraints):
            return self._think(task, query)
        form = f"result first, in bold and with its unit, then the working; all in {LANGUAGES[task.language]}"
        return Draft(text=worked_trace(task, query, form=form, conclusion=gold_line(query, "en", task.language)))

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Step | Answer:
        if solved_by_model(task.constraints):
            return self._write(task, query, draft)
        return Answer(
            text=f"**{gold_line(query, task.language)}**\n\n{gold_working(query, task.language)}",
            payload={"result": query.payload["result"]},
        )

    def _think(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        gold = gold_line(query, "en", task.language)
        examples = shown_examples(task)
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("math_exercise/draft_system"),
            turns=[(_draft_turn(each["problem"], each["steps"], each["gold"]), each["draft"]) for each in examples],
            last=_draft_turn(query.text, english_steps(query, task.language), gold),
            max_tokens=DRAFT_TOKENS,
            grammar=trace_grammar(gold),
        )
        text = draft_of(reply, url="", examples=examples)
        check_trace(text)
        if self.concluded(text, task.language) != [Fraction(query.payload["result"])]:
            raise Refused("trace_agrees", f"the trace ends {text.rpartition(chr(10))[2][:80]!r}, wanted {gold!r}")
        return Draft(text=text)

    def _write(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        language, gold = LANGUAGES[task.language], gold_line(query, task.language)
        working = gold_working(query, task.language)
        turns = [
            (
                _answer_turn(each["problem"], each["working"], each["draft"], each["result"], language),
                f"**{each['result']}**\n\n{each['answer']}",
            )
            for each in shown_examples(task)
        ]
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("math_exercise/answer_system", language=language),
            turns=turns,
            last=_answer_turn(query.text, working, draft.text, gold, language),
            max_tokens=ANSWER_TOKENS,
            grammar=answer_grammar(f"**{gold}**"),
        )
        text = plain(reply)
        first, _, rest = text.partition("\n")
        found = self.stated(text, task.language)
        if found != [Fraction(query.payload["result"])]:
            raise Refused("first_line_parses", f"{first[:80]!r} reads as {[canonical(each) for each in found]}")
        if not unit_stands_in(first, query, task.language):
            raise Refused("unit_stated", f"{first[:80]!r}, wanted {gold!r}")
        check_working(rest, working, task.language)
        return Answer(text=f"{first.strip()}\n\n{rest.strip()}", payload={"result": canonical_as(query, found[0])})

    def stated(self, answer: str, language: str) -> list[Fraction]:
        """The numbers of the line that states the result; none where there is no such line."""
        first_line = _BOLD_LINE.fullmatch(answer.partition("\n")[0].strip())
        return numbers_in(first_line["result"], language) if first_line else []

    def concluded(self, trace: str, language: str) -> list[Fraction]:
        """The numbers of the line that the trace ends on; none where it is no conclusion."""
        return conclusion_numbers(trace, "en")

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        template, values = stored(query)
        gold = Fraction(template.solve(values))
        said = {query.payload["result"], answer.payload["result"]}
        result = _number(answer.payload["result"])
        first_line = answer.text.partition("\n")[0]
        read = self.stated(answer.text, task.language)
        conclusion = draft.text.rstrip().rpartition("\n")[2]
        left_over = {
            part: found.group()
            for part, text in (("query", query.text), ("draft", draft.text), ("answer", answer.text))
            if (found := _LEFT_OVER.search(text))
        }
        wrong = [*wrong_equations(draft.text, "en"), *wrong_equations(answer.text, task.language)]
        return (
            Check(
                name="result_equal",
                passed=said == {result_text(template, gold)},
                detail=f"solved {result_text(template, gold)}, stated {sorted(said)}",
            ),
            Check(
                name="first_line_parses",
                passed=read == [gold],
                detail=f"{first_line!r} reads as {[canonical(number) for number in read]}",
            ),
            Check(
                name="trace_agrees",
                passed=self.concluded(draft.text, task.language) == [gold],
                detail=f"the trace ends {conclusion[:80]!r}",
            ),
            Check(
                name="independent_evaluation",
                passed=result is not None and template.check(values, result),
                detail=f"{template.id} with {dict(query.payload['values'])}: {answer.payload['result']}",
            ),
            Check(name="no_template_marks", passed=not left_over, detail=f"{left_over}" if left_over else ""),
            Check(name="unit_stated", passed=unit_stands_in(first_line, query, task.language), detail=first_line[:80]),
            Check(name="wrong_arithmetic", passed=not wrong, detail="; ".join(wrong)[:200]),
        )

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        values = ", ".join(f"{name}={value}" for name, value in sorted(query.payload["values"].items()))
        return f"{query.payload['template']}({values})"

    def published_constraints(self, task: Task, query: Query) -> str:
        payload = query.payload
        by_model = [f", {axis}:model" for axis in self.axes if task.constraints.get(axis) == "model"]
        return (
            f"result:{payload['result']}, family:{payload['family']}, difficulty:{payload['difficulty']}"
            f"{''.join(by_model)}"
        )

    def published_script(self, task: Task, query: Query) -> str:
        return str(query.payload["template"])


def problem_of(template: Template, values: Values, *, phrasing: int, language: str) -> str:
    """The problem's text in one of the template's phrasings (0 or 1)."""
    return render_text(template.texts[language].problems[phrasing], values, language=language)


def stored(query: Query) -> tuple[Template, Values]:
    """Template and values of a problem, as they were kept on its row."""
    values = {name: value_of(text) for name, text in query.payload["values"].items()}
    return TEMPLATES[query.payload["template"]], values


def solved_by_model(constraints: Mapping[str, str]) -> bool:
    """Whether trace and answer are a model's; draws made before there was the axis are the program's."""
    return constraints.get("solution") == "model"


def gold_line(query: Query, language: str, currency_of: str = "") -> str:
    """The right result with its unit, as a language writes it."""
    template, values = stored(query)
    return render_result(template, Fraction(template.solve(values)), language=language, currency_of=currency_of)


def gold_working(query: Query, language: str) -> str:
    """The worked solution in the cell's language."""
    template, values = stored(query)
    return render_text(template.texts[language].solution, _shown(template, values), language=language)


def english_steps(query: Query, language: str) -> list[str]:
    """The steps of the gold working in English, in the currency of the row's language."""
    template, values = stored(query)
    shown = _shown(template, values)
    return [render_text(step, shown, language="en", currency_of=language) for step in template.trace.steps]


def worked_trace(task: Task, query: Query, *, form: str, conclusion: str, remarks: Sequence[str] = ()) -> str:
    """The program's trace: analysis, working, verification, remarks (lines of their own), and the conclusion."""
    template, values = stored(query)
    rng = task.rng("trace")
    shown = _shown(template, values)

    def english(text: str) -> str:
        return render_text(text, shown, language="en", currency_of=task.language)

    trace = template.trace
    entropy, sure = rng.choice(_SURE)
    return "\n".join(
        [
            "### 1. Task Analysis",
            f"├─ given → {english(trace.given)}",
            f"├─ sought → {english(trace.sought)}",
            f"└─ form → {form} ●",
            f"{rng.choice(_OPENINGS)} ●",
            "",
            "### 2. Working",
            f"※ {english(trace.insight)} ⟨H≈{entropy}⟩ {sure}",
            *(f"{number}. {english(step)}" for number, step in enumerate(trace.steps, start=1)),
            "",
            "### 3. Verification",
            *(f"✓ {english(check)}" for check in trace.checks),
            *remarks,
            f"→ {len(trace.checks)} of {len(trace.checks)} checks hold, {rng.choice(_CLOSINGS)} ⟨H≈0.1⟩ ●",
            f"∴ {conclusion}",
        ]
    )


def _shown(template: Template, values: Values) -> dict[str, Any]:
    """All that solution and trace may mention."""
    return {**values, **template.workings(values), "result": Fraction(template.solve(values))}


def canonical_as(query: Query, number: Fraction) -> str:
    """A result without any language, in the form that the problem's own result has."""
    return result_text(TEMPLATES[query.payload["template"]], number)


def _number(text: str) -> Fraction | None:
    """The number that a stored result states; None where it states none ("Failed after maximum attempts")."""
    return Fraction(text) if re.fullmatch(r"-?\d+(?:\.\d+|/[1-9]\d*)?", text) else None


def conclusion_numbers(trace: str, language: str) -> list[Fraction]:
    """The numbers of a trace's last line; none where it does not open with ∴."""
    conclusion = trace.rstrip().rpartition("\n")[2].strip()
    return numbers_in(conclusion, language) if conclusion.startswith("∴") else []


def unit_stands_in(line: str, query: Query, language: str) -> bool:
    """Whether a line names the result's unit, in any of its forms or, of money, by its symbol too."""
    unit = query.payload["unit"]
    if unit in ("", "fraction"):
        return True
    if unit == "pct":
        return "%" in line
    if unit in SYMBOLS:
        return unit in line
    key = CURRENCIES[language] if unit == "money" else unit
    symbols = {"euro": "€", "pound": "£", "zloty": "zł"}
    words = [
        form for name, forms in NOUNS[language].items() if name.partition(".")[0] == key for form in forms.split("|")
    ]
    return any(form.casefold() in line.casefold() for form in (*words, *filter(None, [symbols.get(key)])))


@cache
def worked_examples(language: str) -> tuple[Mapping[str, Any], ...]:
    """The worked examples of `EXAMPLES` (YAML) in a language: problem, working, own answer; English steps and trace."""
    entries = yaml.safe_load(render(EXAMPLES).text)
    return tuple(
        {**{field: value for field, value in entry.items() if field != "texts"}, **entry["texts"][language]}
        for entry in entries
    )


def shown_examples(task: Task) -> list[Mapping[str, Any]]:
    """The worked examples in the order of this candidate's pass."""
    examples = list(worked_examples(task.language))
    first = task.pass_number % len(examples)
    return [*examples[first:], *examples[:first]]


def _draft_turn(problem: str, steps: Sequence[str], gold: str) -> Rendered:
    working = fenced("working", "\n".join(steps))
    return render("math_exercise/draft", problem=fenced("problem", problem), working=working, gold=gold)


def _answer_turn(problem: str, working: str, trace: str, gold: str, language: str) -> Rendered:
    return render(
        "math_exercise/answer",
        problem=fenced("problem", problem),
        working=fenced("working", working),
        trace=fenced("trace", trace),
        gold=neutralised(gold),
        language=language,
    )


def trace_grammar(conclusion: str) -> str:
    """GBNF of a trace of this exercise that ends on the right result; what it says before is the model's."""
    return (
        'root ::= "### 1. Task Analysis\\n├─ given → " line "└─ sought → " line "### 2. Working\\n" step{1,6} '
        f'"### 3. Verification\\n" check{{1,3}} "∴ " {literal(conclusion)}\n'
        'step ::= ("→" | "●" | "※") " " line\n'
        'check ::= "✓ " line\n'
        'line ::= [^\\n∴<> ] [^\\n∴<>]{3,140} "\\n"\n'
    )


def answer_grammar(first_line: str) -> str:
    """GBNF of an answer whose first line is given, and one paragraph of working."""
    return f'root ::= {literal(first_line)} "\\n\\n" [^\\n<>⟨ ] [^\\n<>⟨∴]{{20,700}} "."\n'


def check_trace(text: str) -> None:
    """Refuse a model's trace that speaks of the gold working, leaks its marks, or miscalculates.

    Raises:
        Refused: "mentions_working", "leaks_markup" or "wrong_arithmetic".
    """
    if found := _BESIDE_IT["en"].search(text):
        raise Refused("mentions_working", f"draft: {found.group()!r}")
    if found := _FENCE.search(text):
        raise Refused("leaks_markup", f"draft: {found.group()!r}")
    if wrong := wrong_equations(text, "en"):
        raise Refused("wrong_arithmetic", f"draft: {wrong[0]}")


def check_working(text: str, working: str, language: str) -> None:
    """Refuse what a model wrote below the result's line when it is no working of its own, or miscalculates.

    Raises:
        Refused: "no_working", "copies_working", "mentions_working", "leaks_markup" or "wrong_arithmetic".
    """
    if len(numbers_in(text, language)) < 2:
        raise Refused("no_working", text[:80])
    if normalised(text) == normalised(working):
        raise Refused("copies_working", text[:80])
    if found := _BESIDE_IT[language].search(text):
        raise Refused("mentions_working", f"answer: {found.group()!r}")
    if found := _FENCE.search(text):
        raise Refused("leaks_markup", f"answer: {found.group()!r}")
    if wrong := wrong_equations(text, language):
        raise Refused("wrong_arithmetic", f"answer: {wrong[0]}")


def reword(task: Task, query: Query) -> Generator[Asked, Any, Query]:
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
