"""Blobs beside a lake's data: objects of the same bucket, or files of the same shared folder.

They lie under `blobs/<schema of the catalog>/`, apart from the tables' files, so that two lakes of one place have each
their own. Objects are read and written by pyarrow's S3 client with the credentials that the lake itself has.
"""

import logging
import os
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from synth_assets.errors import WarehouseBroken
from synth_assets.sharing.blobs import Blobs, FolderBlobs, checked_name, replacing

log = logging.getLogger("synth_assets.lake")

FOLDER = "blobs"
_LONGEST_PAUSE_S = 2.0
_CONNECT_TIMEOUT_S = 10
_REQUEST_TIMEOUT_S = 60
_COPIED = 8 * 2**20
# As the S3 client words what another try will not mend; all else (a host that is away, 503, a timeout) may pass.
_FOR_GOOD = (
    "access_denied", "access denied", "invalid_access_key", "signature_does_not_match", "no_such_bucket", "forbidden",
    "http status 403", "invalid_client_token", "http status 404", "unrecognized_client",
)  # fmt: skip

_SETTINGS = (
    "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL",
)  # fmt: skip
_Result = TypeVar("_Result")


def blobs_of(data: str, catalog_schema: str, patience_s: float) -> Blobs:
    """The blobs of the lake whose rows lie at `data`."""
    if not data.startswith("s3://"):
        return FolderBlobs(Path(data) / FOLDER / catalog_schema)
    return ObjectBlobs(f"{data.rstrip('/')}/{FOLDER}/{catalog_schema}", patience_s)


class ObjectBlobs:
    """Blobs under an address (s3://bucket/prefix), each an object of its name.

    What fails as servers that are away do is tried for as long as the warehouse is patient.
    """

    def __init__(self, address: str, patience_s: float) -> None:
        self._address = address
        self._patience_s = patience_s

    def read(self, name: str) -> bytes | None:
        def ask() -> bytes:
            with self._store.open_input_stream(self._key(name)) as stream:
                return bytes(stream.read())

        return self._tried(name, ask)

    def write(self, name: str, content: bytes) -> None:
        def send() -> bool:
            # an object is there whole when its stream is closed, and not before
            with self._store.open_output_stream(self._key(name)) as stream:
                stream.write(content)
            return True

        self._sent(name, send)

    def fetch(self, name: str, path: Path) -> bool:
        with replacing(path) as fresh:

            def ask() -> bool:
                with self._store.open_input_stream(self._key(name)) as stream, fresh.open("wb") as file:
                    shutil.copyfileobj(stream, file, _COPIED)
                return True

            found = self._tried(name, ask)
            if found is None:
                fresh.unlink(missing_ok=True)
        return found is not None

    def store(self, name: str, path: Path) -> None:
        try:  # here, so that a file that is not there is not taken for a bucket that is not
            file = path.open("rb")
        except OSError as error:
            raise WarehouseBroken(f"{path}: cannot be read: {error.strerror}") from error

        def send() -> bool:
            file.seek(0)
            with self._store.open_output_stream(self._key(name)) as stream:
                shutil.copyfileobj(file, stream, _COPIED)
            return True

        with file:
            self._sent(name, send)

    def names(self, prefix: str = "") -> list[str]:
        import pyarrow.fs

        root = self._key("")
        below = f"{root}{checked_name(prefix.rpartition('/')[0])}" if "/" in prefix else root.rstrip("/")
        selector = pyarrow.fs.FileSelector(below, recursive=True, allow_not_found=True)
        found = self._tried(prefix, lambda: self._store.get_file_info(selector)) or []
        listed = (each.path.removeprefix(root) for each in found if each.type == pyarrow.fs.FileType.File)
        return sorted(name for name in listed if name.startswith(prefix))

    def remove(self, name: str) -> None:
        self._tried(name, lambda: self._store.delete_file(self._key(name)))

    def is_at(self, name: str, path: Path) -> bool:
        return False

    def _key(self, name: str) -> str:
        return f"{self._address.removeprefix('s3://')}/{checked_name(name) if name else ''}"

    @property
    def _store(self) -> Any:
        # a client is no use to a process that was forked
        return _store_of(os.getpid(), *(os.environ.get(name, "") for name in _SETTINGS))

    def _sent(self, name: str, send: Callable[[], bool]) -> None:
        if self._tried(name, send) is None:
            raise WarehouseBroken(f"{self._address}/{name}: cannot be written: there is no such bucket")

    def _tried(self, name: str, attempt: Callable[[], _Result]) -> _Result | None:
        """What the attempt gives; None where there is no such object.

        Raises:
            WarehouseBroken: the store refuses it, or did not answer for as long as the warehouse is patient.
        """
        started = time.monotonic()
        pause = 0.1
        while True:
            try:
                return attempt()
            except FileNotFoundError:
                return None
            except OSError as error:
                text = " ".join(str(error).split())
                for_good = any(sign in text.lower() for sign in _FOR_GOOD)
                if for_good or time.monotonic() > started + self._patience_s:
                    raise WarehouseBroken(f"{self._address}/{name}: the object store says no: {text}") from error
                log.warning("%s/%s is tried again: %s", self._address, name, text)
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)


@cache
def _store_of(
    pid: int, region: str, other_region: str, key: str, secret: str, token: str, endpoint: str, other_endpoint: str
) -> Any:
    import pyarrow.fs  # late: only a lake on S3 needs it

    given: dict[str, Any] = {
        "region": region or other_region or "us-east-1",
        "connect_timeout": _CONNECT_TIMEOUT_S,
        "request_timeout": _REQUEST_TIMEOUT_S,
    }
    if key:
        given |= {"access_key": key, "secret_key": secret, "session_token": token or None}
    if endpoint or other_endpoint:
        where = urlsplit(endpoint or other_endpoint)
        given |= {"endpoint_override": f"{where.netloc}{where.path}".rstrip("/"), "scheme": where.scheme or "https"}
    return pyarrow.fs.S3FileSystem(**given)
