"""Sage Intacct over its XML gateway: requests + lxml, nothing repeated by itself, success only when proven."""
