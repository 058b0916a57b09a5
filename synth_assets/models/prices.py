"""What a token costs: the recipe's word first, nothing on a machine of one's own, else the table in litellm's package.

The table is read as data. litellm itself is never imported for it: that takes seconds, and longer where the network
answers slowly. Prices by length of the prompt, of cached tokens and of batches are not read: the plain ones are upper
bounds of the last two.
"""

import importlib.util
import json
import math
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from synth_assets.recipe import ModelEntry

TABLE = "model_prices_and_context_window_backup.json"
# Endings that no public name bears: RFC 6761, RFC 6762, RFC 8375, and ICANN's reservation of .internal.
PRIVATE_ENDINGS = ("localhost", "local", "internal", "home.arpa")
# Provider, as the table names it, of well-known hosts and all hosts below them.
PROVIDERS = {
    "ai21.com": "ai21",
    "aihubmix.com": "aihubmix",
    "anthropic.com": "anthropic",
    "api.scaleway.ai": "scaleway",
    "baseten.co": "baseten",
    "cerebras.ai": "cerebras",
    "cohere.ai": "cohere",
    "cohere.com": "cohere",
    "dashscope-intl.aliyuncs.com": "dashscope",
    "dashscope.aliyuncs.com": "dashscope",
    "deepinfra.com": "deepinfra",
    "deepseek.com": "deepseek",
    "fireworks.ai": "fireworks_ai",
    "friendli.ai": "friendliai",
    "generativelanguage.googleapis.com": "gemini",
    "groq.com": "groq",
    "hyperbolic.xyz": "hyperbolic",
    "lambda.ai": "lambda_ai",
    "minimax.io": "minimax",
    "mistral.ai": "mistral",
    "moonshot.ai": "moonshot",
    "nebius.ai": "nebius",
    "nebius.com": "nebius",
    "novita.ai": "novita",
    "openai.azure.com": "azure",
    "openai.com": "openai",
    "openrouter.ai": "openrouter",
    "perplexity.ai": "perplexity",
    "sambanova.ai": "sambanova",
    "together.ai": "together_ai",
    "together.xyz": "together_ai",
    "x.ai": "xai",
    "z.ai": "zai",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Dollars a token.

    Attributes:
        prompt: dollars a token of the prompt.
        completion: dollars a token of the reply.
        source: who says so.
    """

    prompt: float
    completion: float
    source: Literal["recipe", "free", "litellm's table"]

    def of(self, prompt_tokens: float, completion_tokens: float) -> float:
        """Dollars of so many tokens."""
        return prompt_tokens * self.prompt + completion_tokens * self.completion


def price_of(entry: ModelEntry) -> Price | None:
    """What the model of an entry costs, or None where nobody says.

    The recipe's prices count first (one that is left out beside the other is 0); the embedded model and addresses that
    the internet does not reach are free; for all else litellm's table is asked. A name is looked up there as written,
    with the provider before it, and without its prefix where the row is of the provider that the prefix names: another
    provider's price of a model of that name would be a guess.
    """
    prompt, completion = entry.usd_per_million_prompt_tokens, entry.usd_per_million_completion_tokens
    if prompt is not None or completion is not None:
        return Price(prompt=(prompt or 0.0) / 1e6, completion=(completion or 0.0) / 1e6, source="recipe")
    if entry.model == "embedded":
        return Price(prompt=0.0, completion=0.0, source="free")
    if entry.address is None:
        provider, slash, _ = entry.model.partition("/")
        return _listed(entry.model, provider if slash else None)
    host = _host(entry.address)
    if is_private(host):
        return Price(prompt=0.0, completion=0.0, source="free")
    return _listed(entry.model, _provider_at(host))


def is_private(host: str) -> bool:
    """Whether a host is this machine or one that the internet does not reach.

    An address by its range (private, shared, link-local, unspecified); a name by a reserved ending or for want of dots.
    """
    try:
        address = ip_address(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return bool(name) and ("." not in name or name.endswith(tuple(f".{ending}" for ending in PRIVATE_ENDINGS)))
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return not address.is_global


def _host(address: str) -> str:
    """The host of a base URL; empty where it has none that can be read, so that no price is known."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""


def _provider_at(host: str) -> str | None:
    labels = host.rstrip(".").lower().split(".")
    return next((PROVIDERS[name] for n in range(len(labels)) if (name := ".".join(labels[n:])) in PROVIDERS), None)


def _listed(model: str, provider: str | None) -> Price | None:
    """The table's price of a model that a provider serves; of any model of the name where the provider is not known."""
    table = _table()
    names = [model] if provider is None or model.startswith(f"{provider}/") else [f"{provider}/{model}", model]
    if "/" in model:
        names.append(model.partition("/")[2])
    for name in names:
        row = table.get(name)
        # a row's provider may say more than the prefix: cohere_chat, vertex_ai-anthropic_models
        if row is not None and (provider is None or row.provider.startswith(provider)):
            return Price(prompt=row.prompt, completion=row.completion, source="litellm's table")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    provider: str
    prompt: float
    completion: float


@cache
def _table() -> dict[str, _Row]:
    """Dollars a token by model, of the rows that have them; empty where litellm is not installed."""
    spec = importlib.util.find_spec("litellm")
    if spec is None or spec.origin is None:
        return {}
    rows = json.loads((Path(spec.origin).parent / TABLE).read_text("utf-8"))
    found = {}
    for model, row in rows.items():
        prompt, completion = row.get("input_cost_per_token"), row.get("output_cost_per_token")
        if model != "sample_spec" and _is_price(prompt) and _is_price(completion):
            found[model] = _Row(
                provider=str(row.get("litellm_provider", "")), prompt=float(prompt), completion=float(completion)
            )
    return found


def _is_price(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value >= 0
