"""One writer for all who wait: what comes while a group is being written makes up the next group.

So that many replies in flight share one commit, and the event loop waits for none of them.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

# What one commit takes at most; a group of what is in flight is far smaller.
MOST = 500

Item = TypeVar("Item")
Waiter = Future[None] | asyncio.Future[None] | None


class GroupCommit(Generic[Item]):
    """Hands items to `write` in groups, in the order they came, from a thread of its own.

    What `write` raises is raised to all who wait, and to everybody who comes later: what it was handed may be lost.
    """

    def __init__(self, write: Callable[[list[Item]], None]) -> None:
        self._write = write
        self._changed = threading.Condition()
        self._waiting: list[tuple[Item, Waiter]] = []
        self._error: BaseException | None = None
        self._ended = False
        self._thread: threading.Thread | None = None

    def put(self, items: Iterable[Item]) -> None:
        """Have items written, at least one, in this order; returns when the last of them is."""
        *others, last = items
        done: Future[None] = Future()
        self._hand_over([*((item, None) for item in others), (last, done)])
        done.result()

    async def put_one(self, item: Item) -> None:
        """Have one item written; the event loop goes on meanwhile."""
        done = asyncio.get_running_loop().create_future()
        self._hand_over([(item, done)])
        await done

    def close(self) -> None:
        """Write what was handed over, and end. An error has been told to those who waited."""
        with self._changed:
            self._ended = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _hand_over(self, items: list[tuple[Item, Waiter]]) -> None:
        with self._changed:
            if self._error is not None:
                raise self._error
            if self._ended:
                raise ValueError("this CallLog is closed")
            self._waiting += items
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="call-log", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    if self._ended:
                        return
                    self._changed.wait()
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                self._write([item for item, _ in group])
            except BaseException as error:  # raised to those who wait, and to whoever comes
                with self._changed:
                    self._error = error
                    group, self._waiting = group + self._waiting, []
                _tell([waiter for _, waiter in group], error)
                return
            _tell([waiter for _, waiter in group], None)


def _tell(waiters: list[Waiter], error: BaseException | None) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for waiter in waiters:
        if isinstance(waiter, Future):
            _settle(waiter, error)
        elif waiter is not None:
            by_loop.setdefault(waiter.get_loop(), []).append(waiter)
    for loop, those in by_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and nobody waits there
            loop.call_soon_threadsafe(_settle_all, those, error)


def _settle_all(waiters: list[asyncio.Future[None]], error: BaseException | None) -> None:
    for waiter in waiters:
        _settle(waiter, error)


def _settle(waiter: Future[None] | asyncio.Future[None], error: BaseException | None) -> None:
    if waiter.done():  # its task was cancelled
        return
    if error is None:
        waiter.set_result(None)
    else:
        waiter.set_exception(error)
