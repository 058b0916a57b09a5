from collections import Counter
from functools import cache

import pytest
from scipy.stats import chisquare

from synth_assets.exercises.constraints import DISTINCT_DRAWS, QUERY_AXES, draw_constraints

SECTIONS = 10_000

FIRST_FIVE = [
    ("integrative", "moderate", "expert", "ambiguous", "indirect", "pl"),
    ("problem-solving", "moderate", "expert", "positive", "direct", "pl"),
    ("integrative", "moderate", "professional", "negative", "indirect", "pl"),
    ("information retrieval", "moderate", "expert", "positive", "oral", "pl"),
    ("analytical", "simple", "expert", "positive", "direct", "pl"),
]


def drawn(key="section", pass_number=0, language="en", priors=None):
    return draw_constraints(key=key, pass_number=pass_number, language=language, priors=priors or {})


@cache
def many():
    return [drawn(key=f"section {number}") for number in range(SECTIONS)]


@pytest.mark.parametrize("axis", QUERY_AXES)
def test_the_first_pass_over_many_sections_follows_the_priors(axis):
    counts = Counter(draw[axis] for draw in many())
    shares = QUERY_AXES[axis]
    assert set(counts) == set(shares)
    found = chisquare([counts[value] for value in shares], [share * SECTIONS for share in shares.values()])
    assert found.pvalue > 0.001, counts


@pytest.mark.parametrize(("first", "second"), [("query_type", "query_result"), ("complexity", "query_style")])
def test_axes_are_drawn_independently(first, second):
    counts = Counter((draw[first], draw[second]) for draw in many())
    pairs = {(a, b): x * y for a, x in QUERY_AXES[first].items() for b, y in QUERY_AXES[second].items()}
    found = chisquare([counts[pair] for pair in pairs], [share * SECTIONS for share in pairs.values()])
    assert found.pvalue > 0.001, counts


def test_no_combination_comes_twice_for_a_section_before_all_were_used():
    passes = [tuple(drawn(pass_number=number).items()) for number in range(2 * DISTINCT_DRAWS)]
    assert len(set(passes)) == DISTINCT_DRAWS
    assert len(set(passes[:DISTINCT_DRAWS])) == DISTINCT_DRAWS
    assert len(set(passes[DISTINCT_DRAWS:])) == DISTINCT_DRAWS
    assert passes[:DISTINCT_DRAWS] != passes[DISTINCT_DRAWS:]


def test_the_distinct_draws_are_all_combinations_of_the_axes():
    assert DISTINCT_DRAWS == 6 * 3 * 3 * 4 * 3


def test_the_draws_are_the_same_on_every_machine():
    axes = ("query_type", "complexity", "user_profile", "query_result", "query_style", "target_language")
    draws = [drawn(key="the first section", pass_number=number, language="pl") for number in range(5)]
    assert [tuple(draw) for draw in draws] == [axes] * 5
    assert [tuple(draw.values()) for draw in draws] == FIRST_FIVE


def test_sections_languages_and_passes_have_draws_of_their_own():
    def passes(key, language):
        return [tuple(drawn(key, number, language).values())[:-1] for number in range(20)]

    assert passes("a", "en") == passes("a", "en")
    assert passes("a", "en") != passes("b", "en")
    assert passes("a", "en") != passes("a", "fr")


@pytest.mark.parametrize("language", ["en", "la"])
def test_the_target_language_is_the_cells_own(language):
    assert drawn(language=language)["target_language"] == language


def test_priors_replace_the_shares_of_their_axis_and_of_no_other():
    priors = {"query_result": {"positive": 0.5, "negative": 0.5}, "query_style": {"oral": 1.0}}
    draws = [drawn(key=f"section {number}", priors=priors) for number in range(2000)]
    results = Counter(draw["query_result"] for draw in draws)
    assert set(results) == {"positive", "negative"}
    assert chisquare([results["positive"], results["negative"]]).pvalue > 0.001
    assert {draw["query_style"] for draw in draws} == {"oral"}
    assert {draw["query_type"] for draw in draws} == set(QUERY_AXES["query_type"])


def test_a_value_without_a_share_is_never_drawn_however_many_passes():
    priors = {"query_result": {"positive": 0.9, "negative": 0.1, "absurd": 0.0}}
    draws = [drawn(pass_number=number, priors=priors) for number in range(DISTINCT_DRAWS)]
    assert {draw["query_result"] for draw in draws} == {"positive", "negative"}
    used = [tuple(draw.items()) for draw in draws[: 6 * 3 * 3 * 2 * 3]]
    assert len(set(used)) == len(used)


def test_likely_values_come_early_in_the_passes_of_a_section():
    halves = Counter()
    for section in range(4):
        for number in range(DISTINCT_DRAWS):
            if drawn(f"section {section}", number)["query_result"] == "positive":
                halves[number < DISTINCT_DRAWS // 2] += 1
    assert halves[True] > 2 * halves[False]
