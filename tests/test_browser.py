"""A person at Dagster's UI, in a real browser: `pytest -m browser` (needs Chromium and the extra `browser`)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import browser_page, launch, picture
from tests.running_ui import RunningUi, running_ui

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RECIPE = """
name: browser
seeds: [{collection: self_knowledge, languages: [en]}]
languages: {en: 0.5, fr: 0.5}
exercises: {math_exercise: {rows: 8}}
models: {query: {model: embedded}}
"""


@pytest.fixture
def ui(tmp_path: Path) -> Iterator[RunningUi]:
    recipe = tmp_path / "browser.yaml"
    recipe.write_text(RECIPE)
    with running_ui(tmp_path, recipe) as running:
        yield running
        assert running.end() == 0


@pytest.fixture
def page() -> Iterator:
    with browser_page() as opened:
        yield opened


def test_a_person_reads_seeds_launches_cells_and_sees_what_came_of_them(ui: RunningUi, page) -> None:
    launch(page, ui, "ingest")
    assert [run["status"] for run in ui.wait_for(1)] == ["SUCCESS"]

    launch(page, ui, "cell_round", ["math_exercise"], ["fr"])
    assert [run["status"] for run in ui.wait_for(2)] == ["SUCCESS"] * 2

    page.goto(f"{ui.address}/assets/samples")
    page.get_by_text("One row per accepted candidate, as it is published.").first.wait_for()
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
