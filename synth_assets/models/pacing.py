"""How fast an endpoint is asked: one controller an endpoint, shared by every run that asks it.

In flight: additive increase, multiplicative decrease (Chiu and Jain 1989; TCP Reno's slow start until the first sign of
trouble), never above the recipe's `max_in_flight`. A 503, a 429 or latency that has trebled is such a sign. Latency is
taken by token, because an answer of 800 tokens takes longer than one of 20 at any load; and where fewer requests in
flight bring fewer answers, the latency was the model's own and is taken for the new normal (gradient, as in Netflix's
concurrency-limits).

Rate: free until the endpoint says 429. Then the rate that it let through becomes the pace, which climbs quickly, and
after each further 429 that was sent at this pace a third as quickly from a little below: additive increase and
multiplicative decrease again. `Retry-After` holds for the call that was refused; for everybody where refusals come in a
row or no pace is known yet. tests/test_pacing.py says how near it comes to what servers allow that count by fixed
windows, by sliding ones and by buckets. Headers that say how
much is left, and a recipe's requests and tokens a minute, are held to as well (generic cell rate algorithm, ITU-T
I.371).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from synth_assets.identity import hash_of
from synth_assets.models.shared_state import Numbers, SharedNumbers

Outcome = Literal["answered", "refused", "overloaded", "failed", "unsent"]

START = 16.0  # in flight at first: a provider's first 429 should not find hundreds on their way
WINDOW_S = 0.25
CUT = 0.7
LATENCY_CUT = 0.8
LATENCY_RISE = 3.0
LATENCY_SLACK_S = 0.05
PACE_CUT = 0.96
LEAST_CUT = 0.985
CLOSED_S, LONG_PAUSE_S = 0.25, 2.0
FIRST_CLIMB, LEAST_CLIMB = 0.06, 0.01  # of the pace, a second: quick while it is a guess, a third after each refusal
FORGIVEN_S = 30.0  # without a refusal: then the climb is quick again
LEAST_PACE = 0.2
BURST_S = 0.1  # sends that the event loop was late for are made up for within this
REFUSED_IN_A_ROW = 3
OTHERS_POLL_S = 0.02
FORGET_S = 600.0  # what was learned about an endpoint is good for this long

# The head: what all runs share about an endpoint. Times are those of the clock that they share (`SharedNumbers.time`).
_NAMES = (
    "in_flight", "limit", "slow_start", "pace", "pace_at", "next_at", "tokens_at", "not_before", "last_cut",
    "last_refused", "refused_row", "begun", "used", "window_at", "window_answers", "window_latency", "window_peak",
    "base_latency", "before_cut_rate", "before_cut_limit", "climb", "latency",
)  # fmt: skip
(
    IN_FLIGHT, LIMIT, SLOW_START, PACE, PACE_AT, NEXT_AT, TOKENS_AT, NOT_BEFORE, LAST_CUT,
    LAST_REFUSED, REFUSED_ROW, BEGUN, USED, WINDOW_AT, WINDOW_ANSWERS, WINDOW_LATENCY, WINDOW_PEAK,
    BASE_LATENCY, BEFORE_CUT_RATE, BEFORE_CUT_LIMIT, CLIMB, LATENCY,
) = range(len(_NAMES))  # fmt: skip
_SECONDS = 16  # ring of answers by second, behind the head proper
_RING = len(_NAMES)
_RING_STAMP = _RING + _SECONDS
_HEAD = _RING_STAMP + _SECONDS

_MINE, _WANTING, _MOST = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back for one request, as far as pacing goes.

    Attributes:
        outcome: "answered"; "refused" (429); "overloaded" (503, 529); "failed" (any other fault); "unsent".
        latency_s: from sending to the whole answer.
        tokens: tokens of the reply, where the endpoint says.
        retry_after_s: what the endpoint asks for.
        headers: of the response, names in lower case.
    """

    outcome: Outcome
    latency_s: float = 0.0
    tokens: int = 0
    retry_after_s: float | None = None
    headers: Mapping[str, str] | None = None


class Pacer:
    """The controller of one endpoint, as one process holds it.

    Args:
        numbers: makes what the processes that ask the endpoint share.
        place: what names the endpoint: its address and the name (not the value) of its key.
        most: never more in flight, over all runs; of runs with different settings the least counts, as long as that
            run lives: it would wait for ever for those who may have more.
        requests_per_minute, tokens_per_minute: what the recipe allows; None is no limit.
    """

    def __init__(
        self,
        numbers: Numbers,
        place: str,
        *,
        most: int,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        self._most = most
        self._request_s = 60.0 / requests_per_minute if requests_per_minute else 0.0
        self._token_s = 60.0 / tokens_per_minute if tokens_per_minute else 0.0
        self._shared = numbers(
            f"endpoint-{hash_of('endpoint', place)[:16]}", head=_HEAD, width=3, on_enter=self._entered, on_leave=_left
        )
        self._least = most
        self._alone_at = -math.inf
        self._others = 0
        self._wanting = False

    def close(self) -> None:
        """Leave: what this process held is free for the others."""
        self._shared.close()

    @property
    def near(self) -> bool:
        """Whether a look takes microseconds."""
        return self._shared.near

    def trade(
        self, now: float, left: Sequence[tuple[float, Heard, float]], wanted: Sequence[float]
    ) -> tuple[int, float]:
        """Give slots back and take others, in one look at a controller that is far.

        Args:
            left: for each slot the moment, what was heard, and the tokens that were not used.
            wanted: for each call that waits, the most tokens that it can take.

        Returns:
            How many of those who wait may go, the first of them, and after how many seconds to ask for the others.
        """
        with self._shared.locked():
            for moment, heard, tokens_unused in left:
                self.leave(moment, heard, tokens_unused=tokens_unused)
            for number, tokens in enumerate(wanted):
                wait = self.enter(now, tokens)
                if wait > 0:
                    return number, wait
        return len(wanted), 0.0

    @property
    def limit(self) -> float:
        """How many may be in flight just now."""
        return min(self._shared.head[LIMIT] or START, self._least)

    @property
    def pace(self) -> float:
        """Requests a second that the endpoint is asked at most; infinite until it refused one."""
        return self._shared.head[PACE] or math.inf

    @property
    def is_full(self) -> bool:
        """Whether it is certain that nobody can enter before somebody here leaves. Needs no lock, as a guess may."""
        return self._others == 0 and self._shared.head[IN_FLIGHT] >= math.floor(max(self.limit, 1.0))

    def enter(self, now: float, tokens: float) -> float:
        """Take a slot: 0.0 when it is taken, else the seconds after which to ask again (infinite: when one leaves).

        Args:
            now: this process's monotonic time.
            tokens: the most that the call can take; `leave` gives back what it did not.
        """
        shared, head = self._shared, self._shared.head
        now = shared.time(now)
        shared.lock()
        try:
            self._begin(now)
            wait = self._wait(now, tokens)
            if wait > 0:
                if not self._wanting:
                    self._wanting = True
                    shared.row[_WANTING] = 1.0
                return wait
            head[IN_FLIGHT] += 1
            shared.row[_MINE] += 1
            if head[IN_FLIGHT] > head[WINDOW_PEAK]:
                head[WINDOW_PEAK] = head[IN_FLIGHT]
            head[USED] = now
            step = max(1.0 / head[PACE] if head[PACE] else 0.0, self._request_s)
            if step:
                head[NEXT_AT] = max(now - BURST_S, head[NEXT_AT]) + step
            if self._token_s:
                head[TOKENS_AT] = max(now - BURST_S, head[TOKENS_AT]) + tokens * self._token_s
            if self._wanting:
                self._wanting = False
                shared.row[_WANTING] = 0.0
            return 0.0
        finally:
            shared.unlock()

    def wait_no_longer(self) -> None:
        """Say that nobody here waits for a slot any more, so that the others keep none free."""
        self._wanting = False
        with self._shared.locked():
            self._shared.row[_WANTING] = 0.0

    def leave(self, now: float, heard: Heard, *, tokens_unused: float = 0.0) -> None:
        """Give the slot back and learn from what came of it."""
        shared, head = self._shared, self._shared.head
        now = shared.time(now)
        shared.lock()
        try:
            head[IN_FLIGHT] = max(0.0, head[IN_FLIGHT] - 1)
            shared.row[_MINE] = max(0.0, shared.row[_MINE] - 1)
            if self._token_s and tokens_unused > 0:
                head[TOKENS_AT] -= tokens_unused * self._token_s
            if heard.headers:
                self._read_headers(now, heard.headers)
            if heard.outcome == "answered":
                self._answered(now, heard)
            elif heard.outcome == "refused":
                self._refused(now, now - heard.latency_s, heard.retry_after_s)
            elif heard.outcome == "overloaded":
                self._cut(now, CUT)
                if heard.retry_after_s is not None:
                    head[NOT_BEFORE] = max(head[NOT_BEFORE], now + heard.retry_after_s)
            elif heard.outcome == "failed":
                self._cut(now, CUT)
        finally:
            shared.unlock()

    def _begin(self, now: float) -> None:
        """Start anew where nobody was for a while, or where the machine was started again since."""
        head = self._shared.head
        # another process may have looked at the clock a moment later and come in a moment sooner
        if head[LIMIT] and -FORGET_S < now - head[USED] < FORGET_S:
            return
        mine = head[IN_FLIGHT]
        for place in range(_HEAD):
            head[place] = 0.0
        head[IN_FLIGHT] = mine
        head[LIMIT] = START
        head[SLOW_START] = 1.0
        head[BEGUN] = head[USED] = head[WINDOW_AT] = head[PACE_AT] = now

    def _wait(self, now: float, tokens: float) -> float:
        head = self._shared.head
        if head[NOT_BEFORE] > now:
            return head[NOT_BEFORE] - now
        if head[PACE]:
            self._climb(now)
        if (head[PACE] or self._request_s) and head[NEXT_AT] > now:
            return head[NEXT_AT] - now
        if self._token_s and head[TOKENS_AT] > now:
            return head[TOKENS_AT] - now
        alone = self._alone(now)
        limit = math.floor(min(max(head[LIMIT], 1.0), self._least))
        if head[IN_FLIGHT] >= limit:
            # others may have come since it was looked, and nobody here is told when one of theirs leaves
            return math.inf if alone and self._shared.row[_MINE] >= head[IN_FLIGHT] else OTHERS_POLL_S
        return 0.0 if alone or self._fair(limit) else OTHERS_POLL_S

    def _alone(self, now: float) -> bool:
        if now - self._alone_at >= 1.0 or now < self._alone_at:
            self._alone_at = now
            self._others = self._shared.others()
            rows = list(self._shared.living_rows())
            # a kill between the two writes of `enter` or `leave` leaves head and rows apart
            self._shared.head[IN_FLIGHT] = sum(row[_MINE] for row in rows)
            self._least = int(min(row[_MOST] for row in rows))
        return self._others == 0

    def _entered(self, shared: SharedNumbers, alone: bool) -> None:
        shared.row[_MOST] = float(self._most)
        shared.head[IN_FLIGHT] += shared.row[_MINE]  # none, but for one who comes back: they are still under way

    def _fair(self, limit: int) -> bool:
        """Whether this process may take one more while others wait: nobody beyond its share before all have theirs."""
        waiting = [row[_MINE] for row in self._shared.living_rows() if row[_WANTING]]
        mine = self._shared.row[_MINE]
        share = limit / (len(waiting) + (0 if self._wanting else 1))
        return mine < share or all(theirs >= share for theirs in waiting)

    def _answered(self, now: float, heard: Heard) -> None:
        head = self._shared.head
        head[REFUSED_ROW] = 0.0
        second = int(now)
        place = second % _SECONDS
        if head[_RING_STAMP + place] != second:
            head[_RING_STAMP + place] = second
            head[_RING + place] = 0.0
        head[_RING + place] += 1
        head[WINDOW_ANSWERS] += 1
        head[WINDOW_LATENCY] += heard.latency_s / (10.0 + heard.tokens)
        head[LATENCY] += 0.1 * (heard.latency_s - head[LATENCY]) if head[LATENCY] else heard.latency_s
        limit = head[LIMIT]
        # a limit that nobody comes near tells nothing, and grows no further
        if not head[SLOW_START] and head[WINDOW_PEAK] >= 0.8 * limit - 1:
            head[LIMIT] = min(limit + 1.0 / limit, max(limit, float(self._most)))
        if now - head[WINDOW_AT] >= WINDOW_S and head[WINDOW_ANSWERS] >= max(2.0, limit / 2):
            self._close_window(now)

    def _close_window(self, now: float) -> None:
        head = self._shared.head
        seconds, answers = now - head[WINDOW_AT], head[WINDOW_ANSWERS]
        latency, rate = head[WINDOW_LATENCY] / answers, answers / seconds
        busy = head[WINDOW_PEAK] >= 0.8 * head[LIMIT] - 1
        if head[BEFORE_CUT_RATE] and head[WINDOW_AT] < head[LAST_CUT] + head[LATENCY]:
            pass  # those of before the cut are still coming back
        elif head[BEFORE_CUT_RATE]:
            if rate < 0.9 * head[BEFORE_CUT_RATE]:  # fewer in flight brought fewer answers: it was no queue
                head[LIMIT] = max(head[LIMIT], head[BEFORE_CUT_LIMIT])
                head[BASE_LATENCY] = latency
            head[BEFORE_CUT_RATE] = 0.0
        elif not head[BASE_LATENCY] or latency < head[BASE_LATENCY]:
            head[BASE_LATENCY] = latency
        elif (
            busy
            and head[LIMIT] > 2
            and latency > LATENCY_RISE * head[BASE_LATENCY] + LATENCY_SLACK_S / 10
            and answers >= 20
        ):
            head[BEFORE_CUT_RATE], head[BEFORE_CUT_LIMIT] = rate, head[LIMIT]
            self._cut(now, LATENCY_CUT)
        else:
            head[BASE_LATENCY] *= 1.005  # models change hands and sizes; the best ever seen is no measure for ever
        if head[SLOW_START] and busy:
            # where an answer takes long, so does the sign that it was too much
            more = 2.0 if head[LATENCY] < 0.3 else 1.5
            head[LIMIT] = min(more * head[LIMIT], max(head[LIMIT], float(self._most)))
            if head[LIMIT] >= self._most:
                head[SLOW_START] = 0.0
        head[WINDOW_AT], head[WINDOW_ANSWERS], head[WINDOW_LATENCY] = now, 0.0, 0.0
        head[WINDOW_PEAK] = head[IN_FLIGHT]

    def _cut(self, now: float, factor: float) -> None:
        """Fewer in flight; the faults of one burst cut once."""
        head = self._shared.head
        head[SLOW_START] = 0.0
        if now - head[LAST_CUT] >= 1.0 or not head[LAST_CUT]:
            head[LAST_CUT] = now
            # from what really was in flight: a limit far above it would take many cuts to be felt
            head[LIMIT] = max(1.0, factor * min(head[LIMIT], max(head[WINDOW_PEAK], 1.0)))

    def _refused(self, now: float, sent_at: float, retry_after_s: float | None) -> None:
        head = self._shared.head
        pause = retry_after_s if retry_after_s is not None else 0.0
        head[SLOW_START] = 0.0
        if not head[PACE]:
            self._guess_pace(now, pause)
        elif sent_at > head[LAST_REFUSED] and now - head[LAST_REFUSED] >= 1.0:
            # what was on its way when the pace was cut says nothing of the new pace
            self._climb(now)
            guessed = head[CLIMB] > 2 * LEAST_CLIMB or now - head[LAST_REFUSED] < 2.0
            floor = (CUT if guessed else PACE_CUT) * head[PACE] / (1.0 + head[CLIMB] * (head[LATENCY] + 0.5))
            head[PACE] = max(LEAST_PACE, min(LEAST_CUT * head[PACE], max(1.01 * self._recent_rate(now), floor)))
            head[CLIMB] = max(LEAST_CLIMB, head[CLIMB] / 3)
            head[LAST_REFUSED] = now
        elif head[REFUSED_ROW] >= REFUSED_IN_A_ROW and head[NOT_BEFORE] < now:  # it lets nobody in: everybody waits
            # a short wish is for the one refused: the window that it speaks of mostly ends before, and a whole second
            # of everybody's would be lost; a long one says that the endpoint is closed
            head[NOT_BEFORE] = now + (pause if pause > LONG_PAUSE_S else CLOSED_S)
            head[REFUSED_ROW] = 0.0
        head[REFUSED_ROW] += 1

    def _guess_pace(self, now: float, pause: float) -> None:
        """The first refusal: the pace is what was let through, on the whole or in the best second."""
        head = self._shared.head
        span = min(max(now - head[BEGUN], 0.0), _SECONDS - 2.0)
        head[NOT_BEFORE] = max(head[NOT_BEFORE], now + pause)
        answers = sum(self._seconds(now, span + 1.0))
        if answers < 2:  # nothing to guess from
            self._cut(now, CUT)
            return
        mean = answers / (span + (pause or 1.0))  # most limits are a second's or longer
        head[PACE] = max(LEAST_PACE, mean, 0.9 * self._best_second(now, span + 1.0))
        head[CLIMB] = FIRST_CLIMB
        head[PACE_AT] = head[LAST_REFUSED] = now
        head[NEXT_AT] = max(now, head[NOT_BEFORE])

    def _seconds(self, now: float, span: float) -> list[float]:
        """Answers in each of the last seconds."""
        head = self._shared.head
        return [head[_RING + place] for place in range(_SECONDS) if head[_RING_STAMP + place] > now - span]

    def _best_second(self, now: float, span: float) -> float:
        return max(self._seconds(now, span), default=0.0)

    def _recent_rate(self, now: float) -> float:
        """Answers in the better of the last two whole seconds: in one of them there may have been a pause."""
        head, second = self._shared.head, int(now)
        return max(
            (head[_RING + place] for place in range(_SECONDS) if second - 2 <= head[_RING_STAMP + place] < second),
            default=0.0,
        )

    def _climb(self, now: float) -> None:
        head = self._shared.head
        seconds = min(max(now - head[PACE_AT], 0.0), 5.0)
        head[PACE_AT] = now
        if head[NEXT_AT] < now - 1.0:  # it is not the pace that holds anybody back
            return
        if now - head[LAST_REFUSED] > FORGIVEN_S:
            head[CLIMB] = FIRST_CLIMB / 2
        head[PACE] *= 1.0 + head[CLIMB] * seconds

    def _read_headers(self, now: float, headers: Mapping[str, str]) -> None:
        """Hold to what is left: the pace at which the endpoint fills up again, where little is left."""
        head = self._shared.head
        for prefix in ("x-ratelimit-", "anthropic-ratelimit-"):
            for unit in ("requests", "tokens"):
                names = (
                    (f"{prefix}{unit}-limit", f"{prefix}{unit}-remaining", f"{prefix}{unit}-reset")
                    if prefix.startswith("anthropic")
                    else (f"{prefix}limit-{unit}", f"{prefix}remaining-{unit}", f"{prefix}reset-{unit}")
                )
                limit, remaining = _number(headers.get(names[0])), _number(headers.get(names[1]))
                reset = reset_seconds(headers.get(names[2]))
                if limit is None or remaining is None or not reset:
                    continue
                if unit == "tokens":
                    if remaining <= 0:
                        head[NOT_BEFORE] = max(head[NOT_BEFORE], now + min(reset, 60.0) / max(limit, 1.0))
                elif remaining <= head[IN_FLIGHT]:
                    fills = max((limit - remaining) / reset, LEAST_PACE)
                    if not head[PACE] or fills < head[PACE]:
                        head[PACE], head[PACE_AT], head[LAST_REFUSED] = fills, now, now
                        head[CLIMB] = LEAST_CLIMB
                        head[NEXT_AT] = max(head[NEXT_AT], now)


def _left(shared: SharedNumbers, row: memoryview) -> None:
    shared.head[IN_FLIGHT] = max(0.0, shared.head[IN_FLIGHT] - row[_MINE])


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def reset_seconds(text: str | None) -> float | None:
    """Seconds in a rate-limit reset header: "1s", "6m0s", "20ms", seconds, or an RFC 3339 time; None where none."""
    if not text:
        return None
    plain = _number(text)
    if plain is not None:
        return max(plain, 0.0)
    if "T" in text:
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            return None
        return max((when - datetime.now(when.tzinfo)).total_seconds(), 0.0)
    total, digits, rest = 0.0, "", text
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    while rest:
        digits = ""
        while rest and (rest[0].isdigit() or rest[0] == "."):
            digits, rest = digits + rest[0], rest[1:]
        unit = "ms" if rest.startswith("ms") else rest[:1]
        value = _number(digits)
        if value is None or unit not in units:
            return None
        total += value * units[unit]
        rest = rest[len(unit) :]
    return total
