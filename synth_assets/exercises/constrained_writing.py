"""Constrained writing: a short text under formal constraints that code checks (SYNTH's "constrained writing").

The program draws a constraint, its parameter, perhaps a second constraint, a topic and a kind of text, and words the
query in the cell's language; a model may give the request an occasion, but every rule stays in it word for word. A
reasoning model plans, an answer model writes, and the text is held against each constraint: the published rows have
lipograms without t that say "helicopters", and here such a row is refused as `broken_lipogram`.

What the constraints are: `writing_constraints.registry`; what letters, words and lines are: `writing_constraints`.
"""

import re
from collections import Counter
from collections.abc import Generator, Mapping
from functools import cache, lru_cache
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Exercise, Query, Role, Step, Task
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, plain
from synth_assets.exercises.constraints import draw_each, even
from synth_assets.exercises.notation_grammar import trace_grammar
from synth_assets.exercises.passages import neutralised
from synth_assets.exercises.writing_constraints.base import Constraint
from synth_assets.exercises.writing_constraints.length import bounds_of
from synth_assets.exercises.writing_constraints.letters import letters_of
from synth_assets.exercises.writing_constraints.registry import CONSTRAINTS
from synth_assets.exercises.writing_constraints.sparks import SETTINGS, SPEAKERS, TONES, moment_of
from synth_assets.exercises.writing_constraints.topics import names_topic, text_kinds, topics
from synth_assets.exercises.writing_constraints.vocabulary import check_forbidden
from synth_assets.exercises.writing_constraints.wording import PHRASINGS, frame_text, rule_text
from synth_assets.exercises.writing_constraints.words import lines_of, sentences_of, words_of
from synth_assets.identity import normalised, rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

EXAMPLES = "constrained_writing/examples"
NONE = "none"

_QUERY_TOKENS = 480
_DRAFT_TOKENS = 900
_ANSWER_TOKENS = 900  # 110 words of Polish or Latin in a small tokenizer, and room to spare
_MOST_GROWTH = 4  # an occasion of three times the request tells a story of its own
_TOPIC_TRIES = 400
_LEAST_DISTINCT = 0.4
_LEAST_UNIT_WORDS = 3  # a refrain of two words is no repetition
_ABOUT_LETTERS = frozenset(
    {"avoid_letter", "univocalism", "prisoner", "pangram", "start_letter", "alliteration", "acrostic_lines",
     "acrostic_sentences", "abecedarian", "snowball_words", "max_word_letters"}
)  # fmt: skip
_NUMBER = re.compile(r"\d+")


AXES: dict[str, dict[str, float]] = {
    "combination": {"single": 0.75, "double": 0.25},
    "wording": {"program": 0.7, "model": 0.3},
    "topic": even(topics()),
    "text_kind": even(text_kinds()),
    "tone": even(TONES),
    "speaker": even(SPEAKERS),
    "setting": even(SETTINGS),
}


@cache
def _book(language: str) -> Mapping[str, Any]:
    """The phrasings of a language, see `writing_constraints.wording`."""
    return yaml.safe_load(render(f"constrained_writing/rules_{language}").text)


@cache
def worked_examples(language: str) -> tuple[Mapping[str, Any], ...]:
    """The worked examples of `EXAMPLES` (YAML) with the query that the program makes of them in a language."""
    found = []
    for entry in yaml.safe_load(render(EXAMPLES).text):
        drawn = {**entry, "second": NONE, "second_parameter": ""}
        texts = _worded(drawn, language, frame=0, rule=0)
        found.append(
            {
                **drawn,
                "query": " ".join(texts),
                "frame": texts[0],
                "rules": texts[1:],
                "reworded": " ".join([entry["reworded"][language], *texts[1:]]),
                "answer": entry["answer"][language],
            }
        )
    return tuple(found)


class ConstrainedWriting(Exercise):
    """A text under one formal constraint or two, each of them checked.

    The axes are drawn by their shares, the constraint's parameter and the second constraint evenly among those that the
    language and the topic can bear. The answer is asked for its language even where it may not choose its letters: of
    384 univocal, tautogram, snowball and prisoner's texts in eight languages the identifier mistook none.

    Query payload: constraint, parameter, second, second_parameter ("none" and "" where there is none), topic,
    text_kind, rules (the sentences that state the constraints, in the cell's language).
    """

    name = "constrained_writing"
    label = "constrained writing"
    source = "SYNTH (arXiv 2609.37891); Oulipo"
    axes = AXES
    uses_section = False
    neighbours = 0
    distinct_draws = 10_000
    # The answer's words, exactly: an encoder sees two lipograms on rain as one text, however differently they say it.
    duplicate_rule = DuplicateRule(kind="exact", family="constrained_writing")
    scorers = frozenset(
        {
            "verifier",
            "length",
            "notation",
            "format",
            "language",
            "boilerplate",
            "repetition",
        }
    )
    refusals = frozenset(
        {
            "no_sound_syllable_rules",
            "infeasible_draw",
            "reworded_empty",
            "reworded_unchanged",
            "reworded_too_long",
            "reworded_rule_changed",
            "reworded_numbers_changed",
            "reworded_topic_lost",
            "no_conclusion",
            "leaks_markup",
            "leaks_url",
            "repeats_example",
            "empty_answer",
            "repeats_query",
            "text_too_short",
            "off_topic",
            "repetitive",
        }
    ) | {constraint.reason for constraint in CONSTRAINTS.values()}

    def templates(self) -> tuple[str, ...]:
        return tuple(CONSTRAINTS)

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        drawn = draw_each(key=key, pass_number=pass_number, language=language, priors=priors, axes=AXES)
        rng = rng_of("constrained writing", key, language, pass_number)
        shares = priors.get("topic") or AXES["topic"]
        fitting = _fitting(key, language, drawn["topic"])
        # few topics have only the vowel e: others are drawn until one fits
        for _ in range(_TOPIC_TRIES):
            if fitting:
                break
            drawn["topic"] = rng.choices(list(shares), weights=list(shares.values()))[0]
            fitting = _fitting(key, language, drawn["topic"])
        parameter = rng.choice(fitting) if fitting else ""
        second, second_parameter = NONE, ""
        if drawn["combination"] == "double" and parameter:
            pairs = _seconds(key, parameter, language, drawn["topic"])
            if pairs:
                second = rng.choice(list(pairs))
                second_parameter = rng.choice(pairs[second])
        return {
            "constraint": key, "parameter": parameter, "second": second, "second_parameter": second_parameter, **drawn,
        }  # fmt: skip

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        return {"query": int(constraints["wording"] == "model"), "reasoning": 1, "answer": 1}

    def make_query(self, task: Task) -> Step | Query:
        drawn = task.constraints
        constraint = CONSTRAINTS[drawn["constraint"]]
        if not drawn["parameter"]:
            # nothing about this draw gets better when it is tried again
            if not any(constraint.parameters(task.language, topic) for topic in topics()):
                raise Refused("no_sound_syllable_rules", LANGUAGES[task.language], retry=False)
            raise Refused("infeasible_draw", f"{constraint.id} on {drawn['topic']!r}", retry=False)
        rng = task.rng("phrasing")
        frame, *rules = _worded(drawn, task.language, frame=rng.randrange(PHRASINGS), rule=rng.randrange(PHRASINGS))
        payload = {
            axis: drawn[axis]
            for axis in ("constraint", "parameter", "second", "second_parameter", "topic", "text_kind")
        }
        query = Query(text=" ".join([frame, *rules]), payload={**payload, "rules": rules})
        return query if drawn["wording"] == "program" else _reword(task, query, frame)

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        examples = worked_examples(task.language)
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("constrained_writing/draft_system"),
            turns=[(_draft_turn(example, example["query"], task.language), example["draft"]) for example in examples],
            last=_draft_turn(_drawn(task), query.text, task.language),
            max_tokens=_DRAFT_TOKENS,
            grammar=trace_grammar("moderate"),
        )
        return Draft(text=draft_of(reply, url="", examples=examples, closed_book=False))

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        examples = worked_examples(task.language)
        language = LANGUAGES[task.language]
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("constrained_writing/answer_system", language=language),
            turns=[
                (_answer_turn(example, example["query"], example["draft"], task.language), example["answer"])
                for example in examples
            ],
            last=_answer_turn(_drawn(task), query.text, draft.text, task.language),
            max_tokens=_ANSWER_TOKENS,
        )
        text = plain(reply)
        if not text:
            raise Refused("empty_answer")
        if normalised(text) == normalised(query.text):
            raise Refused("repeats_query", text[:80])
        # a story may well say "in the text": only markup and addresses give a prompt away here
        check_closed_book(text, step="answer", url="", sources_open=True)
        for example in examples:
            check_own(text, example, step="answer")
        for check in _checks(task, text):
            if not check.passed:
                raise Refused(check.name, check.detail)
        return Answer(text=text)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        return _checks(task, answer.text)

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        return " ".join(re.findall(r"\w+", normalised(answer.text)))

    def published_constraints(self, task: Task, query: Query) -> str:
        stated = [(query.payload["constraint"], query.payload["parameter"])]
        if query.payload["second"] != NONE:
            stated.append((query.payload["second"], query.payload["second_parameter"]))
        parts = [f"{CONSTRAINTS[name].axis}:{name}[{parameter}]" for name, parameter in stated]
        return ", ".join([*parts, f"form:{query.payload['text_kind']}", f"topic:{query.payload['topic']}"])

    def published_script(self, task: Task, query: Query) -> str:
        return str(query.payload["constraint"])


# --- the draw


@lru_cache(maxsize=65536)
def _fitting(constraint: str, language: str, topic: str) -> tuple[str, ...]:
    """The parameters under which a text can name the topic."""
    record, name = CONSTRAINTS[constraint], topics()[topic].names[language]
    return tuple(
        parameter for parameter in record.parameters(language, topic) if record.admits(name, parameter, language)
    )


def _seconds(constraint: str, parameter: str, language: str, topic: str) -> dict[str, list[str]]:
    """The constraints that may be asked for beside this one, each with the parameters that leave both possible."""
    found = {}
    for second in CONSTRAINTS[constraint].seconds:
        fitting = [
            other
            for other in _fitting(second, language, topic)
            if _compatible(constraint, parameter, second, other, language)
        ]
        if fitting:
            found[second] = fitting
    return found


def _compatible(constraint: str, parameter: str, second: str, other: str, language: str) -> bool:
    if constraint == "acrostic_sentences" and second == "number_paragraphs":
        return bounds_of(other)[0] <= len(letters_of(parameter, language))
    if constraint == "same_opening" and second == "forbidden_words":
        return check_forbidden(parameter, other, language) is None
    if constraint == "no_repeated_word" and second == "number_sentences":
        return bounds_of(other)[0] <= int(parameter) // 4  # sentences of four words, all different
    return True


def _stated(drawn: Mapping[str, str]) -> list[tuple[Constraint, str]]:
    """The constraints of a draw with their parameters."""
    stated = [(CONSTRAINTS[drawn["constraint"]], drawn["parameter"])]
    if drawn["second"] != NONE:
        stated.append((CONSTRAINTS[drawn["second"]], drawn["second_parameter"]))
    return stated


# --- wording


def _worded(drawn: Mapping[str, str], language: str, *, frame: int, rule: int) -> list[str]:
    """The frame and then each rule, in the language."""
    book = _book(language)
    kind, topic = text_kinds()[drawn["text_kind"]][language], topics()[drawn["topic"]].names[language]
    return [
        frame_text(book, frame, kind=kind, topic=topic),
        *(
            rule_text(book, constraint.id, parameter, language, rule)
            for constraint, parameter in _stated(drawn)
        ),
    ]  # fmt: skip


def _reword(task: Task, query: Query, frame: str) -> Generator[Asked, Any, Query]:
    """The request in a model's words, the rules in the program's.

    Raises:
        Refused: see `_check_rewording`, and as `check_own`.
    """
    language = LANGUAGES[task.language]
    examples = worked_examples(task.language)
    topic = topics()[task.constraints["topic"]].names[task.language]
    (reply,) = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render("constrained_writing/query_system", language=language),
        turns=[
            (
                _query_turn(example, example["frame"], example["rules"], task.language),
                example["reworded"],
            )
            for example in examples
        ],
        last=_query_turn(task.constraints, frame, query.payload["rules"], task.language),
        max_tokens=_QUERY_TOKENS,
    )
    text = " ".join(plain(reply).split())
    check_closed_book(text, step="query", url="", sources_open=True)
    for example in examples:
        check_own(text, {"query": example["reworded"]}, step="query")
    _check_rewording(text, query, topic)
    return Query(text=text, payload=query.payload)


def _check_rewording(text: str, query: Query, topic: str) -> None:
    """Refuse a rewording that asks for something else.

    Rules must stand in it to the letter: "at least" and "at most" have the same numbers and the same words beside them,
    and no program tells them apart in eight languages.

    Raises:
        Refused: "reworded_empty", "reworded_unchanged", "reworded_too_long", "reworded_rule_changed",
            "reworded_numbers_changed" or "reworded_topic_lost".
    """
    if not text:
        raise Refused("reworded_empty")
    if normalised(text) == normalised(query.text):
        raise Refused("reworded_unchanged", text[:80])
    if len(text) > _MOST_GROWTH * len(query.text):
        raise Refused("reworded_too_long", f"{len(text)} characters for {len(query.text)}")
    rest = text
    for rule in query.payload["rules"]:
        if " ".join(rule.split()) not in text:
            raise Refused("reworded_rule_changed", rule[:80])
        rest = rest.replace(" ".join(rule.split()), " ", 1)
    before, after = (Counter(_NUMBER.findall(each)) for each in (query.text, text))
    if before != after:
        raise Refused("reworded_numbers_changed", f"{dict(before)} became {dict(after)}")
    if topic.lower() not in rest.lower():
        raise Refused("reworded_topic_lost", topic)


# --- prompts


def _drawn(task: Task) -> dict[str, str]:
    """The draw, and a moment that no other pass over the source has: it keeps every request a different one."""
    return {**task.constraints, "moment": moment_of(task.pass_number)}


def _duties(drawn: Mapping[str, str], language: str) -> dict[str, Any]:
    """What draft and answer are told about the constraints, in English."""
    stated = _stated(drawn)
    letters = any(constraint.id in _ABOUT_LETTERS | {"number_words", "isocolon", "snowball_lines"}
                  for constraint, _ in stated)  # fmt: skip
    book = _book("en")
    rules = [rule_text(book, constraint.id, parameter, language, 0) for constraint, parameter in stated]
    if any(constraint.id == "pangram" for constraint, _ in stated):
        rules[0] = _book(language)["rules"]["pangram"][0]  # the alphabet is the language's own
    return {
        "language": LANGUAGES[language],
        "rules": rules,
        "topic": topics()[drawn["topic"]].names[language],
        "least": stated[0][0].least_words,
        "conventions": render("constrained_writing/conventions", code=language).text.strip() if letters else "",
        "speaker": drawn["speaker"],
        "setting": drawn["setting"],
        "tone": drawn["tone"],
        "moment": drawn["moment"],
    }


def _query_turn(drawn: Mapping[str, Any], frame: str, rules: list[str], language: str) -> Rendered:
    return render(
        "constrained_writing/query", frame=frame, rules=rules, language=LANGUAGES[language], tone=drawn["tone"],
        setting=drawn["setting"], topic=topics()[drawn["topic"]].names[language],
    )  # fmt: skip


def _draft_turn(drawn: Mapping[str, Any], query: str, language: str) -> Rendered:
    return render("constrained_writing/draft", query=neutralised(query), **_duties(drawn, language))


def _answer_turn(drawn: Mapping[str, Any], query: str, draft: str, language: str) -> Rendered:
    return render(
        "constrained_writing/answer", query=neutralised(query), plan=neutralised(draft.strip()),
        **_duties(drawn, language),
    )  # fmt: skip


# --- verification


def _checks(task: Task, text: str) -> tuple[Check, ...]:
    """Each constraint by its own name, then whether the text is more than an empty form."""
    language, drawn = task.language, task.constraints
    stated = _stated(drawn)
    found = []
    for constraint, parameter in stated:
        violation = constraint.check(text, parameter, language)
        found.append(
            Check(
                name=constraint.reason,
                passed=violation is None,
                detail=f"{constraint.id}[{parameter}]: {violation}" if violation else "",
            )
        )
    least = stated[0][0].least_words  # a snowball of ten words stays one when a second rule joins it
    words = words_of(text, language)
    again = _repeated(text, language, words)
    return (
        *found,
        Check(name="text_too_short", passed=len(words) >= least, detail=f"{len(words)} words, at least {least}"),
        Check(
            name="off_topic",
            passed=names_topic(text, drawn["topic"], language),
            detail=f"no form of {topics()[drawn['topic']].names[language]!r}",
        ),
        Check(name="repetitive", passed=not again, detail=again),
    )


def _repeated(text: str, language: str, words: list[str]) -> str:
    """What a text says over and over, or nothing."""
    for pieces in (sentences_of(text, language), lines_of(text)):
        counts = Counter(normalised(piece) for piece in pieces if len(words_of(piece, language)) >= _LEAST_UNIT_WORDS)
        for piece, times in counts.items():
            if times > 1:
                return f"{piece[:60]!r} stands {times} times"
    distinct = len({word.lower() for word in words})
    if distinct < _LEAST_DISTINCT * len(words):
        return f"{distinct} different words among {len(words)}"
    return ""
