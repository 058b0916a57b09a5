"""Writing a release: a versioned folder that is there whole or not at all, and is never changed again.

    <version>/
      data/<split>-00000-of-00012.parquet       SYNTH's 14 columns
      extended/<split>-00000-of-00012.parquet   the same rows with ids, scores and everything that leads back
      jsonl/ chat/ alpaca/ sharegpt/ preference/   <split>.jsonl; see `formats`
      README.md croissant.json report.html attribution.jsonl recipe.yaml manifest.json

Rows go by once, in the order of their ids, in row groups of a fixed size: memory does not depend on how many there are.
Everything is written into a hidden folder beside, synced to the disk, and renamed. A lock beside it says that somebody
is writing, so what a killed process left behind is known as such, and is removed by the next one.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

import polars as pl
from filelock import FileLock

from synth_assets.errors import ReleaseError
from synth_assets.release.card import write_card
from synth_assets.release.croissant import write_croissant
from synth_assets.release.formats import FORMATS
from synth_assets.release.info import ReleaseInfo
from synth_assets.release.manifest import LeftOut, Manifest, file_of, list_files, read_manifest
from synth_assets.release.parquet import EXTENDED_SCHEMA, ROWS_PER_GROUP, SYNTH_SCHEMA, ShardWriter
from synth_assets.release.report import write_report
from synth_assets.release.source import ReleaseSource, RowsHash, as_extended
from synth_assets.release.split import DEFAULT_SHARES, SPLITS, Splits, decide_splits
from synth_assets.release.summary import Summary, SummaryOfRows

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FRESH = ".writing-"


def write_release(
    folder: Path,
    source: ReleaseSource,
    about: ReleaseInfo,
    *,
    shares: Mapping[str, float] = DEFAULT_SHARES,
    formats: Sequence[str] = tuple(FORMATS),
) -> Manifest:
    """Write a release to `folder`, which must not be there, or must hold these very rows.

    Args:
        shares: share of the seed articles that each of train, validation and test gets.
        formats: text formats beside the Parquet files, of `formats.FORMATS`.

    Returns:
        The manifest; that of the folder as it stands when it holds the same rows, shares and formats already.

    Raises:
        ReleaseError: the folder holds something else, the source has no rows or breaks its promises (columns, order,
            unique ids), a format or version is none, or the disk says no. Nothing is left behind.
    """
    if unknown := [name for name in formats if name not in FORMATS]:
        raise ReleaseError(f"there is no format {', '.join(unknown)}; there are {', '.join(FORMATS)}")
    if not _VERSION.fullmatch(about.version):
        raise ReleaseError(f"{about.version!r} is no name of a version: letters, digits, '.', '-' and '_', at most 64")
    formats = tuple(name for name in FORMATS if name in formats)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / ".writing.lock", thread_local=False):
            for left in folder.parent.glob(f"{_FRESH}*"):  # whoever wrote it is dead: we have the lock
                shutil.rmtree(left)
            if folder.exists():
                return _same_release(folder, source, dict(shares), formats)
            fresh = folder.parent / f"{_FRESH}{folder.name}"
            try:
                manifest = _write(fresh, source, about, decide_splits(source.split_keys(), shares), formats)
                _sync(fresh)
                os.rename(fresh, folder)
                _sync_folder(folder.parent)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
            return manifest
    except OSError as error:
        raise ReleaseError(
            f"{folder}: the release could not be written, nothing of it was kept: {error.strerror or error}"
        ) from error


def _same_release(folder: Path, source: ReleaseSource, shares: dict[str, float], formats: tuple[str, ...]) -> Manifest:
    """The manifest of what stands there, if it is what would be written."""
    there = read_manifest(folder)
    rows = RowsHash()
    for batch in source.batches():
        rows.update(as_extended(batch))
    if rows.hexdigest() != there.rows_hash:
        what = f"{there.samples:,} other samples"
    elif (there.shares, there.formats) != (shares, formats):
        what = "the same samples in other splits or formats"
    else:
        return there
    raise ReleaseError(
        f"{folder}: version {there.version} is released already with {what}, and a released version is never changed; "
        "release under another version"
    )


def _write(
    folder: Path, source: ReleaseSource, about: ReleaseInfo, splits: Splits, formats: tuple[str, ...]
) -> Manifest:
    total = sum(keys.height for keys in source.split_keys())
    if not total:
        raise ReleaseError(f"{folder.parent}: there is nothing to release: the source has no rows")
    rows_hash, sums = RowsHash(), SummaryOfRows(total)

    def passing() -> Iterator[pl.DataFrame]:
        for batch in _in_order(source):
            rows_hash.update(batch)
            split = splits.assign(batch.get_column("split_key")).alias("split")
            marked = batch.with_columns(split)
            sums.update(marked)
            yield marked

    writers = [
        _Shards(folder / "data", SYNTH_SCHEMA),
        _Shards(folder / "extended", EXTENDED_SCHEMA),
        *(_Lines(folder / name, name) for name in formats),
    ]
    _write_groups(writers, _groups(passing()))
    summary = sums.summary()
    manifest = Manifest(
        version=about.version,
        package_version=about.package_version,
        recipe_hash=about.recipe_hash,
        samples=summary.samples,
        words=summary.words,
        rows_hash=rows_hash.hexdigest(),
        splits={split: count for split in SPLITS if (count := summary.by("split").get(split, 0))},
        shares={split: splits.shares[split] for split in SPLITS},
        formats=formats,
        cells=summary.counts,
        left_out=tuple(each for writer in writers for each in writer.left_out),
        notation=summary.notation,
        files=(),
    )
    return _describe(folder, about, summary, manifest)


def _describe(folder: Path, about: ReleaseInfo, summary: Summary, manifest: Manifest) -> Manifest:
    """Write what speaks of the rows, each file knowing those before it, and the manifest last."""
    (folder / "recipe.yaml").write_text(about.recipe_text.rstrip() + "\n", "utf-8")
    articles = sorted(about.articles, key=lambda each: (each.collection, each.url, each.revision))
    pl.DataFrame(
        [{name: getattr(each, name) for name in each.__slots__} for each in articles],
        schema={"collection": pl.String, "language": pl.String, "title": pl.String, "url": pl.String,
                "license": pl.String, "revision": pl.String, "attribution": pl.String, "samples": pl.Int64},
    ).write_ndjson(folder / "attribution.jsonl")  # fmt: skip
    described = replace(manifest, files=list_files(folder))
    write_card(folder / "README.md", about, summary, described)
    write_croissant(folder / "croissant.json", about, described)
    write_report(folder / "report.html", about, summary, described)
    written = [file_of(folder, folder / name) for name in ("README.md", "croissant.json", "report.html")]
    whole = replace(described, files=tuple(sorted([*described.files, *written], key=lambda file: file.name)))
    whole.write(folder)
    return whole


class _Shards:
    """The Parquet files of one schema."""

    def __init__(self, folder: Path, schema: pl.Schema) -> None:
        folder.mkdir(parents=True)
        self.left_out: tuple[LeftOut, ...] = ()
        self._writers = {split: ShardWriter(folder, split, schema) for split in SPLITS}

    def write(self, split: str, rows: pl.DataFrame) -> None:
        self._writers[split].write_group(rows)

    def close(self) -> None:
        for writer in self._writers.values():
            writer.close()

    def abandon(self) -> None:
        for writer in self._writers.values():
            writer.abandon()


class _Lines:
    """The files of one text format; a split without rows has none."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._files: dict[str, IO[str]] = {}
        self._reasons: Counter[str] = Counter()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return tuple(
            LeftOut(format=self._name, reason=reason, samples=count) for reason, count in sorted(self._reasons.items())
        )

    def write(self, split: str, rows: pl.DataFrame) -> None:
        formatted = FORMATS[self._name].rows_of(rows)
        self._reasons.update(formatted.left_out)
        if formatted.rows.is_empty():
            return
        if split not in self._files:
            self._folder.mkdir(exist_ok=True)
            self._files[split] = (self._folder / f"{split}.jsonl").open("w", encoding="utf-8", newline="\n")
        self._files[split].write(formatted.rows.write_ndjson())

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def abandon(self) -> None:
        for file in self._files.values():
            with suppress(OSError):  # the full disk that led here
                file.close()


def _write_groups(writers: Sequence[_Shards | _Lines], groups: Iterator[tuple[str, pl.DataFrame]]) -> None:
    """Every writer gets every group; while a group is written the next is made, and no more than that is held."""
    under_way: list[Future[None]] = []
    with ThreadPoolExecutor(max_workers=max(2, min(8, os.cpu_count() or 1)), thread_name_prefix="release") as pool:
        try:
            for split, rows in groups:
                for done in under_way:
                    done.result()
                under_way = [pool.submit(writer.write, split, rows) for writer in writers]
            for done in under_way:
                done.result()
            for writer in writers:
                writer.close()
        except BaseException:
            wait(under_way)
            for writer in writers:
                writer.abandon()
            raise


def _groups(batches: Iterable[pl.DataFrame]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows by split in groups of exactly `ROWS_PER_GROUP`, and at the end what is left of each split."""
    held: dict[str, list[pl.DataFrame]] = {split: [] for split in SPLITS}
    for batch in batches:
        for split, frames in held.items():
            rows = batch.filter(pl.col("split") == split)
            if rows.is_empty():
                continue
            frames.append(_copied(rows))
            if sum(frame.height for frame in frames) >= ROWS_PER_GROUP:
                whole = pl.concat(frames)
                full = whole.height - whole.height % ROWS_PER_GROUP
                for start in range(0, full, ROWS_PER_GROUP):
                    yield split, whole.slice(start, ROWS_PER_GROUP)
                held[split] = [_copied(whole.slice(full))]
    for split, frames in held.items():
        if frames and (rest := pl.concat(frames)).height:
            yield split, rest


def _copied(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows in memory of their own.

    What Polars filters or slices refers to the texts of the whole frame: 80 rows of a small split, held until there are
    8,192, would keep a batch of 27 MB alive each, and all of a release would be in memory in the end.
    """
    return pl.from_arrow(rows.to_arrow(compat_level=pl.CompatLevel.oldest()))


def _in_order(source: ReleaseSource) -> Iterator[pl.DataFrame]:
    """The source's batches, held to its promise: ids ascend, so none stands twice."""
    last = ""
    for batch in source.batches():
        rows = as_extended(batch)
        ids = rows.get_column("synth_id")
        before = ids.shift(1, fill_value=last)
        if ids.null_count() or not (ids > before).all():
            raise ReleaseError("the rows of a release must come in ascending order of synth_id, each once")
        last = ids[-1] if ids.len() else last
        yield rows


def _sync(folder: Path) -> None:
    """Bring every file and folder to the disk, so that the rename is of something that survives a power loss."""
    for path in folder.rglob("*"):
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
