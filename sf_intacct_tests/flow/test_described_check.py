"""Mappings beside what the systems say of themselves: what is not there or not taken is said at its line."""

from typing import Any

import pytest

from sf_intacct.errors import MappingError
from sf_intacct.flow.described import unasked
from sf_intacct.flow.described_check import described_problems
from sf_intacct.flow.mapping_text import parse
from sf_intacct.model.described import Described, DescribedField, DescribedObject, DescribedSystem
from sf_intacct.model.system import Kind
from sf_intacct_tests.flow.company import TEXTS, edited, line_of
from sf_intacct_tests.flow.descriptions import READ_AT, as_promised, but, described, without

ORDER, ACCOUNT, PRODUCT = "order_to_invoice.yaml", "account_to_customer.yaml", "product_to_item.yaml"
MIRROR = "invoice_to_mirror.yaml"


def _found(known: Described, texts: dict[str, str] = TEXTS) -> list[MappingError]:
    return described_problems(parse(texts), known)


def _one(known: Described, texts: dict[str, str] = TEXTS) -> MappingError:
    (problem,) = _found(known, texts)
    return problem


def test_systems_that_are_what_the_contracts_say_have_nothing_to_complain_of() -> None:
    assert _found(described()) == []


def test_a_system_that_was_never_asked_is_not_judged() -> None:
    assert _found(Described()) == []


@pytest.mark.parametrize(
    ("known", "file", "at", "seen", "remedy"),
    [
        # Columns that a mapping reads: of its source, of a neighbour, of its lines.
        (without("salesforce", "Order", "PoNumber", "PoNumbers"), ORDER, "po_number", "field PoNumber", "PoNumbers?"),
        (without("salesforce", "OrderItem", "TotalPrice"), ORDER, "TRX_AMOUNT", "no field TotalPrice", ""),
        (without("salesforce", "Product2", "Family"), ORDER, "product.family", "no field Family", ""),
        (
            but("salesforce", "Order", "EffectiveDate", kinds=frozenset({Kind.TEXT}), type="string"),
            ORDER, "effective_on", "Order.EffectiveDate is string, and we take it for a date", "",
        ),
        # Fields that a mapping writes.
        (without("intacct", "CUSTOMER", "TAXID", "TAXIDS"), ACCOUNT, "TAXID", "CUSTOMER has no field TAXID", "TAXIDS?"),
        (without("intacct", "ARINVOICEITEM", "DEPARTMENTID"), ORDER, "DEPARTMENTID", "no field DEPARTMENTID", ""),
        (
            but("intacct", "CUSTOMER", "NAME", creatable=False, updatable=False),
            ACCOUNT, "NAME", "lets nobody write CUSTOMER.NAME", "another field",
        ),
        (
            but("salesforce", "Intacct_Invoice__c", "Due_Date__c", updatable=False),
            MIRROR, "Due_Date__c", "Intacct_Invoice__c.Due_Date__c later", "create_only",
        ),
        # What a new record needs.
        (but("intacct", "CUSTOMER", "CUSTMESSAGEID", required=True), ACCOUNT, "fields", "needs CUSTMESSAGEID", "add"),
        (
            but("salesforce", "Intacct_Invoice__c", "Invoice_Key__c", is_key=False),
            MIRROR, "identity", "Invoice_Key__c is no external id", "external id",
        ),
    ],
)  # fmt: skip
def test_what_a_system_does_not_have_or_take_is_said_at_its_line(
    known: Described, file: str, at: str, seen: str, remedy: str
) -> None:
    problem = _one(known)
    assert problem.record == f"{file}, line {line_of(TEXTS, file, at)}"
    assert seen in problem.seen
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("rule", "changed", "seen", "remedy"),
    [
        ("{constant: Kitt}", {"values": ("Inventory", "Kit")}, "ITEM.ITEMTYPE takes only Inventory, Kit", "mean Kit?"),
        ("\"'Kitt'\"", {"values": ("Inventory", "Kit")}, "takes only Inventory, Kit, and not 'Kitt'", "mean Kit?"),
        ("\"'Kitt'\"", {"length": 3}, "ITEM.ITEMTYPE takes 3 characters, and 'Kitt' has 4", ""),
        ("{lookup: terms, of: family, default: None}", {"values": ("N30", "N60")}, "N30, N60, and not 'None'", ""),
    ],
)
def test_a_value_that_the_file_says_outright_must_be_one_that_the_field_takes(
    rule: str, changed: dict[str, Any], seen: str, remedy: str
) -> None:
    texts = edited(PRODUCT, "  ITEMID: product_code\n", f"  ITEMID: product_code\n  ITEMTYPE: {rule}\n")
    problem = _one(but("intacct", "ITEM", "ITEMTYPE", **changed), texts)
    assert problem.record == f"{PRODUCT}, line {line_of(texts, PRODUCT, 'ITEMTYPE')}"
    assert seen in problem.seen
    assert remedy in problem.remedy


def test_a_crosswalk_value_that_the_field_does_not_take_is_said_at_its_own_line() -> None:
    problem = _one(but("intacct", "CUSTOMER", "TERMNAME", values=("N30", "N60+")))
    assert problem.record == "crosswalks/terms.csv, line 3"
    assert problem.seen == "CUSTOMER.TERMNAME takes only N30, N60+, and not 'N60'"
    assert problem.remedy == "did you mean N60+?"


def test_an_object_that_is_not_there_is_one_problem_and_not_one_for_each_field() -> None:
    systems = as_promised()
    del systems["salesforce"]["Product2"]
    problem = _one(described(systems))
    assert problem.record == f"{ORDER}, line {line_of(TEXTS, ORDER, 'salesforce_products')}"
    assert "Salesforce has no object Product2" in problem.seen


def test_a_column_that_no_mapping_names_is_said_at_its_contract() -> None:
    """It is read all the same: the sync would stop at it."""
    problem = _one(without("intacct", "CUSTOMER", "TOTALDUE"))
    assert problem.record == "the contract of intacct_customers.total_due"
    assert "CUSTOMER has no field TOTALDUE" in problem.seen


def test_documents_are_made_by_functions_of_their_own_whose_arguments_are_not_described() -> None:
    assert _found(but("intacct", "ARINVOICE", "TRX_SOMETHING", required=True)) == []
    assert _found(but("intacct", "ARINVOICE", "RECORDID", creatable=False, updatable=False)) == []


def test_a_field_that_is_fixed_when_the_record_is_made_need_not_be_open_later() -> None:
    texts = edited(ACCOUNT, "NAME: name", "NAME: {value: name, mode: create_only}")
    assert _found(but("intacct", "CUSTOMER", "NAME", updatable=False), texts) == []


def _related() -> Described:
    user = DescribedObject("User", {"EmployeeNumber": DescribedField("EmployeeNumber", "string")})
    order = DescribedObject("Order", {"Id": DescribedField("Id", "id")}, {"Owner": "User"})
    return Described({"salesforce": DescribedSystem(READ_AT, {"Order": order, "User": user})})


def test_a_dotted_name_is_followed_to_the_object_that_it_leads_to() -> None:
    found = _related().field("salesforce", "Order", "Owner.EmployeeNumber")
    assert found is not None
    assert found.name == "EmployeeNumber"
    assert _related().field("salesforce", "Order", "Owner.EmployeeNumbr") is None
    assert _related().field("salesforce", "Order", "Ownr.EmployeeNumber") is None
    assert _related().names("salesforce", "Order", "Owner.EmployeeNumbr") == ["Owner.EmployeeNumber"]


def test_objects_behind_dotted_names_are_asked_for_once_their_way_is_known() -> None:
    mappings = parse(edited(ACCOUNT, "TAXID: tax_id", "TAXID: owner_number"))
    first = unasked(mappings, "salesforce", {})
    assert "Account" in first
    assert "User" not in first
    known: dict[str, DescribedObject | None] = dict.fromkeys(first)
    assert unasked(mappings, "salesforce", known) == []
    known["Account"] = DescribedObject("Account", {}, {"Owner": "User"})
    assert unasked(mappings, "salesforce", known) == ["User"]
    assert unasked(mappings, "salesforce", {**known, "User": None}) == []
