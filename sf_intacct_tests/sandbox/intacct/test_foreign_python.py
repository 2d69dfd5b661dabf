"""The PyPI client of another company, unmodified but for the address it posts to."""

from typing import Any

import pytest
import requests
import xmltodict  # type: ignore[import-untyped]
from sageintacctsdk import SageIntacctSDK  # type: ignore[import-untyped]
from sageintacctsdk.apis.api_base import ApiBase  # type: ignore[import-untyped]
from sageintacctsdk.exceptions import InvalidTokenError, WrongParamsError  # type: ignore[import-untyped]

from sf_intacct.sandbox.intacct import defaults
from sf_intacct_tests.sandbox.intacct.harness import Gateway, compare, invoice, line

POST = "_ApiBase__post_request_for_raw_response"
DATE = {"year": "2026", "month": "03", "day": "05"}


@pytest.fixture
def sdk(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> SageIntacctSDK:
    """The client, logged in: every one of its objects keeps the public address, which is replaced here."""

    def post(self: ApiBase, body: dict[str, Any], url: str) -> requests.Response:
        with requests.Session() as http:
            return http.post(
                gateway.url, headers={"content-type": "application/xml"}, data=xmltodict.unparse(body).encode("utf-8")
            )

    monkeypatch.setattr(ApiBase, POST, post)
    return SageIntacctSDK(
        sender_id=defaults.SENDER_ID,
        sender_password=defaults.SENDER_PASSWORD,
        user_id=defaults.USER_ID,
        company_id=defaults.COMPANY_ID,
        user_password=defaults.USER_PASSWORD,
    )


def test_it_counts_and_reads_customers(sdk: SageIntacctSDK) -> None:
    assert sdk.customers.count() == 3
    found = sdk.customers.get_all()
    assert sorted(one["CUSTOMERID"] for one in found) == ["C-1", "C-2", "C-3", "C-4"]
    assert sdk.customers.get("CUSTOMERID", "C-1")["customer"]["NAME"] == "Acme"
    assert next(sdk.customers.get_all_generator(field="STATUS", value="inactive"))[0]["CUSTOMERID"] == "C-3"


def test_it_writes_customers_and_items(sdk: SageIntacctSDK, gateway: Gateway) -> None:
    made = sdk.customers.post({"customerid": "P-1", "name": "Pie", "displaycontact": {"printas": "Pie & Co"}})
    assert made["data"]["customer"]["CUSTOMERID"] == "P-1"
    sdk.items.post({"itemid": "PIE", "name": "Pie", "itemtype": "Non-Inventory"})
    sdk.customers.update({"customerid": "P-1", "name": "Pie 2"})
    assert gateway.query("CUSTOMER", "NAME", compare("equalto", "CUSTOMERID", "P-1")) == [{"NAME": "Pie 2"}]
    with pytest.raises(WrongParamsError) as refused:
        sdk.customers.post({"customerid": "P-1", "name": "Pie", "displaycontact": {"printas": "Pie"}})
    assert refused.value.response["error"][0]["errorno"] == "BL34000061"


def test_it_writes_and_reads_invoices(sdk: SageIntacctSDK) -> None:
    made = sdk.ar_invoices.post(
        {
            "customerid": "C-1",
            "datecreated": DATE,
            "datedue": DATE,
            "invoiceno": "PY-1",
            "invoiceitems": {"lineitem": [{"glaccountno": "4000", "amount": "12.30", "memo": "pie"}]},
        }
    )
    (only,) = sdk.ar_invoices.get_all()
    assert (only["RECORDNO"], only["RECORDID"], only["TOTALDUE"]) == (made["key"], "PY-1", "12.3")
    assert sdk.ar_invoices.get("RECORDID", "PY-1")["arinvoice"]["STATE"] == "Posted"
    assert sdk.ar_invoice_items.get_all()[0]["ENTRYDESCRIPTION"] == "pie"
    found = sdk.ar_invoices.get_by_query(
        ["RECORDID"], and_filter=[("equalto", "CUSTOMERID", "C-1"), ("greaterthan", "TOTALDUE", "1")]
    )
    assert found == [{"RECORDID": "PY-1"}]


def test_it_receives_payments(sdk: SageIntacctSDK, gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), number="I-1")).key
    sdk.ar_payments.post(
        {
            "FINANCIALENTITY": "BANK",
            "PAYMENTMETHOD": "EFT",
            "CUSTOMERID": "C-1",
            "RECEIPTDATE": "03/05/2026",
            "ARPYMTDETAILS": {"ARPYMTDETAIL": {"RECORDKEY": key, "TRX_PAYMENTAMOUNT": "10"}},
        }
    )
    assert sdk.ar_payments.get_all()[0]["TRX_TOTALENTERED"] == "10"
    assert sdk.ar_invoices.get_all()[0]["STATE"] == "Paid"


def test_it_looks_up_definitions_and_dimensions(sdk: SageIntacctSDK) -> None:
    kind = sdk.ar_invoices.get_lookup()["Type"]
    assert kind["@Name"] == "ARINVOICE"
    assert "RECORDNO" in [one["ID"] for one in kind["Fields"]["Field"]]
    assert "CLASS" in [one["objectName"] for one in sdk.dimensions.get_all()]


@pytest.mark.parametrize(
    "name",
    ["accounts", "departments", "locations", "location_entities", "classes", "contacts", "checking_accounts", "items"],
)
def test_it_reads_every_master(sdk: SageIntacctSDK, name: str) -> None:
    assert getattr(sdk, name).get_all()


def test_it_deletes_by_key(sdk: SageIntacctSDK, gateway: Gateway) -> None:
    number = gateway.query("ITEM", "RECORDNO", compare("equalto", "ITEMID", "OLD"))[0]["RECORDNO"]
    assert sdk.items.delete(number)["status"] == "success"


def test_it_understands_a_refused_sign_in_and_a_dead_session(sdk: SageIntacctSDK) -> None:
    credentials = {"sender_id": defaults.SENDER_ID, "sender_password": defaults.SENDER_PASSWORD, "user_id": "x"}
    with pytest.raises(InvalidTokenError):
        SageIntacctSDK(**credentials, company_id=defaults.COMPANY_ID, user_password="x")
    dead = SageIntacctSDK(**credentials, company_id="x", user_password="x", session_id="dead")
    with pytest.raises(InvalidTokenError):
        dead.customers.count()
