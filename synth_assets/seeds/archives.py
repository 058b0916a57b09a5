"""Lines out of plain files, gzip, tar and zip, and rows out of Parquet, without trusting any of them.

What a file is, its first bytes say, not its name. Everything streams: nothing is ever written to disk, memory is
bounded by `Limits.line_bytes`, and what unpacks to far more than it weighs is given up. A member that may not be read,
a line that is too long, the place where a file breaks off: each is a `BadSeed` with its place and a snake_case reason,
and what can still be read is read.
"""

import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed
from synth_assets.seeds.packaged_json import printable

CHUNK = 1 << 18
LINE_FILES = frozenset({".ndjson", ".jsonl", ".json", ""})
"""How members of archives are named that hold lines of JSON; others are refused by name."""

_BLOCK = 512
_MOST_TAR_EXTENSION = 1 << 16  # bytes of one extended header: a path; hostile ones ask for gigabytes
_MOST_ZIP_DIRECTORY = 64 << 20  # bytes of a zip's list of members, which the standard library reads whole
_UNREADABLE = {
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_DAMAGE = (zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError)
_MOST_DIGITS = 19  # of a size in an extended header
_ARCHIVES = (b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"PAR1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may ask for.

    Attributes:
        line_bytes: longest line; the longest real articles have a few million bytes.
        ratio: how many times its own size a file may unpack to; real articles come to about 10, bombs to 1,000.
        always_bytes: what any file may unpack to, however small it is.
        unpacked_bytes: what no file may unpack to, however large it is.
    """

    line_bytes: int = 16 << 20
    ratio: int = 200
    always_bytes: int = 100 << 20
    unpacked_bytes: int = 1 << 41


class Member(NamedTuple):
    """One stream of lines: a plain file, or one file of an archive. To be read before the next one is asked for."""

    source: str
    stream: "Stream"


class Stream:
    """Bytes that count against their file's limit, and whose faults are `SeedError`s with a reason in front."""

    def __init__(self, read: Callable[[int], bytes], most: int) -> None:
        self._read = read
        self._left = most
        self._held = b""
        self._fault: SeedError | None = None

    def read(self, size: int) -> bytes:
        """At most this many bytes, fewer at will, none at the end.

        Raises:
            SeedError: it breaks off, is damaged, or unpacks to too much; whatever came before was given already.
        """
        if self._held:
            given, self._held = self._held[:size], self._held[size:]
            return given
        if self._fault is not None:
            raise self._fault
        try:
            data = self._read(size)
        except SeedError as error:  # the archive's own stream, below a member's
            self._fault = error
            raise
        except EOFError as error:
            self._fault = SeedError("cut_short: the data ends before its end")
            raise self._fault from error
        except _DAMAGE as error:
            self._fault = SeedError(f"damaged: {printable(str(error))[:200]}")
            raise self._fault from error
        except OSError as error:
            self._fault = SeedError(f"unreadable: {error.strerror or error}")
            raise self._fault from error
        self._left -= len(data)
        if self._left < 0:
            self._fault = SeedError("unpacks_to_too_much: far more comes out than the file weighs")
            raise self._fault
        return data

    def peek(self, size: int) -> bytes:
        """The first bytes that will be read next; fewer when there are no more."""
        while len(self._held) < size:
            held, self._held = self._held, b""
            try:
                more = self.read(size - len(held))
            except SeedError:  # kept, and raised when what stands before it was read
                more = b""
            self._held = held + more
            if not more:
                break
        return self._held[:size]

    def read_exactly(self, size: int) -> bytes:
        """So many bytes, fewer only at the end."""
        parts = []
        while size and (data := self.read(size)):
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    @property
    def is_broken(self) -> bool:
        return self._fault is not None


def is_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet does.

    Raises:
        SeedError: it cannot be opened, or is no regular file.
    """
    with open_file(path) as file:
        return file.read(4) == b"PAR1"


def open_file(path: Path) -> BinaryIO:
    """The file, opened for reading.

    Raises:
        SeedError: it is a folder, a device or a pipe (which would be waited for without end), or cannot be opened.
    """
    try:
        if path.is_dir():
            raise SeedError(f"{path}: is a folder, not a file")
        if not path.exists():
            raise SeedError(f"{path}: there is no such file")
        if not path.is_file():
            raise SeedError(f"{path}: is neither a file nor a folder")
        return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise SeedError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def open_members(path: Path, source: str, limits: Limits) -> Iterator[Member | BadSeed]:
    """The line files in a plain file, .gz, .tar, .tar.gz or .zip, in their order, and what of it is refused.

    Folders, hidden files and the resource files that macOS adds are passed over. An archive inside an archive is
    refused, and so are links, devices, and members whose path leads out of the archive.

    Args:
        source: what to call the file in reports; members add their own path to it.

    Raises:
        SeedError: the file cannot be opened.
    """
    with open_file(path) as file:
        size = path.stat().st_size
        most = min(limits.unpacked_bytes, max(limits.always_bytes, limits.ratio * size))
        head = file.read(4)
        file.seek(0)
        if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            yield from _zip_members(file, size, source, most)
            return
        if head[:2] == b"\x1f\x8b":
            # read1 hands over what came before a break; read would lose it
            stream = Stream(gzip.GzipFile(fileobj=file).read1, most)
        else:
            stream = Stream(file.read, max(most, size))
        start = stream.peek(_BLOCK)
        if len(start) == _BLOCK and start[257:262] == b"ustar":
            yield from _tar_members(stream, source)
        else:
            yield Member(source, stream)


def read_lines(member: Member, limits: Limits) -> Iterator[tuple[int, bytes] | BadSeed]:
    """The lines of a member with their numbers from 1, blank ones left out; reports where lines are refused.

    A line longer than `limits.line_bytes` is passed over without being held. What begins as another format is refused
    as a whole, at its first line.
    """
    source, stream = member
    head = stream.peek(_BLOCK)
    if problem := _problem_with(head):
        yield BadSeed(source=source, record="line 1", reason=problem)
        return
    if not head and not stream.is_broken:
        yield BadSeed(source=source, record="line 1", reason="empty_file")
        return
    number = 1
    held: list[bytes] = []  # the beginnings of a line that is not yet whole
    holding = 0
    too_long = False
    if head[:3] == b"\xef\xbb\xbf":
        stream.read_exactly(3)
    while True:
        try:
            chunk = stream.read(CHUNK)
        except SeedError as error:
            yield BadSeed(source=source, record=f"line {number}", reason=str(error))
            return
        if not chunk:
            break
        first, *rest = _split_lines(chunk)
        if not too_long:
            held.append(first)
            holding += len(first)
        for following in rest:
            if too_long or holding > limits.line_bytes:
                yield BadSeed(source=source, record=f"line {number}", reason=_too_long(limits))
            elif line := b"".join(held).strip():
                yield number, line
            number += 1
            held, holding, too_long = [following], len(following), False
        if holding > limits.line_bytes:
            held, holding, too_long = [], 0, True
    if too_long:
        yield BadSeed(source=source, record=f"line {number}", reason=_too_long(limits))
    elif line := b"".join(held).strip():
        yield number, line


def _split_lines(chunk: bytes) -> list[bytes]:
    """What `split` gives, which looks at every byte by itself; most lines of articles have tens of thousands."""
    lines = []
    start = 0
    while (end := chunk.find(b"\n", start)) >= 0:
        lines.append(chunk[start:end])
        start = end + 1
    lines.append(chunk[start:])
    return lines


def read_parquet(
    path: Path, source: str, columns: Sequence[str], limits: Limits
) -> Iterator[tuple[int, dict[str, Any]] | BadSeed]:
    """The rows of a Parquet file with their numbers from 1, of these columns those that it has, a few at a time.

    Raises:
        SeedError: the file cannot be opened.
    """
    import pyarrow
    from pyarrow import parquet

    number = 0
    with open_file(path) as file:
        size = path.stat().st_size
        try:
            table = parquet.ParquetFile(file, memory_map=False, pre_buffer=False)
            groups = [table.metadata.row_group(index) for index in range(table.metadata.num_row_groups)]
            unpacked = sum(group.total_byte_size for group in groups)
            if unpacked > min(limits.unpacked_bytes, max(limits.always_bytes, limits.ratio * size)):
                yield BadSeed(source=source, record="file", reason="unpacks_to_too_much: by its own account")
                return
            present = [name for name in table.schema_arrow.names if name in columns]
            if not present:
                yield BadSeed(source=source, record="file", reason="no_known_column")
                return
            for batch in table.iter_batches(batch_size=32, columns=present, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
        except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:  # the last two: dates past 9999
            reason = f"damaged: {printable(str(error))[:200]}"
            yield BadSeed(source=source, record=f"row {number + 1}", reason=reason)


# --- what a stream holds ---------------------------------------------------------------------------------------------


def _problem_with(head: bytes) -> str:
    for magic, name in _UNREADABLE.items():
        if head.startswith(magic):
            return f"unsupported_format: {name}"
    if head.startswith(_ARCHIVES):
        return "nested_archive: unpack it first"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "markup_page: HTML or XML, not lines of JSON; perhaps an error page saved as data"
    if head and not head.strip(b"\0"):
        return "null_bytes: the file begins with nothing but zeros"
    return ""


def _too_long(limits: Limits) -> str:
    return f"line_too_long: more than {limits.line_bytes} bytes"


def _refusal(source: str, name: str) -> BadSeed | None:
    """Why a member of this name is not read, if it is not."""
    place = PurePosixPath(name.replace("\\", "/"))
    reason = ""
    if place.is_absolute() or ".." in place.parts or (len(name) > 1 and name[1] == ":"):
        reason = "member_outside_folder"
    elif "\0" in name or place.suffix.lower() not in LINE_FILES:
        reason = "member_of_another_kind"
    return BadSeed(source=source, record=_called(name), reason=reason) if reason else None


def _is_hidden(name: str) -> bool:
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in name.split("/"))


def _called(name: str) -> str:
    return printable(name)[:200].replace("\0", "\N{SYMBOL FOR NULL}")


# --- zip -------------------------------------------------------------------------------------------------------------


def _zip_members(file: BinaryIO, size: int, source: str, most: int) -> Iterator[Member | BadSeed]:
    if _zip_directory_bytes(file, size) > _MOST_ZIP_DIRECTORY:
        yield BadSeed(source=source, record="file", reason="too_many_members: the list of members is too long to read")
        return
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as error:
        yield BadSeed(source=source, record="file", reason=f"damaged: {printable(str(error))[:200]}")
        return
    with archive:
        unpacked = 0  # one limit for all members together: many small bombs are one large bomb
        for info in archive.infolist():
            if info.is_dir() or _is_hidden(info.filename):
                continue
            refusal = _refusal(source, info.filename)
            if refusal is None and (info.external_attr >> 16) & 0o170000 == 0o120000:
                refusal = BadSeed(source=source, record=_called(info.filename), reason="link")
            if refusal is None and info.flag_bits & 1:
                refusal = BadSeed(source=source, record=_called(info.filename), reason="encrypted")
            if refusal is not None:
                yield refusal
                continue
            unpacked += info.file_size
            if unpacked > most:
                reason = "unpacks_to_too_much: far more comes out than the file weighs"
                yield BadSeed(source=source, record=_called(info.filename), reason=reason)
                return
            try:
                member = archive.open(info)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
                reason = f"damaged: {printable(str(error))[:200]}"
                yield BadSeed(source=source, record=_called(info.filename), reason=reason)
                continue
            with member:
                yield Member(f"{source}/{_called(info.filename)}", Stream(member.read1, info.file_size))


def _zip_directory_bytes(file: BinaryIO, size: int) -> int:
    """How long the list of members says it is; 0 where there is no such list, which the library will report."""
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0
    (length,) = struct.unpack_from("<L", tail, at + 12)
    locator = at - 20
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":  # a zip of more than 4 GB
        (place,) = struct.unpack_from("<Q", tail, locator + 8)
        if place >= size:
            return 0
        file.seek(place)
        record = file.read(56)
        file.seek(0)
        if len(record) == 56:
            (length,) = struct.unpack_from("<Q", record, 40)
    return length


# --- tar -------------------------------------------------------------------------------------------------------------
# The headers are the standard library's to read; the walk over them is not, because it reads extended headers of any
# size whole and keeps every member it has seen.


def _tar_members(stream: Stream, source: str) -> Iterator[Member | BadSeed]:
    path = ""  # what an extended header says of the member that follows
    length: int | None = None
    while True:
        try:
            block = stream.read_exactly(_BLOCK)
            if not block.strip(b"\0"):
                return
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            size = info.size if length is None else length
            if size < 0:
                raise SeedError("damaged: a member of negative size")
            if info.type in (tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME):
                if size > _MOST_TAR_EXTENSION:
                    raise SeedError(f"damaged: an extended header of {size} bytes")
                data = stream.read_exactly(size)
                _skip(stream, -size % _BLOCK)
                if info.type == tarfile.GNUTYPE_LONGNAME:
                    path = data.rstrip(b"\0").decode("utf-8", "surrogateescape")
                else:
                    told = _pax_records(data)
                    path = told.get("path", path)
                    length = _size_of(told.get("size", ""))
                continue
        except tarfile.HeaderError as error:
            yield BadSeed(source=source, record="file", reason=f"damaged: {error}")
            return
        except SeedError as error:
            yield BadSeed(source=source, record="file", reason=str(error))
            return
        name, path, length = path or info.name, "", None
        member = _TarMember(stream, size)
        if info.type in (tarfile.DIRTYPE, tarfile.XGLTYPE) or _is_hidden(name):
            pass
        elif info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            yield BadSeed(source=source, record=_called(name), reason="link")
        elif info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE):
            yield BadSeed(source=source, record=_called(name), reason="not_a_file")
        elif refusal := _refusal(source, name):
            yield refusal
        else:
            inner = Stream(member.read, size)
            yield Member(f"{source}/{_called(name)}", inner)
        if stream.is_broken:
            return  # reported by whoever read the member
        try:
            _skip(stream, member.left + -size % _BLOCK)
        except SeedError as error:
            yield BadSeed(source=source, record=_called(name), reason=str(error))
            return


class _TarMember:
    """The bytes of one member, out of the archive's stream."""

    def __init__(self, stream: Stream, size: int) -> None:
        self._stream = stream
        self.left = size

    def read(self, size: int) -> bytes:
        if not self.left:
            return b""
        data = self._stream.read(min(size, self.left))
        if not data:
            raise EOFError
        self.left -= len(data)
        return data


def _skip(stream: Stream, size: int) -> None:
    while size and (data := stream.read(min(size, CHUNK))):
        size -= len(data)


def _size_of(said: str) -> int | None:
    """The size that an extended header says.

    Raises:
        SeedError: more digits than any size has; Python refuses to read some thousands of them.
    """
    if len(said) > _MOST_DIGITS:
        raise SeedError(f"damaged: a size of {len(said)} digits")
    return int(said) if said.isdecimal() else None


def _pax_records(data: bytes) -> dict[str, str]:
    """The "length key=value" lines of a POSIX extended header; what does not have that form ends the reading."""
    told: dict[str, str] = {}
    at = 0
    while at < len(data):
        length, space, _ = data[at : at + 20].partition(b" ")
        if not space or not length.isdigit() or int(length) <= len(length) + 1:
            break
        line = data[at + len(length) + 1 : at + int(length)].rstrip(b"\n")
        key, _, value = line.partition(b"=")
        told[key.decode("utf-8", "surrogateescape")] = value.decode("utf-8", "surrogateescape")
        at += int(length)
    return told
