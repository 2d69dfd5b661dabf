"""Facts about targets agree with what we read back of them."""

import pytest

from sf_intacct.flow.contracts import target_contract
from sf_intacct.intacct.objects import TARGETS
from sf_intacct.model.system import Kind


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_target_is_found_by_fields_that_are_read_back(name: str) -> None:
    contract, target = target_contract(f"intacct.{name}"), TARGETS[name]
    assert contract is not None
    if target.natural_key != target.mark:
        assert contract.by_source[target.natural_key].name == contract.label
    assert target.mark is None or target.mark in contract.by_source
    assert target.mark or target.total, "a name alone proves nothing"
    if target.total:
        assert contract.by_source[target.total].kind is Kind.MONEY
        assert contract.by_source[target.total].name == contract.amount


def test_money_never_moves_without_a_total_to_compare() -> None:
    """A target with an amount at stake is never found by its name alone."""
    for name, target in TARGETS.items():
        contract = target_contract(f"intacct.{name}")
        assert contract is not None
        assert (target.total is not None) == (contract.amount is not None)
