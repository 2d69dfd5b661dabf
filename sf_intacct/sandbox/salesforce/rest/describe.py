"""What objects there are and what they are made of: global describe, sObject describe, row counts."""

from email.utils import format_datetime
from typing import Any

from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.replies import answer_value, empty
from sf_intacct.sandbox.salesforce.schema import Field, Kind, ObjectType, Schema
from sf_intacct.sandbox.wire import Reply

MASTER_RECORD_TYPE = "012000000000000AAA"
SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
}
INT_DIGITS = 8
SAME_FOR_ALL: dict[str, Any] = {
    "aiPredictionField": False,
    "calculated": False,
    "calculatedFormula": None,
    "controllerName": None,
    "defaultValueFormula": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "highScaleNumber": False,
    "htmlFormatted": False,
    "inlineHelpText": None,
    "mask": None,
    "maskType": None,
    "namePointing": False,
    "polymorphicForeignKey": False,
    "precision": 0,
    "queryByDistance": False,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "scale": 0,
    "writeRequiresMasterRead": False,
}


def describe_all(exchange: Exchange) -> Reply:
    found = [_summary(kind, exchange.base) for kind in _sorted(exchange.company.visible)]
    return _cached(exchange, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": found})


def describe(exchange: Exchange, name: str) -> Reply:
    kind = exchange.kind(name)
    return _cached(exchange, describe_object(exchange.company.visible, kind, exchange))


def basics(exchange: Exchange, name: str) -> Reply:
    """GET sobjects/X: the object in short, and what was last looked at (nothing is remembered here)."""
    kind = exchange.kind(name)
    return answer_value({"objectDescribe": _summary(kind, exchange.base), "recentItems": []})


def record_counts(exchange: Exchange) -> Reply:
    wanted = [each for each in exchange.query.get("sObjects", "").split(",") if each]
    found = [exchange.company.visible.find(each) for each in wanted]
    kinds = [kind for kind in found if kind] if wanted else _sorted(exchange.company.visible)
    counts = [{"count": exchange.company.store.count(kind), "name": kind.name} for kind in kinds]
    return answer_value({"sObjects": counts})


def describe_object(schema: Schema, kind: ObjectType, exchange: Exchange) -> dict[str, Any]:
    """The whole description of one object. Statuses of orders come from the company's own table."""
    return {
        "actionOverrides": [],
        **_flags(kind),
        "childRelationships": [_child(child, field) for child, field in schema.children(kind)],
        "compactLayoutable": True,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": [_field(field, _picklist(kind, field, exchange)) for field in kind.fields],
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [_master_record_type(kind, exchange.base)],
        "searchLayoutable": True,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": f"All {kind.label_plural.lower()}", "name": "everything"}],
        "urls": _urls(kind, exchange.base),
    }


def _cached(exchange: Exchange, value: dict[str, Any]) -> Reply:
    """The schema seldom changes: a client that has seen it since is told so and sent nothing."""
    described = exchange.company.described.replace(microsecond=0)
    headers = {"Last-Modified": format_datetime(described, usegmt=True)}
    try:
        since = exchange.instant_header("If-Modified-Since")
    except ValueError:
        since = None
    if since is not None and described <= since:
        return empty(304, headers)
    return answer_value(value, headers=headers)


def _sorted(schema: Schema) -> list[ObjectType]:
    return sorted(schema, key=lambda kind: kind.name)


def _flags(kind: ObjectType) -> dict[str, Any]:
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": kind.createable,
        "custom": kind.custom,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": kind.deletable,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": kind.key_prefix,
        "label": kind.label,
        "labelPlural": kind.label_plural,
        "layoutable": True,
        "mergeable": kind.mergeable,
        "mruEnabled": True,
        "name": kind.name,
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": True,
        "triggerable": True,
        "undeletable": kind.deletable,
        "updateable": kind.updateable,
    }


def _summary(kind: ObjectType, base: str) -> dict[str, Any]:
    return {**_flags(kind), "urls": _urls(kind, base)}


def _urls(kind: ObjectType, base: str) -> dict[str, str]:
    root = f"{base}/sobjects/{kind.name}"
    return {"rowTemplate": f"{root}/{{ID}}", "describe": f"{root}/describe", "sobject": root}


def _master_record_type(kind: ObjectType, base: str) -> dict[str, Any]:
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": MASTER_RECORD_TYPE,
        "urls": {"layout": f"{base}/sobjects/{kind.name}/describe/layouts/{MASTER_RECORD_TYPE}"},
    }


def _child(child: ObjectType, field: Field) -> dict[str, Any]:
    return {
        "cascadeDelete": field.cascade_delete,
        "childSObject": child.name,
        "deprecatedAndHidden": False,
        "field": field.name,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": field.child_relationship_name,
        "restrictedDelete": field.restricted_delete,
    }


def _picklist(kind: ObjectType, field: Field, exchange: Exchange) -> list[dict[str, Any]]:
    if (kind.name, field.name) == ("Order", "Status"):
        store = exchange.company.store
        statuses = store.all(store.schema["OrderStatus"])
        return [_choice(each["ApiName"], each["MasterLabel"], bool(each["IsDefault"])) for each in statuses]
    return [_choice(each["value"], each["value"], False) for each in field.picklist]


def _choice(value: str, label: str, is_default: bool) -> dict[str, Any]:
    return {"active": True, "defaultValue": is_default, "label": label, "validFor": None, "value": value}


def _field(field: Field, picklist: list[dict[str, Any]]) -> dict[str, Any]:
    """A field's description with every key that recorded ones have, in alphabetical order as they have it."""
    required = not field.nillable or field.kind is Kind.BOOLEAN
    number = {"precision": field.precision, "scale": field.scale} if field.kind is Kind.DECIMAL else {}
    found = {
        **SAME_FOR_ALL,
        **number,
        "aggregatable": field.sortable and field.kind is not Kind.BOOLEAN,
        "autoNumber": field.auto_number is not None,
        "byteLength": _byte_length(field),
        "cascadeDelete": field.cascade_delete,
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound_field_name,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": field.default if field.kind is Kind.BOOLEAN else None,
        "defaultedOnCreate": field.defaulted_on_create or field.kind is Kind.BOOLEAN,
        "digits": INT_DIGITS if field.kind is Kind.INTEGER else 0,
        "externalId": field.external_id,
        "extraTypeInfo": field.extra_type_info,
        "filterable": field.filterable,
        "groupable": field.groupable,
        "idLookup": field.can_find_records,
        "label": field.label,
        "length": field.length,
        "name": field.name,
        "nameField": field.name_field,
        "nillable": not required,
        "permissionable": not required and not field.name_field,
        "picklistValues": picklist,
        "referenceTo": [field.reference_to] if field.reference_to else [],
        "relationshipName": field.relationship_name,
        "restrictedDelete": field.restricted_delete,
        "restrictedPicklist": field.restricted_picklist,
        "searchPrefilterable": field.is_reference,
        "soapType": SOAP_TYPES.get(field.type, "xsd:string"),
        "sortable": field.sortable,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable,
    }
    return dict(sorted(found.items()))


def _byte_length(field: Field) -> int:
    return field.length if field.kind is Kind.ID else field.length * 3
