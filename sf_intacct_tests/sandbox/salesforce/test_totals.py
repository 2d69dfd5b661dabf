"""The control totals of the books."""

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_totals_are_exact_and_count_live_rows(org: Org) -> None:
    for price in ("0.1", "0.2"):
        org.update("Order", org.order(("1", price), entry=org.product(price)), Status="Activated")
    org.order(("1", "100"), entry=org.product("draft"))
    for key, amount in (("1", "19.99"), ("2", "0.01"), ("3", "5")):
        org.create("Intacct_Invoice__c", Invoice_Key__c=key, Amount__c=amount, Amount_Due__c="1.10")
    gone = org.query("SELECT Id FROM Intacct_Invoice__c WHERE Invoice_Key__c = '3'")[0]["Id"]
    org.good("DELETE", f"sobjects/Intacct_Invoice__c/{gone}", 204)
    org.create("Intacct_Payment__c", Payment_Key__c="p", Amount__c="7.5")
    books = org.control.books()
    assert (books["orders_activated"], books["orders_activated_amount"]) == (2, "0.30")
    assert (books["invoices_mirrored"], books["invoices_mirrored_amount"]) == (2, "20.00")
    assert (books["invoices_mirrored_due"], books["payments_mirrored_amount"]) == ("2.20", "7.50")
    assert books["rows"]["Order"] == 3
