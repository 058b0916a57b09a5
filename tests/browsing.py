"""Chromium at Dagster's pages, for the browser tests."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.running_ui import RunningUi

LOCATION = "locations/synth_assets.definitions"


@contextmanager
def browser_page() -> Iterator[Any]:
    """A page of Debian's Chromium."""
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


def launch(page: Any, ui: RunningUi, job: str, *partitions: list[str]) -> None:
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
            page.wait_for_load_state("networkidle")  # the list is drawn anew, and closed, when its figures come in
            chooser.first.click()
            for name in names:
                page.get_by_role("menuitem", name=re.compile(rf"^{name}\b")).click()
            page.keyboard.press("Escape")
        page.get_by_role("button", name="Launch").click()


def picture(page: Any, name: str) -> None:
    """A screenshot into SYNTH_ASSETS_PICTURES, where somebody wants to look."""
    folder = os.environ.get("SYNTH_ASSETS_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")
