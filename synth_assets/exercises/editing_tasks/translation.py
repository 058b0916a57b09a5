"""Whether a translation says what its source says, as far as code can see without knowing both languages.

Held against it: its language (a real identifier), every number from 32 up in digits and no other, the number of
sentences, the length, an end like the source's, and that no sentence of the source was left as it was. Meaning is not
checked.
"""

import re

from synth_assets.exercises.editing_tasks.figures import held_numbers, lost_numbers, new_numbers, readings
from synth_assets.exercises.editing_tasks.finished import harmless
from synth_assets.exercises.passages import sentences
from synth_assets.quality.language_identification import identify

# In the order in which a refusal is named.
PROMISES: tuple[str, ...] = (
    "stops_early",
    "copies_source",
    "wrong_language",
    "loses_number",
    "adds_number",
    "splits_or_joins",
    "length_off",
)

# Characters of a translation over those of its source: measured between the eight languages, 0.75 to 1.4.
_LEAST_LENGTH, _CUT_LENGTH, _MOST_LENGTH = 0.6, 0.45, 1.8
_ENDS = re.compile(r"[.!?…:;][\"'”\u2019»“)\]]*$")
_LEAST_WORDS = 6
_CERTAIN_WORDS, _SURE = 12, 0.85


def ends_properly(text: str, source: str) -> bool:
    """Whether a text ends with a mark that ends sentences; asked only when its source does."""
    return bool(_ENDS.search(text.strip())) or not _ENDS.search(source.strip())


def faults(source: str, source_language: str, edited: str, language: str) -> dict[str, str]:
    """What is wrong with a translation: promise -> detail, empty when nothing is."""
    found: dict[str, str] = {}
    length = len(edited) / max(1, len(source))
    given, whole = sentences(edited, language), sentences(source, source_language)
    if not edited.strip():
        return {"stops_early": "nothing but a preface"}
    if length < _CUT_LENGTH or not ends_properly(edited, source):
        found["stops_early"] = f"{length:.0%} of the source's length, last {edited.strip()[-40:]!r}"
    elif last_lost(source, source_language, edited):
        found["stops_early"] = "nothing of the last sentence's numbers"
    here = {harmless(part) for part in whole if len(part.split()) >= _LEAST_WORDS}
    if copied := [part for part in given if harmless(part) in here]:
        found["copies_source"] = copied[0][:80]
    code, confidence = identify(edited)
    # a few words of names and terms look like any language: only a sure finding counts against them
    sure = _SURE if len(edited.split()) < _CERTAIN_WORDS else 0.0
    if code != language and confidence >= sure:
        found["wrong_language"] = f"{code or 'nothing'} {confidence:.2f}"
    if lost := lost_numbers(source, source_language, edited):
        found["loses_number"] = ", ".join(lost)
    if new := new_numbers(source, edited, language):
        found["adds_number"] = ", ".join(new)
    if not -(-len(whole) // 2) <= len(given) <= 2 * len(whole) + 1:
        found["splits_or_joins"] = f"{len(given)} sentences for {len(whole)}"
    if not _LEAST_LENGTH <= length <= _MOST_LENGTH:
        found["length_off"] = f"{length:.0%} of the source's length"
    return {promise: found[promise] for promise in PROMISES if promise in found}


def last_lost(source: str, source_language: str, edited: str) -> bool:
    """Whether the source's last sentence has numbers and the edit none of them."""
    parts = sentences(source, source_language)
    last = held_numbers(parts[-1], source_language) if len(parts) > 1 else []
    before = held_numbers(" ".join(parts[:-1]), source_language)
    own = [number for number in last if number not in before]
    there = readings(edited)
    return bool(own) and not any(number in there for number in own)
