"""The laws of the house: public names, floors, what is imported, size of a file, no clock."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import loancalc

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCE = CHECKOUT / "src"
FILES = sorted((SOURCE / "loancalc").rglob("*.py"))

PUBLIC: tuple[str, ...] = (
    "Acceleration",
    "Account",
    "AccrualLine",
    "ActualInstallment",
    "ActualSchedule",
    "Allocation",
    "Apr",
    "Audit",
    "Balloon",
    "BaseRate",
    "Calendar",
    "Cap",
    "Charge",
    "ChargeOff",
    "Chargeback",
    "Claim",
    "Closing",
    "Columns",
    "Comparison",
    "DayCount",
    "Deferral",
    "DelinquencyPause",
    "Disbursement",
    "Draw",
    "Entry",
    "Event",
    "Extension",
    "ExtensionLimit",
    "ExtraPayment",
    "Fee",
    "Frequency",
    "FundPlan",
    "GivenPayments",
    "GivenPrincipal",
    "Grace",
    "Graduated",
    "GrossUp",
    "InArrears",
    "IndexedRate",
    "Installment",
    "InstallmentState",
    "InterestPause",
    "InvalidAmount",
    "InvalidDate",
    "InvalidEvent",
    "InvalidRate",
    "InvalidTerms",
    "LateInterest",
    "LateTerms",
    "Ledger",
    "Loan",
    "LoanError",
    "LumpSum",
    "MissingContext",
    "Moratorium",
    "Movement",
    "NextDue",
    "NoSolution",
    "Outlook",
    "Parts",
    "Payment",
    "Payoff",
    "PayoffQuote",
    "PayoffQuotes",
    "Penalty",
    "PenaltyCharge",
    "Period",
    "Periods",
    "Position",
    "Prepayment",
    "PrepaymentOption",
    "PrepaymentOptions",
    "Preview",
    "Problem",
    "Rate",
    "RateChange",
    "RateOfReturn",
    "RatePath",
    "Reaging",
    "Reamortization",
    "Receipt",
    "Recovery",
    "Refund",
    "RelativeRate",
    "Restructuring",
    "Reversal",
    "Rounding",
    "RuleOf78",
    "Schedule",
    "Seasonal",
    "Settlement",
    "SeveralRates",
    "SinkingFund",
    "Standing",
    "Tax",
    "Tolerance",
    "Tranche",
    "Transfer",
    "UnknownName",
    "Waiver",
    "WriteOff",
    "YearlyRate",
    "adjust",
    "allocate_across",
    "amortize",
    "apr",
    "apr_by_unit_periods",
    "apr_by_years",
    "audit",
    "calendars",
    "credit",
    "days",
    "extension_limits",
    "gross_up",
    "irr",
    "late_presets",
    "months_overdue",
    "periods",
    "presets",
    "sinking_fund",
    "tvm",
    "xirr",
    "year_fraction",
)
"""Every name of `import loancalc as lc`, sorted. A change here changes what users rely on: CHANGELOG says so too."""

HEAVY = ("numpy", "pandas", "polars", "pyarrow", "matplotlib", "holidays")
LIGHT = {*sys.stdlib_module_names, "dateutil", "loancalc"}
ALSO = {"testing": {"hypothesis"}}  # strategies for our users' tests: hypothesis is what the room is about
EDGES = {"__main__", "cli", "testing"}  # may use the package as its users do
FRONT_DOOR = {
    "io",
    "cli",
    "testing",
    "credit",
    "tvm",
    "calendars",
    "errors",
    "lazily",
}  # not inside the folder of a floor
LINES = 400


def _where(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


def _room(file: Path) -> str:
    """The file or package directly under the front door to which a file belongs."""
    return file.relative_to(SOURCE / "loancalc").parts[0].removesuffix(".py")


def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def _modules_of(node: ast.AST) -> list[str]:
    """Top-level packages that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


def _at_module_level(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported for real: not function bodies, not `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _at_module_level(child)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def test_public_names_are_exactly_these() -> None:
    assert list(PUBLIC) == sorted(PUBLIC)
    assert sorted(getattr(loancalc, "__all__", ())) == list(PUBLIC)


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    """The names are loaded on first use; the imports that only type checkers read have to say the same."""
    (guarded,) = (
        node
        for node in ast.parse((SOURCE / "loancalc" / "__init__.py").read_text("utf-8")).body
        if isinstance(node, ast.If)
    )
    seen = {
        alias.asname: node.module for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert sorted(str(name) for name in seen) == list(PUBLIC)
    for name, module in seen.items():
        if module != "loancalc":
            assert getattr(loancalc, str(name)) is getattr(importlib.import_module(str(module)), str(name))


def test_every_public_class_and_function_has_a_docstring_of_its_own() -> None:
    for name in PUBLIC:
        value = getattr(loancalc, name)
        if inspect.isclass(value) or inspect.isroutine(value):
            text = inspect.getdoc(value) or ""
            assert text, f"{name}: no docstring"
            assert not text.startswith(f"{name}("), f"{name}: the docstring is only its signature"


def test_every_public_class_and_function_shows_an_example() -> None:
    for name in PUBLIC:
        value = getattr(loancalc, name)
        is_error = inspect.isclass(value) and issubclass(value, loancalc.LoanError)
        if inspect.isclass(value) or inspect.isroutine(value):
            assert is_error or ">>>" in (inspect.getdoc(value) or ""), f"{name}: no example"


def _clock_readings(tree: ast.Module) -> Iterator[str]:
    """`date.today` under whatever name `datetime` was imported, and any call of a method so named."""
    of_datetime = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and "datetime" in _modules_of(node)
        for alias in node.names
    }
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else node
        if isinstance(called, ast.Attribute) and called.attr in {"today", "now", "utcnow"}:
            source = ast.unparse(called)
            if isinstance(node, ast.Call) or source.partition(".")[0] in of_datetime:
                yield f"line {called.lineno}: {source}"
        if "time" in _modules_of(node):
            yield ast.unparse(node)


def test_a_clock_reading_would_be_seen() -> None:
    assert list(_clock_readings(ast.parse("from datetime import date as day\nread = day.today")))
    assert list(_clock_readings(ast.parse("import datetime\ndatetime.datetime.now()")))
    assert list(_clock_readings(ast.parse("import time")))
    assert not list(_clock_readings(ast.parse("self.today = start")))


@pytest.mark.parametrize("file", FILES, ids=_where)
def test_nothing_reads_the_clock(file: Path) -> None:
    assert not list(_clock_readings(_parsed(file)))


@pytest.mark.parametrize("file", FILES, ids=_where)
def test_a_file_is_one_idea(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LINES
    assert file.stem not in {"utils", "util", "helpers", "base", "common", "misc", "models"}


@pytest.mark.parametrize("file", FILES, ids=_where)
def test_importing_a_module_needs_only_the_standard_library_and_dateutil(file: Path) -> None:
    allowed = LIGHT | ALSO.get(_room(file), set())
    for node in _at_module_level(_parsed(file)):
        assert set(_modules_of(node)) <= allowed, f"{_where(file)}: {ast.unparse(node)}; import it where it is needed"


@pytest.mark.parametrize("file", FILES, ids=_where)
def test_no_room_reaches_another_through_the_front_door(file: Path) -> None:
    if _room(file) in EDGES:
        return
    for node in ast.walk(_parsed(file)):
        if isinstance(node, ast.Import):
            assert "loancalc" not in [alias.name for alias in node.names], f"{_where(file)}: name the module"
        if isinstance(node, ast.ImportFrom) and node.module == "loancalc" and not node.level:
            for alias in node.names:
                rooms = importlib.util.find_spec(f"loancalc.{alias.name}")
                assert rooms, f"{_where(file)}: {alias.name} comes from the package; name its module"


def test_importing_the_package_asks_for_no_heavy_package() -> None:
    # Asked for, not only loaded: so the law holds where the heavy packages are not installed, too.
    asked = _run(
        sys.executable,
        "-c",
        f"""
import sys
asked = set()
class Witness:
    def find_spec(self, name, path=None, target=None):
        asked.add(name.partition(".")[0])
sys.meta_path.insert(0, Witness())
import loancalc
print(*sorted(asked & {set(HEAVY)!r}))
""",
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.split() == []


def _rooms_on(floor: str) -> set[str]:
    """What stands in the folder of a floor, or the room itself where it is one at the front door."""
    folder = SOURCE / "loancalc" / floor
    if floor in FRONT_DOOR:
        return {floor}
    return {file.stem for file in folder.iterdir() if not file.name.startswith("__")}


def test_the_table_of_rooms_the_floors_and_the_files_agree() -> None:
    layers = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    floors = [re.findall(r"\w+", layer) for layer in layers["layers"] if layer != "__main__"]
    table = (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8").partition("| floor | rooms |")[2].partition("\n\n")[0]
    rows = [set(re.findall(r"`(\w+)`", row)) for row in table.splitlines()[2:]]
    assert rows == [set().union(*map(_rooms_on, floor)) for floor in floors]


def test_rooms_import_only_from_their_own_floor_and_lower_ones() -> None:
    if not importlib.util.find_spec("importlinter"):
        pytest.skip("import-linter is not installed; it comes with the extra `lint`")
    linted = _run(sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])")
    assert linted.returncode == 0, linted.stdout + linted.stderr
