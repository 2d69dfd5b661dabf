"""Whether a caller may do a thing with an object, and whether there is such an object."""

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.wire.desk import Desk


def allowed(desk: Desk, operation: str, object_name: str) -> str:
    """The name of the object in the schema. Raises Rejection if it is unknown or not permitted."""
    name, settings = object_name.upper(), desk.company.settings
    if name not in desk.company.store.schema:
        raise Rejection([problems.no_definition(object_name)])
    if not settings.permits(operation, name):
        raise Rejection([problems.no_permission(operation, name)])
    if name == "AUDITHISTORY" and not settings.audit_history_permitted:
        raise Rejection([problems.no_audit_permission()])
    return name
