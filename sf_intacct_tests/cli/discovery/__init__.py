"""Tests of the page that discovery writes."""
