"""Proofs and measurements on real data. Nothing here is imported by the product."""
