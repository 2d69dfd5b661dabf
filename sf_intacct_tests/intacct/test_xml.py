"""The one door for XML: what is hostile or broken does not come in, and what goes out comes back as it was."""

from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from sf_intacct.intacct import xml
from sf_intacct.intacct.xml import NotXml, child, element, fragment, parse, text_of, written

ANY_TEXT = st.text(st.characters())  # lone surrogates, controls and non-characters included


def bomb(levels: int) -> bytes:
    """An entity that stands for ten of the one before, and so on."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE r [<!ENTITY e0 "ha">{entities}]><response>&e{levels - 1};</response>'.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE response><response/>",
        b'<!DOCTYPE response SYSTEM "http://127.0.0.1:9/evil.dtd"><response/>',
        b'<!DOCTYPE r [<!ENTITY name "value">]><response>&name;</response>',
        b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><response/>',
        b'<!DOCTYPE r [<!ATTLIST response status CDATA "success">]><response/>',
        bomb(3),
        bomb(30),
    ],
)
@pytest.mark.answers("C5", "S1")
def test_a_document_type_is_refused_whatever_it_is_good_for(body: bytes) -> None:
    with pytest.raises(NotXml):
        parse(body)


@pytest.mark.answers("C5", "S1")
def test_a_file_of_this_machine_gets_into_no_reply_and_into_no_error(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary-5c1")
    body = f'<!DOCTYPE r [<!ENTITY f SYSTEM "{secret.as_uri()}">]><response><key>&f;</key></response>'
    with pytest.raises(NotXml) as caught:
        parse(body.encode())
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"not XML at all",
        b"<html><body>Service unavailable<br></body></html>",
        b"<response><result></response>",
        b"<response><status>succ",
        b"<response/><response/>",
        b"<response>&undeclared;</response>",
        b"<response a='1' a='2'/>",
        b"<response>\x00</response>",
        b"<response>&#0;</response>",
        '<?xml version="1.0" encoding="UTF-8"?><name>Müller</name>'.encode("latin-1"),
        b'<?xml version="1.0" encoding="no-such-thing"?><name/>',
    ],
)
@pytest.mark.answers("C4")
def test_what_is_broken_is_refused_and_never_repaired(body: bytes) -> None:
    with pytest.raises(NotXml):
        parse(body)


@pytest.mark.answers("C4")
def test_every_cut_of_a_document_is_refused() -> None:
    body = '<?xml version="1.0" encoding="UTF-8"?><response><key>Ångström 7</key></response>'.encode()
    for length in range(len(body)):
        with pytest.raises(NotXml):
            parse(body[:length])
    assert text_of(parse(body), "key") == "Ångström 7"


@pytest.mark.answers("C6")
def test_a_single_text_of_more_than_ten_million_characters_is_refused() -> None:
    with pytest.raises(NotXml):
        parse(b"<response>" + b"x" * 10_000_001 + b"</response>")


@pytest.mark.answers("C6", "S23")
def test_a_document_nested_without_end_is_refused() -> None:
    with pytest.raises(NotXml):
        parse(b"<a>" * 3000 + b"</a>" * 3000)


def test_a_body_over_the_size_we_read_is_refused_unread() -> None:
    with pytest.raises(NotXml, match=f"{xml.SIZE_MAX + 1} bytes"):
        parse(bytes(xml.SIZE_MAX + 1))


def test_a_comment_within_a_value_does_not_cut_it_short() -> None:
    reply = parse(b"<reply><!-- a --><total>12<!-- b -->34.00</total><?php echo 1 ?></reply>")
    assert text_of(reply, "total") == "1234.00"
    assert len(reply) == 1


def test_escaped_text_and_character_data_are_read_as_what_they_mean() -> None:
    reply = parse(b"<reply><a>R&amp;D &lt;x&gt;</a><b><![CDATA[R&D <x>]]></b></reply>")
    assert text_of(reply, "a") == text_of(reply, "b") == "R&D <x>"


def test_another_encoding_is_read_if_it_says_which_it_is() -> None:
    assert parse('<?xml version="1.0" encoding="ISO-8859-1"?><name>Müller</name>'.encode("latin-1")).text == "Müller"


@given(ANY_TEXT)
@example("]]>")
@example("\r\n\t")
@example("\ud800")
@example("\ufffe")
@pytest.mark.answers("E11", "E12", "E14", "S2")
def test_any_text_comes_back_as_it_went_out_or_is_refused(text: str) -> None:
    try:
        made = element("customer")
        child(made, "name", text)
    except ValueError:
        return
    for body in (written(made), fragment(made).encode()):
        assert (parse(body)[0].text or "") == text


@given(ANY_TEXT)
@example("two\nlines\t'and' \"quotes\" <&>")
def test_any_attribute_comes_back_as_it_went_out_or_is_refused(text: str) -> None:
    try:
        made = element("function", controlid=text)
    except ValueError:
        return
    assert parse(written(made)).get("controlid") == text


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_carry_is_refused_before_it_is_written(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - lxml's own
        element("name", f"before {text} after")


@pytest.mark.answers("E14", "S2")
def test_markup_in_a_value_stays_a_value() -> None:
    made = element("memo", "</memo><amount>1000000</amount>")
    assert len(parse(written(made))) == 0


def test_a_document_is_declared_as_utf_8_and_a_fragment_is_bare() -> None:
    assert written(element("name", "Å")) == "<?xml version='1.0' encoding='UTF-8'?>\n<name>Å</name>".encode()
    assert fragment(element("name", "Å")) == "<name>Å</name>"


def test_the_text_of_what_is_not_there_is_empty() -> None:
    reply = parse(b"<reply><status> success\n</status><key/></reply>")
    assert [text_of(reply, path) for path in ("status", "key", "no/such")] == ["success", "", ""]
