"""docs/exceptions.md: every cause of the catalogue, for the people who can mend it."""

import re

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.flow.catalogue import CAUSES

_INTRODUCTION = """
A record that cannot cross is an **exception**. It has a cause, an owner, an age, the money at risk, and a way out.
Nothing is lost and nothing is sent wrongly in the meantime; the other records cross.

You see exceptions in three places: `sf-intacct exceptions list`, the table `exceptions` of the finance file, and on the
Salesforce record itself, as `Intacct_Sync_Status__c` and `Intacct_Sync_Error__c`.

* **Mend what is wrong.** At the next sync the exception goes away by itself. A write that the other system refused is
  tried again as soon as its record, a mapping file, a crosswalk or the reference data it uses changes.
* **Retry** it if you mended something that nobody can see from outside, such as a rule in Intacct:
  `sf-intacct exceptions retry ID`. All rules still apply.
* **Ignore** it if the records are to stay out: `sf-intacct exceptions ignore ID --reason "credited by CM-17"`. The
  reason is kept, and the tie-out then counts the difference as explained.

In the tables words in *italics* stand for what was found.
"""
_WHO = {
    "sales": ("Sales", "Correct the record in Salesforce."),
    "finance": ("Finance", "Decide, or correct the books in Intacct."),
    "operations": ("Operations", "Look after the mapping, the crosswalks and the two systems."),
}
_HOLES = {"subject": "*the record or value*", "seen": "*what was seen*", "column": "*the file or field*"}


def exceptions_page() -> str:
    parts = []
    for who, (title, does) in _WHO.items():
        rows = [(_filled(c.words), _filled(c.remedy), code(name)) for name, c in CAUSES.items() if c.who == who]
        parts.append(f"## {title}\n\n{does}\n\n{table(('What it says', 'What mends it', 'Cause'), rows)}")
    unowned = [name for name, cause in CAUSES.items() if cause.who not in _WHO]
    assert not unowned, f"nobody owns {unowned}"
    return page("Exceptions", _INTRODUCTION, *parts)


def _filled(template: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda hole: _HOLES[hole.group(1)], template)
