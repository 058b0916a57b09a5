import hashlib

import pytest
from jinja2 import Environment, meta

from synth_assets.errors import PromptError
from synth_assets.prompts import PROMPT_ROOT, render, template_hash

NAMES = sorted(str(path.relative_to(PROMPT_ROOT).with_suffix("")) for path in PROMPT_ROOT.rglob("*.jinja"))


def source(name):
    return (PROMPT_ROOT / f"{name}.jinja").read_text("utf-8")


def needed(name):
    return sorted(meta.find_undeclared_variables(Environment().parse(source(name))))


WITH_VALUES = [name for name in NAMES if needed(name)]
# A template that writes one of its values straight out, to send things through it.
PLAIN = next(
    (name, value) for name in WITH_VALUES for value in needed(name)
    if needed(name) == [value] and f"{{{{ {value} }}}}" in source(name)
)  # fmt: skip


def included(name):
    return sorted(
        path.removesuffix(".jinja") for path in meta.find_referenced_templates(Environment().parse(source(name)))
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_the_hash_of_its_file_and_of_what_it_includes(name):
    digest = hashlib.sha256(source(name).encode("utf-8"))
    for each in included(name):
        digest.update(template_hash(each).encode("ascii"))
    assert template_hash(name) == digest.hexdigest()


def test_there_are_templates_that_include_others():
    assert [name for name in NAMES if included(name)]


@pytest.mark.parametrize("name", WITH_VALUES)
def test_a_value_that_is_missing_is_an_error_that_names_the_template_and_the_value(name):
    with pytest.raises(PromptError) as caught:
        render(name)
    assert name in str(caught.value)
    assert any(f"'{value}' is undefined" in str(caught.value) for value in needed(name))


def test_what_is_rendered_knows_its_template():
    name, value = PLAIN
    rendered = render(name, **{value: "łódź"})
    assert (rendered.template, rendered.sha256) == (name, template_hash(name))
    assert "łódź" in rendered.text
    assert render(name, **{value: "other"}).sha256 == rendered.sha256


@pytest.mark.parametrize(
    "text", ["{{ 7 * 7 }}", "{% for x in range(3) %}x{% endfor %}", "{# gone #}", "<b>&amp;</b>", "a 'quoted' \"one\""]
)
def test_values_are_data_and_never_a_template(text):
    name, value = PLAIN
    assert text in render(name, **{value: text}).text


@pytest.mark.parametrize("name", ["memorization/nothing", "nothing/query", "", "../prompts"])
def test_a_template_that_is_missing_is_named(name):
    with pytest.raises(PromptError) as caught:
        render(name)
    assert repr(name) in str(caught.value)
    with pytest.raises(PromptError):
        template_hash(name)
