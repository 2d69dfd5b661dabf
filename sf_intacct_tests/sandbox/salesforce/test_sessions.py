"""Sessions end with inactivity; the day's requests are counted."""

from sf_intacct_tests.sandbox.salesforce.org import Org

EXPIRED = {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}


def test_a_session_ends_after_two_idle_hours(org: Org) -> None:
    org.control.advance(2 * 3600)
    org.good("GET", "limits")
    org.control.advance(2 * 3600 + 1)
    assert org.bad("GET", "limits", 401) == EXPIRED
    org.log_in()
    org.good("GET", "limits")


def test_an_unknown_or_missing_token_is_an_expired_one(org: Org) -> None:
    assert org.bad("GET", "limits", 401, headers={"Authorization": "Bearer 00D!no"}) == EXPIRED
    assert org.bad("GET", "limits", 401, headers={"Authorization": ""}) == EXPIRED


def test_the_older_spelling_of_the_header_is_understood(org: Org) -> None:
    token = str(org.http.headers["Authorization"]).removeprefix("Bearer ")
    org.good("GET", "limits", headers={"Authorization": f"OAuth {token}"})


def test_every_answer_tells_what_is_used(org: Org) -> None:
    used = [org.send("GET", path).headers["Sforce-Limit-Info"] for path in ("limits", "sobjects/Nothing", "limits")]
    assert used == ["api-usage=1/100000", "api-usage=2/100000", "api-usage=3/100000"]


def test_a_spent_allocation_refuses_until_the_day_has_passed(org: Org) -> None:
    org.control.act("set_limit", name="requests_per_day", value=2)
    org.good("GET", "limits")
    org.control.advance(3600)
    org.good("GET", "limits")
    error = org.bad("GET", "limits", 403)
    assert error == {"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}
    org.control.advance(23 * 3600)
    org.log_in()
    org.good("GET", "limits")
