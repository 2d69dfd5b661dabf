"""The rules of the objects that have any; every other object obeys its schema alone."""

from sf_intacct.sandbox.salesforce.rules.names import AccountRule, PersonRule
from sf_intacct.sandbox.salesforce.rules.opportunities import OpportunityLineItemRule, OpportunityRule
from sf_intacct.sandbox.salesforce.rules.orders import OrderItemRule, OrderRule
from sf_intacct.sandbox.salesforce.rules.prices import PricebookEntryRule, ProductRule
from sf_intacct.sandbox.salesforce.rules.quotes import QuoteLineItemRule, QuoteRule
from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule

RULES: dict[str, Rule] = {
    "Account": AccountRule(),
    "Contact": PersonRule(),
    "Opportunity": OpportunityRule(),
    "OpportunityLineItem": OpportunityLineItemRule(),
    "Order": OrderRule(),
    "OrderItem": OrderItemRule(),
    "PricebookEntry": PricebookEntryRule(),
    "Product2": ProductRule(),
    "Quote": QuoteRule(),
    "QuoteLineItem": QuoteLineItemRule(),
    "User": PersonRule(),
}
NO_RULE = Rule()

__all__ = ["NO_RULE", "RULES", "Change", "Rule"]
