"""Who reads what: the tables of the one rule, success and refusal from one setup."""

from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from cross.guard import Unanswered
from intel import access
from intel.actions import invitations, sharing
from intel.models import Audience, Report, ReportGroupGrant, ReportMemberGrant
from intel.states import State
from protocols.actions import admit, withdraw
from protocols.models import Protocol
from services.roles import Role
from tests import factories

READERS = ("diane", "karim", "louise", "bruno", "anna", "marc", "gilles")
EVERYBODY = (*READERS, "claire", "rose", "ines", "tom", "fanny", "paul")


def readers_of(report, cast, **shape):
    return {
        name
        for name, member in cast.items()
        if access.readable_reports(member, **shape).filter(pk=report.pk).exists()
    }


@pytest.mark.parametrize("for_page", [False, True])
def test_an_open_report_is_read_by_every_contributing_unit(cast, vosges, for_page):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert readers_of(report, cast, for_page=for_page) == set(READERS)


@pytest.mark.parametrize("for_page", [False, True])
def test_a_draft_is_read_by_its_unit_alone(cast, vosges, for_page):
    report = factories.report(cast.diane, vosges["Épinal"], draft=True)
    assert readers_of(report, cast, for_page=for_page) == {"diane", "karim"}


@pytest.mark.parametrize("for_page", [False, True])
def test_a_restricted_report_is_read_by_the_units_named_and_its_own(cast, vosges, for_page):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    assert readers_of(report, cast, for_page=for_page) == {"diane", "karim", "louise"}


def test_a_restricted_draft_is_not_yet_read_by_the_units_named(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit], draft=True)
    assert readers_of(report, cast) == {"diane", "karim"}


def test_the_database_hides_what_forgets_to_say(cast, vosges):
    """A row written without an audience, by any means, is closed."""
    report = factories.report(cast.diane, vosges["Épinal"])
    source = Report.objects.unguarded(because="test").get(pk=report.pk)
    field = Report._meta.get_field("audience")
    assert field.db_default == Audience.RESTRICTED
    Report.objects.filter(pk=source.pk).update(audience=Audience.RESTRICTED)
    assert readers_of(report, cast) == set()


def test_a_prosecutor_reads_the_area_of_one_court(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert "gilles" in readers_of(report, cast)
    commune = vosges["Épinal"]
    from services.models import Court

    commune.court_override = Court.objects.create(
        code="88413", name="Tribunal judiciaire de Saint-Dié", department=vosges.department
    )
    commune.override_reason = "ressort corrigé"
    commune.save()
    assert "gilles" not in readers_of(report, cast)


def test_a_guest_reads_what_he_was_invited_to_until_the_instant_it_ends(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    other = factories.report(cast.diane, vosges["Golbey"])
    until = timezone.now() + timedelta(hours=1)
    invitations.invite(report, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    assert "rose" in readers_of(report, cast)
    assert "rose" in readers_of(report, cast, for_page=True)
    assert "rose" not in readers_of(other, cast)
    ReportMemberGrant.objects.update(
        starts_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now()
    )
    assert "rose" not in readers_of(report, cast)
    assert not cast.rose.has_perm("intel.read_report", report)


@pytest.mark.parametrize("for_page", [False, True])
def test_a_contributor_is_invited_within_his_department_and_beyond(
    cast, vosges, meurthe, for_page
):
    inside = factories.report(cast.diane, vosges["Épinal"], units=[cast.diane.unit])
    beyond = factories.report(cast.paul, meurthe["Nancy"])
    neighbour = factories.report(cast.paul, meurthe["Nancy"])
    opened = factories.report(cast.diane, vosges["Épinal"])

    def open_to_louise(report, by):
        now = timezone.now()
        until = now + timedelta(hours=1)
        invitations.open_to(cast.louise, report, by=by, until=until, reason="avis", since=now)

    open_to_louise(inside, cast.diane)

    def read():
        readable = access.readable_reports(cast.louise, for_page=for_page)
        return set(readable.values_list("pk", flat=True))

    assert read() == {opened.pk, inside.pk}
    open_to_louise(beyond, cast.paul)
    assert read() == {opened.pk, inside.pk, beyond.pk}
    assert neighbour.pk not in read()
    Report.objects.filter(pk__in=[inside.pk, beyond.pk]).update(state=State.DRAFT)
    assert read() == {opened.pk}


@pytest.mark.parametrize("for_page", [False, True])
def test_a_prosecutor_to_whom_a_report_is_opened_reads_it_in_his_area_alone(
    cast, vosges, meurthe, for_page
):
    inside = factories.report(cast.diane, vosges["Épinal"], units=[])
    outside = factories.report(cast.paul, meurthe["Nancy"])
    now = timezone.now()
    for report, by in ((inside, cast.diane), (outside, cast.paul)):
        ReportMemberGrant.objects.create(
            user=cast.gilles, content_object=report, by=by, reason="avis", starts_at=now,
            permission_id=access.permission_id(Report, "read_report"),
            expires_at=now + timedelta(hours=1),
        )  # fmt: skip
    assert "gilles" in readers_of(inside, cast, for_page=for_page)
    assert readers_of(outside, cast, for_page=for_page) == {"paul"}


@pytest.mark.parametrize("for_page", [False, True])
def test_a_draft_is_not_read_by_the_guests_that_its_unit_lodges(cast, vosges, for_page):
    """Whose unit sits on the very subject of the draft."""
    protocol = Protocol.objects.get(department=vosges.department)
    school = cast.rose.unit
    admit(
        school, protocol, by=None, standing="referent", starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=90), products=["ghb"],
    )  # fmt: skip
    nurse = factories.member("nadia", school, Role.LIAISON)
    draft = factories.report(nurse, vosges["Épinal"], products=["ghb"], draft=True)
    others = factories.report(cast.diane, vosges["Épinal"], products=["ghb"], draft=True)
    sent = factories.report(nurse, vosges["Épinal"], products=["ghb"])
    everybody = {**cast, "nadia": nurse}
    assert readers_of(draft, everybody, for_page=for_page) == {"nadia"}
    assert readers_of(others, everybody, for_page=for_page) == {"diane", "karim"}
    assert readers_of(sent, everybody, for_page=for_page) == {*READERS, "rose", "nadia"}


def test_only_the_owner_invites(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    until = timezone.now() + timedelta(hours=1)
    with pytest.raises(Exception, match="Seule l’unité contributrice"):
        invitations.invite(report, by=cast.anna, guest=cast.rose, until=until, reason="avis")


@pytest.mark.parametrize(
    "end",
    [
        {"ends_on": -1},
        {"suspended_from": 0},
        {"signed_on": None},
        {"starts_on": 1},
    ],
)
def test_the_end_of_a_protocol_ends_every_access_at_once(cast, vosges, end):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert readers_of(report, cast) == set(READERS)
    today = timezone.localdate()
    [(name, days)] = end.items()
    value = None if days is None else today + timedelta(days=days)
    Protocol.objects.filter(department=vosges.department).update(**{name: value})
    assert readers_of(report, cast) == set()


def test_withdrawing_a_unit_ends_its_access_and_no_other(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    protocol = Protocol.objects.get(department=vosges.department)
    withdraw(cast.louise.unit, protocol, by=cast.marc, why="fin de la convention")
    assert readers_of(report, cast) == set(READERS) - {"louise"}


def test_the_end_of_an_authorisation_ends_access(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    cast.louise.authorised_until = timezone.localdate() - timedelta(days=1)
    cast.louise.save()
    assert "louise" not in readers_of(report, cast)


def test_another_department_reads_nothing_of_ours(cast, vosges, meurthe):
    factories.report(cast.diane, vosges["Épinal"])
    factories.report(cast.paul, meurthe["Nancy"])
    assert access.readable_reports(cast.paul).count() == 1
    assert access.readable_reports(cast.anna).count() == 1


@pytest.mark.parametrize("name", ["claire", "tom", "ines"])
def test_prefecture_technique_and_dpo_read_no_report(cast, vosges, name):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert not access.readable_reports(cast[name]).filter(pk=report.pk).exists()
    assert not cast[name].has_perm("intel.read_report", report)


def test_a_restriction_changes_no_count_of_those_it_excludes(cast, vosges):
    """The same counts as if it did not exist."""
    factories.report(cast.diane, vosges["Épinal"])
    before = access.readable_reports(cast.bruno).count()
    factories.report(cast.diane, vosges["Golbey"], units=[cast.louise.unit])
    assert access.readable_reports(cast.bruno).count() == before
    assert access.countable_reports(cast.claire).count() == before


def test_editing_never_widens(cast, vosges):
    from intel.actions import reports

    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    reports.change(report, by=cast.karim, fields={"facts": "Autre texte."}, version=1)
    assert readers_of(report, cast) == {"diane", "karim", "louise"}


def test_release_opens_and_restrict_closes_with_no_grant_left_over(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    asked = sharing.ask_release(report, by=cast.diane, why="enquête close")
    sharing.confirm_release(asked, by=cast.karim)
    assert readers_of(report, cast) == set(READERS)
    assert not ReportGroupGrant.objects.filter(content_object=report).exists()
    narrowing = sharing.Narrowing(
        (cast.bruno.unit,), "inquiry", "", timezone.localdate() + timedelta(days=10)
    )
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    assert readers_of(report, cast) == {"diane", "karim", "bruno"}


def test_no_stranger_is_named(cast, vosges):
    with pytest.raises(Exception, match="participent au protocole"):
        factories.report(cast.diane, vosges["Épinal"], units=[cast.paul.unit])
    assert not Report.objects.unguarded(because="test").exists()


@pytest.mark.parametrize(
    "read",
    [
        list,
        len,
        bool,
        lambda rows: rows.count(),
        lambda rows: rows.first(),
        lambda rows: rows.get(),
        lambda rows: list(rows.values("reference")),
        lambda rows: list(rows.iterator()),
        lambda rows: rows.in_bulk(),
        lambda rows: rows.aggregate(n=Count("pk")),
        lambda rows: rows.delete(),
        lambda rows: rows | rows,
        lambda rows: rows.union(rows),
        lambda rows: rows[0],
        lambda rows: rows.answered() | rows,
        lambda rows: list(rows.answered().union(rows)),
    ],
)
def test_rows_refuse_before_anybody_said_for_whom(cast, vosges, read):
    factories.report(cast.diane, vosges["Épinal"])
    with pytest.raises(Unanswered):
        read(Report.objects.all())


def test_what_hangs_refuses_too(cast, vosges):
    report = factories.report(
        cast.diane, vosges["Épinal"], identifiers=[("plate", "AB-123-CD", "AB123CD")]
    )
    with pytest.raises(Unanswered):
        list(report.identifiers.all())
    assert type(report).objects is not None
    assert [i.value for i in report.identifiers.of(report)] == ["AB123CD"]


def test_the_backend_answers_from_the_one_function(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    says_yes = {name for name in cast if cast[name].has_perm("intel.read_report", report)}
    assert says_yes == {"diane", "karim", "louise"}
    assert not cast.paul.has_perm("intel.read_report")


def test_standing_is_asked_again_at_each_call_outside_a_request(
    cast, vosges, django_assert_num_queries
):
    with django_assert_num_queries(2):
        access.standing(cast.diane)
    with django_assert_num_queries(2):
        access.standing(cast.diane)
