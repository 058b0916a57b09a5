import random
from fractions import Fraction

import pytest

from synth_assets.exercises.editing_tasks import corruption, extraction, factual, finished, style, translation
from synth_assets.exercises.editing_tasks.figures import held_numbers, lost_numbers, new_numbers, readings, years
from synth_assets.languages import LANGUAGES

TEXTS = {
    "en": "The largest mill of the valley was built in 1712 by two brothers. Their grandchildren sold it for "
    "4,500 crowns, because there was no more need of the northern water wheel.",
    "fr": "Le plus grand moulin de la vallée fut construit en 1712 par deux frères. Leurs petits-enfants le "
    "vendirent pour 4 500 couronnes, parce que personne n'avait plus besoin de la roue située au nord de "
    "l'étang.",
    "de": "Die größte Mühle des Tales wurde 1712 von zwei Brüdern gebaut. Ihre Enkel verkauften sie für 4.500 "
    "Kronen, weil niemand mehr das nördliche Wasserrad brauchte, das schließlich zerfiel.",
    "it": "Il mulino maggiore della valle fu costruito nel 1712 da due fratelli. I loro nipoti lo vendettero "
    "per 4.500 corone, perché nessuno aveva più bisogno della ruota settentrionale dell'acqua.",
    "es": "El mayor molino del valle fue construido en 1712 por dos hermanos. Sus nietos lo vendieron por 4500 "
    "coronas, porque ya nadie necesitaba la rueda que había al norte del estanque.",
    "pl": "Największy młyn w dolinie zbudowali w 1712 roku dwaj bracia. Ich wnuki sprzedały go za 4500 koron, "
    "ponieważ nikt już nie potrzebował północnego koła wodnego, które wreszcie się rozpadło.",
    "nl": "De grootste molen van het dal werd in 1712 door twee broers gebouwd. Hun kleinkinderen verkochten "
    "hem voor 4.500 kronen, omdat niemand het noordelijke waterrad nog nodig had.",
    "la": "Maxima mola vallis anno 1712 a duobus fratribus exstructa est. Nepotes eorum eam pro 4500 coronis "
    "vendiderunt, quia nemo iam rota septentrionali quae aqua movebatur egebat.",
}


# --- spelling


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mistake_is_noted_where_it_stands_and_taking_all_back_gives_the_text(language, seed):
    text = TEXTS[language]
    rate = list(corruption.RATES)[seed % 3]
    wrong, noted = corruption.corrupt(text, language, rate=rate, rng=random.Random(seed))
    restored, end = [], 0
    for each in noted:
        assert wrong[each["at"] :].startswith(each["wrong"])
        assert each["wrong"] != each["right"]
        assert each["kind"] in corruption.KINDS
        restored += [wrong[end : each["at"]], each["right"]]
        end = each["at"] + len(each["wrong"])
    assert "".join([*restored, wrong[end:]]) == text
    every, least = corruption.RATES[rate]
    assert least <= len(noted) <= max(least, round(len(text.split()) / every) + 2)
    known = {word.casefold().strip(".,") for word in text.split()}
    assert all(each["wrong"].casefold() not in known for each in noted if each["kind"] != "confused")
    assert (wrong, noted) == corruption.corrupt(text, language, rate=rate, rng=random.Random(seed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_mistake_that_a_language_has_is_made(language):
    made = set()
    for seed in range(200):
        _, noted = corruption.corrupt(TEXTS[language], language, rate="heavy", rng=random.Random(seed))
        made |= {each["kind"] for each in noted}
    assert made >= {"swapped", "dropped", "doubled", "neighbour_key", "split", "joined", "confused"}
    assert ("no_diacritic" in made) == (language in ("fr", "de", "pl"))
    assert ("no_apostrophe" in made) == (language in ("fr", "it"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_figures_beginnings_and_endings_of_words_are_left_alone(language):
    for seed in range(60):
        _, noted = corruption.corrupt(TEXTS[language], language, rate="heavy", rng=random.Random(seed))
        for each in noted:
            assert each["right"] == each["right"].lower()
            assert not any(sign.isdigit() for sign in each["wrong"])
            if each["kind"] in ("swapped", "dropped", "doubled", "neighbour_key", "no_diacritic", "sound_alike"):
                assert (each["wrong"][0], each["wrong"][-2:]) == (each["right"][0], each["right"][-2:])


def test_a_mistake_turns_into_no_word_of_the_rest_of_the_section():
    text = "They painted the whole wooden form beside the harbour wall yesterday."
    for seed in range(80):
        _, noted = corruption.corrupt(text, "en", rate="heavy", rng=random.Random(seed), known=["woden", "harbor"])
        assert not {each["wrong"] for each in noted} & {"woden", "harbor"}


# --- facts


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("language", LANGUAGES)
def test_false_facts_are_noted_and_the_notes_tell_the_truth(language, seed):
    text = TEXTS[language]
    wrong, noted, notes = factual.alter(text, language, most=2, rng=random.Random(seed))
    assert wrong != text
    assert 1 <= len(noted) <= 2
    for each in noted:
        assert wrong[each["at"] :].startswith(each["wrong"])
        assert any(each["right"] in note for note in notes)
    restored = wrong
    for each in reversed(noted):
        restored = restored[: each["at"]] + each["right"] + restored[each["at"] + len(each["wrong"]) :]
    assert restored == text
    assert all(note.strip("… ") in text for note in notes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_a_figure_and_an_opposite_are_found_in_every_language(language):
    assert {kind for _, _, kind in factual.places(TEXTS[language], language)} >= {"year", "figure", "opposite"}


def test_a_text_without_facts_is_left_as_it_is():
    text = "Boats pass a lock when the gates open."
    assert factual.alter(text, "en", most=2, rng=random.Random(1)) == (text, [], [])


# --- numbers


@pytest.mark.parametrize("source", LANGUAGES)
@pytest.mark.parametrize("target", LANGUAGES)
def test_numbers_are_found_again_whatever_separators_a_language_uses(source, target):
    assert held_numbers(TEXTS[source], source) == [1712, 4500]
    assert lost_numbers(TEXTS[source], source, TEXTS[target]) == []
    assert new_numbers(TEXTS[source], TEXTS[target], target) == []


def test_small_numbers_and_centuries_may_be_written_out():
    assert lost_numbers("In the 19th century, 2 men ruled.", "en", "Au XIXe siècle, deux hommes régnaient.") == []


def test_lost_and_new_numbers_are_named():
    assert lost_numbers("It is 193 km long.", "en", "Er ist 139 km lang.") == ["193"]
    assert new_numbers("It is 193 km long.", "Er ist 139 km lang.", "de") == ["139"]


def test_ambiguous_writing_has_every_reading():
    assert readings("3.600") == {3600, Fraction(36, 10), 3, 600}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in 1867 and 2023", [1867, 2023]),
        ("the 1920s", []),
        ("1 006 km", []),
        ("a wall of 1500 m", []),
        ("12,345 or 1,999.5", []),
        ("(1368\u20131644)", [1368, 1644]),
        ("en 984", []),
    ],
)
def test_years_are_four_digits_that_stand_by_themselves(text, found):
    assert years(text) == found


# --- what of a reply is the text


@pytest.mark.parametrize(
    "reply",
    [
        "The text.",
        "  The text.\n",
        '"The text."',
        "„The text.“",
        "Here is the corrected text:\nThe text.",
        "**Voici le texte corrigé :**\n\nThe text.",
        "Oto poprawiona wersja:\n```\nThe text.\n```",
        "```text\nThe text.\n```",
        '"""\nThe text.\n"""',
        "> The text.",
    ],
)
def test_what_is_around_a_text_is_taken_off(reply):
    assert finished.unwrapped(reply) == "The text."


@pytest.mark.parametrize(
    "text",
    [
        'He said "yes" and left. They said "no".',
        "There are three kinds:\nred, green and blue.",
        "- one\n- two",
    ],
)
def test_what_belongs_to_a_text_stays(text):
    assert finished.unwrapped(text) == text


def test_typographic_marks_and_spaces_are_harmless_and_nothing_else_is():
    gold = "L'eau dite « pure » : 20 % \u2013 voilà."
    assert finished.differences(gold, 'L\u2019eau dite "pure": 20\u202f% - voilà.', []) == {}
    assert list(finished.differences(gold, gold.replace("voilà", "voila"), [])) == ["changes_more"]
    assert list(finished.differences(gold, gold.replace("'", ""), [{"wrong": "Leau", "right": "L'eau"}])) == [
        "leaves_error"
    ]


# --- translation


@pytest.mark.parametrize("target", LANGUAGES)
@pytest.mark.parametrize("source", LANGUAGES)
def test_sound_translations_between_all_languages_pass(source, target):
    if source != target:
        assert translation.faults(TEXTS[source], source, TEXTS[target], target) == {}


@pytest.mark.parametrize("target", LANGUAGES)
def test_half_a_translation_stops_early(target):
    source = "fr" if target == "en" else "en"
    half = TEXTS[target].split(". ")[0] + "."
    assert "stops_early" in translation.faults(TEXTS[source], source, half, target)


# --- extraction


def test_days_decades_and_ordinals_are_no_figures():
    text = "On May 30, 1431, in the 1920s, the 19th of 64 kings; le 7 novembre 1867."
    assert extraction.gold_of(text, "en") == {"years": [1431, 1867], "figures": ["64"]}


@pytest.mark.parametrize("kind", extraction.SCHEMAS)
def test_schemas_have_other_keys_in_each_language(kind):
    keys = {tuple(extraction.schema_of(kind, language)["properties"]) for language in LANGUAGES}
    assert len(keys) == len(LANGUAGES)


def test_an_empty_list_is_right_where_the_text_has_no_year():
    text = "A lock lifts boats from one pound to the next."
    gold = extraction.gold_of(text, "en")
    assert extraction.faults("timeline", "en", text, gold, '{"subject": "Lock", "events": []}') == {}


# --- style

SOURCE = (
    "The mill, the largest of the valley, was built in 1712 by two brothers. Their grandchildren sold it to Anna Weber."
)
RIGHT = {
    "plain language": "The mill was the largest of the valley. Two brothers built it in 1712. "
    "Their grandchildren sold it to Anna Weber.",
    "formal letter": "Dear Madam,\n\nThe mill, the largest of the valley, dates from 1712, when two brothers built it. "
    "Their grandchildren sold it to Anna Weber.\n\nYours faithfully",
    "telegram": "Largest mill of valley built 1712 by two brothers. Grandchildren sold it to Anna Weber.",
    "for a child": "Do you know the old mill? It was the largest of the valley. Two brothers built it in 1712. "
    "Their grandchildren sold it to Anna Weber.",
    "bullet list": "- mill: largest of the valley\n- built in 1712 by two brothers\n"
    "- sold by their grandchildren to Anna Weber",
    "single sentence": "The mill, built in 1712 by two brothers and the largest of the valley, was sold by their "
    "grandchildren to Anna Weber.",
    "questions and answers": "When was the mill built?\nTwo brothers built this largest mill of the valley in 1712.\n"
    "Who bought it from their grandchildren?\nAnna Weber did.",
    "headline and lead": "Valley mill sold to Anna Weber\n\nThe largest mill of the valley, built in 1712 by two "
    "brothers, was sold by their grandchildren.",
}
WRONG = {
    "plain language": RIGHT["single sentence"],
    "formal letter": RIGHT["single sentence"],
    "telegram": RIGHT["plain language"],
    "for a child": RIGHT["plain language"],
    "bullet list": RIGHT["plain language"],
    "single sentence": RIGHT["plain language"],
    "questions and answers": RIGHT["bullet list"],
    "headline and lead": RIGHT["single sentence"],
}


@pytest.mark.parametrize("register", style.REGISTERS)
def test_a_register_is_told_from_another(register):
    assert style.faults(register, SOURCE, RIGHT[register], "en") == {}
    assert "breaks_register" in style.faults(register, SOURCE, WRONG[register], "en")


def test_most_names_must_stay():
    text = RIGHT["plain language"].replace("Anna Weber", "a rich woman")
    assert "loses_names" in style.faults("plain language", SOURCE, text, "en")
