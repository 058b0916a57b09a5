"""How hard a multiple-choice item is, by the seven features of KAQG, each from 1 (easy) to 3 (hard).

Source: KAQG (knowledge-graph-based assessment question generation), whose features, weights and targets these are: a
weighted total near 10 is an easy item, near 14 a medium one, near 18 a hard one, each within 1. KAQG has a model rate
the features; here each is computed from the text, so that a total means the same for every row and in every language.

- stem_length: characters of what is asked. Characters, because Polish and Latin say with one word what English says
  with three.
- term_density: share of the stem's words that are terms: figures, and words of nine letters and more (of eleven in
  German, which writes compounds as one word).
- cognitive_level: information retrieval recalls (1), comparative and analytical items relate (2), problem-solving,
  predictive and integrative ones infer (3). A simple item is at most 2, a complex one at least 2, and so is one that
  asks why or how.
- option_length: mean characters of an option.
- option_similarity: mean likeness of two options; what is alike has to be told apart by a detail.
- stem_option_similarity: mean share of an option that the stem says already; then the stem's words tell nothing.
- distractors: share of the wrong options that could pass for right by their form: figures like figures and words like
  words, and of half to twice the length of a right one.

Likeness is that of sets of three letters in a row (Dice's coefficient) over small letters without accents, which needs
no word lists and hardly feels inflection.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Any

from synth_assets.quality.grounding import fold

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "stem_length": 1.0,
        "term_density": 1.0,
        "cognitive_level": 1.5,
        "option_length": 1.0,
        "option_similarity": 1.0,
        "stem_option_similarity": 1.0,
        "distractors": 1.2,
    }
)
TARGETS: Mapping[str, float] = MappingProxyType({"easy": 10.0, "medium": 14.0, "hard": 18.0})
TOLERANCE = 1.0

# A feature is 1 below the first bound, 3 from the second on.
_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "stem_length": (70, 140),
        "term_density": (0.15, 0.30),
        "option_length": (15, 40),
        "option_similarity": (0.15, 0.35),
        "stem_option_similarity": (0.15, 0.30),
        "distractors": (0.5, 1.0),
    }
)
_LEVELS = {
    "information retrieval": 1, "comparative": 2, "analytical": 2, "problem-solving": 3, "predictive": 3,
    "integrative": 3,
}  # fmt: skip
_TERM_LETTERS = {"de": 11}
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")

# What asks for a reason or a manner, after `fold`; "how many" and its like ask for a figure.
_REASONS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        language: re.compile(rf"(?<!\w)(?:{pattern})\b")
        for language, pattern in {
            "en": r"why|how(?! (?:many|much|long|old|far|often|tall|high|large|big))|what (?:follows|would happen)",
            "fr": r"pourquoi|comment|de quelle (?:maniere|facon)|par quel moyen|en quoi",
            "de": r"warum|wieso|weshalb|wodurch|wie(?! (?:viele?|lang|lange|alt|oft|hoch|gross|weit)\b)|inwiefern",
            "it": r"perche|come|in che modo|per quale motivo",
            "es": r"por que|como|de que (?:modo|manera)",
            "pl": r"dlaczego|czemu|jak|w jaki sposob|po co",
            "nl": r"waarom|waardoor|hoe(?! (?:veel|lang|oud|vaak|hoog|groot|ver)\b)|op welke (?:manier|wijze)",
            "la": r"cur|quare|quomodo|quemadmodum|qua (?:ratione|de causa)|quam ob rem",
        }.items()
    }
)


def difficulty_of(
    stem: str,
    options: Sequence[str],
    right: Sequence[int],
    *,
    language: str,
    query_type: str,
    complexity: str,
) -> dict[str, Any]:
    """Features, weighted total and band of one item, as JSON values.

    Args:
        stem: what is asked, without the options.
        options: two or more, without their letters.
        right: the positions of the right ones; at least one option is wrong.
        language: of stem and options.
        query_type, complexity: as drawn, see `constraints.QUERY_AXES`.

    Returns:
        "features" (each of `WEIGHTS`, 1 to 3), "total" (7.7 to 23.1, two decimals), "band" (of `TARGETS`, the nearest;
        between two the easier) and "on_target" (the total is within `TOLERANCE` of it).
    """
    measured = {
        "stem_length": float(len(stem)),
        "term_density": _term_density(stem, language),
        "option_length": sum(map(len, options)) / len(options),
        "option_similarity": _mean([likeness(one, other) for one, other in combinations(options, 2)]),
        "stem_option_similarity": _mean([_said(option, stem) for option in options]),
        "distractors": _passable(options, right),
    }
    features = {
        name: cognitive_level(stem, language=language, query_type=query_type, complexity=complexity)
        if name == "cognitive_level"
        else 1 + sum(measured[name] >= bound for bound in _BOUNDS[name])
        for name in WEIGHTS
    }
    total = round(sum(WEIGHTS[name] * value for name, value in features.items()), 2)
    band = min(TARGETS, key=lambda name: (abs(TARGETS[name] - total), TARGETS[name]))
    return {
        "features": features,
        "total": total,
        "band": band,
        "on_target": abs(TARGETS[band] - total) <= TOLERANCE,
    }


def cognitive_level(stem: str, *, language: str, query_type: str, complexity: str) -> int:
    """1 to recall, 2 to relate, 3 to infer; see the module's docstring."""
    level = _LEVELS[query_type]
    if complexity == "complex" or _REASONS[language].search(fold(stem)):
        level = max(level, 2)
    return min(level, 2) if complexity == "simple" else level


def likeness(one: str, other: str) -> float:
    """0 for texts that share no three letters in a row, 1 for the same; case, accents and punctuation do not count."""
    mine, theirs = _trigrams(one), _trigrams(other)
    return 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))


def _trigrams(text: str) -> frozenset[str]:
    """Every three characters in a row, a space before and after each word, so that short words count, too."""
    padded = "".join(f" {word} " for word in _WORD.findall(fold(text)))
    return frozenset(part for start in range(len(padded) - 2) if (part := padded[start : start + 3]).strip())


def _said(option: str, stem: str) -> float:
    mine = _trigrams(option)
    return len(mine & _trigrams(stem)) / max(1, len(mine))


def _term_density(stem: str, language: str) -> float:
    words = _WORD.findall(stem)
    least = _TERM_LETTERS.get(language, 9)
    return _mean([float(len(word) >= least or word.isdigit()) for word in words])


def _passable(options: Sequence[str], right: Sequence[int]) -> float:
    rights = [options[index] for index in right]
    wrong = [option for index, option in enumerate(options) if index not in right]
    return _mean([float(any(_alike_in_form(option, each) for each in rights)) for option in wrong])


def _alike_in_form(wrong: str, right: str) -> bool:
    figures = bool(re.search(r"\d", wrong)) == bool(re.search(r"\d", right))
    return figures and len(right) <= 2 * len(wrong) and len(wrong) <= 2 * len(right)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))
