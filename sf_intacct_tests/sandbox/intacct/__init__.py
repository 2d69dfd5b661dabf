"""Tests of the Sage Intacct sandbox."""
