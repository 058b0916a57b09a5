"""Which samples a release leaves out, because the recipe keeps the best of their cell alone.

They stay accepted and stay in the dataset: a larger number, or none, brings them back.
"""

import json
from typing import Any

from synth_assets.recipe import Recipe
from synth_assets.warehouse import Transaction


def left_out(open_: Transaction, recipe: Recipe) -> list[dict[str, Any]]:
    """Rows of sql/release/left_out.sql: candidate_id, synth_id, exercise, language, quality, and the reason.

    Of a cell with `keep_best: N` the N samples of the highest composite stay, of equals those of the smaller id. Empty
    where the recipe says it of no exercise.
    """
    most = {name: plan.keep_best for name, plan in recipe.exercises.items() if plan.keep_best is not None}
    return open_.rows("release/left_out", keep_best=json.dumps(most)) if most else []
