"""mappings check --live: what the two systems say of themselves, asked now, or remembered from the last time."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sf_intacct.cli.output import CONSOLE
from sf_intacct.errors import MappingError, SyncError
from sf_intacct.settings import Layout

if TYPE_CHECKING:
    from sf_intacct.flow.mapping_text import Mappings
    from sf_intacct.model.described import Described
    from sf_intacct.orchestration.house import House

SYSTEMS = ("salesforce", "intacct")
_SAID = {
    "now": "as it describes itself now",
    "before": "as it described itself at {read_at}",
    "shipped": "by the tables that ship with sf-intacct",
}


@dataclass(frozen=True)
class Against:
    """What one system's side was checked against. described: now, before or shipped; error: why not now."""

    system: str
    described: str
    read_at: str = ""
    error: SyncError | None = None

    @property
    def told(self) -> dict[str, Any]:
        why = str(self.error) if self.error else ""
        return {"system": self.system, "described": self.described, "read_at": self.read_at, "why": why}

    @property
    def said(self) -> str:
        from sf_intacct.flow.described import TITLES

        title, how = TITLES[self.system], _SAID[self.described].format(read_at=self.read_at)
        said = f"{title} was checked {how}"
        return f"{title} could not be asked ({self.error}). {said} only." if self.error else f"{said}."


def shipped() -> list[Against]:
    """What a check is made against that asks nobody."""
    return [Against(system, "shipped") for system in SYSTEMS]


def live_problems(mappings: "Mappings", layout: Layout) -> tuple[list[MappingError], list[Against]]:
    """Asks both systems, keeps what they say for the plan, and judges the mappings by it. What cannot be asked counts
    as it was kept the last time."""
    from sf_intacct.cli.session import house
    from sf_intacct.flow.described_check import described_problems
    from sf_intacct.store.described_file import read_described

    before = read_described(layout.home)
    try:
        with house() as opened:
            described, against = _asked(opened, mappings, before)
    except SyncError as error:
        described, against = before, [_remembered(system, before, error) for system in SYSTEMS]
    return described_problems(mappings, described), against


def _asked(opened: "House", mappings: "Mappings", before: "Described") -> tuple["Described", list[Against]]:
    from sf_intacct.model.described import Described
    from sf_intacct.orchestration.describing import asked
    from sf_intacct.store.described_file import write_described

    answers = {system: asked(opened, mappings, system) for system in SYSTEMS}
    new = {system: answer for system, answer in answers.items() if not isinstance(answer, SyncError)}
    described = Described({**before.systems, **new})
    if new:
        write_described(opened.settings.home, described)
    against = [
        _remembered(system, before, answer)
        if isinstance(answer, SyncError)
        else Against(system, "now", f"{answer.read_at:%Y-%m-%d %H:%M} UTC")
        for system, answer in answers.items()
    ]
    return described, against


def _remembered(system: str, before: "Described", error: SyncError) -> Against:
    if system not in before.systems:
        return Against(system, "shipped", error=error)
    return Against(system, "before", f"{before.systems[system].read_at:%Y-%m-%d %H:%M} UTC", error)


def show(against: list[Against]) -> None:
    for one in against:
        CONSOLE.print(one.said, style="yellow" if one.error else None, markup=False, soft_wrap=True)
