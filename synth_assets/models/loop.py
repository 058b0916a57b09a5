"""The event loop that calls are made in: it takes one reply off its socket and has it journalled before the next.

asyncio reads every socket that is ready and only then lets the tasks go on that wait for what was read. Where many
replies arrive together, the last has been read by this process long before it is in the journal; a SIGKILL in between
would have it sent, and paid, again (seen with 64 in flight: 11 calls over two kills). A reply that still lies in its
socket is not read: the kernel resets the connection of a killed process, and the endpoint knows that nobody got it.
"""

import asyncio
import math
import select
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_AT_ONCE = 1


class _OneByOne(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """The system's selector, telling of one ready socket at a time, and of the next when that one is dealt with.

    Who is told about next is the kernel's business: epoll goes round. Where there is no epoll, all are told at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See `selectors.BaseSelector.select`."""
        if self._told:  # the tasks that wait for what was read go on in this turn of the loop, before more is read
            self._told = False
            return []
        epoll = getattr(self, "_selector", None)
        if not isinstance(epoll, getattr(select, "epoll", ())):
            return super().select(timeout)
        if timeout is not None:
            timeout = math.ceil(max(timeout, 0.0) * 1e3) * 1e-3  # epoll counts in milliseconds and rounds down
        try:
            ready = epoll.poll(timeout, _AT_ONCE)
        except InterruptedError:
            return []
        told = []
        for fd, event in ready:
            key = self.get_map().get(fd)
            if key is not None:
                events = (event & ~select.EPOLLIN and selectors.EVENT_WRITE) | (
                    event & ~select.EPOLLOUT and selectors.EVENT_READ
                )
                told.append((key, events & key.events))
        self._told = bool(told)
        return told


def run(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` in such a loop."""
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_OneByOne())) as runner:
        return runner.run(work)
