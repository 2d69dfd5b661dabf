"""The law of the merge, stated over every combination of last agreed value, both present values, owner and mode."""

from itertools import product
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.match import NOW
from sf_intacct.flow.merge import AGREED, MERGED, WAS, Verdict, agreements, merged, recalled

VALUES = (None, "a", "b", "c")
NEVER = ("never agreed",)  # stands for no last agreed value
AGREED_VALUES: tuple[Any, ...] = (NEVER, *VALUES)
OWNERS = (None, "salesforce", "intacct", "nobody")
MODES = ("always", "create_only", "sync_once")
SEEN, BLIND = pl.lit(False), pl.lit(True)


def _mapping(owner: str | None, mode: str, to_salesforce: bool, when_changed: str = "update") -> Mapping:
    key, name = ("Id", "Name") if to_salesforce else ("CUSTOMERID", "NAME")
    rule = {"value": "name", "mode": mode} | ({"owner": owner} if owner else {})
    return Mapping.model_validate(
        {
            "crossing": "a_to_b",
            "says": "One becomes another.",
            "from": "intacct_customers" if to_salesforce else "salesforce_accounts",
            "to": "salesforce.Account" if to_salesforce else "intacct.CUSTOMER",
            "identity": key,
            "when_changed": when_changed,
            "fields": {key: {"value": "k", "mode": "create_only"}, name: rule},
        }
    )


def _rows(mapping: Mapping, agreed: Any, ours: str | None, theirs: str | None) -> pl.DataFrame:
    key, name = mapping.fields
    text = pl.String()
    values = {"source_id": "1", "target_id": "7", "target_version": "v", key: "k", name: ours, f"{NOW}{name}": theirs}
    rows = pl.DataFrame([values], schema=dict.fromkeys(values, text))
    was = [None] if agreed is NEVER else [[agreed]]
    return rows.with_columns(pl.Series(f"{WAS}{name}", was, dtype=pl.List(pl.String)))


def _verdict(mapping: Mapping, agreed: Any, ours: str | None, theirs: str | None, blind: pl.Expr = SEEN) -> Verdict:
    found = merged(mapping, _rows(mapping, agreed, ours, theirs), blind)
    assert found.schema == MERGED
    return Verdict(found["verdict"][0]) if found.height else Verdict.SAME


ALL = list(product(AGREED_VALUES, VALUES, VALUES))


@pytest.mark.parametrize("to_salesforce", [False, True])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.answers("B9", "K1")
def test_the_law_of_the_merge(owner: str | None, mode: str, to_salesforce: bool) -> None:
    """Stated twice over: the table below says it in other words than the code."""
    mapping = _mapping(owner, mode, to_salesforce)
    source, target = ("intacct", "salesforce") if to_salesforce else ("salesforce", "intacct")
    owner = owner or source
    for agreed, ours, theirs in ALL:
        verdict, case = _verdict(mapping, agreed, ours, theirs), (agreed, ours, theirs)
        is_first_sight = agreed is NEVER
        theirs_is_untouched = theirs is None if is_first_sight else theirs == agreed
        ours_is_untouched = ours is None if is_first_sight else ours == agreed
        if ours == theirs or mode == "create_only":
            assert verdict is Verdict.SAME, case
        elif mode == "sync_once":
            fills = theirs is None and agreed in (None, NEVER) and owner != target
            assert verdict is (Verdict.WRITE if fills else Verdict.LEAVE), case
        elif owner == source:
            assert verdict is (Verdict.WRITE if theirs_is_untouched else Verdict.OVERRULE), case
        elif owner == target:
            assert verdict is (Verdict.LEAVE if ours_is_untouched else Verdict.YIELD), case
        elif theirs_is_untouched:
            assert verdict is Verdict.WRITE, case
        elif ours_is_untouched:
            assert verdict is Verdict.LEAVE, case
        else:
            assert verdict is Verdict.CONFLICT, case


@pytest.mark.parametrize("mode", ["always", "sync_once"])
@pytest.mark.parametrize("owner", OWNERS)
def test_a_value_that_somebody_typed_on_the_other_side_is_never_written_over_unseen(
    owner: str | None, mode: str
) -> None:
    for agreed, ours, theirs in ALL:
        verdict = _verdict(_mapping(owner, mode, False), agreed, ours, theirs)
        typed = theirs is not None if agreed is NEVER else theirs != agreed
        assert not (typed and verdict is Verdict.WRITE), (agreed, ours, theirs)


def test_both_directions_of_one_field_that_nobody_owns_agree_on_who_is_right() -> None:
    """What one crossing writes, the other one leaves; where one sees a conflict, so does the other."""
    counterpart = {
        Verdict.SAME: Verdict.SAME,
        Verdict.WRITE: Verdict.LEAVE,
        Verdict.LEAVE: Verdict.WRITE,
        Verdict.CONFLICT: Verdict.CONFLICT,
    }
    there, back = _mapping("nobody", "always", False), _mapping("nobody", "always", True)
    for agreed, ours, theirs in ALL:
        assert _verdict(back, agreed, theirs, ours) is counterpart[_verdict(there, agreed, ours, theirs)]


def test_what_we_wrote_and_have_not_read_back_is_not_somebody_elses_change() -> None:
    """The warehouse still shows the old value; the journal knows that ours was accepted."""
    mapping = _mapping("nobody", "always", False)
    assert _verdict(mapping, "written", "newer", "old") is Verdict.CONFLICT
    assert _verdict(mapping, "written", "newer", "old", BLIND) is Verdict.WRITE


def test_a_link_that_was_left_out_has_no_opinion() -> None:
    mapping = _mapping("nobody", "always", False)
    rule = {"link": "x", "of": "y", "otherwise": "omit", "owner": "salesforce"}
    mapping = Mapping.model_validate(
        {
            **mapping.model_dump(by_alias=True, exclude_none=True),
            "fields": {"CUSTOMERID": {"value": "k", "mode": "create_only"}, "NAME": rule},
        }
    )
    assert _verdict(mapping, "a", None, "a") is Verdict.LEAVE
    assert _verdict(mapping, "a", None, "b") is Verdict.LEAVE
    assert _verdict(mapping, "a", "c", "b") is Verdict.OVERRULE


def test_a_document_whose_differences_are_for_people_is_not_merged() -> None:
    mapping = _mapping("nobody", "always", False, when_changed="hold")
    rows = _rows(mapping, "a", "b", "c")
    assert merged(mapping, rows, SEEN).is_empty()
    assert agreements(mapping, _rows(mapping, "a", "b", "b"), SEEN).is_empty()


@pytest.mark.parametrize(
    ("agreed", "ours", "theirs", "says"),
    [
        (NEVER, "a", "a", '{"NAME":["a"]}'),
        (NEVER, None, None, '{"NAME":[null]}'),
        ("b", "a", "a", '{"NAME":["a"]}'),
        ("a", "a", "a", None),
        (None, None, None, None),
        ("a", "b", "c", None),
    ],
)
def test_what_both_sides_are_seen_to_say_is_agreed(agreed: Any, ours: str, theirs: str, says: str | None) -> None:
    mapping = _mapping(None, "always", False)
    news = agreements(mapping, _rows(mapping, agreed, ours, theirs), SEEN)
    assert news.schema == AGREED
    assert news["says"].to_list() == ([says] if says else [])


def test_nothing_is_agreed_on_sight_of_a_target_that_was_written_to_and_not_read_since() -> None:
    mapping = _mapping(None, "always", False)
    assert agreements(mapping, _rows(mapping, "old", "new", "new"), BLIND).is_empty()


def test_what_the_journal_keeps_is_recalled_field_by_field() -> None:
    """Nothing agreed, an empty value agreed, and a value are three things; fields of an older mapping are forgotten."""
    mapping = _mapping(None, "always", False)
    rows = pl.DataFrame({"source_id": ["1", "2", "3", "4"]})
    agreed = pl.DataFrame(
        {"source_id": ["1", "2", "3"], "says": ['{"NAME":["a"],"GONE":["x"]}', '{"NAME":[null]}', "{}"]}
    )
    told = recalled(mapping, rows, agreed)
    assert told[f"{WAS}NAME"].to_list() == [["a"], [None], None, None]
    assert told.columns == ["source_id", f"{WAS}NAME"]
