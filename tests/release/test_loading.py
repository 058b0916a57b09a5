"""What people load a release with: polars, datasets and mlcroissant, each where it is installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from synth_assets.release.parquet import SYNTH_COLUMNS
from synth_assets.release.source import FrameSource
from synth_assets.release.writer import write_release
from tests.release.made_up_release import about, some_rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("releases") / "0a1b2c3d4e5f"
    write_release(place, FrameSource(some_rows(300)), about("0a1b2c3d4e5f"))
    return place


def in_a_process(tmp_path: Path, code: str, folder: Path) -> dict:
    """What the code prints last, as JSON; these libraries warn of themselves, which would fail a test of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, timeout=240, check=False,
        env={**kept, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_polars_reads_every_kind_of_file(folder):
    assert pl.read_parquet(folder / "data/*.parquet").columns == list(SYNTH_COLUMNS)
    extended = pl.read_parquet(folder / "extended/*.parquet")
    scores = extended.select(pl.col("scores").explode(empty_as_null=False)).unnest("scores")
    assert set(scores.get_column("name")) == {"length", "grounding"}
    for name in ("jsonl", "chat", "alpaca", "sharegpt", "preference"):
        assert pl.read_ndjson(folder / name / "train.jsonl").height


DATASETS = """
import json, sys
from pathlib import Path
from datasets import load_dataset
folder = Path(sys.argv[1])
found = {name: {split: rows.num_rows for split, rows in load_dataset(str(folder), name).items()}
         for name in ("default", "extended")}
found["columns"] = load_dataset(str(folder))["train"].column_names
for name in ("chat", "alpaca", "sharegpt", "preference", "jsonl"):
    found[name] = load_dataset("json", data_files=str(folder / name / "train.jsonl"))["train"].num_rows
print(json.dumps(found))
"""


@pytest.mark.exhaustive
def test_datasets_loads_the_folder_by_its_card(folder, tmp_path):
    pytest.importorskip("datasets")
    found = in_a_process(tmp_path, DATASETS, folder)
    splits = json.loads((folder / "manifest.json").read_text("utf-8"))["splits"]
    assert found["default"] == found["extended"] == splits
    assert found["columns"] == list(SYNTH_COLUMNS)
    assert found["chat"] == found["alpaca"] == found["sharegpt"] == found["jsonl"] == splits["train"]
    assert found["preference"] == 15


CROISSANT = """
import json, sys
import mlcroissant
dataset = mlcroissant.Dataset(jsonld=sys.argv[1] + "/croissant.json")
issues = dataset.metadata.issues
rows = list(dataset.records("extended"))
print(json.dumps({
    "errors": sorted(map(str, issues.errors)), "warnings": sorted(map(str, issues.warnings)), "rows": len(rows),
    "words": sum(row["extended/words"] for row in rows), "samples": len(list(dataset.records("samples"))),
}))
"""


@pytest.mark.exhaustive
def test_mlcroissant_finds_nothing_wrong_and_reads_the_rows_by_the_metadata(folder, tmp_path):
    pytest.importorskip("mlcroissant")
    found = in_a_process(tmp_path, CROISSANT, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert found["errors"] == []
    # a date would differ between two releases of one state
    assert [warning for warning in found["warnings"] if "datePublished" not in warning] == []
    assert found["rows"] == found["samples"] == manifest["samples"]
    assert found["words"] == manifest["words"]


def test_the_metadata_names_every_data_file_with_its_hash_and_where_it_came_from(folder):
    metadata = json.loads((folder / "croissant.json").read_text("utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    hashes = {file["name"]: file["sha256"] for file in manifest["files"]}
    objects = [each for each in metadata["distribution"] if each["@type"] == "cr:FileObject"]
    assert {each["contentUrl"]: each["sha256"] for each in objects} == {
        name: sha256 for name, sha256 in hashes.items() if name.endswith((".parquet", ".jsonl"))
    }
    assert metadata["prov:wasDerivedFrom"][0]["sc:name"] == "vital_articles"
    assert metadata["license"] == ["https://spdx.org/licenses/CC-BY-SA-4.0.html"]
    assert "105 candidates were refused" in metadata["rai:dataManipulationProtocol"]


@pytest.mark.parametrize(("version", "stated"), [
    ("0a1b2c3d4e5f", "0.0.0+0a1b2c3d4e5f"), ("my_own.2", "0.0.0+my-own-2"), ("2.1.0-rc1", "2.1.0-rc1"),
])  # fmt: skip
def test_the_metadata_states_the_version_in_the_form_that_croissant_recommends(tmp_path, version, stated):
    write_release(tmp_path / version, FrameSource(some_rows(20)), about(version))
    assert json.loads((tmp_path / version / "croissant.json").read_text("utf-8"))["version"] == stated
