"""Price books: one price per product and book, a standard price first."""

from decimal import Decimal

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_a_price_in_another_book_needs_a_standard_price(org: Org) -> None:
    product = org.create("Product2", Name="Widget")
    book = org.create("Pricebook2", Name="Wholesale", IsActive=True)
    fields = {"Product2Id": product, "Pricebook2Id": book, "UnitPrice": "9.50"}
    assert org.bad("POST", "sobjects/PricebookEntry", json=fields)["errorCode"] == "STANDARD_PRICE_NOT_DEFINED"
    org.create("PricebookEntry", **{**fields, "Pricebook2Id": org.standard_book})
    entry = org.get("PricebookEntry", org.create("PricebookEntry", **fields))
    assert (entry["UnitPrice"], entry["Name"]) == (Decimal("9.5"), "Widget")


def test_a_product_has_one_price_per_book(org: Org) -> None:
    product = org.query(f"SELECT Product2Id FROM PricebookEntry WHERE Id = '{org.product()}'")[0]["Product2Id"]
    fields = {"Product2Id": product, "Pricebook2Id": org.standard_book, "UnitPrice": 1}
    error = org.bad("POST", "sobjects/PricebookEntry", json=fields)
    assert error["message"] == "This price definition already exists in this price book"


def test_an_entry_may_follow_the_standard_price(org: Org) -> None:
    product = org.query(f"SELECT Product2Id FROM PricebookEntry WHERE Id = '{org.product(price='12')}'")[0][
        "Product2Id"
    ]
    book = org.create("Pricebook2", Name="Wholesale", IsActive=True)
    entry = org.create("PricebookEntry", Product2Id=product, Pricebook2Id=book, UnitPrice=1, UseStandardPrice=True)
    assert org.get("PricebookEntry", entry)["UnitPrice"] == 12


def test_entries_show_the_products_new_name(org: Org) -> None:
    entry = org.product("OLD")
    product = org.get("PricebookEntry", entry)["Product2Id"]
    org.update("Product2", product, Name="New", ProductCode="NEW")
    found = org.get("PricebookEntry", entry)
    assert (found["Name"], found["ProductCode"]) == ("New", "NEW")


def test_a_product_that_was_sold_cannot_be_deleted(org: Org) -> None:
    entry = org.product()
    org.order(("1", "5"), entry=entry)
    product = org.get("PricebookEntry", entry)["Product2Id"]
    assert org.bad("DELETE", f"sobjects/Product2/{product}")["errorCode"] == "DELETE_FAILED"


def test_a_price_that_follows_the_standard_price_cannot_be_set_before_it_is_let_go(org: Org) -> None:
    product = org.get("PricebookEntry", org.product(price="12"))["Product2Id"]
    book = org.create("Pricebook2", Name="Wholesale", IsActive=True)
    entry = org.create("PricebookEntry", Product2Id=product, Pricebook2Id=book, UnitPrice=12, UseStandardPrice=True)
    both = {"UseStandardPrice": False, "UnitPrice": 9}
    assert org.bad("PATCH", f"sobjects/PricebookEntry/{entry}", json=both)["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"
    org.update("PricebookEntry", entry, UseStandardPrice=False)
    org.update("PricebookEntry", entry, UnitPrice=9)
    assert org.get("PricebookEntry", entry)["UnitPrice"] == 9
