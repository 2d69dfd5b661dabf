"""getUpdated and getDeleted."""

from sf_intacct_tests.sandbox.salesforce.org import Org

HOUR = {"start": "2026-03-17T09:00:00Z", "end": "2026-03-17T10:00:00+00:00"}


def test_changed_and_deleted_records_are_told_apart(org: Org) -> None:
    kept, gone = org.create("Account", Name="kept"), org.create("Account", Name="gone")
    org.control.advance(30)
    org.good("DELETE", f"sobjects/Account/{gone}", 204)
    org.control.advance(120)
    updated = org.good("GET", "sobjects/Account/updated/", params=HOUR)
    assert updated == {"ids": [kept], "latestDateCovered": "2026-03-17T09:32:00.000+0000"}
    deleted = org.good("GET", "sobjects/Account/deleted/", params=HOUR)
    assert deleted["deletedRecords"] == [{"id": gone, "deletedDate": "2026-03-17T09:30:45.000+0000"}]
    assert deleted["earliestDateAvailable"] == "2026-03-17T09:30:00.000+0000"


def test_instants_are_cut_to_the_minute(org: Org) -> None:
    org.create("Account", Name="at 09:30:15")
    org.control.advance(300)
    span = {"start": "2026-03-17T09:28:59Z", "end": "2026-03-17T09:30:59Z"}
    assert org.good("GET", "sobjects/Account/updated", params=span)["ids"] == []
    span = {"start": "2026-03-17T09:30:59Z", "end": "2026-03-17T09:32:59Z"}
    assert len(org.good("GET", "sobjects/Account/updated", params=span)["ids"]) == 1


def test_an_undeleted_record_counts_as_updated(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.good("DELETE", f"sobjects/Account/{account}", 204)
    org.control.act("undelete", object="Account", id=account)
    org.control.advance(60)
    assert org.good("GET", "sobjects/Account/updated", params=HOUR)["ids"] == [account]
    assert org.good("GET", "sobjects/Account/deleted", params=HOUR)["deletedRecords"] == []


def test_a_span_must_be_sound_and_recent(org: Org) -> None:
    for resource, start in (("updated", "2026-02-14"), ("deleted", "2026-03-01"), ("updated", "2026-03-17T09:59:30")):
        start = start if "T" in start else f"{start}T00:00:00"
        error = org.bad("GET", f"sobjects/Account/{resource}", params={"start": f"{start}Z", "end": HOUR["end"]})
        assert error["errorCode"] == "INVALID_REPLICATION_DATE"
    assert (
        org.bad("GET", "sobjects/Account/updated", params={"start": "soon"})["errorCode"] == "INVALID_REPLICATION_DATE"
    )
