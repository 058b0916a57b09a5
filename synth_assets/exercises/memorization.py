"""Memorization: a question about a section, answered as from memory (SYNTH's main exercise, nine rows in ten).

The author models see the passage; who reads the row never does (back-reasoning), so neither query nor trace nor answer
may speak of it. How much of the section a row is made from grows with the complexity drawn, and where that excerpt
starts differs from pass to pass.
"""

from collections.abc import Generator, Mapping
from functools import cache
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import (
    Answer,
    Asked,
    Draft,
    DuplicateRule,
    Exercise,
    Query,
    Task,
)
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, plain
from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES, draw_constraints
from synth_assets.exercises.notation_grammar import prose_grammar, trace_grammar
from synth_assets.exercises.passages import content_stems, excerpt, fenced, neutralised, sentences
from synth_assets.identity import normalised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

EXAMPLES = "memorization/examples"

# Words of the section and of the neighbour that prompts show, and most tokens of draft and answer, by complexity.
# The ceilings leave room for languages that small tokenizers cut fine; grammar and instructions set the usual length.
_PASSAGE_WORDS = {"simple": 35, "moderate": 90, "complex": 150}
_NEIGHBOUR_WORDS = {"simple": 20, "moderate": 60, "complex": 120}
_DRAFT_TOKENS = {"simple": 240, "moderate": 480, "complex": 960}
_ANSWER_TOKENS = {"simple": 160, "moderate": 320, "complex": 640}
_QUERY_TOKENS = 96

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
    """The first worked examples whose query result is the one drawn, or the first of all where none is.

    Which are shown depends on the drawn result alone, so that rows of one exercise, language and result share all of
    their prompt but its end; few, because a small model on a processor reads 240 tokens a second.
    """
    examples = worked_examples(task.language)
    alike = [example for example in examples if example["query_result"] == task.constraints["query_result"]]
    return (alike or list(examples))[:count]


def excerpt_words(task: Task) -> int:
    """Most words of a passage that this candidate's prompts show."""
    return _PASSAGE_WORDS[task.constraints["complexity"]]


def draft_tokens(task: Task) -> int:
    """Most tokens of this candidate's trace."""
    return _DRAFT_TOKENS[task.constraints["complexity"]]


def answer_tokens(task: Task) -> int:
    """Most tokens of this candidate's closed-book answer."""
    return _ANSWER_TOKENS[task.constraints["complexity"]]


def section_excerpt(task: Task) -> str:
    """What of the section this candidate is made from: the same at every step and every attempt."""
    assert task.section is not None
    # the first pass takes the beginning, which says what the subject is; later ones start elsewhere
    rng = task.rng("excerpt") if task.pass_number else None
    return excerpt(task.section.text, task.section.language, words=excerpt_words(task), rng=rng)


def recallable(task: Task) -> tuple[str, ...]:
    """The excerpt's sentences where the passage is English, as traces are; none otherwise, or when they say "∴"."""
    assert task.section is not None
    if task.section.language != "en":
        return ()
    return tuple(part for part in sentences(neutralised(section_excerpt(task)), "en") if "∴" not in part)


def neighbour_excerpt(task: Task) -> tuple[str, str]:
    """Title and beginning of the nearest neighbour, both empty where there is none."""
    if not task.neighbours:
        return "", ""
    nearest = task.neighbours[0]
    words = _NEIGHBOUR_WORDS[task.constraints["complexity"]]
    return nearest.title, excerpt(nearest.text, nearest.language, words=words, rng=task.rng("neighbour"))


def check_on_passage(task: Task, question: str, passage: str) -> None:
    """Refuse a question that shares no word with its passage or title, where the two can be compared.

    Across languages even names differ, so only a passage in the cell's own language is; an absurd question is free.

    Raises:
        Refused: "off_passage".
    """
    assert task.section is not None
    comparable = task.section.language == task.language and task.constraints["query_result"] != "absurd"
    if comparable and not content_stems(question) & content_stems(f"{task.section.title} {passage}"):
        raise Refused("off_passage", question[:80])


class Memorization(Exercise):
    """One question about one section, a trace that recalls the answer, and the answer, closed book."""

    name = "memorization"
    label = "memorization"
    source = "SYNTH (arXiv 2609.37891)"
    axes = QUERY_AXES
    neighbours = 1
    distinct_draws = DISTINCT_DRAWS
    # fitted on labelled pairs: tests/quality/test_duplicates.py
    duplicate_rule = DuplicateRule(kind="embedding", family="memorization", threshold=0.84)
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
        }
    )

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        return draw_constraints(key=key, pass_number=pass_number, language=language, priors=priors)

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        return (yield from ask_query(task))

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        examples = worked_examples(task.language)
        neighbour_title, neighbour = neighbour_excerpt(task)
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("memorization/draft_system"),
            turns=[
                (_draft_turn(example, example["passage"], "", ""), example["draft"])
                for example in shown_examples(task, _SHOWN)
            ],
            last=_draft_turn(
                {**task.constraints, "title": neutralised(task.section.title), "query": neutralised(query.text)},
                section_excerpt(task),
                neutralised(neighbour_title),
                neighbour,
            ),
            max_tokens=draft_tokens(task),
            grammar=trace_grammar(task.constraints["complexity"], facts=recallable(task)),
        )
        return Draft(text=draft_of(reply, url=task.section.url, examples=examples))

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        assert task.section is not None
        examples = worked_examples(task.language)
        language = LANGUAGES[task.language]
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("memorization/answer_system", language=language),
            turns=[
                (_answer_turn(example, example["passage"], language), example["answer"])
                for example in shown_examples(task, _SHOWN)
            ],
            last=_answer_turn(
                {
                    **task.constraints,
                    "title": neutralised(task.section.title),
                    "query": neutralised(query.text),
                    "draft": neutralised(draft.text),
                },
                section_excerpt(task),
                language,
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


def ask_query(task: Task) -> Generator[Asked, Any, Query]:
    """The question of memorization, which rag replays.

    Raises:
        Refused: "empty_query", "no_question", "off_passage", or as `check_closed_book` and `check_own`.
    """
    assert task.section is not None
    examples = worked_examples(task.language)
    language = LANGUAGES[task.language]
    passage = section_excerpt(task)
    (reply,) = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render("memorization/query_system", language=language),
        turns=[
            (_query_turn(example, example["passage"], language), example["query"])
            for example in shown_examples(task, _SHOWN + 1)
        ],
        last=_query_turn({**task.constraints, "title": neutralised(task.section.title)}, passage, language),
        max_tokens=_QUERY_TOKENS,
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
    check_on_passage(task, text, passage)
    return Query(text=text)


def duty_of(query_result: str) -> str:
    """What the answer owes to a query of this kind of result."""
    return render("memorization/duty", query_result=query_result).text.strip()


def notes_of(draft: str, drawn: Mapping[str, Any]) -> str:
    """What of the trace the answer's author sees: all of it, or for a simple answerable question what it is sure of.

    A small model's conclusions are worse than the facts it recalls (measured: an answer that sees the conclusion
    repeats it, right or wrong); a simple question needs one fact. All others need the weighing too.
    """
    sure = [line.strip()[1:].strip() for line in draft.splitlines() if line.strip().startswith("●")]
    if drawn["complexity"] == "simple" and drawn["query_result"] == "positive" and sure:
        return " ".join(sure)
    return draft.strip()


def _query_turn(values: Mapping[str, Any], passage: str, language: str) -> Rendered:
    axes = {axis: values[axis] for axis in QUERY_AXES_SHOWN}
    return render(
        "memorization/query", **axes, title=values["title"], passage=fenced("passage", passage), language=language
    )


def _draft_turn(values: Mapping[str, Any], passage: str, neighbour_title: str, neighbour: str) -> Rendered:
    axes = {axis: values[axis] for axis in ("query_type", "complexity", "user_profile")}
    return render(
        "memorization/draft",
        **axes,
        title=values["title"],
        passage=fenced("passage", passage),
        neighbour_title=neighbour_title,
        neighbour=fenced("neighbour", neighbour) if neighbour else "",
        query=values["query"],
        duty=duty_of(values["query_result"]),
    )


def _answer_turn(values: Mapping[str, Any], passage: str, language: str) -> Rendered:
    return render(
        "memorization/answer",
        notes=notes_of(values["draft"], values),
        complexity=values["complexity"],
        user_profile=values["user_profile"],
        title=values["title"],
        passage=fenced("passage", passage),
        query=values["query"],
        duty=duty_of(values["query_result"]),
        language=language,
    )
