"""Sources and clues of a question that is answered from them: what is shown, what is asked about, what is taken away.

Source: RAGSynth. A query is made from *clues*, sentences with ids (source, sentence) of one passage, or of two that
share an entity (two hops); taking a clue away, or the whole section, makes a question that can be answered in part or
not at all, and code knows which.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import Task
from synth_assets.exercises.facts import Fact, without
from synth_assets.exercises.negative import author_excerpt, negative_of
from synth_assets.exercises.passages import excerpt, neutralised, sentences
from synth_assets.exercises.section_excerpts import excerpt_words
from synth_assets.quality.grounding import content_words, fold, stem

# Clues of a question, by complexity.
_CLUES = {"simple": 1, "moderate": 2, "complex": 3}

# A pair of clues, or one of which something shall remain, needs more of the section than a simple question shows.
_WORDS_TO_JOIN = 90
# Sentences that share this much of their content words tell the same: what is taken away may not stand elsewhere.
_SAME_FACT = 0.6
# A clue says something of its own, and can be quoted whole.
_LEAST_CONTENT, _MOST_WORDS = 3, 70
# Shorter words, where they are no names, are shared by chance.
_ENTITY_LETTERS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A passage as it is shown: its sentences, and which passage it is (0 the section, 1 its nearest)."""

    position: int
    title: str
    language: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """A sentence that a query asks about, and the passage that it stands in."""

    position: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """What a candidate's sources are: before anything was taken away, and as they are shown."""

    whole: tuple[Source, ...]
    shown: tuple[Source, ...]
    clues: tuple[Clue, ...]
    taken: tuple[Clue, ...]
    shared: str


def lay_out(task: Task) -> LaidOut:
    """The candidate's sources and clues, the same at every call.

    Raises:
        Refused: "too_few_sources", where nothing is left to show.
    """
    draw = task.constraints
    positive = draw["query_result"] == "positive"
    absent = positive and draw["gold"] == "absent"
    multi = positive and draw["hops"] == "multi" and not absent
    part = positive and draw["clues"] == "part" and not absent
    most = int(draw["sources"])
    words = max(excerpt_words(task), _WORDS_TO_JOIN if multi or part else 0)
    whole = _passages(task, neighbours=most if absent else most - 1, words=words)
    if not positive:
        shown = tuple(source for source in _without_fact(task, whole) if source.parts)
        return LaidOut(whole=whole, shown=_shuffled(task, shown), clues=(), taken=(), shared="")
    clues, shared = _joined_clues(task, whole) if multi else ((), "")
    if not clues:
        clues = _clues_of(task, whole[0], least=2 if part else 1)
    if absent:
        taken, left = clues, whole[1:]
    elif part and len(clues) > 1:
        taken, left = _one_to_take(task, whole, clues), whole
    else:
        taken, left = (), whole
    shown = tuple(source for source in (_without(source, taken) for source in left) if source.parts)
    if not shown:
        raise Refused("too_few_sources", "every neighbour says only what the section says", retry=False)
    return LaidOut(whole=whole, shown=_shuffled(task, shown), clues=clues, taken=taken, shared=shared)


def _passages(task: Task, *, neighbours: int, words: int) -> tuple[Source, ...]:
    """The section and its nearest neighbours, an excerpt of each."""
    assert task.section is not None
    if words == excerpt_words(task):
        own = author_excerpt(task)
    else:
        rng = task.rng("excerpt") if task.pass_number else None
        own = excerpt(task.section.text, task.section.language, words=words, rng=rng)
    texts = [(task.section, own)]
    for index, neighbour in enumerate(task.neighbours[:neighbours]):
        rng = task.rng(f"source {index}")
        texts.append((neighbour, excerpt(neighbour.text, neighbour.language, words=words, rng=rng)))
    return tuple(
        Source(
            position=position,
            title=passage.title,
            language=passage.language,
            parts=tuple(sentences(neutralised(text), passage.language)),
        )
        for position, (passage, text) in enumerate(texts)
    )


def _without_fact(task: Task, whole: Sequence[Source]) -> list[Source]:
    """The passages less what a negative query asks for in vain: its section's excerpt has lost it already."""
    negative = negative_of(task)
    if negative is None or negative.way != "removed":
        return list(whole)
    fact = Fact(sentence="", value=negative.truth, kind=negative.kind)
    left = []
    for source in whole:
        text = without(source.text, fact, source.language)
        left.append(replace(source, parts=tuple(sentences(text, source.language))))
    return left


def _shuffled(task: Task, shown: Sequence[Source]) -> tuple[Source, ...]:
    order = list(shown)
    task.rng("sources").shuffle(order)
    return tuple(order)


def _telling(source: Source) -> list[str]:
    """The sentences that can be clues: that say something of their own, or where there are none, all of them."""
    sound = [part for part in source.parts if "∴" not in part] or list(source.parts)
    telling = [
        part
        for part in sound
        if len(content_words(part, source.language)) >= _LEAST_CONTENT and len(part.split()) <= _MOST_WORDS
    ]
    return telling or sound


def _clues_of(task: Task, source: Source, *, least: int) -> tuple[Clue, ...]:
    """Sentences in a row of one passage, as many as the complexity asks for, at least `least`, or what there is."""
    parts = _telling(source)
    count = min(len(parts), max(least, _CLUES[task.constraints["complexity"]]))
    first = task.rng("clues").randrange(len(parts) - count + 1)
    return tuple(Clue(position=source.position, text=part) for part in parts[first : first + count])


def _joined_clues(task: Task, whole: Sequence[Source]) -> tuple[tuple[Clue, ...], str]:
    """A sentence of the section, one of a neighbour, and the entity that both name; nothing where there is none.

    Names and words of a title join two sentences by themselves; of other words it takes two, for one is shared by
    chance. What stands in few passages goes before what stands in many, which joins nothing.
    """
    section, *others = whole
    common = [_entities(" ".join(source.parts), source.language) for source in whole]
    pairs = []
    for first in _telling(section):
        mine = _entities(first, section.language)
        for other in others:
            titles = _stems(section.title, section.language) | _stems(other.title, other.language)
            for second in _telling(other):
                theirs = _entities(second, other.language)
                both = sorted(mine.keys() & theirs.keys())
                if not both or _same_fact(first, second, section.language):
                    continue
                for entity in both:
                    sure = entity in titles or (mine[entity][1] and theirs[entity][1])
                    if sure or len(both) > 1:
                        passages = sum(entity in each for each in common)
                        clues = (Clue(position=0, text=first), Clue(position=other.position, text=second))
                        pairs.append(((not sure, passages), clues, mine[entity][0]))
    if not pairs:
        return (), ""
    best = min(rank for rank, _, _ in pairs)
    return task.rng("clues").choice([(clues, shared) for rank, clues, shared in pairs if rank == best])


def _entities(text: str, language: str) -> dict[str, tuple[str, bool]]:
    """What a text may share with another: stem -> (the word as written, whether it is a name)."""
    content = set(content_words(text, language))
    found: dict[str, tuple[str, bool]] = {}
    for match in re.finditer(r"[^\W\d_]{4,}", text):
        word = match.group()
        is_name = word[0].isupper() and match.start() > 0
        if fold(word) in content and (is_name or len(word) >= _ENTITY_LETTERS):
            before = found.get(stem(fold(word)), (word, False))
            found[stem(fold(word))] = (before[0], before[1] or is_name)
    return found


def _same_fact(first: str, second: str, language: str) -> bool:
    """Whether the second text says most of what the first says."""
    mine, theirs = _stems(first, language), _stems(second, language)
    return bool(mine) and len(mine & theirs) / len(mine) >= _SAME_FACT


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text, language))


def _without(source: Source, taken: Sequence[Clue]) -> Source:
    """The passage less every sentence that tells what was taken away."""
    kept = tuple(
        part for part in source.parts if not any(_same_fact(clue.text, part, source.language) for clue in taken)
    )
    return replace(source, parts=kept)


def _one_to_take(task: Task, whole: Sequence[Source], clues: Sequence[Clue]) -> tuple[Clue, ...]:
    """One clue that can be taken away so that all others stay; none where every one would take another along."""
    takable = []
    for clue in clues:
        left = {source.position: _without(source, [clue]).parts for source in whole}
        others = [other for other in clues if other is not clue]
        if all(other.text in left[other.position] for other in others):
            takable.append(clue)
    return (task.rng("taken").choice(takable),) if takable else ()


def payload_of(laid_out: LaidOut) -> dict[str, Any]:
    """What a query's payload says of its sources and clues; all numbers count from 1, and 0 is what was taken away."""
    shown = laid_out.shown
    numbers = {source.position: number for number, source in enumerate(shown, start=1)}
    clues = []
    for clue in laid_out.clues:
        stands = clue not in laid_out.taken
        number = numbers[clue.position] if stands else 0
        sentence = 0
        if stands:
            source = shown[number - 1]
            sentence = sentence_at(source.text, source.language, source.text.index(clue.text))
        clues.append({"source": number, "sentence": sentence, "text": clue.text, "shown": stands})
    gold = numbers.get(0, 0)
    stated = sorted({clue["source"] for clue in clues if clue["shown"]})
    hops = "multi" if len({clue.position for clue in laid_out.clues}) > 1 else "single"
    left = "part" if stated else "none"
    return {
        "sources": [source.text for source in shown],
        "languages": [source.language for source in shown],
        "gold": gold,
        "clues": clues,
        "hops": hops,
        "completeness": left if laid_out.taken else "complete",
        "shared": laid_out.shared,
        "must_cite": stated if clues else [gold],
    }


def sentence_at(source: str, language: str, offset: int) -> int:
    """The number, from 1, of the sentence that a place in a source lies in."""
    parts = sentences(source, language)
    begin = 0
    for number, part in enumerate(parts, start=1):
        begin += len(part) + 1
        if offset < begin:
            return number
    return len(parts)
