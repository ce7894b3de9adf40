"""NTT's frames, by the bytes, with CRC and parity judged by other means."""

import binascii
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp import ntt
from dsp.errors import SignalError
from dsp.message import Kind
from dsp.ntt import NttAbsence, NttMessage, NttParameter, NttType, call_setup, crc16, parse, seal

TABLE = [
    # frame with parity and CRC, as built, parameters
    (
        # parity by hand: 10 -> 90, 01 -> 81, 07 -> 87, 02 -> 82, 40 -> c0, 04 -> 84; 03 is even, 30 is
        "90 81  87 90 82  c0 84  82 82 30 b1  90 03  8f 7c",
        call_setup(number="01"),
        {"number": "01"},
    ),
    (
        "90 81 87 90 82 c0 0c 82 0a 30 33 b1 b2 33 b4 35 36 b7 b8 90 03 fb 52",
        call_setup(number="0312345678"),
        {"number": "0312345678"},
    ),
    (
        "90 81 87 90 82 c0 03 84 81 50 90 03 1e ee",
        call_setup(number_absent=NttAbsence.PRIVATE),
        {"number_absent": "private"},
    ),
    (  # sixteen digits: their length is a DLE, and both of it count (spandsp sends the same)
        "90 81 87 90 82 c0 93 82 90 90 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 90 03 b5 29",
        call_setup(number="0" * 16),
        {"number": "0" * 16},
    ),
]  # fmt: skip


def reversed_bits(value: int, width: int) -> int:
    return int(f"{value:0{width}b}"[::-1], 2)


def judged_crc(data: bytes) -> int:
    """Return the CRC by the standard library's, which takes the most significant bit first."""
    mirrored = bytes(reversed_bits(octet, 8) for octet in data)
    return reversed_bits(binascii.crc_hqx(mirrored, 0), 16)


@pytest.mark.parametrize(("text", "built", "parameters"), TABLE)
def test_the_table_holds_in_both_directions(text, built, parameters):
    frame = bytes.fromhex(text)
    assert built.hex(" ") == frame.hex(" ")
    read = parse(frame)
    assert (read.type, read.kind, read.waiting, read.count) == (NttType.CALL_SETUP, Kind.CALL, None, None)
    assert dict(read.parameters) == parameters
    assert json.loads(json.dumps(dict(read.parameters))) == parameters
    assert read.encode() == frame
    assert NttMessage.of(0x40, parameters) == read


@pytest.mark.parametrize("text", [row[0] for row in TABLE])
def test_a_frame_cut_or_with_any_bit_wrong_is_refused(text):
    frame = bytes.fromhex(text)
    for cut in range(len(frame)):
        with pytest.raises(SignalError):
            parse(frame[:cut])
    for place in range(8 * len(frame)):
        wrong = bytearray(frame)
        wrong[place // 8] ^= 1 << place % 8
        with pytest.raises(SignalError):
            parse(bytes(wrong))


def test_the_crc_of_the_usual_nine_digits_is_the_published_one():
    assert crc16(b"123456789") == 0x2189  # CRC-16/KERMIT, in every catalogue of CRCs


@given(st.binary(max_size=40))
def test_the_crc_is_that_of_the_standard_library_with_all_bits_turned_round(data):
    assert crc16(data) == judged_crc(data)


@given(st.text("0123456789", min_size=1, max_size=20), st.sampled_from(NttType))
def test_every_character_up_to_etx_has_an_even_number_of_ones_and_the_crc_holds(number, type_):
    frame = call_setup(number=number, type_=type_)
    assert all(bin(octet).count("1") % 2 == 0 for octet in frame[:-2])
    assert int.from_bytes(frame[-2:], "little") == judged_crc(frame[2:-2])


def test_all_that_can_be_told_is_told():
    read = parse(call_setup(number="0312345678", name="Taro", called="5", type_=NttType.CALL_WAITING))
    assert (read.type, read.kind) == (NttType.CALL_WAITING, Kind.CALL)
    assert dict(read.parameters) == {"number": "0312345678", "name": "Taro", "called_number": "5"}


def test_a_length_that_is_a_dle_is_doubled():
    frame = call_setup(number="0" * 14)
    assert frame[5:10].hex(" ") == "c0 90 90 82 8e"
    assert parse(frame).parameters["number"] == "0" * 14


def test_a_length_that_counts_a_doubled_dle_once_is_taken_too():
    text = bytes((0x40, 18, 2, 0x10, 0x10)) + b"0" * 16
    assert parse(seal(b"\x10\x01\x07\x10\x02" + text + b"\x10\x03")) == parse(call_setup(number="0" * 16))


def test_unknown_types_and_parameters_are_kept():
    said = NttMessage.of(0x10, {"0x30": "107f", "number_type": "01"})
    read = parse(said.encode())
    assert (read, read.kind) == (said, Kind.OTHER)
    assert dict(read.parameters) == {"0x30": "107f", "number_type": "01"}


HEAD, TAIL = b"\x10\x01\x07\x10\x02", b"\x10\x03"


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"", "0 bytes are too short"),
        (b"\x10" + call_setup(number="1")[1:], "byte 0, 0x10, has an odd number of ones"),
        (call_setup(number="1")[:-1] + b"\x00", "the CRC is not"),
        (seal(b"\x10\x01\x06\x10\x02@\x03\x02\x011" + TAIL), "a frame begins DLE SOH 07"),
        (seal(HEAD + b"@\x03\x02\x011\x10\x04"), "and ends DLE ETX"),
        (seal(HEAD + b"@\x04\x02\x02\x101" + TAIL), "a single DLE"),
        (seal(HEAD + b"\x10\x10@\x10" + TAIL), "a single DLE"),
        (seal(HEAD + b"@\x04\x02\x011" + TAIL), "the length is not"),
        (seal(HEAD + b"\x10\x10" + TAIL), "the length is not"),
        (seal(HEAD + b"@\x00" + TAIL), "no content"),
        (seal(HEAD + b"@\x03\x02\x021" + TAIL), "runs past the end"),
        (seal(HEAD + b"@\x03\x04\x01X" + TAIL), "number_absent cannot be 58"),
        (seal(HEAD + b"@\x06\x02\x011\x02\x012" + TAIL), "occurs twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(frame, why):
    with pytest.raises(SignalError, match=why):
        parse(frame)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: call_setup(number="x"), "1 to 20 digits"),
        (lambda: NttMessage(type=0x80, content=()), "type 128 does not fit"),
        (lambda: NttParameter(type=0x80, data=b""), "0x80 does not fit characters of seven bits"),
        (lambda: NttParameter(type=0x30, data=b"\xff"), "0x30 does not fit characters"),
        (lambda: NttMessage.of(0x40, {"0x30": "10" * 63}).encode(), "128 bytes long; 127 fit"),
    ],
)
def test_what_cannot_be_sent_is_refused(make, why):
    with pytest.raises(SignalError, match=why):
        make()


characters = st.integers(0, 0x7F)
texts = st.binary(max_size=12).map(lambda data: bytes(octet & 0x7F for octet in data))


@given(
    characters,
    st.dictionaries(st.integers(0x30, 0x7F) | st.just(0x10), texts, min_size=1, max_size=4),
)
def test_every_message_survives_encoding_and_parsing(type_, content):
    said = NttMessage(type=type_, content=tuple(NttParameter(type=t, data=d) for t, d in content.items()))
    assert parse(said.encode()) == said


@given(st.binary(max_size=60) | texts.map(lambda text: seal(HEAD + text + TAIL)))
def test_random_bytes_raise_nothing_but_signal_errors(frame):
    try:
        read = parse(frame)
    except SignalError:
        return
    assert parse(read.encode()) == read
    assert ntt.NttMessage.of(read.type, read.parameters)
