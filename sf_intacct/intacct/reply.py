"""What a reply says, taken apart by the gateway's own layers: control, authentication, results.

Shapes: failures of control carry no operation; failures of authentication carry no result; every
other failure stands in the result of its own function.
"""

import re
from dataclasses import dataclass

from sf_intacct.intacct.xml import Element, fragment, parse, text_of

SUCCESS, FAILURE, ABORTED = "success", "failure", "aborted"
_SUPPORT_ID = re.compile(r"\s*\[Support ID:[^\]]*\]\s*")


@dataclass(frozen=True)
class Complaint:
    """One error as the gateway words it, its support id taken off."""

    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}" if self.code else self.text


@dataclass(frozen=True)
class FunctionResult:
    """The result of one function. status is empty when the gateway sent none: that is not a success."""

    identity: str
    status: str
    key: str
    data: Element | None
    complaints: tuple[Complaint, ...]
    text: str = ""  # of a result that is no success: all of it, as it came

    @property
    def succeeded(self) -> bool:
        return self.status == SUCCESS

    @property
    def created(self) -> int:
        """How many records the data block claims; a failed create may have made some."""
        count = self.data.get("count") if self.data is not None else None
        return int(count) if count and count.isdigit() else 0


@dataclass(frozen=True)
class Reply:
    """A well-formed reply. Empty statuses were not sent."""

    control_status: str
    authentication_status: str
    company_id: str
    results: tuple[FunctionResult, ...]
    complaints: tuple[Complaint, ...]

    @property
    def control_failed(self) -> bool:
        """Refused before any function was looked at. A status that is not there proves nothing of the kind."""
        return self.control_status == FAILURE and not self.results

    @property
    def authentication_failed(self) -> bool:
        """Not let in, so that no function was looked at; again only if it says so."""
        return self.authentication_status == FAILURE and not self.results

    @property
    def let_in(self) -> bool:
        return self.control_status == SUCCESS and self.authentication_status == SUCCESS


# Characters of an answer that are kept: many times what any refusal on record has.
ANSWER_MAX = 64_000


def read_reply(body: bytes) -> Reply:
    """The reply in `body`. Raises NotXml for what is no XML, ValueError for XML that is no reply."""
    root = parse(body)
    if root.tag != "response":
        raise ValueError(f"a <{root.tag}> is no reply of the gateway")
    operation = root.find("operation")
    return Reply(
        control_status=text_of(root, "control/status"),
        authentication_status=text_of(root, "operation/authentication/status"),
        company_id=text_of(root, "operation/authentication/companyid"),
        results=tuple(_result(result) for result in root.iterfind("operation/result")),
        complaints=(*complaints(root), *(complaints(operation) if operation is not None else ())),
    )


def _result(result: Element) -> FunctionResult:
    data, status = result.find("data"), text_of(result, "status")
    return FunctionResult(
        identity=text_of(result, "controlid"),
        status=status,
        key=text_of(result, "key"),
        data=data,
        complaints=complaints(result),
        text="" if status == SUCCESS else fragment(result)[:ANSWER_MAX],
    )


def complaints(parent: Element) -> tuple[Complaint, ...]:
    """The errors directly below `parent`: the first names the cause, later ones are wrappers."""
    return tuple(_complaint(error) for error in parent.iterfind("errormessage/error"))


def _complaint(error: Element) -> Complaint:
    words = [text_of(error, part) for part in ("description2", "description", "correction")]
    text = next((word for word in words if word), "")
    code = text_of(error, "errorno")
    return Complaint(code=code, text=_SUPPORT_ID.sub(" ", text).strip())


def told(found: tuple[Complaint, ...]) -> tuple[str, str]:
    """Code and words of a failure: the first complaint that is more than a wrapper."""
    specific = [c for c in found if not _is_wrapper(c)] or list(found)
    if not specific:
        return "", "the gateway gave no reason"
    return specific[0].code, specific[0].text or specific[0].code


def _is_wrapper(complaint: Complaint) -> bool:
    return complaint.code == "XL03000009" or bool(re.match(r"Could not create \S+ record", complaint.text))
