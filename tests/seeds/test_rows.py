import gzip
import json

import pyarrow
import pytest
from pyarrow import parquet

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, Dropped, Seed, SourceFile
from synth_assets.seeds.rows import (
    MOST_LINE_BYTES,
    MOST_REPORTED,
    REFUSALS,
    Columns,
    RowFilter,
    Rows,
    language_code,
)

FINEWEB = [
    {"text": "Bees live in hives.\nThey make honey.", "id": "<urn:uuid:1>",
     "metadata": {"url": "https://example.org/bees", "language": "en", "language_score": 0.98, "score": 3.5}},
    {"text": "Ants live in hills.", "id": "<urn:uuid:2>",
     "metadata": {"url": "https://example.org/ants", "language": "en", "language_score": 0.5, "score": 4.5}},
    {"text": "Les abeilles vivent dans des ruches.", "id": "<urn:uuid:3>",
     "metadata": {"url": "https://example.org/abeilles", "language": "fr", "language_score": 0.99, "score": 3}},
]  # fmt: skip
FINEWEB_COLUMNS = Columns(url="metadata.url", language="metadata.language", revision="id")
GOOD = RowFilter(at_least={"metadata.score": 3, "metadata.language_score": 0.65})


def read_all(path, languages=("en",), **settings):
    if "columns" not in settings or not settings["columns"].language:
        settings.setdefault("language", "en")
    reader = Rows(collection="web", path=path, **settings)
    return [item for file in reader.files(languages) for item in reader.read(file)]


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def left_out(items):
    return [
        (f"{item.count} {item.what}" if isinstance(item, Dropped) else item.record, item.reason)
        for item in items
        if isinstance(item, BadSeed | Dropped)
    ]


def as_jsonl(path):
    (path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + jsonl(FINEWEB) + b"\n")


def as_gzip(path):
    (path / "a.jsonl.gz").write_bytes(gzip.compress(jsonl(FINEWEB)))


def as_parquet(path):
    parquet.write_table(pyarrow.Table.from_pylist(FINEWEB), path / "a.parquet")


def as_csv(path):
    lines = ["text,id,metadata"]
    lines += ['"{}",{},"{}"'.format(row["text"], row["id"], json.dumps(row["metadata"]).replace('"', '""'))
              for row in FINEWEB]  # fmt: skip
    (path / "a.csv").write_text("\n".join(lines))


@pytest.mark.parametrize("write", [as_jsonl, as_gzip, as_parquet, as_csv])
def test_every_format_gives_the_same_seeds(tmp_path, write):
    write(tmp_path)
    seed, *rest = read_all(tmp_path, columns=FINEWEB_COLUMNS, filter=GOOD, license="ODC-By-1.0", topic="Web")
    assert seed == Seed(
        collection="web", language="en", title="Bees live in hives.", url="https://example.org/bees",
        license="ODC-By-1.0", topic="Web", revision="<urn:uuid:1>", blocks=seed.blocks,
    )  # fmt: skip
    assert [block.text for block in seed.blocks] == ["Bees live in hives.", "They make honey."]
    assert left_out(rest) == [("1 rows", "below_minimum: metadata.language_score"), ("1 rows", "other_language")]


def test_each_language_is_read_on_its_own(tmp_path):
    as_jsonl(tmp_path)
    items = read_all(tmp_path, ("fr", "en", "de"), columns=FINEWEB_COLUMNS)
    assert [(item.language, item.title) for item in items if isinstance(item, Seed)] == [
        ("fr", "Les abeilles vivent dans des ruches."),
        ("en", "Bees live in hives."),
        ("en", "Ants live in hills."),
    ]


def test_a_row_without_address_keeps_its_seed_wherever_it_stands(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(jsonl(FINEWEB[:2]))
    (tmp_path / "b.jsonl").write_bytes(jsonl(FINEWEB[1::-1]))
    first, second, third, fourth = read_all(tmp_path)
    assert (first.url, second.content_hash) == (fourth.url, third.content_hash)
    assert first.url != second.url


def test_a_column_may_have_a_dot_in_its_name(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(jsonl([{"meta.text": "Bees.", "meta": {"text": "Ants."}}]))
    (seed,) = read_all(tmp_path, columns=Columns(text="meta.text"))
    assert seed.blocks[0].text == "Bees."


def test_a_long_first_line_is_cut_at_a_word_for_a_title(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(jsonl([{"text": "honey " * 40}, {"text": "h" * 100}]))
    words, run = read_all(tmp_path)
    assert words.title == "honey " * 13 + "…"
    assert run.title == "h" * 80 + " …"


@pytest.mark.parametrize(
    ("chosen", "row", "reason"),
    [
        (RowFilter(at_least={"score": 3}), {"text": "Bees.", "score": 2.9}, "below_minimum: score"),
        (RowFilter(at_least={"score": 3}), {"text": "Bees.", "score": "3"}, ""),
        (RowFilter(at_least={"score": 3}), {"text": "Bees.", "score": float("nan")}, "not_a_number"),
        (RowFilter(at_least={"score": 3}), {"text": "Bees."}, "not_a_number"),
        (RowFilter(at_most={"score": 3}), {"text": "Bees.", "score": 3}, ""),
        (RowFilter(at_most={"score": 3}), {"text": "Bees.", "score": 4}, "above_maximum: score"),
        (RowFilter(one_of={"dump": ("a", "b")}), {"text": "Bees.", "dump": "b"}, ""),
        (RowFilter(one_of={"dump": ("a", "b")}), {"text": "Bees.", "dump": "c"}, "not_one_of: dump"),
        (RowFilter(one_of={"dump": ("a", "b")}), {"text": "Bees.", "dump": ["a"]}, "not_one_of: dump"),
        (RowFilter(least_words=2), {"text": "Bees."}, "too_few_words"),
        (RowFilter(most_words=2), {"text": "Bees live in hives."}, "too_many_words"),
        (RowFilter(identify_language=True),
         {"text": "Les abeilles vivent dans des ruches avec la reine, et elles ne sont pas dans les arbres."},
         "wrong_language: fr"),
    ],
)  # fmt: skip
def test_a_row_that_a_filter_leaves_out_is_counted_under_its_name(tmp_path, chosen, row, reason):
    (tmp_path / "a.jsonl").write_bytes(jsonl([row]))
    (item,) = read_all(tmp_path, filter=chosen)
    assert (item.reason if isinstance(item, BadSeed | Dropped) else "").startswith(reason)
    assert isinstance(item, Seed) == (not reason)
    assert not reason or reason.partition(":")[0] in REFUSALS


def test_a_row_that_comes_again_is_counted_and_not_read_twice(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(jsonl(FINEWEB[:1] * 300))
    items = read_all(tmp_path)
    assert len(items) == 2
    assert left_out(items) == [("299 rows", "repeated_row")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"<html>Not found</html>", "bad_row: not JSON"),
        (b'{"text": "\xff"}', "bad_row: not UTF-8"),
        (b"[" * 100_000, "bad_row: not readable as JSON"),
        (b'{"n": ' + b"1" * 5000 + b"}", "bad_row: not readable as JSON"),
        (b"[1]", "bad_row: a list, not an object"),
        (b'{"text": null}', "no_column: text is missing"),
        (b'{"text": 3}', "no_column: text is a int"),
        (b'{"text": " \\u0000 "}', "no_text"),
        (b'{"text": "' + b"x" * MOST_LINE_BYTES + b'"}', "line_too_long"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else None,
)
def test_a_bad_line_is_named_and_the_rest_is_read(tmp_path, line, reason):
    (tmp_path / "a.jsonl").write_bytes(jsonl(FINEWEB[:1]) + line + b"\n\n" + jsonl(FINEWEB[1:2]))
    first, *bad, last = sorted(read_all(tmp_path), key=lambda item: isinstance(item, Seed) and item.title[0] == "A")
    assert (first.title, last.title) == ("Bees live in hives.", "Ants live in hills.")
    assert [(item.record, item.reason.startswith(reason)) for item in bad] == [("line 2", True)]


def test_half_a_surrogate_pair_and_control_characters_can_be_stored(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "Bees \\ud800 and\\u0000 ants"}\n')
    (seed,) = read_all(tmp_path)
    assert seed.blocks[0].text == "Bees ? and ants"


def test_a_file_of_bad_lines_is_reported_in_part_and_counted_in_full(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"<p>\n" * 1000)
    items = read_all(tmp_path)
    assert [item.record for item in items[:2]] == ["line 1", "line 2"]
    assert left_out(items[MOST_REPORTED:]) == [(f"{1000 - MOST_REPORTED} more bad rows", "bad_row")]


def test_a_gzip_that_is_cut_gives_what_stands_before_the_cut(tmp_path):
    rows = [{"text": f"Hive number {number} holds bees."} for number in range(2000)]
    content = gzip.compress(jsonl(rows))
    (tmp_path / "a.jsonl.gz").write_bytes(content[: len(content) // 2])
    *seeds, bad = read_all(tmp_path)
    assert 0 < len(seeds) < 2000
    assert bad.reason.startswith("cut_off:")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet"])
def test_a_file_that_is_not_what_its_name_says_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"<html>Not found</html>")
    (bad,) = read_all(tmp_path)
    assert bad.reason.startswith("broken_file:")


def test_a_date_that_python_cannot_hold_is_named(tmp_path):
    days = pyarrow.array([2**31 - 1], pyarrow.date32())
    parquet.write_table(pyarrow.table({"text": ["Bees."], "day": days}), tmp_path / "a.pq")
    (bad,) = read_all(tmp_path, columns=Columns(revision="day"))
    assert bad.reason.startswith("broken_file:")


def test_broken_rows_of_a_table_are_named_by_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'text,score\nBees.,1\nAnts.\n\n"Two\nlines",2\nW\xff,3\nWasps.,4\n')
    items = read_all(tmp_path)
    assert [item.blocks[0].text for item in items if isinstance(item, Seed)] == ["Bees.", "Two", "Wasps."]
    assert left_out(items) == [("line 3", "bad_row: 1 cells under 2 columns"), ("line 7", "bad_row: not UTF-8")]


def test_markup_gives_headings(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(jsonl([{"text": "## Honey\nSweet."}, {"text": "## Only a heading"}]))
    pytest.importorskip("markdown_it", reason="the extra `documents` is not installed")
    seed, bad = read_all(tmp_path, markup="markdown")
    assert [block.kind for block in seed.blocks] == ["heading", "paragraph"]
    assert bad.reason.startswith("no_text")


def test_python_rows_give_classes_and_functions(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(jsonl([{"text": 'def f():\n    "Says."\n    pass\n'}, {"text": "print 'x'"}]))
    seed, bad = read_all(tmp_path, markup="python")
    assert [block.text for block in seed.blocks][:2] == ["def f", "Says."]
    assert bad.reason.startswith("not_python")


def test_a_map_without_language_or_with_two_is_an_error(tmp_path):
    with pytest.raises(SeedError, match="either the language of all rows or the column"):
        Rows(collection="web", path=tmp_path)
    with pytest.raises(SeedError, match="either the language of all rows or the column"):
        Rows(collection="web", path=tmp_path, language="en", columns=FINEWEB_COLUMNS)


def test_a_folder_without_rows_a_link_and_a_name_outside_are_refused(tmp_path):
    with pytest.raises(SeedError, match="no file of rows"):
        read_all(tmp_path)
    (tmp_path / "in").mkdir()
    as_jsonl(tmp_path)
    (tmp_path / "in" / "b.jsonl").symlink_to(tmp_path / "a.jsonl")
    (bad,) = read_all(tmp_path / "in")
    assert bad.reason.startswith("link_not_followed")
    with pytest.raises(SeedError, match="not a file of"):
        list(Rows(collection="web", path=tmp_path / "in", language="en").read(
            SourceFile(collection="web", language="en", name="../a.jsonl", fingerprint="")))  # fmt: skip


def test_a_fingerprint_follows_the_columns_and_the_filter(tmp_path):
    as_jsonl(tmp_path)

    def fingerprint(**settings):
        return Rows(collection="web", path=tmp_path, language="en", **settings).files(("en",))[0].fingerprint

    assert fingerprint() == fingerprint(columns=Columns(), filter=RowFilter())
    assert len({fingerprint(), fingerprint(columns=Columns(title="id")), fingerprint(filter=GOOD)}) == 3


@pytest.mark.parametrize(
    ("said", "code"), [("en", "en"), ("EN-us", "en"), ("eng_Latn", "en"), ("German", "de"), ("klingon", ""), (None, "")]
)
def test_what_data_sets_call_a_language_is_understood(said, code):
    assert language_code(said) == code
