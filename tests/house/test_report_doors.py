"""Every address of a report × every character × however the report stands: who comes in.

A kind of door is a row of rights of the trade (who reads, who changes, who triages…); a standing
is what the report is to everybody. Two small tables give the answer of each of the cells.
"""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cross.checks import doors
from intel import access
from intel.models import Report, ReportMemberGrant, ReportShare
from intel.states import State
from protocols.models import Protocol
from tests import factories
from tests.house.conftest import examples
from tests.house.test_doors import REFUSED, text_of

OWNERS = frozenset(["diane", "karim"])
CELL = frozenset(["anna", "marc"])
HERE = frozenset(["diane", "karim", "louise", "bruno", "anna", "marc", "gilles"])
WRITERS = HERE - {"gilles"}
NOBODY = frozenset()
CAST = ["anna", "bruno", "claire", "diane", "gilles", "louise", "paul", "rose"]
if examples(0, 1):  # those who stand beside one of these, too
    CAST = sorted([*CAST, "ines", "karim", "marc", "tom"])

# Which kind each address is of; one that is missing here fails.
KINDS = {
    "reads": {
        "report_page", "print_report", "report_pdf", "move_report", "undo_move", "follow_report",
    },
    # Who reads it, but from outside.
    "follows": {"report_versions", "near_reports", "report_timeline", "report_links"},
    "changes": {
        "change_report", "attach_file", "restrict_report", "preview_restriction", "add_annex",
        "set_validity",
    },
    "offers": {"invite_guest", "propose_handover"},
    "shares": {"share_report"},
    "completes": {"add_complement"},
    "works": {"unit_work"},  # who reads it, but a guest: what his own unit keeps about it
    "writes apart": {"add_note", "give_task", "report_corrections"},
    "corrects": {"propose_correction"},  # who completes it, but its own unit
    "comments": {"comment_report", "match_pair", "decide_match"},
    "grades": {
        "triage_item", "triage_decide", "triage_grade", "triage_undo",
        "triage_take_over", "triage_assign", "triage_put_aside", "triage_bring_back",
    },
    "enriches": {"grade_report", "cite_place", "confirm_identifier", "confirm_amount"},
    "narrowed": {"renew_restriction", "release_report"},
    "discards": {"discard_report"},
    "accords": {"ask_accord"},  # of a report that may not leave: none here
    "attests": {"attest_report"},  # of a human source: none here
    "brings": {"contribution_page"},
    "finishes": {"complete_contribution"},  # of who reads nothing: none here
    "results": {"record_report_outcome"},  # of what was directed, as it was before it was archived
    "refers": {"refer_report"},  # of the unit in charge: none here
    "forgets": {"triage_forget"},  # of what came from outside: none here
}  # fmt: skip

NAMED = OWNERS | {"louise"}
# How the report stands: for each kind of door, who comes in; a kind left out opens to nobody.
STANDINGS = {
    "open": {
        "reads": HERE, "changes": OWNERS, "offers": OWNERS, "shares": OWNERS,
        "completes": WRITERS, "comments": CELL, "grades": CELL, "enriches": OWNERS | CELL,
    },
    "named": {
        "reads": NAMED, "changes": OWNERS, "offers": OWNERS, "completes": NAMED,
        "enriches": OWNERS, "narrowed": OWNERS,
    },
    "named to the cell": {
        "reads": OWNERS | CELL, "changes": OWNERS, "offers": OWNERS, "completes": OWNERS | CELL,
        "comments": CELL, "grades": CELL, "enriches": OWNERS | CELL, "narrowed": OWNERS,
    },
    "kept": {
        "reads": OWNERS, "changes": OWNERS, "offers": OWNERS, "completes": OWNERS,
        "enriches": OWNERS, "narrowed": OWNERS,
    },
    "draft": {
        "reads": OWNERS, "changes": OWNERS, "enriches": OWNERS, "discards": OWNERS,
    },
    "archived": {"reads": HERE, "comments": CELL, "results": WRITERS},
    "kept, a guest invited": {
        "reads": OWNERS | {"rose"}, "changes": OWNERS, "offers": OWNERS, "completes": OWNERS,
        "enriches": OWNERS, "narrowed": OWNERS,
    },
    "kept, a guest whose invitation ended": {
        "reads": OWNERS, "changes": OWNERS, "offers": OWNERS, "completes": OWNERS,
        "enriches": OWNERS, "narrowed": OWNERS,
    },
    "of another department": {
        "reads": {"paul"}, "changes": {"paul"}, "offers": {"paul"}, "shares": {"paul"},
        "completes": {"paul"}, "enriches": {"paul"},
    },
    "of another department, shown to ours": {
        "reads": HERE - {"gilles"} | {"paul"}, "changes": {"paul"}, "offers": {"paul"},
        "shares": {"paul"}, "completes": {"paul"}, "enriches": {"paul"},
    },
    "of another department, no longer shown": {
        "reads": {"paul"}, "changes": {"paul"}, "offers": {"paul"}, "shares": {"paul"},
        "completes": {"paul"}, "enriches": {"paul"},
    },
    "under a protocol that is over": {},
}  # fmt: skip

# Who reads it without following its life: a guest, another department.
OUTSIDE = {
    "kept, a guest invited": {"rose"},
    "of another department, shown to ours": HERE,
}


# Who brought it, once it has left: whoever holds and reads it since.
BROUGHT = {
    **dict.fromkeys(STANDINGS, OWNERS),
    "draft": NOBODY,
    "under a protocol that is over": NOBODY,
    "of another department": {"paul"},
    "of another department, shown to ours": {"paul"},
    "of another department, no longer shown": {"paul"},
}


def welcomed(how, kind):
    if kind == "brings":
        return BROUGHT[how]
    if kind == "follows":
        return STANDINGS[how].get("reads", NOBODY) - OUTSIDE.get(how, NOBODY)
    if kind == "works":
        return STANDINGS[how].get("reads", NOBODY) - {"rose"}
    if kind == "corrects":
        return STANDINGS[how].get("completes", NOBODY) - STANDINGS[how].get("changes", NOBODY)
    if kind == "writes apart":
        return NOBODY if how == "archived" else welcomed(how, "works") - {"gilles"}
    return STANDINGS[how].get(kind, NOBODY)


def addresses():
    """Name of each address that takes a reference and nothing else, with its kind."""
    kinds = {name: kind for kind, names in KINDS.items() for name in names}
    found = {
        pattern.name for _, pattern in doors() if set(pattern.pattern.converters) == {"reference"}
    }
    assert found == set(kinds), found ^ set(kinds)
    return kinds


@pytest.fixture
def stand(cast, vosges, meurthe):
    """`stand(how)` writes a report that stands so, and gives its reference."""

    def kept():
        return factories.report(cast.diane, vosges["Épinal"], units=[])

    def invite(report, starts, ends):
        now = timezone.now()
        ReportMemberGrant.objects.create(
            content_object=report, user=cast.rose, by=cast.diane, reason="avis",
            permission_id=access.permission_id(Report, "read_report"),
            starts_at=now + timezone.timedelta(hours=starts),
            expires_at=now + timezone.timedelta(hours=ends),
        )  # fmt: skip
        return report

    def theirs(**share):
        report = factories.report(cast.paul, meurthe["Nancy"])
        if share:
            ours = Protocol.objects.get(department=vosges.department)
            ReportShare.objects.create(
                report=report, protocol=ours, by=cast.paul, why="intérêt commun", **share
            )
        return report

    def archived():
        report = factories.report(cast.diane, vosges["Épinal"])
        Report.objects.filter(pk=report.pk).update(state=State.ARCHIVED)
        return report

    def over():
        report = factories.report(cast.diane, vosges["Épinal"])
        yesterday = timezone.localdate() - timezone.timedelta(days=1)
        Protocol.objects.filter(department=vosges.department).update(ends_on=yesterday)
        return report

    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    ways = {
        "open": lambda: factories.report(cast.diane, vosges["Épinal"]),
        "named": lambda: factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit]),
        "named to the cell": lambda: factories.report(
            cast.diane, vosges["Épinal"], units=[cast.anna.unit]
        ),
        "kept": kept,
        "draft": lambda: factories.report(cast.diane, vosges["Épinal"], draft=True),
        "archived": archived,
        "kept, a guest invited": lambda: invite(kept(), -1, 1),
        "kept, a guest whose invitation ended": lambda: invite(kept(), -2, -1),
        "of another department": theirs,
        "of another department, shown to ours": lambda: theirs(ends_on=None),
        "of another department, no longer shown": lambda: theirs(ends_on=yesterday),
        "under a protocol that is over": over,
    }
    return lambda how: ways[how]().reference


def test_there_are_enough_cells():
    assert len(addresses()) * len(CAST) * len(STANDINGS) >= 2_000


@pytest.mark.parametrize("how", STANDINGS)
def test_who_comes_in_however_a_report_stands(cast, stand, enter, how):
    reference = stand(how)
    clients = {who: enter(cast[who]) for who in CAST}
    wrong = []
    for name, kind in sorted(addresses().items()):
        welcome = welcomed(how, kind)
        address = reverse(name, args=[reference])
        for who, client in clients.items():
            # What one visitor does must not change what the next one finds.
            with transaction.atomic():
                answer = client.post(address, {})
                text_of(answer)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (who, name)
            came_in = answer.status_code not in REFUSED
            if came_in != (who in welcome):
                wrong.append((name, who, answer.status_code))
    assert not wrong
