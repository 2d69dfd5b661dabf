"""The kinds of documents there are. Adjustments and others will stand beside the invoice."""

from sf_intacct.sandbox.intacct.books.documents import Kind

INVOICE = Kind("ARINVOICE", "ARINVOICEITEM", "Invoice", "4.AR")
# Made by Order Entry for a sales document; whoever edits the document gets another record of the same number.
ORDER_ENTRY_INVOICE = Kind("ARINVOICE", "ARINVOICEITEM", "Invoice", "8.SO")
