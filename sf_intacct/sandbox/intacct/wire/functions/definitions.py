"""What the system says about its objects: `lookup`, `inspect`, `getDimensions`."""

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.schema import Definition, Field, Relation
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.markup import Markup
from sf_intacct.sandbox.intacct.wire.response import Outcome

NO_DESCRIPTION = "No description specified"
DIMENSIONS = ("DEPARTMENT", "LOCATION", "CUSTOMER", "ITEM", "CLASS", "PROJECT")
OTHER_DIMENSIONS = ("VENDOR", "EMPLOYEE", "CONTRACT", "TASK", "WAREHOUSE")


def lookup(desk: Desk, element: etree._Element) -> Outcome:
    """Every field with its type and labels, and the relations that dotted paths may follow."""
    definition, markup = _definition(desk, element), desk.markup
    fields = markup.node("Fields", [_field(markup, one) for one in definition.visible])
    relations = markup.node(
        "Relationships", [_relation(markup, one) for one in definition.relations if not one.internal]
    )
    block = markup.node("Type", [fields, relations], Name=definition.object, DocumentType="")
    return Outcome(payload=[markup.node("data", [block], listtype="All", count=1)])


def inspect(desk: Desk, element: etree._Element) -> Outcome:
    """The names of all objects for `*`; of one object its field names, or with detail="1" all about them."""
    markup = desk.markup
    if (element.findtext("object") or "").strip() == "*":
        schema = desk.company.store.schema
        types = [markup.text("type", one.name, typename=one.object.lower()) for one in schema.values()]
        return Outcome(payload=[markup.node("data", types, listtype="All", count=len(types))])
    definition = _definition(desk, element)
    detailed = element.get("detail", "0") == "1"
    fields = [
        _detail(markup, at, one) if detailed else markup.text("Field", one.id)
        for at, one in enumerate(definition.visible, 1)
    ]
    block = markup.node("Type", [markup.node("Fields", fields)], Name=definition.object)
    return Outcome(payload=[markup.node("data", [block], listtype="All", count=1)])


def get_dimensions(desk: Desk, element: etree._Element) -> Outcome:
    blocks = [
        desk.markup.node(
            "dimension",
            desk.markup.texts(
                {
                    "objectName": name,
                    "objectLabel": name.capitalize(),
                    "termLabel": name.capitalize(),
                    "userDefinedDimension": "false",
                    "enabledInGL": str(name in DIMENSIONS).lower(),
                }
            ),
        )
        for name in DIMENSIONS + OTHER_DIMENSIONS
    ]
    return Outcome(payload=[desk.markup.node("data", [desk.markup.node("dimensions", blocks)])])


def _definition(desk: Desk, element: etree._Element) -> Definition:
    """Definitions are not subject to permissions: they list what the user cannot read."""
    asked = (element.findtext("object") or "").strip()
    if asked.upper() not in desk.company.store.schema:
        raise Rejection([problems.no_definition(asked)])
    return desk.company.store.schema[asked.upper()]


def _field(markup: Markup, field: Field) -> str:
    labels = ("true", "false") if field.type == "BOOLEAN" else tuple(field.values)
    head = {
        "ID": field.id,
        "LABEL": field.label,
        "DESCRIPTION": NO_DESCRIPTION,
        "REQUIRED": _flag(field.required),
        "READONLY": _flag(field.readonly),
        "DATATYPE": field.type,
    }
    values = [markup.node("VALIDVALUES", [markup.text("VALIDVALUE", one) for one in labels])] if labels else []
    return markup.node("Field", [*markup.texts(head), *values, markup.text("ISCUSTOM", _flag(field.custom))])


def _relation(markup: Markup, relation: Relation) -> str:
    block = {
        "OBJECTPATH": relation.path,
        "OBJECTNAME": relation.object,
        "LABEL": relation.label,
        "RELATIONSHIPTYPE": "MANY2ONE",
        "RELATEDBY": relation.related_by or relation.by,
    }
    return markup.node("Relationship", markup.texts(block))


def _detail(markup: Markup, number: int, field: Field) -> str:
    block = {
        "Name": field.id,
        "GroupName": "",
        "dataName": field.type,
        "externalDataName": field.type.lower(),
        "isRequired": _flag(field.required),
        "isReadOnly": _flag(field.readonly),
        "maxLength": field.length or "",
        "DisplayLabel": field.label,
        "Description": NO_DESCRIPTION,
        "id": number,
    }
    return markup.node("Field", markup.texts(block))


def _flag(value: bool) -> str:
    return str(value).lower()
