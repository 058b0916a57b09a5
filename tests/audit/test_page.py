"""The audit's web server, asked over HTTP as a browser asks it; what a browser makes of it is in test_audit_browser."""

import asyncio
import html
import json
import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from synth_assets.audit.life import read_life
from synth_assets.audit.page_guard import LOCAL_HOSTS, Guard
from synth_assets.calls.folder import CallFolder
from synth_assets.commands.audit import serve
from synth_assets.errors import SynthAssetsError
from synth_assets.home import Home
from synth_assets.warehouse import Warehouse
from tests.audit.planted_audit import HOSTILE, a_call, name_of, plant_audit
from tests.conftest import start_synth_assets

SAMPLE = "memorization_en_" + "a" * 16


class Reply(NamedTuple):
    status: int
    text: str
    headers: Message

    @property
    def shown(self) -> str:
        """The texts of the page: they stand escaped in the JSON that the browser builds the page from."""
        elements = re.search(r"parseElements\(String\.raw`(.*?)`\)", self.text, re.S)[1]
        texts = []
        for element in json.loads(html.unescape(elements)).values():
            texts += [str(element.get("text") or ""), json.dumps(element.get("props") or {}, ensure_ascii=False)]
        return "\n".join(texts)


class Server(NamedTuple):
    port: int
    warehouse: Warehouse

    def get(self, path: str, **headers: str) -> Reply:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return Reply(reply.status, reply.read().decode(), reply.headers)
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.read().decode(), error.headers)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root: Path = tmp_path_factory.mktemp("audited")
    home = Home(root=root)
    home.prepare()
    warehouse = plant_audit(home)
    port = free_port()
    process = start_synth_assets(root, "audit", "--port", str(port), "--dagster", "http://localhost:3999/")
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}" in process.stdout.readline()
    yield Server(port, warehouse)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert output.endswith("ended\n")


def test_the_search_page_lists_what_it_finds_with_counts(server):
    shown = server.get("/?text=unicorns").shown
    assert "1 to 3 of 3 candidates, newest first" in shown
    assert all(f"/sample/memorization_en_{letter * 16}" in shown for letter in "abc")
    assert "/sample/math_exercise_en_" not in shown
    assert "refused: ungrounded" in shown


@pytest.mark.parametrize("path", ["/", f"/sample/{SAMPLE}", "/article/seed-1", "/run/run-a"])
def test_no_text_of_a_seed_a_prompt_or_a_reply_is_markup(server, path):
    reply = server.get(path)
    assert reply.status == 200
    assert "<script>window.hacked" not in reply.text
    assert "<img" not in reply.text
    script = reply.text.partition("<body>")[2]
    assert "window.hacked" in script
    assert "${1+1}" not in script  # it would be run: the texts stand in a script's template literal
    assert HOSTILE in reply.shown or path in ("/", "/run/run-a")  # lists show the beginnings of texts
    assert "window.hacked" in reply.shown
    assert '"href": "javascript' not in reply.shown
    assert "innerHTML" not in reply.shown


def test_a_sample_page_shows_its_whole_life(server):
    shown = server.get(f"/sample/{SAMPLE}").shown
    for expected in (
        "Who built the light at the cape?",  # the query
        "A thought. ",  # the trace
        "Prompt of call-1. ", "Reply of call-3. ", "refused by the endpoint ",  # every call
        "3, 360 tokens, 7.5 s", "0.7500 USD",  # its cost
        "Call 2 of 2", "attempt 1",
        "grounding", "min_sentence_share 0.3", "composite 0.900",  # scores and thresholds
        "1 copy refused in its favour", "0.970 by embedding",  # duplicates
        "4, 2 of them refused",  # siblings of the same section
        "refused: truncated", "refused: ungrounded",
        "http://localhost:3999/runs/run-a", "/run/run-a", "/article/seed-1",
        "https://example.org/arkona",
    ):  # fmt: skip
        assert expected in shown, expected


def test_sentences_point_to_the_sentences_of_the_seed_that_bear_them(server):
    elements = server.get(f"/sample/{SAMPLE}").shown
    assert '"data-finds": "p1"' in elements
    assert '"data-finds": "a1"' in elements
    assert "2 of 2 own words are in the passages" in elements or "own words are in the passages" in elements


@pytest.mark.parametrize("letter", "bcdef")
def test_a_candidate_has_its_page_in_every_state(server, letter):
    reply = server.get(f"/sample/{name_of(letter)}")
    assert reply.status == 200
    state = {"b": "refused: ungrounded", "c": "duplicate", "d": "refused: truncated", "e": "open", "f": "accepted"}
    assert state[letter] in reply.shown


def test_a_call_that_failed_and_was_answered_later_is_shown_twice(server):
    call = a_call("call-1", "query", failed=False)
    with CallFolder(Path(server.warehouse.calls_folder), "run-b") as log:
        for second, reply in enumerate((None, "Reply at last.")):
            error = None if reply else "said no at first"
            log.append(replace(call, candidate_id=name_of("b"), reply=reply, error=error, cost_usd=None,
                               finished_at=f"2026-01-01T00:00:0{second}.000+00:00"))  # fmt: skip
    shown = server.get(f"/sample/{name_of('b')}").shown
    assert all(told in shown for told in ("Call 1 of 2", "Call 2 of 2", "said no at first", "Reply at last."))
    assert "price unknown" in shown


def test_the_copy_shows_the_text_of_the_one_that_is_kept(server):
    shown = server.get(f"/sample/{name_of('c')}").shown
    assert "0.970 by embedding, of the one that is kept" in shown
    assert f"/sample/{SAMPLE}" in shown


def test_everything_about_a_sample_is_there_as_json(server):
    reply = server.get(f"/sample/{SAMPLE}/json")
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{name_of("a")}.json"'
    assert json.loads(reply.text) == json.loads(json.dumps(read_life(server.warehouse, SAMPLE), default=str))


@pytest.mark.parametrize(
    "path", ["/sample/nothing", "/sample/nothing/json", "/article/nothing", "/nothing", "/../etc/passwd"]
)
def test_what_is_not_there_is_not_found(server, path):
    assert server.get(path).status == 404


def test_a_run_leads_to_its_samples_and_an_article_to_all_of_its(server):
    run = server.get("/run/run-a").shown
    assert f"/sample/{SAMPLE}" in run
    assert "http://localhost:3999/runs/run-a" in run
    article = server.get("/article/seed-1").shown
    assert "1 to 5 of 5 candidates" in article
    assert "/article/seed-0" in article
    assert "2 words" not in article.split("Sections")[0]


def test_nothing_is_loaded_from_elsewhere(server):
    reply = server.get("/")
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert not re.findall(r"""(?:src|import|url\()\s*[=(]?\s*["']?(?:https?:)?//""", reply.text)
    assert server.get("/audit.css").status == server.get("/audit.js").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost"}, 200),
        ({"Host": "localhost:8050"}, 200),
        ({"Host": "[::1]:8050"}, 200),
        ({"Host": "rebound.example"}, 403),
        ({"Host": "127.0.0.1.rebound.example:8050"}, 403),
        ({"Host": "localhost@rebound.example"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_localhost_is_answered(server, headers, status):
    assert server.get("/audit.css", **headers).status == status


def answer(guard_hosts, kind: str, **headers: str) -> list[str]:
    """The types of the messages that a guarded application sends, handed one request."""
    sent = []

    async def accepts(scope, receive, send):
        await send(
            {"type": "http.response.start" if kind == "http" else "websocket.accept", "status": 200, "headers": []}
        )

    async def receive():
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request", "body": b""}

    async def send(message):
        sent.append(f"{message['type']} {message.get('status') or message.get('code')}")

    scope = {"type": kind, "path": "/", "method": "GET", "query_string": b"",
             "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}  # fmt: skip
    asyncio.run(Guard(accepts, guard_hosts)(scope, receive, send))
    return sent


def test_a_websocket_is_opened_by_the_servers_own_pages_alone():
    own = {"host": "localhost:8050", "origin": "http://localhost:8050"}
    assert answer(LOCAL_HOSTS, "websocket", **own) == ["websocket.accept 200"]
    for origin in ("http://evil.example", "http://["):
        assert answer(LOCAL_HOSTS, "websocket", **own | {"origin": origin}) == ["websocket.close 1008"]
    assert answer(LOCAL_HOSTS, "websocket", **own | {"host": "evil.example"}) == ["websocket.close 1008"]


def test_a_server_on_the_network_answers_every_name_but_no_other_page():
    assert answer(None, "http", host="machine.example:8050") == ["http.response.start 200"]
    other = answer(None, "http", host="machine.example:8050", origin="http://elsewhere.example")
    assert other[0] == "http.response.start 403"


def test_a_taken_port_is_told(server):
    with pytest.raises(SynthAssetsError, match=f"port {server.port} of 127.0.0.1 cannot be used"):
        serve(Console(), port=server.port, host="127.0.0.1", dagster="http://localhost:3000")


def test_an_address_of_dagster_that_is_none_is_told():
    with pytest.raises(SynthAssetsError, match="begins with http"):
        serve(Console(), port=free_port(), host="127.0.0.1", dagster="javascript:hack()")
