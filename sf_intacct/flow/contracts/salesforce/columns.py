"""Columns that many objects of Salesforce have."""

from sf_intacct.flow.contracts.contract import instant

STAMP = instant("modified_at", "SystemModstamp", "When Salesforce last touched the record", required=True)
