"""Where the house keeps things: the warehouse, the finance file, the journal, the mapping files."""
