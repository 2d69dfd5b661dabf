"""The mission in fourteen rows: what a company moves between the two systems, and what must be right about it."""

from dataclasses import dataclass

from sf_intacct.flow.mapping import Mapping


@dataclass(frozen=True)
class Row:
    """One row of the mission.

    targets are the objects (system.Object) whose mappings carry it; sources restrict them to mappings from
    these tables of core, where other rows have the same target.
    """

    number: int
    source: str
    target: str
    right: str
    targets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def has(self, mapping: Mapping) -> bool:
        """Whether a mapping carries this row."""
        return mapping.target in self.targets and (not self.sources or mapping.source in self.sources)


_DOCUMENTS = ("intacct.ARINVOICE", "intacct.SODOCUMENT")

ROWS = (
    Row(
        1,
        "Account (person and business)",
        "CUSTOMER",
        "parent account before child; billing and shipping address; terms; tax id and exemption; currency; credit "
        "limit; territory, rep, type; custom fields; deactivate, never delete",
        ("intacct.CUSTOMER",),
    ),
    Row(
        2,
        "Contact with a role",
        "CONTACT, and bill-to, ship-to, primary contact and contact list of the customer",
        "name collisions, role per document, address overrides per document",
        ("intacct.CONTACT", "intacct.CUSTOMER"),
    ),
    Row(
        3,
        "Product2",
        "ITEM",
        "either side as master, by setting; GL group, tax group, unit of measure, item type, inactive",
        ("intacct.ITEM", "salesforce.Product2"),
    ),
    Row(
        4,
        "Pricebook2, PricebookEntry",
        "SOPRICELIST and entries",
        "per currency, date ranges; or prices read back from Intacct",
        ("intacct.SOPRICELIST", "intacct.SOPRICELISTENTRY", "salesforce.PricebookEntry", "salesforce.Pricebook2"),
    ),
    Row(
        5,
        "Opportunity, Quote or Order with lines",
        "sales document of a configurable transaction definition, or AR invoice, or nothing yet",
        "trigger as SQL predicate per company; document type chosen by rule; one document per source and type; draft "
        "or submitted; dates, terms, reference, PO number; line order; discounts; bundles; zero and negative lines; "
        "subtotals and taxes",
        _DOCUMENTS,
    ),
    Row(
        6,
        "Opportunity",
        "PROJECT, and tasks where products say so",
        "template by rule, customer link, later documents coded with the project",
        ("intacct.PROJECT", "intacct.TASK"),
    ),
    Row(
        7,
        "OrderItem, OpportunityLineItem",
        "document lines",
        "item, or GL account or account label; department, location, class, project, customer, item, user-defined "
        "dimensions; memo; revenue template and service dates; custom fields",
        _DOCUMENTS,
    ),
    Row(
        8,
        "return order, negative amendment, cancelled order",
        "AR adjustment (credit memo) or reversal, by policy",
        "linked to the invoice it corrects; applied or left open by policy; never a negative invoice",
        ("intacct.ARADJUSTMENT",),
    ),
    Row(
        9,
        "amendment after posting",
        "per policy: update while editable, credit and rebill, or hold for a person",
        "the outcome defined for every combination of source change and target state",
        (*_DOCUMENTS, "intacct.ARADJUSTMENT"),
    ),
    Row(
        10,
        "ARINVOICE, SODOCUMENT state and totals",
        "Order and Opportunity fields, and `Intacct_Invoice__c` with lines",
        "documents born in Intacct too, if their customer is linked; recreated record numbers are followed",
        (
            "salesforce.Order",
            "salesforce.Opportunity",
            "salesforce.Intacct_Invoice__c",
            "salesforce.Intacct_Invoice_Line__c",
        ),
    ),
    Row(
        11,
        "ARPYMT, ARADVANCE, reversal",
        "`Intacct_Payment__c` with one application per invoice",
        "partial, over-, multi-invoice, unapplied, reversed, in another currency",
        ("salesforce.Intacct_Payment__c", "salesforce.Intacct_Payment_Application__c"),
    ),
    Row(
        12,
        "ARADJUSTMENT, refund, write-off",
        "`Intacct_Credit_Memo__c`",
        "with applications",
        ("salesforce.Intacct_Credit_Memo__c", "salesforce.Intacct_Credit_Application__c"),
    ),
    Row(
        13,
        "CUSTOMER balance, credit hold, ageing",
        "Account fields",
        "recomputed from open documents, not trusted from a stamp",
        ("salesforce.Account",),
    ),
    Row(
        14,
        "terms, dimensions, accounts, taxes, rates, entities, periods, user-defined dimensions",
        "reference tables in core; picklists or lookup records in Salesforce by setting",
        "renames and deactivations found before they break a posting, with the blocked lines listed",
        ("salesforce.Intacct_Reference__c",),
    ),
)
