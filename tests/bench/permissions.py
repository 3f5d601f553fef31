"""Who sees what, from 20,000 reports to the country: pages, counts, facets, search, seats.

Each question is asked in turn through the code of the pages and by a query written by hand on the
same rows, whose answer must be the same before anything is timed. What a member's seats say is
asked once a request (`standing`), and has a row of its own. All the departments are in one
database: the small ones are read beside the large.

Whole responses are in `responses`, what is written in `bulk_rights`, the second fence in `fenced`,
guardian's own shortcut in `guardian_rows`.
"""

import math

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from cross import gate
from intel import access
from intel.models import Audience, Report, ReportGroupGrant, ReportMemberGrant, ReportShare
from intel.reading import list as listing
from intel.states import State
from protocols.models import Protocol
from tests.bench import bulk_rights, fenced, guardian_rows, responses, world
from tests.bench.measure import Row, in_turn, limit_row, ratio_row
from tests.bench.reader import SEARCHES, Reader

BECAUSE = "a benchmark reads without permission, to compare"
SIZES = {
    world.BIG: world.REPORTS,
    world.FIFTH: world.REPORTS // 5,
    world.TENTH: world.REPORTS // 10,
    world.FIFTIETH: world.REPORTS // 50,
    **dict.fromkeys(world.HUNDRED, world.REPORTS // 100),
}
LABELS = {
    world.FIFTIETH: "20k in one department",
    world.FIFTH: "200k in one department",
    world.BIG: "1M in one department",
    world.HUNDRED[42]: "1M over 100 departments",
}
TARGETS = {
    "list page": {"unpermitted": 1.8, "floor": 6.5},
    "filtered list": {"floor": 3},
    "deep page": {"first page": 1.5},
    "exact count": {"floor": 1.5},
    "capped count": {"ms": 3},
    "facets": {"floor": 1.5},
    "per commune": {"floor": 2},
    **{f"full text, {name}": {"floor": 3} for name in SEARCHES},
}
COUNTED = ("exact count", "facets", "per commune")
SHARED = 300


def rows(say):
    with world.own_database():
        world.fill(say, SIZES)
        with gate.one_request():
            readers = {code: Reader(code) for code in LABELS}
            for code, label in LABELS.items():
                yield from department(readers[code], label)
            for code in (world.BIG, world.HUNDRED[42]):
                yield from around(readers[code], LABELS[code])
            yield from fenced.rows(readers[world.BIG], LABELS[world.BIG])
            yield from growth(readers[world.FIFTIETH], readers[world.BIG])
            yield grants_per_report()
            yield from guardian_rows.rows(readers[world.FIFTH], LABELS[world.FIFTH])
            yield from guardian_rows.at_most_one_unit(readers[world.BIG], LABELS[world.BIG])
        yield from responses.rows(world.TENTH, SIZES[world.TENTH])
        with gate.one_request():
            yield from bulk_rights.rows(readers[world.BIG])


def department(reader, label):
    """Every question, each in turn with its floor; at a million reports, each with its target.

    Of a small department the ORM's own time is most of what is measured.
    """
    unpermitted = unpermitted_in(reader)
    questions, floors = reader.questions(), reader.floors()
    reader.check(questions)
    assert [row.pk for row in reader.page_of_the_list()] == [
        row.pk for row in questions["list page"]()
    ]
    for name, ask in questions.items():
        acts = {"ours": ask, "floor": floors[name]}
        if name == "list page":
            acts["unpermitted"] = lambda: reader.page(unpermitted)
        elif name == "deep page":
            acts["first page"] = questions["list page"]
        took = in_turn(acts)
        for row in figures(f"{name}, {label}", took, TARGETS[name]):
            if not label.startswith("1M"):
                row.target, row.met = "", None
            yield row


def figures(name, took, targets):
    """A row for each target: {what it is compared with: at most so many times that}."""
    for beside, at_most in targets.items():
        if beside == "ms":
            row = limit_row(name, took["ours"], "ms", at_most)
            row.floor, row.ratio = took["floor"], took["ours"] / took["floor"]
            yield row
        else:
            yield ratio_row(name, took["ours"], took[beside], at_most, words=beside)


def unpermitted_in(reader):
    return Report.objects.filter(department=reader.department.pk).unguarded(because=BECAUSE)


def around(reader, label):
    """What goes with the list: guests, other departments, the search box, the page as a whole."""
    yield with_invitations(reader, label)
    yield from with_shares(reader, label)
    for words in SEARCHES:
        yield from search_box(reader, words, label)
    yield from whole_list(reader, label)


def with_invitations(reader, label):
    """The page of a member invited to five restricted reports of his own department besides."""
    unpermitted, now = unpermitted_in(reader), timezone.now()
    restricted = unpermitted.filter(audience=Audience.RESTRICTED).exclude(state=State.DRAFT)
    with transaction.atomic():
        ReportMemberGrant.objects.bulk_create(
            ReportMemberGrant(
                user=reader.member,
                content_object_id=pk,
                permission_id=reader.parameters["permission"],
                starts_at=now,
                expires_at=now + timezone.timedelta(days=1),
                by=reader.member,
                reason="mesure",
            )
            for pk in restricted.order_by("-id").values_list("pk", flat=True)[:5]
        )
        gate.forget()
        took = in_turn(
            {
                "page": lambda: reader.page(reader.paged()),
                "bare": lambda: reader.page(unpermitted),
            }
        )
        transaction.set_rollback(True)
    gate.forget()
    name = f"list page of somebody invited, {label}"
    return ratio_row(name, took["page"], took["bare"], 1.8, words="unpermitted")


def with_shares(reader, label):
    """The page once another department shows SHARED of its reports, and the list of these."""
    ours = Protocol.objects.get(department=reader.department)
    unpermitted = unpermitted_in(reader)
    elsewhere = Report.objects.exclude(department=reader.department).filter(
        department__code__in=[world.TENTH, world.HUNDRED[7]], audience=Audience.PROTOCOL
    )
    shown = elsewhere.exclude(state=State.DRAFT).unguarded(because=BECAUSE)
    with transaction.atomic():
        ReportShare.objects.bulk_create(
            ReportShare(report_id=pk, protocol=ours, by=reader.member, why="mesure")
            for pk in shown.order_by("-id").values_list("pk", flat=True)[:SHARED]
        )
        gate.forget()
        assert access.standing(reader.member).shared_with

        def theirs():
            return reader.page(access.shared_reports(reader.member, for_page=True))

        assert len(theirs()) == listing.SIZE
        took = in_turn(
            {
                "page": lambda: reader.page(reader.paged()),
                "bare": lambda: reader.page(unpermitted),
                "theirs": theirs,
            }
        )
        transaction.set_rollback(True)
    gate.forget()
    name = f"list page once {SHARED} reports are shown from elsewhere, {label}"
    yield ratio_row(name, took["page"], took["bare"], 1.8, words="unpermitted")
    yield limit_row(f"  the list of these, {label}", took["theirs"], "ms", 50)


def search_box(reader, name, label):
    """Words of the search box, that may be an identifier or a commune: what asking that costs."""
    words, question = SEARCHES[name], f"full text, {name}"
    floor = reader.floors()[question]
    assert [row.pk for row in reader.in_the_box(words)] == [
        line[0] for line in floor()[: listing.SIZE]
    ]
    took = in_turn({"box": lambda: reader.in_the_box(words), "floor": floor})
    ratio = took["box"] / took["floor"]
    yield Row(f"search box, {name}, {label}", took["box"], "ms", took["floor"], ratio)
    if name != "a common word":  # found faster by walking the latest
        plan = reader.planned(words)
        used = "report_dept_search" in plan
        yield Row(f"  by the composite index, {label}", used, "", target="yes", met=used)


def whole_list(reader, label):
    """What the page of the list waits for: page, count and facets; and the standing, once."""

    def standing():
        gate.forget()
        access.standing(reader.member)

    took = in_turn(
        {
            "standing": standing,
            "list": lambda: listing.listing_for(reader.member, QueryDict("")),
        }
    )
    yield Row(f"standing of a member, once a request, {label}", took["standing"], "ms")
    yield Row(f"list with its count and facets, {label}", took["list"], "ms")


def growth(small, big):
    """Exponents of what a member waits for, ours beside the floor's, from a fiftieth of the data.

    What is counted grows with what there is to count: these have no target but their floor's.
    """
    step = math.log(SIZES[world.BIG] / SIZES[world.FIFTIETH])
    acts = {"few": small.questions(), "many": big.questions()}
    acts |= {"few, floor": small.floors(), "many, floor": big.floors()}
    for name in acts["few"]:
        took = in_turn({which: asked[name] for which, asked in acts.items()}, most=21)
        told = f"growth of {name}, 20k to 1M"
        row = limit_row(told, math.log(took["many"] / took["few"]) / step, "exponent", 0.2)
        row.floor = math.log(took["many, floor"] / took["few, floor"]) / step
        if name in COUNTED:
            row.target, row.met = "", None
        yield row


def grants_per_report():
    grants = ReportGroupGrant.objects.count()
    reports = Report.objects.all().unguarded(because=BECAUSE).count()
    return limit_row("grant rows a report", grants / reports, "rows", 1)
