"""docs/preflight.md: what is known of Intacct's rules before anything is sent, from the rules themselves."""

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.mapping_preflight import PeriodPolicy, Policy
from sf_intacct.flow.preflight.rules import RULES, Rule

_INTRODUCTION = """
Whatever Intacct would refuse, as far as it can be known beforehand, is found in the **plan** and costs no call. A
document that breaks a rule waits, with its cause in the queue, and goes by itself at the next tick after the cause
has gone: the period is opened, the customer released, the item added, the mapping changed. Nothing is read for the
sake of a rule alone: a table that no mapping uses tells nothing, and Intacct decides. `sf-intacct plan` shows what
waits, the check `intacct_would_accept` of every plan in Dagster counts it by rule.
"""
_POLICIES = """
`preflight:` in company.yaml says for each rule what becomes of a document that breaks it.

* `hold`, unless said otherwise: it waits.
* `ignore`: the rule is not tried, and Intacct decides.
* `next_open_period`, for periods only: the document is posted on the first day that is not known to be closed, and
  its description says so (`posted 2026-09-01, because the period of 2026-07-15 is closed`). Only the posting date
  moves. The date of the document stays, and with it the due date, which Intacct counts from it, and the day of the
  exchange rate; finance counts the document in the month of its posting date. It needs `WHENPOSTED` and the
  description with `mode: create_only` in the mapping. What would move beyond the month after this one, has no room
  for the memo, or is in the books already waits instead.
"""
_PERIODS = """
Intacct shows in no query whether a period is open. Three sources are put together, and the strictest counts;
`sf-intacct periods` lists them.

1. **Stated**, in company.yaml, by whoever closes the books. The general ledger (`GL`) closes every ledger, the
   company every entity, and an entity every location below it:

       periods:
         closed:
           - {through: 2026-08-31}
           - {through: 2026-09-30, entity: E01, ledger: AR}

2. **Read**, with `periods: {read: true}`: Intacct's `get_closedbooksdate`, one date for the company. It stands in
   an old schema only, and costs one call per sync; where Intacct does not answer it, the reading fails and says so.
3. **Refused**: what Intacct refused as closed teaches the plan (`plan.closed_periods`): that day, and all before
   it, are closed for documents of the same ledger that touch the same entity and locations. It counts until
   something newer says otherwise: somebody retries one of its documents (`sf-intacct exceptions retry`), the
   statement in company.yaml is another, Intacct's date has moved to before it, or a newer invoice stands in the
   books under such a day. Once a day one of the documents that it keeps is sent to see whether it is still so; the
   others follow it when it is taken.
"""
_RESTRICTIONS = """
Which dimensions go with which account is kept in Intacct and shown in no query; it can be stated:

    preflight:
      restrictions:
        - {account: '4000', dimension: DEPARTMENTID, allowed: ['100', '200']}
"""
# What is found by the mapping itself, whatever the company says: the causes, and in words.
ALWAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Item, customer, contact, project: linked, and active in the books", ("missing_item", "inactive_in_books")),
    (
        "Terms, accounts, departments, locations, classes: listed, active, not renamed",
        ("unknown_in_books", "inactive_in_books", "renamed_in_books", "unmapped_value"),
    ),
    ("The document number is no other document's", ("identity_taken", "identity_doubled")),
    ("Lengths, choices and characters of every value", ("too_long", "not_in_list", "unlawful_character")),
    (
        "Decimals of amounts and quantities; totals below nothing",
        ("finer_than_currency", "too_many_decimals", "negative_document"),
    ),
    ("Exchange rates of the company's own types (`rate:`)", ("missing_rate",)),
    ("Tax details, where a tax solution is on", ("tax_detail_missing", "tax_of_another_solution")),
)


def preflight_page() -> str:
    rows = [_row(rule) for rule in RULES]
    columns = ("Rule", "What has to hold", "For", "Reads", "Causes", "Policies")
    always = [(says, ", ".join(map(_cause, causes))) for says, causes in ALWAYS]
    return page(
        "Preflight",
        _INTRODUCTION,
        "## The rules\n\n" + table(columns, rows),
        "## What a company says\n\n" + _POLICIES.strip(),
        "## Closed periods\n\n" + _PERIODS.strip(),
        "## Restrictions\n\n" + _RESTRICTIONS.strip(),
        "## What mappings find by themselves\n\nAlways held.\n\n" + table(("What has to hold", "Causes"), always),
    )


def _row(rule: Rule) -> tuple[str, ...]:
    policies = PeriodPolicy if rule.name == "period_closed" else Policy
    return (
        code(rule.name),
        rule.says,
        ", ".join(sorted(rule.objects)),
        ", ".join(code(name) for name in rule.reads),
        ", ".join(map(_cause, rule.causes)),
        ", ".join(code(one.value) for one in policies),
    )


def _cause(cause: str) -> str:
    """A cause by its name; raises KeyError for one that the catalogue does not have."""
    assert CAUSES[cause]
    return code(cause)
