"""The ways to say that messages wait, and what a listener makes of all of them.

Everybody agrees that a message of type 0x82 is about waiting messages. What moves the lamp is another
matter. Parameter 0x0B, the visual indicator, says it outright. A count of messages (0x13) says it by being
zero or not; the identification of a message (0x0D) says that one was added or removed. British practice
announces a call of type "message waiting" (0x11 is 0x81) in a call set-up, 0x80, which rings no bell.

A network keeps to one of these dialects; a phone had better understand all of them. Where a message says it
twice the more outspoken parameter holds, in the order of the table at the end: the visual indicator before
the count, the count before the identification, and the call type last, since it can say only yes.

References
----------
[MUFFIN] themuffin.net/j/cidinfo; [SPANDSP] adsi.h; [TAPI] comments in Lantiq's drv_tapi_cid.c, which cite
EN 300 659-3; [TELTONE] TLE manual; [MULTIMON] what multimon-ng prints. Facts only. [C]: from memory.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from .errors import SignalError
from .kinds import MessageType
from .parameters import Parameter, ParameterType, Readable

MESSAGE_WAITING_CALL = 0x81
"""The call type of a call that rings nobody and tells of messages [MUFFIN] [SPANDSP]."""


class Dialect(StrEnum):
    """Name of a way to say that messages wait."""

    INDICATOR = "indicator"
    ETSI = "etsi"
    COUNT = "count"
    IDENTIFICATION = "identification"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a dialect says it.

    Attributes
    ----------
    type : MessageType
        Of the message.
    lamp : tuple of ParameterType
        The parameters that say it. Others of `LAMP_PARAMETERS` may stand beside them.
    number : ParameterType
        The one that holds the number of the last message's caller.
    """

    type: MessageType = MessageType.MESSAGE_WAITING
    lamp: tuple[ParameterType, ...]
    number: ParameterType = ParameterType.CALLING_NUMBER


WORDINGS: Mapping[Dialect, Wording] = MappingProxyType(
    {
        Dialect.INDICATOR: Wording(lamp=(ParameterType.VISUAL_INDICATOR,)),  # [MUFFIN]
        Dialect.ETSI: Wording(
            lamp=(ParameterType.VISUAL_INDICATOR,),  # mandatory, by [TAPI]
            number=ParameterType.LAST_MESSAGE_NUMBER,  # [TAPI] by name; its code is [C]
        ),
        Dialect.COUNT: Wording(lamp=(ParameterType.MESSAGE_COUNT,)),  # [TELTONE]
        Dialect.IDENTIFICATION: Wording(lamp=(ParameterType.MESSAGE_IDENTIFICATION,)),  # [MULTIMON]
        Dialect.CALL: Wording(
            type=MessageType.CALL_SETUP,  # [C]: that the call type stands in a call set-up, as all of them do
            lamp=(ParameterType.CALL_TYPE, ParameterType.MESSAGE_COUNT),  # [MUFFIN] [SPANDSP]
        ),
    }
)


def wording(dialect: Dialect | str) -> Wording:
    """Return the row of *dialect*, or raise `SignalError` for a name that is none."""
    try:
        return WORDINGS[Dialect(dialect)]
    except ValueError as error:
        known = ", ".join(Dialect)
        raise SignalError(f"there is no dialect {dialect!r}; there are: {known}") from error


def indication(
    wording: Wording, waiting: bool, *, count: int | None, reference: int | None
) -> tuple[Parameter, ...]:
    """Return the parameters that say whether messages wait.

    Parameters
    ----------
    wording : Wording
        Which parameters have to be there.
    waiting : bool
    count : int, optional
        Number of messages, 0..255. Where None and a count has to be there, it is 1 ("one or more"
        [TELTONE]) or 0.
    reference : int, optional
        Of the message that was added or removed, 0..65535. Where None and it has to be there, it is 0.

    Raises
    ------
    SignalError
        If a value cannot be sent, or if the count contradicts *waiting*.
    """
    if count is not None and 0 <= count <= 0xFF and waiting != (count > 0):
        raise SignalError(f"the lamp cannot be {'on' if waiting else 'off'} with {count} messages")
    status = "added" if waiting else "removed"
    values: dict[ParameterType, Readable] = {
        ParameterType.CALL_TYPE: MESSAGE_WAITING_CALL,
        ParameterType.VISUAL_INDICATOR: bool(waiting),
        ParameterType.MESSAGE_COUNT: int(waiting) if count is None else count,
        ParameterType.MESSAGE_IDENTIFICATION: {"status": status, "reference": reference or 0},
    }
    wanted = set(wording.lamp)
    wanted |= {ParameterType.MESSAGE_COUNT} if count is not None else set()
    wanted |= {ParameterType.MESSAGE_IDENTIFICATION} if reference is not None else set()
    return tuple(Parameter.of(type_, value) for type_, value in values.items() if type_ in wanted)


def is_message_waiting_call(content: Iterable[Parameter]) -> bool:
    """Tell whether the parameters are those of a call that rings nobody and tells of messages."""
    return any(
        parameter.type == ParameterType.CALL_TYPE and parameter.data[0] == MESSAGE_WAITING_CALL
        for parameter in content
    )


def tells(content: Iterable[Parameter]) -> bool:
    """Tell whether any of the parameters is one that may say that messages wait."""
    content = tuple(content)
    types = {parameter.type for parameter in content} - {ParameterType.CALL_TYPE}
    return not types.isdisjoint(LAMP_PARAMETERS) or is_message_waiting_call(content)


def is_waiting(content: Iterable[Parameter]) -> bool | None:
    """Return whether the parameters say that messages wait; None if they say neither yes nor no."""
    data = {parameter.type: parameter.data for parameter in content}
    said = (read(data[type_]) for type_, read in LAMP_PARAMETERS.items() if type_ in data)
    return next((lamp for lamp in said if lamp is not None), None)


LAMP_PARAMETERS: Mapping[int, Callable[[bytes], bool | None]] = MappingProxyType(
    {
        ParameterType.VISUAL_INDICATOR: lambda data: data == b"\xff",  # [MUFFIN]
        ParameterType.MESSAGE_COUNT: lambda data: data != b"\x00",  # [TELTONE]
        # [MULTIMON]. That a removed message was the last one, when nothing else is told, is an assumption.
        ParameterType.MESSAGE_IDENTIFICATION: lambda data: {0xFF: True, 0x00: False}.get(data[0]),
        ParameterType.CALL_TYPE: lambda data: data[0] == MESSAGE_WAITING_CALL or None,
    }
)
"""What each parameter says of the lamp, the decisive ones first."""
