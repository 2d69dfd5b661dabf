"""E-mail: one plain message over SMTP, under STARTTLS with a certificate that holds, to everybody at once."""

import json
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from sf_intacct.alerts.channel import NotTold
from sf_intacct.flow.alerts import as_text, headline

TIMEOUT_SECONDS = 20
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, repr=False)
class Server:
    """Where mail is handed in. Without a user nobody signs in."""

    host: str
    port: int
    user: str = ""
    password: str = ""


class Mail:
    """Satisfies `Channel`."""

    name = "email"

    def __init__(self, server: Server, sender: str, recipients: Sequence[str]) -> None:
        self._server, self._sender, self._recipients = server, sender, tuple(recipients)

    def send(self, number: int, body: str) -> None:
        message = self._message(number, body)
        try:
            with smtplib.SMTP(self._server.host, self._server.port, timeout=TIMEOUT_SECONDS) as smtp:
                self._enter(smtp)
                refused = smtp.send_message(message)
        except smtplib.SMTPResponseException as error:
            raise NotTold(f"{self._server.host} answered {error.smtp_code} ({type(error).__name__})") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotTold(f"{self._server.host}: {type(error).__name__}") from None
        if refused:
            raise NotTold(f"{self._server.host} refused {len(refused)} of {len(self._recipients)} recipients")

    def _enter(self, smtp: smtplib.SMTP) -> None:
        """Plain text goes to loopback only, and a password never in the clear."""
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        elif self._server.host not in _LOOPBACK or self._server.user:
            raise NotTold(f"{self._server.host} offers no STARTTLS, and nothing is sent in the clear")
        if self._server.user:
            smtp.login(self._server.user, self._server.password)

    def _message(self, number: int, body: str) -> EmailMessage:
        told = json.loads(body)
        message = EmailMessage()
        message["Subject"] = headline(told)
        message["From"] = self._sender
        message["To"] = ", ".join(self._recipients)
        # The same message sent twice is one message to a mail program.
        message["Message-ID"] = f"<{told['environment']}.{told['at']}.{number}@sf-intacct>".replace(" ", "_")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(as_text(told))
        return message
