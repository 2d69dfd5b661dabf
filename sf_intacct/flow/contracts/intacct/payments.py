"""Payments and what they paid."""

from sf_intacct.flow.contracts.contract import Contract, day, instant, money, text
from sf_intacct.flow.contracts.intacct.columns import STAMP

PAYMENTS = Contract(
    name="intacct_payments",
    system="intacct",
    object="ARPYMT",
    says="Customer payments in the books.",
    key="payment_key",
    label="payment_key",
    stamp="modified_at",
    lines="intacct_payment_applications",
    amount="amount",
    columns=(
        text("payment_key", "RECORDNO", "Record number in Intacct", required=True, unique=True),
        text("record_type", "RECORDTYPE", "rp payment, rr advance, ro applied overpayment"),
        text("customer_id", "CUSTOMERID", "Customer"),
        text("customer_name", "CUSTOMERNAME", "Customer name"),
        text("state", "STATE", "Complete, Voided, ...", required=True),
        text("method", "PAYMENTMETHOD", "Payment method"),
        text("reference_number", "DOCNUMBER", "Cheque or transfer reference"),
        day("received_on", "RECEIPTDATE", "Receipt date: the day it counts", required=True),
        text("currency", "CURRENCY", "Currency of the payment"),
        money("amount", "TRX_TOTALENTERED", "Amount received in the payment's currency", required=True),
        text("description", "DESCRIPTION", "Description"),
        money("unapplied_amount", None, "Received but not yet applied to an invoice"),
        instant("created_at", "AUWHENCREATED", "When the payment was entered"),
        STAMP,
    ),
)

PAYMENT_APPLICATIONS = Contract(
    name="intacct_payment_applications",
    system="intacct",
    object="ARPYMTDETAIL",
    says="Applications: which payment paid how much of which invoice.",
    key="application_key",
    label="application_key",
    stamp="modified_at",
    document="payment_key",
    read_with_document=True,
    columns=(
        text("application_key", "RECORDNO", "Record number of the application", required=True, unique=True),
        text("payment_key", "PAYMENTKEY", "Payment that was applied", required=True),
        text("invoice_key", "RECORDKEY", "Invoice it was applied to"),
        day("applied_on", "PAYMENTDATE", "Day of the application"),
        money("amount", "TRX_PAYMENTAMOUNT", "Amount applied in the invoice's currency", required=True),
        text("state", "STATE", "State of the application"),
        STAMP,
    ),
)

RECEIPTS = (PAYMENTS, PAYMENT_APPLICATIONS)
