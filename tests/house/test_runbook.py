"""docs/runbook.md speaks of what is there: figures, checks, commands, and a test a fault."""

import re

from django.conf import settings
from django.core.management import get_commands

from cross.watching import counted
from cross.watching.asked import ASKED
from tests.trust import checklist

BOOK = (settings.BASE_DIR / "docs" / "runbook.md").read_text(encoding="utf-8")


def test_ten_faults_each_say_what_is_seen_why_what_to_do_and_how_to_check():
    faults = re.split(r"^## ", BOOK, flags=re.MULTILINE)[1:]
    numbered = [fault for fault in faults if re.match(r"\d+\. ", fault)]
    assert len(numbered) == 10
    for fault in numbered:
        for part in ("**Seen**", "**Why**", "**Do**", "**Over when**"):
            assert part in fault, fault[:60]


def test_each_fault_was_tried():
    tried = re.findall(r"^Tried by: (\S+)$", BOOK, flags=re.MULTILINE)
    assert len(tried) == 11
    assert [test for test in tried if not checklist.exists(test)] == []


def test_the_figures_that_it_names_are_served():
    told = {asked[0] for asked in ASKED}
    told |= {"cross_up", "cross_journal_unsealed", "cross_disk_bytes", "cross_migrations_waiting"}
    for each in counted.EVERY:
        [family] = each.describe() or each.collect()
        told |= {family.name, f"{family.name}_total"}
    assert set(re.findall(r"\bcross_(?!web\b)[a-z_]+", BOOK)) <= told


def test_the_commands_and_checks_that_it_names_exist():
    for command in ("verify_journal", "seal_journal"):
        assert command in BOOK
        assert command in get_commands()
    source = "".join(path.read_text() for path in (settings.BASE_DIR / "cross").rglob("checks.py"))
    for number in re.findall(r"`(E\d{3})`", BOOK):
        assert f'"cross.{number}"' in source, number
