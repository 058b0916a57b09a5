import random

import pytest

from synth_assets.exercises.facts import ALTERABLE, Fact, altered, facts_of, states, without

TEXTS = {
    "en": "Qiao Weiyue built the lock in 984. Mitre gates came to Milan around 1500, and Leonardo Rossi drew 12,500 of "
    "them in the 16th century. They spread to France.",
    "fr": "Le canal fut ouvert en 1681 par Pierre Moreau. Il mesure 240 kilomètres, et le projet date du XVIe siècle. "
    "On le visite en France.",
    "de": "Der Kanal wurde 1899 eröffnet. Er ist 226 Kilometer lang, und Johann Weber plante ihn im 19. Jahrhundert. "
    "Er liegt in Deutschland.",
    "it": "Il canale fu aperto nel 1777. È lungo 50 chilometri, e lo disegnò Marco Bianchi nel secolo XVIII. "
    "Si trova in Grecia.",
    "es": "El canal se abrió en 1849. Mide 207 kilómetros, y lo trazó Juan Pérez en el siglo XVIII. Está en España.",
    "pl": "Kanał otwarto w 1839 roku. Ma 101 kilometrów, a plany powstały w XIX wieku. Leży w Polsce koło Rosji.",
    "nl": "Het kanaal werd in 1876 geopend. Het is 21 kilometer lang, en Jan Smit tekende het in de 19e eeuw. "
    "Het ligt bij Rome.",
    "la": "Fossa anno 1681 aperta est. Milia passuum 240 longa est, saeculo XVI excogitata. In Gallia iacet.",
}
FOUND = {
    "en": {("year", "984"), ("year", "1500"), ("number", "12,500"), ("century", "16th"), ("person", "Leonardo Rossi"),
           ("city", "Milan"), ("country", "France")},
    "fr": {("year", "1681"), ("number", "240"), ("century", "XVI"), ("person", "Pierre Moreau"), ("country", "France")},
    "de": {("year", "1899"), ("number", "226"), ("century", "19"), ("person", "Johann Weber"),
           ("country", "Deutschland")},
    "it": {("year", "1777"), ("number", "50"), ("century", "XVIII"), ("person", "Marco Bianchi"),
           ("country", "Grecia")},
    "es": {("year", "1849"), ("number", "207"), ("century", "XVIII"), ("person", "Juan Pérez"), ("country", "España")},
    "pl": {("year", "1839"), ("number", "101"), ("century", "XIX"), ("country", "Rosji")},
    "nl": {("year", "1876"), ("number", "21"), ("century", "19"), ("person", "Jan Smit"), ("city", "Rome")},
    "la": {("year", "1681"), ("number", "240"), ("century", "XVI"), ("country", "Gallia")},
}  # fmt: skip
CASES = [(language, kind, value) for language, values in FOUND.items() for kind, value in sorted(values)]


def fact(language, kind, value):
    return next(one for one in facts_of(TEXTS[language], language) if (one.kind, one.value) == (kind, value))


@pytest.mark.parametrize("language", TEXTS)
def test_years_numbers_centuries_persons_and_places_are_found(language):
    found = {(one.kind, one.value) for one in facts_of(TEXTS[language], language) if one.kind in ALTERABLE}
    assert found == FOUND[language]
    assert all(one.sentence in " ".join(TEXTS[language].split()) for one in facts_of(TEXTS[language], language))


@pytest.mark.parametrize(("language", "kind", "value"), CASES)
def test_an_altered_text_states_the_wrong_value_and_no_longer_the_true_one(language, kind, value):
    one = fact(language, kind, value)
    for seed in range(30):
        text, wrong = altered(TEXTS[language], one, random.Random(seed), language)
        assert wrong in text
        assert states(text, wrong, kind)
        assert not states(text, value, kind)
        assert wrong not in {other.value for other in facts_of(TEXTS[language], language)}
        assert len(text.split()) == len(TEXTS[language].split()) or kind == "person"


@pytest.mark.parametrize(("language", "kind", "value"), CASES)
def test_a_text_without_a_fact_does_not_state_it_and_keeps_the_rest(language, kind, value):
    one = fact(language, kind, value)
    left = without(TEXTS[language], one, language)
    assert not states(left, value, kind)
    assert one.sentence not in left
    assert left
    assert set(left.split()) <= set(TEXTS[language].split())


def test_the_same_generator_alters_alike():
    one = fact("en", "year", "984")
    drawn = [altered(TEXTS["en"], one, random.Random(7), "en") for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len({altered(TEXTS["en"], one, random.Random(seed), "en")[1] for seed in range(40)}) > 20


@pytest.mark.parametrize(
    ("written", "digits"), [("9,200,000", 7), ("1 006", 4), ("2.430", 4), ("3.5", 2), ("64", 2), ("13,500", 5)]
)
def test_a_wrong_number_has_the_form_of_the_right_one(written, digits):
    text = f"It has {written} of them."
    for seed in range(30):
        _, wrong = altered(text, Fact(sentence=text, value=written, kind="number"), random.Random(seed), "en")
        assert wrong != written
        assert wrong[0] != written[0]
        assert sum(character.isdigit() for character in wrong) == digits
        assert [c for c in wrong if not c.isdigit()] == [c for c in written if not c.isdigit()]


def test_a_conversion_that_would_give_an_altered_number_away_goes_with_it():
    text = "The Sahara has an area of 9,200,000 square kilometres (3,600,000 sq mi) today."
    (one,) = (found for found in facts_of(text, "en") if found.kind == "number")
    changed, wrong = altered(text, one, random.Random(3), "en")
    assert changed == f"The Sahara has an area of {wrong} square kilometres today."


@pytest.mark.parametrize(
    "text",
    [
        "On 30 May she spoke to them.", "Le 30 mai elle parla.", "The grid is 8\u00d78 and the 1920s roared.",
        "He chose 3 of them.", "Every Monday the German Shepherd barks.", "A 15-inch gun stood there.",
    ],
)  # fmt: skip
def test_days_products_decades_and_single_figures_are_no_numbers_to_ask_for(text):
    assert [one for one in facts_of(text, "en") if one.kind in ("year", "number")] == []


@pytest.mark.parametrize(
    ("text", "value", "kind", "stated"),
    [
        ("Es waren 16.020 Stück.", "16,020", "number", True),
        ("Es waren 16.021 Stück.", "16,020", "number", False),
        ("au XVIIe siècle", "17th", "century", True),
        ("in de zeventiende eeuw", "17th", "century", True),
        ("saeculo septimo decimo", "17th", "century", True),
        ("saeculo septimo decimo", "7th", "century", False),
        ("im 17. Jahrhundert", "XVII", "century", True),
        ("w XVII wieku", "17th", "century", True),
        ("el siglo XVI", "17th", "century", False),
        ("à Londres", "London", "city", True),
        ("cinque volte", "China", "country", False),
        ("w Chinach", "China", "country", True),
        ("Ferranda pokonano", "Pierre Ferrand", "person", True),
        ("Pierre vint", "Pierre Ferrand", "person", False),
        ("the Second Punic War", "Second Punic War", "name", True),
        ("the First Punic War", "Second Punic War", "name", False),
        ("It opened in 1500 or 1501.", "150", "number", False),
    ],
)
def test_a_value_is_told_in_every_language_and_form(text, value, kind, stated):
    assert states(text, value, kind) is stated


def test_a_text_that_does_not_hold_the_value_cannot_be_altered():
    with pytest.raises(ValueError, match="1893"):
        altered("It is old.", Fact(sentence="", value="1893", kind="year"), random.Random(1), "en")


def test_a_text_of_one_sentence_without_its_fact_is_empty():
    text = "It was opened in 1893 by the king."
    assert without(text, facts_of(text, "en")[0], "en") == ""
