"""The Sage Intacct sandbox: the XML gateway over books with the rules of accounts receivable."""

from sf_intacct.sandbox.intacct.sandbox import IntacctSandbox

__all__ = ["IntacctSandbox"]
