"""Files that workers have in common, here in a folder; tests/cluster has the same on an object store."""

import json
import logging

import numpy as np
import pytest

from synth_assets.errors import WarehouseBroken
from synth_assets.sharing.blobs import FolderBlobs, bring_in_step, digest_of, fetch_folder, publish_folder
from synth_assets.vector_index import VectorIndex
from synth_assets.warehouse import Warehouse

INDEX = "indexes/duplicates/textbook/en/0123"


@pytest.fixture
def blobs(tmp_path):
    return FolderBlobs(tmp_path / "shared")


def some_vectors(count, seed=0):
    made = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def an_index(folder, count=50):
    with VectorIndex.open(folder, 8) as index:
        index.add([f"row-{number}" for number in range(count)], some_vectors(count))
    return folder


def rows_of(folder):
    with VectorIndex.open(folder, 8) as index:
        return len(index), index.damage, index.verify()


# --- blobs


def test_a_blob_is_what_was_written_last_and_nothing_where_there_is_none(blobs):
    assert blobs.read("domains/mine.yaml") is None
    blobs.write("domains/mine.yaml", b"one")
    blobs.write("domains/mine.yaml", b"two")
    assert blobs.read("domains/mine.yaml") == b"two"
    blobs.remove("domains/mine.yaml")
    blobs.remove("domains/mine.yaml")
    assert blobs.read("domains/mine.yaml") is None


def test_files_are_stored_and_fetched_whole_and_names_are_listed_by_their_beginning(blobs, tmp_path):
    source = tmp_path / "source.bin"
    source.write_bytes(bytes(range(256)) * 1000)
    blobs.store("a/b/one", source)
    blobs.write("a/other", b"")
    blobs.write("c", b"c")
    assert blobs.fetch("a/b/one", tmp_path / "deep" / "fetched")
    assert (tmp_path / "deep" / "fetched").read_bytes() == source.read_bytes()
    assert not blobs.fetch("a/b/two", tmp_path / "deep" / "none")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["fetched"]
    assert blobs.names() == ["a/b/one", "a/other", "c"]
    assert blobs.names("a/") == ["a/b/one", "a/other"]
    assert blobs.names("a/o") == ["a/other"]
    assert blobs.names("nothing/") == []


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../up", "a/../../up", "a//b", "a/", ".hidden", "a/.b", "a\\b"])
def test_a_name_that_leads_elsewhere_is_refused(blobs, name, tmp_path):
    with pytest.raises(ValueError, match="names no blob"):
        blobs.write(name, b"x")
    assert not list(tmp_path.rglob("up"))


def test_a_place_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "shared").write_text("a file, and no folder")
    with pytest.raises(WarehouseBroken, match="shared/a"):
        FolderBlobs(tmp_path / "shared").write("a", b"x")


def test_the_blobs_of_a_warehouse_in_a_file_are_the_files_beside_it(tmp_path):
    data = tmp_path / ".synth"
    (data / "domains").mkdir(parents=True)
    (data / "domains" / "mine.yaml").write_text("kept")
    blobs = Warehouse(database=str(data / "warehouse.duckdb")).blobs
    assert blobs.read("domains/mine.yaml") == b"kept"
    assert blobs.fetch("domains/mine.yaml", data / "domains" / "mine.yaml")
    assert bring_in_step(blobs, "domains/mine.yaml", data / "domains" / "mine.yaml")
    an_index(data / INDEX)
    before = sorted(path.name for path in data.rglob("*"))
    assert publish_folder(blobs, INDEX, data / INDEX) == 0
    assert fetch_folder(blobs, INDEX, data / INDEX)
    assert sorted(path.name for path in data.rglob("*")) == before


# --- files that people edit


def test_what_one_machine_changes_comes_to_the_others(blobs, tmp_path):
    one, two = tmp_path / "one" / "tree.yaml", tmp_path / "two" / "tree.yaml"
    assert not bring_in_step(blobs, "tree.yaml", two)
    one.parent.mkdir()
    one.write_text("proposed")
    assert bring_in_step(blobs, "tree.yaml", one)
    assert bring_in_step(blobs, "tree.yaml", two)
    assert two.read_text() == "proposed"
    two.write_text("edited")
    assert bring_in_step(blobs, "tree.yaml", two)
    assert bring_in_step(blobs, "tree.yaml", one)
    assert one.read_text() == blobs.read("tree.yaml").decode() == "edited"
    one.unlink()
    assert bring_in_step(blobs, "tree.yaml", one)
    assert one.read_text() == "edited"


def test_where_both_changed_what_all_use_is_taken_and_the_other_is_kept(blobs, tmp_path, caplog):
    one, two = tmp_path / "one" / "tree.yaml", tmp_path / "two" / "tree.yaml"
    one.parent.mkdir()
    one.write_text("first")
    bring_in_step(blobs, "tree.yaml", one)
    bring_in_step(blobs, "tree.yaml", two)
    one.write_text("mine")
    two.write_text("theirs")
    bring_in_step(blobs, "tree.yaml", two)
    with caplog.at_level(logging.WARNING, logger="synth_assets.sharing"):
        bring_in_step(blobs, "tree.yaml", one)
    assert one.read_text() == "theirs"
    kept = one.with_name(f"tree-{digest_of(b'mine')[:12]}.yaml")
    assert kept.read_text() == "mine"
    assert str(kept) in caplog.text
    assert blobs.read("tree.yaml") == b"theirs"


# --- folders


def test_a_new_worker_fetches_an_index_that_another_published(blobs, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    an_index(one)
    assert publish_folder(blobs, INDEX, one) == 3
    assert publish_folder(blobs, INDEX, one) == 0
    assert fetch_folder(blobs, INDEX, two)
    assert rows_of(two) == (50, "", [])
    with VectorIndex.open(two, 8) as index:
        index.add(["more"], some_vectors(1, seed=1))
        index.remove(["row-3"])
    assert publish_folder(blobs, INDEX, two) > 0
    assert fetch_folder(blobs, INDEX, one)
    assert rows_of(one) == (50, "", [])
    named = set(json.loads((two / "manifest.json").read_text())["files"].values())
    assert set(blobs.names(f"{INDEX}/")) == {f"{INDEX}/{each}" for each in [*named, "manifest.json"]}


def test_where_nobody_published_what_is_here_stays(blobs, tmp_path):
    an_index(tmp_path / "one")
    assert not fetch_folder(blobs, INDEX, tmp_path / "one")
    assert rows_of(tmp_path / "one") == (50, "", [])


def test_what_is_missing_or_changed_here_is_fetched_by_its_hash(blobs, tmp_path):
    one = an_index(tmp_path / "one")
    publish_folder(blobs, INDEX, one)
    vectors = next(one.glob("vectors-*"))
    vectors.unlink()
    next(one.glob("ids-*")).write_bytes(b"damaged")
    assert fetch_folder(blobs, INDEX, one)
    assert vectors.is_file()
    assert rows_of(one)[1].startswith("ValueError")  # its manifest is the same: looked at only when asked to
    assert fetch_folder(blobs, INDEX, one, anew=True)
    assert rows_of(one) == (50, "", [])


def test_two_indexes_that_name_other_files_alike_are_not_mixed(blobs, tmp_path):
    one, two = an_index(tmp_path / "one", 50), an_index(tmp_path / "two", 60)
    publish_folder(blobs, INDEX, one)
    assert fetch_folder(blobs, INDEX, two)
    assert rows_of(two) == (50, "", [])


@pytest.mark.parametrize("damage", ["cut", "gone", "manifest", "path"])
def test_a_damaged_publication_is_not_taken_and_what_is_here_stays(blobs, tmp_path, damage, caplog):
    one, two = an_index(tmp_path / "one"), an_index(tmp_path / "two", 20)
    publish_folder(blobs, INDEX, one)
    names = [name for name in blobs.names(f"{INDEX}/") if not name.endswith("manifest.json")]
    if damage == "cut":
        blobs.write(names[0], blobs.read(names[0])[:-1])
    elif damage == "gone":
        blobs.remove(names[0])
    elif damage == "manifest":
        blobs.write(f"{INDEX}/manifest.json", b"{")
    else:
        manifest = json.loads(blobs.read(f"{INDEX}/manifest.json"))
        manifest["files"]["../../up.npy"] = "0" * 64
        blobs.write(f"{INDEX}/manifest.json", json.dumps(manifest).encode())
    with caplog.at_level(logging.WARNING, logger="synth_assets.sharing"):
        assert not fetch_folder(blobs, INDEX, two)
        assert not fetch_folder(blobs, INDEX, two, anew=True)
    assert "made anew" in caplog.text
    assert rows_of(two) == (20, "", [])
    assert not list(tmp_path.rglob("up.npy"))


def test_a_worker_killed_in_mid_fetch_leaves_nothing_that_is_taken_for_an_index(blobs, tmp_path):
    one, two = an_index(tmp_path / "one"), an_index(tmp_path / "two", 60)
    publish_folder(blobs, INDEX, one)
    (two / ".fetched-dead").mkdir()
    (two / ".fetched-dead" / "vectors-1.f32").write_bytes(b"half")
    (two / "manifest.json").unlink()  # it goes before the first file is replaced
    next(one.glob("vectors-*")).rename(tmp_path / "moved")
    (tmp_path / "moved").rename(two / "vectors-1.f32")
    assert rows_of(two)[1]
    assert fetch_folder(blobs, INDEX, two)
    assert rows_of(two) == (50, "", [])
    assert not list(two.glob(".fetched-*"))
