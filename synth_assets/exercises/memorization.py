"""Memorization: a question about a section, answered as from memory (SYNTH's main exercise, nine rows in ten).

The author models see the passage; who reads the row never does (back-reasoning), so neither query nor trace nor answer
may speak of it. How much of the section a row is made from grows with the complexity drawn, and where that excerpt
starts differs from pass to pass.

One query in five has no plain answer. Of a negative one that is made sure by program (`negative_of`): a fact of the
excerpt is altered before the query's author sees it, and the query must take the wrong value for granted; or the fact
is removed from all that any author sees, and the query must ask for it; or, where the excerpt has no such fact, the
query asks for a year or a person that it does not name. What the answer owes then is verified: it says what is false
and what is true, or that it is not known; nonsense is declined; an ambiguous query is asked back or read each way.
"""

import math
from collections.abc import Generator, Mapping, Sequence
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
    Task,
)
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, is_closed_book, plain
from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES
from synth_assets.exercises.duties import corrects, covers_readings, declines, says_unknown
from synth_assets.exercises.facts import facts_of, states
from synth_assets.exercises.negative import (
    GAP,
    asserts_premise,
    author_excerpt,
    check_negative_query,
    negative_of,
    neighbour_excerpt,
    passage_asked,
    recallable,
    says_removed,
)
from synth_assets.exercises.notation_grammar import prose_grammar, trace_grammar
from synth_assets.exercises.passages import fenced, neutralised, sentences
from synth_assets.exercises.section_excerpts import check_on_passage, section_excerpt
from synth_assets.identity import normalised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

EXAMPLES = "memorization/examples"

# Most tokens of draft, answer and query, by complexity.
# The ceilings leave room for languages that small tokenizers cut fine; grammar and instructions set the usual length.
_DRAFT_TOKENS = {"simple": 240, "moderate": 480, "complex": 960}
_ANSWER_TOKENS = {"simple": 224, "moderate": 480, "complex": 960}
_QUERY_TOKENS = {"simple": 96, "moderate": 160, "complex": 240}

# Worked examples that a prompt for a trace or an answer shows; a prompt for a question shows one more.
_SHOWN = 2

QUERY_AXES_SHOWN = ("query_type", "complexity", "user_profile", "query_style", "query_result")


@cache
def worked_examples(language: str) -> tuple[Mapping[str, Any], ...]:
    """The worked examples of `EXAMPLES` (YAML) in a language: axes, texts of that language, English trace."""
    entries = yaml.safe_load(render(EXAMPLES).text)
    return tuple(
        {**{field: value for field, value in entry.items() if field != "texts"}, **entry["texts"][language]}
        for entry in entries
    )


def shown_examples(task: Task, count: int) -> list[Mapping[str, Any]]:
    """Worked examples whose query result is the one drawn, and others only where there are fewer than `count`.

    Which are shown, and in which order, depends on the drawn result and on how often the section's draws have begun
    again, so that rows of one exercise, language and result share all of their prompt but its end, and yet a section
    that has been asked about in every way is asked about under other examples. Few, because a small model on a
    processor reads 240 tokens a second.
    """
    result = task.constraints["query_result"]
    # a negative query is shown only with what a program made of its passage
    examples = [
        entry for entry in worked_examples(task.language) if entry["query_result"] != "negative" or "negative" in entry
    ]
    alike = [entry for entry in examples if entry["query_result"] == result]
    others = [entry for entry in examples if entry["query_result"] != result]
    cycle = task.pass_number // DISTINCT_DRAWS
    most = min(count, len(alike))
    first, cycle = _arranged(alike, most, cycle)
    return [*first, *_arranged(others, count - most, cycle)[0]]


def _arranged(entries: Sequence[Mapping[str, Any]], count: int, number: int) -> tuple[list[Mapping[str, Any]], int]:
    """The number-th way to choose `count` of the entries in order, and how often all ways have been gone through."""
    again, number = divmod(number, math.perm(len(entries), count))
    left, chosen = list(entries), []
    for place in range(count, 0, -1):
        position, number = divmod(number, math.perm(len(left) - 1, place - 1))
        chosen.append(left.pop(position))
    return chosen, again


def draft_tokens(task: Task) -> int:
    """Most tokens of this candidate's trace."""
    return _DRAFT_TOKENS[task.constraints["complexity"]]


def answer_tokens(task: Task) -> int:
    """Most tokens of this candidate's closed-book answer."""
    return _ANSWER_TOKENS[task.constraints["complexity"]]


class Memorization(Exercise):
    """One question about one section, a trace that recalls the answer, and the answer, closed book."""

    name = "memorization"
    label = "memorization"
    source = "SYNTH (arXiv 2609.37891)"
    axes = QUERY_AXES
    neighbours = 1
    distinct_draws = DISTINCT_DRAWS
    # fitted on labelled pairs: tests/quality/test_duplicates.py
    duplicate_rule = DuplicateRule(kind="embedding", family="memorization", threshold=0.84, lexical_threshold=0.8)
    refusals = frozenset(
        {
            "empty_query",
            "no_question",
            "off_passage",
            "no_conclusion",
            "empty_answer",
            "repeats_query",
            "repeats_example",
            "mentions_passage",
            "leaks_markup",
            "leaks_url",
            "no_fact",
            "premise_missing",
            "gives_away_fact",
            "misses_fact",
            "answers_itself",
            "answers_answerable",
            "premise_corrected",
            "premise_not_asserted",
            "truth_stated",
            "says_unknown",
            "removed_value_unsaid",
            "declines_nonsense",
            "covers_readings",
            "closed_book",
        }
    )

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        return (yield from ask_query(task))

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        examples = worked_examples(task.language)
        neighbour_title, neighbour = neighbour_excerpt(task, negative_of(task))
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("memorization/draft_system"),
            turns=[
                (_draft_turn(example, example["passage"], "", "", example), example["draft"])
                for example in shown_examples(task, _SHOWN)
            ],
            last=_draft_turn(
                {**task.constraints, "title": neutralised(task.section.title), "query": neutralised(query.text)},
                author_excerpt(task),
                neutralised(neighbour_title),
                neighbour,
                query.payload,
            ),
            max_tokens=draft_tokens(task),
            grammar=trace_grammar(task.constraints["complexity"], facts=recallable(task)),
        )
        text = draft_of(reply, url=task.section.url, examples=examples)
        if problem := asserts_premise(text.rpartition("∴")[2], query.payload, "en"):
            raise Refused("premise_not_asserted", f"draft: {problem}")
        if problem := says_removed(text, query.payload):
            raise Refused("removed_value_unsaid", f"draft: {problem}")
        return Draft(text=text)

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        assert task.section is not None
        examples = worked_examples(task.language)
        language = LANGUAGES[task.language]
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("memorization/answer_system", language=language),
            turns=[
                (_answer_turn(example, example["passage"], language, example), example["answer"])
                for example in shown_examples(task, _SHOWN)
            ],
            last=_answer_turn(
                {
                    **task.constraints,
                    "title": neutralised(task.section.title),
                    "query": neutralised(query.text),
                    "draft": neutralised(draft.text),
                },
                author_excerpt(task),
                language,
                query.payload,
            ),
            max_tokens=answer_tokens(task),
            grammar=prose_grammar(task.constraints["complexity"]),
        )
        text = plain(reply)
        if not text:
            raise Refused("empty_answer")
        if normalised(text) == normalised(query.text):
            raise Refused("repeats_query", text[:80])
        check_closed_book(text, step="answer", url=task.section.url)
        for example in examples:
            check_own(text, example, step="answer")
        return Answer(text=text)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        assert task.section is not None
        text, language, payload = answer.text, task.language, query.payload
        result, way = task.constraints["query_result"], payload.get("way", "")
        checks = [Check(name="closed_book", passed=is_closed_book(query, draft, answer, url=task.section.url))]
        if result == "absurd":
            checks.append(Check(name="declines_nonsense", passed=declines(text, language), detail=text[:80]))
        elif result == "ambiguous":
            checks.append(Check(name="covers_readings", passed=covers_readings(text, language), detail=text[:80]))
        elif way in ("removed", "absent"):
            checks.append(Check(name="says_unknown", passed=says_unknown(text, language), detail=text[:80]))
            problem = says_removed(text, payload) or _invents(task, text, payload)
            checks.append(Check(name="removed_value_unsaid", passed=not problem, detail=problem))
        elif result == "negative":
            says = corrects(text, language) or says_unknown(text, language)
            checks.append(Check(name="premise_corrected", passed=says, detail=text[:80]))
            problem = asserts_premise(text, payload, language)
            checks.append(Check(name="premise_not_asserted", passed=not problem, detail=problem))
            truth, kind = payload.get("truth", ""), payload.get("kind", "")
            true = not truth or states(text, truth, kind)
            checks.append(Check(name="truth_stated", passed=true, detail=truth))
        else:
            only_declines = all(says_unknown(part, language) for part in sentences(text, language))
            # what the section itself calls unknown is answered so
            known = not says_unknown(task.section.text, task.section.language)
            passed = not (only_declines and known)
            checks.append(Check(name="answers_answerable", passed=passed, detail=text[:80]))
        return tuple(checks)

    def published_constraints(self, task: Task, query: Query) -> str:
        """The draw; of a negative query also how it was made so, as in "query_result:negative[altered year]"."""
        shown = dict(task.constraints)
        if "way" in query.payload:
            shown["query_result"] = f"negative[{query.payload['way']} {query.payload['kind']}]"
        return ", ".join(f"{axis}:{value}" for axis, value in shown.items())


def ask_query(task: Task) -> Generator[Asked, Any, Query]:
    """The question of memorization, which rag replays; the payload of a negative one says how it was made so.

    Payload of a negative query: "way" ("altered", "removed", "absent"), "kind", "premise", "truth", see `Negative`;
    of any other: nothing.

    Raises:
        Refused: "empty_query", "no_question", "off_passage", "answers_itself", "no_fact", "premise_missing",
            "gives_away_fact", "misses_fact", or as `check_closed_book` and `check_own`.
    """
    assert task.section is not None
    examples = worked_examples(task.language)
    language = LANGUAGES[task.language]
    negative = negative_of(task)
    passage = section_excerpt(task) if negative is None else negative.asked
    made = {} if negative is None else negative.payload
    statement = "" if negative is None else negative.statement
    (reply,) = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render(
            "memorization/query_system", language=language, query_result=task.constraints["query_result"], gap=GAP
        ),
        turns=[
            (_query_turn(example, passage_asked(example), language, example), example["query"])
            for example in shown_examples(task, _SHOWN + 1)
        ],
        last=_query_turn(
            {**task.constraints, "title": neutralised(task.section.title)},
            passage,
            language,
            {**made, "statement": statement},
        ),
        max_tokens=_QUERY_TOKENS[task.constraints["complexity"]],
    )
    text = " ".join(plain(reply).split())
    if not text:
        raise Refused("empty_query")
    # an indirect query may be a request, an absurd one anything
    if (
        "?" not in text
        and task.constraints["query_style"] != "indirect"
        and task.constraints["query_result"] != "absurd"
    ):
        raise Refused("no_question", text[:80])
    check_closed_book(text, step="query", url=task.section.url)
    for example in examples:
        check_own(text, example, step="query")
    check_on_passage(task, text, f"{passage} {statement}")
    check_negative_query(task, text, made, statement)
    if copied := _sentence_within(text, passage, task.section.language):
        raise Refused("answers_itself", copied[:80])
    return Query(text=text, payload=made)


def _sentence_within(text: str, passage: str, language: str) -> str:
    """The first sentence of the passage that a text holds word for word, of six words or more; empty where none."""
    said = normalised(text)
    for part in sentences(passage, language):
        stated = normalised(part).rstrip(" .!…")
        if len(stated.split()) >= 6 and stated in said:
            return part
    return ""


def _invents(task: Task, text: str, payload: Mapping[str, Any]) -> str:
    """A year that an answer gives although its excerpt has none; else empty."""
    if payload.get("way") != "absent" or payload["kind"] != "year":
        return ""
    return next((fact.value for fact in facts_of(text, task.language) if fact.kind == "year"), "")


def duty_of(query_result: str, made: Mapping[str, Any] | None = None) -> str:
    """What the answer owes to a query of this kind of result; `made` is the payload of a negative query."""
    made = made or {}
    return render(
        "memorization/duty",
        query_result=query_result,
        way=made.get("way", made.get("negative", "")),
        premise=neutralised(made.get("premise", "")),
        truth=neutralised(made.get("truth", "")),
    ).text.strip()


def notes_of(draft: str, drawn: Mapping[str, Any]) -> str:
    """What of the trace the answer's author sees: all of it, or for a simple answerable question what it is sure of.

    A small model's conclusions are worse than the facts it recalls (measured: an answer that sees the conclusion
    repeats it, right or wrong); a simple question needs one fact. All others need the weighing too.
    """
    sure = [line.strip()[1:].strip() for line in draft.splitlines() if line.strip().startswith("●")]
    if drawn["complexity"] == "simple" and drawn["query_result"] == "positive" and sure:
        return " ".join(sure)
    return draft.strip()


def _query_turn(values: Mapping[str, Any], passage: str, language: str, made: Mapping[str, Any]) -> Rendered:
    """The turn that asks for a query; `made` says how a negative one is made so (of an example: the example)."""
    axes = {axis: values[axis] for axis in QUERY_AXES_SHOWN}
    statement = made.get("statement", "")
    if made.get("negative") == "altered":
        statement = next(part for part in sentences(passage, "en") if made["premise"] in part)
    return render(
        "memorization/query",
        **axes,
        title=values["title"],
        passage=fenced("passage", passage),
        language=language,
        way=made.get("way", made.get("negative", "")),
        kind=made.get("kind", ""),
        premise=neutralised(made.get("premise", "")),
        # under a name that passages neutralise, so that it cannot be closed from within
        statement=fenced("ref", statement) if statement else "",
    )


def _draft_turn(
    values: Mapping[str, Any], passage: str, neighbour_title: str, neighbour: str, made: Mapping[str, Any]
) -> Rendered:
    axes = {axis: values[axis] for axis in ("query_type", "complexity", "user_profile")}
    return render(
        "memorization/draft",
        **axes,
        title=values["title"],
        passage=fenced("passage", passage),
        neighbour_title=neighbour_title,
        neighbour=fenced("neighbour", neighbour) if neighbour else "",
        query=values["query"],
        duty=duty_of(values["query_result"], made),
    )


def _answer_turn(values: Mapping[str, Any], passage: str, language: str, made: Mapping[str, Any]) -> Rendered:
    return render(
        "memorization/answer",
        notes=notes_of(values["draft"], values),
        complexity=values["complexity"],
        user_profile=values["user_profile"],
        title=values["title"],
        passage=fenced("passage", passage),
        query=values["query"],
        duty=duty_of(values["query_result"], made),
        language=language,
    )
