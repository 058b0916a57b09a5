"""Cooking: a cook's request and an adviser's answer, whose every quantity is held against the recipe (SYNTH's cooking).

Five kinds, by the axis `task`. Of *scaling*, *substitution* and *conversion* a program knows the gold: the query's
author writes what the cook plans and the ingredient list in the cell's language, code holds its numbers and units
against the recipe, and a program adds the question and computes every amount with fractions. The answer's list is then
read and compared line by line. Of *recipe* the list is held against the recipe itself, its steps must keep every
temperature and time. *Advice* is a practical question that the recipe answers, in words; it may name no quantity that
the recipe does not have.

What a seed must have: a list of ingredients whose numbers can be told apart. Names are compared where they are
comparable: with the query's own list, with the table of substitutes, or with an English recipe in an English row.

The scorer `grounding` is left out, for scaled and converted amounts stand in no passage; the checks here take its
place.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import yaml

from synth_assets.errors import Refused
from synth_assets.exercises.base import (
    Answer,
    Asked,
    Check,
    Draft,
    DuplicateRule,
    Exercise,
    Passage,
    Query,
    Task,
)
from synth_assets.exercises.closed_book import check_closed_book, check_own, converse, draft_of, plain
from synth_assets.exercises.constraints import draw_each
from synth_assets.exercises.kitchen import scaling, substitutions
from synth_assets.exercises.kitchen.answers import (
    COMPUTED,
    PROMISES,
    answer_parts,
    faults_of,
    held_by,
    quantities_of,
    substitution_of,
    trace_faults,
    written_gold,
)
from synth_assets.exercises.kitchen.quantities import (
    Line,
    Quantity,
    alike,
    exactly,
    find_quantities,
    name_words,
    read_line,
    same_name,
    unit_words,
    write_number,
    write_quantity,
)
from synth_assets.exercises.kitchen.recipes import Recipe, read_recipe
from synth_assets.exercises.notation_grammar import literal, trace_grammar
from synth_assets.exercises.passages import fenced, neutralised
from synth_assets.identity import rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import Rendered, render

EXAMPLES = "cooking/examples"

AXES: Mapping[str, Mapping[str, float]] = {
    "task": {"scaling": 0.30, "recipe": 0.20, "substitution": 0.20, "conversion": 0.15, "advice": 0.15},
    "factor": dict.fromkeys(
        ("1/4", "1/3", "1/2", "2/3", "3/4", "5/4", "4/3", "3/2", "7/4", "2", "5/2", "3", "4", "5", "8", "10"), 1 / 16
    ),
    "topic": dict.fromkeys(
        (
            "doneness", "texture", "order of steps", "reason for a step", "making ahead", "a common mistake",
            "role of an ingredient", "time planning", "heat", "serving",
        ),
        0.1,
    ),
    "tone": dict.fromkeys(("cheerful", "matter-of-fact", "hurried", "anxious", "chatty"), 0.2),
}  # fmt: skip

_MOST_OPENING_WORDS = 70
_QUERY_TOKENS, _DRAFT_TOKENS, _ANSWER_TOKENS = 900, 1400, 1800

_OCCASIONS = (
    "a birthday at home", "a street party", "a school fair", "the first evening in a new flat", "a picnic by a lake",
    "Sunday lunch with grandparents", "a late supper after the theatre", "a meal on a narrowboat", "a choir rehearsal",
    "lunch for harvest helpers", "a camping trip with a gas stove", "an exam week", "a farewell at the office",
    "a winter evening by the stove", "a housewarming", "a chess club's meeting", "a day of snow with no shop open",
    "a wedding anniversary", "a film night", "a hike the next morning", "a charity bazaar", "a village fête",
    "dinner with new neighbours", "a sick friend to be fed", "a power cut that is just over", "a cookery course",
    "a stall at a flea market", "a name day", "a rehearsal dinner", "a night shift's break", "a reading circle",
    "a children's party", "a garden full of helpers", "a visit from abroad", "a football evening", "a quiet weekend",
    "a potluck in the library", "a fast that ends at sunset", "moving day", "a class reunion",
)  # fmt: skip
_COOKS = (
    "a student with one good pan", "a retired bus driver", "a father of three", "a nurse after a long shift",
    "a boy of twelve and his aunt", "a caretaker of a mountain hut", "a newcomer to cooking", "a ship's cook on leave",
    "a librarian", "a baker's apprentice", "a grandmother who never measures", "two flatmates", "a violinist on tour",
    "a canteen cook", "a widower who is learning", "a botanist", "a carpenter", "a teacher of geography",
    "a young mother", "a beekeeper", "a taxi driver", "an engineer who weighs everything", "a scout leader",
    "a translator working at home", "a goat farmer", "a firefighter of the volunteer brigade", "a pensioner alone",
    "a printer", "a potter", "a junior doctor", "a parish clerk", "a postwoman", "a gardener", "a tailor",
    "a museum guard", "a programmer",
)  # fmt: skip
_SEASONS = ("early spring", "high summer", "late autumn", "deep winter")
_REQUESTS = 4
_ORDERS = ((0, 1), (1, 0))
_WORDINGS = len(_OCCASIONS) * len(_COOKS) * len(_SEASONS) * len(_ORDERS)
# has no factor of `_WORDINGS`, so that so many passes over one section have so many wordings, neighbours unlike
_STRIDE = 4933


class Cooking(Exercise):
    """One cook's request, a trace that shows arithmetic or method, and an answer whose amounts are right."""

    name = "cooking"
    label = "cooking"
    source = "SYNTH (arXiv 2609.37891)"
    axes = AXES
    neighbours = 0
    distinct_draws = _WORDINGS
    # Vectors cannot tell amounts apart: on labelled pairs one list doubled and tripled reaches a cosine of 0.97, one
    # advice in other words 0.79. Words can: 20 lines of which one is another share 0.81 of their shingles.
    duplicate_rule = DuplicateRule(kind="exact", family="cooking", lexical_threshold=0.9)
    scorers = frozenset(
        {
            "verifier",
            "length",
            "notation",
            "format",
            "language",
            "boilerplate",
            "repetition",
            "word_order",
            "relevance",
            "trace_relevance",
        }
    )
    refusals = frozenset(
        {
            "no_ingredients",
            "unclear_ingredient",
            "unfit_recipe",
            "no_procedure",
            "nothing_to_substitute",
            "nothing_to_convert",
            "no_opening",
            "opening_has_number",
            "list_misses_line",
            "list_changes_quantity",
            "list_changes_ingredient",
            "no_question",
            "gives_away_quantity",
            "off_recipe",
            "no_conclusion",
            "trace_off_arithmetic",
            "trace_off_recipe",
            "repeats_example",
            "mentions_passage",
            "leaks_markup",
            "leaks_url",
            *(promise for promises in PROMISES.values() for promise in promises),
        }
    )

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        """Every axis at every pass, whether the task drawn has a use for it or not."""
        return draw_each(key=key, pass_number=pass_number, language=language, priors=priors, axes=self.axes)

    def make_query(self, task: Task) -> Generator[Asked, Any, Query]:
        """The cook's request.

        Payload: "task"; of a computed task also "listed" (the query's list), "lines" ([low, high, unit, name] of the
        query's list), "gold" ([low, high, unit] exact, a line each), "names" (what each line must name), and by task
        "factor" and "servings", "missing" (index) or "system".
        """
        assert task.section is not None
        recipe = read_recipe(task.section)
        kind = task.constraints["task"]
        if kind not in COMPUTED:
            if not recipe.steps:
                raise Refused("no_procedure", recipe.title, retry=False)
            return (yield from _asked(task, recipe))
        planned = _planned(task, recipe)
        reply = yield from _told(task, recipe)
        opening, listed = _read_listing(reply, task, recipe)
        return _computed(task, recipe, planned, opening, listed)

    def make_draft(self, task: Task, query: Query) -> Generator[Asked, Any, Draft]:
        assert task.section is not None
        recipe = read_recipe(task.section)
        shown = _examples(task, query.payload["task"])
        (reply,) = yield converse(
            "reasoning",
            examples=render(EXAMPLES),
            system=render("cooking/draft_system", language=LANGUAGES[task.language]),
            turns=[(_draft_turn(example), example["draft"]) for example in shown],
            last=_draft_turn(_row(task, recipe, query)),
            max_tokens=_DRAFT_TOKENS,
            grammar=trace_grammar("complex"),
        )
        text = draft_of(reply, url=task.section.url, examples=shown)
        for reason, detail in trace_faults(task, recipe, query, text).items():
            raise Refused(reason, detail)
        return Draft(text=text)

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Generator[Asked, Any, Answer]:
        assert task.section is not None
        recipe = read_recipe(task.section)
        language = LANGUAGES[task.language]
        shown = _examples(task, query.payload["task"])
        (reply,) = yield converse(
            "answer",
            examples=render(EXAMPLES),
            system=render("cooking/answer_system", language=language),
            turns=[(_answer_turn(example, example["draft"], language), example["answer"]) for example in shown],
            last=_answer_turn(_row(task, recipe, query), draft.text, language),
            max_tokens=_ANSWER_TOKENS,
        )
        text = plain(reply)
        for reason, detail in faults_of(task, recipe, query, text).items():
            raise Refused(reason, detail)
        check_closed_book(text, step="answer", url=task.section.url)
        for example in shown:
            check_own(text, example, step="answer")
        return Answer(text=text)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        """Every promise of the kind drawn, and that the trace shows what leads there."""
        assert task.section is not None
        recipe = read_recipe(task.section)
        faults = faults_of(task, recipe, query, answer.text)
        checks = [
            Check(name=promise, passed=promise not in faults, detail=faults.get(promise, ""))
            for promise in PROMISES[query.payload["task"]]
        ]
        wandered = trace_faults(task, recipe, query, draft.text)
        if query.payload["task"] in COMPUTED:
            detail = wandered.get("trace_off_arithmetic", "")
            checks.append(Check(name="trace_off_arithmetic", passed=not detail, detail=detail))
        else:
            detail = wandered.get("trace_off_recipe", "")
            checks.append(Check(name="trace_off_recipe", passed=not detail, detail=detail))
        return tuple(checks)

    def in_language(self, query: Query, answer: Answer) -> tuple[str, str]:
        """The sentences of both: a list of names and numbers is no prose."""
        if query.payload["task"] not in COMPUTED:
            return query.text, answer.text
        asked = "\n".join(line for line in query.text.splitlines() if not line.startswith("- ") and "=" not in line)
        return asked, answer_parts(answer.text, query.payload["language"])[1]

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        """Of a computed row its amounts, which two requests for the same share; else what is answered to what."""
        payload = query.payload
        if payload["task"] in COMPUTED:
            lines = answer_parts(answer.text, payload["language"])[0]
            return "\n".join([payload["task"], *lines])
        return answer.text if payload["task"] == "recipe" else f"{query.text}\n\n{answer.text}"

    def published_constraints(self, task: Task, query: Query) -> str:
        payload = query.payload
        detail = {
            "scaling": payload.get("factor"),
            "substitution": payload.get("missing_name"),
            "conversion": payload.get("system"),
            "recipe": "steps",
            "advice": task.constraints["topic"],
        }[payload["task"]]
        servings = f", servings:{payload['servings']}" if payload.get("servings") else ""
        return f"task:{payload['task']}[{detail}]{servings}, style:tone[{task.constraints['tone']}]"


# --- the query


@cache
def _requests() -> Mapping[str, Any]:
    return yaml.safe_load(render("cooking/requests").text)


def _wording(task: Task) -> tuple[str, str, str, int]:
    """Occasion, cook, season and order of examples: no two alike over a section."""
    assert task.section is not None
    start = rng_of("wording", task.section.section_id, task.language).randrange(_WORDINGS)
    number = (start + task.pass_number * _STRIDE) % _WORDINGS
    number, season = divmod(number, len(_SEASONS))
    number, order = divmod(number, len(_ORDERS))
    cook, occasion = divmod(number, len(_OCCASIONS))
    return _OCCASIONS[occasion], _COOKS[cook], _SEASONS[season], order


def _asked(task: Task, recipe: Recipe) -> Generator[Asked, Any, Query]:
    """The request of a recipe or of advice, by a model."""
    assert task.section is not None
    kind, language = task.constraints["task"], LANGUAGES[task.language]
    shown = _examples(task, kind)
    (reply,) = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render("cooking/query_system", task=kind, language=language, units=""),
        turns=[(_query_turn(example, kind, language), example["query"]) for example in shown],
        last=_query_turn(_row(task, recipe, None), kind, language),
        max_tokens=_QUERY_TOKENS,
    )
    text = " ".join(plain(reply).split())
    if "?" not in text:
        raise Refused("no_question", text[-80:])
    if found := [each for each in find_quantities(text, task.language) if each.quantity.unit]:
        raise Refused("gives_away_quantity", text[found[0].start : found[0].end])
    check_closed_book(text, step="query", url=task.section.url)
    for example in shown:
        check_own(text, example, step="query")
    if recipe.language == task.language and not _shares(text, f"{recipe.title} {recipe.text}"):
        raise Refused("off_recipe", text[:80])
    return Query(text=text, payload={"task": kind, "language": task.language})


def _shares(text: str, other: str) -> bool:
    there = name_words(other)
    return any(alike(word, known) for word in name_words(text) if len(word) > 3 for known in there if len(known) > 3)


def _told(task: Task, recipe: Recipe) -> Generator[Asked, Any, str]:
    """What the cook plans, and the ingredient list in the cell's language, by a model."""
    kind, language = task.constraints["task"], LANGUAGES[task.language]
    units = unit_words(task.language, (line.quantity.unit for line in recipe.lines if line.quantity))
    shown = _examples(task, kind)
    (reply,) = yield converse(
        "query",
        examples=render(EXAMPLES),
        system=render("cooking/query_system", task=kind, language=language, units=units),
        turns=[(_query_turn(example, kind, language), example["told"]) for example in shown],
        last=_query_turn(_row(task, recipe, None), kind, language),
        max_tokens=_QUERY_TOKENS,
        grammar=_listing_grammar(task, recipe),
    )
    return reply.text


def _listing_grammar(task: Task, recipe: Recipe) -> str:
    """Sentences without digits, then one line for each ingredient, which opens with its amount."""
    lines = []
    for line in recipe.lines:
        assert line.quantity is not None
        amount = write_quantity(line.quantity, task.language)
        lines.append(f"{literal(f'- {amount} ')} name")
    listed = ' "\\n" '.join(lines)
    return f'root ::= opening "\\n\\n" {listed}\nopening ::= [^\\n0-9<>-]{{20,300}}\nname ::= [^\\n0-9<>-]{{2,60}}\n'


def _read_listing(reply: str, task: Task, recipe: Recipe) -> tuple[str, list[Line]]:
    """The opening and the list of a reply, its numbers and units held against the recipe's, line by line.

    Raises:
        Refused: "no_opening", "opening_has_number", "list_misses_line", "list_changes_quantity",
            "list_changes_ingredient", or as `check_closed_book`.
    """
    assert task.section is not None
    rows = [row.strip() for row in reply.strip().splitlines() if row.strip()]
    first = next((index for index, row in enumerate(rows) if re.match(r"[-*•]\s*\S", row)), len(rows))
    opening = " ".join(" ".join(rows[:first]).split())
    if not opening or len(opening.split()) > _MOST_OPENING_WORDS:
        raise Refused("no_opening", f"{len(opening.split())} words before the list")
    if re.search(r"\d", opening):
        raise Refused("opening_has_number", opening[:120])
    check_closed_book(reply, step="query", url=task.section.url)
    for example in _examples(task, task.constraints["task"]):
        check_own(opening, example, step="opening")
    listed = rows[first:]
    if len(listed) != len(recipe.lines):
        raise Refused("list_misses_line", f"{len(listed)} lines for {len(recipe.lines)} ingredients")
    lines = []
    for row, known in zip(listed, recipe.lines, strict=True):
        line = read_line(row, task.language)
        assert known.quantity is not None
        if line is None or line.quantity is None:
            raise Refused("list_changes_quantity", f"{row[:60]!r} for {write_quantity(known.quantity, 'en')}")
        same = line.quantity.dimension == known.quantity.dimension and line.quantity.base == known.quantity.base
        if not same:
            raise Refused("list_changes_quantity", f"{row[:60]!r} for {write_quantity(known.quantity, 'en')}")
        if recipe.language == task.language and not same_name(line.name, known.name):
            raise Refused("list_changes_ingredient", f"{line.name[:60]!r} for {known.name[:60]!r}")
        lines.append(line)
    return opening, lines


def _planned(task: Task, recipe: Recipe) -> tuple[int, substitutions.Substitution] | scaling.System | None:
    """What a program needs to have of the recipe before a model is asked: what is missing, or what is converted."""
    kind = task.constraints["task"]
    if kind == "substitution":
        possible = substitutions.possible(recipe.lines, " ".join(recipe.steps))
        if not possible:
            raise Refused("nothing_to_substitute", recipe.title, retry=False)
        return task.rng("missing").choice(possible)
    if kind == "conversion":
        system = scaling.system_of([line.quantity for line in recipe.lines if line.quantity])
        if system is None:
            raise Refused("nothing_to_convert", recipe.title, retry=False)
        return system
    return None


def _computed(task: Task, recipe: Recipe, planned: Any, opening: str, lines: Sequence[Line]) -> Query:
    """The whole query and its gold, from the list as the cook wrote it."""
    said = _requests()[task.language]
    request = task.rng("request").randrange(_REQUESTS)
    language, kind = task.language, task.constraints["task"]
    payload: dict[str, Any] = {"task": kind, "language": language}
    asked = [line.quantity for line in lines if line.quantity is not None]
    names = [line.name for line in lines]
    table = ""
    if kind == "scaling":
        factor = Fraction(task.constraints["factor"])
        gold = [scaling.scaled(quantity, factor) for quantity in asked]
        new = recipe.servings * factor if recipe.servings else None
        payload["factor"] = task.constraints["factor"]
        if recipe.servings and recipe.servings > 1 and new is not None and new > 1 and new.denominator == 1:
            payload["servings"] = int(new)
            question = said["servings"][request].format(old=recipe.servings, new=new)
        else:
            question = said["factor"][request].format(factor=write_number(factor, language, fractions=True))
    elif kind == "substitution":
        index, found = planned
        gold = [substitutions.replacement(asked[index], part) for part in found.parts]
        amount = write_quantity(asked[index], language)
        name = substitutions.NAMES[found.missing][language]
        payload |= {"missing": index, "missing_name": found.missing}
        names = [part.name for part in found.parts]
        question = said["substitution"][request].format(missing=f"{name} ({amount})")
    else:
        system = planned
        if (heat := _oven(recipe, system)) is not None:
            asked.append(heat)
            names.append(said["oven"])
        gold = [scaling.converted(quantity, system) for quantity in asked]
        payload["system"] = "us" if system == "metric" else "metric"
        question = said[payload["system"]][request]
        table = f"{said['table']}{chr(160) if language == 'fr' else ''}: {_table(language)}"
    rows = [f"- {write_quantity(quantity, language)} {line.name}" for quantity, line in zip(asked, lines, strict=False)]
    rows += [f"- {write_quantity(asked[-1], language)}: {said['oven']}"] if len(asked) > len(lines) else []
    payload |= {
        "lines": [[str(each.low), str(each.high), each.unit] for each in asked],
        "gold": [[str(each.low), str(each.high), each.unit] for each in gold],
        "names": names,
    }
    ending = f"{question} {said['form'][request % 2]}"
    listed = "\n".join(rows)
    text = "\n\n".join(part for part in (opening, listed, ending, table) if part)
    return Query(text=text, payload=payload)


def _oven(recipe: Recipe, system: scaling.System) -> Quantity | None:
    """The first temperature of the procedure, where it is in the recipe's own system."""
    unit = "°C" if system == "metric" else "°F"
    found = find_quantities("\n".join(recipe.steps), recipe.language)
    return next((each.quantity for each in found if each.quantity.unit == unit and each.quantity.low > 40), None)


def _table(language: str) -> str:
    def decimal(text: str) -> str:
        return text if language == "en" else text.replace(".", ",")

    parts = ("1 oz = 28.35 g", "1 lb = 453.6 g", "1 fl oz = 29.57 ml", f"{write_quantity(exactly(1, 'cup'), language)}"
             " = 240 ml", "°F = °C · 9/5 + 32")  # fmt: skip
    return "; ".join(decimal(part) for part in parts) + "."


# --- prompts


def _key(payload: Mapping[str, Any], seed: Sequence[Line], language: str) -> list[str]:
    """One line for each amount: the calculation in English, or for the answer's author the result in its language."""
    if payload["task"] not in COMPUTED:
        return []
    asked, gold, key = quantities_of(payload["lines"]), quantities_of(payload["gold"]), []
    for number, exact in enumerate(gold):
        shown = written_gold(payload, number)
        if payload["task"] == "substitution":
            name = substitutions.NAMES[payload["names"][number]][language or "en"]
        else:
            known = [*(line.name for line in seed), "oven temperature"]
            name = payload["names"][number] if language else known[number]
        if language:
            key.append(f"{write_quantity(shown, language)} {name}")
            continue
        before = write_quantity(asked[payload.get("missing", number)], "en")
        about = "" if shown.base == exact.base else f" ≈ {write_quantity(shown, 'en')}"
        after = write_quantity(shown if shown.base == exact.base else exact, "en")
        if payload["task"] == "scaling":
            times = f" \u00d7 {payload['factor']} = {after}{about}"
        elif payload["task"] == "substitution":
            part = substitution_of(payload).parts[number]
            unit = "" if part.unit is None else f" {part.unit}"
            times = f" \u00d7 {part.ratio}{unit} = {after}{about}"
        else:
            times = "" if exact == asked[number] else f" = {write_quantity(shown, 'en')}"
            name = f"{name} (stays)" if exact == asked[number] else name
        key.append(f"{before}{times} {name}")
    return key


def _row(task: Task, recipe: Recipe, query: Query | None) -> dict[str, Any]:
    """What the turns of this candidate show; without a query what its author sees."""
    occasion, cook, season, _ = _wording(task)
    kind = task.constraints["task"]
    listed = "\n".join(
        f"- {write_quantity(line.quantity, 'en')} {line.name}" for line in recipe.lines if line.quantity is not None
    )
    values: dict[str, Any] = {
        "title": neutralised(recipe.title),
        "recipe": recipe.text if kind not in COMPUTED or query is not None else listed,
        "occasion": occasion,
        "cook": cook,
        "season": season,
        "tone": task.constraints["tone"],
        "topic": task.constraints["topic"],
        "task": kind,
    }
    if query is None:
        return values
    payload = query.payload
    if kind == "recipe":
        held = [write_quantity(each, "en") for each in held_by(recipe)]
        key = answer_key = [f"keep {', '.join(held)}"] if held else []
    else:
        key, answer_key = _key(payload, recipe.lines, ""), _key(payload, recipe.lines, task.language)
    return {**values, "request": query.text, "key": key, "answer_key": answer_key}


@cache
def _dishes() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(render(EXAMPLES).text))


def _examples(task: Task, kind: str) -> list[dict[str, Any]]:
    return [_example(number, kind, task.language) for number in _ORDERS[_wording(task)[-1]]]


@cache
def _example(number: int, kind: str, language: str) -> dict[str, Any]:
    """A worked example of a kind in a language, made by program as rows are."""
    dish = _dishes()[number]
    told, seed = dish["texts"][language], [read_line(line, "en") for line in dish["seed"]]
    recipe = Recipe(
        title=dish["title"],
        language="en",
        servings=dish["servings"],
        lines=tuple(line for line in seed if line is not None),
        names=(),
        steps=tuple(dish["procedure"]),
        text="\n".join(["Ingredients", *dish["seed"], "Procedure", *dish["procedure"]]),
    )
    passage = Passage(section_id="", url="", title=dish["title"], heading="", language="en", text=recipe.text)
    task = Task(
        candidate_id=f"example {number}",
        exercise="cooking",
        language=language,
        constraints={"task": kind, "factor": str(dish["factor"]), "tone": dish["tone"], "topic": dish["topic"]},
        section=passage,
        pass_number=number,
    )
    if kind in COMPUTED:
        lines = [line for line in (read_line(each, language) for each in told["lines"]) if line is not None]
        possible = dict(substitutions.possible(recipe.lines, ""))
        planned = (dish["missing"], possible[dish["missing"]]) if kind == "substitution" else "metric"
        query = _computed(task, recipe, planned, told["opening"], lines)
    else:
        query = Query(text=told["query" if kind == "recipe" else "advice_query"], payload={"task": kind})
    row = _row(task, recipe, query)
    words = {"scaling": "scaled", "substitution": "swapped", "conversion": "converted"}
    if kind in COMPUTED:
        listed = told["swap"] if kind == "substitution" else row["answer_key"]
        answer = "\n".join([*(f"- {each}" for each in listed), "", told[words[kind]]])
    elif kind == "recipe":
        steps = [f"{place}. {step}" for place, step in enumerate(told["steps"], start=1)]
        answer = "\n".join([*(f"- {line}" for line in told["lines"]), "", *steps])
    else:
        answer = told["advice"]
    return {
        **row,
        "occasion": dish["occasion"],
        "cook": dish["cook"],
        "season": dish["season"],
        "query": query.text,
        "opening": told["opening"],
        "told": "\n".join([told["opening"], "", *(f"- {line}" for line in told["lines"])]),
        "listed": "\n".join(f"- {line}" for line in dish["seed"]),
        "draft": render("cooking/example_draft", **_reasoned(kind, dish, row)).text.strip(),
        "answer": answer,
    }


def _reasoned(kind: str, dish: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """What the trace of a worked example says."""
    name = dish["title"].lower()
    steps = [f"{step.rstrip('.')} → as it stands" for step in dish["procedure"][:3]]
    asked, rule, insight, leads, checked, ends = {
        "scaling": (
            f"all amounts of {name} for another number of plates", "one factor for every line, heat untouched",
            "salt and spoons grow like the rest, time does not", "grams come out whole, spoons in quarters",
            "every line once, in the order of the request", "the list above holds, with the same heat",
        ),
        "substitution": (
            f"a stand-in for one thing in {name}", "the table's ratio times the amount that is missing",
            dish["why"], "nothing else in the list has to change",
            "the unit stays the one that the cook measures with", "these amounts replace what is missing",
        ),
        "conversion": (
            f"the list of {name} in the other kitchen's measures", "weights and volumes convert, spoons stay",
            "weight goes to weight and volume to volume, never across", "degrees are rounded to fives",
            "each figure within 3% of the exact one", "the converted list can be measured at once",
        ),
        "recipe": (
            f"the whole way to {name}", "amounts first, then steps with their times", dish["point"],
            "nothing is left out and nothing added", "heat and minutes as a cook would have them",
            f"{name} in {len(dish['procedure'])} steps",
        ),
        "advice": (
            f"what goes wrong with {name}", "the method itself holds the reason", dish["point"],
            "one change is enough", "no amount has to change", f"{dish['point']}, in {name}",
        ),
    }[kind]  # fmt: skip
    return {
        "computed": kind in COMPUTED, "asked": asked, "rule": rule, "insight": insight, "leads": leads,
        "checked": checked, "conclusion": f"{ends[0].upper()}{ends[1:]}.",
        "key": row["key"] if kind in COMPUTED else steps,
    }  # fmt: skip


def _query_turn(values: Mapping[str, Any], kind: str, language: str) -> Rendered:
    recipe = values.get("listed", values["recipe"]) if kind in COMPUTED else values["recipe"]
    return render(
        "cooking/query",
        title=values["title"],
        recipe=fenced("passage", recipe),
        occasion=values["occasion"],
        cook=values["cook"],
        season=values["season"],
        tone=values["tone"],
        topic=values["topic"] if kind == "advice" else "",
        whole=kind == "recipe",
        language=language,
    )


def _draft_turn(values: Mapping[str, Any]) -> Rendered:
    return render(
        "cooking/draft",
        title=values["title"],
        recipe=fenced("passage", values["recipe"]),
        request=neutralised(values["request"]),
        key=neutralised("; ".join(values["key"])),
        duty=_duty(values["task"]),
    )


def _answer_turn(values: Mapping[str, Any], draft: str, language: str) -> Rendered:
    return render(
        "cooking/answer",
        title=values["title"],
        recipe=fenced("passage", values["recipe"]),
        request=neutralised(values["request"]),
        notes=neutralised(draft.strip()),
        key=neutralised("; ".join(values["answer_key"])),
        duty=_duty(values["task"]),
        language=language,
    )


def _duty(kind: str) -> str:
    return render("cooking/duty", task=kind).text.strip()
