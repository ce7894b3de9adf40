"""Receivers that nobody here wrote read what we send by each standard.

minimodem judges tones and characters, spandsp the envelope and the parameters as well (it delivers a message
without its checksum, an NTT frame without parity and CRC). spandsp reads no NTT frame whose length is a DLE;
it never sends one either.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp import levels, ntt
from dsp.dtmf import TONES, Clip, ClipAbsence, tones
from dsp.faults import DropOut, Faults
from dsp.message import Dialect, Message, MessageType, call_setup, parse, vmwi
from dsp.spill import render
from dsp.standards import PROFILES, Standard

pytestmark = pytest.mark.peer

V23 = ("--mark", "1300", "--space", "2100")
JUDGES = [("bellcore", 1), ("bellcore", 3), ("etsi", 2), ("bt", 2)]
"""Our standard, and spandsp's number of the one to hear it by: CLASS, ACLIP, CLIP."""
FRAMES = {
    "number": ntt.call_setup(number="0312345678"),
    "sixteen digits": ntt.call_setup(number="0" * 16),
    "all": ntt.call_setup(number="0312345678", name="Taro", called="45", type_=ntt.NttType.CALL_WAITING),
    "absent": ntt.call_setup(number_absent=ntt.NttAbsence.PAYPHONE),
}


def pcm(message, standard, **values):
    burst = render(message, standard=standard, sample_rate=8000, lead_s=0.3, trail_s=0.3, **values)
    return levels.to_int16(burst)


def minimodem(peer, wav: Path, *tones: str) -> bytes:
    program = peer("minimodem", package="minimodem")
    command = [program, "--rx", "1200", "--quiet", *tones, "--file", wav]
    return subprocess.run(command, capture_output=True, check=True, timeout=30).stdout


@pytest.mark.parametrize("sample_rate", [8000, 22050, 48000])
@pytest.mark.parametrize("standard", ["etsi", "bt"])
def test_minimodem_reads_the_exact_bytes_in_v23(peer, tmp_path, message, standard, sample_rate):
    burst = render(message, standard=standard, sample_rate=sample_rate, lead_s=0.3, trail_s=0.3)
    soundfile.write(tmp_path / "burst.wav", burst, sample_rate, subtype="PCM_16")
    assert minimodem(peer, tmp_path / "burst.wav", *V23)[-len(message) :] == message


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_minimodem_reads_every_byte_of_an_ntt_frame(peer, tmp_path, frame):
    soundfile.write(tmp_path / "burst.wav", pcm(frame, "ntt"), 8000, subtype="PCM_16")
    assert minimodem(peer, tmp_path / "burst.wav", *V23) == frame


@pytest.mark.parametrize(("standard", "judge"), JUDGES)
def test_spandsp_reads_every_message(spandsp, message, standard, judge):
    assert spandsp.adsi(pcm(message, standard), judge) == [message[:-1]]


@pytest.mark.parametrize(("standard", "judge"), JUDGES)
@pytest.mark.parametrize("dialect", Dialect)
def test_spandsp_finds_the_parameters_of_every_dialect(spandsp, standard, judge, dialect):
    message = vmwi(True, dialect=dialect, count=3, date="01020304", number="123", called="45", reference=258)
    (heard,) = spandsp.adsi(pcm(message, standard), judge)
    read = parse(message)
    sent = [(parameter.type, parameter.data) for parameter in read.content]
    assert spandsp.fields(heard, judge) == [(read.type, b""), *sent]


@pytest.mark.parametrize("type_", [MessageType.CHARGE, MessageType.SHORT_MESSAGE])
def test_spandsp_reads_messages_about_other_things(spandsp, type_):
    message = Message.of(type_, {"date": "01020304", "charge": "45555231", "service_information": 3}).encode()
    assert spandsp.adsi(pcm(message, "etsi"), 2) == [message[:-1]]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_spandsp_reads_ntt_frames(spandsp, frame):
    (heard,) = spandsp.adsi(pcm(frame, "ntt"), 4)
    assert heard == bytes(octet & 0x7F for octet in frame[:-2])
    read = ntt.parse(frame)
    sent = [(parameter.type, parameter.data) for parameter in read.content]
    assert spandsp.fields(heard, 4) == [(read.type, b""), *sent]


@pytest.mark.parametrize("number", ["1", "0312345678", "00000000000000000"])
def test_our_frame_is_the_one_that_spandsp_sends(spandsp, peer, tmp_path, number):
    frame = ntt.call_setup(number=number)
    text = bytes(octet & 0x7F for octet in frame[5:-4])
    silence = np.zeros(2400, dtype=np.int16)
    sent = np.concatenate((silence, spandsp.send(text, 4), silence))
    soundfile.write(tmp_path / "sent.wav", sent, 8000, subtype="PCM_16")
    assert minimodem(peer, tmp_path / "sent.wav", *V23) == frame


@pytest.mark.parametrize(("standard", "judge"), [*JUDGES, ("ntt", 4)])
def test_spandsp_reads_off_the_hook_with_twist_and_stuffing(spandsp, standard, judge):
    message = FRAMES["number"] if standard == "ntt" else call_setup(date="01020304", number="1234", name="A")
    off_hook = replace(PROFILES[Standard(standard)].off_hook, stuffing=5)
    for twist in (-6.0, 6.0):
        assert len(spandsp.adsi(pcm(message, standard, framing=off_hook, twist_db=twist), judge)) == 1


@pytest.mark.parametrize(
    ("faults", "heard"),
    [
        (Faults(checksum=0x10), 0),
        (Faults(drop_outs=(DropOut(start_s=0.42, duration_s=0.01),)), 0),
        (Faults(seizure=60), 1),
        (Faults(baud=12, mark_hz=-12, space_hz=22), 1),
    ],
)
def test_spandsp_hears_the_faults_that_matter(spandsp, faults, heard):
    assert len(spandsp.adsi(pcm(vmwi(True), "bellcore", faults=faults), 1)) == heard


@pytest.mark.parametrize("twist", [-6.0, 0.0, 3.0])
def test_spandsp_reads_all_digits(spandsp, twist):
    digits = "".join(TONES)
    sent = tones(digits, sample_rate=8000, lead_s=0.1, trail_s=0.1, low_dbm0=-12, high_dbm0=-12 + twist)
    assert spandsp.dtmf(levels.to_int16(sent)) == digits


@pytest.mark.parametrize(
    ("clip", "dialect", "heard"),
    [
        (Clip(number="0812345678"), "a-d-b-c", b"A0812345678C"),
        (Clip(number="12", redirecting="34"), "a-d-b-c", b"A12D34C"),
        (Clip(absence=ClipAbsence.RESTRICTED), "a-d-b-c", b"B10C"),
        (Clip(number="12345678"), "a-hash", b"A12345678#"),
        (Clip(absence=ClipAbsence.TECHNICAL), "a-hash", b"D3#"),
        (Clip(number="12345678"), "d-c", b"D12345678C"),
        (Clip(number="12345678"), "hash", b"12345678#"),
    ],
)
def test_spandsp_reads_the_callers_identity_in_digits(spandsp, clip, dialect, heard):
    sent = tones(clip.encode(dialect), sample_rate=8000, lead_s=0.2, trail_s=0.2)
    assert spandsp.adsi(levels.to_int16(sent), 5) == [heard]
