"""Duplicates on a real warehouse with the index beside it: rows are planted, so that no model and no encoder runs."""

import multiprocessing
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.textbook import Textbook
from synth_assets.home import Home
from synth_assets.identity import hash_of
from synth_assets.quality.duplicates import Comparable, decide
from synth_assets.stages import duplicates
from synth_assets.stages.duplicates import decide_duplicates, find_kept_pairs
from synth_assets.stages.work import Work
from synth_assets.vector_index import VectorIndex
from tests.conftest import failed_checks, make_work, select
from tests.planted_rows import plant, unit, words

CELL = ("textbook", "en")
RULE = EXERCISES["textbook"].duplicate_rule
# A step on the circle at whose two ends vectors are just too unlike to match.
APART = float(np.arccos(RULE.threshold)) * 1.02
BASE = words(0, 60)


@pytest.fixture
def work(home: Home, write_recipe) -> Work:
    return make_work(home, write_recipe(exercises={"textbook": {"rows": 4}}))


def at(angle: float) -> np.ndarray:
    return unit([np.cos(angle), np.sin(angle), 0.0, 0.0])


def verdicts(work: Work) -> dict[str, tuple[str, str]]:
    rows = select(work.warehouse, "select candidate_id, keeper_id, method from duplicates")
    return {row["candidate_id"]: (row["keeper_id"], row["method"]) for row in rows}


def withdraw(work: Work, *ids: str) -> None:
    when = datetime(2026, 1, 2, tzinfo=UTC)
    work.warehouse.insert(
        "withdrawals", [{"candidate_id": each, "reason": "asked for", "withdrawn_at": when} for each in ids]
    )


def index_folder(work: Work) -> Path:
    (folder,) = (work.home.data / "indexes" / "duplicates" / "textbook" / "en").iterdir()
    return folder


def kept_pairs(work: Work, threshold: float = RULE.threshold) -> int:
    """Pairs of accepted rows at or above the threshold, by comparing all."""
    rows = select(work.warehouse, "select vector from embeddings join candidate_states using (candidate_id) "
                  "where state = 'accepted'")  # fmt: skip
    vectors = np.asarray([row["vector"] for row in rows], dtype=np.float64)
    return int((np.triu(vectors @ vectors.T, 1) >= threshold).sum())


# --- by what rows match


def test_a_copy_is_found_by_its_key_by_its_words_and_by_its_vector_and_the_method_is_told(work):
    changed = BASE.replace("w7 ", "another ")
    plant(work, *CELL, {
        "keeper": {"answer": BASE, "vector": at(0), "composite": 0.9},
        "same": {"answer": BASE.upper(), "vector": at(2)},
        "words": {"answer": changed, "vector": at(3)},
        "vector": {"answer": words(100, 60), "vector": at(0.2)},
        "other": {"answer": words(200, 60), "vector": at(1.5)},
    })  # fmt: skip
    told = decide_duplicates(work, *CELL)
    assert verdicts(work) == {
        "keeper": ("keeper", ""), "same": ("keeper", "exact"), "words": ("keeper", "lexical"),
        "vector": ("keeper", "embedding"), "other": ("other", ""),
    }  # fmt: skip
    assert (told["work"], told["kept"], told["duplicate"]) == (5, 2, 3)
    assert told["methods"] == {"embedding": 1, "exact": 1, "lexical": 1}
    assert told["index"]["rows"] == 2
    assert failed_checks(work.warehouse) == {}
    assert decide_duplicates(work, *CELL) == {"work": 0, "kept": 0, "duplicate": 0, "decided_again": 0}


def test_rows_of_later_rounds_match_what_was_kept_in_every_one_of_the_three_ways(work):
    plant(work, *CELL, {"keeper": {"answer": BASE, "vector": at(0)}})
    decide_duplicates(work, *CELL)
    plant(work, *CELL, {
        "same": {"answer": f" {BASE}", "vector": at(2)},
        "words": {"answer": BASE.replace("w7 ", "another "), "vector": at(3)},
        "vector": {"answer": words(100, 60), "vector": at(0.2)},
    })  # fmt: skip
    told = decide_duplicates(work, *CELL)
    assert {name: found for name, found in verdicts(work).items() if name != "keeper"} == {
        "same": ("keeper", "exact"), "words": ("keeper", "lexical"), "vector": ("keeper", "embedding"),
    }  # fmt: skip
    assert told["index"]["added_before"] == 0
    assert told["index"]["recall"] == {
        "sample": 3, "pairs": 1, "found": 1, "share": 1.0, "every_row_is_compared": True,
    }  # fmt: skip


def test_rows_kept_before_words_were_compared_are_compared_by_them_now(work):
    plant(work, *CELL, {"keeper": {"answer": BASE, "vector": at(0)}})
    decide_duplicates(work, *CELL)
    with work.warehouse.transaction("a test forgets the signatures") as open_:
        open_.connection.execute("delete from lexical_signatures")
    plant(work, *CELL, {"words": {"answer": BASE.replace("w7 ", "another "), "vector": at(3)}})
    decide_duplicates(work, *CELL)
    assert verdicts(work)["words"] == ("keeper", "lexical")
    assert failed_checks(work.warehouse) == {}


def test_a_candidate_without_a_vector_is_a_clear_error_and_nothing_is_decided(work):
    plant(work, *CELL, {"a": {"answer": BASE, "vector": at(0)}, "b": {"answer": words(9, 30), "vector": None}})
    with pytest.raises(SynthAssetsError, match=r"1 of 2 candidates have no vector .*materialize embeddings"):
        decide_duplicates(work, *CELL)
    assert verdicts(work) == {}


def test_pages_decide_what_all_at_once_would(work, monkeypatch):
    monkeypatch.setattr(duplicates, "PAGE", 12)
    rng = np.random.default_rng(4)
    rows = {
        hash_of(number): {
            "answer": words(1000 * number, 30), "vector": at(float(rng.uniform(0, 6))),
            "composite": float(rng.integers(0, 4)) / 4,
        }
        for number in range(40)
    }  # fmt: skip
    plant(work, *CELL, rows)
    decide_duplicates(work, *CELL)
    new = [
        Comparable(candidate_id=name, key=name, vector=row["vector"], quality=row["composite"])
        for name, row in rows.items()
    ]
    expected = {verdict.candidate_id: verdict.keeper_id for verdict in decide(new, [], RULE)}
    assert {name: keeper for name, (keeper, _) in verdicts(work).items()} == expected
    assert 3 < len(set(expected.values())) < 30


# --- the index


def test_withdrawn_rows_leave_the_index_and_the_next_best_is_promoted(work):
    plant(work, *CELL, {
        "a": {"answer": words(1, 30), "vector": at(0), "composite": 0.9},
        "b": {"answer": words(100, 30), "vector": at(0.1), "composite": 0.5},
        "c": {"answer": words(200, 30), "vector": at(0.2), "composite": 0.7},
    })  # fmt: skip
    decide_duplicates(work, *CELL)
    assert {keeper for keeper, _ in verdicts(work).values()} == {"a"}
    withdraw(work, "a")
    told = decide_duplicates(work, *CELL)
    assert told["decided_again"] == 2
    assert told["index"]["removed_before"] == 1
    assert verdicts(work) == {"a": ("a", ""), "b": ("c", "embedding"), "c": ("c", "")}
    with VectorIndex.open(index_folder(work), 4) as index:
        assert index.ids() == ["c"]
    assert failed_checks(work.warehouse) == {}


@pytest.mark.parametrize("damage", ["cut", "gone", "other bytes"])
def test_a_damaged_index_is_built_anew_and_that_is_told(work, caplog, damage):
    plant(work, *CELL, {"a": {"answer": words(1, 30), "vector": at(0)}})
    decide_duplicates(work, *CELL)
    file = next(index_folder(work).glob("vectors-*.f32" if damage == "cut" else "ids-*.npy"))
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-4] if damage == "cut" else b"\x00" * file.stat().st_size)
    plant(work, *CELL, {"b": {"answer": words(100, 30), "vector": at(0.1)}})
    told = decide_duplicates(work, *CELL)
    assert verdicts(work)["b"] == ("a", "embedding")
    assert told["index"]["added_before"] == 1
    assert file.name.split("-")[0] in told["index"]["built_anew_because"]
    assert any("textbook|en is built anew" in record.message for record in caplog.records)


def test_what_a_killed_run_left_in_the_index_alone_keeps_no_row_out(work):
    plant(work, *CELL, {"a": {"answer": words(1, 30), "vector": at(0)}})
    decide_duplicates(work, *CELL)
    with VectorIndex.open(index_folder(work), 4) as index:
        index.add(["b", "never written"], np.stack([at(2), at(4)]))
    plant(work, *CELL, {"b": {"answer": words(100, 30), "vector": at(2)}})
    told = decide_duplicates(work, *CELL)
    assert told["index"]["removed_before"] == 2
    assert verdicts(work)["b"] == ("b", "")


def test_matches_in_other_families_are_recorded_and_refuse_nothing(work):
    plant(work, "self_instruct", "en", {
        "near": {"answer": words(1, 30), "vector": at(0)}, "gone": {"answer": words(40, 30), "vector": at(0.9)},
        "far": {"answer": words(80, 30), "vector": at(2)},
    })  # fmt: skip
    decide_duplicates(work, "self_instruct", "en")
    withdraw(work, "gone")
    plant(work, *CELL, {
        "a": {"answer": words(100, 30), "vector": at(0.1)}, "b": {"answer": words(200, 30), "vector": at(0.8)},
    })  # fmt: skip
    told = decide_duplicates(work, *CELL)
    assert (told["kept"], told["matches_in_other_families"]) == (2, 1)
    found = {row["candidate_id"]: row["other_families"] for row in select(
        work.warehouse, "select candidate_id, other_families::json as other_families from duplicates "
        "where exercise = 'textbook'")}  # fmt: skip
    assert "near" in found["a"]
    assert "gone" not in found["b"]


# --- verdicts that stand no longer


def refuse(work: Work, candidate_id: str) -> None:
    """Quality is judged by other weights: the row passes no longer."""
    with work.warehouse.transaction("a test judges again") as open_:
        open_.connection.execute(
            "update quality_scores set passed = false, reason = 'composite' where candidate_id = $id",
            {"id": candidate_id},
        ).fetchall()


def pass_again(work: Work, candidate_id: str) -> None:
    with work.warehouse.transaction("a test judges again") as open_:
        open_.connection.execute(
            "update quality_scores set passed = true, reason = null where candidate_id = $id", {"id": candidate_id}
        ).fetchall()


def test_a_keeper_that_is_refused_later_gives_way_and_comes_back_as_a_duplicate(work):
    plant(work, *CELL, {
        "a": {"answer": words(1, 30), "vector": at(0), "composite": 0.9},
        "b": {"answer": words(100, 30), "vector": at(0.1), "composite": 0.5},
    })  # fmt: skip
    decide_duplicates(work, *CELL)
    refuse(work, "a")
    assert decide_duplicates(work, *CELL)["decided_again"] == 2
    assert verdicts(work) == {"b": ("b", "")}
    assert failed_checks(work.warehouse) == {}
    pass_again(work, "a")
    decide_duplicates(work, *CELL)
    assert verdicts(work) == {"a": ("b", "embedding"), "b": ("b", "")}
    assert kept_pairs(work) == 0
    assert failed_checks(work.warehouse) == {}


def test_a_row_that_comes_back_is_decided_again_so_that_it_does_not_stand_beside_what_took_its_place(work):
    plant(work, *CELL, {
        "old": {"answer": words(1, 30), "vector": at(0), "composite": 0.9},
        "copy": {"answer": words(100, 30), "vector": at(0.1), "composite": 0.5},
    })  # fmt: skip
    with work.warehouse.transaction("the first round was long ago") as open_:
        open_.connection.execute("update quality_scores set made_at = timestamptz '2020-01-01 00:00:00Z'").fetchall()
    decide_duplicates(work, *CELL)
    with work.warehouse.transaction("the first round was long ago") as open_:
        open_.connection.execute("update duplicates set decided_at = timestamptz '2020-01-02 00:00:00Z'").fetchall()
    plant(work, *CELL, {"new": {"answer": words(200, 30), "vector": at(2), "replaces": "old"}})
    decide_duplicates(work, *CELL)
    # its keeper is superseded: the copy is decided once more, and nothing stands that it matches
    decide_duplicates(work, *CELL)
    assert verdicts(work)["copy"] == ("copy", "")
    refuse(work, "new")
    decide_duplicates(work, *CELL)
    assert verdicts(work)["old"] == ("copy", "embedding")
    assert kept_pairs(work) == 0
    assert failed_checks(work.warehouse) == {}
    assert decide_duplicates(work, *CELL)["decided_again"] == 0


# --- the full comparison


def test_the_full_comparison_finds_nothing_among_kept_rows_and_names_a_pair_that_was_planted(work):
    plant(work, *CELL, {
        f"{number:02d}": {"answer": words(100 * number, 30), "vector": at(APART * number)} for number in range(12)
    })  # fmt: skip
    decide_duplicates(work, *CELL)
    assert find_kept_pairs(work) == {"pairs": [], "compared": {"textbook|en": 12}, "in_part": {}}
    with work.warehouse.transaction("a test breaks a vector") as open_:
        open_.connection.execute(
            "update embeddings set vector = $vector where candidate_id = '07'", {"vector": at(APART * 6.2).tolist()}
        ).fetchall()
    (pair,) = find_kept_pairs(work)["pairs"]
    assert {pair["candidate_id"], pair["keeper_id"]} == {"06", "07"}
    assert (pair["family"], pair["language"], pair["method"]) == ("textbook", "en", "embedding")
    assert pair["similarity"] == pytest.approx(np.cos(APART * 0.2), abs=1e-5)


def test_of_a_group_too_large_a_sample_is_compared_with_all(work):
    plant(work, *CELL, {
        f"{number:02d}": {"answer": words(100 * number, 30), "vector": at(APART * number)} for number in range(12)
    })  # fmt: skip
    decide_duplicates(work, *CELL)
    with work.warehouse.transaction("a test breaks a vector") as open_:
        open_.connection.execute(
            "update embeddings set vector = $vector where candidate_id = '07'", {"vector": at(APART * 8.2).tolist()}
        ).fetchall()
    found = find_kept_pairs(work, most=5, sample=3)
    assert (found["compared"], found["in_part"]) == ({"textbook|en": 3}, {"textbook|en": 12})
    assert [(pair["candidate_id"], pair["keeper_id"]) for pair in found["pairs"]] == [("08", "07")]


# --- runs side by side


class OtherTextbook(Textbook):
    """A cell of its own in the family of textbook."""

    def __init__(self, name: str) -> None:
        self.name = name


FAMILY = ("textbook", "textbook_b", "textbook_c", "textbook_d")


def decide_in_a_process(root: str, recipe: str, exercise: str, gate: Any, told: Any) -> None:
    """One cell of the family in a process of its own."""
    EXERCISES.update({name: OtherTextbook(name) for name in FAMILY[1:]})
    work = make_work(Home(root=Path(root)), Path(recipe), f"run of {exercise}")
    gate.wait(120)
    told.put(decide_duplicates(work, exercise, "en")["work"])


def four_cells_at_once(work: Work, recipe: Path, rows: int, dimensions: int, spread: float, rounds: int) -> None:
    """Cells of one family, half of whose rows are near copies of rows of the others, decided at one time."""
    rng = np.random.default_rng(7)
    spawn = multiprocessing.get_context("spawn")
    for number in range(rounds):
        centres = rng.standard_normal((rows // 2, dimensions))
        for exercise in FAMILY:
            noise = rng.standard_normal((rows, dimensions))
            vectors = [unit(centres[row] + spread * noise[row] if row < rows // 2 else noise[row])
                       for row in range(rows)]  # fmt: skip
            plant(work, exercise, "en", {
                hash_of(exercise, number, row): {
                    "answer": f"{exercise} {number} {row}", "vector": vectors[row],
                    "composite": float(rng.integers(0, 5)) / 4,
                }
                for row in range(rows)
            })  # fmt: skip
        gate, told = spawn.Barrier(len(FAMILY)), spawn.Queue()
        arguments = (str(work.home.root), str(recipe))
        processes = [spawn.Process(target=decide_in_a_process, args=(*arguments, each, gate, told)) for each in FAMILY]
        for process in processes:
            process.start()
        assert [told.get(timeout=250) for _ in processes] == [rows] * len(FAMILY)
        for process in processes:
            process.join(60)
            assert process.exitcode == 0
    counts = select(work.warehouse, "select verdict, count(*) as n from duplicates group by all order by all")
    told = {row["verdict"]: row["n"] for row in counts}
    assert told["kept"] + told["duplicate"] == 4 * rows * rounds
    assert told["duplicate"] > rows * rounds
    assert kept_pairs(work) == 0
    assert failed_checks(work.warehouse) == {}


@pytest.mark.long
def test_four_cells_of_one_family_at_once_give_no_pair_of_kept_duplicates(work, tmp_path, monkeypatch):
    for name in FAMILY[1:]:
        monkeypatch.setitem(EXERCISES, name, OtherTextbook(name))
    four_cells_at_once(work, tmp_path / "recipe.yaml", rows=20, dimensions=16, spread=0.1, rounds=1)


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
def test_four_large_cells_at_once_over_rounds_give_no_pair_of_kept_duplicates(work, tmp_path, monkeypatch):
    for name in FAMILY[1:]:
        monkeypatch.setitem(EXERCISES, name, OtherTextbook(name))
    # two rounds go past the size up to which every row is compared
    four_cells_at_once(work, tmp_path / "recipe.yaml", rows=6_000, dimensions=64, spread=0.2, rounds=3)
    assert find_kept_pairs(work)["pairs"] == []


def test_two_families_that_read_each_other_at_once_do_not_block_each_other(work):
    for family in ("textbook", "self_instruct"):
        plant(work, family, "en", {
            f"{family} {number}": {"answer": words(100 * number, 30), "vector": at(APART * number)}
            for number in range(6)
        })  # fmt: skip
        decide_duplicates(work, family, "en")
        plant(work, family, "en", {
            f"{family} {number}": {"answer": words(100 * number, 30), "vector": at(APART * number)}
            for number in range(6, 12)
        })  # fmt: skip
    gate = threading.Barrier(2)
    done = []

    def decide_one(family: str) -> None:
        own = make_work(work.home, work.home.root.parent / "recipe.yaml", family)
        gate.wait(30)
        done.append(decide_duplicates(own, family, "en")["matches_in_other_families"])

    threads = [threading.Thread(target=decide_one, args=(family,)) for family in ("textbook", "self_instruct")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 2
    assert sum(done) >= 1
    assert failed_checks(work.warehouse) == {}
