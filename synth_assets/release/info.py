"""What a release says of itself beyond its rows: plain data, handed in, so that a release can be made from anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from synth_assets.release.diversity import Diversity

STATES = ("accepted", "refused", "duplicate", "superseded", "withdrawn", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFate:
    """What became of the candidates of one exercise and language; their number is the sum of the six."""

    exercise: str
    language: str
    accepted: int = 0
    refused: int = 0
    duplicate: int = 0
    superseded: int = 0
    withdrawn: int = 0
    open: int = 0

    @property
    def planned(self) -> int:
        return sum(getattr(self, state) for state in STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How many candidates of a cell were refused for one reason, at the stage named by its table."""

    exercise: str
    language: str
    stage: str
    reason: str
    candidates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """What one model was asked for in one role.

    Attributes:
        role: role of the recipe ("query", "reasoning", "answer", "judge").
        calls: calls with a final outcome, refused ones included.
        refused_calls: those that the endpoint refused for good.
        prompt_tokens, completion_tokens: as the endpoint counted them.
        cost_usd: sum over the calls whose price is known.
        unpriced_calls: calls whose price is not known: where there are any, `cost_usd` is a lower bound.
    """

    model: str
    role: str
    calls: int
    refused_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    unpriced_calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A seed article that samples of the release were asked about, as attribution names it.

    `revision` is what identifies the version that was read, empty where the source does not say; `attribution` says who
    is to be credited, empty where nobody is named; `samples` counts the rows that descend from it.
    """

    collection: str
    language: str
    title: str
    url: str
    license: str
    revision: str = ""
    attribution: str = ""
    samples: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateCount:
    """Duplicates left out that were found by one method at one similarity.

    `similarity` is the lower end of a step 0.01 wide, from 0 to 1; an exact copy counts at 1.
    """

    family: str
    method: str
    similarity: float
    candidates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnCount:
    """How many candidates were withdrawn for one reason, in the words of who ordered it."""

    reason: str
    candidates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInfo:
    """Everything the card, the report and the metadata say that does not stand in the rows.

    Attributes:
        version: name of the version, letters, digits, "." "-" "_"; usually `content_version` of the rows.
        package_version: version of synth-assets that made the rows.
        recipe_name, recipe_hash, recipe_text: the recipe; its text is published as it is given here.
        title: name of the dataset on its card; the recipe's name when empty.
        description: one paragraph of the user's own for the card, or empty.
        cells, refusals, models, articles, duplicates, withdrawn: see the classes; any may be empty, and the card then
            says so.
        thresholds: name -> value of what decided: duplicate thresholds by exercise, the composite score and others.
        diversity: of the released rows beside their seeds, or None when it was not measured.
        limits: sentences of the user's own, added to the card's section on limits.
    """

    version: str
    package_version: str
    recipe_name: str
    recipe_hash: str
    recipe_text: str
    title: str = ""
    description: str = ""
    cells: tuple[CellFate, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    models: tuple[ModelUse, ...] = ()
    articles: tuple[Article, ...] = ()
    duplicates: tuple[DuplicateCount, ...] = ()
    withdrawn: tuple[WithdrawnCount, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    diversity: Diversity | None = None
    limits: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the dataset is called."""
        return self.title or self.recipe_name
