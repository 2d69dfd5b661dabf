import shutil
from pathlib import Path

import pytest

from sf_intacct_tests.sandbox.intacct.harness import SEED, Gateway, compare


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small company, to be spoilt."""
    return Path(shutil.copytree(SEED, tmp_path / "seed"))


def add(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.csv").write_text(text)


def test_a_seed_tells_how_many_rows_it_loaded(gateway: Gateway, folder: Path) -> None:
    gateway.sandbox.reset()
    loaded = gateway.sandbox.load(folder)
    assert loaded["CUSTOMER"] == 4
    assert loaded["LOCATIONENTITY"] == 2
    assert gateway.books()["customers"] == 4


def test_masters_of_a_seed_are_complete(gateway: Gateway) -> None:
    fields = "PARENT.NAME DISPLAYCONTACT.PRINTAS DISPLAYCONTACT.CONTACTNAME BILLTO.CONTACTNAME ONHOLD STATUS"
    rows = gateway.query("CUSTOMER", fields, order="CUSTOMERID")
    assert list(rows[0].values()) == ["", "Acme Inc", "Acme(CC-1)", "Accounts Dept", "false", "active"]
    assert list(rows[1].values()) == ["Acme", "Bold Ltd", "Bold(CC-2)", "", "false", "active"]
    (item,) = gateway.query("ITEM", "BASEPRICE TAXABLE SALESFORCE_ID", compare("equalto", "ITEMID", "WIDGET"))
    assert item == {"BASEPRICE": "12.5", "TAXABLE": "true", "SALESFORCE_ID": "01tA00000000001AAA"}


def test_entities_are_locations_too(gateway: Gateway) -> None:
    assert [one["LOCATIONID"] for one in gateway.query("LOCATION", "LOCATIONID", order="LOCATIONID")] == [
        "EU",
        "US",
        "US-W",
    ]
    entities = gateway.query("LOCATIONENTITY", "LOCATIONID", order="LOCATIONID")
    assert [one["LOCATIONID"] for one in entities] == ["EU", "US"]


def test_invoices_and_payments_of_a_seed_follow_the_rules(gateway: Gateway, folder: Path) -> None:
    add(
        folder,
        "ARINVOICE",
        "RECORDID,CUSTOMERID,WHENCREATED,DESCRIPTION\nH-1,C-1,2025-11-03,old\nH-2,C-1,2025-12-01,\n",
    )
    add(
        folder,
        "ARINVOICEITEM",
        "RECORDID,ACCOUNTNO,TRX_AMOUNT,ITEMID\nH-1,4000,10.10,WIDGET\nH-2,4000,5,\nH-1,4000,2,\n",
    )
    add(
        folder,
        "ARPYMT",
        "DOCNUMBER,CUSTOMERID,FINANCIALENTITY,PAYMENTMETHOD,RECEIPTDATE\nP-1,C-1,BANK,EFT,2026-01-05\n",
    )
    add(folder, "ARPYMTDETAIL", "DOCNUMBER,RECORDID,TRX_PAYMENTAMOUNT\nP-1,H-1,12.10\nP-1,H-2,1\n")
    gateway.sandbox.reset()
    gateway.sandbox.load(folder)
    rows = gateway.query("ARINVOICE", "RECORDID STATE WHENDUE TRX_TOTALENTERED TRX_TOTALDUE BILLTO.CONTACTNAME")
    assert [list(row.values()) for row in rows] == [
        ["H-1", "Paid", "12/03/2025", "12.1", "0", "Accounts Dept"],
        ["H-2", "Partially Paid", "12/31/2025", "5", "4", "Accounts Dept"],
    ]
    assert gateway.books()["unbalanced_invoices"] == []


def test_a_company_that_names_no_bank_has_one(gateway: Gateway, folder: Path) -> None:
    (folder / "CHECKINGACCOUNT.csv").unlink()
    add(folder, "CUSTOMER", "CUSTOMERID,NAME\n")
    gateway.sandbox.reset()
    assert gateway.sandbox.load(folder)["CUSTOMER"] == 0
    assert [row["BANKACCOUNTID"] for row in gateway.rows("CHECKINGACCOUNT")] == ["OPERATING"]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("CLASS", "CLASSID,NAME\nA,x\nA,y\n", "CLASS.csv, line 3: CLASSID 'A' is there twice"),
        ("CLASS", "CLASSID,NAME\n,x\n", "CLASS.csv, line 2: The Class ID field is missing a value"),
        ("CLASS", "CLASSID,NAME,PARENTID\nA,x,B\n", "CLASS.csv, line 2: PARENTID 'B' is not a CLASS"),
        ("CLASS", "CLASSID,NAME\nA\n", "CLASS.csv, line 2: not as many columns as the header"),
        ("CLASS", "CLASSID,COLOUR\nA,red\n", "CLASS.csv: CLASS has no column 'COLOUR' to be loaded"),
        ("ITEM", "ITEMID,NAME,ITEMTYPE,BASEPRICE\nA,a,Kit,dear\n", "ITEM.csv, line 2: BASEPRICE"),
        ("CUSTOMER", "CUSTOMERID,NAME,TERMNAME\nA,a,Never\n", "CUSTOMER.csv, line 2: TERMNAME 'Never' is not a ARTERM"),
        ("CUSTOMER", "CUSTOMERID,NAME,SHIPTO.CONTACTNAME\nA,a,Nobody\n", "'Nobody' is not a CONTACT"),
        ("COMPANY", "setting,value\nbase_curency,USD\n", "COMPANY.csv, line 2: unknown setting 'base_curency'"),
        ("VENDOR", "VENDORID\nV\n", "VENDOR.csv: no object of this name is loaded from seeds"),
        ("ARINVOICE", "RECORDID,CUSTOMERID,WHENCREATED\nA,C-1,2026-01-01\n", "an invoice without lines"),
        ("ARINVOICE", "RECORDID,CUSTOMERID,WHENCREATED\nA,C-9,2026-01-01\n", "CUSTOMERID 'C-9' is not a CUSTOMER"),
    ],
)
def test_a_spoilt_seed_names_file_and_line_and_loads_nothing(
    gateway: Gateway, folder: Path, name: str, text: str, complaint: str
) -> None:
    gateway.sandbox.reset()
    add(folder, name, text)
    with pytest.raises(ValueError, match=r"\.csv") as refused:
        gateway.sandbox.load(folder)
    assert complaint in str(refused.value)
    assert gateway.books()["customers"] == 0
    assert gateway.rows("GLACCOUNT") == []
    assert gateway.sandbox.company.settings.ar_closed_through == ""


def test_two_loads_of_one_seed_into_one_world_give_the_same_numbers(folder: Path) -> None:
    from sf_intacct.sandbox.clock import Clock
    from sf_intacct.sandbox.intacct import IntacctSandbox
    from sf_intacct.sandbox.world import World
    from sf_intacct_tests.sandbox.intacct.harness import START

    twins = [IntacctSandbox(World(seed=3, clock=Clock(START, frozen=True))) for _ in range(2)]
    for twin in twins:
        twin.load(folder)
    assert twins[0].rows("CUSTOMER") == twins[1].rows("CUSTOMER")
    assert twins[0].rows("AUDITHISTORY") == twins[1].rows("AUDITHISTORY")
