"""The command line. Every command loads what it needs when it is called, so that --help is quick.

Exit codes: 0 done; 1 something named on standard error went wrong, what was finished is kept; 2 wrong usage;
130 interrupted.
"""

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from synth_assets.errors import SynthAssetsError

app = typer.Typer(
    name="synth-assets",
    help="Real articles in, a verified and fully traceable synthetic dataset out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

INTERRUPTED = 130

RecipeOption = Annotated[str, typer.Option("--recipe", help="A packaged recipe or the path of a recipe file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, for programs.")]


def _console() -> Any:
    from rich.console import Console

    # a pipe has no width: 80 would wrap addresses that people copy
    return Console(width=None if sys.stdout.isatty() else 160)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@app.command()
def run(
    exercise: Annotated[list[str] | None, typer.Option(help="Only this exercise; may be given again.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language; may be given again.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Accepted rows each cell should have in all.")] = None,
    recipe: RecipeOption = "starter",
    as_json: JsonOption = False,
) -> None:
    """Make what the recipe asks for; run again, it goes on where it stopped."""
    from rich.console import Console

    from synth_assets.commands.run import print_outcome
    from synth_assets.commands.run import run as run_recipe

    console = Console(stderr=True, width=160 if not sys.stderr.isatty() else None) if as_json else _console()
    outcome = run_recipe(console, recipe_name=recipe, exercises=exercise or (), languages=language or (), rows=rows)
    if as_json:
        stopped = [{"exercise": name, "language": code, "why": why} for (name, code), why in outcome.notes.items()]
        facts = {
            "stopped": stopped,
            "failures": outcome.failures,
            "release": outcome.release,
            "seconds": round(outcome.seconds, 1),
            "runs": outcome.runs,
            "finished_after_s": {title: round(after, 1) for title, after in outcome.marks.items()},
        }
        _print_json({**outcome.status, **facts})
    else:
        print_outcome(console, outcome)
    for failure in outcome.failures:
        print(f"failed: {failure}", file=sys.stderr)
    if outcome.failures:
        raise typer.Exit(1)


@app.command()
def plan(
    recipe: RecipeOption = "starter",
    scale: Annotated[float, typer.Option(min=1e-6, help="So many times what the recipe asks for.")] = 1.0,
    rows: Annotated[int | None, typer.Option(min=1, help="In place of --scale: so many accepted rows in all.")] = None,
    gpus: Annotated[int, typer.Option(min=1, help="GPUs that generate at once.")] = 8,
    gpu_reads: Annotated[float, typer.Option(min=1, help="Prompt tokens that a GPU reads a second.")] = 25_000,
    gpu_writes: Annotated[float, typer.Option(min=1, help="Tokens that a GPU writes a second, all requests.")] = 4_000,
    gpu_usd: Annotated[float, typer.Option(min=0, help="Price of a GPU hour.")] = 2.5,
    as_json: JsonOption = False,
) -> None:
    """Say what the recipe will take before anything is spent: calls, tokens, time, money, GPUs, disk."""
    from synth_assets.commands.plan import as_json as report
    from synth_assets.commands.plan import plan as plan_recipe
    from synth_assets.commands.plan import print_plan
    from synth_assets.stages.capacity import Hardware

    if rows is not None and scale != 1.0:
        raise typer.BadParameter("give --scale or --rows")
    hardware = Hardware(
        prompt_tokens_per_s=gpu_reads, completion_tokens_per_s=gpu_writes, gpus=gpus, usd_per_gpu_hour=gpu_usd
    )
    found, budget, machines = plan_recipe(recipe, scale=scale, rows=rows, hardware=hardware)
    if as_json:
        _print_json(report(found, budget, machines))
    else:
        print_plan(_console(), found, budget, machines)


@app.command()
def release(
    newer: Annotated[
        str | None, typer.Argument(help="With --compare: the other release; the one published last when left out.")
    ] = None,
    recipe: RecipeOption = "starter",
    push: Annotated[
        str | None, typer.Option(help="Upload it to this dataset on the Hugging Face hub, OWNER/NAME, by HF_TOKEN.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="With --push: a dataset that is made now is private.")
    ] = False,
    compare: Annotated[
        str | None, typer.Option(help="Publish nothing; compare this release, a version or a folder, with NEWER.")
    ] = None,
    verify: Annotated[
        str | None, typer.Option(help="Publish nothing; hold the files of this release against its manifest.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Publish the accepted samples as a versioned folder that never changes: data, card, metadata, report."""
    from synth_assets.commands import release as releases

    if sum(value is not None for value in (push, compare, verify)) > 1:
        raise typer.BadParameter("give one of --push, --compare and --verify")
    if newer is not None and compare is None:
        raise typer.BadParameter("stands beside --compare only", param_hint="NEWER")
    if private and push is None:
        raise typer.BadParameter("stands beside --push only", param_hint="--private")
    if compare is not None:
        found = releases.compare(compare, newer)
        if as_json:
            _print_json(dataclasses.asdict(found))
        else:
            print(found.as_text())
    elif verify is not None:
        checked = releases.verify(verify)
        if as_json:
            _print_json(checked)
        else:
            print(
                f"{checked['version']} is as it was released: {checked['files']} files, {checked['samples']:,} samples"
            )
    else:
        from rich.console import Console

        console = Console(stderr=True) if as_json else _console()
        made = releases.publish(console, recipe_name=recipe, push=push, private=private)
        if as_json:
            _print_json(made)
        else:
            releases.print_publication(console, made)


@app.command()
def educational(
    fit: Annotated[bool, typer.Option("--fit", help="Fit a head and save it in this home.")] = False,
    judged: Annotated[
        Path | None,
        typer.Option(help='With --fit: JSON lines {"text", "score" 0 to 5} in place of the judgements here.'),
    ] = None,
    recipe: RecipeOption = "starter",
    as_json: JsonOption = False,
) -> None:
    """Fit the head that says how much a reader learns from a sample, or show the figures of the one that is there."""
    from synth_assets.commands.quality import fit_educational, print_educational, show_educational

    if judged is not None and not fit:
        raise typer.BadParameter("stands beside --fit only", param_hint="--judged")
    facts = fit_educational(recipe, judged) if fit else show_educational(recipe)
    if as_json:
        _print_json(facts)
    else:
        print_educational(_console(), facts)


@app.command()
def status(as_json: JsonOption = False) -> None:
    """Show every cell: what was planned and what became of it."""
    from synth_assets.commands.project import open_home, open_warehouse
    from synth_assets.commands.status import read_status
    from synth_assets.commands.tables import print_totals, status_table

    found = read_status(open_warehouse(open_home()))
    if as_json:
        _print_json(found)
        return
    console = _console()
    console.print(status_table(found))
    print_totals(console, found)


@app.command()
def cost(
    by: Annotated[str, typer.Option(help="exercise, cell, model, day or row.")] = "cell",
    as_json: JsonOption = False,
) -> None:
    """Say what the calls to models took so far: calls, tokens, money."""
    from synth_assets.commands.cost import COSTS, print_costs, read_costs
    from synth_assets.commands.project import open_home, open_warehouse

    if by not in COSTS:
        raise typer.BadParameter(f"{by!r} is none of {', '.join(COSTS)}", param_hint="--by")
    rows = read_costs(open_warehouse(open_home()), by)
    if as_json:
        _print_json(rows)
    else:
        print_costs(_console(), rows, by)


@app.command()
def trace(
    sample: Annotated[str | None, typer.Argument(help="A synth_id, or a candidate id or its beginning.")] = None,
    url: Annotated[str | None, typer.Option(help="What descends from the article at this address.")] = None,
    seed: Annotated[str | None, typer.Option(help="What descends from this revision of an article.")] = None,
    section: Annotated[str | None, typer.Option(help="What descends from this section.")] = None,
    run: Annotated[str | None, typer.Option(help="What this Dagster run planned or made.")] = None,
    prov: Annotated[Path | None, typer.Option(help="Write the sample's lineage here too, as W3C PROV-JSON.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Follow one sample back to its article, or see all that descends from an article, a section or a run."""
    from synth_assets.audit.life import read_descent, read_life
    from synth_assets.commands.project import open_home, open_warehouse
    from synth_assets.commands.trace import print_descent, print_trace

    if sum(value is not None for value in (sample, url, seed, section, run)) != 1:
        raise typer.BadParameter("name one sample, or give one of --url, --seed, --section and --run")
    if prov is not None and sample is None:
        raise typer.BadParameter("is of one sample, which must be named", param_hint="--prov")
    prov = prov and prov.resolve()  # from where the person stands: opening a home leaves that folder
    warehouse = open_warehouse(open_home())
    if sample is None:
        found = read_descent(warehouse, url=url, seed_id=seed, section_id=section, run_id=run)
        printed = print_descent
    else:
        found = read_life(warehouse, sample)
        printed = print_trace
    if prov is not None:
        from synth_assets.audit.lineage import write_lineage

        write_lineage(prov, found)
    if as_json:
        _print_json(found)
    else:
        printed(_console(), found)


@app.command()
def withdraw(
    url: Annotated[str | None, typer.Option(help="An article's address; all its revisions, later ones too.")] = None,
    seed: Annotated[str | None, typer.Option(help="One revision of an article, by its seed id.")] = None,
    licence: Annotated[str | None, typer.Option(help="All articles under a licence, later ones too.")] = None,
    section: Annotated[str | None, typer.Option(help="A section's text, by its id.")] = None,
    candidate: Annotated[str | None, typer.Option(help="One candidate, by its id or its sample's.")] = None,
    reason: Annotated[str, typer.Option(help="Why; cards of later releases say it.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Bring back what was withdrawn.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take something out of the dataset with all that descends from it, for good or until it is undone."""
    given = {"url": url, "seed": seed, "licence": licence, "section": section, "candidate": candidate}
    named = [(scope, value) for scope, value in given.items() if value is not None]
    if len(named) != 1:
        raise typer.BadParameter("give one of --url, --seed, --licence, --section and --candidate")
    if not (undo or reason.strip()):
        raise typer.BadParameter("say why; releases give it beside what they leave out", param_hint="--reason")
    if not (yes or dry_run) and (as_json or not sys.stdin.isatty()):
        raise typer.BadParameter("nobody can be asked here: give --yes, or --dry-run to see what would go")
    from synth_assets.commands import withdraw as withdrawals

    scope, value = named[0]
    if not (yes or dry_run):
        withdrawals.print_withdrawal(_console(), withdrawals.order(scope, value, reason, bring_back=undo, dry_run=True))
        typer.confirm("Do it?", abort=True)
    done = withdrawals.order(scope, value, reason, bring_back=undo, dry_run=dry_run)
    if as_json:
        _print_json(withdrawals.as_json(done))
    else:
        withdrawals.print_withdrawal(_console(), done)


@app.command()
def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the web server on localhost.")] = 3000,
) -> None:
    """Start Dagster's web server and daemon for this folder, and say the address."""
    from synth_assets.commands.ui import serve

    raise typer.Exit(serve(_console(), port))


@app.command()
def audit(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the pages.")] = 8050,
    host: Annotated[
        str, typer.Option(help="Address to serve on; any other than localhost shows all samples to the network.")
    ] = "127.0.0.1",
    dagster: Annotated[str, typer.Option(help="Address of Dagster's UI, for links to runs.")] = "http://localhost:3000",
) -> None:
    """Show the life of every sample as web pages: search, seed beside answer, every call, verdicts, descent."""
    from synth_assets.commands.audit import serve

    serve(_console(), port=port, host=host, dagster=dagster)


@app.command()
def compact(as_json: JsonOption = False) -> None:
    """Write the database anew without the room of rows that are gone, and merge small files of calls."""
    from synth_assets.commands import upkeep

    done = upkeep.compact()
    if as_json:
        _print_json(done)
    else:
        upkeep.print_compacted(_console(), done)


@app.command()
def backup(
    target: Annotated[str, typer.Argument(help="A folder that is not there yet.")], as_json: JsonOption = False
) -> None:
    """Copy database, calls, indexes and releases into a folder, while runs go on."""
    from synth_assets.commands import upkeep

    made = upkeep.backup(target)
    if as_json:
        _print_json(dataclasses.asdict(made))
    else:
        upkeep.print_backup(_console(), made, "backed up to")


@app.command()
def restore(
    folder: Annotated[str, typer.Argument(help="A folder that `synth-assets backup` wrote.")],
    as_json: JsonOption = False,
) -> None:
    """Take the database of a backup; what is here is moved aside, and no recorded call is given up."""
    from synth_assets.commands import upkeep

    found, aside = upkeep.restore_backup(folder)
    if as_json:
        _print_json({**dataclasses.asdict(found), "aside": [dataclasses.asdict(each) for each in aside]})
    else:
        upkeep.print_backup(_console(), found, "restored")
        if aside:
            upkeep.print_troubles(_console(), aside)


@app.command()
def repair(
    backups: Annotated[
        list[str] | None, typer.Option("--backup", help="A backup to take from as well; may be given several times.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Move what is damaged aside and go on from what is durable: the newest sound copy, and every recorded call."""
    from synth_assets.commands import upkeep

    mended = upkeep.repair_home(backups or [])
    if as_json:
        _print_json({"mended": [dataclasses.asdict(each) for each in mended]})
    else:
        upkeep.print_troubles(_console(), mended)


@app.command()
def migrate(
    to: Annotated[str, typer.Option("--to", help="lake (the one that SYNTH_ASSETS_WAREHOUSE names), or file.")],
    as_json: JsonOption = False,
) -> None:
    """Move every row, call and shared file from the home's database to the lake, or back; the source stays as it is."""
    from rich.console import Console

    from synth_assets.commands import migrate as migration

    if to not in migration.DIRECTIONS:
        raise typer.BadParameter(f"{to!r} is none of {', '.join(migration.DIRECTIONS)}", param_hint="--to")
    done = migration.migrate(Console(stderr=True), to)
    if as_json:
        _print_json(dataclasses.asdict(done))
    else:
        migration.print_migration(_console(), done)


seeds_app = typer.Typer(help="What is read for a recipe: add a source, list what was read, show an article, try one.",
                        no_args_is_help=True, pretty_exceptions_enable=False)  # fmt: skip
app.add_typer(seeds_app, name="seeds")

SourceArgument = Annotated[
    str, typer.Argument(help="A file, folder, glob, address (hf://, s3://), a site, or a packaged collection's name.")
]
ReaderOption = Annotated[
    str | None,
    typer.Option(help="structured_contents, documents, rows, code or wikimedia; told from the source when left out."),
]
CollectionOption = Annotated[str | None, typer.Option(help="The name its rows bear; made of the source's by default.")]
LicenceOption = Annotated[str, typer.Option("--license", help="SPDX identifier of what states none of its own.")]
LanguageOption = Annotated[list[str] | None, typer.Option(help="Language, may be given several times; en by default.")]


@seeds_app.command("add")
def seeds_add(
    source: SourceArgument,
    reader: ReaderOption = None,
    collection: CollectionOption = None,
    license: LicenceOption = "",
    language: LanguageOption = None,
    recipe: RecipeOption = "starter",
    as_json: JsonOption = False,
) -> None:
    """Add a source to a recipe file, or give the line to paste where that cannot be done safely."""
    from synth_assets.commands import seeds
    from synth_assets.commands.seed_entry import entry_of

    entry = entry_of(source, reader=reader, collection=collection, license=license, languages=language or [])
    made = seeds.add(entry, recipe)
    if as_json:
        _print_json(made)
    elif made["written"]:
        print(f"added to {made['recipe']}:\n{made['line']}")
    else:
        print(f"paste this under `seeds:` of a recipe file of your own:\n{made['line']}")


@seeds_app.command("list")
def seeds_list(as_json: JsonOption = False) -> None:
    """List what was read: articles, sections, licences, what was left out, when."""
    from synth_assets.commands import seeds

    found = seeds.read_collections()
    if as_json:
        _print_json(found)
    else:
        seeds.print_collections(_console(), found)


@seeds_app.command("show")
def seeds_show(
    article: Annotated[str, typer.Argument(help="An article's id or its beginning, its address, or its title.")],
    as_json: JsonOption = False,
) -> None:
    """Show one article as it is stored, with its sections."""
    from synth_assets.commands import seeds

    found = seeds.read_article(article)
    if as_json:
        _print_json(found)
    else:
        seeds.print_article(_console(), found)


@seeds_app.command("check")
def seeds_check(
    source: SourceArgument,
    reader: ReaderOption = None,
    collection: CollectionOption = None,
    license: LicenceOption = "",
    language: LanguageOption = None,
    first: Annotated[int | None, typer.Option(min=1, help="Read only so many articles.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Read a source without storing it, and say what it would give; exit code 1 when nothing of it can be used."""
    from synth_assets.commands import seeds
    from synth_assets.commands.seed_entry import entry_of

    entry = entry_of(source, reader=reader, collection=collection, license=license, languages=language or [])
    found = seeds.check(entry, first)
    if as_json:
        _print_json(found)
    else:
        seeds.print_check(_console(), found)
    if not found["usable"]:
        raise typer.Exit(1)


@app.command()
def doctor(recipe: RecipeOption = "starter", as_json: JsonOption = False) -> None:
    """Say what is installed, reachable and writable, and what to do about what is not."""
    from synth_assets.commands.doctor import as_json as report
    from synth_assets.commands.doctor import examine

    findings = examine(recipe)
    if as_json:
        _print_json(report(findings))
    else:
        from rich.markup import escape

        console = _console()
        marks = {"ok": "[green]ok[/green]     ", "missing": "[yellow]missing[/yellow]", "failed": "[red]failed[/red] "}
        for item in findings:
            console.print(
                f"{marks[item.verdict]} {escape(item.subject)}: {escape(item.detail)}", highlight=False, soft_wrap=True
            )
    if any(item.verdict == "failed" for item in findings):
        raise typer.Exit(1)


@app.command()
def cluster(
    action: Annotated[str, typer.Argument(help="up, down, status or worker.")],
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="up: workers (2); 0 starts the servers alone. worker: runs side by side (1)."),
    ] = None,
    folder: Annotated[
        str | None, typer.Option(help="Where servers and workers keep their files; by default in the home.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """A cluster on this machine, to try it: PostgreSQL, Redis, an S3 server, Dagster and its workers, up and down.

    "up" prints the settings to export. "worker" is what every machine of a real cluster runs, until it is ended.
    """
    from synth_assets.commands.cluster import (
        as_exports,
        cluster_folder,
        cluster_status,
        end_cluster,
        start_cluster,
        status_line,
    )

    if action == "up":
        settings = start_cluster(cluster_folder(folder), 2 if workers is None else workers)
        if as_json:
            _print_json(settings)
        else:
            print(as_exports(settings))
    elif action == "down":
        ended = end_cluster(cluster_folder(folder))
        if as_json:
            _print_json(ended)
        else:
            print(f"ended: {', '.join(ended)}" if ended else "nothing ran")
    elif action == "status":
        found = cluster_status(cluster_folder(folder))
        if as_json:
            _print_json(found)
        else:
            for server in found:
                print(status_line(server))
    elif action == "worker":
        from synth_assets.commands.celery_worker import work_runs

        raise typer.Exit(work_runs(workers or 1))
    else:
        raise typer.BadParameter(f"{action!r} is none of up, down, status, worker", param_hint="ACTION")


def main() -> None:
    """Entry point: errors written for people are one line and exit code 1."""
    code: Any = 0
    try:
        app()
    except SynthAssetsError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        code = 1
    except SystemExit as ended:
        code = ended.code
        if code == INTERRUPTED:  # typer turns Ctrl-C into this and says nothing
            print("interrupted; what was finished is kept, the next run goes on from there", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    # Nothing is open any more. The interpreter's own way out takes a second with torch in memory, and DuckDB 2.0's
    # bindings, still referred to by then, print a page about leaked references.
    os._exit(code if isinstance(code, int) else int(code is not None))
