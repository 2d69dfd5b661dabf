"""One company: its tables, its settings, and the people who write in its books."""

from sf_intacct.sandbox.intacct import defaults, schema
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Row, Store
from sf_intacct.sandbox.intacct.settings import Settings
from sf_intacct.sandbox.world import World

ADMIN = "admin"


class Company:
    """The books of one company and how it is set up."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store = Store(world, schema.load())
        self.settings = Settings()

    def reset(self) -> None:
        """An empty company with default settings: an administrator at the screen, and the one user who may call."""
        self.settings = Settings()
        self.store.reset()
        people = {"USERTYPE": "business user", "STATUS": "active", "UNRESTRICTED": "true"}
        admin = {**people, "LOGINID": ADMIN, "DESCRIPTION": "Administrator", "ADMIN": "Full", "LOGINDISABLED": "false"}
        caller = {
            **people,
            "LOGINID": defaults.USER_ID,
            "PASSWORD": defaults.USER_PASSWORD,
            "DESCRIPTION": "Integration",
            "ADMIN": "false",
            "LOGINDISABLED": "true",
        }
        clerk = Clerk(self.store, self.settings)
        clerk.add("USERINFO", [admin, caller])
        clerk.add("UOM", [{"NAME": name, "ISSYSTEM": "true", "OEUOM": unit} for name, unit in defaults.UNIT_GROUPS])

    def user(self, login: str) -> Row | None:
        return self.store.find("USERINFO", "LOGINID", login)

    def has_entity(self, entity: str) -> bool:
        found = self.store.find("LOCATIONENTITY", "LOCATIONID", entity)
        return found is not None and found["STATUS"] == "active"

    def person(self, source: str = "ui") -> Clerk:
        """Whoever works without the gateway: the administrator at the screen, or an import."""
        user = self.user(ADMIN)
        return Clerk(self.store, self.settings, user=user["RECORDNO"] if user else 0, login=ADMIN, source=source)
