"""Paging: totals, locators, snapshots, children beyond the page."""

from typing import Any

from sf_intacct_tests.sandbox.salesforce.org import Org

SMALL = {"Sforce-Query-Options": "batchSize=200"}


def many(org: Org, count: int, **fields: Any) -> None:
    for start in range(0, count, 200):
        numbers = range(start, min(start + 200, count))
        org.collection("POST", [{"type": "Account", "Name": f"{number:05d}", **fields} for number in numbers])


def pages(org: Org, soql: str, resource: str = "query") -> list[dict[str, Any]]:
    found = [org.good("GET", resource, params={"q": soql}, headers=SMALL)]
    while not found[-1]["done"]:
        path = found[-1]["nextRecordsUrl"].partition("/v64.0/")[2]
        found.append(org.good("GET", path))
    return found


def test_pages_cover_the_result_in_order_and_tell_its_whole_size(org: Org) -> None:
    many(org, 450)
    found = pages(org, "SELECT Name FROM Account ORDER BY Name DESC")
    assert [len(page["records"]) for page in found] == [200, 200, 50]
    assert {page["totalSize"] for page in found} == {450}
    assert "nextRecordsUrl" not in found[-1]
    names = [record["Name"] for page in found for record in page["records"]]
    assert names == sorted(names, reverse=True)
    assert len(set(names)) == 450


def test_a_page_holds_two_thousand_rows_unless_asked_for_fewer(org: Org) -> None:
    many(org, 2100)
    whole = org.good("GET", "query", params={"q": "SELECT Id FROM Account"})
    assert (len(whole["records"]), whole["done"]) == (2000, False)
    tiny = org.good(
        "GET", "query", params={"q": "SELECT Id FROM Account"}, headers={"Sforce-Query-Options": "batchSize=1"}
    )
    assert len(tiny["records"]) == 200


def test_a_cursor_keeps_its_rows_and_reads_their_present_values(org: Org) -> None:
    many(org, 201)
    first = org.good("GET", "query", params={"q": "SELECT Id, Site FROM Account ORDER BY Name"}, headers=SMALL)
    last = org.query("SELECT Id FROM Account WHERE Name = '00200'")[0]["Id"]
    org.create("Account", Name="00000 new")
    org.update("Account", last, Site="moved")
    (record,) = org.good("GET", first["nextRecordsUrl"].partition("/v64.0/")[2])["records"]
    assert (record["Id"], record["Site"]) == (last, "moved")


def test_a_locator_may_be_used_again_and_under_both_names(org: Org) -> None:
    many(org, 201)
    first = org.good("GET", "queryAll", params={"q": "SELECT Id FROM Account"}, headers=SMALL)
    locator = first["nextRecordsUrl"].rpartition("/")[2]
    assert org.good("GET", f"query/{locator}") == org.good("GET", f"queryAll/{locator}")


def test_a_locator_expires_after_two_days(org: Org) -> None:
    many(org, 201)
    first = org.good("GET", "query", params={"q": "SELECT Id FROM Account"}, headers=SMALL)
    path = first["nextRecordsUrl"].partition("/v64.0/")[2]
    org.control.advance(2 * 86_400 + 1)
    org.log_in()
    assert org.bad("GET", path) == {"message": "invalid query locator", "errorCode": "INVALID_QUERY_LOCATOR"}
    assert org.bad("GET", "query/0r8000000000000AAA-200")["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_children_come_with_their_parents_or_null(org: Org) -> None:
    full, _ = org.create("Account", Name="full"), org.create("Account", Name="bare")
    for last in ("A", "B", "C"):
        org.create("Contact", LastName=last, AccountId=full)
    rows = org.query(
        "SELECT Name, (SELECT LastName FROM Contacts WHERE LastName != 'A' ORDER BY LastName DESC LIMIT 1) "
        "FROM Account ORDER BY Name"
    )
    assert rows[0] == {"Name": "bare", "Contacts": None}
    (child,) = rows[1]["Contacts"]["records"]
    assert (rows[1]["Contacts"]["totalSize"], rows[1]["Contacts"]["done"], child["LastName"]) == (1, True, "C")


def test_children_take_room_from_the_page(org: Org) -> None:
    accounts = [org.create("Account", Name=f"{number}") for number in range(5)]
    for account in accounts:
        org.collection("POST", [{"type": "Contact", "LastName": "L", "AccountId": account} for _ in range(60)])
    found = pages(org, "SELECT Id, (SELECT Id FROM Contacts) FROM Account ORDER BY Name")
    assert [len(page["records"]) for page in found] == [3, 2]
    children = [len(record["Contacts"]["records"]) for page in found for record in page["records"]]
    assert children == [60] * 5


def test_children_beyond_the_page_have_a_locator_of_their_own(org: Org) -> None:
    account = org.create("Account", Name="full")
    for _ in range(2):
        org.collection("POST", [{"type": "Contact", "LastName": "L", "AccountId": account} for _ in range(130)])
    (page,) = pages(org, "SELECT Id, (SELECT Id FROM Contacts) FROM Account")
    children = page["records"][0]["Contacts"]
    assert (len(children["records"]), children["totalSize"], children["done"]) == (200, 260, False)
    rest = org.good("GET", children["nextRecordsUrl"].partition("/v64.0/")[2])
    assert (len(rest["records"]), rest["done"]) == (60, True)
    ids = {record["Id"] for record in (*children["records"], *rest["records"])}
    assert len(ids) == 260
