"""How far a number can be trusted whose standard could not be read."""

from enum import StrEnum


class Confidence(StrEnum):
    """Grade of a source; a table says what makes an A, a B and a C of it."""

    A = "A"
    """The standard itself, a quote of it, or the source code or data sheet of what is described."""
    B = "B"
    """One copy of it, or several who agree."""
    C = "C"
    """Uncited, conflicting, or an assumption."""
