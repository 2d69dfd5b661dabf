"""What Intacct and Salesforce say when they refuse, as data: every message on record, and which cause it is.

A new message is one entry in one of the rooms. Those of Salesforce are tried first: its codes are its own.
"""

from sf_intacct.flow.messages.access import ACCESS
from sf_intacct.flow.messages.books import BOOKS
from sf_intacct.flow.messages.coding import CODING
from sf_intacct.flow.messages.message import Message
from sf_intacct.flow.messages.salesforce_access import RIGHTS
from sf_intacct.flow.messages.salesforce_records import RECORDS

INTACCT: tuple[Message, ...] = (*ACCESS, *CODING, *BOOKS)
SALESFORCE: tuple[Message, ...] = (*RECORDS, *RIGHTS)
MESSAGES: tuple[Message, ...] = (*SALESFORCE, *INTACCT)

__all__ = ["INTACCT", "MESSAGES", "SALESFORCE", "Message"]
