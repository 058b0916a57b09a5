"""DuckDB's extensions as Python packages bring them (`duckdb-extension-httpfs` and others, in the extra `lake`)."""

import importlib.util
from pathlib import Path

import duckdb


def packaged_extension(name: str) -> Path | None:
    """The file of an extension for this DuckDB, where a package with it is installed."""
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    if found is None or found.origin is None:
        return None
    return next((Path(found.origin).parent / "extensions").glob(f"v{duckdb.__version__}/*.duckdb_extension"), None)
