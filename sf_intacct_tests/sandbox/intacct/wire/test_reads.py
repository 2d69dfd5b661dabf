import pytest

from sf_intacct_tests.sandbox.intacct.harness import Answer, Gateway, attributes, invoice, line


def read(object_name: str, keys: str, fields: str = "*", function: str = "read") -> str:
    return f"<{function}><object>{object_name}</object><keys>{keys}</keys><fields>{fields}</fields></{function}>"


def by_query(object_name: str, text: str, fields: str, size: int = 100) -> str:
    return (
        f"<readByQuery><object>{object_name}</object><fields>{fields}</fields><query>{text}</query>"
        f"<pagesize>{size}</pagesize></readByQuery>"
    )


def texts(answer: Answer, path: str) -> list[str]:
    return [one.text or "" for one in answer.result.findall(f"data/{path}")]


def test_a_read_invoice_brings_its_lines_in_order(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("1"), line("2"), number="I-1")).key
    answer = gateway.call(read("ARINVOICE", key))
    assert answer.data == {"listtype": "ARINVOICE", "count": "1"}
    assert texts(answer, "ARINVOICE/ARINVOICEITEMS/arinvoiceitem/TRX_AMOUNT") == ["1", "2"]
    assert texts(answer, "ARINVOICE/BILLTO/MAILADDRESS/CITY") == ["Austin"]
    assert texts(answer, "ARINVOICE/CUSTOMERNAME") == ["Acme"]


def test_a_read_payment_brings_its_details(gateway: Gateway) -> None:
    gateway.call(invoice(line("1"), line("2"), number="I-1"))
    paid = str(gateway.act("pay_invoice", invoice="I-1")["payment"])
    answer = gateway.call(read("ARPYMT", paid))
    assert texts(answer, "ARPYMT/ARPYMTDETAILS/arpymtdetail/TRX_PAYMENTAMOUNT") == ["1", "2"]


def test_the_record_is_called_what_the_caller_calls_it(gateway: Gateway) -> None:
    answer = gateway.call(read("customer", "C-1", "CUSTOMERID,DISPLAYCONTACT.EMAIL1", "readByName"))
    assert answer.data["listtype"] == "customer"
    assert texts(answer, "customer/DISPLAYCONTACT/EMAIL1") == ["office@example.com"]
    assert answer.result.find("data/customer/ARINVOICEITEMS") is None


def test_lines_come_only_when_asked_for(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("1"))).key
    assert gateway.call(read("ARINVOICE", key, "RECORDNO")).result.find(".//ARINVOICEITEMS") is None
    assert gateway.call(read("ARINVOICE", key, "RECORDNO,ARINVOICEITEMS")).result.find(".//arinvoiceitem") is not None


def test_a_key_that_is_gone_is_left_out(gateway: Gateway) -> None:
    answer = gateway.call(read("ARINVOICE", "123456"))
    assert (answer.status, answer.data["count"]) == ("success", "0")


def test_unknown_fields_are_listed_in_place_of_a_number(gateway: Gateway) -> None:
    error = gateway.call(read("CLASS", "1", "CLASSID,x,y")).result.find("errormessage/error")
    assert error is not None
    assert (error.findtext("errorno"), error.findtext("description2")) == ("Invalid fields list x,y", "")


def test_more_than_a_hundred_keys_are_too_many(gateway: Gateway) -> None:
    assert gateway.call(read("CLASS", ",".join(map(str, range(101))))).status == "failure"


def test_a_result_is_fixed_by_the_first_call_and_fetched_by_pages(gateway: Gateway) -> None:
    gateway.call(invoice(*[line(str(at)) for at in range(1, 8)]))
    first = gateway.call(by_query("ARINVOICEITEM", "", "RECORDNO,TRX_AMOUNT", 3))
    result_id = first.data.pop("resultId")
    assert first.data | {"resultId": ""} == {
        "listtype": "arinvoiceitem",
        "count": "3",
        "totalcount": "7",
        "numremaining": "4",
        "resultId": "",
    }
    gateway.call(invoice(line("99")))
    pages = [first] + [
        gateway.call(f"<readMore><resultId>{first.data['resultId']}</resultId></readMore>") for _ in range(2)
    ]
    assert [page.data["numremaining"] for page in pages] == ["4", "1", "0"]
    assert {page.data["resultId"] for page in pages} == {result_id}
    amounts = [text for page in pages for text in texts(page, "arinvoiceitem/TRX_AMOUNT")]
    assert sorted(amounts) == ["1", "2", "3", "4", "5", "6", "7"]
    spent = gateway.call(f"<readMore><resultId>{result_id}</resultId></readMore>")
    assert spent.status == "failure"


def test_a_result_that_fits_has_no_id(gateway: Gateway) -> None:
    answer = gateway.call(by_query("CLASS", "", "*"))
    assert (answer.data["resultId"], answer.data["count"]) == ("", "1")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("STATUS = 'T'", ["C-1", "C-2", "C-4"]),
        ("STATUS = 'active'", []),
        ("STATUS &lt;&gt; 'T'", ["C-3"]),
        ("ONHOLD = 'true'", ["C-4"]),
        ("NAME = \"Acme\" or NAME like 'B%'", ["C-1", "C-2"]),
        ("not (NAME in ('Acme', 'Bold'))", ["C-3", "C-4"]),
        ("TERMNAME is null and CUSTOMERID &gt;= 'C-2'", ["C-2", "C-3"]),
        ("", ["C-1", "C-2", "C-3", "C-4"]),
    ],
)
def test_the_query_language_compares_codes_and_answers_labels(gateway: Gateway, text: str, found: list[str]) -> None:
    answer = gateway.call(by_query("CUSTOMER", text, "CUSTOMERID,STATUS"))
    assert sorted(texts(answer, "customer/CUSTOMERID")) == found
    assert set(texts(answer, "customer/STATUS")) <= {"active", "inactive"}


def test_joined_values_are_dotted_on_customers_and_nested_on_invoices(gateway: Gateway) -> None:
    gateway.call(invoice(line("1")))
    customer = gateway.call(by_query("CUSTOMER", "CUSTOMERID = 'C-1'", "BILLTO.EMAIL1"))
    assert texts(customer, "customer/BILLTO.EMAIL1") == ["accounts@example.com"]
    made = gateway.call(by_query("ARINVOICE", "STATE = 'A'", "RECORDNO,SHIPTO.PRINTAS,SHIPTO.MAILADDRESS.CITY"))
    assert texts(made, "arinvoice/SHIPTO/MAILADDRESS/CITY") == ["Dallas"]


@pytest.mark.parametrize(
    "text", ["COLOUR = 'red'", "DISPLAYCONTACT.EMAIL1 = 'x'", "NAME = 'Acme' ORDER BY NAME", "TERM.DUEDATE = 30"]
)
def test_the_query_language_joins_and_orders_nothing(gateway: Gateway, text: str) -> None:
    assert gateway.call(by_query("CUSTOMER", text, "NAME")).errors[0].startswith("DL02000001")


def test_the_audit_history_speaks_words_there(gateway: Gateway) -> None:
    gateway.call('<delete_item itemid="OLD"/>')
    answer = gateway.call(by_query("AUDITHISTORY", "OBJECTTYPE = 'item' and ACCESSMODE = 'Delete'", "OBJECTKEY"))
    assert answer.data["count"] == "1"


def test_a_lookup_lists_types_labels_custom_fields_and_relations(gateway: Gateway) -> None:
    answer = gateway.call("<lookup><object>ARINVOICE</object></lookup>")
    kind = answer.result.find("data/Type")
    assert kind is not None
    assert attributes(kind) == {"Name": "ARINVOICE", "DocumentType": ""}
    fields = {one.findtext("ID"): one for one in kind.findall("Fields/Field")}
    state = [one.text for one in fields["STATE"].findall("VALIDVALUES/VALIDVALUE")]
    assert {"Draft", "Posted", "Partially Paid", "Paid", "Reversed", "Reversal"} <= set(state)
    assert fields["SALESFORCE_ID"].findtext("ISCUSTOM") == "true"
    assert fields["WHENMODIFIED"].findtext("DATATYPE") == "TIMESTAMP"
    relations = {
        one.findtext("OBJECTPATH"): one.findtext("OBJECTNAME") for one in kind.findall("Relationships/Relationship")
    }
    assert relations["TERM"] == "ARTERM"


def test_an_inspection_tells_lengths(gateway: Gateway) -> None:
    answer = gateway.call('<inspect detail="1"><object>CUSTOMER</object></inspect>')
    lengths = {one.findtext("Name"): one.findtext("maxLength") for one in answer.result.iter("Field")}
    assert lengths["NAME"] == "100"
    listed = gateway.call("<inspect><object>*</object></inspect>")
    assert "arinvoice" in [one.get("typename") for one in listed.result.findall("data/type")]


def test_the_oldest_reader_lists_with_dates_in_parts(gateway: Gateway) -> None:
    gateway.call(invoice(line("1"), number="I-1"), invoice(line("2"), number="I-2"))
    answer = gateway.call(
        '<get_list object="invoice" maxitems="1" start="1"><filter><logical logical_operator="and"><expression>'
        "<field>customerid</field><operator>=</operator><value>C-1</value></expression><expression><field>invoiceno"
        "</field><operator>like</operator><value>I-%</value></expression></logical></filter><sorts>"
        '<sortfield order="desc">invoiceno</sortfield></sorts></get_list>'
    )
    span = answer.result.find("listtype")
    assert span is not None
    assert (span.text, attributes(span)) == ("invoice", {"start": "1", "end": "1", "total": "2"})
    assert texts(answer, "invoice/invoiceno") == ["I-1"]
    assert texts(answer, "invoice/datecreated/month") == ["03"]


def test_company_and_user_are_described(gateway: Gateway) -> None:
    answer = gateway.call(
        "<getFinancialSetup/>",
        "<readUserFormatting><userId>integration</userId></readUserFormatting>",
        '<get_companyprefs application="AR"/>',
        "<getDimensions/>",
        "<getUserPermissions><userId>x</userId></getUserPermissions>",
    )
    setup, formatting, preferences, dimensions, permissions = answer.results
    assert setup.findtext("data/financialSetup/baseCurrency") == "USD"
    assert formatting.findtext("data/userformatting/dateformat") == "/mdY"
    assert preferences.findtext("data/companypref/application") == "AR"
    assert "CLASS" in [one.text for one in dimensions.iter("objectName")]
    assert permissions.findtext("errormessage/error/errorno") == "PL04000005"
