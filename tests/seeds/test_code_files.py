import re
from pathlib import Path

import pytest

from synth_assets import errors
from synth_assets.errors import Refused, SeedError
from synth_assets.seeds import documents_reader, sections
from synth_assets.seeds.base import BadSeed, SourceFile
from synth_assets.seeds.code_files import (
    MOST_BYTES,
    REFUSALS,
    CodeFiles,
    commit_of,
    license_of_repository,
    python_blocks,
    repository_of,
)

MODULE = '''\
# SPDX-License-Identifier: MIT
"""Counts bees.

    >>> count(1)
"""
import os

LIMIT = 3


# how many there are
@os.cache
def count(hive):
    """The bees of a hive.

    Args:
        hive: its number.
    """
    return hive  # all of them


class Hive:
    """Where bees live."""

    size = 1

    def grow(self):
        self.size += 1

print("end")
'''


def shape(blocks):
    return [(block.kind, block.level, block.text) for block in blocks]


def read_all(path, **settings):
    reader = CodeFiles(collection="code", path=path, **settings)
    return [item for file in reader.files(("en",)) for item in reader.read(file)]


def test_classes_and_functions_are_sections_with_docstring_and_code():
    assert shape(python_blocks(MODULE)) == [
        ("paragraph", 0, "Counts bees."),
        ("code", 0, ">>> count(1)"),
        ("code", 0, '# SPDX-License-Identifier: MIT\nimport os\n\nLIMIT = 3\n\n\n\n\n\nprint("end")'),
        ("heading", 1, "def count"),
        ("paragraph", 0, "The bees of a hive."),
        ("code", 0, "Args:\n    hive: its number."),
        ("code", 0, "# how many there are\n@os.cache\ndef count(hive):\n    return hive  # all of them"),
        ("heading", 1, "class Hive"),
        ("paragraph", 0, "Where bees live."),
        ("code", 0, "class Hive:\n\n    size = 1"),
        ("heading", 2, "def grow"),
        ("code", 0, "    def grow(self):\n        self.size += 1"),
    ]


@pytest.mark.parametrize("module", [sections, errors, documents_reader], ids=lambda module: module.__name__)
def test_no_line_of_code_is_lost(module):
    text = Path(module.__file__).read_text(encoding="utf-8")
    blocks = python_blocks(text)
    given = "".join("\n".join(block.text for block in blocks).split()).replace("\\", "")
    # a docstring's marks and escapes are not in its text
    plain = (re.sub(r'^r?"(?:"")?|"(?:"")?$|\\', "", line.strip()) for line in text.split("\n"))
    assert [line for line in plain if "".join(line.split()) not in given] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(): 'Says.'; return 1", ["Says.", "def f(): \nreturn 1"]),
        ("def f(): pass; x = 1", ["def f(): pass; x = 1"]),
        ("x = 1; y = 2", ["x = 1; y = 2"]),
        ("é = 'ü'\n\n\ndef ñ():\n    'Dit.'\n", ["é = 'ü'", "Dit.", "def ñ():"]),
        ("class A:\n  class B:\n    class C:\n      class D:\n        class E: x = 1",
         ["class A:", "  class B:", "    class C:", "      class D:\n        class E: x = 1"]),
    ],
)  # fmt: skip
def test_unusual_layouts_keep_their_text(text, said):
    assert [block.text for block in python_blocks(text) if block.kind != "heading"] == said


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"print 'python 2'\n", "not_python"),
        (b"x = " + b"(" * 5000 + b")" * 5000, "not_python"),
        (b"# -*- coding: utf-8 -*-\nx = '\xff'\n", "not_text"),
        (b"# coding: no-such-code\n", "not_text"),
        (b"# coding: undefined\nx = 1\n", "not_text"),
        (b"\n\n", "no_text"),
        (b"#" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(tmp_path, content, reason):
    (tmp_path / "a.py").write_bytes(content)
    (item,) = read_all(tmp_path)
    assert isinstance(item, BadSeed)
    assert item.reason.partition(":")[0] == reason
    assert reason in REFUSALS


def test_text_that_is_not_python_is_refused():
    with pytest.raises(Refused, match="not_python"):
        python_blocks("{% if x %}")


def test_a_file_is_read_in_the_encoding_it_declares_and_never_run(tmp_path):
    (tmp_path / "a.py").write_bytes("# coding: latin-1\nraise SystemExit('Miel, été')\n".encode("latin-1"))
    (seed,) = read_all(tmp_path)
    assert "été" in seed.blocks[0].text


# --- where it comes from ---------------------------------------------------------------------------------------------

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / ".git" / "refs" / "heads").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / ".git" / "refs" / "heads" / "main").write_text(COMMIT + "\n")
    (tmp_path / ".git" / "config").write_text(
        '[remote "origin"]\n\turl = https://me:secret@example.org/bees/hive.git\n'
    )
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a b.py").write_text("x = 1\n")
    (tmp_path / "notes.txt").write_text("Not Python.")
    return tmp_path


def test_a_checkout_gives_repository_path_and_commit(checkout):
    (seed,) = read_all(checkout)
    assert seed.title == "src/a b.py"
    assert seed.url == "https://example.org/bees/hive/blob/HEAD/src/a%20b.py"
    assert (seed.revision, seed.license) == (COMMIT, "unknown")


def test_a_new_commit_that_leaves_a_file_alone_leaves_its_seed_alone(checkout):
    def state():
        reader = CodeFiles(collection="code", path=checkout)
        (file,) = reader.files(("en",))
        (seed,) = reader.read(file)
        return file.fingerprint, seed.content_hash

    before = state()
    (checkout / ".git" / "refs" / "heads" / "main").write_text(COMMIT[::-1] + "\n")
    assert state() == before


def test_what_the_user_says_stands_before_what_the_checkout_says(checkout):
    (seed,) = read_all(checkout, repository="https://example.com/other.git", revision="v1", license="MIT", topic="Bees")
    assert seed.url.startswith("https://example.com/other/blob/HEAD/")
    assert (seed.revision, seed.license, seed.topic) == ("v1", "MIT", "Bees")


def test_a_folder_that_is_no_checkout_has_names_without_address(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    (seed,) = read_all(tmp_path)
    assert (seed.url, repository_of(tmp_path), commit_of(tmp_path)) == ("urn:synth-assets:code:a.py", "", "")
    assert seed.revision.startswith("sha256 ")


@pytest.mark.parametrize(
    ("url", "address"),
    [("git@example.org:bees/hive.git", "https://example.org/bees/hive"), ("/srv/hive.git", ""),
     ("ssh://git@example.org/bees/hive", "https://example.org/bees/hive")],
)  # fmt: skip
def test_an_origin_is_told_as_a_web_address_or_not_at_all(checkout, url, address):
    (checkout / ".git" / "config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n')
    assert repository_of(checkout) == address


def test_packed_and_detached_and_crooked_references_are_understood(checkout):
    (checkout / ".git" / "refs" / "heads" / "main").unlink()
    (checkout / ".git" / "packed-refs").write_text(f"# pack-refs\n{COMMIT} refs/heads/main\n")
    assert commit_of(checkout) == COMMIT
    (checkout / ".git" / "HEAD").write_text(COMMIT)
    assert commit_of(checkout) == COMMIT
    (checkout / ".git" / "HEAD").write_text("ref: refs/../../../secret\n")
    assert commit_of(checkout) == ""


@pytest.mark.parametrize(
    ("name", "content", "license"),
    [
        ("pyproject.toml", '[project]\nlicense = "Apache-2.0 OR MIT"\n', "Apache-2.0 OR MIT"),
        ("pyproject.toml", '[project]\nlicense = {text = "BSD-3-Clause"}\n', "BSD-3-Clause"),
        ("pyproject.toml", "[project\n", ""),
        ("LICENSE", "Apache License\n   Version 2.0, January 2004\n", "Apache-2.0"),
        ("COPYING", "GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0-only"),
        ("LICENSE.txt", "Redistributions of source code must retain\nRedistributions in binary form must reproduce",
         "BSD-2-Clause"),
        ("LICENSE", "All rights reserved.", ""),
    ],
)  # fmt: skip
def test_a_repositorys_licence_is_what_it_states(tmp_path, name, content, license):
    (tmp_path / name).write_text(content)
    assert license_of_repository(tmp_path) == license


def test_a_files_own_licence_stands_before_all(tmp_path):
    (tmp_path / "a.py").write_text("# SPDX-License-Identifier: BSD-3-Clause\nx = 1\n")
    (seed,) = read_all(tmp_path, license="MIT")
    assert seed.license == "BSD-3-Clause"


def test_another_language_has_no_files_and_a_name_outside_is_an_error(checkout):
    reader = CodeFiles(collection="code", path=checkout / "src")
    assert reader.files(("fr",)) == []
    with pytest.raises(SeedError, match="not a file of"):
        list(reader.read(SourceFile(collection="code", language="en", name="../notes.txt", fingerprint="")))
