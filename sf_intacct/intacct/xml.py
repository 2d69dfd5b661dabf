"""The one door for XML, in and out. Nothing else in the house parses or writes XML."""

from lxml import etree

from sf_intacct.calls import BODY_MAX, MARKS_MAX

# A reply is data from outside: no entities, no network, no repair of broken documents, no giant trees.
_PARSER_OPTIONS = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "recover": False,
    "remove_blank_text": False,
    # A comment within a value would cut the value short: its text up to there is all that is read.
    "remove_comments": True,
    "remove_pis": True,
}
# As sf_intacct.calls bounds what comes in; a document from anywhere else is bounded here.
SIZE_MAX, ELEMENTS_MAX = BODY_MAX, MARKS_MAX

Element = etree._Element


class NotXml(ValueError):
    """The text is not a well-formed XML document without a document type."""


def parse(body: bytes) -> Element:
    """The root of a document. Raises NotXml for anything broken, with a doctype, or too large."""
    if len(body) > SIZE_MAX:
        raise NotXml(f"{len(body)} bytes are more than the {SIZE_MAX} we read")
    if body.count(b"<") > ELEMENTS_MAX:
        raise NotXml(f"more than the {ELEMENTS_MAX} tags we read")
    try:
        root = etree.fromstring(body, etree.XMLParser(**_PARSER_OPTIONS))  # type: ignore[arg-type]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXml(str(error)) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise NotXml("a document type has no place in a reply")
    return root


def element(tag: str, text: str | None = None, **attributes: str) -> Element:
    """A new element. Raises ValueError for text that XML cannot carry."""
    made = etree.Element(tag, attributes)
    made.text = text
    return made


def child(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """A new last child of `parent`."""
    made = etree.SubElement(parent, tag, attributes)
    made.text = text
    return made


def written(root: Element) -> bytes:
    """The document as bytes, with its declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def fragment(root: Element) -> str:
    """The element as text, without declaration."""
    return etree.tostring(root, encoding="unicode")


def text_of(parent: Element, path: str) -> str:
    """The text at `path` below `parent`; empty when there is none."""
    return (parent.findtext(path) or "").strip()
