"""A bundle played again: sandboxes seeded from it, its crossing walked in a temporary home, and what came of it."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sf_intacct.cli.processes import sandbox_settings
from sf_intacct.cli.replay.seeding import at_first, write_seed
from sf_intacct.cli.sandbox import call
from sf_intacct.errors import FixNeeded
from sf_intacct.flow.bundle import Bundle, request_differs
from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.server import Addresses, Sandboxes, serving
from sf_intacct.sandbox.system import Refusal

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House
    from sf_intacct.orchestration.replaying import Ending

BY_PLAN, BY_RULE, BY_RECORD = "the plan", "a rule of the sandbox", "the recorded answer"
_MAPPINGS, _HOME, _SEED = "mappings", "home", "seed"


@dataclass(frozen=True)
class Replayed:
    """What a replay came to. by: what stopped the record this time; empty: nothing did."""

    exception: str
    record: str
    crossing: str
    expected: str
    cause: str
    by: str
    is_reproduced: bool
    same_subject: bool
    request_differs: str
    left_out: tuple[str, ...]


def replay(bundle: Bundle) -> Replayed:
    """Plays a bundle again. Writes nothing but a temporary folder, and calls nothing but sandboxes on loopback."""
    with tempfile.TemporaryDirectory(prefix="sf_intacct_replay_") as folder, _world(bundle, Path(folder)) as world:
        found = world.walked()
        if found.cause != bundle.case.cause and (answer := _refusal(bundle)):
            world.refuse(answer)
            found = world.walked()
        return _judged(bundle, found, world)


def _judged(bundle: Bundle, found: "Ending", world: "_World") -> Replayed:
    same = found.cause == bundle.case.cause
    by = (
        ""
        if not found.cause
        else BY_RECORD
        if world.was_told and found.was_refused
        else BY_RULE
        if found.was_refused
        else BY_PLAN
    )
    differs = request_differs(bundle.request, found.request) if bundle.request and found.request else ""
    return Replayed(
        exception=bundle.case.exception,
        record=bundle.case.source_id,
        crossing=bundle.case.crossing,
        expected=bundle.case.cause,
        cause=found.cause,
        by=by,
        # An answer that we gave ourselves proves something only if it was given to the same request.
        is_reproduced=same and not (world.was_told and differs),
        same_subject=found.subject == bundle.case.subject,
        request_differs=differs,
        left_out=(*bundle.left_out, *world.left_out),
    )


def _refusal(bundle: Bundle) -> dict[str, str] | None:
    """Code and words of the recorded refusal, if the other system had said no."""
    return next((one for one in reversed(bundle.answers) if one["result"] == "refused"), None)


class _World:
    """Both sandboxes with the bundle's rows, and a house of its own that is walked in them."""

    def __init__(self, bundle: Bundle, folder: Path, left_out: list[str]) -> None:
        self.bundle, self.folder, self.left_out = bundle, folder, left_out
        self.was_told = False
        self._addresses: Addresses | None = None
        self._house: House | None = None

    def open(self, addresses: Addresses) -> None:
        from sf_intacct.orchestration.house import House
        from sf_intacct.settings import from_environment

        began, started = _instant(self.bundle.made_at), time.monotonic()
        settings = sandbox_settings(self.folder / _HOME, addresses.salesforce, addresses.intacct_gateway)
        settings |= {"SF_INTACCT_MAPPINGS": str(self.folder / _MAPPINGS)}
        settings |= {"SF_INTACCT_OVERRIDES": ",".join(self.bundle.overrides)}
        now = lambda: began + timedelta(seconds=time.monotonic() - started)  # noqa: E731 - one clock for both
        self._addresses = addresses
        self._house = House(from_environment(settings), now=now, run=f"replay {self.bundle.case.exception}")

    def close(self) -> None:
        if self._house is not None:
            self._house.close()

    def walked(self) -> "Ending":
        from sf_intacct.orchestration import replaying

        assert self._house is not None
        case = self.bundle.case
        if not self.was_told:
            self._deleted(at_first=not self.bundle.earlier)
        replaying.settle(self._house, case.crossing)
        if self.bundle.earlier and not self.was_told:
            self._amended()
            replaying.settle(self._house, case.crossing)
        return replaying.ending(self._house, case.crossing, case.source_id, case.cause)

    def refuse(self, answer: dict[str, str]) -> None:
        """Starts anew, with sandboxes that give the recorded answer to the function that makes the record."""
        assert self._addresses is not None
        self.close()
        shutil.rmtree(self.folder / _HOME)
        _described(self.bundle, self.folder / _HOME)
        self._control("POST", "reset", {"seed": str(self.folder / _SEED)})
        rule = {"code": answer["code"], "message": answer["message"]}
        fault = {"kind": "refuse", "system": "intacct", "operation": _operation(self.bundle), "times": None}
        self._control("PUT", "faults", {"faults": [{**fault, "settings": rule}]})
        self.open(self._addresses)
        self._deleted(at_first=True)
        self.was_told = True

    def _control(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        assert self._addresses is not None
        return call(self._addresses.salesforce, method, path, body)

    def _deleted(self, *, at_first: bool) -> None:
        for name, ids in self.bundle.deleted.items() if at_first else ():
            for record in ids:
                self._tried("delete", object=name, id=record)

    def _amended(self) -> None:
        """What people did to the record after it was sent: the rows are edited from what they were to what they are."""
        orders = self.bundle.salesforce.get("Order", [])
        for order in orders:
            self._tried("deactivate_order", order=order["Id"])
        for name, rows in self.bundle.salesforce.items():
            before = {row["Id"]: row for row in at_first(self.bundle).get(name, [])}
            for row in rows:
                self._edited(name, before.get(row["Id"], {}), row)
        for order in orders:
            if order.get("Status"):
                self._tried("edit", object="Order", id=order["Id"], fields={"Status": order["Status"]})
        self._deleted(at_first=True)

    def _edited(self, name: str, before: dict[str, str | None], now: dict[str, str | None]) -> None:
        from sf_intacct.cli.replay.seeding import seedable
        from sf_intacct.sandbox.salesforce.schema import company_schema

        kind = company_schema().find(name)
        changed = {field: value for field, value in now.items() if before.get(field) != value and field != "Status"}
        fields = {f: v for f, v in changed.items() if kind and (known := seedable(kind, f)) and known.updateable}
        if fields:
            self._tried("edit", object=name, id=now["Id"], fields=fields)

    def _tried(self, do: str, **arguments: Any) -> None:
        try:
            self._control("POST", "act", {"system": "salesforce", "do": do, **arguments})
        except FixNeeded as error:
            self.left_out.append(f"nobody could {do} {arguments.get('id') or arguments.get('order')}: {error.seen}")


@contextmanager
def _world(bundle: Bundle, folder: Path) -> Iterator[_World]:
    _mappings(bundle, folder / _MAPPINGS)
    left_out = write_seed(bundle, folder / _SEED)
    _described(bundle, folder / _HOME)
    try:
        sandboxes = Sandboxes(seed=folder / _SEED, clock=Clock(_instant(bundle.made_at)))
    except (ValueError, KeyError, OSError, Refusal) as error:
        remedy = "the sandboxes do not know such a company; see docs/sandbox-limits.md"
        raise FixNeeded(
            "seeding the sandboxes", record=bundle.case.exception, seen=str(error), remedy=remedy
        ) from error
    with serving(sandboxes) as addresses:
        made = _World(bundle, folder, left_out)
        made.open(addresses)
        try:
            yield made
        finally:
            made.close()


def _mappings(bundle: Bundle, folder: Path) -> None:
    for name, text in bundle.mappings.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _described(bundle: Bundle, home: Path) -> None:
    from sf_intacct.store.described_file import NAME

    home.mkdir(parents=True, mode=0o700)
    if bundle.described:
        (home / NAME).write_text(bundle.described, encoding="utf-8")


def _operation(bundle: Bundle) -> str:
    """The function that makes the record, as faults name it: create_invoice, or create CUSTOMER."""
    verb, _, rest = (bundle.request[0].path if bundle.request else "create_*").partition("/")
    return f"{verb} {rest.partition('/')[0]}" if verb in ("create", "update") else verb


def _instant(text: str) -> datetime:
    made = datetime.fromisoformat(text)
    return made if made.tzinfo else made.replace(tzinfo=UTC)
