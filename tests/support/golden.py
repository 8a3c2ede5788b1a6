"""Golden files: what was read by a person and agreed on, compared exactly.

After a wanted change write the files anew, and read the difference before it is committed::

    REWRITE_GOLDEN=1 python -m pytest tests/assistant/gallery tests/infra/preflight/test_portals.py
"""

import os
from pathlib import Path


def agreed(file: Path, shown: str) -> str:
    """Return the text of the golden file; where files are to be written anew it is `shown` from now on."""
    if os.environ.get("REWRITE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    return file.read_text(encoding="utf-8")
