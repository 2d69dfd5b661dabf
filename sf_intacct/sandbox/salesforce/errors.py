"""What Salesforce refuses, in its own codes and words; nothing here knows of HTTP."""


class SalesforceError(Exception):
    """A refusal with its code. `fields` of None leaves the key out, as request-level errors do."""

    def __init__(self, code: str, message: str, fields: tuple[str, ...] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.fields = code, message, fields


class RecordError(SalesforceError):
    """A refusal of one record; always names the fields, if only with an empty list."""

    def __init__(self, code: str, message: str, *fields: str) -> None:
        super().__init__(code, message, fields)


class NotFound(SalesforceError):
    """The address leads nowhere."""

    def __init__(self, message: str = "The requested resource does not exist") -> None:
        super().__init__("NOT_FOUND", message)


class SeveralFound(SalesforceError):
    """An external id that several records carry. `ids` are theirs, `object_name` is their object."""

    def __init__(self, object_name: str, field_name: str, value: str, ids: list[str]) -> None:
        message = f"{field_name}: more than one record found for external id field: {value}"
        super().__init__("DUPLICATE_EXTERNAL_ID", message, ())
        self.object_name, self.ids = object_name, ids
