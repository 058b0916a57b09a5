"""`synth-assets release` in processes of its own: publishing, comparing, checking, uploading, and what it refuses."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer.testing
import yaml

from synth_assets.cli import app
from synth_assets.warehouse import Warehouse
from tests.conftest import NOBODY, error_lines, recipe_data, status_json, synth_assets
from tests.release.fake_hub import TOKEN, FakeHub

pytestmark = pytest.mark.long

SUMS = {"exercises": {"math_exercise": {"rows": 4}}}
CHAT = {"release": {"formats": ["chat"], "splits": {"train": 0.5, "test": 0.5}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A home with two releases of one state: everything, then chat alone."""

    root: Path
    first: dict
    second: dict

    def folder(self, version: str) -> Path:
        return self.root / ".synth" / "releases" / version


def write_recipe(root, name, **changes):
    (root / name).write_text(yaml.safe_dump(recipe_data(NOBODY, **SUMS, **changes), sort_keys=False), "utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("releases-of-a-home")
    write_recipe(root, "recipe.yaml")
    write_recipe(root, "chat.yaml", **CHAT)
    ran = synth_assets(root, "run", "--recipe", "recipe.yaml", "--json")
    assert ran.returncode == 0, ran.stderr
    second = synth_assets(root, "release", "--recipe", "chat.yaml", "--json")
    assert second.returncode == 0, second.stderr
    return Project(root=root, first=status_json(ran)["release"], second=status_json(second))


def test_it_publishes_what_is_accepted_and_says_where_and_how_many(project):
    said = project.second
    assert set(said) == {"version", "folder", "samples", "new", "splits", "since", "run_id", "failed_checks", "pushed"}
    assert (said["samples"], said["new"], said["since"]) == (4, True, project.first["version"])
    assert (said["failed_checks"], said["pushed"]) == ([], None)
    assert sum(said["splits"].values()) == 4
    assert Path(said["folder"]) == project.folder(said["version"])
    again = synth_assets(project.root, "release", "--recipe", "chat.yaml")
    assert (again.returncode, error_lines(again)) == (0, [])
    assert f"{said['version']} was released already: 4 samples (train " in again.stdout
    assert said["folder"] in again.stdout
    assert f"--compare {project.first['version']} {said['version']}" in again.stdout


def test_a_sample_that_stands_twice_holds_the_release_back(project, tmp_path):
    shutil.copytree(project.root / ".synth", tmp_path / ".synth")
    write_recipe(tmp_path, "other.yaml", release={"formats": ["alpaca"]})
    database = tmp_path / ".synth" / "warehouse.duckdb"
    with Warehouse(database=str(database)).transaction("planting a copy") as open_:
        open_.connection.execute("insert into samples from samples limit 1")
    before = sorted(path.name for path in (tmp_path / ".synth" / "releases").iterdir())
    made = synth_assets(tmp_path, "release", "--recipe", "other.yaml")
    (line,) = error_lines(made)
    assert made.returncode == 1
    assert line.startswith("ReleaseError: nothing was released: ")
    assert "ids_are_unique" in line
    assert sorted(path.name for path in (tmp_path / ".synth" / "releases").iterdir()) == before


def test_two_versions_are_compared_by_cell_with_reasons(project):
    older, newer = project.first["version"], project.second["version"]
    made = synth_assets(project.root, "release", "--compare", older)
    assert (made.returncode, error_lines(made)) == (0, [])
    lines = made.stdout.splitlines()
    assert lines[0] == f"{older} -> {newer}"
    assert re.search(r"^math_exercise +en +4 +0 +0 +\d +4$", made.stdout, re.MULTILINE)
    folders = [str(project.folder(version)) for version in (newer, older)]
    said = status_json(synth_assets(project.root, "release", "--compare", *folders, "--json"))
    assert (said["before"], said["after"]) == (newer, older)
    (cell,) = said["changes"]
    moved = sum(each["samples"] for each in said["reasons"])
    assert (cell["came"], cell["went"], cell["changed"]) == (0, 0, moved)
    assert {(each["what"], each["reason"]) for each in said["reasons"]} <= {("changed", "split")}


def test_files_are_held_against_the_manifest(project, tmp_path):
    version = project.first["version"]
    said = status_json(synth_assets(project.root, "release", "--verify", version, "--json"))
    assert (said["version"], said["samples"]) == (version, 4)
    spoiled = shutil.copytree(project.folder(version), tmp_path / "spoiled")
    (spoiled / "recipe.yaml").write_text("name: other\n")
    found = synth_assets(project.root, "release", "--verify", str(spoiled))
    assert found.returncode == 1
    assert error_lines(found) == [f"ReleaseError: {spoiled}: is not as it was released: changed: recipe.yaml"]


def test_a_release_is_uploaded_with_the_token_of_the_environment(project, tmp_path):
    with FakeHub() as hub:
        made = synth_assets(
            project.root, "release", "--recipe", "chat.yaml", "--push", "owner/name", "--private", "--json",
            HF_TOKEN=TOKEN, HF_ENDPOINT=hub.address, HF_HOME=str(tmp_path), HF_HUB_DISABLE_XET="1", HF_HUB_OFFLINE="0",
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        said = status_json(made)
        assert said["pushed"] == {
            "repo_id": "owner/name", "commit": "c" * 40, "url": f"{hub.address}/datasets/owner/name",
        }  # fmt: skip
        assert json.loads(hub.files["manifest.json"])["version"] == said["version"] == project.second["version"]
        assert hub.made[0]["visibility"] == "private"
        assert TOKEN not in made.stdout + made.stderr


@pytest.mark.parametrize(("arguments", "words"), [
    (("--compare", "nothing"), "'nothing' is neither a version in "),
    (("--push", "owner/name"), "there is no token for the hub: set HF_TOKEN"),
], ids=["compare", "token"])  # fmt: skip
def test_what_cannot_be_done_is_one_line_on_standard_error_and_exit_code_1(project, arguments, words):
    made = synth_assets(project.root, "release", *arguments, HF_TOKEN="")
    assert made.returncode == 1
    assert made.stdout == ""
    assert len(error_lines(made)) == 1
    assert words in made.stderr


def test_another_folder_in_its_place_stops_it_with_one_line(project, tmp_path):
    root = shutil.copytree(project.root, tmp_path / "home")
    folder = root / ".synth" / "releases" / project.second["version"]
    shutil.rmtree(folder)
    folder.mkdir()
    made = synth_assets(root, "release", "--recipe", "chat.yaml")
    assert made.returncode == 1
    assert error_lines(made) == [f"ReleaseError: {folder}: is no release, it has no manifest.json"]


def test_nothing_accepted_is_nothing_to_release(tmp_path):
    write_recipe(tmp_path, "recipe.yaml")
    made = synth_assets(tmp_path, "release", "--recipe", "recipe.yaml")
    assert made.returncode == 1
    assert error_lines(made) == [
        "ReleaseError: there is nothing to release: no sample is accepted yet; `synth-assets status` says why"
    ]


@pytest.mark.parametrize("arguments", [
    ("newer",), ("--private",), ("--push", "a/b", "--verify", "v"), ("--compare", "v", "--verify", "v"),
])  # fmt: skip
def test_wrong_usage_of_release_is_exit_code_2(arguments):
    assert typer.testing.CliRunner().invoke(app, ["release", *arguments]).exit_code == 2
