"""What a token costs."""

from dataclasses import dataclass

from synth_assets.models.transports import import_litellm
from synth_assets.recipe import ModelEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    prompt: float
    completion: float

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        return prompt_tokens * self.prompt + completion_tokens * self.completion


def price_of(entry: ModelEntry) -> Price | None:
    """Dollars a token: the recipe's prices, else litellm's table where litellm is the transport, else free."""
    prompt, completion = entry.usd_per_million_prompt_tokens, entry.usd_per_million_completion_tokens
    if prompt is not None or completion is not None:
        return Price(prompt=(prompt or 0.0) / 1e6, completion=(completion or 0.0) / 1e6)
    if entry.address is not None or entry.model == "embedded":
        return Price(prompt=0.0, completion=0.0)
    table = import_litellm().model_cost
    row = table.get(entry.model) or table.get(entry.model.split("/", 1)[-1])
    if row is None or row.get("input_cost_per_token") is None or row.get("output_cost_per_token") is None:
        return None
    return Price(prompt=float(row["input_cost_per_token"]), completion=float(row["output_cost_per_token"]))
