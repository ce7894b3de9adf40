"""chan_dahdi's burst, octet for octet, and what an Astribank makes of it."""

from pathlib import Path

import numpy as np
import pytest

from dsp.asterisk import CHUNK, IDLE, LEAD, PEAK, astribank, spill
from dsp.levels import Law, decode
from dsp.message import Format, vmwi
from dsp.receiver import receive

RECORDED = np.fromfile(
    Path(__file__).parents[2] / "fixtures" / "asterisk22_mwi_on_rpas_chan6.ul", dtype=np.uint8
)
BURST = slice(22400, 28094)
FULL = vmwi(True, date="11230200", number="1234", name="Alice")
HERALD = bytes.fromhex("A849223B9FFF1FBB")
ON, OFF = bytes.fromhex("A22C1F2CBBA1A5FF"), bytes.fromhex("A22C28A5B121499F")


def test_all_octets_are_those_that_asterisk_22_sent():
    assert np.array_equal(spill(FULL)[LEAD:], RECORDED[BURST])


def test_half_a_second_of_idle_octets_leads_as_in_the_recording():
    lead = spill(FULL)[:LEAD]
    assert np.array_equal(lead, RECORDED[BURST.start - LEAD : BURST.start])
    assert (spill(FULL, law=Law.ALAW)[:LEAD] == IDLE).all()


def test_the_burst_begins_with_a_chunk_of_dahdi():
    assert LEAD % CHUNK == 0


@pytest.mark.parametrize(("is_on", "verdict"), [(True, ON), (False, OFF)])
def test_the_driver_finds_its_patterns_aligned_to_chunks_in_the_short_message(is_on, verdict):
    octets = spill(vmwi(is_on))
    chunks = [octets[at : at + CHUNK].tobytes() for at in range(0, octets.size, CHUNK)]
    herald = chunks.index(HERALD)
    assert chunks[herald + 1] == verdict
    assert astribank(octets) is is_on


def test_the_driver_finds_nothing_in_octets_that_are_out_of_step():
    assert astribank(spill(vmwi(True))[1:]) is None


def test_the_driver_leaves_the_lamp_when_the_burst_breaks_off_behind_the_herald():
    octets = spill(vmwi(True))
    end = octets.tobytes().index(HERALD + ON) + len(HERALD)
    assert astribank(octets[:end]) is None


def test_sdmf_means_the_opposite_to_the_driver_and_the_full_message_only_its_date():
    """Why the module says to send the short message to an Astribank."""
    assert astribank(spill(vmwi(True, format=Format.SDMF))) is False
    assert astribank(spill(vmwi(False, format=Format.SDMF))) is True
    for is_on in (True, False):
        assert astribank(spill(vmwi(is_on, date="11230200", number="1234", name="Alice"))) is True


@pytest.mark.parametrize(("law", "steps"), [(Law.MULAW, 256), (Law.ALAW, 256)])
def test_either_law_carries_the_wave_of_8192(law, steps):
    linear = decode(spill(FULL, law=law)[LEAD:], law).astype(int)
    wave = decode(spill(FULL)[LEAD:], Law.MULAW).astype(int)
    assert np.abs(linear).max() <= PEAK + steps
    assert np.abs(linear - wave).max() <= steps


def test_a_law_takes_the_code_of_the_highest_of_eight_values():
    """8192 is the lowest value of a segment; -8192 shares its entry with -8185, of the segment below."""
    linear = decode(spill(FULL, law=Law.ALAW)[LEAD:], Law.ALAW)
    assert (linear.min(), linear.max()) == (-8064, 8448)


def test_a_receiver_reads_the_message():
    octets = spill(FULL, law=Law.ALAW)
    bursts = receive(decode(octets, Law.ALAW), sample_rate=8000)
    assert [burst.message for burst in bursts] == [FULL]
