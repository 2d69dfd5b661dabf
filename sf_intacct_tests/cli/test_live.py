"""mappings check --live: both systems are asked what they are made of, and what cannot be asked is said."""

from sf_intacct.model.described import Described
from sf_intacct.store.described_file import NAME, read_described
from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.pauses import counted

CHECK = ("mappings", "check", "--live")


def _edited(desk: Desk, name: str, before: str, after: str) -> int:
    file = desk.town.folder / "mappings" / name
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, after))
    return text[: text.index(before)].count("\n") + 1


def _kept(desk: Desk) -> Described:
    return read_described(desk.house.settings.home)


def test_the_shipped_company_fits_both_systems_and_what_they_say_is_kept(desk: Desk) -> None:
    desk.town.seed([], [])
    told = desk.told(*CHECK)
    assert told["problems"] == []
    assert [(one["system"], one["described"], one["why"]) for one in told["against"]] == [
        ("salesforce", "now", ""),
        ("intacct", "now", ""),
    ]
    item_id = _kept(desk).field("intacct", "ITEM", "ITEMID")
    assert item_id is not None
    assert (item_id.length, item_id.required) == (30, True)
    # The plan knows it too, for no call.
    assert desk.house.mappings.described == _kept(desk)
    owner = _kept(desk).field("salesforce", "Account", "Owner.EmployeeNumber")
    assert owner is not None
    assert owner.type == "string"


def test_what_the_systems_have_not_is_said_with_its_line_and_what_was_meant(desk: Desk) -> None:
    desk.town.seed([], [])
    desk.town.act("salesforce", "hide_field", object="Order", field="Department__c")
    type_ = _edited(
        desk,
        "product_to_item.yaml",
        "\"coalesce(item_type, 'Non-Inventory (Sales only)')\"",
        "\"'Non-Inventory (Sale only)'\"",
    )
    told = desk.told(*CHECK, ends=3)
    item_type, department = sorted(told["problems"], key=lambda one: one["seen"])
    file = (desk.town.folder / "mappings" / "order_to_invoice.yaml").read_text().splitlines()
    assert department["where"] == f"order_to_invoice.yaml, line {_line(file, 'DEPARTMENTID')}"
    assert department["seen"] == "Salesforce's Order has no field Department__c"
    assert item_type["where"] == f"product_to_item.yaml, line {type_}"
    assert "ITEM.ITEMTYPE takes only Inventory, " in item_type["seen"]
    assert item_type["remedy"] == "did you mean Non-Inventory (Sales only)?"


def _line(lines: list[str], words: str) -> int:
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_what_cannot_be_asked_counts_as_it_was_the_last_time_and_the_exit_code_says_so(desk: Desk) -> None:
    desk.town.seed([], [])
    nowhere = "http://127.0.0.1:9"
    with counted():
        first = desk.run(*CHECK, SF_INTACCT_INTACCT_URL=f"{nowhere}/gateway")
        told = desk.told(*CHECK, ends=4, SF_INTACCT_SALESFORCE_URL=nowhere)
    assert first.exit_code == 4
    said = "The mapping files are in order.\nSalesforce was checked as it describes itself now."
    assert first.stdout.startswith(said)
    assert "Intacct could not be asked (" in first.stdout
    assert "Intacct was checked by the tables that ship with sf-intacct only." in first.stdout

    assert [one["described"] for one in told["against"]] == ["before", "now"]
    assert told["against"][0]["read_at"]
    assert set(_kept(desk).systems) == {"salesforce", "intacct"}


def test_without_settings_the_files_are_still_checked_and_the_exit_code_says_what_to_mend(desk: Desk) -> None:
    told = desk.told(*CHECK, ends=3, SF_INTACCT_SALESFORCE_URL=None)
    assert told["problems"] == []
    assert [one["described"] for one in told["against"]] == ["shipped", "shipped"]
    assert "SF_INTACCT_SALESFORCE_URL" in told["against"][0]["why"]
    assert not (desk.house.settings.home / NAME).exists()
