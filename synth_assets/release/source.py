"""Where a release's rows come from: batches in the order of their ids, so that memory does not depend on how many."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from synth_assets.errors import ReleaseError
from synth_assets.identity import hash_of
from synth_assets.release.parquet import EXTENDED_SCHEMA

BATCH = 8_192


class ReleaseSource(Protocol):
    """Rows of `EXTENDED_SCHEMA` in ascending order of `synth_id`, each id once; read several times, the same each."""

    def split_keys(self) -> Iterator[pl.DataFrame]:
        """The columns `split_key` and `seed_id` of every row, in blocks of any size and order."""
        ...

    def batches(self) -> Iterator[pl.DataFrame]:
        """All rows, in blocks of any size."""
        ...


class FrameSource:
    """Rows that are in memory."""

    def __init__(self, samples: pl.DataFrame) -> None:
        self.samples = samples.sort("synth_id")

    def split_keys(self) -> Iterator[pl.DataFrame]:
        yield self.samples.select("split_key", "seed_id")

    def batches(self) -> Iterator[pl.DataFrame]:
        yield from self.samples.iter_slices(BATCH)


class ParquetSource:
    """Rows in a Parquet file that is sorted already, such as `warehouse_rows.stage_samples` writes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def split_keys(self) -> Iterator[pl.DataFrame]:
        yield from self._read(["split_key", "seed_id"])

    def batches(self) -> Iterator[pl.DataFrame]:
        yield from self._read(EXTENDED_SCHEMA.names())

    def _read(self, columns: list[str]) -> Iterator[pl.DataFrame]:
        from pyarrow.parquet import ParquetFile

        with ParquetFile(self.path, pre_buffer=False) as file:
            for batch in file.iter_batches(batch_size=BATCH, columns=columns, use_threads=False):
                yield pl.from_arrow(batch)


class RowsHash:
    """A hash of rows that does not depend on the batches they came in.

    Every column feeds running hashes of its own (which are null, lengths, bytes), list and struct columns level by
    level, and the whole is the hash of those.
    """

    def __init__(self) -> None:
        self._digests: dict[str, Any] = {}

    def update(self, batch: pl.DataFrame) -> None:
        for name, column in zip(batch.columns, batch.to_arrow(compat_level=pl.CompatLevel.oldest()), strict=True):
            for chunk in column.chunks:
                self._feed(name, chunk)

    def hexdigest(self) -> str:
        whole = hashlib.sha256()
        for name in sorted(self._digests):
            whole.update(f"{name}={self._digests[name].hexdigest()};".encode())
        return whole.hexdigest()

    def _feed(self, name: str, array: Any) -> None:
        from pyarrow import compute, types

        if types.is_list(array.type) or types.is_large_list(array.type):
            lengths = compute.fill_null(array.value_lengths().cast("int64"), -1)
            self._digest(f"{name}#").update(lengths.to_numpy(zero_copy_only=False).data)
            self._feed(f"{name}[]", array.flatten())
        elif types.is_struct(array.type):
            self._digest(f"{name}?").update(array.is_null().to_numpy(zero_copy_only=False).data)
            for number, field in enumerate(array.type):
                self._feed(f"{name}.{field.name}", array.field(number))
        elif types.is_large_string(array.type):
            lengths = compute.fill_null(compute.binary_length(array).cast("int64"), -1)
            self._digest(f"{name}#").update(lengths.to_numpy(zero_copy_only=False).data)
            _, offsets, values = array.buffers()
            if values is not None and len(array):  # polars gives nulls no bytes
                edges = np.frombuffer(offsets, dtype=np.int64)
                first, last = edges[array.offset], edges[array.offset + len(array)]
                self._digest(name).update(memoryview(values)[first:last])
        else:
            self._digest(f"{name}?").update(array.is_null().to_numpy(zero_copy_only=False).data)
            zero = False if types.is_boolean(array.type) else 0
            self._digest(name).update(compute.fill_null(array, zero).to_numpy(zero_copy_only=False).data)

    def _digest(self, name: str) -> Any:
        return self._digests.setdefault(name, hashlib.sha256())


def content_version(source: ReleaseSource, *also: object) -> str:
    """The name that rows give themselves: the first 12 hex digits of the hash of everything in them.

    Args:
        also: what else makes another release of the same rows, as plain JSON (shares of splits, formats).
    """
    rows = RowsHash()
    for batch in source.batches():
        rows.update(as_extended(batch))
    return hash_of("release", rows.hexdigest(), *also)[:12]


def as_extended(batch: pl.DataFrame) -> pl.DataFrame:
    """The batch in the columns and types of `EXTENDED_SCHEMA`.

    Raises:
        ReleaseError: a column is missing, or holds what its type cannot.
    """
    missing = [name for name in EXTENDED_SCHEMA if name not in batch.columns]
    if missing:
        raise ReleaseError(f"the rows of a release lack the columns {', '.join(missing)}")
    try:
        return batch.select(pl.col(name).cast(kind) for name, kind in EXTENDED_SCHEMA.items())
    except pl.exceptions.PolarsError as error:
        raise ReleaseError(f"the rows of a release have a column of another type: {error}") from error
