"""What workers on different machines share, on a real PostgreSQL: locks, signs of life, controllers and purses."""

import asyncio
import threading
import time
from contextlib import AsyncExitStack, suppress
from functools import partial

import pytest
from dagster import DagsterInstance, DagsterRunStatus, job

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.sums import Spent
from synth_assets.cluster import postgres
from synth_assets.commands.dead_runs import end_dead_runs
from synth_assets.errors import BudgetSpent, WarehouseBroken
from synth_assets.exercises.base import Message, Request, Text
from synth_assets.home import Home
from synth_assets.lake import presence
from synth_assets.lake.lock import who
from synth_assets.lake.presence import Presence
from synth_assets.models.budget import Ledger
from synth_assets.models.client import ModelClient
from synth_assets.recipe import Budget, Limits, ModelEntry, Models
from tests.scripted_endpoint import ScriptedEndpoint
from tests.test_locks import (  # noqa: F401
    holding,
    test_a_name_is_held_by_one_thread_at_a_time_and_all_have_their_turn,
    test_a_part_can_be_let_go_and_twice_is_once,
    test_a_sign_of_life_is_shown_by_many_and_the_dead_are_known_until_they_are_forgotten,
    test_an_error_in_the_block_lets_the_lock_go_and_is_the_one_that_is_told,
    test_locks_of_two_warehouses_are_two,
    test_names_may_be_any_text,
    test_of_threads_that_take_and_let_go_without_a_pause_no_two_hold_the_same,
    test_what_a_killed_process_held_is_free_and_what_others_hold_is_not,
    test_what_is_free_is_taken_and_what_is_not_is_left,
    test_who_ends_in_good_order_leaves_no_mark,
    test_who_waits_is_told_for_whom,
    until,
)
from tests.test_shared_numbers import (  # noqa: F401
    WORST,
    slots_of_the_dead,
    test_four_processes_on_a_purse_of_100_calls_spend_exactly_100,
    test_the_limit_of_an_endpoint_holds_over_all_who_ask_it,
    test_what_a_killed_process_held_comes_back,
    test_what_one_learned_holds_for_the_other_in_a_time_of_both,
    test_who_comes_first_counts_and_who_comes_later_does_not,
)

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


DAY = "2026-01-02"


@job
def nothing_done():
    """A job without steps."""


@pytest.fixture
def maker(new_lake):
    lake = new_lake()
    return type(lake), lake.model_dump(include={"database", "catalog", "data", "catalog_schema"})


@pytest.fixture
def warehouse(maker):
    kind, options = maker
    return kind(**options)


@pytest.fixture
def hold(maker):
    with holding(maker) as start:
        yield start


def ask(lake, query, *values):
    """The rows of a query of PostgreSQL, in the schema that the workers share."""
    import psycopg2

    connection = psycopg2.connect(lake.catalog, options=f"-c search_path={lake.catalog_schema}_shared")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def cut_off(lake, what):
    """End the sessions of this process that do this, as a server or a network does."""
    ask(lake, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s", f"{who()} {what}")


def restart(servers):
    postgres.stop(servers / "postgres")
    postgres.start(servers / "postgres")


# --- locks


def take_b(lake):
    return lake.locks.try_take(["b"])


def test_locks_and_signs_of_life_outlive_a_restart_of_the_server(warehouse, hold, servers):
    mine, alive = warehouse.locks.try_take(["a", "c"]), warehouse.locks.show_life("run")
    holder = hold(take_b)
    restart(servers)
    mine.release(["c"])
    mine.check()
    assert [warehouse.locks.is_held(name) for name in ("a", "b", "c", "run")] == [True, True, False, True]
    assert not warehouse.locks.try_take(["a", "b"])
    time.sleep(presence.GRACE_S + 1)  # and not only while everybody counts as living
    assert [warehouse.locks.is_held(name) for name in ("a", "b", "c", "run")] == [True, True, False, True]
    assert warehouse.locks.dead() == []
    holder.kill()
    with warehouse.locks.held("b"):
        mine.check()
    alive.release()
    mine.release()
    assert ask(warehouse, "select name from locks union all select name from lives") == []


def test_a_session_that_is_cut_off_is_made_anew_and_keeps_its_locks(warehouse):
    mine = warehouse.locks.try_take(["a"])
    cut_off(warehouse, "lives")
    mine.check()
    ask(warehouse, "delete from locks")  # as a crash that lost the last moment before it
    cut_off(warehouse, "lives")
    mine.check()
    assert warehouse.locks.is_held("a")
    mine.release()


def test_who_lost_a_lock_is_told_when_it_asks_and_when_its_block_ends(warehouse, hold):
    holder = hold(take_b)

    def lose() -> None:
        with warehouse.locks.held("a") as mine:
            mine.check()
            # as one does who finds its holder gone
            ask(warehouse, "update locks set owner = (select owner from locks where name = 'b') where name = 'a'")
            with pytest.raises(WarehouseBroken, match="another run has it now"):
                mine.check()

    with pytest.raises(WarehouseBroken, match="the lock of a was lost"):
        lose()
    assert warehouse.locks.is_held("a")  # it is the other's, and was not let go for it
    holder.kill()
    until(lambda: not warehouse.locks.is_held("a"))


def test_a_thousand_names_are_taken_at_once_and_cost_the_server_no_more_locks(warehouse):
    names = [f"shard {number}" for number in range(1000)]
    query = "select count(*) from pg_locks where locktype = 'advisory' and granted"
    assert not warehouse.locks.is_held("shard 0")
    before = ask(warehouse, query)
    with warehouse.locks.try_take(names) as taken:
        assert len(taken.names) == 1000
        assert ask(warehouse, query) == before
        assert ask(warehouse, "select count(*) from locks") == [(1000,)]
    assert ask(warehouse, "select count(*) from locks") == [(0,)]


def take_a_and_b(lake):
    return lake.locks.try_take(["a", "b"])


def test_who_meets_another_in_a_circle_asks_again_and_keeps_its_session(warehouse, hold):
    import psycopg2

    mine = warehouse.locks.try_take(["mine"])
    holder = hold(take_a_and_b)
    other = psycopg2.connect(warehouse.catalog, options=f"-c search_path={warehouse.catalog_schema}_shared")
    got = []
    with other.cursor() as cursor:
        cursor.execute("select from locks where name = 'b' for update")
        reaching = threading.Thread(target=lambda: got.append(take_a_and_b(warehouse).names))
        reaching.start()  # locks a, and waits for b
        until(lambda: ask(warehouse, "select 1 from pg_locks where not granted") != [])
        cursor.execute("select from locks where name = 'a' for update")  # the server ends who waited first
    other.commit()
    reaching.join(timeout=60)
    other.close()
    assert got == [()]
    mine.check()
    holder.kill()


def test_what_was_taken_while_the_session_was_lost_is_held(warehouse, monkeypatch):
    real = Presence.ask
    cuts = []

    def ask_and_be_cut_off(presence, query, *given, **options):
        found = real(presence, query, *given, **options)
        if "insert into" in query and ".locks as l" in query and not cuts:
            cuts.append(query)
            cut_off(warehouse, "lives")
            real(presence, "select 1")  # as the thread does that looks after the session
        return found

    locks = warehouse.locks
    with monkeypatch.context() as patched:
        patched.setattr(Presence, "ask", ask_and_be_cut_off)
        mine = locks.try_take(["a", "b"])
    assert len(cuts) == 1
    mine.check()
    assert ask(warehouse, "select name from locks order by name") == [("a",), ("b",)]
    mine.release()


def test_a_process_that_comes_gets_no_number_that_a_living_one_has(warehouse, hold):
    mine = warehouse.locks.try_take(["a"])
    ((owner,),) = ask(warehouse, "select owner from locks")
    ask(warehouse, "select setval('owners', %s, false)", owner)  # as after a backup was restored
    holder = hold(take_b)
    mine.check()
    assert len(set(ask(warehouse, "select owner from locks"))) == 2
    holder.kill()
    mine.release()


# --- numbers


def spent_so_far(scope):
    return Spent(calls=5)


def a_ledger(lake, spent=spent_so_far):
    return Ledger(
        Budget(calls=10, run=Limits(tokens=10_000)), lake.numbers, recipe="mine", launch="launch", spent=spent,
        today=lambda: DAY, now=time.monotonic,
    )  # fmt: skip


def left_in(purse):
    """How many calls it still lets go; they stay under way."""
    reserved = 0
    with suppress(BudgetSpent):
        while purse.try_reserve(WORST) is not None:
            reserved += 1
    return reserved


def test_a_purse_outlives_a_restart_of_the_server_with_all_that_is_under_way(warehouse, servers):
    counted = []

    def spent(scope):
        counted.append(scope.name)
        return Spent(calls=5)

    purse = a_ledger(warehouse, spent)
    under_way = [purse.try_reserve(WORST) for _ in range(2)]
    restart(servers)
    purse.settle(under_way[0], WORST)
    assert left_in(purse) == 3  # of 10: five before, one paid, one under way
    assert counted == ["budget", "budget.run"]
    purse.close()


def test_what_a_crash_of_the_server_took_is_counted_from_the_journal_again(warehouse):
    purse = a_ledger(warehouse)
    under_way = [purse.try_reserve(WORST) for _ in range(2)]
    ask(warehouse, "truncate numbers")  # what a crash does to a table that is not logged
    purse.settle(under_way[0], WORST)
    assert left_in(purse) == 3
    purse.close()


def test_a_change_whose_connection_breaks_is_made_once(warehouse):
    numbers = warehouse.numbers("n", head=2, width=1, on_enter=lambda shared, first: None,
                                on_leave=lambda shared, row: None)  # fmt: skip
    for turn in range(1, 4):
        with numbers.locked():
            numbers.head[0] += 1
            if turn == 2:
                cut_off(warehouse, "counts")
            numbers.head[1] -= 0.5
            numbers.row[0] += 1
    with numbers.locked():
        assert (list(numbers.head), list(numbers.row)) == ([3.0, -1.5], [3.0])
    cut_off(warehouse, "counts")
    with numbers.locked():
        assert (list(numbers.head), list(numbers.row)) == ([3.0, -1.5], [3.0])
    numbers.close()


def enter(shared, first):
    shared.head[0] += shared.row[0]


def leave(shared, row):
    shared.head[0] -= row[0]


def test_a_row_that_others_cleared_away_is_brought_back(warehouse):
    numbers = warehouse.numbers("n", head=1, width=1, on_enter=enter, on_leave=leave)
    with numbers.locked():
        numbers.head[0] = numbers.row[0] = 2.0
    ask(warehouse, "update numbers set rows = '', head = %s", bytes(8))  # by somebody who took this process for dead
    with numbers.locked():
        assert list(numbers.head) == list(numbers.row) == [2.0]
        assert [list(row) for row in numbers.living_rows()] == [[2.0]]
    numbers.close()


async def ask_by_two_clients(lake, folder, address, *, most, budget, calls):
    """What became of so many calls of each of two clients, side by side."""
    entry = ModelEntry(model="m", address=address, max_in_flight=most)
    async with AsyncExitStack() as opened:
        clients = []
        for name in ("one", "other"):
            log = opened.enter_context(CallFolder(folder / name, name))
            client = ModelClient(Models(query=entry), budget, log, recipe="r", launch="l", numbers=lake.numbers)
            clients.append(await opened.enter_async_context(client))
        asks = []
        for place, client in enumerate(clients):
            for number in range(calls):
                text = f"{place} {number}"
                request = Request(role="query", messages=(Message(role="user", parts=(Text(text=text),)),))
                whose = {"exercise": "e", "language": "en", "candidate_id": text, "step": "query", "attempt": 0}
                asks.append(client.ask(request, **whose))
        return await asyncio.gather(*asks, return_exceptions=True)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A model, and its address by a name that is not this machine's own."""
    monkeypatch.setenv("SYNTH_ASSETS_MACHINE", str(tmp_path / "machine"))
    with ScriptedEndpoint(delay_s=0.02) as endpoint:
        yield endpoint, endpoint.address.replace("127.0.0.1", "0.0.0.0")


def test_two_clients_of_a_lake_never_have_more_in_flight_nor_spend_more_than_allowed(warehouse, elsewhere, tmp_path):
    endpoint, address = elsewhere
    outcomes = asyncio.run(
        ask_by_two_clients(warehouse, tmp_path, address, most=5, budget=Budget(calls=60), calls=50)
    )  # fmt: skip
    answered = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    assert len(answered) == endpoint.answered() == 60
    assert {type(outcome) for outcome in outcomes if isinstance(outcome, Exception)} == {BudgetSpent}
    assert endpoint.peak <= 5
    assert ask(warehouse, "select count(*) from numbers") == [(2,)]  # the purse and the endpoint


def test_clients_wait_for_a_server_that_is_restarted_and_go_on(warehouse, elsewhere, tmp_path, servers):
    endpoint, address = elsewhere
    restarting = threading.Thread(target=lambda: (until(lambda: endpoint.answered() > 10, 60), restart(servers)))
    restarting.start()
    outcomes = asyncio.run(
        ask_by_two_clients(warehouse, tmp_path, address, most=2, budget=Budget(calls=150), calls=100)
    )  # fmt: skip
    restarting.join()
    answered = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    assert len(answered) == endpoint.received() == 150
    assert {type(outcome) for outcome in outcomes if isinstance(outcome, Exception)} == {BudgetSpent}
    assert endpoint.peak <= 2


# --- runs


def live_as(run_id, lake):
    return lake.locks.show_life(run_id)


def test_a_run_whose_process_died_on_another_machine_is_ended_and_a_living_one_is_left(
    warehouse, hold, tmp_path, monkeypatch
):
    monkeypatch.setenv("SYNTH_ASSETS_WAREHOUSE_SCHEMA", warehouse.catalog_schema)
    with DagsterInstance.ephemeral() as instance:
        made = [instance.create_run_for_job(nothing_done, status=DagsterRunStatus.STARTED) for _ in range(2)]
        dead, alive = (hold(partial(live_as, run.run_id)) for run in made)
        stranger = hold(partial(live_as, "a run of another instance"))
        home = Home(root=tmp_path)
        assert end_dead_runs(instance, home) == []
        dead.kill()
        stranger.kill()
        ended = []
        until(lambda: ended.extend(end_dead_runs(instance, home)) or bool(ended))
        assert ended == [made[0].run_id]
        assert alive.process.is_alive()
        until(lambda: warehouse.locks.dead() == ["a run of another instance"])
        assert end_dead_runs(instance, home) == []
