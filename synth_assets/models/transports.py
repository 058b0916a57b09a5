"""The two ways to a model: aiohttp to every OpenAI-compatible address and the embedded model, litellm to all others."""

import asyncio
import json
import os
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp
import orjson

from synth_assets.embedded import EmbeddedServer
from synth_assets.models.wire import Fault, one_line, status_fault
from synth_assets.recipe import ModelEntry

CONNECT_S = 5.0
LEAST_SECRET = 8


class Transport(Protocol):
    label: str

    async def send(self, body: Mapping[str, Any], text: str, timeout_s: float) -> tuple[Any, Mapping[str, str] | None]:
        """The endpoint's JSON for a chat completion, and its headers that speak of limits; `text` is the body as JSON.

        Raises Fault.
        """

    async def is_there(self) -> bool:
        """Whether anybody answers at the place at all, whatever it says; asked when it is silent for long."""

    async def after_no_connection(self) -> None:
        """Called before a request that found nobody is sent again."""

    async def close(self) -> None:
        """Let go of what it holds."""


class Direct:
    """aiohttp to an OpenAI-compatible address; the address is looked up where it belongs to the embedded server."""

    def __init__(
        self, session: aiohttp.ClientSession, entry: ModelEntry, key: str | None, server: EmbeddedServer | None
    ) -> None:
        self._session = session
        self._server = server
        self._address = entry.address.rstrip("/") if entry.address is not None else None
        self._finding = asyncio.Lock()
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}
        self._secrets = _secrets_of(entry.address or "", key)
        self._headers = {"Content-Type": "application/json"}
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"
        self.label = "embedded" if server is not None else f"direct {public_address(entry.address or '')}"

    async def send(self, body: Mapping[str, Any], text: str, timeout_s: float) -> tuple[Any, Mapping[str, str] | None]:
        address = self._address or await self._find()
        timeout = self._timeouts.get(timeout_s)
        if timeout is None:
            timeout = self._timeouts[timeout_s] = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_S)
        try:
            async with self._session.post(
                f"{address}/chat/completions",
                data=text.encode(),
                headers=self._headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                content = without_secrets(await response.read(), self._secrets)
                status, headers = response.status, response.headers
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise Fault("timeout", "gave no answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Fault("connection", one_line(str(error) or type(error).__name__)) from error
        if status >= 300:
            raise status_fault(
                status, content.decode("utf-8", "replace"), headers.get("Retry-After"), _limits_in(headers)
            )
        try:
            return _json(content), _limits_in(headers)
        except (ValueError, RecursionError) as error:
            raise Fault("malformed", "answered with something that is not JSON") from error

    async def is_there(self) -> bool:
        if self._address is None:
            return True  # the embedded server is being started, which has a time limit of its own
        timeout = aiohttp.ClientTimeout(total=CONNECT_S)
        try:
            async with self._session.get(
                f"{self._address}/models", headers=self._headers, timeout=timeout, allow_redirects=False
            ):
                return True
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False

    async def after_no_connection(self) -> None:
        if self._server is not None:
            self._address = None

    async def close(self) -> None:
        if self._server is not None:
            await asyncio.to_thread(self._server.close)

    async def _find(self) -> str:
        async with self._finding:
            if self._address is None and self._server is not None:
                self._address = await asyncio.to_thread(self._server.address)
            return self._address or ""


class Litellm:
    """litellm for providers that have no OpenAI-compatible address of their own in the recipe."""

    def __init__(self, entry: ModelEntry, key: str | None) -> None:
        self._litellm = import_litellm()
        self._key = key
        found = key or os.environ.get(f"{provider_of(entry.model).upper()}_API_KEY", "").strip()
        self._secrets = _secrets_of("", found or None)
        self.label = f"litellm {provider_of(entry.model)}"

    async def send(self, body: Mapping[str, Any], text: str, timeout_s: float) -> tuple[Any, Mapping[str, str] | None]:
        try:
            response = await self._litellm.acompletion(
                **body,
                api_key=self._key,
                timeout=timeout_s,
                num_retries=0,
                max_retries=0,
                drop_params=True,
            )
        # litellm hands on the exceptions of many client libraries; their status code is what they have in common.
        # Not chained: a provider's exception may carry the request's headers.
        except Exception as error:
            fault = _litellm_fault(error, self._secrets)
        else:
            return response.model_dump(), None
        raise fault

    async def is_there(self) -> bool:
        return True  # litellm has no question that every provider answers

    async def after_no_connection(self) -> None:
        return

    async def close(self) -> None:
        await self._litellm.close_litellm_async_clients()


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:  # half a surrogate pair, where a model ended in the middle of one, is JSON to some
        return json.loads(content)


def _limits_in(headers: Mapping[str, str]) -> dict[str, str] | None:
    """The headers that say how much is left, names in lower case; None where there are none."""
    found = {name.lower(): value for name, value in headers.items() if "ratelimit" in name.lower()}
    return found or None


def _litellm_fault(error: Exception, secrets: tuple[bytes, ...]) -> Fault:
    said = without_secrets(str(error).encode("utf-8", "replace"), secrets).decode("utf-8", "replace")
    status = getattr(error, "status_code", None)
    if type(error).__name__ in {"Timeout", "APITimeoutError"}:
        return Fault("timeout", "gave no answer in time")
    if type(error).__name__ == "APIConnectionError" or not isinstance(status, int):
        return Fault("connection", one_line(said or type(error).__name__))
    headers = getattr(error, "litellm_response_headers", None)
    retry_after = headers.get("retry-after") if headers is not None else None
    if type(error).__name__ == "ContentPolicyViolationError":
        return Fault("content_filter", one_line(said), status=status)
    return status_fault(status, said, retry_after)


def without_secrets(content: bytes, secrets: tuple[bytes, ...]) -> bytes:
    """What an endpoint sent, with "[key]" for each secret that it was sent and sends back.

    This is where everything that an endpoint says comes in, before any of it is cut, quoted or parsed: a key of which
    the end is cut off would be found by nobody afterwards.
    """
    for secret in secrets:
        if secret in content:
            content = content.replace(secret, b"[key]")
    return content


def _secrets_of(address: str, key: str | None) -> tuple[bytes, ...]:
    """A key and an address' password, as they are sent and as JSON writes them; the longest first.

    What is shorter than any key ("none", "EMPTY", for servers that want something) may be a word of a reply.
    """
    parts = urlsplit(address)
    found = {key or ""}
    if parts.password:
        user, password = unquote(parts.username or ""), unquote(parts.password)
        found |= {parts.password, password, b64encode(f"{user}:{password}".encode()).decode()}
    escaped = {json.dumps(each)[1:-1] for each in found}
    written = found | escaped | {each.replace("/", "\\/") for each in escaped}
    return tuple(sorted((each.encode() for each in written if len(each) >= LEAST_SECRET), key=len, reverse=True))


def public_address(address: str) -> str:
    """An address without user, password and query: those may be secrets."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))


def provider_of(model: str) -> str:
    return model.split("/", 1)[0] if "/" in model else "openai"


def import_litellm() -> Any:
    # Without it the import waits 20 seconds for a price list from the network.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    return litellm
