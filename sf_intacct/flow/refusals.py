"""Refusals of Intacct and Salesforce as causes of the catalogue: each is a message of flow/messages.

What nobody has recognised yet keeps the words it came with, whole.
"""

import re

from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.causes import Again, Class
from sf_intacct.flow.messages import INTACCT, SALESFORCE, Message
from sf_intacct.flow.places import place

# The cause of words that nobody has recognised.
UNKNOWN = "refused"
# How Salesforce spells its codes. Its words are people's own, so that none of Intacct's may be seen in them.
_SALESFORCE = re.compile(r"[A-Z]+(_[A-Z]+)+")


def recognised(code: str, message: str) -> tuple[str, str]:
    """Cause and subject of a refusal, from the other side's code and words."""
    if code in CAUSES:
        return code, message
    heard = message_of(code, message)
    if heard is None:
        return UNKNOWN, message or code
    cause, subject = heard[0].cause, heard[1]
    return cause, _month(subject) if cause == "period_closed" else subject


def _month(day: str) -> str:
    """The month of a day as Intacct spells it, which is how the plan calls a period; other texts as they are."""
    found = re.fullmatch(r"(\d{2})/\d{2}/(\d{4})", day)
    return f"{found[2]}-{found[1]}" if found else day


def passes(code: str, message: str) -> bool:
    """Whether a refusal is one of those that pass by themselves: load, locks, maintenance."""
    its = place(recognised(code, message)[0], "")
    return its.kind is Class.TRANSIENT and its.again is Again.ITSELF


def message_of(code: str, message: str) -> tuple[Message, str] | None:
    """The message on record that a refusal is, and what it is about; None for one that nobody has seen yet."""
    for known in SALESFORCE if _SALESFORCE.fullmatch(code) else (*SALESFORCE, *INTACCT):
        about = known.about(code, message)
        if about is not None:
            return known, about
    return None
