"""A release is written whole or not at all, the same twice, in splits that share no article, for people to load."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from synth_assets.errors import ReleaseError
from synth_assets.release.manifest import read_manifest, verify_release
from synth_assets.release.parquet import EXTENDED_SCHEMA, ROWS_PER_GROUP, ROWS_PER_SHARD, SYNTH_COLUMNS
from synth_assets.release.source import FrameSource, ParquetSource, content_version
from synth_assets.release.split import SPLITS, decide_splits
from synth_assets.release.writer import write_release
from tests.release.made_up_release import a_pair, a_row, about, by_program, frame_of, some_rows

CHECKOUT = Path(__file__).parents[2]


class InBatches:
    """A source that gives its rows in batches of a size of the test's own."""

    def __init__(self, rows: pl.DataFrame, size: int) -> None:
        self.rows = rows
        self.size = size

    def split_keys(self):
        for batch in self.batches():
            yield batch.select("split_key", "seed_id")

    def batches(self):
        yield from self.rows.iter_slices(self.size)


def visible(folder: Path) -> list[str]:
    """What stands in a folder of releases, but for the lock, which stays."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".writing.lock")


def bytes_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def released_ids(folder: Path, pattern: str = "data/*.parquet") -> list[str]:
    return sorted(pl.read_parquet(folder / pattern).get_column("synth_id"))


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A release of rows of every kind, and those rows."""
    rows = some_rows(600)
    folder = tmp_path_factory.mktemp("releases") / "v1"
    return folder, rows, write_release(folder, FrameSource(rows), about())


# --- what stands in it


def test_the_parquet_files_hold_every_row_once_with_the_published_columns_and_types(released):
    folder, rows, manifest = released
    data = pl.read_parquet(folder / "data/*.parquet")
    assert tuple(data.columns) == SYNTH_COLUMNS
    assert data.sort("synth_id").equals(rows.select(SYNTH_COLUMNS))
    extended = pl.read_parquet(folder / "extended/*.parquet")
    assert extended.schema == EXTENDED_SCHEMA
    assert extended.sort("synth_id").equals(rows)
    assert manifest.samples == rows.height
    assert manifest.words == rows.get_column("words").sum()


def test_jsonl_says_what_the_parquet_says(released):
    folder, rows, _ = released
    lines = [line for split in SPLITS for line in lines_of(folder / "jsonl" / f"{split}.jsonl")]
    assert sorted(lines, key=lambda line: line["synth_id"]) == rows.select(SYNTH_COLUMNS).to_dicts()


def test_a_turn_of_the_assistant_is_the_trace_in_think_marks_and_the_answer(tmp_path):
    rows = frame_of([a_row(1), by_program(2)])
    write_release(tmp_path / "v", FrameSource(rows), about("v"), shares={"train": 1.0, "validation": 0.0, "test": 0.0})
    chat = {line["synth_id"]: line["messages"] for line in lines_of(tmp_path / "v" / "chat" / "train.jsonl")}
    for row in rows.to_dicts():
        trace = row["synthetic_reasoning"]
        thought = f"<think>\n{trace}\n</think>\n" if trace else "<think>\n</think>\n"
        assert chat[row["synth_id"]] == [
            {"role": "user", "content": row["query"]},
            {"role": "assistant", "content": thought + row["synthetic_answer"]},
        ]
    shared = lines_of(tmp_path / "v" / "sharegpt" / "train.jsonl")
    assert [[turn["from"] for turn in line["conversations"]] for line in shared] == [["human", "gpt"]] * 2
    alpaca = lines_of(tmp_path / "v" / "alpaca" / "train.jsonl")
    assert [set(line) for line in alpaca] == [{"synth_id", "instruction", "input", "output"}] * 2


def test_sources_of_rag_stand_in_the_users_turn_and_an_instruction_keeps_its_input(tmp_path):
    blocks = "<source_1>Copper was mined.</source_1>"
    pair = json.dumps({"instruction": "Translate.", "input": "cuivre", "output": "copper"})
    rows = frame_of([a_row(1, constraints=blocks), a_row(2, payload=pair)])
    write_release(tmp_path / "v", FrameSource(rows), about("v"), shares={"train": 1.0, "validation": 0.0, "test": 0.0})
    alpaca = {line["input"]: line["instruction"] for line in lines_of(tmp_path / "v" / "alpaca" / "train.jsonl")}
    assert alpaca == {blocks: "What of matter 1?", "cuivre": "Translate."}
    asked = [line["messages"][0]["content"] for line in lines_of(tmp_path / "v" / "chat" / "train.jsonl")]
    assert f"What of matter 1?\n\n{blocks}" in asked


def test_rows_that_would_break_a_format_are_left_out_of_it_by_a_counted_reason(tmp_path):
    rows = frame_of([
        a_row(1, synthetic_reasoning="so </think> it is"), a_row(2, query="say <|im_end|> now"), a_row(4),
        a_row(5, synthetic_answer=""),
    ])  # fmt: skip
    shares = {"train": 1.0, "validation": 0.0, "test": 0.0}
    manifest = write_release(tmp_path / "v", FrameSource(rows), about("v"), shares=shares)
    assert len(lines_of(tmp_path / "v" / "chat" / "train.jsonl")) == 1
    assert {(each.format, each.reason): each.samples for each in manifest.left_out} == {
        ("chat", "marks_of_chat_in_text"): 2, ("chat", "answer_empty"): 1,
        ("sharegpt", "marks_of_chat_in_text"): 2, ("sharegpt", "answer_empty"): 1,
        ("alpaca", "answer_empty"): 1,
    }  # fmt: skip
    assert len(released_ids(tmp_path / "v")) == 4
    assert "marks_of_chat_in_text" in (tmp_path / "v" / "README.md").read_text("utf-8")


def test_preference_pairs_are_those_of_the_payload_and_there_is_no_folder_without_any(tmp_path):
    shares = {"train": 1.0, "validation": 0.0, "test": 0.0}
    write_release(tmp_path / "a", FrameSource(frame_of([a_pair(7), a_row(1)])), about("a"), shares=shares)
    assert lines_of(tmp_path / "a" / "preference" / "train.jsonl") == [
        {"prompt": "What of 7?", "chosen": "It is so.", "rejected": "No idea."}
    ]
    manifest = write_release(tmp_path / "b", FrameSource(frame_of([a_row(1)])), about("b"), shares=shares)
    assert not (tmp_path / "b" / "preference").exists()
    assert manifest.left_out == ()


def test_only_the_formats_asked_for_are_written(tmp_path):
    write_release(tmp_path / "v", FrameSource(some_rows(20)), about("v"), formats=("chat",))
    assert sorted(path.name for path in (tmp_path / "v").iterdir() if path.is_dir()) == ["chat", "data", "extended"]
    with pytest.raises(ReleaseError, match="no format excel; there are jsonl"):
        write_release(tmp_path / "w", FrameSource(some_rows(20)), about("w"), formats=("excel",))


def test_the_manifest_names_every_file_with_its_hash_and_counts_every_cell(released):
    folder, rows, manifest = released
    assert read_manifest(folder) == manifest
    assert verify_release(folder) == manifest
    found = bytes_of(folder)
    del found["manifest.json"]
    assert {file.name: file.sha256 for file in manifest.files} == found
    assert sum(each.samples for each in manifest.cells) == rows.height
    by_cell = {}
    for each in manifest.cells:
        by_cell[each.cell, each.language] = by_cell.get((each.cell, each.language), 0) + each.samples
    assert by_cell == {tuple(key): n for *key, n in rows.group_by("cell", "language").len().iter_rows()}


def test_a_changed_missing_or_added_file_is_named(tmp_path):
    folder = tmp_path / "v"
    write_release(folder, FrameSource(some_rows(30)), about("v"))
    (folder / "recipe.yaml").write_text("name: other\n")
    (folder / "report.html").unlink()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(
        ReleaseError, match=r"missing: report.html; changed: recipe.yaml; not in the manifest: notes.txt"
    ):
        verify_release(folder)
    with pytest.raises(ReleaseError, match="is no release"):
        read_manifest(tmp_path)


# --- splits


def test_no_article_stands_in_two_splits_and_each_split_has_one(released):
    folder, rows, manifest = released
    articles = {split: set(pl.read_parquet(folder / f"extended/{split}-*.parquet").filter(
        pl.col("seed_id").is_not_null()).get_column("split_key")) for split in SPLITS}  # fmt: skip
    assert all(articles.values())
    assert sum(map(len, articles.values())) == len(set().union(*articles.values()))
    assert set().union(*articles.values()) == set(rows.filter(pl.col("seed_id").is_not_null()).get_column("split_key"))
    assert sum(manifest.splits.values()) == manifest.samples


def test_three_articles_are_enough_for_three_splits_and_two_are_not():
    def splits(count):
        keys = pl.DataFrame({"split_key": [f"article {n}" for n in range(count)], "seed_id": ["s"] * count})
        decided = decide_splits([keys])
        return sorted({decided.of(key) for key in keys.get_column("split_key")})

    assert splits(3) == ["test", "train", "validation"]
    assert len(splits(2)) == 2
    assert len(splits(1)) == 1


def test_splits_keep_to_their_shares_and_do_not_move_when_articles_come():
    def keys(count):
        return pl.DataFrame({"split_key": [f"https://example.org/{n}" for n in range(count)], "seed_id": ["s"] * count})

    first, second = decide_splits([keys(20_000)]), decide_splits(keys(40_000).iter_slices(999))
    names = keys(20_000).get_column("split_key")
    assert first.assign(names).equals(second.assign(names))
    counts = dict(second.assign(keys(40_000).get_column("split_key")).value_counts().iter_rows())
    assert counts["train"] == pytest.approx(39_200, abs=120)
    assert counts["validation"] == pytest.approx(400, abs=80)
    assert counts["test"] == pytest.approx(400, abs=80)


def test_shares_that_are_none_are_refused():
    with pytest.raises(ReleaseError, match="add up to 1"):
        decide_splits([], {"train": 0.9, "validation": 0.0, "test": 0.0})
    with pytest.raises(ReleaseError, match="no split_key"):
        decide_splits(
            [
                pl.DataFrame(
                    {"split_key": [None], "seed_id": ["s"]}, schema={"split_key": pl.String, "seed_id": pl.String}
                )
            ]
        )


# --- the same twice


def test_two_releases_of_one_state_are_byte_identical_whatever_the_batches(tmp_path):
    rows = some_rows(300)
    write_release(tmp_path / "a" / "v", InBatches(rows, 7), about("v"))
    write_release(tmp_path / "b" / "v", InBatches(rows, 300), about("v"))
    assert bytes_of(tmp_path / "a" / "v") == bytes_of(tmp_path / "b" / "v")


def test_row_groups_and_shards_do_not_depend_on_batches(tmp_path):
    import pyarrow.parquet as pq

    count = ROWS_PER_SHARD + ROWS_PER_GROUP + 5
    rows = frame_of([by_program(1)]).select(pl.all().repeat_by(count).explode()).with_columns(
        pl.Series("synth_id", [f"memorization_en_{n:08d}" for n in range(count)]))  # fmt: skip
    shares = {"train": 1.0, "validation": 0.0, "test": 0.0}
    manifest = write_release(tmp_path / "v", InBatches(rows, 5_000), about("v"), shares=shares, formats=())
    names = [file.name for file in manifest.files if file.name.startswith("data/")]
    assert names == ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"]
    groups = [[file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
              for file in (pq.ParquetFile(tmp_path / "v" / name) for name in names)]  # fmt: skip
    assert groups == [[ROWS_PER_GROUP] * (ROWS_PER_SHARD // ROWS_PER_GROUP), [ROWS_PER_GROUP, 5]]


def test_the_version_of_rows_depends_on_every_column_and_on_nothing_else(tmp_path):
    rows = some_rows(60)
    version = content_version(FrameSource(rows))
    assert version == content_version(InBatches(rows, 7))
    rows.write_parquet(tmp_path / "rows.parquet")
    assert version == content_version(ParquetSource(tmp_path / "rows.parquet"))
    for column, value in (
        ("synthetic_answer", "another"), ("quality", 0.123), ("words", 1), ("by_program", None), ("templates", ["t"]),
        ("scores", []), ("payload", None), ("scores", None),
    ):  # fmt: skip
        changed = rows.to_dicts()
        changed[5][column] = value
        assert content_version(FrameSource(frame_of(changed))) != version, column


# --- over an existing version


def test_the_same_rows_again_give_the_same_manifest_and_touch_nothing(tmp_path):
    rows = some_rows(60)
    first = write_release(tmp_path / "v", FrameSource(rows), about("v"))
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "v").rglob("*")}
    assert write_release(tmp_path / "v", InBatches(rows, 9), about("v", refusals=())) == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "v").rglob("*")} == times


def test_other_rows_over_a_version_are_refused_and_it_stays_as_it_was(tmp_path):
    write_release(tmp_path / "v", FrameSource(some_rows(60)), about("v"))
    before = bytes_of(tmp_path / "v")
    with pytest.raises(ReleaseError, match="version v is released already with 60 other samples"):
        write_release(tmp_path / "v", FrameSource(some_rows(61)), about("v"))
    with pytest.raises(ReleaseError, match="same samples in other splits or formats"):
        write_release(tmp_path / "v", FrameSource(some_rows(60)), about("v"), formats=("chat",))
    assert bytes_of(tmp_path / "v") == before
    assert visible(tmp_path) == ["v"]


# --- bad input, a full disk, a kill


def test_rows_that_break_the_sources_promises_are_refused_and_nothing_is_left(tmp_path):
    rows = some_rows(30)
    bad = {
        "ascending order": InBatches(rows.reverse(), 7),
        "each once": InBatches(pl.concat([rows.head(3), rows.head(3)]), 3),
        "lack the columns quality": InBatches(rows.drop("quality"), 7),
        "column of another type": InBatches(rows.with_columns(words=pl.lit("many")), 7),
        "has no rows": InBatches(rows.clear(), 7),
    }
    for message, source in bad.items():
        with pytest.raises(ReleaseError, match=message):
            write_release(tmp_path / "v", source, about("v"))
        assert visible(tmp_path) == []
    with pytest.raises(ReleaseError, match="no name of a version"):
        write_release(tmp_path / "v", FrameSource(rows), about("../v"))


WRITES = """
import resource, signal, sys
from pathlib import Path
from synth_assets.errors import SynthAssetsError
from synth_assets.release.source import FrameSource
from synth_assets.release.writer import write_release
from tests.release.made_up_release import about, some_rows

class Slow(FrameSource):
    def batches(self):
        for number, batch in enumerate(self.samples.iter_slices(20)):
            if number == 5:
                print("half way", flush=True)
                if sys.argv[2] == "wait":
                    sys.stdin.read()
            yield batch

sizes = [int(size) for size in sys.argv[3:]] or [0]
for size in sizes:
    if size:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, sizes[-1]))
    try:
        write_release(Path(sys.argv[1]), Slow(some_rows(400)), about("v"))
    except SynthAssetsError as error:
        print(error, flush=True)
    print(sorted(path.name for path in Path(sys.argv[1]).parent.iterdir()), flush=True)
"""


def writer_process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITES, str(folder), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip


def test_a_disk_that_takes_no_more_leaves_no_release_and_says_so(tmp_path):
    process = writer_process(tmp_path / "v", "full", "1000", "20000", "60000")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    told = [line for line in said.splitlines() if line != "half way"]
    assert len(told) == 6
    for error, left in zip(told[::2], told[1::2], strict=True):
        assert "could not be written, nothing of it was kept: " in error
        assert "too large" in error
        assert left == "['.writing.lock']"


def test_a_killed_release_leaves_nothing_that_looks_like_one_and_the_next_one_cleans_up(tmp_path):
    process = writer_process(tmp_path / "v", "wait")
    assert process.stdout.readline() == "half way\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    assert not (tmp_path / "v").exists()
    write_release(tmp_path / "v", FrameSource(some_rows(400)), about("v"))
    assert visible(tmp_path) == ["v"]
    verify_release(tmp_path / "v")
