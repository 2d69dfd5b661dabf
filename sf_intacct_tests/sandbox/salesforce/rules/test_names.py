"""Names of people."""

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_a_contacts_name_is_composed_and_follows_its_parts(org: Org) -> None:
    contact = org.create("Contact", FirstName="Jo", LastName="Ames", Salutation="Ms.")
    assert org.get("Contact", contact)["Name"] == "Jo Ames"
    org.update("Contact", contact, FirstName=None)
    assert org.get("Contact", contact)["Name"] == "Ames"
    assert org.bad("PATCH", f"sobjects/Contact/{contact}", json={"Name": "X"})["fields"] == ["Name"]
