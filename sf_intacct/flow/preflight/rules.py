"""Every rule of the preflight: what it finds, what it reads, and on which documents it is tried."""

from collections.abc import Callable, Mapping as Dict
from dataclasses import dataclass, replace

import polars as pl

from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import together
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_preflight import PeriodPolicy, Policy
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import coding, parties, periods
from sf_intacct.flow.preflight.closings import CLOSED_BOOKS
from sf_intacct.flow.preflight.documents import ADJUSTMENT, INVOICE, SALE, Documents

DOCUMENTS = frozenset({INVOICE, ADJUSTMENT, SALE})


@dataclass(frozen=True)
class Rule:
    """One rule. reads: the tables of core that it looks at, as far as they are read at all; says: in plain words.

    of_absent: it is about values that are not there, so that it is not tried where it is told already why one is not.
    """

    name: str
    causes: tuple[str, ...]
    says: str
    finds: Callable[[Documents], pl.DataFrame]
    reads: tuple[str, ...] = ()
    objects: frozenset[str] = DOCUMENTS
    of_absent: bool = False


_LEDGER = frozenset({INVOICE, ADJUSTMENT})
_ACCOUNTS = (coding.ACCOUNTS, coding.LABELS)
RULES: tuple[Rule, ...] = (
    Rule(
        "line_complete",
        ("account_not_given", "line_without_amount"),
        "Every line has a GL account (or label) and an amount.",
        coding.incomplete,
        objects=_LEDGER,
        of_absent=True,
    ),
    Rule(
        "required_dimension",
        ("missing_dimension",),
        "Every line has the dimensions that its GL account demands (`REQUIRE...` of the chart of accounts).",
        coding.undimensioned,
        _ACCOUNTS,
        _LEDGER,
        of_absent=True,
    ),
    Rule(
        "control_account",
        ("account_not_for_sales",),
        "No line is on a control account of a subledger (`ALTERNATIVEACCOUNT`).",
        coding.control_accounts,
        _ACCOUNTS,
        _LEDGER,
    ),
    Rule(
        "restricted_dimension",
        ("dimension_restricted",),
        "Dimensions go with their account as `preflight.restrictions` in company.yaml states it.",
        coding.restricted,
        _ACCOUNTS,
        _LEDGER,
    ),
    Rule(
        "location_in_entity",
        ("location_elsewhere",),
        "Every line of a document of an entity names that entity or a location below it.",
        coding.elsewhere,
        (coding.LOCATIONS,),
    ),
    Rule(
        "project_customer",
        ("project_of_another",),
        "A project belongs to the document's customer, or to a customer below that one.",
        coding.of_another_customer,
        (coding.PROJECTS, coding.CUSTOMERS),
    ),
    Rule(
        "customer_hold",
        ("customer_on_hold",),
        "The customer of a new document is not on hold.",
        parties.on_hold,
        (parties.CUSTOMERS,),
    ),
    Rule(
        "due_date",
        ("no_due_date", "inactive_in_books"),
        "A new invoice or sales document has terms or a due date, or its customer has terms that are in use.",
        parties.undue,
        (parties.CUSTOMERS, parties.TERMS),
        frozenset({INVOICE, SALE}),
        of_absent=True,
    ),
    Rule(
        "single_currency",
        ("currencies_off",),
        "A company with `intacct_currencies: one` is sent no currency.",
        parties.foreign,
    ),
    Rule(
        "transaction_definition",
        ("definition_forbids",),
        "The transaction definition lets documents be made directly, and not by conversion only.",
        parties.not_made_so,
        (parties.DEFINITIONS,),
        frozenset({SALE}),
    ),
    Rule(
        "quantity",
        ("bad_number",),
        "Quantities of sales documents are above nothing, except of adjustments.",
        parties.not_positive,
        (parties.DEFINITIONS,),
        frozenset({SALE}),
    ),
    Rule(
        "email",
        ("bad_email",),
        "E-mail addresses of customers and contacts have a name, an @ and a domain.",
        parties.bad_emails,
        objects=frozenset({"CUSTOMER", "CONTACT"}),
    ),
    # Last: it lets a document through now and then, which nothing else must keep.
    Rule(
        "period_closed",
        ("period_closed",),
        "The posting date lies in no period that is known to be closed, of the company or an entity, of the general "
        "ledger or the document's own.",
        periods.closed,
        (CLOSED_BOOKS, coding.LOCATIONS, parties.DEFINITIONS),
    ),
)


def of(mapping: Mapping) -> list[Rule]:
    """The rules for what a mapping makes."""
    if mapping.target_system != "intacct":
        return []
    return [rule for rule in RULES if mapping.target_object in rule.objects]


def policy(mappings: Mappings, rule: Rule) -> str:
    """What the company says of a rule: hold, ignore, or for periods next_open_period."""
    return str(getattr(mappings.company.preflight, rule.name))


def reads(mapping: Mapping, mappings: Mappings, in_use: frozenset[str]) -> set[str]:
    """The tables of core that the rules of a mapping look at; nothing is read for their sake that is not in use."""
    rules = [rule for rule in of(mapping) if policy(mappings, rule) != Policy.IGNORE]
    return {table for rule in rules for table in rule.reads} & in_use


def checked(documents: Documents) -> Evaluated:
    """The documents, moved where the company wants it, with a finding for everything that Intacct would refuse."""
    rules = [rule for rule in of(documents.mapping) if policy(documents.mappings, rule) != Policy.IGNORE]
    if documents.mappings.company.preflight.period_closed is PeriodPolicy.NEXT_OPEN_PERIOD and rules:
        documents = replace(documents, evaluated=periods.moved(documents))
    known = documents.evaluated.findings["document_id"].implode()
    for rule in rules:
        found = rule.finds(documents)
        found = found.filter(~pl.col("document_id").is_in(known)) if rule.of_absent else found
        found = together([documents.evaluated.findings, found])
        documents = replace(documents, evaluated=replace(documents.evaluated, findings=found))
    return documents.evaluated


def told(mapping: Mapping, causes: Dict[str, int]) -> dict[str, int]:
    """How many documents each rule keeps, of the numbers by cause in a plan."""
    return {rule.name: sum(causes.get(cause, 0) for cause in rule.causes) for rule in of(mapping)}
