"""The schemas that editors check mapping files with: they accept what the loader accepts, and refuse its slips."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from sf_intacct.errors import MappingError
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.contracts import CONTRACTS, OBSERVED
from sf_intacct.flow.mapping import Rule
from sf_intacct.flow.mapping_check import checked
from sf_intacct.flow.mapping_document import read_yaml
from sf_intacct.flow.mapping_schema import DRAFT, company_schema, mapping_schema
from sf_intacct.flow.mapping_text import parse
from sf_intacct_tests.town import MAPPINGS

SCHEMAS = {"mapping": mapping_schema(), "company": company_schema()}
FILES = sorted(MAPPINGS.glob("*.yaml"))

# A document with lines that uses every key there is.
INVOICE = """
crossing: order_to_invoice
says: An order becomes an invoice.
from: salesforce_orders
to: intacct.ARINVOICE
beside:
  account: {table: salesforce_accounts, on: account_id}
when: status_code = 'Activated'
identity: RECORDID
mark: SALESFORCE_ID
among: {field: RECORDID, values: [INV-1]}
claim: intacct_invoice_number
entity: region
match:
  keys:
    purchase order: {source: po_number, target: reference_number}
  compare:
    name: {source: account.name, target: customer_id}
  ask_from: 90
creates: true
when_changed: hold
amendments: hold
sold_twice: allow
stake: {amount: total_amount, currency: company.currency}
currency: coalesce(currency, company.currency)
rate: {type: "'Corporate'", from: currency, to: company.currency, on: effective_on}
hold:
  - {any_line: true, when: quantity < 0, cause: negative_line}
fields:
  RECORDID: {value: "'SO-' || order_number", mode: create_only, required: true}
  CUSTOMERID: {link: account_to_customer, of: account_id}
  TERMNAME: {lookup: terms, of: account.payment_terms, otherwise: omit}
  DESCRIPTION: {constant: 0, owner: intacct, mode: sync_once}
  BILLTOPAYTOCONTACTNAME: {value: po_number, by_entity: {E100: account.name}}
  SALESFORCE_ID: order_id
lines:
  each: salesforce_order_items
  order_by: order_item_number
  identity: SALESFORCE_LINE_ID
  beside:
    product: {table: salesforce_products, on: product_id}
  tax: {detail: TAXENTRIES.DETAILID, amount: TAXENTRIES.TRX_TAX, net: TRX_AMOUNT, included: "false", exempt: "false"}
  fields:
    TRX_AMOUNT: total_price
    TAXENTRIES.DETAILID: description
    TAXENTRIES.TRX_TAX: total_price
    ACCOUNTLABEL: {lookup: terms, of: description, default: Sales}
    SALESFORCE_LINE_ID: order_item_id
leaves:
  when: status_code = 'Draft'
  fields: {DESCRIPTION: "'left'"}
  unless: {table: intacct_payments, on: customer_id, when: amount > 0}
"""
ACCOUNT = """
crossing: account_to_customer
says: An account becomes a customer.
from: salesforce_accounts
to: intacct.CUSTOMER
identity: CUSTOMERID
fields: {CUSTOMERID: "'C-' || account_number"}
"""
COMPANY = """
constants: {currency: USD}
lookups:
  terms: {says: Payment terms, crosswalk: crosswalks/terms.csv, in: intacct_terms}
"""


class _Editor(yaml.SafeLoader):
    """YAML 1.2, as editors read it: numbers are numbers, but `on` is a word and only true and false are flags."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def _wrong(schema: str, text: str) -> list[str]:
    """What an editor finds wrong."""
    found = jsonschema.Draft7Validator(SCHEMAS[schema]).iter_errors(yaml.load(text, _Editor))
    return [f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message}" for error in found]


def _refused(invoice: str, company: str = COMPANY) -> bool:
    """Whether the loader refuses the three files together."""
    texts = {
        "order_to_invoice.yaml": invoice,
        "account_to_customer.yaml": ACCOUNT,
        "company.yaml": company,
        "crosswalks/terms.csv": "salesforce,intacct\nNet 30,Net 30\n",
    }
    try:
        checked(parse(texts))
    except MappingError:
        return True
    return False


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_of_the_draft_that_every_editor_knows(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == DRAFT


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_every_mapping_file_that_ships_is_valid_as_the_loader_and_as_an_editor_reads_it(file: Any) -> None:
    schema = "company" if file.name == "company.yaml" else "mapping"
    assert _wrong(schema, file.read_text()) == []
    loaded = read_yaml(file.name, file.read_text()).values
    assert list(jsonschema.Draft7Validator(SCHEMAS[schema]).iter_errors(loaded)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_every_mapping_file_names_its_schema_in_its_first_line(file: Any) -> None:
    schema = "company" if file.name == "company.yaml" else "mapping"
    first = file.read_text().splitlines()[0]
    assert first == f"# yaml-language-server: $schema=schema/{schema}.schema.json"
    assert (MAPPINGS / "schema" / f"{schema}.schema.json").is_file()


def test_a_file_that_uses_every_key_is_accepted_by_the_schema_and_by_the_loader() -> None:
    said = {key for key in INVOICE.replace("{", " ").replace(",", " ").split() if key.endswith(":")}
    known = {f"{key}:" for part in _parts(SCHEMAS["mapping"]) for key in part.get("properties", {})}
    assert known - said == {"linked_back:"}  # what goes the other way has no place in an invoice
    assert _wrong("mapping", INVOICE.replace("claim: intacct_invoice_number\n", "claim: order_number\n")) == []
    assert not _refused(INVOICE.replace("claim: intacct_invoice_number\n", "claim: order_number\n"))


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema of the file and of every part of it."""
    yield schema
    yield from schema["definitions"].values()


SLIPS = [
    ("unknown key", "when_changed: hold", "wen_changed: hold"),
    ("unknown key in a rule", "mode: create_only", "mod: create_only"),
    ("unknown key in lines", "order_by:", "orderby:"),
    ("missing key", "identity: RECORDID\n", ""),
    ("missing line key", "  each: salesforce_order_items\n", ""),
    ("table", "from: salesforce_orders", "from: salesforce_order"),
    ("target", "to: intacct.ARINVOICE", "to: intacct.ARINVOIC"),
    ("target of another system", "to: intacct.ARINVOICE", "to: sap.INVOICE"),
    ("target field", "TERMNAME:", "TERMSNAME:"),
    ("target line field", "TRX_AMOUNT:", "TRX_AMUONT:"),
    ("line field on the document", "TERMNAME:", "TRX_AMOUNT:"),
    ("neighbour's table", "table: salesforce_accounts", "table: accounts"),
    ("neighbour's column", "on: account_id", "on: acount_id"),
    ("line neighbour's column", "on: product_id", "on: order_number"),
    ("table of lines", "each: salesforce_order_items", "each: salesforce_orders"),
    ("column of the order", "order_by: order_item_number", "order_by: number"),
    ("identity that is no field", "identity: RECORDID", "identity: INVOICENO"),
    ("cause", "cause: negative_line", "cause: negative"),
    ("closed set", "when_changed: hold", "when_changed: holds"),
    ("closed set in a rule", "otherwise: omit", "otherwise: skip"),
    (
        "two ways at once",
        "{link: account_to_customer, of: account_id}",
        "{link: account_to_customer, value: account_id}",
    ),
    ("a link from nowhere", "{link: account_to_customer, of: account_id}", "{link: account_to_customer}"),
    ("a value from somewhere", "{value: \"'SO-' || order_number\",", "{value: order_number, of: order_id,"),
    ("no way at all", "{lookup: terms, of: account.payment_terms, otherwise: omit}", "{otherwise: omit}"),
    ("a list for an expression", "SALESFORCE_ID: order_id", "SALESFORCE_ID: [order_id]"),
    ("a flag for an expression", "SALESFORCE_ID: order_id", "SALESFORCE_ID: true"),
    ("lines of something without lines", "to: intacct.ARINVOICE", "to: intacct.ITEM"),
    ("name that is no name", "crossing: order_to_invoice", "crossing: order-to-invoice"),
]


@pytest.mark.parametrize(("before", "after"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_refused_by_the_schema_and_by_the_loader(before: str, after: str) -> None:
    sound = INVOICE.replace("claim: intacct_invoice_number\n", "")
    assert before in sound
    slipped = sound.replace(before, after, 1)
    assert _wrong("mapping", slipped) != []
    assert _refused(slipped)


def test_a_rule_is_one_for_the_schema_exactly_when_it_is_one_for_the_loader() -> None:
    """Every combination of keys."""
    sound = {
        "otherwise": "omit",
        "mode": "always",
        "owner": "intacct",
        "required": True,
        "by_entity": {"DE": {"value": "y"}},
    }
    parts = SCHEMAS["mapping"]["definitions"]
    editor = jsonschema.Draft7Validator({**parts["Rule"], "definitions": parts})
    for number in range(2 ** len(Rule.model_fields)):
        keys = [key for place, key in enumerate(Rule.model_fields) if number >> place & 1]
        rule = {key: sound.get(key, "x") for key in keys}
        assert editor.is_valid(rule) == _is_a_rule(rule), rule


def _is_a_rule(rule: dict[str, Any]) -> bool:
    try:
        Rule.model_validate(rule)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("in: intacct_terms", "in: terms"),
        ("crosswalk:", "crosswalks:"),
        ("constants:", "constant:"),
        ("says: ", "say: "),
    ],
)
def test_a_slip_in_the_company_is_refused_by_the_schema_and_by_the_loader(before: str, after: str) -> None:
    assert _wrong("company", COMPANY) == []
    slipped = COMPANY.replace(before, after, 1)
    assert _wrong("company", slipped) != []
    assert _refused(INVOICE.replace("claim: intacct_invoice_number\n", ""), slipped)


@pytest.mark.parametrize("short", ["0", "total_price", "'4000'", "coalesce(total_price, 0)", "4000"])
def test_sql_alone_is_a_value_and_a_number_is_sql(short: str) -> None:
    text = INVOICE.replace("claim: intacct_invoice_number\n", "").replace(
        "TRX_AMOUNT: total_price", f"TRX_AMOUNT: {short}"
    )
    assert _wrong("mapping", text) == []
    assert not _refused(text)


def test_a_constant_may_look_like_a_number() -> None:
    assert _wrong("company", COMPANY.replace("USD", "USD, department: 100")) == []


def test_a_key_that_is_left_empty_is_refused_by_editors() -> None:
    """The loader would read it as the empty text."""
    assert _wrong("mapping", INVOICE.replace("claim: intacct_invoice_number", "claim:")) != []


def test_every_key_and_every_part_is_explained() -> None:
    silent = [
        (part.get("title", ""), key)
        for schema in SCHEMAS.values()
        for part in _parts(schema)
        for key, value in part.get("properties", {}).items()
        if not value.get("description")
    ]
    assert silent == []


def test_an_editor_completes_tables_targets_causes_and_explains_every_target_field() -> None:
    schema = SCHEMAS["mapping"]
    assert schema["properties"]["from"]["enum"] == sorted(CONTRACTS)
    assert schema["definitions"]["Hold"]["properties"]["cause"]["enum"] == sorted(CAUSES)
    explained = {
        choice["if"]["properties"]["to"]["const"]: choice["then"]["properties"]["fields"]["properties"]
        for choice in schema["allOf"]
        if "to" in choice["if"]["properties"]
    }
    assert explained.keys() == {f"{one.system}.{one.object}" for one in OBSERVED.values()}
    customer = OBSERVED["intacct_customers"].by_source
    assert explained["intacct.CUSTOMER"] == {name: {"description": column.says} for name, column in customer.items()}


def test_beside_a_reference_stand_explanations_only() -> None:
    """Draft 7 ignores everything else there, so that it would look checked and not be."""

    def beside(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            if "$ref" in schema:
                yield from schema.keys() - {"$ref", "description", "default"}
            for value in schema.values():
                yield from beside(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from beside(value)

    assert [key for schema in SCHEMAS.values() for key in beside(schema)] == []
