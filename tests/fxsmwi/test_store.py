from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fxsmwi.board import Entry, Standing
from fxsmwi.mailbox import MailboxId, MailboxReport, MailboxState
from fxsmwi.store import LineRecord, Store, StoreError


def entry(
    user: str = "501", *, new: int | None = 2**32 - 1, source: str = "sip:pbx", at: float = 1.5
) -> Entry:
    state = MailboxState(waiting=True, new=new, old=0, new_urgent=None, old_urgent=3)
    report = MailboxReport(mailbox=MailboxId(user, "work"), state=state, source=source, detail="dé")
    return Entry(report=report, at=at, standing=Standing.RESTORED)


LINE = LineRecord(
    name="101", device="virtual:101", applied="on", message=b"\x82\x03", override=None, since=2.5
)


def test_what_is_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = Store(path)
    store.put_entry(entry(new=1))
    store.put_entry(entry())
    store.put_entry(entry("502", new=None))
    store.put_line(LINE)
    assert store.commit()
    store.close()
    again = Store(path)
    assert again.load_entries() == [entry(), entry("502", new=None)]
    assert again.load_lines() == {"101": LINE}
    again.close()


def test_what_is_not_committed_is_written_at_closing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    store.put_line(LINE)
    store.close()
    again = Store(tmp_path / "store.db")
    assert again.load_lines() == {"101": LINE}
    again.close()


def test_forgotten_entries_stay_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    store.put_entry(entry())
    store.put_entry(entry(source="sip:old"))
    store.commit()
    store.forget([entry(source="sip:old")])
    assert store.load_entries() == [entry()]
    store.close()


def test_a_second_program_is_kept_out(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    with pytest.raises(StoreError, match="Does fxsmwi run already"):
        Store(tmp_path / "store.db")
    store.close()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_text("dear diary, " * 100)
    with pytest.raises(StoreError, match="Name another file in"):
        Store(path)
    assert path.read_text().startswith("dear diary")


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(StoreError, match="format 99"):
        Store(path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        Store(tmp_path / "nowhere" / "store.db")


def test_what_a_full_disk_refuses_waits_and_is_written_once_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    store = Store(tmp_path / "store.db")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))  # Python ignores SIGXFSZ, so write() fails: EFBIG
    try:
        store.put_entry(entry())
        store.put_line(LINE)
        assert not store.commit()
        assert "2 changes wait in memory" in store.fault
        assert not store.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.commit()
    assert store.fault == ""
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert store.load_entries() == [entry()]
    store.close()


def test_a_killed_program_leaves_what_it_committed(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from fxsmwi.store import LineRecord, Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "def put(at):\n"
        "    store.put_line(\n"
        "        LineRecord(name='101', device='d', applied='on', message=b'', override=None, since=at))\n"
        "for at in range(100):\n"
        "    put(at)\n"
        "    store.commit()\n"
        "put(100)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "store.db"], check=False)
    store = Store(tmp_path / "store.db")
    assert store.load_lines()["101"].since == 99
    store.close()
