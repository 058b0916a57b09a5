"""What may be spent, over runs that share a purse."""

import multiprocessing
import os
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import Call
from synth_assets.calls.sums import Spent
from synth_assets.errors import BudgetSpent, WarehouseBroken
from synth_assets.models.budget import Ledger, Scope
from synth_assets.models.shared_state import numbers_in
from synth_assets.recipe import Budget, Limits

WORST = {"calls": 1, "tokens": 100, "usd": 0.5}
TODAY = "2026-01-02"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.today = TODAY


def nothing(scope: Scope) -> Spent:
    return Spent()


def ledger(
    budget: Budget, folder: Path, *, spent: Callable[[Scope], Spent] = nothing, clock: Clock | None = None,
    recipe: str = "mine", launch: str = "launch",
) -> Ledger:  # fmt: skip
    passing = clock or Clock()
    return Ledger(
        budget,
        numbers_in(folder),
        recipe=recipe,
        launch=launch,
        spent=spent,
        today=lambda: passing.today,
        now=lambda: passing.now,
    )


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        (Budget(calls=2), "budget.calls: 2 of 2 calls are spent"),
        (Budget(tokens=250), "budget.tokens: 200 of 250 tokens are spent and the next call may take 100"),
        (Budget(usd=1.2), "budget.usd: 1.0000 of 1.2000 USD are spent and the next call may cost 0.5000"),
        (Budget(day=Limits(calls=2)), "budget.day.calls: 2 of 2 calls are spent"),
        (
            Budget(run=Limits(tokens=299)),
            "budget.run.tokens: 200 of 299 tokens are spent and the next call may take 100",
        ),
    ],
)
def test_every_limit_of_every_scope_ends_the_calls_and_is_named(tmp_path: Path, budget: Budget, message: str) -> None:
    purse = ledger(budget, tmp_path)
    for _ in range(2):
        reservation = purse.try_reserve(WORST)
        assert reservation is not None
        purse.settle(reservation, WORST)
    with pytest.raises(BudgetSpent, match=message.replace(".", r"\.")):
        purse.try_reserve(WORST)


def test_what_others_have_under_way_is_waited_for_and_not_overspent(tmp_path: Path) -> None:
    one, other = ledger(Budget(calls=1), tmp_path), ledger(Budget(calls=1), tmp_path)
    under_way = one.try_reserve(WORST)
    assert under_way is not None
    assert other.try_reserve(WORST) is None
    one.settle(under_way, {})
    assert other.try_reserve(WORST) is not None


def test_a_call_gives_back_what_it_did_not_take(tmp_path: Path) -> None:
    purse = ledger(Budget(tokens=150), tmp_path)
    for _ in range(5):
        reservation = purse.try_reserve(WORST)
        assert reservation is not None
        purse.settle(reservation, {"calls": 1, "tokens": 10, "usd": 0.0})
    purse.settle(purse.try_reserve(WORST), {"calls": 1, "tokens": 10})
    with pytest.raises(BudgetSpent, match="60 of 150"):
        purse.try_reserve(WORST)


def test_what_the_journal_says_counts_for_who_comes_first(tmp_path: Path) -> None:
    seen: list[Scope] = []

    def spent(scope: Scope) -> Spent:
        seen.append(scope)
        return Spent(calls=9)

    first = ledger(Budget(calls=10), tmp_path, spent=spent)
    assert first.try_reserve(WORST) is not None
    second = ledger(Budget(calls=10), tmp_path, spent=spent)
    assert second.try_reserve(WORST) is None  # the first one's call is under way: its nine and that are ten
    assert [scope.name for scope in seen] == ["budget"]


def test_a_new_day_has_its_own_purse(tmp_path: Path) -> None:
    clock = Clock()
    purse = ledger(Budget(day=Limits(calls=1)), tmp_path, clock=clock)
    purse.settle(purse.try_reserve(WORST), WORST)
    with pytest.raises(BudgetSpent):
        purse.try_reserve(WORST)
    clock.today = "2026-01-03"
    assert purse.try_reserve(WORST) is not None


def test_another_launch_has_its_own_purse_and_another_recipe_too(tmp_path: Path) -> None:
    budget = Budget(calls=2, run=Limits(calls=1))
    one = ledger(budget, tmp_path)
    one.settle(one.try_reserve(WORST), WORST)
    with pytest.raises(BudgetSpent, match=r"budget\.run\.calls"):
        one.try_reserve(WORST)
    other = ledger(budget, tmp_path, launch="another")
    other.settle(other.try_reserve(WORST), WORST)
    with pytest.raises(BudgetSpent, match=r"budget\.calls"):
        ledger(budget, tmp_path, launch="third").try_reserve(WORST)
    assert ledger(budget, tmp_path, recipe="yours").try_reserve(WORST) is not None


def test_hours_count_while_a_run_asks_and_those_of_runs_before(tmp_path: Path) -> None:
    clock = Clock()
    purse = ledger(Budget(hours=2), tmp_path, clock=clock, spent=lambda scope: Spent(seconds=3600))
    assert purse.try_reserve(WORST) is not None
    clock.now += 3000
    assert purse.try_reserve(WORST) is not None
    clock.now += 1000
    with pytest.raises(BudgetSpent, match=r"budget\.hours: 2\.11 of 2 hours are over"):
        purse.try_reserve(WORST)


def test_without_limits_nothing_is_kept(tmp_path: Path) -> None:
    purse = ledger(Budget(), tmp_path)
    assert purse.limits == frozenset()
    assert list(tmp_path.iterdir()) == []


def _reserve_and_die(folder: Path) -> None:
    purse = ledger(Budget(calls=1), folder)
    assert purse.try_reserve(WORST) is not None
    os._exit(9)


def test_what_a_killed_process_had_set_aside_is_given_back(tmp_path: Path) -> None:
    living = ledger(Budget(calls=1), tmp_path)
    living.settle(living.try_reserve(WORST), {})
    child = multiprocessing.get_context("spawn").Process(target=_reserve_and_die, args=(tmp_path,))
    child.start()
    child.join()
    assert child.exitcode == 9
    assert living.try_reserve(WORST) is not None


def test_money_that_a_kill_left_to_nobody_is_given_back(tmp_path: Path) -> None:
    living = ledger(Budget(calls=1), tmp_path)
    living.settle(living.try_reserve(WORST), {})
    (shared,) = (path for path in tmp_path.iterdir() if path.is_file())
    with shared.open("r+b") as file:  # as after a kill between "one more set aside" and "one more of mine"
        file.seek(8 * (1 + 3))
        file.write(struct.pack("d", 1.0))
    assert living.try_reserve(WORST) is not None


def test_of_runs_that_come_at_once_one_counts_and_nobody_spends_before(tmp_path: Path) -> None:
    def spent(scope: Scope) -> Spent:
        counted.append(scope)
        time.sleep(0.001)
        return Spent(calls=10)

    def come(run: Ledger) -> None:
        together.wait()
        try:
            outcomes.append(run.try_reserve(WORST))
        except BudgetSpent as error:
            outcomes.append(error)

    for number in range(40):
        counted: list[Scope] = []
        outcomes: list[object] = []
        together = threading.Barrier(4)
        runs = [ledger(Budget(calls=10), tmp_path / str(number), spent=spent) for _ in range(4)]
        threads = [threading.Thread(target=come, args=(run,)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for run in runs:
            run.close()
        assert [type(outcome) for outcome in outcomes] == [BudgetSpent] * 4
        assert len(counted) == 1


def test_a_count_that_fails_is_made_by_the_next_who_comes(tmp_path: Path) -> None:
    def broken(scope: Scope) -> Spent:
        raise WarehouseBroken("calls: cannot be read")

    first = ledger(Budget(calls=10), tmp_path, spent=broken)
    with pytest.raises(WarehouseBroken, match="cannot be read"):
        first.try_reserve(WORST)
    second = ledger(Budget(calls=10), tmp_path, spent=lambda scope: Spent(calls=10))
    with pytest.raises(BudgetSpent, match="10 of 10"):
        second.try_reserve(WORST)


def open_below(folder: Path) -> list[str]:
    """The files of a folder that this process has open."""
    found = []
    for number in os.listdir("/dev/fd"):
        with suppress(OSError):  # closed since it was listed, as the listing's own is
            found.append(os.readlink(f"/dev/fd/{number}"))
    return [path for path in found if path.startswith(str(folder))]


def test_a_purse_that_cannot_be_opened_leaves_none_of_the_others_open(tmp_path: Path) -> None:
    def broken_day(scope: Scope) -> Spent:
        if scope.day:
            raise WarehouseBroken("calls: cannot be read")
        return Spent()

    run = ledger(Budget(calls=10, day=Limits(calls=10)), tmp_path, spent=broken_day)
    for _ in range(5):
        with pytest.raises(WarehouseBroken):
            run.try_reserve(WORST)
    assert open_below(tmp_path) == []


# --- what the log says was spent


def a_call(number: int, **changes: object) -> Call:
    return Call(**{
        "call_id": f"id{number}", "candidate_id": f"c{number}", "step": "query", "exercise": "e", "language": "en",
        "attempt": 0, "sample": 0, "role": "query", "model": "m", "address": "here", "request": "{}", "templates": "[]",
        "reply": "r", "finish_reason": "stop", "prompt_tokens": 10, "completion_tokens": 5, "cost_usd": 0.25,
        "error": None, "http_attempts": 1, "started_at": f"2026-01-02T10:00:0{number}.000+00:00",
        "finished_at": f"2026-01-02T10:00:0{number + 1}.000+00:00", "run_id": "run", "logprobs": None,
        "recipe": "mine", "launch": "l1", **changes,
    })  # fmt: skip


@pytest.mark.parametrize("folded", [False, True])
def test_the_log_says_what_a_recipe_a_day_and_a_launch_took(tmp_path: Path, folded: bool) -> None:
    calls = [
        a_call(0),
        a_call(1, launch="l2", run_id="run2"),
        a_call(2, recipe="yours"),
        a_call(3, finished_at="2026-01-03T00:00:01.000+00:00", cost_usd=None),
        a_call(4, recipe=None, launch=None, error="refused", prompt_tokens=None, completion_tokens=None),
    ]
    with CallFolder(tmp_path, "run") as log:
        for call in calls:
            log.append(call)
        if folded:
            log.fold()
        of_recipe = log.spent(recipe="mine")
        assert (of_recipe.calls, of_recipe.tokens, of_recipe.usd) == (4, 45, 0.75)
        assert log.spent(recipe="mine", day="2026-01-03").calls == 1
        assert log.spent(recipe="mine", launch="l2") == Spent(calls=1, tokens=15, usd=0.25, seconds=1.0)
        assert log.spent(recipe="nobody").calls == 1  # who does not say whose it is counts for all
