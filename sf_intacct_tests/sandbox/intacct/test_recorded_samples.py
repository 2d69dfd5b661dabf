"""Recorded bodies of the real system as the measure: requests it took, shapes it answered, fields it has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from sf_intacct.sandbox.intacct.schema import Definition, load
from sf_intacct.sandbox.intacct.wire import grammar
from sf_intacct_tests.sandbox.intacct.harness import Gateway, attributes, compare, invoice, line, login, query
from sf_intacct_tests.shared_data import shared

# Written by client authors for their own tests, in shapes the vendor does not document.
DOUBLES = {"request-delete.xml", "request-read-customer-2.xml"}
BAD_EMAIL = (
    "<create><CUSTOMER><CUSTOMERID>N</CUSTOMERID><NAME>N</NAME><DISPLAYCONTACT><PRINTAS>N</PRINTAS>"
    "<EMAIL1>@aeon.org</EMAIL1></DISPLAYCONTACT></CUSTOMER></create>"
)
CLASSES = (
    "<create><CLASS><CLASSID>A</CLASSID><NAME>a</NAME></CLASS>"
    "<CLASS><CLASSID>B</CLASSID><NAME>b</NAME></CLASS></create>"
)
# Payments and adjustments lie in one table with invoices, where the recordings call these columns numbers.
ONE_COLUMN = {"ARPYMT.EXCH_RATE_TYPE_ID", "ARADJUSTMENT.EXCH_RATE_TYPE_ID", "ARADJUSTMENTITEM.LINE_NO"}
# Order Entry and exchange rates call their keys texts. Here they stay numbers: as texts 10 would come before 9.
KEYS = {
    "EXCHANGERATE.RECORDNO",
    "EXCHANGERATEENTRY.RECORDNO",
    "SODOCUMENT.RECORDNO",
    "SODOCUMENT.BILLTOKEY",
    "SODOCUMENT.SHIPTOKEY",
    "SODOCUMENTENTRY.SOURCE_DOCLINEKEY",
    "SODOCUMENTPARAMS.RECORDNO",
}
# What `create_sotransaction` takes in a company with the modules for it; the recorded one had none.
WRITTEN = {
    "SODOCUMENT.SUPDOCID",
    *(f"SODOCUMENTENTRY.{name}" for name in ("TAXABLE", "WAREHOUSEID", "PROJECTID", "CONTRACTID")),
}
# The recording of adjustments is older than the third line of addresses.
NEWER = {f"ARADJUSTMENT.{block}.MAILADDRESS.ADDRESS3" for block in ("CONTACT", "BILLTO", "SHIPTO")}


def sample(name: str) -> etree._Element:
    return etree.parse(str(shared(f"data/wire-samples/intacct/{name}"))).getroot()


def functions() -> Iterator[tuple[str, etree._Element]]:
    """Every recorded function that the sandbox knows, with the name of its file."""
    for folder, pattern in (("intacct-xml-requests", "*.xml"), ("intacct", "request-*.xml")):
        for path in sorted(shared(f"data/wire-samples/{folder}").glob(pattern)):
            root = etree.parse(str(path)).getroot()
            for function in [root] if root.tag == "function" else root.iter("function"):
                if len(function) and str(function[0].tag) in grammar.names() and path.name not in DOUBLES:
                    yield path.name, function[0]


def test_every_recorded_request_follows_the_grammar() -> None:
    found = list(functions())
    assert len(found) > 100
    assert [(name, grammar.complaints(element)) for name, element in found if grammar.complaints(element)] == []


def test_every_recorded_request_is_carried_out_or_refused_in_its_result(gateway: Gateway) -> None:
    for name, element in functions():
        answer = gateway.call(etree.tostring(element).decode())
        assert answer.http.status_code == 200, name
        assert answer.xml.findtext("control/status") == "success", (name, answer.errors)
        assert len(answer.results) == 1 or answer.http.headers["Content-Type"] != 'text/xml; encoding="UTF-8"', name


# The recording updates an object that the sandbox does not have.
RENAMED = {"vendor": "class"}


def skeleton(element: etree._Element, depth: int) -> list[tuple[str, object]]:
    """Tags in order, down to `depth`; below it shapes belong to the records, not to the envelope."""
    if depth == 0:
        return []
    return [
        (RENAMED.get(str(one.tag), str(one.tag)), skeleton(one, depth - 1))
        for one in element
        if isinstance(one.tag, str)
    ]


@pytest.mark.parametrize(
    ("name", "function", "authentication"),
    [
        ("login-auth-failure-XL03000006.xml", "<getAPISession/>", login(password="x")),
        ("login-auth-failure-XL03000006-3.xml", "<getAPISession/>", "<sessionid>q</sessionid>"),
        ("update-objects-success.xml", "<update><CLASS><CLASSID>NEW</CLASSID><NAME>x</NAME></CLASS></update>", None),
        ("getAPISession-api-success-3.xml", "<getAPISession/>", None),
        (
            "getAPISession-function-failure-Get-API-Session-Fail.xml",
            "<getAPISession><locationid>X</locationid></getAPISession>",
            None,
        ),
        (
            "readByQuery-function-failure-Query-Failed.xml",
            "<readByQuery><object>BADOBJECT</object></readByQuery>",
            None,
        ),
        ("delete_supdoc-success.xml", '<delete_item itemid="OLD"/>', None),
        ("update_supdoc-success.xml", '<update_customer customerid="C-1"><name>x</name></update_customer>', None),
        (
            "create-objects-function-failure-BL01001973.xml",
            "<create><CLASS><CLASSID>NEW</CLASSID><NAME>x</NAME></CLASS></create>",
            None,
        ),
    ],
)
def test_an_answer_has_the_recorded_shape(
    gateway: Gateway, name: str, function: str, authentication: str | None
) -> None:
    recorded = sample(name)
    answer = gateway.call(function, authentication=authentication).xml
    for root in (recorded, answer):
        for stamp in root.iter("sessiontimeout"):
            # Newer than some of the recordings.
            stamp.getparent().remove(stamp)  # type: ignore[union-attr]
    assert skeleton(answer, 4) == skeleton(recorded, 4)


def test_a_refused_display_contact_reads_word_for_word_as_recorded(gateway: Gateway) -> None:
    recorded = [
        one.text for one in sample("create-objects-function-failure-BL03000018.xml").iter("errorno", "description2")
    ]
    gateway.act("configure", setting="support_ids", value=False)
    assert [one.text for one in gateway.call(BAD_EMAIL).xml.iter("errorno", "description2")] == recorded


def test_several_created_objects_are_listed_as_recorded(gateway: Gateway) -> None:
    recorded, answer = sample("create-objects-success-3.xml").find(".//data"), gateway.call(CLASSES).result.find("data")
    assert recorded is not None
    assert answer is not None
    assert attributes(answer) == attributes(recorded)
    assert [str(one[0].tag) for one in answer] == [str(one[0].tag) for one in recorded]


def test_pages_carry_the_recorded_attributes(gateway: Gateway) -> None:
    gateway.call(invoice(*[line("1") for _ in range(3)]))
    page = "<readByQuery><object>ARINVOICEITEM</object><fields>AMOUNT</fields><pagesize>2</pagesize></readByQuery>"
    for name, function in (
        ("readByQuery-project-page-more.xml", page),
        ("query-vendor-success.xml", query("CUSTOMER", "RECORDNO SHIPTOCONTACT.CONTACTNAME TOTALDUE")),
    ):
        recorded = sample(name).find(".//data")
        assert recorded is not None
        assert list(gateway.call(function).data) == list(recorded.attrib)


def test_an_invoice_reads_back_in_the_recorded_form(gateway: Gateway) -> None:
    gateway.call(invoice(line("5"), number="I-1"))
    recorded = sample("readByQuery-arinvoice-success.xml").find(".//arinvoice")
    assert recorded is not None
    fields = ",".join(_leaves(recorded))
    answer = gateway.call(f"<readByQuery><object>ARINVOICE</object><fields>{fields}</fields></readByQuery>")
    record = answer.result.find("data/arinvoice")
    assert record is not None
    assert skeleton(record, 5) == skeleton(recorded, 5)


def _leaves(element: etree._Element, prefix: str = "") -> Iterator[str]:
    for one in element:
        if len(one):
            yield from _leaves(one, f"{prefix}{one.tag}.")
        else:
            yield f"{prefix}{one.tag}"


def recorded_lookups() -> Iterator[tuple[Definition, etree._Element]]:
    for folder, pattern in (("intacct", "lookup-*.xml"), ("intacct-schema", "xml-lookup-*.xml")):
        for path in sorted(shared(f"data/wire-samples/{folder}").glob(pattern)):
            kind = etree.parse(str(path)).getroot().find(".//Type")
            if kind is not None and kind.get("Name") in load():
                yield load()[str(kind.get("Name"))], kind


def test_fields_have_the_recorded_types_and_labels() -> None:
    wrong = []
    for definition, kind in recorded_lookups():
        recorded = {one.findtext("ID"): one for one in kind.iter("Field")}
        for field in definition.visible:
            theirs = recorded.get(field.id)
            if theirs is None or field.path:
                continue
            labels = {one.text for one in theirs.iter("VALIDVALUE")}
            if theirs.findtext("DATATYPE") != field.type or (labels and not set(field.values) <= labels):
                wrong.append(f"{definition.object}.{field.id}")
    assert set(wrong) <= ONE_COLUMN | KEYS


def test_nearly_every_field_is_one_of_a_recorded_definition() -> None:
    """The rest stands in other recordings: read answers, and the field lists of clients in production."""
    extra = {
        f"{definition.object}.{field.id}"
        for definition, kind in recorded_lookups()
        for field in definition.visible
        if not field.custom and field.id not in {one.text for one in kind.iter("ID")}
    }
    read = {"ARINVOICE.CUSTREC", "ARINVOICE.TAXMETHOD", "CUSTOMER.HIDEDISPLAYCONTACT", "SODOCUMENT.CUSTREC"}
    assert extra == {*read, *NEWER, *WRITTEN}


def test_relations_are_the_recorded_ones() -> None:
    for definition, kind in recorded_lookups():
        recorded = {one.findtext("OBJECTPATH"): one.findtext("RELATEDBY") for one in kind.iter("Relationship")}
        for relation in definition.relations:
            if not relation.internal:
                assert recorded[relation.path] == (relation.related_by or relation.by), (
                    f"{definition.object}.{relation.path}"
                )


def test_the_samples_are_really_read(gateway: Gateway) -> None:
    assert Path(shared("data/wire-samples/intacct/index.csv")).is_file()
    assert gateway.query("CLASS", "CLASSID", compare("equalto", "CLASSID", "NEW"))
