"""Line bits: seizure, mark, start and stop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.errors import SignalError
from dsp.framing import OFF_HOOK, ON_HOOK, Framing, line_bits


def text(bits):
    return "".join(str(bit) for bit in bits)


def test_a_byte_is_a_start_bit_eight_bits_least_significant_first_and_a_stop_bit():
    bare = Framing(seizure=0, mark=0, trailing=0)
    assert text(line_bits(b"\x82\x0b", bare)) == "00100000110110100001"


def test_an_on_hook_transmission_is_300_bits_of_seizure_180_marks_and_the_message():
    bits = text(line_bits(b"\x00"))
    assert bits == "01" * 150 + "1" * 180 + "0" + "00000000" + "1" + "11"


def test_an_off_hook_transmission_has_80_marks_and_no_seizure():
    assert text(line_bits(b"\xff", OFF_HOOK)) == "1" * 80 + "0" + "11111111" + "1" + "11"


def test_stuffing_stands_between_bytes_and_stop_bits_after_each():
    framing = Framing(seizure=2, mark=1, stop=2, stuffing=3, trailing=4)
    byte = "0" + "00000000"
    assert text(line_bits(b"\x00\x00", framing)) == "01" + "1" + byte + "11" + "111" + byte + "11" + "1111"


def test_no_message_leaves_the_preamble():
    assert line_bits(b"").size == ON_HOOK.seizure + ON_HOOK.mark + ON_HOOK.trailing


@given(st.binary(max_size=20), st.integers(1, 3), st.integers(0, 4))
def test_a_plain_uart_reads_the_bytes_back(data, stop, stuffing):
    bits = list(line_bits(data, Framing(seizure=0, mark=5, stop=stop, stuffing=stuffing)))
    read = bytearray()
    while 0 in bits:
        start = bits.index(0)
        assert bits[start + 9 : start + 9 + stop] == [1] * stop
        read.append(sum(int(bit) << place for place, bit in enumerate(bits[start + 1 : start + 9])))
        bits = bits[start + 10 :]
    assert read == data


def test_line_bits_are_octets():
    assert line_bits(b"\x55").dtype == np.uint8


@pytest.mark.parametrize(
    "wrong",
    [
        {"seizure": -2},
        {"mark": -1},
        {"stuffing": -1},
        {"trailing": -1},
        {"stop": 0},
        {"seizure": 299},
    ],
)
def test_an_impossible_framing_is_refused(wrong):
    with pytest.raises(SignalError):
        Framing(**wrong)
