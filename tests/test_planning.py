from collections import Counter

import pytest

from synth_assets.exercises.base import Exercise
from synth_assets.planning import (
    CellCounts,
    Shortfall,
    Source,
    next_draws,
    order_sources,
    passes_short,
    plan_candidates,
    rows_short,
)


def counts(*, accepted=0, open_=0, refused=0, duplicate=0, planned=None):
    total = accepted + open_ + refused + duplicate if planned is None else planned
    return CellCounts(last_round=1, planned=total, open=open_, refused=refused, duplicate=duplicate, accepted=accepted)


def sources(language, number):
    return [Source(source=f"{language} {n}", section_id=f"s{n}", language=language) for n in range(number)]


# --- how many

ROWS = {
    "nothing yet": ({}, 10, ""),
    "nothing yet, a large target": ({"target": 1000}, 100, ""),
    "half are accepted": ({"accepted": 4, "refused": 4}, 12, ""),
    "duplicates are no rows": ({"accepted": 4, "duplicate": 4}, 12, ""),
    "all are accepted": ({"accepted": 4}, 6, ""),
    "one missing at a third": ({"accepted": 9, "refused": 18, "candidates_per_row": 9}, 3, ""),
    "open ones count as what they will bring": ({"accepted": 4, "refused": 4, "open_": 4}, 8, ""),
    "open ones are enough": ({"accepted": 4, "open_": 6}, 0, "6 open candidates first"),
    "open ones before anything finished": ({"open_": 10}, 0, "10 open candidates first"),
    "some open before anything finished": ({"open_": 3}, 7, ""),
    "everything was refused": ({"refused": 10}, 20, ""),
    "everything was refused, with room": ({"refused": 10, "candidates_per_row": 100}, 100, ""),
    "the target is met": ({"accepted": 10}, 0, "target met"),
    "the target is more than met": ({"accepted": 12, "open_": 5}, 0, "target met"),
    "the cap of candidates is met": ({"accepted": 5, "refused": 25}, 0, "cap of 3 candidates a row is met"),
    "the cap of candidates is near": ({"accepted": 5, "refused": 23}, 2, ""),
    "withdrawn ones count toward the cap": ({"accepted": 5, "planned": 29}, 1, ""),
    "a fraction of a candidate a row": ({"accepted": 1, "refused": 12, "candidates_per_row": 1.25}, 0,
                                        "cap of 1.25 candidates a row is met"),
    "no rows are asked for": ({"target": 0}, 0, "target met"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "new", "why"), ROWS.values(), ids=ROWS)
def test_a_cell_gets_as_many_candidates_as_its_missing_rows_need(given, new, why):
    given = dict(given)
    target, a_row = given.pop("target", 10), given.pop("candidates_per_row", 3.0)
    cell = counts(**given)
    found = rows_short(cell, target=target, candidates_per_row=a_row, round_cap=100)
    assert found == Shortfall(new=new, missing=max(0, target - cell.accepted), why=why)


@pytest.mark.parametrize("accepted_of_ten", [0, 1, 5, 10])
def test_rounds_end_at_the_target_or_at_the_cap_and_never_pass_it(accepted_of_ten):
    accepted = refused = 0
    for _ in range(100):
        cell = counts(accepted=accepted, refused=refused)
        short = rows_short(cell, target=50, candidates_per_row=4, round_cap=30)
        assert cell.planned + short.new <= 200
        if not short.new:
            break
        good = short.new * accepted_of_ten // 10
        accepted, refused = accepted + good, refused + short.new - good
    assert short.new == 0
    assert (accepted >= 50) == (accepted_of_ten >= 5)


@pytest.mark.parametrize(
    ("planned", "passes", "share", "short"),
    [
        (0, 2, 1.0, Shortfall(new=15, missing=40, why="")),
        (30, 2, 1.0, Shortfall(new=10, missing=10, why="")),
        (40, 2, 1.0, Shortfall(new=0, missing=0, why="all passes planned")),
        (50, 2, 1.0, Shortfall(new=0, missing=0, why="all passes planned")),
        (0, 1, 0.25, Shortfall(new=5, missing=5, why="")),
        (0, 1, 0.33, Shortfall(new=7, missing=7, why="")),
        (0, 1, 0.0, Shortfall(new=0, missing=0, why="all passes planned")),
    ],
)
def test_a_cell_counted_in_passes_gets_those_that_are_not_planned(planned, passes, share, short):
    assert passes_short(counts(accepted=planned), sources=20, passes=passes, share=share, round_cap=15) == short


def test_superseded_and_withdrawn_candidates_count_toward_no_pass():
    standing_and_gone = counts(accepted=30, planned=40)
    assert passes_short(standing_and_gone, sources=20, passes=2, share=1.0, round_cap=15).missing == 10


# --- in which order


def ordered(pools, language="fr", english_share=0.25, seed=1, exercise="mcq"):
    return order_sources(pools, exercise=exercise, language=language, seed=seed, english_share=english_share)


@pytest.mark.parametrize("english_share", [0.25, 0.5, 0.75, 0.1])
def test_the_mix_of_languages_is_even_all_the_way_down(english_share):
    found = ordered({"fr": sources("fr", 1000), "en": sources("en", 1000)}, english_share=english_share)
    for length in range(1, 1000):
        english = sum(item.language == "en" for item in found[:length])
        assert abs(english - length * english_share) <= 1


@pytest.mark.parametrize(("english_share", "languages"), [(0.0, {"fr"}), (1.0, {"en"}), (0.5, {"fr", "en"})])
def test_a_share_of_nothing_draws_nothing(english_share, languages):
    found = ordered({"fr": sources("fr", 5), "en": sources("en", 5)}, english_share=english_share)
    assert {item.language for item in found} == languages


@pytest.mark.parametrize("pools", [{"en": sources("en", 5)}, {"en": sources("en", 5), "la": []}])
def test_a_language_without_articles_draws_english_ones(pools):
    found = ordered(pools, language="la", english_share=0.0)
    assert sorted(item.source for item in found) == [f"en {n}" for n in range(5)]


def test_english_cells_draw_english_ones_whatever_the_share():
    pools = {"en": sources("en", 5), "fr": sources("fr", 5)}
    assert {item.language for item in ordered(pools, language="en", english_share=0.0)} == {"en"}


def test_every_source_stands_once():
    found = ordered({"fr": sources("fr", 30), "en": sources("en", 4)})
    assert Counter(item.source for item in found) == Counter(
        [f"fr {n}" for n in range(30)] + [f"en {n}" for n in range(4)]
    )


def test_the_order_does_not_depend_on_the_order_of_the_pools():
    french, english = sources("fr", 50), sources("en", 50)
    assert ordered({"fr": french, "en": english}) == ordered({"en": english[::-1], "fr": french[::-1]})


def test_sources_keep_their_order_when_others_come():
    before = ordered({"fr": sources("fr", 20), "en": sources("en", 20)})
    after = ordered({"fr": sources("fr", 25), "en": sources("en", 25)})
    for language in ("fr", "en"):
        old = [item for item in before if item.language == language]
        assert [item for item in after if item in old and item.language == language] == old


@pytest.mark.parametrize("other", [{"seed": 2}, {"exercise": "rag"}])
def test_seeds_and_exercises_have_orders_of_their_own(other):
    pools = {"fr": sources("fr", 50), "en": []}
    assert ordered(pools) != ordered(pools, **other)


def test_no_articles_are_no_sources():
    assert ordered({}) == []


# --- which draws


def draws(number, next_pass=None, count=7):
    return [
        (item.source, pass_number) for item, pass_number in next_draws(sources("en", number), next_pass or {}, count)
    ]


def test_every_source_is_drawn_once_before_any_twice():
    assert draws(3) == [
        ("en 0", 0), ("en 1", 0), ("en 2", 0), ("en 0", 1), ("en 1", 1), ("en 2", 1), ("en 0", 2),
    ]  # fmt: skip


def test_draws_go_on_where_the_last_round_stopped():
    first, second = draws(3, count=4), draws(3, {"en 0": 2, "en 1": 1, "en 2": 1}, count=3)
    assert first + second == draws(3, count=7)


def test_a_new_source_catches_up_first():
    assert draws(3, {"en 0": 2, "en 2": 2}, count=4) == [("en 1", 0), ("en 1", 1), ("en 0", 2), ("en 1", 2)]


@pytest.mark.parametrize(("number", "count"), [(0, 5), (5, 0)])
def test_nothing_to_draw_from_or_for_is_nothing(number, count):
    assert draws(number, count=count) == []


# --- what is planned


class Fake(Exercise):
    """Draws what it was given, so that a test sees it."""

    name, label, source = "fake", "fake", "this test"

    def draw(self, *, key, pass_number, language, priors):
        return {"key": key, "pass": str(pass_number), "language": language, "priors": str(sorted(priors))}


class Other(Fake):
    """The same under another name."""

    name = "other"


class Newer(Fake):
    """The same with a raised version."""

    version = 2


def planned(exercise=None, *, language="en", seed=1, source="text", pass_number=0):
    (found,) = plan_candidates(
        exercise or Fake(), language=language, seed=seed, priors={"style": {"oral": 1.0}},
        draws=[(Source(source=source, section_id="s"), pass_number, None)],
    )  # fmt: skip
    return found


@pytest.mark.parametrize(
    "other",
    [{"exercise": Other()}, {"exercise": Newer()}, {"language": "fr"}, {"seed": 2}, {"source": "other text"},
     {"pass_number": 1}],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_a_candidate_is_another_when_anything_it_is_made_from_is(other):
    assert planned().candidate_id == planned().candidate_id
    assert planned(**other).candidate_id != planned().candidate_id


def test_a_candidate_is_the_same_wherever_its_text_stands():
    there = plan_candidates(
        Fake(), language="en", seed=1, priors={}, draws=[(Source(source="text", section_id="elsewhere"), 0, "old")]
    )
    assert there[0].candidate_id == planned().candidate_id
    assert there[0].replaces == "old"


def test_a_candidate_carries_the_draw_of_its_source_and_pass():
    found = planned(pass_number=3, language="fr")
    assert found.constraints == {"key": "text", "pass": "3", "language": "fr", "priors": "['style']"}
    assert (found.source.section_id, found.pass_number, found.replaces) == ("s", 3, None)


def test_a_thousand_passes_over_one_source_are_a_thousand_candidates():
    found = plan_candidates(
        Fake(), language="en", seed=1, priors={},
        draws=[(item, number, None) for item, number in next_draws(sources("en", 1), {}, 1000)],
    )  # fmt: skip
    assert len({item.candidate_id for item in found}) == 1000
