"""Facts about Intacct's objects that reading and looking up hang on. One line per object."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """How a record we made is found again. total and currency: the fields that must equal the money we meant.

    named: what a legacy create answers with instead of a record number. lines: the object of its lines, where Intacct
    may put taxes on top of them.
    """

    natural_key: str
    mark: str | None = None
    total: str | None = None
    currency: str | None = None
    named: str | None = None
    lines: str | None = None


# Custom fields that carry the Salesforce id, so that a record can say itself where it came from.
TARGETS = {
    "CUSTOMER": Target("CUSTOMERID", mark="SALESFORCE_ID"),
    "CONTACT": Target("CONTACTNAME", mark="SALESFORCE_ID"),
    "ITEM": Target("ITEMID", mark="SALESFORCE_ID"),
    "PROJECT": Target("PROJECTID", mark="SALESFORCE_ID"),
    # Whether Intacct keeps a task id that we give is nowhere recorded: tasks are known by our mark alone.
    "TASK": Target("SALESFORCE_ID", mark="SALESFORCE_ID"),
    "ARINVOICE": Target(
        "RECORDID", mark="SALESFORCE_ID", total="TRX_TOTALENTERED", currency="CURRENCY", lines="ARINVOICEITEM"
    ),
    # No custom fields in its header: a number of ours, whose total is ours, is ours.
    "ARADJUSTMENT": Target("RECORDID", total="TRX_TOTALENTERED", currency="CURRENCY", lines="ARADJUSTMENTITEM"),
    "SODOCUMENT": Target("DOCNO", mark="SALESFORCE_ID", total="TRX_SUBTOTAL", currency="CURRENCY", named="DOCID"),
}
