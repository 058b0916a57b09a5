"""What a forecast asks of machines: GPU hours, money for them, disk, and days; for a recipe of any size.

Disk is what this home's own tables and calls take a candidate, once there are enough of them; until then it is what
`tests/benchmarks/row_sizes.py` measured. The speed of a GPU is an assumption that is given, because it is the serving
engine's, the model's and the GPU's; what this home's calls took says nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from synth_assets.exercises import EXERCISES
from synth_assets.recipe import Recipe
from synth_assets.stages.forecast import CellForecast, Forecast
from synth_assets.stages.work import Work

# Fewer candidates say nothing of a table that is written in whole blocks.
ENOUGH_ROWS = 20_000
# Bytes a candidate leaves in each table of a DuckDB file, and a call in its segment, at the lengths of SYNTH's rows; in
# a lake's files they come to 15% more, all tables together.
BYTES = {
    "candidates": 236, "queries": 315, "reasoning_drafts": 1_153, "answers": 826, "embeddings": 1_494,
    "quality_scores": 144, "duplicates": 144, "lexical_signatures": 4_745, "samples": 2_687,
}  # fmt: skip
BYTES_OF_CALL = 1_228
# The reply tokens of one of SYNTH's rows: a query of 220 characters, a trace of 1,800 and an answer of 1,200.
TOKENS_OF_ROW = 800
# An entry of the index of kept rows beside its vector in the table: the vector again, as eight-bit numbers.
BYTES_OF_INDEX = 400
# The encoder, on two cores of a processor: texts of 90 words a second.
TEXTS_PER_S = 47.0
HOUR_S = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What generation runs on.

    Attributes:
        prompt_tokens_per_s, completion_tokens_per_s: of one GPU that is kept busy, read and written one beside the
            other. The defaults are assumed, not measured: an 8-billion model in 16 bits, batched by vLLM or SGLang, on
            a GPU of 80 GB.
        gpus: how many work at once.
        usd_per_gpu_hour: what one costs.
    """

    prompt_tokens_per_s: float = 25_000.0
    completion_tokens_per_s: float = 4_000.0
    gpus: int = 8
    usd_per_gpu_hour: float = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What machines a forecast takes.

    Attributes:
        gpu_hours: of one GPU, all calls together.
        gpu_usd: their price; to be compared with the forecast's, which is a provider's.
        days: with all GPUs busy all day.
        encoder_hours: of one machine of two cores that embeds the candidates' texts.
        bytes_by_table: of new candidates; with "model_calls", "index" and "release".
        measured: whether bytes were measured in this home.
        assumptions: in words.
    """

    gpu_hours: float
    gpu_usd: float
    days: float
    encoder_hours: float
    bytes_by_table: Mapping[str, int]
    measured: bool
    assumptions: tuple[str, ...]

    @property
    def total_bytes(self) -> int:
        return sum(self.bytes_by_table.values())


def scaled(recipe: Recipe, *, scale: float = 1.0, rows: int | None = None) -> Recipe:
    """The recipe asking for `scale` times as much of every exercise, or for `rows` accepted rows in all.

    Raises:
        ValueError: `rows` is asked of a recipe whose exercises all count in passes.
    """
    asked = sum(plan.rows or 0 for plan in recipe.exercises.values())
    if rows is not None:
        if not asked:
            raise ValueError("the recipe counts in passes alone; give a scale in place of rows")
        scale = rows / asked
    if scale == 1.0:
        return recipe
    exercises = {
        name: plan.model_copy(
            update={
                "rows": None if plan.rows is None else max(1, round(plan.rows * scale)),
                "passes": None if plan.passes is None else max(1, round(plan.passes * scale)),
            }
        )
        for name, plan in recipe.exercises.items()
    }
    return recipe.model_copy(update={"exercises": exercises})


def capacity(work: Work, found: Forecast, hardware: Hardware) -> Capacity:
    """What the forecast takes of machines. Reads only."""
    sizes, of_call, measured = _sizes(work)
    bytes_by_table: dict[str, int] = {}
    for cell in found.cells:
        for table, size in _bytes_of_cell(cell, sizes, of_call).items():
            bytes_by_table[table] = bytes_by_table.get(table, 0) + round(size)
    prompt = sum(cell.prompt_tokens for cell in found.cells)
    completion = sum(cell.completion_tokens for cell in found.cells)
    seconds = prompt / hardware.prompt_tokens_per_s + completion / hardware.completion_tokens_per_s
    hours = seconds / HOUR_S
    compared = sum(
        cell.candidates for cell in found.cells if EXERCISES[cell.exercise].duplicate_rule.kind == "embedding"
    )
    return Capacity(
        gpu_hours=hours,
        gpu_usd=hours * hardware.usd_per_gpu_hour,
        days=hours / hardware.gpus / 24,
        encoder_hours=compared / TEXTS_PER_S / HOUR_S,
        bytes_by_table=bytes_by_table,
        measured=measured,
        assumptions=_assumptions(found, hardware, measured),
    )


def _sizes(work: Work) -> tuple[Mapping[str, float], float, bool]:
    """Bytes a candidate leaves in each table, bytes of a call, and whether both were measured here."""
    (calls,) = work.warehouse.read("audit/call_totals")
    (candidates,) = work.warehouse.read("audit/count_candidates", exercise=None, language=None)
    made = candidates["rows"]
    if made < ENOUGH_ROWS:
        return BYTES, BYTES_OF_CALL, False
    found = work.warehouse.bytes_by_table()
    with work.warehouse.open_calls("planning") as log:
        segments = log.bytes_kept()
    of_call = segments / calls["calls"] if calls["calls"] >= ENOUGH_ROWS else BYTES_OF_CALL
    return {table: found.get(table, 0) / made for table in BYTES}, of_call, True


def _bytes_of_cell(cell: CellForecast, sizes: Mapping[str, float], of_call: float) -> dict[str, float]:
    exercise = EXERCISES[cell.exercise]
    # of a cell that counts in passes nobody knows how many of its candidates become rows: all at most
    wanted = cell.candidates if cell.asked is None else max(0, cell.asked - cell.accepted)
    missing = wanted if cell.candidates else 0
    found = {table: size * cell.candidates for table, size in sizes.items() if table != "samples"}
    if exercise.duplicate_rule.kind != "embedding":
        found["embeddings"] = 0.0
    if exercise.duplicate_rule.lexical_threshold is None:
        found["lexical_signatures"] = 0.0
    found["samples"] = found["release"] = sizes["samples"] * missing  # a release holds what its table does
    found["index"] = BYTES_OF_INDEX * missing if exercise.duplicate_rule.kind == "embedding" else 0.0
    found["model_calls"] = of_call * cell.calls
    return found


def _assumptions(found: Forecast, hardware: Hardware, measured: bool) -> tuple[str, ...]:
    asking = [cell for cell in found.cells if cell.calls]
    written = sum(cell.completion_tokens for cell in asking) / max(1, sum(cell.candidates for cell in asking))
    said = [
        f"a GPU reads {hardware.prompt_tokens_per_s:,.0f} and writes {hardware.completion_tokens_per_s:,.0f} tokens a "
        f"second, {hardware.gpus} of them are always busy, and one costs {hardware.usd_per_gpu_hour:g} USD an hour: "
        "assumed, to be set to what yours do",
        f"the encoder reads {TEXTS_PER_S:g} texts a second on two cores; machines add up",
    ]
    if measured:
        said.append("bytes are those of this home's own tables and calls, a candidate")
    else:
        said.append(
            f"bytes are those measured at the lengths of SYNTH's rows, in a DuckDB file: {sum(BYTES.values()):,} a "
            f"candidate over all tables, {BYTES_OF_CALL:,} a call; this home has fewer than {ENOUGH_ROWS:,} candidates"
        )
    if asking:
        said.append(
            f"{written:,.0f} reply tokens a candidate are planned; SYNTH's own rows are of some {TOKENS_OF_ROW}: "
            "models that write as much take as much longer"
        )
    said.append("seeds, sections and their vectors come on top, once, whatever the size")
    return tuple(said)
