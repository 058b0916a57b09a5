"""Files that workers of a lake have in common, on a real object store."""

import logging
import threading
import time

import pytest

from synth_assets.cluster import objects
from synth_assets.errors import WarehouseBroken
from synth_assets.sharing.blobs import bring_in_step, fetch_folder, publish_folder
from tests.test_blobs import INDEX, an_index, rows_of

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


def test_a_blob_is_what_was_written_last_and_nothing_where_there_is_none(new_lake):
    blobs = new_lake().blobs
    assert blobs.read("domains/mine.yaml") is None
    assert blobs.names() == []
    blobs.write("domains/mine.yaml", b"one")
    blobs.write("domains/mine.yaml", b"two")
    assert blobs.read("domains/mine.yaml") == b"two"
    blobs.write("domains/empty", b"")
    assert blobs.read("domains/empty") == b""
    blobs.remove("domains/mine.yaml")
    blobs.remove("domains/mine.yaml")
    assert blobs.names() == ["domains/empty"]


def test_files_are_stored_and_fetched_whole_and_names_are_listed_by_their_beginning(new_lake, tmp_path):
    blobs = new_lake().blobs
    source = tmp_path / "source.bin"
    source.write_bytes(bytes(range(256)) * 80_000)  # more than one part of an upload
    blobs.store("a/b/one", source)
    blobs.write("a/other", b"x")
    blobs.write("c", b"c")
    assert blobs.fetch("a/b/one", tmp_path / "deep" / "fetched")
    assert (tmp_path / "deep" / "fetched").read_bytes() == source.read_bytes()
    assert not blobs.fetch("a/b/two", tmp_path / "deep" / "none")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["fetched"]
    assert blobs.names() == ["a/b/one", "a/other", "c"]
    assert blobs.names("a/") == ["a/b/one", "a/other"]
    assert blobs.names("a/o") == ["a/other"]
    with pytest.raises(ValueError, match="names no blob"):
        blobs.write("../up", b"x")
    with pytest.raises(WarehouseBroken, match=r"nowhere\.bin: cannot be read: No such file"):
        blobs.store("a/b/one", tmp_path / "nowhere.bin")


def test_two_lakes_on_one_store_have_each_their_own_and_workers_of_one_the_same(new_lake):
    one = new_lake()
    one.blobs.write("a", b"one")
    other = new_lake(catalog_schema=f"{one.catalog_schema}_other")
    assert other.blobs.read("a") is None
    assert new_lake().blobs.read("a") == b"one"


def test_a_lake_in_a_shared_folder_has_its_blobs_in_it(new_lake, open_folder, tmp_path):
    lake = new_lake(data=str(tmp_path / "shared"))
    lake.blobs.write("a/b", b"here")
    (found,) = (tmp_path / "shared").rglob("b")
    assert found.read_bytes() == b"here"


def test_a_new_worker_fetches_an_index_and_a_tree_that_another_published(new_lake, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    an_index(one / INDEX)
    (one / "tree.yaml").write_text("proposed")
    assert publish_folder(new_lake().blobs, INDEX, one / INDEX) == 3
    assert publish_folder(new_lake().blobs, INDEX, one / INDEX) == 0
    assert bring_in_step(new_lake().blobs, "tree.yaml", one / "tree.yaml")
    assert fetch_folder(new_lake().blobs, INDEX, two / INDEX)
    assert bring_in_step(new_lake().blobs, "tree.yaml", two / "tree.yaml")
    assert rows_of(two / INDEX) == (50, "", [])
    assert (two / "tree.yaml").read_text() == "proposed"


def test_compaction_of_the_lake_leaves_blobs_where_they_are(new_lake, tmp_path):
    lake = new_lake()
    lake.blobs.write("indexes/0123", b"no table's")
    lake.compact()
    outside = lake._lake(None).session()
    orphans = outside.execute(
        "call ducklake_delete_orphaned_files('lake', dry_run => true, cleanup_all => true)"
    ).fetchall()
    outside.close()
    assert lake.blobs.read("indexes/0123") == b"no table's"
    assert [name for (name,) in orphans if "indexes" in name] == [], "a person's clean-up would take it"


# --- servers that are away, and what cannot be used


def test_an_object_store_that_is_away_for_a_while_is_waited_for(new_lake, servers, caplog):
    blobs = new_lake().blobs
    blobs.write("a", b"before")
    objects.stop(servers / "objects")
    later = threading.Timer(2.0, objects.start, [servers / "objects"])
    later.start()
    with caplog.at_level(logging.WARNING, logger="synth_assets.lake"):
        assert blobs.read("a") == b"before"
        blobs.write("a", b"after")
    later.join()
    assert blobs.read("a") == b"after"


def test_an_object_store_that_stays_away_ends_patience(new_lake, servers):
    blobs = new_lake(patience_s=1).blobs
    objects.stop(servers / "objects")
    began = time.monotonic()
    try:
        with pytest.raises(WarehouseBroken, match=r"blobs/.*/a: the object store says no"):
            blobs.write("a", b"x")
    finally:
        objects.start(servers / "objects")
    assert time.monotonic() - began < 120


def test_wrong_keys_are_one_clear_message(new_lake, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    began = time.monotonic()
    for ask in (lambda blobs: blobs.write("a", b"x"), lambda blobs: blobs.read("a"), lambda blobs: blobs.names()):
        with pytest.raises(WarehouseBroken, match=r"blobs/.*the object store says no.*(?i:denied|signature|forbidden)"):
            ask(new_lake().blobs)
    assert time.monotonic() - began < 30
