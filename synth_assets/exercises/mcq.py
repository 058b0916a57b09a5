"""Multiple choice: a closed question about a section with its options, reasoned and answered by letter.

Three forms. *single*: one right option of four. *multiple*: two or three right ones of four or five; the answer names
all of them. *cloze*: a statement with one gap and four fillers. Where the section is in the row's own language and
states a figure, a year, a century, a person, a country or a city, a program makes the cloze: the statement is a
sentence of the section, the wrong fillers are values of the same kind that the section does not have
(`facts.altered`). All else is written by the model in one reply, with one wrong option to spare.

The program shuffles the options by the candidate's own generator, so that no letter is likelier than another, appends
them to the query and keeps the gold letters. The answer opens with the line of each right option ("C. full text"),
chosen by the model among all and compared with the gold.

A query that has no plain answer gets a right option that says so: a negative one is made so by program
(`negative.negative_of`), and its right option gives the true value or says that nobody knows it; the right option
of nonsense declines it. How hard an item is stands on the row: `item_difficulty`.
"""

import math
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations
from types import MappingProxyType
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Asked, Check, Draft, DuplicateRule, Exercise, Query, Task
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, is_closed_book, plain
from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES
from synth_assets.exercises.duties import corrects, covers_readings, declines, says_unknown
from synth_assets.exercises.facts import ALTERABLE, Fact, altered, facts_of, states
from synth_assets.exercises.item_difficulty import difficulty_of
from synth_assets.exercises.memorization import (
    EXAMPLES,
    QUERY_AXES_SHOWN,
    answer_tokens,
    draft_tokens,
    shown_examples,
    worked_examples,
)
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
from synth_assets.exercises.notation_grammar import literal, trace_grammar
from synth_assets.exercises.passages import content_stems, fenced, neutralised, sentences
from synth_assets.exercises.section_excerpts import check_on_passage, section_excerpt
from synth_assets.identity import normalised, rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

LETTERS = "ABCDE"
AXES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {**QUERY_AXES, "form": {"single": 0.8, "multiple": 0.1, "cloze": 0.1}}
)
FORMS = "mcq/forms"

_ONE_OF_FOUR = (1, 4)
# How many options are right, and how many there are.
_MANY = ((2, 4), (2, 5), (3, 5), (3, 4))
_SPARE = 1  # wrong options asked for beyond those needed
_SHOWN = 2
# Times that a section's draws begin again until the worked examples of a plain question come in the same order.
_TURNS = 6

# A worked example of mcq has one line of text an option; the ceiling leaves room for tokenizers that cut Polish fine.
_QUERY_TOKENS = 400
_OPTION_TOKENS = 40
_MORE = 6
_FIELD = re.compile(r"^\W*(question|statement|right|wrong)\W*?:\s*(.*)$", re.IGNORECASE)
_CHOICE = re.compile(r"^\W*([A-E])\s*[.):]\s*(.*?)[\s.*]*$")
_WORDS_ASKED = '[^\\n :?]{1,24} (" " [^\\n :?]{1,24}){2,24} "?"'
_STATED = '[^\\n_]{0,160} "____" [^\\n_]{1,160}'
_WORDS = 'word (" " word){0,9}\nword ::= [^\\n :?]{1,24}\n'
_OPTION_GRAMMAR = f"root ::= {_WORDS}"
_REASON = '[^\\n<> ] ([^\\n<>.∴] | "." [^\\n<> ]){8,240} "."\n'

# Words of a sentence that a program makes a gap in: fewer say too little, more bury the gap.
_SENTENCE_WORDS = (6, 45)
_DRAWS_OF_A_FACT = 60
_CONVERTED = re.compile(rf"{GAP}((?: [^\W\d_()]+[²³]?){{1,3}}) \([^()]*\d[^()]*\)")
_OPEN_MARKS = re.compile(r"[<>∴→●◐○⟨⟩\n]|_{2}")
_FIGURES = re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")


class MultipleChoice(Exercise):
    """One closed question with its options, a trace that ends on the right ones, and `C. full text` with a reason."""

    name = "mcq"
    label = "mcq"
    source = "SYNTH (arXiv 2609.37891); difficulty after KAQG"
    axes = AXES
    neighbours = 1
    distinct_draws = math.prod(len(shares) for shares in AXES.values())
    # fitted on labelled pairs: tests/quality/test_duplicates.py
    duplicate_rule = DuplicateRule(kind="embedding", family="mcq", threshold=0.80, lexical_threshold=0.9)
    refusals = frozenset(
        {
            "malformed_options",
            "no_question",
            "gap_missing",
            "filler_off_passage",
            "off_passage",
            "options_alike",
            "giveaway",
            "no_fact",
            "premise_missing",
            "gives_away_fact",
            "misses_fact",
            "no_conclusion",
            "conclusion_disagrees",
            "malformed_choice",
            "wrong_option",
            "repeats_example",
            "mentions_passage",
            "leaks_markup",
            "leaks_url",
            "closed_book",
            "option_count",
            "options_distinct",
            "options_shown",
            "gold_among_options",
            "gold_unsaid",
            "option_agrees",
            "gap_once",
            "difficulty_computed",
            "answers_answerable",
            "premise_corrected",
            "premise_not_asserted",
            "truth_stated",
            "says_unknown",
            "removed_value_unsaid",
            "declines_nonsense",
            "covers_readings",
        }
    )

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        """The question with its options.

        Payload: "options" in their order, "gold" the letters of the right ones ("C", "AD"), "difficulty" as
        `difficulty_of` gives it, and of a negative query "way", "kind", "premise" and "truth", see `Negative`. Where a
        program made the cloze, "filler" is "program", "kind" that of the fact, and "sentence" the one with the gap.
        """
        assert task.section is not None
        negative = negative_of(task)
        if task.constraints["form"] == "cloze" and (made_alone := _cloze_by_program(task)) is not None:
            return made_alone
        form, language = task.constraints["form"], LANGUAGES[task.language]
        count, total = _counts(task)
        passage = section_excerpt(task) if negative is None else negative.asked
        statement = "" if negative is None else negative.statement
        made = {} if negative is None else negative.payload
        (reply,) = yield converse(
            "query",
            examples=_examples_file(form),
            system=render(
                "mcq/query_system", language=language, form=form, query_result=task.constraints["query_result"]
            ),
            turns=[
                (_query_turn(example, passage_asked(example), language, example), _written(example, form))
                for example in _examples(task, asking=True)
            ],
            last=_query_turn(
                {**task.constraints, "title": neutralised(task.section.title)},
                passage,
                language,
                {**made, "statement": statement, "count": count, "spare": total - count + _SPARE},
            ),
            max_tokens=_QUERY_TOKENS,
            grammar=_query_grammar(form, count, total - count + _SPARE),
        )
        stem, rights, wrong = _read_fields(reply.text, form, count, total - count)
        if form == "cloze":
            stem = re.sub(r"_{2,}", GAP, stem)
            if stem.count(GAP) != 1:
                raise Refused("gap_missing", stem[:80])
        elif "?" not in stem and task.constraints["query_style"] == "direct":
            raise Refused("no_question", stem[:80])
        check_closed_book("\n".join((stem, *rights, *wrong)), step="query", url=task.section.url)
        for example in (*worked_examples(task.language), *_form_examples(task.language)):
            check_own(stem, example, step="query")
        check_on_passage(task, stem.replace(GAP, rights[0]), f"{passage} {statement}")
        distractors = _distinct(rights, wrong, total - count)
        if len(distractors) < total - count:
            distractors = yield from _topped_up(task, stem, rights, distractors, total - count)
        _check_options(stem, rights, distractors, total - count)
        check_negative_query(task, stem, made, statement, [*rights, *distractors])
        if problem := _duty_missed(task, rights, made):
            raise Refused(problem, " | ".join(rights)[:80])
        if form == "cloze" and (strange := _not_of_passage(task, rights[0], passage)):
            raise Refused("filler_off_passage", f"{strange!r} does not stand there")
        return _finished(task, stem, rights, distractors, made)

    def in_language(self, query: Query, answer: Answer) -> tuple[str, str]:
        """Options and stem in one piece: titles and names among the options are in whatever language they are."""
        stem = query.text.split("\n\n")[0]
        return ", ".join([*query.payload["options"], stem]), answer.text

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        """The right options on both sides of the stem.

        Options look alike whatever is asked, and stems may differ by one word ("in London", "in Novgorod"), so the
        right answer has to weigh more than either: with the whole text, recall at a precision of .95 is .06.
        """
        shown = query.text.split("\n\n")[-1].splitlines()
        lines = answer.text.splitlines()
        # what follows the right options is the reason; the first line is one, whatever it says
        rights = [line for number, line in enumerate(lines) if not number or line in shown]
        right = "; ".join(line.split(". ", 1)[-1] for line in rights)
        return f"{right}. {_stem(query.text)} {right}"

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        form = task.constraints["form"]
        neighbour_title, neighbour = neighbour_excerpt(task, negative_of(task))
        right = "; ".join(_gold_lines(query))
        shown = [_with_options(example, index, task.language) for index, example in enumerate(_examples(task))]
        (reply,) = yield converse(
            "reasoning",
            examples=_examples_file(form),
            system=render("mcq/draft_system", form=form),
            turns=[(_draft_turn(example, example["passage"], "", "", example), example["draft"]) for example in shown],
            last=_draft_turn(
                {
                    **task.constraints,
                    "title": neutralised(task.section.title),
                    "query": neutralised(query.text),
                    "right_line": neutralised(right),
                },
                _shown_excerpt(task, query),
                neutralised(neighbour_title),
                neighbour,
                query.payload,
            ),
            max_tokens=draft_tokens(task),
            grammar=trace_grammar(task.constraints["complexity"], conclusion=literal(right), facts=recallable(task)),
        )
        examples = (*worked_examples(task.language), *shown)
        text = draft_of(reply, url=task.section.url, examples=examples)
        conclusion = [line for line in text.splitlines() if "∴" in line][-1].split("∴")[-1]
        if not _concludes(conclusion, query, form):
            raise Refused("conclusion_disagrees", f"{conclusion.strip()[:80]!r}, gold {right[:80]!r}")
        if problem := says_removed(text, query.payload):
            raise Refused("removed_value_unsaid", f"draft: {problem}")
        return Draft(text=text)

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        assert task.section is not None
        form, language = task.constraints["form"], LANGUAGES[task.language]
        examples = [_with_options(example, index, task.language) for index, example in enumerate(_examples(task))]
        options = [f"{letter}. {option}" for letter, option in zip(LETTERS, query.payload["options"], strict=False)]
        (reply,) = yield converse(
            "answer",
            examples=_examples_file(form),
            system=render("mcq/answer_system", language=language, form=form),
            turns=[
                (_answer_turn(example, example["passage"], language, example), example["answer"])
                for example in examples
            ],
            last=_answer_turn(
                {
                    **task.constraints,
                    "title": neutralised(task.section.title),
                    "query": neutralised(query.text),
                    "draft": neutralised(draft.text),
                },
                _shown_excerpt(task, query),
                language,
                query.payload,
            ),
            max_tokens=answer_tokens(task),
            # which options are right was settled when the question was made; what is asked for here is the reason
            grammar=f'root ::= {literal(chr(10).join(_gold_lines(query)))} "\\n" {_REASON}',
        )
        lines = plain(reply).splitlines()
        chosen = [_chosen(lines[0], options)]
        rest = lines[1:]
        while form == "multiple" and rest and _CHOICE.match(rest[0]):
            chosen.append(_chosen(rest.pop(0), options))
        letters = "".join(sorted(set(chosen)))
        if letters != query.payload["gold"]:
            raise Refused("wrong_option", f"{letters}, gold {query.payload['gold']}")
        why = "\n".join(rest).strip()
        check_closed_book(why, step="answer", url=task.section.url)
        for example in examples:
            check_own(why, {"answer": example["why"]}, step="answer")
        return Answer(text="\n".join([*_gold_lines(query), *([why] if why else [])]), payload={"letter": letters})

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        assert task.section is not None
        options, gold = query.payload["options"], query.payload["gold"]
        form, stem = task.constraints["form"], _stem(query.text)
        count, total = _counts(task)
        known = sorted(set(gold)) == list(gold) and len(gold) == count and gold <= LETTERS[len(options) - 1]
        lines = [f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False)]
        expected = [line for line in lines if line[0] in gold]
        told = answer.text.splitlines()
        # a line more that is an option would claim it, too
        agrees = told[: len(expected)] == expected and not any(line in lines for line in told[len(expected) :])
        rights = [line[3:] for line in expected]
        checks = [
            Check(name="closed_book", passed=is_closed_book(query, draft, answer, url=task.section.url)),
            Check(name="option_count", passed=len(options) == total, detail=f"{len(options)} of {total}"),
            Check(name="options_distinct", passed=len({normalised(option) for option in options}) == len(options)),
            Check(name="options_shown", passed=query.text.split("\n\n")[-1].splitlines() == lines),
            Check(name="gold_among_options", passed=known and len(expected) == count, detail=str(gold)),
            Check(name="gold_unsaid", passed=not any(_within(normalised(right), normalised(stem)) for right in rights)),
            Check(name="option_agrees", passed=bool(expected) and agrees, detail=f"{told[:1]}, gold {expected}"),
        ]
        if form == "cloze":
            strange = _not_of_passage(task, rights[0], task.section.text if task.section else "") if rights else ""
            checks.append(Check(name="gap_once", passed=stem.count(GAP) == 1, detail=stem[:80]))
            checks.append(Check(name="filler_off_passage", passed=not strange, detail=strange))
        if known and len(expected) == count:
            again = _difficulty(task, query.text, options, gold, query.payload)
            checks.append(Check(name="difficulty_computed", passed=query.payload.get("difficulty") == again))
            checks.extend(_duty_checks(task, query, rights, answer.text))
        return tuple(checks)

    def published_constraints(self, task: Task, query: Query) -> str:
        """The draw, with how a negative query was made so, the options, the right letters, and the difficulty."""
        shown = dict(task.constraints)
        if "way" in query.payload:
            shown["query_result"] = f"negative[{query.payload['way']} {query.payload['kind']}]"
        difficulty = query.payload["difficulty"]
        shown |= {
            "options": str(len(query.payload["options"])),
            "result": query.payload["gold"],
            "difficulty": f"{difficulty['band']}[{difficulty['total']}]",
            **{feature: str(value) for feature, value in difficulty["features"].items()},
        }
        return ", ".join(f"{axis}:{value}" for axis, value in shown.items())


# --- the options


def _counts(task: Task) -> tuple[int, int]:
    """How many options are right, and how many there are.

    With many right ones every section goes through all of `_MANY`, beginning at one of its own.
    """
    if task.constraints["form"] != "multiple":
        return _ONE_OF_FOUR
    assert task.section is not None
    first = rng_of("mcq counts", task.section.section_id, dict(task.constraints)).randrange(len(_MANY))
    return _MANY[(first + task.pass_number // MultipleChoice.distinct_draws) % len(_MANY)]


def _read_fields(text: str, form: str, count: int, least_wrong: int) -> tuple[str, list[str], list[str]]:
    """(question or statement, right options, wrong options) of a reply.

    Raises:
        Refused: "malformed_options" when any of them are too few, or the right ones too many.
    """
    fields: dict[str, list[str]] = {"question": [], "statement": [], "right": [], "wrong": []}
    for line in text.splitlines():
        if match := _FIELD.match(line):
            value = re.sub(r"^(?:[A-Ea-e][.)]|[-*])\s+", "", match[2]).strip().strip("*").strip()
            if value:
                fields[match[1].lower()].append(value)
    stem = fields["statement" if form == "cloze" else "question"]
    if len(stem) != 1 or len(fields["right"]) != count or len(fields["wrong"]) < least_wrong:
        counted = ", ".join(f"{name} {len(values)}" for name, values in fields.items())
        raise Refused("malformed_options", counted)
    return stem[0], [_option(value) for value in fields["right"]], [_option(value) for value in fields["wrong"]]


def _topped_up(
    task: Task, stem: str, rights: Sequence[str], distractors: Sequence[str], wanted: int
) -> Generator[Asked, Any, list[str]]:
    """The distractors and what samples add: a small model repeats itself within one reply, hardly across hot ones."""
    assert task.section is not None
    language = LANGUAGES[task.language]
    examples = worked_examples(task.language)
    more = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render("mcq/distractor_system", language=language),
        turns=[(_distractor_turn(example["query"], example["right"]), example["wrong"][0]) for example in examples],
        last=_distractor_turn(neutralised(stem), neutralised("; ".join(rights))),
        n=_MORE,
        temperature=1.0,
        max_tokens=_OPTION_TOKENS,
        grammar=_OPTION_GRAMMAR,
        accept_truncated=True,
    )
    sampled = [_option(plain(sample)) for sample in more if "\n" not in plain(sample)]
    for option in sampled:
        check_closed_book(option, step="query", url=task.section.url)
    return _distinct(rights, [*distractors, *sampled], wanted)


def _option(text: str) -> str:
    return text.rstrip(" .;,")


def _distinct(rights: Sequence[str], wrong: Sequence[str], wanted: int) -> list[str]:
    """The first wrong options, as many as are wanted, that differ from the right ones and from each other.

    An option that stands in another counts as alike: one of the two would be a part of the truth.
    """
    kept: list[str] = []
    for option in wrong:
        said = normalised(option)
        others = [normalised(other) for other in (*rights, *kept)]
        if said and not any(_within(said, other) or _within(other, said) for other in others):
            kept.append(option)
    return kept[:wanted]


def _check_options(stem: str, rights: Sequence[str], wrong: Sequence[str], wanted: int) -> None:
    """Refuse options that are too few or that give a right one away.

    Raises:
        Refused: "options_alike" when too few wrong ones stand or two right ones are alike, "giveaway" when the
            question says a right option or its length alone tells it apart.
    """
    if len(wrong) < wanted or len(_distinct((), rights, len(rights))) < len(rights):
        told = ", ".join(repr(option) for option in rights)
        raise Refused("options_alike", f"{told} against {', '.join(repr(option) for option in wrong)}")
    longest = max(len(option) for option in wrong)
    for right in rights:
        if _within(normalised(right), normalised(stem)):
            raise Refused("giveaway", f"the question says {right!r}")
        if len(right) > 2 * longest + 20:
            raise Refused("giveaway", f"the right option has {len(right)} characters, the longest other {longest}")


def _within(part: str, whole: str) -> bool:
    """Whether one option stands in another as whole words ("70 km" is not in "1,970 km")."""
    return re.search(rf"(?<![\w,.]){re.escape(part)}(?!\w)", whole) is not None


def _finished(task: Task, stem: str, rights: Sequence[str], wrong: Sequence[str], made: Mapping[str, Any]) -> Query:
    """The query with its options in the candidate's own order."""
    options = [*rights, *wrong]
    task.rng("options").shuffle(options)
    gold = "".join(letter for letter, option in zip(LETTERS, options, strict=False) if option in rights)
    if task.constraints["form"] == "cloze":
        ways = _forms()["introductions"][task.language][task.constraints["query_style"]]
        stem = f"{task.rng('introduction').choice(ways)}\n{stem}"
    text = f"{stem}\n\n{_lettered(options)}"
    payload = {**made, "options": options, "gold": gold}
    return Query(text=text, payload={**payload, "difficulty": _difficulty(task, text, options, gold, made)})


def _lettered(options: Sequence[str]) -> str:
    return "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False))


def _stem(text: str) -> str:
    """What is asked, of a query's text: without the options, and of a cloze without what introduces it."""
    return text.split("\n\n")[0].splitlines()[-1]


def _difficulty(task: Task, text: str, options: Sequence[str], gold: str, made: Mapping[str, Any]) -> dict[str, Any]:
    # a gap that a program made asks for the value of one fact, whatever kind of question was drawn
    query_type = "information retrieval" if made.get("filler") == "program" else task.constraints["query_type"]
    return difficulty_of(
        _stem(text),
        options,
        [LETTERS.index(letter) for letter in gold],
        language=task.language,
        query_type=query_type,
        complexity=task.constraints["complexity"],
    )


def _gold_lines(query: Query) -> list[str]:
    lines = _lettered(query.payload["options"]).splitlines()
    return [line for line in lines if line[0] in query.payload["gold"]]


def _chosen(line: str, options: Sequence[str]) -> str:
    """The letter of the option that a line of an answer chooses.

    Raises:
        Refused: "malformed_choice" when it is no option's line.
    """
    choice = _CHOICE.match(line)
    if choice is None or LETTERS.index(choice[1]) >= len(options):
        raise Refused("malformed_choice", line[:80])
    option = options[LETTERS.index(choice[1])]
    if normalised(choice[2]).strip(" .*") != normalised(option[3:]).strip(" .*"):
        raise Refused("malformed_choice", f"{line[:80]!r} is not {option[:80]!r}")
    return choice[1]


def _concludes(conclusion: str, query: Query, form: str) -> bool:
    """Whether a trace's last line names the right options, by their texts or their letters, and of many no other."""
    said = normalised(conclusion)
    rights = [line[3:] for line in _gold_lines(query)]
    named = re.findall(r"\b([A-E])\b", conclusion)
    if form != "multiple":
        return normalised(rights[0]) in said or named[:1] == [query.payload["gold"]]
    wrong = [option for option in query.payload["options"] if option not in rights]
    told = all(normalised(right) in said for right in rights)
    return (told and not any(normalised(option) in said for option in wrong)) or (
        "".join(sorted(set(named))) == query.payload["gold"]
    )


# --- the gap that a program makes


def _cloze_by_program(task: Task) -> Query | None:
    """A sentence of the section with a gap for a value that it states; None where that cannot be done."""
    assert task.section is not None
    if task.constraints["query_result"] != "positive" or task.section.language != task.language:
        return None
    facts = [fact for fact in facts_of(task.section.text, task.language) if fact.kind in ALTERABLE]
    # what the title says is given away by every query
    facts = [fact for fact in facts if not states(task.section.title, fact.value, fact.kind)]
    task.rng("gap").shuffle(facts)
    for fact in facts:
        statement = _with_gap(task, fact)
        wrong = _values_like(task, task.section.text, fact) if statement else []
        if len(wrong) == _ONE_OF_FOUR[1] - 1:
            made = {"filler": "program", "kind": fact.kind, "sentence": fact.sentence}
            return _finished(task, statement, [fact.value], wrong, made)
    return None


def _with_gap(task: Task, fact: Fact) -> str:
    """The fact's sentence with a gap, after the title where it does not name its subject; empty where none is fit."""
    assert task.section is not None
    least, most = _SENTENCE_WORDS
    if not least <= len(fact.sentence.split()) <= most or _OPEN_MARKS.search(fact.sentence):
        return ""
    statement, count = re.subn(rf"(?<![\w.,]){re.escape(fact.value)}(?!\w)", GAP, fact.sentence)
    statement = _CONVERTED.sub(rf"{GAP}\1", statement)
    if count != 1 or states(statement.replace(GAP, ""), fact.value, fact.kind) or statement.endswith("…"):
        return ""
    if not content_stems(task.section.title) & content_stems(statement):
        statement = f"{neutralised(task.section.title)}: {statement}"
    try:
        check_closed_book(statement, step="query", url=task.section.url)
    except Refused:  # the section itself speaks of a text or an address: another sentence will do
        return ""
    return statement


def _values_like(task: Task, text: str, fact: Fact) -> list[str]:
    """Three wrong values of the fact's kind, or fewer where there are no more."""
    rng = task.rng("gap values")
    wrong: list[str] = []
    for _ in range(_DRAWS_OF_A_FACT):
        try:
            value = altered(text, fact, rng, task.language)[1]
        except ValueError:  # no other value of this kind is known
            break
        wrong = _distinct([fact.value], [*wrong, value], _ONE_OF_FOUR[1] - 1)
        if len(wrong) == _ONE_OF_FOUR[1] - 1:
            break
    return wrong


def _shown_excerpt(task: Task, query: Query) -> str:
    """What the authors of trace and answer see: with the sentence of the gap, wherever in the section it stands."""
    passage, sentence = author_excerpt(task), query.payload.get("sentence", "")
    return passage if sentence in passage else f"{sentence} {passage}"


def _not_of_passage(task: Task, filler: str, passage: str) -> str:
    """What of a plain cloze's filler the passage does not have; empty where all of it stands there.

    Across languages only figures can be compared.
    """
    assert task.section is not None
    if task.constraints["query_result"] != "positive":
        return ""
    if strange := [figure for figure in _FIGURES.findall(filler) if not states(passage, figure, "number")]:
        return strange[0]
    if task.section.language != task.language:
        return ""
    missing = content_stems(filler) - content_stems(passage)
    return "" if normalised(filler) in normalised(passage) else next(iter(sorted(missing)), "")


# --- what a query without a plain answer is owed


def _duty_missed(task: Task, rights: Sequence[str], made: Mapping[str, Any]) -> str:
    """The duty that no right option meets; empty where one does. Of an ambiguous query the answer tells."""
    language, result = task.language, task.constraints["query_result"]
    said = [f"{right}." for right in rights]
    if result == "absurd":
        return "" if any(declines(right, language) for right in said) else "declines_nonsense"
    if made.get("way") in ("removed", "absent"):
        return "" if any(says_unknown(right, language) for right in said) else "says_unknown"
    if made.get("way") == "altered":
        met = any(
            states(right, made["truth"], made["kind"]) or corrects(right, language) or says_unknown(right, language)
            for right in said
        )
        return "" if met else "premise_corrected"
    known = task.section is None or not says_unknown(task.section.text, task.section.language)
    if result == "positive" and known and all(says_unknown(right, language) for right in said):
        return "answers_answerable"
    return ""


def _duty_checks(task: Task, query: Query, rights: Sequence[str], text: str) -> list[Check]:
    """What the right options and the whole answer owe to this kind of query."""
    language, payload = task.language, query.payload
    result, way = task.constraints["query_result"], payload.get("way", "")
    missed = _duty_missed(task, rights, payload)
    detail = " | ".join(rights)[:80]
    if result == "absurd":
        return [Check(name="declines_nonsense", passed=not missed, detail=detail)]
    if result == "ambiguous":
        return [Check(name="covers_readings", passed=covers_readings(text, language), detail=text[:80])]
    if way in ("removed", "absent"):
        told = says_removed(f"{query.text}\n{text}", payload)
        return [
            Check(name="says_unknown", passed=not missed, detail=detail),
            Check(name="removed_value_unsaid", passed=not told, detail=told),
        ]
    if way == "altered":
        asserted = asserts_premise(text, payload, language)
        return [
            Check(name="premise_corrected", passed=not missed, detail=detail),
            Check(name="premise_not_asserted", passed=not asserted, detail=asserted),
            Check(name="truth_stated", passed=states(text, payload["truth"], payload["kind"]), detail=payload["truth"]),
        ]
    return [Check(name="answers_answerable", passed=not missed, detail=detail)]


# --- prompts


@cache
def _forms() -> Mapping[str, Any]:
    return yaml.safe_load(render(FORMS).text)


@cache
def _form_examples(language: str) -> tuple[Mapping[str, Any], ...]:
    """The worked examples of `FORMS` in a language, on the passages of `EXAMPLES`."""
    english = worked_examples("en")
    found = []
    for entry in _forms()["examples"]:
        place = next(index for index, example in enumerate(english) if example["title"] == entry["title"])
        shown = worked_examples(language)[place]
        texts = _forms()["texts"][language][entry["title"]]
        found.append({**entry, **texts, "title": shown["title"], "passage": shown["passage"]})
    return tuple(found)


def _examples(task: Task, *, asking: bool = False) -> list[Mapping[str, Any]]:
    """Two worked examples of the drawn form; in which order, or which two, changes as the section's draws repeat.

    Who is to ask what has no plain answer sees a third one: of two there are too few ways for many passes.
    """
    form = task.constraints["form"]
    if form == "single":
        # where all forms are drawn, a draw comes again only after three times as many passes as `shown_examples` counts
        turn, third = divmod(task.pass_number // DISTINCT_DRAWS, len(AXES["form"]))
        task = replace(task, pass_number=DISTINCT_DRAWS * (turn + _TURNS * (third % 2)))
        return shown_examples(task, _SHOWN + (asking and task.constraints["query_result"] != "positive"))
    ways = list(permutations([example for example in _form_examples(task.language) if example["form"] == form], _SHOWN))
    # how many are right goes through its ways first, see `_counts`
    cycle = task.pass_number // MultipleChoice.distinct_draws // (len(_MANY) if form == "multiple" else 1)
    return list(ways[cycle % len(ways)])


def _examples_file(form: str) -> Rendered:
    return render(EXAMPLES) if form == "single" else render(FORMS)


def _rights(example: Mapping[str, Any]) -> list[str]:
    return [example["right"]] if isinstance(example["right"], str) else list(example["right"])


def _written(example: Mapping[str, Any], form: str) -> str:
    right = "\n".join(f"Right: {option}" for option in _rights(example))
    wrong = "\n".join(f"Wrong: {option}" for option in example["wrong"])
    return f"{'Statement' if form == 'cloze' else 'Question'}: {example['query']}\n{right}\n{wrong}"


def _with_options(example: Mapping[str, Any], index: int, language: str) -> dict[str, Any]:
    """A worked example as traces and answers are shown it, the right options at other letters in each."""
    rights, form = _rights(example), example.get("form", "single")
    options = list(example["wrong"][:3])
    stem = example["query"]
    if form == "multiple":
        for place, right in zip((1 + index, 3 - index), rights, strict=True):
            options.insert(place, right)
    else:
        options.insert((3 * index + 1) % 4, rights[0])
    if form == "cloze":
        stem = f"{_forms()['introductions'][language][example['query_style']][0]}\n{stem}"
    right_lines = [line for line in _lettered(options).splitlines() if line[3:] in rights]
    reasoning = example["draft"].strip().rsplit("\n", 1)[0]
    return {
        **example,
        "query": f"{stem}\n\n{_lettered(options)}",
        "right_line": "; ".join(right_lines),
        "draft": f"{reasoning}\n∴ {'; '.join(right_lines)}",
        "answer": "\n".join([*right_lines, example["answer"]]),
        "why": example["answer"],
    }


def _query_grammar(form: str, count: int, wrongs: int) -> str:
    """Line by line, as many of each as are asked for."""
    opening = f'"Question: " {_WORDS_ASKED}' if form != "cloze" else f'"Statement: " {_STATED}'
    rights = '"\\nRight: " option' if count == 1 else f'("\\nRight: " option){{{count}}}'
    return f'root ::= {opening} {rights} ("\\nWrong: " option){{{wrongs}}}\noption ::= {_WORDS}'


def _query_turn(values: Mapping[str, Any], passage: str, language: str, made: Mapping[str, Any]) -> Rendered:
    """The turn that asks for a query; `made` says how a negative one is made so (of an example: the example)."""
    axes = {axis: values[axis] for axis in QUERY_AXES_SHOWN}
    statement = made.get("statement", "")
    if made.get("negative") == "altered":
        statement = next(part for part in sentences(passage, "en") if made["premise"] in part)
    return render(
        "mcq/query",
        **axes,
        title=values["title"],
        passage=fenced("passage", passage),
        language=language,
        form=values.get("form", "single"),
        rights=made["count"] if "count" in made else len(_rights(made)),
        wrongs=made["spare"] if "spare" in made else len(made["wrong"]),
        way=made.get("way", made.get("negative", "")),
        kind=made.get("kind", "year"),
        premise=neutralised(made.get("premise", "")),
        truth=neutralised(made.get("truth", "")),
        # under a name that passages neutralise, so that it cannot be closed from within
        statement=fenced("ref", statement) if statement else "",
    )


def _distractor_turn(question: str, right: str) -> Rendered:
    return render("mcq/distractor", query=question, right=right)


def _duty(values: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    return render(
        "mcq/duty",
        query_result=values["query_result"],
        form=values.get("form", "single"),
        way=made.get("way", made.get("negative", "")),
        premise=neutralised(made.get("premise", "")),
        truth=neutralised(made.get("truth", "")),
    ).text.strip()


def _draft_turn(
    values: Mapping[str, Any], passage: str, neighbour_title: str, neighbour: str, made: Mapping[str, Any]
) -> Rendered:
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
        duty=_duty(values, made),
    )


def _answer_turn(values: Mapping[str, Any], passage: str, language: str, made: Mapping[str, Any]) -> Rendered:
    return render(
        "mcq/answer",
        title=values["title"],
        passage=fenced("passage", passage),
        complexity=values["complexity"],
        user_profile=values["user_profile"],
        query=values["query"],
        draft=values["draft"],
        duty=_duty(values, made),
        language=language,
    )
