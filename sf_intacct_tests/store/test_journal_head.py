"""The journal's head in a second place: durable, never older than it was, and loud when the disk does not take it."""

import json
import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sf_intacct.errors import TryLater
from sf_intacct.model.intent import State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store import journal_head
from sf_intacct.store.journal import Journal, Patience
from sf_intacct.store.journal_chain import Tip
from sf_intacct.store.journal_head import Head, keep, put, read
from sf_intacct_tests.intents import NOON, intent

HEAD = Head(Tip(3, "abc"), 7, NOON)
HOUR = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.head"


def test_what_was_kept_is_read_and_nobody_else_reads_it(file: Path) -> None:
    assert read(file) is None
    keep(file, HEAD)
    assert read(file) == HEAD
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_head_never_goes_back_by_itself(file: Path) -> None:
    keep(file, HEAD)
    keep(file, Head(Tip(2, "ab"), 6, NOON + HOUR))
    assert read(file) == HEAD
    later = Head(Tip(3, "abc"), 8, NOON + HOUR)
    keep(file, later)
    assert read(file) == later


def test_it_goes_back_when_somebody_has_looked_and_said_so(file: Path) -> None:
    keep(file, HEAD)
    put(file, Head(Tip(2, "ab"), 6, NOON + HOUR))
    assert read(file) == Head(Tip(2, "ab"), 6, NOON + HOUR)


def test_how_far_the_chain_was_followed_stays_until_it_is_followed_again(file: Path) -> None:
    followed = replace(HEAD, walked=Tip(3, "abc"), walked_at=NOON)
    keep(file, followed)
    keep(file, Head(Tip(4, "abcd"), 8, NOON + HOUR))
    assert read(file) == Head(Tip(4, "abcd"), 8, NOON + HOUR, Tip(3, "abc"), NOON)
    keep(file, replace(HEAD, walked=Tip(1, "a"), walked_at=NOON + HOUR))
    assert read(file) == Head(Tip(4, "abcd"), 8, NOON + HOUR, Tip(1, "a"), NOON + HOUR)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"tip": {"number": 1}, "walked_at": null}', "null"])
def test_what_is_no_head_is_told_and_written_over(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(ValueError, match=r"says no head|Expecting"):
        read(file)
    keep(file, HEAD)
    assert read(file) == HEAD


def test_it_is_synced_before_it_takes_its_place_and_its_folder_after(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(file, HEAD)
    done: list[str] = []
    sync, rename = os.fsync, os.replace

    def synced(number: int) -> None:
        done.append(f"sync {Path(os.readlink(f'/proc/self/fd/{number}')).name}")
        sync(number)

    def renamed(old: Path, new: Path) -> None:
        done.append(f"rename {Path(old).name} {Path(new).name}")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    keep(file, Head(Tip(4, "abcd"), 8, NOON))
    assert done == ["sync journal.head.new", "rename journal.head.new journal.head", "sync home"]


@pytest.fixture
def journal(tmp_path: Path, file: Path) -> Journal:
    return Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}", file)


def test_the_head_is_kept_before_a_byte_leaves_and_after_every_answer(journal: Journal, file: Path) -> None:
    journal.enter([intent()], NOON, "run 1")
    assert read(file) is None, "nothing was sent yet"
    (sent,) = journal.send(journal.in_state("order_to_invoice", State.PENDING), NOON)
    assert read(file) == Head(Tip(), 2, NOON)
    journal.settle([(sent, Outcome(Result.ACCEPTED, target_id="7"))], NOON + HOUR, "run 1", Patience())
    (receipt,) = journal.receipts_after(0)
    assert read(file) == Head(Tip(1, receipt["hash"]), 3, NOON + HOUR)
    journal.close()


@pytest.mark.answers("F5")
def test_a_write_whose_head_the_disk_does_not_take_is_not_sent(journal: Journal, file: Path) -> None:
    """It stays marked as being sent: whoever comes next looks for it (failure modes, F5)."""
    file.parent.mkdir()
    journal.enter([intent()], NOON, "run 1")
    (file.parent / "journal.head.new").mkdir()
    with pytest.raises(TryLater, match=r"keeping the journal's head.*nothing is sent until then"):
        journal.send(journal.in_state("order_to_invoice", State.PENDING), NOON)
    assert len(journal.in_state("order_to_invoice", State.IN_FLIGHT)) == 1
    journal.close()


def test_a_head_file_is_plain_to_read(file: Path) -> None:
    keep(file, HEAD)
    assert json.loads(file.read_text())["tip"] == {"number": 3, "hash": "abc"}
    assert [one.name for one in file.parent.iterdir() if one.suffix == ".new"] == []
    assert journal_head.read(file) == HEAD
