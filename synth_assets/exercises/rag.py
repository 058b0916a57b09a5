"""Retrieval-augmented answering: a question with numbered sources, answered with quotes.

A positive query is made as RAGSynth does: from *clues*, sentences that a program picks from the section (`single` hop)
or from the section and a neighbour that share an entity (`multi`). The clues keep their ids, (source, sentence), so
that code knows which sources the answer must cite. A program also takes things away: the whole section (`gold`
absent), where the answer must say that the sources do not bear it, or one clue (`clues` part), where it must give the
rest and say what is missing. What was realised stands in the payload, for a draw may ask what its passages do not
allow (no shared entity, one sentence only). Other query results replay memorization's query, the section among the
sources.

The sources are the section's excerpt and its nearest neighbours in an order drawn per candidate. The answer cites
`<ref name="source_k">quote</ref>`, every quote word for word from the source it names. Where the endpoint has grammars,
quotes are chosen among the sources' own sentences, so that a small model cannot misquote.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Exercise, Query, Task
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, plain
from synth_assets.exercises.clues import LaidOut, lay_out, payload_of, sentence_at
from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES, draw_constraints, draw_each
from synth_assets.exercises.duties import corrects, covers_readings, declines, says_unknown
from synth_assets.exercises.facts import states
from synth_assets.exercises.memorization import (
    EXAMPLES,
    answer_tokens,
    ask_query,
    draft_tokens,
    notes_of,
    shown_examples,
    worked_examples,
)
from synth_assets.exercises.negative import asserts_premise, recallable
from synth_assets.exercises.notation_grammar import literal, one_of, trace_grammar
from synth_assets.exercises.passages import content_stems, fenced, neutralised, sentences
from synth_assets.identity import normalised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render
from synth_assets.quality.grounding import fold, names_in

SOURCE_AXES: dict[str, dict[str, float]] = {
    "sources": {
        "2": 0.05, "3": 0.10, "4": 0.20, "5": 0.15, "6": 0.15, "7": 0.10, "8": 0.10, "9": 0.05, "10": 0.10,
    },
    "gold": {"present": 0.9, "absent": 0.1},
    "hops": {"single": 0.7, "multi": 0.3},
    "clues": {"complete": 0.8, "part": 0.2},
}  # fmt: skip

CLUE_EXAMPLES = "rag/examples"

_REF = re.compile(r'<ref name="(source_\d+)">(.*?)</ref>', re.DOTALL)
_NUMBER = re.compile(r"\d+")
_QUOTES = {"simple": 2, "moderate": 4, "complex": 8}
_QUERY_TOKENS = 128

# What an answer with its sources open says besides `says_unknown`: that these do not tell. Read after `fold`; a bare
# negation would let any sentence that denies something pass for it.
_SILENT = {
    "en": r"\bsources? (?:\w+ )?(?:(?:do|does) ?n(?:'|o)t|leaves?|never|is silent|are silent|lacks?)\b"
    r"|\b(?:none|neither|not one) of (?:the|these|them)\b",
    "fr": r"\b(?:sources?|celles-ci) (?:n'|ne )\w+ (?:pas|rien|jamais)\b|\bpassent? sous silence\b",
    "de": r"\bquellen? (?:\w+ ){1,4}(?:nicht|nichts|offen)\b|\bverschweig\w+",
    "it": r"\bfont[ei] (?:\w+ )?(?:non|tac\w+)\b|\bnessuna (?:di|delle) (?:\w+ )?(?:fonti|esse)\b",
    "es": r"\bfuentes? (?:\w+ )?(?:no|call\w+)\b|\bninguna de (?:\w+ )?(?:fuentes|ellas)\b",
    "pl": r"\bzrod\w+ (?:\w+ ){0,2}(?:nie|milcz\w+)\b|\bw zrodlach nie\b|\bzadne z(?:e zrodel| nich)\b",
    "nl": r"\b(?:bron|bronnen) (?:\w+ ){1,4}(?:niet|niets|open|onvermeld)\b|\bzwijg\w+",
    "la": r"\bfon(?:s|tes|tibus) (?:\w+ ){0,2}(?:non|nihil|tac\w+|sil\w+)\b|\bnon (?:tradunt|docent)\b"
    r"|\bnullus (?:ex|e|horum) (?:\w+ )?font\w+",
}

# A question may bear a short clue, but not a longer one word for word.
_LEAST_COPIED = 6
# Until then no two passes over a section ask for the same kind of question, in any mix of a simple recipe.
_FRESH_PASSES = 54


class Rag(Exercise):
    """One query with numbered sources, a trace that weighs them, and an answer that quotes them."""

    name = "rag"
    label = "rag"
    source = "SYNTH (arXiv 2609.37891); clues, hops and completeness as in RAGSynth"
    axes = QUERY_AXES | SOURCE_AXES
    version = 2
    neighbours = 9
    distinct_draws = DISTINCT_DRAWS
    # fitted on labelled pairs: tests/quality/test_duplicates.py
    duplicate_rule = DuplicateRule(kind="embedding", family="rag", threshold=0.80, lexical_threshold=0.8)
    refusals = frozenset(
        {
            "too_few_sources",
            "empty_query",
            "no_question",
            "off_passage",
            "answers_itself",
            "no_fact",
            "premise_missing",
            "gives_away_fact",
            "misses_fact",
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
            "cites_every_hop",
            "says_missing",
            "says_unanswerable",
            "keeps_to_sources",
            "premise_corrected",
            "premise_not_asserted",
            "truth_stated",
            "says_unknown",
            "declines_nonsense",
            "covers_readings",
        }
    )

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        drawn = draw_constraints(key=key, pass_number=pass_number, language=language, priors=priors)
        # by itself: all combinations of ten axes are too many to order for every draw
        shown = draw_each(key=key, pass_number=pass_number, language=language, priors=priors, axes=SOURCE_AXES)
        return {**drawn, **shown}

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        """The query. Payload, all numbers from 1:

        - sources, languages: the texts as shown and quoted, and what each is in.
        - gold: the section's number, 0 where it was taken out.
        - clues: what a positive query was made from, each with source, sentence, text and shown; source and sentence
          are 0 for what was taken away.
        - hops (single, multi), completeness (complete, part, none), shared (the entity that joins two hops).
        - must_cite: the sources of the shown clues, or the gold one.
        - asked: what memorization's query keeps, for other results.
        """
        if not task.neighbours:
            raise Refused("too_few_sources", "the section has no neighbour", retry=False)
        if task.constraints["query_result"] == "positive":
            laid_out = lay_out(task)
            text = yield from _ask_of_clues(task, laid_out)
            return Query(text=text, payload=payload_of(laid_out))
        query = yield from ask_query(task)
        return Query(text=query.text, payload={**payload_of(lay_out(task)), "asked": dict(query.payload)})

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        kind = _kind(task, query.payload)
        examples = _examples(task.language, kind)
        (reply,) = yield converse(
            "reasoning",
            examples=render(_examples_file(kind)),
            system=render("rag/draft_system"),
            turns=[(_draft_turn(example), example["draft"]) for example in examples],
            last=_draft_turn(
                {**task.constraints, **query.payload, "kind": kind, "query": neutralised(query.text)},
            ),
            max_tokens=draft_tokens(task),
            grammar=trace_grammar(task.constraints["complexity"], facts=_facts(task, query.payload)),
        )
        shown = [*worked_examples(task.language), *examples]
        return Draft(text=draft_of(reply, url=task.section.url, examples=shown, closed_book=False))

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        """The answer. Payload: clues, hops, completeness and gold of the query, and `mapping`, for each citation the
        statement before it, its quote, and the source and sentence that bear it.
        """
        language = LANGUAGES[task.language]
        sources = query.payload["sources"]
        kind = _kind(task, query.payload)
        shown = {
            **task.constraints,
            **query.payload,
            "kind": kind,
            "query": neutralised(query.text),
            "draft": neutralised(draft.text),
        }
        examples = _examples(task.language, kind)
        (reply,) = yield converse(
            "answer",
            examples=render(_examples_file(kind)),
            system=render("rag/answer_system", language=language),
            turns=[(_answer_turn(example, language), example["answer"]) for example in examples],
            last=_answer_turn(shown, language),
            # quotes come on top of what a closed-book answer says
            max_tokens=2 * answer_tokens(task),
            grammar=_answer_grammar(
                [sentences(text, code) for text, code in zip(sources, query.payload["languages"], strict=True)],
                kind=kind,
                must_cite=query.payload["must_cite"],
                most=_QUOTES[task.constraints["complexity"]],
            ),
        )
        text = plain(reply)
        if not _REF.sub("", text).strip(" .\n"):
            raise Refused("empty_answer", text[:80])
        if text.count("<ref") != len(_REF.findall(text)) or "<source_" in text:
            raise Refused("malformed_citation", text[:120])
        cited = citations(text)
        if not cited and kind != "absent":
            raise Refused("no_citation", text[:80])
        if wrong := _misquoted(cited, sources):
            raise Refused("misquotes", wrong)
        gold = query.payload["gold"]
        if gold in query.payload["must_cite"] and f"source_{gold}" not in {name for name, _ in cited}:
            raise Refused("misses_gold", f"gold is source_{gold}, cited {', '.join(name for name, _ in cited)}")
        for example in examples:
            check_own(text, example, step="answer")
        kept = {field: query.payload[field] for field in ("clues", "hops", "completeness", "gold")}
        return Answer(text=text, payload={**kept, "mapping": _mapping(text, sources, query.payload["languages"])})

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        payload = query.payload
        kind = _kind(task, payload)
        cited = citations(answer.text)
        names = {name for name, _ in cited}
        unquoted = _REF.sub(" ", answer.text)
        wrong = _misquoted(cited, payload["sources"])
        if not cited and kind != "absent":
            wrong = "no citation"
        checks = [Check(name="citation_verbatim", passed=not wrong, detail=wrong)]
        if payload["gold"] in payload["must_cite"]:
            gold = f"source_{payload['gold']}"
            checks.append(Check(name="citation_of_gold", passed=gold in names, detail=gold))
        if payload["hops"] == "multi":
            missed = [f"source_{number}" for number in payload["must_cite"] if f"source_{number}" not in names]
            checks.append(Check(name="cites_every_hop", passed=not missed, detail=", ".join(missed)))
        if kind == "part":
            missing = _says_silent(unquoted, task.language)
            checks.append(Check(name="says_missing", passed=missing, detail="" if missing else unquoted[:120]))
        if kind == "absent":
            # what comes after a first quote comes too late: the quote already stands there as the answer
            opening = _REF.split(answer.text)[0]
            declines = _says_silent(opening, task.language)
            checks.append(Check(name="says_unanswerable", passed=declines, detail="" if declines else opening[:120]))
        if kind in ("part", "absent"):
            told = _from_outside(task, query, unquoted)
            checks.append(Check(name="keeps_to_sources", passed=not told, detail=", ".join(told)))
        return (*checks, *_duty_checks(task, query, answer.text, unquoted))

    def published_constraints(self, task: Task, query: Query) -> str:
        """The sources as `<source_1>...</source_1>` blocks, as SYNTH publishes them."""
        return _blocks(query.payload["sources"])


def citations(text: str) -> list[tuple[str, str]]:
    """Every citation as (source name, quote); quotation marks around a quote are not part of it."""
    return [(name, _bare(quote)) for name, quote in _REF.findall(text)]


def _says_silent(text: str, language: str) -> bool:
    return says_unknown(text, language) or re.search(_SILENT[language], fold(text)) is not None


def _bare(quote: str) -> str:
    return " ".join(quote.split()).strip("\"“”«»„' ")


def _misquoted(cited: Sequence[tuple[str, str]], sources: Sequence[str]) -> str:
    """The first citation whose quote does not stand in the source it names, or empty."""
    for name, quote in cited:
        number = int(name.removeprefix("source_"))
        source = sources[number - 1] if 1 <= number <= len(sources) else ""
        if not quote or quote not in source:
            return f"{name}: {quote[:80]!r}"
    return ""


def _mapping(text: str, sources: Sequence[str], languages: Sequence[str]) -> list[dict[str, Any]]:
    """For each citation: the statement that stands before it, its quote, its source and the sentence it begins in."""
    mapped, end = [], 0
    for found in _REF.finditer(text):
        # a second quote in a row bears the same statement
        statement = " ".join(text[end : found.start()].split()).lstrip(".,; ")
        if not statement and mapped:
            statement = mapped[-1]["statement"]
        number, quote = int(found[1].removeprefix("source_")), _bare(found[2])
        source = sources[number - 1]
        sentence = sentence_at(source, languages[number - 1], source.index(quote))
        mapped.append({"statement": statement, "quote": quote, "source": number, "sentence": sentence})
        end = found.end()
    return mapped


def _duty_checks(task: Task, query: Query, text: str, unquoted: str) -> list[Check]:
    """What memorization verifies of a query that has no plain answer, here with quotes beside it."""
    result, language = task.constraints["query_result"], task.language
    if result == "absurd":
        return [Check(name="declines_nonsense", passed=declines(unquoted, language), detail=unquoted[:120])]
    if result == "ambiguous":
        return [Check(name="covers_readings", passed=covers_readings(unquoted, language), detail=unquoted[:120])]
    if result != "negative":
        return []
    made = query.payload["asked"]
    truth, kind = made["truth"], made["kind"]
    silent = _says_silent(unquoted, language)
    if made["way"] != "altered":
        told = truth if truth and states(text, truth, kind) else ""
        return [
            Check(name="says_unknown", passed=silent, detail="" if silent else unquoted[:120]),
            Check(name="keeps_to_sources", passed=not told, detail=told),
        ]
    asserted = asserts_premise(unquoted, made, language)
    return [
        Check(name="premise_corrected", passed=silent or corrects(unquoted, language), detail=unquoted[:120]),
        Check(name="premise_not_asserted", passed=not asserted, detail=asserted[:120]),
        Check(name="truth_stated", passed=states(text, truth, kind), detail=truth),
    ]


def _from_outside(task: Task, query: Query, said: str) -> list[str]:
    """Names and figures of what was taken away that the answer gives all the same: nobody told its author."""
    assert task.section is not None
    titles = [task.section.title, *(neighbour.title for neighbour in task.neighbours)]
    open_to_all = "\n".join([*query.payload["sources"], query.text, *titles])
    known = {fold(word) for word in re.findall(r"\w+", open_to_all)}
    taken = [clue["text"] for clue in query.payload["clues"] if not clue["shown"]]
    # a German passage capitalises every noun, which names nothing
    secret = names_in(taken, task.section.language) | {
        figure for figure in _NUMBER.findall(" ".join(taken)) if len(figure) > 1
    }
    told = {fold(word) for word in re.findall(r"\w+", said)}
    return sorted((secret - known) & told)


def _kind(task: Task, payload: Mapping[str, Any]) -> str:
    """What the answer owes: the query result, or for a positive query what its clues ask for."""
    result = task.constraints["query_result"]
    if result != "positive":
        return result
    if payload["completeness"] != "complete":
        return {"part": "part", "none": "absent"}[payload["completeness"]]
    return "multi" if payload["hops"] == "multi" else "positive"


def _facts(task: Task, payload: Mapping[str, Any]) -> list[str]:
    """English sentences that a small model's trace may open its recall with."""
    if task.constraints["query_result"] != "positive":
        return [f"source_{payload['gold']}: {sentence}" for sentence in recallable(task)]
    return [
        f"source_{clue['source']}: {clue['text']}"
        for clue in payload["clues"]
        if clue["shown"] and payload["languages"][clue["source"] - 1] == "en" and "∴" not in clue["text"]
    ]


def _ask_of_clues(task: Task, laid_out: LaidOut) -> Generator[Asked, Any, str]:
    """The question that the clues answer.

    Raises:
        Refused: "empty_query", "no_question", "off_passage", "answers_itself", or as `check_closed_book` and
            `check_own`.
    """
    assert task.section is not None
    language = LANGUAGES[task.language]
    shown = _query_examples(task, several=len(laid_out.clues) > 1)
    (reply,) = yield converse(
        "query",
        examples=render(CLUE_EXAMPLES if len(laid_out.clues) > 1 else EXAMPLES),
        system=render("rag/query_system", language=language),
        turns=[(_query_turn(example, language), example["query"]) for example in shown],
        last=_query_turn(
            {
                **task.constraints,
                "passages": _asked_about(task, laid_out),
                "shared": laid_out.shared,
                "asked_before": task.pass_number if task.pass_number >= _FRESH_PASSES else 0,
            },
            language,
        ),
        max_tokens=_QUERY_TOKENS,
    )
    text = " ".join(plain(reply).split())
    if not text:
        raise Refused("empty_query")
    # an indirect query may be a request
    if "?" not in text and task.constraints["query_style"] != "indirect":
        raise Refused("no_question", text[:80])
    check_closed_book(text, step="query", url=task.section.url)
    for example in (*worked_examples(task.language), *shown):
        check_own(text, example, step="query")
    # across languages even names differ, so only clues in the query's own language are compared
    about = [source for source in laid_out.whole if any(clue.position == source.position for clue in laid_out.clues)]
    said = " ".join([*(source.title for source in about), *(clue.text for clue in laid_out.clues)])
    if all(source.language == task.language for source in about) and not content_stems(text) & content_stems(said):
        raise Refused("off_passage", text[:80])
    for clue in laid_out.clues:
        stated = normalised(clue.text).rstrip(" .!…")
        if len(stated.split()) >= _LEAST_COPIED and stated in normalised(text):
            raise Refused("answers_itself", clue.text[:80])
    return text


def _asked_about(task: Task, laid_out: LaidOut) -> list[dict[str, str]]:
    """Title and clues of each passage that the query is made from, and all of it unless one plain fact is asked for."""
    one_fact = task.constraints["complexity"] == "simple" and len(laid_out.clues) == 1
    passages = []
    for source in laid_out.whole:
        clues = [clue.text for clue in laid_out.clues if clue.position == source.position]
        if clues:
            alone = one_fact or len(clues) == len(source.parts)
            context = "" if alone else fenced("neighbour", source.text)
            clue_block = fenced("passage", "\n".join(clues))
            passages.append({"title": neutralised(source.title), "clues": clue_block, "context": context})
    return passages


def _blocks(sources: Sequence[str]) -> str:
    return "\n".join(fenced(f"source_{number}", source) for number, source in enumerate(sources, start=1))


def _answer_grammar(quotable: Sequence[Sequence[str]], *, kind: str, must_cite: Sequence[int], most: int) -> str:
    """GBNF of statements, each with a citation of one whole sentence of a source, those that must be cited first.

    The author model is told which sources they are; a small one forgets. What the sources leave open is said in a
    statement without a citation: last where they bear a part, first where they bear nothing.
    """
    refs: dict[int, str] = {}
    for number, parts in enumerate(quotable, start=1):
        if parts:
            opening = literal(f'<ref name="source_{number}">')
            refs[number] = f'{opening} {one_of(parts)} "</ref>"'
    owed = [f"({refs[number]})" for number in must_cite if number in refs] or ["ref"]
    if kind == "absent":
        root = 'statement (" " statement " " ref)?'
    else:
        root = ' ("\\n"? " "? '.join(f'statement " " {each}' for each in owed) + ")" * (len(owed) - 1)
        if most > len(owed):
            root += f' ("\\n"? " "? statement " " ref){{0,{most - len(owed)}}}'
        if kind == "part":
            root += ' " " statement'
    return (
        f"root ::= {root}\n"
        'statement ::= [^\\n<>⟨ ] ([^\\n<>.⟨∴] | "." [^\\n<> ]){8,220} "."\n'
        f"ref ::= {' | '.join(refs.values())}\n"
    )


def _examples_file(kind: str) -> str:
    return CLUE_EXAMPLES if kind in ("multi", "part", "absent") else EXAMPLES


@cache
def _clue_examples() -> Mapping[str, Any]:
    return yaml.safe_load(render(CLUE_EXAMPLES).text)


# Beside a worked example's own passage.
_SOURCES_SHOWN = 3
_PLAIN = {
    "query_type": "integrative",
    "complexity": "moderate",
    "user_profile": "professional",
    "query_style": "direct",
}


def _query_examples(task: Task, *, several: bool) -> list[dict[str, Any]]:
    """Questions as `_query_turn` shows them: of one fact each, or of one fact, two of a passage, and two joined."""
    nothing = {"shared": "", "asked_before": 0}
    facts = [
        {
            **example,
            **nothing,
            "passages": [{"title": example["title"], "clues": fenced("passage", example["quote"]), "context": ""}],
        }
        for example in shown_examples(task, 3)
    ]
    if not several:
        return facts
    own = _clue_examples()["texts"][task.language]
    (stone, *stone_parts), (reader, *reader_parts) = own["stone"], own["reader"]
    two = [{"title": stone, "clues": fenced("passage", "\n".join(stone_parts)), "context": ""}]
    joined = [
        {
            "title": stone,
            "clues": fenced("passage", stone_parts[0]),
            "context": fenced("neighbour", " ".join(stone_parts)),
        },
        {
            "title": reader,
            "clues": fenced("passage", reader_parts[1]),
            "context": fenced("neighbour", " ".join(reader_parts)),
        },
    ]
    return [
        facts[0],
        {**_PLAIN, **nothing, "passages": two, "query": own["part"]},
        {**_PLAIN, **nothing, "passages": joined, "shared": stone, "query": own["multi"]},
    ]


def _examples(language: str, kind: str) -> list[dict[str, Any]]:
    """Two worked examples, each with its source at another number: of the kind, or a refused premise, and a fact."""
    shown = worked_examples(language)
    fact = next(entry for entry in shown if entry["query_type"] == "information retrieval" and _is(entry, "positive"))
    # the last of a kind: the first negative one is no more than a premise
    first = shown[0] if kind in ("positive", "multi", "part", "absent") else [e for e in shown if _is(e, kind)][-1]
    examples = []
    for gold, example in ((2, first), (1, fact)):
        others = [other["passage"] for other in shown[:5] if other is not example][:_SOURCES_SHOWN]
        sources = [*others[: gold - 1], example["passage"], *others[gold - 1 :]]
        examples.append(
            {
                **example,
                "kind": example["query_result"],
                "sources": sources,
                "must_cite": [gold],
                "draft": example["draft"].replace("\n● ", f"\n● source_{gold}: ", 1),
                "answer": f'{example["answer"]} <ref name="source_{gold}">{example["quote"]}</ref>',
            }
        )
    if kind not in ("multi", "part", "absent"):
        return examples
    own = _clue_examples()["texts"][language]
    (_, found, scripts), (_, scholar, read) = own["stone"], own["reader"]
    reader, stone, other = f"{scholar} {read}", f"{found} {scripts}", shown[1]["passage"]
    if kind == "multi":
        sources, must_cite = [reader, stone], [1, 2]
        first, second = own["multi_answer"]
        answer = f'{first} <ref name="source_2">{found}</ref> {second} <ref name="source_1">{read}</ref>'
    elif kind == "part":
        sources, must_cite = [scripts, reader], [1]
        borne, missing = own["part_answer"]
        answer = f'{borne} <ref name="source_1">{scripts}</ref> {missing}'
    else:
        sources, must_cite = [other, reader], []
        answer = f'{own["absent_answer"]} <ref name="source_2">{read}</ref>'
    drafted = _clue_examples()["drafts"][kind]
    return [
        examples[1],
        {**_PLAIN, "kind": kind, "sources": sources, "must_cite": must_cite, "query": own[kind], "draft": drafted,
         "answer": answer},
    ]  # fmt: skip


def _is(example: Mapping[str, Any], query_result: str) -> bool:
    return example["query_result"] == query_result


def _duty(kind: str) -> str:
    return render("rag/duty", kind=kind).text.strip()


def _best(must_cite: Sequence[int]) -> str:
    """The line that tells a trace's author where to look."""
    named = ", ".join(f"source_{number}" for number in must_cite) or "none"
    return f"Best source{'s' if len(must_cite) > 1 else ''}: {named}"


def _notes(values: Mapping[str, Any]) -> str:
    """What of the trace the answer's author sees: what is missing is no fact that the trace is sure of."""
    if values["kind"] in ("multi", "part", "absent"):
        return values["draft"].strip()
    return notes_of(values["draft"], {**values, "query_result": values["kind"]})


def _query_turn(values: Mapping[str, Any], language: str) -> Rendered:
    axes = {axis: values[axis] for axis in ("query_type", "complexity", "user_profile", "query_style")}
    shown = {field: values[field] for field in ("passages", "shared", "asked_before")}
    return render("rag/query", **axes, **shown, language=language)


def _draft_turn(values: Mapping[str, Any]) -> Rendered:
    axes = {axis: values[axis] for axis in ("query_type", "complexity", "user_profile")}
    return render(
        "rag/draft",
        **axes,
        sources=_blocks(values["sources"]),
        best=_best(values["must_cite"]),
        query=values["query"],
        duty=_duty(values["kind"]),
    )


def _answer_turn(values: Mapping[str, Any], language: str) -> Rendered:
    return render(
        "rag/answer",
        sources=_blocks(values["sources"]),
        complexity=values["complexity"],
        user_profile=values["user_profile"],
        query=values["query"],
        notes=_notes(values),
        duty=_duty(values["kind"]),
        language=language,
    )
