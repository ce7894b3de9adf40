"""SDMF and MDMF messages, by the bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp import message
from dsp.errors import SignalError
from dsp.message import Absence, Format, Kind, Message, MessageType, Parameter, call_setup, parse, vmwi

FULL = "82 1d 01 08 3131323330323030 02 04 31323334 07 05 416c696365 0b 01 ff 13 01 03 f3"

TABLE = [
    # bytes, as built, kind, waiting, count, parameters
    (
        "06 03 42 42 42 31",
        vmwi(True, format=Format.SDMF),
        Kind.VMWI, True, None, {"visual_indicator": True},
    ),
    (
        "06 03 6f 6f 6f aa",
        vmwi(False, format=Format.SDMF),
        Kind.VMWI, False, None, {"visual_indicator": False},
    ),
    ("82 03 0b 01 ff 70", vmwi(True), Kind.VMWI, True, None, {"visual_indicator": True}),
    ("82 03 0b 01 00 6f", vmwi(False), Kind.VMWI, False, None, {"visual_indicator": False}),
    (
        "82 06 0b 01 00 13 01 00 58",
        vmwi(False, count=0),
        Kind.VMWI, False, 0, {"visual_indicator": False, "message_count": 0},
    ),
    (
        "82 06 0b 01 ff 13 01 ff 5a",
        vmwi(True, count=255),
        Kind.VMWI, True, 255, {"visual_indicator": True, "message_count": 255},
    ),
    (
        FULL,
        vmwi(True, count=3, date="11230200", number="1234", name="Alice"),
        Kind.VMWI, True, 3,
        {"date": "11230200", "number": "1234", "name": "Alice", "visual_indicator": True, "message_count": 3},
    ),
    (
        "04 12 3039333031323234 36303935353531323132 51",
        call_setup(format=Format.SDMF, date="09301224", number="6095551212"),
        Kind.CALL, None, None, {"date": "09301224", "number": "6095551212"},
    ),
    (
        "04 09 3039333031323234 50 0e",
        call_setup(format=Format.SDMF, date="09301224", number_absent=Absence.PRIVATE),
        Kind.CALL, None, None, {"date": "09301224", "number_absent": "private"},
    ),
    (
        "80 20 01 08 3033323430393032 02 0a 38303035353531323132 07 08 4a4f484e20444f45 84",
        call_setup(date="03240902", number="8005551212", name="JOHN DOE"),
        Kind.CALL, None, None, {"date": "03240902", "number": "8005551212", "name": "JOHN DOE"},
    ),
    (
        "80 10 01 08 3033323430393032 04 01 4f 08 01 50 26",
        call_setup(date="03240902", name_absent=Absence.PRIVATE),
        Kind.CALL, None, None,
        {"date": "03240902", "number_absent": "unavailable", "name_absent": "private"},
    ),
]  # fmt: skip


def sealed(text: str) -> bytes:
    """Return the bytes with their checksum."""
    data = bytes.fromhex(text)
    return data + bytes((message.checksum(data),))


@pytest.mark.parametrize(("text", "built", "kind", "waiting", "count", "parameters"), TABLE)
def test_the_table_holds_in_both_directions(text, built, kind, waiting, count, parameters):
    data = bytes.fromhex(text)
    assert built == data
    read = parse(data)
    assert (read.kind, read.waiting, read.count) == (kind, waiting, count)
    assert dict(read.parameters) == parameters
    assert json.loads(json.dumps(dict(read.parameters))) == parameters
    assert read.encode() == data


@pytest.mark.parametrize("text", [row[0] for row in TABLE])
def test_a_message_cut_at_any_byte_or_with_one_too_many_is_refused(text):
    data = bytes.fromhex(text)
    for cut in range(len(data)):
        with pytest.raises(SignalError):
            parse(data[:cut])
    with pytest.raises(SignalError, match="length"):
        parse(data + b"\x00")


@pytest.mark.parametrize("text", [row[0] for row in TABLE])
def test_a_message_with_any_bit_wrong_is_refused(text):
    data = bytes.fromhex(text)
    for place in range(8 * len(data)):
        wrong = bytearray(data)
        wrong[place // 8] ^= 1 << place % 8
        with pytest.raises(SignalError):
            parse(bytes(wrong))


def test_the_published_sdmf_example_is_read(fixtures):
    data = (fixtures / "dsp-rockwell-sdmf.bytes").read_bytes()
    assert dict(parse(data).parameters) == {"date": "09301224", "number": "6095551212"}


def test_the_published_mdmf_example_is_read_once_its_misprinted_checksum_is_put_right(fixtures):
    data = (fixtures / "dsp-published-mdmf.bytes").read_bytes()
    with pytest.raises(SignalError, match="checksum is 0x7d, not 0x84"):
        parse(data)
    assert dict(parse(data[:-1] + b"\x84").parameters) == {
        "date": "03240902",
        "name": "JOHN DOE",
        "number": "8005551212",
    }


def test_a_call_set_up_never_reads_as_a_lamp_change():
    read = parse(sealed("80 10 01 08 3131323330323030 0b 01 ff 13 01 05"))
    assert (read.kind, read.waiting, read.count) == (Kind.CALL, None, None)
    assert read.parameters["visual_indicator"] is True


def test_a_call_set_up_test_is_neither_a_call_nor_a_lamp_change():
    read = parse(sealed("81 03 02 01 31"))
    assert (read.kind, read.waiting) == (Kind.OTHER, None)


def test_parameters_come_in_any_order_and_unknown_ones_are_kept():
    read = parse(sealed("82 0a 13 01 02 99 02 aa bb 0b 01 ff"))
    assert (read.waiting, read.count) == (True, 2)
    assert dict(read.parameters) == {"message_count": 2, "0x99": "aabb", "visual_indicator": True}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 bytes are too short"),
        (b"\x82\x00\x7e", "3 bytes are too short"),
        (sealed("82 04 0b 01 ff"), "length says 4 bytes of content, 3 are there"),
        (bytes.fromhex("82 03 0b 01 ff 71"), "checksum is 0x71, not 0x70"),
        (sealed("82 04 0b 02 ff 00"), "visual_indicator cannot be ff 00"),
        (sealed("82 03 0b 02 ff"), "parameter 0x0b runs past the end"),
        (sealed("82 04 0b 01 ff 13"), "parameter 0x13 runs past the end"),
        (sealed("82 06 0b 01 ff 0b 01 00"), "occurs twice"),
        (sealed("82 03 02 01 31"), "lacks the visual indicator"),
        (sealed("82 03 11 01 01"), "lacks the visual indicator"),
        (sealed("06 03 42 42 6f"), "not 42 42 6f"),
        (sealed("06 01 42"), "42 42 42 or 6f 6f 6f"),
        (sealed("04 08 3039333031323234"), "calling_number cannot be empty"),
        (sealed("04 09 30393330313232 50 50"), "date_time cannot be"),
    ],
)
def test_what_is_wrong_is_named(data, why):
    with pytest.raises(SignalError, match=why):
        parse(data)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"waiting": True, "format": "sdmf", "count": 2}, "SDMF cannot carry message_count"),
        ({"waiting": True, "format": "sdmf", "name": "A"}, "SDMF cannot carry name"),
        ({"waiting": True, "count": 0}, "cannot be on with 0 messages"),
        ({"waiting": False, "count": 1}, "cannot be off with 1 messages"),
        ({"waiting": True, "count": 256}, "0 to 255, not 256"),
        ({"waiting": True, "count": -1}, "0 to 255, not -1"),
        ({"waiting": True, "date": "13010000"}, "MMDDHHMM, not '13010000'"),
        ({"waiting": True, "date": "01010060"}, "MMDDHHMM"),
        ({"waiting": True, "number": "555-1212"}, "1 to 20 digits"),
        ({"waiting": True, "number": "1" * 21}, "1 to 20 digits"),
        ({"waiting": True, "number": ""}, "1 to 20 digits"),
        ({"waiting": True, "number": "١٢"}, "1 to 20 digits"),
        ({"waiting": True, "name": "Zoë"}, "1 to 50 printable ASCII"),
        ({"waiting": True, "name": "x" * 51}, "1 to 50 printable ASCII"),
    ],
)
def test_a_lamp_message_that_cannot_be_sent_is_refused(values, why):
    with pytest.raises(SignalError, match=why):
        vmwi(**values)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"date": "today"}, "MMDDHHMM"),
        ({"date": "01010000", "format": "sdmf", "name": "A"}, "SDMF cannot carry name"),
    ],
)
def test_a_call_set_up_that_cannot_be_sent_is_refused(values, why):
    with pytest.raises(SignalError, match=why):
        call_setup(**values)


def test_an_sdmf_layout_that_lacks_its_number_is_refused():
    date = Parameter(type=0x01, data=b"01010000")
    with pytest.raises(SignalError, match="a date, then a number"):
        Message(type=MessageType.SDMF_CALL_SETUP, content=(date,)).encode()


def test_a_message_without_content_is_refused():
    with pytest.raises(SignalError, match="no content"):
        Message(type=MessageType.CALL_SETUP, content=())


def test_content_longer_than_its_length_byte_can_say_is_refused():
    content = tuple(Parameter(type=type_, data=bytes(126)) for type_ in (0xC0, 0xC1))
    with pytest.raises(SignalError, match="256 bytes long; 255 fit"):
        Message(type=MessageType.CALL_SETUP, content=content).encode()


texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=50)
numbers = st.text("0123456789", min_size=1, max_size=20)
dates = st.builds(
    "{:02}{:02}{:02}{:02}".format,
    st.integers(1, 12), st.integers(1, 31), st.integers(0, 23), st.integers(0, 59),
)  # fmt: skip


@given(
    st.integers(0, 255) | st.none(), st.booleans(),
    dates | st.none(), numbers | st.none(), texts | st.none(),
)  # fmt: skip
def test_every_lamp_message_reads_back_as_it_was_built(count, waiting, date, number, name):
    lamp = waiting if count is None else count > 0
    read = parse(vmwi(lamp, count=count, date=date, number=number, name=name))
    told = {"date": date, "number": number, "name": name, "visual_indicator": lamp, "message_count": count}
    assert (read.waiting, read.count, read.format) == (lamp, count, Format.MDMF)
    assert dict(read.parameters) == {label: value for label, value in told.items() if value is not None}


@given(
    st.sampled_from([MessageType.CALL_SETUP, MessageType.CALL_SETUP_TEST]),
    st.dictionaries(st.integers(0x80, 0xFF), st.binary(max_size=20), min_size=1, max_size=8),
)
def test_every_mdmf_content_survives_encoding_and_parsing(type_, content):
    said = Message(type=type_, content=tuple(Parameter(type=t, data=d) for t, d in content.items()))
    assert parse(said.encode()) == said


@given(st.binary(max_size=300) | st.binary(min_size=1, max_size=258).map(lambda data: sealed(data.hex())))
def test_random_bytes_raise_nothing_but_signal_errors(data):
    try:
        read = parse(data)
    except SignalError:
        return
    assert read.encode() == data


@given(
    st.sampled_from([int(type_) for type_ in MessageType]),
    st.lists(st.tuples(st.integers(0, 0x20), st.binary(max_size=9)), min_size=1, max_size=6),
)
def test_random_content_in_a_right_envelope_raises_nothing_but_signal_errors(type_, content):
    body = b"".join(bytes((t, len(d))) + d for t, d in content)
    try:
        read = parse(sealed((bytes((type_, len(body))) + body).hex()))
    except SignalError:
        return
    json.dumps(dict(read.parameters))


OTHERS = [
    ("0b 03 42 42 42", {"content": "424242"}),
    ("84 02 ff 00", {"content": "ff00"}),
    ("85 01 00", {"content": "00"}),
    ("86 0a 01 08 3131323330323030", {"date": "11230200"}),
    ("86 0b 20 04 45555231 23 03 303130", {"charge": "45555231", "duration": "303130"}),
    ("89 06 50 04 01 486921", {"display_information": {"kind": 1, "text": "Hi!"}}),
    ("83 03 0b 01 ff", {"content": "0b01ff"}),
    ("00 01 00", {"content": "00"}),
]


@pytest.mark.parametrize(("text", "parameters"), OTHERS)
def test_a_message_about_something_else_keeps_all_it_holds(text, parameters):
    data = sealed(text)
    read = parse(data)
    assert (read.kind, read.waiting, read.count) == (Kind.OTHER, None, None)
    assert dict(read.parameters) == parameters
    assert json.loads(json.dumps(dict(read.parameters))) == parameters
    assert read.encode() == data
    assert Message.of(read.type, parameters) == read


def test_a_type_is_named_where_it_has_a_name():
    assert repr(parse(sealed("89 03 50 01 01")).type) == "<MessageType.SHORT_MESSAGE: 137>"
    assert type(parse(sealed("83 03 50 01 01")).type) is int


def test_the_highest_bit_of_a_type_tells_its_family():
    assert [parse(sealed(text)).format for text in ("0b 01 00", "8b 01 00")] == [Format.SDMF, Format.MDMF]
    assert MessageType.CHARGE.format is Format.MDMF
    assert [type_.kind for type_ in (MessageType.CHARGE, MessageType.CALL_SETUP)] == [Kind.OTHER, Kind.CALL]


def test_the_receiver_listens_for_what_is_sent_to_phones():
    assert {0x04, 0x06, 0x80, 0x81, 0x82} == message.RECEIVED_TYPES


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"type": 256, "raw": b"\x00"}, "type 256 does not fit"),
        ({"type": 0x82, "raw": b"\x00"}, "type 0x82 has its content in the other form"),
        ({"type": 0x84, "content": (Parameter(type=1, data=b"01010000"),)}, "type 0x84 has its content"),
        ({"type": 0x84}, "no content"),
    ],
)
def test_a_message_that_cannot_be_is_refused(values, why):
    with pytest.raises(SignalError, match=why):
        Message(**values)


def test_parameters_of_a_type_without_are_refused():
    with pytest.raises(SignalError, match="no parameter 'content'"):
        Message.of(MessageType.CHARGE, {"content": "00"})
    with pytest.raises(SignalError, match="in the other form"):
        Message.of(MessageType.RESERVED_84, {"charge": "00"})
    with pytest.raises(SignalError, match="up to 255 bytes in hex"):
        Message.of(0x90, {"content": "00" * 256})


@given(st.integers(0, 255).filter(lambda type_: type_ not in (0x04, 0x06, 0x80, 0x81, 0x82, 0x86, 0x89)),
       st.binary(min_size=1, max_size=255))  # fmt: skip
def test_every_unknown_message_survives_a_round_trip(type_, raw):
    said = Message(type=type_, raw=raw)
    assert parse(said.encode()) == said
    assert Message.of(type_, said.parameters) == said


@given(st.sampled_from([row[0] for row in TABLE]))
def test_a_message_is_made_again_from_its_readable_parameters(text):
    read = parse(bytes.fromhex(text))
    assert Message.of(read.type, read.parameters) == read
