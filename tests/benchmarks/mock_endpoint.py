"""An OpenAI-compatible endpoint that is faster than its clients: asyncio.Protocol, keep-alive, a fixed latency.

    python -m tests.benchmarks.mock_endpoint --port 0 --latency-ms 100 \\
        --allow-per-second 50 --window fixed --retry-after 1 \\
        --faults "reset=10,500=10,malformed=5,truncated=5,hang=2" --state FILE

prints its address first. GET /state (beside /v1, see `state_of`) and, on SIGTERM, the file hold what it saw:

    received            chat completions that arrived, those refused with 429 included
    refused_429         of these, refused because more came than are allowed; at once, before any latency
    answered            completions that were written and were not thrown away unread
    unread              completions that were written and then thrown away: the client died, or gave up that moment
    gone                requests whose client went before their reply, hangs apart
    faults              by kind, how often one was given; empty, length and content_filter are answers as well
    in_flight, peak_in_flight, connections, span_s (first arrival to last answer), cpu_s
    received_by_call, answered_by_call      the same by call: see `tests.scripted_endpoint.key_of` (seed and messages)

With none in flight, received is the sum of refused_429, answered, unread, gone and the faults that are no answers. GET
/counts is the same without the calls. The reply to a call is a function of its key (`reply_of`); which fault a
request meets is one of its key and of how often the call came before (`fault_of`). Nothing here is random.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, get_args

from tests.scripted_endpoint import key_of

CHECKOUT = Path(__file__).parent.parent.parent

# Besides these, any status from 400 to 599 ("500", "503"): an error body with that status.
Kind = Literal["reset", "malformed", "truncated", "hang", "no_choices", "empty", "length", "content_filter"]
Window = Literal["fixed", "sliding", "bucket"]

_LONGEST_HEAD = 64 * 2**10
_REPLY_CHARS = 2000
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_REASONS = {200: b"OK", 400: b"Bad Request", 404: b"Not Found", 411: b"Length Required", 429: b"Too Many Requests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How an endpoint behaves.

    Attributes:
        latency_s: seconds between a request and what it gets; a 429 comes at once.
        allow_per_second: chat completions that are let in a second; all when left out.
        window: how that is counted: in whole seconds from the start ("fixed"), over the second that has just passed
            ("sliding"), or as tokens that drop into a bucket of one second's worth ("bucket").
        retry_after_s: the Retry-After of a 429; none when left out.
        faults: percent of requests by `Kind` or status.
    """

    latency_s: float = 0.1
    allow_per_second: float | None = None
    window: Window = "fixed"
    retry_after_s: float | None = 1.0
    faults: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind in self.faults:
            if kind not in get_args(Kind) and not (kind.isascii() and kind.isdigit() and 400 <= int(kind) < 600):
                raise ValueError(f"fault {kind!r} is none of {', '.join(get_args(Kind))} or a status from 400 to 599")
        if not 0 <= sum(self.faults.values()) <= 100 or min(self.faults.values(), default=0) < 0:
            raise ValueError(f"the faults add up to {sum(self.faults.values()):g} percent")


def reply_of(key: str) -> str:
    """The text that the call of this key is answered with: 2 KB, distinct, with newlines and more than ASCII in it."""
    digest = hashlib.shake_128(key.encode()).hexdigest(_REPLY_CHARS // 2)
    lines = (digest[start : start + 125] for start in range(0, _REPLY_CHARS, 125))
    return f'Réponse à "{key}":\n' + "\n".join(lines)


def fault_of(key: str, times: int, faults: Mapping[str, float]) -> str | None:
    """What a request meets whose call was let in so often before: a kind of fault, or None."""
    place = int(hashlib.sha256(f"{key} {times}".encode()).hexdigest()[:8], 16) / 2**32 * 100
    for kind, percent in faults.items():
        place -= percent
        if place < 0:
            return kind
    return None


def limiter(allow_per_second: float, window: Window) -> Callable[[float], bool]:
    """Whether a request that comes at this second (of any clock that only goes forward) is let in."""
    if window == "bucket":
        return _Bucket(allow_per_second)
    return _Sliding(allow_per_second) if window == "sliding" else _Fixed(allow_per_second)


class _Fixed:
    def __init__(self, allowed: float) -> None:
        self._allowed, self._second, self._let_in = allowed, -1, 0

    def __call__(self, now: float) -> bool:
        if int(now) != self._second:
            self._second, self._let_in = int(now), 0
        if self._let_in + 1 > self._allowed:
            return False
        self._let_in += 1
        return True


class _Sliding:
    def __init__(self, allowed: float) -> None:
        self._allowed = allowed
        self._times: deque[float] = deque()

    def __call__(self, now: float) -> bool:
        while self._times and self._times[0] <= now - 1:
            self._times.popleft()
        if len(self._times) + 1 > self._allowed:
            return False
        self._times.append(now)
        return True


class _Bucket:
    def __init__(self, allowed: float) -> None:
        self._allowed, self._tokens, self._filled = allowed, allowed, 0.0

    def __call__(self, now: float) -> bool:
        self._tokens = min(self._allowed, self._tokens + (now - self._filled) * self._allowed)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class MockEndpoint:
    """The server, in the running event loop. An async context manager; `address` has /v1, `port` is its port."""

    def __init__(self, settings: Settings | None = None, *, port: int = 0) -> None:
        self.settings = settings or Settings()
        self.port = port
        self._started = time.monotonic()
        self._allows = (
            limiter(self.settings.allow_per_second, self.settings.window)
            if self.settings.allow_per_second is not None
            else None
        )
        self.counts = {
            "received": 0,
            "refused_429": 0,
            "answered": 0,
            "unread": 0,
            "gone": 0,
            "in_flight": 0,
            "peak_in_flight": 0,
            "connections": 0,
        }
        self.faults: dict[str, int] = {}
        self.received_by_call: dict[str, int] = {}
        self.let_in_by_call: dict[str, int] = {}
        self.answered_by_call: dict[str, int] = {}
        self.open: set[_Connection] = set()
        self.first_at = self.last_at = 0.0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> "MockEndpoint":
        self.loop = asyncio.get_running_loop()
        self._server = await self.loop.create_server(
            lambda: _Connection(self), "127.0.0.1", self.port, backlog=4096, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for connection in tuple(self.open):
            connection.abort()
        await asyncio.sleep(0)  # the transports tell their connections that they are closed
        await self._server.wait_closed()

    def state(self, *, calls: bool = True) -> dict[str, Any]:
        """Everything that was counted, as the module's text tells."""
        counted: dict[str, Any] = {
            **self.counts,
            "faults": dict(sorted(self.faults.items())),
            "span_s": self.last_at - self.first_at,
            "cpu_s": time.process_time(),
        }
        if calls:
            counted |= {"received_by_call": self.received_by_call, "answered_by_call": self.answered_by_call}
        return counted

    def let_in(self) -> bool:
        return self._allows is None or self._allows(time.monotonic() - self._started)


class _Connection(asyncio.Protocol):
    """One client's connection: one request at a time; what comes before a reply is sent waits in the buffer."""

    def __init__(self, endpoint: MockEndpoint) -> None:
        self._endpoint = endpoint
        self._buffer = b""
        self._pending: asyncio.TimerHandle | None = None
        self._hangs = False
        self._answering = ""  # key of the call that is under way
        self._answered = ""  # key of the last one answered, until the client shows that it read the answer
        self._close = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._endpoint.open.add(self)
        self._endpoint.counts["connections"] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        endpoint, counts = self._endpoint, self._endpoint.counts
        endpoint.open.discard(self)
        counts["connections"] -= 1
        if self._answering:
            if self._pending is not None:
                self._pending.cancel()
            counts["gone"] += not self._hangs
            self._ended()
        # A client's kernel resets a connection that is closed with something unread in it, however the client died; and
        # one that something comes to after its end. Of that the end is heard first, and the reset stands at the socket.
        elif self._answered and (isinstance(exc, ConnectionError) or self._is_reset()):
            counts["answered"] -= 1
            counts["unread"] += 1
            endpoint.answered_by_call[self._answered] -= 1

    def _is_reset(self) -> bool:
        connection = self._transport.get_extra_info("socket")
        return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        self._read()

    def abort(self) -> None:
        self._transport.abort()

    def _read(self) -> None:
        """Take one whole request out of the buffer, if there is one and none is under way."""
        if self._answering or self._transport.is_closing():
            return
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _LONGEST_HEAD:
                self._close = True
                self._write(400, _error("the head of the request is too long"))
            return
        head = self._buffer[: end + 2]
        if _CHUNKED.search(head):
            self._close = True
            self._write(411, _error("say the content's length"))
            return
        length = _LENGTH.search(head)
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self._buffer) < whole:
            return
        body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
        self._answered = ""  # it has read the last answer, or it would not ask again
        self._close = _CLOSE.search(head) is not None
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0]
        if (method, path) == (b"POST", b"/v1/chat/completions"):
            self._chat(body)
        elif method != b"GET":
            self._write(404, _error("there is nothing here"))
        elif path == b"/v1/models":
            self._write(200, b'{"object":"list","data":[{"id":"mock","object":"model"}]}')
        elif path in (b"/state", b"/counts"):
            self._write(200, json.dumps(self._endpoint.state(calls=path == b"/state")).encode())
        else:
            self._write(404, _error("there is nothing here"))
        if self._buffer:
            self._endpoint.loop.call_soon(self._read)

    def _chat(self, body: bytes) -> None:
        endpoint, counts = self._endpoint, self._endpoint.counts
        try:
            request = json.loads(body)
        except ValueError:
            request = None
        if not isinstance(request, dict) or not isinstance(request.get("messages"), list) or request.get("stream"):
            self._write(400, _error("this is no request for a chat completion"))
            return
        key = key_of(request)
        if not counts["received"]:
            endpoint.first_at = time.monotonic()
        counts["received"] += 1
        endpoint.received_by_call[key] = endpoint.received_by_call.get(key, 0) + 1
        if not endpoint.let_in():
            counts["refused_429"] += 1
            wait = endpoint.settings.retry_after_s
            header = b"" if wait is None else f"Retry-After: {wait:g}\r\n".encode()
            self._write(429, _error("too many requests"), header)
            return
        times = endpoint.let_in_by_call.get(key, 0)
        endpoint.let_in_by_call[key] = times + 1
        counts["in_flight"] += 1
        counts["peak_in_flight"] = max(counts["peak_in_flight"], counts["in_flight"])
        self._answering = key
        fault = fault_of(key, times, endpoint.settings.faults) if endpoint.settings.faults else None
        if fault == "hang":
            self._hangs = True
            self._count(fault)
            return
        model = str(request.get("model"))
        self._pending = endpoint.loop.call_later(endpoint.settings.latency_s, self._answer, model, len(body), fault)

    def _answer(self, model: str, size: int, fault: str | None) -> None:
        key = self._answering
        self._ended()
        # The client may have hung up a moment ago: what is sent to it then is read by nobody, and no error tells.
        connection = self._transport.get_extra_info("socket")
        if self._transport.is_closing() or connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 1:
            self._endpoint.counts["gone"] += 1
            return
        if fault is not None:
            self._count(fault)
        if fault == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        elif fault == "malformed":
            self._write(200, b'{"choices": [{"mess')
        elif fault == "truncated":
            body = _completion(key, model, size, None)
            self._transport.write(_head(200, len(body)) + body[: len(body) // 2])
            self._transport.close()
        elif fault is not None and fault.isdigit():
            self._write(int(fault), _error(f"mock {fault}"))
        elif fault == "no_choices":
            self._write(200, b'{"object":"chat.completion","choices":[]}')
        else:
            self._write(200, _completion(key, model, size, fault))
            endpoint = self._endpoint
            endpoint.counts["answered"] += 1
            endpoint.answered_by_call[key] = endpoint.answered_by_call.get(key, 0) + 1
            endpoint.last_at = time.monotonic()
            self._answered = key
        if self._buffer:
            self._read()

    def _count(self, fault: str) -> None:
        self._endpoint.faults[fault] = self._endpoint.faults.get(fault, 0) + 1

    def _ended(self) -> None:
        self._answering, self._pending, self._hangs = "", None, False
        self._endpoint.counts["in_flight"] -= 1

    def _write(self, status: int, body: bytes, headers: bytes = b"") -> None:
        self._transport.write(_head(status, len(body), headers, close=self._close) + body)
        if self._close:
            self._transport.close()


def _head(status: int, length: int, headers: bytes = b"", *, close: bool = False) -> bytes:
    return b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s%s\r\n" % (
        status,
        _REASONS.get(status, b"Error"),
        length,
        headers,
        b"Connection: close\r\n" if close else b"",
    )


def _error(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "mock"}}).encode()


def _completion(key: str, model: str, size: int, variant: str | None) -> bytes:
    """A chat completion; `variant` is "empty", "length" (cut in the middle) or "content_filter"."""
    text = reply_of(key)
    if variant == "length":
        text = text[: len(text) // 2]
    elif variant is not None:
        text = ""
    prompt, reply = size // 4, len(text) // 4
    completion = {
        "id": f"chatcmpl-{key}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": variant if variant in ("length", "content_filter") else "stop",
            }
        ],
        "usage": {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply},
    }
    return json.dumps(completion, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def state_of(address: str, *, calls: bool = True) -> dict[str, Any]:
    """What the endpoint at this address (as it printed it) has seen so far; without the calls it is quick."""
    place = f"{address.removesuffix('/v1')}/{'state' if calls else 'counts'}"
    with urllib.request.urlopen(place, timeout=60) as response:
        return json.load(response)


@contextmanager
def endpoint_process(*options: str, core: int | None = None) -> Iterator[str]:
    """An endpoint as a process of its own, on this core where one is given; yields its address."""
    command = [sys.executable, "-m", "tests.benchmarks.mock_endpoint", *options]
    if core is not None:
        command += ["--core", str(core)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=CHECKOUT, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            if not address:
                raise RuntimeError(f"the mock endpoint did not start: {' '.join(command)}")
            yield address
        finally:
            server.terminate()


def _faults(text: str) -> dict[str, float]:
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {kind.strip(): float(percent) for kind, _, percent in pairs}


async def _serve(settings: Settings, port: int, state: Path | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with MockEndpoint(settings, port=port) as endpoint:
        print(endpoint.address, flush=True)
        await stop.wait()
        if state is not None:
            fresh = state.with_name(f"{state.name}.new")
            fresh.write_text(json.dumps({"address": endpoint.address, **endpoint.state()}), "utf-8")
            fresh.replace(state)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency-ms", type=float, default=100.0)
    parser.add_argument("--allow-per-second", type=float, help="what comes beyond it gets a 429")
    parser.add_argument("--window", choices=get_args(Window), default="fixed", help="how a second is counted")
    parser.add_argument("--retry-after", type=float, default=1.0, help="seconds; below 0 no such header is sent")
    parser.add_argument("--faults", type=_faults, default={}, help="percent by kind: reset=10,500=10,hang=2")
    parser.add_argument("--state", type=Path, help="file that gets what was counted, on SIGTERM")
    parser.add_argument("--core", type=int, help="processor core to stay on")
    given = parser.parse_args()
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    try:
        settings = Settings(
            latency_s=given.latency_ms / 1000,
            allow_per_second=given.allow_per_second,
            window=given.window,
            retry_after_s=given.retry_after if given.retry_after >= 0 else None,
            faults=given.faults,
        )
    except ValueError as error:
        parser.error(str(error))
    asyncio.run(_serve(settings, given.port, given.state))


if __name__ == "__main__":
    main()
