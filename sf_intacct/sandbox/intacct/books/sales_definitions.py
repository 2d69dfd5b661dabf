"""What a transaction definition decides: numbers, states, subtotals, and whether an AR invoice is made."""

from collections.abc import Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import currencies, invoices, periods
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import plain, us_date

CONVERT_ONLY, DIRECT_ONLY = "Convert only", "New document only"
ORDER_ENTRY = "8.SO"
DIMENSIONS = ("DEPARTMENTID", "LOCATIONID", "CLASSID", "ITEMID", "CUSTOMERID", "PROJECTID")


def doubts(clerk: Clerk, definition: Row, header: Row) -> list[Problem]:
    """Whether the definition may be used so; gives the transaction its number and its state."""
    name, converted = definition["DOCID"], bool(header.get("CREATEDFROM"))
    found: list[Problem] = []
    if definition["STATUS"] != "active":
        found.append(problems.inactive_reference("SODOCUMENTPARAMS", "Transaction definition", name))
    if definition["CREATETYPE"] == (DIRECT_ONLY if converted else CONVERT_ONLY):
        found.append(problems.not_created_so(name, definition["CREATETYPE"]))
    header["STATE"] = header.get("STATE") or definition["DEFAULT_STATE"]
    if posts(definition, header):
        header["STATE"] = "Closed"
    return [*found, *_numbered(clerk, definition, header)]


def _numbered(clerk: Clerk, definition: Row, header: Row) -> list[Problem]:
    """A number that is given is kept, whether or not the definition numbers by itself."""
    if not header.get("DOCNO"):
        if definition["ENABLE_SEQNUM"] != "true":
            return [problems.document_number_missing()]
        serial = clerk.store.world.serial(f"intacct {definition['DOCID']} number")
        header["DOCNO"] = f"{definition['SEQUENCE'] or ''}{serial:05d}"
    header["DOCID"] = f"{definition['DOCID']}-{header['DOCNO']}"
    taken = clerk.store.find("SODOCUMENT", "DOCID", header["DOCID"])
    return [problems.number_taken(header["DOCNO"])] if taken else []


def subtotal_doubts(definition: Row, subtotals: Sequence[Row]) -> list[Problem]:
    """A subtotal is one of those that the definition has, by its description."""
    known = _listed(definition["SUBTOTAL_NAMES"])
    found = [problems.unknown_subtotal(str(one.get("DESCRIPTION"))) for one in subtotals
             if one.get("DESCRIPTION") not in known]  # fmt: skip
    return found + [problems.missing_value("Subtotal") for one in subtotals if one.get("TRX_TOTAL") is None]


def _listed(text: str | None) -> list[str]:
    return [one.strip() for one in (text or "").split(";") if one.strip()]


def may_convert(definition: Row, source: str) -> bool:
    """Whether documents of the definition `source` may become documents of this one."""
    return source in _listed(definition["CONVERTS_FROM"])


def posts(definition: Row, header: Row) -> bool:
    """A draft never posts."""
    return definition["POSTS_TO_AR"] == "true" and header.get("STATE") != "Draft"


def period_doubts(clerk: Clerk, definition: Row, header: Row, lines: Sequence[Row]) -> list[Problem]:
    """A transaction that posts is one of Order Entry and of receivables."""
    if not posts(definition, header):
        return []
    places = {line["LOCATIONID"] for line in lines if line.get("LOCATIONID")}
    return periods.closed(clerk, [header.get("WHENPOSTED")], places, (periods.ORDER_ENTRY, periods.RECEIVABLES))


def post(clerk: Clerk, definition: Row, header: Row, lines: Sequence[Row], subtotals: Sequence[Row]) -> int:
    """Makes the AR invoice of a transaction; returns its record number. Raises Rejection."""
    dates = {name: us_date(header[name]) for name in ("WHENCREATED", "WHENPOSTED", "WHENDUE")}
    values = {
        **dates,
        "CUSTOMERID": header["CUSTVENDID"],
        "RECORDID": header["DOCNO"],
        "TERMNAME": header["TERM.NAME"] or "",
        "DOCNUMBER": header.get("PONUMBER") or "",
        "DESCRIPTION": header.get("MESSAGE") or "",
    }
    if clerk.settings.multi_currency:
        rate = plain(header["EXCHRATE"], currencies.RATE_SCALE)
        values |= {"BASECURR": header["BASECURR"], "CURRENCY": header["CURRENCY"], "EXCHANGE_RATE": rate}
    entries = [_entry(clerk, definition, line) for line in lines if line["TRX_VALUE"]]
    entries += [_sum(definition, one) for one in subtotals if one["TRX_TOTAL"]]
    made = invoices.create(clerk, values, entries)
    clerk.change("ARINVOICE", made["RECORDNO"], {"MODULEKEY": ORDER_ENTRY, "DESCRIPTION2": header["DOCID"]})
    return int(made["RECORDNO"])


def _entry(clerk: Clerk, definition: Row, line: Row) -> dict[str, str]:
    item = clerk.store.find("ITEM", "ITEMID", line["ITEMID"]) or {}
    coded = {name: line[name] for name in DIMENSIONS if line.get(name)}
    return {
        **coded,
        "ACCOUNTNO": item.get("INCOMEACCTKEY") or definition["REVENUE_ACCOUNT"] or "",
        "TRX_AMOUNT": plain(line["TRX_VALUE"]),
        "ENTRYDESCRIPTION": line.get("MEMO") or line.get("ITEMDESC") or "",
    }


def _sum(definition: Row, one: Row) -> dict[str, str]:
    coded = {name: one[name] for name in ("DEPARTMENTID", "LOCATIONID") if one.get(name)}
    account = definition["SUBTOTAL_ACCOUNT"] or definition["REVENUE_ACCOUNT"] or ""
    return {
        **coded,
        "ACCOUNTNO": account,
        "TRX_AMOUNT": plain(one["TRX_TOTAL"]),
        "ENTRYDESCRIPTION": one["DESCRIPTION"],
    }
