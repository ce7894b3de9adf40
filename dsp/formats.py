"""The formats that samples are handed out in."""

from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .arrays import FloatArray
from .errors import SignalError
from .levels import Law, encode, to_int16

FormattedArray: TypeAlias = NDArray[Any]
"""Samples in any `SampleFormat`: float64, float32, int16, or uint8 for G.711 octets."""


class SampleFormat(StrEnum):
    """How a sample is written down."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"
    INT16 = "int16"
    MULAW = "mulaw"
    ALAW = "alaw"


def sample_format(name: SampleFormat | DTypeLike) -> SampleFormat:
    """Return the format that *name* or a numpy type stands for.

    Raises
    ------
    SignalError
        If it is none. uint8 is none either: it does not say which law its octets follow.
    """
    try:
        return SampleFormat(name if isinstance(name, str) else np.dtype(name).name)
    except ValueError as error:
        known = ", ".join(SampleFormat)
        raise SignalError(f"there is no sample format {name!r}; there are: {known}") from error


def write(samples: FloatArray, form: SampleFormat) -> FormattedArray:
    """Return float64 *samples*, full scale at 1.0, in *form*."""
    if form in (SampleFormat.MULAW, SampleFormat.ALAW):
        return encode(samples, Law(form))
    if form is SampleFormat.INT16:
        return to_int16(samples)
    return samples.astype(form.value, copy=False)
