"""From a recording to the messages on it."""

from .burst import Burst
from .search import receive

__all__ = ["Burst", "receive"]
