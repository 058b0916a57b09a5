"""Quantities multiplied and converted exactly, and how far a cook's rounding may stray.

A quantity is scaled with fractions and then rounded to what a kitchen can measure: grams and millilitres to whole ones
below 100 and to fives above, spoons and cups to quarters and eighths, pieces to halves. What is said in an answer
stands when it is within half of that step of the exact value, in any unit of the same dimension (1 tbsp for 3 tsp).

Conversion: 1 oz = 28.35 g, 1 lb = 453.6 g, 1 cup = 240 ml, 1 fl oz = 29.57 ml, °F = 9/5 of °C plus 32; what is said
may be 3% off, temperatures 5 °F or 3 °C. Spoons and pieces are the same in both kitchens.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from synth_assets.exercises.kitchen.quantities import UNITS, Quantity

System = Literal["metric", "us"]

_METRIC = ("g", "kg", "mg", "ml", "cl", "dl", "l", "°C")
_US = ("oz", "lb", "cup", "fl oz", "pint", "quart", "gallon", "°F")
_CUP_PARTS = tuple(Fraction(part) for part in ("0", "1/8", "1/4", "1/3", "1/2", "2/3", "3/4", "1"))
CONVERSION_TOLERANCE = Fraction(3, 100)


def step_of(value: Fraction, unit: str) -> Fraction:
    """The finest difference a cook measures at this size, in the unit."""
    if unit in ("g", "ml", "mg"):
        return Fraction(1, 2) if value < 10 else Fraction(1) if value < 100 else Fraction(5)
    if unit in ("kg", "l"):
        return Fraction(1, 20)
    if unit in ("cl", "dl"):
        return Fraction(1, 2)
    if unit == "tsp":
        return Fraction(1, 8) if value < 1 else Fraction(1, 4)
    if unit == "tbsp":
        return Fraction(1, 4) if value < 4 else Fraction(1, 2)
    if unit == "cup":
        return Fraction(1, 8)
    if unit == "":
        return Fraction(1, 4) if value < 1 else Fraction(1, 2) if value < 10 else Fraction(1)
    return Fraction(1, 4) if value < 10 else Fraction(1, 2)


def scaled(quantity: Quantity, factor: Fraction) -> Quantity:
    """The exact product, in the same unit."""
    return Quantity(low=quantity.low * factor, high=quantity.high * factor, unit=quantity.unit)


def measured(quantity: Quantity) -> Quantity:
    """An exact quantity as a cook measures it: in a fitting unit, rounded by `step_of`, never to nothing."""
    unit, size = quantity.unit, Fraction(1)
    if unit in ("kg", "l") and quantity.low < 1:
        unit, size = {"kg": "g", "l": "ml"}[unit], Fraction(1000)
    elif unit == "tbsp" and (quantity.low * 4).denominator != 1:
        unit, size = "tsp", Fraction(3)
    elif unit == "tsp" and quantity.low >= 3 and (quantity.low / 3).denominator == 1 and quantity.low == quantity.high:
        unit, size = "tbsp", Fraction(1, 3)
    return Quantity(low=_rounded(quantity.low * size, unit), high=_rounded(quantity.high * size, unit), unit=unit)


def _rounded(value: Fraction, unit: str) -> Fraction:
    if value.denominator == 1:
        return value
    if unit == "cup":
        whole = Fraction(value.numerator // value.denominator)
        return max(whole + min(_CUP_PARTS, key=lambda part: abs(whole + part - value)), Fraction(1, 8))
    step = step_of(value, unit)
    halves = (value / step + Fraction(1, 2)).__floor__()
    return max(step * halves, step)


def stands(said: Quantity, exact: Quantity) -> bool:
    """Whether what is said is the exact quantity within half a step; for quantities of the same dimension."""
    gold = measured(exact)
    half = max(step_of(gold.high, gold.unit) * UNITS[gold.unit][1], step_of(exact.high, exact.unit) * size_of(exact))
    near = all(abs(one - other) <= half / 2 for one, other in zip(said.base, exact.base, strict=True))
    return near or said.base == gold.base


def size_of(quantity: Quantity) -> Fraction:
    """How much of its dimension's base unit the quantity's unit is."""
    return UNITS[quantity.unit][1]


def system_of(quantities: Sequence[Quantity]) -> System | None:
    """The kitchen that most of the quantities are of; None where all are spoons and pieces."""
    metric = sum(quantity.unit in _METRIC for quantity in quantities)
    us = sum(quantity.unit in _US for quantity in quantities)
    return None if not metric and not us else "metric" if metric >= us else "us"


def converts(quantity: Quantity, system: System) -> bool:
    """Whether a quantity of a recipe of `system` changes its unit when the recipe is converted."""
    return quantity.unit in (_METRIC if system == "metric" else _US)


def converted(quantity: Quantity, system: System) -> Quantity:
    """The exact quantity in the other kitchen's unit; the same where it does not convert."""
    if not converts(quantity, system):
        return quantity
    if quantity.unit == "°C":
        return Quantity(low=quantity.low * 9 / 5 + 32, high=quantity.high * 9 / 5 + 32, unit="°F")
    if quantity.unit == "°F":
        return Quantity(low=(quantity.low - 32) * 5 / 9, high=(quantity.high - 32) * 5 / 9, unit="°C")
    unit = {"mass": ("oz", "g"), "volume": ("fl oz", "ml")}[quantity.dimension][system == "us"]
    low, high = (end / UNITS[unit][1] for end in quantity.base)
    return Quantity(low=low, high=high, unit=unit)


def written_conversion(exact: Quantity, original: Quantity) -> Quantity:
    """A converted quantity rounded for reading: degrees to fives, grams to whole ones or to fives
    where that is within a hundredth, ounces to tenths."""
    if exact == original:
        return original
    step = {"°C": Fraction(5), "°F": Fraction(5), "g": Fraction(1), "ml": Fraction(1)}.get(exact.unit, Fraction(1, 10))
    if exact.unit in ("g", "ml") and exact.low >= 100:
        step = Fraction(5) if abs(exact.low / 5 - round(exact.low / 5)) * 5 < exact.low / 100 else Fraction(1)
    ends = [max(step * (end / step + Fraction(1, 2)).__floor__(), step) for end in (exact.low, exact.high)]
    return Quantity(low=ends[0], high=ends[1], unit=exact.unit)


def conversion_stands(said: Quantity, exact: Quantity, original: Quantity) -> bool:
    """Whether what is said is the converted quantity within the tolerance; for quantities of the same dimension."""
    if exact == original:
        return said.base == exact.base
    for one, other in zip(said.base, exact.base, strict=True):
        if exact.unit in ("°C", "°F"):
            allowed = Fraction(3) if exact.unit == "°C" else Fraction(5)
        else:
            allowed = max(other * CONVERSION_TOLERANCE, size_of(exact) / 20)
        if abs(one - other) > allowed:
            return False
    return True
