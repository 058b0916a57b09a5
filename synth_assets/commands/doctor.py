"""`synth-assets doctor`: what is installed, reachable and writable, each with what to do about it."""

import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any, Literal

from synth_assets.commands.project import open_warehouse
from synth_assets.embedded import packaged_model
from synth_assets.encoder import packaged_folder
from synth_assets.errors import SynthAssetsError
from synth_assets.home import Home
from synth_assets.lake.warehouse import SETTING
from synth_assets.recipe import ModelEntry, SeedCollection
from synth_assets.seeds.registry import reader_of
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.upkeep import look
from synth_assets.warehouse import RemoteFiles

DISTRIBUTIONS = (
    "dagster", "dagster-webserver", "dagster-duckdb", "duckdb", "polars", "litellm", "torch", "sentence-transformers",
    "faiss-cpu", "xllamacpp",
)  # fmt: skip
NEEDED_FREE_BYTES = 2 * 2**30
READ_BYTES = 4 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. "missing" is something optional that is not there; "failed" stops a run."""

    subject: str
    verdict: Literal["ok", "missing", "failed"]
    detail: str


def examine(recipe_name: str) -> list[Finding]:
    """Look at everything a run of this recipe needs; nothing is changed and no model is asked."""
    findings = [Finding(subject="python", verdict="ok", detail=sys.version.split()[0])]
    for name in DISTRIBUTIONS:
        findings.append(_distribution(name))
    findings += [_try("packaged language model", packaged_model), _try("packaged encoder", packaged_folder)]
    home = Home.find()
    findings.append(_writable(home))
    findings += _warehouse(home)
    try:
        recipe = load_checked_recipe(recipe_name)
    except SynthAssetsError as error:
        return [*findings, Finding(subject="recipe", verdict="failed", detail=str(error))]
    findings.append(Finding(subject="recipe", verdict="ok", detail=f"{recipe.name} {recipe.hash[:12]}"))
    for entry in recipe.seeds:
        found = _try(f"seeds {entry.collection}", lambda entry=entry: _seed_files(home, entry))
        if found.verdict == "failed" and entry.optional:
            found = Finding(subject=found.subject, verdict="missing", detail=found.detail)
        findings.append(found)
    models = {role: recipe.models.of(role) for role in ("query", "reasoning", "answer", "judge")}
    for entry in dict.fromkeys(models.values()):
        roles = ", ".join(role for role, of_role in models.items() if of_role == entry)
        findings.append(_model(entry, roles))
    return findings


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """The findings for programs: {"ok": bool, "findings": [{"subject", "verdict", "detail"}]}."""
    return {"ok": all(item.verdict != "failed" for item in findings), "findings": [asdict(item) for item in findings]}


def _distribution(name: str) -> Finding:
    try:
        return Finding(subject=name, verdict="ok", detail=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(subject=name, verdict="failed", detail="is not installed; run the README's install line again")


def _try(subject: str, look: Any) -> Finding:
    try:
        return Finding(subject=subject, verdict="ok", detail=str(look()))
    except SynthAssetsError as error:
        return Finding(subject=subject, verdict="failed", detail=str(error))


def _seed_files(home: Home, entry: SeedCollection) -> str:
    reader = reader_of(entry, home.root, RemoteFiles(), cache_folder=home.data / "wikimedia")
    names = [file.name for file in reader.files(tuple(entry.languages))]
    return f"{', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}"


def _writable(home: Home) -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=home.root):
            free = shutil.disk_usage(home.root).free
    except OSError as error:
        return Finding(subject="home", verdict="failed", detail=f"{home.root} cannot be written: {error.strerror}")
    detail = f"{home.root}, {free / 2**30:.0f} GiB free"
    if free < NEEDED_FREE_BYTES:
        return Finding(subject="home", verdict="failed", detail=f"{detail}; a run needs about 2")
    return Finding(subject="home", verdict="ok", detail=detail)


def _warehouse(home: Home) -> list[Finding]:
    """The home's database and what is damaged of it, or the lake that the environment names."""
    try:
        warehouse = open_warehouse(home)
        found = [Finding(subject=subject, verdict="ok", detail=text) for subject, text in warehouse.facts().items()]
    except SynthAssetsError as error:
        found = [Finding(subject="warehouse", verdict="failed", detail=str(error))]
        if os.environ.get(SETTING):
            return found
    else:
        if warehouse.own_backups:  # files of this home are not what it stands on
            return found
    return found + _durable(home)


def _durable(home: Home) -> list[Finding]:
    """What is damaged or half written of database and calls; the database is read to its end where that is quick."""
    if home.database.exists() and home.database.stat().st_size > READ_BYTES:
        detail = f"larger than {READ_BYTES / 2**30:.0f} GiB, not read to its end; `synth-assets repair` does that"
        return [Finding(subject="damage", verdict="ok", detail=detail)]
    try:
        with open_warehouse(home).locked("looking for damage"):
            troubles = look(home)
    except SynthAssetsError as error:
        return [Finding(subject="damage", verdict="failed", detail=str(error))]
    return [
        Finding(
            subject="left behind" if trouble.harmless else "damage",
            verdict="ok" if trouble.harmless else "failed",
            detail=f"{trouble.subject}: {trouble.found}; {trouble.remedy}",
        )
        for trouble in troubles
    ]


def _model(entry: ModelEntry, roles: str) -> Finding:
    subject = f"model {entry.model} ({roles})"
    if entry.model == "embedded":
        if entry.gguf is not None and not entry.gguf.is_file():
            return Finding(subject=subject, verdict="failed", detail=f"{entry.gguf}: there is no such file")
        return Finding(subject=subject, verdict="ok", detail=str(entry.gguf or "the packaged model"))
    if entry.address is None:
        return Finding(subject=subject, verdict="ok", detail="through litellm; asked at the first call")
    try:
        with urllib.request.urlopen(f"{entry.address.rstrip('/')}/models", timeout=5) as reply:
            return Finding(subject=subject, verdict="ok", detail=f"{entry.address} answers ({reply.status})")
    except urllib.error.HTTPError as error:
        # it answers, which is what is asked here; whether it takes the key shows at the first call
        return Finding(subject=subject, verdict="ok", detail=f"{entry.address} answers ({error.code})")
    except OSError as error:
        reason = getattr(error, "reason", error)
        return Finding(subject=subject, verdict="failed", detail=f"{entry.address}: nobody answers there ({reason})")
