import pytest

from synth_assets.exercises.item_difficulty import TARGETS, TOLERANCE, WEIGHTS, cognitive_level, difficulty_of, likeness
from synth_assets.identity import rng_of
from synth_assets.languages import LANGUAGES

YEARS = ["1512", "1513", "1521", "1612"]
REASON = {
    "en": "Why does a lock have two gates?",
    "fr": "Pourquoi une écluse a-t-elle deux portes ?",
    "de": "Warum hat eine Schleuse zwei Tore?",
    "it": "Perché una chiusa ha due porte?",
    "es": "¿Por qué tiene dos puertas una esclusa?",
    "pl": "Dlaczego śluza ma dwie bramy?",
    "nl": "Waarom heeft een sluis twee deuren?",
    "la": "Cur claustrum duas portas habet?",
}
COUNT = {
    "en": "How many gates does a lock have?",
    "fr": "Combien de portes une écluse a-t-elle ?",
    "de": "Wie viele Tore hat eine Schleuse?",
    "it": "Quante porte ha una chiusa?",
    "es": "¿Cuántas puertas tiene una esclusa?",
    "pl": "Ile bram ma śluza?",
    "nl": "Hoeveel deuren heeft een sluis?",
    "la": "Quot portas claustrum habet?",
}


def difficulty(stem="Which is it?", options=YEARS, right=(0,), language="en", query_type="information retrieval",
               complexity="simple"):  # fmt: skip
    return difficulty_of(stem, options, right, language=language, query_type=query_type, complexity=complexity)


def feature(name, **changes):
    return difficulty(**changes)["features"][name]


def test_the_weights_and_targets_are_those_of_kaqg():
    assert list(WEIGHTS.values()) == [1, 1, 1.5, 1, 1, 1, 1.2]
    assert (list(TARGETS.values()), TOLERANCE) == ([10, 14, 18], 1)


def test_the_total_is_the_weighted_sum_of_the_features():
    found = difficulty()
    assert list(found["features"]) == list(WEIGHTS)
    assert found["total"] == pytest.approx(sum(WEIGHTS[name] * value for name, value in found["features"].items()))


@pytest.mark.parametrize(("words", "level"), [(3, 1), (12, 2), (30, 3)])
def test_a_longer_stem_is_harder(words, level):
    assert feature("stem_length", stem="water " * words) == level


@pytest.mark.parametrize(
    ("stem", "level"),
    [
        ("Who built the old lock?", 1),
        ("Who built the old lock gate of a mechanical mill?", 1),
        ("Which hydraulics does a lock need?", 2),
        ("Which hydraulic apparatus characterises navigation?", 3),
        ("In 984, who built a lock?", 2),
    ],
)
def test_long_words_and_figures_are_terms(stem, level):
    assert feature("term_density", stem=stem) == level


def test_a_german_compound_is_no_term_by_nine_letters():
    stem = "Wer baute das Flussufer mit der Holzwand?"
    assert feature("term_density", stem=stem, language="de") == 1
    assert feature("term_density", stem=stem.replace("Holzwand", "Schleusenkammerwand"), language="de") == 1
    assert feature("term_density", stem="Wer baute Schleusenkammern?", language="de") == 3


@pytest.mark.parametrize(
    ("query_type", "complexity", "level"),
    [
        ("information retrieval", "simple", 1), ("information retrieval", "moderate", 1),
        ("information retrieval", "complex", 2), ("comparative", "simple", 2), ("analytical", "moderate", 2),
        ("problem-solving", "simple", 2), ("predictive", "moderate", 3), ("integrative", "complex", 3),
    ],
)  # fmt: skip
def test_the_draw_sets_the_cognitive_level(query_type, complexity, level):
    assert cognitive_level("Which is it?", language="en", query_type=query_type, complexity=complexity) == level


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_why_asks_for_more_than_recall(language):
    def level(stem):
        return cognitive_level(stem, language=language, query_type="information retrieval", complexity="moderate")

    assert (level(REASON[language]), level(COUNT[language])) == (2, 1)


@pytest.mark.parametrize(
    ("options", "level"),
    [(["984", "1500"], 1), (["a pair of mitre gates", "a steam-driven funnel"], 2), (["water " * 9, "stone " * 9], 3)],
)
def test_longer_options_are_harder(options, level):
    assert feature("option_length", options=options) == level


@pytest.mark.parametrize(
    ("options", "level"),
    [
        (["gates", "oars", "a funnel"], 1),
        (["two upper gates", "two iron valves", "two long ropes"], 2),
        (["gates at both ends", "gates at neither end", "gates at one end"], 3),
    ],
)
def test_options_that_are_alike_are_harder(options, level):
    assert feature("option_similarity", options=options) == level


@pytest.mark.parametrize(("stem", "level"), [("Who was it?", 1), ("Was it the red gate, or the blue one?", 3)])
def test_options_that_the_stem_says_already_are_harder(stem, level):
    assert feature("stem_option_similarity", stem=stem, options=["the red gate", "the blue one"]) == level


@pytest.mark.parametrize(
    ("options", "right", "level"),
    [
        (["984", "Qiao Weiyue", "Li Bing", "the emperor"], (0,), 1),
        (["984", "1500", "1612", "the emperor"], (0,), 2),
        (["984", "1500", "1612", "1721"], (0,), 3),
        (["984", "Qiao Weiyue", "Leonardo", "1721"], (0, 1), 3),
        (["gates", "a very long and winding chamber of stone", "oars", "ropes"], (0,), 2),
    ],
)
def test_wrong_options_that_could_pass_for_right_are_harder(options, right, level):
    assert feature("distractors", options=options, right=right) == level


def test_likeness_feels_neither_case_nor_accents_nor_punctuation():
    assert likeness("Écluse à sas", "ecluse A SAS!") == 1
    assert likeness("gates", "oil") == 0
    assert 0 < likeness("gates", "gated") < 1
    assert likeness("∴", "∴") == 0


def test_an_easy_and_a_hard_item_are_told_apart():
    easy = difficulty(stem="Who was it?", options=["Li Bing", "984", "a very long story of many words", "§"])
    hard = difficulty(
        stem="Explain why hydraulic engineering abandoned guillotine constructions, considering the pressure upon "
        "intermediate foundations and the maintenance of navigation in winter.",
        options=[
            "because the pressure of navigation broke the foundations",
            "because the pressure of winter broke the foundations",
            "because the pressure of the water broke the navigation",
        ],
        query_type="integrative",
        complexity="complex",
    )
    assert (easy["band"], hard["band"]) == ("easy", "hard")
    assert easy["total"] < 12 < 16 < hard["total"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(10))
def test_every_item_has_seven_features_from_one_to_three_and_the_nearest_band(language, seed):
    rng = rng_of("difficulty", language, seed)
    words = REASON[language].split() + COUNT[language].split()

    def said(most):
        return " ".join(rng.choices(words, k=rng.randint(1, most)))

    kind = rng.choice(("information retrieval", "comparative", "predictive"))
    options = [said(9) for _ in range(rng.choice((4, 5)))]
    arguments = {
        "stem": said(30), "options": options, "right": (1,), "language": language, "query_type": kind,
        "complexity": rng.choice(("simple", "moderate", "complex")),
    }  # fmt: skip
    found = difficulty(**arguments)
    assert set(found["features"].values()) <= {1, 2, 3}
    assert 7.7 <= found["total"] <= 23.1
    assert all(abs(TARGETS[found["band"]] - found["total"]) <= abs(each - found["total"]) for each in TARGETS.values())
    assert found["on_target"] == (abs(TARGETS[found["band"]] - found["total"]) <= 1)
    assert found == difficulty(**arguments)
