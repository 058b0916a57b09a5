"""Model calls: written by the engine as replies arrive, not by an asset of its own; runs note here what they called."""

import dagster as dg

from synth_assets.defs.table_asset import OWNERS

model_calls = dg.AssetSpec(
    "model_calls",
    description="One row per call to a model, answered or finally failed, with everything that was sent and came back.",
    group_name="generation",
    kinds={"duckdb", "parquet"},
    owners=OWNERS,
    metadata={"dagster/table_name": "warehouse.main.model_calls"},
)
