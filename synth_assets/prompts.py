"""Prompt templates: one Jinja file a message, under prompts/<exercise>/<step>.jinja.

What several exercises say in the same words stands once, in a file right under prompts/, which their templates include.

Values are data. Seed text and model replies are only ever passed as values, never compiled as a template, and a
value that a template needs and does not get is an error, not an empty string.
"""

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, UndefinedError
from jinja2.meta import find_referenced_templates

from synth_assets.errors import PromptError

PROMPT_ROOT = Path(__file__).parent / "prompts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A rendered message, and the template it came from.

    `sha256` is of the template's source, and of what it includes, not of the text: it says which wording was used,
    whatever the values.
    """

    text: str
    template: str
    sha256: str


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PROMPT_ROOT),
        undefined=StrictUndefined,
        autoescape=False,  # prompts are plain text for a model, never HTML
        keep_trailing_newline=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def template_hash(name: str) -> str:
    """SHA-256 of a template's source and of the templates it includes; `name` is "<exercise>/<step>"."""
    try:
        source = (PROMPT_ROOT / f"{name}.jinja").read_bytes()
    except FileNotFoundError as error:
        raise PromptError(f"there is no prompt template {name!r} under {PROMPT_ROOT}") from error
    digest = hashlib.sha256(source)
    included = find_referenced_templates(_environment().parse(source.decode("utf-8")))
    for each in sorted(path for path in included if path is not None):
        digest.update(template_hash(each.removesuffix(".jinja")).encode("ascii"))
    return digest.hexdigest()


def render(name: str, **values: object) -> Rendered:
    """Render the template "<exercise>/<step>" with the values.

    Raises:
        PromptError: no such template, or it needs a value that was not given.
    """
    sha256 = template_hash(name)
    try:
        text = _environment().get_template(f"{name}.jinja").render(values)
    except (TemplateNotFound, UndefinedError) as error:
        raise PromptError(f"prompt template {name!r}: {error}") from error
    return Rendered(text=text, template=name, sha256=sha256)
