import gzip
import json
import os

import pyarrow
import pytest
from pyarrow import parquet

from synth_assets.errors import SeedError
from synth_assets.identity import rng_of
from synth_assets.seeds.archives import Limits
from synth_assets.seeds.base import BadSeed, Block, Dropped, Seed, SourceFile
from synth_assets.seeds.sections import LEAST_LEAD_WORDS, LEAST_WORDS, MOST_WORDS, split_sections
from synth_assets.seeds.structured_contents import MOST_REPORTS, REFUSALS, StructuredContents, Vital

LICENSE = [{"identifier": "CC-BY-SA-4.0", "url": "https://creativecommons.org/licenses/by-sa/4.0/"}]


def paragraph(text):
    return {"type": "paragraph", "value": text, "links": [{"url": "https://en.wikipedia.org/wiki/X", "text": "x"}]}


def section(name, *parts):
    return {"type": "section", "name": name, "has_parts": list(parts)}


def article(name="Ada", version=7, **changes):
    record = {
        "name": name,
        "identifier": 12,
        "abstract": "An abstract.",
        "version": {"identifier": version},
        "url": f"https://en.wikipedia.org/wiki/{name}",
        "is_part_of": {"identifier": "enwiki"},
        "in_language": {"identifier": "en"},
        "license": LICENSE,
        "sections": [section("Abstract", paragraph(f"{name} wrote.")), section("Life", paragraph("She lived."))],
    }
    return record | changes


def write(folder, *records, name="a.ndjson"):
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    (folder / name).write_bytes(b"\n".join(lines))


def read(folder, *paths, language="en", **settings):
    reader = StructuredContents(paths or ("a.ndjson",), base=folder, **settings)
    return [item for file in reader.files((language,)) for item in reader.read(file)]


def text_of(seed):
    return [(block.level, block.text) for block in seed.blocks]


def test_an_article_becomes_a_seed_with_its_headings(tmp_path):
    inner = section("Youth", paragraph("Young."), {"type": "list", "has_parts": [
        {"type": "list_item", "value": "One", "has_parts": [{"type": "list", "has_parts": [
            {"type": "list_item", "value": "Deeper"}]}]},
        {"type": "list_item", "value": "Two"}]})  # fmt: skip
    write(tmp_path, article(sections=[
        section("Abstract", paragraph("Lead.")), section("Life", inner, paragraph("Own text, told last.")),
        section("Work") | {"anchor": "Her_work"}, section("Notes on engines", paragraph("Engines.")),
    ]))  # fmt: skip
    (seed,) = read(tmp_path)
    assert (seed.collection, seed.language, seed.title) == ("structured_contents", "en", "Ada")
    assert (seed.url, seed.license, seed.revision) == ("https://en.wikipedia.org/wiki/Ada", "CC-BY-SA-4.0", "7")
    assert seed.blocks == (
        Block(kind="paragraph", text="Lead."),
        Block(kind="heading", text="Life", level=1),
        Block(kind="paragraph", text="Own text, told last."),
        Block(kind="heading", text="Youth", level=2),
        Block(kind="paragraph", text="Young."),
        Block(kind="list_item", text="One"),
        Block(kind="list_item", text="Deeper"),
        Block(kind="list_item", text="Two"),
        Block(kind="heading", text="Work", level=1, anchor="Her_work"),
        Block(kind="heading", text="Notes on engines", level=1),
        Block(kind="paragraph", text="Engines."),
    )


def test_the_same_file_gives_the_same_sections_with_their_heading_paths_twice(tmp_path):
    deep = section("Life", section("Youth", paragraph("word " * 60)))
    write(tmp_path, article(sections=[section("Abstract", paragraph("lead " * 30)), deep]))
    first, second = ([split_sections(seed) for seed in read(tmp_path)] for _ in range(2))
    assert first == second
    assert [(part.heading_path, part.url) for part in first[0]] == [
        ((), "https://en.wikipedia.org/wiki/Ada"),
        (("Life", "Youth"), "https://en.wikipedia.org/wiki/Ada#Youth"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"sections": "absent", "article_sections": article()["sections"]},
        {"sections": None, "article_sections": article()["sections"]},
        {"in_language": "absent", "inLanguage": {"identifier": "en"}},
        {"in_language": None},
        {"in_language": "absent", "is_part_of": "absent"},
        {"in_language": "en"},
        {"sections": json.dumps(article()["sections"])},
        {"sections": [part | {"has_parts": json.dumps(part["has_parts"])} for part in article()["sections"]]},
        {"sections": [part | {"has_parts": part["has_parts"][0]} for part in article()["sections"]]},
        {"license": LICENSE[0]},
        {"license": json.dumps(LICENSE)},
        {"license": [None, {"url": "http://creativecommons.org/licenses/by-sa/4.0/deed.en"}]},
        {"url": "https://en.wikipedia.org/wiki/Ada#Life"},
        {"url": "absent"},
        {"url": "https:.Ada"},
        {"name": None},
        {"version": {"identifier": "7"}},
        {"abstract": None, "identifier": None, "main_entity": None, "references": None, "tables": None},
        {"sections": [None, 5, *article()["sections"], {"type": "image", "value": "A portrait"}]},
    ],
)
def test_every_spelling_of_an_article_gives_the_same_seed(tmp_path, changes):
    write(tmp_path, article(), name="plain.ndjson")
    write(tmp_path, {key: value for key, value in (article() | changes).items() if value != "absent"})
    assert read(tmp_path) == read(tmp_path, "plain.ndjson")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b'{"name": "cut', "not_json: unexpected end of data at byte 14 of the line"),
        (b'{"name": "a\x00"}', "not_json: unexpected control character in string at byte 12 of the line"),
        (b'{"name": "caf\xe9"}', "not_utf8: byte 14 of the line"),
        (b"[1, 2]", "not_an_object: the line is a list"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested_too_deeply: depth limit exceeded"),
        (article(url=None, is_part_of=None), "no_url"),
        (article(url="file:///etc/passwd", is_part_of=None), "url_not_web"),
        (article(url="https://en.wikipedia.org/w/index.php?title=Ada&action=edit&redlink=1"), "red_link"),
        (article(in_language=None, is_part_of=None, url="https://example.org/Ada"), "no_language"),
        (article() | {"name": None, "url": "https://en.wikipedia.org/"}, "no_title"),
        (article(abstract=None, sections=[section("Life", section("Youth"))]), "no_text"),
        (article(abstract="", sections=None), "no_text"),
        (article(sections="[{"), "unreadable_parts"),
        (article(sections=[section("Life") | {"has_parts": "[1"}]), "unreadable_parts"),
    ],
)
def test_a_bad_line_is_reported_with_its_place_and_the_rest_is_read(tmp_path, record, reason):
    write(tmp_path, article("One"), b"", record, article("Two"))
    one, bad, two = read(tmp_path)
    assert (bad.source, bad.record) == ("a.ndjson", "line 3")
    assert bad.reason.startswith(reason)
    assert bad.reason.partition(":")[0] in REFUSALS
    assert (one.title, two.title) == ("One", "Two")


def test_sections_nested_ten_thousand_deep_are_refused_even_inside_strings(tmp_path):
    start, end = b'{"type":"section","name":"x","has_parts":[', b"]}"
    deep = b'{"name":"Deep","sections":[' + start * 10_000 + end * 10_000 + b"]}"
    fairly = section("x", paragraph("text"))
    for _ in range(150):
        fairly = section("x", fairly)
    write(tmp_path, deep, article(sections=[fairly]), article("Good"))
    first, second, good = read(tmp_path)
    assert [bad.reason.split(":")[0] for bad in (first, second)] == ["nested_too_deeply"] * 2
    assert good.title == "Good"


def test_a_line_of_many_megabytes_is_passed_over(tmp_path):
    write(tmp_path, article("One"), b'{"name": "' + b"x" * 3_000_000 + b'"}', article("Two"))
    one, bad, two = read(tmp_path, limits=Limits(line_bytes=100_000))
    assert bad == BadSeed(source="a.ndjson", record="line 2", reason="line_too_long: more than 100000 bytes")
    assert (one.title, two.title) == ("One", "Two")


def test_the_highest_version_wins_wherever_it_stands(tmp_path):
    write(tmp_path, article(version=5), article("Bob", 2), article(version=9), article(version=8), article("Bob", 2))
    found = read(tmp_path)
    assert [(seed.title, seed.revision) for seed in found if isinstance(seed, Seed)] == [("Bob", "2"), ("Ada", "9")]
    assert found[2:] == [Dropped(source="a.ndjson", what="records", reason="older_version", count=3)]


def test_a_newer_version_that_was_cut_does_not_hide_the_whole_one(tmp_path):
    write(tmp_path, article(version=5), json.dumps(article(version=9)).encode()[:-9])
    seed, bad = read(tmp_path)
    assert seed.revision == "5"
    assert bad.reason.startswith("not_json")


def test_an_abstract_that_holds_all_other_sections_leaves_their_headings_at_the_top(tmp_path):
    nested = section("Abstract", section("Abstract", paragraph("Lead.")), section("Life", paragraph("She lived.")))
    write(tmp_path, article(sections=[nested, section("Abstract", paragraph("Of a paper."))]))
    (seed,) = read(tmp_path)
    assert text_of(seed) == [(0, "Lead."), (1, "Life"), (0, "She lived."), (1, "Abstract"), (0, "Of a paper.")]


def test_the_lead_is_put_first_and_the_abstract_stands_in_for_a_missing_one(tmp_path):
    life, lead = section("Life", paragraph("She lived.")), section("Abstract", paragraph("Lead."))
    write(tmp_path, article("One", sections=[life, lead]), article("Two", sections=[life]))
    one, two = read(tmp_path)
    assert text_of(one) == [(0, "Lead."), (1, "Life"), (0, "She lived.")]
    assert text_of(two) == [(0, "An abstract."), (1, "Life"), (0, "She lived.")]


def test_a_section_without_a_name_adds_to_what_stands_before_it(tmp_path):
    nameless = {"type": "section", "has_parts": [paragraph("No name.")]}
    write(tmp_path, article("One", sections=[nameless, section("Life", paragraph("L."), nameless)]))
    (seed,) = read(tmp_path)
    assert text_of(seed) == [(0, "No name."), (1, "Life"), (0, "L."), (0, "No name.")]


def test_artefacts_are_taken_out_and_nothing_else(tmp_path):
    raw = ["Born in \ufeffParis .", "One , two . Three", "a .5 mm . . . and\x00 more", "non\u00a0breaking ; stays"]
    write(tmp_path, article(sections=[section("Abstract", *map(paragraph, raw))]))
    (seed,) = read(tmp_path)
    assert [block.text for block in seed.blocks] == [
        "Born in Paris.", "One, two. Three", "a .5 mm . . . and more", "non\u00a0breaking ; stays",
    ]  # fmt: skip


def test_lists_of_sources_are_left_out_and_counted_unless_asked_for(tmp_path):
    tail = [section("References", section("Books", paragraph("A book."))), section("See also", paragraph("Other."))]
    write(tmp_path, article(sections=[*article()["sections"], *tail]), article("Bob", sections=tail[:1]))
    ada, bob, *counted = read(tmp_path)
    assert text_of(ada) == [(0, "Ada wrote."), (1, "Life"), (0, "She lived.")]
    assert text_of(bob) == [(0, "An abstract.")]
    assert [(dropped.count, dropped.what, dropped.reason) for dropped in counted] == [
        (2, "sections called references", "apparatus_section"),
        (1, "sections called see also", "apparatus_section"),
    ]
    ada, bob = read(tmp_path, apparatus=True)
    assert text_of(ada)[-2:] == [(1, "See also"), (0, "Other.")]
    assert text_of(bob)[-2:] == [(2, "Books"), (0, "A book.")]


def test_infoboxes_and_tables_become_text_when_asked(tmp_path):
    born = {"type": "field", "name": "Born", "value": "1815", "has_parts": [{"type": "field", "value": "1815"}]}
    known = {"type": "field", "name": "Known for", "values": ["Notes", "Programs"]}
    box = {"type": "infobox", "name": "Person", "has_parts": [{"type": "image"}, section("Life", born, known)]}
    cells = [[{"value": "1843"}, {"value": "Notes"}], [{"value": ""}, "Letters"], [None]]
    table = {"caption": "Works", "headers": [[{"value": "Year"}, {"value": "Work"}]], "rows": cells}
    write(tmp_path, article(infoboxes=[box, "junk"], tables=json.dumps([table, {"rows": 3}])))
    write(tmp_path, article(infobox=box | {"has_parts": json.dumps(box["has_parts"])}), name="b.ndjson")
    (seed,) = read(tmp_path)
    assert len(seed.blocks) == 3
    (seed,) = read(tmp_path, infoboxes=True, tables=True)
    assert text_of(seed)[3:] == [
        (1, "Person"), (0, "Born: 1815"), (0, "Known for: Notes; Programs"),
        (1, "Works"), (0, "Year: 1843; Work: Notes"), (0, "Work: Letters"),
    ]  # fmt: skip
    (seed,) = read(tmp_path, "b.ndjson", infoboxes=True)
    assert text_of(seed)[3:] == [(1, "Person"), (0, "Born: 1815"), (0, "Known for: Notes; Programs")]


def test_the_vital_list_gives_level_and_topic_and_cuts_level_five_to_the_lead(tmp_path):
    write(tmp_path, article("One"), article("Two"), article("Three"))
    vital = {"One": Vital(level=3, topic="People"), "Two": Vital(level=5, topic="Arts")}
    one, two, three = read(tmp_path, vital=vital)
    assert [(seed.level, seed.topic, len(seed.blocks)) for seed in (one, two, three)] == [
        (3, "People", 3), (5, "Arts", 1), (None, "", 3),
    ]  # fmt: skip


def test_a_license_given_for_the_collection_stands_in_for_a_missing_one_only(tmp_path):
    write(tmp_path, article("One", license=None), article("Two"))
    assert [seed.license for seed in read(tmp_path, license="CC-BY-4.0")] == ["CC-BY-4.0", "CC-BY-SA-4.0"]


@pytest.mark.parametrize("license", [None, [{"url": "https://example.org/own"}]])
def test_a_license_that_nobody_knows_is_called_unknown(tmp_path, license):
    write(tmp_path, article(license=license))
    (seed,) = read(tmp_path)
    assert seed.license == "unknown"


def test_an_article_names_its_item_and_who_wrote_it(tmp_path):
    write(tmp_path, article(main_entity={"identifier": "Q7259"}), article("Bob", url="https://example.org/Bob"))
    ada, bob = read(tmp_path)
    assert (ada.wikidata, bob.wikidata) == ("Q7259", "")
    assert ada.attribution == "Wikipedia contributors, https://en.wikipedia.org/w/index.php?title=Ada&action=history"
    assert bob.attribution == ""


def test_articles_in_other_languages_are_counted_not_told_one_by_one(tmp_path):
    others = [article(str(number), in_language={"identifier": "de"}) for number in range(3)]
    late = {"name": "Spät", "sections": article()["sections"], "in_language": {"identifier": "de"}}
    write(tmp_path, *others, article(), late)
    seed, count = read(tmp_path)
    assert seed.title == "Ada"
    assert count == Dropped(source="a.ndjson", what="articles in de", reason="other_language", count=4)
    found = read(tmp_path, language="de")
    assert sum(isinstance(item, Seed) for item in found) == 3


def test_after_many_bad_lines_only_the_reasons_are_counted(tmp_path):
    write(tmp_path, *[b"nonsense"] * (MOST_REPORTS + 5), article())
    found = read(tmp_path)
    assert len(found) == MOST_REPORTS + 2
    assert found[-1] == Dropped(source="a.ndjson", what="more bad records", reason="not_json", count=5)


def test_folders_globs_and_single_files_are_found_and_one_language_is_one_file(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    write(tmp_path, article(), name="in/x.ndjson")
    write(tmp_path, article(), name="in/deep/y.jsonl")
    write(tmp_path, article(), name="in/dewiki_namespace_0.ndjson")
    write(tmp_path, b"text", name="in/README.md")
    write(tmp_path, b"hidden", name="in/.x.ndjson")
    (tmp_path / "loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "back").symlink_to(tmp_path, target_is_directory=True)
    reader = StructuredContents(("in", "in/*.ndjson"), base=tmp_path)
    found = [(file.name, file.language) for file in reader.files(("en", "de"))]
    assert found == [
        ("in/deep/y.jsonl", "en"), ("in/deep/y.jsonl", "de"), ("in/dewiki_namespace_0.ndjson", "de"),
        ("in/x.ndjson", "en"), ("in/x.ndjson", "de"),
    ]  # fmt: skip
    for path, problem in [
        ("none/*.gz", "no such file"),
        ("bad\0name", "no such file|null"),
        ("s3://b/x.parquet", "addresses"),
    ]:
        with pytest.raises(SeedError, match=problem):
            StructuredContents((path,), base=tmp_path).files(("en",))
    (tmp_path / "empty.ndjson").mkdir()
    with pytest.raises(SeedError, match="no file in this folder"):
        StructuredContents(("empty.ndjson",), base=tmp_path).files(("en",))
    with pytest.raises(SeedError, match="is a folder"):
        list(reader.read(SourceFile(collection="structured_contents", language="en", name="in", fingerprint="")))


def test_a_fingerprint_changes_with_the_file_and_with_the_settings_alone(tmp_path):
    write(tmp_path, article())
    os.utime(tmp_path / "a.ndjson", ns=(1, 1))

    def fingerprint(**settings):
        return StructuredContents(("a.ndjson",), base=tmp_path, **settings).files(("en",))[0].fingerprint

    first = fingerprint()
    assert fingerprint() == first
    assert len({first, fingerprint(tables=True), fingerprint(vital={}), fingerprint(license="CC0-1.0")}) == 4
    write(tmp_path, article("Eve"))
    os.utime(tmp_path / "a.ndjson", ns=(1, 1))
    assert fingerprint() != first


def test_gzip_and_parquet_give_the_same_seeds_as_plain_lines(tmp_path):
    records = [article("One"), article("Two"), article("Two", 9)]
    write(tmp_path, *records)
    (tmp_path / "a.gz").write_bytes(gzip.compress((tmp_path / "a.ndjson").read_bytes()))
    parquet.write_table(pyarrow.Table.from_pylist(records), tmp_path / "a.parquet")
    packed = [record | {"sections": json.dumps(record["sections"]), "tables": None} for record in records]
    parquet.write_table(pyarrow.Table.from_pylist(packed), tmp_path / "b.parquet")
    plain = [item for item in read(tmp_path) if isinstance(item, Seed)]
    assert [seed.revision for seed in plain] == ["7", "9"]
    for name in ("a.gz", "a.parquet", "b.parquet"):
        assert [item for item in read(tmp_path, name) if isinstance(item, Seed)] == plain
    (dropped,) = (item for item in read(tmp_path, "a.parquet") if isinstance(item, Dropped))
    assert (dropped.count, dropped.reason) == (1, "older_version")


class TwoRows:
    """A place behind an address, as the reader is given one."""

    def list(self, address):
        return [("hf://datasets/x/a.parquet", "etag 1")] if address == "hf://datasets/x/*.parquet" else []

    def rows(self, address, columns):
        yield from ({key: row[key] for key in columns if key in row} for row in (article("One"), article("Two")))


def test_addresses_are_read_by_what_the_caller_gives(tmp_path):
    one, two = read(tmp_path, "hf://datasets/x/*.parquet", remote=TwoRows())
    assert (one.title, two.title) == ("One", "Two")
    with pytest.raises(SeedError, match="nothing is there"):
        read(tmp_path, "s3://bucket/none", remote=TwoRows())


# --- articles in the shape of real ones


def prose(rng, words):
    return " ".join(f"{rng.choice(['river', 'stone', 'garden'])}{rng.randrange(10**12)}" for _ in range(words)) + "."


def real_section(rng, name, depth=1):
    parts = [paragraph(prose(rng, rng.randrange(3, 90))) for _ in range(rng.randrange(0, 6))]
    if rng.random() < 0.3:
        items = [{"type": "list_item", "value": prose(rng, rng.randrange(1, 25))} for _ in range(rng.randrange(1, 30))]
        parts.append({"type": "list", "has_parts": items})
    if depth < 4 and rng.random() < 0.6:
        parts += [real_section(rng, f"{name} {number}", depth + 1) for number in range(rng.randrange(1, 4))]
    return section(name, *parts)


def paths_of(part, above=()):
    """The heading path of every piece of text below a section, by the text."""
    path = (*above, part["name"])
    for inner in part["has_parts"]:
        if inner["type"] == "section":
            yield from paths_of(inner, path)
        else:
            for piece in inner.get("has_parts", [inner]):
                yield piece["value"], path


@pytest.mark.parametrize("number", range(12))
def test_of_an_article_in_the_shape_of_real_ones_every_text_stands_under_its_heading(tmp_path, number):
    rng = rng_of("article", number)
    lead = section("Abstract", *[paragraph(prose(rng, rng.randrange(5, 80))) for _ in range(rng.randrange(1, 4))])
    body = [real_section(rng, name) for name in ("Origin", "Growth", "Trade")]
    sources = section("References", paragraph(prose(rng, 30)), section("Notes", paragraph(prose(rng, 20))))
    write(tmp_path, article(sections=[lead, *body, sources]))
    first, second = read(tmp_path), read(tmp_path)
    seed, dropped = first
    assert dropped == Dropped(source="a.ndjson", what="sections called references", reason="apparatus_section", count=1)
    rows = split_sections(seed)
    assert [row.section_id for row in rows] == [row.section_id for row in split_sections(second[0])]

    said = {text: () for text, _ in paths_of(lead)} | {text: path for part in body for text, path in paths_of(part)}
    words_in = [word for text in said for word in text.rstrip(".").split()]
    headings = {word for path in said.values() for heading in path for word in heading.split()}
    words_out = [word.rstrip(".") for row in rows for word in row.text.split()]
    assert [word for word in words_out if word not in headings] == words_in
    for row in rows:
        assert row.is_lead or row.heading_path
        assert row.reason or LEAST_LEAD_WORDS <= row.words <= MOST_WORDS
        assert row.reason or row.is_lead or row.words >= LEAST_WORDS
        under = [path for text, path in said.items() if set(text.rstrip(".").split()) & set(row.text.split())]
        assert all(path[: len(row.heading_path)] == row.heading_path for path in under) or under[0] == row.heading_path
        assert bool(under) == (row.reason != "no_text")
        if under:
            assert row.url.partition("#")[2] == (under[0][-1].replace(" ", "_") if under[0] else "")
