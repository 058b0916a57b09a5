import subprocess
import sys
from typing import Any

import pytest

from synth_assets.models.prices import Price, is_private, price_of
from synth_assets.recipe import ModelEntry

PUBLIC = "https://somebody.example.com/v1"


def price(model: str, address: str | None = None, **settings: Any) -> Price | None:
    return price_of(ModelEntry(model=model, address=address, **settings))


def source(model: str, address: str | None = None) -> str | None:
    found = price(model, address)
    return None if found is None else found.source


@pytest.mark.parametrize(
    ("model", "address"), [("m", "http://localhost:8000/v1"), ("gpt-4o", None), ("embedded", None), ("m", PUBLIC)]
)
def test_the_recipes_own_prices_count_first(model: str, address: str | None) -> None:
    found = price(model, address, usd_per_million_prompt_tokens=1.5, usd_per_million_completion_tokens=6.0)
    assert found == Price(prompt=1.5e-6, completion=6e-6, source="recipe")
    assert found.of(1_000_000, 500_000) == pytest.approx(4.5)


def test_one_price_of_the_recipe_leaves_the_other_free() -> None:
    assert price("gpt-4o", usd_per_million_completion_tokens=2.0) == Price(prompt=0.0, completion=2e-6, source="recipe")


def test_the_embedded_model_is_free() -> None:
    assert price("embedded") == Price(prompt=0.0, completion=0.0, source="free")


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "gpu.localhost", "127.0.0.1", "127.3.2.1", "[::1]", "0.0.0.0", "10.1.2.3", "172.16.0.9",
     "172.31.255.1", "192.168.1.5", "169.254.7.7", "100.64.3.2", "[fe80::1]", "[fd00::5]", "[::ffff:10.0.0.1]",
     "gpu-box", "gpu-box.local", "gpu-box.local.", "host.docker.internal", "nas.home.arpa"],
)  # fmt: skip
def test_a_model_on_this_machine_or_a_private_network_is_free(host: str) -> None:
    assert price("gpt-4o", f"http://{host}:8000/v1") == Price(prompt=0.0, completion=0.0, source="free")


@pytest.mark.parametrize(
    "host",
    ["8.8.8.8", "172.32.0.1", "192.169.1.1", "[2606:4700::1111]", "[::ffff:8.8.8.8]", "example.com",
     "local.example.com", "localhost.example.com", "10.1.2.3.example.com", "thelocal.org"],
)  # fmt: skip
def test_a_model_on_the_internet_is_never_called_free(host: str) -> None:
    assert source("nobody-has-this", f"http://{host}/v1") is None


@pytest.mark.parametrize("address", ["http://", "http:///v1", "http://[::1/v1", "https://user:secret@/v1"])
def test_an_address_without_a_host_has_no_known_price(address: str) -> None:
    assert source("nobody-has-this", address) is None


@pytest.mark.parametrize("host", ["", ".", "..."])
def test_no_name_is_no_private_name(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    ("model", "address", "listed"),
    [
        ("gpt-4o-mini", "https://api.openai.com/v1", "openai/gpt-4o-mini"),
        ("openai/gpt-4o-mini", "https://api.openai.com/v1", "openai/gpt-4o-mini"),
        ("gpt-4o-mini", "https://API.OPENAI.COM:443/v1/", "openai/gpt-4o-mini"),
        ("gpt-4o-mini", PUBLIC, "openai/gpt-4o-mini"),
        ("gpt-4o-mini", None, "openai/gpt-4o-mini"),
        ("mistral-small-latest", "https://api.mistral.ai/v1", "mistral/mistral-small-latest"),
        ("deepseek-chat", "https://api.deepseek.com", "deepseek/deepseek-chat"),
        ("openai/gpt-oss-20b", "https://api.groq.com/openai/v1", "groq/openai/gpt-oss-20b"),
        ("gpt-4o-mini", "https://mine.openai.azure.com/openai/v1", "azure/gpt-4o-mini"),
        ("meta-llama/Llama-3.3-70B-Instruct-Turbo", "https://api.together.xyz/v1",
         "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo"),
    ],
)  # fmt: skip
def test_an_address_on_the_internet_costs_what_the_table_says_of_its_provider(
    model: str, address: str | None, listed: str
) -> None:
    found = price(model, address)
    assert found is not None
    assert found.source == "litellm's table"
    assert found == price(listed)
    assert 0 < found.prompt <= found.completion < 1e-3


def test_the_tables_dollars_are_dollars_a_token() -> None:
    found = price("openai/gpt-4o-mini")
    assert found is not None
    assert (found.prompt, found.completion) == (pytest.approx(0.15e-6), pytest.approx(0.6e-6))


@pytest.mark.parametrize(
    ("model", "address"),
    [
        ("nobody/has-this", None),
        ("has-this-nobody", None),
        ("groq/gpt-4o", None),  # the table's gpt-4o is another provider's
        ("gpt-4o", "https://api.groq.com/openai/v1"),
        ("nobody-has-this", "https://api.openai.com/v1"),
        ("sample_spec", None),
        ("dall-e-3", "https://api.openai.com/v1"),  # costs by the picture, not by the token
        ("gpt-4o/", None),
        ("/", None),
    ],
)
def test_a_price_that_nobody_says_is_unknown_and_not_zero(model: str, address: str | None) -> None:
    assert price(model, address) is None


def test_prices_are_read_without_importing_litellm() -> None:
    program = (
        "import sys; from synth_assets.models.prices import price_of; from synth_assets.recipe import ModelEntry; "
        "assert price_of(ModelEntry(model='openai/gpt-4o-mini')) is not None; "
        "sys.exit('litellm' in sys.modules or 'aiohttp' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
