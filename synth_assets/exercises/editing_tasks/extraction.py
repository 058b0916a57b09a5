"""Structured extraction: a JSON schema, what a program finds of it in the text, and whether an answer keeps to both.

Keys are in the cell's language, so that the schema reads as one of its speakers would write it. Values stay in the
text's words: every string must stand in the text (spaces and typographic marks apart), every year and every figure that
the program finds must be there, and no other. What the text does not hold is an empty list; a text without a year has
no years, and an answer that invents one is refused.
"""

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from jsonschema import Draft202012Validator

from synth_assets.exercises.editing_tasks.figures import readings, years
from synth_assets.exercises.editing_tasks.finished import harmless
from synth_assets.exercises.math_templates.numbers import canonical, find_numbers

# In the order in which a refusal is named.
PROMISES: tuple[str, ...] = (
    "stops_early",
    "no_json",
    "breaks_schema",
    "not_in_text",
    "invents_year",
    "misses_year",
    "invents_figure",
    "misses_figure",
    "repeats_value",
)

# Fields of each schema: kind -> whether it must be there.
SCHEMAS: Mapping[str, Mapping[str, bool]] = {
    "fact sheet": {"subject": True, "definition": True, "years": True, "names": False},
    "timeline": {"subject": True, "events": True},
    "key figures": {"subject": True, "figures": True, "years": True},
    "names": {"subject": True, "names": True, "years": False},
    "glossary": {"subject": True, "terms": True},
}

_KEYS: Mapping[str, Mapping[str, str]] = {
    "en": {"subject": "subject", "definition": "definition", "years": "years", "names": "names", "events": "events",
           "year": "year", "event": "event", "figures": "figures", "value": "value", "what": "what",
           "terms": "terms", "term": "term", "context": "context"},
    "fr": {"subject": "sujet", "definition": "definition", "years": "annees", "names": "noms",
           "events": "evenements", "year": "annee", "event": "evenement", "figures": "chiffres", "value": "valeur",
           "what": "objet", "terms": "termes", "term": "terme", "context": "contexte"},
    "de": {"subject": "thema", "definition": "definition", "years": "jahre", "names": "namen",
           "events": "ereignisse", "year": "jahr", "event": "ereignis", "figures": "zahlen", "value": "wert",
           "what": "gegenstand", "terms": "begriffe", "term": "begriff", "context": "zusammenhang"},
    "it": {"subject": "argomento", "definition": "definizione", "years": "anni", "names": "nomi",
           "events": "eventi", "year": "anno", "event": "evento", "figures": "cifre", "value": "valore",
           "what": "oggetto", "terms": "termini", "term": "termine", "context": "contesto"},
    "es": {"subject": "tema", "definition": "definicion", "years": "anios", "names": "nombres",
           "events": "acontecimientos", "year": "anio", "event": "acontecimiento", "figures": "cifras",
           "value": "valor", "what": "objeto", "terms": "terminos", "term": "termino", "context": "contexto"},
    "pl": {"subject": "temat", "definition": "definicja", "years": "lata", "names": "nazwy",
           "events": "wydarzenia", "year": "rok", "event": "wydarzenie", "figures": "liczby", "value": "wartosc",
           "what": "czego_dotyczy", "terms": "pojecia", "term": "pojecie", "context": "kontekst"},
    "nl": {"subject": "onderwerp", "definition": "definitie", "years": "jaren", "names": "namen",
           "events": "gebeurtenissen", "year": "jaar", "event": "gebeurtenis", "figures": "getallen",
           "value": "waarde", "what": "waarvan", "terms": "begrippen", "term": "begrip", "context": "context"},
    "la": {"subject": "argumentum", "definition": "definitio", "years": "anni", "names": "nomina",
           "events": "eventa", "year": "annus", "event": "eventum", "figures": "numeri", "value": "quantum",
           "what": "quid", "terms": "vocabula", "term": "vocabulum", "context": "contextus"},
}  # fmt: skip

# Ordinals, decades and days of a date are no figures.
_ORDINAL = re.compile(
    r"\b\d{1,2}\.? (?:de )?[^\W\d_]+\.? (?:de )?(?=\d{4}\b)|\b[A-Z][a-z]+ \d{1,2}, (?=\d{4}\b)|"
    r"\d+(?=(?:st|nd|rd|th|e|er|ère|ème|º|ª|°)\b|\. (?=[A-ZÄÖÜ]))|\d+[-\u2011]?s\b|\b\d{4}s\b"
)
_TEXT = {"type": "string", "minLength": 1}
_YEAR = {"type": "integer", "minimum": 1000, "maximum": 2099}


def schema_of(kind: str, language: str) -> dict[str, Any]:
    """The JSON schema of a kind, with keys in the language."""
    key = _KEYS[language]
    fields: dict[str, Any] = {
        "subject": _TEXT,
        "definition": _TEXT,
        "years": {"type": "array", "items": _YEAR},
        "names": {"type": "array", "items": _TEXT},
        "events": _array({key["year"]: _YEAR, key["event"]: _TEXT}),
        "figures": _array({key["value"]: {"type": "number"}, key["what"]: _TEXT}),
        "terms": {**_array({key["term"]: _TEXT, key["context"]: _TEXT}), "minItems": 2},
    }
    wanted = SCHEMAS[kind]
    return {
        "type": "object",
        "properties": {key[field]: fields[field] for field in wanted},
        "required": [key[field] for field, required in wanted.items() if required],
        "additionalProperties": False,
    }


def _array(properties: Mapping[str, Any]) -> dict[str, Any]:
    item = {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "array", "items": item}


def figures(text: str, language: str) -> list[str]:
    """Numbers in digits, canonical, that are neither years nor ordinals nor fractions, each once, in their order."""
    dated = set(years(text))
    rest = _ORDINAL.sub(" ", text)
    found = (number for number in find_numbers(rest, language) if number not in dated)
    return list(dict.fromkeys(canonical(number) for number in found if "/" not in canonical(number)))


def gold_of(text: str, language: str) -> dict[str, Any]:
    """What a program finds: "years" and "figures" of the text."""
    return {"years": years(text), "figures": figures(text, language)}


def faults(kind: str, language: str, text: str, gold: Mapping[str, Any], edited: str) -> dict[str, str]:
    """What is wrong with an answer: promise -> detail, empty when nothing is; `edited` is the reply, unwrapped."""
    if not edited.strip():
        return {"stops_early": "nothing but a preface"}
    try:
        value = json.loads(edited)
    except ValueError as error:
        cut = edited.lstrip()[0] in "{[" and edited.count("{") > edited.count("}")
        return {"stops_early" if cut else "no_json": f"{error}"[:200]}
    if error := next(iter(Draft202012Validator(schema_of(kind, language)).iter_errors(value)), None):
        return {"breaks_schema": error.message[:200]}
    found: dict[str, str] = {}
    key = _KEYS[language]
    body = harmless(text).casefold()
    for said in _strings(value, but=key["subject"]):
        if harmless(said).casefold().strip(" .,;:") not in body:
            found.setdefault("not_in_text", said[:120])
    wanted = SCHEMAS[kind]
    if "years" in wanted or "events" in wanted:
        given = (
            value.get(key["years"], []) if "years" in wanted else [each[key["year"]] for each in value[key["events"]]]
        )
        if "events" in wanted or key["years"] in value:
            _compare(found, "year", [str(year) for year in gold["years"]], [str(int(year)) for year in given], text)
    if "figures" in wanted:
        given = [canonical(Fraction(str(each[key["value"]]))) for each in value[key["figures"]]]
        _compare(found, "figure", gold["figures"], given, text)
    for values in value.values():
        if isinstance(values, list):
            shown = [json.dumps(each, ensure_ascii=False, sort_keys=True) for each in values]
            if len(set(shown)) < len(shown):
                found["repeats_value"] = next(each for each in shown if shown.count(each) > 1)[:120]
    return {promise: found[promise] for promise in PROMISES if promise in found}


def _compare(found: dict[str, str], what: str, gold: list[str], given: list[str], text: str) -> None:
    there = readings(text)
    if invented := [value for value in given if Fraction(value) not in there]:
        found[f"invents_{what}"] = ", ".join(invented)
    if missed := [value for value in gold if value not in given]:
        found[f"misses_{what}"] = ", ".join(missed)


def _strings(value: Any, *, but: str) -> list[str]:
    """Every string of a JSON value, but of the key that names the subject: a title need not stand in the text."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [said for each in value for said in _strings(each, but=but)]
    if isinstance(value, dict):
        return [said for key, each in value.items() if key != but for said in _strings(each, but=but)]
    return []
