"""Recipes as read from sections: what they need, how much of it, and what is done with it."""

import re
from dataclasses import dataclass

from synth_assets.errors import Refused
from synth_assets.exercises.base import Passage
from synth_assets.exercises.kitchen.quantities import Line, read_line

_HEADINGS = {"en": ("Ingredients", "Procedure"), "de": ("Zutaten", "Zubereitung")}
_SERVINGS = re.compile(r"\b(?:Servings|Menge): (\d{1,2})\.")
_LEAST_LINES, _MOST_LINES, _MOST_WORDS = 3, 16, 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A recipe as read from a section.

    Attributes:
        title: the dish.
        language: of the section.
        servings: how many it feeds, None where the section does not say one number.
        lines: ingredients with a quantity, in their order.
        names: those without one ("salt to taste").
        steps: the procedure, a line a step; empty where the section has none.
        text: all of it, as prompts show it.
    """

    title: str
    language: str
    servings: int | None
    lines: tuple[Line, ...]
    names: tuple[str, ...]
    steps: tuple[str, ...]
    text: str


def read_recipe(section: Passage) -> Recipe:
    """The recipe that a section is.

    Raises:
        Refused: "no_ingredients", "unclear_ingredient" or "unfit_recipe"; another reply changes none of them.
    """
    headings = _HEADINGS.get(section.language, _HEADINGS["en"])
    before: list[str] = []
    parts: dict[str, list[str]] = {headings[0]: [], headings[1]: []}
    here = next((parts[name] for name in headings if section.heading.rpartition(" > ")[2] == name), before)
    for raw in section.text.splitlines():
        line = raw.strip()
        if line.rstrip(":") in parts:
            here = parts[line.rstrip(":")]
        elif line:
            here.append(line)
    listed = [line for line in parts[headings[0]] if not line.endswith(":")]
    if not listed:
        raise Refused("no_ingredients", section.text[:80], retry=False)
    read = [read_line(line, section.language) for line in listed]
    for raw, line in zip(listed, read, strict=True):
        if line is None:
            raise Refused("unclear_ingredient", raw[:120], retry=False)
    lines = tuple(line for line in read if line is not None and line.quantity is not None)
    names = tuple(line.name for line in read if line is not None and line.quantity is None and line.name)
    steps = tuple(parts[headings[1]])
    text = "\n".join([headings[0], *listed, *([headings[1], *steps] if steps else [])])
    if not _LEAST_LINES <= len(lines) <= _MOST_LINES or len(text.split()) > _MOST_WORDS:
        raise Refused("unfit_recipe", f"{len(lines)} amounts, {len(text.split())} words", retry=False)
    servings = _SERVINGS.search(" ".join(before))
    return Recipe(
        title=section.title,
        language=section.language,
        servings=int(servings[1]) if servings and int(servings[1]) else None,
        lines=lines,
        names=names,
        steps=steps,
        text=text,
    )
