"""Every transcript ends as it was written for, and shows the prompts as they are rendered today."""

from functools import cache

import pytest

from synth_assets.languages import LANGUAGES
from tests.test_cells import SYNTH
from tests.transcripts.transcript import FOLDER, Played, files, play, shown, transcripts

CASES = [
    pytest.param(path, transcript.name, id=f"{path.parent.name}-{path.stem}-{transcript.name}")
    for path in files()
    for transcript in transcripts(path)
]


@cache
def played(path, name) -> Played:
    return play(next(transcript for transcript in transcripts(path) if transcript.name == name))


@pytest.mark.parametrize(("path", "name"), CASES)
def test_a_good_transcript_is_accepted_and_a_flawed_one_refused_with_its_reason(path, name):
    written_for = next(transcript.verdict for transcript in transcripts(path) if transcript.name == name)
    found = played(path, name)
    assert (found.ended, found.unused) == (written_for, []), found.detail


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_the_readable_form_shows_the_prompts_of_today(path):
    written = path.with_suffix(".md").read_text("utf-8")
    assert written == shown(path), "run: python -m tests.transcripts"


@pytest.mark.parametrize("exercise", SYNTH)
def test_every_exercise_of_synth_has_transcripts_in_every_language(exercise):
    assert {path.stem for path in files() if path.parent.name == exercise} == set(LANGUAGES)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_names_are_given_once_and_there_are_three_good_ones_and_a_flawed_one(path):
    found = transcripts(path)
    assert len({transcript.name for transcript in found}) == len(found)
    assert sum(transcript.verdict == "accepted" for transcript in found) >= 3
    assert any(transcript.verdict != "accepted" for transcript in found)
