"""What every command begins with: the home, its warehouse, and Dagster's instance."""

import os

from dagster import DagsterInstance

from synth_assets.commands.dead_runs import end_dead_runs
from synth_assets.errors import SynthAssetsError
from synth_assets.home import Home
from synth_assets.lake.warehouse import warehouse_of
from synth_assets.warehouse import Warehouse


def open_home() -> Home:
    """The home, prepared, with Dagster pointed at it.

    Relative paths in dagster.yaml count from the working folder, so that becomes the home; callers resolve paths
    that the user named before.
    """
    home = Home.find()
    try:
        home.prepare()
        os.chdir(home.root)
    except OSError as error:
        raise SynthAssetsError(f"{home.root}: this folder cannot be used as a home: {error.strerror}") from error
    os.environ["DAGSTER_HOME"] = str(home.root)
    os.environ["SYNTH_ASSETS_HOME"] = str(home.root)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    return home


def open_warehouse(home: Home) -> Warehouse:
    """The warehouse of the home, or the lake that the environment names."""
    return warehouse_of(home)


def open_instance(home: Home) -> DagsterInstance:
    """Dagster's instance of the home, the one that `synth-assets ui` shows; runs that died are ended in it."""
    instance = DagsterInstance.from_config(str(home.root))
    end_dead_runs(instance, home)
    return instance
