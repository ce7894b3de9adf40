"""What can go wrong with a signal or a message."""


class SignalError(ValueError):
    """A value is outside of what the signal, the message or the standard can carry; the text says which."""
