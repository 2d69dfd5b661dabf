"""JSON Schemas of the mapping files, from the models that read them: editors complete, explain and check.

An editor sees one file at a time. It knows every table, target field, column and cause, but not the
other crossings, the lookups, or whether an expression can be computed: `mappings check` does.
"""

from collections.abc import Iterable, Mapping as Dict
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.contracts import CONTRACTS, OBSERVED, Contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_company import Company

# The draft that every editor knows. Beside a $ref it only lets explanations stand.
DRAFT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]


def mapping_schema() -> Schema:
    """What `mappings/*.yaml` may say."""
    schema = _schema_of(Mapping, "A crossing of sf_intacct")
    properties, parts = schema["properties"], schema["definitions"]
    targets = {f"{contract.system}.{contract.object}": contract for contract in OBSERVED.values()}
    properties["from"] |= {"enum": sorted(CONTRACTS)}
    properties["to"] = {"description": properties["to"]["description"], "enum": sorted(targets)}
    parts["Beside"]["properties"]["table"] |= {"enum": sorted(CONTRACTS)}
    parts["Hold"]["properties"]["cause"] |= {"enum": sorted(CAUSES)}
    line_tables = {name: contract for name, contract in CONTRACTS.items() if contract.document}
    parts["Lines"]["properties"]["each"] |= {"enum": sorted(line_tables)}
    schema["allOf"] = [
        *(_where("to", name, _writing(target)) for name, target in sorted(targets.items())),
        *(_where("from", name, {"beside": _looking_from(source)}) for name, source in sorted(CONTRACTS.items())),
    ]
    parts["Lines"]["allOf"] = [
        _where("each", name, {"order_by": {"enum": sorted(lines.by_name)}, "beside": _looking_from(lines)})
        for name, lines in sorted(line_tables.items())
    ]
    return schema


def company_schema() -> Schema:
    """What `mappings/company.yaml` may say."""
    schema = _schema_of(Company, "The constants and lookups of one company in sf_intacct")
    schema["definitions"]["Lookup"]["properties"]["in"] |= {"enum": sorted(CONTRACTS)}
    return schema


def _writing(target: Contract) -> Schema:
    """The fields of a target object, each with what it is."""
    known = {"enum": sorted(target.by_source)}
    lines = CONTRACTS.get(target.lines or "")
    return {
        "identity": known,
        "mark": known,
        "fields": _fields(target),
        "lines": {"properties": {"identity": {"enum": sorted(lines.by_source)}, "fields": _fields(lines)}}
        if lines
        else False,
    }


def _fields(target: Contract) -> Schema:
    explained = {name: {"description": column.says} for name, column in sorted(target.by_source.items())}
    return {"properties": explained, "additionalProperties": False}


def _looking_from(source: Contract) -> Schema:
    """Neighbours are found by a column of the source."""
    return {"additionalProperties": {"properties": {"on": {"enum": sorted(source.by_name)}}}}


def _where(key: str, value: str, properties: Schema) -> Schema:
    condition = {"properties": {key: {"const": value}}, "required": [key]}
    return {"if": condition, "then": {"properties": properties}}


class _WithoutTitles(GenerateJsonSchema):
    """A key is its own title."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _schema_of(model: type[BaseModel], title: str) -> Schema:
    made = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_WithoutTitles)
    schema: Schema = _without_nothing(made)
    definitions = schema.pop("$defs")
    return {"$schema": DRAFT, **schema, "title": title, "definitions": definitions}


def _without_nothing(schema: Any) -> Any:
    """A key that may be left out is not written as nothing: `claim:` alone would be read as the empty text."""
    if isinstance(schema, Dict):
        plain = {key: _without_nothing(value) for key, value in schema.items() if (key, value) != ("default", None)}
        choices = _without_null(plain.pop("anyOf", ()))
        if len(choices) == 1 and "$ref" not in plain:
            return {**choices[0], **plain}
        return {**plain, "anyOf": choices} if choices else plain
    return [_without_nothing(one) for one in schema] if isinstance(schema, list) else schema


def _without_null(choices: Iterable[Any]) -> list[Any]:
    return [choice for choice in choices if choice != {"type": "null"}]
