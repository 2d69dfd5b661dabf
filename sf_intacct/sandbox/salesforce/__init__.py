"""The Salesforce sandbox: a company's books and rules, and the REST interface that clients speak to.

State and rules: schema, store, writer, rules, deletion, seed, soql. Wire: rest. People: people.
"""

from sf_intacct.sandbox.salesforce.system import SalesforceSandbox

__all__ = ["SalesforceSandbox"]
