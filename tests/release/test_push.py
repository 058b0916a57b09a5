"""A release goes to the hub in one commit, after it was checked; the hub is a server of the test's own.

The client is the real huggingface_hub, in a process of its own, because it reads its settings when it is imported.
Files go by Git LFS: the other protocol of the hub, Xet, has no server that a test could start.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from synth_assets.errors import ReleaseError
from synth_assets.release.push import upload_release
from synth_assets.release.source import FrameSource
from synth_assets.release.writer import write_release
from tests.release.made_up_release import about, some_rows

CHECKOUT = Path(__file__).parents[2]
TOKEN = "hf_good"
CODE = """
import json, sys
from pathlib import Path
from synth_assets.errors import ReleaseError

from synth_assets.release.push import upload_release
try:
    done = upload_release(Path(sys.argv[1]), sys.argv[2], private=True)
    print(json.dumps({"repo_id": done.repo_id, "commit": done.commit, "url": done.url}))
except ReleaseError as error:
    print(json.dumps({"error": str(error)}))
"""


class FakeHub:
    """The few paths of the hub that an upload uses; keeps what was committed."""

    def __init__(self, there=()):
        self.made = []
        self.tokens = set()
        self.objects = {}
        self.commits = []
        self.files = dict.fromkeys(there, b"old")
        self.faults = {}
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                self.answer(hub.get(self.path))

            def do_POST(self):
                self.answer(hub.post(self.path, self.body(), self.headers))

            def do_PUT(self):
                body = self.body()
                hub.objects[hashlib.sha256(body).hexdigest()] = body
                self.answer((200, {}))

            def body(self):
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))

            def answer(self, found):
                status, content = found
                data = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def get(self, path):
        if "/tree/" in path:
            return 200, [{"type": "file", "path": name, "size": 3, "oid": "0" * 40} for name in sorted(self.files)]
        return 404, {"error": f"not faked: GET {path}"}

    def post(self, path, body, headers):
        self.tokens.add(headers.get("Authorization"))
        for part, status in self.faults.items():
            if part in path:
                return status, {"error": "said no"}
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "Invalid username or password."}
        if path.startswith("/api/repos/create"):
            self.made.append(json.loads(body))
            return 200, {"url": f"{self.address}/datasets/owner/name", "id": "0", "name": "owner/name"}
        if path.startswith("/api/validate-yaml"):
            return 200, {"errors": [], "warnings": []}
        if "/preupload/" in path:
            return 200, {"files": [
                {"path": each["path"], "uploadMode": "lfs" if each["path"].endswith(".parquet") else "regular",
                 "shouldIgnore": False}
                for each in json.loads(body)["files"]]}  # fmt: skip
        if path.endswith("/info/lfs/objects/batch"):
            return 200, {"transfer": "basic", "objects": [
                {**each, "actions": {"upload": {"href": f"{self.address}/lfs/{each['oid']}", "header": {}}}}
                for each in json.loads(body)["objects"]]}  # fmt: skip
        if "/commit/" in path:
            return self.commit([json.loads(line) for line in body.splitlines()])
        return 404, {"error": f"not faked: POST {path}"}

    def commit(self, operations):
        for each in operations:
            value = each["value"]
            if each["key"] == "file":
                self.files[value["path"]] = base64.b64decode(value["content"])
            elif each["key"] == "lfsFile":
                self.files[value["path"]] = self.objects[value["oid"]]
            elif each["key"] == "deletedFile":
                del self.files[value["path"]]
            else:
                self.commits.append(value["summary"])
        return 200, {"commitUrl": f"{self.address}/datasets/owner/name/commit/{'c' * 40}", "commitOid": "c" * 40,
                     "hookOutput": ""}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("releases") / "v1"
    write_release(place, FrameSource(some_rows(60)), about())
    return place


@pytest.fixture
def push(folder, tmp_path):
    """Uploads the release, from a process of its own; gives what it said."""

    def run(address, token=TOKEN, repo_id="owner/name"):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        environment = {**kept, "HF_ENDPOINT": address, "HF_TOKEN": token, "HF_HOME": str(tmp_path),
                       "HF_HUB_DISABLE_XET": "1", "PYTHONPATH": str(CHECKOUT)}  # fmt: skip
        done = subprocess.run([sys.executable, "-c", CODE, str(folder), repo_id], capture_output=True, text=True,
                              timeout=120, check=False, env=environment)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_every_file_arrives_in_one_commit_and_what_an_older_version_left_goes(folder, push):
    with FakeHub(there=("data/train-00000-of-00009.parquet", "notes.md")) as hub:
        done = push(hub.address)
        assert done == {"repo_id": "owner/name", "commit": "c" * 40, "url": f"{hub.address}/datasets/owner/name"}
        assert hub.made[0]["visibility"] == "private"
        assert hub.commits == ["Release v1: 60 samples"]
        sent = {name: content for name, content in hub.files.items() if name != "notes.md"}
        assert hub.files["notes.md"] == b"old"
        assert sent == {path.relative_to(folder).as_posix(): path.read_bytes()
                        for path in folder.rglob("*") if path.is_file()}  # fmt: skip
        assert hub.tokens == {f"Bearer {TOKEN}"}


def test_what_the_hub_refuses_is_said_in_one_line(push):
    with FakeHub() as hub:
        assert push(hub.address, token="hf_other")["error"] == (
            f"{hub.address}: the token in HF_TOKEN may not write to owner/name"
        )
        hub.faults = {"/commit/": 404}
        assert "owner/name" in push(hub.address)["error"]
        hub.faults = {"/info/lfs": 422}
        assert "refused the upload of owner/name" in push(hub.address)["error"]
        assert hub.commits == []


def test_a_hub_that_nobody_answers_for_is_said_so(push):
    assert "http://127.0.0.1:9: the hub cannot be reached" in push("http://127.0.0.1:9")["error"]


def test_no_token_no_name_and_a_damaged_release_are_refused_before_anything_is_sent(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(ReleaseError, match="set HF_TOKEN to one that may write to owner/name"):
        upload_release(folder, "owner/name")
    for name in ("name", "owner/name/more", "../up", "owner/na me", ""):
        with pytest.raises(ReleaseError, match="is no name of a dataset"):
            upload_release(folder, name)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with pytest.raises(ReleaseError, match="is no release"):
        upload_release(tmp_path, "owner/name")
