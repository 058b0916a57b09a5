"""Draws of every exercise: as likely as its axes say, and the same on every machine."""

import hashlib
import json
from collections import Counter
from functools import cache

import pytest
from scipy.stats import chisquare

from synth_assets.exercises import EXERCISES
from synth_assets.exercises.writing_constraints.registry import CONSTRAINTS
from synth_assets.exercises.writing_constraints.topics import topics
from synth_assets.languages import LANGUAGES

DRAWS = 10_000
AXES = [pytest.param(name, axis, id=f"{name}-{axis}") for name, exercise in EXERCISES.items() for axis in exercise.axes]


def drawn(name, number, language="en", pass_number=0, priors=None):
    exercise = EXERCISES[name]
    sources = exercise.templates()
    # templates are few, so their passes are what is drawn over; sections are many
    key, turn = (sources[number % len(sources)], pass_number + number // len(sources)) if sources else (
        f"section {number}", pass_number)  # fmt: skip
    return exercise.draw(key=key, pass_number=turn, language=language, priors=priors or {})


@pytest.fixture(scope="module")
def many():
    found = {}

    def of(name):
        if name not in found:
            found[name] = [drawn(name, number) for number in range(DRAWS)]
        return found[name]

    return of


def is_free(name, axis, draw):
    """Whether nothing else that was drawn narrows the axis: not every topic's name keeps to a constraint on letters."""
    if (name, axis) != ("constrained_writing", "topic"):
        return True
    return draw["constraint"] in constraints_for_every_topic()


@cache
def constraints_for_every_topic():
    def fits(constraint, key, topic):
        return any(constraint.admits(topic.names["en"], given, "en") for given in constraint.parameters("en", key))

    return frozenset(
        name
        for name, constraint in CONSTRAINTS.items()
        if all(fits(constraint, key, topic) for key, topic in topics().items())
    )


@pytest.mark.parametrize(("name", "axis"), AXES)
def test_ten_thousand_draws_of_an_axis_agree_with_its_shares(many, name, axis):
    shares = {value: share for value, share in EXERCISES[name].axes[axis].items() if share}
    assert sum(shares.values()) == pytest.approx(1)
    counts = Counter(draw[axis] for draw in many(name) if is_free(name, axis, draw))
    assert set(counts) <= set(shares)
    assert counts.total() > DRAWS / 3
    if len(shares) > 1:
        found = chisquare([counts[value] for value in shares], [share * counts.total() for share in shares.values()])
        assert found.pvalue > 0.001, counts


@pytest.mark.parametrize(("name", "axis"), AXES)
def test_a_recipe_replaces_the_shares_of_an_axis(name, axis):
    value = next(iter(EXERCISES[name].axes[axis]))
    assert {drawn(name, number, priors={axis: {value: 1.0}})[axis] for number in range(40)} == {value}


# the first two draws of every language, of 50 sources
PINNED = {
    "memorization": "09ab028a96f29dde",
    "mcq": "7dca2a113e0cfe10",
    "math_exercise": "54fb0a20d1237f37",
    "rag": "5bfa53cc87ae88f9",
    "textbook": "8a1ff667a1e7abf7",
    "preference": "28a4b1f3f23b4b04",
    "self_instruct": "70eba17c6a7081b7",
    "math_mcq": "54fb0a20d1237f37",
    "creative_writing": "dc30d0207ac75ccc",
    "constrained_writing": "3c405307eb1e32a0",
    "editing": "86b6f5ac9fceaca8",
    "cooking": "74c99df74f699bf2",
}


@pytest.mark.parametrize("name", EXERCISES)
def test_draws_are_the_same_on_every_machine(name):
    draws = [
        drawn(name, number, language, pass_number)
        for language in LANGUAGES
        for number in range(50)
        for pass_number in (0, 1)
    ]
    assert hashlib.sha256(json.dumps(draws).encode()).hexdigest()[:16] == PINNED[name]
