"""Which warehouse a home has; what of a lake can be said without one. The rest is in tests/cluster."""

import pytest

from synth_assets.errors import WarehouseBroken
from synth_assets.home import Home
from synth_assets.lake.lock import first_line, may_pass
from synth_assets.lake.warehouse import DATA_SETTING, SCHEMA_SETTING, SETTING, LakeWarehouse, warehouse_of
from synth_assets.warehouse import Warehouse

CATALOG = "host=127.0.0.1 port=9 dbname=lake user=synth"


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch):
    for name in (SETTING, DATA_SETTING, SCHEMA_SETTING):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def a_home(tmp_path):
    return Home(root=tmp_path)


def test_without_a_setting_the_warehouse_is_the_file_in_the_home(a_home):
    found = warehouse_of(a_home)
    assert type(found) is Warehouse
    assert (found.path, found.calls_folder) == (a_home.database, str(a_home.calls))


def test_a_setting_names_the_lake_its_data_and_its_schema(a_home, monkeypatch):
    monkeypatch.setenv(SETTING, f"ducklake:postgres:{CATALOG}")
    monkeypatch.setenv(DATA_SETTING, "s3://bucket/lake")
    found = warehouse_of(a_home)
    assert isinstance(found, LakeWarehouse)
    assert (found.catalog, found.data, found.catalog_schema) == (CATALOG, "s3://bucket/lake", "synth_assets")
    monkeypatch.setenv(SCHEMA_SETTING, "second")
    assert warehouse_of(a_home).catalog_schema == "second"


@pytest.mark.parametrize(
    ("setting", "data", "said"),
    [
        ("sqlite:somewhere", "s3://bucket", r"begins with 'ducklake:postgres:'"),
        (f"ducklake:postgres:{CATALOG} password=open", "s3://bucket", r"PGPASSWORD or in ~/\.pgpass"),
        (
            "ducklake:postgres:postgresql://synth:open@127.0.0.1/lake",
            "s3://bucket",
            r"host=\.\.\. dbname=.* not by a URI",
        ),
        ("postgresql://synth:open@127.0.0.1/lake", "s3://bucket", r"begins with 'ducklake:postgres:'"),
        (f"ducklake:postgres:{CATALOG}", "", rf"{DATA_SETTING} is not set: s3://bucket/prefix"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_no_password_is_repeated(a_home, monkeypatch, setting, data, said):
    monkeypatch.setenv(SETTING, setting)
    monkeypatch.setenv(DATA_SETTING, data)
    with pytest.raises(WarehouseBroken, match=said) as caught:
        warehouse_of(a_home)
    assert "open" not in str(caught.value)


def test_a_lake_is_a_warehouse_to_whoever_asks_for_one(a_home, monkeypatch):
    monkeypatch.setenv(SETTING, f"ducklake:postgres:{CATALOG}")
    monkeypatch.setenv(DATA_SETTING, str(a_home.root / "shared"))
    found = warehouse_of(a_home)
    assert isinstance(found, Warehouse)
    theirs = {name for name in vars(Warehouse) if not name.startswith("_")}
    assert theirs <= set(dir(found))
    assert not a_home.database.exists()
    assert not found.publish_snapshot(a_home.snapshot)


@pytest.mark.parametrize(
    "text",
    [
        "server closed the connection unexpectedly",
        "FATAL:  the database system is starting up",
        "FATAL:  terminating connection due to administrator command",
        'connection to server at "127.0.0.1", port 9 failed: Connection refused',
    ],
)
def test_servers_that_are_away_are_waited_for(text):
    assert may_pass(text)


@pytest.mark.parametrize("text", ["password authentication failed for user", "NoSuchBucket: does not exist", "403"])
def test_what_is_wrong_for_good_is_not_waited_for(text):
    assert not may_pass(text)


def test_an_error_is_one_line():
    assert first_line(ValueError("one\n\n two \nthree")) == "one two"
    assert first_line(ValueError()) == "ValueError"
