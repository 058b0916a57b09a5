"""`synth-assets audit`: the life of every sample as web pages, on localhost, until it is ended."""

import contextlib
import importlib.util
import socket

from rich.console import Console

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.errors import SynthAssetsError

# a page had better say that the database is busy than keep a person waiting for a minute
PATIENCE_S = 15.0


def serve(console: Console, *, port: int, host: str, dagster: str) -> None:
    """Serve the pages until they are ended by Ctrl-C.

    Raises:
        SynthAssetsError: what serves them is not installed, or the address cannot be used.
    """
    if importlib.util.find_spec("nicegui") is None:
        raise SynthAssetsError("the audit's pages need one more library: pip install 'synth-assets[audit]'")
    if not dagster.startswith(("http://", "https://")):
        raise SynthAssetsError(f"--dagster {dagster}: give an address that begins with http:// or https://")
    listening = _listen(host, port)
    home = open_home()
    warehouse = open_warehouse(home).model_copy(update={"patience_s": PATIENCE_S})

    import uvicorn

    from synth_assets.audit.page import LOCAL_HOSTS, build_app

    app = build_app(warehouse, dagster=dagster, hosts=LOCAL_HOSTS if host in LOCAL_HOSTS else None)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    # whoever connects from now on waits in the socket's queue until the server is up
    console.print(f"the audit of {home.root} is at {address}", highlight=False, soft_wrap=True, markup=False)
    if host not in LOCAL_HOSTS:
        console.print("everybody who reaches this address can read every sample, prompt and reply")
    console.print("end it with Ctrl-C")
    # the server ends in order, then hands the signal on, unless signals are ignored here as in a shell's background
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    listening.close()
    console.print("ended")


def _listen(host: str, port: int) -> socket.socket:
    """The socket that pages are served from, taken before anything is loaded.

    Raises:
        SynthAssetsError: the address is taken, or not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SynthAssetsError(
            f"port {port} of {host} cannot be used: {error.strerror}; choose others with --port and --host"
        ) from error
