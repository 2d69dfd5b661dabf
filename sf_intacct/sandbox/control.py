"""The control route, `/_sandbox/`: seed, clock, faults, request log, and acting as a person."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from sf_intacct.sandbox.system import Refusal, System
from sf_intacct.sandbox.world import RequestLog, World

BANNER = "sf_intacct sandbox: an imitation of Salesforce and Sage Intacct. No real company, no real money."
SEEDS = Path(__file__).parent / "seeds"


class Control:
    """Answers the control route for both systems of one world."""

    def __init__(self, world: World, systems: Mapping[str, System]) -> None:
        self.world, self.systems = world, systems

    def mount(self) -> Mount:
        return Mount(
            "/_sandbox",
            routes=[
                Route("/", self._overview),
                Route("/reset", self._reset, methods=["POST"]),
                Route("/clock", self._clock, methods=["GET", "POST"]),
                Route("/faults", self._faults, methods=["GET", "PUT", "DELETE"]),
                Route("/requests", self._requests, methods=["GET", "DELETE"]),
                Route("/act", self._act, methods=["GET", "POST"]),
                Route("/books", self._books),
                Route("/rows/{system}/{table}", self._rows),
            ],
        )

    def reset(self, seed: str | Path | None) -> dict[str, dict[str, int]]:
        """Empties both systems and loads a seed: a folder, or the name of one that ships here."""
        for system in self.systems.values():
            system.reset()
        self.world.faults.set([])
        self.world.requests = RequestLog()
        if seed is None:
            return {}
        folder = seed if isinstance(seed, Path) else _seed_folder(seed)
        with self.world.transaction():
            return {name: system.load(folder / name) for name, system in self.systems.items()}

    async def _overview(self, request: Request) -> Response:
        return JSONResponse(
            {
                "banner": BANNER,
                "clock": self.world.clock.now().isoformat(),
                "requests": dict(self.world.requests.by_system),
                "faults_fired": dict(self.world.requests.by_fault),
                "acts": {name: sorted(system.acts) for name, system in self.systems.items()},
            }
        )

    async def _reset(self, request: Request) -> Response:
        body = await _json(request)
        try:
            return JSONResponse({"loaded": self.reset(body.get("seed"))})
        except (OSError, ValueError, KeyError, Refusal) as error:
            return _refused(f"the seed {body.get('seed')!r} was not loaded: {error}")

    async def _clock(self, request: Request) -> Response:
        body = await _json(request) if request.method == "POST" else {}
        try:
            if "advance_seconds" in body:
                self.world.clock.advance(timedelta(seconds=float(body["advance_seconds"])))
            if "move_to" in body:
                self.world.clock.move_to(datetime.fromisoformat(body["move_to"]))
        except ValueError as error:
            return _refused(str(error))
        return JSONResponse({"now": self.world.clock.now().isoformat()})

    async def _faults(self, request: Request) -> Response:
        try:
            if request.method == "PUT":
                self.world.faults.set((await _json(request))["faults"])
            elif request.method == "DELETE":
                self.world.faults.set([])
        except (KeyError, TypeError, ValueError) as error:
            return _refused(f"these faults were not set: {error}")
        return JSONResponse({"faults": self.world.faults.report()})

    async def _requests(self, request: Request) -> Response:
        log = self.world.requests
        if request.method == "DELETE":
            self.world.requests = log = RequestLog()
        lines = log.since(int(request.query_params.get("since", "0")))
        return JSONResponse(
            {
                "total": log.total,
                "by_system": dict(log.by_system),
                "by_fault": dict(log.by_fault),
                "lines": lines,
            }
        )

    async def _act(self, request: Request) -> Response:
        """POST {"system": .., "do": .., ...arguments}: does what a person could do in that system."""
        if request.method == "GET":
            return JSONResponse(
                {
                    name: {act: (function.__doc__ or "").strip() for act, function in system.acts.items()}
                    for name, system in self.systems.items()
                }
            )
        body = await _json(request, parse_float=Decimal)  # money among the arguments stays exact
        system, do = self.systems.get(body.pop("system", "")), body.pop("do", "")
        if system is None or do not in system.acts:
            return _refused(f"nobody can {do!r} there; GET this address for what people can do")
        try:
            with self.world.transaction():
                return JSONResponse(system.acts[do](**body))
        except (Refusal, TypeError) as error:
            return _refused(f"{do}: {error}")

    async def _books(self, request: Request) -> Response:
        return JSONResponse({name: system.books() for name, system in self.systems.items()})

    async def _rows(self, request: Request) -> Response:
        try:
            return JSONResponse(
                {"rows": self.systems[request.path_params["system"]].rows(request.path_params["table"])}
            )
        except KeyError as error:
            return _refused(f"no such table: {error}", status=404)


def _seed_folder(name: str) -> Path:
    folder = Path(name) if "/" in name else SEEDS / name
    if not folder.is_dir():
        raise FileNotFoundError(f"no seed folder at {folder}")
    return folder


async def _json(request: Request, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    body = await request.body()
    loaded = json.loads(body, parse_float=parse_float) if body else {}
    return loaded if isinstance(loaded, dict) else {}


def _refused(message: str, status: int = 400) -> Response:
    return JSONResponse({"error": message}, status_code=status)
