"""What every test shares: how hard hypothesis tries, and where reference data that is not ours may lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

CHECKOUT = Path(__file__).resolve().parent.parent

# `fast` finds the same examples on every run; `deep` looks for new ones: HYPOTHESIS_PROFILE=deep python -m pytest
settings.register_profile("fast", derandomize=True, max_examples=40, deadline=None, database=None)
settings.register_profile(
    "deep", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow],
    phases=[phase for phase in Phase if phase is not Phase.explain],
)  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Path of a reference file under a license of its own, beside the checkout; the test is skipped where it is not."""
    place = Path(os.environ.get("LOANCALC_SHARED", CHECKOUT.parent / "shared"))

    def path(name: str) -> Path:
        if not (place / name).exists():
            pytest.skip(f"{name} is not in {place}; it has a license of its own (set LOANCALC_SHARED to where it lies)")
        return place / name

    return path
