"""Names that are composed: contacts and users."""

from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule
from sf_intacct.sandbox.salesforce.store import Look


class PersonRule(Rule):
    """Name is first and last name; the salutation stays out of it in the API."""

    def derive(self, change: Change, look: Look) -> None:
        parts = (change.new["FirstName"], change.new["LastName"])
        change.new["Name"] = " ".join(part for part in parts if part) or None
