"""One place names the store's collections."""

import re

from shared.store import collections
from shared.store.collections import Collection
from tests.architecture.sources import modules

NAMED = re.compile(r'Key\((?:"|[A-Z_]+,)|COLLECTION = |collection="')


def test_no_other_module_names_a_collection() -> None:
    sources = {name: path.read_text(encoding="utf-8") for name, path in modules().items() if name.startswith("shared.")}
    assert any("JOBS.key(" in source for source in sources.values())
    assert [name for name, source in sources.items() if NAMED.search(source)] == []


def test_a_collection_is_named_once() -> None:
    names = [one.name for one in vars(collections).values() if isinstance(one, Collection)]
    assert len(names) == len(set(names))
