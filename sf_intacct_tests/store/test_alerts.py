"""Alerts in the journal, in both databases: one turn is one message, whoever finds it, and no attempt is made twice."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sf_intacct.flow.alerts import Change, Fact, Turn
from sf_intacct.store import alerts
from sf_intacct.store.alert_tables import DELIVERY, MESSAGE, TOLD
from sf_intacct.store.journal import Journal

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
FACT = Fact("exception 1", "exception", "It is wrong.", "Mend it.", "sales", 2, {"USD": Decimal("10.50")})


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/journal.sqlite"
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def journals(url: str) -> Iterator[list[Journal]]:
    """Four processes on one journal."""
    made = [Journal(url) for _ in range(4)]
    with made[0].engine.begin() as connection:  # one PostgreSQL serves every test of the session
        for table in (DELIVERY, MESSAGE, TOLD):
            connection.execute(sa.delete(table))
    yield made
    for journal in made:
        journal.close()


def _enter(journal: Journal, *facts: Fact) -> list[Turn]:
    def body(turned: list[Change]) -> dict[str, Any]:
        return {"changes": [change.turn.value for change in turned]}

    turned = alerts.enter(journal, facts, 100, ["webhook"], body, NOON, "run")
    return [change.turn for change in turned]


def test_one_turn_is_one_message_for_however_many_find_it(journals: list[Journal]) -> None:
    found: list[list[Turn]] = []
    threads = [threading.Thread(target=lambda one=one: found.append(_enter(one, FACT))) for one in journals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [[], [], [], [Turn.OPENED]]
    assert len(alerts.listed(journals[0])) == 1
    assert _enter(journals[0], FACT) == []
    assert _enter(journals[1]) == [Turn.RESOLVED]
    assert _enter(journals[0]) == []


def test_one_attempt_is_made_by_one_process_and_the_next_not_before_its_time(journals: list[Journal]) -> None:
    _enter(journals[0], FACT)
    (one,) = alerts.due(journals[0], NOON)
    assert [alerts.claim(journal, one, NOON) for journal in journals] == [True, False, False, False]
    alerts.failed(journals[0], one, "nobody there", NOON)
    pauses: list[int] = []
    at = NOON
    while len(pauses) < 9:
        while not (due := alerts.due(journals[0], at)):
            at += timedelta(minutes=1)
        pauses.append((at - NOON) // timedelta(minutes=1))
        assert alerts.claim(journals[0], due[0], at)
    assert [later - earlier for earlier, later in zip([0, *pauses], pauses, strict=False)] == [
        1, 2, 4, 8, 16, 32, 60, 60, 60,
    ]  # fmt: skip
    alerts.delivered(journals[0], due[0], at)
    assert alerts.due(journals[0], at + timedelta(days=1)) == []
    assert [row["state"] for row in alerts.listed(journals[0])] == ["delivered"]
