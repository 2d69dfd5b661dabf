"""Salesforce over simple-salesforce, with timeouts, retries and session refresh of our own."""
