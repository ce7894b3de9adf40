"""Against the real thing: the voicemail of Asterisk 22 (chan_pjsip) and 16 (chan_sip) moves lamps.

fixtures/asterisk22 and fixtures/asterisk16 hold what an administrator would write, with the addresses of
documentation in it; a test puts its own in their place. Messages are files in the voicemail's folders, as if
somebody had left them.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from .conftest import Pbx, Running

pytestmark = pytest.mark.peer

ENTER = ("chroot",) if os.geteuid() == 0 else ("unshare", "--map-root-user", "chroot")
INVITE = """\
INVITE sip:501@127.0.0.1 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK-{user}\r
Max-Forwards: 70\r
From: <sip:{user}@127.0.0.1>;tag=a\r
To: <sip:501@127.0.0.1>\r
Call-ID: {user}@test\r
CSeq: 1 INVITE\r
Contact: <sip:{user}@127.0.0.1:{port}>\r
Content-Length: 0\r
\r
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """An Asterisk, the Debian suite that has it, and how its console says that our daemon answers."""

    name: str
    suite: str
    ask: tuple[str, ...]
    answers: str


PJSIP = Release(
    name="asterisk22",
    suite="sid",
    ask=("pjsip qualify lamp-501", "pjsip show contacts"),
    answers=" Avail ",
)
CHAN_SIP = Release(
    name="asterisk16", suite="bullseye", ask=("sip show peers",), answers="[Monitored: 2 online, 0 offline"
)


class Asterisk:
    """Asterisk in the foreground; all that it reads and writes is in the folder *home* of its root."""

    def __init__(self, root: Path, home: Path) -> None:
        self.home = home
        config = f"/{home.relative_to(root)}/asterisk.conf"
        self._command = (*ENTER, str(root), "/usr/sbin/asterisk", "-C", config)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # Should the tests be killed, it dies with them
        command = ("setpriv", "--pdeathsig", "KILL", *self._command, "-f")
        with (self.home / "output").open("w") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
        self.wait(lambda: self._run("core waitfullybooted").returncode == 0)

    def wait(self, look: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 15
        while not look():
            if time.monotonic() > deadline or self.process is None or self.process.poll() is not None:
                logs = (self.home / name for name in ("output", "messages.log"))
                pytest.fail("\n".join(log.read_text() for log in logs if log.exists()))
            time.sleep(0.05)

    def ask(self, command: str) -> str:
        """Type a command into its console."""
        done = self._run(command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _run(self, command: str) -> subprocess.CompletedProcess[str]:
        words = [*self._command, "-rx", command]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=15)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(5)


class Site:
    """Both sides, configured to find each other; what was started ends with it."""

    def __init__(self, release: Release, *, root: Path, templates: Path, folder: Path) -> None:
        self.release = release
        self._folder = folder
        self.sip_port, port = free_ports(2)
        self._root = root
        self._home = Path(tempfile.mkdtemp(prefix="fxsmwi-", dir=root / "tmp"))
        self._templates = templates
        self._places = {
            "HOME": f"/{self._home.relative_to(root)}",
            "192.0.2.10:5060": f"127.0.0.1:{self.sip_port}",
            "192.0.2.7:5060": f"127.0.0.1:{port}",
            "port = 5060": f"port = {port}",
            "192.0.2.10": "127.0.0.1",
            "192.0.2.7": "127.0.0.1",
        }
        self._daemons: list[Running] = []
        self._asterisks: list[Asterisk] = []

    def start_daemon(self, *edits: tuple[str, str]) -> Running:
        self._copy("fxsmwi.toml", self._folder, edits)
        self._daemons.append(Running(self._folder / "fxsmwi.toml", "-v"))
        return self._daemons[-1]

    def start_asterisk(self, *edits: tuple[str, str]) -> Asterisk:
        """Start it; *edits* are replacements in sip.conf or pjsip.conf."""
        for path in self._templates.glob("*.conf"):
            self._copy(path.name, self._home, edits if path.name.endswith("sip.conf") else ())
        self._asterisks.append(asterisk := Asterisk(self._root, self._home))
        asterisk.start()
        return asterisk

    def put(self, user: str, *, new: int, old: int) -> None:
        """Put so many messages into a mailbox, all at once; the voicemail looks every second."""
        mailboxes = self._home / "voicemail" / "default"
        mailboxes.mkdir(parents=True, exist_ok=True)
        mailbox = Path(tempfile.mkdtemp(dir=mailboxes))
        for folder, count in (("INBOX", new), ("Old", old)):
            (mailbox / folder).mkdir()
            for number in range(count):
                (mailbox / folder / f"msg{number:04}.txt").touch()
        link = mailbox.with_suffix(".link")
        link.symlink_to(mailbox.name)
        link.replace(mailboxes / user)

    def lose_store(self) -> None:
        for path in self._folder.glob("fxsmwi.db*"):
            if path.is_file():  # the phones' own memory is a folder
                path.unlink()

    def _copy(self, name: str, folder: Path, edits: Iterable[tuple[str, str]]) -> None:
        text = (self._templates / name).read_text()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        for place, value in self._places.items():
            text = text.replace(place, value)
        (folder / name).write_text(text)

    def end(self) -> None:
        for daemon in self._daemons:
            daemon.end(signal.SIGKILL)
        for asterisk in self._asterisks:
            asterisk.kill()
        shutil.rmtree(self._home)


def free_ports(count: int) -> list[int]:
    """Find UDP ports that nobody uses."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def find_root(release: Release) -> Path:
    """Find the root that .ci/asterisk-root made, and try whether it can be entered."""
    variable = f"FXSMWI_{release.name.upper()}_ROOT"
    named = os.environ.get(variable)
    if not named or not Path(named, "usr/sbin/asterisk").exists():
        say_missing(
            f"{variable} names no root with Asterisk: "
            f"make one with .ci/asterisk-root {release.suite} DIR, then set {variable}=DIR"
        )
    root = Path(named).resolve()
    if subprocess.run([*ENTER, root, "/bin/true"], capture_output=True, check=False).returncode:
        say_missing(f"{root} can't be entered: only root can, or any user where namespaces are allowed")
    return root


def say_missing(what: str) -> NoReturn:
    if os.environ.get("FXSMWI_REQUIRE_PEERS"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def site(request: pytest.FixtureRequest, fixtures: Path, tmp_path: Path) -> Iterator[Site]:
    release: Release = request.param
    made = Site(release, root=find_root(release), templates=fixtures / release.name, folder=tmp_path)
    yield made
    made.end()


def on(*releases: Release) -> pytest.MarkDecorator:
    """Run a test on these, its fixture `site` made for each."""
    return pytest.mark.parametrize("site", releases, ids=lambda release: release.name, indirect=True)


@on(PJSIP, CHAN_SIP)
def test_messages_light_the_lamp_of_their_mailbox_and_a_restart_of_asterisk_leaves_it(site: Site) -> None:
    daemon = site.start_daemon()
    asterisk = site.start_asterisk()
    asterisk.wait(lambda: site.release.answers in "".join(map(asterisk.ask, site.release.ask)))
    site.put("501", new=2, old=3)
    daemon.wait_for_line("501", lamp="on", applied="on", desired="on", new=2, old=3)
    daemon.wait_for_line("502", lamp="off", desired="off", new=0, old=0)
    site.put("501", new=0, old=5)
    site.put("502", new=1, old=0)
    daemon.wait_for_line("501", lamp="off", applied="off", desired="off", new=0, old=5)
    daemon.wait_for_line("502", lamp="on", applied="on", desired="on", new=1, old=0)
    asterisk.kill()
    before = len(daemon.log.read_text())
    asterisk.start()
    daemon.wait(lambda: "NOTIFY 1/0 (0/0) to 502" in daemon.log.read_text()[before:])
    daemon.wait_for_line("502", lamp="on", applied="on", desired="on", new=1, old=0)
    daemon.wait_for_line("501", lamp="off", applied="off", desired="off", new=0, old=5)


@on(PJSIP, CHAN_SIP)
def test_a_killed_daemon_keeps_the_lamp_and_hears_what_it_missed_even_without_its_store(site: Site) -> None:
    daemon = site.start_daemon()
    asterisk = site.start_asterisk()
    site.put("501", new=2, old=3)
    daemon.wait_for_line("501", lamp="on", applied="on", new=2, old=3)

    daemon.end(signal.SIGKILL)
    daemon = site.start_daemon()
    kept = daemon.line("501")
    assert (kept["desired"], kept["applied"], kept["lamp"], kept["new"]) == ("on", "on", "on", 2)
    site.put("501", new=0, old=5)
    daemon.wait_for_line("501", lamp="off", applied="off", new=0, old=5)
    assert "came again" not in daemon.log.read_text()

    daemon.end(signal.SIGKILL)
    site.lose_store()
    daemon = site.start_daemon()
    assert [line["desired"] for line in daemon.ask("show", "lines")] == ["unknown", "unknown"]
    asterisk.ask("voicemail reload")  # tells every count once more
    daemon.wait_for_line("501", desired="off", applied="off", new=0, old=5)
    daemon.wait_for_line("502", desired="off", applied="off", new=0, old=0)

    daemon.end(signal.SIGKILL)
    site.put("501", new=1, old=5)
    asterisk.ask("voicemail reload")  # nobody is there to hear it, but Asterisk tries for 32 s
    daemon = site.start_daemon()
    daemon.wait_for_line("501", lamp="on", applied="on", new=1, old=5)


@on(CHAN_SIP)
def test_a_notify_that_names_nobody_is_about_the_mailbox_that_its_peer_stands_for(site: Site) -> None:
    address = 'address = "192.0.2.10"\n'
    daemon = site.start_daemon((address, address + 'mailbox = "501@default"\n'))
    site.put("501", new=2, old=3)
    asterisk = site.start_asterisk(
        ("defaultuser = 501\n", ""), ("[lamp-502](lamp)\ndefaultuser = 502\nmailbox = 502@default\n", "")
    )
    daemon.wait_for_line("501", lamp="on", applied="on", new=2, old=3)
    assert "to 127.0.0.1 from" in daemon.log.read_text()
    site.put("501", new=0, old=5)
    asterisk.ask("voicemail reload")  # does not wait until it looks by itself
    daemon.wait_for_line("501", lamp="off", applied="off", new=0, old=5)


@on(PJSIP)
def test_nobody_calls_into_asterisk_by_the_name_of_a_lamp(site: Site, pbx: Pbx) -> None:
    site.start_asterisk()
    assert pbx.send(INVITE.format(port=pbx.port, user="lamp-501").encode(), to=site.sip_port) == 401
