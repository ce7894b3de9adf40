"""``python -m benchmarks``: run everything that the installed peers allow, and print one JSON document."""

from __future__ import annotations

import json
import os
import platform
import sys

from . import decode, generate, notify


def main() -> None:
    """Measure, and print."""
    results: dict[str, object] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {sys.version.split()[0]}"
    }
    for bench in (generate, decode, notify):
        name = bench.__name__.rpartition(".")[2]
        print(f"{name} ...", file=sys.stderr)
        results[name] = bench.measure()
    print(json.dumps(results, indent=2))


main()
