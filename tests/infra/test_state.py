"""No payload of a secret is in Terraform's state, because nothing of ours puts one there."""

import re

from tests.architecture.sources import ROOT

SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "infra" / "terraform").rglob("*.tf"))}


def test_terraform_makes_containers_of_secrets_and_never_a_payload():
    made = {
        kind
        for source in SOURCES.values()
        for kind in re.findall(r'^resource "(google_secret_manager_\w+)"', source, re.MULTILINE)
    }
    assert "google_secret_manager_secret" in made
    assert not {kind for kind in made if "version" in kind}
    assert not [path.name for path, source in SOURCES.items() if "secret_data" in source]


def test_terraform_reads_no_payload():
    """What a data source reads is in the state as well."""
    read = [path.name for path, source in SOURCES.items() if 'data "google_secret_manager' in source]
    assert read == []
