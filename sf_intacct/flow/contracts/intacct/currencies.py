"""Exchange rates of the company's own types. Intacct's daily rates are not shown by it, and so not here."""

from sf_intacct.flow.contracts.contract import Contract, day, text
from sf_intacct.flow.contracts.intacct.columns import STAMP

EXCHANGE_RATES = Contract(
    name="intacct_exchange_rates",
    system="intacct",
    object="EXCHANGERATE",
    says="Currency pairs for which the company keeps exchange rates, by rate type.",
    key="rate_key",
    label="type_name",
    stamp="modified_at",
    optional=True,
    columns=(
        text("rate_key", "RECORDNO", "Record number in Intacct", required=True, unique=True),
        text("type_name", "TYPENAME", "Name of the exchange rate type", required=True),
        text("from_currency", "FROM_CURRENCY", "Currency that is converted", required=True),
        text("to_currency", "TO_CURRENCY", "Currency it becomes", required=True),
        STAMP,
    ),
)

EXCHANGE_RATE_ENTRIES = Contract(
    name="intacct_exchange_rate_entries",
    system="intacct",
    object="EXCHANGERATEENTRY",
    says="Exchange rates, each from its day until the next one begins.",
    key="entry_key",
    label="entry_key",
    stamp="modified_at",
    optional=True,
    columns=(
        text("entry_key", "RECORDNO", "Record number in Intacct", required=True, unique=True),
        text("rate_key", "EXCHANGERATEKEY", "Pair and type the rate belongs to", required=True),
        day("begins_on", "EFFECTIVE_START_DATE", "First day on which it counts", required=True),
        text("rate", "EXCHANGE_RATE", "Units of the target currency for one of the source currency", required=True),
        STAMP,
    ),
)

CURRENCIES = (EXCHANGE_RATES, EXCHANGE_RATE_ENTRIES)
