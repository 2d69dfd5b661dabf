"""Replies of the gateway as a test words them: proven successes, and everything just beside one."""

from sf_intacct.sandbox.intacct import defaults

COMPANY = defaults.COMPANY_ID


def result(identity: str, status: str = "success", inside: str = "<key>7</key>") -> str:
    """The result of one function; an empty status leaves the element out."""
    told = f"<status>{status}</status>" if status else ""
    return f"<result>{told}<function>create_invoice</function><controlid>{identity}</controlid>{inside}</result>"


def error(code: str, text: str = "no") -> str:
    return f"<errormessage><error><errorno>{code}</errorno><description2>{text}</description2></error></errormessage>"


def reply(*results: str, control: str = "success", authentication: str = "success", company: str = COMPANY) -> bytes:
    """A whole reply."""
    block = f"<status>{authentication}</status><userid>integration</userid><companyid>{company}</companyid>"
    operation = f"<operation><authentication>{block}</authentication>{''.join(results)}</operation>"
    return f"<response><control><status>{control}</status></control>{operation}</response>".encode()


def session(endpoint: str, company: str = COMPANY) -> bytes:
    """The reply to a login: a session, and the address at which it counts."""
    api = f"<data><api><sessionid>s-1</sessionid><endpoint>{endpoint}</endpoint></api></data>"
    return reply(result("session", inside=api), company=company)


CONTROL_FAILURE = f"<response><control><status>failure</status></control>{error('XL03000003')}</response>".encode()
AUTHENTICATION_FAILURE = (
    "<response><control><status>success</status></control><operation><authentication><status>failure</status>"
    f"<userid>integration</userid><companyid>{COMPANY}</companyid></authentication>"
    f"{error('XL03000006', 'Sign-in information is incorrect')}</operation></response>"
).encode()
THROTTLED = (
    b"<response><control><status>failure</status></control><errormessage><error><errorno>GW-0010</errorno>"
    b"<description>Too many requests. API rate limit exceeded.</description></error></errormessage></response>"
)
