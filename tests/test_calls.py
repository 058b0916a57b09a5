import json
import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.log import CallLog
from synth_assets.calls.record import SCHEMA, Call, Folded
from synth_assets.calls.sums import Tally
from synth_assets.errors import WarehouseBroken


def a_call(number: int, **changes: object) -> Call:
    call = Call(
        call_id=f"call-{number}",
        candidate_id=f"candidate-{number // 2}",
        step="query",
        exercise="memorization",
        language="pl",
        attempt=0,
        sample=number % 2,
        role="query",
        model="scripted",
        address="direct http://localhost:1/v1",
        request=json.dumps({"messages": [{"role": "user", "content": f'zażółć "{number}"\n'}]}, ensure_ascii=False),
        templates='["memorization/query@abc"]',
        reply=f"gęślą jaźń {number}\n\u2028second line",
        finish_reason="stop",
        prompt_tokens=10,
        completion_tokens=5,
        cost_usd=0.25,
        error=None,
        http_attempts=1,
        started_at="2026-01-01T00:00:00.000+00:00",
        finished_at="2026-01-01T00:00:01.000+00:00",
        run_id="run",
        logprobs=None,
    )
    return replace(call, **changes)


CALLS = [a_call(number) for number in range(6)]
CANDIDATES = [f"candidate-{number}" for number in range(3)]


def by_id(calls: list[Call]) -> dict[str, Call]:
    return {call.call_id: call for call in calls}


def journals(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "journal").glob("*.jsonl") if path.stem != "000-empty")


def segments(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "segments").glob("*.parquet") if path.stem != "000-empty")


def write(folder: Path, calls: list[Call], run_id: str = "run") -> Path:
    """A journal as a run leaves it that ended without folding."""
    with CallFolder(folder, run_id) as log:
        for call in calls:
            log.append(call)
    return journals(folder)[-1]


def test_an_appended_call_is_found_at_once_by_another_log(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log, CallFolder(tmp_path, "other") as other:
        for call in CALLS:
            log.append(call)
            assert other.stored([call.candidate_id], "query")[call.call_id] == call


def test_folding_changes_no_call(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log:
        for call in CALLS:
            log.append(call)
        assert log.fold() == Folded(journals=1, calls=6)
        assert not journals(tmp_path)
        assert [path.name for path in segments(tmp_path)] == ["run-0.parquet"]
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)


def test_calls_after_a_fold_go_to_the_next_journal(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log:
        for call in CALLS[:3]:
            log.append(call)
        log.fold()
        for call in CALLS[3:]:
            log.append(call)
        assert [path.name for path in journals(tmp_path)] == ["run-1.jsonl"]
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)
        assert log.totals().answered.calls == 6


def test_folding_nothing_makes_no_segment(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log:
        assert log.fold() == Folded()
        assert not segments(tmp_path)


def test_stored_gives_only_the_candidates_and_the_step_asked_for(tmp_path: Path) -> None:
    drafts = [replace(call, call_id=f"draft-{call.call_id}", step="draft") for call in CALLS]
    with CallFolder(tmp_path, "run") as log:
        for call in CALLS[:3] + drafts[:3]:
            log.append(call)
        log.fold()
        for call in CALLS[3:] + drafts[3:]:
            log.append(call)
        assert log.stored(["candidate-1"], "draft") == by_id(drafts[2:4])
        assert log.stored(["nobody"], "draft") == {}
        assert log.stored([], "draft") == {}


def test_a_refused_call_is_kept_and_counted_but_not_stored(tmp_path: Path) -> None:
    refused = a_call(9, reply=None, error="said no", cost_usd=0.0, prompt_tokens=None, completion_tokens=None)
    with CallFolder(tmp_path, "run") as log:
        log.append(refused)
        assert log.stored([refused.candidate_id], "query") == {}
        assert log.totals().failed == Tally(calls=1)
        log.fold()
        assert log.stored([refused.candidate_id], "query") == {}
        assert log.totals().failed == Tally(calls=1)


def test_a_call_refused_and_later_answered_is_stored(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log:
        log.append(replace(CALLS[0], reply=None, error="said no"))
        log.fold()
        log.append(CALLS[0])
        assert log.stored(["candidate-0"], "query") == by_id(CALLS[:1])


@pytest.mark.parametrize("folded", [0, 3, 6])
def test_totals_are_the_same_folded_or_not(tmp_path: Path, folded: int) -> None:
    with CallFolder(tmp_path, "run") as log:
        for number, call in enumerate([*CALLS[:5], replace(CALLS[5], cost_usd=None)]):
            if number == folded:
                log.fold()
            log.append(call)
        assert log.totals().answered == Tally(calls=6, prompt_tokens=60, completion_tokens=30, usd=1.25, unpriced=1)


def test_the_log_of_a_living_run_is_left_alone(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log, CallFolder(tmp_path, "other") as other:
        log.append(CALLS[0])
        assert other.recover() == Folded()
        log.append(CALLS[1])
        assert other.stored(CANDIDATES, "query") == by_id(CALLS[:2])


def test_recover_folds_what_a_dead_run_left(tmp_path: Path) -> None:
    write(tmp_path, CALLS)
    with CallFolder(tmp_path, "next") as log:
        assert log.recover() == Folded(journals=1, calls=6)
        assert log.recover() == Folded()
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)
    assert not journals(tmp_path)


def test_recover_leaves_the_empty_files_that_globs_need(tmp_path: Path) -> None:
    write(tmp_path, CALLS)
    with CallFolder(tmp_path, "next") as log:
        log.recover()
    assert (tmp_path / "journal" / "000-empty.jsonl").stat().st_size == 0
    assert pl.read_parquet(tmp_path / "segments" / "000-empty.parquet").schema == SCHEMA


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_torn_last_line_is_dropped_and_counted(tmp_path: Path, cut: int) -> None:
    journal = write(tmp_path, CALLS)
    with journal.open("rb+") as file:
        file.truncate(journal.stat().st_size - cut)
    with CallFolder(tmp_path, "next") as log:
        assert set(log.stored(CANDIDATES, "query")) == {call.call_id for call in CALLS[:5]}
        done = log.recover()
        # A line that lacks nothing but its newline is whole.
        kept = 6 if cut == 1 else 5
        assert done == Folded(journals=1, calls=kept, torn=6 - kept)
        assert log.stored(CANDIDATES, "query") == by_id(CALLS[:kept])


@pytest.mark.parametrize(
    "spoilt",
    [
        b"not json",
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b'{"call_id": "only this"}',
        json.dumps(dict.fromkeys(SCHEMA, 10**30)).encode(),
    ],
    ids=["text", "empty", "no_utf8", "list", "too_few", "wrong_types"],
)
def test_a_broken_line_is_set_aside_and_reported(tmp_path: Path, spoilt: bytes) -> None:
    journal = write(tmp_path, CALLS)
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([*lines[:2], spoilt, *lines[2:]]))
    with CallFolder(tmp_path, "next") as log:
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)
        done = log.recover()
        assert (done.calls, done.torn) == (6, 0)
        (broken,) = done.broken
        assert (broken.file, broken.line) == (journal, 3)
        assert broken.kept_in.read_bytes() == spoilt + b"\n"
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)


def folded_once(folder: Path) -> tuple[Path, bytes, Path, bytes]:
    """A journal and its segment, with their content; both are gone."""
    journal = write(folder, CALLS)
    before = journal.read_bytes()
    with CallFolder(folder, "next") as log:
        log.recover()
    (segment,) = segments(folder)
    after = segment.read_bytes()
    segment.unlink()
    return journal, before, segment, after


@pytest.mark.parametrize("moment", ["before", "temporary_half_written", "temporary_written", "renamed", "unlinked"])
def test_a_crash_while_folding_neither_loses_nor_doubles(tmp_path: Path, moment: str) -> None:
    journal, before, segment, after = folded_once(tmp_path)
    temporary = segment.with_name(f"{segment.name}.tmp")
    if moment != "unlinked":
        journal.write_bytes(before)
    if moment == "temporary_half_written":
        temporary.write_bytes(after[: len(after) // 2])
    if moment == "temporary_written":
        temporary.write_bytes(after)
    if moment in {"renamed", "unlinked"}:
        segment.write_bytes(after)
    with CallFolder(tmp_path, "next") as log:
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)
        assert log.totals().answered.calls == 6
        log.recover()
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)
        assert log.totals().answered.calls == 6
    assert not journals(tmp_path)
    assert [path.name for path in (tmp_path / "segments").iterdir() if path.suffix == ".tmp"] == []


def test_a_folder_that_nobody_touched_for_long_is_read_alike_each_time_and_what_comes_then_is_seen(
    tmp_path: Path,
) -> None:
    calls = [a_call(number, candidate_id=f"{number:x}" * 64) for number in range(9)]
    place = tmp_path / "segments"

    def fold(some: list[Call], run_id: str) -> None:
        with CallFolder(tmp_path, run_id) as other:
            append_all(other, some)
            other.fold()

    def told(log: CallFolder) -> list[list[str]]:
        return [[call.call_id for call in log.of_candidates([each.candidate_id])] for each in calls]

    for number in range(0, 6, 2):
        fold(calls[number : number + 2], f"run{number}")
    with CallFolder(tmp_path, "reader") as log:
        hour_ago = place.stat().st_mtime - 3600
        os.utime(place, (hour_ago, hour_ago))
        first = told(log)
        assert [len(found) for found in first] == [1] * 6 + [0] * 3
        assert told(log) == first
        fold(calls[6:], "later")
        assert len(segments(tmp_path)) == 4
        os.utime(place, (hour_ago + 60, hour_ago + 60))
        assert [len(found) for found in told(log)] == [1] * 9
        log.compact()
        assert told(log) == [[call.call_id] for call in calls]


def test_a_journal_never_takes_the_name_of_a_segment(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log:
        log.append(CALLS[0])
        log.fold()
    with CallFolder(tmp_path, "run") as again:
        again.append(CALLS[1])
        assert [path.name for path in journals(tmp_path)] == ["run-1.jsonl"]
        again.fold()
        assert again.stored(CANDIDATES, "query") == by_id(CALLS[:2])


def test_full_journals_are_folded_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth_assets.calls.journal.ROTATE_BYTES", 2000)
    monkeypatch.setattr("synth_assets.calls.journal.SYNC_SECONDS", 0.01)
    with CallFolder(tmp_path, "run") as log:
        for call in CALLS:
            log.append(call)
        while not segments(tmp_path):
            threading.Event().wait(0.01)
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)
        assert log.totals().answered.calls == 6


def test_a_write_that_fails_says_so_and_spoils_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    with CallFolder(tmp_path, "run") as log:
        log.append(CALLS[0])
        monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:50]))  # a disk that fills up
        with pytest.raises(WarehouseBroken, match=r"run-0\.jsonl: cannot be written: only 50 of"):
            log.append(CALLS[1])
        monkeypatch.undo()
        log.append(CALLS[2])
        assert log.fold() == Folded(journals=1, calls=2)


def append_all(log: CallLog, calls: list[Call]) -> None:
    for call in calls:
        log.append(call)


def test_many_threads_may_append_to_one_log(tmp_path: Path) -> None:
    calls = [a_call(number) for number in range(400)]
    with CallFolder(tmp_path, "run") as log:
        threads = [threading.Thread(target=append_all, args=(log, calls[part::4])) for part in range(4)]
        for thread in threads:
            thread.start()
        log.fold()
        for thread in threads:
            thread.join()
        log.fold()
        assert log.stored({call.candidate_id for call in calls}, "query") == by_id(calls)
        assert log.totals().answered.calls == 400


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_calls import a_call
from synth_assets.calls.folder import CallFolder
from synth_assets.calls.log import CallLog
start = int(sys.argv[1])
with CallFolder(Path(sys.argv[2]), "same") as log:
    print("ready", flush=True)
    for number in range(start, start + 200):
        log.append(a_call(number))
        if number % 20 == 0:
            log.fold()
            log.recover()
"""


def test_two_processes_with_one_run_id_lose_and_double_nothing(tmp_path: Path) -> None:
    program = WRITER.format(tests=str(Path(__file__).parent))
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(start), str(tmp_path)], stdout=subprocess.DEVNULL)
        for start in (0, 200)
    ]
    with CallFolder(tmp_path, "reader") as log:
        counts = [log.totals().answered.calls]
        while any(writer.poll() is None for writer in writers):
            counts.append(log.totals().answered.calls)
        assert [writer.returncode for writer in writers] == [0, 0]
        log.recover()
        counts.append(log.totals().answered.calls)
        assert counts == sorted(counts)  # never doubled in between, not even for a moment
        assert counts[-1] == 400
        calls = [a_call(number) for number in range(400)]
        assert log.stored({call.candidate_id for call in calls}, "query") == by_id(calls)


@pytest.mark.exhaustive
def test_a_journal_cut_at_any_byte_keeps_every_whole_call(tmp_path: Path) -> None:
    journal = write(tmp_path, CALLS[:3])
    content = journal.read_bytes()
    journal.unlink()
    rng = random.Random(7)
    for cut in sorted(rng.sample(range(len(content)), 200)):
        journal.write_bytes(content[:cut])
        with CallFolder(tmp_path, "next") as log:
            log.recover()
            whole = content[: cut + 1].count(b"\n")  # a line that lacks only its newline is whole
            assert log.stored(CANDIDATES, "query") == by_id(CALLS[:whole])
        for segment in segments(tmp_path):
            segment.unlink()


def test_duckdb_reads_journal_and_segment_alike(tmp_path: Path) -> None:
    with CallFolder(tmp_path, "run") as log:
        for call in CALLS[:3]:
            log.append(call)
        log.fold()
        for call in CALLS[3:]:
            log.append(call)
        types = {pl.String(): "varchar", pl.Int64(): "bigint", pl.Float64(): "double"}
        columns = {name: types[dtype] for name, dtype in SCHEMA.items()}
        with duckdb.connect() as connection:
            rows = connection.execute(
                """
                select * from read_parquet($segments)
                union all by name
                select * from read_json($journals, format = 'newline_delimited', columns = $columns)
                order by call_id
                """,
                {
                    "segments": str(tmp_path / "segments" / "*.parquet"),
                    "journals": str(tmp_path / "journal" / "*.jsonl"),
                    "columns": columns,
                },
            ).fetchall()
    assert rows == [tuple(getattr(call, name) for name in SCHEMA) for call in CALLS]


def test_a_run_id_that_is_no_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="run_id"):
        CallFolder(tmp_path, "../outside")
