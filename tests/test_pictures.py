"""Every picture of the documentation is what its script draws today, and stands on a page."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURES = DOCS / "pictures"
DRAWN = sorted(path for path in PICTURES.glob("*.py") if "def drawing(" in path.read_text("utf-8"))
LARGEST = 40_000


@pytest.mark.parametrize("script", DRAWN, ids=lambda script: script.stem)
def test_a_picture_is_what_its_script_draws(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn again where a figure changes: python docs/pictures/NAME.py."""
    monkeypatch.setattr(sys, "path", [str(PICTURES), *sys.path])
    spec = importlib.util.spec_from_file_location(f"{script.stem}_picture", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert script.with_suffix(".svg").read_text("utf-8") == module.drawing().svg


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.svg")), ids=lambda picture: picture.stem)
def test_a_picture_has_a_script_and_a_page_and_is_small(picture: Path) -> None:
    assert picture.with_suffix(".py").exists()
    assert picture.stat().st_size < LARGEST or picture.stem == "day_counts"  # drawn by matplotlib, all 26 of them
    pages = [page for page in DOCS.rglob("*.md") if f"pictures/{picture.name})" in page.read_text("utf-8")]
    assert pages
