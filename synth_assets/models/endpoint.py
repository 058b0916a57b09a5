"""One place that answers: who may ask it next, how it is doing, and when it is given up."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

from synth_assets.errors import ModelUnreachable
from synth_assets.models.pacing import Heard, Pacer
from synth_assets.models.transports import Transport

QUIET_S = 12.0
WATCH_EVERY_S = 2.0

UNSENT = Heard(outcome="unsent")


class Endpoint:
    """The slots of one endpoint, first come first served, and whether it is failing.

    Args:
        sleep, clock: the passing of time as calls see it.
    """

    def __init__(
        self,
        transport: Transport,
        pacer: Pacer,
        *,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self.transport = transport
        self.pacer = pacer
        self.down: ModelUnreachable | None = None
        self.went_down = asyncio.Event()
        self.last_answer = -math.inf
        self.failing_since: float | None = None
        self._sleep = sleep
        self._clock = clock
        self._waiting: deque[tuple[asyncio.Future[None], float]] = deque()
        self._timer: asyncio.Task[None] | None = None
        self._timer_at = math.inf
        self._left: list[tuple[float, Heard, float]] = []
        self._trading: asyncio.Task[None] | None = None
        self._sending: dict[asyncio.Task[object], float] = {}
        self._heard_at = -math.inf
        self._watch = asyncio.create_task(self._watching())

    def check(self) -> None:
        """Raise ModelUnreachable if it was given up."""
        if self.down is not None:
            raise ModelUnreachable(str(self.down))

    async def enter(self, tokens: float) -> None:
        """Wait for a slot and take it; `leave` gives it back. Raises ModelUnreachable."""
        self.check()
        wait = math.inf
        first = not self._waiting
        if first and self.pacer.near:
            wait = self.pacer.enter(self._clock(), tokens)
            if wait <= 0:
                return
        granted = asyncio.get_running_loop().create_future()
        # who comes behind others is served with them: by the next to leave, or when their time has come
        self._waiting.append((granted, tokens))
        if first and not self.pacer.near:
            self._serve()
        self._serve_in(wait)
        try:
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled() and granted.exception() is None:
                self.leave(UNSENT, tokens_unused=tokens)  # the slot came in the moment in which its taker left
            raise

    def leave(self, heard: Heard, *, tokens_unused: float = 0.0) -> None:
        """Give a slot back, with what was heard; the next in the row gets it."""
        if self.pacer.near:
            self.pacer.leave(self._clock(), heard, tokens_unused=tokens_unused)
        else:
            self._left.append((self._clock(), heard, tokens_unused))
        self._serve()

    def sending(self, task: "asyncio.Task[object]") -> None:
        """A request is on its way."""
        self._sending[task] = time.monotonic()

    def heard(self, task: "asyncio.Task[object]") -> None:
        """It came back, whatever it brought."""
        self._heard_at = time.monotonic()
        self._sending.pop(task, None)

    def answered(self) -> None:
        """It answered: it is not failing."""
        self.last_answer = self._clock()
        self.failing_since = None

    def give_up(self, message: str) -> NoReturn:
        """Everybody who waits for it is told, at once."""
        self._set_down(message)
        raise ModelUnreachable(message)

    async def pause(self, seconds: float) -> None:
        """Sleep, unless it is given up meanwhile. Raises ModelUnreachable."""
        self.check()
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        down = asyncio.ensure_future(self.went_down.wait())
        try:
            await asyncio.wait({sleeping, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # not waited for: a cancellation of the caller that came in that moment would be taken for theirs
            for task in (sleeping, down):
                task.cancel()
        self.check()

    async def close(self) -> None:
        """Let go of the place."""
        for task in (self._watch, self._timer):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        try:
            await self.transport.close()
            while self._trading is not None:
                await asyncio.wait({self._trading})
        finally:
            self.pacer.close()

    def _serve(self) -> None:
        if not self.pacer.near:
            if self._trading is None:
                self._trading = asyncio.create_task(self._trade())
            return
        while self._waiting:
            granted, tokens = self._waiting[0]
            if granted.done():  # its taker left
                self._waiting.popleft()
                continue
            now = self._clock()
            wait = self.pacer.enter(now, tokens)
            if wait <= 0:
                self._waiting.popleft()
                granted.set_result(None)
                if self.pacer.is_full:
                    return
                continue
            self._serve_in(wait)
            return

    async def _trade(self) -> None:
        """With a controller that is far: give back what was left and take slots for those who wait, by one look.

        Who leaves or comes while one is under way has a part in the next.
        """
        try:
            while True:
                left, self._left = self._left, []
                wanted = [(granted, tokens) for granted, tokens in self._waiting if not granted.done()]
                if not left and not wanted:
                    return
                taken, wait = await asyncio.to_thread(
                    self.pacer.trade, self._clock(), left, [tokens for _, tokens in wanted]
                )
                for granted, tokens in wanted[:taken]:
                    if granted.done():  # its taker left meanwhile
                        self._left.append((self._clock(), UNSENT, tokens))
                    else:
                        granted.set_result(None)
                while self._waiting and self._waiting[0][0].done():
                    self._waiting.popleft()
                if not self._left and (wait > 0 or not self._waiting):
                    if self._waiting:
                        self._serve_in(wait)
                    return
        except Exception as error:  # what keeps the controller is gone for good: nobody waits for ever
            while self._waiting:
                granted, _ = self._waiting.popleft()
                if not granted.done():
                    granted.set_exception(error)
        finally:
            self._trading = None

    def _serve_in(self, seconds: float) -> None:
        """Look again after so many seconds, if nobody leaves before."""
        at = self._clock() + seconds
        if math.isfinite(at) and at < self._timer_at:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_at = at
            self._timer = asyncio.create_task(self._serve_later(seconds))

    async def _serve_later(self, seconds: float) -> None:
        await self._sleep(seconds)
        self._timer, self._timer_at = None, math.inf
        self._serve()

    def _set_down(self, message: str) -> None:
        self.down = ModelUnreachable(message)
        self.went_down.set()
        while self._waiting:
            granted, _ = self._waiting.popleft()
            if not granted.done():
                granted.set_exception(ModelUnreachable(message))
        self.pacer.wait_no_longer()

    async def _watching(self) -> None:
        """Look after requests that nothing was heard of for long: an endpoint that is busy still says that it is there.

        Real time, whatever the calls' clock is: a machine that hangs does so in real time.
        """
        while self.down is None:
            await asyncio.sleep(WATCH_EVERY_S)
            now = time.monotonic()
            if not self._sending or now - max(self._heard_at, min(self._sending.values())) < QUIET_S:
                continue
            if await self.transport.is_there() or await self.transport.is_there():
                self._heard_at = time.monotonic()
                continue
            waited = time.monotonic() - max(self._heard_at, min(self._sending.values(), default=now))
            if not self._sending or waited < QUIET_S:  # it answered while it was looked for: it is only busy
                continue
            self._set_down(
                f"{self.transport.label}: no answer to {len(self._sending)} requests for {waited:.0f} seconds, nor to "
                "a look at /models"
            )
            for task in list(self._sending):
                task.cancel()
