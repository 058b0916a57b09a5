"""From files to sections in the warehouse: piece by piece, what is wanted alone, nothing lost, nothing twice."""

import gzip
import json
import random
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from synth_assets.errors import SeedError
from synth_assets.home import Home
from synth_assets.seeds import cutting, processes
from synth_assets.seeds.base import Block, Seed
from synth_assets.seeds.copies import CopyFinder
from synth_assets.seeds.cutting import Article, cut_articles
from synth_assets.seeds.sections import LEAST_LEAD_WORDS, LEAST_WORDS, MOST_WORDS, split_sections
from synth_assets.stages import corpus
from synth_assets.stages.corpus import cut_sections, read_seeds
from synth_assets.stages.work import Work
from synth_assets.warehouse import RemoteFiles
from tests.conftest import content_of, failed_checks, make_work, select

LICENSE = [{"identifier": "CC-BY-SA-4.0", "url": "https://creativecommons.org/licenses/by-sa/4.0/"}]
VOCABULARY = """
    river harbour stone winter garden letter engine market bridge colour window music village history mountain paper
    silver captain forest summer island teacher kitchen journey morning evening doctor library painter station
"""
WORDS = VOCABULARY.split()


def prose(name: str, words: int = 60) -> str:
    """English that is unlike that of any other name."""
    rng = random.Random(name)
    sentences = []
    while sum(map(len, sentences)) < words * 6:
        said = " ".join(f"the {rng.choice(WORDS)} of {rng.choice(WORDS)} {rng.randrange(9999)}" for _ in range(3))
        sentences.append(f"It was {said} and that is why they came.")
    return " ".join(sentences)


def article(name: str, version: int = 1, *sections: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = [section("Abstract", prose(f"{name} lead")), section("Life", prose(f"{name} life")), *sections]
    return {
        "name": name, "url": f"https://en.wikipedia.org/wiki/{name}", "version": {"identifier": version},
        "in_language": {"identifier": "en"}, "license": LICENSE, "sections": body, **changes,
    }  # fmt: skip


def section(name: str, *texts: str) -> dict[str, Any]:
    return {"type": "section", "name": name, "has_parts": [{"type": "paragraph", "value": text} for text in texts]}


def write(path: Path, *records: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    path.write_bytes(b"\n".join(lines) + b"\n")


@pytest.fixture
def make(home: Home, write_recipe):
    """Makes a `Work` with one collection: `make(path=..., select=...)`; `recipe` holds keys of the recipe itself."""

    def work_of(recipe: dict[str, Any] | None = None, **entry: Any) -> Work:
        given = {"collection": "wiki", "reader": "structured_contents", "path": "in", "languages": ["en"], **entry}
        return make_work(home, write_recipe(seeds=[given], **(recipe or {})))

    return work_of


def titles(work: Work, *, current: bool = True) -> list[str]:
    rows = select(work.warehouse, "select title from seed_corpus where is_current = $current order by title",
                  current=current)  # fmt: skip
    return [row["title"] for row in rows]


def left_out(work: Work) -> dict[str, str]:
    return {row["title"]: row["reason"] for row in select(work.warehouse, "select title, reason from left_out_seeds")}


def test_a_source_beside_the_recipe_is_read_cut_and_credited(make, tmp_path):
    write(tmp_path / "in" / "a.ndjson", article("Ada", main_entity={"identifier": "Q7259"}))
    work = make()
    read = read_seeds(work).metadata
    assert (read["files_read"], read["articles"]) == (1, {"wiki en": 1})
    (row,) = select(work.warehouse, "select source_file, attribution, wikidata, license from seed_corpus")
    history = "https://en.wikipedia.org/w/index.php?title=Ada&action=history"
    assert row == {"source_file": "a.ndjson", "attribution": f"Wikipedia contributors, {history}",
                   "wikidata": "Q7259", "license": "CC-BY-SA-4.0"}  # fmt: skip
    assert cut_sections(work).metadata["kept"] == {"en": 2}
    assert failed_checks(work.warehouse) == {}


def test_a_second_pass_over_unchanged_files_reads_and_cuts_nothing(make, tmp_path):
    write(tmp_path / "in" / "a.ndjson", article("Ada"), article("Bob"))
    work = make()
    first, cut = read_seeds(work), cut_sections(work)
    again = read_seeds(work)
    assert (again.metadata["files_read"], again.metadata["files_unchanged"]) == (0, 1)
    assert again.data_version == first.data_version
    assert cut_sections(work).data_version == cut.data_version
    assert cut_sections(work).metadata["sections_made"] == 0


def test_a_file_that_is_written_piece_by_piece_gives_what_it_gives_at_once(make, tmp_path, monkeypatch):
    write(tmp_path / "in" / "a.ndjson", *[article(f"Article{number}") for number in range(5)])
    work = make()
    monkeypatch.setattr(corpus, "HELD_BYTES", 3_000)
    read_seeds(work)
    cut_sections(work)
    without = ("read_at", "run_id"), ("made_at", "run_id")
    pieces = [content_of(work.warehouse, table, without=names)
              for table, names in zip(("seed_corpus", "sections"), without, strict=True)]  # fmt: skip
    monkeypatch.undo()
    other = Home(root=tmp_path / "other")
    other.prepare()
    whole = make_work(other, tmp_path / "recipe.yaml")
    read_seeds(whole)
    cut_sections(whole)
    assert [content_of(whole.warehouse, table, without=names)
            for table, names in zip(("seed_corpus", "sections"), without, strict=True)] == pieces  # fmt: skip
    assert failed_checks(work.warehouse) == {}


def test_a_reading_that_breaks_off_leaves_what_stood_and_goes_on_next_time(make, tmp_path, monkeypatch):
    write(tmp_path / "in" / "a.ndjson", article("Ada"), article("Bob"))
    work = make()
    read_seeds(work)
    cut_sections(work)
    changed = [article("Ada", 2, section("More", prose("more"))), *[article(f"New{n}") for n in range(4)]]
    write(tmp_path / "in" / "a.ndjson", *changed)
    monkeypatch.setattr(corpus, "HELD_BYTES", 2_000)
    real = work.warehouse.transaction
    calls = []

    def breaks_off(purpose):
        calls.append(purpose)
        if calls.count("writing seeds") == 3:
            raise KeyboardInterrupt
        return real(purpose)

    object.__setattr__(work.warehouse, "transaction", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        read_seeds(work)
    object.__delattr__(work.warehouse, "transaction")
    assert titles(work) == ["Ada", "Bob"]
    assert len(titles(work, current=False)) > 1
    assert cut_sections(work).metadata["articles_cut"] == 0
    assert read_seeds(work).metadata["files_read"] == 1
    assert titles(work) == sorted(["Ada", *[f"New{n}" for n in range(4)]])
    assert titles(work, current=False) == ["Ada", "Bob"]


def test_a_folder_that_moves_keeps_its_articles_and_makes_none_anew(make, tmp_path):
    write(tmp_path / "in" / "a.ndjson", article("Ada"))
    work = make()
    read_seeds(work)
    (tmp_path / "in").rename(tmp_path / "there")
    moved = make(path="there")
    assert read_seeds(moved).metadata["articles"] == {"wiki en": 1}
    (tmp_path / "there" / "a.ndjson").rename(tmp_path / "there" / "b.ndjson")
    assert read_seeds(moved).metadata["files_gone"] == 1
    assert titles(moved) == ["Ada"]
    assert select(moved.warehouse, "select count(*) as n from seed_corpus") == [{"n": 1}]
    (tmp_path / "there" / "b.ndjson").unlink()
    write(tmp_path / "there" / "c.ndjson", article("Bob"))
    read_seeds(moved)
    assert titles(moved) == ["Bob"]


def test_of_versions_in_two_files_the_highest_is_drawn_from(make, tmp_path):
    write(tmp_path / "in" / "a.ndjson", article("Ada", 9), article("Bob"))
    write(tmp_path / "in" / "b.ndjson", article("Ada", 10, section("More", prose("more"))))
    work = make()
    assert read_seeds(work).metadata["left_out"] == {"wiki en older_version": 1}
    revisions = select(work.warehouse, "select revision from seed_corpus where is_current and title = 'Ada'")
    assert revisions == [{"revision": "10"}]
    assert cut_sections(work).metadata["articles_cut"] == 2


def test_what_a_recipe_does_not_want_is_not_stored_and_says_why(make, tmp_path):
    records = [article("Ada"), article("Bob", license=None), article("Cleo", sections=[section("Abstract", "Short.")])]
    write(tmp_path / "in" / "a.ndjson", *records)
    work = make(select={"min_words": 5})
    assert read_seeds(work).metadata["left_out"] == {"wiki en too_few_words": 1, "wiki en unknown_licence": 1}
    assert left_out(work) == {"Bob": "unknown_licence", "Cleo": "too_few_words"}
    assert titles(work) == ["Ada"]
    assert titles(work, current=False) == []
    read_seeds(make(recipe={"allow_unknown_licence": True}))
    assert titles(work) == ["Ada", "Bob", "Cleo"]
    assert left_out(work) == {}
    read_seeds(make(recipe={"forbid_licences": ["CC-BY-SA-*"]}))
    assert titles(work) == []
    assert left_out(work)["Ada"] == "forbidden_licence: CC-BY-SA-4.0"


def test_a_sample_is_the_same_on_a_second_read_and_stays_when_articles_come(make, tmp_path):
    write(tmp_path / "in" / "a.ndjson", *[article(f"Article{number}") for number in range(20)])
    work = make(select={"sample": 6})
    read_seeds(work)
    drawn = titles(work)
    assert len(drawn) == 6
    assert read_seeds(work).metadata["left_out"] == {"wiki en beyond_sample": 14}
    assert titles(work) == drawn
    write(tmp_path / "in" / "b.ndjson", *[article(f"Later{number}") for number in range(5)])
    read_seeds(work)
    assert len(titles(work)) == 6
    assert len(set(titles(work)) & set(drawn)) >= 6 - 5
    assert cut_sections(work).metadata["articles_cut"] == 6
    read_seeds(make())
    assert len(titles(work)) == 25


def test_quotas_count_by_topic_and_level_five_gives_the_lead(make, tmp_path):
    places = {f"Article{n}": {"level": 5 if n == 0 else 3, "topic": ("Arts", "History")[n % 2]} for n in range(8)}
    (tmp_path / "vital.json").write_text(json.dumps(places), "utf-8")
    write(tmp_path / "in" / "a.ndjson", *[article(f"Article{number}") for number in range(9)])
    work = make(vital="vital.json", select={"levels": [3, 5], "quotas": {"Arts": 4, "History": 1}})
    assert read_seeds(work).metadata["left_out"] == {"wiki en beyond_quota": 3, "wiki en other_level": 1}
    cut_sections(work)
    leads = select(work.warehouse, "select is_lead from sections where title = 'Article0'")
    assert leads == [{"is_lead": True}]


def test_what_a_rule_drops_is_counted_and_is_no_bad_record(make, tmp_path):
    apparatus = section("References", "A book of some kind.")
    write(tmp_path / "in" / "a.ndjson", article("Ada", 1, apparatus), article("Ada", 0), b"{",
          article("Karl", in_language={"identifier": "de"}))  # fmt: skip
    work = make()
    read = read_seeds(work).metadata
    assert read["dropped"] == {"older_version": 1, "other_language": 1, "apparatus_section": 1}
    assert (read["bad_records"], read["bad_records_because"]) == (1, {"not_json": 1})
    (row,) = select(work.warehouse, "select bad_records, dropped from seed_sources")
    assert [bad["record"] for bad in json.loads(row["bad_records"])] == ["line 3"]
    assert json.loads(row["dropped"])[-1] == {
        "reason": "apparatus_section", "what": "sections called references", "count": 1,
    }  # fmt: skip


def test_every_paragraph_of_an_article_is_in_its_sections(make, tmp_path):
    texts = [prose(f"part {number}", 30 + 90 * number) for number in range(9)]
    deep = {**section("Deeper", *texts[5:7]), "url": "https://en.wikipedia.org/wiki/Ada#Deeper_still"}
    body = [section("Abstract", *texts[:2]), {**section("Life", *texts[2:5]), "has_parts": [
        *section("x", *texts[2:5])["has_parts"], deep]}, section("Work", *texts[7:])]  # fmt: skip
    write(tmp_path / "in" / "a.ndjson", article("Ada", sections=body))
    work = make()
    read_seeds(work)
    cut_sections(work)
    rows = select(work.warehouse, "select * from sections order by position")
    joined = " ".join(" ".join(row["text"] for row in rows).split())
    assert all(sentence in joined for text in texts for sentence in text.split(". "))
    assert sum(row["words"] for row in rows) == sum(len(text.split()) for text in texts)
    assert all(row["heading_path"] or row["is_lead"] for row in rows)
    for row in rows:
        least = LEAST_LEAD_WORDS if row["is_lead"] else LEAST_WORDS
        assert row["refused_reason"] or least <= row["words"] <= MOST_WORDS
    assert {row["url"] for row in rows if "Deeper" in row["heading_path"]} == {
        "https://en.wikipedia.org/wiki/Ada#Deeper_still"
    }


def test_code_keeps_its_lines_and_is_cut_between_them():
    lines = [f"    value_{number} = compute(value_{number - 1}, {number})" for number in range(1, 301)]
    code = "def run():\n" + "\n".join(lines)
    blocks = (Block(kind="paragraph", text="Runs."), Block(kind="code", text=f"\n{code}  \n\n"))
    seed = Seed(collection="c", language="en", title="m.py", url="urn:m", license="MIT", blocks=blocks)
    parts = split_sections(seed)
    assert len(parts) > 1
    assert all(part.words <= MOST_WORDS for part in parts)
    assert "\n".join(part.text for part in parts) == f"Runs.\n\n{code}"


def test_two_processes_cut_as_one_does(make, tmp_path, monkeypatch):
    write(tmp_path / "in" / "a.ndjson", *[article(f"Article{number}") for number in range(9)])
    work = make()
    read_seeds(work)
    monkeypatch.setattr(processes, "LEAST_FOR_PROCESSES", 1)
    monkeypatch.setattr(cutting, "PIECE_BYTES", 2_000)
    assert cut_sections(work).metadata["articles_cut"] == 9
    rows = select(work.warehouse, "select * from seed_corpus")
    alone = cut_articles([Article(*(row[name] for name in Article._fields)) for row in rows])
    made = select(work.warehouse, "select section_id, text, refused_reason from sections")
    assert {(row["section_id"], row["text"]) for row in made} == {(cut.section_id, cut.text) for cut in alone}
    assert {row["refused_reason"] for row in made} == {None}


def test_a_cut_that_was_interrupted_before_comparing_is_compared_by_the_next(make, tmp_path, monkeypatch):
    write(tmp_path / "in" / "a.ndjson", article("Ada"), article("Bob", sections=article("Ada")["sections"]))
    work = make()
    read_seeds(work)

    def stops(finder):
        raise KeyboardInterrupt

    monkeypatch.setattr(CopyFinder, "copies", stops)
    with pytest.raises(KeyboardInterrupt):
        cut_sections(work)
    monkeypatch.undo()
    assert {row["refused_reason"] for row in select(work.warehouse, "select refused_reason from sections")} == {
        "not_compared"
    }
    assert work.warehouse.read("transforms/pool", language="en", collections=["wiki"], seed="1", size=9) == []
    report = cut_sections(work).metadata
    assert (report["sections_made"], report["kept"], report["refused"]) == (0, {"en": 2}, {"en exact_copy": 2})


# --- addresses


def test_rows_and_articles_are_read_by_address(make, tmp_path, home):
    write(tmp_path / "far" / "a.ndjson", article("Ada"), b"{broken", article("Bob"))
    work = make(path=f"file://{tmp_path}/far/*.ndjson")
    read = read_seeds(work).metadata
    assert (read["articles"], read["bad_records_because"]) == ({"wiki en": 2}, {"not_an_object": 1})
    rows = [{"text": prose("row"), "metadata": {"url": "https://example.org/row"}, "unused": 1}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "far" / "r.parquet")
    work = make(collection="web", reader="rows", path=f"file://{tmp_path}/far/r.parquet", license="MIT",
                columns={"url": "metadata.url"})  # fmt: skip
    read_seeds(work)
    (row,) = select(work.warehouse, "select url, license from seed_corpus where collection = 'web'")
    assert row == {"url": "https://example.org/row", "license": "MIT"}
    assert read_seeds(work).metadata["files_unchanged"] == 1


def test_an_address_that_leads_nowhere_is_named(make, tmp_path):
    for name in ("nothing.parquet", "nothing.ndjson", "*.parquet"):
        with pytest.raises(SeedError, match=r"file://.*: "):
            read_seeds(make(path=f"file://{tmp_path}/{name}"))
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(SeedError, match=r"broken\.parquet"):
        list(RemoteFiles().rows(f"file://{tmp_path}/broken.parquet", ["text"]))


def test_addresses_that_need_an_extension_say_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))  # where DuckDB looks for extensions
    for address in ("hf://datasets/owner/name/x.parquet", "s3://bucket/x.parquet"):
        with pytest.raises(SeedError, match="httpfs, which is not installed; get it once with `python -c"):
            RemoteFiles().list(address)


# --- broken files


def tar_with(name: str, content: bytes) -> bytes:
    held = BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for member, data in ((name, content), ("good.ndjson", json.dumps(article("Good")).encode())):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, BytesIO(data))
    return held.getvalue()


def zip_bomb() -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.ndjson", json.dumps(article("Good")))
        archive.writestr("bomb.ndjson", b"0" * (200 << 20))
    return held.getvalue()


def nested(depth: int) -> bytes:
    opening = b'{"type":"section","name":"s","has_parts":[' * depth
    line = json.dumps(article("Deep", sections=["@"])).encode().replace(b'"@"', opening + b"]}" * depth)
    return line + b"\n" + json.dumps(article("Good")).encode()


GOOD = json.dumps(article("Good")).encode()
BROKEN = {
    "a gzip that is cut": (
        lambda: gzip.compress(GOOD + b"\n" + random.Random(1).randbytes(90_000).hex().encode())[:-20_000],
        "cut_short", "a.ndjson", "line 2"),
    "a zip bomb": (zip_bomb, "unpacks_to_too_much", "a.ndjson", "bomb.ndjson"),
    "a tar that leads out": (
        lambda: tar_with("../../outside.ndjson", GOOD), "member_outside_folder", "a.ndjson", "../../outside.ndjson"),
    "a line of 17 MB": (lambda: GOOD + b"\n" + b"x" * (17 << 20), "line_too_long", "a.ndjson", "line 2"),
    "another encoding": (lambda: GOOD + b'\n{"name": "caf\xe9"}', "not_utf8", "a.ndjson", "line 2"),
    "10,000 nested sections": (lambda: nested(10_000), "nested_too_deeply", "a.ndjson", "line 1"),
    "NUL bytes": (lambda: GOOD + b"\n" + b"\x00" * 5_000, "not_json", "a.ndjson", "line 2"),
    "a file of zeros": (lambda: b"\x00" * 5_000, "null_bytes", "a.ndjson", "line 1"),
    "an error page": (lambda: b"<!DOCTYPE html><title>502</title>", "markup_page", "a.ndjson", "line 1"),
    "nothing": (lambda: b"", "empty_file", "a.ndjson", "line 1"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "reason", "source", "record"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_with_its_place_and_its_good_rest_is_read(
    make, tmp_path, content, reason, source, record
):
    (tmp_path / "in").mkdir()
    data = content()
    (tmp_path / "in" / "a.ndjson").write_bytes(data)
    write(tmp_path / "in" / "b.ndjson", article("Other"))
    work = make()
    read = read_seeds(work).metadata
    assert read["bad_records_because"] == {reason: 1}
    rows = select(work.warehouse, "select bad_records from seed_sources where name = 'a.ndjson'")
    (bad,) = json.loads(rows[0]["bad_records"])
    assert (bad["source"], bad["record"]) == (source, record)
    good = ["Good", "Other"] if b"Good" in data or data[:2] in (b"\x1f\x8b", b"PK") else ["Other"]
    assert titles(work) == good
    assert not list(tmp_path.parent.glob("outside*"))


def test_a_folder_where_a_file_is_meant_gives_what_is_in_it(make, tmp_path):
    write(tmp_path / "in" / "a.ndjson" / "b.ndjson", article("Ada"))
    work = make()
    read_seeds(work)
    assert titles(work) == ["Ada"]
