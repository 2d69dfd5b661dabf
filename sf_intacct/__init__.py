"""Keeps Salesforce and Sage Intacct in step, and proves it to the cent.

The house is described in `docs/architecture.md`. Imports go down its floors only:
orchestration and cli, then salesforce, intacct and store, then flow, then model.
"""

__version__ = "0.1.0"
