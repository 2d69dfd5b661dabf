"""Names and credentials a company starts with. None is a secret."""

SENDER_ID = "sandbox-sender"
SENDER_PASSWORD = "sandbox-sender-secret"  # noqa: S105 - published, guards nothing
COMPANY_ID = "SANDBOX"
USER_ID = "integration"
USER_PASSWORD = "integration-secret"  # noqa: S105 - published, guards nothing
BANK_ACCOUNT_ID = "OPERATING"

GATEWAY_PATH = "/ia/xml/xmlgw.phtml"
# Unit groups that every company has, with the unit that sales documents start with.
UNIT_GROUPS = (("Count", "Each"), ("Time", "Hour"), ("Weight", "Kilogram"), ("Duration", "Month"))
