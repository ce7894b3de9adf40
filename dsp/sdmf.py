"""Contents of the single data message format: fixed layouts, read as the parameters that they leave unnamed.

A call is eight digits of date and time, then the calling number, or one letter in its place. A lamp is three
times the same letter: ``B`` for on, ``o`` for off.

References
----------
[MUFFIN] themuffin.net/j/cidinfo. Facts only.
"""

from collections.abc import Mapping

from .errors import SignalError
from .kinds import Kind
from .parameters import Absence, Parameter, ParameterType

_LAMPS = {b"BBB": b"\xff", b"ooo": b"\x00"}  # 42 42 42 and 6F 6F 6F [MUFFIN]; parameter 0x0B
_TEXTS = {lamp: text for text, lamp in _LAMPS.items()}
_DATE_LENGTH = 8
_ABSENCE_LETTERS = {reason.encode("ascii") for reason in Absence}

_LAYOUTS: Mapping[Kind, set[tuple[int, ...]]] = {
    Kind.VMWI: {(ParameterType.VISUAL_INDICATOR,)},
    Kind.CALL: {
        (ParameterType.DATE_TIME, ParameterType.CALLING_NUMBER),
        (ParameterType.DATE_TIME, ParameterType.NUMBER_ABSENT),
    },
}


def write(kind: Kind, content: tuple[Parameter, ...]) -> bytes:
    """Lay out what has a place in a message of *kind*, and refuse what has none."""
    layouts = _LAYOUTS[kind]
    room = {type_ for layout in layouts for type_ in layout}
    extra = [parameter.label for parameter in content if parameter.type not in room]
    if extra:
        raise SignalError(f"SDMF cannot carry {', '.join(extra)}; use MDMF")
    if tuple(parameter.type for parameter in content) not in layouts:
        raise SignalError("an SDMF call set-up is a date, then a number or the reason why there is none")
    data = b"".join(parameter.data for parameter in content)
    return _TEXTS[data] if kind is Kind.VMWI else data


def read_lamp(content: bytes) -> tuple[Parameter, ...]:
    """Read a message-waiting message."""
    lamp = _LAMPS.get(content)
    if lamp is None:
        raise SignalError(f"an SDMF lamp is 42 42 42 or 6f 6f 6f, not {content.hex(' ')}")
    return (Parameter(type=ParameterType.VISUAL_INDICATOR, data=lamp),)


def read_call(content: bytes) -> tuple[Parameter, ...]:
    """Read a call set-up."""
    date, caller = content[:_DATE_LENGTH], content[_DATE_LENGTH:]
    is_absent = caller in _ABSENCE_LETTERS
    who = ParameterType.NUMBER_ABSENT if is_absent else ParameterType.CALLING_NUMBER
    return (Parameter(type=ParameterType.DATE_TIME, data=date), Parameter(type=who, data=caller))
