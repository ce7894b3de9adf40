"""Parameters: what each type may hold and how it reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.codings import Raw
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
        (0x09, b"\x01\x02", "alternate_route", "0102"),
        (0x0E, b"5551212", "last_message_number", "5551212"),
        (0x0F, b"11230200", "complementary_date", "11230200"),
        (0x10, b"1", "complementary_number", "1"),
        (0x11, b"\x81", "call_type", 129),
        (0x12, b"1", "first_called_number", "1"),
        (0x13, b"\n", "message_count", 10),
        (0x15, b"\x01", "forwarded_call_type", 1),
        (0x16, b"\x02", "calling_user_type", 2),
        (0x1A, b"1", "redirecting_number", "1"),
        (0x20, b"EUR1", "charge", "45555231"),
        (0x21, b"EUR1", "additional_charge", "45555231"),
        (0x23, b"000130", "duration", "303030313330"),
        (0x30, b"A", "network_provider", "41"),
        (0x31, b"A", "carrier", "41"),
        (0x40, b"\x01", "terminal_selection", "01"),
        (0x50, b"\x01Hello", "display_information", {"kind": 1, "text": "Hello"}),
        (0x50, b"\xff", "display_information", {"kind": 255, "text": ""}),
        (0x55, b"\x01", "service_information", 1),
        (0xE0, b"\x01\x02", "operator_extension", "0102"),
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
        (0x50, b"", "display_information cannot be empty"),
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
    assert Parameter(type=0x15, data=b"\x01").label == "forwarded_call_type"


def test_every_known_type_has_a_row_of_its_own_label():
    assert set(Parameter.rows) == set(ParameterType)
    assert len({row.label for row in Parameter.rows.values()}) == len(ParameterType)


@pytest.mark.parametrize(
    ("label", "value", "type_", "data"),
    [
        ("date", "12312359", 0x01, b"12312359"),
        ("number", "12345678901234567890", 0x02, b"12345678901234567890"),
        ("number_absent", "private", 0x04, b"P"),
        ("call_qualifier", "L", 0x06, b"L"),
        ("name", "Alice", 0x07, b"Alice"),
        ("visual_indicator", False, 0x0B, b"\x00"),
        ("message_identification", {"status": "reference", "reference": 65535}, 0x0D, b"\x55\xff\xff"),
        ("call_type", 0x81, 0x11, b"\x81"),
        ("message_count", 255, 0x13, b"\xff"),
        ("charge", "ABCD", 0x20, b"\xab\xcd"),
        ("display_information", {"kind": 1, "text": "é"}, 0x50, b"\x01\xe9"),
        ("display_information", {"kind": 1, "text": "x" * 252}, 0x50, b"\x01" + b"x" * 252),
        ("0xe1", "0a", 0xE1, b"\x0a"),
        ("0x01", "01010000", 0x01, b"01010000"),
    ],
)
def test_a_value_is_written_under_its_label(label, value, type_, data):
    assert Parameter.labelled(label, value) == Parameter(type=type_, data=data)


@pytest.mark.parametrize(
    ("label", "value", "why"),
    [
        ("date", "13010000", "a date is MMDDHHMM, not '13010000'"),
        ("date", 1010000, "MMDDHHMM, not 1010000"),
        ("number", "1" * 21, "1 to 20 digits"),
        ("number", "+1", "1 to 20 digits"),
        ("name", "Zoë", "1 to 50 printable ASCII"),
        ("number_absent", "P", "one of unavailable, private, not 'P'"),
        ("visual_indicator", 1, "the visual indicator is one of true, false, not 1"),
        ("visual_indicator", "on", "not 'on'"),
        ("message_count", True, "a count is 0 to 255, not True"),
        ("message_count", 256, "a count is 0 to 255, not 256"),
        ("call_type", "voice", "a call type is 0 to 255, not 'voice'"),
        ("charge", "abc", "up to 253 bytes in hex"),
        ("additional_charge", "00" * 15, "up to 14 bytes"),
        ("duration", "00" * 7, "up to 6 bytes"),
        ("operator_extension", "00" * 11, "up to 10 bytes"),
        ("operator_extension", 0, "up to 10 bytes"),
        ("message_identification", "added", "a status .removed, reference, added. and a reference"),
        ("message_identification", {"status": "lost", "reference": 1}, "a status"),
        ("message_identification", {"status": "added", "reference": 65536}, "a status"),
        ("message_identification", {"status": "added", "reference": 1, "by": "me"}, "a status"),
        ("display_information", "Hello", "a kind and up to 252 characters"),
        ("display_information", {"kind": 256, "text": ""}, "the kind of a display text is 0 to 255"),
        ("display_information", {"kind": 1, "text": "x" * 253}, "up to 252 characters"),
        ("display_information", {"kind": 1, "text": "€"}, "up to 252 characters"),
        ("colour", "red", "no parameter 'colour'"),
        ("0x999", "00", "no parameter '0x999'"),
    ],
)
def test_a_value_that_cannot_be_sent_is_refused(label, value, why):
    with pytest.raises(SignalError, match=why):
        Parameter.labelled(label, value)


CODINGS = st.sampled_from([None, *(int(type_) for type_ in ParameterType), 0xC0])


@given(CODINGS, st.binary(max_size=20) | st.sampled_from([b"O", b"\xff", b"L", b"01010000", b"\xff\x01\x02"]))
def test_what_reads_as_a_value_that_can_be_sent_is_written_back_the_same(type_, data):
    try:
        parameter = Parameter(type=0x99 if type_ is None else type_, data=data)
        written = Parameter.labelled(parameter.label, parameter.value)
    except SignalError:
        return
    assert written == parameter


json_values = st.one_of(
    st.text(max_size=9), st.integers(), st.booleans(), st.dictionaries(st.text(max_size=9), st.integers())
)


@given(
    st.sampled_from([row.coding for row in Parameter.rows.values()]),
    json_values
    | st.fixed_dictionaries({"status": st.text() | st.just("added"), "reference": st.integers()})
    | st.fixed_dictionaries({"kind": st.integers(), "text": st.text()}),
)
def test_any_value_is_written_and_reads_back_or_is_refused(coding, value):
    try:
        data = coding.write(value)
    except SignalError:
        return
    assert coding.allows(data)
    assert coding.read(data) == (value.lower() if isinstance(coding, Raw) else value)
