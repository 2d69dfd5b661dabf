"""What Intacct says of an object: types, choices, relations, lengths; what it does not have is nothing."""

import pytest

from sf_intacct.intacct.describe import described
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.intacct.xml import parse
from sf_intacct.model.described import ANY, FLAGS
from sf_intacct.model.system import Kind


def test_an_item_says_what_its_fields_take(system: IntacctSystem) -> None:
    item = system.describe("ITEM")
    assert item is not None
    assert (item.fields["ITEMID"].length, item.fields["ITEMID"].required) == (30, True)
    assert "Kit" in item.fields["ITEMTYPE"].values
    assert not item.fields["WHENCREATED"].creatable
    assert item.fields["WHENMODIFIED"].kinds == {Kind.INSTANT}
    # A text with the two choices true and false is read as a flag.
    assert Kind.FLAG in item.fields["TAXABLE"].kinds
    assert item.ways["GLGROUP"] == "ITEMGLGROUP"


def test_an_object_costs_one_call(system: IntacctSystem) -> None:
    system.describe("ITEM")
    before = system.calls
    system.describe("CUSTOMER")
    assert system.calls == before + 1


def test_an_object_that_is_not_there_is_nothing(system: IntacctSystem) -> None:
    assert system.describe("ITEMM") is None


@pytest.mark.parametrize(
    ("type_", "kinds"), [("BOOLEAN", FLAGS), ("WHATEVER", ANY), ("TEXT", {Kind.TEXT}), ("DATE", {Kind.DATE})]
)
def test_a_type_that_nobody_knows_may_be_anything(type_: str, kinds: frozenset[Kind]) -> None:
    field = f"<Field><ID>X</ID><REQUIRED>false</REQUIRED><READONLY>false</READONLY><DATATYPE>{type_}</DATATYPE></Field>"
    answer = parse(f"<data><Type><Fields>{field}</Fields></Type></data>".encode())
    found = described("ITEM", answer, None).fields["X"]
    assert found.kinds == kinds
    assert (found.length, found.values, found.creatable) == (None, (), True)
