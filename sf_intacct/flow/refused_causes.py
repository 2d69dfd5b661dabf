"""Causes that only a refusal of Intacct or Salesforce tells: nothing that was read could have known them."""

from sf_intacct.flow.causes import Cause

REFUSED: dict[str, Cause] = {
    # The way in.
    "sign_in_refused": Cause(
        "We were not let in: {subject}",
        "Check company, user, password and entity in the settings, and that the user is active and not locked.",
        "operations",
    ),
    "sender_not_authorised": Cause(
        "The sender of our requests is not authorised: {subject}",
        "Add the sender id to the company's Web Services authorizations, active.",
        "operations",
    ),
    "service_not_subscribed": Cause(
        "The company does not have what is asked for: {subject}",
        "Subscribe to it in Intacct, or take what needs it out of the mappings.",
        "operations",
    ),
    "company_expired": Cause("The company has expired: {subject}", "Renew it with Sage.", "operations"),
    "permission_missing": Cause(
        "Our user may not do that: {subject}", "Grant the permission to the integration user's role.", "operations"
    ),
    "request_unreadable": Cause(
        "The other system could not read what we sent: {subject}",
        "Compare the mapping with what the object takes; if the mapping is right, report it with the answer.",
        "operations",
    ),
    # It passes.
    "throttled": Cause("The other system takes no more calls for now: {subject}", "Nothing: it passes.", "operations"),
    "out_of_service": Cause(
        "The other system was not available: {subject}", "Nothing: it is tried again.", "operations"
    ),
    "not_processed": Cause(
        "The other system could not process it, and does not say why: {subject}",
        "Nothing at first: it is tried again a few times. If it stays, compare the mapping with what the object takes.",
        "operations",
    ),
    "rolled_back": Cause(
        "It was rolled back with another one that failed: {subject}", "Nothing: it is tried again.", "operations"
    ),
    # Names.
    "already_there": Cause(
        "{subject} is there already.",
        "Link the two, or give the record another number.",
        "operations",
    ),
    "numbering_missing": Cause(
        "The document needs a number that neither we nor a numbering sequence gave.",
        "Give the documents a numbering sequence in Intacct, or let the mapping say the number.",
        "finance",
    ),
    # Coding.
    "dimension_restricted": Cause(
        "Intacct allows another value only: {subject}",
        "Choose a value that the GL account and the related dimensions allow, or change the restriction.",
        "finance",
    ),
    "account_not_for_sales": Cause(
        "The account {subject} is that of a bank or card, and takes no sales.",
        "Name a revenue account in the crosswalk.",
        "operations",
    ),
    "account_not_given": Cause(
        "A line has no GL account: {subject}", "Complete the crosswalk of revenue accounts.", "operations"
    ),
    "project_of_another": Cause(
        "The project is another customer's: {subject}",
        "Correct the customer of the project, or the account of the opportunity.",
        "finance",
    ),
    "project_closed": Cause(
        "The project {subject} is in a state that takes nothing more.", "Reopen the project in Intacct.", "finance"
    ),
    "unit_mismatch": Cause(
        "The unit of a line is not the item's.",
        "Spell the unit in the crosswalk exactly as the item's unit of measure in Intacct.",
        "operations",
    ),
    "lot_not_tracked": Cause(
        "A lot is given for an item that has none: {subject}", "Take the lot out of the mapping.", "operations"
    ),
    "line_without_amount": Cause(
        "A line has no amount, or not as many lines came as were there: {subject}",
        "Give the line an amount; where lines were taken away, correct the document in Intacct.",
        "finance",
    ),
    "not_in_balance": Cause("Debits and credits differ: {subject}", "Correct the entry.", "finance"),
    # Values.
    "field_empty": Cause(
        "The field {subject} has no value.", "Fill it in on the record, or complete the mapping.", "sales"
    ),
    "bad_email": Cause("The e-mail address is not one: {subject}", "Correct it in Salesforce.", "sales"),
    "bad_date": Cause("The date cannot be read: {subject}", "Correct the date, or the mapping.", "operations"),
    "bad_number": Cause("The number is not one that the field takes: {subject}", "Correct it.", "sales"),
    "bad_combination": Cause("Values do not go together: {subject}", "Correct the record.", "sales"),
    "contact_not_saved": Cause(
        "The contact of the customer was not saved, so the customer was not either.",
        "Correct the contact's name, address or e-mail; a contact of the same name may be there already.",
        "sales",
    ),
    # Where it stands.
    "no_due_date": Cause(
        "Neither the customer nor the document says when it is due.", "Give the customer payment terms.", "finance"
    ),
    "paid_in_books": Cause(
        "{subject} is paid or closed in Intacct, and takes no change.",
        "Credit it or unapply the payment in Intacct, or take the change back.",
        "finance",
    ),
    "state_forbids": Cause(
        "The state of the document does not allow it: {subject}", "Bring it into a state that does.", "finance"
    ),
    "target_gone": Cause(
        "What was to be changed is not there any more: {subject}",
        "Nothing, if it was deleted on purpose: it is noticed at the next sync. Otherwise restore it.",
        "finance",
    ),
    "target_locked": Cause(
        "The record is locked: {subject}", "Nothing, if an approval is under way. Otherwise unlock it.", "sales"
    ),
    "subledger_closed": Cause(
        "Accounts Receivable is closed for the date of the document.",
        "Open the subledger in Intacct, or change the date of the record.",
        "finance",
    ),
    "summary_missing": Cause(
        "Intacct wants a summary to post to: {subject}",
        "Let Intacct make summaries by itself, daily or monthly, or create an open one.",
        "finance",
    ),
    "wrong_entity": Cause(
        "The document cannot be made at this level of the company: {subject}",
        "Choose the entity in the mapping, or let the definition be used at the top level.",
        "operations",
    ),
    "definition_forbids": Cause(
        "The kind of document cannot be made so: {subject}",
        "Choose another transaction definition, or change this one.",
        "finance",
    ),
    "reason_not_given": Cause(
        "Intacct refused it without a reason: {subject}",
        "Enter the document by hand in Intacct: its page names what is wrong. Mend that, then retry.",
        "finance",
    ),
    "automation_failed": Cause(
        "A trigger or flow of Salesforce failed on our update: {subject}",
        "Show the message to whoever looks after automation in Salesforce.",
        "operations",
    ),
    "duplicate_rule": Cause(
        "Salesforce takes it for a duplicate: {subject}",
        "Merge the two records, or let the duplicate rule pass the integration user.",
        "operations",
    ),
    "storage_full": Cause("Salesforce has no storage left: {subject}", "Free some, or buy more.", "operations"),
}
