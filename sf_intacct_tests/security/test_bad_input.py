"""Whatever comes in, comes out as data, or as an error that is one of ours: never as a crash, never as a success."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from sf_intacct.errors import FixNeeded, MappingError, Uncertain
from sf_intacct.flow.bundle import read_bundle
from sf_intacct.flow.mapping_check import checked
from sf_intacct.flow.mapping_text import parse as parse_mappings
from sf_intacct.flow.review import Columns, read as read_review
from sf_intacct.intacct import outcomes
from sf_intacct.intacct.reply import read_reply
from sf_intacct.intacct.rows import columns as intacct_columns
from sf_intacct.intacct.xml import NotXml, parse
from sf_intacct.model.receipt import Result
from sf_intacct.model.system import Kind, SourceField
from sf_intacct.salesforce.rows import columns as salesforce_columns, plain_number
from sf_intacct.salesforce.system import _Answer
from sf_intacct.store.mapping_files import read_texts
from sf_intacct_tests.canned import Canned
from sf_intacct_tests.intacct.replies import reply, result
from sf_intacct_tests.intents import intent
from sf_intacct_tests.salesforce.sessions import in_session
from sf_intacct_tests.shared_data import shared
from sf_intacct_tests.town import MAPPINGS

FIELDS = (SourceField("RECORDNO", Kind.TEXT), SourceField("NAME", Kind.TEXT))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A text after an accident: pieces lost, doubled, swapped, or overwritten with anything."""
    text = whole
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(text) - 1)))
        end = min(len(text), start + draw(st.integers(1, 40)))
        put = draw(st.one_of(st.just(b""), st.binary(max_size=12), st.just(text[start:end] * 2), st.just(b"<")))
        text = text[:start] + put + text[end:]
    return text


REPLY = reply(result("k1-0"), result("k2-0", "failure", "<errormessage/>"))


@given(damaged(REPLY))
@settings(max_examples=150)
def test_no_damage_makes_a_write_out_as_accepted_without_its_record(body: bytes) -> None:
    """Failure modes, D11 to D14."""
    try:
        told = read_reply(body)
    except (NotXml, ValueError):
        return
    writes = [intent(key="k1"), intent(key="k2")]
    for outcome in outcomes.proven(writes, told):
        assert outcome.result is not Result.ACCEPTED or outcome.target_id


@pytest.mark.long
@pytest.mark.parametrize("system", ["intacct"])
def test_every_recorded_reply_survives_damage(system: str) -> None:
    samples = sorted(shared(f"data/wire-samples/{system}").rglob("*.xml"))
    assert samples
    for sample in samples:
        _damage(sample)


def _damage(sample: Path) -> None:
    whole = sample.read_bytes()[:20_000]

    @given(damaged(whole))
    @settings(max_examples=30)
    def check(body: bytes) -> None:
        try:
            read_reply(body)
        except (NotXml, ValueError):
            return

    check()


@given(st.binary(max_size=300))
def test_bytes_are_xml_or_are_refused(body: bytes) -> None:
    try:
        parse(body)
    except NotXml:
        return


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 99 + b'"><!ENTITY c "' + b"&b;" * 99 + b'">]><a>' + b"&c;" * 99 + b"</a>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/b"> %b;]><a/>',
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></a>',
        b"<a>" * 100_000,
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(700_000)) + b"/>",
        b"<" * 2_000_000,
    ],
    ids=["expansion", "file", "dtd", "parameter entity", "include", "depth", "attributes", "tags"],
)  # fmt: skip
@pytest.mark.answers("S1")
def test_a_hostile_document_is_refused_or_stays_text(bomb: bytes) -> None:
    """Failure modes, S1."""
    assert "root:" not in _read(bomb)


def _read(body: bytes) -> str:
    """All text of a document, or why it is none."""
    try:
        return etree.tostring(parse(body), encoding="unicode")
    except NotXml as refused:
        return str(refused)


@given(st.lists(st.dictionaries(st.sampled_from(["RECORDNO", "NAME", "X"]), JSON, max_size=3), max_size=4))
@settings(max_examples=100)
def test_a_page_of_salesforce_is_rows_of_text_whatever_stands_in_it(records: list[dict[str, Any]]) -> None:
    page = salesforce_columns(records, FIELDS)
    assert page.height == len(records)
    assert page.dtypes == [pl.String(), pl.String()]


@given(JSON)
@settings(max_examples=60)
def test_any_json_at_all_is_a_page_of_a_query_or_an_error_of_ours(told: Any) -> None:
    for answer in (
        told,
        {"records": told, "done": True, "totalSize": 1},
        {"records": [], "done": told, "totalSize": 0},
    ):
        try:
            page = _Answer.of(answer, "reading")
        except Uncertain:
            continue
        assert all(isinstance(record, dict) for record in page.records)


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[" * 100_000, b"9" * 5000, b'{"a": 1e999999999}', b"<html>", b"\xff\xfe", b'"\\ud800"', b"{}"],
)
def test_an_answer_that_is_none_is_uncertain_for_a_write_and_costs_no_memory(body: bytes) -> None:
    """Failure modes, A15: whatever it is, the write may have been carried out."""
    with in_session(Canned(body)) as (rest, server):
        try:
            answer = rest.call("POST", "composite/sobjects", "writing", data=b"{}")
        except Uncertain:
            answer = None
        assert len(str(answer)) < 1000
        assert len(server.received) == 2


def test_a_number_is_written_out_only_if_it_could_be_one() -> None:
    assert plain_number("1.5E+7") == "15000000"
    assert plain_number("1e999999999") == "1e999999999"
    assert plain_number("1e-999999999") == "1e-999999999"
    assert plain_number("1e99999999999999999999") == "1e99999999999999999999"


@given(damaged(b"<data count='2'><A><RECORDNO>1</RECORDNO><NAME>x</NAME></A><A><RECORDNO>2</RECORDNO></A></data>"))
def test_a_page_of_intacct_has_a_row_for_every_record_it_has(body: bytes) -> None:
    try:
        data = parse(body)
    except NotXml:
        return
    assert intacct_columns(data, ["RECORDNO", "NAME"]).height == len(data)


SHIPPED = read_texts(MAPPINGS)


@pytest.mark.answers("H3", "H6")
@given(st.sampled_from(sorted(SHIPPED)), st.data())
@settings(max_examples=12)
def test_a_damaged_mapping_file_is_refused_with_its_name_or_is_a_mapping(name: str, data: st.DataObject) -> None:
    text = data.draw(damaged(SHIPPED[name].encode())).decode(errors="replace")
    try:
        assert checked(parse_mappings({**SHIPPED, name: text})).revision
    except MappingError:
        return


@given(st.binary(max_size=200))
def test_any_file_at_all_is_a_review_or_is_refused(content: bytes) -> None:
    try:
        read_review(content, Columns("salesforce", "intacct"), "review.csv")
    except FixNeeded:
        return


@given(JSON)
def test_any_json_at_all_is_a_bundle_or_is_refused(told: Any) -> None:
    for text in (json.dumps(told), json.dumps({"format": "sf_intacct replay bundle", "version": 1, "x": told})):
        with pytest.raises(FixNeeded):
            read_bundle(text, "b")
