"""What can go wrong above the lines, by whose fault it is."""


class FxsmwiError(Exception):
    """Root of the errors that fxsmwi raises on purpose; its text is meant for the user."""


class ConfigError(FxsmwiError, ValueError):
    """The configuration is wrong.

    Parameters
    ----------
    faults : tuple of str
        One sentence per fault, each starting with the path of what is wrong (``line[2].device: ...``).
    where : str
        The file's name.
    """

    def __init__(self, faults: tuple[str, ...], *, where: str) -> None:
        self.faults = faults
        self.where = where
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{where}: {count}\n" + "\n".join(f"  {fault}" for fault in faults))


class NotifyError(FxsmwiError):
    """The peer's request is wrong; carries the SIP answer that it gets.

    Parameters
    ----------
    text : str
        What is wrong, for the log.
    status : int
        The status code of the answer (RFC 3261 section 21).
    headers : tuple of (str, str)
        Headers that the answer must carry, such as ``Allow`` on a 405.
    """

    def __init__(self, text: str, *, status: int = 400, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.status = status
        self.headers = headers
        super().__init__(text)
