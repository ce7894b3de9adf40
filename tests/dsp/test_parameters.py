"""Parameters: what each type may hold and how it reads."""

import pytest

from dsp.errors import SignalError
from dsp.parameters import Parameter, ParameterType


@pytest.mark.parametrize(
    ("type_", "data", "label", "value"),
    [
        (0x01, b"11230200", "date", "11230200"),
        (0x02, b"1234", "number", "1234"),
        (0x03, b"5551212", "dialable_number", "5551212"),
        (0x04, b"O", "number_absent", "unavailable"),
        (0x05, b"\x01", "redirection_reason", 1),
        (0x06, b"L", "call_qualifier", "L"),
        (0x07, b"Ren\xe9e", "name", "Renée"),
        (0x08, b"P", "name_absent", "private"),
        (0x0B, b"\xff", "visual_indicator", True),
        (0x0B, b"\x00", "visual_indicator", False),
        (0x0D, b"\xff\x01\x02", "message_identification", {"status": "added", "reference": 258}),
        (0x0D, b"\x00\x0a\x0a", "message_identification", {"status": "removed", "reference": 2570}),
        (0x10, b"1", "complementary_number", "1"),
        (0x11, b"\x81", "call_type", 129),
        (0x12, b"1", "first_called_number", "1"),
        (0x13, b"\n", "message_count", 10),
        (0x99, b"\x01\xfe", "0x99", "01fe"),
        (0x99, b"", "0x99", ""),
    ],
)
def test_a_parameter_reads_by_name_with_a_value_for_json(type_, data, label, value):
    parameter = Parameter(type=type_, data=data)
    assert (parameter.label, parameter.value) == (label, value)
    assert parameter.encode() == bytes((type_, len(data))) + data


@pytest.mark.parametrize(
    ("type_", "data", "why"),
    [
        (0x01, b"1123020", "date_time cannot be 31 31"),
        (0x01, b"1123020x", "date_time"),
        (0x02, b"", "calling_number cannot be empty"),
        (0x02, b"12\x0034", "calling_number"),
        (0x04, b"X", "number_absent"),
        (0x05, b"", "redirection_reason"),
        (0x07, b"\x80", "name"),
        (0x0B, b"\x01", "visual_indicator cannot be 01"),
        (0x0B, b"\xff\xff", "visual_indicator"),
        (0x0D, b"\x01\x00\x00", "message_identification"),
        (0x13, b"\x00\x01", "message_count"),
        (0x99, bytes(254), "254 bytes long"),
        (0x100, b"", "256 does not fit"),
        (-1, b"", "-1 does not fit"),
    ],
)
def test_what_a_parameter_cannot_hold_is_refused(type_, data, why):
    with pytest.raises(SignalError, match=why):
        Parameter(type=type_, data=data)


def test_the_count_and_the_type_of_a_forwarded_call_are_not_confused():
    assert ParameterType.MESSAGE_COUNT == 0x13
    assert Parameter(type=0x15, data=b"\x01").label == "0x15"
