"""Searches that are kept: whose they are, what they tell, once, and to whom."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cross.audit import journal
from cross.audit.models import Entry
from cross.outbox import KINDS
from intel import access
from intel.actions import (
    complements,
    invitations,
    life,
    mailing,
    places,
    reports,
    searches,
    sharing,
)
from intel.models import AlertedReport, Letter, Notification, SavedSearch, SearchAlert
from intel.states import State
from services.models import Member
from tests import factories

KEPT = "/renseignements/recherches/"
SCOOTER = {"q": "scooter", "commune": "Épinal"}


def keep(client, query=SCOOTER, name="Scooters", whose="moi", rhythm="", **more):
    address = reverse("save_search")
    said = {"adresse": urlencode(query, doseq=True), "name": name, "whose": whose}
    return client.post(address, {**said, "rhythm": rhythm, **more})


def kept_by(member, name="Scooters"):
    return access.own_searches(member).get(name=name)


def tell(minutes=5):
    return searches.run_alerts(timezone.now() + timedelta(minutes=minutes))


def told_to(member):
    told = access.readable_notifications(member).filter(kind__startswith="search.")
    return sorted(told.values_list("report__reference", flat=True))


@pytest.fixture
def write(cast, vosges):
    def written(by=None, commune="Épinal", facts="Un scooter passe.", **fields):
        return factories.report(by or cast.diane, vosges[commune], facts=facts, **fields)

    return written


# --- Keep ---------------------------------------------------------------------------------------


def test_a_search_is_kept_with_its_filters_and_opened_again(cast, enter, write):
    scooter = write()
    client = enter(cast.louise)
    page = client.get("/renseignements/", {**SCOOTER, "apres": "x~1", "par": "20"})
    assert "Enregistrer cette recherche" in page.content.decode()
    form = client.get(reverse("save_search"), {"adresse": urlencode({**SCOOTER, "par": "20"})})
    assert "scooter" in form.content.decode()
    answer = keep(client, {**SCOOTER, "apres": "x~1", "par": "20", "tri": "faits"})
    search = kept_by(cast.louise)
    assert answer.headers["Location"] == search.get_absolute_url()
    assert search.query == urlencode({**SCOOTER, "tri": "faits"})
    shown = client.get(search.get_absolute_url()).content.decode()
    assert "Épinal" in shown
    assert f"/renseignements/?{search.query}".replace("&", "&amp;") in shown
    found = client.get(f"/renseignements/?{search.query}").context["listing"].page
    assert [row.reference for row in found] == [scooter.reference]


def test_a_name_is_one_s_own_once(cast, enter):
    client = enter(cast.louise)
    keep(client)
    again = keep(client, {"q": "autre"})
    assert again.status_code == 422
    assert "déjà une recherche de ce nom" in again.content.decode()
    assert keep(enter(cast.diane)).status_code == 302, "somebody else's name is free"


@pytest.mark.parametrize(
    "query", [{}, {"tri": "faits"}, {"recu_du": "31/02/2026"}, {"etat": "inconnu"}]
)
def test_nothing_to_keep_is_told(cast, enter, query):
    answer = keep(enter(cast.louise), query)
    assert answer.headers["Location"].startswith("/renseignements/")
    assert not access.own_searches(cast.louise).exists()


def test_looks_through_the_eyes_of_a_unit_are_not_kept(cast, enter):
    keep(enter(cast.marc), {"q": "scooter", "vu_par": str(cast.diane.unit_id)})
    assert kept_by(cast.marc).query == "q=scooter"


def test_renamed_shared_and_taken_back_with_its_undo(cast, enter):
    client = enter(cast.diane)
    keep(client)
    search = kept_by(cast.diane)
    address = reverse("rename_search", args=[search.key])
    assert client.get(address).status_code == 200
    client.post(address, {"name": "Deux-roues", "whose": "unite"})
    assert kept_by(cast.karim, "Deux-roues") == search
    gone = client.post(reverse("remove_search", args=[search.key]))
    page = client.get(gone.headers["Location"]).content.decode()
    assert "Annuler la suppression" in page
    assert not access.own_searches(cast.diane).exists()
    assert client.get(search.get_absolute_url()).status_code == 404
    client.post(reverse("restore_search", args=[search.key]))
    assert kept_by(cast.diane, "Deux-roues") == search


def test_after_a_day_what_was_taken_back_is_forgotten(cast, enter):
    client = enter(cast.diane)
    keep(client)
    search = kept_by(cast.diane)
    client.post(reverse("remove_search", args=[search.key]))
    assert searches.forget_removed() == 0
    later = timezone.now() + timedelta(hours=25)
    assert searches.forget_removed(later) == 1
    assert not SavedSearch.objects.unguarded(because="test").exists()


# --- Who ----------------------------------------------------------------------------------------

ADDRESSES = ["saved_search", "follow_search", "rename_search", "remove_search", "restore_search"]


@pytest.mark.parametrize(
    ("who", "own", "shared"),
    [
        ("diane", True, True),
        ("karim", False, True),
        ("louise", False, False),
        ("anna", False, False),
        ("gilles", False, False),
        ("rose", False, False),
        ("paul", False, False),
    ],
)
def test_whose_it_is(cast, enter, who, own, shared):
    """A colleague opens and follows what is shared; its name and its sharing are its owner's."""
    keep(enter(cast.diane), name="À moi")
    keep(enter(cast.diane), name="À nous", whose="unite")
    client = enter(cast[who])
    for name, opens in (("À moi", own), ("À nous", shared)):
        search = kept_by(cast.diane, name)
        assert (client.get(search.get_absolute_url()).status_code == 200) is opens
        followed = client.post(reverse("follow_search", args=[search.key]), {"rhythm": ""})
        assert (followed.status_code != 404) is opens
        for address in ADDRESSES[2:]:
            answer = client.post(reverse(address, args=[search.key]), {"name": "Autre"})
            assert (answer.status_code != 404) is own, address
        listed = client.get(KEPT)
        if listed.status_code == 200:
            assert (name in listed.content.decode()) is opens


def test_a_colleague_is_offered_nothing_but_to_follow(cast, enter):
    keep(enter(cast.diane), whose="unite")
    search = kept_by(cast.diane)
    for who, offered in (("diane", True), ("karim", False)):
        html = enter(cast[who]).get(search.get_absolute_url()).content.decode()
        assert (reverse("rename_search", args=[search.key]) in html) is offered
        assert (reverse("remove_search", args=[search.key]) in html) is offered


def test_what_was_kept_before_one_left_stays_with_neither_unit(cast, enter):
    keep(enter(cast.diane), whose="unite")
    search = kept_by(cast.diane)
    enter(cast.karim).post(reverse("follow_search", args=[search.key]), {"rhythm": "now"})
    cast.diane.unit = cast.louise.unit
    cast.diane.save()
    assert not access.own_searches(cast.karim).exists(), "it is another unit's member who writes"
    assert not access.running_alerts().exists()
    assert not access.own_searches(cast.louise).exists(), "she has not been asked"
    address = reverse("rename_search", args=[search.key])
    enter(cast.diane).post(address, {"name": "Deux-roues", "whose": "unite"})
    assert access.own_searches(cast.louise).get().name == "Deux-roues"
    assert not access.own_searches(cast.karim).exists()


@pytest.mark.parametrize("key", ["x", "00000000", "%00", ""])
def test_an_address_that_names_nothing_undoes_nothing(cast, enter, key):
    assert enter(cast.louise).get(f"{KEPT}?retiree={key}").status_code == 200


def plain(answer):
    """Without what is drawn anew each time: the token of the form, the address that was typed."""
    return re.sub(r'value="[^"]{40,}"', "", answer.content.decode())


def test_a_forged_key_is_a_404_like_another_s(cast, enter):
    keep(enter(cast.diane))
    theirs = kept_by(cast.diane)
    client = enter(cast.louise)
    for address in ADDRESSES:
        answers = [
            client.post(reverse(address, args=[key]), {"rhythm": ""})
            for key in (theirs.key, uuid4())
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert plain(answers[0]) == plain(answers[1])


def test_a_guest_keeps_his_own_and_shares_none(cast, vosges, enter, write):
    scooter = write()
    until = timezone.now() + timedelta(days=1)
    invitations.invite(scooter, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    client = enter(cast.rose)
    keep(client, whose="unite", rhythm="now")
    search = kept_by(cast.rose)
    assert not search.is_shared
    assert (
        "Pour toute mon unité"
        not in client.get(reverse("save_search"), {"adresse": "q=scooter"}).content.decode()
    )
    assert client.get(search.get_absolute_url()).status_code == 200


def test_the_prefecture_and_the_control_keep_none(cast, enter):
    for who in ("claire", "ines", "tom"):
        assert keep(enter(cast[who])).status_code == 403
        assert enter(cast[who]).get(KEPT).status_code == 403


# --- Alerts -------------------------------------------------------------------------------------


def test_the_delay_of_an_alert_is_said_where_it_is_chosen(cast, enter, settings):
    settings.SEARCH_ALERT_MINUTES = 20
    client = enter(cast.louise)
    keep(client)
    pages = (
        f"{reverse('save_search')}?adresse=q%3Dscooter",
        kept_by(cast.louise).get_absolute_url(),
    )
    for address in pages:
        page = client.get(address).content.decode()
        assert "Au plus tard 20\u00a0minutes après." in page
        assert f"À {searches.HOUR}\u00a0heures." in page


def test_what_enters_is_told_once(cast, enter, write):
    before = write()
    client = enter(cast.louise)
    keep(client, rhythm="now")
    assert tell() == 0, "what was there is no news"
    entered, elsewhere = write(), write(commune="Golbey")
    assert tell() == 1
    assert told_to(cast.louise) == [entered.reference]
    told = client.get(reverse("notification_list")).content.decode()
    assert f"«\u00a0{kept_by(cast.louise).name}\u00a0»" in told.replace("&nbsp;", "\u00a0")
    # Changed, told again of by the journal: not a second time.
    reports.comment(entered, by=cast.anna, text="Connu.", version=entered.version)
    reports.comment(before, by=cast.anna, text="Connu.", version=before.version)
    assert tell() == 0
    assert told_to(cast.louise) == [entered.reference]
    page = client.get(kept_by(cast.louise).get_absolute_url()).content.decode()
    assert entered.reference in page
    assert elsewhere.reference not in page
    assert before.reference not in page


def test_two_searches_tell_a_report_once(cast, enter, write):
    client = enter(cast.louise)
    keep(client, rhythm="now")
    keep(client, {"commune": "Épinal"}, name="Épinal", rhythm="daily")
    entered = write()
    searches.run_alerts(timezone.now() + timedelta(days=1))
    assert told_to(cast.louise) == [entered.reference]
    told = AlertedReport.objects.of(entered).filter(at__isnull=False)
    assert told.count() == 1


def test_what_changes_until_it_fits_enters(cast, vosges, enter, write):
    keep(enter(cast.louise), {"identifiant": "plate"}, rhythm="now")
    scooter = write()
    assert tell() == 0
    reports.confirm_identifier(
        scooter, by=cast.diane, kind="plate", raw="AB-123-CD", value="AB123CD"
    )
    assert tell() == 1
    assert told_to(cast.louise) == [scooter.reference]


def test_whoever_wrote_it_is_not_told(cast, enter, write):
    keep(enter(cast.diane), rhythm="now")
    write(cast.diane)
    assert tell() == 0
    write(cast.karim)
    assert tell() == 1


def test_a_draft_enters_once_it_is_sent(cast, enter, write):
    keep(enter(cast.karim), rhythm="now")
    draft = write(cast.diane, draft=True)
    assert tell() == 0
    life.move(draft, by=cast.diane, target=State.RECEIVED)
    assert tell() == 1


@pytest.mark.parametrize(
    ("rhythm", "told"),
    [("daily", [1, 1, 1, 1, 1, 1, 1, 1]), ("weekly", [0, 0, 0, 0, 5, 0, 0, 0])],
)
def test_a_digest_comes_at_its_hour(cast, enter, write, rhythm, told):
    """From a Wednesday at noon: a report a day, gathered the next day at six, or on Monday."""
    keep(enter(cast.louise), rhythm=rhythm)
    start = datetime(2026, 9, 2, 12, tzinfo=timezone.get_current_timezone())
    SearchAlert.objects.update(checked_at=start)
    found = []
    for day in range(8):
        write()
        ran = [
            searches.run_alerts(start + timedelta(days=day, hours=hours))
            for hours in (0, 17.9, 18.1)
        ]
        assert ran[:2] == [0, 0]
        found.append(ran[2])
    assert found == told


def test_what_is_gathered_is_in_the_letter_of_the_day():
    letter = KINDS["daily_digests"].schedule
    assert (min(letter.hour), min(letter.minute)) > (searches.HOUR, 0)


def test_one_faulty_alert_silences_no_other(cast, enter, write, monkeypatch, caplog):
    keep(enter(cast.bruno), rhythm="now")
    keep(enter(cast.louise), rhythm="now")
    entered = write()
    asked = searches._asked

    def faulty(alert, member):
        if member == cast.bruno:
            Member.objects.raw("SELECT 1 / 0 AS id")[0]  # the transaction is lost with it
        return asked(alert, member)

    monkeypatch.setattr(searches, "_asked", faulty)
    assert tell() == 1
    assert told_to(cast.louise) == [entered.reference]
    assert "failed" in caplog.text
    monkeypatch.undo()
    assert tell() == 1, "what was wrong is asked again"
    assert told_to(cast.bruno) == [entered.reference]


def test_around_what_nothing_situates_is_refused(cast, vosges, enter, write):
    golbey = vosges["Golbey"]
    places.create(places.Described("Cave à vélos", "lieu", golbey), by=cast.louise)
    keep(enter(cast.louise), {"autour": "Cave à vélos"}, rhythm="now")
    golbey.centre_x = golbey.centre_y = None
    golbey.save()
    write()
    assert tell() == 0
    page = enter(cast.louise).get("/renseignements/", {"autour": "Cave à vélos"})
    assert "Rien ne situe Golbey" in page.content.decode()
    shown = enter(cast.louise).get(kept_by(cast.louise).get_absolute_url()).content.decode()
    assert "n’est plus compris" in shown


def test_beyond_what_is_known_what_no_filter_asks_is_no_entry(cast, enter, write, monkeypatch):
    monkeypatch.setattr(searches, "KNOWN_AT_MOST", 1)
    old, _latest = write(), write()
    keep(enter(cast.louise), rhythm="now")
    # As if long ago, beyond what is asked again for safety.
    past = timezone.now() + searches.OVERLAP + timedelta(minutes=5)
    monkeypatch.setattr(searches, "OVERLAP", timedelta())
    SearchAlert.objects.update(checked_at=timezone.now())
    journal.record(cast.anna, "report.printed", old)
    complements.add(old, by=cast.anna, text="Revu ce matin.")
    assert searches.run_alerts(past) == 0


def test_when_nothing_was_written_no_search_is_asked(cast, enter, django_assert_num_queries):
    for rank in range(3):
        keep(enter(cast.louise), name=f"n° {rank}", rhythm="now")
    later = timezone.now() + timedelta(hours=1)
    searches.run_alerts(later)
    with django_assert_num_queries(4):  # the alerts, two of the journal, and their date
        assert searches.run_alerts(later + timedelta(hours=1)) == 0
    checked = SearchAlert.objects.values_list("checked_at", flat=True).distinct()
    assert list(checked) == [later + timedelta(hours=1)]


def test_a_mail_holds_a_number_and_a_link(cast, enter, write):
    cast.louise.email = "louise@exemple.invalid"
    cast.louise.save()
    keep(enter(cast.louise), {"q": "zebulon"}, name="Affaire Zébulon", rhythm="now")
    write(facts="Zébulon passe.", subject="Secret de Zébulon")
    tell()
    keys = list(Notification.objects.unguarded(because="test").values_list("key", flat=True))
    assert len(keys) == 1
    mailing.write_at_once(keys)
    assert Letter.objects.count() == 1
    mailing.post_due()
    [sent] = mail.outbox
    said = f"{sent.subject} {sent.body}"
    assert "http" in said
    assert not any(word in said for word in ("Zébulon", "Secret", "Affaire", "Épinal"))


def test_rights_are_asked_when_it_is_told_and_when_it_is_shown(cast, vosges, enter, write):
    client = enter(cast.louise)
    keep(client, rhythm="now")
    hidden = write(units=[cast.bruno.unit])
    assert tell() == 0
    assert told_to(cast.louise) == []
    opened = write()
    assert tell() == 1
    assert told_to(cast.louise) == [opened.reference]
    listed = client.get(KEPT).context["searches"]
    assert [search.fresh for search in listed] == [1]
    # Its owner narrows it: it was never told, in counts too.
    sharing.restrict(
        opened,
        by=cast.diane,
        narrowing=sharing.Narrowing(
            units=(cast.bruno.unit,), reason="source", text="",
            review_on=timezone.localdate() + timedelta(days=30),
        ),
    )  # fmt: skip
    assert told_to(cast.louise) == []
    assert [search.fresh for search in client.get(KEPT).context["searches"]] == [0]
    page = client.get(kept_by(cast.louise).get_absolute_url()).content.decode()
    assert opened.reference not in page
    assert hidden.reference not in page


def test_what_is_opened_to_a_unit_later_enters_then(cast, vosges, enter, write):
    keep(enter(cast.louise), rhythm="now")
    hidden = write(units=[cast.bruno.unit])
    assert tell() == 0
    sharing.restrict(
        hidden,
        by=cast.diane,
        narrowing=sharing.Narrowing(
            units=(cast.bruno.unit, cast.louise.unit), reason="source", text="",
            review_on=timezone.localdate() + timedelta(days=30),
        ),
    )  # fmt: skip
    assert tell() == 1
    assert told_to(cast.louise) == [hidden.reference]


def test_who_is_no_longer_of_the_unit_is_not_told_of_its_search(cast, enter, write):
    keep(enter(cast.diane), whose="unite")
    search = kept_by(cast.diane)
    enter(cast.karim).post(reverse("follow_search", args=[search.key]), {"rhythm": "now"})
    cast.karim.unit = cast.louise.unit
    cast.karim.save()
    write()
    assert tell() == 0
    # Nor once his authorisation is over, nor once the search is taken back.
    keep(enter(cast.bruno), rhythm="now")
    cast.bruno.authorised_until = timezone.localdate() - timedelta(days=1)
    cast.bruno.save()
    assert tell() == 0
    keep(enter(cast.louise), rhythm="now", name="Autre")
    enter(cast.louise).post(reverse("remove_search", args=[kept_by(cast.louise, "Autre").key]))
    write()
    assert tell() == 0


def test_paul_is_told_of_his_own_department_alone(cast, meurthe, enter, write):
    client = enter(cast.paul)
    keep(client, {"q": "scooter"}, rhythm="now")
    write()
    assert tell() == 0
    factories.member("pia", cast.paul.unit, cast.paul.role)
    theirs = factories.report(
        Member.objects.get(username="pia"), meurthe["Nancy"], facts="Un scooter à Nancy."
    )
    assert tell() == 1
    assert told_to(cast.paul) == [theirs.reference]


def test_the_journal_says_nothing_of_what_is_looked_for(cast, enter, write):
    keep(enter(cast.louise), {"q": "zebulon"}, name="Affaire Zébulon", rhythm="now")
    write(facts="Zébulon passe.")
    tell()
    lines = Entry.objects.filter(verb__startswith="search.")
    assert {line.verb for line in lines} == {"search.saved", "search.alerted"}
    assert not any("bulon" in f"{line.target} {line.why}".lower() for line in lines)


def test_the_list_asks_as_much_for_one_as_for_many(cast, enter, django_assert_max_num_queries):
    client = enter(cast.louise)
    keep(client)
    client.get(KEPT)
    with django_assert_max_num_queries(15):
        client.get(KEPT)
    for rank in range(12):
        keep(client, name=f"n° {rank}", rhythm="daily")
    with django_assert_max_num_queries(15):
        assert len(client.get(KEPT).context["searches"]) == 13
