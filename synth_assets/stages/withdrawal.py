"""Taking something out of the dataset with all that descends from it, and bringing it back.

An *order* names an article's address (in all its revisions, those to come included), one revision of it, a licence (of
all articles under it, those to come included), a section (its text, in all revisions of its article) or a candidate.
It is a row of `withdrawal_orders` and is never deleted, only undone. A candidate descends from what an order takes out
when its own section does, or one of the neighbours that it was planned with. Another article that holds the same text
is another source; it is named, so that a person can decide.

The order, the mark on every descendant and the removal of its samples are one transaction. From then on no stage asks a
model about them, releases leave them out, and their sections are drawn from no more, nor shown as neighbours. The rest
is done afterwards, group by group, or by the next run of the cells where the process is killed: the duplicates of rows
that left are decided anew, so that the next best is promoted.

Undoing removes the marks. Where nothing else has changed, the accepted candidates are those of before to the last id:
the verdicts that were set aside when their keepers left stand again, and what was promoted in its place is a duplicate
again. Where other rows were kept in a group meanwhile, the rows that come back are compared with what is there, and
what matches stays out, as a duplicate.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from synth_assets.errors import NotWithdrawable, WarehouseBroken
from synth_assets.exercises import EXERCISES
from synth_assets.identity import hash_of
from synth_assets.stages.duplicates import decide_orphans, group_lock, leave_indexes
from synth_assets.stages.settling import unsettle
from synth_assets.stages.work import Work, now
from synth_assets.warehouse import Transaction, Warehouse

Scope = Literal["url", "seed", "licence", "section", "candidate"]
# One order at a time: what one finds is what it changes.
LOCK = "withdrawals"
# Where every order stands a second time, since nothing else could tell them when the database is damaged.
NOTED = "withdrawal_orders.json"

Group = tuple[str, str]  # family and language


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What an order, or its undoing, did; with `dry_run` what it would do, but for what is decided about duplicates.

    Attributes:
        value: what was withdrawn as the corpus writes it; a beginning of an id is given in full.
        undone: True where the order was undone.
        already: True where the order stood before, and only what was left over was done; `reason` is the standing one.
        candidates: how many it marks, or marked until it was undone.
        cells: [{"exercise", "language", and how many of its candidates were in each state}], as they were before.
        sections: sections that are drawn from no more, or again.
        samples: samples that were taken out.
        promoted: candidates that were duplicates and are accepted now.
        demoted: candidates that were promoted, and are duplicates again because their keeper returned.
        stay_out: candidate -> its keeper, of those that were accepted before the withdrawal and match a row that was
            kept since.
        waiting: candidates to be decided by the next run of their cell, because no encoder here has read them all.
        same_text: articles, 20 at most, that stay and hold the text of a section that went.
        seconds: time of the transaction that marks or unmarks.
    """

    order_id: str
    scope: Scope
    value: str
    reason: str
    undone: bool
    already: bool
    dry_run: bool
    candidates: int
    cells: tuple[dict[str, Any], ...]
    sections: int
    samples: int
    promoted: tuple[str, ...] = ()
    demoted: tuple[str, ...] = ()
    stay_out: dict[str, str]
    waiting: tuple[str, ...] = ()
    same_text: tuple[str, ...] = ()
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAgain:
    """What `give_again` did: the orders that were missing and stand now; and those that still stand in the database but
    had been undone, each as {"scope", "value"}."""

    given: int = 0
    undone_since: tuple[dict[str, str], ...] = ()


class _DryRunError(Exception):
    """Ends a transaction of which nothing is to be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """What a standing order reaches: counts of each cell, and the candidates of each group that were kept."""

    cells: tuple[dict[str, Any], ...]
    kept: dict[Group, list[str]]
    candidates: int
    sections: int
    same_text: tuple[str, ...]


def withdraw(work: Work, scope: Scope, value: str, reason: str, *, dry_run: bool = False) -> Withdrawal:
    """Give an order. One that stands already is carried out where it was not to its end, and is otherwise as it was.

    Args:
        value: an address; a seed's, section's or candidate's id or its beginning, or a synth_id; an SPDX identifier in
            any case.
        reason: why, in words that may stand on the card of a release.

    Raises:
        NotWithdrawable: nothing of this scope bears the name, or more than one thing's id begins with it.
        ValueError: the reason is empty.
    """
    if not reason.strip():
        raise ValueError("a reason is needed: releases give it beside what they leave out")
    with work.exclusive(LOCK):
        promoted: list[str] = []
        waiting: list[str] = []
        with _transaction(work, "withdrawing", dry_run) as open_:
            began = time.monotonic()
            value = _known(open_, scope, value)
            standing = _standing(open_, scope, value)
            order = standing or _give(open_, work, scope, value, reason.strip())
            reach = _reach(open_, order["order_id"])
            open_.execute("transforms/insert_withdrawn_of_order", order_id=order["order_id"])
            unsettle(open_, "transforms/unsettle_withdrawn", order_id=order["order_id"])
            samples = open_.execute("transforms/delete_withdrawn_samples")
        seconds = time.monotonic() - began
        if not dry_run:
            _note(work.warehouse)
        for (family, language), kept in {} if dry_run else reach.kept.items():
            with work.exclusive(group_lock(family, language)):
                leave_indexes(work, family, language, kept)
                again = decide_orphans(work, family, language)
            promoted += [verdict.candidate_id for verdict in again.verdicts if verdict.verdict == "kept"]
            waiting += again.waiting
    return Withdrawal(
        order_id=order["order_id"], scope=scope, value=value, reason=order["reason"], undone=False,
        already=standing is not None, dry_run=dry_run, candidates=reach.candidates, cells=reach.cells,
        sections=reach.sections, samples=samples, promoted=tuple(sorted(promoted)), stay_out={},
        waiting=tuple(sorted(waiting)), same_text=reach.same_text, seconds=seconds,
    )  # fmt: skip


def undo(work: Work, scope: Scope, value: str, reason: str = "", *, dry_run: bool = False) -> Withdrawal:
    """Undo an order: what it alone had taken out is there again.

    Args:
        reason: why, where that is to be kept.

    Raises:
        NotWithdrawable: nothing of this scope bears the name, or it is not withdrawn; the text says what is.
    """
    with work.exclusive(LOCK), ExitStack() as held:
        with work.warehouse.transaction("reading an order") as open_:
            value = _known(open_, scope, value)
            order = _standing(open_, scope, value)
            if order is None:
                raise NotWithdrawable(f"{scope} {value!r} is not withdrawn; {_in_force(open_)}")
            groups = _reach(open_, order["order_id"]).kept
        # Nobody else may decide in a group while rows come back; each waits for nothing but the database and its
        # index while it holds one, so that holding several blocks nobody for good.
        for family, language in sorted(groups):
            held.enter_context(work.exclusive(group_lock(family, language)))
        again: dict[Group, list[str]] = {}
        with _transaction(work, "undoing a withdrawal", dry_run) as open_:
            began = time.monotonic()
            reach = _reach(open_, order["order_id"])
            unsettle(open_, "transforms/unsettle_withdrawn", order_id=order["order_id"])
            open_.execute("transforms/undo_withdrawal_order", order_id=order["order_id"], reason=reason.strip() or None)
            open_.execute("transforms/delete_withdrawals_of_order", order_id=order["order_id"])
            demoted = _verdicts_return(open_)
            for (family, language), kept in reach.kept.items():
                back = [row["candidate_id"] for row in open_.rows("transforms/standing_candidates", candidate_ids=kept)]
                if back and _others_since(open_, family, language, order["ordered_at"], back):
                    open_.execute("transforms/delete_verdicts_of_candidates", candidate_ids=back)
                    again[family, language] = back
        seconds = time.monotonic() - began
        if not dry_run:
            _note(work.warehouse)
        promoted: list[str] = []
        waiting: list[str] = []
        stay_out: dict[str, str] = {}
        for family, language in () if dry_run else sorted(groups):
            leave_indexes(work, family, language, demoted)
            back = set(again.get((family, language), ()))
            decided = decide_orphans(work, family, language, back)
            waiting += decided.waiting
            for verdict in decided.verdicts:
                if verdict.candidate_id in back:
                    if verdict.verdict == "duplicate":
                        stay_out[verdict.candidate_id] = verdict.keeper_id
                elif verdict.verdict == "kept":
                    promoted.append(verdict.candidate_id)
    # what lost its place and was decided once more, because its keeper stays out, may have it again
    kept_again = set(demoted) & set(promoted)
    promoted, demoted = ([each for each in ids if each not in kept_again] for ids in (promoted, demoted))
    return Withdrawal(
        order_id=order["order_id"], scope=scope, value=value, reason=order["reason"], undone=True, already=False,
        dry_run=dry_run, candidates=reach.candidates, cells=reach.cells, sections=reach.sections, samples=0,
        promoted=tuple(sorted(promoted)), demoted=tuple(demoted), stay_out=stay_out, waiting=tuple(sorted(waiting)),
        seconds=seconds,
    )  # fmt: skip


def give_again(warehouse: Warehouse) -> GivenAgain:
    """Give the orders again that a database lacks which took another's place: those that are noted beside it.

    What descends from them is marked by the next runs of its cells. An order that was undone since the database was
    copied is left standing, because to undo it is more than to forget it.

    Raises:
        WarehouseBroken: the note cannot be read.
    """
    content = warehouse.blobs.read(NOTED)
    if content is None:
        return GivenAgain()
    try:
        noted = json.loads(content)
        for row in noted:
            row |= {name: row[name] and datetime.fromisoformat(row[name]) for name in ("ordered_at", "undone_at")}
        with warehouse.transaction("giving orders again") as open_:
            there = {row["order_id"]: row for row in open_.rows("transforms/every_withdrawal_order")}
            given = open_.insert("withdrawal_orders", noted)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WarehouseBroken(
            f"{NOTED} beside the database: is no list of orders ({error}); remove it, and withdraw what it held again"
        ) from error
    undone = (row for row in noted if row["undone_at"] is not None and row["order_id"] in there)
    standing = (row for row in undone if there[row["order_id"]]["undone_at"] is None)
    return GivenAgain(
        given=given, undone_since=tuple({"scope": row["scope"], "value": row["value"]} for row in standing)
    )


def _note(warehouse: Warehouse) -> None:
    rows = warehouse.read("transforms/every_withdrawal_order")
    warehouse.blobs.write(NOTED, json.dumps(rows, default=datetime.isoformat, ensure_ascii=False, indent=1).encode())


@contextmanager
def _transaction(work: Work, purpose: str, dry_run: bool) -> Iterator[Transaction]:
    """A transaction of which nothing is written on a dry run."""
    with suppress(_DryRunError), work.warehouse.transaction(purpose) as open_:
        yield open_
        if dry_run:
            raise _DryRunError


def _give(open_: Transaction, work: Work, scope: Scope, value: str, reason: str) -> dict[str, Any]:
    before = len(open_.rows("transforms/withdrawal_orders_before", scope=scope, value=value))
    order = {
        "order_id": hash_of("withdrawal", scope, value, before)[:16],
        "scope": scope,
        "value": value,
        "reason": reason,
        "ordered_at": now(),
        "ordered_by": work.run_id,
    }
    open_.insert("withdrawal_orders", [order])
    return order


def _standing(open_: Transaction, scope: Scope, value: str) -> dict[str, Any] | None:
    rows = open_.rows("transforms/withdrawal_orders_standing", scope=scope, value=value)
    return rows[0] if rows else None


def _reach(open_: Transaction, order_id: str) -> _Reach:
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    kept: dict[Group, list[str]] = {}
    rows = open_.rows("transforms/withdrawal_effects", order_id=order_id)
    for row in rows:
        cell = cells.setdefault((row["exercise"], row["language"]), {name: row[name] for name in _CELL})
        cell[row["state"]] = row["candidates"]
        exercise = EXERCISES.get(row["exercise"])
        if row["kept"] and exercise is not None:  # nothing is compared with rows of one that is registered no longer
            kept.setdefault((exercise.duplicate_rule.family, row["language"]), []).extend(row["kept"])
    sections = open_.rows("audit/withdrawal_sections", order_id=order_id)
    same_text = open_.rows("audit/withdrawal_same_text", order_id=order_id)
    return _Reach(
        cells=tuple(cells.values()),
        kept=kept,
        candidates=sum(row["candidates"] for row in rows),
        sections=sum(row["sections"] for row in sections),
        same_text=tuple(row["url"] for row in same_text),
    )


_CELL = ("exercise", "language")


def _verdicts_return(open_: Transaction) -> list[str]:
    """Put the verdicts back whose keepers are accepted again; the candidates that were accepted meanwhile."""
    returning = open_.rows("transforms/verdicts_that_return")
    if returning:
        ids = [row["candidate_id"] for row in returning]
        unsettle(open_, "transforms/unsettle_candidates", candidate_ids=ids)
        open_.execute("transforms/delete_verdicts_of_candidates", candidate_ids=ids)
        open_.execute(
            "transforms/insert_verdicts_that_return", candidate_ids=ids,
            keeper_ids=[row["keeper_id"] for row in returning],
        )  # fmt: skip
        open_.execute("transforms/delete_samples_of_candidates", candidate_ids=ids)
    open_.execute("transforms/delete_verdicts_set_aside")
    return [row["candidate_id"] for row in returning if row["state"] == "accepted"]


def _others_since(open_: Transaction, family: str, language: str, since: datetime, back: list[str]) -> bool:
    """Whether a row of the group was kept since that was not there before, so that `back` was never held against it."""
    return bool(open_.rows("transforms/kept_since", family=family, language=language, since=since, candidate_ids=back))


# --- what is there


def _known(open_: Transaction, scope: Scope, value: str) -> str:
    """The name as the corpus writes it.

    Raises:
        NotWithdrawable: see `withdraw`.
    """
    value = value.strip()
    found = [row["value"] for row in open_.rows("audit/withdrawable", scope=scope, value=value)] if value else []
    if value in found:
        return value
    if len(found) == 1:
        return found[0]
    if found:
        raise NotWithdrawable(f"more than one {scope} begins with {value!r} ({', '.join(found)}, ...): give more of it")
    raise NotWithdrawable(f"there is no {scope} {value!r}{_hint(open_, scope, value)}")


def _hint(open_: Transaction, scope: Scope, value: str) -> str:
    if scope == "candidate":
        return "; ids of candidates stand in the samples table and in `synth-assets trace`"
    if scope == "url":
        rows = open_.rows("audit/withdrawable_by_section", value=value)
        if rows:
            url, section = rows[0]["url"], rows[0]["section_id"]
            return f", but a section at this address: take --url {url} for its article, or --section {section}"
    rows = open_.rows("audit/withdrawable_nearest", scope=scope, value=value)
    if not rows:
        return "; no article was read yet"
    there = ", ".join(f"{row['value']} ({row['what']})" for row in rows)
    return f"; nearest to it: {there}"


def _in_force(open_: Transaction) -> str:
    rows = open_.rows("audit/withdrawal_orders")
    if not rows:
        return "nothing is"
    named = ", ".join(f"{row['scope']} {row['value']}" for row in rows[:10])
    return f"what is: {named}" + (f" and {len(rows) - 10} more" if len(rows) > 10 else "")
