"""The seams are typed: nobody looks into a job's plain payload but the codec and the classes made for it."""

import re

from tests.architecture.sources import modules

UNTYPED = re.compile(r"\bpayload(?:\[|\.get\()")


def test_nobody_looks_into_plain_payloads() -> None:
    sources = {name: path.read_text(encoding="utf-8") for name, path in modules().items() if name.startswith("shared.")}
    typed = [name for name, source in sources.items() if ".from_data(job.payload)" in source]
    assert len(typed) > 10
    assert [name for name, source in sources.items() if UNTYPED.search(source)] == []
