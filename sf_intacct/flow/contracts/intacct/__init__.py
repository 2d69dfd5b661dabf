"""What we read of Sage Intacct, in the house's words. To add a field, add its line to its object's module."""

from sf_intacct.flow.contracts.intacct.adjustments import MEMOS
from sf_intacct.flow.contracts.intacct.catalogue import CATALOGUE
from sf_intacct.flow.contracts.intacct.closed_books import CLOSING
from sf_intacct.flow.contracts.intacct.currencies import CURRENCIES
from sf_intacct.flow.contracts.intacct.invoices import BILLS
from sf_intacct.flow.contracts.intacct.parties import PARTIES
from sf_intacct.flow.contracts.intacct.payments import RECEIPTS
from sf_intacct.flow.contracts.intacct.prices import PRICING
from sf_intacct.flow.contracts.intacct.projects import DELIVERY
from sf_intacct.flow.contracts.intacct.reference import REFERENCE
from sf_intacct.flow.contracts.intacct.registers import REGISTERS
from sf_intacct.flow.contracts.intacct.sales_documents import SALES
from sf_intacct.flow.contracts.intacct.tax import TAXES

INTACCT = (
    *PARTIES,
    *CATALOGUE,
    *REFERENCE,
    *REGISTERS,
    *CURRENCIES,
    *CLOSING,
    *BILLS,
    *MEMOS,
    *RECEIPTS,
    *SALES,
    *DELIVERY,
    *PRICING,
    *TAXES,
)
