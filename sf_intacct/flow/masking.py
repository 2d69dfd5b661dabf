"""Masks: a text in which nobody can read who it is about, and which behaves as the text did.

Word by word and stable: the same word has the same mask everywhere, of the same length and kinds of characters, so
that joins, lengths, cases and concatenations come out as before. What is no text (money, days, flags) is kept.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.contracts import OBSERVED, REFERENCE, Contract
from sf_intacct.flow.contracts.contract import Column
from sf_intacct.flow.messages import MESSAGES
from sf_intacct.model.system import Kind

# Texts that are codes: ids, numbers of documents, choices from a list, currencies. Every other text is masked, so
# that a column somebody adds is masked until it is named here.
KEPT = frozenset(
    """
    account_id account_label account_number adjustment_key adjustment_number advance_key application_key base_currency
    bill_to_contact_id billing_country billing_currency billing_state billing_type category channel channel_key class
    class_id contact_id country created_from creation currency customer_id customer_type department department_id
    display_country display_state document_class document_id document_key document_number document_type entity_id
    entry_currency entry_id entry_key exchange_rate exchange_rate_type family from_currency gl_group industry
    intacct_credit_memo intacct_credit_state intacct_customer_id intacct_document_id intacct_document_state
    intacct_invoice_number intacct_invoice_state intacct_item_id intacct_project_id intacct_role intacct_sums_currency
    intacct_sync_status invoice_key invoice_number item_id item_type kind line_key line_number location_id
    mailing_country mailing_state memo_key method mirror_id module opportunity_id opportunity_item_id order_id
    order_item_id order_item_number order_number original_order_id overpayment_key owner_number parent_id parent_line
    payment_key payment_terms price_book_id price_key price_list primary_contact_id product_code product_id
    product_line project_id project_type quote_id quote_item_id quote_number rate rate_key record_number record_type
    reference_key region representative_id revenue_template salesforce_id salesforce_line_id ship_to_contact_id
    shipping_country shipping_state stage state status status_code stock_keeping_unit tax_code tax_detail_id
    tax_detail_key tax_group tax_solution terms territory territory_id to_currency type type_name unit unit_group
    unit_of_measure upc value_id value_type
    """.split()  # noqa: SIM905 - a hundred names are read as words
)
_WORD = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?|\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\d{2}/\d{2}/\d{4}|true|false|", re.IGNORECASE)
# The pieces of a sentence: an address or telephone number, what is named in quotes or brackets, any other word.
_PART = re.compile(
    r"(?P<address>[^\s'\"<>()]+@[^\s'\"<>()]+|https?://\S+|\+?\d[\d\s().-]{6,}\d)"
    r"|(?P<named>'[^']*'|\"[^\"]*\"|\([^()]*\))|(?P<word>[^\s'\"()]+)"
)
_PUNCTUATION = ".,;:!?"
# Shorter values, and shorter numbers, are found in too many sentences that are not about them.
_NAME_MIN = 4
# Texts that people or we ourselves write in whole sentences: their words are no names of anybody.
PROSE = frozenset(
    {"comments", "description", "extended_description", "intacct_sync_error", "memo", "message", "sales_description"}
)
# How fields are called is no secret, and findings name them.
FIELD_NAMES = frozenset(
    name
    for contract in OBSERVED.values()
    for source in contract.by_source
    for name in (source, f"{contract.object}.{source}", source.lower())
)
_ACCENTED = "ÀÅÉØÖÜÑÇ"
_DISTANT = "漢字仮名交文字列"


def is_kept(contract: Contract, column: Column) -> bool:
    """Whether the values of a column stay as they are: no text, a code, or the name of a reference value."""
    return column.kind is not Kind.TEXT or column.name in KEPT or contract.name in REFERENCE


class Mask:
    """The masks under one key. Who has not the key cannot try names until one fits."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def text(self, value: str) -> str:
        """Every word masked; what stands between the words stays."""
        return _WORD.sub(lambda found: self._word(found[0]), value)

    def _word(self, word: str) -> str:
        for attempt in range(64):
            stream = hmac.digest(self._key, f"{attempt}\0{word.casefold()}".encode(), hashlib.sha256)
            masked = "".join(_like(char, stream[place % len(stream)] + place) for place, char in enumerate(word))
            if masked.casefold() != word.casefold():
                return masked
        return "x" * len(word)


def _like(char: str, number: int) -> str:
    """Another character of the same kind: digit, capital, small, accented, of a distant script, beyond 16 bits."""
    if char.isascii():
        base, size = ("0", 10) if char.isdigit() else ("A" if char.isupper() else "a", 26)
        return chr(ord(base) + number % size)
    if ord(char) > 0xFFFF:
        return chr(0x20000 + number % 256)
    other = _ACCENTED[number % len(_ACCENTED)]
    if char.isupper() or char.islower():
        return other if char.isupper() else other.lower()
    return _DISTANT[number % len(_DISTANT)]


class Secrecy:
    """What of free texts may be read: values that are kept wherever they stand, and words that were masked elsewhere.

    A text of the other system's own, such as a refusal, names things in quotes or brackets, and people anywhere.
    """

    def __init__(self, mask: Mask, kept: Iterable[str], masked: Iterable[str]) -> None:
        self.mask = mask
        self.kept = frozenset(kept) | FIELD_NAMES
        values = set(masked)
        self._known = {word.casefold() for value in values for word in _WORD.findall(value)} - _COMMON
        # The longest first: a name may be part of another.
        self._values = sorted((value for value in values if len(value) >= _NAME_MIN), key=len, reverse=True)

    def leaf(self, value: str) -> str:
        """One value of a request: as it is, if it is a code, a number or a day; masked otherwise."""
        return value if self.keeps(value) else self.mask.text(value)

    def keeps(self, value: str) -> bool:
        return value in self.kept or bool(_PLAIN.fullmatch(value))

    def prose(self, text: str) -> str:
        """A sentence about the records: addresses, what is named in it, and every word that was masked elsewhere."""
        for value in self._values:
            before, found, after = text.partition(value)
            if found:
                return self.prose(before) + self.mask.text(value) + self.prose(after)
        return _PART.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        part = found[0]
        if found.lastgroup == "address":
            return self.leaf(part)
        if found.lastgroup == "named":
            return part[0] + self._named(part[1:-1]) + part[-1]
        return part if part.strip(_PUNCTUATION) in self.kept else _WORD.sub(self._word, part)

    def _named(self, inner: str) -> str:
        words = {word.casefold() for word in _WORD.findall(inner)}
        return inner if words <= _COMMON else self.leaf(inner)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        is_number = word.isdigit() and len(word) <= _NAME_MIN
        return self.mask.text(word) if word.casefold() in self._known and not is_number else word


def _common() -> frozenset[str]:
    """The words of our own sentences and of the refusals we know: without them no cause would be recognised."""
    own = " ".join(f"{cause.words} {cause.remedy}" for cause in CAUSES.values())
    theirs = " ".join(known.pattern for known in MESSAGES)
    return frozenset(
        word.casefold() for word in _WORD.findall(f"{own} {theirs} intacct salesforce null none true false")
    )


_COMMON = _common()
