"""The house in order: what stands where, who may import whom, and that nothing is an orphan."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import synth_assets
from synth_assets.exercises import EXERCISES
from synth_assets.generation import DRIVER_REFUSALS
from synth_assets.home import project_file
from synth_assets.prompts import PROMPT_ROOT
from synth_assets.quality.verdict import SCORERS
from synth_assets.warehouse import columns, grain, sql, table_names

PACKAGE = Path(synth_assets.__file__).parent
ROOT = PACKAGE.parent
SQL = project_file("sql")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

# Imports go down this list or stay on their floor, never up.
FLOORS = (
    ("errors", "identity", "languages", "letters", "home", "machine", "extensions", "cluster"),
    ("prompts", "recipe", "notation"),
    ("exercises", "seeds", "quality", "calls", "embedded", "encoder", "vector_index", "benchmark_files"),
    ("planning", "generation", "models", "sharing", "reading", "warehouse", "lake", "release"),
    ("stages", "audit"),
    ("partitions", "defs"),
    ("definitions",),
    ("commands",),
    ("cli", "__main__"),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
PURE = ("exercises", "seeds", "quality")
OUTSIDE = {"dagster", "dagster_duckdb", "duckdb", "litellm", "aiohttp"}


def room(module):
    """The first part of a module's name below the package; the package itself is on no floor."""
    return module.split(".")[1] if "." in module else None


@cache
def tree(module):
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def imports(module):
    """Every module that a module imports, at its top or later."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            below = {f"{node.module}.{alias.name}" for alias in node.names} & set(MODULES)
            found.update(below or {node.module})
    return found


def own_imports(module):
    return sorted(name for name in imports(module) if name in MODULES and name != "synth_assets")


def literals(module, *called):
    """The first argument, or the argument `name`, of every call of these names that is a literal."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called:
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "name")]
            for value in given:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


@cache
def texts(module):
    """Every text that stands in a module's code."""
    return {node.value for node in ast.walk(tree(module)) if isinstance(node, ast.Constant)
            and isinstance(node.value, str)}  # fmt: skip


@cache
def patterns(module):
    """The f-strings of a module that begin like a path, with a value standing for anything but a slash."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if parts[0] and re.match(r"[a-z_]+/", parts[0]):
                found.add("".join("[^/]+" if part is None else re.escape(part) for part in parts))
    return tuple(re.compile(pattern) for pattern in sorted(found))


def names_it(module, name):
    return name in texts(module) or any(pattern.fullmatch(name) for pattern in patterns(module))


def module_of(exercise):
    return type(exercise).__module__


# --- modules


@pytest.mark.parametrize("module", [name for name in MODULES if room(name)])
def test_every_module_has_its_floor_and_imports_go_down(module):
    assert room(module) in FLOOR, f"say in FLOORS where {room(module)} stands"
    up = [name for name in own_imports(module) if FLOOR[room(name)] > FLOOR[room(module)]]
    assert up == []


def test_no_two_modules_import_each_other():
    order = list(TopologicalSorter({module: own_imports(module) for module in MODULES}).static_order())
    assert set(order) == set(MODULES)


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in PURE])
def test_exercises_seeds_and_scorers_know_no_engine_no_database_and_no_endpoint(module):
    assert {name.split(".")[0] for name in imports(module)} & OUTSIDE == set()


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("duckdb", {"extensions", "reading", "warehouse", "lake"}),
        ("dagster_duckdb", {"warehouse"}),
        ("litellm", {"models"}),
        ("aiohttp", {"models"}),
        ("dagster", {"defs", "definitions", "partitions", "commands"}),
    ],
)
def test_one_module_only_speaks_to_each_thing_outside(library, rooms):
    users = {room(module) for module in MODULES if library in {name.split(".")[0] for name in imports(module)}}
    assert users <= rooms


@pytest.mark.parametrize("module", [name for name, path in MODULES.items() if path.name == "__init__.py"])
def test_package_files_are_empty_but_the_registrys(module):
    assert module == "synth_assets.exercises" or MODULES[module].read_text("utf-8") == ""


@pytest.mark.parametrize("module", [name for name, path in MODULES.items() if path.name != "__init__.py"])
def test_every_module_says_what_it_is_for(module):
    assert ast.get_docstring(tree(module))


@pytest.mark.parametrize("path", [*MODULES.values(), *sorted((ROOT / "tests").rglob("*.py"))], ids=str)
def test_no_module_is_named_for_being_left_over(path):
    assert not set(path.stem.split("_")) & {"utils", "util", "helpers", "helper", "common", "misc"}


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_left_to_do(module):
    text = MODULES[module].read_text("utf-8")
    assert not re.search(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b", text)


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) == "defs"])
def test_parameters_that_dagster_reads_are_no_strings(module):
    assert "__future__" not in imports(module)


# --- SQL


@pytest.mark.parametrize("table", table_names())
def test_every_table_says_its_grain_and_what_each_column_is(table):
    assert re.fullmatch(r"One row per .+\.", grain(table))
    body = sql(f"tables/{table}").split("(", 1)[1].rsplit(")", 1)[0].strip().splitlines()
    assert len(columns(table)) == len(body), "a line of this table is no `name type [not null], -- description`"
    assert all(column.description for column in columns(table))


@pytest.mark.parametrize("path", sorted(SQL.rglob("*.sql")), ids=lambda path: str(path.relative_to(SQL)))
def test_every_statement_is_used(path):
    name = str(path.relative_to(SQL).with_suffix(""))
    if name.startswith(("tables/", "checks/", "migrations/")):  # whatever stands there is run
        return
    users = [module for module in MODULES if names_it(module, name)]
    assert users, f"nobody runs sql/{name}.sql"
    # where only a pattern names it, the rest of its name must be a table's, or a word of the module that runs it
    if not any(name in texts(module) for module in users):
        rest = re.sub(r"^(append|insert|count|preview|open|trace)_", "", path.stem)
        assert rest in table_names() or any(rest in texts(module) for module in users)


@pytest.mark.parametrize("path", sorted((SQL / "checks").glob("*/*.sql")), ids=lambda path: path.parent.name)
def test_every_check_is_of_a_table(path):
    assert path.parent.name in table_names()


@pytest.mark.parametrize("module", MODULES)
def test_a_statement_that_is_named_is_there(module):
    named = {text for text in texts(module) if re.fullmatch(r"(transforms|audit|views|checks)/[a-z_/]*[a-z]", text)}
    assert {name for name in named if not (SQL / f"{name}.sql").is_file()} == set()


# --- prompts and exercises

TEMPLATES = sorted(str(path.relative_to(PROMPT_ROOT).with_suffix("")) for path in PROMPT_ROOT.rglob("*.jinja"))
EXERCISE_MODULES = [module for module in MODULES if module.startswith("synth_assets.exercises.")]
# a scorer that asks a model has a folder of prompts, as an exercise has
ASKING_SCORERS = {name for name in SCORERS if (PROMPT_ROOT / name).is_dir()}
# and of what is asked about seeds
ASKING_SEEDS = {"domains"}


def user_of(folder):
    """The module whose prompts stand in a folder."""
    room = "quality" if folder in ASKING_SCORERS else "seeds" if folder in ASKING_SEEDS else "exercises"
    return f"synth_assets.{room}.{folder}"


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_used_by_its_exercise_or_scorer(template):
    folder = template.split("/")[0]
    # what stands right under prompts/ is for all exercises to include
    others = PROMPT_ROOT.glob("*/*.jinja" if folder == template else f"{folder}/*.jinja")
    included = any(f"{template}.jinja" in path.read_text("utf-8") for path in others)
    assert included or names_it(user_of(folder), template)


@pytest.mark.parametrize("module", [*EXERCISE_MODULES, *map(user_of, sorted(ASKING_SCORERS | ASKING_SEEDS))])
def test_every_template_that_is_named_is_there(module):
    folders = {template.split("/")[0] for template in TEMPLATES}
    named = {text for text in texts(module) if re.fullmatch(r"[a-z_]+/[a-z_]*[a-z]", text)}
    named = {text for text in named if text.split("/")[0] in folders} | set(literals(module, "render", "template_hash"))
    assert named - set(TEMPLATES) == set()
    for pattern in patterns(module):
        # an f-string with an @ is no name but an id, of a name and a hash
        if pattern.pattern.split("/")[0] in folders and "@" not in pattern.pattern:
            assert any(pattern.fullmatch(template) for template in TEMPLATES), pattern.pattern


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_every_exercise_has_its_file_its_prompts_its_test_and_its_line_in_the_readme(exercise):
    assert EXERCISES[exercise.name] is exercise
    assert module_of(exercise) == f"synth_assets.exercises.{exercise.name}"
    asks = any(isinstance(node, ast.Yield) for node in ast.walk(tree(module_of(exercise))))
    assert (PROMPT_ROOT / exercise.name).is_dir() or not asks
    assert (ROOT / "tests" / "exercises" / f"test_{exercise.name}.py").is_file()
    assert re.search(rf"\b{exercise.name}\b", (ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("folder", sorted(path.name for path in PROMPT_ROOT.iterdir() if path.is_dir()))
def test_every_folder_of_prompts_is_of_an_exercise_a_scorer_or_seeds(folder):
    assert folder in {*EXERCISES, *ASKING_SCORERS, *ASKING_SEEDS}


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_every_exercise_says_who_it_is(exercise):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", exercise.name)
    assert exercise.label
    assert exercise.source
    assert exercise.version >= 1
    assert type(exercise).__doc__
    assert exercise.duplicate_rule.family
    assert exercise.uses_section or exercise.templates()


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_every_reason_an_exercise_can_refuse_with_is_declared(exercise):
    reasons = set(literals(module_of(exercise), "Refused", "Check"))
    assert reasons - exercise.refusals - DRIVER_REFUSALS == set()
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", reason) for reason in exercise.refusals)


@pytest.mark.parametrize("scorer", SCORERS)
def test_every_scorer_has_its_file_and_its_test(scorer):
    assert f"synth_assets.quality.{scorer}" in MODULES
    assert (ROOT / "tests" / "quality" / f"test_{scorer}.py").is_file()
