"""The recipe: one YAML file that says what the dataset is. Validated on load; its hash is on every row.

Secrets never stand in a recipe: a model entry names the environment variable that holds its key.
"""

import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from synth_assets.errors import RecipeError
from synth_assets.identity import hash_of
from synth_assets.languages import LANGUAGES

PACKAGED = Path(__file__).parent / "recipes"

Positive = Annotated[int, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


ReaderName = Literal["structured_contents", "documents", "rows", "code", "wikimedia"]

# The keys that only some readers have a use for; every other key is for all.
READER_KEYS: dict[str, frozenset[str]] = {
    "structured_contents": frozenset({"path", "license", "vital", "infoboxes", "tables", "apparatus"}),
    "documents": frozenset({"path", "license", "topic", "address"}),
    "rows": frozenset({"path", "license", "topic", "columns", "filters", "markup"}),
    "code": frozenset({"path", "license", "topic", "repository", "revision"}),
    "wikimedia": frozenset({
        "site", "titles", "categories", "depth", "vital_levels", "vital", "contact", "text", "refresh_hours", "license",
        "topic", "infoboxes", "tables", "apparatus",
    }),
}  # fmt: skip


class RowColumns(_Strict):
    """Which column of a row holds what; "metadata.url" is the key `url` inside the column `metadata`.

    Without a title the text's first words stand for it; without an address a name made of the text does.
    """

    text: str = "text"
    title: str = ""
    url: str = ""
    language: str = ""
    license: str = ""
    topic: str = ""
    revision: str = ""
    attribution: str = ""


class RowFilters(_Strict):
    """What a row must meet before anything is spent on it.

    Attributes:
        at_least, at_most: column -> bound, inclusive; a score, an educational value.
        one_of: column -> the values that are let through.
        least_words, most_words: of the text; 0 is no bound.
        identify_language: leave out what is surely in another language than it says.
    """

    at_least: dict[str, float] = Field(default_factory=dict)
    at_most: dict[str, float] = Field(default_factory=dict)
    one_of: dict[str, list[str | int | bool]] = Field(default_factory=dict)
    least_words: int = Field(default=0, ge=0)
    most_words: int = Field(default=0, ge=0)
    identify_language: bool = False


class SeedSelection(_Strict):
    """Which articles of a collection are used; what is left out is counted with its reason.

    Attributes:
        topics: of one of these.
        levels: of one of these Vital Articles levels.
        wikidata: about one of these items ("Q7259"); `wikidata_file` has one a line.
        min_words, max_words: of an article's text, inclusive; 0 is no bound.
        quotas: topic -> most articles of it and each language; `per_topic` is that of every other topic.
        sample: most articles of each language, drawn by a hash of their addresses and the recipe's seed.
    """

    topics: list[str] = Field(default_factory=list)
    levels: list[Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=list)
    wikidata: list[Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$")]] = Field(default_factory=list)
    wikidata_file: Path | None = Field(default=None, exclude=True)
    min_words: int = Field(default=0, ge=0)
    max_words: int = Field(default=0, ge=0)
    quotas: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    per_topic: Positive | None = None
    sample: Positive | None = None

    @model_validator(mode="after")
    def _bounds_in_order(self) -> "SeedSelection":
        if 0 < self.max_words < self.min_words:
            raise ValueError(f"max_words {self.max_words} is below min_words {self.min_words}")
        return self


class SeedCollection(_Strict):
    """One collection of seeds to read. Where its files lie is no part of the recipe's hash.

    Attributes:
        collection: the name that its rows bear; that of a packaged reader (vital_articles, cookbook, self_knowledge,
            house_recipes) needs no `reader`.
        optional: where it is not there, it is reported and no error.
        reader: what reads it: structured_contents, documents, rows, code or wikimedia.
        path: files, folders and globs, from the recipe's folder or the home; "hf://" and "s3://" for rows and
            structured_contents.
        license: SPDX identifier of what states none of its own.
        attribution: who is credited for what names nobody.
        select: which articles are used.
        topic: subject heading of what states none (documents, rows, code, wikimedia).
        address: where documents are published.
        columns, filters, markup: of rows; "plain", "markdown" or "python".
        repository, revision: of code; the checkout is asked when they are left out.
        infoboxes, tables, apparatus: of articles, read these too (apparatus is what lists sources and pictures).
        vital: the Vital Articles list, a file or the folder of its pages: levels 1 to 4 are read whole, of level 5 the
            lead.
        site, titles, categories, depth, vital_levels, contact, text, refresh_hours: of wikimedia; see `WikimediaPages`.
    """

    collection: str = Field(min_length=1, max_length=100)
    languages: list[str] = Field(min_length=1)
    optional: bool = False
    reader: ReaderName | None = None
    path: tuple[str, ...] = Field(default=(), exclude=True)
    license: str = ""
    attribution: str = ""
    select: SeedSelection = SeedSelection()
    topic: str = ""
    address: str = ""
    columns: RowColumns = RowColumns()
    filters: RowFilters = RowFilters()
    markup: Literal["plain", "markdown", "python"] = "plain"
    repository: str = ""
    revision: str = ""
    infoboxes: bool = False
    tables: bool = False
    apparatus: bool = False
    vital: Path | None = Field(default=None, exclude=True)
    site: str = ""
    titles: list[str] = Field(default_factory=list)
    categories: list[str] = Field(default_factory=list)
    depth: int = Field(default=0, ge=0)
    vital_levels: list[Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=list)
    contact: str = Field(default="", exclude=True)
    text: Literal["html", "extracts"] = "html"
    refresh_hours: float = Field(default=24, ge=0)

    @field_validator("path", mode="before")
    @classmethod
    def _one_path_or_several(cls, value: Any) -> Any:
        paths = [value] if isinstance(value, str | Path) else value
        if not isinstance(paths, list | tuple) or not paths or not all(str(path).strip() for path in paths):
            raise ValueError("give a file, a folder, a glob, or a list of them")
        return tuple(str(path) for path in paths)

    @model_validator(mode="after")
    def _keys_of_its_reader(self) -> "SeedCollection":
        of_some = frozenset().union(*READER_KEYS.values())
        allowed = READER_KEYS[self.reader] if self.reader else frozenset()
        strange = [
            name
            for name, field in type(self).model_fields.items()
            if name in of_some - allowed and getattr(self, name) != field.get_default(call_default_factory=True)
        ]
        if strange:
            fitting = ", ".join(name for name, keys in READER_KEYS.items() if strange[0] in keys)
            raise ValueError(f"{strange[0]} is a key of reader: {fitting}; name the reader, or leave the key out")
        if "path" in allowed and not self.path:
            raise ValueError(f"path is missing: reader: {self.reader} reads files")
        if self.reader == "wikimedia" and not self.site:
            raise ValueError('site is missing: reader: wikimedia reads a site ("en.wikibooks.org")')
        if self.reader in ("documents", "code") and any("://" in path for path in self.path):
            raise ValueError(f"path: addresses are for rows and structured_contents, not for reader: {self.reader}")
        by_column = self.reader == "rows" and bool(self.columns.language)
        if self.reader in ("documents", "rows", "code") and not by_column and len(self.languages) > 1:
            more = " or the column that says it (columns.language)" if self.reader == "rows" else ""
            raise ValueError(f"languages: reader: {self.reader} cannot tell which is which; name one language{more}")
        return self


class ModelEntry(_Strict):
    """One model, as a role names it.

    Attributes:
        model: "embedded" for the packaged model; the endpoint's model name where `address` is set; else any litellm
            model string.
        address: base URL of an OpenAI-compatible endpoint ("http://localhost:8000/v1").
        gguf: a GGUF file that the embedded server loads in place of the packaged model.
        api_key_env: environment variable that holds the key.
        temperature, top_p: used where a request leaves them open.
        max_tokens: most tokens of one reply, whatever an exercise asks for: a small model that runs on is cut early.
        max_in_flight: most requests under way at once, over all runs of this machine.
        requests_per_minute, tokens_per_minute: what the endpoint may be asked, over all runs of this machine.
        batch: ask through the provider's batch interface, which answers within a day at `batch_discount` of the price.
        timeout_s: seconds until an unanswered request counts as failed.
        structured: what the endpoint can hold replies to; "auto" is grammar for the embedded model and none otherwise.
        usd_per_million_prompt_tokens, usd_per_million_completion_tokens: prices where litellm knows none.
    """

    model: str
    address: str | None = None
    gguf: Path | None = None
    api_key_env: str | None = None
    temperature: float = Field(default=0.7, ge=0, le=2)
    top_p: float = Field(default=0.95, gt=0, le=1)
    max_tokens: Positive | None = None
    max_in_flight: Positive = 8
    requests_per_minute: float | None = Field(default=None, gt=0)
    tokens_per_minute: float | None = Field(default=None, gt=0)
    batch: bool = False
    batch_discount: float = Field(default=0.5, ge=0, le=1)
    timeout_s: float = Field(default=120, gt=0)
    structured: Literal["auto", "none", "json_schema", "grammar"] = "auto"
    usd_per_million_prompt_tokens: float | None = Field(default=None, ge=0)
    usd_per_million_completion_tokens: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_kind_of_model(self) -> "ModelEntry":
        if self.gguf is not None and self.model != "embedded":
            raise ValueError("gguf is for model: embedded; leave one of the two out")
        if self.address is not None and self.model == "embedded":
            raise ValueError("model: embedded has no address; write the endpoint's model name instead")
        if self.address is not None and not self.address.startswith(("http://", "https://")):
            raise ValueError(f"address {self.address!r} must start with http:// or https://")
        if self.batch and self.address is None:
            raise ValueError("batch needs the address of an endpoint that has /files and /batches")
        return self


class Models(_Strict):
    """A model for each role; the three generating roles fall back to `query`, the judge to `answer`."""

    query: ModelEntry
    reasoning: ModelEntry | None = None
    answer: ModelEntry | None = None
    judge: ModelEntry | None = None

    def all(self) -> list[ModelEntry]:
        """The entries that roles lead to, each once."""
        return list(dict.fromkeys(self.of(role) for role in ("query", "reasoning", "answer", "judge")))

    def of(self, role: str) -> ModelEntry:
        answer = self.answer or self.query
        return {"query": self.query, "reasoning": self.reasoning or self.query, "answer": answer,
                "judge": self.judge or answer}[role]  # fmt: skip


class ExercisePlan(_Strict):
    """How much of one exercise.

    Attributes:
        rows: accepted rows asked for, over all languages of the recipe (divided by their shares).
        passes: instead of rows: passes over every section of the pool (or every template).
        candidates_per_row: the cap: no more than rows x this are planned in a cell, accepted or not.
        collections: seed collections it draws from; all when left out.
        languages: those of the recipe's languages that it is asked in, by their shares; all when left out.
        priors: shares that replace the exercise's own, by axis.
        keep_best: most samples of each of its languages that a release takes, by composite; all when left out.
    """

    rows: Positive | None = None
    passes: Positive | None = None
    candidates_per_row: float = Field(default=3.0, ge=1)
    collections: list[str] | None = None
    languages: list[str] | None = Field(default=None, min_length=1)
    priors: dict[str, dict[str, float]] = Field(default_factory=dict)
    keep_best: Positive | None = None

    @model_validator(mode="after")
    def _rows_or_passes(self) -> "ExercisePlan":
        if (self.rows is None) == (self.passes is None):
            raise ValueError("give either rows or passes")
        for axis, shares in self.priors.items():
            _check_shares(shares, f"priors.{axis}")
        return self


class Limits(_Strict):
    """What may be spent; a limit left out is no limit.

    Attributes:
        calls, tokens, usd: of all models together.
        hours: in which runs ask models, each from its first call to its last, added up.
    """

    calls: int | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0)
    hours: float | None = Field(default=None, ge=0)


class Budget(Limits):
    """What the recipe may spend in all, over every run; `day` and `run` limit a day in UTC and a launch besides.

    A launch is what a person or a tick started: one `synth-assets run`, one backfill, one run from the UI.
    """

    day: Limits = Limits()
    run: Limits = Limits()


class JudgePlan(_Strict):
    """Which rows a language model judges, and what it must give them; see `quality/judge.py` for its rubric.

    Attributes:
        sample: share of the answered candidates of each cell, drawn by their ids, or "all".
        least: points of 10 below which a judged row is refused.
    """

    sample: Annotated[float, Field(gt=0, le=1)] | Literal["all"]
    least: float = Field(default=6, ge=0, le=10)

    @property
    def share(self) -> float:
        """The share as a number; 1 is all."""
        return 1.0 if self.sample == "all" else self.sample


class DomainPlan(_Strict):
    """The tree of domains that sections are tagged by: one of the first three.

    In a recipe `domains: packaged`, a path, or a tree itself may stand for this. Where a file lies is no part of the
    recipe's hash; tags bear the tree's own.

    Attributes:
        path: a YAML file of nested domains; one that is not absolute counts from the home folder, and "packaged" is the
            tree that ships.
        tree: the same, in the recipe.
        propose: about how many domains a model proposes from a look at the corpus; what it proposes is kept in a file,
            which may be edited.
        least_similarity: cosine below which a section is said to be near no domain.
        sections: "all", or those that are "embedded" already, so that none is embedded for its tag alone.
    """

    path: Path | None = Field(default=None, exclude=True)
    tree: dict[str, Any] | list[Any] | None = None
    propose: int | None = Field(default=None, ge=2, le=200)
    least_similarity: float = Field(default=0.0, ge=0, le=1)
    sections: Literal["all", "embedded"] = "all"

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"path": value}
        if isinstance(value, list) or (isinstance(value, dict) and not set(value) & set(cls.model_fields)):
            return {"tree": value}
        return value

    @model_validator(mode="after")
    def _one_tree(self) -> "DomainPlan":
        if sum(given is not None for given in (self.path, self.tree, self.propose)) != 1:
            raise ValueError("give one of path, tree and propose")
        return self


class EncoderEntry(_Strict):
    """The sentence encoder: "packaged", or any model that sentence-transformers can load.

    bfloat16 reads twice as fast where the processor has instructions for it, and at a tenth of the speed where not.
    """

    model: str = "packaged"
    device: str = "cpu"
    precision: Literal["float32", "bfloat16"] = "float32"


class ReleasePlan(_Strict):
    """How a release is made of the accepted samples.

    Attributes:
        title: name of the dataset on its card; the recipe's name when left out.
        description: a paragraph for the card.
        limits: sentences for the card's section on limits.
        splits: share of the seed articles that each split gets; one left out gets none.
        formats: text formats beside the Parquet files.
    """

    title: str = ""
    description: str = ""
    limits: list[str] = Field(default_factory=list)
    splits: dict[Literal["train", "validation", "test"], Annotated[float, Field(ge=0, le=1)]] = Field(
        default={"train": 0.98, "validation": 0.01, "test": 0.01}, min_length=1
    )
    formats: list[Literal["jsonl", "chat", "alpaca", "sharegpt", "preference"]] = Field(
        default=["jsonl", "chat", "alpaca", "sharegpt", "preference"]
    )

    @field_validator("splits")
    @classmethod
    def _splits_add_up(cls, shares: dict[str, float]) -> dict[str, float]:
        _check_shares(shares, "splits")
        return shares


class BenchmarkEntry(_Strict):
    """A benchmark's file and columns. Where it lies is no part of the recipe's hash; rows bear that of its content.

    Attributes:
        path: .jsonl, .csv (either also .gz) or .parquet; beside the recipe file, or in the home.
        answer, item: columns of the answer and of the item's id; without the latter items go by their lines.
    """

    path: Path = Field(exclude=True)
    name: str = Field(min_length=1)
    question: str = "question"
    answer: str | None = None
    item: str | None = None


class Decontamination(_Strict):
    """What samples are held against, so that no question of a benchmark is among them.

    Attributes:
        ngram: words of a run that a sample may not share with an item; null does not look for any.
        least_overlap: part of an item's runs that must be shared; at 0 one is enough.
        cosine: of an item's vector and a sample's, at and above which the sample is refused; null compares none.
    """

    benchmarks: list[BenchmarkEntry] = Field(default_factory=list)
    ngram: int | None = Field(default=13, ge=2, le=100)
    least_overlap: float = Field(default=0.0, ge=0, le=1)
    cosine: float | None = Field(default=0.9, ge=0.5, le=1)

    @field_validator("benchmarks")
    @classmethod
    def _names_differ(cls, benchmarks: list[BenchmarkEntry]) -> list[BenchmarkEntry]:
        names = [entry.name for entry in benchmarks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two benchmarks are called {twice[0]!r}; give each a name of its own")
        return benchmarks


def _check_shares(shares: Mapping[str, float], name: str) -> None:
    if any(share < 0 for share in shares.values()):
        raise ValueError(f"{name}: a share is negative")
    if not math.isclose(sum(shares.values()), 1.0, abs_tol=1e-6):
        raise ValueError(f"{name}: the shares add up to {sum(shares.values()):g}, they must add up to 1")


class Recipe(_Strict):
    """The whole recipe; see the packaged `starter.yaml` for a commented one.

    Attributes:
        seed: seeds every draw; another number gives another dataset from the same articles.
        languages: shares of the query-and-answer languages.
        forbid_licences: what no seed may have, as SPDX names it, "*" for anything ("CC-BY-NC-*").
        allow_unknown_licence: use also seeds whose licence nobody knows.
        pool: sections of each collection and language that are embedded, drawn from and searched for neighbours; "all"
            takes every one.
        english_share: of a cell's sections in a language other than English, the share drawn from English articles.
        attempts: most tries of one step of one candidate.
        round_cap: most new candidates that one round adds to a cell.
        quality: scorer -> threshold -> value, replacing the scorers' own.
        quality_weights: scorer -> weight in the composite, replacing the fitted ones; 0 takes a scorer out of it.
        composite_threshold: what a row's composite must reach; the fitted one when left out.
        judge: which rows a language model judges besides; none when left out.
        educational: a head that `synth-assets educational --fit` saved, which then judges rows too; a path that is not
            absolute counts from the home folder.
        domains: the tree of domains that sections are tagged by; none when left out.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    seed: int = 1
    seeds: list[SeedCollection] = Field(min_length=1)
    forbid_licences: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)
    allow_unknown_licence: bool = False
    languages: dict[str, float] = Field(min_length=1)
    pool: Positive | Literal["all"] = 400
    english_share: float = Field(default=1.0, ge=0, le=1)
    exercises: dict[str, ExercisePlan] = Field(min_length=1)
    constraints: dict[str, dict[str, float]] = Field(default_factory=dict)
    models: Models
    encoder: EncoderEntry = EncoderEntry()
    attempts: Positive = 3
    round_cap: Positive = 1000
    quality: dict[str, dict[str, float]] = Field(default_factory=dict)
    quality_weights: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(default_factory=dict)
    composite_threshold: float | None = Field(default=None, ge=0, le=1)
    judge: JudgePlan | None = None
    educational: Path | None = None
    domains: DomainPlan | None = None
    budget: Budget = Budget()
    decontamination: Decontamination = Decontamination()
    release: ReleasePlan = ReleasePlan()

    @field_validator("seeds")
    @classmethod
    def _collections_differ(cls, seeds: list[SeedCollection]) -> list[SeedCollection]:
        seen: set[tuple[str, str]] = set()
        for entry in seeds:
            for language in dict.fromkeys(entry.languages):
                if (entry.collection, language) in seen:
                    raise ValueError(
                        f"two entries are collection {entry.collection!r} in {language}; give each a name of its own, "
                        "or one entry all the paths"
                    )
                seen.add((entry.collection, language))
        return seeds

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, shares: dict[str, float]) -> dict[str, float]:
        for language in shares:
            if language not in LANGUAGES:
                raise ValueError(f"unknown language {language!r}; the grid has {', '.join(LANGUAGES)}")
        _check_shares(shares, "languages")
        return shares

    @model_validator(mode="after")
    def _languages_of_exercises(self) -> "Recipe":
        for name, plan in self.exercises.items():
            if unknown := [code for code in plan.languages or () if code not in self.languages]:
                raise ValueError(
                    f"exercises.{name}.languages: {', '.join(unknown)} is not among the recipe's languages; "
                    "add it there or leave it out"
                )
        return self

    @model_validator(mode="after")
    def _one_least_total(self) -> "Recipe":
        if self.judge is not None and "min_total" in self.quality.get("judge", {}):
            raise ValueError("judge.least and quality.judge.min_total say the same; leave the second out")
        return self

    @field_validator("constraints")
    @classmethod
    def _shares_add_up(cls, priors: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for axis, shares in priors.items():
            _check_shares(shares, axis)
        return priors

    @cached_property
    def hash(self) -> str:
        """SHA-256 of everything the recipe says, defaults included; wording and order of the file do not matter."""
        return hash_of("recipe", self.model_dump(mode="json"))

    def priors(self, exercise: str) -> dict[str, dict[str, float]]:
        """The shares that replace an exercise's own: the recipe's, then the exercise's plan's."""
        return (
            {**self.constraints, **self.exercises[exercise].priors} if exercise in self.exercises else self.constraints
        )

    def rows_of_cell(self, exercise: str, language: str) -> int | None:
        """Accepted rows asked of a cell: the exercise's rows by language share, largest remainders first.

        None when the exercise counts in passes. Every language with a share gets at least one row, so that the cells
        add up to the exercise's rows unless those are fewer than the languages.
        """
        plan = self.exercises.get(exercise)
        shares = self.languages_of(exercise)
        if plan is None or language not in shares:
            return 0
        if plan.rows is None:
            return None
        total = sum(shares.values()) or 1.0
        exact = {code: plan.rows * share / total for code, share in shares.items()}
        rows = {code: max(1, math.floor(value)) if value else 0 for code, value in exact.items()}
        while sum(rows.values()) < plan.rows:
            rows[max(exact, key=lambda code: exact[code] - rows[code])] += 1
        while sum(rows.values()) > plan.rows and max(rows.values()) > 1:
            larger = [code for code in rows if rows[code] > 1]
            rows[min(larger, key=lambda code: exact[code] - rows[code])] -= 1
        return rows[language]

    def cells(self) -> list[tuple[str, str]]:
        """Every (exercise, language) that the recipe asks for, in the recipe's order."""
        return [(exercise, language) for exercise in self.exercises for language in self.languages_of(exercise)]

    def languages_of(self, exercise: str) -> dict[str, float]:
        """The languages that an exercise is asked in, with their shares of the whole recipe."""
        plan = self.exercises.get(exercise)
        asked = None if plan is None else plan.languages
        return {code: share for code, share in self.languages.items() if asked is None or code in asked}


def load_recipe(name_or_path: str) -> Recipe:
    """Read and validate a recipe: a file's path, or the name of a packaged one ("starter").

    Raises:
        RecipeError: no such recipe, not YAML, or a key is unknown or wrong; names file, line and key.
    """
    path = Path(name_or_path)
    if not path.is_file():
        packaged = PACKAGED / f"{name_or_path}.yaml"
        if path.suffix or len(path.parts) > 1 or not packaged.exists():
            names = ", ".join(sorted(file.stem for file in PACKAGED.glob("*.yaml")))
            raise RecipeError(name_or_path, "", f"there is no such recipe file, and the packaged ones are {names}")
        path = packaged
    try:
        text = path.read_text("utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(str(path), "", f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise RecipeError(str(path), "", f"is not YAML: {problem}", mark.line + 1 if mark else None) from error
    if not isinstance(data, dict):
        raise RecipeError(str(path), "", "must be a mapping of keys; see the packaged starter.yaml")
    _refuse_repeated_keys(node, str(path))
    return parse_recipe(data, str(path), node)


def parse_recipe(data: Mapping[str, Any], source: str, node: yaml.Node | None = None) -> Recipe:
    """Validate a recipe that is already a mapping; `source` is what errors name it by."""
    try:
        recipe = Recipe.model_validate(data)
    except ValidationError as error:
        problems = error.errors()
        # a misspelled key first: what it leaves missing is named no better by the rest
        first = next((found for found in problems if found["type"] == "extra_forbidden"), problems[0])
        keys = _keys(first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = "unknown key; remove it or correct its spelling"
        elif first["type"] == "missing":
            message = "is missing"
        more = len({tuple(_keys(found["loc"])) for found in problems}) - 1
        if more:
            message += f" (and {more} more {'problem' if more == 1 else 'problems'})"
        key = ".".join(str(part) for part in keys)
        raise RecipeError(source, key, message, _line_of(node, keys)) from error
    return recipe


def _keys(place: tuple[Any, ...]) -> list[Any]:
    """The keys of the file in a place that pydantic names, without its own words for kinds of values."""
    own = ("function-", "literal[", "constrained-")
    return [part for part in place if not (isinstance(part, str) and part.startswith(own))]


def _refuse_repeated_keys(node: yaml.Node | None, source: str, above: tuple[str, ...] = ()) -> None:
    """Raise RecipeError where a key stands twice in one mapping: YAML would take the last without a word."""
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _refuse_repeated_keys(item, source, (*above, str(number)))
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            line = key.start_mark.line + 1
            raise RecipeError(source, ".".join((*above, key.value)), "stands twice; keep one of the two", line)
        seen.add(key.value)
        _refuse_repeated_keys(value, source, (*above, key.value))


def _line_of(node: yaml.Node | None, keys: list[Any]) -> int | None:
    """1-based line of the deepest key on the path that the file has."""
    line = None
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line
