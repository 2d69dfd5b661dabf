import pytest

from sf_intacct_tests.sandbox.intacct.harness import Gateway, compare, invoice, line


def customer(customer_id: str, inside: str = "", display: str = "<PRINTAS>New Inc</PRINTAS>") -> str:
    return (
        f"<create><CUSTOMER><CUSTOMERID>{customer_id}</CUSTOMERID><NAME>New</NAME>"
        f"<DISPLAYCONTACT>{display}</DISPLAYCONTACT>{inside}</CUSTOMER></create>"
    )


def found(gateway: Gateway, customer_id: str, fields: str) -> dict[str, str]:
    (only,) = gateway.query("CUSTOMER", fields, compare("equalto", "CUSTOMERID", customer_id))
    return only


def test_a_customer_comes_with_its_display_contact(gateway: Gateway) -> None:
    display = (
        "<PRINTAS>New Inc</PRINTAS><EMAIL1>new@example.com</EMAIL1><MAILADDRESS><CITY>Austin</CITY>"
        "<COUNTRY>United States</COUNTRY><ISOCOUNTRYCODE>US</ISOCOUNTRYCODE></MAILADDRESS>"
    )
    inside = (
        "<TERMNAME>Net 30</TERMNAME><SALESFORCE_ID>001A</SALESFORCE_ID>"
        "<BILLTO><CONTACTNAME>Accounts Dept</CONTACTNAME></BILLTO>"
    )
    answer = gateway.call(customer("N-1", inside, display))
    assert answer.records[0]["CUSTOMERID"] == "N-1"
    assert answer.result.find("data/customer") is not None
    row = found(
        gateway,
        "N-1",
        "RECORDNO STATUS SALESFORCE_ID ENTITY DISPLAYCONTACT.CONTACTNAME DISPLAYCONTACT.EMAIL1 BILLTO.CONTACTNAME"
        " DISPLAYCONTACT.MAILADDRESS.COUNTRYCODE BILLTOCONTACT.EMAIL1 SHIPTO.CONTACTNAME TOTALDUE CREATEDBYLOGINID",
    )
    assert row == {
        "RECORDNO": answer.records[0]["RECORDNO"],
        "STATUS": "active",
        "SALESFORCE_ID": "001A",
        "ENTITY": "CN-1",
        "DISPLAYCONTACT.CONTACTNAME": "New(CN-1)",
        "DISPLAYCONTACT.EMAIL1": "new@example.com",
        "BILLTO.CONTACTNAME": "Accounts Dept",
        "DISPLAYCONTACT.MAILADDRESS.COUNTRYCODE": "US",
        "BILLTOCONTACT.EMAIL1": "accounts@example.com",
        "SHIPTO.CONTACTNAME": "",
        "TOTALDUE": "0",
        "CREATEDBYLOGINID": "integration",
    }


def test_on_a_customer_the_country_code_is_not_taken_under_the_name_of_contacts(gateway: Gateway) -> None:
    display = "<PRINTAS>x</PRINTAS><MAILADDRESS><COUNTRYCODE>US</COUNTRYCODE></MAILADDRESS>"
    gateway.call(customer("N-1", display=display))
    path = "DISPLAYCONTACT.MAILADDRESS.COUNTRYCODE"
    assert found(gateway, "N-1", path)[path] == ""


def test_a_bad_address_is_refused_by_every_record_on_the_way_down(gateway: Gateway) -> None:
    answer = gateway.call(customer("N-1", display="<PRINTAS>x</PRINTAS><EMAIL1>@example.org</EMAIL1>"))
    assert answer.errors == [
        "BL03000018 Illegal format for Contactversion : Primary Email Address @example.org.",
        "BL01001973 Validate contactversion record failed!",
        "BL01001973 Could not create contactversion record!",
        "BL01001973 Could not create ContactVersion record!",
        "BL01001973 Could not create Contact record!",
        "BL01001973 Error While Saving the Display Contact",
        "BL01001973 Could not create Customer record!",
    ]


def test_a_contact_of_that_name_fails_the_whole_customer(gateway: Gateway) -> None:
    display = "<CONTACTNAME>Accounts Dept</CONTACTNAME><PRINTAS>x</PRINTAS>"
    answer = gateway.call(customer("N-1", display=display))
    assert answer.errors == [
        "BL34000061 Another Contact with the given value(s) Accounts Dept already exists",
        "BL01001973 Could not create Contact record!",
        "BL01001973 Error While Saving the Display Contact",
        "BL01001973 Could not create Customer record!",
    ]
    assert gateway.query("CUSTOMER", "RECORDNO", compare("equalto", "CUSTOMERID", "N-1")) == []


def test_a_customer_id_is_used_once_and_never_changes(gateway: Gateway) -> None:
    answer = gateway.call(customer("C-1"))
    assert answer.errors[0] == "BL34000061 Another Customer with the given value(s) C-1 already exists"
    number = found(gateway, "C-1", "RECORDNO")["RECORDNO"]
    moved = gateway.call(
        f"<update><CUSTOMER><RECORDNO>{number}</RECORDNO><CUSTOMERID>C-9</CUSTOMERID></CUSTOMER></update>"
    )
    assert moved.errors[0] == "BL03000018 The Customer ID cannot be changed."


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("<TERMNAME>No</TERMNAME>", "The term name 'No' is invalid."),
        ("<PARENTID>No</PARENTID>", "Invalid Customer 'No' specified."),
        ("<SHIPTO><CONTACTNAME>No</CONTACTNAME></SHIPTO>", "Invalid Contact 'No' specified."),
        ("<STATUS>asleep</STATUS>", "The value 'asleep' is not valid for the field Status"),
        ("<CREDITLIMIT>lots</CREDITLIMIT>", "The Credit limit 'lots' is not a valid number"),
        (f"<TAXID>{'9' * 21}</TAXID>", "The Tax ID field is longer than the maximum of 20 characters"),
    ],
)
def test_a_customer_with_a_wrong_value_is_refused(gateway: Gateway, inside: str, problem: str) -> None:
    answer = gateway.call(customer("N-1", inside))
    assert answer.errors[0].partition(" ")[2] == problem
    assert answer.errors[-1] == "BL01001973 Could not create Customer record!"


def test_an_update_changes_what_it_names_and_an_empty_block_changes_nothing(gateway: Gateway) -> None:
    gateway.advance(5)
    answer = gateway.call(
        "<update><customer><customerid>C-1</customerid><name>Acme 2</name><displaycontact/><comments/>"
        "</customer></update>"
    )
    assert answer.records[0]["CUSTOMERID"] == "C-1"
    row = found(gateway, "C-1", "NAME TERMNAME DISPLAYCONTACT.EMAIL1 DISPLAYCONTACT.CONTACTNAME WHENMODIFIED")
    assert row == {
        "NAME": "Acme 2",
        "TERMNAME": "Net 30",
        "DISPLAYCONTACT.EMAIL1": "office@example.com",
        "DISPLAYCONTACT.CONTACTNAME": "Acme(CC-1)",
        "WHENMODIFIED": "03/05/2026 10:30:05",
    }


def test_an_update_of_the_block_reaches_the_contact_and_an_empty_field_is_emptied(gateway: Gateway) -> None:
    gateway.call(
        "<update><CUSTOMER><CUSTOMERID>C-1</CUSTOMERID><TERMNAME/><DISPLAYCONTACT><EMAIL1>a@example.com</EMAIL1>"
        "<MAILADDRESS><CITY/></MAILADDRESS></DISPLAYCONTACT></CUSTOMER></update>"
    )
    row = found(gateway, "C-1", "TERMNAME DISPLAYCONTACT.EMAIL1 DISPLAYCONTACT.MAILADDRESS.CITY")
    assert list(row.values()) == ["", "a@example.com", ""]


def test_many_objects_of_one_create_stand_for_themselves(gateway: Gateway) -> None:
    blocks = [
        f"<ITEM><ITEMID>{name}</ITEMID><NAME>{name}</NAME><ITEMTYPE>{kind}</ITEMTYPE></ITEM>"
        for name, kind in (("A", "Kit"), ("B", "Ghost"), ("D", "Non-Inventory"))
    ]
    answer = gateway.call(f"<create>{''.join(blocks)}</create>")
    assert (answer.status, answer.data["count"]) == ("failure", "2")
    assert [one["ITEMID"] for one in answer.records] == ["A", "D"]
    assert answer.errors == [
        "BL03000018 The value 'Ghost' is not valid for the field Item type",
        "BL01001973 Could not create Item record!",
    ]
    assert len(gateway.query("ITEM", "ITEMID", compare("in", "ITEMID", "A", "B", "D"))) == 2


def test_a_hundred_objects_are_the_most_for_one_function(gateway: Gateway) -> None:
    block = "<CLASS><CLASSID>{0}</CLASSID><NAME>{0}</NAME></CLASS>"
    assert gateway.call(f"<create>{''.join(block.format(at) for at in range(100))}</create>").data["count"] == "100"
    assert gateway.call(f"<create>{''.join(block.format(at) for at in range(200, 301))}</create>").status == "failure"


def test_what_is_referred_to_cannot_be_deleted(gateway: Gateway) -> None:
    gateway.call(invoice(line("1", more="<classid>NEW</classid>")))
    number = gateway.query("CLASS", "RECORDNO")[0]["RECORDNO"]
    answer = gateway.call(f"<delete><object>CLASS</object><keys>{number}</keys></delete>")
    assert answer.errors[0] == "BL01001973 Class 'NEW' cannot be deleted because it is used by Invoice line records."
    assert gateway.call('<delete_item itemid="OLD"/>').status == "success"
    assert "Cannot find item with key 'OLD' to delete" in gateway.call('<delete_item itemid="OLD"/>').errors[0]


def test_the_id_of_a_deleted_record_is_free_again(gateway: Gateway) -> None:
    gateway.call('<delete_item itemid="OLD"/>')
    again = "<create><ITEM><ITEMID>OLD</ITEMID><NAME>x</NAME><ITEMTYPE>Kit</ITEMTYPE></ITEM></create>"
    assert gateway.call(again).status == "success"
    assert [row["DELETED_AT"] is None for row in gateway.rows("ITEM") if row["ITEMID"] == "OLD"] == [False, True]


def test_documents_and_the_audit_history_have_no_generic_writers(gateway: Gateway) -> None:
    answer = gateway.call("<create><ARINVOICE><CUSTOMERID>C-1</CUSTOMERID></ARINVOICE></create>")
    assert answer.errors[0].startswith("PL04000005 You do not have permission for API operation CREATE")


def test_the_older_functions_make_customers_contacts_and_terms(gateway: Gateway) -> None:
    made = gateway.call(
        "<create_contact><contactname>Bill</contactname><printas>Bill</printas></create_contact>",
        "<create_customer><customerid>L-1</customerid><name>Legacy</name><termname>Net 30</termname>"
        "<primary><contactname>Bill</contactname></primary></create_customer>",
        "<create_arterm><name>N10</name><due><dueday>10</dueday><duefrom>from invoice/bill date</duefrom></due>"
        "</create_arterm>",
        '<update_customer customerid="L-1"><name>Legacy 2</name><termname>N10</termname></update_customer>',
        '<create_customer ignoreduplicates="true"><customerid>L-1</customerid><name>Again</name></create_customer>',
    )
    assert [one.findtext("status") for one in made.results] == ["success"] * 5
    row = found(gateway, "L-1", "NAME TERMNAME DISPLAYCONTACT.PRINTAS PRIMARYCONTACT.CONTACTNAME TERM.DUEDATE")
    assert list(row.values()) == ["Legacy 2", "N10", "Legacy", "Bill", "10"]


def test_an_unknown_record_cannot_be_updated(gateway: Gateway) -> None:
    answer = gateway.call("<update><ITEM><ITEMID>NO</ITEMID><NAME>x</NAME></ITEM></update>")
    assert answer.errors == [
        "BL01001973 Cannot find item with key 'NO' to update.",
        "BL01001973 Could not update Item record!",
    ]


def test_what_the_top_level_owns_can_be_looked_at_in_an_entity_and_not_changed(gateway: Gateway) -> None:
    rename = "<update><CUSTOMER><CUSTOMERID>{}</CUSTOMERID><NAME>Renamed</NAME></CUSTOMER></update>"
    assert found(gateway, "C-1", "CUSTOMERID")
    assert "owned by the top level" in gateway.call(rename.format("C-1"), entity="US").errors[0]
    assert gateway.call(rename.format("C-1")).status == "success"

    assert gateway.call(customer("US-9"), entity="US").status == "success"
    assert gateway.call(rename.format("US-9"), entity="US").status == "success"
    assert gateway.call(rename.format("US-9"), entity="EU").status == "failure"
