"""`import loancalc`, against importing the standard modules that values of this kind need anyway."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from measure import Row, print_ratios, print_table

SOURCE = str(Path(__file__).resolve().parent.parent / "src")
STANDARD = "import dataclasses, decimal, datetime, fractions"
STATEMENTS = {"bare": "pass", "floor": STANDARD, "ours": "import loancalc", "dateutil": "import dateutil.relativedelta"}
HEAVY = ("numpy", "pandas", "matplotlib")


class Interpreter:
    """A fresh interpreter each time, with the byte code of all that it imports kept in a folder of its own."""

    def __init__(self, cache: str) -> None:
        self.environment = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONPYCACHEPREFIX": cache}
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)


def run(rounds: int) -> None:
    with TemporaryDirectory() as cache:
        _run(Interpreter(cache), rounds)


def _run(python: Interpreter, rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for statement in STATEMENTS.values():
        python("-c", statement)  # byte code is written before anything is timed
    for _ in range(max(15, rounds)):
        for name, statement in STATEMENTS.items():
            begin = perf_counter()
            python("-c", statement)
            times[name].append(perf_counter() - begin)
    bare = median(times["bare"])

    def row(label: str, name: str, less: float, target: float | None = None) -> Row:
        ratios = [(own - less) / (floor - less) for own, floor in zip(times[name], times["floor"], strict=True)]
        return Row(label, median(times[name]) - less, ratios, target)

    print_ratios(
        f"import: net of a bare interpreter ({bare * 1e3:.1f} ms), then gross",
        [
            row("floor: dataclasses, decimal, datetime, fractions", "floor", bare),
            row("import loancalc", "ours", bare, 2.5),
            row("import dateutil.relativedelta alone", "dateutil", bare),
            row("gross: floor", "floor", 0),
            row("gross: import loancalc", "ours", 0, 2.5),
        ],
    )
    loaded = python("-c", f"import sys, loancalc; print([name for name in {HEAVY} if name in sys.modules])")
    print(f"  of {', '.join(HEAVY)} it imports {loaded.stdout.strip()}")
    print_table("import: what costs most by itself (-X importtime, median of 7)", _costs(python))


def _costs(python: Interpreter, count: int = 15) -> list[list[str]]:
    """The dearest modules that `import loancalc` adds to the floor, each by itself, and their sum."""
    spent: dict[str, list[int]] = {}
    for _ in range(7):
        log = python("-X", "importtime", "-c", f"{STANDARD}; import loancalc").stderr
        seen = {}
        for line in log.splitlines()[1:]:
            own, _total, name = line.removeprefix("import time:").split("|")
            seen[name.strip()] = int(own)
        names = list(seen)
        for name in names[names.index("fractions") + 1 :]:
            spent.setdefault(name, []).append(seen[name])
    costs = sorted(((median(times), name) for name, times in spent.items()), reverse=True)
    sums = [["all that comes after the floor", f"{sum(own for own, _ in costs) / 1000:.2f} ms"]]
    for part in ("loancalc", "dateutil"):
        share = sum(own for own, name in costs if name.split(".")[0] == part)
        sums.append([f"  of it {part}.*", f"{share / 1000:.2f} ms"])
    return [["module", "itself"], *sums, *([name, f"{own / 1000:.2f} ms"] for own, name in costs[:count])]
