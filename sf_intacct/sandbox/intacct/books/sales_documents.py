"""Order Entry: sales transactions are entered under a transaction definition, and converted.

What a definition makes of a transaction, its number, its state and the AR invoice it posts, is in `sales_definitions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import (
    currencies,
    invoice_checks,
    references,
    sales_conversion,
    sales_definitions as definitions,
    sales_lines,
)
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values, entered, with_defaults
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection

HEADER, LINE, SUBTOTAL, DEFINITION = "SODOCUMENT", "SODOCUMENTENTRY", "SODOCUMENTSUBTOTALS", "SODOCUMENTPARAMS"
NAME = "Sales transaction"


@dataclass
class Sale:
    """A sales transaction that is being entered."""

    header: Row
    lines: list[Row]
    subtotals: list[Row]
    definition: Row
    customer: Row | None
    source: sales_conversion.Source | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Lines and subtotals, in cents of the document's currency."""
        return sum(line.get("TRX_VALUE") or 0 for line in self.lines) + sum(
            one.get("TRX_TOTAL") or 0 for one in self.subtotals
        )


def create(clerk: Clerk, values: Values, lines: Sequence[Values], subtotals: Sequence[Values]) -> Row:
    """Adds a sales transaction, and the AR invoice of one that posts; returns its header. Raises Rejection."""
    sale = _typed(clerk, values, lines, subtotals)
    found = [
        *sale.problems,
        *_header_doubts(clerk, sale, values),
        *definitions.doubts(clerk, sale.definition, sale.header),
        *sales_lines.doubts(clerk, sale.definition, sale.header, sale.lines, sale.customer),
        *definitions.subtotal_doubts(sale.definition, sale.subtotals),
        *sales_conversion.doubts(sale.definition, sale.source, sale.lines),
        *([problems.negative_total()] if sale.total < 0 else []),
        *definitions.period_doubts(clerk, sale.definition, sale.header, sale.lines),
    ]
    if found:
        raise Rejection([*found, problems.could_not("create", NAME)])
    _complete(sale)
    _write(clerk, sale)
    return sale.header


def _typed(clerk: Clerk, values: Values, lines: Sequence[Values], subtotals: Sequence[Values]) -> Sale:
    schema, store = clerk.store.schema, clerk.store
    header, found = entered(schema[HEADER], values)
    rows, sums = [], []
    for at, one in enumerate(lines):
        row, more = entered(schema[LINE], one)
        rows.append({**row, "LINE_NO": at})
        found += more
    for one in subtotals:
        row, more = entered(schema[SUBTOTAL], one)
        sums.append(row)
        found += more
    definition = store.find(DEFINITION, "DOCID", header.get("DOCPARID"))
    if definition is None:
        raise Rejection([problems.unknown_reference(DEFINITION, str(header.get("DOCPARID") or ""))])
    customer = store.find("CUSTOMER", "CUSTOMERID", header.get("CUSTVENDID"))
    source, more = sales_conversion.source(clerk, header.get("CREATEDFROM"))
    return Sale(header, rows, sums, definition, customer, source, [*found, *more])


def _header_doubts(clerk: Clerk, sale: Sale, values: Values) -> list[Problem]:
    """Customer, contacts, dates, terms and currency follow the rules of invoices, under names of their own."""
    header = sale.header
    rate_type = str(values.get("EXCHRATETYPE") or "").strip()
    as_invoice: Row = {
        "CUSTOMERID": header.get("CUSTVENDID"),
        "WHENCREATED": header.get("WHENCREATED"),
        "WHENPOSTED": header.get("WHENPOSTED"),
        "WHENDUE": header.get("WHENDUE"),
        "TERMNAME": header.get("TERM.NAME"),
        "CURRENCY": header.get("CURRENCY"),
        "BASECURR": header.get("BASECURR"),
        "EXCHANGE_RATE": header.get("EXCHRATE"),
        "EXCH_RATE_DATE": header.get("EXCHRATEDATE"),
    }
    found = [
        *invoice_checks.customer_doubts(clerk, as_invoice, sale.customer),
        *invoice_checks.contact_doubts(clerk, as_invoice, values, sale.customer),
        *invoice_checks.date_doubts(clerk, as_invoice, sale.customer),
        *currencies.fix(clerk, as_invoice, sale.customer, as_invoice["WHENCREATED"] or clerk.today, rate_type),
    ]
    header.update({name: as_invoice.get(name) for name in ("WHENPOSTED", "WHENDUE", "CURRENCY", "BASECURR")})
    header.update({"TERM.NAME": as_invoice.get("TERMNAME"), "EXCHRATE": as_invoice["EXCHANGE_RATE"]})
    header.update({"EXCHRATEDATE": as_invoice.get("EXCH_RATE_DATE"), "EXCHRATETYPES.NAME": rate_type or None})
    header.update(BILLTOKEY=as_invoice.get("BILLTOPAYTOKEY"), SHIPTOKEY=as_invoice.get("SHIPTORETURNTOKEY"))
    return found + references.doubts(clerk.store, "PROJECT", [header.get("PROJECT")])


def _complete(sale: Sale) -> None:
    header = sale.header
    rate = {"EXCHANGE_RATE": header["EXCHRATE"], "BASECURR": header["BASECURR"]}
    for line in sale.lines:
        line["VALUE"] = line["UIVALUE"] = currencies.in_base(rate, line["TRX_VALUE"])
        line["PRICE"] = line["UIPRICE"] = line["TRX_PRICE"]
        line["UIQTY"] = line["QUANTITY"]
    for one in sale.subtotals:
        one["TOTAL"] = one["ABSVAL"] = currencies.in_base(rate, one["TRX_TOTAL"])
        one["TRX_ABSVAL"] = one["TRX_TOTAL"]
    header["TRX_SUBTOTAL"] = sum(line["TRX_VALUE"] for line in sale.lines)
    header["SUBTOTAL"] = sum(line["VALUE"] for line in sale.lines)
    header["TRX_TOTAL"] = sale.total
    header["TOTAL"] = header["SUBTOTAL"] + sum(one["TOTAL"] for one in sale.subtotals)


def _write(clerk: Clerk, sale: Sale) -> None:
    header = sale.header
    if definitions.posts(sale.definition, header):
        header["PRRECORDKEY"] = definitions.post(clerk, sale.definition, header, sale.lines, sale.subtotals)
    number = clerk.add(HEADER, [with_defaults(clerk.store.schema[HEADER], header)])[0]
    header["RECORDNO"] = number
    clerk.add(LINE, [with_defaults(clerk.store.schema[LINE], {**line, "DOCHDRNO": number}) for line in sale.lines])
    clerk.add(SUBTOTAL, [{**one, "DOCHDRNO": number} for one in sale.subtotals])
    sales_conversion.draw_down(clerk, sale.source, sale.lines)


def delete(clerk: Clerk, number: int) -> Row:
    """Removes a transaction that nothing was converted from and that posted nothing. Raises Rejection."""
    found = clerk.store.find(HEADER, "RECORDNO", number)
    if found is None:
        raise Rejection([problems.no_such_record(NAME, str(number), "delete")])
    if found["PRRECORDKEY"] or found["STATE"] not in ("Draft", "Pending"):
        raise Rejection([problems.wrong_state(found["DOCID"], found["STATE"], "deleted")])
    for name in (LINE, SUBTOTAL):
        clerk.remove(name, [row["RECORDNO"] for row in clerk.store.where(name, "DOCHDRNO", [number])])
    clerk.remove(HEADER, [number])
    return found
