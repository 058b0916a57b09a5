import json
import os

import pytest

from synth_assets.errors import RecipeError, SeedError
from synth_assets.recipe import READER_KEYS, parse_recipe
from synth_assets.seeds.base import Seed
from synth_assets.seeds.registry import READERS, choice_of, places_of, reader_of

ARTICLE = {
    "name": "Ada", "url": "https://en.wikipedia.org/wiki/Ada", "version": {"identifier": 7},
    "in_language": {"identifier": "en"}, "license": [{"identifier": "CC-BY-SA-4.0"}],
    "sections": [{"type": "section", "name": "Abstract", "has_parts": [{"type": "paragraph", "value": "Ada wrote."}]}],
}  # fmt: skip


def recipe_of(*entries, **keys):
    return parse_recipe(
        {"name": "t", "seeds": list(entries), "languages": {"en": 1.0}, "exercises": {"memorization": {"rows": 1}},
         "models": {"query": {"model": "embedded"}}, **keys}, "recipe.yaml",
    )  # fmt: skip


def reader(folder, **entry):
    return reader_of(recipe_of({"collection": "mine", "languages": ["en"], **entry}).seeds[0], folder)


def read(folder, **entry):
    made = reader(folder, **entry)
    return [item for file in made.files(("en",)) for item in made.read(file)]


def test_collections_are_registered_under_their_own_names_in_order():
    assert list(READERS) == ["vital_articles", "cookbook", "self_knowledge", "house_recipes"]
    assert [reader.collection for reader in READERS.values()] == list(READERS)


def test_a_file_bears_the_name_of_its_collection():
    for name in ("vital_articles", "self_knowledge", "house_recipes"):
        assert {file.collection for file in READERS[name].files(("en",))} == {name}


def test_an_entry_without_a_reader_is_a_packaged_collection():
    entry = recipe_of({"collection": "self_knowledge", "languages": ["en"]}).seeds[0]
    assert reader_of(entry, None) is READERS["self_knowledge"]
    with pytest.raises(SeedError, match="no packaged reader for collection 'bible'"):
        reader_of(recipe_of({"collection": "bible", "languages": ["en"]}).seeds[0], None)


@pytest.fixture
def sources(tmp_path):
    """A folder with something for every reader of files."""
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "a.ndjson").write_text(json.dumps(ARTICLE), "utf-8")
    (tmp_path / "handbook").mkdir()
    (tmp_path / "handbook" / "one.txt").write_text("A handbook of things.", "utf-8")
    (tmp_path / "web.jsonl").write_text(json.dumps({"text": "Bees live in hives.", "who": "Bob"}), "utf-8")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "m.py").write_text('"""Says hello."""\n\n\ndef hello():\n    return 1\n', "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "entry",
    [
        {"reader": "structured_contents", "path": "wiki"},
        {"reader": "structured_contents", "path": "wiki/*.ndjson"},
        {"reader": "structured_contents", "path": ["wiki/a.ndjson"]},
        {"reader": "documents", "path": "handbook"},
        {"reader": "documents", "path": "handbook/*.txt"},
        {"reader": "documents", "path": ["handbook/one.txt"]},
        {"reader": "rows", "path": "web.jsonl"},
        {"reader": "rows", "path": "*.jsonl"},
        {"reader": "code", "path": "code"},
        {"reader": "code", "path": "**/*.py"},
    ],
    ids=lambda entry: f"{entry['reader']} {entry['path']}",
)
def test_every_reader_reads_a_file_a_folder_and_a_glob(sources, entry):
    (seed,) = read(sources, license="CC BY 4.0", **entry)
    assert isinstance(seed, Seed)
    assert seed.collection == "mine"
    assert seed.license == ("CC-BY-SA-4.0" if entry["reader"] == "structured_contents" else "CC-BY-4.0")


def test_what_an_entry_says_reaches_its_reader(sources):
    (row,) = read(sources, reader="rows", path="web.jsonl", columns={"attribution": "who"}, topic="Nature")
    assert (row.attribution, row.topic, row.license) == ("Bob", "Nature", "unknown")
    assert [item.reason for item in read(sources, reader="rows", path="web.jsonl", filters={"least_words": 9})] == [
        "too_few_words"
    ]
    vital = sources / "vital.json"
    vital.write_text(json.dumps({"Ada": {"level": 5, "topic": "People"}}), "utf-8")
    (article,) = read(sources, reader="structured_contents", path="wiki", vital="vital.json")
    assert (article.level, article.topic) == (5, "People")
    (code,) = read(sources, reader="code", path="code", repository="https://example.org/r", revision="a" * 40)
    assert code.url == "https://example.org/r/blob/HEAD/m.py"
    assert [block.kind for block in code.blocks] == ["paragraph", "heading", "code"]


def test_files_are_named_from_the_folder_that_their_paths_share(sources):
    assert places_of(("wiki", "handbook/*.txt", "s3://bucket/x.parquet"), sources).folder == sources
    assert places_of(("wiki/a.ndjson", "wiki/b*"), sources).folder == sources / "wiki"
    assert places_of(("hf://datasets/x/y.parquet",), sources).folder is None
    names = [file.name for file in reader(sources, reader="documents", path=["handbook", "wiki/*"]).files(("en",))]
    assert names == ["handbook/one.txt", "wiki/a.ndjson"]


@pytest.mark.parametrize("kind", ["structured_contents", "documents", "rows", "code"])
def test_a_path_that_leads_nowhere_is_named(tmp_path, kind):
    for path in ("nowhere", "no*where", ["nowhere", "else"]):
        with pytest.raises(SeedError, match=r"no.?where: there is no such file"):
            read(tmp_path, reader=kind, path=path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("A secret.", "utf-8")
    (tmp_path / "docs").mkdir()
    os.symlink(tmp_path / "secret.txt", tmp_path / "docs" / "link.txt")
    for path in ("docs", "docs/*"):
        (bad,) = read(tmp_path, reader="documents", path=path)
        assert bad.reason.startswith("link_not_followed")


BAD_ENTRIES = {
    "a reader that is none": ({"reader": "books", "path": "x"}, "seeds.0.reader"),
    "no path": ({"reader": "rows"}, "path is missing: reader: rows reads files"),
    "an empty path": ({"reader": "rows", "path": ""}, "seeds.0.path: give a file"),
    "a key of another reader": (
        {"reader": "documents", "path": "x", "columns": {"text": "body"}}, "columns is a key of reader: rows"),
    "a path without a reader": ({"path": "x"}, "path is a key of reader: structured_contents, documents, rows, code"),
    "an unknown column": ({"reader": "rows", "path": "x", "columns": {"txt": "y"}}, "seeds.0.columns.txt: unknown key"),
    "two languages of documents": (
        {"reader": "documents", "path": "x", "languages": ["en", "fr"]}, "languages: reader: documents cannot tell"),
    "documents elsewhere": ({"reader": "documents", "path": "s3://b/x"}, "addresses are for rows and structured"),
    "a level that is none": ({"select": {"levels": [6]}}, "seeds.0.select.levels"),
    "an item that is none": ({"select": {"wikidata": ["Ada"]}}, "seeds.0.select.wikidata"),
    "bounds that cross": ({"select": {"min_words": 5, "max_words": 4}}, "max_words 4 is below min_words 5"),
    "a sample of none": ({"select": {"sample": 0}}, "seeds.0.select.sample"),
    "a site without a name": ({"reader": "wikimedia"}, "site is missing"),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "words"), BAD_ENTRIES.values(), ids=BAD_ENTRIES)
def test_an_entry_that_cannot_be_is_refused_with_its_key(entry, words):
    with pytest.raises(RecipeError) as raised:
        recipe_of({"collection": "mine", "languages": ["en"], **entry})
    assert words in str(raised.value)


def test_two_entries_of_one_collection_and_language_are_refused():
    entry = {"collection": "mine", "reader": "rows", "path": "a", "languages": ["en"]}
    with pytest.raises(RecipeError, match="two entries are collection 'mine' in en"):
        recipe_of(entry, {**entry, "path": "b"})
    assert len(recipe_of(entry, {**entry, "path": "b", "languages": ["fr"]}).seeds) == 2


def test_a_licence_of_the_recipe_s_own_must_be_one_that_is_known(tmp_path):
    with pytest.raises(SeedError, match="mine: license 'ours' is none of SPDX's"):
        reader(tmp_path, reader="rows", path="x.jsonl", license="ours")


def test_where_files_lie_is_no_part_of_the_recipe_s_hash():
    def hash_of(**changes):
        entry = {"collection": "mine", "reader": "structured_contents", "path": "a", "languages": ["en"], **changes}
        return recipe_of(entry).hash

    here = hash_of(vital="here.json", select={"wikidata_file": "here.txt", "levels": [1]})
    assert here == hash_of(path=["b", "c"], vital="there.json", select={"wikidata_file": "there.txt", "levels": [1]})
    assert here != hash_of(select={"levels": [2]})
    assert here != hash_of(tables=True, select={"levels": [1]})


def test_what_a_recipe_wants_of_its_articles_is_told_from_entry_and_recipe(tmp_path):
    (tmp_path / "items.txt").write_text("Q2\n", "utf-8")
    select = {"wikidata": ["Q1"], "wikidata_file": "items.txt", "levels": [2, 1, 2], "min_words": 5}
    entry = {"collection": "vital_articles", "languages": ["en"], "select": select, "attribution": "Us"}
    recipe = recipe_of(entry, forbid_licences=["MIT"], allow_unknown_licence=True)
    choice = choice_of(recipe, recipe.seeds[0], tmp_path)
    assert (choice.wikidata, choice.levels, choice.min_words) == ({"Q1", "Q2"}, (1, 2), 5)
    assert (choice.forbid_licences, choice.allow_unknown_licence, choice.attribution) == (("MIT",), True, "Us")


def test_every_key_of_a_reader_is_a_key_of_an_entry():
    fields = set(type(recipe_of({"collection": "cookbook", "languages": ["en"]}).seeds[0]).model_fields)
    assert frozenset().union(*READER_KEYS.values()) <= fields
