"""`getAPISession`: a session at the caller's level, at the top, or at an entity."""

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.response import Outcome


def get_api_session(desk: Desk, element: etree._Element) -> Outcome:
    """Without a locationid the level of the caller, with an empty one the top, with a value that entity."""
    caller, settings = desk.session, desk.company.settings
    place = element.find("locationid")
    entity = caller.entity if place is None else (place.text or "").strip()
    user = desk.company.user(caller.login) or {}
    own = user.get("ENTITYID") or ""
    if own:
        # A user bound to an entity cannot leave it; asking for the top level leads back there.
        entity = entity or own
    if entity and not desk.company.has_entity(entity):
        raise Rejection([problems.session_failed(f"The entity '{entity}' is invalid or inactive")])
    if own and entity != own:
        raise Rejection([problems.session_failed(f"The user has no access to the entity '{entity}'")])
    opened = desk.sessions.open(caller.user, caller.login, caller.company, entity, caller.zone, settings.session_hours)
    block = {"sessionid": opened.id, "endpoint": desk.gateway_url, "locationid": entity}
    return Outcome(payload=[desk.markup.node("data", [desk.markup.node("api", desk.markup.texts(block))])])
