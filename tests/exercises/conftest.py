"""A driver of exercise steps with scripted replies, and the section and tasks that the exercises' tests share."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from synth_assets.errors import Refused
from synth_assets.exercises.base import Exercise, Passage, Reply, Request, Task

# What one request is answered with: the text of its one sample, or one text (or Reply) for each of its n samples.
Answered = str | Reply | Sequence[str | Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A finished step: its value, and what it asked, one tuple of requests for each time it waited."""

    value: Any
    asked: tuple[tuple[Request, ...], ...]


def _samples(request: Request, answered: Answered, number: int) -> tuple[Reply, ...]:
    given = (answered,) if isinstance(answered, str | Reply) else tuple(answered)
    assert len(given) == request.n, f"{request.role} asked for {request.n} samples, the script has {len(given)}"
    replies = tuple(
        item if isinstance(item, Reply) else Reply(text=item, model="scripted", call_id=f"call-{number}-{sample}")
        for sample, item in enumerate(given)
    )
    for reply in replies:  # as the real driver does, before the step sees the reply
        if reply.finish_reason == "length" and not request.accept_truncated:
            raise Refused("truncated", reply.call_id)
        if not reply.text.strip():
            raise Refused("empty_reply", reply.call_id)
    return replies


def _drive(
    step: Any,
    replies: Sequence[Answered | Sequence[Answered]] | Callable[[Request], Answered] = (),
    asked: list[tuple[Request, ...]] | None = None,
) -> Driven:
    """Run one step to its end.

    Args:
        step: what `make_query`, `make_draft` or `make_answer` returned: a generator, or a plain value.
        replies: one entry for each time the step waits: for a `Request` what answers it, for a list of requests a
            list of such entries. Or a function that answers any request.
        asked: filled with what was asked, also when the step is refused.

    A script that is too short, too long or of the wrong shape is an error of the test.
    """
    asked = [] if asked is None else asked
    script = None if callable(replies) else list(replies)
    if not isinstance(step, Generator):
        assert not script, "the step is a plain value and asks nothing"
        return Driven(value=step, asked=())

    def answers_to(waiting: Request | Sequence[Request]) -> Any:
        alone = isinstance(waiting, Request)
        requests = (waiting,) if alone else tuple(waiting)
        assert requests, "the step waits for an empty list of requests"
        asked.append(requests)
        if script is None:
            answered = [replies(request) for request in requests]
        else:
            assert script, f"the script ends before {[request.role for request in requests]}"
            entry = script.pop(0)
            answered = [entry] if alone else list(entry)
        assert len(answered) == len(requests), f"{len(requests)} requests, {len(answered)} answers in the script"
        got = [_samples(request, item, len(asked)) for request, item in zip(requests, answered, strict=True)]
        return got[0] if alone else got

    try:
        waiting = next(step)
        while True:
            waiting = step.send(answers_to(waiting))
    except StopIteration as finished:
        assert not script, f"the step finished and left {len(script)} scripted replies"
        return Driven(value=finished.value, asked=tuple(asked))
    except Refused:
        assert not script, f"the step was refused and left {len(script)} scripted replies"
        raise
    finally:
        step.close()


def _refusal(make: Callable[[], Any], replies: Any = ()) -> Refused:
    """The refusal of `make()`, which returns a step or is refused before it asks anything."""
    with pytest.raises(Refused) as caught:
        _drive(make(), replies)
    return caught.value


@pytest.fixture
def drive() -> Callable[..., Driven]:
    """`drive(step, replies)` runs a step on scripted replies; see `_drive`."""
    return _drive


@pytest.fixture
def refusal() -> Callable[..., Refused]:
    """`refusal(lambda: exercise.make_query(task), replies)` is the `Refused` that the step ends with."""
    return _refusal


@pytest.fixture
def prompt_text() -> Callable[[Request], str]:
    """All text of a request, as its model sees it."""
    return lambda request: "\n".join(part.text for message in request.messages for part in message.parts)


@pytest.fixture
def passage() -> Passage:
    """A section with names, figures and more than 1,000 characters."""
    paragraph = (
        "A canal lock raises and lowers boats between stretches of water of different levels. Its chamber has gates at "
        "both ends, and sluices let water in from the upper pound or out to the lower one. The pound lock is described "
        "in China in 984, when Qiao Weiyue built two gates fifty paces apart on the Grand Canal. Mitre gates, which "
        "close in a shallow V pointing upstream, are ascribed to Leonardo da Vinci, who worked on the canals of Milan "
        "around 1500. The pressure of the water itself holds them shut. "
    )
    return Passage(
        section_id="section-lock",
        url="https://example.org/wiki/Lock_(water_navigation)#History",
        title="Lock (water navigation)",
        heading="History",
        language="en",
        text=paragraph + "\n\n" + paragraph.replace("A canal lock", "Every such lock") + "\n\n" + paragraph,
    )


@pytest.fixture
def make_task(passage: Passage) -> Callable[..., Task]:
    """`make_task(exercise, language="en", pass_number=0, **changes)`: a task as the driver would hand it over."""

    def make(
        exercise: Exercise, *, language: str = "en", pass_number: int = 0, priors: Any = None, **changes: Any
    ) -> Task:
        task = Task(
            candidate_id=f"{exercise.name}-{language}-{pass_number}",
            exercise=exercise.name,
            language=language,
            constraints=exercise.draw(
                key="section-lock", pass_number=pass_number, language=language, priors=priors or {}
            ),
            section=passage if exercise.uses_section else None,
            pass_number=pass_number,
        )
        return replace(task, **changes)

    return make
