"""One refusal on record, and how it is known again."""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Message:
    """A refusal that is recognised by its code, by its words, or by both.

    slug: its name in the documents. said: the words as they come. codes: the other side's codes; none means any.
    pattern: a regular expression over the words; its first group, if it has one, is what the message is about.
    sure: H documented or recorded, M from one live project, L not verified, A our assumption (the sandbox's words).
    """

    slug: str
    cause: str
    means: str
    said: str
    sure: str
    codes: tuple[str, ...] = ()
    pattern: str = ""

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE | re.DOTALL)

    def about(self, code: str, words: str) -> str | None:
        """What a refusal is about, if it is this one; all its words where the message names nothing in particular."""
        if self.codes and code not in self.codes:
            return None
        found = self._words.search(words)
        if found is None:
            return None
        return ((found.group(1) if found.groups() else "") or words or code).strip()


def coded(slug: str, cause: str, means: str, said: str, *codes: str, pattern: str = "") -> Message:
    """A message that is documented with its code."""
    return Message(slug, cause, means, said, "H", codes, pattern)
