"""HTTP in, HTTP out: routes, sessions, allocation, compression, and the words for what the wire invents."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sf_intacct.sandbox.faults import Fault
from sf_intacct.sandbox.salesforce import credentials
from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.rest import oauth, soap
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange, Strike, parse_search, split_path
from sf_intacct.sandbox.salesforce.rest.replies import answer_value, empty, packed, refused
from sf_intacct.sandbox.salesforce.rest.resources import versions
from sf_intacct.sandbox.salesforce.rest.table import router
from sf_intacct.sandbox.salesforce.store import Record
from sf_intacct.sandbox.wire import Answer, Call, Reply, serve

NAME = "salesforce"
URI_MAX = 16_384  # characters; about where the real thing answers 414
BODY_MAX = 50 * 2**20
WRITES = ("create ", "update ", "upsert ", "delete ")  # operations on single records
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
EXPIRED = SalesforceError("INVALID_SESSION_ID", "Session expired or invalid")
SPENT = SalesforceError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
CROWDED = SalesforceError("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.")
MAINTENANCE_PAGE = """<!DOCTYPE html><html><head><title>We are down for maintenance.</title></head>
<body><h1>We are down for maintenance.</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>"""


class Gateway:
    """All addresses of the company. It is also the dialect in which the wire words its own failures."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.router = router()

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/_sandbox_credentials", self._credentials),
            Route("/services/oauth2/token", self._token, methods=["POST"]),
            Route("/services/oauth2/revoke", self._revoke, methods=["POST", "GET"]),
            Route("/services/oauth2/userinfo", self._userinfo, methods=["GET", "POST"]),
            Route("/id/{organization}/{user}", self._identity),
            Route("/services/Soap/u/{version}", self._soap_login, methods=["POST"]),
            Route("/services/Soap/u/{version}/{organization}", self._soap_login, methods=["POST"]),
            Route("/services/data", self._versions),
            Route("/services/data/", self._versions),
            Route("/services/data/{rest:path}", self._data, methods=METHODS),
        ]

    def throttled(self, retry_after: int) -> Reply:
        reply = refused(CROWDED, "")
        return Reply(429, reply.body, {**reply.headers, "Retry-After": str(retry_after)})

    def broken(self, status: int) -> Reply:
        return Reply(status, MAINTENANCE_PAGE.encode(), {"Content-Type": "text/html;charset=UTF-8"})

    def forget_session(self, request: Request) -> None:
        self.company.sessions.close(_bearer(request))

    async def _credentials(self, request: Request) -> Response:
        """Everything a client needs to log in, for tests and for people; no part of Salesforce."""
        return JSONResponse(
            {
                "client_id": credentials.CLIENT_ID,
                "client_secret": credentials.CLIENT_SECRET,
                "username": credentials.USERNAME,
                "password": credentials.PASSWORD,
                "security_token": credentials.SECURITY_TOKEN,
                "private_key": self.company.keys.private_pem,
                "public_key": self.company.keys.public_pem,
                "token_url": f"{_host(request)}/services/oauth2/token",
                "organization_id": self.company.organization_id,
            }
        )

    async def _token(self, request: Request) -> Answer:
        body = await request.body()
        grant = oauth.Grant(
            self.company, oauth.read_form(body), request.headers.get("authorization", ""), _host(request)
        )
        kind = grant.form.get("grant_type", "").rpartition(":")[2]
        return await self._login(request, kind, lambda: oauth.token(grant), oauth.failure)

    async def _soap_login(self, request: Request) -> Answer:
        body = await request.body()
        version, host = request.path_params["version"], _host(request)
        return await self._login(request, "soap", lambda: soap.login(self.company, version, body, host), soap.fault)

    async def _login(
        self, request: Request, kind: str, login: Callable[[], Reply], fail: Callable[[str, str], Reply]
    ) -> Answer:
        """A login of any kind; `fail` words a refusal as that kind does."""

        def execute(refusal: Fault | None) -> Reply:
            try:
                Strike(refusal).hit("login", f"login {kind}")
            except SalesforceError as error:
                return fail(error.code, error.message)
            return login()

        call = Call(NAME, ("login", f"login {kind}"), is_write=False, method="POST", path=request.url.path)
        return await serve(self.company.world, self, request, call, execute)

    async def _revoke(self, request: Request) -> Answer:
        form = oauth.read_form(await request.body() or request.url.query.encode())
        return await self._plain(request, "revoke", lambda: oauth.revoke(self.company, form))

    async def _userinfo(self, request: Request) -> Answer:
        return await self._about_user(request, "userinfo", oauth.userinfo)

    async def _identity(self, request: Request) -> Answer:
        return await self._about_user(request, "identity", oauth.identity)

    async def _versions(self, request: Request) -> Answer:
        return await self._plain(request, "versions", lambda: answer_value(versions()))

    async def _about_user(
        self, request: Request, operation: str, show: Callable[[Company, Record, str], Reply]
    ) -> Answer:
        def look() -> Reply:
            user_id = self.company.sessions.user_of(_bearer(request))
            user = self.company.store.get(self.company.schema["User"], user_id)
            return show(self.company, user, _host(request)) if user else refused(EXPIRED, "")

        return await self._plain(request, operation, look)

    async def _plain(self, request: Request, operation: str, look: Callable[[], Reply]) -> Answer:
        """A read that is not part of the counted API."""

        def execute(refusal: Fault | None) -> Reply:
            try:
                Strike(refusal).hit(operation)
            except SalesforceError as error:
                return refused(error, "")
            return look()

        call = Call(NAME, (operation,), is_write=False, method=request.method, path=request.url.path)
        return await serve(self.company.world, self, request, call, execute)

    async def _data(self, request: Request) -> Answer:
        exchange = _exchange(self.company, request, await request.body())
        operations = self.router.operations(exchange)
        is_write = any(operation.startswith(WRITES) for operation in operations)
        detail = exchange.query.get("q", "") or request.url.query
        call = Call(NAME, operations, is_write, exchange.method, request.url.path, detail)

        def execute(refusal: Fault | None) -> Reply:
            reply = self._answer(exchange, _bearer(request), refusal)
            allocation = self.company.allocation
            reply.headers["Sforce-Limit-Info"] = f"api-usage={allocation.used}/{allocation.most}"
            return packed(reply, exchange.header("Accept-Encoding"))

        return await serve(self.company.world, self, request, call, execute)

    def _answer(self, exchange: Exchange, token: str, fault: Fault | None) -> Reply:
        if len(exchange.body) > BODY_MAX:
            return empty(413)
        if sum(map(len, exchange.query.values())) > URI_MAX:
            return empty(414)
        user_id = self.company.sessions.user_of(token)
        if user_id is None:
            return refused(EXPIRED, exchange.base)
        if not self.company.allocation.spend():
            return refused(SPENT, exchange.base)
        return self.router.answer(exchange.by(user_id, Strike(fault)))


def _exchange(company: Company, request: Request, body: bytes) -> Exchange:
    """The request with its path still encoded: a `%2F` in a key is no separator."""
    raw_path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1")
    version, parts = split_path(raw_path.partition("?")[0])
    query = parse_search(request.url.query)
    method = query.get("_HttpMethod", request.method) if request.method == "POST" else request.method
    headers: dict[str, Any] = {name.lower(): value for name, value in request.headers.items()}
    return Exchange(company, version, method, parts, query, headers, body, _host(request))


def _host(request: Request) -> str:
    """Scheme and host as the client wrote them: addresses in answers must lead back here."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") else ""
