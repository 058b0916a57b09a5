"""A local server that speaks the OpenAI files and batches endpoints, as strict as they are where it matters.

In a test:

    with BatchEndpoint(answer) as endpoint:
        ...  # endpoint.address is "http://127.0.0.1:<port>/v1"
        endpoint.end()  # every batch gets its answers

A batch is checked when it is first looked at and moves one state on with every look (validating, in_progress,
finalizing, completed); `end` takes it to its end at once, and `patient=True` leaves it where it is until then. `answer`
gives the outcome of a request from its body alone. `fault` sees every request before it is served and may spoil it.
"""

import asyncio
import json
import os
import signal
import socket
import struct
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from aiohttp import web

REQUESTS_A_FILE = 50_000
BYTES_A_FILE = 200 * 10**6
CHAT = "/v1/chat/completions"
CREATED = 1_700_000_000  # seconds; a clock of its own, one second a batch

Verdict = Literal["completed", "failed", "expired", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one request of a batch.

    Attributes:
        text: the reply, or the error's message where `status` is no 200.
        error_code: the request gets no response but this error ("server_error").
        raw: a line that stands in the output in place of the answer.
        missing: nothing is said of the request.
        choice: what else the choice holds, over what it would hold by itself.
    """

    text: str = ""
    status: int = 200
    finish_reason: str = "stop"
    usage: bool = True
    error_code: str = ""
    raw: bytes | None = None
    missing: bool = False
    choice: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiled:
    """What happens to a request instead of, or after, its being served.

    Attributes:
        kind: "status" (an error, nothing is done); "reset" (the connection is reset, nothing is done); "done_and_reset"
            (it is done, and the connection is reset before the answer); "done_and_kill" (it is done, and the process
            `pid` is killed before the answer); "half" (half of the answer, then the connection ends); "not_json" (it
            is done, and the answer is a page); "elsewhere" (a file's content is at another origin).
    """

    kind: Literal["status", "reset", "done_and_reset", "done_and_kill", "half", "not_json", "elsewhere"]
    pid: int = 0
    status: int = 500
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Mapping[str, Any]], Outcome]
Fault = Callable[[str, str], Spoiled | None]


def default_answer(body: Mapping[str, Any]) -> Outcome:
    """A text made of the last message."""
    return Outcome(text=f"reply to {body['messages'][-1]['content']}")


class BatchEndpoint:
    """The server, in a thread of its own. A context manager.

    Args:
        answer: the outcome of a request.
        fault: what to spoil, by method and path ("POST", "/v1/batches").
        key: the only key that is let in; any when left out.
        patient: batches stay where they are until `end`.
    """

    def __init__(
        self,
        answer: Answer = default_answer,
        *,
        fault: Fault = lambda method, path: None,
        key: str | None = None,
        patient: bool = False,
    ) -> None:
        self.answer = answer
        self.fault = fault
        self.key = key
        self.patient = patient
        self.seen: Counter[tuple[str, str]] = Counter()
        self.headers: list[Mapping[str, str]] = []
        self.upload_sizes: list[int | None] = []
        self.batches: dict[str, dict[str, Any]] = {}
        self.requests: Counter[str] = Counter()  # custom ids that batches have run
        self._files: dict[str, dict[str, Any]] = {}
        self._number = 0
        self._lock = threading.RLock()
        self._started = threading.Event()

    @property
    def address(self) -> str:
        """Base URL, with /v1."""
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> "BatchEndpoint":
        self._folder = tempfile.TemporaryDirectory()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="batch-endpoint")
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._folder.cleanup()

    def end(self, state: Verdict = "completed", *, answered: int | None = None) -> None:
        """Take every batch to its end: the first `answered` requests have their outcome, all when left out."""
        with self._lock:
            for batch in self.batches.values():
                if batch["status"] not in ("completed", "failed", "expired", "cancelled"):
                    self._end(batch, state, answered)

    def content(self, file_id: str) -> bytes:
        """A file's content."""
        return (Path(self._folder.name) / file_id).read_bytes()

    def rewrite(self, file_id: str, content: bytes) -> None:
        """Put something else in a file's place."""
        (Path(self._folder.name) / file_id).write_bytes(content)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=2 * BYTES_A_FILE, middlewares=[self._spoiling])
        app.router.add_post("/v1/files", self._upload)
        app.router.add_get("/v1/files/{id}/content", self._content)
        app.router.add_post("/v1/batches", self._create)
        app.router.add_get("/v1/batches", self._list)
        app.router.add_get("/v1/batches/{id}", self._look)
        app.router.add_post("/v1/batches/{id}/cancel", self._cancel)
        app.router.add_get("/elsewhere/{id}", self._content)
        runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._port = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()

    @web.middleware
    async def _spoiling(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.seen[request.method, request.path] += 1
        self.headers.append(dict(request.headers))
        spoiled = self.fault(request.method, request.path)
        kind = spoiled.kind if spoiled is not None else ""
        transport = request.transport
        assert transport is not None
        if spoiled is not None and kind == "status":
            await request.read()
            return _error(spoiled.status, spoiled.text or f"scripted {spoiled.status}", headers=spoiled.headers)
        if kind == "elsewhere":
            place = f"http://localhost:{self._port}/elsewhere/{request.match_info['id']}"
            return web.Response(status=302, headers={"Location": place})
        sent = request.headers.get("Authorization", "")
        if self.key is not None and not request.path.startswith("/elsewhere") and sent != f"Bearer {self.key}":
            return _error(401, f"Incorrect API key provided: {sent.removeprefix('Bearer ')}")
        if kind != "reset":
            response = await handler(request)
        if kind == "":
            return response
        if kind == "not_json":
            return web.Response(text="<html>Bad gateway</html>")
        if kind == "half":
            half = web.StreamResponse()
            half.content_length = len(response.body)
            await half.prepare(request)
            await half.write(response.body[: len(response.body) // 2])
            transport.close()
            return half
        if spoiled is not None and kind == "done_and_kill":
            os.kill(spoiled.pid, signal.SIGKILL)
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        return web.Response()

    # --- files

    async def _upload(self, request: web.Request) -> web.Response:
        self.upload_sizes.append(request.content_length)
        reader = await request.multipart()
        purpose, name, size, path = "", "", 0, None
        while (part := await reader.next()) is not None:
            if part.name == "purpose":
                purpose = await part.text()
            elif part.name == "file":
                name, path = part.filename or "", Path(self._folder.name) / self._id("file")
                with path.open("wb") as file:
                    while chunk := await part.read_chunk(2**16):
                        size += file.write(chunk)
        if purpose != "batch" or path is None:
            return _error(400, "purpose must be 'batch' and file must be given")
        if not name.endswith(".jsonl"):
            return _error(400, "Invalid file format for Batch API. Must be .jsonl")
        if size > BYTES_A_FILE:
            return _error(413, f"file too large: {size} bytes")
        return web.json_response(self._file(path, name, purpose))

    async def _content(self, request: web.Request) -> web.Response:
        if request.match_info["id"] not in self._files:
            return _error(404, f"No such File object: {request.match_info['id']}")
        return web.Response(body=self.content(request.match_info["id"]), content_type="application/octet-stream")

    def _file(self, path: Path, name: str, purpose: str) -> dict[str, Any]:
        file = {"id": path.name, "object": "file", "bytes": path.stat().st_size, "created_at": CREATED,
                "filename": name, "purpose": purpose, "status": "processed"}  # fmt: skip
        self._files[path.name] = file
        return file

    def _id(self, kind: str) -> str:
        with self._lock:
            self._number += 1
            return f"{kind}-{self._number:04d}"

    # --- batches

    async def _create(self, request: web.Request) -> web.Response:
        wish = await request.json()
        if problem := _wrong_wish(wish):
            return _error(400, problem)
        if self._files.get(wish["input_file_id"], {}).get("purpose") != "batch":
            return _error(400, f"Invalid input_file_id: {wish['input_file_id']}")
        with self._lock:
            batch = {
                "id": self._id("batch"), "object": "batch", "endpoint": wish["endpoint"], "errors": None,
                "input_file_id": wish["input_file_id"], "completion_window": "24h", "status": "validating",
                "output_file_id": None, "error_file_id": None, "created_at": CREATED + len(self.batches),
                "request_counts": {"total": 0, "completed": 0, "failed": 0}, "metadata": wish.get("metadata"),
            }  # fmt: skip
            self.batches[batch["id"]] = batch
        return web.json_response(batch)

    async def _list(self, request: web.Request) -> web.Response:
        limit = int(request.query.get("limit", "20"))
        if not 1 <= limit <= 100:
            return _error(400, f"limit {limit} is not between 1 and 100")
        rows = list(reversed(self.batches.values()))
        after = request.query.get("after")
        if after is not None:
            if after not in self.batches:
                return _error(400, f"after: no such batch {after}")
            rows = rows[[row["id"] for row in rows].index(after) + 1 :]
        page = rows[:limit]
        return web.json_response(
            {"object": "list", "data": page, "has_more": len(rows) > limit,
             "first_id": page[0]["id"] if page else None, "last_id": page[-1]["id"] if page else None}
        )  # fmt: skip

    async def _look(self, request: web.Request) -> web.Response:
        batch = self.batches.get(request.match_info["id"])
        if batch is None:
            return _error(404, f"No batch found with id '{request.match_info['id']}'.")
        if not self.patient:
            self._move(batch)
        return web.json_response(batch)

    async def _cancel(self, request: web.Request) -> web.Response:
        batch = self.batches.get(request.match_info["id"])
        if batch is None:
            return _error(404, f"No batch found with id '{request.match_info['id']}'.")
        if batch["status"] not in ("validating", "in_progress", "finalizing"):
            return _error(400, f"Cannot cancel a batch with status '{batch['status']}'.")
        batch["status"] = "cancelling"
        return web.json_response(batch)

    def _move(self, batch: dict[str, Any]) -> None:
        with self._lock:
            state = batch["status"]
            if state == "validating":
                if not self._check(batch):
                    batch["status"] = "in_progress"
            elif state == "in_progress":
                batch["status"] = "finalizing"
            elif state == "finalizing":
                self._end(batch, "completed", None)
            elif state == "cancelling":
                self._end(batch, "cancelled", 0)

    def _check(self, batch: dict[str, Any]) -> bool:
        """Fail the batch when its file is wrong; whether it is."""
        errors = list(_wrong_lines(self._lines(batch), batch["endpoint"]))
        if errors:
            batch.update(status="failed", errors={"object": "list", "data": errors})
        else:
            batch["request_counts"]["total"] = sum(1 for _ in self._lines(batch))
        return bool(errors)

    def _lines(self, batch: Mapping[str, Any]) -> Iterator[bytes]:
        with (Path(self._folder.name) / batch["input_file_id"]).open("rb") as file:
            yield from file

    def _end(self, batch: dict[str, Any], state: Verdict, answered: int | None) -> None:
        if batch["status"] == "validating" and self._check(batch):
            return
        if state == "failed":
            data = [{"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "param": None,
                     "line": None}]  # fmt: skip
            batch.update(status="failed", errors={"object": "list", "data": data})
            return
        lines = [json.loads(line) for line in self._lines(batch)]
        cut = len(lines) if answered is None else answered
        done, failed = [], []
        for number, line in enumerate(lines):
            if number >= cut:
                failed.append(_error_line(line, f"batch_{state}", f"This request was not executed: {state}."))
                continue
            self.requests[line["custom_id"]] += 1
            outcome = self.answer(line["body"])
            if outcome.raw is not None:
                done.append(outcome.raw)
            elif outcome.error_code:
                failed.append(_error_line(line, outcome.error_code, outcome.text))
            elif not outcome.missing:
                (done if outcome.status == 200 else failed).append(_answer_line(line, outcome))
        for kind, rows in (("output", done), ("error", failed)):
            if rows:
                path = Path(self._folder.name) / self._id("file")
                path.write_bytes(b"".join(row + b"\n" for row in reversed(rows)))  # in no order to rely on
                batch[f"{kind}_file_id"] = self._file(path, f"{kind}.jsonl", "batch_output")["id"]
        batch["status"] = state
        batch["request_counts"] = {"total": len(lines), "completed": len(done), "failed": len(failed)}


def _wrong_wish(wish: Mapping[str, Any]) -> str:
    unknown = wish.keys() - {"input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after"}
    if unknown:
        return f"Unknown parameter: {sorted(unknown)[0]!r}"
    if missing := [name for name in ("input_file_id", "endpoint", "completion_window") if name not in wish]:
        return f"Missing required parameter: {missing[0]!r}"
    if wish["completion_window"] != "24h" or wish["endpoint"] != CHAT:
        return "Invalid value for completion_window or endpoint"
    metadata = wish.get("metadata") or {}
    right = len(metadata) <= 16 and all(
        isinstance(value, str) and len(name) <= 64 and len(value) <= 512 for name, value in metadata.items()
    )
    return "" if right else "Invalid metadata"


def _wrong_lines(lines: Iterator[bytes], endpoint: str) -> Iterator[dict[str, Any]]:
    """The faults of an input file, as a failed batch tells them."""
    seen: set[str] = set()
    models: set[str] = set()
    number = 0
    for number, content in enumerate(lines, 1):
        code = message = ""
        try:
            line = json.loads(content)
        except ValueError:
            code, message = "invalid_json_line", "This line is not parseable as valid JSON."
        else:
            body = line.get("body")
            if line.keys() != {"custom_id", "method", "url", "body"} or not isinstance(line["custom_id"], str):
                code, message = "missing_required_parameter", "custom_id, method, url and body are required"
            elif line["custom_id"] in seen:
                code, message = "duplicate_custom_id", f"The custom_id {line['custom_id']!r} is a duplicate."
            elif line["method"] != "POST" or line["url"] != endpoint:
                code, message = "url_mismatch", "The URL provided for this request does not match the batch endpoint."
            elif not isinstance(body, dict) or not body.get("messages") or not isinstance(body.get("model"), str):
                code, message = "invalid_request", "body must have model and messages"
            elif models and body["model"] not in models:
                code, message = "model_mismatch", "All requests of a batch must be for one model."
            else:
                seen.add(line["custom_id"])
                models.add(body["model"])
        if code:
            yield {"code": code, "message": message, "param": None, "line": number}
    if number > REQUESTS_A_FILE:
        yield {"code": "too_many_tasks", "message": f"{number} requests are too many", "param": None, "line": None}
    if number == 0:
        yield {"code": "empty_file", "message": "The file is empty", "param": None, "line": None}


def _answer_line(line: Mapping[str, Any], outcome: Outcome) -> bytes:
    body: dict[str, Any] = {"error": {"message": outcome.text, "type": "scripted", "code": None}}
    if outcome.status == 200:
        choice = {"index": 0, "message": {"role": "assistant", "content": outcome.text},
                  "finish_reason": outcome.finish_reason, **outcome.choice}  # fmt: skip
        body = {"id": "chatcmpl-1", "object": "chat.completion", "created": CREATED, "model": line["body"]["model"],
                "choices": [choice]}  # fmt: skip
        if outcome.usage:
            prompt, reply = len(str(line["body"]["messages"]).split()), len(outcome.text.split())
            body["usage"] = {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}
    response = {"status_code": outcome.status, "request_id": "req-1", "body": body}
    return json.dumps(
        {"id": f"batch_req-{line['custom_id'][:8]}", "custom_id": line["custom_id"], "response": response,
         "error": None}
    ).encode()  # fmt: skip


def _error_line(line: Mapping[str, Any], code: str, message: str) -> bytes:
    return json.dumps(
        {"id": f"batch_req-{line['custom_id'][:8]}", "custom_id": line["custom_id"], "response": None,
         "error": {"code": code, "message": message}}
    ).encode()  # fmt: skip


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    return web.json_response(body, status=status, headers=headers)
