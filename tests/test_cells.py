"""Every cell of SYNTH's nine exercises in its eight languages, with a strong model over real HTTP.

`pytest -m long` runs one of them; `pytest -m exhaustive tests/test_cells.py` runs the others.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from synth_assets.exercises import EXERCISES
from synth_assets.home import Home
from synth_assets.languages import LANGUAGES
from synth_assets.stages.corpus import cut_sections, embed_pool, read_seeds
from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.steps import carry_step, plan_round, work_left
from synth_assets.stages.work import Work
from tests.conftest import failed_checks, make_work, recipe_data, select
from tests.scripted_endpoint import ScriptedEndpoint
from tests.strong_model import strong_reply

SYNTH = (
    "memorization", "mcq", "math_exercise", "math_mcq", "rag", "creative_writing", "constrained_writing", "editing",
    "cooking",
)  # fmt: skip
ALWAYS = ("memorization",)
ROWS = 2
MOST_ROUNDS = 6
COLLECTIONS = {"cooking": ["house_recipes"]}


def recipe_of(address: str, exercise: str) -> dict:
    return recipe_data(
        address,
        seeds=[{"collection": name, "languages": ["en"]} for name in ("self_knowledge", "house_recipes")],
        languages=dict.fromkeys(LANGUAGES, 1 / len(LANGUAGES)),
        exercises={
            exercise: {
                "rows": ROWS * len(LANGUAGES),
                "collections": COLLECTIONS.get(exercise, ["self_knowledge"]),
                "candidates_per_row": 5.0,
            }
        },
        pool="all",
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the documents and the house's recipes read, cut and embedded."""
    root = tmp_path_factory.mktemp("cells")
    home = Home(root=root)
    home.prepare()
    path = root / "recipe.yaml"
    path.write_text(yaml.safe_dump(recipe_of("http://127.0.0.1:9/v1", "memorization")), "utf-8")
    work = make_work(home, path, "corpus")
    read_seeds(work)
    cut_sections(work)
    embed_pool(work)
    return root


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(strong_reply) as running:
        yield running


@pytest.fixture
def work_of(corpus: Path, endpoint: ScriptedEndpoint, home: Home, tmp_path: Path) -> Callable[[str], Work]:
    def make(exercise: str) -> Work:
        shutil.copytree(corpus / ".synth", home.data, dirs_exist_ok=True)
        path = tmp_path / "recipe.yaml"
        path.write_text(yaml.safe_dump(recipe_of(endpoint.address, exercise)), "utf-8")
        return make_work(home, path)

    return make


def one_round(work: Work, exercise: str, language: str) -> None:
    plan_round(work, exercise, language)
    for table in ("queries", "reasoning_drafts", "answers"):
        carry_step(work, exercise, language, table)
    for stage in (embed_answers, score_quality, decide_duplicates, make_samples):
        stage(work, exercise, language)


@pytest.mark.parametrize(
    "exercise",
    [pytest.param(name, marks=pytest.mark.long if name in ALWAYS else pytest.mark.exhaustive) for name in SYNTH],
)
def test_every_language_of_an_exercise_reaches_its_asked_rows(work_of, exercise):
    work = work_of(exercise)
    for language in LANGUAGES:
        for _ in range(MOST_ROUNDS):
            if not work_left(work, exercise, language).any:
                break
            one_round(work, exercise, language)
    refused = select(work.warehouse, "select language, refused_at, refused_reason, count(*) as n "
                     "from candidate_states where state = 'refused' group by all order by all")  # fmt: skip
    left = {language: work_left(work, exercise, language) for language in LANGUAGES}
    reached = {language: found.accepted >= ROWS and found.why == "target met" for language, found in left.items()}
    assert reached == dict.fromkeys(LANGUAGES, True), refused
    assert failed_checks(work.warehouse) == {}
    samples = select(work.warehouse, "select language, query, synthetic_answer, constraints from samples")
    assert {language: sum(row["language"] == language for row in samples) for language in LANGUAGES} == {
        language: found.accepted for language, found in left.items()
    }
    assert all(row["query"].strip() and row["synthetic_answer"].strip() and row["constraints"].strip()
               for row in samples)  # fmt: skip


def test_the_nine_exercises_of_synth_are_registered():
    assert set(SYNTH) <= set(EXERCISES)
