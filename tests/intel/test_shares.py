"""Another department reads what its owner shows it, in a list of its own, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cross import gate
from cross.audit.models import Entry
from intel import access
from intel.actions import shares, sharing
from intel.models import Complement, ReportShare
from protocols.models import Protocol
from tests import factories

TODAY = timezone.localdate


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], subject="Un fourgon de Nancy")


@pytest.fixture
def theirs(meurthe, cast):
    return Protocol.objects.get(department=meurthe.department)


def share(client, report, taker, **fields):
    sent = {"protocol": taker.pk, "why": "Même équipe des deux côtés", "until": ""} | fields
    return client.post(reverse("share_report", args=[report.reference]), sent)


def reads(client, report):
    return client.get(report.get_absolute_url()).status_code == 200


def test_its_owner_shows_it_and_stops(cast, enter, report, theirs):
    owner, paul = enter(cast.karim), enter(cast.paul)
    assert not reads(paul, report)
    empty = paul.get(reverse("shared_list")).content.decode()
    assert "Aucune fiche n’est partagée" in empty
    assert share(owner, report, theirs).url == report.get_absolute_url()
    assert reads(paul, report)
    assert report.reference in paul.get(reverse("shared_list")).content.decode()
    line = Entry.objects.get(verb="report.shared")
    assert (line.target, line.why) == (report.reference, "Même équipe des deux côtés")
    assert "Meurthe-et-Moselle" in line.recipients
    assert "Meurthe-et-Moselle" in owner.get(report.get_absolute_url()).content.decode()
    running = access.endable_shares(cast.karim).get()
    owner.post(reverse("end_share", args=[running.key]))
    assert not reads(paul, report)
    assert report.reference not in paul.get(reverse("shared_list")).content.decode()
    assert Entry.objects.get(verb="report.share_ended").target == report.reference


def test_the_last_day_is_the_last(cast, enter, report, theirs):
    share(enter(cast.diane), report, theirs, until=TODAY().isoformat())
    assert reads(enter(cast.paul), report)
    ReportShare.objects.filter(report=report).update(ends_on=TODAY() - timedelta(days=1))
    assert not reads(enter(cast.paul), report)
    # Shared again, in its place.
    share(enter(cast.diane), report, theirs)
    assert reads(enter(cast.paul), report)


@pytest.mark.parametrize("end", ["theirs", "ours"])
def test_the_end_of_either_protocol_ends_it(cast, enter, report, theirs, end):
    share(enter(cast.diane), report, theirs)
    ours = Protocol.objects.get(department=report.department_id)
    protocol = theirs if end == "theirs" else ours
    Protocol.objects.filter(pk=protocol.pk).update(suspended_from=TODAY())
    assert not reads(enter(cast.paul), report)


def test_a_narrowing_ends_it(cast, enter, report, theirs):
    share(enter(cast.diane), report, theirs)
    narrowing = sharing.Narrowing(
        units=(cast.louise.unit,), reason="source", text="", review_on=TODAY() + timedelta(days=9)
    )
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    assert not reads(enter(cast.paul), report)
    assert not ReportShare.objects.filter(report=report).exists()


@pytest.mark.parametrize(
    ("who", "shares_it", "sees_it"),
    [
        ("diane", True, True),
        ("karim", True, True),
        ("louise", False, False),
        ("anna", False, False),
        ("marc", False, False),
        ("gilles", False, False),
        ("paul", False, False),
    ],
)
def test_who_shares_and_who_knows(cast, enter, report, theirs, who, shares_it, sees_it):
    shares.share(report, by=cast.diane, protocol=theirs, why="Même équipe des deux côtés")
    client = enter(cast[who])
    assert reads(client, report)
    page = client.get(report.get_absolute_url()).content.decode()
    assert ("Même équipe des deux côtés" in page) is sees_it
    assert (share(client, report, theirs).status_code == 302) is shares_it
    running = ReportShare.objects.of(report).get()
    ended = client.post(reverse("end_share", args=[running.key]))
    assert (ended.status_code == 302) is shares_it


def test_only_what_is_open_and_transmitted_is_shared(cast, vosges, enter, theirs):
    for fields in ({"units": []}, {"draft": True}):
        other = factories.report(cast.diane, vosges["Épinal"], **fields)
        assert share(enter(cast.diane), other, theirs).status_code == 404
        with pytest.raises(Exception, match="Seule une fiche ouverte"):
            shares.share(other, by=cast.diane, protocol=theirs, why="x")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"protocol": ""}, "Choisissez une réponse"),
        ({"why": " "}, "Dites pourquoi la fiche est partagée"),
        ({"until": "2020-01-01"}, "Ce jour est passé"),
        ({"until": "2026-02-31"}, "Cette date n’existe pas"),
    ],
)
def test_a_refused_share_says_why(cast, enter, report, theirs, fields, told):
    answer = share(enter(cast.diane), report, theirs, **fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ReportShare.objects.filter(report=report).exists()


def test_a_protocol_of_ones_own_or_out_of_force_is_no_choice(cast, enter, report, theirs):
    ours = Protocol.objects.get(department=report.department_id)
    assert share(enter(cast.diane), report, ours).status_code == 422
    Protocol.objects.filter(pk=theirs.pk).update(signed_on=None)
    assert share(enter(cast.diane), report, theirs).status_code == 422
    assert not ReportShare.objects.filter(report=report).exists()


def test_nothing_else_crosses(cast, vosges, meurthe, enter, report, theirs):
    """What Paul may do on his own reports, he does not do on one that he is shown."""
    factories.report(cast.diane, vosges["Golbey"], facts="Non partagée")
    own = factories.report(cast.paul, meurthe["Nancy"])
    paul = enter(cast.paul)
    before = {address: paul.get(address).content.decode() for address in ("/renseignements/",)}
    shares.share(report, by=cast.diane, protocol=theirs, why="Même équipe")
    gate.forget()
    assert set(access.readable_reports(cast.paul)) == {own, report}
    assert set(access.shared_reports(cast.paul)) == {report}
    assert set(access.listed_reports(cast.paul)) == {own}
    assert set(access.countable_reports(cast.paul)) == {own}
    for rows in (
        access.editable_reports, access.commentable_reports, access.gradable_reports,
        access.directable_reports, access.answerable_reports, access.completable_reports,
        access.shareable_reports, access.invitable_reports, access.enrichable_reports,
    ):  # fmt: skip
        assert report not in set(rows(cast.paul)), rows
    # The ordinary list, its count and its facets are what they were.
    assert paul.get("/renseignements/").context["count"] == 1
    assert report.reference not in paul.get("/renseignements/").content.decode()
    assert before["/renseignements/"].count("Un fourgon") == 0
    assert "Un fourgon" not in paul.get("/").content.decode()
    found = paul.get("/renseignements/", {"q": "fourgon"})
    assert report.reference not in found.content.decode()
    exported = paul.get(reverse("export_reports"), {"format": "csv"})
    assert report.reference not in b"".join(exported).decode()
    # A reference typed in the search box opens its sheet all the same.
    typed = paul.get("/renseignements/", {"q": report.reference})
    assert typed.url == report.get_absolute_url()
    assert not Complement.objects.all().unguarded(because="test").exists()
    # Nor does a guest or a prosecutor over there read it beyond his own rule.
    assert not reads(enter(cast.rose), report)


@pytest.mark.parametrize("for_page", [False, True])
def test_what_others_show_leaves_the_query_of_the_list_as_it_was(cast, report, theirs, for_page):
    """No OR beside the department: it would cost every page its index."""

    def query():
        gate.forget()
        return str(access.listed_reports(cast.paul, for_page=for_page).query)

    before = query()
    shares.share(report, by=cast.diane, protocol=theirs, why="Même équipe")
    assert access.standing(cast.paul).shared_with
    assert query() == before


@pytest.mark.parametrize("sort", ["-recu", "recu", "commune", "-cotation", "faits", "etat"])
def test_the_list_turns_its_pages_in_as_many_queries(cast, vosges, enter, theirs, sort):
    client = enter(cast.paul)

    def page(**query):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(reverse("shared_list"), {"tri": sort, "par": "20"} | query)
        return answer, len(captured)

    reports = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(23)]
    shares.share(reports[0], by=cast.diane, protocol=theirs, why="x")
    _, one = page()
    for each in reports[1:]:
        shares.share(each, by=cast.diane, protocol=theirs, why="x")
    first, many = page()
    assert many == one <= 15
    second, _ = page(apres=first.context["page"].next)
    shown = [row.pk for row in first.context["rows"]] + [row.pk for row in second.context["rows"]]
    assert sorted(shown) == sorted(each.pk for each in reports)
    assert len(first.context["rows"].rows) == 20


def test_a_stranger_of_a_third_department_reads_nothing(cast, enter, report, theirs):
    """Paul again, before anything is shared with him; then another, of a department unnamed."""
    doubs = factories.territory("25", "Doubs", "Besançon", ("Besançon",))
    station = factories.unit(doubs.department, "Groupement 25")
    factories.protocol(doubs.department, station.service)
    simone = factories.member("simone", station, "liaison")
    assert not reads(enter(cast.paul), report)
    shares.share(report, by=cast.diane, protocol=theirs, why="x")
    assert reads(enter(cast.paul), report)
    client = enter(simone)
    assert not reads(client, report)
    assert report.reference not in client.get(reverse("shared_list")).content.decode()
