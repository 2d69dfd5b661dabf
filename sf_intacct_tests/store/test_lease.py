"""One sender at a time, on both databases: a lease with an epoch and a deadline that is checked before each send."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from sf_intacct.errors import Busy
from sf_intacct.store.journal import Journal
from sf_intacct.store.journal_tables import LEASE
from sf_intacct.store.lease import LENGTH, Lease, later_of, leased, place, uptime
from sf_intacct_tests.intents import NOON

MINUTE = timedelta(minutes=1)
CALL = 2 * MINUTE  # the longest one send may take

# Takes the lease and dies without giving it back.
_DYING = """
import os, sys
from datetime import datetime, timedelta
from sf_intacct.store.journal import Journal
from sf_intacct.store.lease import _take

noon = datetime.fromisoformat(sys.argv[2])
lease = _take(Journal(sys.argv[1]), "intacct", timedelta(minutes=2), lambda: noon)
print(lease.epoch, flush=True)
os._exit(1)
"""


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def row(journal: Journal) -> tuple[str, int, datetime]:
    """Holder, epoch and end of the lease for Intacct."""
    with journal.engine.begin() as connection:
        found = connection.execute(sa.select(LEASE.c.holder, LEASE.c.epoch, LEASE.c.until)).one()
    return found[0], found[1], found[2]


def held_by(journal: Journal, holder: str, until: datetime) -> None:
    """Somebody else holds the lease in its fifth epoch."""
    with journal.engine.begin() as connection:
        connection.execute(sa.insert(LEASE).values(name="intacct", holder=holder, epoch=5, until=until))


def test_a_lease_says_who_holds_it_since_when_and_until_when(journal: Journal) -> None:
    with leased(journal, "intacct", CALL, Clock()) as lease:
        assert row(journal) == (f"{place()}:{os.getpid()}", 1, NOON + LENGTH)
        lease.check()


@pytest.mark.answers("G1")
def test_a_second_holder_is_refused_and_told_by_whom(journal: Journal) -> None:
    clock = Clock()
    said = f"held by {place()}:{os.getpid()} until 2026-03-05T12:05:00"
    with leased(journal, "intacct", CALL, clock):
        with pytest.raises(Busy, match=said), leased(journal, "intacct", CALL, clock):
            raise AssertionError("two senders at once")
        assert row(journal)[1] == 1


def test_two_systems_have_two_leases(journal: Journal) -> None:
    with leased(journal, "intacct", CALL, Clock()), leased(journal, "salesforce", CALL, Clock()) as other:
        other.check()


@pytest.mark.parametrize("how_it_ends", [None, ValueError, KeyboardInterrupt])
def test_a_lease_that_was_given_back_is_taken_at_once(
    journal: Journal, how_it_ends: type[BaseException] | None
) -> None:
    clock = Clock()
    try:
        with leased(journal, "intacct", CALL, clock):
            if how_it_ends:
                raise how_it_ends
    except (ValueError, KeyboardInterrupt):
        pass
    with leased(journal, "intacct", CALL, clock) as next_one:
        assert next_one.epoch == 2
        next_one.check()


def test_a_lease_that_was_given_back_by_a_wrong_clock_keeps_nobody_waiting(journal: Journal) -> None:
    ahead = Clock()
    ahead.at = NOON + 3 * 60 * MINUTE
    with leased(journal, "intacct", CALL, ahead):
        pass
    with leased(journal, "intacct", CALL, Clock()) as lease:
        assert lease.epoch == 2


def test_the_lease_of_a_process_that_died_is_taken_without_waiting_it_out(journal: Journal, journal_url: str) -> None:
    died = subprocess.run(
        [sys.executable, "-c", _DYING, journal_url, NOON.isoformat()], capture_output=True, text=True, check=False
    )
    assert (died.returncode, died.stdout) == (1, "1\n"), died.stderr
    assert row(journal)[2] == NOON + LENGTH
    with leased(journal, "intacct", CALL, Clock()) as lease:
        assert lease.epoch == 2


@pytest.mark.parametrize(
    "holder",
    [
        f"another-machine:{2**22 + 1}",  # nobody here can know whether it lives
        f"{socket.gethostname()}:{2**22 + 1}",  # nor this: another machine of our name, or another container
        f"{place()}:{os.getppid()}",  # lives
        f"{place()}:1",  # lives, and is not ours
        f"{place()}:",
        "no holder at all",
    ],
)
def test_a_holder_that_may_live_is_waited_out(journal: Journal, holder: str) -> None:
    held_by(journal, holder, NOON + MINUTE)
    clock = Clock()
    with pytest.raises(Busy), leased(journal, "intacct", CALL, clock):
        raise AssertionError("two senders at once")
    clock.at = NOON + MINUTE
    with leased(journal, "intacct", CALL, clock) as lease:
        assert lease.epoch == 6


def test_a_lease_is_renewed_while_it_is_used(journal: Journal) -> None:
    clock = Clock()
    with leased(journal, "intacct", CALL, clock) as lease:
        for minute in range(1, 31):
            clock.at = NOON + minute * MINUTE
            lease.check()
            assert clock.at + CALL + MINUTE / 2 <= row(journal)[2]
        assert row(journal)[1] == 1


def test_a_young_lease_is_checked_without_a_word_to_the_database(journal: Journal) -> None:
    clock = Clock()
    with leased(journal, "intacct", CALL, clock) as lease:
        clock.at = NOON + 2 * MINUTE
        lease.check()
        assert row(journal)[2] == lease.until == NOON + LENGTH


@pytest.mark.answers("B13", "D21", "G4", "G11")
def test_a_sender_that_was_paused_until_another_took_over_sends_no_more(journal: Journal) -> None:
    clock = Clock()
    with leased(journal, "intacct", CALL, clock) as paused:
        clock.at = NOON + LENGTH + MINUTE
        with leased(journal, "intacct", CALL, clock) as other:
            with pytest.raises(Busy, match="another process, which took over"):
                paused.check()
            other.check()
            paused.release()  # of an epoch that has passed: it takes nothing from the other
            assert row(journal) == (other.holder, 2, other.until)
            other.check()


def test_a_sender_that_woke_up_alone_goes_on_with_a_new_deadline(journal: Journal) -> None:
    clock = Clock()
    with leased(journal, "intacct", CALL, clock) as paused:
        clock.at = NOON + LENGTH + MINUTE
        paused.check()
        assert row(journal)[1:] == (1, clock.at + LENGTH)


# Two clocks, of which the later counts (failure modes, rule 7 and J2)


class Machine:
    """A machine's uptime, its sleep included, beside a wall clock that people may set."""

    def __init__(self) -> None:
        self.up = timedelta(days=3)

    def __call__(self) -> timedelta:
        return self.up


@pytest.mark.answers("J2")
def test_a_clock_that_is_set_back_gives_no_second_life_to_a_lease(journal: Journal) -> None:
    clock, machine = Clock(), Machine()
    with leased(journal, "intacct", CALL, clock, machine) as paused:
        machine.up += LENGTH + MINUTE
        with leased(journal, "intacct", CALL, lambda: NOON + LENGTH + MINUTE) as other:
            clock.at = NOON - MINUTE
            with pytest.raises(Busy, match="another process, which took over"):
                paused.check()
            other.check()


@pytest.mark.answers("J2")
def test_a_lease_is_renewed_by_the_later_clock(journal: Journal) -> None:
    """Whoever looks at it with a right clock sees how long it really is ours."""
    clock, machine = Clock(), Machine()
    with leased(journal, "intacct", CALL, clock, machine) as lease:
        clock.at, machine.up = NOON - timedelta(hours=1), machine.up + 4 * MINUTE
        lease.check()
        assert row(journal)[2] == NOON + 4 * MINUTE + LENGTH
        clock.at = NOON + 8 * MINUTE
        lease.check()
        assert row(journal)[2] == NOON + 8 * MINUTE + LENGTH


@pytest.mark.parametrize("slept", [timedelta(seconds=151), timedelta(hours=8)])
@pytest.mark.answers("G11", "J2")
def test_a_machine_that_slept_does_not_send_when_its_wall_clock_has_not_noticed(slept: timedelta) -> None:
    machine = Machine()
    lease = Lease(None, "intacct", "us:1", 1, NOON + LENGTH, CALL, later_of(Clock(), machine))  # type: ignore[arg-type]
    lease.check()
    machine.up += slept
    lease._renew = lambda: None  # type: ignore[method-assign]  # the database cannot be reached in time
    with pytest.raises(Busy, match="our lease has run out"):
        lease.check()


def test_the_machines_uptime_goes_on_and_counts_its_sleep() -> None:
    assert timedelta(0) < uptime() <= uptime()
    with open("/proc/uptime", encoding="ascii") as file:
        assert abs(timedelta(seconds=float(file.read().split()[0])) - uptime()) < timedelta(seconds=5)


def paused_within(times: Iterable[datetime]) -> Lease:
    """A lease whose holder looks at the clock and is paused before it looks again."""
    clock = iter(times)
    return Lease(None, "intacct", "us:1", 1, NOON + LENGTH, CALL, lambda: next(clock))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("woke_up", "may_send"),
    [
        (NOON + timedelta(seconds=150), True),  # the call, and two clocks thirty seconds apart, still fit in
        (NOON + timedelta(seconds=151), False),
        (NOON + LENGTH, False),
        (NOON + timedelta(days=1), False),
    ],
)
def test_a_send_that_could_outlive_the_lease_is_not_begun(woke_up: datetime, may_send: bool) -> None:
    lease = paused_within([NOON, woke_up])
    if may_send:
        lease.check()
    else:
        with pytest.raises(Busy, match="our lease has run out"):
            lease.check()


def test_a_call_that_takes_longer_than_a_lease_lasts_is_never_begun(journal: Journal) -> None:
    with leased(journal, "intacct", LENGTH, Clock()) as lease, pytest.raises(Busy, match="our lease has run out"):
        lease.check()
