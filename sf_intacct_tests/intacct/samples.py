"""Recorded bodies of the real gateway and of the vendor's own client, read where they lie."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from lxml import etree

from sf_intacct_tests.shared_data import shared

_SAMPLES = "data/wire-samples"


@dataclass(frozen=True)
class Recorded:
    """One recorded response and what its collector says of it."""

    file: str
    outcome: str
    whole: str
    errors: str
    body: bytes


def responses() -> Iterator[Recorded]:
    """Every recorded response of the XML gateway; the bare definitions of objects are no responses."""
    folder = shared(f"{_SAMPLES}/intacct")
    with (folder / "index.csv").open(newline="") as index:
        for row in csv.DictReader(index):
            if row["kind"] == "response" and row["protocol"] != "REST" and row["whole"] != "data element only":
                body = (folder / row["file"]).read_bytes()
                yield Recorded(row["file"], row["outcome"], row["whole"], row["errors"], body)


def response(file: str) -> bytes:
    return shared(f"{_SAMPLES}/intacct/{file}").read_bytes()


def request(file: str) -> etree._Element:
    """A recorded request, blank text between elements taken out."""
    return _compact(shared(f"{_SAMPLES}/intacct/{file}"))


def sdk(case: str) -> etree._Element:
    """What the vendor's own SDK sends in this case of its tests: the content of a function, or a part of one."""
    root = _compact(shared(f"{_SAMPLES}/intacct-xml-requests/sdk-request-{case}.xml"))
    return root[0] if root.tag == "function" else root


def legacy_grammar() -> etree.DTD:
    """The vendor's document type of the legacy functions: names and order of their elements."""
    parts = ("common_objects", "request_objects", "pr_functions")
    files = [shared(f"{_SAMPLES}/intacct-schema/dtd21-intacct_{part}.v2.1.dtd") for part in parts]
    return etree.DTD(StringIO("\n".join(file.read_text() for file in files)))


def canonical(element: etree._Element | str | None) -> str:
    """One spelling for all spellings of the same XML."""
    assert element is not None, "there is no such element"
    text = element if isinstance(element, str) else etree.tostring(element, encoding="unicode")
    return str(etree.canonicalize(text, strip_text=True))


def _compact(file: Path) -> etree._Element:
    return etree.parse(str(file), etree.XMLParser(remove_blank_text=True, remove_comments=True)).getroot()
