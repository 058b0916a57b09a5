"""What may be spent: by the recipe in all, by it on one day, and by one launch; one purse for all runs at once.

A call is sent only when every limit still holds the most that it can take; what it did not take is given back. Money is
counted when a reply is written to the journal, a moment before it: a kill between the two lets the purse look emptier
than it is until its last user is gone, never fuller. The truth is in the journal: whoever comes first, with nobody else
at work on the same purse, counts it anew.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from synth_assets.calls.sums import Spent
from synth_assets.errors import BudgetSpent
from synth_assets.identity import hash_of
from synth_assets.models.shared_state import Numbers, SharedNumbers
from synth_assets.recipe import Budget, Limits

KINDS = ("calls", "tokens", "usd", "hours")
POLL_S = 0.05

# The head: what is spent and what is set aside, by kind; a row: what its owner has set aside, and since when it runs.
_SPENT, _ASIDE = 0, 3
_HOURS = 6
_BEGUN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One purse: how the recipe names it, what it allows, and whose spending it counts."""

    name: str
    limits: Limits
    recipe: str
    launch: str = ""
    day: str = ""

    @property
    def file(self) -> str:
        return f"purse-{hash_of('purse', self.recipe, self.launch, self.day)[:16]}"


def scopes_of(budget: Budget, *, recipe: str, launch: str, day: str) -> list[Scope]:
    """The purses of a budget that limit anything; `day` is a date in UTC ("2026-11-21")."""
    scopes = [
        Scope(name="budget", limits=budget, recipe=recipe),
        Scope(name="budget.day", limits=budget.day, recipe=recipe, day=day),
        Scope(name="budget.run", limits=budget.run, recipe=recipe, launch=launch),
    ]
    return [scope for scope in scopes if any(getattr(scope.limits, kind) is not None for kind in KINDS)]


class Purse:
    """One scope's money, as one process holds it.

    Args:
        numbers: makes what the processes that pay from it share.
        spent: counts what the journal says was spent on the scope; asked only when nobody else is at work on it.
        now: the machine's monotonic clock.
    """

    def __init__(
        self, numbers: Numbers, scope: Scope, spent: Callable[[Scope], Spent], now: Callable[[], float]
    ) -> None:
        self.scope = scope
        self._now = now
        self._count = spent
        self._shared = numbers(scope.file, head=7, width=4, on_enter=self._entered, on_leave=self._left)

    @property
    def near(self) -> bool:
        """Whether a look takes microseconds."""
        return self._shared.near

    def close(self) -> None:
        """Leave; what was set aside is given back."""
        self._shared.close()

    def lock(self) -> None:
        self._shared.lock()

    def unlock(self) -> None:
        self._shared.unlock()

    def look(self, worst: tuple[float, float, float]) -> bool:
        """Whether a call of this size may leave now; False where it must wait for what others may give back.

        Under the lock. Raises BudgetSpent where waiting is of no use.
        """
        head = self._shared.head
        hours = self.scope.limits.hours
        if hours is not None:
            used = head[_HOURS] + self._running_s() / 3600
            if used >= hours:
                raise BudgetSpent(f"{self.scope.name}.hours: {used:,.2f} of {hours:g} hours are over")
        fits = True
        for place, value in enumerate(worst):
            limit = getattr(self.scope.limits, KINDS[place])
            if limit is None:
                continue
            most = limit * (1 + 1e-9)  # sums of dollars are not exact
            if head[_SPENT + place] + value > most:
                raise BudgetSpent(self._message(place, value))
            fits = fits and head[_SPENT + place] + head[_ASIDE + place] + value <= most
        return fits

    def set_aside(self, worst: tuple[float, float, float]) -> None:
        """Keep the most that a call can take. Under the lock."""
        for place, value in enumerate(worst):
            self._shared.head[_ASIDE + place] += value
            self._shared.row[place] += value

    def settle(self, worst: tuple[float, float, float], real: tuple[float, float, float]) -> None:
        """Give back what was set aside and count what was taken. Under the lock."""
        head, row = self._shared.head, self._shared.row
        for place, value in enumerate(worst):
            head[_SPENT + place] += real[place]
            head[_ASIDE + place] = max(0.0, head[_ASIDE + place] - value)
            row[place] = max(0.0, row[place] - value)

    def clear_the_dead(self) -> int:
        """Give back what killed processes had set aside; how many others live. Under the lock."""
        others = self._shared.others()
        rows = list(self._shared.living_rows())
        for place in range(3):  # a kill between the two writes of `set_aside` or `settle` leaves head and rows apart
            self._shared.head[_ASIDE + place] = sum(row[place] for row in rows)
        return others

    def _running_s(self) -> float:
        """For how long those have run who run now, together."""
        now = self._shared.time(self._now())
        return sum(now - row[_BEGUN] for row in self._shared.living_rows())

    def _entered(self, shared: SharedNumbers, alone: bool) -> None:
        head, row = shared.head, shared.row
        if alone:  # nobody spends while it is counted: whoever comes meanwhile waits for the lock
            before = self._count(self.scope)
            counted = (before.calls, before.tokens, before.usd, 0.0, 0.0, 0.0, before.seconds / 3600)
            for place, value in enumerate(counted):
                head[place] = value
        for place in range(3):  # none, but for one who comes back: its calls are still under way
            head[_ASIDE + place] += row[place]
        row[_BEGUN] = shared.time(self._now())

    def _left(self, shared: SharedNumbers, row: memoryview) -> None:
        head = shared.head
        for place in range(3):
            head[_ASIDE + place] = max(0.0, head[_ASIDE + place] - row[place])
        head[_HOURS] += max(0.0, shared.time(self._now()) - row[_BEGUN]) / 3600

    def _message(self, place: int, worst: float) -> str:
        kind = KINDS[place]
        spent, limit = self._shared.head[_SPENT + place], getattr(self.scope.limits, kind)
        name = f"{self.scope.name}.{kind}"
        if kind == "usd":
            return f"{name}: {spent:.4f} of {limit:.4f} USD are spent and the next call may cost {worst:.4f}"
        if kind == "calls":
            return f"{name}: {spent:,.0f} of {limit:,} calls are spent"
        return f"{name}: {spent:,.0f} of {limit:,} tokens are spent and the next call may take {worst:,.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What one call under way has set aside, and in which purses: a day may end before it is answered."""

    purses: tuple[Purse, ...]
    worst: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What one call under way had set aside, and what it took: {} where it was not answered."""

    reservation: Reservation
    real: Mapping[str, float]


class Ledger:
    """Every purse that a call of this run is paid from.

    Args:
        numbers: makes what the processes that pay from the purses share.
        spent: what the journal says was spent on a scope.
        today: the date in UTC.
        now: the machine's monotonic clock, in seconds.
    """

    def __init__(
        self,
        budget: Budget,
        numbers: Numbers,
        *,
        recipe: str,
        launch: str,
        spent: Callable[[Scope], Spent],
        today: Callable[[], str],
        now: Callable[[], float],
    ) -> None:
        self._budget = budget
        self._numbers = numbers
        self._recipe = recipe
        self._launch = launch
        self._spent = spent
        self._today = today
        self._now = now
        self._day = ""
        self._purses: tuple[Purse, ...] = ()
        self._closing: list[Purse] = []
        self.limits = frozenset(
            kind for limits in (budget, budget.day, budget.run) for kind in KINDS if getattr(limits, kind) is not None
        )

    def close(self) -> None:
        """Leave every purse."""
        for purse in (*self._purses, *self._closing):
            purse.close()
        self._purses, self._closing = (), []

    def open(self) -> bool:
        """Open the purses of today, where that is not done; whether a look at them takes microseconds."""
        self._turn_the_page()
        return all(purse.near for purse in self._purses)

    def try_reserve(self, worst: Mapping[str, float]) -> Reservation | None:
        """Set the most that a call can take aside; None where it must wait for what others may give back.

        Raises:
            BudgetSpent: a limit does not hold it, whatever the others give back.
        """
        self._turn_the_page()
        return self._try_reserve(worst)

    def trade(self, wishes: Sequence[Settlement | Mapping[str, float]]) -> list[Reservation | BudgetSpent | None]:
        """Settlements, and the worst of calls to reserve, in one look at purses that are far; a result for each.

        It opens no purse, so that it may be called from another thread. What comes behind a call that must wait waits
        as well.
        """
        results: list[Reservation | BudgetSpent | None] = []
        full = False
        with ExitStack() as locks:
            for purse in self._purses:
                purse.lock()
                locks.callback(purse.unlock)
            for wish in wishes:
                if isinstance(wish, Settlement):
                    self.settle(wish.reservation, wish.real)
                    results.append(None)
                    continue
                try:
                    found = None if full else self._try_reserve(wish)
                except BudgetSpent as spent:
                    results.append(spent)
                else:
                    full = found is None
                    results.append(found)
        return results

    def _try_reserve(self, worst: Mapping[str, float]) -> Reservation | None:
        amounts = (worst["calls"], worst["tokens"], worst["usd"])
        with ExitStack() as locks:
            for purse in self._purses:
                purse.lock()
                locks.callback(purse.unlock)
            if not all(purse.look(amounts) for purse in self._purses):
                for purse in self._purses:
                    purse.clear_the_dead()
                if not all(purse.look(amounts) for purse in self._purses):
                    return None
            for purse in self._purses:
                purse.set_aside(amounts)
        return Reservation(purses=self._purses, worst=amounts)

    def settle(self, reservation: Reservation, real: Mapping[str, float]) -> None:
        """Give back what a call set aside and count what it took: {} where it was not answered."""
        amounts = (real.get("calls", 0), real.get("tokens", 0), real.get("usd", 0.0))
        with ExitStack() as locks:
            for purse in reservation.purses:
                purse.lock()
                locks.callback(purse.unlock)
                purse.settle(reservation.worst, amounts)

    def _turn_the_page(self) -> None:
        """Open the purses, and the new day's when a day is over."""
        if not self.limits:
            return
        day = self._today()
        if day == self._day:
            return
        scopes = scopes_of(self._budget, recipe=self._recipe, launch=self._launch, day=day)
        held = {purse.scope.file: purse for purse in self._purses}
        turned = []
        with ExitStack() as opened:
            for scope in scopes:
                purse = held.pop(scope.file, None)
                if purse is None:
                    purse = Purse(self._numbers, scope, self._spent, self._now)
                    opened.callback(purse.close)
                turned.append(purse)
            opened.pop_all()  # all of them, or none is kept open
        self._closing.extend(held.values())  # calls under way still settle there
        self._purses, self._day = tuple(turned), day
