"""What of a section and of its neighbour the prompts of one candidate show, by the complexity drawn."""

from synth_assets.errors import Refused
from synth_assets.exercises.base import Task
from synth_assets.exercises.passages import content_stems, excerpt

# Words of the section that prompts show, by complexity.
_PASSAGE_WORDS = {"simple": 35, "moderate": 90, "complex": 150}

# A fact can only be taken out of an excerpt that has more than one.
_LEAST_NEGATIVE_WORDS = 60


def excerpt_words(task: Task) -> int:
    """Most words of a passage that this candidate's prompts show."""
    words = _PASSAGE_WORDS[task.constraints["complexity"]]
    return max(words, _LEAST_NEGATIVE_WORDS) if task.constraints["query_result"] == "negative" else words


def section_excerpt(task: Task) -> str:
    """What of the section this candidate is made from: the same at every step and every attempt."""
    assert task.section is not None
    # the first pass takes the beginning, which says what the subject is; later ones start elsewhere
    rng = task.rng("excerpt") if task.pass_number else None
    return excerpt(task.section.text, task.section.language, words=excerpt_words(task), rng=rng)


def check_on_passage(task: Task, question: str, passage: str) -> None:
    """Refuse a question that shares no word with its passage or title, where the two can be compared.

    Across languages even names differ, so only a passage in the cell's own language is; an absurd question is free.

    Raises:
        Refused: "off_passage".
    """
    assert task.section is not None
    comparable = task.section.language == task.language and task.constraints["query_result"] != "absurd"
    if comparable and not content_stems(question) & content_stems(f"{task.section.title} {passage}"):
        raise Refused("off_passage", question[:80])
