"""A release goes to the hub in one commit, after it was checked; the hub is a server of the test's own.

The client is the real huggingface_hub, in a process of its own, because it reads its settings when it is imported.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from synth_assets.errors import ReleaseError
from synth_assets.release.push import upload_release
from synth_assets.release.source import FrameSource
from synth_assets.release.writer import write_release
from tests.release.fake_hub import TOKEN, FakeHub
from tests.release.made_up_release import about, some_rows

CHECKOUT = Path(__file__).parents[2]
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
