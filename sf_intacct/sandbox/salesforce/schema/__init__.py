"""The objects of the company as data: which fields there are, of which type, under which limits."""

from sf_intacct.sandbox.salesforce.schema.catalogue import Schema, company_schema
from sf_intacct.sandbox.salesforce.schema.field import Field, Kind
from sf_intacct.sandbox.salesforce.schema.object_type import ObjectType

__all__ = ["Field", "Kind", "ObjectType", "Schema", "company_schema"]
