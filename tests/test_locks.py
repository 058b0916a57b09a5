"""Locks by name and signs of life, on whatever keeps them: here files, in tests/cluster a server that workers share."""

import logging
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from synth_assets.sharing import locks as locks_module
from synth_assets.sharing.locks import Taken
from synth_assets.warehouse import Warehouse

SPAWN = multiprocessing.get_context("spawn")
Maker = tuple[type[Warehouse], dict[str, Any]]


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    """What makes the warehouse, in whichever process."""
    return Warehouse, {"database": str(tmp_path / "warehouse.duckdb")}


@pytest.fixture
def warehouse(maker: Maker) -> Warehouse:
    kind, options = maker
    return kind(**options)


def _hold(maker: Maker, what: Callable[[Warehouse], Taken], ready: Any, go: Any) -> None:
    """Take something, say what was got, and go without giving it back."""
    kind, options = maker
    taken = what(kind(**options))
    ready.send(taken.names)
    go.recv()
    os._exit(9)


class Holder:
    """Another process that holds something until it is killed."""

    def __init__(self, maker: Maker, what: Callable[[Warehouse], Taken]) -> None:
        ready, said = SPAWN.Pipe()
        self.go, go = SPAWN.Pipe()
        self.process = SPAWN.Process(target=_hold, args=(maker, what, said, go))
        self.process.start()
        assert ready.poll(60)
        self.names = ready.recv()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


@contextmanager
def holding(maker: Maker) -> Iterator[Callable[..., Holder]]:
    """Starts processes that hold something; those that still do are ended with the block."""
    with ExitStack() as ending:

        def start(what: Callable[[Warehouse], Taken]) -> Holder:
            holder = Holder(maker, what)
            ending.callback(holder.kill)
            return holder

        yield start


@pytest.fixture
def hold(maker: Maker) -> Iterator[Callable[..., Holder]]:
    with holding(maker) as start:
        yield start


def take_a_and_b(warehouse: Warehouse) -> Taken:
    return warehouse.locks.try_take(["a", "b"])


def live(warehouse: Warehouse) -> Taken:
    return warehouse.locks.show_life("run 1")


def until(condition: Callable[[], bool], at_most_s: float = 20.0) -> None:
    """Wait for what a server notices a moment later."""
    end = time.monotonic() + at_most_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_free_is_taken_and_what_is_not_is_left(warehouse):
    with warehouse.locks.try_take(["b", "c", "b"]) as first:
        assert first.names == ("b", "c")
        with warehouse.locks.try_take(["a", "b", "c", "d"]) as second:
            assert second.names == ("a", "d")
            assert not warehouse.locks.try_take(["a", "b"])
    assert warehouse.locks.try_take(["a", "b", "c", "d"]).names == ("a", "b", "c", "d")


def test_a_part_can_be_let_go_and_twice_is_once(warehouse):
    taken = warehouse.locks.try_take(["a", "b", "c"])
    taken.release(["b", "unknown"])
    taken.release(["b"])
    assert taken.names == ("a", "c")
    assert [warehouse.locks.is_held(name) for name in "abc"] == [True, False, True]
    taken.check()
    taken.release()
    assert not taken
    assert not any(warehouse.locks.is_held(name) for name in "abc")


def test_names_may_be_any_text(warehouse):
    names = [
        "",
        "../../outside",
        "a/b\\c",
        "%2e",
        "é 漢字",
        "'; drop table locks; --",
        "x" * 5000,
        "x" * 5001,
        "A",
        "a",
    ]
    with warehouse.locks.try_take(names) as taken:
        assert taken.names == tuple(names)
        assert not warehouse.locks.try_take(names)
    assert not any(warehouse.locks.is_held(name) for name in names)


def test_a_name_is_held_by_one_thread_at_a_time_and_all_have_their_turn(warehouse):
    inside, most, turns = [0], [0], [0]

    def work() -> None:
        for _ in range(3):
            with warehouse.locks.held("name"):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                turns[0] += 1
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], turns[0]) == (1, 12)


def test_who_waits_is_told_for_whom(warehouse, monkeypatch, caplog):
    monkeypatch.setattr(locks_module, "SLOW_WAIT_S", 0.1)
    told: list[str] = []
    for waiting in (told.append, None):
        taken = warehouse.locks.try_take(["name"])
        timer = threading.Timer(0.4, taken.release)
        timer.start()
        with caplog.at_level(logging.WARNING), warehouse.locks.held("name", waiting=waiting):
            timer.join()
    assert len(told) == 1
    assert f"process {os.getpid()}" in told[0]
    assert [f"process {os.getpid()}" in record.message for record in caplog.records] == [True]


def test_what_a_killed_process_held_is_free_and_what_others_hold_is_not(warehouse, hold):
    mine = warehouse.locks.try_take(["b"])
    holder = hold(take_a_and_b)
    assert holder.names == ("a",)
    assert warehouse.locks.is_held("a")
    assert not warehouse.locks.try_take(["a"])
    assert str(holder.process.pid) in warehouse.locks.holder("a")
    holder.kill()
    with warehouse.locks.held("a"):
        assert warehouse.locks.is_held("b")
    mine.release()
    assert not warehouse.locks.is_held("b")


def test_an_error_in_the_block_lets_the_lock_go_and_is_the_one_that_is_told(warehouse):
    with pytest.raises(ZeroDivisionError), warehouse.locks.held("name"):
        raise ZeroDivisionError
    assert not warehouse.locks.is_held("name")


def test_a_sign_of_life_is_shown_by_many_and_the_dead_are_known_until_they_are_forgotten(warehouse, hold):
    one, other = hold(live), hold(live)
    assert warehouse.locks.is_held("run 1")
    assert warehouse.locks.dead() == []
    one.kill()
    warehouse.locks.forget(["run 1"])  # somebody lives: nothing is done
    assert warehouse.locks.is_held("run 1")
    assert warehouse.locks.dead() == []
    other.kill()
    until(lambda: warehouse.locks.dead() == ["run 1"])
    assert not warehouse.locks.is_held("run 1")
    warehouse.locks.forget(["run 1", "unknown"])
    assert warehouse.locks.dead() == []


def test_who_ends_in_good_order_leaves_no_mark(warehouse):
    with warehouse.locks.show_life("run 2"), warehouse.locks.show_life("run 2"):
        assert warehouse.locks.is_held("run 2")
        with warehouse.locks.try_take(["run 2"]) as taken:
            assert taken  # a sign of life keeps nobody out
    assert not warehouse.locks.is_held("run 2")
    assert warehouse.locks.dead() == []


def test_locks_of_two_warehouses_are_two(warehouse, tmp_path):
    other = Warehouse(database=str(tmp_path / "elsewhere" / "warehouse.duckdb"))
    with warehouse.locks.held("name"), other.locks.held("name") as taken:
        assert taken.names == ("name",)


_FORK = """
import os, sys
from synth_assets.warehouse import Warehouse

locks = Warehouse(database=sys.argv[1]).locks
taken = locks.try_take(["a"])
if os.fork() == 0:
    taken.release()  # a copy holds nothing, and lets nothing go
    sys.stdin.read()
    os._exit(0)
print(locks.is_held("a"), flush=True)
os._exit(9)
"""


def test_a_child_made_by_fork_does_not_hold_its_parents_locks(warehouse):
    parent = subprocess.Popen([sys.executable, "-c", _FORK, warehouse.database], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert parent.stdout.readline().strip() == "True"
    assert parent.wait() == 9
    try:
        with warehouse.locks.held("a"):  # while the child lives on
            assert parent.poll() == 9
    finally:
        parent.communicate("")


def test_a_folder_of_locks_keeps_no_files_of_locks_that_were_let_go(warehouse, tmp_path):
    with warehouse.locks.try_take([str(number) for number in range(256)]), warehouse.locks.show_life("run"):
        assert len(list((tmp_path / "locks").iterdir())) == 257
    assert list((tmp_path / "locks").iterdir()) == []


def test_of_threads_that_take_and_let_go_without_a_pause_no_two_hold_the_same(warehouse):
    names = [str(number) for number in range(20)]
    holders: dict[str, int] = dict.fromkeys(names, 0)
    seen: list[int] = []

    def work() -> None:
        for _ in range(30):
            with warehouse.locks.try_take(names) as taken:
                for name in taken.names:
                    holders[name] += 1
                    seen.append(holders[name])
                for name in taken.names:
                    holders[name] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) == {1}
