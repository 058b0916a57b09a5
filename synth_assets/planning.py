"""How a round adds candidates to a cell: how many, which sources, which draws. Pure: no database, no model.

A *source* is a section's content hash, or the id of a program's template. Sources are gone over in passes: every source
once before any twice, in an order fixed by the recipe's seed.
"""

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from synth_assets.exercises.base import Exercise, candidate_id
from synth_assets.identity import hash_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a candidate is made from; `section_id` and `seed_id` are empty for templates of a program."""

    source: str
    section_id: str = ""
    seed_id: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCounts:
    """How many candidates of a cell are in each state (sql/transforms/cell_counts.sql)."""

    last_round: int
    planned: int
    open: int
    refused: int
    duplicate: int
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What a cell still needs: `new` candidates now, and, if it is none, `why`."""

    new: int
    missing: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One new candidate: `replaces` is the accepted one it will supersede, if any."""

    candidate_id: str
    source: Source
    pass_number: int
    constraints: dict[str, str]
    replaces: str | None = None


def rows_short(counts: CellCounts, *, target: int, candidates_per_row: float, round_cap: int) -> Shortfall:
    """min(cap, missing / observed acceptance): how many new candidates a cell needs for its accepted rows.

    Open candidates count as what they will probably bring. Before anything has finished the acceptance is taken as 1;
    when everything was refused, as half a row of what finished, so that the next round is larger, not endless.
    """
    finished = counts.accepted + counts.refused + counts.duplicate
    rate = 1.0 if finished == 0 else max(counts.accepted, 0.5) / finished
    missing = max(0, target - counts.accepted)
    if missing == 0:
        return Shortfall(new=0, missing=0, why="target met")
    expected = target - counts.accepted - counts.open * rate
    if expected <= 0:
        return Shortfall(new=0, missing=missing, why=f"{counts.open} open candidates first")
    room = math.ceil(target * candidates_per_row) - counts.planned
    if room <= 0:
        return Shortfall(new=0, missing=missing, why=f"cap of {candidates_per_row:g} candidates a row is met")
    return Shortfall(new=min(round_cap, room, math.ceil(expected / rate)), missing=missing, why="")


def passes_short(counts: CellCounts, *, sources: int, passes: int, share: float, round_cap: int) -> Shortfall:
    """How many of the passes over all sources are not planned yet; a language takes its share of the passes.

    Superseded and withdrawn candidates count toward no target.
    """
    target = round(sources * passes * share)
    missing = max(0, target - counts.open - counts.refused - counts.duplicate - counts.accepted)
    return Shortfall(new=min(round_cap, missing), missing=missing, why="" if missing else "all passes planned")


def order_sources(
    pools: Mapping[str, Sequence[Source]], *, exercise: str, language: str, seed: int, english_share: float
) -> list[Source]:
    """The sources of a cell in drawing order: its own language's and English ones, mixed by share.

    A language without articles draws English ones, SYNTH's way for every language. The mix is even all the way down the
    list (the k-th of a share s stands at about k / s), so that the first ten rows have the shares of the first ten
    thousand.
    """
    if language == "en" or not pools.get(language):
        shares = {"en": 1.0}
    else:
        shares = {language: 1.0 - english_share, "en": english_share}
    places: list[tuple[float, str, Source]] = []
    for code, share in shares.items():
        if share <= 0:
            continue
        keyed = sorted((hash_of("draw", exercise, language, seed, item.source), item) for item in pools.get(code, ()))
        places.extend(((rank + 0.5) / share, key, item) for rank, (key, item) in enumerate(keyed))
    return [item for _, _, item in sorted(places, key=lambda place: place[:2])]


def next_draws(sources: Sequence[Source], next_pass: Mapping[str, int], count: int) -> list[tuple[Source, int]]:
    """The next `count` (source, pass) pairs: every source once before any twice, in the order of `sources`."""
    if not sources:
        return []
    heap = [(next_pass.get(item.source, 0), order) for order, item in enumerate(sources)]
    heapq.heapify(heap)
    draws = []
    for _ in range(count):
        pass_number, order = heap[0]
        draws.append((sources[order], pass_number))
        heapq.heapreplace(heap, (pass_number + 1, order))
    return draws


def plan_candidates(
    exercise: Exercise,
    *,
    language: str,
    seed: int,
    priors: Mapping[str, Mapping[str, float]],
    draws: Iterable[tuple[Source, int, str | None]],
) -> list[Planned]:
    """The candidates of these (source, pass, replaced candidate) draws, each with its constraint draw."""
    return [
        Planned(
            candidate_id=candidate_id(
                exercise=exercise.name, version=exercise.version, source=source.source,
                language=language, pass_number=pass_number, seed=seed,
            ),
            source=source,
            pass_number=pass_number,
            constraints=exercise.draw(key=source.source, pass_number=pass_number, language=language, priors=priors),
            replaces=replaces,
        )
        for source, pass_number, replaces in draws
    ]  # fmt: skip
