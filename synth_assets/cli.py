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
    exercise: Annotated[str | None, typer.Option(help="Only this exercise.")] = None,
    language: Annotated[str | None, typer.Option(help="Only this language.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Accepted rows each cell should have in all.")] = None,
    recipe: RecipeOption = "starter",
    as_json: JsonOption = False,
) -> None:
    """Make what the recipe asks for; run again, it goes on where it stopped."""
    from rich.console import Console

    from synth_assets.commands.run import print_outcome
    from synth_assets.commands.run import run as run_recipe

    console = Console(stderr=True, width=160 if not sys.stderr.isatty() else None) if as_json else _console()
    outcome = run_recipe(console, recipe_name=recipe, exercise=exercise, language=language, rows=rows)
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
def plan(recipe: RecipeOption = "starter", as_json: JsonOption = False) -> None:
    """Say what the recipe will take before anything is spent: calls, tokens, time, money."""
    from synth_assets.commands.plan import as_json as report
    from synth_assets.commands.plan import plan as plan_recipe
    from synth_assets.commands.plan import print_plan

    found, budget = plan_recipe(recipe)
    if as_json:
        _print_json(report(found, budget))
    else:
        print_plan(_console(), found, budget)


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
    sample: Annotated[str, typer.Argument(help="A synth_id, or a candidate id or its beginning.")],
    as_json: JsonOption = False,
) -> None:
    """Follow one sample back to its article: every step with model, prompt, constraints, verdicts and Dagster run."""
    from synth_assets.commands.project import open_home, open_warehouse
    from synth_assets.commands.trace import print_trace, read_trace

    found = read_trace(open_warehouse(open_home()), sample)
    if as_json:
        _print_json(found)
    else:
        print_trace(_console(), found)


@app.command()
def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the web server on localhost.")] = 3000,
) -> None:
    """Start Dagster's web server and daemon for this folder, and say the address."""
    from synth_assets.commands.ui import serve

    raise typer.Exit(serve(_console(), port))


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
