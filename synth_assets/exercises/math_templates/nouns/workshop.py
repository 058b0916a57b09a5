"""Measures, materials, recipes and shares."""

from collections.abc import Mapping

NOUNS: Mapping[str, Mapping[str, str]] = {
    "en": {},
    "fr": {},
    "de": {},
    "it": {},
    "es": {},
    "pl": {},
    "nl": {},
    "la": {},
}
