"""Laws between rows. Each takes the living heads and lines of documents and returns findings.

A law is one function here and its name in LAWS.
"""

from collections.abc import Callable

import polars as pl

from sf_intacct.flow.amounts import shown
from sf_intacct.flow.computed import in_payment_currency
from sf_intacct.flow.findings import findings

Law = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]


def order_lines_sum_to_the_total(orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Salesforce's own total is the independent control total of what we read: a torn read shows here."""
    return _sums(orders, lines, document="order_id", total="total_amount", part="total_price", label="order_number")


def invoice_lines_sum_to_the_total(invoices: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """An invoice whose lines do not make its total was read while it changed, or is not what it says."""
    invoices = _without_hidden_tax(invoices, lines, "invoice_key")
    return _sums(invoices, lines, document="invoice_key", total="total", part="amount", label="invoice_number")


def adjustment_lines_sum_to_the_total(adjustments: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """A credit memo whose lines do not make its total was read while it changed."""
    adjustments = _without_hidden_tax(adjustments, lines, "adjustment_key")
    return _sums(adjustments, lines, document="adjustment_key", total="total", part="amount", label="adjustment_number")


def opportunity_lines_sum_to_the_total(opportunities: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """As for orders; the amount of an opportunity without lines is typed by hand."""
    itemised = opportunities.filter("is_itemised")
    return _sums(itemised, lines, document="opportunity_id", total="total_amount", part="total_price", label="name")


def quote_lines_sum_to_the_total(quotes: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """As for orders; tax and shipping are no lines and not in this total."""
    itemised = quotes.filter(pl.col("line_count") > 0)
    return _sums(itemised, lines, document="quote_id", total="total_price", part="total_price", label="quote_number")


def document_lines_sum_to_the_total(documents: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Before subtotals and taxes, the lines of an Order Entry document make its total."""
    part, label = "value_amount", "document_id"
    return _sums(documents, lines, document="document_key", total="lines_total", part=part, label=label)


def applications_stay_within_the_payment(payments: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """A payment cannot pay more than was received. A reversal is negative on both sides.

    Compared in the payment's currency; what has no amount in it is not compared.
    """
    applied = (
        in_payment_currency(payments, applications).group_by("payment_key").agg(pl.col("amount").sum().alias("applied"))
    )
    over = payments.join(applied, on="payment_key").filter(pl.col("applied").abs() > pl.col("amount").abs())
    return findings(
        over,
        "applied_beyond_payment",
        document="payment_key",
        subject=pl.col("payment_key"),
        column="amount",
        seen=pl.format("{} applied of {}", shown(pl.col("applied")), shown(pl.col("amount"))),
    )


def _without_hidden_tax(heads: pl.DataFrame, lines: pl.DataFrame, key: str) -> pl.DataFrame:
    """Documents but those of a tax solution whose taxes were not shown as lines: the rest of their total is tax.

    A rest that goes the other way than the lines, or is larger than they are, is none.
    """
    sums = lines.group_by(key).agg(
        pl.col("amount").sum().alias("__sum"), pl.col("parent_line").is_not_null().any().alias("__shown")
    )
    heads = heads.join(sums, on=key, how="left", maintain_order="left")
    rest = pl.col("total") - pl.col("__sum")
    plausible = (rest * pl.col("__sum").sign() >= 0) & (rest.abs() <= pl.col("__sum").abs())
    hidden = pl.col("tax_solution").is_not_null() & ~pl.col("__shown") & plausible
    return heads.filter(~hidden.fill_null(False)).drop("__sum", "__shown")


def _sums(
    heads: pl.DataFrame, lines: pl.DataFrame, *, document: str, total: str, part: str, label: str
) -> pl.DataFrame:
    sums = lines.group_by(document).agg(pl.col(part).sum().alias("__sum"))
    compared = heads.join(sums, on=document, how="left").with_columns(pl.col("__sum").fill_null(0))
    return findings(
        compared.filter(pl.col("__sum") != pl.col(total)),
        "lines_do_not_sum",
        document=document,
        subject=pl.col(label),
        column=total,
        seen=pl.format("lines {} against total {}", shown(pl.col("__sum")), shown(pl.col(total))),
    )


LAWS: dict[str, tuple[Law, ...]] = {
    "salesforce_orders": (order_lines_sum_to_the_total,),
    "intacct_invoices": (invoice_lines_sum_to_the_total,),
    "intacct_adjustments": (adjustment_lines_sum_to_the_total,),
    "salesforce_opportunities": (opportunity_lines_sum_to_the_total,),
    "salesforce_quotes": (quote_lines_sum_to_the_total,),
    "intacct_sales_documents": (document_lines_sum_to_the_total,),
    "intacct_payments": (applications_stay_within_the_payment,),
}
