import os

import pytest

from synth_assets.errors import SeedError
from synth_assets.identity import hash_of, hash_of_texts
from synth_assets.seeds import processes
from synth_assets.seeds.base import BadSeed, Dropped, LeftOut
from synth_assets.seeds.packing import Packed, pack_piece, packed, read_packed
from synth_assets.seeds.processes import Piece, Workers
from synth_assets.seeds.selection import Choice, Chosen
from synth_assets.seeds.structured_contents import StructuredContents
from tests.seeds.test_structured_contents import article, paragraph, section, write


def add(shared, work):
    return shared + work


def process_of(shared, work):
    return work, os.getpid()


def broken_after(count):
    yield from (Piece(number, 1) for number in range(count))
    raise SeedError("it breaks off")


def chosen(folder, **choice):
    return Chosen(StructuredContents(("a.ndjson",), base=folder), Choice(**choice))


def read(reader, processes):
    with Workers(pack_piece, reader, processes) as workers:
        return [item for file in reader.files(("en",)) for item in read_packed(reader, file, workers)]


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order_and_an_error_of_the_source_after_them(monkeypatch, count):
    monkeypatch.setattr(processes, "LEAST_FOR_PROCESSES", 3)
    found = []
    with Workers(add, 100, count) as workers, pytest.raises(SeedError, match="it breaks off"):
        found.extend(workers.map(broken_after(20)))  # what came before the error stays in the list
    assert found == [100 + number for number in range(20)]


def test_a_pause_loses_nothing_and_others_go_on_after_it(monkeypatch):
    monkeypatch.setattr(processes, "LEAST_FOR_PROCESSES", 3)
    with Workers(process_of, None, 2) as workers:
        results = workers.map(Piece(number, 1) for number in range(30))
        before = [next(results) for _ in range(10)]
        workers.pause()
        after = list(results)
    assert [number for number, _ in before + after] == list(range(30))
    assert {process for _, process in before[3:]}.isdisjoint({process for _, process in after[-10:]})


def test_pieces_are_taken_only_as_they_are_needed():
    taken = []

    def pieces():
        for number in range(1000):
            taken.append(number)
            yield Piece(number, 1)

    with Workers(add, 0, 1) as workers:
        results = workers.map(pieces())
        assert [next(results) for _ in range(3)] == [0, 1, 2]
    assert len(taken) == 3


def test_a_file_that_other_processes_read_gives_what_it_gives_in_one(tmp_path, monkeypatch):
    records = [article(f"Article{number}", url=f"https://en.wikipedia.org/wiki/A{number}") for number in range(12)]
    foreign = article("Foreign", in_language={"identifier": "de"})
    older = records[3] | {"version": {"identifier": 2}}
    free = records[5] | {"license": [{"identifier": "CC-BY-NC-4.0"}], "url": "https://en.wikipedia.org/wiki/NC"}
    sources = article("Sources", sections=[*article()["sections"], section("References", paragraph("A book."))])
    write(tmp_path, *records[:6], b"{", foreign, older, free, sources, *records[6:], b"[1]")
    monkeypatch.setattr("synth_assets.seeds.structured_contents.PIECE_BYTES", 700)
    monkeypatch.setattr(processes, "LEAST_FOR_PROCESSES", 1_000)
    reader = chosen(tmp_path, forbid_licences=("CC-BY-NC-*",))
    alone, together = read(reader, 1), read(reader, 2)
    assert together == alone
    kinds = [type(item) for item in alone]
    assert [kinds.count(kind) for kind in (Packed, BadSeed, LeftOut, Dropped)] == [13, 2, 1, 3]
    assert [(item.record, item.reason.partition(":")[0]) for item in alone if isinstance(item, BadSeed)] == [
        ("line 7", "not_json"),
        ("line 18", "not_an_object"),
    ]
    assert {item.reason: item.count for item in alone if isinstance(item, Dropped)} == {
        "older_version": 1,
        "other_language": 1,
        "apparatus_section": 1,
    }


def test_what_is_packed_bears_the_hashes_of_the_article(tmp_path):
    write(tmp_path, article("Müller", sections=[section("Leben", paragraph('Er sagte: "nie" \\ \x7f.'))]))
    reader = StructuredContents(("a.ndjson",), base=tmp_path)
    (seed,) = [item for file in reader.files(("en",)) for item in reader.read(file)]
    blocks = [[block.kind, block.text, block.level, block.anchor] for block in seed.blocks]
    content = hash_of("seed", seed.collection, seed.language, seed.title, seed.url, seed.license, blocks)
    row = packed(seed)
    assert row.content_hash == seed.content_hash == content
    assert row.seed_id == hash_of("seed_id", seed.collection, seed.language, seed.url, content)
    assert row.characters == sum(len(block.text) for block in seed.blocks)


@pytest.mark.parametrize(
    "parts",
    [
        ("a", "bc"),
        ("é\u2028\ud800", ("a", "b"), 7, None),
        ("".join(map(chr, range(160))) + '"\\/\U0001f600', [["x", 0], []], -(2**60)),
    ],
)
def test_texts_and_whole_numbers_are_hashed_as_everything_is(parts):
    assert hash_of_texts(*parts) == hash_of(*parts)
