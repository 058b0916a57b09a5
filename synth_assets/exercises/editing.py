"""Editing: a text and a request to correct, translate, mine or rewrite it (SYNTH's editing).

Five kinds, by the axis `task`. The text is an excerpt of the section. Where a kind needs it in a language that the
section is not in, a model renders it first and code checks the rendering; then a program makes the mistakes, so that
the gold text is known to the letter. Each kind has a module of its own under `editing_tasks`, which says what is held
against an answer. The query is written by program in the cell's language: one of four requests, one of eighteen
occasions, one of six closings, one of four ways to set the text off.

The published rows have edits that stop after "Here is the corrected text:". Here a preface is taken off, and what is
left must be whole: a reply of only a preface is refused as "stops_early".

The text stands in the query, so that the scorers that hold an answer against its section have nothing to say here: all
of a corrected text is in its query. Instead every trace must speak of the text it edits ("trace_off_text").
"""

import json
from collections.abc import Generator, Mapping, Sequence
from functools import cache
from itertools import permutations
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Exercise, Query, Role, Task
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of
from synth_assets.exercises.constraints import draw_each
from synth_assets.exercises.editing_tasks import corruption, extraction, factual, finished, style, translation
from synth_assets.exercises.editing_tasks.figures import readings
from synth_assets.exercises.notation_grammar import trace_grammar
from synth_assets.exercises.passages import content_stems, excerpt, fenced, neutralised, sentences
from synth_assets.identity import rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

EXAMPLES = "editing/examples"

# What each kind holds against an answer, in the order in which a refusal is named.
PROMISES: Mapping[str, tuple[str, ...]] = {
    "spelling correction": ("stops_early", "leaves_error", "changes_more"),
    "factual correction": ("stops_early", "leaves_error", "changes_more"),
    "translation": translation.PROMISES,
    "structured extraction": extraction.PROMISES,
    "style reformulation": style.PROMISES,
}

AXES: Mapping[str, Mapping[str, float]] = {
    "task": {
        "spelling correction": 0.25,
        "factual correction": 0.15,
        "translation": 0.25,
        "structured extraction": 0.15,
        "style reformulation": 0.20,
    },
    "extent": {"short": 0.4, "medium": 0.4, "long": 0.2},
    "error_rate": {"light": 0.3, "moderate": 0.5, "heavy": 0.2},
    "direction": {"into the language": 0.7, "out of the language": 0.3},
    "schema": dict.fromkeys(extraction.SCHEMAS, 0.2),
    "register": dict.fromkeys(style.REGISTERS, 0.125),
}

# Words of the excerpt.
_WORDS = {"short": 30, "medium": 60, "long": 110}
_DRAFT_TOKENS = 900
_LEAST_WORDS = 8
_MOST_WORDS = 240
# Starts that are tried for a text with facts.
_STARTS = 16

_MANNERS = ("plain", "labelled", "block", "quote")
_ORDERS = tuple(permutations(range(3), 2))
_OCCASIONS, _REQUESTS, _CLOSINGS = 18, 4, 6
_WORDINGS = _REQUESTS * _OCCASIONS * _CLOSINGS * len(_MANNERS) * len(_ORDERS)
# has no factor of `_WORDINGS`, so that so many passes over one section have so many wordings, neighbours unlike
_STRIDE = 4933


class Editing(Exercise):
    """One text to be edited, a trace that finds what has to be done, and the finished edit."""

    name = "editing"
    label = "editing"
    source = "SYNTH (arXiv 2609.37891)"
    axes = AXES
    neighbours = 0
    distinct_draws = _WORDINGS
    # measured on edits of 28 real leads: of one excerpt 0.97 and more, of different leads 0.52 at most; on labelled
    # pairs of one edit in other words 0.94 and more, of another on the same subject 0.84 at most
    duplicate_rule = DuplicateRule(kind="embedding", family="editing", threshold=0.9, lexical_threshold=0.9)
    # what the text says stands in the query: nothing to hold against the section
    scorers = frozenset(
        {
            "verifier",
            "length",
            "notation",
            "format",
            "language",
            "boilerplate",
            "repetition",
            "relevance",
            "trace_relevance",
        }
    )
    refusals = frozenset(
        {
            "unfit_excerpt",
            "no_mistake_possible",
            "no_fact_to_alter",
            "no_conclusion",
            "trace_off_text",
            "repeats_example",
            "leaks_markup",
            "leaks_url",
            *(promise for promises in PROMISES.values() for promise in promises),
            *(f"rendering_{promise}" for promise in translation.PROMISES),
        }
    )

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        """Every axis at every pass, whether the task drawn has a use for it or not."""
        return draw_each(key=key, pass_number=pass_number, language=language, priors=priors, axes=self.axes)

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        """A text is rendered first where it must be in a language that the section, English as most are, is not in."""
        own, kind = constraints["target_language"], constraints["task"]
        if kind == "translation":
            rendered = own == "en" or constraints["direction"] != "into the language"
        else:
            rendered = own != "en" and kind != "structured extraction"
        return {"query": int(rendered), "reasoning": 1, "answer": 1}

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        """The request and its text.

        Payload: "task", "instruction", "text" as shown, "text_language", "edited_language", "language" (the cell's),
        and by kind "gold" and "changes" (corrections), "notes" (factual), "reference" (translation, where the excerpt
        is one), "schema" and "found" (extraction), "register" (style).
        """
        assert task.section is not None
        kind = task.constraints["task"]
        text_language, edited_language = _languages(task)
        source = _excerpt(task)
        if kind == "factual correction" and not _alterable(task, source):
            raise Refused("no_fact_to_alter", source[:80], retry=False)
        text = source
        if task.section.language != text_language:
            text = yield from _rendered(task, source, text_language)
        payload: dict[str, Any] = {
            "task": kind,
            "text": text,
            "text_language": text_language,
            "edited_language": edited_language,
            "language": task.language,
        }
        if kind == "spelling correction":
            wrong, changes = corruption.corrupt(
                text,
                text_language,
                rate=task.constraints["error_rate"],
                rng=task.rng("corruption"),
                known=task.section.text.split(),
            )
            if not changes:
                raise Refused("no_mistake_possible", text[:80], retry=False)
            payload |= {"text": wrong, "gold": text, "changes": changes}
        elif kind == "factual correction":
            wrong, changes, notes = factual.alter(
                text, text_language, most=task.rng("errors").randint(1, 2), rng=task.rng("alteration")
            )
            if not changes:
                raise Refused("no_fact_to_alter", text[:80])
            payload |= {"text": wrong, "gold": text, "changes": changes, "notes": notes}
        elif kind == "translation":
            payload["reference"] = source if text is not source and task.section.language == edited_language else ""
        elif kind == "structured extraction":
            payload |= {
                "schema": task.constraints["schema"],
                "found": extraction.gold_of(text, text_language),
            }
        else:
            payload["register"] = _register(task, text)
        instruction, query = _worded(payload, _wording(task))
        return Query(text=query, payload={**payload, "instruction": instruction})

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        shown = _examples(task, query.payload)
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("editing/draft_system", language=LANGUAGES[query.payload["edited_language"]]),
            turns=[(_draft_turn(example["query"], example["payload"]), example["draft"]) for example in shown],
            last=_draft_turn(query.text, query.payload),
            max_tokens=_DRAFT_TOKENS,
            grammar=trace_grammar("complex" if task.constraints["extent"] == "long" else "moderate"),
        )
        text = draft_of(reply, url=task.section.url, examples=shown, closed_book=False)
        if missing := _off_text(query.payload, text):
            raise Refused("trace_off_text", missing)
        return Draft(text=text)

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        assert task.section is not None
        shown = _examples(task, query.payload)
        language = LANGUAGES[query.payload["edited_language"]]
        structured = query.payload["task"] == "structured extraction"
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("editing/answer_system", language=language),
            turns=[
                (_answer_turn(example["query"], example["payload"], example["draft"]), example["answer"])
                for example in shown
            ],
            last=_answer_turn(query.text, query.payload, draft.text),
            max_tokens=_most_tokens(query.payload["text"]),
            schema=extraction.schema_of(query.payload["schema"], task.language) if structured else None,
        )
        text = finished.unwrapped(reply.text)
        for reason, detail in _faults(query.payload, text).items():
            raise Refused(reason, detail)
        check_closed_book(text, step="answer", url=task.section.url, sources_open=True)
        for example in shown:
            check_own(text, example, step="answer")
        return Answer(text=text)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        """Every promise of the kind drawn, and that the trace speaks of the text."""
        faults = _faults(query.payload, finished.unwrapped(answer.text))
        checks = [
            Check(name=promise, passed=promise not in faults, detail=faults.get(promise, ""))
            for promise in PROMISES[query.payload["task"]]
        ]
        missing = _off_text(query.payload, draft.text)
        return (*checks, Check(name="trace_off_text", passed=not missing, detail=missing))

    def in_language(self, query: Query, answer: Answer) -> tuple[str, str]:
        """The instruction, and the edit where it is prose in the cell's language: JSON and English are not."""
        own = query.payload["edited_language"] == query.payload["language"]
        return query.payload["instruction"], answer.text if own and "schema" not in query.payload else ""

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        """The edit and what kind it is: requests are worded by program, and mistakes in one text make one lesson."""
        kind = query.payload.get("register") or query.payload.get("schema") or query.payload["task"]
        return f"{kind}: {answer.text}"

    def published_constraints(self, task: Task, query: Query) -> str:
        payload = query.payload
        extent = f"length_constraints:extent[{task.constraints['extent']}]"
        said = {
            "spelling correction": "quality:corruption[spelling]",
            "factual correction": "quality:corruption[facts]",
            "translation": f"quality:translation[{payload['text_language']}-{payload['edited_language']}]",
            "structured extraction": f"structural:extraction[{payload.get('schema')}]",
            "style reformulation": f"structural:reformatting[{payload.get('register')}]",
        }[payload["task"]]
        errors = f", quality:errors[{len(payload['changes'])}]" if "changes" in payload else ""
        return f"{said}{errors}, {extent}"


def _register(task: Task, text: str) -> str:
    """The register drawn; a text that is a single sentence already is put in plain language instead."""
    drawn = task.constraints["register"]
    return "plain language" if drawn == "single sentence" and len(sentences(text, task.language)) < 2 else drawn


def _languages(task: Task) -> tuple[str, str]:
    """Language of the text that is shown, and of the edit."""
    assert task.section is not None
    kind, own, section = task.constraints["task"], task.language, task.section.language
    if kind == "structured extraction":
        return section, section
    if kind != "translation":
        return own, own
    if own == "en":
        # from English into another language the answer would leave the cell's own
        others = [code for code in LANGUAGES if code != "en"]
        return (section if section != "en" else task.rng("other language").choice(others)), "en"
    return ("en", own) if task.constraints["direction"] == "into the language" else (own, "en")


def _excerpt(task: Task) -> str:
    """Whole sentences of the section; the same at every step and every attempt.

    What is altered or extracted needs facts: of some starts the first is taken that has one.
    """
    assert task.section is not None
    kind, language = task.constraints["task"], task.section.language
    first = _from(task, 0)
    if kind not in ("factual correction", "structured extraction"):
        return _fit(first)
    for number in range(_STARTS):
        text = _from(task, number)
        found = extraction.gold_of(text, language)
        if kind == "factual correction" and _alterable(task, text):
            return _fit(text)
        if kind == "structured extraction" and (found["years"] or found["figures"]):
            return _fit(text)
    return _fit(first)


def _alterable(task: Task, text: str) -> bool:
    """Whether a text has facts; of a text to be rendered only numbers, which are sure to be there afterwards."""
    assert task.section is not None
    there = factual.places(text, task.section.language)
    rendered = task.section.language != task.language
    return any(kind in ("year", "figure") or not rendered for _, _, kind in there)


def _from(task: Task, number: int) -> str:
    """The excerpt of one start: the first pass begins where the section does."""
    assert task.section is not None
    text, language = neutralised(task.section.text), task.section.language

    def at_most(words: int) -> str:
        beginning = not task.pass_number and not number
        rng = None if beginning else task.rng(f"excerpt {number}")
        return excerpt(text, language, words=words, rng=rng)

    found = at_most(_WORDS[task.constraints["extent"]])
    # one sentence beyond twice the limit: whole all the same, where that is no page
    return at_most(_MOST_WORDS // 2) if found.endswith(" …") else found


def _fit(text: str) -> str:
    count = len(text.split())
    if not _LEAST_WORDS <= count <= _MOST_WORDS or text.endswith(" …") or "://" in text or "www." in text:
        raise Refused("unfit_excerpt", f"{count} words: {text[:80]!r}", retry=False)
    return text


def _rendered(task: Task, source: str, language: str) -> Generator[Asked, Any, str]:
    """The excerpt in another language, by a model, held to what a translation promises."""
    assert task.section is not None
    shown = [_texts()[number] for number in _ORDERS[_wording(task)[-1]]]
    (reply,) = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render("editing/render_system", language=LANGUAGES[language]),
        turns=[
            (_render_turn(each["texts"][task.section.language]["text"], language), each["texts"][language]["text"])
            for each in shown
        ],
        last=_render_turn(source, language),
        max_tokens=_most_tokens(source),
    )
    text = " ".join(finished.unwrapped(reply.text).split())
    for promise, detail in translation.faults(source, task.section.language, text, language).items():
        raise Refused(f"rendering_{promise}", detail)
    check_closed_book(text, step="rendering", url=task.section.url, sources_open=True)
    return text


def _most_tokens(text: str) -> int:
    """Most tokens of an edit: a letter may be twice its text, and small tokenizers cut a Polish word in four."""
    return 200 + 8 * len(text.split())


def _faults(payload: Mapping[str, Any], text: str) -> dict[str, str]:
    """What is held against an edit: promise -> detail, the first to be named first."""
    kind = payload["task"]
    if kind == "translation":
        return translation.faults(payload["text"], payload["text_language"], text, payload["edited_language"])
    if kind == "structured extraction":
        return extraction.faults(payload["schema"], payload["language"], payload["text"], payload["found"], text)
    if kind == "style reformulation":
        return style.faults(payload["register"], payload["text"], text, payload["edited_language"])
    if not text.strip():
        return {"stops_early": "nothing but a preface"}
    return finished.differences(payload["gold"], text, payload["changes"])


def _off_text(payload: Mapping[str, Any], draft: str) -> str:
    """What a trace fails to speak of, or empty: half of the corrections, or two words or numbers of the text."""
    if changes := payload.get("changes"):
        said = finished.harmless(draft).casefold()
        missing = [each["right"] for each in changes if finished.harmless(each["right"]).casefold() not in said]
        return ", ".join(missing) if 2 * len(missing) > len(changes) else ""
    words = len(content_stems(payload["text"]) & content_stems(draft))
    numbers = len(readings(payload["text"]) & readings(draft))
    return "" if words + numbers >= 2 else f"{words} words and {numbers} numbers of the text"


# --- the wording of a query


@cache
def _instructions() -> Mapping[str, Any]:
    return yaml.safe_load(render("editing/instructions").text)


def _wording(task: Task) -> tuple[int, int, int, int, int]:
    """Which request, occasion, closing, manner of setting off and order of examples: no two alike over a section."""
    assert task.section is not None
    start = rng_of("wording", task.section.section_id, task.language).randrange(_WORDINGS)
    number = (start + task.pass_number * _STRIDE) % _WORDINGS
    parts = []
    for size in (_REQUESTS, _OCCASIONS, _CLOSINGS, len(_MANNERS), len(_ORDERS)):
        number, part = divmod(number, size)
        parts.append(part)
    request, occasion, closing, manner, order = parts
    return request, occasion, closing, manner, order


def _worded(payload: Mapping[str, Any], wording: Sequence[int]) -> tuple[str, str]:
    """The instruction by itself, and the query: instruction, what belongs to it, and the text."""
    said = _instructions()[payload["language"]]
    request, occasion, closing, manner, _ = wording
    kind = payload["task"]
    name = {
        "spelling correction": "spelling",
        "factual correction": "factual",
        "translation": "translation_into" if payload["edited_language"] == payload["language"] else "translation_out",
        "structured extraction": "extraction",
        "style reformulation": "style",
    }[kind]
    parts = [said[name][request].replace("{language}", LANGUAGES[payload["text_language"]])]
    if kind == "style reformulation":
        parts += [said["registers"][payload["register"]], said["keep"]]
    parts += [f"{said['purpose']} {said['purposes'][occasion]}.", said["closings"][closing]]
    instruction = " ".join(parts)
    blocks = [instruction]
    colon = "\u00a0:" if payload["language"] == "fr" else ":"
    if kind == "factual correction":
        # marked as a source: what it says again is material, no repetition
        notes = "\n".join(f"- {note}" for note in payload["notes"])
        blocks.append(f"{said['notes']}{colon}\n<source_1>\n{notes}\n</source_1>")
    if kind == "structured extraction":
        schema = extraction.schema_of(payload["schema"], payload["language"])
        blocks.append(f"{said['schema']}{colon}\n```json\n{json.dumps(schema, ensure_ascii=False)}\n```")
    # beside notes or a schema the text always bears its label
    crowded = kind in ("factual correction", "structured extraction")
    gap = " " if _MANNERS[manner] == "plain" else "\n"
    label = f"{said['text']}{colon}{gap}" if crowded or _MANNERS[manner] == "labelled" else ""
    text = payload["text"]
    if _MANNERS[manner] == "block":
        text = f'"""\n{text}\n"""'
    elif _MANNERS[manner] == "quote":
        text = f"> {text}"
    return instruction, "\n\n".join([*blocks, f"{label}{text}"])


# --- prompts


@cache
def _texts() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(render(EXAMPLES).text))


def _examples(task: Task, payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Two worked examples of the payload's kind, in its languages, made by program as rows are."""
    return [
        _example(number, payload["task"], payload["text_language"], payload["edited_language"], task.language)
        for number in _ORDERS[_wording(task)[-1]]
    ]


@cache
def _example(number: int, kind: str, text_language: str, edited_language: str, language: str) -> dict[str, Any]:
    entry = _texts()[number]
    if kind == "structured extraction":
        text_language = edited_language = language
    source, edited = entry["texts"][text_language], entry["texts"][edited_language]
    payload: dict[str, Any] = {
        "task": kind,
        "text": source["text"],
        "text_language": text_language,
        "edited_language": edited_language,
        "language": language,
    }
    numbers = extraction.gold_of(source["text"], text_language)
    answer = edited["text"]
    rng = rng_of("worked example", number, text_language)
    if kind == "spelling correction":
        wrong, changes = corruption.corrupt(source["text"], text_language, rate="moderate", rng=rng)
        payload |= {"text": wrong, "changes": changes}
    elif kind == "factual correction":
        wrong, changes, notes = factual.alter(source["text"], text_language, most=1, rng=rng)
        payload |= {"text": wrong, "changes": changes, "notes": notes}
    elif kind == "structured extraction":
        payload |= {"schema": "names", "found": numbers}
        keys = list(extraction.schema_of("names", language)["properties"])
        answer = json.dumps(
            dict(zip(keys, (source["title"], source["names"], numbers["years"]), strict=True)), ensure_ascii=False
        )
    elif kind == "style reformulation":
        payload["register"] = "plain language"
        answer = source["plain"]
    _, query = _worded(payload, (number, 3 * number, number, number, 0))
    draft = render(
        "editing/example_draft",
        task=kind,
        about=entry["about"],
        changes=payload.get("changes", ()),
        source_term=source["term"],
        term=edited["term"],
        names=source["names"],
        years=", ".join(map(str, numbers["years"])),
        numbers=" and ".join([*map(str, numbers["years"]), *numbers["figures"]]),
    ).text.strip()
    return {"payload": payload, "query": query, "draft": draft, "answer": answer}


def _key(payload: Mapping[str, Any]) -> str:
    """What the authors see beside the request: the mistakes that were made, or the text that was rendered."""
    if changes := payload.get("changes"):
        return "; ".join(neutralised(f'"{each["wrong"]}" for "{each["right"]}"') for each in changes)
    if payload.get("reference"):
        return f"the text is a rendering of this original: {neutralised(payload['reference'])}"
    return ""


def _duty(payload: Mapping[str, Any]) -> str:
    return render("editing/duty", task=payload["task"], register=payload.get("register", "")).text.strip()


def _render_turn(text: str, language: str) -> Rendered:
    return render("editing/render", passage=fenced("passage", text), language=LANGUAGES[language])


def _draft_turn(query: str, payload: Mapping[str, Any]) -> Rendered:
    return render("editing/draft", request=fenced("passage", query), key=_key(payload), duty=_duty(payload))


def _answer_turn(query: str, payload: Mapping[str, Any], draft: str) -> Rendered:
    return render(
        "editing/answer",
        request=fenced("passage", query),
        notes=neutralised(draft.strip()),
        key=_key(payload),
        duty=_duty(payload),
        language=LANGUAGES[payload["edited_language"]],
    )
