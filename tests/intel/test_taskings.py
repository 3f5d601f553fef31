"""What units are asked: who is told, what is late, what came of it, which court was seized."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cross import gate
from cross.audit.models import Entry
from intel import access
from intel.actions import handovers, life, referrals, reminders
from intel.models import (
    Audience,
    Feedback,
    Informed,
    Referral,
    Reminder,
    Report,
    ReportGroupGrant,
    Step,
    Tasking,
)
from intel.models.choices import FIGURES
from intel.reading import rates
from intel.states import State
from intel.summaries.days import midnight
from tests import factories

LIST = reverse("tasking_list")
STAMPS = r'(csrfmiddlewaretoken" value=|data-token=)"[^"]+"|\d{1,2} h \d{2}|\d{1,2}:\d{2}|\d+ ms'


@pytest.fixture
def direct(cast, vosges):
    """`direct(unit, informed=…)` gives a report of Diane's in the hands of that unit."""

    def made(unit, *, units=None, **said):
        report = factories.report(cast.diane, vosges["Épinal"], grade=("B", "2"), units=units)
        for target in (State.SORTED, State.GRADED):
            life.move(report, by=cast.anna, target=target)
        return life.move(report, by=cast.anna, target=State.DIRECTED, unit=unit, **said)

    return made


def tasking_of(report):
    return Tasking.objects.of(report).latest("at")


def tabs(client, **query):
    board = client.get(LIST, query).context["board"]
    return {tab.name: count.value for tab, count, _ in board.tabs}


# --- For information ----------------------------------------------------------------------------


def test_units_are_told_for_information_and_it_opens_nothing(cast, direct, enter):
    report = direct(cast.louise.unit, informed=[cast.bruno.unit, cast.louise.unit])
    told = Informed.objects.of(report).values_list("unit", flat=True)
    assert list(told) == [cast.bruno.unit_id]  # the unit in charge is not told apart
    sheet = enter(cast.diane).get(report.get_absolute_url()).content.decode()
    assert "Pour information" in sheet
    assert tabs(enter(cast.bruno))["information"] == 1
    assert tabs(enter(cast.bruno))["attendues"] == 0
    assert tabs(enter(cast.louise))["attendues"] == 1
    line = Entry.objects.filter(verb="report.tasked").latest("pk")
    assert line.recipients.endswith(f"pour information : {cast.bruno.unit}")
    assert tabs(enter(cast.paul))["information"] == 0


def test_nobody_is_told_of_what_he_does_not_read(cast, direct, enter):
    named = [cast.anna.unit, cast.louise.unit]
    with pytest.raises(ValidationError, match="informer n’ouvre rien"):
        direct(cast.louise.unit, units=named, informed=[cast.bruno.unit])
    report = direct(cast.louise.unit, units=[*named, cast.bruno.unit], informed=[cast.bruno.unit])
    assert tabs(enter(cast.bruno))["information"] == 1
    # What was told is told no more once the unit reads the report no more.
    ReportGroupGrant.objects.filter(content_object=report, group=cast.bruno.unit.group).delete()
    assert tabs(enter(cast.bruno))["information"] == 0
    assert (
        report.reference
        not in enter(cast.bruno).get(LIST, {"file": "information"}).content.decode()
    )


# --- The page -----------------------------------------------------------------------------------


def test_what_is_expected_in_hand_late_and_answered(cast, direct, enter):
    louise = enter(cast.louise)
    silent, late, taken, done, refused = (direct(cast.louise.unit) for _ in range(5))
    long_ago = timezone.now() - timedelta(days=6)
    Tasking.objects.of(silent).update(at=long_ago)
    Tasking.objects.of(late).update(answer_by=timezone.localdate() - timedelta(days=1))
    for report in (late, taken, done):
        life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    life.move(done, by=cast.louise, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])
    life.move(refused, by=cast.louise, target=State.DECLINED, why="Hors secteur")
    assert tabs(louise) == {
        "attendues": 3, "a-prendre": 1, "en-cours": 2, "en-retard": 2, "repondues": 2,
        "information": 0,
    }  # fmt: skip
    page = louise.get(LIST, {"file": "en-retard"}).content.decode()
    assert "Prise en compte en retard de 1\u00a0jour</" in page
    assert "Réponse en retard de 1\u00a0jour</" in page
    assert (silent.reference in page, taken.reference in page) == (True, False)
    # The cell follows them all; the refusal waits for another direction.
    cell = tabs(enter(cast.anna), vue="cellule")
    assert (cell["attendues"], cell["refusees"], cell["repondues"]) == (3, 1, 2)
    life.move(refused, by=cast.anna, target=State.DIRECTED, unit=cast.bruno.unit)
    assert tabs(enter(cast.anna), vue="cellule")["refusees"] == 0
    assert tabs(enter(cast.bruno))["a-prendre"] == 1
    assert [each.answer for each in Tasking.objects.of(refused).order_by("at")] == ["refuse", ""]
    for who in ("diane", "bruno"):
        assert tabs(enter(cast[who]), vue="cellule").get("refusees") is None
    assert set(tabs(enter(cast.paul)).values()) == {0}
    for who in ("gilles", "claire", "tom"):
        assert enter(cast[who]).get(LIST).status_code == 403


def test_whoever_directs_finds_every_unit_first_and_may_choose_his_own(cast, direct, enter):
    direct(cast.louise.unit)
    anna = enter(cast.anna)
    page = anna.get(LIST)
    assert page.context["board"].of_the_cell
    assert re.search(
        r'"page">Toutes les unités<.*"\?vue=mienne">Mon unité<', page.content.decode(), re.S
    )
    menu = re.search(r">Orientations (.*?)</a>", page.content.decode()).group(1)
    assert menu.startswith('<span class="cx-count">1<')  # as many as the page it leads to
    assert (tabs(anna)["attendues"], tabs(anna, vue="mienne")["attendues"]) == (1, 0)
    assert tabs(anna, file="information")["information"] == 0
    assert not enter(cast.bruno).get(LIST).context["board"].may_follow_all
    assert set(tabs(enter(cast.bruno), vue="cellule").values()) == {0}


def test_late_says_which_of_the_two_is_late(cast, direct, enter):
    """Expected in a week, it may be late to be taken in hand already."""
    report = direct(cast.louise.unit)
    old = timezone.now() - timedelta(days=settings.ACKNOWLEDGE_DAYS, hours=1)
    soon, past = (timezone.localdate() + timedelta(days=days) for days in (7, -1))
    Tasking.objects.of(report).update(at=old, answer_by=soon)
    pages = (LIST, report.get_absolute_url(), "/")

    def words():
        client = enter(cast.louise)
        return [client.get(each).content.decode() for each in pages]

    assert all("Prise en compte en retard" in each for each in words())
    assert not any("Réponse en retard" in each for each in words())
    Tasking.objects.of(report).update(answer_by=past)
    assert all("Réponse en retard" in each for each in words())


def test_who_has_not_answered_is_found_by_unit_the_late_first(cast, direct, enter):
    soon, late, other = direct(cast.louise.unit), direct(cast.louise.unit), direct(cast.bruno.unit)
    six_days_ago = timezone.localdate() - timedelta(days=6)
    Tasking.objects.of(late).update(answer_by=six_days_ago)
    at = timezone.now() - timedelta(days=settings.ACKNOWLEDGE_DAYS + 2)
    Tasking.objects.of(other).update(at=at)
    anna, asked = enter(cast.anna), {"vue": "cellule"}
    board = anna.get(LIST, asked).context["board"]
    assert [(unit.label, unit.count, unit.late) for unit in board.units] == [
        (str(cast.louise.unit), 2, 1),
        (str(cast.bruno.unit), 1, 1),
    ]
    # Not taken in hand, it is late though its answer is expected later than another's.
    assert [each.report_id for each in board.page] == [late.pk, other.pk, soon.pk]
    asked["unite"] = cast.bruno.unit_id
    answer = anna.get(LIST, asked)
    page = answer.content.decode()
    assert [each.report_id for each in answer.context["board"].page] == [other.pk]
    assert tabs(anna, **asked)["attendues"] == 1
    assert f"unite={cast.bruno.unit_id}&amp;file=en-cours" in page, "kept from tab to tab"
    assert "Prise en compte en retard de 2\u00a0jours" in page
    # Nothing there for it: the filter holds and can be taken off.
    empty = anna.get(LIST, asked | {"file": "en-cours"})
    assert len(empty.context["board"].page) == 0
    assert [chip["text"] for chip in empty.context["chosen"]] == [str(cast.bruno.unit)]
    for forged in ("0", "x", "9" * 20, "²"):
        assert anna.get(LIST, asked | {"unite": forged}).context["count"] == 3
    assert "f-unite-" not in enter(cast.louise).get(LIST, asked).content.decode()


def test_once_answered_the_next_one_is_offered(cast, direct, enter):
    first, second = direct(cast.louise.unit), direct(cast.louise.unit, instruction="Vérifier.")
    client = enter(cast.louise)
    asked = client.get(second.get_absolute_url()).content.decode()
    assert "Orientée vers votre unité" in asked
    assert "Consigne\u00a0: Vérifier." in asked or "Consigne&nbsp;: Vérifier." in asked
    for who in ("diane", "anna", "bruno"):
        page = enter(cast[who]).get(second.get_absolute_url()).content.decode()
        assert "Orientée vers votre unité" not in page
    told = "Orientation suivante"
    for report, follows in ((second, first), (first, None)):
        said = {"vers": State.DECLINED, "vu": State.DIRECTED, "why": "Hors secteur"}
        page = client.post(f"{report.get_absolute_url()}etape/", said, follow=True)
        html = page.content.decode()
        assert (told in html) is (follows is not None)
        assert follows is None or follows.get_absolute_url() in html
        assert f'href="{LIST}">toutes les orientations' in html
    assert told not in enter(cast.anna).get(first.get_absolute_url()).content.decode()
    assert enter(cast.paul).get(first.get_absolute_url()).status_code == 404


def test_a_hidden_direction_changes_nothing_for_the_others(cast, direct, enter):
    """Directed to one unit and told to nobody else: neither page nor count of another moves."""
    pages = [LIST, f"{LIST}?vue=cellule", f"{LIST}?file=information", reverse("rates_page"), "/"]

    def seen():
        return {
            (who, page): re.sub(STAMPS, "", enter(cast[who]).get(page).content.decode())
            for who in ("bruno", "gilles", "paul")
            for page in pages
        }

    seen()  # the first visit is not like the next
    before = seen()
    hidden = direct(cast.louise.unit, units=[cast.anna.unit, cast.louise.unit])
    life.move(hidden, by=cast.louise, target=State.ACKNOWLEDGED)
    life.move(hidden, by=cast.louise, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])
    assert seen() == before
    assert (
        hidden.reference
        in enter(cast.anna).get(f"{LIST}?vue=cellule&file=repondues").content.decode()
    )


# --- What came of it ----------------------------------------------------------------------------


def test_an_outcome_is_of_the_list_with_its_number(cast, direct, enter):
    report = direct(cast.louise.unit)
    life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    address = reverse("move_report", args=[report.reference])
    said = {"vers": "exploite", "vu": "pris_en_compte", "why": "Deux passages."}
    client = enter(cast.louise)
    assert "Choisissez au moins un résultat" in client.post(address, said).content.decode()
    wrong = client.post(address, {**said, "outcomes": ["connu"]})
    assert wrong.status_code == 422
    alone = client.post(address, {**said, "outcomes": ["joint"], "arrested": 2})
    assert "Cochez «\xa0Interpellation\xa0»" in alone.content.decode().replace(
        "« ", "«\xa0"
    ).replace(" »", "\xa0»")
    client.post(
        address, {**said, "outcomes": ["interpellation", "saisie"], "arrested": 2, "grams": 150}
    )
    tasking = tasking_of(report)
    assert (tasking.outcomes, tasking.arrested, tasking.grams) == (
        ["saisie", "interpellation"],
        2,
        150,
    )
    sheet = client.get(report.get_absolute_url()).content.decode()
    assert "Interpellation (2" in sheet
    # Taken back, it is as it was: in hand since the same minute, without any outcome.
    life.undo(report, by=cast.louise)
    tasking = tasking_of(report)
    assert (tasking.answer, tasking.outcomes, tasking.arrested) == ("pris_en_compte", [], None)
    assert tasking.answered_by == cast.louise
    life.undo(report, by=cast.louise)
    tasking = tasking_of(report)
    assert (tasking.answer, tasking.answered_by, tasking.answered_at) == ("", None, None)
    assert enter(cast.paul).post(address, said).status_code == 404


def test_what_the_cell_closes_leaves_the_refusal_of_the_unit(cast, direct):
    report = direct(cast.louise.unit)
    life.move(report, by=cast.louise, target=State.DECLINED, why="Hors secteur")
    life.move(report, by=cast.anna, target=State.NO_FURTHER_ACTION, why="Personne d’autre")
    tasking = tasking_of(report)
    assert (tasking.answer, tasking.outcome) == ("refuse", "Hors secteur")


# --- The court ----------------------------------------------------------------------------------


def test_the_unit_in_charge_says_which_court_and_what_it_decided(cast, direct, enter, vosges):
    report = direct(cast.louise.unit)
    address = reverse("refer_report", args=[report.reference])
    client = enter(cast.louise)
    assert client.get(address).status_code == 404  # not before it has taken it
    life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    form = client.get(address).context["form"]
    assert form.initial["court"] == vosges.court.pk
    today = timezone.localdate()
    said = {
        "court": vosges.court.pk, "sent_on": today.strftime("%d/%m/%Y"), "decision": "",
        "decided_on": "", "sent": "a" * 32,
    }  # fmt: skip
    for _ in range(2):
        assert client.post(address, said).status_code == 302
    referral = Referral.objects.of(report).get()
    sheet = enter(cast.diane).get(report.get_absolute_url()).content.decode()
    assert vosges.court.name in sheet
    assert "décision pas encore connue" in sheet
    change = reverse("change_referral", args=[referral.key])
    assert client.post(change, {**said, "decision": "ouverte"}).status_code == 422
    client.post(change, {**said, "decision": "ouverte", "decided_on": said["sent_on"]})
    assert "Enquête ouverte" in enter(cast.anna).get(report.get_absolute_url()).content.decode()
    verbs = Entry.objects.filter(
        target=report.reference, verb__in=["report.referred", "referral.decided"]
    )
    assert set(verbs.values_list("verb", flat=True)) == {"report.referred", "referral.decided"}
    for who in ("diane", "bruno", "anna", "gilles", "paul"):
        assert enter(cast[who]).get(address).status_code == 404
        assert enter(cast[who]).post(change, said).status_code == 404
    assert client.get(reverse("change_referral", args=[uuid4()])).status_code == 404
    with pytest.raises(PermissionDenied):
        referrals.refer(report, by=cast.bruno, court=vosges.court, sent_on=today)


def test_a_court_is_seized_after_the_report_came_and_before_tomorrow(cast, direct, vosges):
    report = direct(cast.louise.unit)
    life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    today = timezone.localdate()
    for day in (today + timedelta(days=1), today - timedelta(days=400)):
        with pytest.raises(ValidationError):
            referrals.refer(report, by=cast.louise, court=vosges.court, sent_on=day)
    assert not Referral.objects.of(report).exists()


# --- Reminders ----------------------------------------------------------------------------------


def kinds_of(report):
    return sorted(Reminder.objects.of(report).values_list("kind", flat=True))


def test_whoever_is_silent_is_reminded_once(cast, direct):
    silent, late, answered, owed = (direct(cast.louise.unit) for _ in range(4))
    week = timezone.now() - timedelta(days=7)
    Tasking.objects.of(silent).update(at=week)
    life.move(late, by=cast.louise, target=State.ACKNOWLEDGED)
    Tasking.objects.of(late).update(answer_by=timezone.localdate() - timedelta(days=1))
    for report in (answered, owed):
        life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
        life.move(report, by=cast.louise, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])
    Step.objects.of(owed).update(at=week)
    assert reminders.remind() == 3
    assert reminders.remind() == 0
    assert [kinds_of(each) for each in (silent, late, answered, owed)] == [
        ["acknowledge"], ["answer"], [], ["return"]
    ]  # fmt: skip
    told = Entry.objects.filter(verb="tasking.reminded").values_list("recipients", flat=True)
    assert sorted(told) == sorted([str(cast.louise.unit)] * 2 + ["cellule"])


def told(cast, kind):
    """Who finds an unseen notification of that kind."""
    return {
        who
        for who, member in cast.items()
        if access.unseen_notifications(member).filter(kind=kind).exists()
    }


def test_who_is_reminded_reads_it_once_and_nobody_else(cast, direct):
    """The night made twice, by two beats: one notification a person."""
    silent, owed = direct(cast.louise.unit, informed=[cast.bruno.unit]), direct(cast.bruno.unit)
    week = timezone.now() - timedelta(days=7)
    Tasking.objects.of(silent).update(at=week)
    life.move(owed, by=cast.bruno, target=State.ACKNOWLEDGED)
    life.move(owed, by=cast.bruno, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])
    life.move(owed, by=cast.anna, target=State.FED_BACK, feedback=Feedback.Outcome.USEFUL)
    life.undo(owed, by=cast.anna)
    Step.objects.of(owed).update(at=week)
    assert [reminders.remind(), reminders.remind()] == [2, 0]
    assert told(cast, "tasking.unacknowledged") == {"louise"}
    assert told(cast, "feedback.due") == {"anna", "marc"}
    assert told(cast, "tasking.informed") == {"bruno"}
    louise = access.unseen_notifications(cast.louise).filter(kind="tasking.unacknowledged")
    assert louise.count() == 1
    for who in ("bruno", "diane", "paul"):
        assert not access.unseen_notifications(cast[who]).filter(
            report=silent, kind="tasking.unacknowledged"
        )


def test_a_direction_taken_back_takes_its_reminder_with_it(cast, direct):
    report = direct(cast.louise.unit)
    Tasking.objects.of(report).update(at=timezone.now() - timedelta(days=7))
    assert reminders.remind() == 1
    life.undo(report, by=cast.anna)
    assert kinds_of(report) == []
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.bruno.unit)
    assert reminders.remind() == 0


def test_the_style_sheet_shows_a_number_with_each_outcome_that_asks_one():
    """The only place that names the codes again, to do without script."""
    style = (settings.BASE_DIR / "static/css/followup.css").read_text()
    pairs = re.findall(r'\[value="(\w+)"\]:checked.*?\[data-outcome="(\w+)"\]', style)
    asked = {figure.outcome.value for figure in FIGURES}
    assert sorted(pairs) == sorted((code, code) for code in asked)


# --- Rates --------------------------------------------------------------------------------------


def test_rates_are_of_what_their_reader_reads(cast, direct, enter, vosges):
    report = direct(cast.louise.unit)
    life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    life.move(report, by=cast.louise, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])
    life.move(report, by=cast.anna, target=State.FED_BACK, feedback=Feedback.Outcome.USEFUL)
    factories.report(cast.diane, vosges["Épinal"])
    own = rates.board_of(cast.diane).own.total
    assert (own.brought, own.told, own.directed, own.used) == (2, 1, 1, 1)
    assert (own.of_return, own.of_use) == (50, 100)
    assert rates.board_of(cast.louise).own.total == rates.Rate()
    assert rates.board_of(cast.louise).units is None
    units = {line.name: line.total.brought for line in rates.board_of(cast.marc).units}
    assert units == {str(cast.diane.unit): 2}
    before = {who: rates.board_of(cast[who]) for who in ("louise", "bruno", "marc", "paul")}
    factories.report(cast.diane, vosges["Épinal"], units=[])
    assert {who: rates.board_of(cast[who]) for who in before} == before
    assert rates.board_of(cast.diane).own.total.brought == 3
    assert before["paul"].whole.total == rates.Rate()
    assert enter(cast.gilles).get(reverse("rates_page")).status_code == 403


def exploited(report, *, by):
    life.move(report, by=by, target=State.ACKNOWLEDGED)
    return life.move(report, by=by, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])


def test_a_unit_s_own_rates_say_nothing_of_what_it_reads_no_more(cast, direct):
    report = direct(cast.bruno.unit)
    proposed = handovers.propose(report, by=cast.diane, target=cast.louise.unit, why="Secteur")
    report = handovers.accept(proposed, by=cast.louise)
    assert rates.board_of(cast.diane).own.total == rates.Rate(brought=1, directed=1)
    Report.objects.filter(pk=report.pk).update(audience=Audience.RESTRICTED)
    gate.forget()
    assert rates.board_of(cast.diane).own.total == rates.Rate(brought=1)
    Tasking.objects.of(report).update(answer=State.EXPLOITED)
    assert rates.board_of(cast.diane).own.total == rates.Rate(brought=1)


def test_a_duplicate_leaves_no_hole_in_the_rates_of_its_unit(cast, vosges):
    """The other report may be hidden from it: it is told « retenue », and its figures agree."""
    hidden = factories.report(cast.louise, vosges["Épinal"], units=[cast.anna.unit])
    report = factories.report(cast.diane, vosges["Épinal"])
    life.move(report, by=cast.anna, target=State.DUPLICATE, original=hidden)
    assert rates.board_of(cast.diane).own.total.brought == 1
    assert rates.board_of(cast.diane).whole.total.brought == 0


def test_what_was_reopened_counts_and_what_was_put_away_out_of_scope_does_not(cast, direct):
    report = direct(cast.louise.unit)
    exploited(report, by=cast.louise)
    life.move(report, by=cast.anna, target=State.FED_BACK, feedback=Feedback.Outcome.USEFUL)
    life.move(report, by=cast.anna, target=State.ARCHIVED)
    # As if it had been left out and reopened before.
    Step.objects.create(
        report=report, origin=State.RECEIVED, target=State.OUT_OF_SCOPE, by=cast.anna
    )
    told = rates.Rate(brought=1, told=1, directed=1, used=1)
    assert rates.board_of(cast.diane).own.total == told
    Step.objects.of(report).filter(target=State.ARCHIVED).update(origin=State.OUT_OF_SCOPE)
    assert rates.board_of(cast.diane).own.total == rates.Rate()


def test_a_quarter_begins_at_the_midnight_of_its_place(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    start = midnight(rates.board_of(cast.diane).quarters[-1].start)
    for at, brought in ((start, 1), (start - timedelta(seconds=1), 0)):
        Report.objects.filter(pk=report.pk).update(received_at=at)
        assert rates.board_of(cast.diane).own.total.brought == brought
