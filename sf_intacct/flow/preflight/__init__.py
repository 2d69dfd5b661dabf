"""The rules of Intacct that can be known beforehand: each finds what would be refused, before a call is spent on it."""
