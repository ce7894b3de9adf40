"""spandsp's receivers, called through its shared library: a judge that nobody here wrote.

Only the public functions of ``adsi.h`` and ``dtmf.h`` are called. spandsp works at 8000 samples a second.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import enum
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 8000
_BLOCK = 160
_PUT_MESSAGE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint8), ctypes.c_int)


class Adsi(enum.IntEnum):
    """Its numbers of the standards."""

    CLASS = 1
    CLIP = 2
    ACLIP = 3
    JCLIP = 4
    CLIP_DTMF = 5


class Spandsp:
    """The library, which is found by its name."""

    def __init__(self) -> None:
        self._library = library = ctypes.CDLL(ctypes.util.find_library("spandsp"))
        for name in ("adsi_rx_init", "adsi_tx_init", "dtmf_rx_init"):
            getattr(library, name).restype = ctypes.c_void_p
        library.dtmf_rx_get.restype = ctypes.c_size_t

    def adsi(self, samples: NDArray[np.int16], standard: Adsi) -> list[bytes]:
        """Return the messages on int16 *samples*, as spandsp delivers them."""
        heard: list[bytes] = []

        def put(_: object, data: Any, size: int) -> None:
            heard.append(bytes(data[:size]))

        callback = _PUT_MESSAGE(put)
        state = ctypes.c_void_p(self._library.adsi_rx_init(None, int(standard), callback, None))
        for block in blocks(samples):
            self._library.adsi_rx(state, block.ctypes.data_as(ctypes.c_void_p), block.size)
        self._library.adsi_rx_free(state)
        return heard

    def fields(self, message: bytes, standard: Adsi) -> list[tuple[int, bytes]]:
        """Return the type of the message that `adsi` delivered, then each parameter."""
        state = ctypes.c_void_p(self._library.adsi_rx_init(None, int(standard), _PUT_MESSAGE(), None))
        buffer = (ctypes.c_uint8 * len(message)).from_buffer_copy(message)
        type_, body, size = ctypes.c_uint8(), ctypes.POINTER(ctypes.c_uint8)(), ctypes.c_int()
        found: list[tuple[int, bytes]] = []
        position = -1
        while True:
            position = self._library.adsi_next_field(
                state, buffer, len(message), position,
                ctypes.byref(type_), ctypes.byref(body), ctypes.byref(size),
            )  # fmt: skip
            if position <= 0:
                break
            found.append((type_.value, bytes(body[: size.value]) if body else b""))
        self._library.adsi_rx_free(state)
        return found

    def send(self, message: bytes, standard: Adsi) -> NDArray[np.int16]:
        """Return what spandsp sends for *message*, which has type, length and content; the rest it adds."""
        state = ctypes.c_void_p(self._library.adsi_tx_init(None, int(standard)))
        self._library.adsi_tx_put_message(state, message, len(message))
        sent = []
        while True:
            block = np.zeros(_BLOCK, dtype=np.int16)
            size = self._library.adsi_tx(state, block.ctypes.data_as(ctypes.c_void_p), block.size)
            sent.append(block[:size])
            if size < _BLOCK:
                break
        self._library.adsi_tx_free(state)
        return np.concatenate(sent)

    def dtmf(self, samples: NDArray[np.int16]) -> str:
        """Return the digits on int16 *samples*."""
        state = ctypes.c_void_p(self._library.dtmf_rx_init(None, None, None))
        for block in blocks(samples):
            self._library.dtmf_rx(state, block.ctypes.data_as(ctypes.c_void_p), block.size)
        digits = ctypes.create_string_buffer(129)
        self._library.dtmf_rx_get(state, digits, 128)
        self._library.dtmf_rx_free(state)
        return digits.value.decode("ascii")


def blocks(samples: NDArray[np.int16]) -> Iterator[NDArray[np.int16]]:
    """Yield *samples* 20 ms at a time, with a quarter of a second of silence behind them."""
    padded = np.concatenate((samples, np.zeros(SAMPLE_RATE // 4, dtype=np.int16)))
    for first in range(0, padded.size, _BLOCK):
        yield np.ascontiguousarray(padded[first : first + _BLOCK])
