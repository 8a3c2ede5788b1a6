"""One name, one meaning: no class name stands twice in shared/."""

import ast
from collections import defaultdict

from tests.architecture.sources import modules


def test_a_class_name_means_one_thing() -> None:
    homes = defaultdict(set)
    for module, path in modules().items():
        if not module.startswith("shared."):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name.lstrip("_")].add(module)
    assert len(homes) > 200
    assert {name: sorted(where) for name, where in homes.items() if len(where) > 1} == {}
