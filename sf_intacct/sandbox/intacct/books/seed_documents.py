"""Invoices and payments out of seed files, under the same rules as if they had been entered.

ARINVOICEITEM.csv names its invoice by RECORDID; ARPYMTDETAIL.csv names its payment by DOCNUMBER and the
invoice it pays by RECORDID.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from sf_intacct.sandbox.intacct.books import coding, currencies, documents, payments, references, terms
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import Document
from sf_intacct.sandbox.intacct.books.entry import with_defaults
from sf_intacct.sandbox.intacct.books.kinds import INVOICE
from sf_intacct.sandbox.intacct.books.seed_files import Line, lines, typed
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.values import us_date


def load(clerk: Clerk, files: Mapping[str, Path]) -> dict[str, int]:
    """Loads invoices, then payments; rows by object. Raises ValueError with file and line."""
    found: dict[str, int] = {}
    if INVOICE.header in files:
        heads = lines(files[INVOICE.header])
        items = lines(files[INVOICE.line]) if INVOICE.line in files else []
        found |= {INVOICE.header: len(heads), INVOICE.line: len(items)}
        _invoices(clerk, heads, items)
    if payments.HEADER in files:
        heads = lines(files[payments.HEADER])
        items = lines(files[payments.DETAIL]) if payments.DETAIL in files else []
        found |= {payments.HEADER: len(heads), payments.DETAIL: len(items)}
        _payments(clerk, heads, items)
    return found


def _invoices(clerk: Clerk, heads: list[Line], items: list[Line]) -> None:
    schema, made = clerk.store.schema, {}
    for line, header in zip(heads, typed(schema[INVOICE.header], heads), strict=True):
        header = with_defaults(schema[INVOICE.header], header)
        if not header.get("RECORDID") or header["RECORDID"] in made:
            raise line.error(f"RECORDID {header.get('RECORDID')!r} is missing or there twice")
        made[header["RECORDID"]] = (line, Document(INVOICE, header, []))
    for line, row in zip(items, typed(schema[INVOICE.line], items, ("RECORDID",)), strict=True):
        number = line.texts.get("RECORDID", "")
        if number not in made:
            raise line.error(f"RECORDID {number!r} is not an invoice of this seed")
        document = made[number][1]
        document.lines.append({**row, "LINE_NO": len(document.lines) + 1})
    _complete(clerk, list(made.values()))
    _write(clerk, [document for _, document in made.values()])


def _complete(clerk: Clerk, made: list[tuple[Line, Document]]) -> None:
    """Fills what the system fills on entry. Coding is checked for all lines at once: there may be many."""
    customers = references.named(clerk.store, "CUSTOMER", (one.header.get("CUSTOMERID") for _, one in made))
    known_terms = {row["NAME"]: row for row in clerk.store.select("ARTERM", "true")}
    for line, document in made:
        customer = customers.get(document.header.get("CUSTOMERID") or "")
        if customer is None:
            raise line.error(f"CUSTOMERID {document.header.get('CUSTOMERID')!r} is not a CUSTOMER")
        if not document.lines:
            raise line.error("an invoice without lines")
        _dates(line, document.header, customer, known_terms)
        currencies.fix(clerk, document.header, customer, document.header["WHENCREATED"])
        for block in ("BILLTO", "SHIPTO"):
            key = {"BILLTO": "BILLTOPAYTOKEY", "SHIPTO": "SHIPTORETURNTOKEY"}[block]
            document.header[key] = customer[f"{block}KEY"] or customer["DISPLAYCONTACTKEY"]
        for one in document.lines:
            one["CUSTOMERID"] = one.get("CUSTOMERID") or customer["CUSTOMERID"]
            one["OFFSETGLACCOUNTNO"] = one.get("OFFSETGLACCOUNTNO") or customer["OFFSETGLACCOUNTNO"]
            if one.get("TRX_AMOUNT") is None:
                raise line.error(f"line {one['LINE_NO']} has no TRX_AMOUNT")
    problems = coding.code(clerk, [one for _, document in made for one in document.lines], None)
    if problems:
        raise ValueError(f"{INVOICE.line}.csv: {problems[0].text}")


def _dates(line: Line, header: Row, customer: Row, known_terms: Mapping[str, Row]) -> None:
    if not header.get("WHENCREATED"):
        raise line.error("an invoice without WHENCREATED")
    header["WHENPOSTED"] = header.get("WHENPOSTED") or header["WHENCREATED"]
    header["TERMNAME"] = header.get("TERMNAME") or customer["TERMNAME"]
    term = known_terms.get(header["TERMNAME"] or "")
    if header["TERMNAME"] and term is None:
        raise line.error(f"TERMNAME {header['TERMNAME']!r} is not an ARTERM")
    if not header.get("WHENDUE"):
        if term is None:
            raise line.error("neither WHENDUE nor a term")
        header["WHENDUE"] = terms.due_on(term, header["WHENCREATED"])


def _write(clerk: Clerk, made: list[Document]) -> None:
    for document in made:
        documents.complete(document)
        document.header.update(MODULEKEY=INVOICE.module, SYSTEMGENERATED="F")
        document.header["STATE"] = documents.state_of(document.header)
    numbers = clerk.add(INVOICE.header, [document.header for document in made])
    definition = clerk.store.schema[INVOICE.line]
    rows = [
        with_defaults(definition, {**line, "RECORDKEY": number, "LINEITEM": "T"})
        for number, document in zip(numbers, made, strict=True)
        for line in document.lines
    ]
    clerk.add(INVOICE.line, rows)


def _payments(clerk: Clerk, heads: list[Line], items: list[Line]) -> None:
    invoices = references.named(clerk.store, INVOICE.header, (one.texts.get("RECORDID") for one in items))
    details: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in items:
        invoice = invoices.get(line.texts.get("RECORDID", ""))
        if invoice is None:
            raise line.error(f"RECORDID {line.texts.get('RECORDID')!r} is not an invoice")
        amount = line.texts.get("TRX_PAYMENTAMOUNT", "")
        detail = {"RECORDKEY": str(invoice["RECORDNO"]), "TRX_PAYMENTAMOUNT": amount}
        details[line.texts.get("DOCNUMBER", "")].append(detail)
    for line in heads:
        texts = {
            name: us_date(text) if text[4:5] == "-" and len(text) == 10 else text for name, text in line.texts.items()
        }
        try:
            payments.receive(clerk, texts, details[line.texts.get("DOCNUMBER", "")])
        except Rejection as refusal:
            raise line.error(refusal.problems[0].text) from refusal
