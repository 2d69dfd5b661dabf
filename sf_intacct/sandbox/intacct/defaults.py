"""Names and credentials a company starts with. None is a secret."""

SENDER_ID = "sandbox-sender"
SENDER_PASSWORD = "sandbox-sender-secret"  # noqa: S105 - published, guards nothing
COMPANY_ID = "SANDBOX"
USER_ID = "integration"
USER_PASSWORD = "integration-secret"  # noqa: S105 - published, guards nothing
BANK_ACCOUNT_ID = "OPERATING"

GATEWAY_PATH = "/ia/xml/xmlgw.phtml"
