"""`python -m sf_intacct`: the command line."""

from sf_intacct.cli import main

main()
