"""Signals of the analog line, as pure functions over numpy arrays.

A message is its bytes, checksum included (`dsp.message`); bytes become line bits (`dsp.framing`), line bits
become tones (`dsp.fsk`), and `dsp.spill.render` does all three for one on-hook burst. `dsp.receiver.receive`
goes the other way, from a recording to the messages on it. `dsp.levels` ties digital amplitude to dBm0 and
speaks G.711; `dsp.impair` spoils a signal the way lines do, for tests and for labelled corpora.

Conventions: signal first and positional, everything else by keyword; ``sample_rate`` in Hz has no default;
the reference path is float64 with full scale at 1.0; state goes in and comes out, nothing is remembered
between calls; arrays that were returned are never written again. Faults are `dsp.errors.SignalError`.

Nothing here imports ``hw`` or ``fxsmwi``.
"""
