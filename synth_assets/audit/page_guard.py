"""Who may ask the audit's web server, and what its pages may load: checked before anything else sees a request.

A server on localhost is reached by every page that the same person's browser has open. A page of another site cannot
read an answer, unless its host name is made to point at 127.0.0.1 after it was loaded (DNS rebinding): then the request
still bears that name, and is refused for it. A WebSocket may be opened from anywhere: it must come from this server's
own pages. And no page may load from, or send to, any other host, whatever text stands on it.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

# NiceGUI's pages are built by inline scripts and compile their templates in the browser.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class Guard:
    """ASGI middleware: refuses other host names and the WebSockets of other pages, and bounds what pages may load.

    Args:
        app: what is guarded.
        hosts: host names that a request may bear; None lets every name pass, for a server that was put on the network
            on purpose.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None = LOCAL_HOSTS) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008, reason=refusal)(scope, receive, send)
        else:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.hosts is not None and _name(f"//{host}") not in self.hosts:
            return "unknown_host: this server answers to localhost alone; see --host"
        origin = headers.get("origin")
        if origin is not None and _place(origin) != host:
            return "other_origin: this server answers its own pages alone"
        return None


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # [::1 without its bracket, and the like
        return ""


def _place(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = POLICY
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
        await send(message)

    return send_with_headers
