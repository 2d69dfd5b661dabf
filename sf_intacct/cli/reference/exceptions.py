"""docs/exceptions.md and docs/messages.md: every cause, for the people who can mend it, and every known message."""

import re

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.causes import Again, Class
from sf_intacct.flow.messages import INTACCT, MESSAGES, Message
from sf_intacct.flow.places import place

_INTRODUCTION = """
A record that cannot cross is an **exception**. It has a cause, an owner, an age, the money at risk, and a way out.
Nothing is lost and nothing is sent wrongly in the meantime; the other records cross.

You see exceptions in three places: `sf-intacct exceptions list`, the table `exceptions` of the finance file, and on the
Salesforce record itself, as `Intacct_Sync_Status__c` and `Intacct_Sync_Error__c`.

* **Mend what is wrong.** At the next sync the exception goes away by itself. A write that the other system refused is
  tried again as soon as its record, a mapping file, a crosswalk, the reference data it uses or the record that the
  refusal is about changes.
* **Retry** it if you mended something that nobody can see from outside, such as a rule in Intacct:
  `sf-intacct exceptions retry ID`. All rules still apply.
* **Fix** a value that has no counterpart: `sf-intacct exceptions fix ID --to 100` completes the crosswalk.
* **Hold** it if nothing is to be sent for now: `sf-intacct exceptions hold ID --reason "waits for the contract"`.
* **Ignore** it if the records are to stay out: `sf-intacct exceptions ignore ID --reason "credited by CM-17"`. The
  reason is kept, and the tie-out then counts the difference as explained.
* **Resolve** it if somebody entered the document in Intacct by hand:
  `sf-intacct exceptions resolve ID --record 00001018 --document INV-77`. It is looked up and compared before it is
  linked.
* **Assign** it to somebody: `sf-intacct exceptions assign ID --to ada`. **Undo** takes a hold, an ignore or a link
  back: `sf-intacct exceptions undo ID`.

Every decision is about one exception, several, all of a cause (`--cause unmapped_value`) or some records (`--record`).
For many at once, fill in the file that `sf-intacct exceptions list --csv queue.csv` writes, and hand it to
`sf-intacct exceptions decide queue.csv`. Who decided what, when and why is kept and never changed.

In the tables words in *italics* stand for what was found.
"""
_WHO = {
    "sales": ("Sales", "Correct the record in Salesforce."),
    "finance": ("Finance", "Decide, or correct the books in Intacct."),
    "operations": ("Operations", "Look after the mapping, the crosswalks and the two systems."),
}
_CLASSES = {
    Class.DATA: "a value on a record",
    Class.REFERENCE: "something that it names is missing, inactive, or not across yet",
    Class.MAPPING: "a mapping file or a crosswalk",
    Class.SETUP: "permissions, periods, rules or settings of one of the two systems",
    Class.DECISION: "a person decides",
    Class.TRANSIENT: "it passes by itself",
    Class.UNKNOWN: "nobody has recognised these words yet: the answer is shown whole",
}
_AGAIN = {
    Again.ITSELF: ("by itself", "tried again by the clock, each time after a longer pause"),
    Again.MOVED: ("when it moves", "what has to change is read, and the records go at the next sync after it changed"),
    Again.PROBED: (
        "by a probe",
        "nothing that can be read tells that it is mended: one record is tried again from time to time, and once it "
        "goes through the others follow",
    ),
    Again.TOLD: ("when told", "somebody says `retry`, or the record, a mapping or a crosswalk changes"),
}
_HOLES = {"subject": "*the record or value*", "seen": "*what was seen*", "column": "*the file or field*"}


def exceptions_page() -> str:
    parts = []
    for who, (title, does) in _WHO.items():
        rows = [_row(name) for name, cause in CAUSES.items() if cause.who == who]
        parts.append(f"## {title}\n\n{does}\n\n{table(_COLUMNS, rows)}")
    unowned = [name for name, cause in CAUSES.items() if cause.who not in _WHO]
    assert not unowned, f"nobody owns {unowned}"
    return page("Exceptions", _INTRODUCTION, _legend(), *parts)


_COLUMNS = ("What it says", "What mends it", "Where", "Class", "Goes again", "Cause")


def _row(name: str) -> tuple[str, ...]:
    cause, its = CAUSES[name], place(name, CAUSES[name].who)
    told = (_filled(cause.words), _filled(cause.remedy), _filled(its.where))
    return (*told, its.kind.value, _AGAIN[its.again][0], code(name))


def _legend() -> str:
    classes = table(("Class", "What has to change"), [(kind.value, says) for kind, says in _CLASSES.items()])
    again = table(("Goes again", "That is"), list(_AGAIN.values()))
    return f"{classes}\n\n{again}"


_SURE = {
    "H": "documented or recorded",
    "M": "seen by one project",
    "L": "not verified",
    "A": "the sandbox's own wording; what the system really says is not known",
}
_MESSAGES = """
What Intacct and Salesforce say when they refuse, as far as it is on record. A message is recognised by its code, by its
words, or by both; it becomes a cause of [the exceptions](exceptions.md). Words that nobody has recognised become the
cause `refused`: they are shown whole, nothing is sent again by itself, and no document is taken for made.
"""


def messages_page() -> str:
    """docs/messages.md: one section for every message on record."""
    parts = [f"## {title}" + "".join(map(_message, rows)) for title, rows in _by_system()]
    return page("Messages", _MESSAGES, *parts)


def _by_system() -> list[tuple[str, list[Message]]]:
    theirs = set(INTACCT)
    return [
        ("Intacct", list(INTACCT)),
        ("Salesforce", [message for message in MESSAGES if message not in theirs]),
    ]


def _message(message: Message) -> str:
    cause, its = CAUSES[message.cause], place(message.cause, CAUSES[message.cause].who)
    codes = ", ".join(map(code, message.codes)) or "any code"
    facts = (
        ("What it means", message.means),
        ("What to do", _filled(cause.remedy)),
        ("Where", _filled(its.where)),
        ("Who", _WHO[cause.who][0]),
        ("Goes again", f"{_AGAIN[its.again][0]}: {_AGAIN[its.again][1]}"),
        ("Cause", code(message.cause)),
        ("How sure", _SURE[message.sure]),
    )
    told = "\n".join(f"* {name}: {says}" for name, says in facts)
    return f"\n\n### {message.slug}\n\n> {message.said} ({codes})\n\n{told}"


def _filled(template: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda hole: _HOLES[hole.group(1)], template)
