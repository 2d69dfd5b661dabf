"""How company and user are set up: formatting, financial setup, preferences, permissions."""

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import periods
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.response import Outcome

LOCALE, DATE_FORMAT, CLOCK = "en_US", "/mdY", "24"


def read_user_formatting(desk: Desk, element: etree._Element) -> Outcome:
    """Stamps go over the wire in the user's zone; the date format and the clock are fixed here."""
    key, login = (element.findtext("key") or "").strip(), (element.findtext("userId") or "").strip()
    column, value = ("RECORDNO", key) if key else ("LOGINID", login or desk.session.login)
    user = desk.company.store.find("USERINFO", column, value)
    if user is None:
        raise Rejection([problems.no_such_record("User", value)])
    block = {
        "recordno": user["RECORDNO"],
        "locale": LOCALE,
        "dateformat": DATE_FORMAT,
        "gmtoffset": user["GMTOFFSET"] or desk.company.settings.gmt_offset,
        "clock": CLOCK,
    }
    data = [desk.markup.node("userformatting", desk.markup.texts(block))]
    return Outcome(payload=[desk.markup.node("data", data, listtype="userformatting", count=1)])


def get_financial_setup(desk: Desk, element: etree._Element) -> Outcome:
    settings = desk.company.settings
    entities = desk.company.store.select("LOCATIONENTITY", "true", limit=1)
    block = {
        "baseCurrency": settings.base_currency,
        "defaultBook": "ACCRUAL",
        "firstFiscalMonth": settings.first_fiscal_month,
        "multiBaseCurrency": "false",
        "multiBook": "false",
        "multiCurrency": str(settings.multi_currency).lower(),
        "multiEntityShared": str(bool(entities)).lower(),
    }
    data = [desk.markup.node("financialSetup", desk.markup.texts(block))]
    return Outcome(payload=[desk.markup.node("data", data)])


def get_closed_books_date(desk: Desk, element: etree._Element) -> Outcome:
    """One date for the company: that of the general ledger. Nothing is known of entities and other ledgers here."""
    if not desk.company.settings.tells_closed_books:
        raise Rejection([problems.no_permission("GET_CLOSEDBOOKSDATE", "COMPANY")])
    through = periods.closed_through(desk.company.store, periods.TOP_LEVEL, periods.GENERAL)
    parts = dict(zip(("year", "month", "day"), through.split("-"), strict=True)) if through else {}
    return Outcome(payload=[desk.markup.node("data", [desk.markup.node("closedbooksdate", desk.markup.texts(parts))])])


def get_company_preferences(desk: Desk, element: etree._Element) -> Outcome:
    """The few preferences that the sandbox acts upon; an application without any answers an empty list."""
    settings, application = desk.company.settings, element.get("application", "")
    preferences = {
        "AR": {
            "ENABLELABELS": str(settings.use_account_labels).lower(),
            "UNIQUEINVOICENUMBERS": str(settings.refuse_duplicate_invoice_numbers).lower(),
            "INVOICESEQUENCE": settings.invoice_number_prefix,
        },
        "ME": {"MULTICURRENCY": str(settings.multi_currency).lower()},
    }
    blocks = [
        desk.markup.node(
            "companypref",
            desk.markup.texts({"application": application, "preference": name, "prefvalue": value}),
        )
        for name, value in preferences.get(application, {}).items()
    ]
    return Outcome(payload=[desk.markup.node("data", blocks, listtype="companypref", count=len(blocks))])


def get_user_permissions(desk: Desk, element: etree._Element) -> Outcome:
    """Refused, as for every user without the right to see other users' rights."""
    raise Rejection([problems.no_permission("GET_USER_PERMISSIONS", "USERINFO")])
