"""Retrieval-augmented answering: a memorization query with its section among other passages, answered with quotes.

The sources are the section's excerpt and its nearest neighbours in an order drawn per candidate; the gold source is
always among them. The answer cites `<ref name="source_k">quote</ref>`, every quote word for word from the source it
names, and at least one from the gold source. Where the endpoint has grammars, quotes are chosen among the sources' own
sentences, so that a small model cannot misquote.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Exercise, Query, Task
from synth_assets.exercises.closed_book import check_own, converse, draft_of, plain
from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES, draw_constraints
from synth_assets.exercises.memorization import (
    EXAMPLES,
    answer_tokens,
    ask_query,
    draft_tokens,
    excerpt_words,
    notes_of,
    recallable,
    section_excerpt,
    worked_examples,
)
from synth_assets.exercises.notation_grammar import literal, one_of, trace_grammar
from synth_assets.exercises.passages import excerpt, fenced, neutralised, sentences
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

_REF = re.compile(r'<ref name="(source_\d+)">(.*?)</ref>', re.DOTALL)
_QUOTES = {"simple": 2, "moderate": 4, "complex": 8}


class Rag(Exercise):
    """One query with numbered sources, a trace that weighs them, and an answer that quotes them."""

    name = "rag"
    label = "rag"
    source = "SYNTH (arXiv 2609.37891)"
    axes = QUERY_AXES
    neighbours = 3
    distinct_draws = DISTINCT_DRAWS
    # fitted on labelled pairs: tests/quality/test_duplicates.py
    duplicate_rule = DuplicateRule(kind="embedding", family="rag", threshold=0.80)
    refusals = frozenset(
        {
            "too_few_sources",
            "empty_query",
            "no_question",
            "off_passage",
            "no_conclusion",
            "empty_answer",
            "no_citation",
            "malformed_citation",
            "misquotes",
            "misses_gold",
            "repeats_example",
            "mentions_passage",
            "leaks_markup",
            "leaks_url",
            "citation_verbatim",
            "citation_of_gold",
        }
    )

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        return draw_constraints(key=key, pass_number=pass_number, language=language, priors=priors)

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        """The query; payload: "sources" as shown and quoted, and "gold", the number of the section's from 1."""
        if not task.neighbours:
            raise Refused("too_few_sources", "the section has no neighbour", retry=False)
        query = yield from ask_query(task)
        sources, gold = _sources(task)
        return Query(text=query.text, payload={"sources": sources, "gold": gold})

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("rag/draft_system"),
            turns=[(_draft_turn(example), example["draft"]) for example in _examples(task.language)],
            last=_draft_turn({**task.constraints, **query.payload, "query": neutralised(query.text)}),
            max_tokens=draft_tokens(task),
            grammar=trace_grammar(
                task.constraints["complexity"],
                facts=[f"source_{query.payload['gold']}: {sentence}" for sentence in recallable(task)],
            ),
        )
        return Draft(
            text=draft_of(reply, url=task.section.url, examples=worked_examples(task.language), closed_book=False)
        )

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        language = LANGUAGES[task.language]
        sources, gold = query.payload["sources"], query.payload["gold"]
        shown = {
            **task.constraints,
            **query.payload,
            "query": neutralised(query.text),
            "draft": neutralised(draft.text),
        }
        languages = _source_languages(task)
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("rag/answer_system", language=language),
            turns=[(_answer_turn(example, language), example["answer"]) for example in _examples(task.language)],
            last=_answer_turn(shown, language),
            # quotes come on top of what a closed-book answer says
            max_tokens=2 * answer_tokens(task),
            grammar=_answer_grammar(
                [sentences(text, code) for text, code in zip(sources, languages, strict=True)],
                gold=gold,
                most=_QUOTES[task.constraints["complexity"]],
            ),
        )
        text = plain(reply)
        if not _REF.sub("", text).strip(" .\n"):
            raise Refused("empty_answer", text[:80])
        if text.count("<ref") != len(_REF.findall(text)) or "<source_" in text:
            raise Refused("malformed_citation", text[:120])
        cited = citations(text)
        if not cited:
            raise Refused("no_citation", text[:80])
        if wrong := _misquoted(cited, sources):
            raise Refused("misquotes", wrong)
        if f"source_{gold}" not in {name for name, _ in cited}:
            raise Refused("misses_gold", f"gold is source_{gold}, cited {', '.join(name for name, _ in cited)}")
        for example in _examples(task.language):
            check_own(text, example, step="answer")
        return Answer(text=text)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        cited = citations(answer.text)
        wrong = _misquoted(cited, query.payload["sources"]) if cited else "no citation"
        gold = f"source_{query.payload['gold']}"
        return (
            Check(name="citation_verbatim", passed=not wrong, detail=wrong),
            Check(name="citation_of_gold", passed=gold in {name for name, _ in cited}, detail=gold),
        )

    def published_constraints(self, task: Task, query: Query) -> str:
        """The sources as `<source_1>...</source_1>` blocks, as SYNTH publishes them."""
        return _blocks(query.payload["sources"])


def citations(text: str) -> list[tuple[str, str]]:
    """Every citation as (source name, quote); quotation marks around a quote are not part of it."""
    return [(name, " ".join(quote.split()).strip("\"“”«»„' ")) for name, quote in _REF.findall(text)]


def _misquoted(cited: Sequence[tuple[str, str]], sources: Sequence[str]) -> str:
    """The first citation whose quote does not stand in the source it names, or empty."""
    for name, quote in cited:
        number = int(name.removeprefix("source_"))
        source = sources[number - 1] if 1 <= number <= len(sources) else ""
        if not quote or quote not in source:
            return f"{name}: {quote[:80]!r}"
    return ""


def _order(task: Task) -> list[int]:
    """Positions of the section (0) and its neighbours (1, 2, ...) in the order they are shown."""
    order = list(range(1 + len(task.neighbours)))
    task.rng("sources").shuffle(order)
    return order


def _sources(task: Task) -> tuple[list[str], int]:
    """The sources in the order shown, and the section's number among them, from 1."""
    words = excerpt_words(task)
    texts = [section_excerpt(task)]
    for index, neighbour in enumerate(task.neighbours):
        texts.append(excerpt(neighbour.text, neighbour.language, words=words, rng=task.rng(f"source {index}")))
    order = _order(task)
    return [neutralised(texts[position]) for position in order], order.index(0) + 1


def _source_languages(task: Task) -> list[str]:
    assert task.section is not None
    codes = [task.section.language, *(neighbour.language for neighbour in task.neighbours)]
    return [codes[position] for position in _order(task)]


def _blocks(sources: Sequence[str]) -> str:
    return "\n".join(fenced(f"source_{number}", source) for number, source in enumerate(sources, start=1))


def _answer_grammar(quotable: Sequence[Sequence[str]], *, gold: int, most: int) -> str:
    """GBNF of statements, each with a citation of one whole sentence of a source, the first of the gold one.

    The author model is told which source is gold; a small one forgets.
    """
    refs = []
    first = "ref"
    for number, parts in enumerate(quotable, start=1):
        if parts:
            opening = literal(f'<ref name="source_{number}">')
            refs.append(f'{opening} {one_of(parts)} "</ref>"')
            if number == gold:
                first = f"({refs[-1]})"
    return (
        f'root ::= statement " " {first} ("\\n"? " "? statement " " ref){{0,{most - 1}}}\n'
        'statement ::= [^\\n<>⟨ ] ([^\\n<>.⟨∴] | "." [^\\n<> ]){8,220} "."\n'
        f"ref ::= {' | '.join(refs)}\n"
    )


def _examples(language: str) -> list[dict[str, Any]]:
    """A refused premise and a plain fact, each with its source at another number."""
    shown = worked_examples(language)
    examples = []
    for index in (0, 2):
        example = shown[index]
        others = [other["passage"] for other in shown if other is not example]
        gold = 2 - index // 2
        sources = [*others[: gold - 1], example["passage"], *others[gold - 1 :]]
        examples.append(
            {
                **example,
                "sources": sources,
                "gold": gold,
                "draft": example["draft"].replace("\n● ", f"\n● source_{gold}: ", 1),
                "answer": f'{example["answer"]} <ref name="source_{gold}">{example["quote"]}</ref>',
            }
        )
    return examples


def _duty(query_result: str) -> str:
    return render("rag/duty", query_result=query_result).text.strip()


def _draft_turn(values: Mapping[str, Any]) -> Rendered:
    axes = {axis: values[axis] for axis in ("query_type", "complexity", "user_profile")}
    return render(
        "rag/draft",
        **axes,
        sources=_blocks(values["sources"]),
        gold=values["gold"],
        query=values["query"],
        duty=_duty(values["query_result"]),
    )


def _answer_turn(values: Mapping[str, Any], language: str) -> Rendered:
    return render(
        "rag/answer",
        sources=_blocks(values["sources"]),
        complexity=values["complexity"],
        user_profile=values["user_profile"],
        query=values["query"],
        notes=notes_of(values["draft"], values),
        duty=_duty(values["query_result"]),
        language=language,
    )
