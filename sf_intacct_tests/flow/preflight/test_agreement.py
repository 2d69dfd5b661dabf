"""What the preflight lets through the sandbox's books accept, and what it finds they refuse: for any document."""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sf_intacct.flow import references
from sf_intacct.flow.findings import together
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import rules
from sf_intacct.sandbox.intacct.books import invoices, periods
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.books.entry import with_defaults
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.values import us_date
from sf_intacct.sandbox.world import World
from sf_intacct_tests.flow.preflight.books import company, documents

DEMANDS = {
    "REQUIREDEPT": "requires_department",
    "REQUIRELOC": "requires_location",
    "REQUIRECLASS": "requires_class",
    "REQUIREITEM": "requires_item",
    "REQUIREPROJECT": "requires_project",
}
# Object of the books: the table of core, and the column of each field.
TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "GLACCOUNT": (
        "intacct_gl_accounts",
        {"ACCOUNTNO": "account_number", "ALTERNATIVEACCOUNT": "control_of", **DEMANDS},
    ),
    "DEPARTMENT": ("intacct_departments", {"DEPARTMENTID": "department_id"}),
    "LOCATION": ("intacct_locations", {"LOCATIONID": "location_id", "PARENTID": "parent_id"}),
    "CLASS": ("intacct_classes", {"CLASSID": "class_id"}),
    "ITEM": ("intacct_items", {"ITEMID": "item_id"}),
    "ARTERM": ("intacct_terms", {"NAME": "name"}),
    "CUSTOMER": (
        "intacct_customers",
        {"CUSTOMERID": "customer_id", "ONHOLD": "is_on_hold", "TERMNAME": "terms", "PARENTID": "parent_id"},
    ),
    "PROJECT": ("intacct_projects", {"PROJECTID": "project_id", "CUSTOMERID": "customer_id"}),
}
# Field of head or line that names a record of which table.
NAMES = {
    "ACCOUNTNO": "intacct_gl_accounts",
    "DEPARTMENTID": "intacct_departments",
    "LOCATIONID": "intacct_locations",
    "CLASSID": "intacct_classes",
    "ITEMID": "intacct_items",
    "TERMNAME": "intacct_terms",
    "CUSTOMERID": "intacct_customers",
    "PROJECTID": "intacct_projects",
}
_ALWAYS = {
    "ACCOUNTTYPE": "incomestatement",
    "NORMALBALANCE": "credit",
    "CLOSINGTYPE": "closing account",
    "PROJECTCATEGORY": "Contract",
    "DUEDATE": 30,
    "NAME": "some name",
    "TITLE": "some title",
}


@dataclass(frozen=True)
class Books:
    """A small slice of the books: rows by object, closed periods (entity, ledger, last day), and one restriction."""

    rows: dict[str, list[dict[str, Any]]]
    closed: list[tuple[str, str, str]]
    allowed: str | None


@dataclass(frozen=True)
class Case:
    """A document, line by line, and the books that it is for."""

    books: Books
    head: dict[str, Any]
    lines: list[dict[str, Any]]


def lawful() -> Case:
    """A document that every rule passes, of two lines, one on an account that demands everything."""
    demanding = dict.fromkeys(DEMANDS, "true")
    rows: dict[str, list[dict[str, Any]]] = {
        "ARTERM": [{"NAME": "Net 30"}],
        "GLACCOUNT": [{"ACCOUNTNO": "4000", **demanding}, {"ACCOUNTNO": "4300"}],
        "DEPARTMENT": [{"DEPARTMENTID": "100"}, {"DEPARTMENTID": "200"}],
        "LOCATION": [{"LOCATIONID": "E01"}, {"LOCATIONID": "SHOP", "PARENTID": "E01"}, {"LOCATIONID": "W01"}],
        "CLASS": [{"CLASSID": "HW"}],
        "ITEM": [{"ITEMID": "SCALE"}],
        "CUSTOMER": [{"CUSTOMERID": "C-1", "TERMNAME": "Net 30"}, {"CUSTOMERID": "C-2", "PARENTID": "C-1"}],
        "PROJECT": [{"PROJECTID": "P-1", "CUSTOMERID": "C-1"}],
    }
    active = {name: [{"STATUS": "active", **row} for row in found] for name, found in rows.items()}
    head = {"CUSTOMERID": "C-1", "WHENCREATED": "2026-10-05", "WHENPOSTED": "2026-10-06"}
    coded = {"DEPARTMENTID": "100", "LOCATIONID": "SHOP", "CLASSID": "HW", "ITEMID": "SCALE", "PROJECTID": "P-1"}
    lines = [{"ACCOUNTNO": "4000", "TRX_AMOUNT": "10.00", **coded}, {"ACCOUNTNO": "4300", "TRX_AMOUNT": "0.01"}]
    return Case(Books(active, [("", "OE", "2026-12-31")], None), head, lines)


# One thing that may be otherwise: object of the books, `head` or `line`; which; field; value.
Change = tuple[str, int, str, str | None]
CHANGES: list[Change] = [
    *((name, at, "STATUS", "inactive") for name, found in lawful().books.rows.items() for at in range(len(found))),
    *(("GLACCOUNT", 1, flag, "true") for flag in DEMANDS),
    ("GLACCOUNT", 0, "ALTERNATIVEACCOUNT", "Receivables account"),
    ("GLACCOUNT", 1, "ALTERNATIVEACCOUNT", "Receivables account"),
    ("LOCATION", 1, "PARENTID", "W01"),
    ("CUSTOMER", 0, "ONHOLD", "true"),
    ("CUSTOMER", 1, "ONHOLD", "true"),
    ("CUSTOMER", 0, "TERMNAME", None),
    ("CUSTOMER", 1, "PARENTID", None),
    ("PROJECT", 0, "CUSTOMERID", "C-2"),
    ("PROJECT", 0, "CUSTOMERID", None),
    *(("closed", 0, f"{entity}/{ledger}", "2026-10-05") for entity in ("", "E01", "W01") for ledger in ("GL", "AR")),
    *(("closed", 0, f"{entity}/{ledger}", "2026-10-31") for entity in ("", "E01", "W01") for ledger in ("GL", "AR")),
    ("allowed", 0, "", "100"),
    ("allowed", 0, "", "200"),
    ("head", 0, "CUSTOMERID", "C-2"),
    ("head", 0, "CUSTOMERID", "C-9"),
    ("head", 0, "WHENPOSTED", "2026-10-01"),
    ("head", 0, "WHENPOSTED", None),
    ("head", 0, "TERMNAME", "Net 30"),
    ("head", 0, "TERMNAME", "Net 9"),
    ("head", 0, "CURRENCY", "EUR"),
    ("head", 0, "entity", "E01"),
    ("head", 0, "entity", "W01"),
    *(("line", at, name, None) for at in (0, 1) for name in lawful().lines[0]),
    *(("line", at, name, "unknown") for at in (0, 1) for name in lawful().lines[0] if name != "TRX_AMOUNT"),
    ("line", 0, "DEPARTMENTID", "200"),
    ("line", 0, "LOCATIONID", "W01"),
    ("line", 1, "LOCATIONID", "E01"),
    ("line", 1, "PROJECTID", "P-1"),
]


def changed(changes: list[Change]) -> Case:
    """The lawful document and its books with some things otherwise; of two changes of one thing the last counts."""
    case = lawful()
    rows, head, lines = case.books.rows, case.head, case.lines
    closed, allowed = dict.fromkeys([("", "OE")], "2026-12-31"), None
    for where, at, name, value in changes:
        if where == "closed":
            entity, _, ledger = name.partition("/")
            closed[entity, ledger] = str(value)
        elif where == "allowed":
            allowed = value
        else:
            {"head": [head], "line": lines}.get(where, rows.get(where, []))[at][name] = value
    return Case(Books(rows, [(*key, day) for key, day in closed.items()], allowed), head, lines)


def found(case: Case) -> list[str]:
    """The causes that the plan finds: references by their standing, and the rules of the preflight."""
    books, head, lines = case.books, case.head, case.lines
    tables = {table: [_as_core(row, columns) for row in books.rows[name]] for name, (table, columns) in TABLES.items()}
    asked = documents(head, lines=lines, mappings=_company(books), tables=tables)
    named = [
        references.judged(
            frame.select(pl.col("source_id").alias("__source"), pl.col(field).alias("intacct")),
            table,
            asked.tables,
            "",
            is_listed=True,
        )
        for field, table in NAMES.items()
        for frame in (asked.heads, asked.lines)
        if frame is not None and field in frame.columns
    ]
    told = together([rules.checked(asked).findings, *(one for part in named for one in part)])
    return sorted(set(told["cause"]))


def _as_core(row: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    flags = {"true": True, "false": False}
    return {"status": row["STATUS"]} | {c: flags.get(row.get(f) or "", row.get(f)) for f, c in columns.items()}


def _company(books: Books) -> Mappings:
    closed = "".join(f"    - {{through: {day}, entity: '{e}', ledger: {ledger}}}\n" for e, ledger, day in books.closed)
    more = f"periods:\n  closed:\n{closed}" if closed else ""
    if books.allowed:
        one = f"{{account: '4000', dimension: DEPARTMENTID, allowed: ['{books.allowed}']}}"
        more += f"preflight:\n  restrictions:\n    - {one}\n"
    fields = "  WHENPOSTED: effective_on\n  CURRENCY: currency\n"
    mappings = company(more, fields)
    constants = {**mappings.company.constants, "intacct_currencies": "one"}
    return replace(mappings, company=mappings.company.model_copy(update={"constants": constants}))


def refused(case: Case) -> list[str]:
    """What the imitated books say to the same document; nothing: it is in them."""
    books, head, lines = case.books, case.head, case.lines
    imitated = Company(World())
    imitated.reset()
    clerk = Clerk(imitated.store, imitated.settings)
    for name, rows in books.rows.items():
        definition = imitated.store.schema[name]
        extra = {field: value for field, value in _ALWAYS.items() if field in definition.by_id}
        clerk.add(name, [with_defaults(definition, {**extra, **row}) for row in rows])
    for entity, ledger, day in books.closed:
        periods.close(imitated.store, day, entity, ledger)
    if books.allowed:
        imitated.settings.restrictions = f"4000 DEPARTMENTID={books.allowed}"
    dates = {name: us_date(head[name]) for name in ("WHENCREATED", "WHENPOSTED") if head.get(name)}
    values = {name: value for name, value in head.items() if value is not None and name != "entity"} | dates
    try:
        invoices.create(
            replace(clerk, entity=head.get("entity") or ""),
            {"RECORDID": "SO-1", **values},
            [{name: value or "" for name, value in line.items()} for line in lines],
        )
    except Rejection as refusal:
        return [problem.text for problem in refusal.problems]
    return []


@pytest.mark.answers("D29")
@settings(max_examples=60)
@given(st.lists(st.sampled_from(CHANGES), max_size=2))
def test_the_preflight_and_the_books_agree(changes: list[Change]) -> None:
    case = changed(changes)
    assert bool(found(case)) == bool(refused(case)), f"the plan: {found(case)}; the books: {refused(case)}"


@pytest.mark.long
@settings(max_examples=5000)
@given(st.lists(st.sampled_from(CHANGES), max_size=4))
def test_the_preflight_and_the_books_agree_about_thousands_of_documents(changes: list[Change]) -> None:
    case = changed(changes)
    assert bool(found(case)) == bool(refused(case)), f"the plan: {found(case)}; the books: {refused(case)}"


def test_what_is_lawful_is_found_lawful_and_is_accepted() -> None:
    """That the two agree would mean little if both refused everything."""
    assert found(lawful()) == refused(lawful()) == []


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_two_agree_about_every_single_change(change: Change) -> None:
    case = changed([change])
    assert bool(found(case)) == bool(refused(case)), f"the plan: {found(case)}; the books: {refused(case)}"


# What each rule is to find, in a document that is lawful but for these changes.
BROKEN: dict[str, list[Change]] = {
    "period_closed": [("closed", 0, "E01/AR", "2026-10-31")],
    "line_complete": [("line", 1, "ACCOUNTNO", None)],
    "required_dimension": [("line", 0, "CLASSID", None)],
    "control_account": [("GLACCOUNT", 1, "ALTERNATIVEACCOUNT", "Receivables account")],
    "restricted_dimension": [("allowed", 0, "", "200")],
    "location_in_entity": [("head", 0, "entity", "W01")],
    "project_customer": [("PROJECT", 0, "CUSTOMERID", "C-2"), ("CUSTOMER", 1, "PARENTID", None)],
    "customer_hold": [("CUSTOMER", 0, "ONHOLD", "true")],
    "due_date": [("CUSTOMER", 0, "TERMNAME", None)],
    "single_currency": [("head", 0, "CURRENCY", "EUR")],
}


@pytest.mark.parametrize("rule", BROKEN)
def test_every_rule_alone_finds_what_the_books_refuse(rule: str) -> None:
    case = changed(BROKEN[rule])
    causes = next(one.causes for one in rules.RULES if one.name == rule)
    assert set(found(case)) <= set(causes)
    assert found(case)
    assert refused(case)


def test_every_rule_about_invoices_has_such_a_document() -> None:
    about = {one.name for one in rules.RULES if "ARINVOICE" in one.objects}
    assert about == BROKEN.keys()
