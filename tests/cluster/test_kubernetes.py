"""The configuration for Kubernetes, as far as a machine without one can try it: a server that speaks the part of its
API by which runs are launched and watched, and the real launcher before it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.launcher import LaunchRunContext, WorkerStatus
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin

from synth_assets.cluster.dagster_home import FOLDER, write_configuration
from synth_assets.definitions import defs

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

IMAGE = "registry.example.internal/synth-assets:0.1.0"


class Api(BaseHTTPRequestHandler):
    """Jobs are taken and kept; their status is what the test says."""

    jobs: list[dict[str, Any]]
    status: dict[str, int]

    def do_POST(self) -> None:
        job = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.jobs.append({"path": self.path, "body": job})
        self._answer(job)

    def do_GET(self) -> None:
        self._answer({"metadata": {"name": "job"}, "spec": {"template": {}}, "status": self.status})

    def _answer(self, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what was asked stands in `jobs`."""


@pytest.fixture
def api() -> Iterator[tuple[str, type[Api]]]:
    handler = type("KeepingApi", (Api,), {"jobs": [], "status": {"active": 1}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()
        thread.join()


@pytest.fixture
def instance(settings, api, tmp_path: Path, monkeypatch) -> Iterator[dg.DagsterInstance]:
    """The instance of the shipped file, in front of that server instead of a cluster's."""
    home = tmp_path / "home"
    write_configuration("kubernetes", home)
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(yaml.safe_dump({
        "apiVersion": "v1", "kind": "Config", "current-context": "test", "users": [{"name": "test", "user": {}}],
        "clusters": [{"name": "test", "cluster": {"server": api[0]}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
    }), "utf-8")  # fmt: skip
    given = yaml.safe_load((home / "dagster.yaml").read_text("utf-8"))
    given["run_launcher"]["config"] |= {"load_incluster_config": False, "kubeconfig_file": str(kubeconfig)}
    given["local_artifact_storage"]["config"]["base_dir"] = str(home / ".dagster")
    (home / "dagster.yaml").write_text(yaml.safe_dump(given), "utf-8")
    monkeypatch.setenv("SYNTH_ASSETS_IMAGE", IMAGE)
    monkeypatch.setenv("SYNTH_ASSETS_NAMESPACE", "synth")
    with dg.DagsterInstance.from_config(str(home)) as made:
        yield made


def launched(instance: dg.DagsterInstance) -> dg.DagsterRun:
    repository = RepositoryPythonOrigin(
        executable_path="python", code_pointer=ModuleCodePointer("synth_assets.definitions", "defs")
    )
    origin = JobPythonOrigin(job_name="publish", repository_origin=repository)
    run = instance.create_run_for_job(defs.resolve_job_def("publish"), job_code_origin=origin)
    instance.run_launcher.launch_run(LaunchRunContext(dagster_run=run, workspace=None))
    return run


def test_a_run_is_one_job_that_takes_its_settings_and_secrets_by_name(instance, api, settings):
    run = launched(instance)
    (sent,) = api[1].jobs
    assert sent["path"].startswith("/apis/batch/v1/namespaces/synth/jobs")
    job = sent["body"]
    pod = job["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == IMAGE
    assert container["args"][:5] == ["python", "-m", "dagster", "api", "execute_run"]
    assert run.run_id in container["args"][-1]
    assert {"secretRef": {"name": "synth-assets"}} in container["envFrom"]
    assert {"configMapRef": {"name": "synth-assets"}} in container["envFrom"]
    told = json.dumps(job)
    for secret in ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"):
        assert settings[secret] not in told
    assert {entry["name"]: entry.get("value") for entry in container["env"]}["SYNTH_ASSETS_HOME"] in {
        mount["mountPath"] for mount in container["volumeMounts"]
    }
    assert container["resources"]["requests"] == {"cpu": "1", "memory": "3Gi"}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert volumes["releases"]["persistentVolumeClaim"]["claimName"] == "synth-assets-releases"
    assert volumes["work"]["emptyDir"]["sizeLimit"] == "20Gi"
    assert job["spec"]["backoffLimit"] == 0
    assert pod["terminationGracePeriodSeconds"] == 90
    assert pod["restartPolicy"] == "Never"


@pytest.mark.parametrize(
    ("status", "found"),
    [({"active": 1}, WorkerStatus.RUNNING), ({"failed": 1}, WorkerStatus.FAILED),
     ({"succeeded": 1}, WorkerStatus.SUCCESS)],
)  # fmt: skip
def test_the_launcher_hears_from_kubernetes_whether_a_run_s_pod_lives(instance, api, status, found):
    run = launched(instance)
    api[1].status = status
    assert instance.run_launcher.check_run_worker_health(run).status == found


def test_what_says_how_many_how_long_and_how_often_is_the_same_in_both_files():
    ours = yaml.safe_load((FOLDER / "kubernetes" / "dagster.yaml").read_text("utf-8"))
    chart = yaml.safe_load((FOLDER / "kubernetes" / "values.yaml").read_text("utf-8"))
    daemon = chart["dagsterDaemon"]
    assert camel(ours["run_monitoring"]) == daemon["runMonitoring"]
    assert camel(ours["run_retries"]) == daemon["runRetries"]
    queue = daemon["runCoordinator"]["config"]["queuedRunCoordinator"]
    assert camel(ours["concurrency"]["runs"]) == queue
    launcher = chart["runLauncher"]["config"]["k8sRunLauncher"]
    config = ours["run_launcher"]["config"]
    assert camel(config["run_k8s_config"]) == launcher["runK8sConfig"]
    assert config["resources"] == launcher["resources"]
    assert [entry["name"] for entry in launcher["envSecrets"]] == config["env_secrets"]
    assert [entry["name"] for entry in launcher["envConfigMaps"]] == config["env_config_maps"]
    assert ours["compute_logs"]["class"] == chart["computeLogManager"]["config"]["customComputeLogManager"]["class"]
    assert chart["dagsterHome"] == config["dagster_home"]


def camel(given: Any) -> Any:
    """Names as the chart writes them."""
    if isinstance(given, list):
        return [camel(entry) for entry in given]
    if not isinstance(given, dict):
        return given
    return {first + "".join(word.capitalize() for word in rest): camel(value)
            for (first, *rest), value in ((name.split("_"), value) for name, value in given.items())}  # fmt: skip
