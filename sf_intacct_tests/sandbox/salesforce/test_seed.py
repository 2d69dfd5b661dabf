"""Seeds: a folder of CSV files becomes a company, or nothing at all."""

from pathlib import Path

import pytest

from sf_intacct.sandbox.salesforce.seed import SeedLoader
from sf_intacct_tests.sandbox.salesforce.books import company
from sf_intacct_tests.sandbox.salesforce.org import Org

FILES = {
    "Account": "key,Name,ParentId,Bill_To_Contact__c,BillingStreet\nA1,Parent,,C1,\nA2,Child,A1,,\"Weg 1\nHof\"\n",
    "Contact": "key,AccountId,FirstName,LastName\nC1,A1,Jo,Ames\n",
    "Product2": "key,Name,ProductCode,IsActive\nP1,Widget,W-1,true\n",
    "Pricebook2": "key,Name,IsStandard,IsActive\nSTD,Standard,true,true\n",
    "PricebookEntry": "key,Product2Id,Pricebook2Id,UnitPrice,IsActive\nE1,P1,STD,9.99,true\n",
    "Order": "key,AccountId,EffectiveDate,Status,Pricebook2Id,CreatedDate,OrderNumber\n"
    "O1,A2,2026-01-05,Activated,STD,2026-01-05T10:00:00Z,00000700\nO2,A1,2026-01-06,,STD,,\n",
    "OrderItem": "OrderId,PricebookEntryId,Quantity,UnitPrice,Description\nO1,E1,3,0.335,\nO1,E1,1,10,x\n",
}  # fmt: skip


def seed(folder: Path, **files: str) -> Path:
    for system in ("salesforce", "intacct"):
        (folder / system).mkdir(exist_ok=True)
    for name, text in {**FILES, **files}.items():
        (folder / "salesforce" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_keys_become_ids_forwards_and_in_circles(org: Org, tmp_path: Path) -> None:
    loaded = org.control.reset(seed(tmp_path))["loaded"]["salesforce"]
    assert loaded["Order"] == 2
    org.log_in()
    (child,) = org.query(
        "SELECT Parent.Name, Parent.Bill_To_Contact__r.Name, BillingStreet FROM Account WHERE Name = 'Child'"
    )
    assert child["Parent"]["Bill_To_Contact__r"]["Name"] == "Jo Ames"
    assert child["BillingStreet"] == "Weg 1\nHof"


def test_what_follows_from_the_rows_is_computed(org: Org, tmp_path: Path) -> None:
    org.control.reset(seed(tmp_path))
    first, second = org.control.rows("Order")
    assert (first["TotalAmount"], first["StatusCode"], first["OrderNumber"]) == ("11.01", "Activated", "00000700")
    assert first["ActivatedDate"] == first["SystemModstamp"] == "2026-01-05T10:00:00.000+0000"
    assert (second["Status"], second["StatusCode"], second["TotalAmount"]) == ("Draft", "Draft", "0.00")
    assert second["CreatedDate"] == "2026-03-17T09:30:15.000+0000"
    item = org.control.rows("OrderItem")[0]
    assert (item["TotalPrice"], item["ListPrice"], item["IsDeleted"]) == ("1.01", "9.99", False)
    assert org.control.books()["orders_activated_amount"] == "11.01"


def test_numbers_go_on_after_the_highest_of_the_seed(org: Org, tmp_path: Path) -> None:
    org.control.reset(seed(tmp_path))
    org.log_in()
    assert int(org.get("Order", org.order())["OrderNumber"]) > 700


def test_a_standard_row_becomes_the_companys_own(org: Org, tmp_path: Path) -> None:
    statuses = (
        "ApiName,MasterLabel,StatusCode,SortOrder,IsDefault\n"
        "Draft,Entwurf,Draft,1,true\nApproved,Freigegeben,Activated,2,false\n"
    )
    organization = "Name,DefaultCurrencyIsoCode\nMusterfirma,EUR\n"
    users = (
        "Username,LastName,FirstName,Email\nintegration@example.com,Robot,,r@example.com\n"
        "new@example.com,Neu,Eva,e@example.com\n"
    )
    order = FILES["Order"].replace("Activated", "Approved")
    org.control.reset(seed(tmp_path, OrderStatus=statuses, Organization=organization, User=users, Order=order))
    org.log_in()
    assert org.query("SELECT Name, DefaultCurrencyIsoCode FROM Organization") == [
        {"Name": "Musterfirma", "DefaultCurrencyIsoCode": "EUR"}
    ]
    assert org.query("SELECT Name FROM Pricebook2") == [{"Name": "Standard"}]
    assert {row["Name"] for row in org.query("SELECT Name FROM User")} == {"Robot", "Sales Person", "Eva Neu"}
    assert org.query("SELECT MasterLabel FROM OrderStatus WHERE ApiName = 'Draft'") == [{"MasterLabel": "Entwurf"}]
    assert org.query("SELECT StatusCode FROM Order WHERE Status = 'Approved'") == [{"StatusCode": "Activated"}]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("Account", "key,Name,Colour\nA1,A,red\n", "Account.csv, line 1: Account has no column 'Colour'"),
        ("Contact", "AccountId,LastName\nA1,A\nA9,B\n", "Contact.csv, line 3: AccountId: no Account has the key 'A9'"),
        ("Contact", "AccountId,LastName\nA1,\n", "Contact.csv, line 2: REQUIRED_FIELD_MISSING"),
        ("Contact", "LastName,Birthdate\nA,soon\n", "Contact.csv, line 2: JSON_PARSER_ERROR"),
        ("Contact", "LastName,Email\nA\n", "Contact.csv, line 2: 1 cells under 2 columns"),
        ("Account", "key,Name\nA1,A\nA1,B\n", "Account.csv, line 3: the key 'A1' is used twice"),
        ("Account", "key,Name,Intacct_Customer_Id__c\nA1,A,c-1\nA2,B,C-1\n",
         "Account.csv, line 3: Intacct_Customer_Id__c 'c-1' is on line 2"),
        ("Order", "AccountId,EffectiveDate,Status\nA1,2026-01-01,Odd\n", "Order.csv, line 2: INVALID_OR_NULL"),
        ("Spaceship", "Name\nA\n", "Spaceship.csv: there is no object 'Spaceship'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_line_and_nothing_is_loaded(
    org: Org, tmp_path: Path, name: str, text: str, told: str
) -> None:
    error = org.control.call("POST", "reset", 400, json={"seed": str(seed(tmp_path, **{name: text}))})["error"]
    assert told in error
    assert org.control.rows("Account") == []


def test_a_seed_may_point_to_a_row_that_is_there_by_its_id(tmp_path: Path) -> None:
    with company() as books:
        folder = seed(tmp_path, Contact=f"key,LastName,OwnerId\nC1,A,{books.integration_user_id}\n")
        SeedLoader(books).load(folder / "salesforce")
        (contact,) = books.store.all(books.schema["Contact"])
        assert contact["OwnerId"] == books.integration_user_id


def test_a_row_may_bring_the_id_it_has_elsewhere_and_no_other_record_is_given_it(org: Org, tmp_path: Path) -> None:
    mine = "001Sx0000000007IAA"
    contacts = "key,AccountId,FirstName,LastName\nC1,A1,Jo,Ames\n"
    accounts = f"key,Id,Name,ParentId\nA1,{mine},Parent,\nA2,,Child,A1\n"
    org.control.reset(seed(tmp_path, Account=accounts, Contact=contacts))
    parent, child = org.control.rows("Account")
    assert (parent["Id"], child["ParentId"]) == (mine, mine)
    assert child["Id"] != mine


def test_an_id_of_another_object_loads_nothing(org: Org, tmp_path: Path) -> None:
    folder = seed(tmp_path, Account="key,Id,Name\nA1,003Sx0000000007IAA,Parent\n")
    assert "is no id of a Account" in org.control.call("POST", "reset", 400, json={"seed": str(folder)})["error"]
