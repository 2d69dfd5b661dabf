"""A bundle as a seed of the sandboxes: two folders of CSV files, with the furniture that every company has."""

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sf_intacct.flow.bundle import Bundle, Rows
from sf_intacct.flow.contracts import target_contract
from sf_intacct.flow.mapping_text import parse
from sf_intacct.sandbox.intacct.books.seeds import DOCUMENTS, MASTERS
from sf_intacct.sandbox.intacct.schema import load as intacct_schema
from sf_intacct.sandbox.salesforce.schema import Field, Kind, ObjectType, company_schema

Row = dict[str, str]
# What the loader fills by itself, or what follows from other fields.
_DERIVED = {"Id", "StatusCode", "SystemModstamp", "LastModifiedDate", "ActivatedDate", "TotalPrice", "TotalAmount"}
_STANDARD = "the standard price book"
# Lines that name a price, and the head whose price book it has to be of.
_PRICED = {"OrderItem": "Order", "OpportunityLineItem": "Opportunity", "QuoteLineItem": "Quote"}


def write_seed(bundle: Bundle, folder: Path) -> list[str]:
    """Writes the seed below `folder`; returns what the sandboxes cannot be told, in words."""
    left_out: list[str] = []
    for system, tables in (("salesforce", _sales(bundle, left_out)), ("intacct", _books(bundle, left_out))):
        (folder / system).mkdir(parents=True)
        for name, rows in tables.items():
            _write(folder / system / f"{name}.csv", rows)
    return left_out


def _write(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def at_first(bundle: Bundle) -> Rows:
    """The Salesforce rows with which a replay begins: as they were when the document was made, else as they are."""
    earlier = {(name, row["Id"]): row for name, rows in bundle.earlier.items() for row in rows}
    return {
        name: [earlier.get((name, row["Id"]), row) for row in rows] + _gone_since(bundle, name, rows)
        for name, rows in bundle.salesforce.items()
    }


def _gone_since(bundle: Bundle, name: str, rows: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    known = {row["Id"] for row in rows}
    return [row for row in bundle.earlier.get(name, []) if row["Id"] not in known]


def _sales(bundle: Bundle, left_out: list[str]) -> dict[str, list[Row]]:
    schema = company_schema()
    tables: dict[str, list[Row]] = {}
    rows_by_object = at_first(bundle)
    known = {str(row["Id"]) for rows in rows_by_object.values() for row in rows}
    for name, rows in rows_by_object.items():
        kind = schema.find(name)
        if kind is None:
            left_out.append(f"the sandbox has no {name}")
            continue
        tables[name] = [_sold(kind, row, known) for row in rows]
    return _furnished(schema, rows_by_object, tables)


def seedable(kind: ObjectType, name: str) -> Field | None:
    """The field of that name, if a seed can say what it holds."""
    found = kind.by_name.get(name)
    return None if found is None or name in _DERIVED or found.kind is Kind.COMPOUND else found


def _sold(kind: ObjectType, row: Mapping[str, str | None], known: set[str]) -> Row:
    made = {"key": str(row["Id"])}
    if str(row["Id"]).startswith(kind.key_prefix):
        made["Id"] = str(row["Id"])
    for name, value in row.items():
        found = seedable(kind, name)
        if found is not None and value is not None and not (found.is_reference and value not in known):
            made[name] = value
    return made


def _furnished(schema: Any, rows: Rows, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """With the price book, prices, statuses and currencies that the rows take for granted."""
    currencies = {row["CurrencyIsoCode"] for some in rows.values() for row in some if row.get("CurrencyIsoCode")}
    if currencies:
        tables["CurrencyType"] = [
            {"key": str(code), "IsoCode": str(code), "ConversionRate": "1", "IsActive": "true", "IsCorporate": "false"}
            for code in sorted(map(str, currencies))
        ]
        tables["CurrencyType"][0]["IsCorporate"] = "true"
    tables["Pricebook2"] = [{"key": _STANDARD, "Name": "Standard", "IsActive": "true", "IsStandard": "true"}]
    tables["PricebookEntry"] = [
        {
            "key": _price(product["key"], code),
            "Pricebook2Id": _STANDARD,
            "Product2Id": product["key"],
            "UnitPrice": "1",
            "IsActive": "true",
            **({"CurrencyIsoCode": code} if code else {}),
        }
        for product in tables.get("Product2", [])
        for code in sorted(map(str, currencies)) or [""]
    ]
    _priced(schema, rows, tables)
    statuses = {(row["Status"], row["StatusCode"]) for row in rows.get("Order", []) if row.get("StatusCode")}
    tables["OrderStatus"] = [
        {"key": str(name), "ApiName": str(name), "MasterLabel": str(name), "StatusCode": str(code)}
        for name, code in sorted((str(name), str(code)) for name, code in statuses)
    ]
    return {name: some for name, some in tables.items() if some}


def _priced(schema: Any, rows: Rows, tables: dict[str, list[Row]]) -> None:
    entries = {row["key"] for row in tables["PricebookEntry"]}
    for line_object, head_object in _PRICED.items():
        heads = {str(row["Id"]): row for row in rows.get(head_object, [])}
        parent = f"{head_object}Id"
        for line in tables.get(line_object, []):
            currency = str(heads.get(line.get(parent, ""), {}).get("CurrencyIsoCode") or "")
            entry = _price(line.get("Product2Id", ""), currency)
            if entry in entries:
                line["PricebookEntryId"] = entry
        for head in tables.get(head_object, []):
            if "Pricebook2Id" in schema[head_object].by_name:
                head["Pricebook2Id"] = _STANDARD


def _price(product: str, currency: str) -> str:
    return f"price of {product} {currency}".strip()


def _books(bundle: Bundle, left_out: list[str]) -> dict[str, list[Row]]:
    schema = intacct_schema()
    tables: dict[str, list[Row]] = {}
    for name, rows in bundle.intacct.items():
        if name not in (*MASTERS, *DOCUMENTS) or name not in schema:
            if rows:
                left_out.append(f"the sandbox loads no {name} from a seed")
            continue
        definition = schema[name]
        blocks = set(definition.blocks)

        def loaded(column: str, definition: Any = definition, blocks: set[str] = blocks) -> bool:
            field = definition.by_id.get(column)
            inside = column.partition(".")[0] in blocks and "." in column
            return inside or (field is not None and field.stored and column != "RECORDNO")

        made = [{c: v for c, v in row.items() if v is not None and loaded(c)} for row in rows]
        tables[name] = [{**_required(definition), **row} for row in made]
    _documents(bundle, tables)
    _without_strangers(schema, tables)
    return {"COMPANY": _company(bundle), **{name: _even(rows) for name, rows in tables.items() if rows}}


def _required(definition: Any) -> Row:
    """Something for the fields without which there is no such record, and which nobody here ever reads."""
    known = {column.source for column in _contract_columns(definition.object)}
    wanted = [one for one in definition.fields if one.required and one.stored and one.default is None]
    return {one.id: next(iter(one.values), "0") for one in wanted if one.id not in known}


def _contract_columns(name: str) -> tuple[Any, ...]:
    found = target_contract(f"intacct.{name}")
    return found.columns if found else ()


def _even(rows: list[Row]) -> list[Row]:
    """Rows that all have the same columns: the loader takes an absent cell for a mistake."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column, "") for column in columns} for row in rows]


def _documents(bundle: Bundle, tables: dict[str, list[Row]]) -> None:
    """Lines name their document by its number in a seed."""
    numbers = {row.get("RECORDNO"): row.get("RECORDID") for row in bundle.intacct.get("ARINVOICE", [])}
    lines = bundle.intacct.get("ARINVOICEITEM", [])
    for made, row in zip(tables.get("ARINVOICEITEM", []), lines, strict=True):
        made["RECORDID"] = str(numbers.get(row.get("RECORDKEY")) or "")


def _without_strangers(schema: Any, tables: dict[str, list[Row]]) -> None:
    """Takes out what refers to a record that is not in the bundle: the loader would refuse the whole seed."""
    contacts = {row.get("CONTACTNAME") for row in tables.get("CONTACT", [])}
    for name, rows in tables.items():
        for relation in schema[name].relations:
            if not relation.checked:
                continue
            there = {row.get(relation.on) for row in tables.get(relation.object, [])}
            _emptied(rows, relation.by, there)
        for column in {column for row in rows for column in row if column.endswith(".CONTACTNAME")}:
            _emptied(rows, column, contacts)


def _emptied(rows: Iterable[Row], column: str, there: set[str | None]) -> None:
    for row in rows:
        if row.get(column) and row[column] not in there:
            row[column] = ""


def _company(bundle: Bundle) -> list[Row]:
    """The company's settings, as far as the bundle tells: its currency, and what was closed."""
    constants = parse(bundle.mappings, bundle.overrides).company.constants
    company = {"base_currency": str(constants.get("currency", "USD"))}
    if constants.get("intacct_currencies") == "several":
        company["multi_currency"] = "true"
    if bundle.case.cause == "period_closed" and (day := _day(bundle)):
        company["ar_closed_through"] = day
    return [{"setting": name, "value": value} for name, value in company.items()]


def _day(bundle: Bundle) -> str:
    """The day that the refused request dates the document with: a closed period goes at least so far."""
    days = [_iso(leaf.value) for leaf in bundle.request if leaf.is_kept and _iso(leaf.value)]
    days += [_iso(str(value)) for rows in bundle.salesforce.values() for row in rows for value in row.values() if value]
    return next((day for day in days if day), "")


def _iso(text: str) -> str:
    if found := re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text):
        return f"{found[3]}-{found[1]}-{found[2]}"
    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else ""
