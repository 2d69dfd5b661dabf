"""Why Intacct refuses, in its own codes and words. One function per sentence; nothing here decides anything.

Where no public source gives a code or a text, the sentence is ours and says so with INVENTED.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

WRAPPER = "BL01001973"
VALIDATION = "BL03000018"


@dataclass(frozen=True)
class Problem:
    """One `error` of an answer. text is its description2; the last three fill `additionalinfo`."""

    errorno: str
    text: str
    correction: str = ""
    description: str = ""
    error_id: str = ""
    category: str = ""
    placeholders: Mapping[str, str] = field(default_factory=dict, hash=False)


class Rejection(Exception):
    """The system refuses; the most specific problem comes first, the generic trailer last."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.errorno} {one.text}" for one in self.problems))

    def followed_by(self, *trailer: Problem) -> "Rejection":
        return Rejection((*self.problems, *trailer))


def could_not(verb: str, name: str) -> Problem:
    return Problem(WRAPPER, f"Could not {verb} {name} record!")


# Identity


def already_exists(name: str, value: str) -> Problem:
    return Problem(
        "BL34000061",
        f"Another {name} with the given value(s) {value} already exists",
        "Use a unique value instead.",
        category="Duplication Prevention",
        placeholders={"VALUE": value},
    )


def number_taken(number: str) -> Problem:
    return Problem(
        "BL03002185",
        f"A transaction with the number '{number}' already exists.",
        "Enter a unique number, and try again.",
        category="Duplication Prevention",
        placeholders={"NUMBER": number},
    )


def number_missing(what: str) -> Problem:
    return Problem("BL03002128", f"Enter {what} number, and try again.")


def no_such_record(name: str, key: str, purpose: str = "") -> Problem:
    ending = f" to {purpose}" if purpose else ""
    return Problem(WRAPPER, f"Cannot find {name.lower()} with key '{key}'{ending}.")


def in_use(name: str, key: str, user: str) -> Problem:
    """INVENTED: the wording; that a referenced record cannot be deleted is documented."""
    return Problem(WRAPPER, f"{name} '{key}' cannot be deleted because it is used by {user} records.")


def immutable(label: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(VALIDATION, f"The {label} cannot be changed.")


def owned_at_the_top(name: str, key: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(VALIDATION, f"{name} '{key}' is owned by the top level and cannot be changed in an entity.")


# Values


def missing_value(label: str) -> Problem:
    return Problem(VALIDATION, f"The {label} field is missing a value")


def too_long(label: str, length: int) -> Problem:
    """INVENTED: the wording."""
    return Problem(VALIDATION, f"The {label} field is longer than the maximum of {length} characters")


def not_among(label: str, value: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(VALIDATION, f"The value '{value}' is not valid for the field {label}")


def not_a_number(label: str, value: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(VALIDATION, f"The {label} '{value}' is not a valid number")


def bad_date(label: str, value: str) -> Problem:
    return Problem("PL03000006", f"The {label.lower()} '{value}' is invalid", "Provide a valid date")


def bad_email(label: str, value: str) -> Problem:
    return Problem(VALIDATION, f"Illegal format for Contactversion : {label} {value}.")


# References


_UNKNOWN = {
    "CUSTOMER": "Invalid Customer '{}' specified.",
    "CONTACT": "Invalid Contact '{}' specified.",
    "ITEM": "The item '{}' is invalid.",
    "ARTERM": "The term name '{}' is invalid.",
    "GLACCOUNT": "Account {} is not valid.",
    "ARACCOUNTLABEL": "The account label '{}' is invalid.",
    "DEPARTMENT": "The department '{}' is invalid.",
    "LOCATION": "The location '{}' is invalid.",
    "CLASS": "Class '{}' specified is not valid.",
    "CHANNEL": "Channel '{}' is not valid.",
    "TAXDETAIL": "Tax detail '{}' is not valid.",
    "CHECKINGACCOUNT": "The bank account '{}' is invalid.",
    "SODOCUMENTPARAMS": "Transaction definition '{}' is not valid.",
    "SODOCUMENT": "Source transaction '{}' is not valid.",
}
_INACTIVE = {
    "CUSTOMER": "Customer '{}' specified is not valid.",
    "DEPARTMENT": "Department {} is not valid.",
    "LOCATION": "Location '{}' is not valid.",
}


def unknown_reference(object_name: str, key: str) -> Problem:
    sentence = _UNKNOWN.get(object_name, f"Invalid {object_name.capitalize()} '{{}}' specified.")
    return Problem(WRAPPER, sentence.format(key), placeholders={"ID": key})


def inactive_reference(object_name: str, name: str, key: str) -> Problem:
    sentence = _INACTIVE.get(object_name) or _UNKNOWN.get(object_name, "'{}' is not valid.")
    return Problem(
        WRAPPER,
        sentence.format(key),
        f"Activate the {name.lower()} {key}, then try again.",
        placeholders={"ID": key},
    )


# Coding of a line


def missing_dimension(dimension: str, account: str) -> Problem:
    return Problem(
        WRAPPER,
        f"This transaction is missing the '{dimension}' dimension for the Account {account}.",
        f"Add the '{dimension}' dimension, and try again.",
        placeholders={"DIMENSION": dimension, "ACCOUNTNO": account},
    )


def restricted(name: str, value: str) -> Problem:
    return Problem(WRAPPER, f"{name} '{value}': '{value}' specified is not valid. {name} is restricted by GL account.")


def control_account(account: str, owner: str) -> Problem:
    return Problem(WRAPPER, f"The account number {account} is associated to the {owner}.")


def line_without_account(line: int) -> Problem:
    return Problem(WRAPPER, f"Enter an account number on line item {line}.")


def labels_only(line: int) -> Problem:
    """INVENTED: the wording; that labels replace accounts once enabled is reported by one project."""
    return Problem(WRAPPER, f"Enter an account label in place of the account number on line item {line}.")


def labels_are_off(line: int) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"Account labels are not enabled. Enter an account number on line item {line}.")


def negative_line(line: int) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"A negative amount is not allowed on line item {line}.")


# Taxes


def tax_details_wrong() -> Problem:
    return Problem(WRAPPER, "Tax details are either missing or don't belong to the tax solution.")


def tax_solution_missing() -> Problem:
    """INVENTED: the wording; that several jurisdictions want the solution at the top level is documented."""
    return Problem(WRAPPER, "Select a tax solution for this transaction.")


def tax_solution_wrong(solution: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"The tax solution '{solution}' is not valid for this transaction.")


def tax_not_of_rate(line: int, given: str, computed: str) -> Problem:
    """INVENTED: all of it; how far a tax that is given may be from the rate is not documented."""
    return Problem(
        WRAPPER, f"The tax {given} on line item {line} is not {computed}, which the rate of its detail gives."
    )


def taxed_though_exempt(line: int) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"The contact is not taxable, but line item {line} has a tax detail with a rate.")


# Documents


def period_closed(errorno: str, on: str) -> Problem:
    return Problem(
        errorno,
        f"Periods are closed. Your transaction date ({on}) is within a period that's been closed.",
        "Use a date in an open period, or open the period.",
        placeholders={"DATE": on},
    )


def on_hold(customer: str) -> Problem:
    """INVENTED: the wording; that ONHOLD blocks invoices is documented."""
    return Problem(WRAPPER, f"Customer '{customer}' is on hold. Transactions are not allowed.")


def negative_total() -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, "The total amount of the invoice cannot be negative.")


def foreign_currency_off() -> Problem:
    return Problem(WRAPPER, "Enable foreign-currency transactions, and try again.")


def no_exchange_rate(currency: str, base: str, on: str) -> Problem:
    """INVENTED: the wording; that a missing rate is a refusal is reported by one project."""
    return Problem(WRAPPER, f"There is no exchange rate from {currency} to {base} for {on}.")


def cannot_change_paid(number: str, verb: str) -> Problem:
    return Problem(WRAPPER, f"Transaction '{number}' is already paid and can't be {verb}.")


def wrong_state(number: str, state: str, verb: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"Transaction '{number}' is in the state {state} and can't be {verb}.")


def no_such_line(line: int) -> Problem:
    """INVENTED: the wording."""
    return Problem("BL03002101", f"There is no line item {line} in the transaction.")


# Order Entry


def document_number_missing() -> Problem:
    """On record for a definition without a numbering scheme; the code has other meanings elsewhere."""
    return Problem("PL01000127", "Document Number is missing", "Make desired changes and press Save to continue.")


def not_created_so(definition: str, how: str) -> Problem:
    """INVENTED: the wording; that a definition may be for conversion only is documented."""
    return Problem(WRAPPER, f"Transactions of '{definition}' cannot be created so: {how}.")


def not_converted_so(source: str, definition: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"A '{source}' cannot be converted to a '{definition}'.")


def more_than_is_left(line: int) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"The quantity on line item {line} is more than is left to be converted.")


def quantity_not_positive(line: int) -> Problem:
    """INVENTED: the wording; that only adjustments take signed quantities is reported by one project."""
    return Problem(WRAPPER, f"Enter a quantity greater than zero on line item {line}.")


def unknown_subtotal(description: str) -> Problem:
    """INVENTED: the wording; that a subtotal must be one of the definition is documented."""
    return Problem(WRAPPER, f"The subtotal '{description}' is not in the transaction definition.")


def project_of_another(project: str) -> Problem:
    """As two vendors report it."""
    return Problem(
        WRAPPER, f"The project dimension you selected --{project}-- is not related to your header-level Customer."
    )


# Payments


def no_such_invoice(key: str) -> Problem:
    """`exits` is how the system spells it."""
    return Problem("DL03000005", f"No record exits for the invoicekey {key}")


def no_due(number: str) -> Problem:
    return Problem("BL03000130", f"There is no due on the invoice {number}.")


def exceeds_due(number: str, amount: str, due: str) -> Problem:
    return Problem("BL03000130", f"The payment amount {amount} for {number} exceeds total amount due ({due}).")


def other_customer(number: str, customer: str) -> Problem:
    """INVENTED: the wording."""
    return Problem(WRAPPER, f"The invoice {number} does not belong to the customer '{customer}'.")


def needs_an_account() -> Problem:
    """INVENTED: the wording."""
    return Problem(VALIDATION, "Provide a financial entity, a summary, or an undeposited funds account.")


def not_imitated(what: str) -> Problem:
    """Ours: the real system does this, the sandbox does not, and it says so instead of pretending."""
    return Problem("SANDBOX", f"{what} is not imitated by this sandbox.", "See docs/sandbox-limits.md.")


# Functions


def no_permission(operation: str, object_name: str) -> Problem:
    return Problem(
        "PL04000005",
        f"You do not have permission for API operation {operation} on objects of type {object_name.lower()}",
    )


def no_audit_permission() -> Problem:
    """This one really comes without an errorno."""
    return Problem("", "You do not have permission to view audit history.")


def processing_error() -> Problem:
    return Problem("DL02000001", "There was an error processing the request.", description="Error")


def no_definition(object_name: str) -> Problem:
    return Problem("Query Failed", f"Object definition {object_name} not found")


def bad_fields(names: Iterable[str]) -> Problem:
    """The errorno itself carries the text, as recorded."""
    return Problem(f"Invalid fields list {','.join(names)}", "")


def bad_result_id(result_id: str) -> Problem:
    """INVENTED: the wording."""
    return Problem("readMore failed", f"The result id {result_id} is invalid or has expired.")


def rolled_back() -> Problem:
    return Problem("XL03000009", "The entire transaction in this operation has been rolled back due to an error.")


def repeated_control_id(errorno: str, control_id: str) -> Problem:
    """INVENTED: both; nothing public shows the refusal of a repeated function control id."""
    return Problem(errorno, f"The function with control id '{control_id}' has already been executed.")


def session_failed(text: str) -> Problem:
    return Problem("Get API Session Failed", text)
