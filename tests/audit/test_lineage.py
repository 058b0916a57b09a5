"""Lineage in PROV: read back by the library, and followed from the sample to the article."""

import json

import prov
import pytest
from prov.model import ProvActivity, ProvAgent, ProvDerivation, ProvEntity, ProvInvalidation, ProvMembership

from synth_assets.audit.life import read_life
from synth_assets.audit.lineage import NAMESPACE, lineage_of, write_lineage, write_lineages
from synth_assets.errors import SynthAssetsError
from synth_assets.stages.publish import publish_release
from tests.audit import planted_lives as lives
from tests.audit.planted_lives import ACCEPTED, GONE, NO_ANSWER, PROGRAM, UNSEEN
from tests.conftest import make_work


@pytest.fixture
def warehouse(home):
    return lives.plant_lives(home)


def names_of(document, kind):
    return {record.identifier.localpart for record in document.get_records(kind)}


def ancestors(document, name):
    """Every entity that a chain of derivations leads to."""
    parents = {}
    for record in document.get_records(ProvDerivation):
        generated, used = (value.localpart for _, value in record.formal_attributes[:2])
        parents.setdefault(generated, set()).add(used)
    found, open_ = set(), {name}
    while open_:
        open_ = set().union(*(parents.get(each, set()) for each in open_)) - found
        found |= open_
    return found


def shortest(document, name, goal):
    """How many derivations lie between two entities."""
    reached, steps = {name}, 0
    links = [tuple(value.localpart for _, value in record.formal_attributes[:2])
             for record in document.get_records(ProvDerivation)]  # fmt: skip
    while goal not in reached:
        reached |= {used for generated, used in links if generated in reached}
        steps += 1
        assert steps < 20
    return steps


def test_the_file_reads_back_and_leads_from_the_sample_to_the_article(warehouse, tmp_path):
    life = read_life(warehouse, ACCEPTED)
    path = tmp_path / "out" / "lineage.json"
    path.parent.mkdir()
    write_lineage(path, life)
    document = prov.read(str(path), format="json")
    assert document == lineage_of(life)
    sample, article = f"sample/{lives.SYNTH_ID}", "article/seed-arkona"
    assert {f"answer/{ACCEPTED}", f"draft/{ACCEPTED}", f"query/{ACCEPTED}", "section/section-lead", article,
            "section/section-other", "article/seed-lock"} <= ancestors(document, sample)  # fmt: skip
    assert shortest(document, sample, article) == 3  # the query's section and its article stand behind the query
    assert {namespace.uri for namespace in document.namespaces} == {NAMESPACE}
    assert list(path.parent.iterdir()) == [path]


def test_prompts_replies_models_and_runs_stand_in_it_word_by_word(warehouse):
    life = read_life(warehouse, ACCEPTED)
    document = lineage_of(life)
    values = {}
    for record in document.get_records(ProvEntity):
        for name, value in record.attributes:
            if name.localpart == "value":
                values[record.identifier.localpart] = str(value)
    call = life["calls"][-2]
    assert json.loads(values[f"prompt/{call['call_id']}"]) == call["request"]
    replies = {name: value for name, value in values.items() if name.startswith("reply/")}
    assert set(replies.values()) == {call["reply"] for call in life["calls"] if call["reply"]}
    assert values["section/section-lead"] == "What section-lead says."
    agents = names_of(document, ProvAgent)
    assert {"model/small", "model/judge", "exercise/memorization/1", "run/run-1", "run/run-9"} <= agents
    calls = [name for name in names_of(document, ProvActivity) if name.startswith("call/")]
    assert len(calls) == len(life["calls"]) == 5  # the one that failed is one of its own


def test_a_refused_candidate_has_its_steps_and_no_sample(warehouse):
    document = lineage_of(read_life(warehouse, NO_ANSWER))
    entities = names_of(document, ProvEntity)
    assert f"draft/{NO_ANSWER}" in entities
    assert not {name for name in entities if name.startswith(("sample/", "answer/"))}
    assert f"step/answer/{NO_ANSWER}" in names_of(document, ProvActivity)


@pytest.mark.parametrize("name", [PROGRAM, UNSEEN])
def test_a_life_of_few_parts_is_a_document_too(warehouse, tmp_path, name):
    write_lineage(tmp_path / "few.json", read_life(warehouse, name))
    document = prov.read(str(tmp_path / "few.json"), format="json")
    assert f"plan/{name}" in names_of(document, ProvEntity)


def test_a_withdrawn_sample_is_invalidated_and_a_released_one_a_member(home, write_recipe):
    warehouse = lives.plant_lives(home)
    made = publish_release(make_work(home, write_recipe(exercises={"memorization": {"rows": 4}})))
    (invalidation,) = lineage_of(read_life(warehouse, GONE)).get_records(ProvInvalidation)
    assert invalidation.formal_attributes[0][1].localpart == f"sample/memorization_en_{GONE}"
    (membership,) = lineage_of(read_life(warehouse, ACCEPTED)).get_records(ProvMembership)
    assert [value.localpart for _, value in membership.formal_attributes] == [
        f"release/{made.version}", f"sample/{lives.SYNTH_ID}"]  # fmt: skip


def test_many_lives_are_bundles_of_one_file(warehouse, tmp_path):
    path = tmp_path / "out" / "many.json"
    path.parent.mkdir()

    assert write_lineages(path, (read_life(warehouse, name) for name in (ACCEPTED, GONE, PROGRAM))) == 3
    document = prov.read(str(path), format="json")
    assert {bundle.identifier.localpart for bundle in document.bundles} == {
        f"lineage/{name}" for name in (ACCEPTED, GONE, PROGRAM)}  # fmt: skip
    assert all(bundle.get_records(ProvEntity) for bundle in document.bundles)
    assert write_lineages(tmp_path / "none.json", []) == 0
    assert not prov.read(str(tmp_path / "none.json"), format="json").has_bundles()


def test_words_that_look_like_names_of_prov_are_words(warehouse):
    hostile = 'prov:x "quoted" sa:y <z> \\ {"$": 1} ąę\n\x01'
    with warehouse.transaction("a test writes words") as open_:
        open_.connection.execute("update answers set answer = $text, model = $text", {"text": hostile})
        open_.connection.execute("update candidates set recipe_name = $text", {"text": hostile})
    document = lineage_of(read_life(warehouse, ACCEPTED))
    again = prov.model.ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    (answer,) = again.get_record(f"sa:answer/{ACCEPTED}")
    assert {str(value) for name, value in answer.attributes if name.localpart in ("value", "model")} == {hostile}


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(warehouse, tmp_path):
    with pytest.raises(SynthAssetsError, match=r"away.*lineage\.json: cannot be written"):
        write_lineage(tmp_path / "away" / "lineage.json", read_life(warehouse, ACCEPTED))
    assert list(tmp_path.glob("**/*.tmp")) == []
