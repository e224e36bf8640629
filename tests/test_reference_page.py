"""The page of every name: no public name is missing, none stands twice, and each is described."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import loancalc as lc

DOCS = Path(__file__).resolve().parent.parent / "docs"


def _hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_hook", DOCS / "reference_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOOK = _hook()
NAMES: list[str] = HOOK.NAMED.findall((DOCS / "reference.md").read_text("utf-8"))
ROOMS = {"calendars", "credit", "tvm"}


def test_every_public_name_is_on_the_page_once() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert {name for name in NAMES if "." not in name} == set(lc.__all__) - ROOMS
    assert {name for name in NAMES if "." in name} == {f"credit.{name}" for name in lc.credit.__all__}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_described(name: str) -> None:
    head, rest = HOOK.description(name).split("\n\n", 1)
    assert head == f"### `{name}`"
    assert len(rest) > 30
    assert not [line for line in rest.splitlines() if line in ("Args:", "Raises:", "Returns:", "Examples:")]
    assert rest.count("```") % 2 == 0


def test_a_docstring_becomes_lists_and_code() -> None:
    said = HOOK.prose(
        "Something.\n\nArgs:\n    day: The day,\n        at its end.\n\nRaises:\n    ValueError: Never.\n\n>>> 1\n1"
    )
    assert "- **day**: The day,\n    at its end." in said
    assert "**Raises**\n\n- **ValueError**: Never." in said
    assert "```pycon\n>>> 1\n1\n```" in said
