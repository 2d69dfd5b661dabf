"""Control totals of the company's books, computed anew from its rows."""

from typing import Any

from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.store import Store
from sf_intacct.sandbox.salesforce.values import shown


def totals(store: Store) -> dict[str, Any]:
    """Live rows by object, and exact sums as text over activated orders and mirrored documents."""
    orders, invoices, payments = (store.schema[name] for name in ("Order", "Intacct_Invoice__c", "Intacct_Payment__c"))
    activated = "\"StatusCode\" = 'Activated'"
    return {
        "rows": {kind.name: store.count(kind) for kind in store.schema},
        "orders_activated": store.count(orders, f'"IsDeleted" = 0 and {activated}'),
        "orders_activated_amount": _sum(store, orders, "TotalAmount", activated),
        "invoices_mirrored": store.count(invoices),
        "invoices_mirrored_amount": _sum(store, invoices, "Amount__c"),
        "invoices_mirrored_due": _sum(store, invoices, "Amount_Due__c"),
        "payments_mirrored": store.count(payments),
        "payments_mirrored_amount": _sum(store, payments, "Amount__c"),
    }


def _sum(store: Store, kind: ObjectType, field_name: str, condition: str = "true") -> str:
    return str(shown(kind.by_name[field_name], store.total(kind, field_name, condition)))
