"""Operating from Dagster's pages, in a real browser: twelve cells at once, the launchpad, the schedule and its tick."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from synth_assets.home import Home
from synth_assets.stages.steps import work_of_cells
from tests.browsing import LOCATION, browser_page, launch, picture
from tests.conftest import endpoint_process, failed_checks, make_work, recipe_data
from tests.running_ui import RunningUi, running_ui, wait_until
from tests.test_many_cells import most_at_once

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

EXERCISES = ["memorization", "mcq", "math_exercise"]
LANGUAGES = ["en", "fr", "de", "es"]
TICKS = """
query ($selector: ScheduleSelector!) {
  scheduleOrError(scheduleSelector: $selector) {
    ... on Schedule { scheduleState { status ticks(limit: 5) { status skipReason } } }
  }
}
"""


@pytest.fixture
def ui(tmp_path: Path, corpus_template: Path) -> Iterator[RunningUi]:
    home = Home(root=tmp_path / "home")
    shutil.copytree(corpus_template / ".synth", home.data)
    home.prepare()
    with endpoint_process(tmp_path / "state", delay=0.05) as address:
        cells = {name: {"rows": 8, "candidates_per_row": 8} for name in EXERCISES}
        data = recipe_data(address, name="operate", exercises=cells, languages=dict.fromkeys(LANGUAGES, 0.25))
        recipe = home.root / "recipe.yaml"
        recipe.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
        with running_ui(home.root, recipe, SYNTH_ASSETS_SCHEDULE="* * * * *") as running:
            yield running
            assert running.end() == 0


@pytest.fixture
def page() -> Iterator:
    with browser_page() as opened:
        yield opened


def turn_on(page, address: str) -> None:
    page.goto(address)
    switch = page.get_by_role("checkbox").or_(page.get_by_role("switch")).first
    switch.wait_for(state="attached")
    switch.locator("xpath=ancestor-or-self::label | self::*").first.click(force=True)


def test_a_person_launches_twelve_cells_watches_four_at_once_and_turns_the_schedule_on(ui: RunningUi, page) -> None:
    page.goto(f"{ui.address}/asset-groups")
    for group in ("corpus", "generation", "curation", "publication"):
        page.get_by_text(group, exact=True).first.wait_for()
    time.sleep(3)  # the graph draws itself
    picture(page, "ui_groups")
    page.get_by_text("Hide navigation").click()
    page.keyboard.press("Alt+KeyE")  # all groups are opened
    page.get_by_text("quality_scores").first.wait_for()
    time.sleep(3)
    picture(page, "ui_graph")

    launch(page, ui, "cell_round", EXERCISES, LANGUAGES)
    wait_until(lambda: len(ui.runs()) >= 1, 120, lambda: "the backfill launches nothing")
    page.goto(f"{ui.address}/runs")
    wait_until(lambda: sum(run["status"] == "STARTED" for run in ui.runs()) >= 4, 240,
               lambda: "four runs do not go side by side")  # fmt: skip
    page.reload()
    time.sleep(3)
    picture(page, "ui_runs")
    runs = ui.wait_for(12, at_most_s=900)
    assert Counter(run["status"] for run in runs) == {"SUCCESS": 12}
    assert len({run["tags"]["dagster/partition"] for run in runs}) == 12
    assert most_at_once(runs) == 4
    (backfill,) = {run["tags"]["dagster/backfill"] for run in runs}
    page.goto(f"{ui.address}/runs/b/{backfill}")
    page.get_by_text(backfill).first.wait_for()
    time.sleep(3)
    picture(page, "ui_backfill")
    page.goto(f"{ui.address}/assets/samples?view=events")
    page.get_by_text("cell_accepted").first.wait_for()
    time.sleep(3)
    picture(page, "ui_asset")

    home = Home(root=ui.home)
    work = make_work(home, ui.home / "recipe.yaml")
    assert failed_checks(work.warehouse) == {}
    assert not any(left.any for left in work_of_cells(work, work.recipe.cells()).values())

    schedule = f"{ui.address}/{LOCATION}/schedules/backfill"
    turn_on(page, schedule)
    selector = {"repositoryName": "__repository__", "repositoryLocationName": "synth_assets.definitions",
                "scheduleName": "backfill"}  # fmt: skip
    ticks: list[dict] = []

    def ticked() -> bool:
        state = ui.graphql(TICKS, selector=selector)["scheduleOrError"]["scheduleState"]
        ticks[:] = [tick for tick in state["ticks"] if tick["status"] != "STARTED"]
        return bool(ticks)

    wait_until(ticked, 240, lambda: "the schedule does not tick")
    assert ticks[0]["status"] == "SKIPPED"  # nothing is left to do, and it says so
    assert ticks[0]["skipReason"].startswith("target met: memorization|en, ")
    assert len(ui.runs()) == 12
    page.goto(schedule)
    page.get_by_text("One round of every cell").first.wait_for()
    page.get_by_text("Schedule has never run").wait_for(state="hidden")
    time.sleep(3)
    picture(page, "ui_schedule")
