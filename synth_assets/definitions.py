"""The code location: everything that Dagster loads."""

import dagster as dg

from synth_assets.defs.answers import answers
from synth_assets.defs.automation import (
    backfill,
    cell_round,
    embed,
    help_cell,
    ingest,
    large_cells,
    new_seed_files,
    publish,
    refresh_corpus,
    tag,
)
from synth_assets.defs.checks import CHECKS
from synth_assets.defs.contamination import contamination
from synth_assets.defs.duplicates import duplicates, kept_rows_differ
from synth_assets.defs.embeddings import embeddings
from synth_assets.defs.judgements import judgements
from synth_assets.defs.model_calls import model_calls
from synth_assets.defs.quality_scores import quality_scores
from synth_assets.defs.queries import queries
from synth_assets.defs.reasoning_drafts import reasoning_drafts
from synth_assets.defs.release import release
from synth_assets.defs.resources import RecipeResource, warehouse_at_home
from synth_assets.defs.samples import samples
from synth_assets.defs.section_domains import section_domains
from synth_assets.defs.section_embeddings import section_embeddings
from synth_assets.defs.sections import sections
from synth_assets.defs.seed_corpus import seed_corpus

defs = dg.Definitions(
    assets=[
        seed_corpus,
        sections,
        section_embeddings,
        section_domains,
        queries,
        reasoning_drafts,
        answers,
        embeddings,
        judgements,
        quality_scores,
        contamination,
        duplicates,
        samples,
        release,
        model_calls,
    ],
    asset_checks=[*CHECKS, kept_rows_differ],
    jobs=[refresh_corpus, ingest, embed, tag, cell_round, help_cell, publish],
    schedules=[backfill],
    sensors=[new_seed_files, large_cells],
    resources={"recipe": RecipeResource(), "warehouse": warehouse_at_home()},
    executor=dg.in_process_executor,
)
