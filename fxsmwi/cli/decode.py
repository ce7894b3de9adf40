"""``fxsmwi decode``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import json_option

if TYPE_CHECKING:
    from dsp.receiver import Burst


@click.command("decode")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Find and decode every message in sound FILES: WAV and what else libsndfile reads, raw G.711 (.ul, .al).

    Bellcore and ETSI bursts are told apart by their tones; BT has ETSI's, and its bursts are read as those.
    Exits with 1 if a file holds no message, or a damaged one. With --json one object per file, a line each.
    """
    all_well = True
    for file in files:
        result = _decode(file)
        bursts = result["bursts"]
        all_well = all_well and bool(bursts) and all(burst["checksum_ok"] for burst in bursts)
        if as_json:
            click.echo(json.dumps(result))
        else:
            _print(result)
    context.exit(0 if all_well else 1)


def _decode(file: Path) -> dict[str, Any]:
    from dsp.errors import SignalError
    from dsp.receiver import receive
    from fxsmwi.soundfiles import SoundFileError, read

    samples, sample_rate = read(file)
    try:
        found = receive(samples, sample_rate=sample_rate, standards=("bellcore", "etsi"), damaged=True)
    except SignalError as error:
        raise SoundFileError(f"{file}: {error}") from error
    bursts = [
        {
            **_describe(burst, samples[channel], sample_rate),
            **({"channel": channel} if len(samples) > 1 else {}),
        }
        for channel, of_channel in enumerate(found)
        for burst in of_channel
    ]
    bursts.sort(key=lambda burst: burst["start_s"])
    # null: nobody has looked for tones.
    return {"file": str(file), "sample_rate": sample_rate, "bursts": bursts, "tones": None}


def _describe(burst: Burst, samples: Any, sample_rate: int) -> dict[str, Any]:
    from dsp.levels import level_dbm0

    signal = samples[round(burst.start_s * sample_rate) : round(burst.end_s * sample_rate)]
    return {
        "start_s": round(burst.start_s, 6),
        "end_s": round(burst.end_s, 6),
        "standard": str(burst.standard),
        "message_hex": burst.message.hex(),
        "checksum_ok": burst.checksum_ok,
        "kind": None if burst.kind is None else str(burst.kind),
        "waiting": burst.waiting,
        "count": burst.count,
        "parameters": dict(burst.parameters),
        "measurements": {"level_dbm0": round(level_dbm0(signal), 2)},
    }


def _print(result: dict[str, Any]) -> None:
    click.echo(f"{result['file']}: {result['sample_rate']} Hz, {len(result['bursts']) or 'no'} message(s)")
    for burst in result["bursts"]:
        click.echo(
            f"  {burst['start_s']:8.3f} s .. {burst['end_s']:.3f} s  {burst['standard']}  "
            f"{bytes.fromhex(burst['message_hex']).hex(' ')}"
        )
        click.echo(f"      {_meaning(burst)}, {burst['measurements']['level_dbm0']:.1f} dBm0")
        for name, value in burst["parameters"].items():
            click.echo(f"      {name}: {value}")


def _meaning(burst: dict[str, Any]) -> str:
    if not burst["checksum_ok"]:
        return "DAMAGED: checksum or structure is wrong"
    lamp = {True: "lamp on", False: "lamp off", None: "no lamp change"}[burst["waiting"]]
    count = "" if burst["count"] is None else f", {burst['count']} message(s)"
    return f"{burst['kind']}, {lamp}{count}, checksum ok"
