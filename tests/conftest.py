"""What every test may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes examples slow, not wrong.
settings.register_profile("fxsmwi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fxsmwi")

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture(scope="session")
def peer() -> Callable[..., str]:
    """Find a program that nobody here wrote: skip where it is missing, fail where CI demands it."""

    def find(program: str, *, package: str) -> str:
        path = shutil.which(program)
        if path is not None:
            return path
        missing = f"{program} is not installed (Debian package {package})"
        if os.environ.get("FXSMWI_REQUIRE_PEERS"):
            pytest.fail(missing)
        pytest.skip(missing)

    return find
