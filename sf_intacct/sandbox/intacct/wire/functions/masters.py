"""The older functions for masters: customers, contacts, terms, and the deletions by natural id."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import customers, masters
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.legacy import keyed, texts
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.response import Outcome

CONTACT_NAMES = (
    "contactname printas companyname taxable taxgroup prefix firstname lastname initial phone1 phone2 cellphone"
    " pager fax email1 email2 url1 url2 status mailaddress taxid"
)
CONTACT = {name: name.upper() for name in CONTACT_NAMES.split()}
CUSTOMER = {
    "customerid": "CUSTOMERID",
    "name": "NAME",
    "parentid": "PARENTID",
    "termname": "TERMNAME",
    "custrepid": "CUSTREPID",
    "shippingmethod": "SHIPPINGMETHOD",
    "custtype": "CUSTTYPE",
    "taxid": "TAXID",
    "creditlimit": "CREDITLIMIT",
    "territoryid": "TERRITORYID",
    "resaleno": "RESALENO",
    "deliveryoptions": "DELIVERY_OPTIONS",
    "accountlabel": "ACCOUNTLABEL",
    "glaccountno": "ARACCOUNT",
    "glgroup": "GLGROUP",
    "onhold": "ONHOLD",
    "comments": "COMMENTS",
    "status": "STATUS",
    "currency": "CURRENCY",
    "primary": "CONTACTINFO",
    "billto": "BILLTO",
    "shipto": "SHIPTO",
    "contactinfo": "DISPLAYCONTACT",
    "vsoepricelist": "VSOEPRICELIST",
    "supdocid": "SUPDOCID",
    "offsetglaccountno": "OFFSETGLACCOUNTNO",
}
TERM = {"name": "NAME", "description": "DESCRIPTION", "status": "STATUS", "disccalcon": "DISCCALCON"}
TERM_BLOCKS = {
    "due": {"dueday": "DUEDATE", "duefrom": "DUEFROM"},
    "discount": {
        "discday": "DISCDATE",
        "discfrom": "DISCFROM",
        "discamount": "DISCAMOUNT",
        "discpercamn": "DISCPERCAMN",
        "discgracedays": "DISCFUDGEDAYS",
    },
    "penalty": {
        "pen_type": "PEN_TYPES",
        "penamount": "PENAMOUNT",
        "penpercamn": "PENPERCAMN",
        "pengracedays": "PENFUDGEDAYS",
    },
}
# Function -> object and the attribute that names the record.
DELETIONS = {
    "delete_customer": ("CUSTOMER", "customerid"),
    "delete_contact": ("CONTACT", "contactname"),
    "delete_arterm": ("ARTERM", "name"),
    "delete_araccountlabel": ("ARACCOUNTLABEL", "accountlabel"),
    "delete_class": ("CLASS", "key"),
    "delete_department": ("DEPARTMENT", "departmentid"),
    "delete_glaccount": ("GLACCOUNT", "glaccountno"),
    "delete_item": ("ITEM", "itemid"),
    "delete_location": ("LOCATION", "locationid"),
}


def create_customer(desk: Desk, element: etree._Element) -> Outcome:
    """`contactinfo` written out in full is the display contact; without one it is made of the name."""
    allowed(desk, "CREATE", "CUSTOMER")
    values = texts(element, CUSTOMER)
    shown = values.get("DISPLAYCONTACT") or {}
    if "PRINTAS" not in shown:
        values["DISPLAYCONTACT"] = {"PRINTAS": values["NAME"]}
    if _ignored(desk, element, "CUSTOMER", values.get("CUSTOMERID")):
        return Outcome()
    return keyed(desk, customers.create(desk.clerk, values)["RECORDNO"])


def update_customer(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "UPDATE", "CUSTOMER")
    values = {**_present(texts(element, CUSTOMER)), "CUSTOMERID": element.get("customerid")}
    return keyed(desk, customers.update(desk.clerk, values)["RECORDNO"])


def create_contact(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "CREATE", "CONTACT")
    values = texts(element, CONTACT)
    if _ignored(desk, element, "CONTACT", values.get("CONTACTNAME")):
        return Outcome()
    return keyed(desk, masters.create(desk.clerk, "CONTACT", values)["RECORDNO"])


def update_contact(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "UPDATE", "CONTACT")
    values = {**_present(texts(element, CONTACT)), "CONTACTNAME": element.get("contactname")}
    return keyed(desk, masters.update(desk.clerk, "CONTACT", values)["RECORDNO"])


def create_term(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "CREATE", "ARTERM")
    return keyed(desk, masters.create(desk.clerk, "ARTERM", _term(element))["RECORDNO"])


def update_term(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "UPDATE", "ARTERM")
    values = {**_term(element), "NAME": element.get("name")}
    return keyed(desk, masters.update(desk.clerk, "ARTERM", values)["RECORDNO"])


def delete_named(desk: Desk, element: etree._Element) -> Outcome:
    """Any of `DELETIONS`. Raises Rejection if nothing has that name, or if something refers to it."""
    object_name, attribute = DELETIONS[str(element.tag)]
    allowed(desk, "DELETE", object_name)
    store, name = desk.company.store, element.get(attribute, "")
    found = store.find(object_name, store.schema[object_name].id_field, name)
    if found is None:
        raise Rejection([problems.no_such_record(store.schema[object_name].name, name, "delete")])
    masters.delete(desk.clerk, object_name, found["RECORDNO"])
    return Outcome()


def _ignored(desk: Desk, element: etree._Element, object_name: str, name: Any) -> bool:
    """True if the record exists and the caller asked to pass over duplicates."""
    store = desk.company.store
    id_field = store.schema[object_name].id_field
    wanted = element.get("ignoreduplicates", "false") == "true"
    return wanted and store.find(object_name, id_field, name) is not None


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without set_nulls an empty element changes nothing."""
    return {name: value for name, value in values.items() if value != ""}


def _term(element: etree._Element) -> dict[str, Any]:
    values = texts(element, TERM)
    for block, names in TERM_BLOCKS.items():
        inner = element.find(block)
        values |= texts(inner, names) if inner is not None else {}
    return _present(values)
