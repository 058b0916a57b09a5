"""A person at Dagster's UI, in a real browser: `pytest -m browser` (needs Chromium and the extra `browser`)."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RECIPE = """
name: browser
seeds: [{collection: self_knowledge, languages: [en]}]
languages: {en: 0.5, fr: 0.5}
exercises: {math_exercise: {rows: 8}}
models: {query: {model: embedded}}
"""
LOCATION = "locations/synth_assets.definitions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ui:
    """A running UI and the folder it serves."""

    address: str
    home: Path

    def runs(self) -> list[dict]:
        """Every run of the instance, newest first, as its own GraphQL interface tells."""
        query = "{ runsOrError { ... on Runs { results { runId status jobName tags { key value } } } } }"
        request = urllib.request.Request(
            f"{self.address}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)["data"]["runsOrError"]["results"]

    def wait_for(self, count: int) -> list[dict]:
        """The runs, once this many have ended."""
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            ended = [run for run in self.runs() if run["status"] in ("SUCCESS", "FAILURE", "CANCELED")]
            if len(ended) >= count:
                return ended
            time.sleep(1)
        raise AssertionError(f"{count} runs did not end: {self.runs()}")


@pytest.fixture
def ui(tmp_path: Path) -> Iterator[Ui]:
    (tmp_path / "browser.yaml").write_text(RECIPE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SYNTH_ASSETS_HOME": str(tmp_path),
        "SYNTH_ASSETS_RECIPE": str(tmp_path / "browser.yaml"),
    }
    command = [sys.executable, "-m", "synth_assets", "ui", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}" in process.stdout.readline()
    yield Ui(address=f"http://127.0.0.1:{port}", home=tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    process.stdout.close()


@pytest.fixture
def page() -> Iterator:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "install Chromium to run the browser tests (Debian: apt install chromium)"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        opened = browser.new_page(viewport={"width": 1700, "height": 1000})
        opened.set_default_timeout(60_000)
        yield opened
        browser.close()


def launch(page, ui: Ui, job: str, *partitions: list[str]) -> None:
    """Open a job's page, press its button, choose the partitions of each dimension, and launch."""
    page.goto(f"{ui.address}/{LOCATION}/jobs/{job}")
    page.get_by_role("button", name="Materialize all").click()
    if partitions:
        confirm = page.get_by_role("button", name="Confirm")  # a parent that is not materialized yet is asked about
        chooser = page.get_by_text("Select a partition or create one")
        confirm.or_(chooser.first).first.wait_for()
        if confirm.is_visible():
            confirm.click()
        for names in partitions:
            chooser.first.click()
            for name in names:
                page.get_by_role("menuitem", name=name).click()
            page.keyboard.press("Escape")
        page.get_by_role("button", name="Launch").click()


def picture(page, name: str) -> None:
    """A screenshot into SYNTH_ASSETS_PICTURES, where somebody wants to look."""
    folder = os.environ.get("SYNTH_ASSETS_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_person_reads_seeds_launches_cells_and_sees_what_came_of_them(ui: Ui, page) -> None:
    launch(page, ui, "ingest")
    assert [run["status"] for run in ui.wait_for(1)] == ["SUCCESS"]

    launch(page, ui, "cell_round", ["math_exercise"], ["fr"])
    assert [run["status"] for run in ui.wait_for(2)] == ["SUCCESS"] * 2

    page.goto(f"{ui.address}/assets/samples")
    page.get_by_text("One row per accepted candidate, as it is published.").wait_for()
    page.get_by_text("math_exercise|fr").first.wait_for()
    picture(page, "samples")
    page.goto(f"{ui.address}/assets/samples?view=events")
    page.get_by_text("work_left").first.wait_for()
    picture(page, "events")

    launch(page, ui, "cell_round", ["math_exercise"], ["en", "de"])  # two cells: a backfill of two runs
    assert [run["status"] for run in ui.wait_for(4)] == ["SUCCESS"] * 4
    page.goto(f"{ui.address}/asset-groups")
    page.get_by_text("corpus").first.wait_for()
    picture(page, "graph")

    environment = {**os.environ, "SYNTH_ASSETS_HOME": str(ui.home)}
    command = [sys.executable, "-m", "synth_assets", "status", "--json"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    accepted = {cell["language"]: cell["accepted"] for cell in json.loads(told.stdout)["cells"]}
    # German is not in the recipe: the launch says so and plans nothing
    assert accepted == {"en": 4, "fr": 4}
