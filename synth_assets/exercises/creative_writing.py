"""Creative writing: a text of a drawn form on a drawn theme, its form held by code (SYNTH's "creative writing").

The form is the template: a pass goes over each once. Theme, place, time, manner and speaker are drawn from lists
written for this project (`creative_lists`). A query model words the request in the cell's language, or the program
does from form, theme and year; what code will check (lines, stanzas, shapes, a letter left out) stands in the program's
own sentences at the request's end, so that it is always said and always right. What a request does not ask for is
offered to the text's author as a free choice, which keeps passes apart.

Of the answer code sees its form (`creative_lists.layout`), its length, that it speaks of nothing but itself ("Here is
your poem") and does not repeat the request; whether it is good, code cannot say.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Exercise, Query, Role, Step, Task
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, plain
from synth_assets.exercises.constraints import draw_each, even
from synth_assets.exercises.creative_lists.forms import Form, forms
from synth_assets.exercises.creative_lists.layout import RULES, lines_in
from synth_assets.exercises.creative_lists.lexicon import afterword_pattern, preface_pattern
from synth_assets.exercises.creative_lists.occasions import ASKERS, OCCASIONS
from synth_assets.exercises.creative_lists.personas import PERSONAS
from synth_assets.exercises.creative_lists.places import PLACES
from synth_assets.exercises.creative_lists.styles import STYLES
from synth_assets.exercises.creative_lists.themes import names_theme, themes
from synth_assets.exercises.creative_lists.times import TIMES, YEARS
from synth_assets.exercises.notation_grammar import trace_grammar
from synth_assets.exercises.passages import neutralised
from synth_assets.exercises.writing_constraints.letter_play import AVOIDABLE, check_lipogram
from synth_assets.exercises.writing_constraints.letters import folded
from synth_assets.exercises.writing_constraints.words import sentences_of, words_of
from synth_assets.identity import normalised, rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

EXAMPLES = "creative_writing/examples"
NONE = "none"

_QUERY_TOKENS = 400
_DRAFT_TOKENS = 1000
_TOKENS_A_WORD = 4  # Polish or Latin in a small tokenizer
_MOST_QUERY_WORDS = 140
_FRAMES = 3
_ECHO_WORDS = 6  # a sentence of the request this long stands in no text by chance
_UNIT_WORDS = 3
_MOST_REFRAINS = 5  # a line may come back in every stanza
_MOST_REPEATED = 0.4
_LEAST_DISTINCT = 0.3
_FENCE = re.compile(r"\A\s*```\w*\n(.*?)\n?```\s*\Z", re.DOTALL)
_FIGURE = re.compile(r"\d+")
_SHORT_LINE = 25  # words of a line that can be a remark about the text


AXES: dict[str, dict[str, float]] = {
    "wording": {"model": 0.7, "program": 0.3},
    "theme": even(tuple(themes())),
    # which of the lists the request draws on; what it leaves out is the author's free choice
    "spatial": {"place": 0.5, NONE: 0.5},
    "temporal": {"publication_date": 0.2, "year": 0.2, "period": 0.25, NONE: 0.35},
    "manner": {"style": 0.6, NONE: 0.4},
    "voice": {"persona": 0.5, NONE: 0.5},
    "lipogram": {"avoid_letter": 0.05, NONE: 0.95},
    "place": even(PLACES),
    "time": even(TIMES),
    "year": even(YEARS),
    "style": even(STYLES),
    "persona": even(PERSONAS),
    # what colours a model's request
    "occasion": even(OCCASIONS),
    "asker": even(ASKERS),
}


@cache
def _book(language: str) -> Mapping[str, Any]:
    """How a language words requests and rules, and calls the forms."""
    return yaml.safe_load(render(f"creative_writing/wording_{language}").text)


@cache
def worked_examples(language: str) -> tuple[Mapping[str, Any], ...]:
    """The worked examples of `EXAMPLES` (YAML) in a language: what was drawn, texts of that language, English trace."""
    return tuple(
        {**{field: value for field, value in entry.items() if field != "texts"}, **entry["texts"][language]}
        for entry in yaml.safe_load(render(EXAMPLES).text)
    )


class CreativeWriting(Exercise):
    """A text of one form on one theme, with place, time, manner and speaker as they were asked for.

    Query payload: form, theme, asked (what the request asks for: name as prompts show it -> English value), letter (""
    where none is to be avoided), rules (the program's sentences at the request's end).
    """

    name = "creative_writing"
    label = "creative writing"
    source = "SYNTH (arXiv 2609.37891)"
    axes = AXES
    uses_section = False
    neighbours = 0
    distinct_draws = 10_000
    # The answer alone, whatever asked for it. Measured with the packaged encoder on six texts a language: two different
    # ones reach 0.74 at most (Polish; English 0.56), one of them with a word in ten replaced mostly 0.80 to 0.97; on
    # labelled pairs the same text in other words 0.87 and more, another one on its theme 0.69 at most.
    duplicate_rule = DuplicateRule(kind="embedding", family="creative_writing", threshold=0.85, lexical_threshold=0.8)
    # Verse may have a refrain, which the repetition scorer refuses: loops are found by the exercise's own check.
    scorers = frozenset(
        {
            "verifier",
            "length",
            "notation",
            "format",
            "language",
            "boilerplate",
            "word_order",
            "trace_relevance",
        }
    )
    refusals = frozenset(
        {
            "empty_query",
            "query_too_long",
            "form_unnamed",
            "theme_unnamed",
            "year_missing",
            "figures_added",
            "no_request",
            "no_conclusion",
            "leaks_markup",
            "leaks_url",
            "repeats_example",
            "empty_answer",
            "meta_talk",
            "repeats_query",
            "text_too_short",
            "text_too_long",
            "broken_lipogram",
            "repetitive",
        }
    ) | {reason for rule in RULES.values() for reason in rule.reasons}

    def templates(self) -> tuple[str, ...]:
        return tuple(forms())

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        drawn = draw_each(key=key, pass_number=pass_number, language=language, priors=priors, axes=AXES)
        letter = ""
        if drawn["lipogram"] != NONE and forms()[key].is_verse:
            # what a salutation, a speaker's name or a date must say cannot choose its letters
            letter = rng_of("creative writing", "letter", key, language, pass_number).choice(AVOIDABLE[language])
        return {"form": key, "letter": letter, **drawn}

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        if constraints["wording"] == "program":
            return {"reasoning": 1, "answer": 1}
        return {"query": 1, "reasoning": 1, "answer": 1}

    def make_query(self, task: Task) -> Step | Query:
        drawn = task.constraints
        payload = {
            "form": drawn["form"],
            "theme": drawn["theme"],
            "asked": _asked(drawn),
            "letter": drawn["letter"],
            "rules": _rules(drawn, task.language),
        }
        if drawn["wording"] == "program":
            text = _frame(drawn, task.language, task.rng("frame").randrange(_FRAMES))
            return Query(text=" ".join([text, *payload["rules"]]), payload=payload)
        return _word(task, payload)

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        examples = worked_examples(task.language)
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("creative_writing/draft_system"),
            turns=[
                (
                    render(
                        "creative_writing/draft",
                        query=example["query"],
                        **_duties(example, example["asked"], example["free"], task.language),
                    ),
                    example["draft"],
                )
                for example in examples
            ],
            last=render(
                "creative_writing/draft",
                query=neutralised(query.text),
                **_duties(task.constraints, query.payload["asked"], _free(task.constraints), task.language),
            ),
            max_tokens=_DRAFT_TOKENS,
            grammar=trace_grammar("moderate"),
        )
        text = draft_of(reply, url="", examples=examples, closed_book=False)
        if again := _repeated(text, "en"):
            raise Refused("repetitive", f"draft: {again}")
        return Draft(text=text)

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        examples = worked_examples(task.language)
        language = LANGUAGES[task.language]
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("creative_writing/answer_system", language=language),
            turns=[
                (
                    render(
                        "creative_writing/answer",
                        query=example["query"],
                        plan=example["draft"].strip(),
                        **_duties(example, example["asked"], example["free"], task.language),
                    ),
                    example["answer"],
                )
                for example in examples
            ],
            last=render(
                "creative_writing/answer",
                query=neutralised(query.text),
                plan=neutralised(draft.text.strip()),
                **_duties(task.constraints, query.payload["asked"], _free(task.constraints), task.language),
            ),
            max_tokens=200 + _TOKENS_A_WORD * forms()[task.constraints["form"]].most,
        )
        text = _as_written(reply.text)
        if not text:
            raise Refused("empty_answer")
        # a story may well say "in the text": only markup and addresses give a prompt away here
        check_closed_book(text, step="answer", url="", sources_open=True)
        for example in examples:
            check_own(text, example, step="answer")
        for check in _checks(task, query.text, text):
            if not check.passed:
                raise Refused(check.name, check.detail)
        return Answer(text=text)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        return _checks(task, query.text, answer.text)

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        return answer.text

    def published_constraints(self, task: Task, query: Query) -> str:
        drawn, asked = task.constraints, query.payload["asked"]
        parts = [f"form:{forms()[drawn['form']].group}[{drawn['form']}]", f"theme:{drawn['theme']}"]
        if "Place" in asked:
            parts.append(f"spatial:place[{drawn['place']}]")
        if {"Published", "Set in the year", "Time"} & set(asked):
            when = drawn["time"] if drawn["temporal"] == "period" else drawn["year"]
            parts.append(f"temporal:{drawn['temporal']}[{when}]")
        if "Tone" in asked:
            parts.append(f"style:{drawn['style']}")
        if "Speaker" in asked:
            parts.append(f"persona:{drawn['persona']}")
        if drawn["letter"]:
            parts.append(f"oulipo:avoid_letter[{drawn['letter']}]")
        return ", ".join(parts)

    def published_script(self, task: Task, query: Query) -> str:
        return str(query.payload["form"])


# --- what is asked


def _asked(drawn: Mapping[str, str]) -> dict[str, str]:
    """What the request asks for beside form and theme, as prompts name it; of a program's request only the year."""
    asked = {}
    by_model = drawn["wording"] == "model"
    if by_model and drawn["spatial"] != NONE:
        asked["Place"] = drawn["place"]
    if drawn["temporal"] == "publication_date":
        asked["Published"] = drawn["year"]
    elif drawn["temporal"] == "year":
        asked["Set in the year"] = drawn["year"]
    elif drawn["temporal"] == "period" and by_model:
        asked["Time"] = drawn["time"]
    if by_model and drawn["manner"] != NONE:
        asked["Tone"] = drawn["style"]
    if by_model and drawn["voice"] != NONE:
        asked["Speaker"] = drawn["persona"]
    if by_model and not asked:
        # a request without any wish would be the program's in other words, and many passes would make the same one
        asked["Tone"] = drawn["style"]
    return asked


def _free(drawn: Mapping[str, str]) -> list[str]:
    """What was drawn and not asked for, as a free choice of the text's author."""
    asked = set(_asked(drawn).values())
    times = [] if drawn["temporal"] in ("publication_date", "year") else [drawn["time"]]
    return [value for value in (drawn["place"], *times, drawn["style"], drawn["persona"]) if value not in asked]


def _rules(drawn: Mapping[str, str], language: str) -> list[str]:
    """The sentences of the program at a request's end: what code will check and the form's name does not say."""
    book, form = _book(language), forms()[drawn["form"]]
    sentences = []
    if form.rule in book["rules"]:
        numbers = dict(zip("ab", form.parameters, strict=False))
        sentences.append(book["rules"][form.rule].format(**numbers))
    if drawn.get("letter"):
        sentences.append(book["lipogram"].format(letter=_quoted(drawn["letter"], book)))
    return sentences


def _quoted(text: str, book: Mapping[str, Any]) -> str:
    left, right = book["quotes"]
    return f"{left}{text}{right}"


def _form_name(form: str, language: str) -> tuple[str, tuple[str, ...]]:
    """What a language calls a form, and the folded beginnings of words that name it."""
    name, _, stems = _book(language)["forms"][form].partition("|")
    return name, tuple(stems.split())


def _frame(drawn: Mapping[str, str], language: str, number: int) -> str:
    """The program's own request: form, theme and, where it was drawn, the year."""
    book = _book(language)
    theme = _quoted(themes()[drawn["theme"]].names[language], book)
    parts = [book["frames"][number].format(form=_form_name(drawn["form"], language)[0], theme=theme)]
    if drawn["temporal"] in book["temporal"]:
        parts.append(book["temporal"][drawn["temporal"]].format(year=drawn["year"]))
    return " ".join(parts)


def _word(task: Task, payload: Mapping[str, Any]) -> Generator[Asked, Any, Query]:
    """The request in a query model's words, the rules in the program's.

    Raises:
        Refused: see `_check_request`, and as `check_closed_book` and `check_own`.
    """
    language = LANGUAGES[task.language]
    examples = worked_examples(task.language)
    (reply,) = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render("creative_writing/query_system", language=language),
        turns=[
            (
                _query_turn(example, example["asked"], task.language),
                example["query"].removesuffix(" ".join(_rules(example, task.language))),
            )
            for example in examples
        ],
        last=_query_turn(task.constraints, payload["asked"], task.language),
        max_tokens=_QUERY_TOKENS,
    )
    text = " ".join(plain(reply).split())
    check_closed_book(text, step="query", url="", sources_open=True)
    for example in examples:
        own = example["query"].removesuffix(" ".join(_rules(example, task.language)))
        check_own(text, {"query": own}, step="query")
    _check_request(text, payload, task.constraints, task.language)
    return Query(text=" ".join([text, *payload["rules"]]), payload=payload)


def _query_turn(drawn: Mapping[str, Any], asked: Mapping[str, str], language: str) -> Rendered:
    return render(
        "creative_writing/query",
        duty=forms()[drawn["form"]].duty,
        form=_form_name(drawn["form"], language)[0],
        theme_id=drawn["theme"],
        theme=themes()[drawn["theme"]].names[language],
        asked=asked,
        occasion=drawn["occasion"],
        asker=drawn["asker"],
        language=LANGUAGES[language],
    )


def _check_request(text: str, payload: Mapping[str, Any], drawn: Mapping[str, str], language: str) -> None:
    """Refuse a request that does not ask, or asks for something else.

    Place, time, manner and speaker are shown in English and worded in eight languages, so that no program can find them
    again; form, theme and year it can.

    Raises:
        Refused: "empty_query", "query_too_long", "no_request", "form_unnamed", "theme_unnamed", "year_missing" or
            "figures_added".
    """
    words = [folded(word) for word in words_of(text, language)]
    if not words:
        raise Refused("empty_query")
    if len(words) > _MOST_QUERY_WORDS:
        raise Refused("query_too_long", f"{len(words)} words: it tells the text itself")
    _, stems = _form_name(payload["form"], language)
    # a compound names it at its end ("Liebesbrief"), a hyphened word in the middle
    if not any(stem in word if len(stem) > 3 else word.startswith(stem) for word in words for stem in stems):
        raise Refused("form_unnamed", f"no form of {', '.join(stems)} in {text[:80]!r}")
    if not names_theme(text, payload["theme"], language):
        raise Refused("theme_unnamed", f"no form of {themes()[payload['theme']].names[language]!r} in {text[:80]!r}")
    request = re.compile(_book(language)["request"])
    if not any(request.match(word) for word in words):
        raise Refused("no_request", text[:80])
    figures = set(_FIGURE.findall(text))
    if drawn["temporal"] in ("publication_date", "year") and drawn["year"] not in figures:
        raise Refused("year_missing", f"{drawn['year']} not among {sorted(figures)}")
    if added := figures - set(_FIGURE.findall(" ".join(payload["asked"].values()))):
        raise Refused("figures_added", f"{sorted(added)}: a promise that nobody would check")


def _duties(drawn: Mapping[str, Any], asked: Mapping[str, str], free: Sequence[str], language: str) -> dict[str, Any]:
    """What the authors of trace and text are told, in English."""
    form: Form = forms()[drawn["form"]]
    return {
        "language": LANGUAGES[language],
        "duty": form.duty,
        "least": form.least,
        "most": form.most,
        "rules": _rules(drawn, "en"),
        "asked": asked,
        "free": free,
    }


# --- reading and verification


def _as_written(reply: str) -> str:
    """A reply as the text it is: a code fence around all of it and empty lines at both ends removed, no indent lost."""
    fenced = _FENCE.match(reply)
    text = fenced.group(1) if fenced else reply
    lines = [line.rstrip() for line in text.splitlines()]
    return textwrap.dedent("\n".join(lines)).strip("\n")


def _checks(task: Task, query: str, text: str) -> tuple[Check, ...]:
    """The form's own rule, then length, letter, and that the text is a text and nothing about it."""
    language, drawn = task.language, task.constraints
    form = forms()[drawn["form"]]
    remark, echo = _remark(text, language), _echo(text, query, language)
    count = len(words_of(text, language))
    again = _repeated(text, language)
    broken = RULES[form.rule].check(text, form.parameters, language)
    found = [
        Check(name="meta_talk", passed=not remark, detail=remark),
        Check(name="repeats_query", passed=not echo, detail=echo),
    ]
    # one check for each reason, so that a row says what was verified
    for reason in RULES[form.rule].reasons:
        failed = broken is not None and broken.reason == reason
        found.append(Check(name=reason, passed=not failed, detail=f"{form.id}: {broken.detail}" if failed else ""))
    found += [
        Check(name="text_too_short", passed=count >= form.least, detail=f"{count} words, at least {form.least}"),
        Check(name="text_too_long", passed=count <= form.most, detail=f"{count} words, at most {form.most}"),
        Check(name="repetitive", passed=not again, detail=again),
    ]
    if drawn["letter"]:
        violation = check_lipogram(text, drawn["letter"], language)
        found.append(
            Check(
                name="broken_lipogram",
                passed=violation is None,
                detail=f"avoid_letter[{drawn['letter']}]: {violation}" if violation else "",
            )
        )
    return tuple(found)


def _remark(text: str, language: str) -> str:
    """A first or last line that speaks about the text to whom it is for, or nothing."""
    lines = lines_in(text)
    if not lines:
        return ""
    first, last = (folded(line.replace("\u2019", "'")).strip() for line in (lines[0], lines[-1]))
    # where it is all there is, it is the text
    if len(lines) > 1 and len(first.split()) <= _SHORT_LINE and re.match(preface_pattern(language), first):
        return lines[0][:100]
    if len(lines) > 1 and re.match(afterword_pattern(language), last):
        return lines[-1][:100]
    return ""


def _echo(text: str, query: str, language: str) -> str:
    """A sentence of the request that stands in the text, or nothing."""
    flat = normalised(text)
    for sentence in sentences_of(query, language):
        if len(words_of(sentence, language)) >= _ECHO_WORDS and normalised(sentence).rstrip(".!?") in flat:
            return sentence[:100]
    return ""


def _repeated(text: str, language: str) -> str:
    """What a text says over and over beyond a refrain, or nothing."""
    for pieces in (lines_in(text), sentences_of(text, language)):
        units = [normalised(piece) for piece in pieces if len(words_of(piece, language)) >= _UNIT_WORDS]
        counts = Counter(units)
        for unit, times in counts.items():
            if times > _MOST_REFRAINS:
                return f"{unit[:60]!r} stands {times} times"
        again = len(units) - len(counts)
        if again > _MOST_REPEATED * len(units):
            return f"{again} of {len(units)} lines or sentences stood there before"
    words = [word.lower() for word in words_of(text, language)]
    if len(set(words)) < _LEAST_DISTINCT * len(words):
        return f"{len(set(words))} different words among {len(words)}"
    return ""
