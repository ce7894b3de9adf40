"""Every way to say that messages wait, by the bytes."""

import pytest

from dsp.dialects import WORDINGS, Dialect
from dsp.errors import SignalError
from dsp.message import Format, Kind, Message, Parameter, checksum, parse, vmwi


def sealed(text: str) -> bytes:
    data = bytes.fromhex(text)
    return data + bytes((checksum(data),))


TABLE = [
    # bytes without checksum, waiting, what builds them, count as read
    ("82 03 0b 01 ff", True, {}, None),
    ("82 03 0b 01 00", False, {"dialect": "indicator"}, None),
    ("82 06 0b 01 ff 13 01 02", True, {"dialect": "etsi", "count": 2}, 2),
    ("82 06 0e 01 35 0b 01 ff", True, {"dialect": "etsi", "number": "5"}, None),
    ("82 09 03 01 36 02 01 35 0b 01 ff", True, {"number": "5", "called": "6"}, None),
    ("82 03 13 01 01", True, {"dialect": "count"}, 1),
    ("82 03 13 01 00", False, {"dialect": "count"}, 0),
    ("82 03 13 01 07", True, {"dialect": "count", "count": 7}, 7),
    ("82 05 0d 03 ff 00 00", True, {"dialect": "identification"}, None),
    ("82 05 0d 03 00 12 34", False, {"dialect": "identification", "reference": 0x1234}, None),
    ("82 08 0b 01 ff 0d 03 ff 00 09", True, {"reference": 9}, None),
    ("80 06 11 01 81 13 01 01", True, {"dialect": "call"}, 1),
    ("80 06 11 01 81 13 01 00", False, {"dialect": "call"}, 0),
    ("06 03 42 42 42", True, {"format": "sdmf"}, None),
    ("06 03 6f 6f 6f", False, {"format": "sdmf", "dialect": "etsi"}, None),
]


@pytest.mark.parametrize(("text", "waiting", "values", "count"), TABLE)
def test_a_dialect_says_it_in_its_own_parameters_and_is_understood(text, waiting, values, count):
    data = vmwi(waiting, **values)
    read = parse(data)
    # Parameters come in no agreed order.
    assert sorted(data) == sorted(sealed(text))
    assert parse(sealed(text)).parameters == read.parameters
    assert (read.kind, read.waiting, read.count) == (Kind.VMWI, waiting, count)
    assert read.encode() == data


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("waiting", [True, False])
@pytest.mark.parametrize("told", [{}, {"count": 5}, {"reference": 5}, {"count": 5, "reference": 5}])
def test_every_dialect_is_understood_whatever_else_is_told(dialect, waiting, told):
    told = {label: value if waiting or label == "reference" else 0 for label, value in told.items()}
    read = parse(vmwi(waiting, dialect=dialect, date="01020304", number="1", called="2", name="A", **told))
    assert (read.kind, read.waiting, read.format) == (Kind.VMWI, waiting, Format.MDMF)
    assert read.type == WORDINGS[dialect].type
    assert {"date", "name", "dialable_number"} < set(read.parameters)


@pytest.mark.parametrize(
    ("text", "waiting"),
    [
        ("82 06 0b 01 00 13 01 05", False),  # the visual indicator decides
        ("82 06 13 01 00 0b 01 ff", True),
        ("82 08 13 01 00 0d 03 ff 00 01", False),  # then the count
        ("82 08 11 01 81 0d 03 00 00 01", False),  # then the identification
        ("82 08 11 01 81 0d 03 55 00 01", True),  # a reference says nothing of the lamp, the call type does
        ("82 05 0d 03 55 00 01", None),
        ("82 03 11 01 81", True),
        ("82 06 11 01 01 13 01 01", True),
        ("80 03 11 01 81", True),
        ("80 06 11 01 81 0b 01 00", False),
    ],
)
def test_the_more_outspoken_parameter_decides(text, waiting):
    read = parse(sealed(text))
    assert (read.kind, read.waiting) == (Kind.VMWI, waiting)


@pytest.mark.parametrize(
    "text",
    [
        "80 06 0b 01 ff 13 01 05",
        "80 09 11 01 01 0b 01 ff 13 01 05",  # a voice call
        "80 06 11 01 02 0b 01 00",  # ring-back when free
        "81 06 11 01 81 0b 01 ff",  # a test
        "86 03 0b 01 ff",
        "89 06 11 01 81 0b 01 ff",
        "83 03 0b 01 ff",
        "0b 03 42 42 42",
    ],
)
def test_nothing_else_moves_a_lamp(text):
    read = parse(sealed(text))
    assert read.kind is not Kind.VMWI
    assert (read.waiting, read.count) == (None, None)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"dialect": "french"}, "no dialect 'french'; there are: indicator, etsi, count"),
        ({"dialect": "count", "count": 0}, "cannot be on with 0 messages"),
        ({"dialect": "count", "format": "sdmf"}, "SDMF cannot carry message_count"),
        ({"dialect": "call", "format": "sdmf"}, "SDMF cannot carry call_type, message_count"),
        ({"reference": 65536}, "an identification has a status"),
        ({"reference": -1}, "an identification has a status"),
        ({"called": "x"}, "1 to 20 digits"),
    ],
)
def test_what_a_dialect_cannot_say_is_refused(values, why):
    with pytest.raises(SignalError, match=why):
        vmwi(True, **values)


def test_a_lamp_message_that_says_nothing_of_the_lamp_is_refused():
    with pytest.raises(SignalError, match="lacks the visual indicator and all"):
        Message(type=0x82, content=(Parameter(type=0x11, data=b"\x01"),))
