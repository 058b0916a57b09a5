"""The audit as a web application: search, one sample's whole life, a run, an article.

Every page has an address of its own, which can be kept and linked to: `/` with what is sought behind the question
mark, `/sample/<synth_id or candidate id>`, `/run/<run_id>`, `/article/<seed_id>`. Each reads the warehouse in one or
two short transactions and keeps nothing. NiceGUI serves them, with all that they need lying on this machine.
"""

import asyncio
import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from nicegui import Client, html, ui
from starlette.types import ASGIApp

from synth_assets.audit.life import read_life
from synth_assets.audit.page_guard import LOCAL_HOSTS, Guard
from synth_assets.audit.page_parts import link, outside_link, put
from synth_assets.audit.page_provenance import show_article, show_run
from synth_assets.audit.page_sample import show_sample
from synth_assets.audit.page_search import show_search
from synth_assets.audit.search import Totals, find_candidates, read_rows, read_search
from synth_assets.errors import SynthAssetsError, UnknownSample, WarehouseBusy
from synth_assets.warehouse import Warehouse

# relatives beyond these are in the JSON, and counted
MOST_SHOWN = 40
_FILES = Path(__file__).parent
_TIMEOUT_S = 120.0


def build_app(warehouse: Warehouse, *, dagster: str, hosts: Collection[str] | None = LOCAL_HOSTS) -> ASGIApp:
    """The application; one a process, as NiceGUI has it.

    Args:
        warehouse: what is read.
        dagster: address of Dagster's web server, for links to runs.
        hosts: host names that requests may bear; None for any.
    """
    dagster = dagster.rstrip("/")
    app = FastAPI(title="synth-assets audit", docs_url=None, redoc_url=None, openapi_url=None)
    totals = Totals(warehouse)

    @app.get("/audit.css")
    def style() -> Response:
        return FileResponse(_FILES / "page.css", media_type="text/css", headers={"Cache-Control": "no-cache"})

    @app.get("/audit.js")
    def script() -> Response:
        return FileResponse(_FILES / "page.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @app.get("/sample/{name}/json")
    def sample_json(name: str) -> Response:
        try:
            life = read_life(warehouse, name)
        except SynthAssetsError as error:
            return Response(str(error), status_code=_status(error), media_type="text/plain; charset=utf-8")
        text = json.dumps(life, ensure_ascii=False, indent=2, default=str)
        file = f"{life['candidate']['candidate_id']}.json"
        return Response(
            text, media_type="application/json", headers={"Content-Disposition": f'attachment; filename="{file}"'}
        )

    def page(path: str) -> Any:
        return ui.page(path, api_router=app.router, response_timeout=_TIMEOUT_S, dark=None, language="en-US")

    @page("/")
    async def search_page(request: Request, client: Client) -> None:
        asked = read_search(request.query_params.multi_items())
        with _frame(client, dagster, f"{asked.text or 'Samples'} - audit"):
            read = await _read(client, lambda: (find_candidates(warehouse, asked), totals.read()))
            if read:
                show_search(asked, *read)

    @page("/sample/{name}")
    async def sample_page(name: str, client: Client) -> None:
        def both() -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
            life = read_life(warehouse, name)
            return life, _read_others(warehouse, life)

        with _frame(client, dagster, f"{name} - audit"):
            read = await _read(client, both)
            if read:
                show_sample(*read, dagster)

    @page("/run/{run_id}")
    async def run_page(run_id: str, request: Request, client: Client) -> None:
        asked = replace(read_search(request.query_params.multi_items()), run_id=run_id)
        with _frame(client, dagster, f"Run {run_id[:8]} - audit"):
            read = await _read(
                client, lambda: (warehouse.read("audit/search_run", run_id=run_id), find_candidates(warehouse, asked))
            )
            if read:
                show_run(run_id, *read, asked, dagster)

    @page("/article/{seed_id}")
    async def article_page(seed_id: str, request: Request, client: Client) -> None:
        asked = replace(read_search(request.query_params.multi_items()), seed_id=seed_id)

        def all_of_it() -> tuple[Any, ...]:
            with warehouse.reading("reading an article") as open_:
                revisions = open_.rows("audit/search_article", seed_id=seed_id)
                sections = open_.rows("audit/search_sections", seed_id=seed_id)
            if not revisions:
                raise UnknownSample(f"{seed_id!r} is not the id of any article")
            return revisions, sections, find_candidates(warehouse, asked)

        with _frame(client, dagster, "Article - audit"):
            read = await _read(client, all_of_it)
            if read:
                client.title = f"{read[0][0]['title']} - audit"
                show_article(*read, asked)

    ui.run_with(app, title="synth-assets audit", dark=None, tailwind=False, show_welcome_message=False)
    return Guard(app, hosts)


class _frame:
    """What stands around every page: styles, the way to the search, and to Dagster."""

    def __init__(self, client: Client, dagster: str, title: str) -> None:
        client.title = title
        ui.add_head_html('<link rel="stylesheet" href="/audit.css"><script defer src="/audit.js"></script>')
        link("Skip to the page", "#page", "skip")
        with put(html.header, classes="top"):
            link("synth-assets audit", "/", "brand")
            outside_link("Dagster", dagster)
        self._main = put(html.main, classes="main", id="page", tabindex=-1)

    def __enter__(self) -> None:
        self._main.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._main.__exit__(*error)


async def _read(client: Client, read: Any) -> Any:
    """What `read` gives, read beside the server's own work; an error is told on the page, and None given."""
    try:
        return await asyncio.to_thread(read)
    except SynthAssetsError as error:
        client.status_code = _status(error)
        put(html.h1, {404: "Not found", 503: "Busy"}.get(client.status_code, "It cannot be read"), "page-title")
        put(html.p, str(error), "wrap")
        if client.status_code == 503:
            put(html.p, "A run is writing. Load this page again in a moment.", "note")
        return None


def _status(error: SynthAssetsError) -> int:
    return 404 if isinstance(error, UnknownSample) else 503 if isinstance(error, WarehouseBusy) else 500


def _read_others(warehouse: Warehouse, life: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The candidates that stand beside this one: keeper, copies, siblings, what it replaces or gave way to."""
    verdict = life["duplicates"]
    wanted = {
        "keeper": [verdict["keeper_id"]] if verdict and verdict["keeper_id"] else [],
        "copies": [item["candidate_id"] for item in life["duplicates_of_it"][:MOST_SHOWN]],
        "siblings": [item["candidate_id"] for item in life["siblings"][:MOST_SHOWN]],
        "replaces": [life["replaces"]["candidate_id"]] if life["replaces"] else [],
        "replaced_by": [item["candidate_id"] for item in life["replaced_by"][:MOST_SHOWN]],
    }
    everybody = sorted(set().union(*wanted.values()) - {life["candidate"]["candidate_id"]})
    if not everybody:
        return {name: [] for name in wanted}
    with warehouse.reading("reading what stands beside a sample") as open_:
        found = read_rows(open_, open_.rows("audit/search_planned", candidate_ids=everybody))
    rows = {row["candidate_id"]: row for row in found}
    return {name: [rows[each] for each in ids if each in rows] for name, ids in wanted.items()}
