"""What people do at the screen of the imitated company, by the names of their acts.

Arguments are JSON values. Invoices go by number (or record number), other records by their natural id, dates
are ISO. Every act answers what it changed, and raises Refusal in the words of the system.
"""

from collections.abc import Mapping

from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.people.administrator import Administrator
from sf_intacct.sandbox.intacct.people.bookkeeper import Bookkeeper
from sf_intacct.sandbox.intacct.people.cashier import Cashier
from sf_intacct.sandbox.intacct.people.collector import Collector
from sf_intacct.sandbox.intacct.people.merchandiser import Merchandiser
from sf_intacct.sandbox.system import Act

ACTS = {
    Cashier: (
        "pay_invoice",
        "pay_invoices",
        "pay_many",
        "overpay_invoice",
        "reverse_payment",
        "receive_advance",
        "apply_advance",
        "apply_overpayment",
        "take_back_application",
        "reverse_advance",
    ),
    Bookkeeper: (
        "create_invoice",
        "remake_invoice",
        "create_adjustment",
        "delete_adjustment",
        "reverse_invoice",
        "delete_invoice",
        "close_period",
        "open_period",
        "enter_rate",
    ),
    Merchandiser: ("create_price_list", "enter_price"),
    Collector: ("apply_credit", "take_credit_back", "write_off"),
    Administrator: ("set_status", "deactivate_many", "edit", "rename", "delete", "configure"),
}


def acts(company: Company) -> Mapping[str, Act]:
    """Every act by name."""
    return {name: getattr(person(company), name) for person, names in ACTS.items() for name in names}
