"""Take turns, so that what else the machine does hits everybody alike; report medians and ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 5


def take_turns(runs: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Run each in turn, `ROUNDS` times; give the median seconds of each."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def compare(seconds: dict[str, float], amount: float, unit: str) -> dict[str, dict[str, float]]:
    """Turn seconds into *amount* per second, and into how many times as fast as fxsmwi."""
    ours = seconds["fxsmwi"]
    return {
        name: {unit: round(amount / taken, 1), "times_fxsmwi": round(ours / taken, 3)}
        for name, taken in seconds.items()
    }
