"""How fast an endpoint is asked, against servers that are simulated in a time of their own."""

import heapq
import itertools
import math
import random
import struct
from pathlib import Path
from typing import NamedTuple

import pytest

from synth_assets.models.pacing import START, Heard, Pacer, reset_seconds
from synth_assets.models.shared_state import numbers_in

ALLOWED = 50


class Limited:
    """A server that lets so many in a second, counted one way or another, and turns the rest away."""

    def __init__(self, counts: str, *, retry_after: bool) -> None:
        self.counts = counts
        self.retry_after = retry_after
        self.seen: list[float] = []
        self.bucket, self.filled_at = float(ALLOWED), 0.0

    def lets_in(self, now: float) -> tuple[bool, float | None]:
        if self.counts == "bucket":
            self.bucket = min(ALLOWED, self.bucket + (now - self.filled_at) * ALLOWED)
            self.filled_at = now
            good = self.bucket >= 1
            self.bucket -= good
        else:
            begin = math.floor(now) if self.counts == "fixed" else now - 1.0
            self.seen = [moment for moment in self.seen if moment >= begin]
            good = len(self.seen) < ALLOWED
            if good:
                self.seen.append(now)
        return good, 1.0 if self.retry_after else None


class Run(NamedTuple):
    share: float  # of the allowed rate
    refused: float  # of all requests
    seconds: float
    peak: int


def simulate(folder: Path, server: Limited, *, calls: int, latency: float, processes: int = 1, most: int = 256) -> Run:
    """Some processes with as many calls each, all side by side; every call is repeated until it is let in."""
    rng = random.Random(7)
    pacers = [Pacer(numbers_in(folder), "place", most=most) for _ in range(processes)]
    waiting = [calls // processes] * processes
    wake_at = [math.inf] * processes
    number = itertools.count()
    events = [(1000.0, next(number), "wake", one, 0.0) for one in range(processes)]
    answered = refused = flying = peak = 0
    now = 1000.0
    while events:
        now, _, kind, one, sent_at = heapq.heappop(events)
        if kind == "wake":
            wake_at[one] = math.inf
        elif kind == "again":
            waiting[one] += 1
        else:
            flying -= 1
            good, retry_after = server.lets_in(now - latency / 2)
            if good:
                answered += 1
                pacers[one].leave(now, Heard(outcome="answered", latency_s=now - sent_at, tokens=20))
            else:
                refused += 1
                heard = Heard(outcome="refused", latency_s=now - sent_at, retry_after_s=retry_after)
                pacers[one].leave(now, heard)
                pause = (retry_after or 0.5) + 0.3 * rng.random()
                heapq.heappush(events, (now + pause, next(number), "again", one, 0.0))
        while waiting[one]:
            wait = pacers[one].enter(now, 0.0)
            if wait <= 0:
                waiting[one] -= 1
                flying += 1
                peak = max(peak, flying)
                back = now + latency * (0.9 + 0.2 * rng.random())
                heapq.heappush(events, (back, next(number), "back", one, now))
                continue
            if math.isfinite(wait) and now + wait < wake_at[one]:
                wake_at[one] = now + wait
                heapq.heappush(events, (now + wait + 0.001, next(number), "wake", one, 0.0))
            break
    for pacer in pacers:
        pacer.close()
    assert answered == calls
    return Run(calls / (now - 1000.0) / ALLOWED, refused / (answered + refused), now - 1000.0, peak)


@pytest.mark.parametrize("processes", [1, 4])
@pytest.mark.parametrize("counts", ["fixed", "sliding", "bucket"])
@pytest.mark.parametrize("latency", [0.005, 0.1])
def test_an_endpoint_that_limits_the_rate_is_used_to_nine_tenths_and_seldom_refuses(
    tmp_path: Path, processes: int, counts: str, latency: float
) -> None:
    run = simulate(tmp_path, Limited(counts, retry_after=True), calls=3000, latency=latency, processes=processes)
    assert run.share >= 0.9
    assert run.refused < 0.05


@pytest.mark.parametrize("counts", ["fixed", "sliding", "bucket"])
def test_the_rate_is_found_without_retry_after_too(tmp_path: Path, counts: str) -> None:
    run = simulate(tmp_path, Limited(counts, retry_after=False), calls=3000, latency=0.1)
    assert run.share >= 0.85
    assert run.refused < 0.06


@pytest.mark.parametrize("processes", [1, 4])
@pytest.mark.parametrize("most", [1, 5, 40])
def test_never_more_than_the_setting_is_in_flight_over_all_processes(tmp_path: Path, processes: int, most: int) -> None:
    server = Limited("fixed", retry_after=True)
    run = simulate(tmp_path, server, calls=200, latency=0.5, processes=processes, most=most)
    assert run.peak <= most


class Line:
    """One pacer and a clock."""

    def __init__(self, folder: Path, **settings) -> None:
        self.pacer = Pacer(numbers_in(folder), "place", **{"most": 256, **settings})
        self.now = 50.0
        self.inside = 0

    def fill(self, tokens: float = 0.0) -> float:
        """Enter until it says wait; what it says."""
        while (wait := self.pacer.enter(self.now, tokens)) <= 0:
            self.inside += 1
        return wait

    def leave(self, outcome: str = "answered", seconds: float = 0.0, unused: float = 0.0, **heard) -> None:
        self.now += seconds
        self.inside -= 1
        self.pacer.leave(self.now, Heard(outcome=outcome, **heard), tokens_unused=unused)


def test_in_flight_doubles_while_all_goes_well_and_stops_at_the_setting(tmp_path: Path) -> None:
    line = Line(tmp_path, most=100)
    seen = []
    for _ in range(12):
        line.fill()
        seen.append(line.inside)
        for _ in range(line.inside):
            line.leave(seconds=0.3 / seen[-1], latency_s=0.1)
    assert seen[0] == START
    assert seen[:4] == [16, 32, 64, 100]
    assert max(seen) == 100


def test_an_overloaded_endpoint_is_asked_by_fewer_at_once_and_again_by_more(tmp_path: Path) -> None:
    line = Line(tmp_path, most=16)
    line.fill()
    for _ in range(5):
        line.leave("overloaded", seconds=0.01)
    assert line.pacer.limit == pytest.approx(0.7 * 16)  # one burst of faults is one cut
    for _ in range(400):
        line.fill()
        line.leave(seconds=0.01, latency_s=0.1)
    assert line.pacer.limit == 16


def test_what_a_503_asks_for_holds_for_everybody(tmp_path: Path) -> None:
    line = Line(tmp_path, most=4)
    line.fill()
    line.leave("overloaded", retry_after_s=3.0)
    assert line.fill() == pytest.approx(3.0)


def test_latency_that_trebles_is_a_queue_and_is_cut(tmp_path: Path) -> None:
    line = Line(tmp_path, most=64)
    for latency in [0.1] * 40 + [1.0] * 8:
        line.fill()
        for _ in range(line.inside):
            line.leave(seconds=0.5 / 64, latency_s=latency, tokens=10)
    assert line.pacer.limit < 64


def test_an_answer_that_is_longer_takes_longer_and_is_no_queue(tmp_path: Path) -> None:
    line = Line(tmp_path, most=64)
    for tokens in [20] * 40 + [800] * 40:
        line.fill()
        for _ in range(line.inside):
            line.leave(seconds=0.5 / 64, latency_s=0.01 * (10 + tokens), tokens=tokens)
    assert line.pacer.limit == 64


def test_where_fewer_in_flight_bring_fewer_answers_the_cut_is_taken_back(tmp_path: Path) -> None:
    line = Line(tmp_path, most=64)
    lows = []
    for turn in range(60):
        line.fill()
        inside, latency = line.inside, 0.1 if turn < 30 else 1.0  # the model became slow, whoever asks
        for _ in range(inside):
            line.leave(seconds=latency / inside, latency_s=latency, tokens=10)
        lows.append(line.pacer.limit)
    assert min(lows[30:]) < 64
    assert lows[-1] == 64


@pytest.mark.parametrize(
    ("settings", "tokens", "a_second"),
    [
        ({"requests_per_minute": 600}, 0.0, 10.0),
        ({"tokens_per_minute": 60_000}, 100.0, 10.0),
        ({"requests_per_minute": 6000, "tokens_per_minute": 6_000}, 50.0, 2.0),
    ],
)
def test_a_recipes_own_limits_are_held_to(tmp_path: Path, settings: dict, tokens: float, a_second: float) -> None:
    line = Line(tmp_path, **settings)
    sent = 0
    while line.now < 80.0:
        wait = line.fill(tokens)
        sent += line.inside
        while line.inside:
            line.leave()
        line.now += wait
    assert sent == pytest.approx(30 * a_second, rel=0.03)


def test_tokens_that_a_call_did_not_take_are_given_back(tmp_path: Path) -> None:
    line = Line(tmp_path, tokens_per_minute=6_000)
    line.fill(500.0)
    assert line.inside == 1
    line.leave(unused=490.0)
    assert line.pacer.enter(line.now + 0.1, 500.0) == 0


def test_headers_that_say_how_little_is_left_set_the_pace_before_any_refusal(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.fill()
    left = {
        "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "57s",
    }  # fmt: skip
    line.leave(headers=left)
    assert line.pacer.pace == pytest.approx(1.0)


def test_a_process_that_leaves_takes_its_requests_with_it(tmp_path: Path) -> None:
    one, other = Pacer(numbers_in(tmp_path), "place", most=2), Pacer(numbers_in(tmp_path), "place", most=2)
    assert [one.enter(50.0, 0), one.enter(50.0, 0)] == [0, 0]
    assert other.enter(50.0, 0) > 0
    one.close()
    assert other.enter(52.0, 0) == 0


def test_two_who_wait_share_evenly(tmp_path: Path) -> None:
    one, other = Pacer(numbers_in(tmp_path), "place", most=8), Pacer(numbers_in(tmp_path), "place", most=8)
    held = {one: sum(one.enter(50.0, 0) == 0 for _ in range(20)), other: 0}
    assert held[one] == 8
    for turn in range(40):
        most = max(held, key=held.get)
        most.leave(50.0 + turn / 10, Heard(outcome="answered", latency_s=0.1))
        held[most] -= 1
        for each in (one, other):
            held[each] += each.enter(50.0 + turn / 10, 0) == 0
    assert sum(held.values()) == 8
    assert abs(held[one] - held[other]) <= 2


def test_who_waits_looks_again_where_another_came_and_took_the_only_slot(tmp_path: Path) -> None:
    one = Pacer(numbers_in(tmp_path), "place", most=1)
    assert one.enter(50.0, 0) == 0
    one.leave(50.1, Heard(outcome="answered", latency_s=0.1))
    other = Pacer(numbers_in(tmp_path), "place", most=1)
    assert other.enter(50.2, 0) == 0
    # within the second in which it has last seen that it is alone; nobody tells it when the other's request is back
    assert math.isfinite(one.enter(50.3, 0))
    other.leave(50.4, Heard(outcome="answered", latency_s=0.1))
    assert one.enter(50.4, 0) == 0


def test_a_slot_that_a_kill_left_to_nobody_comes_back(tmp_path: Path) -> None:
    one = Pacer(numbers_in(tmp_path), "place", most=1)
    assert one.enter(50.0, 0) == 0
    one.leave(50.1, Heard(outcome="answered", latency_s=0.1))
    one.close()
    (shared,) = (path for path in tmp_path.iterdir() if path.is_file())
    content = bytearray(shared.read_bytes())
    struct.pack_into("d", content, 8, 1.0)  # as after a kill between "one more in flight" and "one more of mine"
    shared.write_bytes(content)
    assert Pacer(numbers_in(tmp_path), "place", most=1).enter(60.0, 0) == 0


def test_no_room_is_kept_for_one_who_waits_no_longer(tmp_path: Path) -> None:
    one, other = Pacer(numbers_in(tmp_path), "place", most=8), Pacer(numbers_in(tmp_path), "place", most=8)
    held = 0
    while one.enter(50.0, 0) == 0:
        held += 1
    assert other.enter(50.0, 0) > 0
    other.wait_no_longer()
    for _ in range(held):
        one.leave(51.0, Heard(outcome="answered", latency_s=0.1))
    assert [one.enter(51.0, 0) for _ in range(8)] == [0.0] * 8


def test_a_run_that_may_have_few_in_flight_is_not_starved_by_one_that_may_have_many(tmp_path: Path) -> None:
    many, few = Pacer(numbers_in(tmp_path), "place", most=100), Pacer(numbers_in(tmp_path), "place", most=4)
    now, held, inside, got = 50.0, 0, 0, 0
    for _ in range(1000):
        now += 0.01
        while many.enter(now, 0) == 0:
            held += 1
        if few.enter(now, 0) == 0:
            inside, got = inside + 1, got + 1
            assert held + inside <= 4
        if held:
            many.leave(now, Heard(outcome="answered", latency_s=0.1))
            held -= 1
        if inside > 1:
            few.leave(now, Heard(outcome="answered", latency_s=0.1))
            inside -= 1
    assert got > 100
    for _ in range(inside):
        few.leave(now, Heard(outcome="answered", latency_s=0.1))
    few.close()
    now += 1.0  # and the one that is left alone has all again
    while many.enter(now, 0) == 0:
        held += 1
    assert held > 4


def test_a_process_that_is_a_moment_late_forgets_nothing(tmp_path: Path) -> None:
    line = Line(tmp_path, most=100)
    for _ in range(4):
        line.fill()
        for _ in range(line.inside):
            line.leave(seconds=0.3 / 64, latency_s=0.1)
    learned = line.pacer.limit
    other = Pacer(numbers_in(tmp_path), "place", most=100)
    assert other.enter(line.now - 0.05, 0.0) == 0
    assert other.limit == learned > START


def test_what_was_learned_is_forgotten_after_a_while(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.fill()
    for _ in range(8):
        line.leave(seconds=0.05, latency_s=0.1)
    line.leave("refused", seconds=0.1, latency_s=0.1, retry_after_s=1.0)
    assert line.pacer.pace < math.inf
    while line.inside:
        line.leave()
    line.now += 700.0
    assert line.pacer.enter(line.now, 0.0) == 0
    assert (line.pacer.pace, line.pacer.limit) == (math.inf, START)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1.0), ("6m0s", 360.0), ("20ms", 0.02), ("1h2m3.5s", 3723.5), ("12", 12.0), ("soon", None), ("", None)],
)
def test_a_reset_header_is_read(text: str, seconds: float | None) -> None:
    assert reset_seconds(text) == (None if seconds is None else pytest.approx(seconds))
