"""The work of one step of one cell in 256 shards, which runs claim side by side and let go when they are carried.

A shard is the first two hex digits of candidates' ids, which are hashes: every shard of a cell is about as large. Who
carries a shard holds its lock, which ends with the process however that ends; whoever is left takes it over. A run
that loses a lock and lives (its server was away for long) is told before it writes and ends there: what it asked
meanwhile another may have asked too, and the first row stands.

- A work list of some hundred candidates is one claim of all its shards: one look at what is open, as if nobody shared.
- A larger one goes in claims that shrink with what is left (guided self-scheduling: Polychronopoulos and Kuck 1987,
  doi:10.1109/TC.1987.5009495), at most a half of everybody's even share, so that all end at about the same time and a
  slow one holds little; never under 64 candidates, so that looking for work costs little beside doing it.
- Where all that is open is held by others a run waits for them as long as rows come. A holder that is stuck does not
  hold the cell: after ten minutes without a row the run goes on with what is finished and says what it left.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from synth_assets.identity import hash_of
from synth_assets.sharing.locks import Taken
from synth_assets.stages.work import Work

SHARDS = 256
# Candidates: what is claimed as one from the beginning, and the most and the least of a later claim.
WHOLE = 500
MOST = 5_000
LEAST = 64
# Who carries a large step takes a seat, so that everybody knows how many share it; who finds none still works.
SEATS = 16
POLL_S = 1.0
LOOK_S = 15.0
# Longer than an endpoint may keep a run trying before it is called unreachable (30 s), shorter than a night. No recipe
# sets it: it changes what is made when, never what. A model that may take longer for one reply has twice its timeout.
STUCK_S = 600.0

COUNTS = {
    "queries": "transforms/count_open_queries",
    "reasoning_drafts": "transforms/count_open_reasoning_drafts",
    "answers": "transforms/count_open_answers",
    "judgements": "transforms/count_open_judgements",
}


def shard_of(candidate_id: str) -> str:
    """The shard of a candidate: "00" to "ff"."""
    return candidate_id[:2]


def count_open(work: Work, exercise: str, language: str, table: str, **listing: Any) -> dict[str, int]:
    """How many candidates of a cell wait for a step, by shard; shards without any are left out.

    `listing` are the parameters of the step's work list that are its own (judgements: `judge_share`).
    """
    rows = work.warehouse.read(COUNTS[table], exercise=exercise, language=language, **listing)
    return {row["shard"]: row["open"] for row in rows}


class Claim:
    """Shards that this run alone carries until it lets them go.

    Attributes:
        shards: their names, in order.
        under_way: candidates that were handed out and are not written yet.
        all_read: whether the whole of their work list was handed out.
    """

    def __init__(self, shards: list[str], taken: list[Taken]) -> None:
        self.shards = sorted(shards)
        self.under_way: set[str] = set()
        self.all_read = False
        self._taken = taken

    @property
    def done(self) -> bool:
        return self.all_read and not self.under_way

    def check(self) -> None:
        """Ask whether all of them are this run's still, before rows are written that it made for them.

        Raises:
            WarehouseBroken: another run has one of them by now (`Taken.check`).
        """
        for taken in list(self._taken):
            taken.check()

    def release(self) -> None:
        """Let others have them."""
        while self._taken:
            self._taken.pop().release()


class Shards:
    """The shards of one step of one cell, as one run claims them. A context manager, which lets everything go.

    Args:
        listing: the parameters of the step's work list that are its own (judgements: `judge_share`).
        helping: whether this run helps another, which is the one to wait for what is left.
        until: asked before every claim; a run that it tells to stop claims nothing more.
    """

    def __init__(
        self, work: Work, exercise: str, language: str, table: str, *, listing: dict[str, Any], helping: bool = False,
        until: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self.left = 0
        self._work = work
        self._cell = (exercise, language)
        self._table = table
        self._listing = listing
        self._helping = helping
        self._until = until
        self._name = f"{exercise}-{language}-{table}"
        self._first_open: int | None = None
        self._whole = 0 if helping else WHOLE
        self._more = True
        self._claims: list[Claim] = []
        self._passed_over: set[str] = set()
        self._seat: Taken | None = None
        # Everybody begins elsewhere, so that two who look at the same moment seldom reach for the same shards.
        self._offset = int(hash_of(work.run_id)[:2], 16)
        self._stuck_s = max(STUCK_S, *(2 * entry.timeout_s for entry in work.recipe.models.all()))

    def __enter__(self) -> "Shards":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        if self._seat is not None:
            self._seat.release()

    @property
    def open_at_first(self) -> int:
        """How many candidates were open when this run came."""
        return self._first_open or 0

    def next(self) -> Claim | None:
        """A claim of what nobody holds; None where there is nothing, or where somebody else has it."""
        if not self._more or self._until():
            return None
        return self._take(self._count())

    def next_or_wait(self) -> Claim | None:
        """A claim of what nobody holds. Where others hold all that is open, wait for them.

        Returns None when nothing is open any more, or when no row has come for so long that the holders must be stuck;
        `left` is then how many candidates they hold.
        """
        if self._until():
            return None
        counts = self._count()
        if self._helping:
            return self._take(counts)
        seen, since = -1, time.monotonic()
        while counts:
            claim = self._take(counts)
            if claim is not None:
                return claim
            held = sum(counts.values())
            if held != seen:
                if seen < 0:
                    self._work.log.info("%s: %d candidates are carried by other runs; waiting", self._name, held)
                seen, since = held, time.monotonic()
            elif time.monotonic() - since >= self._stuck_s:
                self._work.log.warning(
                    "%s: %d candidates are held by a run that has written nothing for %.0f s; they stay open",
                    self._name, held, self._stuck_s,
                )  # fmt: skip
                self.left = held
                return None
            counts = self._look_again(counts)
        return None

    def pass_over(self, candidate_ids: list[str]) -> list[str]:
        """These candidates without those that this run has had in hand: their replies come by a batch."""
        return [candidate for candidate in candidate_ids if candidate not in self._passed_over]

    def let_go(self, claim: Claim) -> None:
        """Release one claim, all of which is written."""
        self._claims.remove(claim)
        claim.release()

    def release(self) -> None:
        """Release everything; what was handed out and brought no row is not claimed again by this run."""
        while self._claims:
            claim = self._claims.pop()
            self._passed_over |= claim.under_way
            claim.release()

    def _count(self) -> dict[str, int]:
        """Open candidates by shard, but for those that this run holds or has had in hand."""
        # Before the look: a claim let go meanwhile may be counted with what is written by now, and is found empty then.
        held = {shard for claim in list(self._claims) for shard in claim.shards}
        counts = count_open(self._work, *self._cell, self._table, **self._listing)
        if self._first_open is None:
            self._first_open = sum(counts.values())
        over = Counter(map(shard_of, self._passed_over))
        return {
            shard: count - over[shard] for shard, count in counts.items() if count > over[shard] and shard not in held
        }

    def _look_again(self, counts: dict[str, int]) -> dict[str, int]:
        """What is open after a while, or as soon as somebody has let something go."""
        end = time.monotonic() + LOOK_S
        while time.monotonic() < end:
            time.sleep(POLL_S)
            if self._until():
                return {}
            with self._work.warehouse.locks.try_take(map(self._lock_of, counts)) as free:
                found = bool(free)
            if found:  # carried to its end as a rule, and to be counted anew in any case
                break
        return self._count()

    def _take(self, counts: dict[str, int]) -> Claim | None:
        total = sum(counts.values())
        wanted = self._size(total)
        waiting = sorted(counts, key=lambda shard: (int(shard, 16) - self._offset) % SHARDS, reverse=True)
        got: list[str] = []
        taken: list[Taken] = []
        size = 0
        try:
            while waiting and size < wanted:
                names: dict[str, str] = {}
                expected = size
                while waiting and expected < wanted:
                    shard = waiting.pop()
                    names[self._lock_of(shard)] = shard
                    expected += counts[shard]
                found = self._work.warehouse.locks.try_take(list(names))
                taken.append(found)
                got += [names[name] for name in found.names]
                size += sum(counts[names[name]] for name in found.names)
        except BaseException:
            for each in taken:
                each.release()
            raise
        self._more = size < total
        if not got:
            return None
        self._whole = 0
        claim = Claim(got, taken)
        self._claims.append(claim)
        return claim

    def _lock_of(self, shard: str) -> str:
        return f"shard-{self._name}-{shard}"

    def _size(self, total: int) -> int:
        """How many candidates to claim of so many that are open."""
        if total <= self._whole:
            return total
        return min(MOST, max(LEAST, total // (2 * self._claimants())))

    def _claimants(self) -> int:
        """How many runs have a seat at this step, this one among them."""
        seats = [f"seat-{self._name}-{number:02d}" for number in range(SEATS)]
        own = list(self._seat.names) if self._seat is not None else []
        free = self._work.warehouse.locks.try_take([seat for seat in seats if seat not in own])
        others = SEATS - len(own) - len(free.names)
        keep = 0 if own else 1
        free.release(list(free.names)[keep:])
        if not own and free.names:
            self._seat = free
        return others + 1
