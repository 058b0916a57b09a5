"""Curation and release: near copies, decontamination, quality and the release, each beside its baseline.

    python -m tests.benchmarks.curation [--part duplicates|decontamination|quality|release] [--size N] [--rows N]

Prints a table and, as its last line, one JSON object. Each part can be run by itself from its own module; sizes are
those that are claimed, and take some twenty minutes on two idle cores; smaller ones say less.
"""

import argparse
import json
from typing import Any

PARTS = ("duplicates", "decontamination", "quality", "release")


def measure(part: str, size: int, rows: int) -> dict[str, Any]:
    """The figures of one part."""
    if part == "duplicates":
        from tests.benchmarks import near_duplicates

        return near_duplicates.measure(size)
    if part == "decontamination":
        from tests.benchmarks import decontamination

        return decontamination.measure()
    if part == "quality":
        from tests.benchmarks import quality

        return quality.measure()
    from tests.benchmarks import release

    return release.measure(rows)


def main() -> None:
    """Measure the parts that are asked for, print a table and one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--size", type=int, default=200_000, help="vectors among which near copies are sought")
    parser.add_argument("--rows", type=int, default=1_000_000, help="samples of the release")
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    for part in given.part or PARTS:
        found = measure(part, given.size, given.rows)
        for name, value in found.items():
            for what, figure in value.items() if isinstance(value, dict) else (("", value),):
                print(f"{part:16} {f'{name} {what}'.strip():44} {figure:14,.4f}", flush=True)
        figures |= found
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
