"""Rows on their way into a large table: Arrow batches in a temporary file, so that a step of gigabytes takes no memory.

The steps are large because a table's row groups are then, and because processes that read and cut end around each of
them. What was written in small steps DuckDB puts together later, up to 122,880 rows: with steps of 24 MB, a corpus of
five gigabytes would be written many times.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow
from pyarrow import compute

from synth_assets.warehouse import columns

_ARROW_TYPES: Mapping[str, pyarrow.DataType] = {
    "varchar": pyarrow.string(),
    "json": pyarrow.string(),
    "integer": pyarrow.int32(),
    "bigint": pyarrow.int64(),
    "boolean": pyarrow.bool_(),
    "blob": pyarrow.binary(),
    "timestamptz": pyarrow.timestamp("us", "UTC"),
    "varchar[]": pyarrow.list_(pyarrow.string()),
}

_PENDING_BYTES = 4 << 20


class HeldRows:
    """Rows of one table, in the order they came in. A context manager.

    Args:
        folder: where the temporary file is made.
    """

    def __init__(self, table: str, folder: Path) -> None:
        self.table = table
        self.size = 0  # bytes
        self._columns = columns(table)
        self._schema = pyarrow.schema([
            pyarrow.field(column.name, _ARROW_TYPES[column.type]) for column in self._columns])  # fmt: skip
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._pending: list[Mapping[str, Any]] = []
        self._pending_size = 0
        self._writer: pyarrow.ipc.RecordBatchStreamWriter | None = None

    def __enter__(self) -> "HeldRows":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the rows and the file."""
        self._file.close()

    def append(self, row: Mapping[str, Any], size: int) -> None:
        """One row, of about so many bytes; columns that it does not name are null."""
        self._pending.append(row)
        self._pending_size += size
        self.size += size
        if self._pending_size >= _PENDING_BYTES:
            self._write_pending()

    def _write_pending(self) -> None:
        rows, self._pending, self._pending_size = self._pending, [], 0
        if rows:
            self._write([pyarrow.array([row.get(field.name) for row in rows], type=field.type)
                         for field in self._schema])  # fmt: skip

    def add(self, count: int, values: Mapping[str, list[Any]], same: Mapping[str, Any]) -> None:
        """So many rows: the values of each column, and of some columns one value for all; others are null."""
        if not count:
            return
        arrays = []
        for column, field in zip(self._columns, self._schema, strict=True):
            if column.name in values:
                arrays.append(pyarrow.array(values[column.name], type=field.type))
            else:
                arrays.append(pyarrow.repeat(pyarrow.scalar(same.get(column.name), type=field.type), count))
        self.size += self._write(arrays)

    def _write(self, arrays: list[pyarrow.Array]) -> int:
        batch = pyarrow.record_batch(arrays, schema=self._schema)
        if self._writer is None:
            self._writer = pyarrow.ipc.new_stream(self._file, self._schema)
        self._writer.write_batch(batch)
        return batch.nbytes

    def batches(self, without: frozenset[str] = frozenset()) -> pyarrow.RecordBatchReader:
        """A reader of the rows from the first, but for those whose first column is one of these."""
        self._write_pending()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._file.seek(0)
        reader = pyarrow.ipc.open_stream(self._file)
        if not without:
            return reader
        known = pyarrow.array(sorted(without))
        fresh = (batch.filter(compute.invert(compute.is_in(batch.column(0), value_set=known))) for batch in reader)
        return pyarrow.RecordBatchReader.from_batches(self._schema, fresh)

    def clear(self) -> None:
        """Forget the rows."""
        self._writer = None
        self._pending, self._pending_size = [], 0
        self.size = 0
        self._file.seek(0)
        self._file.truncate()
