"""The entrances: what each deployed function does with a request, and the wiring of the parts it does it with.

`functions/<name>/main.py` only names the entry point; here is what it calls. Each module imports no more than its
function needs, for imports are the cold start (a test holds the list of heavy modules per function).
"""
