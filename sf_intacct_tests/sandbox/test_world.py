"""The shared world: numbers, books that roll back, the request log."""

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest

from sf_intacct.sandbox import world as world_module
from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.wire import Call
from sf_intacct.sandbox.world import World


@pytest.fixture
def world() -> Iterator[World]:
    found = World(clock=Clock(datetime(2026, 1, 1, tzinfo=UTC), frozen=True))
    with closing(found.books):
        found.books.execute("create table t (n integer)")
        yield found


def numbers(world: World) -> list[int]:
    return [row["n"] for row in world.books.execute("select n from t order by n")]


def test_serial_numbers_count_by_kind_and_can_be_reserved(world: World) -> None:
    assert [world.serial("a"), world.serial("a"), world.serial("b")] == [1, 2, 1]
    assert world.serial("a", 10) == 3
    assert world.serial("a") == 13


def test_the_same_seed_makes_the_same_choices() -> None:
    first, second = World(seed=7), World(seed=7)
    with closing(first.books), closing(second.books):
        assert [first.chance.random() for _ in range(5)] == [second.chance.random() for _ in range(5)]


def insert(world: World, number: int, *, fail: bool = False) -> None:
    with world.transaction() as books:
        books.execute("insert into t values (?)", (number,))
        if fail:
            raise KeyError


def insert_around(world: World, *, inner_fails: bool, outer_fails: bool) -> None:
    """1 before the inner transaction, 2 in it, 3 after it."""
    with world.transaction():
        insert(world, 1)
        with suppress(KeyError):
            insert(world, 2, fail=inner_fails)
        insert(world, 3, fail=outer_fails)


def test_a_failed_transaction_leaves_no_trace(world: World) -> None:
    with pytest.raises(KeyError):
        insert(world, 1, fail=True)
    assert numbers(world) == []


def test_an_inner_failure_undoes_the_inner_part_only(world: World) -> None:
    insert_around(world, inner_fails=True, outer_fails=False)
    assert numbers(world) == [1, 3]


def test_an_outer_failure_undoes_what_the_inner_part_had_done(world: World) -> None:
    with pytest.raises(KeyError):
        insert_around(world, inner_fails=False, outer_fails=True)
    assert numbers(world) == []


def test_the_log_keeps_totals_longer_than_lines(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "LOG_LENGTH_MAX", 2)
    log = world_module.RequestLog()
    call = Call("salesforce", ("query", "query"), is_write=False, method="GET", path="/x")
    for _ in range(3):
        log.note(world.clock.now(), call, 200, None, True, 0.5)
    assert (log.total, len(log.lines), log.by_system["salesforce"]) == (3, 2, 3)
    (line,) = log.since(2)
    assert (line["number"], line["operations"], line["at"]) == (3, {"query": 2}, "2026-01-01T00:00:00.000+00:00")
