"""docs/exceptions.md: every cause, under the people who can mend it, without a hole in its words."""

import re

import pytest

from sf_intacct.cli.exceptions import exceptions
from sf_intacct.cli.reference.exceptions import exceptions_page, messages_page
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.messages import MESSAGES

PAGE = exceptions_page()
MESSAGE_PAGE = messages_page()
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=\n## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_is_listed_once_under_who_can_mend_it(cause: str) -> None:
    assert [section.lower() for section, text in SECTIONS.items() if f"| `{cause}` |" in text] == [CAUSES[cause].who]


def test_no_words_are_left_with_a_hole_in_them() -> None:
    assert not re.search(r"[{}]", PAGE)
    assert "*the record or value* has no counterpart in Intacct. | Add it to *the file or field*, or" in PAGE


def test_the_ways_out_are_the_commands_that_there_are() -> None:
    assert set(exceptions.commands) - {"show"} == set(re.findall(r"`sf-intacct exceptions (\w+)", PAGE))


def test_every_message_on_record_has_a_section_that_says_what_it_means_and_what_to_do_where_and_who() -> None:
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^#|\Z)", MESSAGE_PAGE, re.MULTILINE | re.DOTALL))
    assert list(sections) == [message.slug for message in sorted(MESSAGES, key=lambda m: list(sections).index(m.slug))]
    assert len(sections) == len(MESSAGES)
    for message in MESSAGES:
        told = sections[message.slug]
        assert message.said in told
        names = re.findall(r"^\* ([^:]+): \S", told, re.MULTILINE)
        assert names == ["What it means", "What to do", "Where", "Who", "Goes again", "Cause", "How sure"]
