"""The mail ledger: what has become of each delivery, on the disk before the next step is taken. One row a (edition, recipient).

A row goes pending → intent → sent, failed or uncertain. `intent` is committed before the relay gets the message: a row that is still there
when a ledger is opened was being sent when we were killed, so whether it arrived is not known. It holds addresses, no secret, no message.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from generator.errors import Invalid, Problem, Where

IN_MEMORY = Path(":memory:")  # for looking only: it is gone with the process
STATES = ("sent", "failed", "uncertain", "pending")
_VERSION = 1
_SCHEMA = """
CREATE TABLE edition (
    edition TEXT PRIMARY KEY, salt TEXT NOT NULL, list TEXT NOT NULL, recipients INTEGER NOT NULL, started_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery (
    edition TEXT NOT NULL REFERENCES edition, place INTEGER NOT NULL,
    recipient TEXT NOT NULL, address TEXT NOT NULL, name TEXT NOT NULL, topics TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'intent', 'sent', 'failed', 'uncertain')),
    tries INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0, reply TEXT NOT NULL DEFAULT '', at TEXT,
    PRIMARY KEY (edition, place), UNIQUE (edition, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_by_state ON delivery (edition, state, place);
CREATE TABLE suppressed (recipient TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE draft (
    edition TEXT NOT NULL, provider TEXT NOT NULL, draft TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (edition, provider)
) STRICT, WITHOUT ROWID;
"""


class Recipient(NamedTuple):
    """One of a frozen list: its key (how two writings of a mailbox are compared), the address mail goes to, and the choice of topics."""

    key: str
    address: str
    name: str
    topics: tuple[str, ...] = ()


class Delivery(NamedTuple):
    place: int
    recipient: Recipient
    tries: int
    reply: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A sending that has begun: when, to how many, and the salted hash of the list."""

    edition: str
    list: str
    recipients: int
    started_at: str
    counts: Mapping[str, int]  # by state of STATES; what was being sent counts as uncertain


class Ledger:
    """An open ledger. Every method that changes it has committed to the disk when it returns."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open a ledger, or start one. Invalid: the file is something else, or from a later version."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                database.execute("PRAGMA foreign_keys = ON")
                (version,) = database.execute("PRAGMA user_version").fetchone()
                if version == 0:
                    database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT")
                elif version != _VERSION:
                    message = f"this ledger has the form {version}, which this version does not know"
                    raise Invalid([Problem(Where(str(path)), message, "use the version of Broadsheet that wrote it, or a newer one")])
                yield cls(database)
        except sqlite3.DatabaseError as error:
            hint = "is it a ledger at all, and on a disk with space? `mail.ledger` of site.yml names the file"
            raise Invalid([Problem(Where(str(path)), f"the mail ledger cannot be used: {error}", hint)]) from error

    def begin(self, edition: str, recipients: Iterable[Recipient], at: str) -> Edition:
        """Freeze the list of an edition, all or nothing, and return it. Those of one choice of topics stand together."""
        frozen = arranged(recipients)
        salt = secrets.token_hex(16)
        listed = _hash(salt, (recipient.key for recipient in frozen))
        rows = ((edition, place, one.key, one.address, one.name, " ".join(one.topics), "pending") for place, one in enumerate(frozen))
        with self._transaction():
            self._database.execute("INSERT INTO edition VALUES (?, ?, ?, ?, ?)", (edition, salt, listed, len(frozen), at))
            self._database.executemany(
                "INSERT INTO delivery (edition, place, recipient, address, name, topics, state) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
            )
        return Edition(edition, listed, len(frozen), at, self.counts(edition))

    def edition(self, edition: str) -> Edition | None:
        """Return an edition whose sending has begun."""
        row = self._database.execute("SELECT edition, list, recipients, started_at FROM edition WHERE edition = ?", (edition,)).fetchone()
        return self._edition(row) if row else None

    def editions(self) -> tuple[Edition, ...]:
        """Return every edition whose sending has begun, by name."""
        rows = self._database.execute("SELECT edition, list, recipients, started_at FROM edition ORDER BY edition").fetchall()
        return tuple(self._edition(row) for row in rows)

    def _edition(self, row: tuple[str, str, int, str]) -> Edition:
        edition, listed, recipients, started_at = row
        return Edition(edition, listed, recipients, started_at, self.counts(edition))

    def counts(self, edition: str) -> dict[str, int]:
        """Return how many deliveries of an edition are in each of STATES."""
        found = dict(self._database.execute("SELECT state, count(*) FROM delivery WHERE edition = ? GROUP BY state", (edition,)))
        return {state: found.get(state, 0) + (found.get("intent", 0) if state == "uncertain" else 0) for state in STATES}

    def of(self, edition: str, state: str) -> tuple[Delivery, ...]:
        """Return the deliveries of an edition in a state, in order."""
        return tuple(self.walk(edition, state))

    def walk(self, edition: str, state: str) -> Iterator[Delivery]:
        """Yield the deliveries of an edition in a state, in order, one in memory at a time; their state may change on the way."""
        place = -1
        query = "SELECT place, recipient, address, name, topics, tries, reply FROM delivery WHERE edition = ? AND state = ? AND place > ?"
        while row := self._database.execute(f"{query} ORDER BY place LIMIT 1", (edition, state, place)).fetchone():
            delivery = _delivery(row)
            place = delivery.place
            yield delivery

    def to_deliver(self, edition: str, *, uncertain: bool) -> tuple[Delivery, ...]:
        """Return whom the next run would try, in order: the pending, those refused only for now, and if asked for the uncertain."""
        states = ["pending", *(("intent", "uncertain") if uncertain else ())]
        query = f"""SELECT place, recipient, address, name, topics, tries, reply FROM delivery
            WHERE edition = ? AND (again OR state IN ({", ".join("?" * len(states))})) ORDER BY place"""
        return tuple(map(_delivery, self._database.execute(query, (edition, *states))))

    def recipients(self, edition: str) -> set[str]:
        """Return the keys of everybody on the frozen list of an edition."""
        return {key for (key,) in self._database.execute("SELECT recipient FROM delivery WHERE edition = ?", (edition,))}

    def recover(self, edition: str) -> None:
        """Begin a run: what was being sent when the last one was killed is uncertain, what was refused only for now is pending again."""
        with self._transaction():
            change = "UPDATE delivery SET state = 'uncertain', reply = ? WHERE edition = ? AND state = 'intent'"
            self._database.execute(change, (KILLED, edition))
            change = "UPDATE delivery SET state = 'pending', tries = 0, again = 0 WHERE edition = ? AND (state = 'pending' OR again)"
            self._database.execute(change, (edition,))

    def retry_uncertain(self, edition: str) -> None:
        """Let those whose delivery is uncertain have it again, which some of them may see twice."""
        self._database.execute("UPDATE delivery SET state = 'pending', tries = 0 WHERE edition = ? AND state = 'uncertain'", (edition,))

    def intend(self, edition: str, place: int) -> None:
        """Note that a message is about to be given to the relay."""
        self._database.execute("UPDATE delivery SET state = 'intent', tries = tries + 1 WHERE edition = ? AND place = ?", (edition, place))

    def settle(self, edition: str, place: int, state: str, reply: str, at: str, *, gone: bool = False, again: bool = False) -> None:
        """Note what became of a delivery. `gone`: its mailbox is suppressed in the same step; `again`: the next run may try it again."""
        with self._transaction():
            change = "UPDATE delivery SET state = ?, reply = ?, at = ?, again = ? WHERE edition = ? AND place = ?"
            self._database.execute(change, (state, reply[:500], at, again, edition, place))
            if gone:
                change = "INSERT OR IGNORE INTO suppressed SELECT recipient, ?, ? FROM delivery WHERE edition = ? AND place = ?"
                self._database.execute(change, (reply[:500], at, edition, place))

    def suppress(self, key: str, reason: str, at: str) -> bool:
        """Put a mailbox on the suppression list: no edition goes there again. Tell whether it is new there."""
        return self._database.execute("INSERT OR IGNORE INTO suppressed VALUES (?, ?, ?)", (key, reason[:500], at)).rowcount == 1

    def forgive(self, key: str) -> bool:
        """Take a mailbox off the suppression list. Tell whether it was there."""
        return self._database.execute("DELETE FROM suppressed WHERE recipient = ?", (key,)).rowcount == 1

    def suppressed(self) -> dict[str, str]:
        """Return why each mailbox is suppressed, by its key."""
        return dict(self._database.execute("SELECT recipient, reason FROM suppressed ORDER BY recipient"))

    def reached(self, editions: Iterable[str]) -> set[str]:
        """Return the keys of those who have, or may have, any of these editions."""
        query = "SELECT recipient FROM delivery WHERE edition = ? AND state IN ('sent', 'intent', 'uncertain')"
        return {key for edition in editions for (key,) in self._database.execute(query, (edition,))}

    def draft(self, edition: str, provider: str) -> str | None:
        """Return the provider's name of the draft that was made of an edition."""
        row = self._database.execute("SELECT draft FROM draft WHERE edition = ? AND provider = ?", (edition, provider)).fetchone()
        return row[0] if row else None

    def note_draft(self, edition: str, provider: str, draft: str, at: str) -> None:
        """Keep the provider's name of a draft."""
        self._database.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?)", (edition, provider, draft, at))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        done = False
        try:
            yield
            self._database.execute("COMMIT")
            done = True
        finally:
            if not done:
                self._database.execute("ROLLBACK")


KILLED = "the run was killed while this message was on its way"


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold a ledger for one sending. Invalid: another one holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(path.name + ".lock"), "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "wait until it has ended; `broadsheet status` says how far it is"
            raise Invalid([Problem(Where(str(path)), "another sending is under way with this ledger", hint)]) from None
        yield


def arranged(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Return recipients in the order in which they are mailed: those of one choice of topics together, so that each mail is made once."""
    return tuple(sorted(recipients, key=lambda recipient: recipient.topics))


def _delivery(row: tuple[int, str, str, str, str, int, str]) -> Delivery:
    place, key, address, name, topics, tries, reply = row
    return Delivery(place, Recipient(key, address, name, tuple(topics.split())), tries, reply)


def _hash(salt: str, keys: Iterable[str]) -> str:
    """Return the hash of a list. The salt stays in the ledger: the hash alone does not tell whether a guessed address is in it."""
    found = hashlib.sha256(salt.encode())
    for key in sorted(keys):
        found.update(b"\n" + key.encode())
    return f"sha256:{found.hexdigest()}"
