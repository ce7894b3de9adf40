"""What holds for the whole tree: which way imports point, and what must not be in it."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {"dsp": {"dsp"}, "hw": {"hw", "dsp"}, "fxsmwi": {"fxsmwi", "hw", "dsp"}}
BACKENDS = {"hw.virtual", "hw.wavfile"}
SANS_IO = {"socket", "asyncio", "threading", "selectors", "time", "subprocess"}
SHELLS = {"fxsmwi/sip/transport.py"}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Give every imported module by its absolute name, and whether it was written relatively."""
    here = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield module, bool(node.level)
            yield from ((f"{module}.{alias.name}", bool(node.level)) for alias in node.names)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    ours = set(MAY_IMPORT)
    for path in sources(package):
        for module, _ in imports(path):
            top = module.partition(".")[0]
            assert top not in ours - MAY_IMPORT[package], f"{path} imports {module}"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_module_but_the_registry_names_a_backend(package: str) -> None:
    for path in sources(package):
        if path != ROOT / "hw" / "registry.py":
            assert not BACKENDS & {module for module, _ in imports(path)}, path


def test_protocol_code_has_no_sockets_clocks_or_threads() -> None:
    for path in [
        *sources("fxsmwi/sip"),
        ROOT / "fxsmwi" / "driver.py",
        ROOT / "fxsmwi" / "board.py",
        *sources("dsp"),
    ]:
        if str(path.relative_to(ROOT)) not in SHELLS:
            assert not SANS_IO & {module for module, _ in imports(path)}, path


def test_the_wheel_holds_every_package() -> None:
    told = re.search(
        r"^packages = (\[.*?\])", (ROOT / "pyproject.toml").read_text(), re.MULTILINE | re.DOTALL
    )
    assert told is not None
    packages = {".".join(path.parent.relative_to(ROOT).parts) for p in MAY_IMPORT for path in sources(p)}
    assert set(ast.literal_eval(told[1])) == packages


def test_the_tree_names_no_machine_and_no_registry() -> None:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("not a git checkout")
    host = "|".join([r"pypi\.o" + "rg", "pythonhost" + "ed", r"deb\.deb" + "ian", r"registry\.npm" + "js"])
    forbidden = re.compile(rf"{host}|/wo{'rk'}/|/ro{'ot'}/|/home/\w")
    for name in filter(None, found.stdout.split("\0")):
        text = (ROOT / name).read_bytes().decode("utf-8", "replace") if (ROOT / name).is_file() else ""
        assert not forbidden.search(text), name
