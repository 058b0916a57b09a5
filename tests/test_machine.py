import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from synth_assets.errors import MachineFolderUnusable
from synth_assets.machine import VARIABLE, machine_folder, usable_cores


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine that runs the tests counts, and its folder of temporary files is left alone."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_the_folder_that_the_variable_names_is_made_for_the_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "deep" / "down"))
    assert machine_folder() == tmp_path / "deep" / "down"
    assert mode(machine_folder()) == 0o700


def test_the_folder_is_found_from_anywhere_when_the_variable_is_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "here")
    assert machine_folder() == tmp_path / "here"


def test_without_the_variable_it_lies_in_the_users_runtime_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert machine_folder() == runtime / "synth-assets"
    assert mode(machine_folder()) == 0o700


def test_a_runtime_folder_that_is_not_there_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    assert machine_folder() == tmp_path / f"synth-assets-{os.getuid()}"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_runtime_folder_of_someone_else_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    os.chown(runtime, 12345, -1)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert machine_folder() == tmp_path / f"synth-assets-{os.getuid()}"


def test_asking_twice_gives_one_folder(tmp_path: Path) -> None:
    assert machine_folder() == machine_folder() == tmp_path / f"synth-assets-{os.getuid()}"
    assert [path.name for path in tmp_path.iterdir()] == [f"synth-assets-{os.getuid()}"]


@pytest.mark.parametrize("open_to", [0o770, 0o705, 0o701, 0o777, 0o720])
def test_a_folder_that_is_open_to_others_is_refused(tmp_path: Path, open_to: int) -> None:
    folder = machine_folder()
    folder.chmod(open_to)
    with pytest.raises(
        MachineFolderUnusable, match=rf"the folder {folder}.* is open to others; run `chmod 700 {folder}`"
    ):
        machine_folder()
    folder.chmod(0o700)
    assert machine_folder() == folder


def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / f"synth-assets-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MachineFolderUnusable, match=f"is a link.* set {VARIABLE} to a folder of your own"):
        machine_folder()


def test_a_link_that_leads_nowhere_is_refused_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / f"synth-assets-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MachineFolderUnusable, match="is a link"):
        machine_folder()
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / f"synth-assets-{os.getuid()}").write_text("a file")
    with pytest.raises(MachineFolderUnusable, match="is no folder"):
        machine_folder()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("a file")
    for path in ("file/below", "file/far/below"):
        monkeypatch.setenv(VARIABLE, str(tmp_path / path))
        with pytest.raises(MachineFolderUnusable, match=rf"the folder .*{path}, .* cannot be made \(.+\)"):
            machine_folder()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    folder = machine_folder()
    os.chown(folder, 12345, -1)
    with pytest.raises(MachineFolderUnusable, match="belongs to someone else"):
        machine_folder()


def test_processes_meet_in_one_folder(tmp_path: Path) -> None:
    program = "from synth_assets.machine import machine_folder; print(machine_folder())"
    environment = {**os.environ, VARIABLE: str(tmp_path / "shared")}
    asking = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert {process.communicate()[0].strip() for process in asking} == {str(tmp_path / "shared")}


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system cannot bind a process to cores")
def test_the_cores_are_those_that_the_process_may_run_on() -> None:
    program = "import os; from synth_assets.machine import usable_cores; "
    program += "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); print(usable_cores())"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "1"
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
