"""A proxy before an S3 server that answers 503 while it is told to."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

TEXT = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>503</Message></Error>"
HEAD = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\nConnection: close\r\n"
REFUSAL = HEAD + b"Content-Length: %d\r\n\r\n" % len(TEXT) + TEXT


class FailingProxy(socketserver.ThreadingTCPServer):
    """Bytes pass through as they are, so that signatures hold; while `failing`, every request is refused.

    Attributes:
        refused: how many requests were answered with 503.
    """

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, to_port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Client)
        self.to_port = to_port
        self.failing = False
        self.refused = 0
        self.open: set[socket.socket] = set()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def fail(self) -> None:
        """Refuse from now on; connections that are open are cut."""
        self.failing = True
        self.cut()

    def pass_through(self) -> None:
        """Carry again."""
        self.failing = False

    def cut(self) -> None:
        """End the connections that are open."""
        for line in tuple(self.open):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Client(socketserver.BaseRequestHandler):
    server: FailingProxy

    def handle(self) -> None:
        with suppress(OSError):
            if self.server.failing:
                self._refuse()
            else:
                self._carry()

    def _refuse(self) -> None:
        with self.request.makefile("rb") as reader:
            length = 0
            while (line := reader.readline().lower()) not in (b"", b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            reader.read(length)
        self.server.refused += 1
        self.request.sendall(REFUSAL)

    def _carry(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.to_port)) as onward:
            lines = {self.request, onward}
            self.server.open |= lines
            back = threading.Thread(target=_pump, args=(onward, self.request))
            back.start()
            _pump(self.request, onward)
            back.join()
            self.server.open -= lines


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def failing_proxy(to_port: int) -> Iterator[FailingProxy]:
    """A proxy that runs, in threads of its own."""
    with FailingProxy(to_port) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, name="failing-proxy")
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            proxy.cut()
            thread.join()
