"""People are told what has turned since they were last told: one message per run, and none that stops a sync."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sf_intacct.alerts.channel import Channel, NotTold
from sf_intacct.alerts.mail import Mail, Server
from sf_intacct.alerts.webhook import Webhook
from sf_intacct.flow.alerts import Change, Fact, digest
from sf_intacct.orchestration import braking, reconciling
from sf_intacct.orchestration.exceptions import opened
from sf_intacct.orchestration.house import House
from sf_intacct.store import alerts, pauses, waiting_plans


@dataclass(frozen=True)
class Told:
    """What one run told. turned: how many facts had turned; sent: messages that arrived; problems: of those that did
    not, and of older ones that still have not."""

    turned: int = 0
    sent: int = 0
    problems: tuple[str, ...] = ()


def tell(house: House) -> Told:
    """Writes down what has turned, and sends what is due. Whatever goes wrong with that is told as a problem."""
    try:
        ways = channels(house)
        if not ways:
            return Told()
        turned = _enter(house, list(ways))
        sent = deliver(house, ways)
        return Told(len(turned), sent, problems(house))
    except Exception as error:  # a sync that posts must not end because nobody can be told of it
        return Told(problems=(f"alerts: {type(error).__name__}",))


def channels(house: House) -> dict[str, Channel]:
    """The ways to people that the settings name. Raises SettingsError for an address that may not be used."""
    settings = house.settings
    ways: list[Channel] = []
    if settings.alert_webhook_url is not None:
        secret = settings.alert_webhook_secret.get_secret_value()
        ways.append(Webhook(settings.alert_webhook_url.get_secret_value(), secret, house.now))
    if settings.alert_addresses:
        password = settings.alert_smtp_password.get_secret_value()
        server = Server(settings.alert_smtp_host, settings.alert_smtp_port, settings.alert_smtp_user, password)
        ways.append(Mail(server, settings.alert_email_from, settings.alert_addresses))
    return {way.name: way for way in ways}


def deliver(house: House, ways: dict[str, Channel]) -> int:
    """One attempt for everything that is due. A channel that fails is left alone for the rest of the run."""
    sent, broken = 0, set[str]()
    for one in alerts.due(house.journal, house.now()):
        way = ways.get(one.channel)
        if way is None or one.channel in broken or not alerts.claim(house.journal, one, house.now()):
            continue
        try:
            way.send(one.number, one.body)
        except NotTold as error:
            broken.add(one.channel)
            alerts.failed(house.journal, one, str(error), house.now())
        else:
            alerts.delivered(house.journal, one, house.now())
            sent += 1
    return sent


def problems(house: House) -> tuple[str, ...]:
    """Every message that somebody should have been told and was not, yet or at all."""
    return tuple(
        f"message {one['number']} by {one['channel']}: {one['problem'] or 'not sent'}, {one['attempts']} attempts"
        for one in alerts.listed(house.journal, undelivered=True)
        if one["state"] != "delivered"
    )


def facts(house: House) -> list[Fact]:
    """Everything that is not in order now."""
    return [fact for source in SOURCES for fact in source(house)]


def _enter(house: House, names: list[str]) -> list[Change]:
    now, at = facts(house), house.now()
    environment = house.settings.environment

    def body(turned: list[Change]) -> dict[str, object]:
        return digest(turned, now, environment, at.isoformat(timespec="seconds"))

    return alerts.enter(house.journal, now, house.settings.alert_growth_percent, names, body, at, house.run)


def _exceptions(house: House) -> Iterator[Fact]:
    """The open causes of the queue, in the words of the last sync, with the place where each is mended."""
    for one in opened(house):
        said = one.summary
        yield Fact(
            key=f"exception {one.id}",
            kind="exception",
            title=said.words,
            remedy=f"{said.remedy} {said.place}".strip(),
            who=said.who,
            records=len({(victim.crossing, victim.source_id) for victim in one.victims}),
            money={currency: amount for currency, amount in said.money.items() if amount},
        )


def _tie_out(house: House) -> Iterator[Fact]:
    result = reconciling.tie_out(house)
    if not result.holds:
        yield Fact(
            key="tie_out",
            kind="tie_out",
            title="The two systems differ, and nobody can explain it.",
            remedy="See finance.ar_tie_out where is_explained is false: `sf-intacct reconcile`.",
            who="finance",
            records=result.unexplained,
            money={currency: sums.unexplained for currency, sums in result.sums.items() if sums.unexplained},
        )


def _pauses(house: House) -> Iterator[Fact]:
    for one in pauses.standing(house.journal):
        remedy = "Say that sending goes on: `sf-intacct resume`."
        yield Fact(key=f"pause {one.what}", kind="brake", title=f"{one.words}.", remedy=remedy, who="operations")


def _brakes(house: House) -> Iterator[Fact]:
    """Plans that wait for a person to approve them."""
    for plan in waiting_plans.standing(house.journal):
        if plan.is_approved or plan.is_begun:
            continue
        yield Fact(
            key=f"plan {plan.crossing} {plan.hash}",
            kind="brake",
            title=f"{braking.told(plan)}.",
            remedy="Look at it and approve it: `sf-intacct plan`, `sf-intacct plan approve`.",
            who="finance",
            records=plan.documents,
            money=plan.money,
        )


# Where facts come from. What holds documents back adds itself here.
SOURCES: tuple[Callable[[House], Iterator[Fact]], ...] = (_exceptions, _tie_out, _pauses, _brakes)
