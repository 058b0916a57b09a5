"""Purses and controllers that processes share, whatever keeps their numbers: files here, a server in tests/cluster."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from synth_assets.calls.sums import Spent
from synth_assets.errors import BudgetSpent
from synth_assets.models.budget import Ledger, Scope
from synth_assets.models.pacing import Heard, Pacer
from synth_assets.recipe import Budget, Limits
from synth_assets.warehouse import Warehouse

SPAWN = multiprocessing.get_context("spawn")
Maker = tuple[type[Warehouse], dict[str, Any]]
WORST = {"calls": 1, "tokens": 100, "usd": 0.5}


@pytest.fixture
def maker(tmp_path) -> Maker:
    """What makes the warehouse, in whichever process."""
    return Warehouse, {"database": str(tmp_path / "warehouse.duckdb")}


@pytest.fixture
def warehouse(maker: Maker) -> Warehouse:
    kind, options = maker
    return kind(**options)


def nothing(scope: Scope) -> Spent:
    return Spent()


def ledger(warehouse: Warehouse, budget: Budget, spent: Any = nothing) -> Ledger:
    return Ledger(
        budget, warehouse.numbers, recipe="mine", launch="launch", spent=spent,
        today=lambda: datetime(2026, 1, 2, tzinfo=UTC).date().isoformat(), now=time.monotonic,
    )  # fmt: skip


def pacer(warehouse: Warehouse, most: int) -> Pacer:
    return Pacer(warehouse.numbers, "place", most=most)


def spend_all(maker: Maker, number: int, said: Any) -> None:
    """Call until the budget is spent; every fourth call is not answered. Says how many were paid for."""
    kind, options = maker
    purse = ledger(kind(**options), Budget(calls=100, day=Limits(tokens=1_000_000)))
    paid = tried = 0
    while True:
        try:
            reservation = purse.try_reserve(WORST)
        except BudgetSpent:
            break
        if reservation is None:
            time.sleep(0.002)
            continue
        tried += 1
        answered = (tried + number) % 4 != 0
        purse.settle(reservation, WORST if answered else {})
        paid += answered
    said.put(paid)
    said.close()
    said.join_thread()
    purse.close()


def test_four_processes_on_a_purse_of_100_calls_spend_exactly_100(maker, warehouse):
    with_all = ledger(warehouse, Budget(calls=100, day=Limits(tokens=1_000_000)))
    with_all.settle(with_all.try_reserve(WORST), {})  # is there before the first and after the last of them
    said = SPAWN.Queue()
    processes = [SPAWN.Process(target=spend_all, args=(maker, number, said)) for number in range(4)]
    for process in processes:
        process.start()
    paid = [said.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    assert sum(paid) == 100
    with pytest.raises(BudgetSpent, match="100 of 100 calls are spent"):
        with_all.try_reserve(WORST)
    with_all.close()


def take_and_die(maker: Maker) -> None:
    kind, options = maker
    warehouse = kind(**options)
    slots, purse = pacer(warehouse, 3), ledger(warehouse, Budget(calls=3))
    for _ in range(3):
        assert slots.enter(time.monotonic(), 0) == 0
        assert purse.try_reserve(WORST) is not None
    os._exit(9)


@pytest.fixture
def slots_of_the_dead(maker, warehouse) -> Iterator[tuple[Pacer, Ledger]]:
    """A controller of three slots and a purse of three calls, all taken by a process that was killed."""
    slots, purse = pacer(warehouse, 3), ledger(warehouse, Budget(calls=3))
    purse.settle(purse.try_reserve(WORST), {})
    child = SPAWN.Process(target=take_and_die, args=(maker,))
    child.start()
    child.join()
    assert child.exitcode == 9
    yield slots, purse
    slots.close()
    purse.close()


def test_what_a_killed_process_held_comes_back(slots_of_the_dead):
    slots, purse = slots_of_the_dead
    end = time.monotonic() + 30
    entered = reserved = 0
    while entered < 3 or reserved < 3:
        assert time.monotonic() < end
        entered += slots.enter(time.monotonic(), 0) == 0
        if reserved < 3:
            reserved += purse.try_reserve(WORST) is not None
        time.sleep(0.02)
    assert slots.enter(time.monotonic(), 0) > 0
    assert purse.try_reserve(WORST) is None


def test_the_limit_of_an_endpoint_holds_over_all_who_ask_it(warehouse):
    one, other = pacer(warehouse, 4), pacer(warehouse, 4)
    now = time.monotonic()
    assert [one.enter(now, 0) for _ in range(3)] == [0, 0, 0]
    assert other.enter(now, 0) == 0
    assert other.enter(now, 0) > 0
    assert one.enter(now, 0) > 0
    one.leave(now, Heard(outcome="answered", latency_s=0.1))
    assert other.enter(now, 0) == 0
    one.close()  # takes its two with it
    now += 2
    assert [other.enter(now, 0) == 0 for _ in range(3)] == [True, True, False]
    other.close()


def test_what_one_learned_holds_for_the_other_in_a_time_of_both(warehouse):
    one, other = pacer(warehouse, 4), pacer(warehouse, 4)
    now = time.monotonic()
    assert one.enter(now, 0) == 0
    one.leave(now, Heard(outcome="overloaded", latency_s=0.1, retry_after_s=3.0))
    assert 2.5 < other.enter(time.monotonic(), 0) <= 3.1
    one.close()
    other.close()


def test_who_comes_first_counts_and_who_comes_later_does_not(warehouse):
    counted = []

    def spent(scope: Scope) -> Spent:
        counted.append(scope.name)
        return Spent(calls=9)

    first, second = (ledger(warehouse, Budget(calls=10), spent) for _ in range(2))
    under_way = first.try_reserve(WORST)
    assert second.try_reserve(WORST) is None
    first.settle(under_way, WORST)
    with pytest.raises(BudgetSpent, match="10 of 10"):
        second.try_reserve(WORST)
    assert counted == ["budget"]
    first.close()
    second.close()
    third = ledger(warehouse, Budget(calls=10), spent)  # nobody else is there: it counts anew
    assert third.try_reserve(WORST) is not None
    assert counted == ["budget", "budget"]
    third.close()
