"""Records on their way to Salesforce, as JSON text. Numbers are written as they stand, never through a float."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sf_intacct.flow.contracts import target_contract
from sf_intacct.model.system import Kind

# Which field an upsert goes by, for the objects that are ours.
EXTERNAL_IDS = {
    "Intacct_Invoice__c": "Invoice_Key__c",
    "Intacct_Invoice_Line__c": "Line_Key__c",
    "Intacct_Payment__c": "Payment_Key__c",
    "Intacct_Payment_Application__c": "Application_Key__c",
    "Intacct_Credit_Memo__c": "Credit_Memo_Key__c",
    "Intacct_Credit_Application__c": "Application_Key__c",
    "Intacct_Reference__c": "Reference_Key__c",
    "Product2": "Intacct_Item_Id__c",
    "PricebookEntry": "Intacct_Price_Key__c",
}


def record_text(sobject: str, fields: Mapping[str, str | None], record_id: str | None) -> str:
    """One record for a collections call. With an id it is an update of that record."""
    contract = target_contract(f"salesforce.{sobject}")
    kinds = {column.source: column.kind for column in contract.columns} if contract else {}
    members: dict[str, Any] = {"attributes": _object({"type": json.dumps(sobject)})}
    if record_id:
        members["Id"] = json.dumps(record_id)
    for name, value in fields.items():
        if name == "Id":
            continue
        head, _, rest = name.partition(".")
        literal = _literal(value, kinds.get(name, Kind.TEXT))
        # A related record is named by its external id: {"Account__r": {"Key__c": "1"}}.
        members[head] = _object({rest: literal}) if rest else literal
    return _object(members)


def collection(texts: Sequence[str]) -> bytes:
    """The body of a collections call: each record succeeds or fails by itself."""
    return f'{{"allOrNone":false,"records":[{",".join(texts)}]}}'.encode()


def lone(text: str, sobject: str, record_id: str) -> bytes:
    """The body of a call about one record, from its text for a collections call: the address names it already."""
    prefix = record_text(sobject, {}, record_id).removesuffix("}")
    assert text.startswith(prefix), f"the text of another record than {record_id}"
    return ("{" + text.removeprefix(prefix).removeprefix(",")).encode()


def _object(members: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in members.items()) + "}"


def _literal(value: str | None, kind: Kind) -> str:
    if value is None:
        return "null"
    if kind in (Kind.MONEY, Kind.NUMBER, Kind.WHOLE):
        return format(Decimal(value), "f")
    if kind is Kind.FLAG:
        return value
    return json.dumps(value, ensure_ascii=False)
