import math
import subprocess
import sys

import pytest

from synth_assets.identity import hash_of, normalised, rng_of


def test_a_hash_is_the_same_on_every_machine():
    assert (
        hash_of("section", "łódź", 1, None, [True, 0.5], {"b": 1, "a": "→"})
        == "2c95175b034fc7ddfbd4af2703d27c4be18a98eddef74c9c7b9231e8b1a45227"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "bc"), ("ab", "c")),
        (("a", "b"), (["a", "b"],)),
        (("1",), (1,)),
        ((1,), (True,)),
        ((None,), ("null",)),
        ((["a"],), (["a", ""],)),
        ((), ("",)),
        (("é",), ("e\u0301",)),
    ],
)
def test_different_parts_have_different_hashes(one, other):
    assert hash_of(*one) != hash_of(*other)


def test_the_order_of_a_mapping_does_not_matter_and_that_of_a_list_does():
    assert hash_of({"a": 1, "b": {"c": 2, "d": 3}}) == hash_of({"b": {"d": 3, "c": 2}, "a": 1})
    assert hash_of([1, 2]) != hash_of([2, 1])


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_number_that_is_no_json_is_refused(value):
    with pytest.raises(ValueError, match="JSON compliant"):
        hash_of(value)


def test_text_with_a_lone_surrogate_can_be_hashed():
    assert hash_of("\ud800") != hash_of("\ud801")


def test_a_generator_is_the_same_in_every_process():
    code = "from synth_assets.identity import rng_of; print([rng_of('a', 1).randrange(10**6) for _ in range(3)])"
    here = rng_of("a", 1)
    drawn = [here.randrange(10**6) for _ in range(3)]
    assert drawn[0] != drawn[1]
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == str([drawn[0]] * 3)


def test_generators_of_different_parts_are_different():
    assert rng_of("a", "shuffle").random() != rng_of("a", "pick").random()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("  What   is\n\ta lock? ", "what is a lock?"),
        ("STRASSE", "straße"),
        ("ﬁne", "fine"),
        ("\uff11\uff12", "12"),
        ("e\u0301", "é"),
        ("a\u00a0b", "a b"),
        ("", " \n "),
    ],
)
def test_texts_that_look_alike_are_exact_copies(text, same):
    assert normalised(text) == normalised(same)


@pytest.mark.parametrize(("text", "other"), [("a lock", "alock"), ("lock?", "lock"), ("5", "5.0"), ("e", "é")])
def test_texts_that_differ_are_not(text, other):
    assert normalised(text) != normalised(other)
