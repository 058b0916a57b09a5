"""What is held against an answer about cooking: every amount, temperature and time, line by line and in the words.

The gold of scaled, substituted and converted amounts stands in the query's payload, exact; see `cooking`.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from synth_assets.exercises.base import Query, Task
from synth_assets.exercises.kitchen import scaling, substitutions
from synth_assets.exercises.kitchen.quantities import (
    Quantity,
    exactly,
    find_quantities,
    read_line,
    same_name,
    write_quantity,
)
from synth_assets.exercises.kitchen.recipes import Recipe
from synth_assets.exercises.passages import content_stems

COMPUTED = ("scaling", "substitution", "conversion")
# What each kind holds against an answer, in the order in which a refusal is named.
_LISTED = ("no_list", "missing_ingredient", "extra_ingredient", "unreadable_amount")
_KEPT = ("wrong_quantity", "changes_temperature", "changes_time")
PROMISES: Mapping[str, tuple[str, ...]] = {
    "scaling": (*_LISTED, "wrong_unit", "wrong_ingredient", *_KEPT, "no_words"),
    "conversion": (*_LISTED, "wrong_unit", "wrong_ingredient", *_KEPT, "no_words"),
    "substitution": (*_LISTED, "wrong_unit", "wrong_substitute", *_KEPT, "no_words"),
    "recipe": (*_LISTED, "wrong_unit", "wrong_ingredient", *_KEPT, "no_steps"),
    "advice": (*_KEPT, "no_words", "ungrounded"),
}

_LEAST_WORDS = 8
_LEAST_SHARED = 3


def quantities_of(rows: Sequence[Sequence[str]]) -> list[Quantity]:
    """Quantities of a payload."""
    return [Quantity(low=Fraction(low), high=Fraction(high), unit=unit) for low, high, unit in rows]


def answer_parts(text: str, language: str) -> tuple[list[str], str]:
    """The lines of amounts that an answer begins with, and its words.

    The list is the first block of lines of which one is an amount; a line that ends on a colon may open it, and lines
    behind a bullet that have no number ("salt to taste") are neither amounts nor words.
    """
    rows = text.strip().splitlines()
    lines: list[str] = []
    for index, row in enumerate(rows):
        bare = row.strip()
        if not bare:
            if lines:
                return lines, "\n".join(rows[index:]).strip()
            continue
        bulleted = re.match(r"[-*•]\s", bare) is not None
        found = find_quantities(re.sub(r"^[-*•]\s*|\*\*", "", bare), language)
        if found and (found[0].start == 0 or bulleted):
            lines.append(bare)
        elif not bulleted and (lines or not bare.endswith((":", ":**"))):
            return lines, "\n".join(rows[index:]).strip()
    return lines, ""


def faults_of(task: Task, recipe: Recipe, query: Query, text: str) -> dict[str, str]:
    """What is held against an answer: promise -> detail, in the order of the kind's promises."""
    kind, found = query.payload["task"], {}
    rows, words = answer_parts(text, task.language) if kind != "advice" else ([], text)
    said: list[Quantity] = []
    if kind != "advice":
        found |= _list_faults(task, recipe, query, rows, said)
    found |= {name: detail for name, detail in _word_faults(task, recipe, query, words, said).items() if detail}
    count = len([word for word in words.split() if any(letter.isalpha() for letter in word)])
    if kind == "recipe":
        if len([row for row in words.splitlines() if row.strip()]) < max(2, len(recipe.steps) // 2):
            found["no_steps"] = f"{words[:80]!r} for {len(recipe.steps)} steps"
    elif count < _LEAST_WORDS:
        found["no_words"] = f"{count} words after the amounts"
    if kind == "advice" and recipe.language == task.language:
        shared = len(content_stems(text) & content_stems(f"{recipe.title} {recipe.text}"))
        if shared < _LEAST_SHARED:
            found["ungrounded"] = f"{shared} words of the recipe"
    return {promise: found[promise] for promise in PROMISES[kind] if promise in found}


def _list_faults(task: Task, recipe: Recipe, query: Query, rows: Sequence[str], said: list[Quantity]) -> dict[str, str]:
    """What is wrong with a list of amounts; fills `said` with what it says."""
    kind = query.payload["task"]
    if kind == "recipe":
        gold = [line.quantity for line in recipe.lines if line.quantity is not None]
        names = [line.name for line in recipe.lines]
    else:
        gold, names = quantities_of(query.payload["gold"]), query.payload["names"]
    if not rows:
        return {"no_list": "the answer does not begin with amounts"}
    if len(rows) != len(gold):
        name = "missing_ingredient" if len(rows) < len(gold) else "extra_ingredient"
        return {name: f"{len(rows)} amounts for {len(gold)}"}
    found: dict[str, str] = {}
    asked = quantities_of(query.payload["lines"]) if kind == "conversion" else gold
    for row, exact, original, name in zip(rows, gold, asked, names, strict=True):
        line = read_line(row, task.language)
        if line is None or line.quantity is None:
            found.setdefault("unreadable_amount", row[:80])
            continue
        said.append(line.quantity)
        wanted = write_quantity(exact, "en")
        if line.quantity.dimension != exact.dimension:
            found.setdefault("wrong_unit", f"{row[:60]!r} for {wanted}")
        elif not _stands(kind, line.quantity, exact, original):
            found.setdefault("wrong_quantity", f"{row[:60]!r} for {wanted}")
        if kind == "substitution":
            if not substitutions.names_it(line.name, name, task.language):
                found.setdefault("wrong_substitute", f"{line.name[:60]!r} for {name!r}")
        elif (kind != "recipe" or recipe.language == task.language) and not same_name(line.name, name):
            found.setdefault("wrong_ingredient", f"{line.name[:60]!r} for {name[:60]!r}")
    return found


def _stands(kind: str, said: Quantity, exact: Quantity, original: Quantity) -> bool:
    if kind == "recipe":
        return said.base == exact.base
    if kind == "conversion":
        return scaling.conversion_stands(said, exact, original)
    return scaling.stands(said, exact)


def _word_faults(task: Task, recipe: Recipe, query: Query, words: str, said: Sequence[Quantity]) -> dict[str, str]:
    """Quantities of the words that neither the recipe nor the list has, and those of the recipe that are lost."""
    payload = query.payload
    known: dict[str, set[Fraction]] = {}
    own = [each.quantity for each in find_quantities(recipe.text, recipe.language)]
    computed = [*quantities_of(payload.get("gold", ())), *quantities_of(payload.get("lines", ()))]
    if payload["task"] == "substitution":
        computed += [
            exactly(value, unit) for value in (1, *_ratios(payload)) for unit in ("g", "ml", "tsp", "tbsp", "cup", "l")
        ]
    if payload["task"] == "conversion":
        computed += [exactly("28.35", "g"), exactly("29.57", "ml"), exactly("453.6", "g"), exactly(240, "ml")]
        computed += [exactly(1, unit) for unit in ("oz", "fl oz", "lb", "cup")]
    for each in (*own, *computed, *said):
        known.setdefault(each.dimension, set()).update(each.base)
    found: dict[str, str] = {}
    reasons = {"celsius": "changes_temperature", "fahrenheit": "changes_temperature", "time": "changes_time"}
    there: dict[str, set[Fraction]] = {}
    for each in find_quantities(words, task.language):
        dimension, written = each.quantity.dimension, words[each.start : each.end]
        there.setdefault(dimension, set()).update(each.quantity.base)
        if dimension == "count" and (payload["task"] in COMPUTED or each.quantity.high < 10):
            continue
        allowed = known.get(dimension, set())
        if dimension == "count":
            allowed = allowed | {quantity.high for quantity in own} | {quantity.low for quantity in own}
        if not set(each.quantity.base) <= allowed:
            found.setdefault(reasons.get(dimension, "wrong_quantity"), f"{written!r} is not the recipe's")
    if payload["task"] == "recipe":
        for quantity in held_by(recipe):
            if not set(quantity.base) <= there.get(quantity.dimension, set()):
                found.setdefault(reasons[quantity.dimension], f"{write_quantity(quantity, 'en')} is lost")
    return found


def _ratios(payload: Mapping[str, Any]) -> list[Fraction]:
    return [part.ratio for part in substitution_of(payload).parts]


def substitution_of(payload: Mapping[str, Any]) -> substitutions.Substitution:
    return next(each for each in substitutions.SUBSTITUTIONS if each.missing == payload["missing_name"])


def held_by(recipe: Recipe) -> list[Quantity]:
    """Temperatures and times of the procedure that a complete answer keeps: those outside parentheses."""
    text = re.sub(r"\([^()]*\)", "", "\n".join(recipe.steps))
    dimensions = ("celsius", "fahrenheit", "time")
    held = [each.quantity for each in find_quantities(text, recipe.language)]
    return list(dict.fromkeys(each for each in held if each.dimension in dimensions))


def trace_faults(task: Task, recipe: Recipe, query: Query, text: str) -> dict[str, str]:
    """What a trace fails to speak of: at least half of the computed amounts, or three words of the recipe."""
    if query.payload["task"] not in COMPUTED:
        shared = len(content_stems(text) & content_stems(f"{recipe.title} {recipe.text}"))
        if shared >= _LEAST_SHARED or recipe.language != "en":
            return {}
        return {"trace_off_recipe": f"{shared} words of the recipe"}
    there = {end for each in find_quantities(text, "en") for end in (each.quantity.low, each.quantity.high)}
    gold = quantities_of(query.payload["gold"])
    written = [written_gold(query.payload, number) for number in range(len(gold))]
    missing = [
        write_quantity(shown, "en")
        for exact, shown in zip(gold, written, strict=True)
        if exact.low not in there and shown.low not in there
    ]
    if 2 * len(missing) > len(gold):
        return {"trace_off_arithmetic": f"without {', '.join(missing)}"}
    return {}


def written_gold(payload: Mapping[str, Any], number: int) -> Quantity:
    """The gold of one line as it is written: rounded for the kitchen."""
    exact = quantities_of(payload["gold"])[number]
    if payload["task"] == "conversion":
        return scaling.written_conversion(exact, quantities_of(payload["lines"])[number])
    return scaling.measured(exact)
