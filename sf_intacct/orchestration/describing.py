"""Asking both systems what their objects are made of, as far as the mappings need it. Reads only."""

from sf_intacct.errors import SyncError
from sf_intacct.flow.described import definitions, unasked
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.model.described import DescribedObject, DescribedSystem
from sf_intacct.orchestration.house import House


def asked(house: House, mappings: Mappings, system: str) -> DescribedSystem | SyncError:
    """One system's description of every object that the mappings need, or the error that kept us from it."""
    read_at = house.now()
    try:
        return DescribedSystem(read_at, _objects(house, mappings, system))
    except SyncError as error:
        return error


def _objects(house: House, mappings: Mappings, system: str) -> dict[str, DescribedObject | None]:
    known: dict[str, DescribedObject | None] = {}
    kinds = definitions(mappings)
    while names := unasked(mappings, system, known):
        known |= {name: house.system(system).describe(name, kinds) for name in names}
    return known
