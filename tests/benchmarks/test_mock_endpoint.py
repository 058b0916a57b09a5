import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.benchmarks.mock_endpoint import (
    CHECKOUT,
    MockEndpoint,
    Settings,
    endpoint_process,
    fault_of,
    limiter,
    reply_of,
    state_of,
)
from tests.scripted_endpoint import key_of

# What a client gets for each kind: a status, or the error it meets.
MEETS = {
    "reset": "ClientOSError",
    "500": "500",
    "503": "503",
    "malformed": "JSONDecodeError",
    "truncated": "ClientPayloadError",
    "hang": "TimeoutError",
    "no_choices": "IndexError",
    "empty": "answered",
    "length": "answered",
    "content_filter": "answered",
}


def a_body(number: int, text: str = "What is a river?") -> dict[str, Any]:
    return {"model": "m", "seed": number, "messages": [{"role": "user", "content": text}]}


async def answer_to(
    session: aiohttp.ClientSession, address: str, body: dict[str, Any], within_s: float = 60.0
) -> dict[str, Any]:
    """The completion's choice; raises what goes wrong."""
    timeout = aiohttp.ClientTimeout(total=within_s)
    async with session.post(f"{address}/chat/completions", json=body, timeout=timeout) as response:
        response.raise_for_status()
        return json.loads(await response.read())["choices"][0]


def against(settings: Settings, use: Callable[[MockEndpoint, aiohttp.ClientSession], Awaitable[Any]]) -> Any:
    """What `use` makes of an endpoint in this process and a client of it."""

    async def run() -> Any:
        async with MockEndpoint(settings) as endpoint:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
                made = await use(endpoint, session)
            while endpoint.counts["in_flight"]:  # a hang ends when the endpoint has seen its client go
                await asyncio.sleep(0.001)
            return made

    return asyncio.run(run())


async def settled(endpoint: MockEndpoint) -> dict[str, Any]:
    """The endpoint's state once it has seen its clients go."""
    while endpoint.counts["connections"]:
        await asyncio.sleep(0.001)
    return endpoint.state()


def test_replies_are_functions_of_the_calls_and_many_come_at_once() -> None:
    async def use(endpoint: MockEndpoint, session: aiohttp.ClientSession) -> dict[str, Any]:
        choices = await asyncio.gather(*(answer_to(session, endpoint.address, a_body(n)) for n in range(50)))
        texts = [choice["message"]["content"] for choice in choices]
        assert texts == [reply_of(key_of(a_body(number))) for number in range(50)]
        assert len(set(texts)) == 50
        assert all(1900 < len(text.encode()) < 2200 for text in texts)
        return endpoint.state()

    state = against(Settings(latency_s=1.0), use)
    assert (state["received"], state["answered"], state["peak_in_flight"]) == (50, 50, 50)
    assert state["answered_by_call"] == {key_of(a_body(number)): 1 for number in range(50)}
    assert 1.0 <= state["span_s"] < 50  # not one after another


def test_a_seed_or_a_message_makes_a_call_another_one() -> None:
    keys = {key_of(a_body(1)), key_of(a_body(2)), key_of(a_body(1, "What is a lake?"))}
    assert len(keys) == 3
    assert key_of({**a_body(1), "model": "other"}) == key_of(a_body(1))


def test_two_requests_in_one_packet_are_answered_in_turn() -> None:
    async def use(endpoint: MockEndpoint, session: aiohttp.ClientSession) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
        body = json.dumps(a_body(1)).encode()
        head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n" % len(body)
        last = head + b"Connection: close\r\n\r\n" + body
        whole = head + b"\r\n" + body + last
        writer.write(whole[:-100])
        await asyncio.sleep(0.02)
        writer.write(whole[-100:])
        answer = await reader.read()
        writer.close()
        return answer

    assert against(Settings(latency_s=0.001), use).count(b"HTTP/1.1 200 OK\r\n") == 2


@pytest.mark.parametrize("body", [b"", b"[1]", b'{"messages": 3}', b'{"messages": [], "stream": true}', b"{"])
def test_what_is_no_chat_request_is_refused_and_not_counted(body: bytes) -> None:
    async def use(endpoint: MockEndpoint, session: aiohttp.ClientSession) -> tuple[int, int]:
        async with session.post(f"{endpoint.address}/chat/completions", data=body) as response:
            return response.status, endpoint.counts["received"]

    assert against(Settings(), use) == (400, 0)


@pytest.mark.parametrize(("kind", "met"), MEETS.items())
def test_every_fault_reaches_the_client_and_is_counted(kind: str, met: str) -> None:
    async def use(endpoint: MockEndpoint, session: aiohttp.ClientSession) -> tuple[str, dict[str, Any]]:
        try:
            choice = await answer_to(session, endpoint.address, a_body(1), within_s=0.2 if kind == "hang" else 60.0)
            text, whole = choice["message"]["content"], reply_of(key_of(a_body(1)))
            assert text == (whole[: len(whole) // 2] if kind == "length" else "")
            assert choice["finish_reason"] == ("stop" if kind == "empty" else kind)
            got = "answered"
        except aiohttp.ClientResponseError as error:
            got = str(error.status)
        except (aiohttp.ClientError, TimeoutError, ValueError, IndexError) as error:
            got = type(error).__name__
        await session.close()
        return got, await settled(endpoint)

    got, state = against(Settings(latency_s=0.001, faults={kind: 100}), use)
    assert got == met
    assert state["faults"] == {kind: 1}
    assert (state["received"], state["answered"], state["in_flight"]) == (1, met == "answered", 0)


def test_faults_follow_from_the_call_and_from_how_often_it_came() -> None:
    faults = {"reset": 10.0, "500": 10.0, "hang": 2.0}
    given = [fault_of(f"key {number}", 0, faults) for number in range(5000)]
    assert given == [fault_of(f"key {number}", 0, faults) for number in range(5000)]
    assert {kind: round(given.count(kind) / 50) for kind in faults} == {"reset": 10, "500": 10, "hang": 2}
    again = [fault_of(f"key {number}", 1, faults) for number, kind in enumerate(given) if kind]
    assert 0.7 < again.count(None) / len(again) < 0.86


def test_an_unknown_fault_or_too_many_of_them_are_no_settings() -> None:
    with pytest.raises(ValueError, match="fault 'sneeze' is none of reset, malformed"):
        Settings(faults={"sneeze": 1})
    with pytest.raises(ValueError, match="add up to 120 percent"):
        Settings(faults={"reset": 60, "500": 60})


@pytest.mark.parametrize(
    ("window", "let_in"),
    [
        # four at once at 0.9, 1.1, 1.5 and 1.95 where two a second are allowed
        ("fixed", [2, 2, 0, 0]),
        ("sliding", [2, 0, 0, 2]),
        ("bucket", [2, 0, 1, 1]),
    ],
)
def test_the_three_ways_to_count_a_second(window: Any, let_in: list[int]) -> None:
    allows = limiter(2, window)
    assert [sum(allows(second) for _ in range(4)) for second in (0.9, 1.1, 1.5, 1.95)] == let_in


def test_what_comes_beyond_the_allowance_is_refused_at_once_with_retry_after() -> None:
    async def use(endpoint: MockEndpoint, session: aiohttp.ClientSession) -> list[str]:
        async def one(number: int) -> str:
            async with session.post(f"{endpoint.address}/chat/completions", json=a_body(number)) as response:
                return f"{response.status} {response.headers.get('Retry-After')}"

        got = await asyncio.gather(*(one(number) for number in range(5)))
        return [*sorted(got), json.dumps(endpoint.state())]

    settings = Settings(latency_s=0.001, allow_per_second=3, window="sliding", retry_after_s=2)
    *got, state = against(settings, use)
    assert got == ["200 None"] * 3 + ["429 2"] * 2
    counted = json.loads(state)
    assert (counted["received"], counted["answered"], counted["refused_429"]) == (5, 3, 2)
    assert counted["peak_in_flight"] <= 3


def test_a_client_that_goes_before_its_reply_and_one_that_leaves_it_unread_are_told_apart() -> None:
    async def use(endpoint: MockEndpoint, session: aiohttp.ClientSession) -> dict[str, Any]:
        for number, waits_for in enumerate(("gone", "answered")):
            body = json.dumps(a_body(number)).encode()
            with socket.create_connection(("127.0.0.1", endpoint.port)) as client:
                client.send(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                while waits_for == "answered" and not endpoint.counts["answered"]:
                    await asyncio.sleep(0.001)
                while not endpoint.counts["received"] > number:
                    await asyncio.sleep(0.001)
        return await settled(endpoint)

    state = against(Settings(latency_s=0.03), use)
    assert (state["received"], state["gone"], state["unread"], state["answered"]) == (2, 1, 1, 0)
    assert state["answered_by_call"] == {key_of(a_body(1)): 0}


def test_as_a_process_it_tells_its_state_over_http_and_in_its_file(tmp_path: Path) -> None:
    async def ask(address: str) -> None:
        async with aiohttp.ClientSession() as session:
            await answer_to(session, address, a_body(7))
            async with session.get(f"{address}/models") as response:
                assert (await response.json())["data"][0]["id"] == "mock"

    file = tmp_path / "state.json"
    with endpoint_process("--latency-ms", "1", "--state", str(file)) as address:
        asyncio.run(ask(address))
        seen = state_of(address)
        assert "answered_by_call" not in state_of(address, calls=False)
    written = json.loads(file.read_text())
    assert written["address"] == address
    assert written["answered_by_call"] == seen["answered_by_call"] == {key_of(a_body(7)): 1}
    assert written["received"] == 1


def test_a_client_that_is_killed_has_read_what_counts_as_answered() -> None:
    """Replies that lie in a killed client's socket are not answers: nobody can have stored them."""
    stuck = (
        "import json, socket, sys, time\n"
        "body = json.dumps({'seed': 1, 'messages': []}).encode()\n"
        "client = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
        "client.send(b'POST /v1/chat/completions HTTP/1.1\\r\\nContent-Length: %d\\r\\n\\r\\n%s' % (len(body), body))\n"
        "time.sleep(60)\n"
    )

    async def use(endpoint: MockEndpoint, session: aiohttp.ClientSession) -> dict[str, Any]:
        child = subprocess.Popen([sys.executable, "-S", "-c", stuck, str(endpoint.port)], cwd=CHECKOUT)
        while not endpoint.counts["answered"]:
            await asyncio.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
        return await settled(endpoint)

    state = against(Settings(latency_s=0.001), use)
    assert (state["received"], state["unread"], state["answered"]) == (1, 1, 0)
