import random

import pytest

from synth_assets.exercises.creative_lists.forms import forms
from synth_assets.exercises.creative_lists.layout import RULES, lines_in, stanzas_in
from synth_assets.exercises.creative_lists.occasions import ASKERS, OCCASIONS
from synth_assets.exercises.creative_lists.personas import PERSONAS
from synth_assets.exercises.creative_lists.places import PLACES
from synth_assets.exercises.creative_lists.styles import STYLES
from synth_assets.exercises.creative_lists.themes import names_theme, themes
from synth_assets.exercises.creative_lists.times import TIMES, YEARS
from synth_assets.languages import LANGUAGES


def broken(rule, text, *numbers, language="en"):
    found = RULES[rule].check(text, numbers, language)
    return "" if found is None else found.reason


# --- the lists


LISTS = {
    "places": (PLACES, 120),
    "times": (TIMES, 80),
    "years": (YEARS, 80),
    "styles": (STYLES, 60),
    "personas": (PERSONAS, 120),
    "themes": (tuple(themes()), 100),
    "forms": (tuple(forms()), 50),
    "occasions": (OCCASIONS, 60),
    "askers": (ASKERS, 12),
}


@pytest.mark.parametrize(("values", "least"), LISTS.values(), ids=LISTS)
def test_lists_are_broad_and_free_of_copies_and_of_commas(values, least):
    assert len(values) >= least
    assert len(set(values)) == len(values)
    assert [value for value in values if "," in value or value != value.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_theme_is_known_by_its_own_name_in_every_language(language):
    unknown = [theme.id for theme in themes().values() if not names_theme(theme.names[language], theme.id, language)]
    assert unknown == []


@pytest.mark.parametrize(
    ("language", "text", "theme"),
    [
        ("en", "the jealous clock", "jealousy"),
        ("fr", "deux étoiles", "stars"),
        ("de", "in den Gärten", "garden"),
        ("it", "tra i boschi", "forest"),
        ("es", "los soñadores", "dream"),
        ("pl", "na wietrze", "wind"),
        ("nl", "door de ramen", "window"),
        ("la", "in itinere longo", "journey"),
    ],
)
def test_a_theme_is_known_by_forms_its_name_does_not_show(language, text, theme):
    assert names_theme(text, theme, language)
    assert not names_theme("xyz", theme, language)


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.id)
def test_every_form_has_a_rule_bounds_and_a_duty_of_its_own(form):
    assert form.rule in RULES
    assert 0 < form.least < form.most
    assert [other.id for other in forms().values() if other.duty == form.duty] == [form.id]


# --- verse


@pytest.mark.parametrize("number", range(20))
def test_lines_and_stanzas_are_counted_whatever_stands_between_them(number):
    rng = random.Random(number)
    size, count = rng.randint(2, 5), rng.randint(2, 6)
    gap = rng.choice(["\n\n", "\n \n", "\n\n\n", "\n\t\n"])
    stanza = "\n".join(rng.choice(["a b", "  — ça va", "Łódź!", "1"]) for _ in range(size))
    text = gap.join([stanza] * count)
    assert len(lines_in(text)) == size * count
    assert [len(each) for each in stanzas_in(text)] == [size] * count
    assert broken("lines", text, size * count) == ""
    assert broken("lines", text, size * count + 1) == "wrong_line_count"
    assert broken("stanzas_of", text, size, count) == ""
    assert broken("stanzas_of", text, size + 1, count) == "wrong_stanzas"
    assert broken("stanzas_of", text, size, count + 1) == "wrong_stanzas"
    assert broken("stanzas", text, count, size * count) == ""
    assert broken("stanzas", text, count + 1, 1) == "wrong_stanzas"
    assert broken("stanzas", text, 2, size * count + 1) == "wrong_stanzas"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Who am I?", ""), ("Quis sum?»", ""), ("¿Quién soy?", ""), ("*Who am I?*", ""),
        ("I am a bridge.", "no_closing_question"), ("Who am I? A bridge.", "no_closing_question"),
    ],
)  # fmt: skip
def test_a_riddle_ends_with_its_question(text, reason):
    assert broken("question", text) == reason


# --- shapes


def drawn_widths(rule, rng):
    """Widths that make the shape."""
    steps = [rng.randint(1, 6) for _ in range(8)]
    up = [4 + sum(steps[: number + 1]) for number in range(8)]
    turn = rng.randint(2, 5)
    return {
        "triangle": up,
        "funnel": up[::-1],
        "diamond": [*up[: turn + 1], *range(up[turn] - 1, up[turn] - (8 - turn), -1)],
        "hourglass": [*up[: turn + 1][::-1], *range(up[0] + 1, up[0] + 8 - turn)],
    }[rule]


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("rule", ["triangle", "funnel", "diamond", "hourglass"])
def test_a_shape_holds_whatever_its_lines_are_and_breaks_when_two_are_alike(rule, number):
    rng = random.Random(f"{rule} {number}")
    widths = drawn_widths(rule, rng)
    lines = [rng.choice("aąßœ") * width for width in widths]
    indented = [" " * rng.randint(0, 9) + line for line in lines]
    assert broken(rule, "\n".join(lines), 7) == ""
    assert broken(rule, "\n".join(indented), 7) == ""
    assert broken(rule, "\n".join(lines), len(lines) + 1) == "broken_layout"
    twice = rng.randrange(len(lines))
    assert broken(rule, "\n".join([*lines[: twice + 1], *lines[twice:]]), 7) == "broken_layout"
    others = {"triangle", "funnel", "diamond", "hourglass"} - {rule}
    assert {broken(other, "\n".join(lines), 7) for other in others} == {"broken_layout"}


STAIRS = "a\n  b\n    c\n      d\n        e\n          f"
ZIGZAG = "a\n    b\na\n     b\na\n    b"
BLOCK = "\n".join(["x" * 20, "x" * 22, "x" * 24, "x" * 20, "x" * 21, "x" * 23])
CENTRED = "xxxxxxxxxx\n  xxxxxx\n   xxxx\n    xx\n  xxxxxx\n   xxxx"
COLUMN = "Luna pendet canes tacent fons loquitur puella fenestram aperit nox intrat sedet".replace(" ", "\n")


@pytest.mark.parametrize(
    ("rule", "text", "least"),
    [("staircase", STAIRS, 6), ("zigzag", ZIGZAG, 6), ("block", BLOCK, 6), ("centred", CENTRED, 6),
     ("column", COLUMN, 12)],
)  # fmt: skip
def test_each_layout_holds_and_one_line_too_few_breaks_it(rule, text, least):
    assert broken(rule, text, least) == ""
    assert broken(rule, text.rpartition("\n")[0], least) == "broken_layout"


@pytest.mark.parametrize(
    ("rule", "text", "least"),
    [
        ("staircase", STAIRS.replace("      d", "    d"), 6),
        ("staircase", STAIRS.replace("      d", "     d"), 6),
        ("zigzag", ZIGZAG.replace("\na\n     b", "\n a\n     b"), 6),
        ("zigzag", ZIGZAG.replace("     b", "  b"), 6),
        ("block", BLOCK.replace("x" * 24, "x" * 25), 6),
        ("centred", CENTRED.replace("    xx\n", "xx\n"), 6),
        ("centred", "xxxx\n" + CENTRED, 6),
        ("centred", "\n".join(["xxxx"] * 6), 6),
        ("column", COLUMN.replace("nox\nintrat", "nox intrat"), 11),
    ],
)
def test_each_layout_is_broken_by_one_line_out_of_place(rule, text, least):
    assert broken(rule, text, least) == "broken_layout"


def test_tabs_and_a_lost_first_indent_change_no_staircase():
    assert broken("staircase", STAIRS.replace("    ", "\t"), 6) == ""
    assert broken("staircase", "   " + STAIRS, 6) == ""


# --- prose


@pytest.mark.parametrize(
    ("rule", "numbers", "right", "wrong", "reason"),
    [
        ("paragraphs", (3,), "a\n\nb\n\nc", "a\nb\n\nc", "wrong_paragraphs"),
        ("one_paragraph", (), "A line. Another.", "A line.\nAnother.", "wrong_paragraphs"),
        ("moral", (), "A fox ran.\n\nWho runs arrives.", "A fox ran. Who runs arrives.", "no_moral"),
        ("moral", (), "A fox.\n\nWho runs arrives.", f"A fox.\n\n{'Who runs arrives. ' * 30}", "no_moral"),
        ("address", (), "Dear guests, be seated.", "The guests are seated. Good.", "no_address"),
        ("log", (), "7:30 a\n1 March b\nMonday c", "7:30 a\nMonday b\nLater c", "no_entries"),
        ("headline", (), "**Whale Seen**\n\nIt swam.", "A whale was seen.\n\nIt swam.", "no_headline"),
        ("headline", (), "Whale Seen!\nIt swam.", "Whale Seen", "no_headline"),
        ("obituary", (), "Born in 1901, died in 1980.", "Born in 1980, died.", "no_years_of_life"),
        ("obituary", (), "Ada (812-860)", "Ada (1101-1980)", "no_years_of_life"),
        ("recipe", (), "- a\n- b\n* c\n1. d\n2. e\n3. f", "- a\n- b\n1. d\n2. e\n3. f", "no_ingredients"),
        ("recipe", (), "- a\n- b\n• c\n1) d\n2) e\n3) f", "- a\n- b\n- c\n1. d\n2. e\n4. f", "no_steps"),
        ("steps", (), "Hi.\n1. a\n2. b\n3. c\n4. d", "1. a\n2. b\n3. c\n5. d", "no_steps"),
        ("list", (), "- a\n" * 6, "- a\n" * 5, "no_items"),
        ("inventory", (), "2 hats\n" * 6, "two hats\n" * 6, "no_items"),
        ("interview", (), "A: x?\nB: y.\n" * 3, "A: x.\nB: y.\n" * 3, "too_few_questions"),
        ("interview", (), "A: x?\nB: y.\n" * 3, "A: x?\nB: y.\n" * 2, "too_few_turns"),
        ("interview", (), "A: x?\nB: y.\n" * 3, "A: x?\n" * 6, "one_speaker"),
        ("scene", (), "(Rain.)\nA: x\nB: y\nA: x\nB: y", "A: x\nB: y\nA: x\nB: y", "no_stage_direction"),
        ("scene", (), "ANNA : x\n*Rain.*\nB: y\nANNA : x\nB: y", "(Rain.)\nA: x\nA: x\nA: x\nA: x", "one_speaker"),
        ("scene", (), "**A:** x\n[Rain.]\n**B** (low): y\nA: x\nB: y", "(Rain.)\nA: x\nB: y", "too_few_turns"),
        ("dialogue", (), "A: x\nB: y\n" * 3, "A: x\n" * 6, "one_speaker"),
        ("dialogue", (), "— x\n" * 6, "— x\n" * 5, "too_few_turns"),
        ("dialogue", (), "„x”\n" * 6, "x\n" * 6, "too_few_turns"),
    ],
)  # fmt: skip
def test_a_form_in_prose_is_held_and_broken_by_name(rule, numbers, right, wrong, reason):
    assert broken(rule, right, *numbers) == ""
    assert broken(rule, wrong, *numbers) == reason


BY_LANGUAGE = {  # salutation, no salutation; date line, none; two words of the first person, none
    "en": ("Dear Ada,", "The snow,", "Tuesday", "Again", "I lost my hat.", "She lost her hat."),
    "fr": ("Chère Adèle,", "La neige,", "Mardi", "Encore", "J'ai perdu mon chapeau.", "Elle perd un chapeau."),
    "de": ("Liebe Ada,", "Der Schnee,", "Dienstag", "Wieder", "Ich verlor meinen Hut.", "Sie verlor den Hut."),
    "it": ("Cara Ada,", "La neve,", "Martedì", "Ancora", "Io persi il mio cappello.", "Lei perse il cappello."),
    "es": ("Querida Ana:", "La nieve,", "Martes", "Otra vez", "Yo perdí mi sombrero.", "Ella perdió el sombrero."),
    "pl": ("Droga Ado,", "Śnieg,", "Wtorek", "Znowu", "Zgubiłem mój kapelusz.", "Ona zgubi kapelusz."),
    "nl": ("Lieve Ada,", "De sneeuw,", "Dinsdag", "Weer", "Ik verloor mijn hoed.", "Zij verloor een hoed."),
    "la": ("Felix Adae suae salutem.", "Nix,", "Idibus Martiis", "Iterum", "Ego petasum meum amisi.", "Illa amisit."),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_known_by_its_salutation_and_its_signature(language):
    salutation, none = BY_LANGUAGE[language][:2]
    body = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore."
    assert broken("letter", f"{salutation}\n{body}\nA.", language=language) == ""
    assert broken("letter", f"Roma, 3\n\n{salutation}\n\n{body}\n\nA.\n\nP.S. {body}", language=language) == ""
    assert broken("letter", f"{none}\n{body}\nA.", language=language) == "no_salutation"
    assert broken("letter", f"{body}\n{salutation}\nA.", language=language) == "no_salutation"
    assert broken("letter", f"{salutation}\n{body}\n{body}", language=language) == "no_signature"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_diary_opens_with_a_date_and_a_monologue_says_i(language):
    _, _, date, none, first, third = BY_LANGUAGE[language]
    assert broken("diary", f"{date}\n\n{third}", language=language) == ""
    assert broken("diary", f"17. 4. 1850\n\n{third}", language=language) == ""
    assert broken("diary", f"{none}\n\n{third}", language=language) == "no_date_line"
    assert broken("diary", date, language=language) == "no_date_line"
    assert broken("first_person", first, language=language) == ""
    assert broken("first_person", third, language=language) == "no_first_person"


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_fails_on_an_empty_text_or_names_another_reason(rule):
    numbers = next((form.parameters for form in forms().values() if form.rule == rule), ())
    for text in ("", " \n ", "…", "a"):
        found = RULES[rule].check(text, numbers, "en")
        assert found is None or found.reason in RULES[rule].reasons
