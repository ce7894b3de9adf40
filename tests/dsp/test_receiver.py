"""The receiver, against what was rendered, recorded and spoiled."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp import impair, levels
from dsp.errors import SignalError
from dsp.framing import Framing, line_bits
from dsp.fsk import FskSpec, ModulatorState, modulate
from dsp.message import Kind, Message, MessageType, Parameter, call_setup, vmwi
from dsp.receiver import Burst, receive
from dsp.receiver.pitch import mark_pitch
from dsp.spill import Standard, render
from dsp.standards import profile

RATES = [8000, 11025, 44100, 48000]
LONG = vmwi(True, count=3, date="11230200", number="8005551212", name="Alice Liddell")
BURST_S = (300 + 180 + 10 * len(LONG)) / 1200
POWER = levels.amplitude(-13.5) ** 2 / 2


def messages(samples, sample_rate, **options):
    return [burst.message for burst in receive(samples, sample_rate=sample_rate, **options)]


def pad(samples, sample_rate=8000, lead_s=0.3, trail_s=0.2):
    return np.pad(samples, (round(lead_s * sample_rate), round(trail_s * sample_rate)))


def noisy(message, snr_db, rng, *, sample_rate=8000, **options):
    state = ModulatorState(phase=int(rng.integers(sample_rate * 1200)), offset=int(rng.integers(1200)))
    burst = render(message, sample_rate=sample_rate, lead_s=0.2, trail_s=0.1, state=state, **options)
    return impair.white_noise(burst, snr_db=snr_db, sample_rate=sample_rate, rng=rng, power=POWER)


# What comes in


def test_the_spill_of_a_real_chan_dahdi_is_read(fixtures):
    octets = np.fromfile(fixtures / "asterisk22_mwi_on_rpas_chan6.ul", dtype=np.uint8)
    (burst,) = receive(levels.decode(octets, levels.Law.MULAW), sample_rate=8000)
    assert burst.message == bytes.fromhex("821a0108") + b"11230200\x02\x041234\x07\x05Alice\x0b\x01\xff\x0d"
    assert (burst.checksum_ok, burst.standard) == (True, Standard.BELLCORE)
    assert (burst.kind, burst.waiting, burst.count) == (Kind.VMWI, True, None)
    assert burst.parameters == {
        "date": "11230200", "number": "1234", "name": "Alice", "visual_indicator": True,
    }  # fmt: skip
    assert burst.start_s == pytest.approx(22400 / 8000, abs=0.0005)
    assert burst.end_s == pytest.approx((28094 - 400) / 8000, abs=0.00025)


@pytest.mark.parametrize("sample_rate", [*RATES, 8009, 22050, 192000])
def test_every_kind_of_message_is_read_at_every_rate(message, sample_rate):
    assert messages(render(message, sample_rate=sample_rate), sample_rate) == [message]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16])
def test_floats_and_int16_are_read_alike(dtype):
    burst = render(LONG, sample_rate=8000)
    samples = levels.to_int16(burst) if dtype is np.int16 else burst.astype(dtype)
    assert messages(samples, 8000) == [LONG]


def test_several_lines_give_a_list_for_each():
    burst = render(LONG, sample_rate=8000)
    lines = np.stack((burst, np.zeros_like(burst), -burst))
    assert [[one.message for one in line] for line in receive(lines, sample_rate=8000)] == [
        [LONG],
        [],
        [LONG],
    ]


@pytest.mark.parametrize("length", [0, 1, 100, 1000])
def test_next_to_no_samples_give_no_burst(length):
    assert messages(np.zeros(length), 8000, damaged=True) == []


@pytest.mark.parametrize(
    ("samples", "options", "why"),
    [
        (np.zeros(9, dtype=np.uint8), {}, "samples are uint8"),
        (np.zeros((1, 1, 9)), {}, "3 dimensions"),
        (np.zeros(9), {"sample_rate": 7999}, "8000 to 192000"),
        (np.zeros(9), {"standards": ["bell"]}, "no standard 'bell'"),
    ],
)
def test_what_cannot_be_received_is_refused(samples, options, why):
    with pytest.raises(SignalError, match=why):
        receive(samples, **{"sample_rate": 8000, **options})


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused(value):
    samples = np.zeros(8000)
    samples[4000], samples[5000] = value, -value
    with pytest.raises(SignalError, match="no finite numbers"):
        receive(samples, sample_rate=8000)


def test_no_standard_finds_nothing():
    assert messages(render(LONG, sample_rate=8000), 8000, standards=()) == []


# What is legal is returned, and nothing else unasked


def wrong_checksum(message):
    return message[:-1] + bytes((message[-1] ^ 1,))


def test_a_wrong_checksum_is_returned_only_if_asked_for():
    wrong = wrong_checksum(LONG)
    samples = pad(render(wrong, sample_rate=8000))
    assert messages(samples, 8000) == []
    (burst,) = receive(samples, sample_rate=8000, damaged=True)
    assert (burst.message, burst.checksum_ok) == (wrong, False)
    assert (burst.kind, burst.waiting, burst.count, burst.parameters) == (Kind.OTHER, None, None, {})
    assert burst.end_s == pytest.approx(0.3 + BURST_S, abs=0.00025)


@pytest.mark.parametrize(
    "data",
    ["82 03 02 01 31", "83 03 0b 01 ff", "06 03 42 42 6f", "82 04 0b 01 ff 13"],
    ids=["no lamp", "unknown type", "no lamp either", "overrun"],
)
def test_an_illegal_structure_with_a_right_checksum_counts_as_damaged(data):
    body = bytes.fromhex(data)
    message = body + bytes((-sum(body) & 0xFF,))
    samples = pad(render(message, sample_rate=8000))
    assert messages(samples, 8000) == []
    (burst,) = receive(samples, sample_rate=8000, damaged=True)
    assert (burst.message, burst.checksum_ok) == (message, False)


@pytest.mark.parametrize("seizure", [300, 0])
@pytest.mark.parametrize("lost", [1, 2, 10, 30])
def test_a_burst_cut_short_is_returned_as_far_as_it_went(lost, seizure):
    whole = render(LONG, sample_rate=8000, framing=Framing(seizure=seizure, trailing=0))
    cut = whole[: whole.size - round((lost - 0.5) * 10 * 8000 / 1200)]
    for samples in (cut, pad(cut)):  # where the recording ends, and where the carrier does
        assert messages(samples, 8000) == []
        (burst,) = receive(samples, sample_rate=8000, damaged=True)
        assert (burst.message, burst.checksum_ok) == (LONG[:-lost], False)


@pytest.mark.parametrize("bits", range(-8, 12, 4))
def test_a_recording_that_ends_with_the_mark_or_soon_after_holds_no_burst(bits):
    end = round((300 + 180 + bits) * 8000 / 1200)
    assert messages(render(LONG, sample_rate=8000)[:end], 8000, damaged=True) == []


def test_a_burst_that_was_under_way_already_starts_at_zero():
    burst = receive(render(LONG, sample_rate=8000)[1000:], sample_rate=8000)[0]
    assert (burst.message, burst.start_s) == (LONG, pytest.approx(0.0, abs=0.0005))


def test_a_call_set_up_moves_no_lamp():
    (burst,) = receive(render(call_setup(date="01010000", number="1"), sample_rate=8000), sample_rate=8000)
    assert (burst.kind, burst.waiting, burst.checksum_ok) == (Kind.CALL, None, True)


def test_what_is_weaker_than_minus_48_dbm0_is_not_for_us():
    assert messages(render(LONG, sample_rate=8000, level_dbm0=-47.5), 8000) == [LONG]
    assert messages(render(LONG, sample_rate=8000, level_dbm0=-49.0), 8000, damaged=True) == []


# Where it is, and how many


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("framing", [Framing(), Framing(seizure=96, mark=55), Framing(seizure=0, mark=80)])
def test_start_and_end_are_exact_to_half_and_to_a_quarter_of_a_millisecond(sample_rate, framing, rng):
    for _ in range(4):
        lead_s = float(rng.uniform(0.1, 0.2))
        samples = render(LONG, sample_rate=sample_rate, framing=framing, lead_s=lead_s, trail_s=0.1)
        (burst,) = receive(samples, sample_rate=sample_rate)
        length_s = (framing.seizure + framing.mark + 10 * len(LONG)) / 1200
        assert burst.start_s == pytest.approx(lead_s, abs=0.0005)
        assert burst.end_s == pytest.approx(lead_s + length_s, abs=0.00025)


def test_at_10_db_snr_start_and_end_are_exact_to_2_and_half_a_millisecond(rng):
    for _ in range(20):
        (burst,) = receive(noisy(LONG, 10, rng), sample_rate=8000)
        assert burst.start_s == pytest.approx(0.2, abs=0.002)
        assert burst.end_s == pytest.approx(0.2 + BURST_S, abs=0.0005)


def test_bursts_are_told_apart_even_back_to_back():
    sent = [LONG, vmwi(False), wrong_checksum(LONG), vmwi(True)]
    samples = pad(np.concatenate([render(message, sample_rate=8000) for message in sent]))
    assert messages(samples, 8000) == [sent[0], sent[1], sent[3]]
    assert messages(samples, 8000, damaged=True) == sent


def test_a_burst_is_found_anywhere_in_a_recording_of_many_chunks():
    starts = [0.0, 21.2, 21.9, 43.4, 61.0]
    samples = np.zeros(70 * 8000)
    for start in starts:
        burst = render(vmwi(True), sample_rate=8000)
        samples[round(start * 8000) :][: burst.size] = burst
    assert [burst.start_s for burst in receive(samples, sample_rate=8000)] == pytest.approx(
        starts, abs=0.0005
    )


def test_a_burst_in_one_part_of_a_recording_is_the_same_burst_in_the_whole():
    samples = render(LONG, sample_rate=8000, lead_s=3, trail_s=3)
    (whole,) = receive(samples, sample_rate=8000)
    (part,) = receive(samples[16000:-16000], sample_rate=8000)
    assert part.message == whole.message
    assert part.start_s + 2 == pytest.approx(whole.start_s, abs=0.0002)


def test_a_message_after_a_long_test_tone_is_read():
    tone_s = 30
    framing = Framing(seizure=0, mark=tone_s * 1200)
    (burst,) = receive(render(LONG, sample_rate=8000, framing=framing), sample_rate=8000)
    assert burst.message == LONG
    assert tone_s - 2.1 < burst.start_s < tone_s


# Loopback through a line


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("level", [-4.0, -36.0, -45.0])
def test_levels_from_minus_4_to_minus_45_dbm0_are_read(sample_rate, level):
    samples = levels.to_int16(pad(render(LONG, sample_rate=sample_rate, level_dbm0=level), sample_rate))
    assert messages(samples, sample_rate) == [LONG]


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("twist_db", [-6, 10])
def test_twist_from_minus_6_to_10_db_is_read(sample_rate, twist_db):
    burst = render(LONG, sample_rate=sample_rate)
    bent = impair.twist(burst, twist_db=twist_db, low_hz=1200, high_hz=2200, sample_rate=sample_rate)
    assert messages(pad(bent, sample_rate), sample_rate) == [LONG]


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("error", [-0.01, 0.01])
def test_a_clock_one_percent_off_is_read(sample_rate, error):
    late = impair.clock_error(render(LONG, sample_rate=sample_rate), error=error)
    assert messages(pad(late, sample_rate), sample_rate) == [LONG]


@pytest.mark.parametrize("baud", [1188, 1212])
@pytest.mark.parametrize(("mark_hz", "space_hz"), [(1188, 2178), (1188, 2222), (1212, 2178), (1212, 2222)])
def test_tones_and_baud_one_percent_off_each_way_are_read(baud, mark_hz, space_hz):
    spec = FskSpec(mark_hz=mark_hz, space_hz=space_hz, baud=baud)
    assert messages(pad(render(LONG, sample_rate=8000, fsk=spec)), 8000) == [LONG]


def quarter_bits(message, stop_quarters):
    """Return the line bits of *message* four times over, with a stop element of any number of quarters."""
    preamble = line_bits(b"", Framing(trailing=0))
    parts = [np.repeat(preamble, 4)]
    for octet in message:
        bits = line_bits(bytes((octet,)), Framing(seizure=0, mark=0, trailing=0))
        parts += [np.repeat(bits[:9], 4), np.ones(stop_quarters, dtype=np.uint8)]
    return np.concatenate([*parts, np.ones(8, dtype=np.uint8)])


@pytest.mark.parametrize("stop_quarters", [4, 5, 6, 7, 8, 11, 84])
def test_fractional_stop_bits_and_stuffing_are_read(stop_quarters):
    spec = FskSpec(mark_hz=1200, space_hz=2200, baud=4800)
    samples, _ = modulate(quarter_bits(LONG, stop_quarters), spec, sample_rate=8000)
    assert messages(pad(0.1 * samples), 8000) == [LONG]


@pytest.mark.parametrize("stuffing", [5, 19])
def test_a_message_full_of_ones_is_not_taken_for_mark(stuffing):
    content = (Parameter(type=0x96, data=b"\xff" * 40),)
    sent = Message(type=MessageType.CALL_SETUP, content=content).encode()
    assert messages(pad(render(sent, sample_rate=8000, framing=Framing(stuffing=stuffing))), 8000) == [sent]


def test_the_longest_message_with_the_most_stuffing_is_read():
    content = tuple(Parameter(type=0xC0 + n, data=bytes(49)) for n in range(5))
    longest = Message(type=MessageType.CALL_SETUP, content=content).encode()
    assert messages(render(longest, sample_rate=8000, framing=Framing(stuffing=20)), 8000) == [longest]


@pytest.mark.parametrize("length", range(64, 76))
def test_a_message_that_ends_about_where_one_looks_first_is_read(length):
    content = (Parameter(type=0xC0, data=bytes(length - 5)),)
    sent = Message(type=MessageType.CALL_SETUP, content=content).encode()
    assert len(sent) == length
    assert messages(pad(render(sent, sample_rate=8000)), 8000) == [sent]


@pytest.mark.parametrize(
    "framing",
    [
        Framing(seizure=300, mark=180, trailing=0),
        Framing(seizure=96, mark=55),
        Framing(seizure=0, mark=80),
        Framing(seizure=40, mark=80),
        Framing(seizure=300, mark=204, trailing=60),
    ],
    ids=str,
)
@pytest.mark.parametrize("lead_s", [0.0, 0.3])
def test_preambles_down_to_80_marks_alone_are_read(framing, lead_s):
    samples = render(LONG, sample_rate=8000, framing=framing, lead_s=lead_s)
    assert messages(samples, 8000) == [LONG]


@pytest.mark.parametrize("law", levels.Law)
@pytest.mark.parametrize("level", [-4.0, -13.5, -45.0])
def test_audio_coded_by_g711_is_read(law, level):
    octets = levels.encode(pad(render(LONG, sample_rate=8000, level_dbm0=level)), law)
    assert messages(levels.decode(octets, law), 8000) == [LONG]


@pytest.mark.parametrize("sample_rate", [8000, 48000])
@pytest.mark.parametrize(
    ("frequency_hz", "level_db"),
    [(50, 30), (60, 18), (100, 12), (120, 12), (200, 6), (3200, -6)],  # TIA-716 by the MT88E45B data sheet
)
def test_hum_far_above_the_signal_and_tones_beyond_the_band_are_borne(sample_rate, frequency_hz, level_db):
    burst = render(LONG, sample_rate=sample_rate)
    spoiled = impair.tone(burst, frequency_hz=frequency_hz, level_db=level_db, sample_rate=sample_rate)
    assert messages(spoiled, sample_rate) == [LONG]


def test_a_dc_offset_far_above_the_signal_is_borne():
    burst = pad(render(LONG, sample_rate=8000, level_dbm0=-45))
    assert messages(levels.to_int16(burst + 0.5), 8000) == [LONG]


def test_the_transient_that_follows_ringing_is_borne():
    burst = pad(render(LONG, sample_rate=8000))
    time_s = np.arange(burst.size) / 8000
    transient = np.exp(-time_s / 0.15) * np.sin(2 * np.pi * 20 * time_s)
    assert messages(burst + transient, 8000) == [LONG]


def test_hard_clipping_is_borne():
    assert messages(np.clip(20 * pad(render(LONG, sample_rate=8000)), -1, 1), 8000) == [LONG]


@pytest.mark.parametrize("sample_rate", RATES)
def test_at_15_db_snr_nothing_is_lost(sample_rate, rng):
    for _ in range(10):
        assert messages(noisy(LONG, 15, rng, sample_rate=sample_rate), sample_rate) == [LONG]


def test_at_10_db_snr_no_character_slips_by_a_bit(rng):
    """Only one edge of 0xFF shows where it is: it might be read as 0xFE, and the 0x70 after it as 0x38."""
    wrong = sum(messages(noisy(vmwi(True), 10, rng), 8000) != [vmwi(True)] for _ in range(700))
    assert wrong == 0


@pytest.mark.parametrize(("message", "snr_db"), [(vmwi(True), 6.0), (LONG, 7.5)])
def test_a_non_coherent_receiver_near_its_limit_loses_less_than_one_message_in_ten(message, snr_db, rng):
    """Theory puts one in ten at 5.3 dB for the short one and at 6.6 dB for 45 bytes."""
    read = sum(messages(noisy(message, snr_db, rng), 8000) == [message] for _ in range(100))
    assert read > 90


def test_a_gap_in_the_mark_does_not_lose_the_message():
    samples = render(LONG, sample_rate=8000)
    gap = round((300 + 100) * 8000 / 1200)
    samples[gap : gap + 40] = render(LONG, sample_rate=8000)[:40]  # six bits of seizure in its place
    assert messages(samples, 8000) == [LONG]
    assert messages(samples, 8000, damaged=True) == [LONG]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([MessageType.CALL_SETUP, MessageType.CALL_SETUP_TEST]),
    st.dictionaries(st.integers(0x80, 0xFF), st.binary(max_size=40), min_size=1, max_size=5),
    st.sampled_from(RATES),
    st.integers(0, 10**9),
)
def test_every_legal_message_is_read_back(type_, content, sample_rate, phase):
    sent = Message(type=type_, content=tuple(Parameter(type=t, data=d) for t, d in content.items())).encode()
    state = ModulatorState(phase=phase % (1200 * sample_rate), offset=phase % 1200)
    assert messages(render(sent, sample_rate=sample_rate, state=state), sample_rate) == [sent]


# What is no burst

TIME_S = np.arange(20 * 8000) / 8000


def dtmf(rng):
    samples = np.zeros(TIME_S.size)
    for begin in range(0, samples.size, 1120):  # 70 ms on, 70 ms off
        for tones in ((697, 770, 852, 941), (1209, 1336, 1477, 1633)):
            samples[begin : begin + 560] += 0.2 * np.sin(2 * np.pi * rng.choice(tones) * TIME_S[:560])
    return samples


def music(rng):
    samples = np.zeros(TIME_S.size)
    for begin in range(0, samples.size, 2000):
        note = 110 * 2 ** (rng.integers(48) / 12)
        decay = 0.2 * np.exp(-4 * TIME_S[:2000])
        samples[begin : begin + 2000] = sum(
            decay * np.sin(2 * np.pi * note * h * TIME_S[:2000]) / h for h in range(1, 8)
        )
    return samples


def speech_like(rng):
    syllables = np.repeat(rng.random(TIME_S.size // 800), 800)
    noise = syllables * rng.normal(size=TIME_S.size)
    return 0.1 * np.convolve(noise, 0.9 ** np.arange(40), mode="same")


def two_tone(*hz):
    return lambda rng: sum(0.2 * np.sin(2 * np.pi * f * TIME_S) for f in hz)


NO_BURSTS = {
    "silence": lambda rng: np.zeros(TIME_S.size),
    "dither": lambda rng: rng.integers(-1, 2, TIME_S.size).astype(np.int16),
    "noise": lambda rng: 0.1 * rng.normal(size=TIME_S.size),
    "dial tone": two_tone(350, 440),
    "mark for ever": two_tone(1200),
    "space for ever": two_tone(2200),
    "seizure for ever": lambda rng: modulate(np.arange(24000, dtype=np.uint8) % 2, sample_rate=8000)[0],
    "both tones at once": two_tone(1200, 2200),
    "DTMF": dtmf,
    "music": music,
    "speech-like noise": speech_like,
}


@pytest.mark.parametrize("make", NO_BURSTS.values(), ids=NO_BURSTS.keys())
def test_what_is_no_burst_gives_none(make, rng):
    assert messages(make(rng), 8000) == []


@pytest.mark.parametrize(
    "name", ["silence", "noise", "dial tone", "mark for ever", "seizure for ever", "DTMF"]
)
def test_what_is_no_burst_is_no_damaged_burst_either(name, rng):
    assert messages(NO_BURSTS[name](rng), 8000, damaged=True) == []


def test_data_that_is_no_message_gives_no_message(rng):
    bits = rng.integers(0, 2, 24000).astype(np.uint8)
    assert messages(0.2 * modulate(bits, sample_rate=8000)[0], 8000) == []


def test_an_hour_of_a_quiet_line_takes_seconds():
    began = time.process_time()
    assert messages(np.zeros(3600 * 8000, dtype=np.int16), 8000) == []
    assert time.process_time() - began < 10


def test_a_burst_compares_by_value():
    (one,) = receive(render(LONG, sample_rate=8000), sample_rate=8000)
    assert one == Burst(
        message=LONG, checksum_ok=True, standard=Standard.BELLCORE, start_s=one.start_s, end_s=one.end_s
    )


# Whose burst it is


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize(("sent", "read"), [("bellcore", "bellcore"), ("etsi", "etsi"), ("bt", "etsi")])
@pytest.mark.parametrize("off", [-0.015, 0.0, 0.015])
def test_a_burst_is_read_once_as_the_standard_whose_mark_it_has(sample_rate, sent, read, off):
    fsk = profile(sent).fsk
    shifted = FskSpec(
        mark_hz=round(fsk.mark_hz * (1 + off)), space_hz=round(fsk.space_hz * (1 + off)), baud=fsk.baud
    )
    samples = pad(render(LONG, standard=sent, fsk=shifted, sample_rate=sample_rate), sample_rate)
    found = receive(samples, sample_rate=sample_rate, standards=("bellcore", "etsi", "bt"))
    assert [(burst.standard, burst.message) for burst in found] == [(read, LONG)]


def test_whose_burst_it_is_can_be_told_in_noise():
    rng = np.random.default_rng(5)
    for standard in ("bellcore", "etsi"):
        for _ in range(20):
            samples = noisy(LONG, 12, rng, standard=standard)
            found = receive(samples, sample_rate=8000, standards=("etsi", "bellcore"))
            assert [burst.standard for burst in found] == [standard]


@given(st.floats(920, 1680), st.sampled_from([8000, 11025, 48000]), st.floats(0, 6))
def test_a_pitch_is_told_to_a_few_hertz(frequency, sample_rate, phase):
    time = np.arange(round(0.033 * sample_rate)) / sample_rate
    tone = np.sin(2 * np.pi * frequency * time + phase)
    assert mark_pitch(tone, sample_rate=sample_rate) == pytest.approx(frequency, abs=8)


def test_silence_has_some_pitch():
    assert 890 <= mark_pitch(np.zeros(300), sample_rate=8000) <= 1710
