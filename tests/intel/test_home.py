"""The home pages: every figure is that of the list it leads to, or says that it is a floor."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cross.nav import menu_of
from intel.access.seats import permission_id
from intel.actions import accords, complements, desk, life, operations, reports, unit_work
from intel.models import Referral, Report, ReportMemberGrant, Restriction, Step, Tasking, Visit
from intel.reading import home, visits
from intel.states import State
from services.models import Court
from tests import factories

HOME = reverse("home")


def since():
    return timezone.now() - timedelta(days=7)


def figures(page):
    return {figure.url: figure for group in page["groups"] for figure in group.figures}


def counts(page):
    """What is not zero, by its address."""
    return {url: figure.value.value for url, figure in figures(page).items() if figure.value}


def count_shown(client, url):
    """How many the list of this address says it holds."""
    context = client.get(url, follow=True).context
    if "board" in context and hasattr(context["board"], "waiting"):
        return len(context["board"].waiting) or len(context["board"].coordinated)
    if "told" in context:
        return context["told"].count
    if "requests" in context:
        is_task = url.endswith("#taches")
        return len(context["tasks"].ours if is_task else context["requests"].waiting)
    assert not context.get("count_capped")
    return getattr(context["count"], "value", context["count"])


@pytest.fixture
def waiting(cast, vosges):
    """Four to sort, one of them urgent; one to complete; one that the cell does not read."""
    made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(5)]
    life.move(made[3], by=cast.anna, target=State.URGENT, why="Arme visible")
    life.move(made[4], by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    return made


@pytest.fixture
def busy(cast, vosges, waiting):
    """Something of each kind: late, refused, expected, asked, in conflict, to review."""
    late, refused, taken = (
        factories.report(cast.diane, vosges["Épinal"], grade=("B", "2")) for _ in range(3)
    )
    for report in (late, refused, taken):
        for target in (State.SORTED, State.GRADED):
            life.move(report, by=cast.anna, target=target)
        life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
    Tasking.objects.of(late).update(answer_by=timezone.localdate() - timedelta(days=2))
    life.move(refused, by=cast.louise, target=State.DECLINED, why="Hors secteur")
    life.move(taken, by=cast.louise, target=State.ACKNOWLEDGED)
    held = factories.report(cast.diane, vosges["Golbey"], handling="H2")
    accords.ask(held, by=cast.louise, recipient="Parquet", why="Réquisition")
    restricted = factories.report(cast.diane, vosges["Golbey"], units=[])
    soon = timezone.localdate() + timedelta(days=3)
    Restriction.objects.of(restricted).update(review_on=soon)
    factories.report(cast.diane, vosges["Golbey"], draft=True)
    old = timezone.now() - timedelta(days=20)
    Report.objects.filter(pk=waiting[0].pk).update(received_at=old)
    start = timezone.now() + timedelta(days=2)
    for by in (cast.louise, cast.diane):
        spans = (start, start + timedelta(hours=1))
        operations.declare(
            operations.Plan("search", vosges["Épinal"], *spans, "Adj. Essai"), by=by
        )
    return waiting


def test_the_cell_finds_what_waits_by_kind(cast, busy):
    found = counts(home.of_the_cell(cast.marc, since()))
    tasked = f"{reverse('tasking_list')}?vue=cellule&file="
    assert found == {
        f"{reverse('triage_queue')}?urgent=on": 1,
        reverse("triage_queue"): 5,
        f"{reverse('triage_queue')}?voir=retard": 1,
        f"{tasked}en-retard": 1,
        f"{tasked}refusees": 1,
        f"{tasked}attendues": 2,
        f"{reverse('report_list')}?etat=a_completer": 1,
        reverse("deconfliction"): 1,
        f"{reverse('since_visit')}?quoi=nouvelles": 9,
        f"{reverse('since_visit')}?quoi=repondues": 2,
    }


@pytest.mark.parametrize("who", ["anna", "marc", "diane", "louise", "bruno", "gilles"])
def test_each_line_counts_the_list_that_it_opens(cast, enter, busy, who):
    client = enter(cast[who])
    page = client.get(HOME).context
    for url, figure in figures(page).items():
        assert count_shown(client, url) == figure.value.value, url


def test_an_owner_finds_what_is_asked_and_what_is_late(cast, busy):
    found = counts(home.of_a_liaison(cast.diane, since()))
    assert found[reverse("request_list")] == found[reverse("restriction_list")] == 1
    assert found[reverse("deconfliction")] == 1
    assert (
        counts(home.of_a_liaison(cast.louise, since()))[
            f"{reverse('tasking_list')}?file=en-retard"
        ]
        == 1
    )
    assert counts(home.of_a_liaison(cast.paul, since())) == {}


def test_what_is_said_to_a_unit_waits_on_its_home(cast, enter, vosges):
    report = factories.report(cast.louise, vosges["Épinal"])
    words = {"text": "Connaissez-vous ce véhicule ?", "units": [cast.diane.unit]}
    complements.add(report, by=cast.louise, sent="0" * 32, **words)
    url = f"{reverse('notification_list')}?sujet=mention.made"
    found = figures(home.of_a_liaison(cast.karim, since()))[url]
    assert (found.value.value, found.words) == (1, "message adressé à votre unité")
    assert count_shown(enter(cast.karim), url) == 1
    for who in ("louise", "bruno"):
        assert url not in counts(home.of_a_liaison(cast[who], since()))
    assert url not in counts(home.of_the_cell(cast.anna, since()))
    assert counts(home.of_a_liaison(cast.paul, since())) == {}


@pytest.mark.parametrize(
    ("to", "waits_for"), [("marc", {"marc"}), (None, {"marc", "anna"}), ("anna", {"anna"})]
)
def test_a_task_waits_for_whoever_it_was_given_to(cast, enter, vosges, to, waits_for):
    """On the home, in the menu and on the page of requests; for no other unit."""
    report = factories.report(cast.diane, vosges["Épinal"])
    unit_work.give(report, by=cast.anna, what="Rappeler le bailleur", to=to and cast[to])
    url = f"{reverse('request_list')}#taches"
    for who in ("marc", "anna"):
        waits = int(who in waits_for)
        assert figures(home.of_the_cell(cast[who], since()))[url].value.value == waits
        [badge] = [entry.count for entry in menu_of(cast[who], "/") if entry.label == "Demandes"]
        assert (count_shown(enter(cast[who]), url), badge) == (waits, waits)
        assert "Rappeler le bailleur" in enter(cast[who]).get(url).content.decode()
    for who in ("diane", "louise", "paul"):
        assert url not in counts(home.of_a_liaison(cast[who], since()))


def test_what_is_given_to_an_analyst_waits_on_his_home(cast, waiting):
    desk.assign(waiting[1], by=cast.marc, to=cast.anna)
    url = f"{reverse('triage_queue')}?voir=moi"
    assert counts(home.of_the_cell(cast.anna, since()))[url] == 1
    assert url not in counts(home.of_the_cell(cast.marc, since()))


@pytest.mark.parametrize(("who", "is_quiet"), [("diane", False), ("louise", True)])
def test_a_quiet_day_says_what_can_be_done(cast, enter, waiting, who, is_quiet):
    page = enter(cast[who]).get(HOME).content.decode()
    assert page.count("Rien n’attend votre unité") == is_quiet
    assert waiting[0].reference not in enter(cast.paul).get(HOME).content.decode()


def test_what_is_asked_and_what_is_late(cast, enter, vosges):
    for days in (-2, 3):
        report = factories.report(cast.diane, vosges["Épinal"], grade=("B", "2"))
        for target in (State.SORTED, State.GRADED):
            life.move(report, by=cast.anna, target=target)
        life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
        until = timezone.localdate() + timedelta(days=days)
        Tasking.objects.of(report).update(answer_by=until)
    asked = home.of_a_liaison(cast.louise, since())
    assert figures(asked)[reverse("tasking_list")].value.value == 2
    assert [tasking.is_late for tasking in asked["asked"]] == [True, False]
    expected = f"{reverse('tasking_list')}?vue=cellule&file=attendues"
    assert figures(home.of_the_cell(cast.anna, since()))[expected].value.value == 2
    assert home.of_a_liaison(cast.paul, since())["asked"] == []


def of_group(page, title):
    """{address: how many} of the figures of one group."""
    [group] = [group for group in page["groups"] if group.title == title]
    return {figure.url: figure.value.value for figure in group.figures}


def test_what_is_late_is_said_and_what_comes_is_not_late(cast, enter, vosges, settings):
    settings.RETURN_DAYS = 5
    returns = []
    for days in (4, 6):
        report = factories.report(cast.diane, vosges["Épinal"], grade=("B", "2"))
        for target in (State.SORTED, State.GRADED):
            life.move(report, by=cast.anna, target=target)
        life.move(report, by=cast.anna, target=State.NO_FURTHER_ACTION, why="Rien de plus")
        since_then = timezone.now() - timedelta(days=days)
        Step.objects.of(report).filter(target=State.NO_FURTHER_ACTION).update(at=since_then)
        returns.append(report)
    asked = factories.report(
        cast.diane, vosges["Épinal"], received_at=timezone.now() - timedelta(days=20)
    )
    life.move(asked, by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    for days in (0, 3):
        restricted = factories.report(cast.anna, vosges["Golbey"], units=[])
        review_on = timezone.localdate() + timedelta(days=days)
        Restriction.objects.of(restricted).update(review_on=review_on)
    late = of_group(home.of_the_cell(cast.anna, since()), "En retard")
    owed = f"{reverse('report_list')}?etat=retour_a_faire&retour=en_retard"
    assert {url: number for url, number in late.items() if number} == {
        f"{reverse('triage_queue')}?file=completer&voir=retard": 1,
        owed: 1,
        f"{reverse('restriction_list')}?voir=depassees": 1,
    }
    for url, number in late.items():
        assert count_shown(enter(cast.anna), url) == number, url
    listed = enter(cast.anna).get(owed).content.decode()
    assert returns[1].reference in listed
    assert returns[0].reference not in listed
    # When the cell decided is not for every reader of the list to filter by.
    assert "n’est pas un choix" in enter(cast.louise).get(owed).content.decode()


def test_beyond_what_is_counted_a_figure_says_so(cast, enter, waiting, monkeypatch):
    monkeypatch.setattr("intel.reading.capped.COUNTED_UP_TO", 2)
    found = figures(home.of_the_cell(cast.anna, since()))[reverse("triage_queue")]
    assert (str(found.value), found.words) == ("plus de 2", "à trier")
    client = enter(cast.anna)
    assert "plus de 2" in client.get(HOME).content.decode()
    queue = client.get(reverse("triage_queue"), follow=True)
    assert "plus de <strong>2</strong>" in queue.content.decode()
    assert len(queue.context["side"].page) == 4


def test_what_is_new_since_a_visit_is_read_from_the_rule(cast, enter, vosges, busy):
    """Nothing of one's own, nothing hidden, nothing older; the same for the page and its tabs."""
    before = timezone.now()
    shown = factories.report(cast.diane, vosges["Épinal"])
    factories.report(cast.diane, vosges["Épinal"], units=[])
    draft = factories.report(cast.diane, vosges["Épinal"], draft=True)
    mine = factories.report(cast.louise, vosges["Épinal"])
    found = visits.rows_of(cast.louise, before)["nouvelles"]
    assert set(found) == {shown}
    # Written long ago, sent today: new to whoever reads it now.
    Report.objects.filter(pk=draft.pk).update(created_at=before - timedelta(days=90))
    life.move(draft, by=cast.diane, target=State.RECEIVED)
    assert set(visits.rows_of(cast.louise, before)["nouvelles"].all()) == {shown, draft}
    reports.change(busy[1], by=cast.diane, fields={"place": "Le port"}, version=1)
    complements.add(busy[2], by=cast.louise, text="Vu aussi à Golbey.")
    assert set(visits.rows_of(cast.bruno, before)["modifiees"]) == {busy[1], busy[2]}
    assert set(visits.rows_of(cast.louise, before)["modifiees"]) == {busy[1]}
    assert [set(rows) for rows in visits.rows_of(cast.paul, before).values()] == [set()] * 3
    page = enter(cast.louise).get(reverse("since_visit"), {"quoi": "inconnu"})
    assert mine.reference not in page.content.decode()


def test_the_last_visit_is_written_once_a_sign_in(cast, enter):
    client = enter(cast.louise)
    first = visits.since_of(client.session)
    for _ in range(3):
        client.get(HOME)
    visit = Visit.objects.get(member=cast.louise)
    assert (visit.before, visits.since_of(client.session)) == (None, first)
    # Signed in again within the hour: the same visit.
    assert visits.since_of(enter(cast.louise).session) == first
    came = timezone.now() - timedelta(days=2)
    Visit.objects.filter(pk=visit.pk).update(at=came)
    assert visits.since_of(enter(cast.louise).session) == came
    assert visits.since_of(enter(cast.louise).session) == came
    assert visits.since_of({}) < timezone.now() - timedelta(days=6)


def test_what_is_new_asks_as_much_for_one_as_for_many(cast, enter, vosges, waiting):
    client, address = enter(cast.louise), reverse("since_visit")

    def asked():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    asked()
    few = asked()
    for _ in range(20):
        factories.report(cast.diane, vosges["Épinal"])
    assert asked() == few <= 15


def test_a_court_finds_what_it_was_sent_and_since_when(cast, enter, vosges):
    """Among what its prosecutor reads, and of his own court alone."""
    today = timezone.localdate()

    def sent(commune, *, days, court=cast.gilles.unit.court, **fields):
        fields = {"received_at": timezone.now() - timedelta(days=20)} | fields
        report = factories.report(cast.diane, vosges[commune], **fields)
        Referral.objects.create(
            report=report,
            unit=cast.diane.unit,
            court=court,
            sent_on=today - timedelta(days=days),
            by=cast.diane,
        )
        return report

    recent, old = sent("Épinal", days=2), sent("Golbey", days=10)
    sent("Épinal", days=3, units=[])
    here = cast.gilles.unit.court
    other = Court.objects.create(code="88999", name="Ailleurs", department=here.department)
    sent("Épinal", days=4, court=other)
    told = home.of_a_reader(cast.gilles, since())["sent"]
    assert [each.report for each in told.rows] == [old, recent]
    assert (told.count, told.waiting) == (2, 2)
    page = enter(cast.gilles).get(HOME).content.decode()
    assert "Transmises à votre tribunal" in page
    assert "il y a 10" in page
    assert (
        "transmissions attendent que la décision soit connue, les plus anciennes d’abord" in page
    )
    assert "L’unité qui a noté la transmission note aussi la décision" in page
    Referral.objects.filter(report=old).update(
        decision="ouverte", decided_on=today, decision_by=cast.diane
    )
    page = enter(cast.gilles).get(HOME).content.decode()
    assert "transmission attend que la décision soit connue. L’unité" in page
    assert ", décision du " in page
    for who in ("rose", "claire", "diane", "paul"):
        assert "à votre tribunal" not in enter(cast[who]).get(HOME).content.decode()


def test_a_court_finds_no_more_of_what_it_is_invited_to_than_the_sheet_tells(cast, enter, vosges):
    report = factories.report(
        cast.diane, vosges["Épinal"], units=[], received_at=timezone.now() - timedelta(days=20)
    )
    today = timezone.localdate()
    Referral.objects.create(
        report=report,
        unit=cast.diane.unit,
        court=cast.gilles.unit.court,
        sent_on=today - timedelta(days=3),
        by=cast.diane,
    )
    ReportMemberGrant.objects.create(
        user=cast.gilles,
        content_object=report,
        permission_id=permission_id(Report, "read_report"),
        starts_at=timezone.now() - timedelta(days=1),
        expires_at=timezone.now() + timedelta(days=7),
        by=cast.diane,
    )
    gilles = enter(cast.gilles)
    sheet = gilles.get(report.get_absolute_url())
    assert sheet.status_code == 200
    assert 'id="parquet"' not in sheet.content.decode()
    home_page = gilles.get(HOME).content.decode()
    assert report.reference in home_page, "among what he is invited to"
    assert "#parquet" not in home_page
