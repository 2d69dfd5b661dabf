"""Names that are composed: contacts, users, and accounts that are persons."""

from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule
from sf_intacct.sandbox.salesforce.store import Look


class PersonRule(Rule):
    """Name is first and last name; the salutation stays out of it in the API."""

    def derive(self, change: Change, look: Look) -> None:
        parts = (change.new["FirstName"], change.new["LastName"])
        change.new["Name"] = " ".join(part for part in parts if part) or None


class AccountRule(PersonRule):
    """An account with a last name is a private person. In a real company its record type says so."""

    def derive(self, change: Change, look: Look) -> None:
        is_person = bool(change.new["LastName"])
        change.new["IsPersonAccount"] = int(is_person)
        if is_person:
            super().derive(change, look)
