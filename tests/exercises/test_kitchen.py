"""Quantities, scaling and substitutions of the kitchen."""

import random
from fractions import Fraction

import pytest

from synth_assets.exercises.kitchen.quantities import (
    Quantity,
    exactly,
    find_quantities,
    read_line,
    same_name,
    write_quantity,
)
from synth_assets.exercises.kitchen.scaling import (
    conversion_stands,
    converted,
    measured,
    scaled,
    stands,
    step_of,
    system_of,
    written_conversion,
)
from synth_assets.exercises.kitchen.substitutions import NAMES, SUBSTITUTIONS, names_it, possible, replacement
from synth_assets.languages import LANGUAGES

LINES = [
    ("en", "1 ½ pounds (about 700 g) beef sirloin", "3/2", "lb", "beef sirloin"),
    ("en", "* 1,500 g flour", "1500", "g", "flour"),
    ("en", "2 tbsp. minced garlic", "2", "tbsp", "minced garlic"),
    ("fr", "- 1,5 litre de bouillon", "3/2", "l", "de bouillon"),
    ("fr", "2 cuillères à soupe d'huile", "2", "tbsp", "d'huile"),
    ("fr", "½ c. à café de sel", "1/2", "tsp", "de sel"),
    ("de", "350g Basmatireis", "350", "g", "Basmatireis"),
    ("de", "1 1/2 EL Olivenöl", "3/2", "tbsp", "Olivenöl"),
    ("de", "1.200 ml Brühe", "1200", "ml", "Brühe"),
    ("it", "4 cucchiai d'olio", "4", "tbsp", "d'olio"),
    ("it", "1/2 cucchiaino di sale", "1/2", "tsp", "di sale"),
    ("es", "2 cucharaditas de sal", "2", "tsp", "de sal"),
    ("es", "0,5 l de leche", "1/2", "l", "de leche"),
    ("pl", "1 1/2 łyżeczki soli", "3/2", "tsp", "soli"),
    ("pl", "5 łyżek oliwy", "5", "tbsp", "oliwy"),
    ("pl", "2,5 g drożdży", "5/2", "g", "drożdży"),
    ("nl", "3 eetlepels olie", "3", "tbsp", "olie"),
    ("nl", "2 eieren", "2", "", "eieren"),
    ("la", "1/2 coclearis parvi salis", "1/2", "tsp", "salis"),
    ("la", "2 coclearia magna olei", "2", "tbsp", "olei"),
]


@pytest.mark.parametrize(("language", "text", "value", "unit", "name"), LINES)
def test_a_line_is_read_in_its_language(language, text, value, unit, name):
    line = read_line(text, language)
    assert (line.quantity, line.name) == (exactly(value, unit), name)


@pytest.mark.parametrize(
    ("language", "text", "low", "high", "unit"),
    [
        ("en", "2\u20133 large eggs", "2", "3", ""),
        ("en", "2 to 3 cups water", "2", "3", "cup"),
        ("fr", "2 à 3 tasses d'eau", "2", "3", "cup"),
        ("de", "1-2 TL Brühe", "1", "2", "tsp"),
        ("pl", "2 do 3 szklanek wody", "2", "3", "cup"),
        ("nl", "2 tot 3 liter water", "2", "3", "l"),
    ],
)
def test_a_range_keeps_both_ends(language, text, low, high, unit):
    assert read_line(text, language).quantity == Quantity(low=Fraction(low), high=Fraction(high), unit=unit)


@pytest.mark.parametrize(
    "text",
    ["9-inch pie crust", "½ cup + 2 tbsp sugar", "2x150 g mushrooms", "1 onion or 2 shallots", "500 g", "0 eggs"],
)
def test_a_line_that_cannot_be_told_apart_is_not_guessed(text):
    assert read_line(text, "en") is None


def test_a_line_without_a_number_has_no_quantity():
    assert read_line("Salt to taste", "en").quantity is None


def test_numbers_of_a_list_are_no_quantities_and_times_and_heat_are_read():
    found = find_quantities("1. Bake at 190 °C.\n2. Wait 40 minutes.", "en")
    assert [each.quantity for each in found] == [exactly(190, "°C"), exactly(40, "min")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(6))
def test_what_is_written_is_read_back(language, seed):
    rng = random.Random(f"{language} {seed}")
    for _ in range(40):
        unit = rng.choice(["", "g", "kg", "ml", "l", "tsp", "tbsp", "cup", "oz", "fl oz", "°C"])
        value = Fraction(rng.randint(1, 40), rng.choice([1, 1, 2, 4]))
        quantity = exactly(value, unit)
        line = read_line(f"- {write_quantity(quantity, language)} xyz", language)
        assert (line.quantity, line.name) == (quantity, "xyz")


@pytest.mark.parametrize(
    ("written", "language", "unit", "value"),
    [
        ("1/2 łyżeczki", "pl", "tsp", "1/2"), ("1 łyżeczka", "pl", "tsp", "1"), ("3 łyżeczki", "pl", "tsp", "3"),
        ("5 łyżeczek", "pl", "tsp", "5"), ("1 1/2 łyżki", "pl", "tbsp", "3/2"),
        ("1 1/2 cuillère à soupe", "fr", "tbsp", "3/2"), ("2 tazze", "it", "cup", "2"),
        ("1/2 coclearis magni", "la", "tbsp", "1/2"), ("1,5 kg", "de", "kg", "3/2"), ("1.5 kg", "en", "kg", "3/2"),
    ],
)  # fmt: skip
def test_units_take_the_form_that_their_number_asks_for(written, language, unit, value):
    assert write_quantity(exactly(value, unit), language) == written


@pytest.mark.parametrize(
    ("before", "unit", "factor", "after", "after_unit"),
    [
        ("900", "g", "2/3", "600", "g"), ("110", "g", "1/3", "37", "g"), ("1", "tbsp", "2/3", "2", "tsp"),
        ("2", "tsp", "3", "2", "tbsp"), ("3", "", "1/2", "3/2", ""), ("1", "kg", "1/2", "500", "g"),
        ("1/2", "tsp", "1/4", "1/8", "tsp"), ("1", "cup", "1/3", "1/3", "cup"), ("1", "", "1/10", "1/4", ""),
    ],
)  # fmt: skip
def test_scaled_amounts_are_rounded_as_a_cook_measures(before, unit, factor, after, after_unit):
    assert measured(scaled(exactly(before, unit), Fraction(factor))) == exactly(after, after_unit)


@pytest.mark.parametrize("seed", range(20))
def test_a_rounded_amount_stands_and_one_two_steps_off_does_not(seed):
    rng = random.Random(seed)
    for _ in range(50):
        exact = exactly(Fraction(rng.randint(1, 900), rng.choice([1, 2, 3, 4])), rng.choice(["g", "ml", "tsp", ""]))
        gold = measured(exact)
        assert stands(gold, exact)
        assert stands(exact, exact)
        step = max(step_of(gold.high, gold.unit) * 2, step_of(exact.high, exact.unit) * 2)
        assert not stands(Quantity(low=gold.low + 6 * step, high=gold.high + 6 * step, unit=gold.unit), exact)


def test_the_same_amount_stands_in_another_unit():
    assert stands(exactly(1, "tbsp"), exactly(3, "tsp"))
    assert stands(exactly("1.5", "kg"), exactly(1500, "g"))


@pytest.mark.parametrize(
    ("before", "unit", "system", "after", "after_unit"),
    [
        (240, "g", "metric", "8.5", "oz"), (500, "ml", "metric", "16.9", "fl oz"), (190, "°C", "metric", 375, "°F"),
        (1, "cup", "us", 240, "ml"), (375, "°F", "us", 190, "°C"), (8, "oz", "us", 225, "g"), (2, "", "us", 2, ""),
    ],
)  # fmt: skip
def test_amounts_are_converted_by_the_stated_table(before, unit, system, after, after_unit):
    original = exactly(before, unit)
    exact = converted(original, system)
    shown = written_conversion(exact, original)
    assert shown == exactly(after, after_unit)
    assert conversion_stands(shown, exact, original)
    wrong = Quantity(low=shown.low * Fraction(11, 10), high=shown.high * Fraction(11, 10), unit=shown.unit)
    assert not conversion_stands(wrong, exact, original)


def test_a_recipe_of_spoons_belongs_to_no_system():
    assert system_of([exactly(1, "tbsp"), exactly(2)]) is None
    assert system_of([exactly(1, "cup"), exactly(2)]) == "us"


def test_the_table_of_substitutions_names_everything_in_all_languages():
    assert all(set(names) == set(LANGUAGES) and all(names.values()) for names in NAMES.values())
    assert {part.name for each in SUBSTITUTIONS for part in each.parts} <= set(NAMES)
    assert {each.missing for each in SUBSTITUTIONS} <= set(NAMES)


def test_baking_powder_is_a_quarter_of_soda_and_half_of_cream_of_tartar():
    ((index, found),) = possible([read_line("1 teaspoon baking powder", "en")], "")
    parts = [replacement(exactly(1, "tsp"), part) for part in found.parts]
    assert (index, parts) == (0, [exactly("1/4", "tsp"), exactly("1/2", "tsp")])


def test_nothing_stands_in_where_the_procedure_forbids_it():
    assert possible([read_line("4 eggs", "en")], "Beat the whites.") == []
    assert possible([read_line("1 cup peanut butter", "en")], "") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_substitute_is_known_by_its_name_and_no_other(language):
    assert names_it(NAMES["lemon juice"][language], "lemon juice", language)
    assert not names_it(NAMES["flour"][language], "milk", language)


@pytest.mark.parametrize(
    ("first", "second"),
    [("ovum", "ova"), ("Ei", "Eier"), ("sól", "soli"), ("œuf", "œufs"), ("lac", "lactis"), ("mąka", "mąki")],
)
def test_forms_of_one_name_are_the_same(first, second):
    assert same_name(first, second)
    assert not same_name(first, "xyz")
