"""Seeds that lie in a bucket: the same articles as from the disk, and one clear message where they cannot be had."""

import gzip
import json
import os
from urllib.parse import urlsplit

import pyarrow
import pytest
from pyarrow import fs, parquet

from synth_assets.errors import SeedError
from synth_assets.lake.warehouse import DATA_SETTING
from synth_assets.seeds.base import Seed
from synth_assets.seeds.structured_contents import StructuredContents
from synth_assets.warehouse import RemoteFiles
from tests.conftest import CHECKOUT, error_lines, synth_assets
from tests.seeds.test_structured_contents import article

pytestmark = pytest.mark.cluster

PAGES = [{"text": f"Bees of hive {number} gather nectar from heather. " * 20, "who": f"Bob {number}", "score": number}
         for number in range(40)]  # fmt: skip


@pytest.fixture
def bucket(settings, tmp_path):
    """Puts a file of the folder into the bucket, and gives its address."""
    place = urlsplit(settings["AWS_ENDPOINT_URL_S3"])
    store = fs.S3FileSystem(
        access_key=settings["AWS_ACCESS_KEY_ID"], secret_key=settings["AWS_SECRET_ACCESS_KEY"], region="us-east-1",
        endpoint_override=place.netloc, scheme=place.scheme,
    )  # fmt: skip
    folder = f"{urlsplit(settings[DATA_SETTING]).netloc}/seeds-{os.getpid()}-{tmp_path.name}"

    def put(name):
        with store.open_output_stream(f"{folder}/{name}", compression=None) as stream:  # the name may end in .gz
            stream.write((tmp_path / name).read_bytes())
        return f"s3://{folder}/{name}"

    return put


def read(folder, path):
    reader = StructuredContents((path,), base=folder, remote=RemoteFiles())
    return [item for file in reader.files(("en",)) for item in reader.read(file)]


def command(folder, *arguments):
    """The command line with the environment of these tests, which has the extra's packages."""
    path = os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")])
    return synth_assets(folder, *arguments, PYTHONPATH=path)


def told(seeds):
    assert [seed for seed in seeds if not isinstance(seed, Seed)] == []
    return [(seed.title, seed.url, seed.license, seed.revision, seed.blocks) for seed in seeds]


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.gz", "a.parquet"])
def test_articles_in_a_bucket_are_those_on_the_disk(tmp_path, bucket, name):
    records = [article(f"Ada {number}", number) for number in range(30)]
    (tmp_path / "a.ndjson").write_bytes(b"\n".join(json.dumps(record).encode() for record in records))
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress((tmp_path / "a.ndjson").read_bytes()))
    parquet.write_table(pyarrow.Table.from_pylist(records), tmp_path / "a.parquet")
    here, there = read(tmp_path, name), read(tmp_path, bucket(name))
    assert len(here) == 30
    assert told(there) == told(here)


def test_a_glob_of_a_bucket_names_its_files_and_what_changed_of_one_changes_its_state(tmp_path, bucket):
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_text("\n".join(map(json.dumps, PAGES)), "utf-8")
    places = [bucket(name) for name in ("one.jsonl", "two.jsonl")]
    pattern = f"{places[0].rpartition('/')[0]}/*.jsonl"
    before = dict(RemoteFiles().list(pattern))
    assert list(before) == places
    (tmp_path / "two.jsonl").write_text(json.dumps(PAGES[0]), "utf-8")
    bucket("two.jsonl")
    after = dict(RemoteFiles().list(pattern))
    assert [after[place] == before[place] for place in places] == [True, False]


def test_the_command_says_what_rows_in_a_bucket_would_give(tmp_path, bucket):
    parquet.write_table(pyarrow.Table.from_pylist(PAGES), tmp_path / "pages.parquet")
    where = bucket("pages.parquet")
    asked = ("--reader", "rows", "--collection", "pages", "--license", "CC-BY-4.0", "--json")
    there, here = (command(tmp_path, "seeds", "check", place, *asked) for place in (where, "pages.parquet"))
    assert there.returncode == 0, there.stderr
    assert json.loads(there.stdout) == json.loads(here.stdout.replace("pages.parquet", where))


@pytest.mark.parametrize(
    ("address", "changed", "said"),
    [
        ("s3://no-such-bucket/a.ndjson", {}, "no-such-bucket"),
        ("s3://synth/nothing-there.parquet", {}, "nothing"),
        ("s3://synth/a.ndjson", {"AWS_SECRET_ACCESS_KEY": "planted-wrong-key"}, "403"),
        ("s3://synth/a.ndjson", {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}, "127.0.0.1:9"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_address_without_keys(
    tmp_path, settings, monkeypatch, address, changed, said
):  # fmt: skip
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SeedError, match=said):
        read(tmp_path, address)
    done = command(tmp_path, "seeds", "check", address, "--reader", "structured_contents")
    assert done.returncode != 0
    (line,) = error_lines(done)
    assert address in line
    assert "planted-wrong-key" not in done.stderr
    assert settings["AWS_SECRET_ACCESS_KEY"] not in done.stderr
