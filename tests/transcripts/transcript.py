"""Transcripts: whole candidates with every prompt as rendered and every reply as a strong model would write it.

`<exercise>/<language>.yaml` holds the candidates and the replies, written by hand; `<exercise>/<language>.md`, by
`python -m tests.transcripts`, shows them as a reader wants them, each prompt as rendered from a real section.

A transcript:

    - name: when-locks-began          # once in its file
      about: what it shows, in one sentence
      verdict: accepted               # or the reason that it must be refused with
      section: kepler_en              # a key of sections.yaml; left out by exercises without sections
      neighbours: [telescope_en]      # as many as it takes, nearest first
      template: rates.meeting         # source of exercises without sections
      pass_number: 0
      constraints: {complexity: simple, ...}   # the whole draw; or `priors`, from which the exercise draws
      replies:                        # by step, in the order of asking; a step that a program makes is left out
        query: ["..."]                # a request for several samples is answered by a list in the list
        draft: ["..."]
        answer: ["..."]
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Passage, Reply, Request, Task, candidate_id
from synth_assets.generation import StepInput, StepName, carry
from synth_assets.quality.rows import scored_row
from synth_assets.quality.verdict import judge_row

FOLDER = Path(__file__).parent
# measured on prompts and replies of SmolLM2 in English: see the stage `forecast` for what it is used for
CHARACTERS_A_TOKEN = 3.8
STEPS: tuple[StepName, ...] = ("query", "draft", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One candidate with its replies, and what must become of it."""

    exercise: str
    language: str
    name: str
    about: str
    verdict: str
    section: str
    neighbours: tuple[str, ...]
    template: str
    pass_number: int
    constraints: Mapping[str, str] | None
    priors: Mapping[str, Mapping[str, float]]
    replies: Mapping[str, Sequence[Any]]


@dataclass(slots=True)
class Played:
    """What became of a transcript: requests and replies of each step, the texts, and how it ended."""

    task: Task
    asked: dict[str, list[tuple[Request, tuple[str, ...]]]] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    ended: str = "accepted"
    detail: str = ""
    unused: list[str] = field(default_factory=list)


class _Script:
    """Answers every request with the next reply of the transcript."""

    def __init__(self, replies: Mapping[str, Sequence[Any]]) -> None:
        self.left = {step: list(texts) for step, texts in replies.items()}
        self.asked: dict[str, list[tuple[Request, tuple[str, ...]]]] = {}

    async def ask(
        self, request: Request, *, exercise: str, language: str, candidate_id: str, step: str, attempt: int
    ) -> tuple[Reply, ...]:
        assert self.left.get(step), f"the transcript has no more replies for its step {step!r}"
        given = self.left[step].pop(0)
        texts = (given,) if isinstance(given, str) else tuple(given)
        assert len(texts) == request.n, f"{step}: {request.n} samples are asked for, the transcript has {len(texts)}"
        number = len(self.asked.setdefault(step, []))
        self.asked[step].append((request, texts))
        return tuple(
            Reply(text=text, model="transcript", call_id=f"{step}-{number}-{sample}")
            for sample, text in enumerate(texts)
        )


@cache
def sections() -> Mapping[str, Mapping[str, str]]:
    """The real sections, by the name that transcripts call them."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("sections*.yaml")):
        more = yaml.safe_load(path.read_text("utf-8"))
        assert not set(more) & set(found), f"{path.name} repeats sections of another file"
        found.update(more)
    return found


def passage(name: str) -> Passage:
    """One of them, as exercises see it."""
    values = sections()[name]
    return Passage(**{key: values[key] for key in ("section_id", "url", "title", "heading", "language", "text")})


def transcripts(path: Path) -> list[Transcript]:
    """The transcripts of one file, in its order."""
    return [
        Transcript(
            exercise=path.parent.name,
            language=path.stem,
            name=entry["name"],
            about=entry["about"],
            verdict=entry["verdict"],
            section=entry.get("section", ""),
            neighbours=tuple(entry.get("neighbours", ())),
            template=entry.get("template", ""),
            pass_number=entry.get("pass_number", 0),
            constraints=entry.get("constraints"),
            priors=entry.get("priors", {}),
            replies=entry.get("replies", {}),
        )
        for entry in yaml.safe_load(path.read_text("utf-8"))
    ]


def files() -> list[Path]:
    """Every file of transcripts."""
    return sorted(FOLDER.glob("*/*.yaml"))


def task_of(transcript: Transcript) -> Task:
    """The candidate as its exercise sees it."""
    exercise = EXERCISES[transcript.exercise]
    source = sections()[transcript.section]["content_hash"] if transcript.section else transcript.template
    drawn = exercise.draw(
        key=source, pass_number=transcript.pass_number, language=transcript.language, priors=transcript.priors
    )
    if transcript.constraints is not None:
        assert set(transcript.constraints) == set(drawn), f"the draw has the axes {', '.join(drawn)}"
    return Task(
        candidate_id=candidate_id(
            exercise=exercise.name, version=1, source=f"{source} {transcript.name}", language=transcript.language,
            pass_number=transcript.pass_number, seed=1,
        ),
        exercise=exercise.name,
        language=transcript.language,
        constraints=drawn if transcript.constraints is None else dict(transcript.constraints),
        section=passage(transcript.section) if transcript.section else None,
        neighbours=tuple(passage(name) for name in transcript.neighbours),
        pass_number=transcript.pass_number,
    )  # fmt: skip


def play(transcript: Transcript) -> Played:
    """Carry the transcript through all steps and the scorers, as a run would."""
    exercise = EXERCISES[transcript.exercise]
    task = task_of(transcript)
    script = _Script(transcript.replies)
    played = Played(task=task, asked=script.asked)
    values: dict[str, Any] = {}
    checks: Any = ()
    for step in STEPS:
        item = StepInput(task=task, query=values.get("query"), draft=values.get("draft"))
        outcome = asyncio.run(carry(exercise, step, item, script, attempts=1))
        if outcome.refused_reason:
            played.ended, played.detail = outcome.refused_reason, f"{step}: {outcome.refused_detail}"
            break
        values[step], checks = outcome.value, outcome.checks
        played.made[step] = outcome.value.text
    else:
        row = scored_row(exercise, task, values["query"], values["draft"], values["answer"], checks)
        verdict = judge_row(row, exercise.scorers, {})
        if not verdict.passed:
            played.ended = verdict.reason
            played.detail = "; ".join(f"{score.name}: {score.detail}" for score in verdict.scores if not score.passed)
    played.unused = [step for step, left in script.left.items() if left]
    return played


def tokens_of(text: str) -> int:
    """About as many tokens as models of today count: their tokenizers cut what is not ASCII finer."""
    return math.ceil(sum(1 if character.isascii() else 2 for character in text) / CHARACTERS_A_TOKEN)


def token_profile() -> dict[str, dict[str, dict[str, float]]]:
    """Mean tokens a call of all transcripts: exercise -> role -> {"prompt_tokens", "completion_tokens"}."""
    sums: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for path in files():
        for transcript in transcripts(path):
            for asked in play(transcript).asked.values():
                for request, replies in asked:
                    prompt = sum(tokens_of(part.text) for message in request.messages for part in message.parts)
                    roles = sums.setdefault(transcript.exercise, {})
                    roles.setdefault(request.role, []).extend((prompt, tokens_of(reply)) for reply in replies)
    return {
        exercise: {
            role: {
                "prompt_tokens": round(sum(prompt for prompt, _ in found) / len(found)),
                "completion_tokens": round(sum(reply for _, reply in found) / len(found)),
            }
            for role, found in sorted(roles.items())
        }
        for exercise, roles in sorted(sums.items())
    }


def shown(path: Path) -> str:
    """One file of transcripts as its reader sees it: every prompt as rendered, every reply, and how it ended."""
    parts = [f"# {path.parent.name}, {path.stem}"]
    before: dict[str, tuple[str, ...]] = {}
    for transcript in transcripts(path):
        played = play(transcript)
        good = transcript.verdict == "accepted"
        ended = "good: accepted" if good else f"flawed: refused as `{transcript.verdict}`"
        parts.append(f"## {transcript.name} ({ended})\n\n{transcript.about}")
        drawn = "\n".join(f"- {axis}: {value}" for axis, value in played.task.constraints.items())
        parts.append(f"{drawn}")
        for step in STEPS:
            parts.extend(_shown_step(step, played, before))
        if not good:
            # what scorers say of it are figures, which change when a scorer does
            said = f": {played.detail}" if played.detail.partition(":")[0] in STEPS else ""
            parts.append(f"Refused: `{played.ended}`{said}")
    return "\n\n".join(parts) + "\n"


def _shown_step(step: str, played: Played, before: dict[str, tuple[str, ...]]) -> list[str]:
    parts = []
    for number, (request, replies) in enumerate(played.asked.get(step, [])):
        turns = [(message.role, "".join(part.text for part in message.parts)) for message in request.messages]
        # worked examples are the same in every transcript of a file: shown once
        opening = tuple(f"{role}: {text}" for role, text in turns[:-1])
        key = f"{step} {number}"
        parts.append(f"### {step}: prompt{f' {number + 1}' if number else ''}")
        if opening and before.get(key) == opening:
            parts.append(f"(the same {len(opening)} messages as above, then)")
            turns = turns[-1:]
        else:
            before[key] = opening
        parts.extend(f"**{role}**\n\n{_fenced(text)}" for role, text in turns)
        parts.extend(f"### {step}: reply\n\n{_fenced(text)}" for text in replies)
    if step in played.made:
        written = played.made[step]
        told = [text.strip() for _, replies in played.asked.get(step, []) for text in replies]
        if written.strip() not in told:
            parts.append(f"### {step}, as it stands on the row\n\n{_fenced(written)}")
    return parts


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"
