"""Writes the reference documents anew: python -m sf_intacct.cli.reference."""

import click

from sf_intacct.cli.reference import ROOT, documents

for name, text in documents().items():
    file = ROOT / name
    is_new = not file.exists() or file.read_text() != text
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    click.echo(f"{'written  ' if is_new else 'unchanged'}  {name}")
