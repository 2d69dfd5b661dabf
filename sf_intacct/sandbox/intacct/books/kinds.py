"""The kinds of documents there are. Adjustments and others will stand beside the invoice."""

from sf_intacct.sandbox.intacct.books.documents import Kind

INVOICE = Kind("ARINVOICE", "ARINVOICEITEM", "Invoice", "4.AR")
