import pytest

from synth_assets.seeds.licences import is_forbidden, spdx_of


@pytest.mark.parametrize(
    ("said", "spdx"),
    [
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
        ("Creative Commons Attribution-ShareAlike License 4.0", "CC-BY-SA-4.0"),
        ("Creative Commons Attribution Share Alike 4.0 International", "CC-BY-SA-4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.en", "CC-BY-SA-4.0"),
        ("http://creativecommons.org/licenses/by-nc/3.0/", "CC-BY-NC-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://spdx.org/licenses/MIT.html", "MIT"),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("https://opendatacommons.org/licenses/by/1-0/", "ODC-By-1.0"),
        ("apache license 2.0", "Apache-2.0"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-3.0", "GPL-3.0-only"),
        ("LicenseRef-house", "LicenseRef-house"),
        ("Some rights reserved (https://creativecommons.org/licenses/by/4.0/).", "CC-BY-4.0"),
        ("See https://example.org/terms and https://opensource.org/licenses/MIT.", "MIT"),
        ('<rights rdf:resource="http://creativecommons.org/licenses/by-sa/3.0/"/>' + " " * 9000, "CC-BY-SA-3.0"),
        ("", "unknown"),
        ("unknown", "unknown"),
        ("all rights reserved", "unknown"),
        ("CC-BY-SA-9.9", "unknown"),
        ("https://example.org/terms", "unknown"),
        ("MIT " * 200, "unknown"),
        ("((((MIT", "unknown"),
        ("x'; drop table seed_corpus; --", "unknown"),
    ],
)
def test_a_licence_is_called_as_spdx_calls_it(said, spdx):
    assert spdx_of(said) == spdx
    assert spdx_of(spdx) == spdx


@pytest.mark.parametrize(
    ("license", "forbidden"),
    [
        ("CC-BY-NC-4.0", True),
        ("CC-BY-NC-SA-3.0", True),
        ("CC-BY-4.0", False),
        ("GPL-3.0-only", True),
        ("MIT OR GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", True),
        ("(MIT OR GPL-3.0-only)", True),
        ("CC-BY-NC-4.0 OR GPL-3.0-only", True),
    ],
)
def test_a_list_of_forbidden_licences_may_hold_stars(license, forbidden):
    assert is_forbidden(license, ["cc-by-nc-*", "GPL-3.0-only"]) is forbidden
