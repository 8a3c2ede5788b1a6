"""The entrances: what each deployed function does with a request, and the wiring of the parts it does it with.

`functions/<name>/main.py` only names the entry point; here is what it calls. Each module imports no more than its
function needs, for imports are the cold start (a test holds the list of heavy modules per function).
"""

import gc

# What is imported stays, so looking through it for garbage after every 700 new objects, as Python does by itself, finds
# nothing: a twelfth of the first search's CPU. What a request leaves behind is still collected, some requests later.
gc.set_threshold(10_000)
