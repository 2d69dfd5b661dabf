"""replay: what is exported says nothing of anybody, and played again it comes out the same."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from sf_intacct.flow.bundle import read_bundle
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.masking import is_kept
from sf_intacct.orchestration.house import House
from sf_intacct.store import exceptions
from sf_intacct_tests.cli.desk import Desk, secrets_of
from sf_intacct_tests.town import ACCOUNTS, PRODUCTS, line, order, settle


def _open(desk: Desk) -> dict[str, str]:
    """Exception ids by cause."""
    return {one["cause"]: one["id"] for one in exceptions.listed(desk.house.journal)}


def _personal(house: House) -> set[str]:
    """Every value that the warehouse has ever seen in a column that is masked."""
    values: set[str] = set()
    with house.transaction() as session:
        for contract in OBSERVED.values():
            names = [s for s, column in contract.by_source.items() if not is_kept(contract, column)]
            for name in names:
                found = session.frame(
                    f'select distinct "{name}" as v from raw.{contract.name} where "{name}" is not null'
                )
                values |= set(found["v"])
    return {value for value in values if len(value) > 3}


def test_a_bundle_names_nobody_and_holds_no_secret(settled: Desk) -> None:
    for cause, exception in _open(settled).items():
        told = settled.told("replay", "export", exception, "--to", f"{cause}.json")
        file = settled.town.folder / told["file"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        text = file.read_text()
        personal = _personal(settled.house)
        assert personal >= {"Ångström & Søn", "+46 18 1"}
        rows = json.loads(text)
        kept_apart = {name: rows.pop(name) for name in ("mappings", "described")}
        assert all(isinstance(one, dict | str) for one in kept_apart.values())
        said = json.dumps(rows, ensure_ascii=False)
        assert {value for value in personal if json.dumps(value, ensure_ascii=False)[1:-1] in said} == set()
        assert {word for word in ("Ångström", "Ingrid", "Kungsgatan", "Uppsala", "Bolt") if word in text} == set()
        assert {secret for secret in secrets_of(settled.house.settings) if secret in text} == set()


def test_the_same_record_has_the_same_masks_in_every_bundle(settled: Desk) -> None:
    exception = _open(settled)["period_closed"]
    for name in ("one.json", "two.json"):
        settled.says("replay", "export", exception, "--to", name)
    one, two = (json.loads((settled.town.folder / name).read_text()) for name in ("one.json", "two.json"))
    assert (one["salesforce"], one["intacct"]) == (two["salesforce"], two["intacct"])
    key = settled.house.settings.home / "mask.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_victim_can_be_chosen_and_what_is_not_there_is_said(settled: Desk) -> None:
    unmapped = _open(settled)["unmapped_value"]
    assert settled.told("replay", "export", unmapped, "--record", "4")["cause"] == "unmapped_value"
    assert read_bundle((settled.town.folder / f"replay-{unmapped}.json").read_text(), "").case.label == "4"
    assert "keeps no such record" in settled.refuses("replay", "export", unmapped, "--record", "99", ends=3)
    assert "no such exception" in settled.refuses("replay", "export", "nothing", ends=3)
    assert "nowhere/b.json" in settled.refuses("replay", "export", unmapped, "--to", "nowhere/b.json", ends=3)
    settled.refuses("replay", "run", ends=2)
    (settled.town.folder / "not.json").write_text("{}")
    assert "not a replay bundle" in settled.refuses("replay", "run", "not.json", ends=3)


@pytest.mark.long
def test_every_way_of_not_crossing_is_reproduced_from_its_bundle(desk: Desk) -> None:
    """Found by the plan, refused by a rule, refused in words that no rule here says, amended after posting."""
    nameless = {"key": "odd", "Name": "Odd Part", "ProductCode": "", "Family": "Hardware", "IsActive": "true"}
    orders = [order("1", Department__c="Nowhere"), order("2"), order("3", EffectiveDate="2026-07-15"), order("4")]
    lines = [line(1, "1"), line(2, "2", "odd"), line(3, "3"), line(4, "4"), line(5, "5")]
    desk.town.seed([*orders, order("5", "bolt", status="Draft")], lines, ACCOUNTS, [*PRODUCTS, nameless])
    settle(desk.house)
    desk.town.act("salesforce", "edit", object="Order", id=desk.town.order("4")["Id"], fields={"PoNumber": "PO-NEW"})
    desk.town.act("salesforce", "activate_order", order="5")
    words = {"code": "BL99", "message": "Customer 'Bolt & Nut' is not valid on a Friday"}
    desk.town.fault("refuse", operation="create_invoice", times=None, settings=words)
    settle(desk.house)
    folder = desk.town.folder / "cases"
    folder.mkdir()
    for cause, exception in _open(desk).items():
        desk.says("replay", "export", exception, "--to", f"cases/{cause}.json")
    told = {one["expected"]: one for one in desk.told("replay", "run", "--all", "cases")["replays"]}
    assert {cause: one["by"] for cause, one in told.items()} == {
        "unmapped_value": "the plan",
        "missing_item": "the plan",
        "missing_value": "the plan",
        "period_closed": "a rule of the sandbox",
        "amended_after_posting": "the plan",
        "invalid_in_books": "the recorded answer",
    }
    assert all(one["is_reproduced"] and one["same_subject"] for one in told.values()), told
    assert "Bolt" not in (folder / "invalid_in_books.json").read_text()

    healed = _healed(folder / "unmapped_value.json")
    ends = desk.run("replay", "run", str(healed))
    assert ends.exit_code == 1
    assert "(it crossed)" in ends.output
    assert "NO" in ends.output


def _healed(file: Path) -> Path:
    """The bundle as if somebody had mended the record."""
    told: dict[str, Any] = json.loads(file.read_text())
    for row in told["salesforce"]["Order"]:
        row["Department__c"] = "Field Sales"
    healed = file.with_name("healed.txt")
    healed.write_text(json.dumps(told))
    return healed
