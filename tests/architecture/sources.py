"""The project's own modules, found without running them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("functions", "shared", "infra")


def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found
