"""A person at the audit's pages, in a real browser: `pytest -m browser` (needs Chromium and the extras
`audit` and `browser`)."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets.home import Home
from tests.audit.planted_audit import ANSWER, HOSTILE, plant_audit
from tests.conftest import start_synth_assets

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SAMPLE = "memorization_en_" + "a" * 16


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root: Path = tmp_path_factory.mktemp("audited")
    home = Home(root=root)
    home.prepare()
    plant_audit(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = start_synth_assets(root, "audit", "--port", str(port))
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}" in process.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.fixture
def page(address: str) -> Iterator:
    """A browser's page; it fails the test for a script's error, and for a request to any other host."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "install Chromium to run the browser tests (Debian: apt install chromium)"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        opened = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        opened.set_default_timeout(30_000)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        own = (address, address.replace("http", "ws"), "data:")
        opened.on("request", lambda asked: None if asked.url.startswith(own) else complaints.append(asked.url))
        yield opened
        browser.close()
    assert complaints == []


def picture(page, name: str) -> None:
    """A screenshot into SYNTH_ASSETS_PICTURES, where somebody wants to look."""
    folder = os.environ.get("SYNTH_ASSETS_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")


def no_text_was_run(page) -> bool:
    return page.evaluate("window.hacked === undefined && !document.querySelector('#page img, #page script')")


def test_a_person_searches_opens_a_sample_and_walks_to_its_article_and_its_run(page, address):
    page.goto(address)
    page.get_by_role("textbox", name="Text of query, answer or seed").fill("unicorns")
    page.keyboard.press("Enter")
    page.get_by_text("1 to 3 of 3 candidates").wait_for()
    assert page.url == f"{address}/?text=unicorns"
    picture(page, "audit_found")

    page.get_by_role("combobox", name="Refused because").click()
    page.get_by_role("option", name="ungrounded (1)").click()
    page.get_by_text("1 to 1 of 1 candidate,").wait_for()
    assert page.url == f"{address}/?text=unicorns&reason=ungrounded"
    page.get_by_role("navigation", name="States").get_by_role("link", name="accepted").click()
    page.get_by_text("1 to 1 of 1 candidate,").wait_for()

    page.locator(".hit-query").click()
    page.get_by_role("heading", name=SAMPLE).wait_for()
    assert page.url == f"{address}/sample/{SAMPLE}"
    assert page.title() == f"{SAMPLE} - audit"
    assert no_text_was_run(page)
    picture(page, "audit_life")

    page.locator("#the-seed").get_by_role("link", name="Arkona").click()
    page.get_by_text("1 to 5 of 5 candidates").wait_for()
    assert page.url == f"{address}/article/seed-1"
    assert no_text_was_run(page)

    page.go_back()
    page.locator("#versions").get_by_role("link", name="run-a").first.click()
    page.get_by_role("heading", name="Candidates it planned").wait_for()
    assert page.url == f"{address}/run/run-a"
    dagster = page.get_by_role("link", name="This run in Dagster").get_attribute("href")
    assert dagster == "http://localhost:3000/runs/run-a"


def test_a_sentence_lights_the_sentence_of_the_seed_that_bears_it(page, address):
    page.goto(f"{address}/sample/{SAMPLE}")
    seed = page.locator("#p1")
    seed.wait_for()
    assert "lit" not in seed.get_attribute("class")
    page.locator("#a1").hover()
    assert "lit" in seed.get_attribute("class")
    page.get_by_role("heading", name=SAMPLE).hover()
    assert "lit" not in seed.get_attribute("class")
    page.locator("#a1 a.place").focus()  # by the keyboard, too
    assert "lit" in seed.get_attribute("class")
    assert page.locator("#a2.weak").count() == 1


def test_untrusted_texts_stand_letter_by_letter(page, address):
    page.goto(f"{address}/sample/{SAMPLE}")
    page.locator("#the-answer .prose").wait_for()
    for folded in page.locator("details").all():
        folded.evaluate("element => element.open = true")
    assert page.get_by_text("The answer as it was written").count() == 1
    shown = [text for text in page.locator(".prose, pre").all_inner_texts() if HOSTILE in text]
    # query, answer as written, seed by sentences is split; trace, payload, two prompts of calls with their replies
    assert len(shown) >= 5
    assert ANSWER in shown
    assert no_text_was_run(page)
    assert page.locator('a[href^="javascript"]').count() == 0


def test_everything_about_a_sample_is_downloaded_as_json(page, address):
    page.goto(f"{address}/sample/{SAMPLE}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything about it as JSON").click()
    assert download.value.suggested_filename == "a" * 64 + ".json"


@pytest.mark.parametrize("width", [800, 1280])
@pytest.mark.parametrize("path", ["/", f"/sample/{SAMPLE}", "/article/seed-1", "/run/run-a"])
def test_no_page_is_wider_than_its_window(page, address, path, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}{path}")
    page.locator("h1").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_the_first_sample(page, address):
    page.goto(address)
    page.locator("h1").wait_for()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Text of query, answer or seed"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className").startswith("hit-query"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/sample/**")
