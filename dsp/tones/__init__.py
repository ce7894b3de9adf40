"""Tones that people and phones understand: of every country, as text, as samples.

>>> uk = country("uk")
>>> str(uk.mwi.tone), uk.mwi.sources, uk.mwi.confidence
('350+440/750,440/750', ('BT',), <Confidence.A: 'A'>)
>>> samples = render_tone(uk.mwi.tone, sample_rate=8000, duration_s=3)
>>> country("cl").mwi.doubt
'the mwi tone of cl is assumed, no source was found'
"""

from ..confidence import Confidence
from .alert import ALERTS, Alert, AlertTone, alert
from .grammar import Segment, Tone, format_tone, parse_tone
from .render import LEVEL_DBM0, render_block, render_tone
from .styles import Stutter, stutter
from .table import (
    Country,
    Defect,
    Kind,
    NationalTone,
    countries,
    country,
    sources,
    stutter_style,
    styles,
)

__all__ = [
    "Segment",
    "Tone",
    "parse_tone",
    "format_tone",
    "LEVEL_DBM0",
    "render_tone",
    "render_block",
    "Kind",
    "Confidence",
    "NationalTone",
    "Defect",
    "Country",
    "country",
    "countries",
    "sources",
    "Stutter",
    "stutter",
    "stutter_style",
    "styles",
    "Alert",
    "AlertTone",
    "ALERTS",
    "alert",
]
