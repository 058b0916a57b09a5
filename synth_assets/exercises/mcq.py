"""Multiple choice: a closed question about a section with one right option of four, reasoned and answered by letter.

The model writes question, right answer and distractors in one reply; the program shuffles the options by the
candidate's own generator, so that no letter is likelier than another, appends them to the query and keeps the gold
letter. The answer opens with `C. full text`, chosen by the model among all four and compared with the gold.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Exercise, Query, Task
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, plain
from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES, draw_constraints
from synth_assets.exercises.memorization import (
    EXAMPLES,
    QUERY_AXES_SHOWN,
    answer_tokens,
    check_on_passage,
    draft_tokens,
    neighbour_excerpt,
    recallable,
    section_excerpt,
    shown_examples,
    worked_examples,
)
from synth_assets.exercises.notation_grammar import literal, trace_grammar
from synth_assets.exercises.passages import fenced, neutralised
from synth_assets.identity import normalised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

LETTERS = "ABCD"
_QUERY_TOKENS = 240
_OPTION_TOKENS = 40
_MORE = 6
_FIELD = re.compile(r"^\W*(question|right|wrong)\W*?:\s*(.*)$", re.IGNORECASE)
_CHOICE = re.compile(r"^\W*([A-D])\s*[.):]\s*(.*?)[\s.*]*$")
_WORDS_ASKED = '[^\\n :?]{1,24} (" " [^\\n :?]{1,24}){2,24} "?"'
_WORDS = 'word (" " word){0,9}\nword ::= [^\\n :?]{1,24}\n'
_OPTION_GRAMMAR = f"root ::= {_WORDS}"
_REASON = '[^\\n<> ] ([^\\n<>.∴] | "." [^\\n<> ]){8,240} "."\n'
_QUERY_GRAMMAR = (
    f'root ::= "Question: " {_WORDS_ASKED} "\\nRight: " option ("\\nWrong: " option){{4}}\noption ::= {_WORDS}'
)


class MultipleChoice(Exercise):
    """One closed question with four options, a trace that ends on the right one, and `C. full text` with a reason."""

    name = "mcq"
    label = "mcq"
    source = "SYNTH (arXiv 2609.37891)"
    axes = QUERY_AXES
    neighbours = 1
    distinct_draws = DISTINCT_DRAWS
    # fitted on labelled pairs: tests/quality/test_duplicates.py
    duplicate_rule = DuplicateRule(kind="embedding", family="mcq", threshold=0.80)
    refusals = frozenset(
        {
            "malformed_options",
            "no_question",
            "off_passage",
            "options_alike",
            "giveaway",
            "no_conclusion",
            "conclusion_disagrees",
            "malformed_choice",
            "wrong_option",
            "repeats_example",
            "mentions_passage",
            "leaks_markup",
            "leaks_url",
            "option_count",
            "options_distinct",
            "gold_among_options",
            "option_agrees",
        }
    )

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        return draw_constraints(key=key, pass_number=pass_number, language=language, priors=priors)

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        """The question with its options; payload: "options" in their order, "gold" the right one's letter."""
        assert task.section is not None
        examples = worked_examples(task.language)
        language = LANGUAGES[task.language]
        passage = section_excerpt(task)
        (reply,) = yield converse(
            "query",
            examples=render(EXAMPLES),
            system=render("mcq/query_system", language=language),
            turns=[
                (_query_turn(example, example["passage"], language), _written(example))
                for example in shown_examples(task, 2)
            ],
            last=_query_turn({**task.constraints, "title": neutralised(task.section.title)}, passage, language),
            max_tokens=_QUERY_TOKENS,
            grammar=_QUERY_GRAMMAR,
        )
        question, right, wrong = _read_fields(reply.text)
        if "?" not in question and task.constraints["query_style"] == "direct":
            raise Refused("no_question", question[:80])
        check_closed_book("\n".join((question, right, *wrong)), step="query", url=task.section.url)
        for example in examples:
            check_own(question, example, step="query")
        check_on_passage(task, question, passage)
        distractors = _distinct(right, wrong)
        if len(distractors) < len(LETTERS) - 1:
            # a small model repeats itself within one reply, hardly ever across samples drawn hot
            more = yield converse(
                "query",
                examples=render(EXAMPLES),
                system=render("mcq/distractor_system", language=language),
                turns=[
                    (_distractor_turn(example["query"], example["right"]), example["wrong"][0]) for example in examples
                ],
                last=_distractor_turn(neutralised(question), neutralised(right)),
                n=_MORE,
                temperature=1.0,
                max_tokens=_OPTION_TOKENS,
                grammar=_OPTION_GRAMMAR,
                accept_truncated=True,
            )
            sampled = [_option(plain(sample)) for sample in more if "\n" not in plain(sample)]
            for option in sampled:
                check_closed_book(option, step="query", url=task.section.url)
            distractors = _distinct(right, [*distractors, *sampled])
        _check_options(question, right, distractors)
        options = [right, *distractors]
        task.rng("options").shuffle(options)
        lines = "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=True))
        return Query(text=f"{question}\n\n{lines}", payload={"options": options, "gold": LETTERS[options.index(right)]})

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        """The right option on both sides of the stem.

        Options look alike whatever is asked, and stems may differ by one word ("in London", "in Novgorod"), so the
        right answer has to weigh more than either: with the whole text, recall at a precision of .95 is .06.
        """
        stem = query.text.split("\n\n")[0]
        right = answer.text.splitlines()[0].split(". ", 1)[-1]
        return f"{right}. {stem} {right}"

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        examples = worked_examples(task.language)
        neighbour_title, neighbour = neighbour_excerpt(task)
        right = _gold_line(query)
        shown = [_with_options(example, index) for index, example in enumerate(shown_examples(task, 2))]
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("mcq/draft_system"),
            turns=[(_draft_turn(example, example["passage"], "", ""), example["draft"]) for example in shown],
            last=_draft_turn(
                {
                    **task.constraints,
                    "title": neutralised(task.section.title),
                    "query": neutralised(query.text),
                    "right_line": neutralised(right),
                },
                section_excerpt(task),
                neutralised(neighbour_title),
                neighbour,
            ),
            max_tokens=draft_tokens(task),
            grammar=trace_grammar(task.constraints["complexity"], conclusion=literal(right), facts=recallable(task)),
        )
        text = draft_of(reply, url=task.section.url, examples=examples)
        conclusion = [line for line in text.splitlines() if "∴" in line][-1].split("∴")[-1]
        named = re.search(r"\b([A-D])\b", conclusion)
        agrees = normalised(right[3:]) in normalised(conclusion)
        if not agrees and (named is None or named[1] != query.payload["gold"]):
            raise Refused("conclusion_disagrees", f"{conclusion.strip()[:80]!r}, gold {right[:80]!r}")
        return Draft(text=text)

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        assert task.section is not None
        examples = [_with_options(example, index) for index, example in enumerate(shown_examples(task, 2))]
        language = LANGUAGES[task.language]
        options = [f"{letter}. {option}" for letter, option in zip(LETTERS, query.payload["options"], strict=True)]
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("mcq/answer_system", language=language),
            turns=[(_answer_turn(example, example["passage"], language), example["answer"]) for example in examples],
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
            # which option is right was settled when the question was made; what is asked for here is the reason
            grammar=f'root ::= {literal(_gold_line(query))} "\\n" {_REASON}',
        )
        first, _, rest = plain(reply).partition("\n")
        choice = _CHOICE.match(first)
        if choice is None or choice[1] not in LETTERS[: len(options)]:
            raise Refused("malformed_choice", first[:80])
        chosen = options[LETTERS.index(choice[1])]
        if normalised(choice[2]).strip(" .*") != normalised(chosen[3:]).strip(" .*"):
            raise Refused("malformed_choice", f"{first[:80]!r} is not {chosen[:80]!r}")
        if choice[1] != query.payload["gold"]:
            raise Refused("wrong_option", f"{choice[1]}, gold {query.payload['gold']}")
        why = rest.strip()
        check_closed_book(why, step="answer", url=task.section.url)
        return Answer(text=f"{chosen}\n{why}" if why else chosen, payload={"letter": choice[1]})

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        options, gold = query.payload["options"], query.payload["gold"]
        known = gold in LETTERS[: len(options)]
        first = answer.text.split("\n", 1)[0]
        expected = f"{gold}. {options[LETTERS.index(gold)]}" if known else ""
        return (
            Check(name="option_count", passed=len(options) == len(LETTERS), detail=str(len(options))),
            Check(name="options_distinct", passed=len({normalised(option) for option in options}) == len(options)),
            Check(name="gold_among_options", passed=known, detail=str(gold)),
            Check(name="option_agrees", passed=known and first == expected, detail=f"{first!r}, gold {expected!r}"),
        )

    def published_constraints(self, task: Task, query: Query) -> str:
        drawn = super().published_constraints(task, query)
        return f"{drawn}, options:{len(query.payload['options'])}, result:{query.payload['gold']}"


def _read_fields(text: str) -> tuple[str, str, list[str]]:
    fields: dict[str, list[str]] = {"question": [], "right": [], "wrong": []}
    for line in text.splitlines():
        if match := _FIELD.match(line):
            value = re.sub(r"^(?:[A-Da-d][.)]|[-*])\s+", "", match[2]).strip().strip("*").strip()
            if value:
                fields[match[1].lower()].append(value)
    if len(fields["question"]) != 1 or len(fields["right"]) != 1 or len(fields["wrong"]) < len(LETTERS) - 1:
        counted = ", ".join(f"{name} {len(values)}" for name, values in fields.items())
        raise Refused("malformed_options", counted)
    return fields["question"][0], _option(fields["right"][0]), [_option(value) for value in fields["wrong"]]


def _option(text: str) -> str:
    return text.rstrip(" .;,")


def _distinct(right: str, wrong: Sequence[str]) -> list[str]:
    """The first three wrong options that differ from the right one and from each other.

    An option that stands in another counts as alike: one of the two would be a part of the truth.
    """
    kept: list[str] = []
    for option in wrong:
        said = normalised(option)
        others = [normalised(other) for other in (right, *kept)]
        if said and not any(_within(said, other) or _within(other, said) for other in others):
            kept.append(option)
    return kept[: len(LETTERS) - 1]


def _check_options(question: str, right: str, wrong: Sequence[str]) -> None:
    """Refuse options that are too few or that give the right one away.

    Raises:
        Refused: "options_alike" when fewer than three wrong ones stand, "giveaway" when the question says the right
            option or its length alone tells it apart.
    """
    if len(wrong) < len(LETTERS) - 1:
        raise Refused("options_alike", f"{right!r} against {', '.join(repr(option) for option in wrong)}")
    if _within(normalised(right), normalised(question)):
        raise Refused("giveaway", f"the question says {right!r}")
    longest = max(len(option) for option in wrong)
    if len(right) > 2 * longest + 20:
        raise Refused("giveaway", f"the right option has {len(right)} characters, the longest other {longest}")


def _within(part: str, whole: str) -> bool:
    """Whether one option stands in another as whole words ("70 km" is not in "1,970 km")."""
    return re.search(rf"(?<![\w,.]){re.escape(part)}(?!\w)", whole) is not None


def _gold_line(query: Query) -> str:
    gold = query.payload["gold"]
    return f"{gold}. {query.payload['options'][LETTERS.index(gold)]}"


def _written(example: Mapping[str, Any]) -> str:
    wrong = "\n".join(f"Wrong: {option}" for option in example["wrong"])
    return f"Question: {example['query']}\nRight: {example['right']}\n{wrong}"


def _with_options(example: Mapping[str, Any], index: int) -> dict[str, Any]:
    """A worked example as this exercise shows it, the right option at another letter in each."""
    options = list(example["wrong"][:3])
    letter = LETTERS[(3 * index + 1) % len(LETTERS)]
    options.insert(LETTERS.index(letter), example["right"])
    lines = "\n".join(f"{name}. {option}" for name, option in zip(LETTERS, options, strict=True))
    right_line = f"{letter}. {example['right']}"
    reasoning = example["draft"].strip().rsplit("\n", 1)[0]
    return {
        **example,
        "query": f"{example['query']}\n\n{lines}",
        "right_line": right_line,
        "draft": f"{reasoning}\n∴ {right_line}",
        "answer": f"{right_line}\n{example['answer']}",
    }


def _query_turn(values: Mapping[str, Any], passage: str, language: str) -> Rendered:
    axes = {axis: values[axis] for axis in QUERY_AXES_SHOWN}
    return render("mcq/query", **axes, title=values["title"], passage=fenced("passage", passage), language=language)


def _distractor_turn(question: str, right: str) -> Rendered:
    return render("mcq/distractor", query=question, right=right)


def _duty(query_result: str) -> str:
    return render("mcq/duty", query_result=query_result).text.strip()


def _draft_turn(values: Mapping[str, Any], passage: str, neighbour_title: str, neighbour: str) -> Rendered:
    axes = {axis: values[axis] for axis in ("query_type", "complexity", "user_profile")}
    return render(
        "mcq/draft",
        **axes,
        title=values["title"],
        passage=fenced("passage", passage),
        neighbour_title=neighbour_title,
        neighbour=fenced("neighbour", neighbour) if neighbour else "",
        query=values["query"],
        right=values["right_line"],
        duty=_duty(values["query_result"]),
    )


def _answer_turn(values: Mapping[str, Any], passage: str, language: str) -> Rendered:
    return render(
        "mcq/answer",
        title=values["title"],
        passage=fenced("passage", passage),
        complexity=values["complexity"],
        user_profile=values["user_profile"],
        query=values["query"],
        draft=values["draft"],
        duty=_duty(values["query_result"]),
        language=language,
    )
