from sf_intacct.sandbox.intacct.reading.computed import EXPRESSIONS
from sf_intacct.sandbox.intacct.reading.paths import Paths
from sf_intacct.sandbox.intacct.schema import load
from sf_intacct_tests.sandbox.intacct.harness import START


def test_every_visible_field_can_be_selected() -> None:
    for definition in load().values():
        paths = Paths(load(), definition, START.date())
        for field in definition.visible:
            assert paths.column(field.id).sql, f"{definition.object}.{field.id}"


def test_every_computed_field_has_its_expression() -> None:
    named = {field.computed for definition in load().values() for field in definition.fields if field.computed}
    assert named == set(EXPRESSIONS)


def test_relations_lead_to_columns_that_are_stored() -> None:
    for definition in load().values():
        stored = {field.id for field in definition.stored}
        for relation in definition.relations:
            assert relation.by in stored, f"{definition.object}.{relation.path} by {relation.by}"
            assert relation.on in {field.id for field in load()[relation.object].stored}


def test_objects_in_one_table_agree_on_their_shared_columns() -> None:
    for table in {definition.table for definition in load().values()}:
        kinds: dict[str, tuple[int | None, bool]] = {}
        for definition in load().sharing(table):
            for field in definition.stored:
                assert kinds.setdefault(field.id, (field.scale, field.type == "INTEGER")) == (
                    field.scale,
                    field.type == "INTEGER",
                ), f"{table}.{field.id}"


def test_the_salesforce_keys_are_custom_fields() -> None:
    custom = {(one.object, field.id) for one in load().values() for field in one.fields if field.custom}
    assert {
        ("CUSTOMER", "SALESFORCE_ID"),
        ("CONTACT", "SALESFORCE_ID"),
        ("ITEM", "SALESFORCE_ID"),
        ("ARINVOICE", "SALESFORCE_ID"),
        ("ARINVOICEITEM", "SALESFORCE_LINE_ID"),
    } <= custom
