import pytest

from synth_assets.errors import RecipeError
from synth_assets.exercises import EXERCISES
from synth_assets.languages import LANGUAGES
from synth_assets.recipe import PACKAGED, load_recipe, parse_recipe
from synth_assets.seeds.registry import READERS
from synth_assets.stages.recipes import load_checked_recipe

MINE = """\
name: mine
seeds:
  - {collection: vital_articles, languages: [en]}
languages: {en: 0.6, fr: 0.4}
exercises:
  mcq: {rows: 10}
models:
  query: {model: embedded}
"""
NAMES = sorted(path.stem for path in PACKAGED.glob("*.yaml"))


@pytest.fixture
def load(tmp_path):
    def load_text(text):
        (tmp_path / "mine.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_recipe(str(tmp_path / "mine.yaml"))

    return load_text


@pytest.fixture
def problem(load, tmp_path):
    """What is said of a recipe that cannot be used, after the name of its file."""

    def problem_of(text):
        with pytest.raises(RecipeError) as caught:
            load(text)
        said = str(caught.value)
        assert said.startswith(f"{tmp_path / 'mine.yaml'}:")
        assert "\n" not in said
        return said.removeprefix(f"{tmp_path / 'mine.yaml'}:")

    return problem_of


def recipe(**changes):
    data = {
        "name": "mine",
        "seeds": [{"collection": "vital_articles", "languages": ["en"]}],
        "languages": {"en": 1.0},
        "exercises": {"mcq": {"rows": 10}},
        "models": {"query": {"model": "embedded"}},
    }
    return parse_recipe(data | changes, "mine.yaml")


# --- the packaged ones


def test_the_starter_is_packaged():
    assert "starter" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_packaged_recipe_loads_by_its_name_and_asks_for_what_there_is(name):
    packaged = load_recipe(name)
    assert packaged.name == name
    assert set(packaged.exercises) <= set(EXERCISES)
    assert {entry.collection for entry in packaged.seeds} <= set(READERS)
    assert {language for entry in packaged.seeds for language in entry.languages} <= set(LANGUAGES)
    for plan in packaged.exercises.values():
        assert set(plan.collections or ()) <= {entry.collection for entry in packaged.seeds}


def test_the_starter_needs_no_key_no_network_and_no_money():
    starter = load_recipe("starter")
    for role in ("query", "reasoning", "answer", "judge"):
        entry = starter.models.of(role)
        assert (entry.model, entry.address, entry.api_key_env) == ("embedded", None, None)


def test_a_file_in_the_way_of_a_packaged_name_is_read_and_a_folder_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "starter").mkdir()
    assert load_recipe("starter").name == "starter"
    (tmp_path / "starter").rmdir()
    (tmp_path / "starter").write_text(MINE)
    assert load_recipe("starter").name == "mine"


# --- what is said of a wrong one

ADDED = {
    "an unknown key": ("atempts: 3", "9: atempts: unknown key; remove it or correct its spelling"),
    "a wrong type": ("attempts: many", "9: attempts: Input should be a valid integer, unable to parse string as an"),
    "a number that is too small": ("attempts: 0", "9: attempts: Input should be greater than 0"),
    "a wrong type below": ("\nquality:\n  length:\n    most: high", "12: quality.length.most: Input should be a valid"),
    "a pool of no size": ("pool: -1", "9: pool: Input should be greater than 0"),
    "a pool of another word": ("pool: some", "9: pool: Input should be a valid integer"),
    "a choice that is none": ("encoder: {precision: int4}", "9: encoder.precision: Input should be 'float32' or"),
    "a negative budget": ("budget: {calls: -1}", "9: budget.calls: Input should be greater than or equal to 0"),
    "shares of an axis": (
        "constraints: {query_result: {positive: 0.7}}",
        "9: constraints: query_result: the shares add up to 0.7, they must add up to 1",
    ),
    "a key that stands twice": ("seed: 1\nseed: 2", "10: seed: stands twice; keep one of the two"),
}


@pytest.mark.parametrize(("added", "said"), ADDED.values(), ids=ADDED)
def test_what_is_added_wrongly_is_named_with_file_line_and_key(problem, added, said):
    assert problem(f"{MINE}{added}\n").startswith(said)


REPLACED = {
    "shares that do not add up": ("0.4}", "0.3}", "4: languages: languages: the shares add up to 0.9, they must"),
    "a negative share": ("{en: 0.6, fr: 0.4}", "{en: 1.4, fr: -0.4}", "4: languages: languages: a share is negative"),
    "an unknown language": ("fr:", "xx:", "4: languages: unknown language 'xx'; the grid has en, fr, de, it, es, pl"),
    "no exercises": ("\n  mcq: {rows: 10}", " {}", "5: exercises: Dictionary should have at least 1 item"),
    "rows and passes": ("{rows: 10}", "{rows: 10, passes: 1}", "6: exercises.mcq: give either rows or passes"),
    "neither rows nor passes": ("{rows: 10}", "{}", "6: exercises.mcq: give either rows or passes"),
    "no rows": ("{rows: 10}", "{rows: 0}", "6: exercises.mcq.rows: Input should be greater than 0"),
    "shares of a prior": (
        "{rows: 10}", "{rows: 10, priors: {query_style: {oral: 0.5}}}",
        "6: exercises.mcq: priors.query_style: the shares add up to 0.5, they must add up to 1",
    ),
    "a misspelled key that leaves another missing": (
        "model: embedded", "modle: embedded",
        "8: models.query.modle: unknown key; remove it or correct its spelling (and 1 more problem)",
    ),
    "an address of the embedded model": (
        "embedded", 'embedded, address: "http://x"', "8: models.query: model: embedded has no address",
    ),
    "an address that is none": ("embedded", "m, address: localhost", "8: models.query: address 'localhost' must start"),
    "a file of another model": ("embedded", "m, gguf: x.gguf", "8: models.query: gguf is for model: embedded"),
    "a word where a list belongs": ("[en]", "en", "3: seeds.0.languages: Input should be a valid list"),
    "a name with spaces": ("mine", "My Recipe", "1: name: String should match pattern"),
    "no name": ("name: mine\n", "", " name: is missing"),
    "a key of a list that stands twice": ("[en]}", "[en], collection: x}", "3: seeds.0.collection: stands twice"),
    "a bracket too many": ("0.4}", "0.4}}", "4: is not YAML: expected <block end>, but found '}'"),
    "a tab": ("  mcq", "\tmcq", "6: is not YAML: found character '\\t' that cannot start any token"),
    "an object of Python": ("mine", "!!python/object:os.system x", "1: is not YAML: could not determine a constructor"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), REPLACED.values(), ids=REPLACED)
def test_what_is_written_wrongly_is_named_with_file_line_and_key(problem, old, new, said):
    assert old in MINE
    assert problem(MINE.replace(old, new)).startswith(said)


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "[1, 2]", "- a\n- b", "only words"])
def test_a_file_that_is_no_mapping_is_told_what_to_be(problem, text):
    assert problem(text) == " must be a mapping of keys; see the packaged starter.yaml"


def test_a_file_that_is_no_text_cannot_be_read(problem):
    assert problem(b"\xff\xfe\x00").startswith(" cannot be read: 'utf-8' codec")


@pytest.mark.parametrize("name", ["nothing", "nothing.yaml", "folder/nothing", "starter.yaml"])
def test_a_recipe_that_is_missing_is_named_with_those_there_are(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecipeError) as caught:
        load_recipe(name)
    assert str(caught.value) == f"{name}: there is no such recipe file, and the packaged ones are {', '.join(NAMES)}"


# --- the hash


def test_the_hash_is_of_what_the_recipe_says_and_not_of_how(load):
    written = load(MINE).hash
    lines = MINE.splitlines(keepends=True)
    assert load("# a comment\n" + MINE.replace("name: mine", "name:  'mine'  # its name")).hash == written
    assert load("".join(lines[4:] + lines[:4])).hash == written
    assert load(MINE.replace("{en: 0.6, fr: 0.4}", "\n  fr: 0.4\n  en: 0.6")).hash == written
    assert load(MINE + "attempts: 3\n").hash == written, "a default that is written out"


@pytest.mark.parametrize(
    ("old", "new"),
    [("rows: 10", "rows: 11"), ("mcq", "rag"), ("0.6, fr: 0.4", "0.5, fr: 0.5"), ("embedded", "m"), ("mine", "other")],
)
def test_the_hash_is_another_when_the_recipe_says_something_else(load, old, new):
    assert load(MINE).hash != load(MINE.replace(old, new)).hash


def test_a_key_never_stands_in_a_recipe(load):
    entry = "{model: m, api_key_env: SOME_KEY}"
    with_key = load(MINE.replace("{model: embedded}", entry))
    assert with_key.models.query.api_key_env == "SOME_KEY"
    with pytest.raises(RecipeError, match=r"8: models\.query\.api_key: unknown key"):
        load(MINE.replace("{model: embedded}", "{model: m, api_key: abc}"))


def test_a_recipe_loads_and_hashes_alike_whatever_the_environment_holds(load, monkeypatch):
    text = MINE.replace("{model: embedded}", "{model: m, api_key_env: SOME_KEY}")
    monkeypatch.delenv("SOME_KEY", raising=False)
    without = load(text)
    monkeypatch.setenv("SOME_KEY", "a secret")
    assert load(text).hash == without.hash
    assert "a secret" not in load(text).model_dump_json()


# --- rows and cells

EIGHT = {"en": 0.808, "fr": 0.032, "de": 0.032, "it": 0.032, "es": 0.032, "pl": 0.032, "nl": 0.016, "la": 0.016}


@pytest.mark.parametrize("shares", [{"en": 1.0}, {"en": 0.4, "fr": 0.3, "es": 0.3}, EIGHT, {"en": 0.5, "la": 0.5}])
@pytest.mark.parametrize("rows", [8, 9, 10, 11, 30, 97, 1000, 12_345])
def test_the_rows_of_the_cells_are_the_rows_of_the_exercise(shares, rows):
    asked = recipe(languages=shares, exercises={"mcq": {"rows": rows}})
    cells = {language: asked.rows_of_cell("mcq", language) for language in shares}
    assert sum(cells.values()) == rows
    assert min(cells.values()) >= 1
    if rows >= 97:
        assert all(abs(cells[language] - rows * share) < 1 for language, share in shares.items())


CELLS = {
    "largest remainders first": ({"en": 0.4, "fr": 0.3, "es": 0.3}, 11, {"en": 5, "fr": 3, "es": 3}),
    "equal remainders in the recipe's order": ({"en": 0.5, "fr": 0.5}, 5, {"en": 3, "fr": 2}),
    "everyone gets a row at the cost of the largest": ({"en": 0.9, "fr": 0.05, "es": 0.05}, 10,
                                                       {"en": 8, "fr": 1, "es": 1}),
    "a row given before is a remainder used": ({"en": 0.455, "fr": 0.455, "es": 0.09}, 10,
                                               {"en": 5, "fr": 4, "es": 1}),
    "fewer rows than languages": ({"en": 0.4, "fr": 0.3, "es": 0.3}, 2, {"en": 1, "fr": 1, "es": 1}),
    "a share of nothing": ({"en": 1.0, "fr": 0.0}, 10, {"en": 10, "fr": 0}),
}  # fmt: skip


@pytest.mark.parametrize(("shares", "rows", "cells"), CELLS.values(), ids=CELLS)
def test_rows_go_to_languages_by_their_shares(shares, rows, cells):
    asked = recipe(languages=shares, exercises={"mcq": {"rows": rows}})
    assert {language: asked.rows_of_cell("mcq", language) for language in shares} == cells


def test_an_exercise_may_be_asked_in_some_of_the_languages_only():
    exercises = {"mcq": {"rows": 10, "languages": ["en", "es"]}, "rag": {"rows": 10}}
    asked = recipe(languages={"en": 0.6, "fr": 0.2, "es": 0.2}, exercises=exercises)
    assert {language: asked.rows_of_cell("mcq", language) for language in ("en", "fr", "es")} == {
        "en": 8, "fr": 0, "es": 2,
    }  # fmt: skip
    assert asked.cells() == [("mcq", "en"), ("mcq", "es"), ("rag", "en"), ("rag", "fr"), ("rag", "es")]


def test_an_exercise_cannot_be_asked_in_a_language_that_the_recipe_does_not_have():
    with pytest.raises(RecipeError, match=r"exercises\.mcq\.languages: pl is not among the recipe's languages"):
        recipe(languages={"en": 1.0}, exercises={"mcq": {"rows": 10, "languages": ["en", "pl"]}})


def test_cells_that_are_not_asked_for_have_no_rows_and_passes_are_not_counted_in_rows():
    asked = recipe(exercises={"mcq": {"rows": 10}, "rag": {"passes": 2}})
    assert asked.rows_of_cell("mcq", "fr") == 0
    assert asked.rows_of_cell("memorization", "en") == 0
    assert asked.rows_of_cell("rag", "en") is None


def test_the_cells_are_in_the_recipes_order():
    asked = recipe(languages={"fr": 0.5, "en": 0.5}, exercises={"rag": {"rows": 4}, "mcq": {"rows": 2}})
    assert asked.cells() == [("rag", "fr"), ("rag", "en"), ("mcq", "fr"), ("mcq", "en")]


def test_the_priors_of_an_exercise_go_before_the_recipes():
    asked = recipe(
        constraints={"query_style": {"oral": 1.0}, "complexity": {"simple": 1.0}},
        exercises={"mcq": {"rows": 1, "priors": {"query_style": {"direct": 1.0}}}, "rag": {"rows": 1}},
    )
    assert asked.priors("mcq") == {"query_style": {"direct": 1.0}, "complexity": {"simple": 1.0}}
    assert asked.priors("rag") == asked.priors("textbook") == asked.constraints


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({}, {"query": "q", "reasoning": "q", "answer": "q", "judge": "q"}),
        ({"reasoning": "r"}, {"query": "q", "reasoning": "r", "answer": "q", "judge": "q"}),
        ({"answer": "a"}, {"query": "q", "reasoning": "q", "answer": "a", "judge": "a"}),
        ({"answer": "a", "judge": "j"}, {"query": "q", "reasoning": "q", "answer": "a", "judge": "j"}),
    ],
)
def test_a_role_that_is_left_out_falls_back(given, roles):
    models = recipe(models={role: {"model": model} for role, model in ({"query": "q"} | given).items()}).models
    assert {role: models.of(role).model for role in roles} == roles


# --- how quality is judged


def test_weights_a_threshold_a_judge_and_a_head_are_left_to_the_defaults_unless_said():
    found = recipe()
    assert (found.quality_weights, found.composite_threshold, found.judge, found.educational) == ({}, None, None, None)
    assert found.exercises["mcq"].keep_best is None


def test_a_judge_sees_a_share_or_all():
    assert recipe(judge={"sample": 0.1}).judge.share == 0.1
    assert recipe(judge={"sample": "all", "least": 7}).judge.share == 1.0
    assert recipe(judge={"sample": "all"}).judge.least == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("judge: {sample: 0}", "judge.sample"),
        ("judge: {sample: 1.5}", "judge.sample"),
        ("judge: {sample: some}", "judge.sample"),
        ("judge: {}", "judge.sample"),
        ("judge: {sample: all, least: 11}", "judge.least"),
        ("judge: {sample: all, model: big}", "judge.model"),
        ("judge: {sample: all}\nquality: {judge: {min_total: 5}}", "leave the second out"),
        ("quality_weights: {relevance: -1}", "quality_weights.relevance"),
        ("quality_weights: {relevance: .inf}", "quality_weights.relevance"),
        ("quality_weights: {relevance: much}", "quality_weights.relevance"),
        ("composite_threshold: 1.1", "composite_threshold"),
        ("educational: [1]", "educational"),
    ],
)
def test_what_quality_cannot_be_judged_by_is_refused_with_its_key(problem, text, said):
    assert said in problem(MINE + text + "\n")


def test_the_best_of_a_cell_are_one_at_least(problem):
    assert "keep_best" in problem(MINE.replace("mcq: {rows: 10}", "mcq: {rows: 10, keep_best: 0}"))


def test_a_weight_of_no_scorer_is_refused_when_the_recipe_is_held_against_what_there_is(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(MINE + "quality_weights: {charm: 1}\n", "utf-8")
    with pytest.raises(RecipeError, match=r"mine.yaml: quality_weights.charm: no such scorer"):
        load_checked_recipe(str(path))
