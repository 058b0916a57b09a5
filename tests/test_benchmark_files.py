import gzip
import json

import polars as pl
import pytest

from synth_assets.benchmark_files import BenchmarkItem, check_benchmark, read_benchmark
from synth_assets.errors import BenchmarkError


def read(path, **columns):
    return read_benchmark(path, name="quiz", **{"question": "q", "answer": "a", **columns})


ROWS = [{"q": "What is 1+1?", "a": "2", "n": "x"}, {"q": 'Qui ?\nÉtienne, "moi"', "a": "", "n": "y"}]
ITEMS = (
    BenchmarkItem(benchmark="quiz", item="x", question="What is 1+1?", answer="2"),
    BenchmarkItem(benchmark="quiz", item="y", question='Qui ?\nÉtienne, "moi"', answer=""),
)


@pytest.fixture(params=["jsonl", "jsonl.gz", "csv", "csv.gz", "parquet"])
def file(request, tmp_path):
    path = tmp_path / f"bench.{request.param}"
    frame = pl.DataFrame(ROWS)
    if request.param == "parquet":
        frame.write_parquet(path)
        return path
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    data = (text if "jsonl" in request.param else frame.write_csv()).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if request.param.endswith("gz") else data)
    return path


def test_every_kind_of_file_gives_the_same_items(file):
    benchmark = read(file, item="n")
    assert (benchmark.name, benchmark.items, benchmark.broken) == ("quiz", ITEMS, ())


def test_a_missing_column_names_the_columns_that_are_there(file):
    with pytest.raises(BenchmarkError, match=r"has no column 'solution'; its columns are 'q', 'a', 'n'"):
        read(file, answer="solution")


def test_a_file_need_not_have_answers(file):
    assert [item.text for item in read(file, answer=None).items] == [row["q"] for row in ROWS]


def test_without_a_column_of_ids_an_item_is_called_by_its_line(tmp_path):
    (tmp_path / "b.csv").write_text('q,a\n"two\nlines",1\n\nthird,2\n')
    (tmp_path / "b.jsonl").write_text('{"q": "one"}\n\n{"q": "three"}\n')
    pl.DataFrame({"q": ["one", "two"]}).write_parquet(tmp_path / "b.parquet")
    assert [item.item for item in read(tmp_path / "b.csv").items] == ["2", "5"]
    assert [item.item for item in read(tmp_path / "b.jsonl", answer=None).items] == ["1", "3"]
    assert [item.item for item in read(tmp_path / "b.parquet", answer=None).items] == ["1", "2"]


def test_numbers_and_lists_are_answers(tmp_path):
    path = tmp_path / "b.jsonl"
    path.write_text('{"q": "a", "a": 42}\n{"q": "b", "a": ["x", 1.5, null]}\n{"q": "c", "a": null}\n{"q": "d"}\n')
    assert [item.answer for item in read(path).items] == ["42", "x\n1.5", "", ""]


def test_broken_lines_are_told_and_the_rest_goes_on(tmp_path):
    path = tmp_path / "b.jsonl"
    lines = [
        b'\xef\xbb\xbf{"q": "good", "a": "1"}',
        b'{"q": "cut',
        b"[1, 2]",
        b'{"q": "\xff"}',
        b'{"q": "  "}',
        b'{"q": {"deep": 1}}',
        b"[" * 100_000,
        b'{"q": "also good", "a": {"no": "text"}}',
        b'{"q": "last"}',
    ]
    path.write_bytes(b"\n".join(lines))
    benchmark = read(path)
    assert [item.question for item in benchmark.items] == ["good", "last"]
    assert [(broken.line, broken.reason) for broken in benchmark.broken] == [
        (2, "not_json"),
        (3, "not_an_object"),
        (4, "not_utf8"),
        (5, "no_question"),
        (6, "not_text"),
        (7, "not_json"),
        (8, "not_text"),
    ]
    assert {broken.file for broken in benchmark.broken} == {str(path)}


def test_broken_lines_of_a_table_are_told_and_the_rest_goes_on(tmp_path):
    path = tmp_path / "b.csv"
    path.write_bytes(b'q,a\ngood,1\nno answer\none,two,three\n\xff,1\n"x"y,1\n,2\nlast,3\n')
    benchmark = read(path)
    assert [item.question for item in benchmark.items] == ["good", "last"]
    assert [(broken.line, broken.reason) for broken in benchmark.broken] == [
        (3, "wrong_number_of_fields"),
        (4, "wrong_number_of_fields"),
        (5, "not_utf8"),
        (6, "not_csv"),
        (7, "no_question"),
    ]


def test_an_id_that_occurs_twice_stands_once(tmp_path):
    path = tmp_path / "b.jsonl"
    path.write_text('{"q": "one", "n": 7}\n{"q": "two", "n": "7"}\n')
    benchmark = read(path, answer=None, item="n")
    assert [item.question for item in benchmark.items] == ["one"]
    assert [(broken.line, broken.reason, broken.detail) for broken in benchmark.broken] == [
        (2, "item_occurs_twice", "7")
    ]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("none.jsonl", None, "no such file"),
        ("b.txt", b"x", r"a benchmark is a \.jsonl"),
        ("b.parquet.gz", b"x", r"a benchmark is a \.jsonl"),
        ("b.jsonl", b"", "holds no item"),
        ("b.jsonl", b"\n \n", "holds no item"),
        ("b.csv", b"q,a\n", "holds no item"),
        ("b.jsonl", b"nonsense\n", r"holds no item \(1 broken lines; line 1: not_json"),
        ("b.jsonl.gz", b"not compressed", "cannot be read"),
        ("b.csv.gz", gzip.compress(b"q,a\nx,y\n" * 100, mtime=0)[:-12], "cannot be read"),
        ("b.parquet", b"PAR1 nonsense PAR1", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_error(tmp_path, name, data, told):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(BenchmarkError, match=told) as raised:
        read(tmp_path / name)
    assert str(tmp_path / name) in str(raised.value)


def test_the_key_of_an_item_is_of_its_benchmark_and_its_id():
    one = BenchmarkItem(benchmark="a", item="bc", question="?")
    assert one.key != BenchmarkItem(benchmark="ab", item="c", question="?").key
    assert one.key == BenchmarkItem(benchmark="a", item="bc", question="changed").key
    assert len(one.key) == 64


def test_a_look_at_a_file_finds_what_its_beginning_shows_and_reads_no_more(tmp_path):
    good = tmp_path / "b.jsonl"
    good.write_text("broken\n" + '{"q": "x", "a": "y"}\n' * 3, "utf-8")
    check_benchmark(good, question="q", answer="a")
    with pytest.raises(BenchmarkError, match="has no column 'gold'; its columns are 'q', 'a'"):
        check_benchmark(good, question="q", answer="gold")
    (tmp_path / "b.csv").write_text("q,a\nx,y\n", "utf-8")
    with pytest.raises(BenchmarkError, match="has no column 'id'"):
        check_benchmark(tmp_path / "b.csv", question="q", item="id")
    pl.DataFrame({"q": ["x"]}).write_parquet(tmp_path / "b.parquet")
    check_benchmark(tmp_path / "b.parquet", question="q")
    with pytest.raises(BenchmarkError, match="has no column 'a'"):
        check_benchmark(tmp_path / "b.parquet", question="q", answer="a")
    with pytest.raises(BenchmarkError, match="no such file"):
        check_benchmark(tmp_path / "none.jsonl", question="q")
