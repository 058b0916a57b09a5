"""What every converter gives, the limits it keeps to, and how it comes by the library that it needs."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.seeds.base import Block

INSTALL = "pip install 'synth-assets[documents]'"

MOST_UNPACKED_BYTES = 500 * 2**20
MOST_CHARACTERS = 20_000_000
MOST_PAGES = 10_000
LEAST_LETTERS_A_PAGE = 20


@dataclass(slots=True, kw_only=True)
class Document:
    """What a converter gives. Headings still stand as deep as the format says; `left_out` is (record, reason)."""

    blocks: list[Block]
    title: str = ""
    license: str = ""
    left_out: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """`module` is the library of the extra that a format cannot do without, empty where it can."""

    convert: Callable[[bytes], Document]
    module: str = ""


def library(module: str, what: str) -> Any:
    """The module of the extra that `what` ("a .pdf file") cannot be read without, imported when it is wanted.

    Raises:
        SeedError: it is not installed; the text says how to get it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SeedError(f"{what} needs {module}, which is not installed; get it with `{INSTALL}`") from error
