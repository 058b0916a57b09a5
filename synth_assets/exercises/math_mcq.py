"""Math multiple choice: a math exercise with four options, three of them from named mistakes (SYNTH's "math mcq").

What is wrong with each option is known: every template lists the mistakes that people make with its kind of problem,
and a distractor is the result that one of them leads to. It is never right (the exact result and the template's own
check are both asked), of the same kind as the right one (no half people, no probability above one), and shown as
another text. The row keeps which mistake each letter stands for, and the trace says it.

The values come from a series of their own, so that the same pass over a template is another problem here than in
`math_exercise`; problems, rewording and solving by a model are shared with it.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Query, Step, Task
from synth_assets.exercises.closed_book import converse, draft_of, plain
from synth_assets.exercises.math_exercise import (
    ANSWER_TOKENS,
    DRAFT_TOKENS,
    EXAMPLES,
    MathExercise,
    answer_grammar,
    canonical_as,
    check_trace,
    check_working,
    conclusion_numbers,
    english_steps,
    gold_working,
    reword,
    shown_examples,
    solved_by_model,
    stored,
    trace_grammar,
    worked_examples,
    worked_trace,
)
from synth_assets.exercises.math_templates.base import Mistake, Template, Values, render_result, result_text
from synth_assets.exercises.math_templates.equations import numbers_in
from synth_assets.exercises.math_templates.numbers import canonical, terminates
from synth_assets.exercises.math_templates.words import SYMBOLS, counted
from synth_assets.exercises.passages import fenced, neutralised
from synth_assets.identity import normalised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

LETTERS = "ABCD"
_CHOICE = re.compile(r"(?P<letter>[A-D])\. (?P<text>.+)")
# Nouns that count no things but measure, so that a wrong result may be no whole number where the right one is.
_MEASURES = frozenset(
    {
        "litre",
        "minute",
        "year",
        "mark_point",
        "nat_centimetre",
        "weight_kg",
        "ws_celsius",
        "ws_centimetre",
        "ws_gram",
        "ws_kilogram",
        "ws_tonne",
    }
)
_PLACES = 2  # most decimals of a measure's or an amount's distractor, where the right result has no more


class MathMcq(MathExercise):
    """Problems with one exact result among four options, the other three from named mistakes.

    Query payload: that of `MathExercise`, and options (shown texts, in order), gold (the right letter), option_results
    (canonical texts, in order) and mistakes (letter -> name of the mistake, for the wrong ones).
    """

    name = "math_mcq"
    label = "math mcq"
    duplicate_rule = DuplicateRule(kind="exact", family="math_mcq")
    refusals = MathExercise.refusals | {
        "too_few_mistakes",
        "malformed_choice",
        "wrong_option",
        "options_unexplained",
        "option_count",
        "options_distinct",
        "gold_among_options",
        "distractors_wrong",
        "distractors_named",
        "option_agrees",
    }
    series = "math_mcq"

    def make_query(self, task: Task) -> Step | Query:
        query = self.problem(task)
        if task.constraints["wording"] == "program":
            return _with_options(task, query)
        return self._reworded(task, query)

    def _reworded(self, task: Task, query: Query) -> Generator[Asked, Any, Query]:
        return _with_options(task, (yield from reword(task, query)))

    def make_draft(self, task: Task, query: Query) -> Step | Draft:
        if solved_by_model(task.constraints):
            return self._think(task, query)
        form = f"the right letter with its full text, then the working; all in {LANGUAGES[task.language]}"
        return Draft(
            text=worked_trace(task, query, form=form, conclusion=_right_line(query), remarks=_remarks(task, query))
        )

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Step | Answer:
        if solved_by_model(task.constraints):
            return self._write(task, query, draft)
        return Answer(
            text=f"{_right_line(query)}\n\n{gold_working(query, task.language)}",
            payload={"result": query.payload["result"], "letter": query.payload["gold"]},
        )

    def _think(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        right = _right_line(query)
        examples = [
            _example_with_options(each, index, task.language) for index, each in enumerate(shown_examples(task))
        ]
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("math_mcq/draft_system"),
            turns=[
                (_draft_turn(each["query"], each["steps"], each["said"], each["right_line"]), each["draft"])
                for each in examples
            ],
            last=_draft_turn(query.text, english_steps(query, task.language), _said(query), right),
            max_tokens=DRAFT_TOKENS,
            grammar=trace_grammar(right),
        )
        text = draft_of(reply, url="", examples=[*examples, *worked_examples(task.language)])
        check_trace(text)
        last = text.rpartition("\n")[2].strip()
        if last != f"∴ {right}":
            raise Refused("trace_agrees", f"the trace ends {last[:80]!r}, wanted {right!r}")
        if missing := _unexplained(text, query):
            raise Refused("options_unexplained", f"the trace says nothing of option {', '.join(missing)}")
        return Draft(text=text)

    def _write(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        language, right = LANGUAGES[task.language], _right_line(query)
        working = gold_working(query, task.language)
        examples = [
            _example_with_options(each, index, task.language) for index, each in enumerate(shown_examples(task))
        ]
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("math_mcq/answer_system", language=language),
            turns=[
                (
                    _answer_turn(each["query"], each["working"], each["draft"], each["right_line"], language),
                    f"{each['right_line']}\n\n{each['answer']}",
                )
                for each in examples
            ],
            last=_answer_turn(query.text, working, draft.text, right, language),
            max_tokens=ANSWER_TOKENS,
            grammar=answer_grammar(right),
        )
        first, _, rest = plain(reply).partition("\n")
        first = first.strip().strip("*").strip()
        choice = _CHOICE.fullmatch(first)
        if choice is None or normalised(choice["text"]) != normalised(_option(query, choice["letter"])):
            raise Refused("malformed_choice", f"{first[:80]!r} is none of the options")
        if choice["letter"] != query.payload["gold"]:
            raise Refused("wrong_option", f"{first[:80]!r}, right is {right!r}")
        check_working(rest, working, task.language)
        stated = canonical_as(query, self.stated(right, task.language)[0])
        return Answer(text=f"{right}\n\n{rest.strip()}", payload={"result": stated, "letter": choice["letter"]})

    def stated(self, answer: str, language: str) -> list[Fraction]:
        choice = _CHOICE.fullmatch(answer.partition("\n")[0].strip())
        return numbers_in(choice["text"], language) if choice else []

    def concluded(self, trace: str, language: str) -> list[Fraction]:
        return conclusion_numbers(trace, language)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        template, values = stored(query)
        payload = query.payload
        options, gold = payload["options"], payload["gold"]
        results = [Fraction(text) for text in payload["option_results"]]
        by_name = {mistake.name: mistake for mistake in template.mistakes}
        wrong = {letter: result for letter, result in zip(LETTERS, results, strict=False) if letter != payload["gold"]}
        right = Fraction(template.solve(values))
        taken_for_right = [
            letter for letter, result in wrong.items() if result == right or template.check(values, result)
        ]
        unnamed = [
            letter
            for letter, result in wrong.items()
            if (mistake := by_name.get(payload["mistakes"].get(letter, ""))) is None
            or Fraction(mistake.result(values)) != result
        ]
        known = gold in LETTERS[: len(options)] and results[LETTERS.index(gold)] == right
        shown = query.text.rpartition("\n\n")[2] == _lines(options)
        first = answer.text.partition("\n")[0]
        expected = _right_line(query) if known else ""
        unexplained = _unexplained(draft.text, query)
        return (
            *super().verify(task, query, draft, answer),
            Check(
                name="option_count",
                passed=len(options) == len(results) == len(LETTERS) and shown,
                detail=f"{len(options)} options" + ("" if shown else ", and the query shows others"),
            ),
            Check(
                name="options_distinct",
                passed=len({normalised(option) for option in options}) == len(set(results)) == len(options),
                detail=", ".join(options),
            ),
            Check(name="gold_among_options", passed=known, detail=f"{gold}: {payload['option_results']}"),
            Check(name="distractors_wrong", passed=not taken_for_right, detail=", ".join(taken_for_right)),
            Check(name="distractors_named", passed=not unnamed, detail=", ".join(unnamed)),
            Check(name="options_unexplained", passed=not unexplained, detail=", ".join(unexplained)),
            Check(name="option_agrees", passed=known and first == expected, detail=f"{first!r}, gold {expected!r}"),
        )

    def published_constraints(self, task: Task, query: Query) -> str:
        return f"{super().published_constraints(task, query)}, options:{len(LETTERS)}, right:{query.payload['gold']}"


def distractors(template: Template, values: Values, language: str, rng: Random) -> list[tuple[Mistake, Fraction]]:
    """Three mistakes and the wrong results they lead to, drawn by the generator.

    Mistakes whose result is the right one, or another's, or of another kind, are passed over. Results with no more
    decimals than the right one come first: an option must not be told apart by its looks.

    Raises:
        Refused: "too_few_mistakes" when fewer than three are left.
    """
    right = Fraction(template.solve(values))
    taken = {normalised(render_result(template, right, language=language))}
    alike: list[tuple[Mistake, Fraction]] = []
    others: list[tuple[Mistake, Fraction]] = []
    for mistake in template.mistakes:
        result = Fraction(mistake.result(values))
        if not _same_kind(template, result, right) or template.check(values, result):
            continue
        text = normalised(render_result(template, result, language=language))
        if text not in taken:
            taken.add(text)
            (alike if _places(result) <= _places(right) else others).append((mistake, result))
    wanted = len(LETTERS) - 1
    if len(alike) + len(others) < wanted:
        raise Refused("too_few_mistakes", f"{template.id}: {len(alike) + len(others)} of {wanted}", retry=False)
    chosen = rng.sample(alike, min(wanted, len(alike)))
    return [*chosen, *rng.sample(others, wanted - len(chosen))]


def _same_kind(template: Template, result: Fraction, right: Fraction) -> bool:
    """Whether a wrong result could be one of this problem: positive, a probability below 1, a count whole."""
    if result <= 0 or result == right:
        return False
    if template.unit == "fraction":
        return result < 1
    if not terminates(result):
        return False
    measures = template.unit in SYMBOLS | _MEASURES | {"money", "pct"}
    if not measures and right.denominator == 1:
        return result.denominator == 1
    return _places(result) <= max(_PLACES, _places(right) + 1)


def _places(number: Fraction) -> int:
    return len(canonical(number).partition(".")[2])


def _with_options(task: Task, query: Query) -> Query:
    """The problem with its four options, in an order of the candidate's own."""
    template, values = stored(query)
    right = Fraction(template.solve(values))
    drawn: list[tuple[Mistake | None, Fraction]] = [(None, right)]
    drawn.extend(distractors(template, values, task.language, task.rng("distractors")))
    task.rng("options").shuffle(drawn)
    options = [render_result(template, result, language=task.language) for _, result in drawn]
    lettered = list(zip(LETTERS, drawn, strict=True))
    return Query(
        text=f"{query.text}\n\n{_lines(options)}",
        payload={
            **query.payload,
            "options": options,
            "gold": next(letter for letter, (mistake, _) in lettered if mistake is None),
            "option_results": [result_text(template, result) for _, result in drawn],
            "mistakes": {letter: mistake.name for letter, (mistake, _) in lettered if mistake is not None},
        },
    )


def _lines(options: Sequence[str]) -> str:
    return "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False))


def _option(query: Query, letter: str) -> str:
    return str(query.payload["options"][LETTERS.index(letter)])


def _right_line(query: Query) -> str:
    return f"{query.payload['gold']}. {_option(query, query.payload['gold'])}"


def _said(query: Query) -> dict[str, str]:
    """Letter -> what is done wrong there, an English clause."""
    says = {mistake.name: mistake.says for mistake in stored(query)[0].mistakes}
    return {letter: says[name] for letter, name in query.payload["mistakes"].items()}


def _remarks(task: Task, query: Query) -> list[str]:
    """A line of the trace on every wrong option."""
    template, _ = stored(query)
    results = dict(zip(LETTERS, query.payload["option_results"], strict=True))
    return [
        f"⚠ option {letter} {says} → "
        + render_result(template, Fraction(results[letter]), language="en", currency_of=task.language)
        for letter, says in _said(query).items()
    ]


def _unexplained(trace: str, query: Query) -> list[str]:
    """The wrong options that a trace has nothing to say about."""
    return [
        letter
        for letter in query.payload["mistakes"]
        if not re.search(rf"^\s*⚠.*\boption {re.escape(letter)}\b", trace, re.IGNORECASE | re.MULTILINE)
    ]


def _example_with_options(example: Mapping[str, Any], index: int, language: str) -> dict[str, Any]:
    """A worked example as this exercise shows it, the right option at another letter in each."""
    texts = [counted(number, example["unit"], language) for number in example["wrong"]]
    right = LETTERS[(2 * index + 1) % len(LETTERS)]
    options = list(texts)
    options.insert(LETTERS.index(right), example["result"])
    wrong = [letter for letter in LETTERS if letter != right]
    remarks = [remark.replace("{}", letter) for remark, letter in zip(example["remarks"], wrong, strict=True)]
    right_line = f"{right}. {example['result']}"
    reasoning = example["draft"].strip().rpartition("\n")[0]
    return {
        **example,
        "query": f"{example['problem']}\n\n{_lines(options)}",
        "right_line": right_line,
        "said": dict(zip(wrong, example["says"], strict=True)),
        "draft": "\n".join([reasoning, *remarks, f"∴ {right_line}"]),
    }


def _draft_turn(problem: str, steps: Sequence[str], said: Mapping[str, str], right: str) -> Rendered:
    working = fenced("working", "\n".join([*steps, *(f"option {letter} {says}" for letter, says in said.items())]))
    return render("math_mcq/draft", problem=fenced("problem", problem), working=working, right=neutralised(right))


def _answer_turn(problem: str, working: str, trace: str, right: str, language: str) -> Rendered:
    return render(
        "math_mcq/answer",
        problem=fenced("problem", problem),
        working=fenced("working", working),
        trace=fenced("trace", trace),
        right=neutralised(right),
        language=language,
    )
