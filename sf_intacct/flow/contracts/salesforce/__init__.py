"""What we read of Salesforce, in the house's words. To add a field, add its line to its object's module."""

from sf_intacct.flow.contracts.salesforce.catalogue import CATALOGUE
from sf_intacct.flow.contracts.salesforce.mirrors import MIRRORS
from sf_intacct.flow.contracts.salesforce.opportunities import DEALS
from sf_intacct.flow.contracts.salesforce.orders import SALES
from sf_intacct.flow.contracts.salesforce.parties import PARTIES
from sf_intacct.flow.contracts.salesforce.prices import PRICING
from sf_intacct.flow.contracts.salesforce.quotes import QUOTED
from sf_intacct.flow.contracts.salesforce.references import REFERENCES

SALESFORCE = (*PARTIES, *CATALOGUE, *SALES, *DEALS, *QUOTED, *MIRRORS, *PRICING, *REFERENCES)
