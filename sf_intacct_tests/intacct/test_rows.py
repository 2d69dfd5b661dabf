"""Result pages as columns of text, from recordings of both kinds of reader."""

import pytest

from sf_intacct.intacct.reply import read_reply
from sf_intacct.intacct.rows import columns, counts
from sf_intacct.intacct.xml import Element, parse
from sf_intacct_tests.intacct import samples


def data(file: str) -> Element:
    found = read_reply(samples.response(file)).results[0].data
    assert found is not None
    return found


def test_a_query_answers_dotted_names_flat() -> None:
    page = columns(data("query-vendor-success.xml"), ["RECORDNO", "PAYTOCONTACT.CONTACTNAME", "TOTALDUE"])
    assert page.rows() == [("1010", "Ackman, Alice", "3797"), ("1009", "Halpert, Jim", "2987")]


def test_another_reader_answers_them_nested() -> None:
    names = ["RECORDNO", "DISPLAYCONTACT.MAILADDRESS.CITY"]
    nested = "<data><customer><RECORDNO>7</RECORDNO><DISPLAYCONTACT><CONTACTNAME>Acme</CONTACTNAME><MAILADDRESS>"
    nested += "<CITY>Bonn</CITY></MAILADDRESS></DISPLAYCONTACT></customer></data>"
    assert columns(parse(nested.encode()), names).rows() == [("7", "Bonn")]


def test_what_is_empty_or_not_there_is_nothing() -> None:
    page = columns(parse(b"<data><A><X/><Y></Y></A></data>"), ["X", "Y", "Z"])
    assert page.rows() == [(None, None, None)]


def test_nothing_is_shown_that_was_not_asked_for() -> None:
    page = columns(parse(b"<data><A><X>1</X><Y>2</Y></A></data>"), ["Y"])
    assert page.columns == ["Y"]
    assert page.rows() == [("2",)]


def test_a_page_without_records_has_its_columns() -> None:
    page = columns(parse(b'<data listtype="ITEM" count="0"/>'), ["ITEMID", "NAME"])
    assert (page.height, page.columns) == (0, ["ITEMID", "NAME"])


def test_text_is_kept_to_the_last_blank_and_zero() -> None:
    page = columns(parse("<data><A><X> 00123 </X><Y>1.10</Y><Z>Å\nß</Z></A></data>".encode()), ["X", "Y", "Z"])
    assert page.rows() == [(" 00123 ", "1.10", "Å\nß")]


def test_a_recorded_page_has_as_many_rows_as_it_claims() -> None:
    """Some recordings were shortened by their authors; this one says so, and that is what the count is for."""
    whole, shortened = data("readByQuery-arinvoice-success.xml"), data("query-vendor-success.xml")
    assert columns(whole, ["RECORDNO"]).height == counts(whole)[0]
    assert columns(shortened, ["RECORDNO"]).height == 2
    assert counts(shortened) == (18, 0)


def test_a_page_with_more_to_follow_says_how_much() -> None:
    count, remaining = counts(data("readByQuery-project-page-more.xml"))
    assert count > 0
    assert remaining > 0


@pytest.mark.parametrize("page", [b"<data/>", b'<data count="" numremaining=""/>'])
def test_a_page_that_claims_nothing_claims_zero(page: bytes) -> None:
    assert counts(parse(page)) == (0, 0)
