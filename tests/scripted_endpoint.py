"""A scripted OpenAI-compatible endpoint: a real HTTP server whose replies are a pure function of the requests.

In a test:

    with ScriptedEndpoint(script) as endpoint:
        ...  # endpoint.address is "http://127.0.0.1:<port>/v1"
        assert endpoint.received() == 3

As a process of its own, for tests that kill and restart things (`read_state` reads what it writes):

    python -m tests.scripted_endpoint --port 0 --state FILE [--delay 0.05] [--script tests.module:function]

A script takes a `Seen` request and returns an `Act`. The default answers with a text made from the request's hash.
Two requests are the same call when their seed and messages are.
"""

import argparse
import asyncio
import hashlib
import importlib
import json
import os
import signal
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from aiohttp import web

Kind = Literal["answer", "status", "reset", "malformed", "truncated", "no_choices", "hang"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it arrived. `times` is how often this call came before, `number` how many requests did."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]
    key: str
    times: int
    number: int

    @property
    def prompt(self) -> str:
        """The text of the last message."""
        content = self.body["messages"][-1]["content"]
        return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the endpoint does with a request.

    Attributes:
        kind: "answer"; "status" (an error with `status`, `headers` and `text` as its message); "reset" (the connection
            is reset); "malformed" (status 200, no JSON); "truncated" (status 200, half the body, then the connection
            is closed); "no_choices" (status 200, an empty list of choices); "hang" (nothing until the client goes).
        text: the reply, or the error's message.
        delay_s: seconds before anything is sent.
        usage: whether the tokens are told: one for each word of prompt and reply.
        choice: what else the choice holds, over what it would hold by itself.
    """

    kind: Kind = "answer"
    text: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    finish_reason: str = "stop"
    usage: bool = True
    choice: Mapping[str, Any] = field(default_factory=dict)


Script = Callable[[Seen], Act]


def key_of(body: Mapping[str, Any]) -> str:
    """What makes two requests the same call: seed and messages."""
    text = json.dumps([body.get("seed"), body.get("messages")], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def default_reply(seen: Seen) -> Act:
    """Twelve words that depend on the request only."""
    digest = hashlib.sha256(seen.key.encode()).hexdigest()
    return Act(text=" ".join(digest[i : i + 5] for i in range(0, 60, 5)))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What an endpoint has seen: how often each call was received and answered, by `key_of`."""

    received: Mapping[str, int]
    answered: Mapping[str, int]

    def unanswered(self) -> set[str]:
        """Calls that were received and not answered yet."""
        return {key for key, times in self.received.items() if times > self.answered.get(key, 0)}


def read_state(path: Path) -> State:
    """The state of an endpoint process at this moment, from its --state file."""
    received: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for line in path.read_text("utf-8").splitlines()[1:]:
        event, key = line.split()
        (received if event == "received" else answered)[key] += 1
    return State(received=received, answered=answered)


class ScriptedEndpoint:
    """The server, in a thread of its own. A context manager.

    Args:
        script: what to do with a request.
        port: 0 takes a free one.
        delay_s: seconds added to every act.
        state: file that gets the address and then a line an event, for other processes.
    """

    def __init__(
        self, script: Script = default_reply, *, port: int = 0, delay_s: float = 0.0, state: Path | None = None
    ) -> None:
        self.script = script
        self.bodies: list[Mapping[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.peak = 0
        self._port = port
        self._delay_s = delay_s
        self._state_path = state
        self._state_fd = -1
        self._received: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._in_flight = 0
        self._lock = threading.Lock()
        self._started = threading.Event()
        self._start_error: BaseException | None = None

    @property
    def address(self) -> str:
        """Base URL, with /v1."""
        return f"http://127.0.0.1:{self._port}/v1"

    def received(self) -> int:
        """Requests that have arrived."""
        with self._lock:
            return self._received.total()

    def answered(self) -> int:
        """Requests that got their act in full."""
        with self._lock:
            return self._answered.total()

    def state(self) -> State:
        """A snapshot by call."""
        with self._lock:
            return State(received=Counter(self._received), answered=Counter(self._answered))

    def __enter__(self) -> "ScriptedEndpoint":
        self._thread = threading.Thread(target=self._run, name="scripted-endpoint")
        self._thread.start()
        self._started.wait()
        if self._start_error is not None:
            raise self._start_error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
        try:
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", self._port)
            await site.start()
            self._port = runner.addresses[0][1]
            if self._state_path is not None:
                self._state_fd = os.open(self._state_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC, 0o644)
                os.write(self._state_fd, f"{self.address}\n".encode())
        except BaseException as error:
            self._start_error = error
            raise
        finally:
            self._started.set()
        await self._stop.wait()
        await runner.cleanup()
        if self._state_fd >= 0:
            os.close(self._state_fd)

    def _note(self, event: Literal["received", "answered"], key: str) -> None:
        with self._lock:
            (self._received if event == "received" else self._answered)[key] += 1
        if self._state_fd >= 0:
            os.write(self._state_fd, f"{event} {key}\n".encode())

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        key = key_of(body)
        seen = Seen(
            body=body,
            headers=dict(request.headers),
            key=key,
            times=self._received[key],
            number=self._received.total(),
        )
        self.bodies.append(body)
        self.headers.append(seen.headers)
        self._note("received", key)
        self._in_flight += 1
        self.peak = max(self.peak, self._in_flight)
        try:
            act = self.script(seen)
            if self._delay_s + act.delay_s:
                await asyncio.sleep(self._delay_s + act.delay_s)
            response = await self._act(request, seen, act)
        finally:
            self._in_flight -= 1
        if act.kind not in {"reset", "hang", "truncated"}:
            self._note("answered", key)
        return response

    async def _act(self, request: web.Request, seen: Seen, act: Act) -> web.StreamResponse:
        transport = request.transport
        assert transport is not None
        if act.kind == "hang":
            await self._stop.wait()
            transport.abort()
            return web.Response()
        if act.kind == "reset":
            _reset(transport)
            return web.Response()
        if act.kind == "status":
            error = {"error": {"message": act.text or f"scripted {act.status}"}}
            return await _sent(request, json.dumps(error).encode(), status=act.status, headers=act.headers)
        if act.kind == "malformed":
            return await _sent(request, b'{"choices": [{"mess')
        body = json.dumps(_completion(seen, act)).encode()
        if act.kind == "truncated":
            response = web.StreamResponse(headers={"Content-Type": "application/json"})
            response.content_length = len(body)
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
            transport.close()
            return response
        return await _sent(request, body, headers=act.headers)


async def _sent(
    request: web.Request, body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Send a response to the end, so that it can be counted as answered afterwards."""
    response = web.Response(body=body, status=status, headers={"Content-Type": "application/json", **(headers or {})})
    await response.prepare(request)
    await response.write_eof()
    return response


def _completion(seen: Seen, act: Act) -> dict[str, Any]:
    completion: dict[str, Any] = {
        "id": f"chatcmpl-{seen.key}",
        "object": "chat.completion",
        "created": 0,
        "model": seen.body.get("model", "scripted"),
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": act.text},
                "finish_reason": act.finish_reason,
                **act.choice,
            }
        ],
    }
    if act.kind == "no_choices":
        completion["choices"] = []
    if act.usage:
        prompt, reply = len(seen.prompt.split()), len(act.text.split())
        completion["usage"] = {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}
    return completion


def _reset(transport: asyncio.Transport) -> None:
    """Close with a TCP reset instead of an orderly end."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _script(name: str) -> Script:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; it is in the state file")
    parser.add_argument("--state", type=Path, help="file that gets the address and a line an event")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each reply")
    parser.add_argument("--script", default="tests.scripted_endpoint:default_reply", help="module:function")
    given = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    script = _script(given.script)
    with ScriptedEndpoint(script, port=given.port, delay_s=given.delay, state=given.state) as endpoint:
        print(endpoint.address, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
