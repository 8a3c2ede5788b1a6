"""Other ways to write a query: what was meant when what was typed is not in the catalogue. Pure; one idea a module."""
