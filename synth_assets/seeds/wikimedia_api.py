"""A wiki's Action API (`api.php`), asked politely and never twice.

- A User-Agent with a contact, as Wikimedia's policy demands; `maxlag`, so that a busy wiki says so; one request at a
  time a host, over all threads and runs that share a cache folder.
- Errors come with HTTP 200: `{"error": {"code", "info"}}`. "maxlag", "ratelimited" and "readonly" mean wait; so do 429
  and 5xx. Retry-After is kept to, or waits double, with jitter; a wiki that wants us gone for long ends the run, which
  goes on where it stopped when it is started again.
- Every answer is on disk before it is used, whole or not at all. One about a revision is good for ever, one about what
  there is (lists, the licence) for `refresh_after`.

httpx carries it: the one synchronous client among the package's own requirements (requests comes only by chance, with
others), with timeouts by default and errors in one tree. Its slow pool is no matter at one connection.
"""

import gzip
import json
import math
import os
import random
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from filelock import FileLock

from synth_assets.errors import SeedError
from synth_assets.identity import hash_of

CONTACT_ENV = "SYNTH_ASSETS_CONTACT"
TRIES = 6
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 120.0
LONGEST_RETRY_AFTER_S = 600.0
TIMEOUT_S = 60.0
MAXLAG_S = 5
MOST_BYTES = 64 * 2**20
MOST_CONTINUATIONS = 10_000
_LONGEST_ADDRESS = 4_000  # longer requests (fifty long titles) are posted

_CONTACT = re.compile(r"(?:https?://[!-'*-~]{4,200}|[!-'*-?A-~]{1,100}@[!-'*-?A-~]{3,100})")
_PASSING = re.compile(r"maxlag|ratelimited|readonly|internal_api_error_.*")
_UNSAFE = re.compile("[^ -~\xa0-\U0010ffff]+")


class _Passing(NamedTuple):
    """What another try may mend, and the seconds that the wiki asks to wait before it; 0 where it does not say."""

    trouble: str
    wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the wiki said. `error` is (code, info) where it refused this one request for good; then `data` is empty."""

    data: Mapping[str, Any]
    retrieved_at: datetime
    error: tuple[str, str] | None = None

    @property
    def warnings(self) -> list[str]:
        """What the wiki warns of, each as "module: text"."""
        said = self.data.get("warnings")
        return [
            f"{module}: {' '.join(str(value.get('warnings') if isinstance(value, dict) else value).split())}"
            for module, value in (said.items() if isinstance(said, dict) else ())
        ]


class WikimediaApi:
    """One wiki. A context manager: the connection is opened at the first request, and closed with the block.

    Args:
        site: "en.wikibooks.org", or the address of an `api.php`.
        cache_folder: where answers are kept; runs that share it share what they read.
        contact: e-mail or web address of whoever runs this; `SYNTH_ASSETS_CONTACT` when left out.
        refresh_after: how old an answer about what there is may be.
        sleep, jitter, now: the passing of time, so that tests need none; jitter is uniform in [0, 1).

    Raises:
        SeedError: the site or the contact is none.
    """

    def __init__(
        self,
        site: str,
        cache_folder: Path,
        *,
        contact: str = "",
        refresh_after: timedelta = timedelta(hours=24),
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.address = site if site.startswith(("http://", "https://")) else f"https://{site}/w/api.php"
        parts = urlsplit(self.address)
        if not parts.hostname or parts.username or not parts.path or parts.query or "\\" in self.address:
            raise SeedError(f"{site!r} is no wiki: give its host (en.wikibooks.org) or the address of its api.php")
        self.host = parts.netloc
        self._contact = contact or os.environ.get(CONTACT_ENV, "")
        if self._contact and not _CONTACT.fullmatch(self._contact):
            raise SeedError(f"contact {self._contact!r} is neither an e-mail address nor a web address")
        self._folder = cache_folder / quote(self.host, safe="")
        self._refresh_after = refresh_after
        self._sleep = sleep
        self._jitter = jitter
        self._now = now
        self._client: Any = None
        self.requests = 0

    def __enter__(self) -> "WikimediaApi":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def ask(self, parameters: Mapping[str, str], *, revision: str = "", of_any_age: bool = False) -> Answer:
        """The answer to one request, from the cache where it is there.

        Args:
            parameters: of the request; format, version and maxlag are added.
            revision: the revision that it is about, where it is about one; it is not sent, and the answer keeps.
            of_any_age: take a cached answer however old.

        Raises:
            SeedError: no contact is given, or the wiki cannot be used now; names host and trouble.
        """
        asked = dict(sorted(parameters.items()))
        place = self._place(asked, revision)
        ages = not revision and not of_any_age
        known = self._known(place, ages)
        if known is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock"):  # one request at a time, whoever asks
                known = self._known(place, ages)  # somebody else may just have asked the same
                if known is None:
                    known = self._fetched(asked)
                    if known.error is None:
                        self._keep(place, asked, revision, known)
        return known

    def pages_of(self, parameters: Mapping[str, str], *, of_any_age: bool = False) -> Iterator[Answer]:
        """The answers to a query, continued until the wiki says that it is complete.

        Raises:
            SeedError: as `ask`; the wiki refuses the query; it continues without end.
        """
        more: dict[str, str] = {}
        seen: set[str] = set()
        for _ in range(MOST_CONTINUATIONS):
            answer = self.ask({**parameters, **more}, of_any_age=of_any_age)
            if answer.error is not None:
                raise SeedError(f"{self.host}: {answer.error[0]}: {answer.error[1]}")
            yield answer
            following = answer.data.get("continue")
            if not isinstance(following, dict):
                return
            more = {str(key): str(value) for key, value in following.items()}
            mark = json.dumps(more, sort_keys=True)
            if mark in seen:
                raise SeedError(f"{self.host}: the wiki continues a list where it was before: {mark[:200]}")
            seen.add(mark)
        raise SeedError(f"{self.host}: a list that goes on for more than {MOST_CONTINUATIONS:,} answers")

    # --- the cache -----------------------------------------------------------------------------------------------

    def _place(self, asked: Mapping[str, str], revision: str) -> Path:
        key = hash_of("wikimedia", self.address, dict(asked), revision)
        return self._folder / key[:2] / f"{key}.json.gz"

    def _known(self, place: Path, ages: bool) -> Answer | None:
        try:
            kept = json.loads(gzip.decompress(place.read_bytes()))
            answer = Answer(data=kept["answer"], retrieved_at=datetime.fromisoformat(kept["retrieved_at"]))
        except FileNotFoundError:
            return None
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
            return None  # a damaged disk: the file is as good as none, and is replaced by what is fetched now
        return None if ages and self._now() - answer.retrieved_at >= self._refresh_after else answer

    def _keep(self, place: Path, asked: Mapping[str, str], revision: str, answer: Answer) -> None:
        kept = {
            "parameters": dict(asked), "revision": revision, "retrieved_at": answer.retrieved_at.isoformat(),
            "answer": answer.data,
        }  # fmt: skip
        part = self._folder / "answer.part"  # one name will do under the lock, and a kill leaves no litter
        try:
            place.parent.mkdir(exist_ok=True)
            with part.open("wb") as file:
                file.write(gzip.compress(json.dumps(kept).encode("utf-8"), 6, mtime=0))
                file.flush()
                os.fsync(file.fileno())
            part.replace(place)
        except OSError as error:
            raise SeedError(f"{place}: {error.strerror or error}") from error

    # --- the wire ------------------------------------------------------------------------------------------------

    def _fetched(self, asked: Mapping[str, str]) -> Answer:
        if not self._contact:
            raise SeedError(
                f"{self.host}: wikis ask who is reading: give `contact` (an e-mail or web address) in the recipe, or "
                f"set {CONTACT_ENV}"
            )
        sent = {**asked, "format": "json", "formatversion": "2", "maxlag": str(MAXLAG_S)}
        pause = FIRST_PAUSE_S
        for number in range(1, TRIES + 1):
            found = self._sent(sent)
            if isinstance(found, Answer):
                return found
            if found.wait_s > LONGEST_RETRY_AFTER_S:
                raise SeedError(
                    f"{self.host}: {found.trouble}; it asks to wait {found.wait_s:,.0f} s: run again then, what was "
                    "read is kept"
                )
            if number < TRIES:
                # never less than was asked for; the jitter keeps several readers from coming back together
                self._sleep(max(found.wait_s, pause) * (1 + self._jitter() / 2))
                pause = min(2 * pause, LONGEST_PAUSE_S)
        raise SeedError(f"{self.host}: {found.trouble}, {TRIES} times; what was read is kept, so run it again later")

    def _sent(self, sent: Mapping[str, str]) -> Answer | _Passing:
        import httpx

        if self._client is None:
            agent = f"synth-assets/{metadata.version('synth-assets')} ({self._contact}) httpx/{httpx.__version__}"
            self._client = httpx.Client(headers={"User-Agent": agent}, timeout=TIMEOUT_S)
        long = len(urlencode(sent)) > _LONGEST_ADDRESS
        self.requests += 1
        body = bytearray()
        try:
            with self._client.stream(
                "POST" if long else "GET", self.address,
                params=None if long else dict(sent), data=dict(sent) if long else None,
            ) as response:  # fmt: skip
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        return self._refused("too_large", f"the answer is longer than {MOST_BYTES:,} bytes")
        except (httpx.TransportError, httpx.DecodingError) as error:
            return _Passing(_said(f"{type(error).__name__}: {error}"), 0.0)
        except httpx.InvalidURL as error:
            raise SeedError(f"{self.address}: {_said(str(error))}") from error
        wait_s = self._retry_after(response.headers.get("Retry-After", ""))
        status = response.status_code
        if status in (408, 425, 429) or status >= 500:
            return _Passing(f"HTTP {status}", wait_s)
        if status != 200:
            more = response.headers.get("Location") or body[:500].decode("utf-8", "replace")
            raise SeedError(f"{self.address}: HTTP {status}: {_said(more)}")
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise SeedError(
                f"{self.address}: no JSON, so no api.php: {_said(body[:500].decode('utf-8', 'replace'))}"
            ) from error
        if not isinstance(data, dict):
            raise SeedError(f"{self.address}: a JSON {type(data).__name__}, so no api.php")
        error = data.get("error")
        if error is None:
            return Answer(data=data, retrieved_at=self._now())
        code, info = (str(error.get(key) or "") if isinstance(error, dict) else str(error) for key in ("code", "info"))
        if _PASSING.fullmatch(code):
            return _Passing(_said(f"{code}: {info}"), wait_s)
        return self._refused(_said(code), _said(info))

    def _refused(self, code: str, info: str) -> Answer:
        return Answer(data={}, retrieved_at=self._now(), error=(code, info))

    def _retry_after(self, value: str) -> float:
        """Seconds, from a number of them or a date; 0 where it is neither."""
        try:
            seconds = float(value) if value.strip().isdecimal() else (
                (parsedate_to_datetime(value).astimezone(UTC) - self._now()).total_seconds() if value else 0.0
            )  # fmt: skip
        except (ValueError, OverflowError):  # no date: the pause is ours to choose
            return 0.0
        return max(seconds, 0.0) if math.isfinite(seconds) else LONGEST_RETRY_AFTER_S + 1


def _said(text: str) -> str:
    return " ".join(_UNSAFE.sub(" ", text).split())[:300]
