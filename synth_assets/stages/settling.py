"""What is finished is counted once: rounds of a cell of which nothing is open are settled, and not derived again.

The state of a candidate is derived from the step tables, by the view `candidate_states`. That reads every row there
ever was, so its counts are kept in `settled_rounds` for rounds that are finished. Whoever asks then derives the rest
alone, and reads of each table the rows since the first round that is not settled; what was written last lies together.

What is settled cannot disagree in silence. Every row of the tables that decide bears a stamp, made of its time and of
what it decides, and a settled round keeps the sum. Before anything is answered, the stamps that are settled and those
that are derived are held against the sum of all rows (`unaccounted_cells`, which reads times alone). A row that was
written anew, taken away or added makes a difference, and what is settled of its cell is forgotten and derived again. So
statements that change finished rows need not tell anybody. Those that do (`unsettle_candidates`) save that work.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from synth_assets.stages.work import Work
from synth_assets.warehouse import Transaction

# Candidates of the rounds that are summed up in one transaction: some ten seconds where none of them was before.
CHUNK = 1_000_000


@contextmanager
def live_states(open_: Transaction, *, checked: bool = True) -> Iterator[None]:
    """In the block, `candidate_states` holds what is not settled, and `cell_groups` all that there is.

    Without it both are as true, and read every row.

    Args:
        checked: False leaves out whether what is settled agrees with all rows: for figures that are shown and decide
            nothing.
    """
    is_live = not checked or _agree(open_)
    if not checked:
        open_.note("transforms/set_live", live=True)
    try:
        yield
    finally:
        if is_live:
            open_.note("transforms/set_live", live=False)


@contextmanager
def reading_live(
    work: Work, purpose: str, judge_share: float
) -> Iterator[tuple[Transaction, AbstractContextManager[None]]]:
    """A transaction, and the block of it in which states are live, checked as `live_states` does.

    It only reads, so that on a lake it waits for no writer; where something of what is settled must be forgotten first,
    it is one that writes.

    Args:
        judge_share: the share of rows that a judge sees, by which it is told who is to be judged still.
    """
    with work.warehouse.reading(purpose) as open_:
        if _is_in_order(open_, judge_share):
            yield open_, live_states(open_, checked=False)
            return
    with work.warehouse.transaction(purpose) as open_:
        yield open_, live_states(open_)


def _is_in_order(open_: Transaction, judge_share: float) -> bool:
    """Whether nothing of what is settled must be forgotten."""
    if open_.rows("transforms/linked_rounds") or open_.rows("transforms/drawn_rounds", judge_share=judge_share):
        return False
    open_.note("transforms/set_live", live=True)
    try:
        return not open_.rows("transforms/unaccounted_cells")
    finally:
        open_.note("transforms/set_live", live=False)


def _agree(open_: Transaction) -> bool:
    """Make the views live where what is settled agrees with the rows; whether they are."""
    unsettle_rounds(open_, open_.rows("transforms/linked_rounds"))
    open_.note("transforms/set_live", live=True)
    found = open_.rows("transforms/unaccounted_cells")
    if found:
        unsettle(
            open_, "transforms/unsettle_cells", exercises=[row["exercise"] for row in found],
            languages=[row["language"] for row in found],
        )  # fmt: skip
        # rows that are older than the plans they follow are in no live view
        if open_.rows("transforms/unaccounted_cells"):
            open_.note("transforms/set_live", live=False)
            return False
    return True


def states_of(open_: Transaction, candidate_ids: Sequence[str]) -> dict[str, str]:
    """The states of these candidates, derived from all their rows; of candidates that are not planned there is none."""
    if not candidate_ids:
        return {}
    with among(open_, candidate_ids):
        return {row["candidate_id"]: row["state"] for row in open_.rows("transforms/states_among")}


@contextmanager
def among(open_: Transaction, candidate_ids: Sequence[str]) -> Iterator[None]:
    """In the block, `candidate_states` holds these candidates and no others."""
    open_.note("transforms/set_among", candidate_ids=list(candidate_ids))
    try:
        yield
    finally:
        open_.note("transforms/set_among", candidate_ids=None)


def standing(open_: Transaction, language: str, kept_ids: Sequence[str]) -> set[str]:
    """Those of these candidates, which were kept, that are accepted still.

    Most often nobody has to look, for all are; else states are derived of those alone that may be gone.
    """
    if not kept_ids:
        return set()
    with live_states(open_):
        (found,) = open_.rows("transforms/kept_and_gone", language=language)
        if not found["gone"]:
            return set(kept_ids)
        suspects = {row["candidate_id"] for row in open_.rows("transforms/kept_perhaps_gone", language=language)}
    states = states_of(open_, [name for name in kept_ids if name in suspects])
    return {name for name in kept_ids if name not in suspects or states.get(name) == "accepted"}


def unsettle(open_: Transaction, name: str, /, **params: Any) -> None:
    """Forget by the statement sql/<name>.sql what is settled of some rounds, and look back as far as that takes."""
    if open_.execute(name, **params):
        open_.note("transforms/set_open_since")
        open_.note("transforms/set_rows_since")


def unsettle_rounds(open_: Transaction, rounds: Sequence[Mapping[str, Any]]) -> None:
    """Forget what is settled of these rounds, each an exercise, a language and a number; of none nothing is written."""
    if rounds:
        named = {f"{name}s": [row[name] for row in rounds] for name in ("exercise", "language", "round")}
        unsettle(open_, "transforms/unsettle_rounds", **named)


def settle(work: Work, cells: Sequence[tuple[str, str]]) -> int:
    """Sum up the finished rounds of these cells that are not yet, in short transactions; how many rows were written.

    Many cells cost no more than one of as many candidates: what is not settled is read once, whosever it is.
    """
    if not cells:
        return 0
    written = 0
    here = {"exercises": sorted({cell[0] for cell in cells}), "languages": sorted({cell[1] for cell in cells})}
    found = work.warehouse.read("transforms/unsettled_rounds", **here)
    asked = set(cells)
    rounds = [row for row in found if (row["exercise"], row["language"]) in asked]
    while rounds:
        chunk = _chunk(rounds)
        rounds = rounds[len(chunk) :]
        exercises, languages = [row["exercise"] for row in chunk], [row["language"] for row in chunk]
        with work.warehouse.transaction("settling rounds") as open_:
            open_.note("transforms/set_live", live=True)
            written += open_.execute(
                "transforms/settle_rounds", exercises=exercises, languages=languages,
                rounds=[row["round"] for row in chunk], all_exercises=sorted(set(exercises)),
                all_languages=sorted(set(languages)),
            )  # fmt: skip
    return written


def _chunk(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first rounds that have no more than CHUNK candidates together, at least one."""
    planned = 0
    for place, row in enumerate(rounds):
        planned += row["planned"]
        if planned > CHUNK and place:
            return rounds[:place]
    return rounds
