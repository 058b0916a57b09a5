from synth_assets.seeds.registry import READERS


def test_collections_are_registered_under_their_own_names_in_order():
    assert list(READERS) == ["vital_articles", "cookbook", "self_knowledge", "house_recipes"]
    assert [reader.collection for reader in READERS.values()] == list(READERS)


def test_a_file_bears_the_name_of_its_collection():
    for name in ("vital_articles", "self_knowledge", "house_recipes"):
        assert {file.collection for file in READERS[name].files(("en",))} == {name}
