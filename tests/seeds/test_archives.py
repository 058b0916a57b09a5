import gzip
import io
import os
import struct
import tarfile
import zipfile

import pyarrow
import pytest
from pyarrow import parquet

from synth_assets.errors import SeedError
from synth_assets.seeds.archives import Limits, Member, is_parquet, open_members, read_lines, read_parquet
from synth_assets.seeds.base import BadSeed

LINES = b'{"a": 1}\n\n{"b": 2}\r\n{"c": 3}'
READ = [(1, b'{"a": 1}'), (3, b'{"b": 2}'), (4, b'{"c": 3}')]
SMALL = Limits(line_bytes=1000, ratio=20, always_bytes=4000)


def read(path, limits=None):
    """Everything in a file: (source, number, line), and reports as they are."""
    limits = limits or Limits()
    found = []
    for member in open_members(path, path.name, limits):
        if isinstance(member, Member):
            lines = read_lines(member, limits)
            found += [line if isinstance(line, BadSeed) else (member.source, *line) for line in lines]
        else:
            found.append(member)
    return found


def lines_of(source):
    return [(source, *line) for line in READ]


def tar_of(path, members, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.size = len(content)
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                info.linkname = "/etc/hostname"
            archive.addfile(info, io.BytesIO(content))
    return path


def zip_of(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def noise(size):
    """Bytes that do not compress, without line ends."""
    return bytes(number * number * 31 % 251 + 4 for number in range(size)).replace(b"\n", b"_")


def test_plain_and_gzipped_lines_are_read_with_their_numbers_whatever_the_name(tmp_path):
    (tmp_path / "plain.gz").write_bytes(LINES)
    (tmp_path / "packed").write_bytes(gzip.compress(LINES[:10]) + gzip.compress(LINES[10:]))
    assert read(tmp_path / "plain.gz") == lines_of("plain.gz")
    assert read(tmp_path / "packed") == lines_of("packed")


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbf" + LINES)
    assert read(tmp_path / "marked") == lines_of("marked")


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tar_gives_its_members_and_refuses_what_leads_out_of_it(tmp_path, mode):
    long_name = "deep/" * 40 + "x.ndjson"
    path = tar_of(tmp_path / "a.tar", [
        ("folder", b"", tarfile.DIRTYPE),
        ("./x.ndjson", LINES, tarfile.REGTYPE),
        ("../out.ndjson", LINES, tarfile.REGTYPE),
        ("/abs.ndjson", LINES, tarfile.REGTYPE),
        ("link.ndjson", b"", tarfile.SYMTYPE),
        ("hard.ndjson", b"", tarfile.LNKTYPE),
        ("pipe.ndjson", b"", tarfile.FIFOTYPE),
        (".hidden.ndjson", LINES, tarfile.REGTYPE),
        ("README.md", b"text", tarfile.REGTYPE),
        (long_name, LINES, tarfile.REGTYPE),
        ("inner.json", gzip.compress(LINES), tarfile.REGTYPE),
        ("last.jsonl", LINES, tarfile.REGTYPE),
    ], mode)  # fmt: skip
    assert read(path) == [
        *lines_of("a.tar/./x.ndjson"),
        BadSeed(source="a.tar", record="../out.ndjson", reason="member_outside_folder"),
        BadSeed(source="a.tar", record="/abs.ndjson", reason="member_outside_folder"),
        BadSeed(source="a.tar", record="link.ndjson", reason="link"),
        BadSeed(source="a.tar", record="hard.ndjson", reason="link"),
        BadSeed(source="a.tar", record="pipe.ndjson", reason="not_a_file"),
        BadSeed(source="a.tar", record="README.md", reason="member_of_another_kind"),
        *lines_of(f"a.tar/{long_name[:200]}"),
        BadSeed(source="a.tar/inner.json", record="line 1", reason="nested_archive: unpack it first"),
        *lines_of("a.tar/last.jsonl"),
    ]
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.tar"]


@pytest.mark.parametrize("format_", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_of_both_kinds_of_tar_are_read(tmp_path, format_):
    name = "é" * 70 + "/" + "y" * 90 + ".ndjson"
    with tarfile.open(tmp_path / "a.tar", "w", format=format_) as archive:
        info = tarfile.TarInfo(name)
        info.size = len(LINES)
        archive.addfile(info, io.BytesIO(LINES))
    assert read(tmp_path / "a.tar") == lines_of(f"a.tar/{name}")


def test_an_extended_header_that_asks_for_gigabytes_is_refused_unread(tmp_path):
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 8 << 30
    (tmp_path / "a.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024)
    assert read(tmp_path / "a.tar") == [
        BadSeed(source="a.tar", record="file", reason="damaged: an extended header of 8589934592 bytes")
    ]


def test_a_size_of_thousands_of_digits_in_an_extended_header_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT, pax_headers={}) as archive:
        info = tarfile.TarInfo("x.ndjson")
        info.pax_headers = {"size": "9" * 5000}
        archive.addfile(info)
    assert read(tmp_path / "a.tar") == [BadSeed(source="a.tar", record="file", reason="damaged: a size of 5000 digits")]


def test_a_zip_gives_its_members_and_refuses_what_leads_out_of_it(tmp_path):
    link = zipfile.ZipInfo("link.jsonl")
    link.external_attr = 0o120777 << 16
    path = zip_of(tmp_path / "a.zip", [
        ("in/x.jsonl", LINES),
        ("../out.jsonl", LINES),
        ("C:\\out.jsonl", LINES),
        (link, b"/etc/hostname"),
        ("__MACOSX/x.jsonl", LINES),
        ("inner.zip", LINES),
        ("y.jsonl", LINES),
    ])  # fmt: skip
    assert read(path) == [
        *lines_of("a.zip/in/x.jsonl"),
        BadSeed(source="a.zip", record="../out.jsonl", reason="member_outside_folder"),
        BadSeed(source="a.zip", record="C:\\out.jsonl", reason="member_outside_folder"),
        BadSeed(source="a.zip", record="link.jsonl", reason="link"),
        BadSeed(source="a.zip", record="inner.zip", reason="member_of_another_kind"),
        *lines_of("a.zip/y.jsonl"),
    ]
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]


def test_an_encrypted_or_damaged_member_is_reported_and_the_next_is_read(tmp_path):
    path = zip_of(tmp_path / "a.zip", [("x.jsonl", LINES), ("y.jsonl", LINES), ("z.jsonl", LINES)], zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    content[content.index(b"x.jsonl", content.index(b"PK\x01\x02")) - 46 + 8] |= 1  # the flag "encrypted"
    content[content.index(LINES, content.index(b"y.jsonl")) + 3] ^= 1
    path.write_bytes(content)
    found = read(path)
    assert found[0] == BadSeed(source="a.zip", record="x.jsonl", reason="encrypted")
    assert found[-4].reason.startswith("damaged: Bad CRC-32")
    assert found[-3:] == lines_of("a.zip/z.jsonl")


def test_an_lzma_member_that_is_damaged_is_reported(tmp_path):
    path = zip_of(tmp_path / "a.zip", [("x.jsonl", noise(5000))], zipfile.ZIP_LZMA)
    content = bytearray(path.read_bytes())
    content[100:120] = b"\xff" * 20
    path.write_bytes(content)
    assert read(path)[-1].reason.startswith("damaged:")


def test_a_cut_gzip_gives_what_came_before_the_cut_and_says_where_it_ends(tmp_path):
    content = gzip.compress(b"".join(b'{"n": %d}\n' % (number * 7919) for number in range(20_000)))
    (tmp_path / "a.gz").write_bytes(content[: len(content) // 2])
    *lines, report = read(tmp_path / "a.gz")
    assert len(lines) > 5000
    assert lines[0] == ("a.gz", 1, b'{"n": 0}')
    assert report.record == f"line {len(lines) + 1}"
    assert report.reason.startswith("cut_short: ")


def test_a_cut_tar_is_reported_once(tmp_path):
    path = tar_of(tmp_path / "a.tar.gz", [
        ("x.ndjson", LINES, tarfile.REGTYPE), ("y.ndjson", noise(90_000), tarfile.REGTYPE)])  # fmt: skip
    path.write_bytes(path.read_bytes()[:-200])
    found = read(path)
    assert found[:3] == lines_of("a.tar.gz/x.ndjson")
    assert [bad.reason.split(":")[0] for bad in found[3:]] == ["cut_short"]


def test_gzip_that_is_damaged_in_the_middle_is_reported_where_it_breaks(tmp_path):
    content = bytearray(gzip.compress(noise(5000) + b"\n" + LINES, 0))
    content[10:12] = b"\xff\xff"
    (tmp_path / "a.gz").write_bytes(content)
    (report,) = read(tmp_path / "a.gz")
    assert report.reason.startswith("damaged: ")


def test_bombs_are_given_up_and_what_came_before_is_read(tmp_path):
    bomb = b'{"a": 1}\n' + (b" " * 900 + b"\n") * 2000
    (tmp_path / "a.gz").write_bytes(gzip.compress(bomb))
    tar_of(tmp_path / "b.tgz", [("x.json", bomb, tarfile.REGTYPE), ("y.json", LINES, tarfile.REGTYPE)])
    zip_of(tmp_path / "c.zip", [("x.json", LINES), ("y.json", bomb), ("z.json", LINES)])
    too_much = "unpacks_to_too_much: far more comes out than the file weighs"
    assert read(tmp_path / "c.zip", SMALL)[-1] == BadSeed(source="c.zip", record="y.json", reason=too_much)
    assert read(tmp_path / "c.zip", SMALL)[:3] == lines_of("c.zip/x.json")
    for name, source in [("a.gz", "a.gz"), ("b.tgz", "b.tgz/x.json")]:
        assert read(tmp_path / name, SMALL) == [
            (source, 1, b'{"a": 1}'),
            BadSeed(source=source, record="line 2", reason=too_much),
        ]


def test_a_zip_whose_list_of_members_claims_gigabytes_is_refused_unread(tmp_path):
    path = zip_of(tmp_path / "a.zip", [("x.json", LINES)])
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.rindex(b"PK\x05\x06") + 12, 1 << 31)
    path.write_bytes(content)
    (report,) = read(path)
    assert report.reason.startswith("too_many_members")


def test_a_line_that_is_too_long_is_passed_over_with_its_number(tmp_path):
    long = b"x" * 1001
    (tmp_path / "a").write_bytes(b"1\n" + long + b"\n" + b"y" * 1000 + b"\n" + b"z" * (3 << 20) + b"\n5\n" + long)
    found = read(tmp_path / "a", Limits(line_bytes=1000))
    places = [item.record if isinstance(item, BadSeed) else item[1] for item in found]
    assert places == [1, "line 2", 3, "line 4", 5, "line 6"]
    assert {item.reason for item in found if isinstance(item, BadSeed)} == {"line_too_long: more than 1000 bytes"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!DOCTYPE html>\n<html>", "markup_page"),
        (b"\n  <?xml version='1.0'?>", "markup_page"),
        (b"\0" * 3000, "null_bytes"),
        (b"", "empty_file"),
        ('{"a": 1}'.encode("utf-16"), "unsupported_format: UTF-16 text"),
        (b"%PDF-1.7 x", "unsupported_format: PDF"),
        (b"\x28\xb5\x2f\xfd rest", "unsupported_format: zstd"),
        (gzip.compress(gzip.compress(LINES, mtime=0), mtime=0), "nested_archive"),
    ],
)
def test_what_is_no_lines_of_json_is_refused_once_by_name(tmp_path, content, reason):
    (tmp_path / "a").write_bytes(content)
    (report,) = read(tmp_path / "a")
    assert (report.source, report.record) == ("a", "line 1")
    assert report.reason.startswith(reason)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"PK\x05\x06"])
def test_what_only_begins_as_a_zip_is_reported(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    (report,) = read(tmp_path / "a")
    assert report.reason.startswith("damaged: ")


def test_what_is_no_file_cannot_be_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, problem in [("pipe", "neither a file nor a folder"), ("", "is a folder"), ("none", "no such file")]:
        with pytest.raises(SeedError, match=problem):
            read(tmp_path / name)


def test_parquet_rows_are_read_by_columns(tmp_path):
    path = tmp_path / "a.parquet"
    rows = [{"name": f"n{number}", "other": number, "parts": [{"type": "x"}]} for number in range(70)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    assert is_parquet(path)
    found = list(read_parquet(path, "a", ("name", "parts", "gone"), Limits()))
    assert found[69] == (70, {"name": "n69", "parts": [{"type": "x"}]})
    assert len(found) == 70
    (report,) = read_parquet(path, "a", ("gone",), Limits())
    assert report.reason == "no_known_column"
    (report,) = read_parquet(path, "a", ("name",), Limits(ratio=0, always_bytes=10))
    assert report.reason.startswith("unpacks_to_too_much")
    path.write_bytes(path.read_bytes()[:-9])
    (report,) = read_parquet(path, "a", ("name",), Limits())
    assert (report.record, report.reason.split(":")[0]) == ("row 1", "damaged")


def test_a_date_that_python_cannot_hold_is_reported(tmp_path):
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"name": ["n"], "version": pyarrow.array([2**31 - 1], pyarrow.date32())}), path)
    (report,) = read_parquet(path, "a", ("name", "version"), Limits())
    assert (report.record, report.reason.split(":")[0]) == ("row 1", "damaged")
