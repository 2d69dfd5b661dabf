"""mappings: what is wrong is said with file, line and suggestion; a crossing is shown as a controller reads it."""

import re
from pathlib import Path

import pytest

from sf_intacct_tests.cli.desk import Desk


def _changed(desk: Desk, name: str, before: str, after: str) -> int:
    """Edits a mapping file; returns the line of the edit."""
    file = desk.town.folder / "mappings" / name
    text = file.read_text()
    assert text.count(before) == 1, f"{before} is not once in {name}"
    file.write_text(text.replace(before, after))
    return text[: text.index(before)].count("\n") + 1


def test_the_mappings_that_ship_are_in_order(desk: Desk) -> None:
    assert desk.says("mappings", "check") == "The mapping files are in order.\n"
    told = desk.told("mappings", "check")
    assert told["problems"] == []
    assert [one["described"] for one in told["against"]] == ["shipped", "shipped"]


@pytest.mark.parametrize(
    ("name", "before", "after", "seen", "remedy"),
    [
        ("order_to_invoice.yaml", "po_number", "po_numbr", "'po_numbr' cannot be computed", "did you mean po_number?"),
        (
            "order_to_invoice.yaml",
            "DOCNUMBER",
            "DOCNUMBR",
            "ARINVOICE has no field DOCNUMBR",
            "did you mean DOCNUMBER?",
        ),
        (
            "order_to_invoice.yaml",
            "when_changed:",
            "wen_changed:",
            "unknown key wen_changed",
            "did you mean when_changed?",
        ),
        ("order_to_invoice.yaml", "lookup: departments", "lookup: departmets", "no lookup departmets", "departments"),
        (
            "order_to_invoice.yaml",
            "link: product_to_item",
            "link: product_to_itm",
            "no crossing product_to_itm",
            "item",
        ),
        (
            "order_to_invoice.yaml",
            "cause: negative_line",
            "cause: negativ_line",
            "no cause negativ_line",
            "negative_line",
        ),
        ("company.yaml", "crosswalks/terms.csv", "crosswalks/term.csv", "no file crosswalks/term.csv", "terms.csv"),
        (
            "product_to_item.yaml",
            "from: salesforce_products",
            "from: salesforce_product",
            "no table",
            "salesforce_products",
        ),
    ],
)
def test_a_slip_is_said_with_its_file_its_line_and_what_was_probably_meant(
    desk: Desk, name: str, before: str, after: str, seen: str, remedy: str
) -> None:
    line = _changed(desk, name, before, after)
    (problem,) = desk.told("mappings", "check", ends=3)["problems"]
    assert problem["where"] == f"{name}, line {line}"
    assert seen in problem["seen"]
    assert remedy in problem["remedy"]

    said = desk.run("mappings", "check")
    assert said.exit_code == 3
    assert f"record: {name}, line {line}; seen: " in said.stdout
    assert f"what to do: {problem['remedy']}" in said.stdout


def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    _changed(desk, "order_to_invoice.yaml", "po_number", "po_numbr")
    _changed(desk, "product_to_item.yaml", "ITEMTYPE", "ITEMTIP")
    _changed(desk, "company.yaml", "in: intacct_terms", "in: intacct_trms")
    problems = desk.told("mappings", "check", ends=3)["problems"]
    assert [problem["where"].split(",")[0] for problem in problems] == [
        "company.yaml",
        "order_to_invoice.yaml",
        "product_to_item.yaml",
    ]


@pytest.mark.parametrize("command", [("status",), ("plan",), ("sync",)])
def test_no_command_of_the_road_works_with_a_mapping_that_cannot_be_meant(desk: Desk, command: tuple[str, ...]) -> None:
    line = _changed(desk, "order_to_invoice.yaml", "po_number", "po_numbr")
    said = desk.refuses(*command, ends=3)
    assert f"reading the mappings; record: order_to_invoice.yaml, line {line}; seen: 'po_numbr' cannot be" in said
    assert "what to do: did you mean po_number?" in said


def test_files_elsewhere_are_checked_without_any_setting(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "draft"
    (desk.town.folder / "mappings").rename(folder)
    nothing = dict.fromkeys(("SF_INTACCT_SALESFORCE_URL", "SF_INTACCT_MAPPINGS"))
    assert "in order" in desk.says("mappings", "check", "--folder", str(folder), **nothing)
    said = desk.run("mappings", "check", **nothing)
    assert (said.exit_code, said.stdout) == (
        3,
        "reading the mappings; seen: no folder mappings; what to do: set SF_INTACCT_MAPPINGS\n",
    )


def test_a_crossing_is_shown_field_by_field(desk: Desk) -> None:
    said = desk.says("mappings", "show", "order_to_invoice")
    assert said.startswith("An activated order becomes one Intacct AR invoice, line by line.\nWhen: status_code = ")
    head, _, lines = said.partition("Each of its lines: ")
    customer = re.split(" {2,}", next(row for row in head.splitlines() if " CUSTOMERID " in row))
    assert customer == ["Customer", "CUSTOMERID", "Order.AccountId", "its CUSTOMER", "waits", "always", ""]
    assert "Account that ordered" in head
    family = re.split(" {2,}", next(row for row in lines.splitlines() if " ACCOUNTNO " in row))
    assert family == ["GL account", "ACCOUNTNO", "Product2.Family", "list revenue_accounts", "waits", "when made"]
    assert "Must be active: Payment terms, in intacct_terms\n" in head


def test_what_becomes_of_a_record_that_leaves_is_part_of_what_is_signed(desk: Desk) -> None:
    said = desk.says("mappings", "show", "account_to_customer")
    assert "Leaves: when it is deleted, or type in ('Vendor', 'Competitor')" in said
    assert "Then: STATUS becomes 'inactive'\nBut not while: intacct_invoices has total_due <> 0\n" in said
    assert "Recognised by: tax id: tax_id here, tax_id there\n" in said
    # No name of a field is broken, and a line break in SQL is shown as one.
    assert "DISPLAYCONTACT.MAILADDRESS.ADDRESS1 " in said
    assert "\\n" in said


def test_what_a_controller_signs_says_when_it_crosses_what_is_held_and_under_which_files(desk: Desk) -> None:
    said = desk.says("mappings", "show", "order_to_invoice")
    revision = desk.told("mappings", "show", "order_to_invoice")["revision"]
    assert "Known by: RECORDID, marked by SALESFORCE_ID\n" in said
    assert "A later difference: hold\n" in said
    held = "(quantity < 0 and total_price >= 0) or (total_price < 0 and company.mixed_orders <> 'split')"
    assert f"Held for a person: any line: {held} (negative_line)\n" in said
    assert f"Mapping files of revision {revision}. Read and agreed:" in said
    _changed(desk, "order_to_invoice.yaml", "po_number", "department")
    assert desk.told("mappings", "show", "order_to_invoice")["revision"] != revision


def test_a_program_is_told_the_same_fields(desk: Desk) -> None:
    told = desk.told("mappings", "show", "account_to_customer")
    assert (told["from"], told["to"]) == ("salesforce_accounts", "intacct.CUSTOMER")
    fields = {field.pop("field"): field for field in told["fields"]}
    assert fields["TERMNAME"] == {
        "part": "head",
        "meaning": "Payment terms",
        "entity": "",
        "owner": "",
        "sql": "payment_terms",
        "comes_from": "Account.Payment_Terms__c: Payment terms as Sales names them",
        "by": "terms",
        "otherwise": "omit",
        "mode": "always",
    }
    assert fields["CUSTOMERID"] == {
        "part": "head",
        "meaning": "Customer id",
        "entity": "",
        "owner": "",
        "sql": "'C-' || account_number",
        "comes_from": "'C-' || account_number",
        "by": "",
        "otherwise": "required",
        "mode": "create_only",
    }


def test_a_crossing_that_is_not_there_is_wrong_use_with_a_suggestion(desk: Desk) -> None:
    said = desk.refuses("mappings", "show", "order_to_invoces", ends=2)
    assert "there is no crossing order_to_invoces; did you mean order_to_invoice?" in said
    assert "there are account_to_customer, account_to_ship_to" in desk.refuses("mappings", "show", "zzzzzz", ends=2)
