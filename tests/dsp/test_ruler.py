"""What is where in a burst and in a transmission: the framing's numbers, divided by the speed."""

import doctest

import pytest

import dsp.ruler
from dsp.errors import SignalError
from dsp.framing import ETSI_SHORT_MARK, NTT, OFF_HOOK, ON_HOOK, Framing, line_bits
from dsp.message import vmwi
from dsp.ruler import Label, Span, labels, ruler
from dsp.standards import Standard
from dsp.transmission import plan, timeline

BAUD = 1200
STUFFED = Framing(seizure=20, mark=10, stop=2, stuffing=3, trailing=0)


def test_the_examples_of_the_module_are_true():
    assert doctest.testmod(dsp.ruler).failed == 0


def test_the_parts_of_a_bellcore_burst():
    assert ruler(b"\x80\x7f", start_s=0.5).parts == (
        Span(0.5, 0.5 + 300 / BAUD, "channel seizure"),
        Span(0.5 + 300 / BAUD, 0.5 + 480 / BAUD, "mark"),
        Span(0.5 + 480 / BAUD, 0.5 + 490 / BAUD, "80"),
        Span(0.5 + 490 / BAUD, 0.5 + 500 / BAUD, "7F"),
        Span(0.5 + 500 / BAUD, 0.5 + 502 / BAUD, ""),
    )


def test_what_a_framing_leaves_out_is_left_out():
    parts = ruler(b"\x80", framing=Framing(seizure=0, mark=0, trailing=0)).parts
    assert parts == (Span(0.0, 10 / BAUD, "80"),)


def test_marks_between_characters_belong_to_none():
    characters = ruler(b"\x01\x02", framing=STUFFED).parts[2:]
    assert characters == (Span(30 / BAUD, 41 / BAUD, "01"), Span(44 / BAUD, 55 / BAUD, "02"))


@pytest.mark.parametrize("framing", [ON_HOOK, OFF_HOOK, ETSI_SHORT_MARK, NTT, STUFFED])
def test_every_bit_lies_where_the_line_has_it(framing):
    message = vmwi(True, count=3)
    line = line_bits(message, framing)
    bits = ruler(message, framing=framing).bits
    assert len(bits) == len(message) * (9 + framing.stop)
    for bit in bits:
        index = round(bit.begin_s * BAUD)
        assert (bit.begin_s, bit.end_s) == (index / BAUD, (index + 1) / BAUD)
        assert {"start": 0, "stop": 1}.get(bit.text, bit.text) in (line[index], str(line[index]))


def test_the_standard_gives_the_framing_on_the_hook():
    message = b"\x82"
    assert ruler(message, standard="bt") == ruler(message, framing=Framing(seizure=300, mark=80))
    with pytest.raises(SignalError, match="there is no standard 'morse'"):
        ruler(message, standard="morse")


def test_the_labels_of_bts_transmission():
    planned = plan(vmwi(True), alert="lr-dt-as", standard="bt")
    reverse, tones, burst, restore, _ = timeline(planned)
    assert labels(planned) == (
        Label(span=Span(0.0, 0.0, "reverse")),
        Label(span=Span(tones.start_s, tones.end_s, "DT-AS"), tones=((2130, "2130 Hz"), (2750, "2750 Hz"))),
        Label(
            span=Span(burst.start_s, burst.end_s, "FSK"),
            tones=((1300, "mark 1300 Hz"), (2100, "space 2100 Hz")),
        ),
        Label(span=Span(restore.start_s, restore.start_s, "restore")),
    )
    assert reverse.start_s == 0.0


@pytest.mark.parametrize(
    ("alert", "names"),
    [
        ("none", ["FSK"]),
        ("osi", ["open", "FSK"]),
        ("rp-as", ["ring", "FSK"]),
        ("between-rings", ["ring", "FSK", "ring"]),
        ("cas", ["SAS", "CAS", "ACK D", "FSK"]),
    ],
)
@pytest.mark.parametrize("standard", Standard)
def test_the_labels_of_every_alert(alert, names, standard):
    found = labels(plan(vmwi(True), alert=alert, standard=standard))
    assert [label.span.text for label in found] == names


def test_the_answer_of_a_phone_is_its_two_tones():
    answer = labels(plan(vmwi(True), alert="cas"))[2]
    assert answer.tones == ((941, "941 Hz"), (1633, "1633 Hz"))
