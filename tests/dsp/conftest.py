"""Signals and messages that several tests of the signal processing use."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dsp.message import Absence, Format, call_setup, vmwi

MESSAGES = {
    "sdmf-on": vmwi(True, format=Format.SDMF),
    "sdmf-off": vmwi(False, format=Format.SDMF),
    "mdmf-on": vmwi(True),
    "mdmf-off": vmwi(False),
    "mdmf-none": vmwi(False, count=0),
    "mdmf-255": vmwi(True, count=255),
    "mdmf-full": vmwi(True, count=3, date="11230200", number="8005551212", name="Alice Liddell"),
    "sdmf-call": call_setup(format=Format.SDMF, date="09301224", number="6095551212"),
    "sdmf-private": call_setup(format=Format.SDMF, date="09301224", number_absent=Absence.PRIVATE),
    "mdmf-call": call_setup(date="03240902", number="8005551212", name="JOHN DOE"),
    "mdmf-private": call_setup(date="03240902", number_absent=Absence.PRIVATE, name_absent=Absence.PRIVATE),
}


@pytest.fixture(params=MESSAGES.values(), ids=MESSAGES.keys())
def message(request: pytest.FixtureRequest) -> bytes:
    """One message of every kind."""
    data: bytes = request.param
    return data


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261123)


@pytest.fixture(scope="session")
def spandsp() -> Any:
    """Return spandsp's receivers, `Spandsp`: skip where it is missing, fail where CI demands it."""
    path = ctypes.util.find_library("spandsp")
    if path is None:
        missing = "libspandsp is not installed (Debian package libspandsp2)"
        if os.environ.get("FXSMWI_REQUIRE_PEERS"):
            pytest.fail(missing)
        pytest.skip(missing)
    found = importlib.util.spec_from_file_location("spandsp", Path(__file__).with_name("spandsp.py"))
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module.Spandsp()
