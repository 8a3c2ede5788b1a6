"""One folder per deployed function; `main.py` is thin: HTTP in, one call, HTTP out."""
