"""Names for the arrays that the package takes and returns."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

BitArray: TypeAlias = NDArray[np.uint8]
"""Line bits in sending order, 1 is mark."""

OctetArray: TypeAlias = NDArray[np.uint8]
"""G.711 octets."""

FloatArray: TypeAlias = NDArray[np.float64]
"""Samples of the reference path, full scale at 1.0."""

PcmArray: TypeAlias = NDArray[np.int16]
"""Linear 16-bit samples, full scale at 32768."""

SampleArray: TypeAlias = NDArray[np.floating[Any]] | NDArray[np.int16]
"""Samples as they come in: float64 or float32 with full scale at 1.0, or int16."""
