"""What outlives the program: reports and line states, in SQLite.

A write is remembered at once and reaches the file with the next `Store.commit`. When the file can't take it
(a full disk), it stays remembered and is tried again with every later commit, and `Store.fault` says so.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .board import Entry, Standing
from .errors import FxsmwiError
from .mailbox import MailboxId, MailboxReport, MailboxState

log = logging.getLogger(__name__)

VERSION = 1
"""PRAGMA user_version of the tables below."""

TABLES = """
CREATE TABLE mailbox (
    mailbox TEXT, source TEXT, waiting INTEGER, new INTEGER, old INTEGER, new_urgent INTEGER,
    old_urgent INTEGER, detail TEXT, at REAL, PRIMARY KEY (mailbox, source));
CREATE TABLE line (
    name TEXT PRIMARY KEY, device TEXT, applied TEXT, message BLOB, override TEXT, since REAL);
"""


class StoreError(FxsmwiError):
    """The file can't be used as a store; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """What has to be known of a line after a restart.

    ``applied`` is the lamp's state as far as it was known, ``message`` the last one that was sent whole,
    ``override`` what a person set by hand, ``since`` (seconds since the epoch) when the lamp changed.
    """

    name: str
    device: str
    applied: str
    message: bytes | None
    override: str | None
    since: float


class Store:
    """The file behind the board and the lines.

    Parameters
    ----------
    path : Path
        The database; it is made if it does not exist.

    Raises
    ------
    StoreError
        If the file is something else, made by a newer version, or can't be opened or locked.
    """

    def __init__(self, path: Path) -> None:
        self.fault = ""
        self._path = path
        self._entries: dict[tuple[str, str], Entry] = {}
        self._lines: dict[str, LineRecord] = {}
        try:
            self._database = sqlite3.connect(path, isolation_level=None, timeout=1.0)
            self._prepare()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise StoreError(f"{path}: another program uses it. Does fxsmwi run already?") from error
            raise StoreError(f"{path}: {error}. Name a writable file in [store].") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{path}: {error}. Name another file in [store], or move this one away."
            ) from error

    def _prepare(self) -> None:
        # The lock is kept: two programs on one store would each undo what the other knows.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._database.execute("PRAGMA journal_mode = WAL")
        # An answered NOTIFY is not sent again, so what is answered has to survive a power cut.
        self._database.execute("PRAGMA synchronous = FULL")
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._database.executescript(
                f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"
            )
        elif version != VERSION:
            raise StoreError(
                f"{self._path}: written by a newer fxsmwi (format {version}, this one reads {VERSION}). "
                "Update fxsmwi, or name another file in [store]."
            )
        self._database.execute("BEGIN IMMEDIATE")  # takes the lock now, and fails now if it is taken
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        self.commit()
        self._database.close()

    def put_entry(self, entry: Entry) -> None:
        """Remember what a source said; it reaches the file with the next `commit`."""
        self._entries[str(entry.report.mailbox), entry.report.source] = entry

    def put_line(self, record: LineRecord) -> None:
        """Remember a line's state; it reaches the file with the next `commit`."""
        self._lines[record.name] = record

    def commit(self) -> bool:
        """Bring everything remembered into the file, all of it or nothing.

        Returns
        -------
        bool
            False if the file could not take it; `fault` then says why, and nothing is forgotten.
        """
        if not self._entries and not self._lines:
            return True
        try:
            self._write()
        except sqlite3.Error as error:
            self._complain(
                f"{self._path}: {error}; {len(self._entries) + len(self._lines)} changes wait in memory"
            )
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            return False
        self._entries.clear()
        self._lines.clear()
        self._complain("")
        return True

    def _complain(self, fault: str) -> None:
        """Say once that the file can't be written, and once that it can be again."""
        if fault and not self.fault:
            log.error("%s", fault)
        elif self.fault and not fault:
            log.info("%s: written again", self._path)
        self.fault = fault

    def _write(self) -> None:
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT OR REPLACE INTO mailbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_entry_row(entry) for entry in self._entries.values()],
        )
        database.executemany(
            "INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?, ?, ?)",
            [
                (line.name, line.device, line.applied, line.message, line.override, line.since)
                for line in self._lines.values()
            ],
        )
        database.execute("COMMIT")

    def load_entries(self) -> list[Entry]:
        """Give every report in the file, oldest first; all of them `Standing.RESTORED`."""
        rows = self._database.execute("SELECT * FROM mailbox ORDER BY at").fetchall()
        return [_entry(row) for row in rows]

    def load_lines(self) -> dict[str, LineRecord]:
        """Give every line's record by the line's name."""
        rows = self._database.execute("SELECT name, device, applied, message, override, since FROM line")
        return {
            name: LineRecord(
                name=name, device=device, applied=applied, message=message, override=override, since=since
            )
            for name, device, applied, message, override, since in rows
        }

    def forget(self, entries: Iterable[Entry]) -> None:
        """Drop *entries* from the file at once."""
        self._database.executemany(
            "DELETE FROM mailbox WHERE mailbox = ? AND source = ?",
            [(str(entry.report.mailbox), entry.report.source) for entry in entries],
        )


def _entry_row(entry: Entry) -> tuple[object, ...]:
    report, state = entry.report, entry.report.state
    counts = (state.new, state.old, state.new_urgent, state.old_urgent)
    return (str(report.mailbox), report.source, state.waiting, *counts, report.detail, entry.at)


def _entry(row: tuple[str, str, int, int | None, int | None, int | None, int | None, str, float]) -> Entry:
    mailbox, source, waiting, new, old, new_urgent, old_urgent, detail, at = row
    state = MailboxState(
        waiting=bool(waiting), new=new, old=old, new_urgent=new_urgent, old_urgent=old_urgent
    )
    report = MailboxReport(mailbox=MailboxId.parse(mailbox), state=state, source=source, detail=detail)
    return Entry(report=report, at=at, standing=Standing.RESTORED)
