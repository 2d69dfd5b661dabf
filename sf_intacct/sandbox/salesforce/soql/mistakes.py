"""What is wrong with a query, and where: Salesforce quotes the line, points at it, and counts from 1."""

from sf_intacct.sandbox.salesforce.errors import SalesforceError

CONTEXT = 120  # how much of a long line is quoted on each side of the mistake

APPEND_C = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. "
APPEND_C_TO_ENTITY = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. "
APPEND_R = (
    "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom "
    "relationship name. "
)
REFERENCE = "Please reference your WSDL or the describe call for the appropriate names."


class QueryMistake(Exception):
    """A mistake at an offset of a query; becomes a SalesforceError once the text is at hand."""

    def __init__(self, code: str, detail: str, offset: int) -> None:
        super().__init__(detail)
        self.code, self.detail, self.offset = code, detail, offset

    def in_query(self, text: str) -> SalesforceError:
        """The refusal as Salesforce words it, with the place in `text`."""
        start = text.rfind("\n", 0, self.offset) + 1
        end = text.find("\n", self.offset)
        line = text[start : end if end >= 0 else len(text)]
        column = self.offset - start
        left = max(0, column - CONTEXT)
        quoted = line[left : column + CONTEXT]
        row = text.count("\n", 0, self.offset) + 1
        message = f"\n{quoted}\n{' ' * (column - left)}^\nERROR at Row:{row}:Column:{column + 1}\n{self.detail}"
        return SalesforceError(self.code, message)


def malformed(detail: str, offset: int) -> QueryMistake:
    return QueryMistake("MALFORMED_QUERY", detail, offset)


def unexpected(text: str, offset: int) -> QueryMistake:
    return malformed(f"unexpected token: {text!r}" if text else "unexpected end of query", offset)


def no_such_column(name: str, entity: str, offset: int) -> QueryMistake:
    detail = f"No such column '{name}' on entity '{entity}'. {APPEND_C}{REFERENCE}"
    return QueryMistake("INVALID_FIELD", detail, offset)


def no_such_object(name: str, offset: int) -> QueryMistake:
    detail = f"sObject type '{name}' is not supported. {APPEND_C_TO_ENTITY}{REFERENCE}"
    return QueryMistake("INVALID_TYPE", detail, offset)


def no_such_parent(name: str, offset: int) -> QueryMistake:
    detail = f"Didn't understand relationship '{name}' in field path. {APPEND_R}{REFERENCE}"
    return QueryMistake("INVALID_FIELD", detail, offset)


def no_such_children(name: str, offset: int) -> QueryMistake:
    detail = f"Didn't understand relationship '{name}' in FROM part of query call. {APPEND_R}{REFERENCE}"
    return QueryMistake("INVALID_TYPE", detail, offset)


def cannot(name: str, verb: str, offset: int) -> QueryMistake:
    """A field that its type keeps from being filtered, sorted or grouped."""
    return QueryMistake("INVALID_FIELD", f"field '{name}' can not be {verb} in a query call", offset)


def wrong_criterion(name: str, type_: str, offset: int, *, quotes: bool = False) -> QueryMistake:
    should = "should be" if quotes else "should not be"
    detail = f"value of filter criterion for field '{name}' must be of type {type_} and {should} enclosed in quotes"
    return QueryMistake("INVALID_FIELD", detail, offset)
