"""The grid: one cell an exercise and language. Keys come from the registries, which only grow at their end."""

import dagster as dg

from synth_assets.exercises import EXERCISES
from synth_assets.languages import LANGUAGES

CELLS = dg.MultiPartitionsDefinition(
    {
        "exercise": dg.StaticPartitionsDefinition(list(EXERCISES)),
        "language": dg.StaticPartitionsDefinition(list(LANGUAGES)),
    }
)


def cell_key(exercise: str, language: str) -> dg.MultiPartitionKey:
    """The partition key of a cell."""
    return dg.MultiPartitionKey({"exercise": exercise, "language": language})


def cell_of(context: dg.AssetExecutionContext) -> tuple[str, str]:
    """The exercise and language that a run of a cell is for."""
    keys = context.partition_key.keys_by_dimension
    return keys["exercise"], keys["language"]
