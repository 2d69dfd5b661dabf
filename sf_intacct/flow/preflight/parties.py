"""Whom a document is for, and in what: customers on hold or without terms, currencies, definitions, quantities."""

import polars as pl

from sf_intacct.flow.findings import findings, no_findings, together
from sf_intacct.flow.preflight.documents import CUSTOMER, SALE, Documents

CUSTOMERS, DEFINITIONS, TERMS = "intacct_customers", "intacct_transaction_definitions", "intacct_terms"
# What Intacct takes for an e-mail address is not documented; this asks for less than any rule would.
_EMAIL = r"^[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+$"
_CONVERT_ONLY = "Convert only"


def on_hold(documents: Documents) -> pl.DataFrame:
    """New documents of customers for whom no invoices may be made out."""
    rows = _with_customers(documents).filter(pl.col("is_on_hold").fill_null(False))
    field = CUSTOMER[documents.object]
    return findings(rows, "customer_on_hold", document="source_id", subject=pl.col("customer_id"), column=field)


def undue(documents: Documents) -> pl.DataFrame:
    """New invoices without terms and due date, of customers who have no terms either, or only terms out of use."""
    terms = documents.text("TERM.NAME" if documents.object == SALE else "TERMNAME")
    bare = documents.heads.filter(terms.is_null() & documents.text("WHENDUE").is_null())["source_id"]
    rows = _with_customers(documents).filter(pl.col("source_id").is_in(bare.implode()))
    lost = rows.filter(pl.col("terms").is_null())
    told = findings(lost, "no_due_date", document="source_id", subject=pl.col("customer_id"), column="TERMNAME")
    known = documents.tables.get(TERMS)
    idle = known.filter(pl.col("status") != "active")["name"].to_list() if known is not None else list[str]()
    put_away = rows.filter(pl.col("terms").is_in(idle))
    subject = pl.format("ARTERM {}", "terms")
    return together([told, findings(put_away, "inactive_in_books", document="source_id", subject=subject)])


def _with_customers(documents: Documents) -> pl.DataFrame:
    """The documents that are not there yet, with what the books say of their customers."""
    customers = documents.tables.get(CUSTOMERS)
    if customers is None:
        return pl.DataFrame(schema=_KNOWN)
    number = documents.text(CUSTOMER[documents.object]).alias("customer_id")
    rows = _new(documents).select("source_id", number).drop_nulls()
    known = customers.select("customer_id", "terms", "is_on_hold")
    return rows.join(known, on="customer_id", how="inner", maintain_order="left")


_KNOWN = pl.Schema({"source_id": pl.String, "customer_id": pl.String, "terms": pl.String, "is_on_hold": pl.Boolean})


def _new(documents: Documents) -> pl.DataFrame:
    return documents.heads.join(documents.there, on="source_id", how="anti", maintain_order="left")


def foreign(documents: Documents) -> pl.DataFrame:
    """New documents that name a currency, in a company that says it has only one."""
    if documents.mappings.company.constants.get("intacct_currencies") != "one":
        return no_findings()
    rows = _new(documents).with_columns(documents.text("CURRENCY").alias("__currency")).drop_nulls("__currency")
    return findings(rows, "currencies_off", document="source_id", subject=pl.col("__currency"), column="CURRENCY")


def not_made_so(documents: Documents) -> pl.DataFrame:
    """Sales documents of a definition whose documents come about by conversion only."""
    definitions = documents.tables.get(DEFINITIONS)
    if definitions is None or "DOCPARID" not in documents.heads.columns:
        return no_findings()
    converted = definitions.filter(pl.col("creation") == _CONVERT_ONLY)["name"]
    rows = _new(documents).filter(pl.col("DOCPARID").is_in(converted.implode()))
    return findings(rows, "definition_forbids", document="source_id", subject=pl.col("DOCPARID"), column="DOCPARID")


def not_positive(documents: Documents) -> pl.DataFrame:
    """Lines of sales documents, other than adjustments, of no quantity or less."""
    definitions, lines = documents.tables.get(DEFINITIONS), documents.lines
    if lines is None or "QUANTITY" not in lines.columns:
        return no_findings()
    adjusting = definitions.filter(pl.col("class") == "Adjustment")["name"] if definitions is not None else None
    names = adjusting.to_list() if adjusting is not None else []
    others = documents.heads.filter(~documents.text("DOCPARID").is_in(names).fill_null(False)).select("source_id")
    quantity = pl.col("QUANTITY").str.to_decimal(scale=10) if lines.height else pl.lit(None)
    rows = lines.join(others, on="source_id").filter(quantity <= 0).unique("source_id", maintain_order=True)
    subject = pl.format("quantity {}", "QUANTITY")
    return findings(rows, "bad_number", document="source_id", subject=subject, column="QUANTITY")


def bad_emails(documents: Documents) -> pl.DataFrame:
    """Customers and contacts with an e-mail address that is none."""
    fields = [name for name in documents.heads.columns if name.rpartition(".")[2] in ("EMAIL1", "EMAIL2")]
    found = []
    for name in fields:
        rows = documents.heads.filter(pl.col(name).is_not_null() & ~pl.col(name).str.strip_chars().str.contains(_EMAIL))
        found.append(findings(rows, "bad_email", document="source_id", subject=pl.col(name), column=name))
    return together(found)
