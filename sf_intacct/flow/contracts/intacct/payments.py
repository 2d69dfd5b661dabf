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
        text("base_currency", "BASECURR", "Currency of the books"),
        text("currency", "CURRENCY", "Currency of the payment"),
        money("amount", "TRX_TOTALENTERED", "Amount received in the payment's currency", required=True),
        money("base_amount", "TOTALENTERED", "Amount received in the currency of the books"),
        text("description", "DESCRIPTION", "Description"),
        money("unapplied_amount", None, "Of the amount, what its own details do not apply"),
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
        money("amount", "TRX_PAYMENTAMOUNT", "Amount of this payment applied, in the invoice's currency"),
        money("base_amount", "PAYMENTAMOUNT", "The same in the currency of the books"),
        text("currency", "CURRENCY", "Currency of the invoice"),
        text("advance_key", "ADVANCEKEY", "Advance that was applied through this payment"),
        money("advance_amount", "TRX_POSTEDADVANCEAMOUNT", "Amount of the advance applied"),
        text("overpayment_key", "OVERPAYMENTKEY", "Earlier payment whose rest was applied through this one"),
        money("overpayment_amount", "TRX_POSTEDOVERPAYMENTAMOUNT", "Amount of that rest applied"),
        text("state", "STATE", "State of the application"),
        text("adjustment_key", "ADJUSTMENTKEY", "Credit memo that was applied in the place of money"),
        money("adjustment_amount", "TRX_ADJUSTMENTAMOUNT", "How much of the credit memo was applied"),
        STAMP,
    ),
)

ADVANCES = Contract(
    name="intacct_advances",
    system="intacct",
    object="ARADVANCE",
    says="Money received before there is an invoice to apply it to.",
    key="advance_key",
    label="advance_key",
    stamp="modified_at",
    optional=True,
    columns=(
        text("advance_key", "RECORDNO", "Record number in Intacct", required=True, unique=True),
        text("customer_id", "CUSTOMERID", "Customer", required=True),
        text("state", "STATE", "Draft, Posted, Paid, Reversed, ...", required=True),
        text("method", "PAYMENTMETHOD", "Payment method"),
        text("reference_number", "DOCNUMBER", "Cheque or transfer reference"),
        day("received_on", "RECEIPTDATE", "Receipt date: the day it counts", required=True),
        text("base_currency", "BASECURR", "Currency of the books"),
        text("currency", "CURRENCY", "Currency of the advance"),
        money("amount", "TRX_TOTALENTERED", "Amount received in the advance's currency", required=True),
        money("base_amount", "TOTALENTERED", "Amount received in the currency of the books"),
        text("description", "DESCRIPTION", "Description"),
        STAMP,
    ),
)

RECEIPTS = (PAYMENTS, PAYMENT_APPLICATIONS, ADVANCES)
