"""The model engine against a bare client and against litellm, on a mock endpoint, in one run.

    python -m tests.benchmarks.models [--calls 40000] [--memory-calls 100000] [--skip-litellm] [--only engine]

The endpoint (`tests.benchmarks.mock_endpoint`, 100 ms latency) has a core of its own and the clients another; each
client is a fresh process. Requests are 3 KB, all distinct; replies 2 KB, all distinct, and a function of the request.

- aiohttp: one ClientSession, N workers; each builds its body, posts, reads and parses. Nothing is stored.
- litellm: `acompletion` with an api_base and its local price list, a tenth of the calls, 256 only. Nothing is stored.
- engine: ModelClient with a CallLog in a temporary folder, candidates in blocks of 200 that are preloaded and a window
  of 512 under way, as stages do. Every call is in the journal when its rows/s are taken; folding is timed apart.

Timed is from the first request to the last reply; imports, start-up and one call to warm up are not. CPU is that of all
the process's threads, over the timed part and folding; memory is the process's peak, imports and folding included.
Figures are medians of the rounds; ratios are medians of the ratios within a round. At 64 in flight a quarter of the
calls takes as long as all of them at 256.

"raw" is the endpoint alone, asked by connections that do nothing with its replies: what it carries bounds all others.
After each engine run every body is read back through DuckDB's `model_calls` and compared with what was asked and with
what had to come back ("check"), and the endpoint's count with the number of calls; any difference ends the benchmark
with exit code 1. Then the peak memory over many calls is held against that over a tenth of them, and the stored tenth
is asked for again, which must send nothing. The last line is one JSON object.
"""

import argparse
import asyncio
import gc
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from itertools import count, repeat
from pathlib import Path
from typing import Any

# What only one client needs is imported by it alone: the peak memory of the others would count it.
from tests.benchmarks.mock_endpoint import CHECKOUT, endpoint_process, key_of, reply_of, state_of

ROLE = "query"
STEP = "query"
MAX_TOKENS = 1024
PASSAGE_CHARS = 2700
PAGE = 5_000
BLOCK = 200
WINDOW = 512
WARM_UP = 10**9  # the number of the request that warms up
SYSTEM = "You write one question that the passage answers, and nothing else."


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one client process does: `client` is "aiohttp", "litellm", "engine", "raw" or "check"."""

    client: str
    address: str
    calls: int
    in_flight: int
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What it took. `fold_s` and `cpu_s` speak of the engine's fold too; `peak_mb` in MiB."""

    calls: int
    seconds: float
    cpu_s: float
    peak_mb: float
    fold_s: float = 0.0
    faults: int = 0

    @property
    def rows_per_s(self) -> float:
        return self.calls / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu_s / self.calls


# What is asked


@cache
def _book() -> str:
    """A megabyte of words to cut passages from, some of them with more than ASCII, in lines."""
    rng = random.Random(7)
    letters = "aaabcdeeeefghiiiklmnnoooprrssstttuuvwyzéüß"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 11))) for _ in range(5000)]
    words += ['"so-called"', "½\u00a0m", "東京"]
    lines = (" ".join(rng.choices(words, k=14)) for _ in range(11_000))
    return "\n".join(lines)


def prompt_of(number: int) -> str:
    """The text of request `number`."""
    book = _book()
    start = number * 7919 % (len(book) - PASSAGE_CHARS)
    return f"Passage {number}:\n{book[start : start + PASSAGE_CHARS]}\nWrite the question."


def candidate_of(number: int) -> str:
    """The candidate that request `number` is for: a hash, as those of the pipeline are."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def messages_of(number: int) -> list[dict[str, str]]:
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": prompt_of(number)}]


def body_of(number: int) -> dict[str, Any]:
    """What a client without an engine sends."""
    return {
        "model": "mock",
        "messages": messages_of(number),
        "max_tokens": MAX_TOKENS,
        "temperature": 0.7,
        "top_p": 0.95,
        "seed": number,
    }


# The clients


async def _by_workers(numbers: range, workers: int, one: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    left = iter(numbers)

    async def work() -> None:
        for number in left:
            await one(number)

    await asyncio.gather(*(work() for _ in range(min(workers, len(numbers)))))


def _checked(text: Any) -> None:
    """A reply that a bare client got; what it says is compared for the engine only, which keeps it."""
    if not isinstance(text, str) or not text.startswith("Réponse"):
        raise SystemExit(f"a reply is not the endpoint's: {text!r:.200}")


@contextmanager
def _timed() -> Iterator[Callable[[], tuple[float, float]]]:
    """Seconds and CPU seconds since the block began."""
    gc.collect()
    started, used = time.perf_counter(), _cpu()
    yield lambda: (time.perf_counter() - started, _cpu() - used)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _result(job: Job, spent: tuple[float, float], **more: Any) -> Result:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Result(calls=job.calls, seconds=spent[0], cpu_s=spent[1], peak_mb=peak, **more)


async def ask_by_aiohttp(job: Job) -> Result:
    import aiohttp

    place, headers = f"{job.address}/chat/completions", {"Content-Type": "application/json"}
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:

        async def one(number: int) -> None:
            data = json.dumps(body_of(number), ensure_ascii=False, separators=(",", ":")).encode()
            async with session.post(place, data=data, headers=headers) as response:
                answer = json.loads(await response.read())
            _checked(answer["choices"][0]["message"]["content"])

        await one(WARM_UP)
        with _timed() as spent:
            await _by_workers(range(job.calls), job.in_flight, one)
            return _result(job, spent())


async def ask_by_litellm(job: Job) -> Result:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    litellm.suppress_debug_info = True

    async def one(number: int) -> None:
        body = {**body_of(number), "model": "openai/mock"}
        answer = await litellm.acompletion(
            **body, api_base=job.address, api_key="none", timeout=120, num_retries=0, max_retries=0
        )
        _checked(answer.choices[0].message.content)

    await one(WARM_UP)
    with _timed() as spent:
        await _by_workers(range(job.calls), job.in_flight, one)
        result = _result(job, spent())
    await litellm.close_litellm_async_clients()
    return result


async def ask_by_engine(job: Job) -> Result:
    from synth_assets.calls.folder import CallFolder
    from synth_assets.exercises.base import Message, Request, Text
    from synth_assets.models.client import ModelClient
    from synth_assets.recipe import Budget, ModelEntry, Models

    models = Models(query=ModelEntry(model="mock", address=job.address, max_in_flight=job.in_flight))

    def request_of(number: int) -> Request:
        return Request(
            role=ROLE,
            messages=(
                Message(role="system", parts=(Text(text=SYSTEM),)),
                Message(role="user", parts=(Text(text=prompt_of(number)),)),
            ),
            templates=("benchmark@0",),
            max_tokens=MAX_TOKENS,
        )

    async def ask(client: ModelClient, number: int) -> None:
        (reply,) = await client.ask(
            request_of(number),
            exercise="benchmark",
            language="en",
            candidate_id=candidate_of(number),
            step=STEP,
            attempt=0,
        )
        _checked(reply.text)

    async def numbers(client: ModelClient) -> AsyncIterator[int]:
        for start in range(0, job.calls, BLOCK):
            block = range(start, min(start + BLOCK, job.calls))
            if start % PAGE == 0:  # as stages do: one look for thousands
                page = range(start, min(start + PAGE, job.calls))
                await client.expect([candidate_of(number) for number in page], STEP)
            await client.preload([candidate_of(number) for number in block], STEP)
            for number in block:
                yield number

    async def ask_all(client: ModelClient) -> None:
        room = asyncio.Semaphore(max(WINDOW, 2 * job.in_flight))
        failed: list[BaseException] = []
        under_way: set[asyncio.Task[None]] = set()

        def ended(task: asyncio.Task[None]) -> None:
            under_way.discard(task)
            room.release()
            if not task.cancelled() and (error := task.exception()) is not None:
                failed.append(error)

        async for number in numbers(client):
            await room.acquire()
            if failed:
                break
            task = asyncio.create_task(ask(client, number))
            under_way.add(task)
            task.add_done_callback(ended)
        await asyncio.gather(*under_way, return_exceptions=True)
        if failed:
            raise failed[0]

    folder = Path(job.folder)
    with CallFolder(folder / "warm-up", "warm-up") as log:
        async with ModelClient(models, Budget(), log) as client:
            await ask(client, WARM_UP)
        log.fold()
    with CallFolder(folder / "calls", f"run-{os.getpid()}") as log:
        log.recover()
        async with ModelClient(models, Budget(), log) as client:
            with _timed() as spent:
                await ask_all(client)
                asked_s, _ = spent()
                log.fold()
                whole_s, cpu_s = spent()
            faults = sum((client.progress.faults or {}).values())
    return _result(job, (asked_s, cpu_s), fold_s=whole_s - asked_s, faults=faults)


async def load_the_endpoint(job: Job) -> Result:
    """What the endpoint carries: requests that were made before, and nothing done with the replies."""
    requests = []
    for number in range(1000):
        data = json.dumps(body_of(number), ensure_ascii=False).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: mock\r\nContent-Length: {len(data)}\r\n\r\n"
        requests.append(head.encode() + data)
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    sent, answered = count(), count(1)

    class Loader(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self._transport, self._missing = transport, 0

        def ask(self) -> None:
            number = next(sent)
            if number < job.calls:
                self._transport.write(requests[number % len(requests)])

        def data_received(self, data: bytes) -> None:
            if not self._missing:
                head = data.index(b"\r\n\r\n")
                start = data.index(b"Content-Length: ") + 16
                self._missing = head + 4 + int(data[start : data.index(b"\r", start)])
                if not data.startswith(b"HTTP/1.1 200"):
                    raise SystemExit(f"the endpoint says {data[:head]!r}")
            self._missing -= len(data)
            if not self._missing:
                if next(answered) == job.calls:
                    done.set_result(None)
                self.ask()

    host, port = job.address.removeprefix("http://").removesuffix("/v1").split(":")
    connections = [(await loop.create_connection(Loader, host, int(port)))[1] for _ in repeat(None, job.in_flight)]
    with _timed() as spent:
        for connection in connections:
            connection.ask()
        await done
        result = _result(job, spent())
    for connection in connections:
        connection._transport.close()
    return result


async def check_bodies(job: Job) -> Result:
    """Compare what DuckDB reads with what was asked and what had to come back; exits with 1 on any difference."""
    from synth_assets.warehouse import Warehouse

    folder = Path(job.folder)
    warehouse = Warehouse(database=str(folder / "warehouse.duckdb"), calls_folder=str(folder / "calls"))
    seen = bytearray(job.calls)
    with _timed() as spent:
        with warehouse.transaction("reading calls back") as open_:
            cursor = open_.connection.execute("select candidate_id, request, reply, error from model_calls")
            while rows := cursor.fetchmany(500):
                for row in rows:
                    seen[_number_of(*row, calls=job.calls)] += 1
        missing, twice = seen.count(0), job.calls - seen.count(0) - seen.count(1)
        if missing or twice:
            raise SystemExit(f"of {job.calls} calls {missing} are not in model_calls, and {twice} more than once")
        return _result(job, spent())


def _number_of(candidate_id: str, request: str, reply: str | None, error: str | None, *, calls: int) -> int:
    """The number of a stored call, when all of it is as it must be."""
    body = json.loads(request)
    number = int(body["messages"][1]["content"].split(":", 1)[0].removeprefix("Passage "))
    right = (
        0 <= number < calls
        and body["messages"] == messages_of(number)
        and (body["model"], body["max_tokens"]) == ("mock", MAX_TOKENS)
        and candidate_id == candidate_of(number)
        and error is None
        and reply == reply_of(key_of(body))
    )
    if not right:
        raise SystemExit(f"call {number} was not stored as it was asked and answered: {error or reply!r:.200}")
    return number


CLIENTS: Mapping[str, Callable[[Job], Coroutine[Any, Any, Result]]] = {
    "aiohttp": ask_by_aiohttp,
    "litellm": ask_by_litellm,
    "engine": ask_by_engine,
    "raw": load_the_endpoint,
    "check": check_bodies,
}


# The benchmark


class Bench:
    """Runs jobs one after the other, each in a process of its own on the clients' core."""

    def __init__(self, address: str, core: int, folder: Path, profile: Path | None) -> None:
        self.address = address
        self.core = core
        self.folder = folder
        self.profile = profile
        self.server_cpu_ms: list[float] = []

    def run(self, client: str, calls: int, in_flight: int, *, folder: str = "") -> Result:
        """One job, with what the endpoint counted held against it."""
        job = Job(client=client, address=self.address, calls=calls, in_flight=in_flight, folder=folder)
        before = state_of(self.address, calls=False)
        result = self._child(job)
        after = state_of(self.address, calls=False)
        received = after["received"] - before["received"]
        if received and client != "raw":
            self.server_cpu_ms.append(1000 * (after["cpu_s"] - before["cpu_s"]) / received)
        if client == "engine" and received not in (0, calls + 1 + result.faults):
            raise SystemExit(f"{calls} calls with {result.faults} faults took {received - 1} requests")
        _say(client, in_flight, result, received)
        return result

    def engine(self, calls: int, in_flight: int, *, keep: str = "") -> Result:
        """The engine on a new folder, every body compared; the folder is left only where it gets a name."""
        with self.new_folder(keep) as folder:
            result = self.run("engine", calls, in_flight, folder=folder)
            self.run("check", calls, in_flight, folder=folder)
        return result

    @contextmanager
    def new_folder(self, keep: str) -> Iterator[str]:
        folder = self.folder / (keep or "run")
        folder.mkdir()
        yield str(folder)
        if not keep:
            shutil.rmtree(folder)

    def _child(self, job: Job) -> Result:
        command = [sys.executable, "-m", "tests.benchmarks.models", "--job", json.dumps(asdict(job))]
        if self.profile is not None and job.client == "engine":
            command[1:1] = ["-m", "cProfile", "-o", str(self.profile)]
        ours = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {self.core})  # a child inherits it before any library counts the cores
        try:
            done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=False)
        finally:
            os.sched_setaffinity(0, ours)
        if done.returncode:
            raise SystemExit(f"{job.client} ended with exit code {done.returncode}; nothing is reported")
        return Result(**json.loads(done.stdout.splitlines()[-1]))


def _say(client: str, in_flight: int, result: Result, received: int) -> None:
    print(
        f"{client:8} {in_flight:9,} {result.calls:9,} {received:9,} {result.rows_per_s:9,.0f} {result.cpu_ms:9.3f} "
        f"{result.peak_mb:9,.0f} {result.fold_s:8.2f} {result.faults:7,}",
        flush=True,
    )


def _medians(rounds: list[dict[str, Result]]) -> dict[str, float]:
    """The figures of several rounds, each of which has a result by the client's name and its calls in flight."""

    def median(of: Callable[[dict[str, Result]], float]) -> float:
        return statistics.median(of(one) for one in rounds)

    figures: dict[str, float] = {}
    for name in rounds[0]:
        client, _, in_flight = name.partition("_")
        figures[f"{client}_rows_per_s_{in_flight}"] = median(lambda one, name=name: one[name].rows_per_s)
        figures[f"{client}_cpu_ms_per_call_{in_flight}"] = median(lambda one, name=name: one[name].cpu_ms)
        figures[f"{client}_peak_mb_{in_flight}"] = median(lambda one, name=name: one[name].peak_mb)
    for in_flight in ("64", "256"):
        pair = f"engine_{in_flight}", f"aiohttp_{in_flight}"
        if all(name in rounds[0] for name in pair):
            figures[f"ratio_to_aiohttp_{in_flight}"] = median(
                lambda one, pair=pair: one[pair[0]].rows_per_s / one[pair[1]].rows_per_s
            )
    if "engine_256" in rounds[0]:
        figures["engine_cpu_ms_per_call"] = figures["engine_cpu_ms_per_call_256"]
        figures["fold_s"] = median(lambda one: one["engine_256"].fold_s)
        figures["engine_rows_per_s_256_with_fold"] = median(
            lambda one: one["engine_256"].calls / (one["engine_256"].seconds + one["engine_256"].fold_s)
        )
    return figures


def measure_throughput(bench: Bench, calls: int, rounds: int, clients: tuple[str, ...]) -> dict[str, float]:
    """All clients in turn, round after round."""
    done: list[dict[str, Result]] = []
    for _ in range(rounds):
        results: dict[str, Result] = {}
        for in_flight in (64, 256):
            share = max(in_flight, calls * in_flight // 256)
            if "aiohttp" in clients:
                results[f"aiohttp_{in_flight}"] = bench.run("aiohttp", share, in_flight)
            if "engine" in clients:
                results[f"engine_{in_flight}"] = bench.engine(share, in_flight)
        if "litellm" in clients:
            results["litellm_256"] = bench.run("litellm", max(1, calls // 10), 256)
        done.append(results)
    return _medians(done)


def measure_memory(bench: Bench, calls: int) -> dict[str, float]:
    """Peak memory over many calls against that over a tenth of them, and a second pass over the stored tenth."""
    tenth = max(1, calls // 10)
    few = bench.engine(tenth, 256, keep="tenth")
    before = state_of(bench.address, calls=False)["received"]
    replay = bench.run("engine", tenth, 256, folder=str(bench.folder / "tenth"))
    again = state_of(bench.address, calls=False)["received"] - before
    if again:
        raise SystemExit(f"{again} of {tenth} stored calls were sent again")
    many = bench.engine(calls, 256)
    return {
        "memory_mb_tenth": few.peak_mb,
        "memory_mb": many.peak_mb,
        "memory_ratio_100k_to_10k": many.peak_mb / few.peak_mb,
        "memory_calls": calls,
        "memory_rows_per_s": many.rows_per_s,
        "memory_fold_s": many.fold_s,
        "replay_rows_per_s": replay.rows_per_s,
        "replay_cpu_ms_per_call": replay.cpu_ms,
        "replay_requests": again,
    }


def _run(job: Job) -> Any:
    if job.client != "engine":
        return asyncio.run(CLIENTS[job.client](job))
    from synth_assets.models import loop  # late: the other clients' memory is their own

    return loop.run(CLIENTS[job.client](job))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=40_000, help="calls of a throughput run at 256 in flight")
    parser.add_argument("--memory-calls", type=int, default=100_000, help="compared with a tenth; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip-litellm", action="store_true")
    parser.add_argument("--only", choices=["aiohttp", "litellm", "engine"], help="one client, and no memory runs")
    parser.add_argument("--profile", type=Path, help="cProfile's file of the last engine run (which it slows)")
    parser.add_argument("--latency-ms", type=float, default=100.0)
    parser.add_argument("--folder", type=Path, help="a place for the runs' folders; the system's when left out")
    parser.add_argument("--job", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job is not None:
        job = Job(**given.job)
        print(json.dumps(asdict(_run(job))))
        return
    if given.calls < 1 or given.rounds < 1:
        parser.error("--calls and --rounds must be at least 1")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        print("there is one core only, which endpoint and clients share: the figures say little")
    clients = (given.only,) if given.only else ("aiohttp", "engine", "litellm")
    if given.skip_litellm:
        clients = tuple(client for client in clients if client != "litellm")
    size = len(json.dumps(body_of(12345), ensure_ascii=False).encode()), len(reply_of(key_of(body_of(12345))).encode())
    print(f"requests of {size[0]:,} bytes, replies of {size[1]:,}, {given.latency_ms:g} ms; endpoint on core "
          f"{cores[0]}, clients on core {cores[-1]}; imports, start-up and a warm-up call are not timed")  # fmt: skip
    print(f"load of the machine before it began: {os.getloadavg()[0]:.2f}; requests count the warm-up call")
    heads = ("client", "in flight", "calls", "requests", "rows/s", "CPU ms", "peak MiB", "fold s", "faults")
    print("{:8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8} {:>7}".format(*heads))
    with (
        tempfile.TemporaryDirectory(prefix="engine-benchmark-", dir=given.folder) as folder,
        endpoint_process("--latency-ms", str(given.latency_ms), core=cores[0]) as address,
    ):
        bench = Bench(address, cores[-1], Path(folder), given.profile)
        alone = bench.run("raw", max(10_240, given.calls), 1024)
        figures = measure_throughput(bench, given.calls, given.rounds, clients)
        if given.only is None and given.memory_calls:
            figures |= measure_memory(bench, given.memory_calls)
    figures["endpoint_alone_rows_per_s"] = alone.rows_per_s
    figures["endpoint_cpu_ms_per_request"] = statistics.median(bench.server_cpu_ms)
    print()
    for name, value in figures.items():
        print(f"{name:36} {value:12,.3f}")
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
