"""Asking for a report one was given the reference of: nothing but a grant tells anything."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import handovers, requests
from intel.models import AccessRequest, HandlingAccord, Report, ReportMemberGrant
from tests import factories
from tests.meanwhile import while_it_is_accepted

ABSENT = "CROSS-88-2026-99999"
WHY = "Plaque donnée au téléphone par la brigade"


@pytest.fixture
def hidden(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], units=[], facts="Une nourrice au 3e.")


@pytest.fixture
def foreign(cast, meurthe):
    return factories.report(cast.paul, meurthe["Nancy"])


def ask(client, reference, why=WHY):
    return client.post(reverse("ask_access"), {"reference": reference, "why": why})


def asked(reference, by):
    rows = AccessRequest.objects.filter(reference=reference, asked_by=by)
    return rows.order_by("-asked_at").unguarded(because="test").first()


def plain(answer, *references):
    """A page without its tokens, its instants and the reference that was typed."""
    text = answer.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value=|data-token=)"[^"]+"', "", text)
    text = re.sub(r"(demandes/\w+/)[0-9a-f-]{36}/", r"\1", text)
    text = re.sub(r"\d{1,2}\D{1,3}\d{2}(?=[\s<\"])|datetime=\"[^\"]+\"|title=\"[^\"]+\"", "", text)
    for reference in references:
        text = text.replace(reference, "")
    return text


# --- The same answer for all --------------------------------------------------------------------


def test_absent_hidden_and_foreign_are_one_answer_in_as_many_queries(cast, enter, hidden, foreign):
    pages, counts, journalled = [], [], []
    for reference in (ABSENT, hidden.reference, foreign.reference):
        client = enter(cast.louise)
        client.get("/aide/")  # the session is warm
        AccessRequest.objects.all().unguarded(because="test").delete()
        with CaptureQueriesContext(connection) as captured:
            answer = ask(client, reference)
        shown = client.get(reverse("request_list"))
        counts.append([re.sub(r"\d+", "", q["sql"].split(" ")[0]) for q in captured])
        pages.append((answer.status_code, answer.url, plain(shown, reference)))
        line = Entry.objects.filter(verb="access.asked").latest("id")
        journalled.append((line.who, line.department, line.why, line.recipients))
        assert line.target == reference
        assert "En attente" in shown.content.decode()
    assert pages[0] == pages[1] == pages[2]
    assert counts[0] == counts[1] == counts[2]
    assert journalled[0] == journalled[1] == journalled[2]
    assert asked(foreign.reference, cast.louise).report_id == foreign.pk


@pytest.mark.parametrize("days", [0, 16])
def test_a_refusal_a_silence_and_an_absence_stay_one_answer(cast, enter, hidden, foreign, days):
    client = enter(cast.louise)
    pages = []
    for reference, decide in ((ABSENT, None), (foreign.reference, None), (hidden.reference, 1)):
        AccessRequest.objects.all().unguarded(because="test").delete()
        ask(client, reference)
        if decide:
            row = asked(reference, cast.louise)
            requests.decline(row, by=cast.diane, answer="Source à protéger")
        AccessRequest.objects.filter(asked_by=cast.louise).update(
            asked_at=timezone.now() - timedelta(days=days)
        )
        list(get_messages(client.get("/aide/").wsgi_request))
        shown = client.get(reverse("request_list"))
        again = ask(client, reference)
        told = plain(again, reference) if again.status_code == 422 else again.url
        after = plain(client.get(reverse("request_list")), reference)
        row = asked(reference, cast.louise)
        back = client.post(reverse("withdraw_access_request", args=[row.key]))
        emptied = plain(client.get(reverse("request_list")), reference)
        pages.append((plain(shown, reference), told, after, back.status_code, emptied))
        word = "Sans réponse" if days else "En attente"
        assert word in shown.content.decode()
        assert "Source à protéger" not in shown.content.decode()
    assert pages[0] == pages[1] == pages[2]


def test_a_report_that_is_erased_takes_no_line_of_the_applicant_with_it(cast, enter, hidden):
    client = enter(cast.louise)
    ask(client, hidden.reference)
    before = plain(client.get(reverse("request_list")))
    before = plain(client.get(reverse("request_list")))
    Report.objects.filter(pk=hidden.pk).unguarded(because="test").delete()
    assert plain(client.get(reverse("request_list"))) == before


def test_what_one_reads_already_leads_to_its_sheet(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert ask(enter(cast.louise), report.reference).url == report.get_absolute_url()
    assert asked(report.reference, cast.louise) is None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"reference": "", "why": WHY}, "Indiquez la référence de la fiche"),
        ({"reference": ABSENT, "why": " "}, "Dites pourquoi vous en avez besoin"),
        ({"reference": "la fiche de Karim", "why": WHY}, "Ce n’est pas une référence"),
        ({"reference": "CROSS-88-26-1", "why": WHY}, "Ce n’est pas une référence"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(cast, enter, sent, told):
    answer = enter(cast.louise).post(reverse("ask_access"), sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not AccessRequest.objects.all().unguarded(because="test").exists()


def test_a_reference_said_in_short_is_of_ones_own_department(cast, enter, hidden):
    _, _, year, number = hidden.reference.split("-")
    ask(enter(cast.louise), f"{year}-{number}")
    assert asked(hidden.reference, cast.louise).report_id == hidden.pk


@pytest.mark.parametrize(
    ("typed", "written"),
    [("cross 88 2026 00007", "CROSS-88-2026-00007"), ("2026-7", "CROSS-88-2026-00007"),
     ("2026-0012345", "CROSS-88-2026-12345"), ("2026-123456", "CROSS-88-2026-123456")],
)  # fmt: skip
def test_a_reference_is_told_as_references_are_written(cast, enter, typed, written):
    """And what follows promises no answer: a refusal is the silence of an absent sheet."""
    client = enter(cast.louise)
    answer = client.post(reverse("ask_access"), {"reference": typed, "why": WHY}, follow=True)
    page = answer.content.decode()
    assert f"Demande envoyée pour {written}." in page
    assert "un refus ne se voit pas" in page
    assert "répondra" not in page


def test_nobody_tries_references_one_after_the_other(cast, enter, hidden):
    client = enter(cast.louise)
    for number in range(requests.MOST):
        assert ask(client, f"CROSS-88-2026-{number + 10_000}").status_code == 302
        row = asked(f"CROSS-88-2026-{number + 10_000}", cast.louise)
        client.post(reverse("withdraw_access_request", args=[row.key]))
    for reference in (ABSENT, hidden.reference):
        answer = ask(client, reference)
        assert answer.status_code == 422
        assert "Vous avez fait 20" in answer.content.decode()
    assert Entry.objects.filter(verb="access.asked").count() == requests.MOST
    assert ask(enter(cast.bruno), hidden.reference).status_code == 302


# --- Granted for a time, or not -----------------------------------------------------------------


@pytest.fixture
def waiting(cast, hidden):
    return requests.ask(hidden.reference, by=cast.louise, why=WHY)


def decide(client, request, **sent):
    return client.post(reverse("decide_access_request", args=[request.key]), sent)


def test_one_click_grants_thirty_days_and_the_sheet_opens(cast, enter, hidden, waiting):
    owner, applicant = enter(cast.karim), enter(cast.louise)
    page = owner.get(reverse("request_list")).content.decode()
    assert hidden.reference in page
    assert WHY in page
    day = timezone.localdate() + timedelta(days=30)
    assert f'name="until" value="{day.isoformat()}"' in page
    assert applicant.get(hidden.get_absolute_url()).status_code == 404
    assert decide(owner, waiting, until=day.isoformat()).status_code == 302
    assert applicant.get(hidden.get_absolute_url()).status_code == 200
    told = applicant.get(reverse("request_list")).content.decode()
    assert "Accordée jusqu’au" in told
    assert hidden.get_absolute_url() in told
    line = Entry.objects.get(verb="access.granted")
    assert (line.target, line.why) == (hidden.reference, WHY)
    assert line.recipients.startswith("Louise Essai, Commissariat, jusqu’au ")
    # To that person alone, and not beyond that day.
    grant = ReportMemberGrant.objects.get()
    assert grant.user == cast.louise
    assert timezone.localdate(grant.expires_at) == day
    assert enter(cast.bruno).get(hidden.get_absolute_url()).status_code == 404
    assert enter(cast.paul).get(hidden.get_absolute_url()).status_code == 404


def test_once_the_owner_ends_it_nothing_says_that_it_runs(cast, enter, hidden, waiting):
    decide(
        enter(cast.diane), waiting, until=(timezone.localdate() + timedelta(days=2)).isoformat()
    )
    grant = ReportMemberGrant.objects.get()
    enter(cast.karim).post(reverse("end_invitation", args=[grant.key]))
    told = enter(cast.louise).get(reverse("request_list")).content.decode()
    assert "Terminée" in told
    assert hidden.get_absolute_url() not in told


@pytest.mark.parametrize("days", [-1, 91])
def test_a_grant_lasts_ninety_days_at_most(cast, enter, hidden, waiting, days):
    until = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = decide(enter(cast.diane), waiting, until=until)
    assert answer.status_code == 422
    assert "90" in answer.content.decode()
    assert not ReportMemberGrant.objects.exists()
    # The last day that fits does.
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    assert decide(enter(cast.diane), waiting, until=until).status_code == 302


def test_it_is_prolonged_by_ninety_days_at_most_too(cast, enter, hidden, waiting):
    owner = enter(cast.diane)
    decide(owner, waiting, until=timezone.localdate().isoformat())
    grant = ReportMemberGrant.objects.get()
    address = reverse("prolong_invitation", args=[grant.key])
    assert "dans 90 jours au plus" in owner.get(address).content.decode()
    for days, status in ((91, 422), (365, 422), (90, 302)):
        until = timezone.localdate() + timedelta(days=days)
        answer = owner.post(address, {"until": until.isoformat()})
        assert answer.status_code == status
        assert ("90 jours au plus\u00a0: vous" in answer.content.decode()) is (status == 422)
    assert timezone.localdate(ReportMemberGrant.objects.get().expires_at) == until
    assert enter(cast.paul).post(address, {"until": until.isoformat()}).status_code == 404


def test_a_prosecutor_is_granted_nothing_outside_his_area(cast, enter, foreign):
    wanted = requests.ask(foreign.reference, by=cast.gilles, why=WHY)
    until = timezone.localdate().isoformat()
    answer = decide(enter(cast.paul), wanted, until=until)
    assert answer.status_code == 422
    assert "ressort de son tribunal" in answer.content.decode()
    assert not ReportMemberGrant.objects.exists()
    assert decide(enter(cast.paul), wanted, decision="refuser").status_code == 302


def test_it_is_taken_back_once(cast, enter, waiting):
    applicant, address = enter(cast.louise), reverse("withdraw_access_request", args=[waiting.key])
    assert applicant.post(address).status_code == 302
    again = applicant.post(address, follow=True)
    assert "Cette demande n’attend plus." in again.content.decode()
    assert Entry.objects.filter(verb="access.withdrawn").count() == 1
    assert enter(cast.paul).post(address).status_code == 404


def test_a_refusal_is_journalled_and_opens_nothing(cast, enter, hidden, waiting):
    answer = decide(enter(cast.diane), waiting, decision="refuser", answer="Source à protéger")
    assert answer.status_code == 302
    assert enter(cast.louise).get(hidden.get_absolute_url()).status_code == 404
    line = Entry.objects.get(verb="access.declined")
    assert (line.target, line.why) == (hidden.reference, "Source à protéger")
    assert hidden.reference not in enter(cast.diane).get(reverse("request_list")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_report_that_is_handed_over_meanwhile_is_opened_by_its_new_owner_alone(
    cast, vosges, monkeypatch
):
    """Louise accepts it while Diane grants: Diane waits, and it is hers no more."""
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    wanted = requests.ask(report.reference, by=cast.bruno, why=WHY)
    target = {"target": cast.louise.unit, "why": "Votre secteur"}
    proposed = handovers.propose(report, by=cast.diane, **target)
    refusal = while_it_is_accepted(
        proposed,
        by=cast.louise,
        act=lambda: requests.grant(wanted, by=cast.diane, until=requests.usual_day()),
        monkeypatch=monkeypatch,
    )
    assert isinstance(refusal, ValidationError)
    assert not ReportMemberGrant.objects.filter(user=cast.bruno).exists()
    assert not access.readable_reports(cast.bruno).filter(pk=report.pk).exists()
    requests.grant(wanted, by=cast.louise, until=requests.usual_day())
    assert access.readable_reports(cast.bruno).filter(pk=report.pk).exists()


def test_it_is_answered_once(cast, enter, hidden, waiting):
    decide(enter(cast.karim), waiting, decision="refuser")
    owner = enter(cast.diane)
    again = decide(owner, waiting, until=timezone.localdate().isoformat())
    assert again.url == reverse("request_list")
    assert "Quelqu’un vient d’y répondre" in owner.get(again.url).content.decode()
    assert decide(enter(cast.paul), waiting).status_code == 404
    with pytest.raises(Exception, match="vient d’y répondre"):
        requests.grant(waiting, by=cast.diane, until=timezone.localdate())
    assert not ReportMemberGrant.objects.exists()


@pytest.mark.parametrize(
    ("who", "answers", "takes_back"),
    [
        ("diane", True, False),
        ("karim", True, False),
        ("louise", False, True),
        ("bruno", False, False),
        ("anna", False, False),
        ("marc", False, False),
        ("gilles", False, False),
        ("rose", False, False),
        ("claire", False, False),
        ("ines", False, False),
        ("tom", False, False),
        ("paul", False, False),
    ],
)
def test_who_answers_and_who_takes_back(cast, enter, hidden, waiting, who, answers, takes_back):
    client = enter(cast[who])
    page = client.get(reverse("request_list"))
    if page.status_code == 200:
        assert (hidden.reference in page.content.decode()) is (answers or takes_back)
    sent = {"until": timezone.localdate().isoformat()}
    assert (decide(client, waiting, **sent).status_code == 302) is answers
    back = client.post(reverse("withdraw_access_request", args=[waiting.key]))
    assert (back.status_code == 302) is takes_back


# --- The page and its count ---------------------------------------------------------------------


def test_the_menu_says_how_much_waits_for_the_unit_and_for_nobody_else(cast, enter, waiting):
    def count(who):
        entries = enter(cast[who]).get("/aide/").context["menu"]
        return next((entry.count for entry in entries if entry.name == "request_list"), None)

    assert {who: count(who) for who in ("diane", "karim", "louise", "bruno", "anna", "paul")} == {
        "diane": 1, "karim": 1, "louise": 0, "bruno": 0, "anna": 0, "paul": 0,
    }  # fmt: skip
    assert count("claire") is None


def test_as_many_queries_with_fifty_requests_as_with_none(cast, vosges, enter):
    client = enter(cast.diane)
    client.get(reverse("request_list"))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("request_list")).status_code == 200
        return len(captured)

    none = queries()
    reports = [factories.report(cast.diane, vosges["Épinal"], units=[]) for _ in range(5)]
    for by in (cast.louise, cast.bruno, cast.anna):
        for report in reports:
            requests.ask(report.reference, by=by, why=WHY)
    for number in range(15):
        requests.ask(f"CROSS-88-2026-{number + 10_000}", by=cast.diane, why=WHY)
    assert queries() == none <= 15
    with CaptureQueriesContext(connection) as captured:
        enter(cast.diane).get("/aide/")
    counted = [query["sql"] for query in captured if "accessrequest" in query["sql"]]
    assert len(counted) == 1


def test_an_empty_search_for_a_reference_leads_to_asking(cast, enter, hidden):
    client = enter(cast.louise)
    pages = []
    for reference in (ABSENT, hidden.reference):
        page = client.get(reverse("report_list"), {"q": reference})
        assert f"{reverse('ask_access')}?reference={reference}" in page.content.decode()
        pages.append(plain(page, reference))
    assert pages[0] == pages[1]
    form = client.get(reverse("ask_access"), {"reference": ABSENT}).content.decode()
    assert f'value="{ABSENT}"' in form


def test_nothing_of_it_is_read_by_a_stranger(cast, enter, hidden, waiting):
    """Paul asks for the same, and learns nothing of what others asked."""
    client = enter(cast.paul)
    ask(client, hidden.reference)
    page = client.get(reverse("request_list")).content.decode()
    assert WHY in page
    assert "Louise" not in page
    assert "nourrice" not in page
    assert not HandlingAccord.objects.all().unguarded(because="test").exists()
    assert not access.decidable_access_requests(cast.paul).exists()
