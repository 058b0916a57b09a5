"""How constraints are drawn, and the six axes of SYNTH's query constraints.

Source: arXiv 2609.37891, appendix A. Uniform unless a share stands. The sixth axis, the target language, is the cell's
own language: its shares are the recipe's `languages`.
"""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product

from synth_assets.identity import rng_of

QUERY_AXES: dict[str, dict[str, float]] = {
    "query_type": dict.fromkeys(
        ("information retrieval", "problem-solving", "analytical", "comparative", "predictive", "integrative"), 1 / 6
    ),
    "complexity": dict.fromkeys(("simple", "moderate", "complex"), 1 / 3),
    "user_profile": dict.fromkeys(("expert", "professional", "informal reader"), 1 / 3),
    "query_result": {"positive": 0.80, "negative": 0.10, "absurd": 0.05, "ambiguous": 0.05},
    "query_style": dict.fromkeys(("direct", "indirect", "oral"), 1 / 3),
}

# Passes over one section until its draws begin again.
DISTINCT_DRAWS = math.prod(len(shares) for shares in QUERY_AXES.values())


def even(values: Iterable[str]) -> dict[str, float]:
    """The same share for every value."""
    listed = tuple(values)
    return dict.fromkeys(listed, 1 / len(listed))


@lru_cache(maxsize=64)
def _combinations(
    axes: tuple[tuple[str, tuple[tuple[str, float], ...]], ...],
) -> tuple[tuple[tuple[str, ...], float], ...]:
    values = [[(value, share) for value, share in axis if share > 0] for _, axis in axes]
    return tuple(
        (tuple(value for value, _ in combination), math.prod(share for _, share in combination))
        for combination in product(*values)
    )


def draw_constraints(
    *,
    key: str,
    pass_number: int,
    language: str,
    priors: Mapping[str, Mapping[str, float]],
    axes: Mapping[str, Mapping[str, float]] = QUERY_AXES,
) -> dict[str, str]:
    """The draw of one pass over one section, as axis -> value, with the target language last.

    For axes of few values, whose combinations can be listed; for long lists see `draw_each`.

    Passes over one section draw *without replacement*: the section's key orders all combinations by u^(1/weight)
    (Efraimidis and Spirakis 2006), and pass p takes the p-th, so that the first pass over many sections follows the
    priors exactly and no section sees a combination twice before it has seen them all (then the order starts again).

    `priors` may replace the shares of an axis; axes that it does not name keep their own.
    """
    shares_of = tuple((axis, tuple((priors.get(axis) or shares).items())) for axis, shares in axes.items())
    combinations = _combinations(shares_of)
    cycle, position = divmod(pass_number, len(combinations))
    rng = rng_of("constraints", key, language, cycle)
    # log(u) / weight orders like u ** (1 / weight) and does not underflow for rare combinations
    order = [(math.log(1.0 - rng.random()) / weight, values) for values, weight in combinations]
    values = (sorted(order, reverse=True)[position] if position else max(order))[1]
    drawn = dict(zip((axis for axis, _ in shares_of), values, strict=True))
    drawn["target_language"] = language
    return drawn


def draw_each(
    *,
    key: str,
    pass_number: int,
    language: str,
    priors: Mapping[str, Mapping[str, float]],
    axes: Mapping[str, Mapping[str, float]],
) -> dict[str, str]:
    """The draw of one pass, each axis by itself, with the target language last: for axes of many values.

    Every axis follows its shares at every pass; that two passes draw the same in all axes is as unlikely as the lists
    are long. `priors` may replace the shares of an axis.
    """
    drawn = {}
    for axis, own in axes.items():
        shares = priors.get(axis) or own
        rng = rng_of("constraint", axis, key, language, pass_number)
        drawn[axis] = rng.choices(list(shares), weights=list(shares.values()))[0]
    drawn["target_language"] = language
    return drawn
