"""`synth-assets seeds`: what a source would give, what was read, and a recipe that gains a line and loses nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from synth_assets.cli import app
from synth_assets.errors import RecipeError, SeedError
from synth_assets.recipe import load_recipe
from synth_assets.stages.corpus import cut_sections, read_seeds
from synth_assets.stages.recipes import load_checked_recipe
from tests.conftest import make_work
from tests.test_corpus import BROKEN, article, prose, section, write

RECIPE = """\
# my recipe
name: mine
seeds:
    - collection: self_knowledge   # what it knows of itself
      languages: [en]
      # and no more

# shares
languages: {en: 1.0}
exercises:
  memorization: {rows: 1}  # "one"
models: {query: {model: embedded}}
"""


def seeds(*arguments: str, code: int = 0) -> Any:
    """What `synth-assets seeds` prints as JSON."""
    made = CliRunner().invoke(app, ["seeds", *arguments, "--json"], catch_exceptions=False)
    assert made.exit_code == code, made.output
    return json.loads(made.stdout)


def said(*arguments: str, code: int = 0) -> str:
    """What it prints for people."""
    made = CliRunner().invoke(app, ["seeds", *arguments], catch_exceptions=False)
    assert made.exit_code == code, made.output
    return made.stdout


@pytest.fixture
def folder(home, tmp_path, monkeypatch) -> Path:
    """The folder that a person stands in, with a recipe and articles."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(home.root))
    (tmp_path / "recipe.yaml").write_text(RECIPE, "utf-8")
    write(
        tmp_path / "data" / "a.ndjson",
        article("Ada", 1, section("References", "A book.")),
        b"{broken",
        article("Bob", license=None),
        article("Karl", in_language={"identifier": "de"}),
        article("Copy", sections=article("Ada")["sections"]),
    )
    return tmp_path


def test_check_says_what_a_source_would_give_and_stores_nothing(folder, home):
    found = seeds("check", "data/a.ndjson")
    assert (found["collection"], found["reader"], found["files"]) == ("a", "structured_contents", 1)
    assert (found["articles"], found["sections"], found["titles"]) == (2, 2, ["Ada", "Copy"])
    assert found["words"] > 100
    assert (found["languages"], found["licences"]) == ({"en": 2}, {"CC-BY-SA-4.0": 2})
    assert found["refused_sections"] == {"exact_copy": 2}
    assert found["left_out"] == {"unknown_licence": 1}
    assert found["dropped"] == {
        "other_language: articles in de": 1, "apparatus_section: sections called references": 1,
    }  # fmt: skip
    assert found["bad_records"] == {"not_json": 1}
    (place,) = found["places"]
    assert (place["source"], place["record"]) == ("a.ndjson", "line 2")
    assert found["usable"]
    assert found["whole"]
    assert not home.database.exists()


def test_check_says_it_to_people_too(folder):
    text = said("check", "data", "--reader", "structured_contents")
    assert "read as structured_contents: 1 files, 2 articles" in text
    assert "a.ndjson line 2: not_json" in text
    assert "first titles: Ada; Copy" in text


def test_check_of_the_first_articles_says_that_there_are_more(folder):
    found = seeds("check", "data/a.ndjson", "--first", "1")
    assert (found["articles"], found["whole"]) == (1, False)


def test_check_says_what_to_do_about_an_unknown_licence(folder):
    (folder / "notes.txt").write_text(prose("notes"), "utf-8")
    assert "--license" in said("check", "notes.txt", code=1)
    assert "--license" not in said("check", "notes.txt", "--license", "MIT")


def test_check_ends_with_1_where_nothing_can_be_used(folder):
    write(folder / "page.ndjson", b"<html>502 Bad Gateway</html>")
    found = seeds("check", "page.ndjson", "--reader", "structured_contents", code=1)
    assert (found["articles"], found["usable"], found["bad_records"]) == (0, False, {"markup_page": 1})
    assert "nothing here can be used" in said("check", "page.ndjson", "--reader", "rows", code=1)


@pytest.mark.parametrize(("content", "reason", "source", "record"), BROKEN.values(), ids=BROKEN)
def test_check_of_a_broken_file_names_file_and_line_and_counts_the_good_rest(folder, content, reason, source, record):
    data = content()
    (folder / "a.ndjson").write_bytes(data)
    holds_good = b"Good" in data or data[:2] in (b"\x1f\x8b", b"PK")
    found = seeds("check", "a.ndjson", "--reader", "structured_contents", code=0 if holds_good else 1)
    (place,) = found["places"]
    assert (place["source"], place["record"], place["reason"].partition(":")[0]) == (source, record, reason)
    assert found["titles"] == (["Good"] if holds_good else [])


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("rows.jsonl", json.dumps({"text": prose("row")}), "rows"),
        ("rows.csv", f"text\n{prose('csv')}\n", "rows"),
        ("notes.txt", prose("notes"), "documents"),
        ("m.py", f'"""{prose("code")}"""\n', "code"),
        ("docs/one.txt", prose("one"), "documents"),
        ("src/m.py", f'"""{prose("code")}"""\n', "code"),
        ("dumps/rows.jsonl", json.dumps({"text": prose("row")}), "rows"),
    ],
)
def test_what_a_source_is_is_told_from_it(folder, name, content, reader):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content, "utf-8")
    found = seeds("check", name.partition("/")[0], "--license", "MIT")
    assert (found["reader"], found["articles"], found["licences"]) == (reader, 1, {"MIT": 1})


def test_a_glob_is_what_its_first_file_is(folder):
    for number in range(2):
        (folder / f"dump_{number}.jsonl").write_text(json.dumps({"text": prose(f"row {number}")}), "utf-8")
    found = seeds("check", "dump_*.jsonl", "--license", "MIT")
    assert (found["reader"], found["files"], found["articles"]) == ("rows", 2, 2)


def test_a_packaged_collection_is_checked_by_its_name(folder):
    found = seeds("check", "self_knowledge")
    assert (found["reader"], found["articles"]) == ("self_knowledge", 20)


def test_a_source_that_nobody_can_tell_is_refused(folder):
    (folder / "x.bin").write_bytes(b"\0")
    (folder / "empty").mkdir()
    for source, words in (
        ("x.bin", "say --reader"), ("en.wikibooks.org", "say --reader"), ("nowhere.jsonl", "there is no such file or"),
        ("no/where", "there is no such file or"), ("empty", "there is no file in this folder"),
        ("*.jsonl", "no file bears such a name"),
    ):  # fmt: skip
        with pytest.raises(SeedError, match=words):
            seeds("check", source)
    with pytest.raises(SeedError, match="there is no such file"):
        seeds("check", "nowhere.parquet")
    with pytest.raises(SeedError, match="there is no reader 'books'"):
        seeds("check", "x.bin", "--reader", "books")


def test_add_appends_a_line_and_leaves_every_other_as_it_was(folder):
    made = seeds("add", "data", "--reader", "structured_contents", "--license", "CC-BY-SA-4.0", "--recipe",
                 "recipe.yaml", "--language", "en", "--language", "de", "--collection", "wiki")  # fmt: skip
    assert made["written"]
    after = (folder / "recipe.yaml").read_text("utf-8")
    line = f"    {made['line']}\n"
    assert after == RECIPE.replace("      languages: [en]\n", f"      languages: [en]\n{line}")
    entry = load_recipe("recipe.yaml").seeds[-1]
    assert (entry.collection, entry.path, entry.languages) == ("wiki", ("data",), ["en", "de"])
    assert load_checked_recipe("recipe.yaml").seeds[-1].path == (str(folder / "data"),)
    with pytest.raises(RecipeError, match="two entries are collection 'wiki'"):
        seeds("add", "data", "--reader", "structured_contents", "--collection", "wiki", "--recipe", "recipe.yaml")
    assert (folder / "recipe.yaml").read_text("utf-8") == after


@pytest.mark.parametrize(
    "listed",
    [
        "seeds: [{collection: self_knowledge, languages: [en]}]\n",
        "seeds:\n- {collection: self_knowledge, languages: [en]}\n",
        "seeds:\n- collection: self_knowledge\n  languages:\n  - en\n",
        "seeds:\n  - collection: self_knowledge\n    languages: [en]\n    attribution: |\n      us\n      all\n",
        "seeds: &s\n  - {collection: self_knowledge, languages: [en]}",
    ],
)
def test_add_writes_where_it_can_and_else_gives_the_line_to_paste(folder, listed):
    rest = {key: value for key, value in yaml.safe_load(RECIPE).items() if key != "seeds"}
    before = yaml.safe_dump(rest) + listed
    (folder / "recipe.yaml").write_text(before, "utf-8")
    made = seeds("add", "data/a.ndjson", "--recipe", "recipe.yaml")
    after = (folder / "recipe.yaml").read_text("utf-8")
    if "seeds: [" in listed:
        assert (made["written"], after) == (False, before)
        return
    assert made["written"]
    data = yaml.safe_load(after)
    assert data.pop("seeds") == [*yaml.safe_load(before)["seeds"], yaml.safe_load(made["line"])[0]]
    assert data == rest


def test_add_to_a_packaged_recipe_gives_the_line_to_paste(folder):
    made = seeds("add", "data/a.ndjson")
    assert not made["written"]
    (entry,) = yaml.safe_load(made["line"])
    assert entry == {"collection": "a", "reader": "structured_contents", "path": "data/a.ndjson", "languages": ["en"]}
    assert "paste this under `seeds:`" in said("add", "data/a.ndjson")


def test_add_refuses_what_is_not_there(folder):
    with pytest.raises(SeedError, match="there is no such file"):
        seeds("add", "nowhere.parquet", "--recipe", "recipe.yaml")
    assert (folder / "recipe.yaml").read_text("utf-8") == RECIPE


@pytest.fixture
def project(folder, home) -> Path:
    """A home in which the articles were read and cut."""
    seeds("add", "data/a.ndjson", "--collection", "wiki", "--recipe", "recipe.yaml")
    work = make_work(home, folder / "recipe.yaml")
    read_seeds(work)
    cut_sections(work)
    return folder


def test_list_and_show_tell_what_was_read(project):
    found = seeds("list")
    wiki = next(row for row in found["collections"] if row["collection"] == "wiki")
    assert (wiki["files"], wiki["articles"], wiki["sections"], wiki["left_out"], wiki["bad_records"]) == (1, 2, 2, 1, 1)
    assert wiki["licences"] == ["CC-BY-SA-4.0"]
    assert {(row["collection"], row["reason"], row["seeds"]) for row in found["left_out"]} == {
        ("wiki", "unknown_licence", 1)
    }
    assert "CC-BY-SA-4.0" in said("list")

    shown = seeds("show", "https://en.wikipedia.org/wiki/Ada#Life")
    assert (shown["title"], shown["license"], shown["is_current"]) == ("Ada", "CC-BY-SA-4.0", True)
    assert [part["heading_path"] for part in shown["sections"]] == [[], ["Life"]]
    assert shown["blocks"][0] == {"kind": "paragraph", "text": prose("Ada lead"), "level": 0, "anchor": ""}
    assert seeds("show", shown["seed_id"][:12])["seed_id"] == seeds("show", "Ada")["seed_id"] == shown["seed_id"]
    text = said("show", "Ada")
    assert "attribution: Wikipedia contributors, https://en.wikipedia.org/" in text
    assert prose("Ada life") in text


def test_show_of_what_was_not_stored_says_why(project):
    with pytest.raises(SeedError, match="'Bob'; it was left out: unknown_licence"):
        seeds("show", "Bob")
    with pytest.raises(SeedError, match=r"no article that was read has the id, address or title \"'; drop table"):
        seeds("show", "'; drop table seed_corpus; --")


def test_list_in_a_new_home_says_that_nothing_was_read(folder):
    assert "nothing was read yet" in said("list")
    assert seeds("list") == {"collections": [], "left_out": []}
