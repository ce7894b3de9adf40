"""Faults made on purpose."""

import numpy as np
import pytest

from dsp.errors import SignalError
from dsp.faults import FAULTLESS, DropOut, Faults
from dsp.framing import ETSI_ON_HOOK, line_bits
from dsp.fsk import V_23, FskSpec, modulate
from dsp.levels import amplitude
from dsp.message import parse, vmwi
from dsp.spill import render

MESSAGE = vmwi(True)


def etsi(**values):
    return render(MESSAGE, standard="etsi", sample_rate=8000, **values)


def test_without_faults_nothing_changes():
    bits = line_bits(MESSAGE, ETSI_ON_HOOK)
    assert FAULTLESS.message(MESSAGE) == MESSAGE
    assert np.array_equal(FAULTLESS.bits(bits, ETSI_ON_HOOK), bits)
    assert FAULTLESS.fsk(V_23) == V_23
    assert np.array_equal(etsi(), etsi(faults=Faults()))


def test_a_wrong_checksum_is_the_last_byte_and_nothing_else():
    wrong = Faults(checksum=0x81).message(MESSAGE)
    assert wrong.hex() == "82030b01fff1"
    with pytest.raises(SignalError, match="checksum is 0xf1, not 0x70"):
        parse(wrong)
    assert np.array_equal(
        etsi(faults=Faults(checksum=0x81)), render(wrong, standard="etsi", sample_rate=8000)
    )
    assert Faults(checksum=1).message(b"") == b""


@pytest.mark.parametrize(("left", "begin"), [(300, "0101"), (7, "1010"), (1, "1111"), (0, "1111")])
def test_a_truncated_seizure_lacks_its_beginning(left, begin):
    whole = line_bits(MESSAGE, ETSI_ON_HOOK)
    bits = Faults(seizure=left).bits(whole, ETSI_ON_HOOK)
    assert "".join(map(str, bits[:4])) == begin
    assert np.array_equal(bits[left:], whole[300:])
    carrier, _ = modulate(bits, V_23, sample_rate=8000)
    assert np.array_equal(etsi(faults=Faults(seizure=left)), amplitude(-13.5) * carrier)


def test_a_drop_out_is_silence_and_the_modem_goes_on_underneath():
    gaps = (DropOut(start_s=0.1, duration_s=0.01), DropOut(start_s=0.3, duration_s=0.001))
    whole, sent = etsi(lead_s=0.5), etsi(lead_s=0.5, faults=Faults(drop_outs=gaps))
    silent = np.zeros(whole.size, dtype=bool)
    silent[4800:4880] = silent[6400:6408] = True
    assert not sent[silent].any()
    assert np.array_equal(sent[~silent], whole[~silent])


def test_errors_of_tones_and_speed_are_those_of_another_modem():
    off = Faults(baud=-12, mark_hz=19, space_hz=-31)
    assert off.fsk(V_23) == FskSpec(mark_hz=1319, space_hz=2069, baud=1188)
    assert np.array_equal(etsi(faults=off), etsi(fsk=off.fsk(V_23)))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Faults(checksum=256), "0 to 255, not 256"),
        (lambda: Faults(seizure=-1), "cannot have -1 bits"),
        (lambda: etsi(faults=Faults(seizure=301)), "has 300 bits, not 301"),
        (lambda: DropOut(start_s=-0.1, duration_s=1), "neither begins before"),
        (lambda: DropOut(start_s=0, duration_s=float("nan")), "neither begins before"),
        (lambda: etsi(faults=Faults(baud=-1200)), "above zero"),
        (lambda: etsi(faults=Faults(space_hz=1900)), "4000 Hz needs more"),
    ],
)
def test_an_impossible_fault_is_refused(make, why):
    with pytest.raises(SignalError, match=why):
        make()
