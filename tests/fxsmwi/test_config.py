from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from dsp.message import Format
from dsp.standards import Standard
from fxsmwi.config import Address, Config, load, parse
from fxsmwi.errors import ConfigError
from fxsmwi.mailbox import MailboxId
from fxsmwi.sip.agent import UnknownPeer
from fxsmwi.sip.peers import MailboxKey, UnknownDialog

SMALLEST = """
[sip]
listen = ["udp:127.0.0.1:5060"]
[[line]]
name = "101"
device = "virtual:101"
mailbox = "501"
"""
WHOLE = """
[sip]
listen = ["udp:0.0.0.0", "udp:[::1]:5070"]
unknown_peer = "ignore"
[[sip.peer]]
name = "pbx"
address = ["192.0.2.1", "198.51.100.0/24", "[2001:db8::1]:5060", "192.0.2.7:5080"]
mailbox = "501@default"
[[sip.peer]]
name = "proxy"
address = "203.0.113.5"
mailbox_from = ["To", "Message-Account"]
context = "hotel"
unknown_dialog = "accept"
[[line]]
name = "101"
device = "wav:spills/101.wav"
mailbox = "501@default, 502"
mwisendtype = "fsk"
standard = "bellcore"
format = "mdmf"
country = "de"
send_count = true
level_dbm0 = -15
[[line]]
name = "102"
device = "virtual:102"
mailbox = ["503@hotel"]
format = "sdmf"
[store]
path = "state/fxsmwi.db"
[control]
socket = "run/fxsmwi.sock"
"""


def faults(text: str, folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(text, where="fxsmwi.toml", folder=folder)
    return caught.value.faults


def change(old: str, new: str) -> str:
    assert old in SMALLEST
    return SMALLEST.replace(old, new)


def test_the_smallest_configuration_has_the_rest_by_default(tmp_path: Path) -> None:
    config = parse(SMALLEST, where="fxsmwi.toml", folder=tmp_path)
    (line,) = config.line
    assert dict(line) == {
        "name": "101",
        "device": "virtual:101",
        "mailbox": (MailboxId("501", "default"),),
        "mwisendtype": "fsk",
        "standard": Standard.BELLCORE,
        "format": Format.MDMF,
        "send_count": False,
        "level_dbm0": -13.5,
        "country": "us",
    }
    assert (config.store.path, config.control.socket) == (tmp_path / "fxsmwi.db", tmp_path / "fxsmwi.sock")
    assert (config.sip.unknown_peer, config.sip.peer, config.folder) == (UnknownPeer.FORBID, (), tmp_path)


def test_a_whole_configuration_is_read(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "run").mkdir()
    path = tmp_path / "fxsmwi.toml"
    path.write_text(WHOLE)
    config = load(path)
    assert config.sip.listen == (Address(host="0.0.0.0", port=5060), Address(host="::1", port=5070))
    assert config.sip.unknown_peer is UnknownPeer.IGNORE
    assert config.mailboxes == {
        MailboxId(u, c) for u, c in [("501", "default"), ("502", "default"), ("503", "hotel")]
    }
    table = config.sip.peer_table()
    pbx = table.find(("192.0.2.1", 1234))
    assert pbx is not None
    assert (pbx.name, pbx.mailbox, pbx.unknown_dialog) == ("pbx", MailboxId("501"), UnknownDialog.REFUSE)
    for source in (("198.51.100.77", 9), ("2001:db8::1", 5060), ("192.0.2.7", 5080)):
        found = table.find(source)
        assert found is not None
        assert found.name == "pbx"
    for source in (("2001:db8::1", 5061), ("192.0.2.7", 5081), ("192.0.2.2", 5060)):
        assert table.find(source) is None
    proxy = table.find(("203.0.113.5", 1))
    assert proxy is not None
    assert proxy.mapping == (MailboxKey.TO, MailboxKey.MESSAGE_ACCOUNT)
    assert (proxy.context, proxy.unknown_dialog) == ("hotel", UnknownDialog.ACCEPT)
    assert config.store.path == tmp_path / "state" / "fxsmwi.db"
    assert ipaddress.ip_network("198.51.100.0/24") in [place.network for place in config.sip.peer[0].address]


def test_all_faults_are_named_at_once_each_with_its_path(tmp_path: Path) -> None:
    text = """
verbose = true
[sip]
listen = ["tcp:127.0.0.1:5060", "5060", "udp:pbx.example:5060", "udp:127.0.0.1:99999"]
unknown_peer = "maybe"
[[sip.peer]]
name = "pbx"
adress = "192.0.2.1"
[[sip.peer]]
name = "pbx"
address = "pbx.example"
mailbox = "5 1"
mailbox_from = ["Form"]
[[line]]
name = "101"
device = "fax:1"
mailbox = "501@a@b"
mwisendtype = "fsk,neon"
[[line]]
name = "101"
device = "virtual:102"
mailbox = []
format = "sdmf"
send_count = true
level_dbm0 = 3
standard = "klingon"
[[line]]
device = "virtual:102"
mailbox = 501
mwisendtype = "sfk"
country = "USA"
"""
    found = faults(text, tmp_path)
    for start in (
        "verbose: there is no such key (known: sip, line, store, control)",
        "sip.listen[0]: 'tcp' is not spoken yet",
        "sip.listen[1]: '5060' is no listening address",
        "sip.listen[2]: 'pbx.example' does not appear to be an IPv4 or IPv6 address",
        "sip.listen[3]: port 99999 is above 65535",
        "sip.unknown_peer: Input should be 'forbid' or 'ignore'",
        "sip.peer[0].address ('pbx'): is missing",
        "sip.peer[0].adress ('pbx'): there is no such key (did you mean address?)",
        "sip.peer[1].address[0] ('pbx'): 'pbx.example' is no IP address",
        "sip.peer[1].mailbox ('pbx'): 5 1@default is no mailbox",
        "sip.peer[1].mailbox_from[0] ('pbx'): Input should be 'Request-URI', 'To' or 'Message-Account'",
        "line[0].device ('101'): 'fax:1' is no device",
        "line[0].mailbox ('101'): 501@a@b is no mailbox",
        "line[0].mwisendtype ('101'): 'neon' can't be sent yet",
        "line[1].mailbox ('101'): names nothing",
        "line[1].send_count ('101'): an sdmf message has no room",
        "line[1].level_dbm0 ('101'): Input should be less than or equal to 0",
        "line[1].standard ('101'): Input should be 'bellcore'",
        "line[2].name: is missing",
        "line[2].mwisendtype: 'sfk' is none of fsk",
        "line[2].country: String should match",
        "sip.peer: name 'pbx' stands 2 times",
        "line: name '101' stands 2 times",
        "line: device 'virtual:102' stands 2 times",
    ):
        assert any(fault.startswith(start) for fault in found), (start, found)
    assert len(found) == 24


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[sip", "not TOML: "),
        ("", "sip: is missing"),
        (change('["udp:127.0.0.1:5060"]', "[]"), "sip.listen: "),
        (change('["udp:127.0.0.1:5060"]', '"udp:127.0.0.1:5060"'), "sip.listen: "),
        (SMALLEST.split("[[line]]")[0], "line: is missing"),
        ("line = 5\nsip = 7", "sip: "),
        (SMALLEST + "[[sip.subscribe]]\n", "sip.subscribe: there is no such key"),
        (SMALLEST + '[store]\npath = "nowhere/x.db"\n', "store.path: there is no folder"),
        (SMALLEST + '[control]\nsocket = "nowhere/x.sock"\n', "control.socket: there is no folder"),
        (SMALLEST + f'[control]\nsocket = "{"x" * 120}"\n', "control.socket: "),
        (
            SMALLEST + "".join(f'[[sip.peer]]\nname = "{n}"\naddress = "192.0.2.1"\n' for n in "ab"),
            "sip.peer: peers a and b are both at 192.0.2.1/32",
        ),
        (
            change('"501"', '"501"\nstandard = "ntt"'),
            "line[0].standard ('101'): NTT has no message for a lamp",
        ),
        (
            change('"501"', '"501"\nname2 = 1'),
            "line[0].name2 ('101'): there is no such key (did you mean name?)",
        ),
    ],
)
def test_each_fault_is_a_sentence(tmp_path: Path, text: str, start: str) -> None:
    found = faults(text, tmp_path)
    assert found[0].startswith(start)


@pytest.mark.parametrize(
    "text", ["\x00", "[[line]]\n[line]", "line = [[1]]", 'sip = { peer = [1, "a", {}] }']
)
def test_nonsense_is_refused_not_crashed_on(tmp_path: Path, text: str) -> None:
    assert faults(text, tmp_path)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"No such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(ConfigError, match=r"is not UTF-8"):
        load(tmp_path / "latin.toml")


def test_a_peer_with_two_ports_is_one_source(tmp_path: Path) -> None:
    text = SMALLEST + '[[sip.peer]]\nname = "a"\naddress = ["192.0.2.1:5060", "192.0.2.1:5070"]\n'
    config: Config = parse(text, where="fxsmwi.toml", folder=tmp_path)
    table = config.sip.peer_table()
    names = [peer and peer.name for peer in (table.find(("192.0.2.1", port)) for port in (5060, 5070, 5080))]
    assert names == ["a", "a", None]
