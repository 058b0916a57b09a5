import random
from fractions import Fraction

import pytest

from synth_assets.exercises.math_templates.equations import count_equations, numbers_in, plain_latex, wrong_equations
from synth_assets.exercises.math_templates.numbers import format_number
from synth_assets.languages import LANGUAGES

TIMES, MINUS = "\u00d7", "\u2212"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (f"It takes 5 {TIMES} 60 = 300 litres.", "en"),
        (f"Together 129 km ÷ 172 km/h {TIMES} 60 = 45 minutes.", "en"),
        (f"(4 + 5) {TIMES} 2 = 18 = 3 {TIMES} 6", "en"),
        ("Das ergibt 12 : 40 · 100 = 30\u00a0%.", "de"),
        ("La part est de 12 ÷ 40 = 30\u202f%.", "fr"),
        ("1,05² = 1,1025", "fr"),
        ("Razem: 16\u00a0020 zł + 0,50 zł = 16\u00a0020,50 zł.", "pl"),
        ("1.234,5 + 1 = 1.235,5", "nl"),
        (f"91 ÷ 406 = 13/58 AND 20 {MINUS} 8 = 12", "en"),
        ("100 ÷ 3 ≈ 33.33", "en"),
        (r"$\frac{3}{4} \times 20 = 15$", "en"),
        ("2 * 3 = 6", "la"),
        ("2 x 3 = 6", "it"),
        ("2^10 = 1024", "es"),
    ],
)
def test_an_equation_that_holds_is_read_and_nothing_is_wrong(text, language):
    assert count_equations(text, language) >= 1
    assert wrong_equations(text, language) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (f"It takes 5 {TIMES} 60 = 310 litres.", "en"),
        (f"(4 + 5) {TIMES} 2 = 18 = 3 {TIMES} 5", "en"),
        ("Das ergibt 12 : 40 · 100 = 31\u00a0%.", "de"),
        ("1,05² = 1,1026", "fr"),
        ("Razem 16\u00a0020 + 0,50 = 16\u00a0020,05.", "pl"),
        ("1.234,5 + 1 = 1.234,6", "nl"),
        ("100 ÷ 3 = 33.33", "en"),
        ("100 ÷ 3 ≈ 33.2", "en"),
        (r"$\frac{3}{4} \times 20 = 16$", "en"),
        ("Ita 7 + 8 = 16 denarii.", "la"),
        ("Quindi 9 + 9 = 19.", "it"),
        ("Así 9 + 9 = 19.", "es"),
    ],
)
def test_an_equation_that_does_not_hold_is_found(text, language):
    assert len(wrong_equations(text, language)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2x + 5 = 15", f"5(40 {MINUS} x) = 300", "C(10, 3) = 120", "√16 = 4", "3! = 6", "8:30 + 45 min = 9:15",
        "2 1/2 + 4 = 10", "3 times 5 + 2 = 17", "2 h = 120 min", "9 h 15 + 45 min = 10 h", "20% of 50 + 1 = 11",
        f"tickets {MINUS} 5 + 2 = 3", "x = 5", "= 5", "5 =", "1 ÷ 0 = 2 + 3", "log(100) + 1 = 3", "9^999 = 1 + 1",
        "(" * 500 + "1 = 2 + 2", "1 + " * 500 + "= 2", "= " * 500, "7" * 500 + " + 1 = 2",
    ],
)  # fmt: skip
def test_what_cannot_be_read_without_doubt_is_passed_over(text):
    assert wrong_equations(text, "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(25))
def test_equations_made_by_program_hold_and_break_when_one_digit_changes(language, seed):
    rng = random.Random(f"{language} {seed}")
    one, other = (Fraction(rng.randint(1, 30_000), rng.choice((1, 2, 4, 10))) for _ in range(2))
    operator, result = rng.choice((("+", one + other), (TIMES, one * other)))
    written = [format_number(number, language) for number in (one, other, result)]
    equation = f"{written[0]} {operator} {written[1]} = {written[2]}"
    assert count_equations(equation, language) == 1
    assert wrong_equations(equation, language) == []
    broken = f"{written[0]} {operator} {written[1]} = {format_number(result + 1, language)}"
    assert len(wrong_equations(broken, language)) == 1


def test_latex_becomes_plain_signs_and_other_text_stays():
    assert plain_latex("5 km at 20%") == "5 km at 20%"
    assert plain_latex(r"\(\frac{1}{2} \cdot 3\text{ km}\)") == f"1/2 {TIMES} 3 km"
    assert numbers_in(r"$\dfrac{3}{14}$", "en") == [Fraction(3, 14)]
