"""Queries that have no plain answer, made so by program, and what is held against the answers to them.

A negative query asks for what its section does not say, or takes something false for granted (SYNTH, arXiv 2609.37891).
A model cannot be trusted to make one: so a fact of the excerpt is altered before the query's author sees it, or removed
from all that any author sees, or the excerpt is known to have none of its kind. Memorization, multiple choice and
retrieval share it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from synth_assets.errors import Refused
from synth_assets.exercises.base import Task
from synth_assets.exercises.duties import denied
from synth_assets.exercises.facts import ALTERABLE, Fact, Kind, altered, facts_of, states, without
from synth_assets.exercises.passages import content_stems, excerpt, neutralised, sentences
from synth_assets.exercises.section_excerpts import section_excerpt

GAP = "____"

# Fewest words of an excerpt that a fact may be removed from and leave something to answer with.
_LEAST_LEFT = 8

# Words of the neighbour that prompts show, by complexity.
_NEIGHBOUR_WORDS = {"simple": 20, "moderate": 60, "complex": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative:
    """What makes one negative query unanswerable, or its premise false, known by program.

    Attributes:
        way: "altered" (the query takes a wrong value for granted), "removed" (it asks for a value that no author sees)
            or "absent" (it asks for a year or a person, and the excerpt names none).
        kind: of the fact, see `facts.Fact`.
        premise: the wrong value; empty unless altered.
        truth: the value that the section states; empty when absent.
        statement: the altered sentence, or the removed one with a gap; empty when absent.
        asked: the excerpt that the query's author sees.
        shown: the excerpt that the authors of trace and answer see.
    """

    way: Literal["altered", "removed", "absent"]
    kind: Kind
    premise: str = ""
    truth: str = ""
    statement: str = ""
    asked: str
    shown: str

    @property
    def payload(self) -> dict[str, str]:
        """What a query's payload keeps of it, for verification and for the published constraints."""
        return {"way": self.way, "kind": self.kind, "premise": self.premise, "truth": self.truth}


def negative_of(task: Task) -> Negative | None:
    """How this candidate's query is made negative, drawn by the candidate's generator; None for other query results.

    Raises:
        Refused: "no_fact", when the excerpt has years and persons but nothing that could be altered or removed.
    """
    assert task.section is not None
    if task.constraints["query_result"] != "negative":
        return None
    if (found := _drawn_negative(task)) is None:
        raise Refused("no_fact", section_excerpt(task)[:80], retry=False)
    return found


def _drawn_negative(task: Task) -> Negative | None:
    assert task.section is not None
    language = task.section.language
    passage = section_excerpt(task)
    facts = facts_of(passage, language)
    # what the title says is given away by every query
    usable = [fact for fact in facts if not content_stems(fact.value) & content_stems(task.section.title)]
    usable = [fact for fact in usable if not states(task.section.title, fact.value, fact.kind)]
    rng = task.rng("negative")
    ways = [_altered, _removed]
    if rng.random() < 0.5:
        ways.reverse()
    rng.shuffle(usable)
    for way in ways:
        # what has a kind of its own is asked for more plainly than a bare name
        for fact in sorted(usable, key=lambda fact: fact.kind not in ALTERABLE):
            if (found := way(task, passage, fact)) is not None:
                return found
    kinds = {fact.kind for fact in facts}
    lacking: list[Kind] = []
    if "year" not in kinds:
        lacking.append("year")
    if not kinds & {"person", "name"}:
        lacking.append("person")
    if not lacking:
        return None
    return Negative(way="absent", kind=rng.choice(lacking), asked=passage, shown=passage)


def _altered(task: Task, passage: str, fact: Fact) -> Negative | None:
    assert task.section is not None
    language = task.section.language
    if fact.kind not in ALTERABLE:
        return None
    text, wrong = altered(passage, fact, task.rng(f"altered {fact.value}"), language)
    statement = next((part for part in sentences(text, language) if states(part, wrong, fact.kind)), "")
    if not statement or states(text, fact.value, fact.kind):
        return None
    return Negative(
        way="altered", kind=fact.kind, premise=wrong, truth=fact.value, statement=statement, asked=text, shown=passage
    )


def _removed(task: Task, passage: str, fact: Fact) -> Negative | None:
    assert task.section is not None
    text = without(passage, fact, task.section.language)
    if len(text.split()) < _LEAST_LEFT:
        return None
    statement = fact.sentence.replace(fact.value, GAP)
    if states(statement, fact.value, fact.kind):
        return None
    return Negative(way="removed", kind=fact.kind, truth=fact.value, statement=statement, asked=text, shown=text)


def author_excerpt(task: Task) -> str:
    """What the authors of trace and answer see of the section: without the fact that a negative query asks for."""
    negative = negative_of(task)
    return section_excerpt(task) if negative is None else negative.shown


def recallable(task: Task) -> tuple[str, ...]:
    """The excerpt's sentences where the section is English, as traces are; none otherwise, or when they say "∴".

    Those that state what a negative query asks for in vain are not among them.
    """
    assert task.section is not None
    if task.section.language != "en":
        return ()
    negative = _drawn_negative(task) if task.constraints["query_result"] == "negative" else None
    shown = section_excerpt(task) if negative is None else negative.shown
    return tuple(part for part in sentences(neutralised(shown), "en") if "∴" not in part)


def neighbour_excerpt(task: Task, negative: Negative | None = None) -> tuple[str, str]:
    """Title and part of the nearest neighbour, both empty where there is none.

    A fact that a negative query asks for is taken out of it, since it may stand there, too; where nothing is left, or
    the title says it, both are empty.
    """
    if not task.neighbours:
        return "", ""
    nearest = task.neighbours[0]
    words = _NEIGHBOUR_WORDS[task.constraints["complexity"]]
    text = excerpt(nearest.text, nearest.language, words=words, rng=task.rng("neighbour"))
    if negative is not None and negative.way == "removed":
        fact = Fact(sentence="", value=negative.truth, kind=negative.kind)
        text = without(text, fact, nearest.language)
        if not text or states(nearest.title, fact.value, fact.kind):
            return "", ""
    return nearest.title, text


def check_negative_query(
    task: Task, text: str, made: Mapping[str, str], statement: str, options: Sequence[str] = ()
) -> None:
    """Refuse a negative query that is not about the fact it was made from, or that says the right value itself.

    `made` is the payload of a `Negative`, empty for any other query; `options` are what is offered beside the query,
    of which none may say a value that nobody could know.

    Raises:
        Refused: "premise_missing", "gives_away_fact" or "misses_fact".
    """
    assert task.section is not None
    if not made:
        return
    kind, premise, truth = made["kind"], made["premise"], made["truth"]
    if premise and not states(text, premise, kind):
        raise Refused("premise_missing", f"{premise!r} is not in {text[:80]!r}")
    told = (text, *options) if made["way"] == "removed" else (text,)
    if truth and (found := [each for each in told if states(each, truth, kind)]):
        raise Refused("gives_away_fact", f"{truth!r} is in {found[0][:80]!r}")
    comparable = task.section.language == task.language
    if made["way"] == "removed" and comparable and not content_stems(statement) & content_stems(text):
        raise Refused("misses_fact", f"asks for nothing of {statement[:80]!r}")


def asserts_premise(text: str, payload: Mapping[str, Any], language: str) -> str:
    """The first sentence that states the wrong value and neither denies it nor says the right one; empty where none."""
    premise, kind = payload.get("premise", ""), payload.get("kind", "")
    if not premise:
        return ""
    for part in (part for line in text.splitlines() for part in sentences(line, language)):
        if (
            states(part, premise, kind)
            and not states(part, payload["truth"], kind)
            and not denied(part, language, of=premise)
        ):
            return part
    return ""


def says_removed(text: str, payload: Mapping[str, Any]) -> str:
    """The value that was removed from all that the authors saw, if the text states it; else empty."""
    if payload.get("way") != "removed" or not states(text, payload["truth"], payload["kind"]):
        return ""
    return payload["truth"]


def passage_asked(example: Mapping[str, Any]) -> str:
    """What a worked example's query was asked about: with the wrong value in place where it takes one for granted."""
    if example.get("negative") == "altered":
        return example["passage"].replace(example["truth"], example["premise"])
    return example["passage"]
