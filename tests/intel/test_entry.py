"""How information comes in by hand: four inputs; bad input told in a sentence, nothing lost."""

import re
from contextlib import nullcontext
from datetime import timedelta
from html import unescape
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from cross.audit.models import Entry
from cross.ui.templatetags import words as french
from intel import access
from intel.actions import entry, reports, sharing
from intel.forms.human_source import CHECKS
from intel.models import Attachment, Draft, DraftFile, Identifier, Report, Restriction, Revision
from intel.states import State
from services.models import Commune
from tests import factories
from tests.house.conftest import picture

NEW = "/renseignements/nouveau/"
FACTS = "Deux hommes vendent dans le hall tous les soirs."
PNG = picture()


def typed(**fields):
    return {"facts": FACTS, "commune": "Épinal", "undated": "on", "origin": "service"} | fields


def words(response):
    """The page as people read it: no tags, plain spaces."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def only_report():
    return Report.objects.unguarded(because="test").get()


def no_report():
    return not Report.objects.unguarded(because="test").exists()


# --- Four inputs ------------------------------------------------------------------------------


def test_four_inputs_make_a_report(cast, enter):
    response = enter(cast.diane).post(NEW, typed(), follow=True)
    report = only_report()
    assert response.redirect_chain == [(report.get_absolute_url(), 302)]
    assert (report.facts, report.commune.name, report.origin) == (FACTS, "Épinal", "service")
    assert (report.state, report.occurred_on, report.handling) == (State.RECEIVED, None, "H0")
    assert (report.owner, report.author) == (cast.diane.unit, cast.diane)
    assert report.reference in words(response)
    readers = {name for name in cast if access.readable_reports(cast[name]).exists()}
    assert readers == {"diane", "karim", "louise", "bruno", "anna", "marc", "gilles"}
    assert Entry.objects.filter(verb="report.created", target=report.reference).count() == 1


@pytest.mark.parametrize(
    ("name", "is_written"),
    [("vehicles", True), ("state", False), ("audience", False), ("information_grade", False)],
)
def test_nothing_else_than_the_entry_is_written_by_it(cast, vosges, name, is_written):
    """Whatever a form might send one day: a state, an audience, a grade have their own actions."""
    report = factories.report(cast.diane, vosges["Épinal"])
    fields = {"origin": "service", "facts": FACTS, "commune": vosges["Épinal"], name: "1"}
    refusal = nullcontext() if is_written else pytest.raises(TypeError, match=name)
    with refusal:
        reports.create(by=cast.diane, fields=fields)
    with refusal:
        reports.change(report, by=cast.diane, fields=fields, version=report.version)
    everything = Report.objects.unguarded(because="test")
    assert everything.filter(vehicles="1").count() == (2 if is_written else 0)
    assert everything.count() == (2 if is_written else 1)


def test_a_form_sent_twice_makes_one_report(cast, enter):
    """Changed after going back, it is another report; sent by somebody else, it is theirs."""
    once = typed(saisie="nouveau-0123456789ab")
    client = enter(cast.diane)
    client.post(NEW, once | {"files": SimpleUploadedFile("photo.png", PNG)})
    again = client.post(NEW, once | {"files": SimpleUploadedFile("photo.png", PNG)}, follow=True)
    report = only_report()
    assert again.redirect_chain == [(report.get_absolute_url(), 302)]
    assert f"était déjà enregistrée : voici {report.reference}" in words(again)
    assert Attachment.objects.of(report).count() == 1
    assert not DraftFile.objects.of(cast.diane).exists()
    client.post(NEW, once | {"facts": "Un autre fait."})
    enter(cast.karim).post(NEW, once)
    everything = Report.objects.unguarded(because="test")
    assert everything.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_makes_one_report(cast, enter, monkeypatch):
    """Both find nothing sent before; the database lets one of them through."""
    together = Barrier(2, timeout=10)
    look = entry.sent_before

    def meet(*args, **kwargs):
        found = look(*args, **kwargs)
        if found is None:
            together.wait()
        return found

    monkeypatch.setattr(entry, "sent_before", meet)
    answers = []

    def send(client):
        answers.append(client.post(NEW, typed(saisie="nouveau-0123456789ab")))
        connection.close()

    clicks = [Thread(target=send, args=(enter(cast.diane),)) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert [answer["Location"] for answer in answers] == [only_report().get_absolute_url()] * 2


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("facts", "Décrivez les faits"),
        ("commune", "Indiquez au moins la commune"),
        ("undated", "Indiquez une date, ou cochez"),
        ("origin", "Indiquez d’où vient l’information"),
    ],
)
def test_each_compulsory_input_says_what_it_wants(cast, enter, missing, sentence):
    fields = typed()
    del fields[missing]
    response = enter(cast.diane).post(NEW, fields)
    assert response.status_code == 422
    assert sentence in words(response)
    assert no_report()


def test_everything_that_may_be_said(cast, enter, vosges):
    enter(cast.anna).post(
        NEW,
        typed(
            undated="",
            occurred_on="01/10/2026",
            occurred_until="03/10/2026",
            received_on="05/10/2026",
            subject="Vente",
            place="Hall 3",
            days_and_hours="Le soir",
            products=["cocaine", "crack"],
            modes=["dealing_point"],
            vehicles="Peugeot 208 grise",
            persons="Deux hommes",
            source_grade="B",
            information_grade="2",
            handling="H3",
            handling_note="Pas avant le 12",
            comment="Probable report d’un point démantelé.",
            identifiers=["phone|06 39 98 76 54", "plate|CD-321-EF"],
        ),
    )
    report = only_report()
    assert (str(report.occurred_on), str(report.occurred_until)) == ("2026-10-01", "2026-10-03")
    assert str(timezone.localdate(report.received_at)) == "2026-10-05"
    assert (report.products, report.modes) == (["cocaine", "crack"], ["dealing_point"])
    assert (report.grade, report.handling, report.handling_note) == ("B2", "H3", "Pas avant le 12")
    assert (report.comment, report.comment_by) == (
        "Probable report d’un point démantelé.", cast.anna,
    )  # fmt: skip
    kept = {(each.kind, each.value) for each in Identifier.objects.of(report)}
    assert kept == {("phone", "+33639987654"), ("plate", "CD321EF")}


def test_a_contributor_does_not_sign_the_comment_of_the_cell(cast, enter):
    enter(cast.diane).post(NEW, typed(comment="Mon avis"))
    assert only_report().comment == ""


def test_a_draft_is_seen_by_its_unit_alone_then_sent(cast, enter):
    enter(cast.diane).post(NEW, typed(brouillon="1"))
    report = only_report()
    assert report.state == State.DRAFT
    assert enter(cast.anna).get(report.get_absolute_url()).status_code == 404
    change = f"{report.get_absolute_url()}modifier/"
    enter(cast.karim).post(change, typed(version="1", envoyer="1"))
    assert only_report().state == State.RECEIVED
    assert enter(cast.anna).get(report.get_absolute_url()).status_code == 200


def test_the_code_of_a_source_goes_with_a_human_source_only(cast, enter):
    client = enter(cast.diane)
    response = client.post(NEW, typed(source_code="SRC-12"))
    assert "Ce code ne vaut que pour une source humaine" in words(response)
    said = {"raw_text": "Dit tout bas.", "checks": [code for code, _ in CHECKS]}
    client.post(NEW, typed(origin="human_source", source_code="SRC-12", **said))
    assert only_report().source_code == "SRC-12"


def test_a_grade_of_one_is_not_given_at_entry(cast, enter):
    response = enter(cast.diane).post(NEW, typed(source_grade="A", information_grade="1"))
    assert "seconde origine indépendante" in words(response)
    assert no_report()


# --- Bad input --------------------------------------------------------------------------------

TOMORROW = timezone.localdate() + timedelta(days=1)
DAYS = [
    ({"occurred_on": "31/02/2026"}, "Cette date n’existe pas. Écrivez-la ainsi"),
    ({"occurred_on": "bientôt"}, "Cette date n’existe pas"),
    ({"occurred_on": f"{TOMORROW:%d/%m/%Y}"}, "est dans l’avenir"),
    ({"occurred_on": "12/03/0026"}, "trop ancienne"),
    ({"occurred_on": "05/10/2026", "occurred_until": "03/10/2026"}, "inversez les deux dates"),
    ({"occurred_until": "03/10/2026"}, "Indiquez le début de la période"),
    ({"occurred_on": "03/10/2026", "undated": "on"}, "effacez-la, ou décochez"),
]


@pytest.mark.parametrize(("fields", "sentence"), DAYS)
def test_a_wrong_day_is_told_and_kept_on_screen(cast, enter, fields, sentence):
    response = enter(cast.diane).post(NEW, typed(**{"undated": "", **fields}))
    assert sentence in words(response)
    for value in fields.values():
        if value != "on":
            assert f'value="{value}"' in response.content.decode()
    assert no_report()


@pytest.mark.parametrize(
    ("said", "days_ago"), [("hier", 1), ("aujourd’hui", 0), ("avant-hier", 2)]
)
def test_a_day_may_be_said(cast, enter, said, days_ago):
    enter(cast.diane).post(NEW, typed(undated="", occurred_on=said))
    assert only_report().occurred_on == timezone.localdate() - timedelta(days=days_ago)


@pytest.mark.parametrize(
    "said", ["epinal", "ÉPINAL", "Epinal (88001)", "88001", "Épinal, Vosges", "épin"]
)
def test_a_commune_is_found_as_people_write_it(cast, enter, said):
    enter(cast.diane).post(NEW, typed(commune=said))
    assert only_report().commune.name == "Épinal"


def test_the_article_of_a_commune_may_be_left_out(cast, enter, vosges):
    Commune.objects.filter(pk=vosges["Le Thillot"].pk).update(bare_name="Thillot")
    enter(cast.diane).post(NEW, typed(commune="thillot"))
    assert only_report().commune.name == "Le Thillot"


def test_an_unknown_commune_is_told(cast, enter):
    response = enter(cast.diane).post(NEW, typed(commune="Nancy"))
    assert "Aucune commune ne s’appelle « Nancy » dans les Vosges" in words(response)
    assert 'value="Nancy"' in response.content.decode()


def test_a_slip_is_offered_the_right_name(cast, enter):
    client = enter(cast.diane)
    response = client.post(NEW, typed(commune="Golbay"))
    assert "Vouliez-vous dire" in words(response)
    assert 'value="88002"' in response.content.decode()
    client.post(NEW, typed(commune="Golbay", commune_code="88002"))
    assert only_report().commune.name == "Golbey"


def test_a_name_and_a_code_that_disagree_are_asked(cast, enter):
    client = enter(cast.diane)
    response = client.post(NEW, typed(commune="Golbey (88001)"))
    assert "ne désignent pas la même commune" in words(response)
    assert no_report()
    client.post(NEW, typed(commune="Golbey (88001)", commune_code="88001"))
    assert only_report().commune.name == "Épinal"


def test_two_communes_of_one_name_are_asked(cast, enter, vosges):
    twin = Commune.objects.get(pk=vosges["Golbey"].pk)
    twin.pk, twin.code, twin.epci = None, "88999", None
    twin.save(force_insert=True)
    client = enter(cast.diane)
    asked = words(client.post(NEW, typed(commune="golbey")))
    assert "Plusieurs communes correspondent" in asked
    assert "Laquelle ?" in asked
    assert "Laquelle ? facultatif" not in asked
    client.post(NEW, typed(commune="golbey", commune_code="88999"))
    assert only_report().commune == twin


def test_200_000_characters_are_counted_never_cut(cast, enter):
    text = "trafic " * 28_571 + "abc"
    response = enter(cast.diane).post(NEW, typed(facts=text))
    assert "Ce texte compte 200 000 caractères ; la limite est de 20 000" in words(response)
    assert text in response.content.decode()
    assert Draft.objects.of(cast.diane).get().fields["facts"] == [text]


@pytest.mark.parametrize("blank", ["", "   \n ", "\u200b\u200b", "\x00"])
def test_an_empty_text_is_told(cast, enter, blank):
    assert "Décrivez les faits" in words(enter(cast.diane).post(NEW, typed(facts=blank)))


def test_hidden_characters_are_removed_and_told(cast, enter):
    response = enter(cast.diane).post(
        NEW, typed(facts="Il vend\x00 de la \u202eenïacoc\u202c le soir."), follow=True
    )
    assert only_report().facts == "Il vend de la enïacoc le soir."
    assert "2 caractères d’inversion du sens de lecture retirés" in words(response)
    assert "1 caractère de contrôle retiré" in words(response)


def test_hidden_characters_do_not_come_back_on_a_refused_form(cast, enter):
    response = enter(cast.diane).post(NEW, typed(facts="un \u202etexte\u202c", origin=""))
    assert response.status_code == 422
    assert "\u202e" not in response.content.decode()
    assert "d’inversion du sens de lecture" in words(response)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script> vu ce soir", "=cmd|' /C calc'!A1", "5 < 10 & <b>gras</b>"],
)
def test_markup_and_formulas_stay_text(cast, enter, text):
    client = enter(cast.diane)
    client.post(NEW, typed(facts=text))
    report = only_report()
    assert report.facts == text
    page = client.get(f"{report.get_absolute_url()}modifier/").content.decode()
    assert "<script>alert" not in page
    assert "<b>gras" not in page


def test_a_short_text_too_long_is_told_with_its_length(cast, enter):
    response = enter(cast.diane).post(NEW, typed(subject="x" * 161))
    assert "Ce texte compte 161 caractères ; la limite est de 160" in words(response)


def test_h3_says_what(cast, enter):
    assert "Avec H3, précisez" in words(enter(cast.diane).post(NEW, typed(handling="H3")))


def test_the_author_of_a_tip_is_flagged_in_the_text(cast, enter):
    facts = "Mon voisin deale. Rappelez-moi au 06 39 98 12 34."
    client = enter(cast.diane)
    response = client.post(NEW, typed(facts=facts, origin="citizen"), follow=True)
    assert "coordonnées de son auteur (06 39 98 12 34)" in words(response)
    response = client.post(NEW, typed(facts=facts, origin="service"), follow=True)
    assert "coordonnées de son auteur" not in words(response)


# --- Identifiers ------------------------------------------------------------------------------


def test_identifiers_are_proposed_and_none_is_ticked(cast, enter):
    facts = "Peugeot grise CD-321-EF, alias « Momo », tél 06 39 98 76 54."
    response = enter(cast.diane).post("/renseignements/reperer/", {"facts": facts})
    found = re.findall(r'name="identifiers" value="([^"]+)"([^>]*)', response.content.decode())
    assert [unescape(value) for value, _ in found] == [
        "plate|CD-321-EF", "alias|Momo", "phone|06 39 98 76 54",
    ]  # fmt: skip
    assert not any("checked" in rest for _, rest in found)


def test_without_script_a_button_proposes_and_loses_nothing(cast, enter):
    response = enter(cast.diane).post(
        NEW, {"facts": "Tél 06 39 98 76 54", "commune": "épin", "reperer": "1"}
    )
    assert response.status_code == 200
    assert "06 39 98 76 54" in words(response)
    assert 'value="épin"' in response.content.decode()
    assert "à corriger" not in words(response)


@pytest.mark.parametrize(("typed_by_hand", "ticked", "kept"), [
    ("", ["Golbey (88002)"], "Golbey"),
    ("Épinal", ["Golbey (88002)"], "Épinal"),
    ("", ["Golbey (88002)", "Épinal (88001)"], None),  # of two, neither
])  # fmt: skip
def test_a_commune_ticked_beside_its_field_fills_it_when_empty(
    cast, enter, typed_by_hand, ticked, kept
):
    enter(cast.diane).post(NEW, typed(commune=typed_by_hand, proposed_commune=ticked))
    assert no_report() if kept is None else only_report().commune.name == kept


def test_a_span_is_proposed_whole_and_a_day_to_come_is_not(cast, enter):
    coming = timezone.localdate() + timedelta(days=9)
    facts = f"Du 3 au 5 septembre 2020, à revoir le {coming:%d/%m/%Y}."
    shown = enter(cast.diane).post("/renseignements/reperer/", {"facts": facts}).text
    proposed = re.findall(r'name="proposed_date" value="([^"]+)"', shown)
    assert proposed == ["03/09/2020|05/09/2020"]


@pytest.mark.parametrize("wrong", ["phone|12", "plate|", "chose|1", "phone", "email|a b"])
def test_an_identifier_that_is_none_is_refused(cast, enter, wrong):
    response = enter(cast.diane).post(NEW, typed(identifiers=[wrong]))
    assert response.status_code == 422
    assert no_report()


# --- Files ------------------------------------------------------------------------------------


def test_a_refused_file_is_told_and_the_others_are_kept(cast, enter):
    client = enter(cast.diane)
    files = [
        SimpleUploadedFile("photo.png", PNG),
        SimpleUploadedFile("photo.jpg", b"MZ\x90\x00" + b"\x00" * 200),
        SimpleUploadedFile("note.txt", "Relevé du soir".encode()),
    ]
    response = client.post(NEW, typed(saisie="nouveau-0123456789ab", files=files))
    assert response.status_code == 422
    assert "Le contenu de « photo.jpg » n’est pas d’un type accepté" in words(response)
    kept = list(DraftFile.objects.of(cast.diane))
    assert [file.name for file in kept] == ["photo.png", "note.txt"]
    assert len(re.findall(r'name="kept_files"[^>]*checked', response.content.decode())) == 2

    client.post(NEW, typed(saisie="nouveau-0123456789ab", kept_files=[str(kept[0].pk)]))
    attached = Attachment.objects.of(only_report())
    assert [attachment.name for attachment in attached] == ["photo.png"]
    assert not DraftFile.objects.of(cast.diane).exists()


def test_files_go_with_a_report_that_is_right_at_once(cast, enter):
    files = [SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("b.txt", b"texte")]
    enter(cast.diane).post(NEW, typed(files=files))
    assert Attachment.objects.of(only_report()).count() == 2
    assert Entry.objects.filter(verb="attachment.added").count() == 2


def test_a_file_of_60_mb_is_refused_with_its_weight(cast, enter):
    upload = SimpleUploadedFile("video.png", PNG + bytes(60_000_000))
    response = enter(cast.diane).post(NEW, typed(files=[upload]))
    assert "« video.png » pèse 60 Mo ; la limite est de 20 Mo" in words(response)
    assert FACTS in response.content.decode()


def test_nobody_attaches_the_files_of_another(cast, enter):
    enter(cast.diane).post(
        NEW, {"saisie": "nouveau-0123456789ab", "files": [SimpleUploadedFile("a.png", PNG)]}
    )
    [file] = DraftFile.objects.of(cast.diane)
    response = enter(cast.karim).post(
        NEW, typed(saisie="nouveau-0123456789ab", kept_files=[str(file.pk)])
    )
    assert not Attachment.objects.unguarded(because="test").exists()
    assert response.status_code in {302, 422}


# --- Who will see it --------------------------------------------------------------------------


def named(cast, **fields):
    review = timezone.localdate() + timedelta(days=30)
    return (
        typed(
            audience="nommees",
            units=[str(cast.louise.unit_id)],
            reason="source",
            review_on=f"{review:%d/%m/%Y}",
        )
        | fields
    )


def test_a_restriction_is_written_with_the_report(cast, enter, django_capture_on_commit_callbacks):
    enter(cast.diane).post(NEW, named(cast))
    report = only_report()
    readers = {name for name in cast if access.readable_reports(cast[name]).exists()}
    assert readers == {"diane", "karim", "louise"}
    assert report.is_restricted
    assert Restriction.objects.of(report).get().by == cast.diane
    assert enter(cast.bruno).get(report.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": ""}, "Choisissez le motif"),
        ({"reason": "other"}, "Précisez le motif"),
        ({"review_on": ""}, "Choisissez une date entre demain et le"),
        ({"review_on": "01/01/2020"}, "Choisissez une date entre demain et le"),
        ({"review_on": "01/01/2090"}, "Choisissez une date entre demain et le"),
    ],
)
def test_a_restriction_that_lacks_something_opens_nothing(cast, enter, wrong, sentence):
    response = enter(cast.diane).post(NEW, named(cast, **wrong))
    assert sentence in words(response)
    assert no_report()


def test_its_unit_alone_from_the_first_moment(cast, enter):
    """As on its sheet: nothing ticked names nobody else, and the page says so beforehand."""
    preview = enter(cast.diane).post("/renseignements/qui-verra/", {"audience": "nommees"})
    assert "Votre unité seule (Brigade des douanes)" in words(preview)
    assert "La cellule n’en fait pas partie" in words(preview)
    answered = enter(cast.diane).post(NEW, named(cast, units=[]), follow=True)
    readers = {name for name in cast if access.readable_reports(cast[name]).exists()}
    assert readers == {"diane", "karim"}
    assert "1 unité peut le lire." in words(answered)
    assert "La cellule ne verra pas cette fiche" in words(answered)
    assert Restriction.objects.of(only_report()).get().reason == "source"


def test_a_unit_without_a_seat_cannot_be_named(cast, enter):
    response = enter(cast.diane).post(NEW, named(cast, units=[str(cast.paul.unit_id)]))
    assert response.status_code == 422
    assert no_report()


def test_the_page_says_who_will_see_it(cast, enter):
    page = words(enter(cast.diane).get(NEW))
    assert "Qui verra ceci ? Les 5 unités du protocole" in page
    refused = enter(cast.diane).post(NEW, named(cast, facts=""))
    assert "Votre unité (Brigade des douanes) et 1 unité : Commissariat." in words(refused)


# --- Changing ---------------------------------------------------------------------------------


def change_page(report):
    return f"{report.get_absolute_url()}modifier/"


@pytest.mark.parametrize(
    ("who", "status"),
    [("diane", 200), ("karim", 200), ("louise", 404), ("anna", 404), ("claire", 404),
     ("paul", 404)],
)  # fmt: skip
def test_the_contributing_unit_alone_changes_its_report(cast, enter, vosges, who, status):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert enter(cast[who]).get(change_page(report)).status_code == status
    response = enter(cast[who]).post(change_page(report), typed(version="1", facts="Autre"))
    assert (response.status_code == 404) == (status == 404)
    report.refresh_from_db()
    assert (report.facts == "Autre") == (status == 200)


def test_a_change_keeps_the_former_text_and_what_the_form_does_not_hold(cast, enter, vosges):
    report = factories.report(
        cast.diane, vosges["Épinal"], units=[cast.louise.unit], grade=("B", "3")
    )
    received = report.received_at
    page = enter(cast.diane).get(change_page(report))
    assert FACTS in page.content.decode()
    enter(cast.diane).post(
        change_page(report),
        typed(
            version="1", facts="Trois hommes.", received_on=f"{timezone.localdate():%d/%m/%Y}",
            audience="protocole", source_grade="A", why="Précision",
        ),
    )  # fmt: skip
    report.refresh_from_db()
    assert report.facts == "Trois hommes."
    assert report.received_at == received
    assert report.is_restricted, "changing a report never widens it"
    assert report.source_grade == "B"
    revision = Revision.objects.of(report).get()
    assert (revision.before["facts"], revision.why, revision.by) == (
        FACTS, "Précision", cast.diane,
    )  # fmt: skip


def test_the_second_of_two_is_told_and_overwrites_nothing(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], subject="Vente", place="Hall 3")
    reports.change(
        report, by=cast.karim, version=1,
        fields={"facts": "Trois hommes, dit Karim.", "place": "Hall 4"},
    )  # fmt: skip
    mine = typed(
        version="1", facts="Quatre hommes, dit Diane.", subject="Vente", place="Hall 3",
        undated="", occurred_on=f"{report.occurred_on:%d/%m/%Y}",
    )  # fmt: skip
    client = enter(cast.diane)
    response = client.post(change_page(report), mine)
    page = words(response)
    assert response.status_code == 422
    assert "Karim Essai l’a enregistrée" in page
    assert "Trois hommes, dit Karim." in page
    assert "Quatre hommes, dit Diane." in page
    report.refresh_from_db()
    assert report.facts == "Trois hommes, dit Karim."

    sent_again = dict(
        re.findall(r'name="(version|place)" value="([^"]*)"', response.content.decode())
    )
    # Diane had not touched the place: Karim's stays.
    assert sent_again == {"version": "2", "place": "Hall 4"}
    client.post(change_page(report), mine | sent_again)
    report.refresh_from_db()
    assert (report.facts, report.place) == ("Quatre hommes, dit Diane.", "Hall 4")


def test_a_report_narrowed_meanwhile_is_still_its_owners(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    sharing.restrict(
        report, by=cast.diane,
        narrowing=sharing.Narrowing(
            (cast.louise.unit,), "source", "", timezone.localdate() + timedelta(days=9)
        ),
    )  # fmt: skip
    response = enter(cast.karim).post(change_page(report), typed(version="1", facts="Corrigé"))
    assert response.status_code == 302
    report.refresh_from_db()
    assert (report.facts, report.is_restricted) == ("Corrigé", True)


# --- The page ---------------------------------------------------------------------------------


def test_suggestions_of_communes(cast, enter):
    answer = enter(cast.diane).get("/communes/", {"q": "thil"}).json()
    assert [each["label"] for each in answer["communes"]] == ["Le Thillot (88003)"]
    assert enter(cast.paul).get("/communes/", {"q": "thil"}).json() == {"communes": []}


def test_the_commune_of_the_very_name_typed_comes_before_a_bigger_one(cast, enter, vosges):
    bigger = Commune.objects.get(pk=vosges["Golbey"].pk)
    bigger.pk, bigger.code, bigger.name, bigger.epci = None, "88000", "Golbey-le-Haut", None
    bigger.bare_name, bigger.population = bigger.name, 900_000
    bigger.save(force_insert=True)
    client = enter(cast.diane)
    for typed_text, first in (("golb", "Golbey-le-Haut (88000)"), ("golbey", "Golbey (88002)")):
        answer = client.get("/communes/", {"q": typed_text}).json()
        assert answer["communes"][0]["label"] == first


def test_the_page_costs_few_queries_whatever_waits(
    cast, enter, django_assert_max_num_queries, django_assert_num_queries
):
    client = enter(cast.anna)
    client.post("/renseignements/brouillon/nouveau-000000000009/", {"facts": "x"})
    client.get(NEW)
    with django_assert_max_num_queries(15) as first:
        client.get(NEW)
    count = len(first)
    for number in range(8):
        client.post(f"/renseignements/brouillon/nouveau-00000000000{number}/", {"facts": "x"})
    with django_assert_num_queries(count):
        client.get(NEW)


@pytest.mark.parametrize(
    ("who", "status"),
    [("diane", 200), ("anna", 200), ("gilles", 403), ("claire", 403), ("ines", 403),
     ("fanny", 403), ("paul", 200)],
)  # fmt: skip
def test_who_writes(cast, enter, who, status):
    assert enter(cast[who]).get(NEW).status_code == status


def test_paul_writes_for_his_own_department_alone(cast, enter):
    enter(cast.paul).post(NEW, typed(commune="Nancy"))
    report = only_report()
    assert report.department == cast.paul.unit.department
    assert enter(cast.diane).get(report.get_absolute_url()).status_code == 404
    assert not access.readable_reports(cast.anna).exists()


# --- What is understood is said back ------------------------------------------------------------


def plain(text):
    return text.replace("\u00a0", " ")


def test_the_confirmation_tells_the_day_that_was_meant(cast, enter):
    client, today = enter(cast.diane), timezone.localdate()
    yesterday = today - timedelta(days=1)
    fields = typed(occurred_on="hier") | {"undated": ""}
    said = words(client.post(NEW, fields, follow=True))
    assert f"transmis, faits du {plain(french.weekday(yesterday))}." in said
    span = fields | {"occurred_on": "avant-hier", "occurred_until": "hier"}
    said = words(client.post(NEW, span, follow=True))
    first, last = (plain(french.day(each)) for each in (today - timedelta(days=2), yesterday))
    assert f"faits du {first} au {last}." in said
    assert "transmis. " in words(client.post(NEW, typed(), follow=True))


def test_a_day_that_is_said_is_kept_as_its_date(cast, enter):
    """« hier » is another day tomorrow: what is kept must not change while it waits."""
    fields = typed(occurred_on="hier", facts="") | {"undated": ""}
    response = enter(cast.diane).post(NEW, fields)
    meant = f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}"
    assert response.context["form"]["occurred_on"].value() == meant
    assert Draft.objects.of(cast.diane).get().fields["occurred_on"] == [meant]


@pytest.mark.parametrize(
    ("query", "days"),
    [("q=hier", -1), ("q=demain", None), ("q=31/02", None), ("q=jamais", None), ("q=", None)],
)
def test_a_day_is_understood_as_it_will_be_when_sent(cast, enter, query, days):
    said = enter(cast.diane).get(f"/jours/?{query}").json()
    if days is None:
        assert said == {}
        return
    meant = timezone.localdate() + timedelta(days=days)
    assert said == {"value": f"{meant:%d/%m/%Y}", "words": french.weekday(meant)}


def test_a_day_to_come_is_understood_in_the_future(cast, enter):
    soon = timezone.localdate() + timedelta(days=3)
    asked = {"q": f"{soon:%d/%m}", "a_venir": "1"}
    assert enter(cast.diane).get("/jours/", asked).json()["value"] == f"{soon:%d/%m/%Y}"


WITHOUT_CELL = "La cellule ne verra pas cette fiche : elle ne pourra ni la coter ni l’orienter."


def test_leaving_the_cell_out_is_warned_of(cast, enter):
    review = timezone.localdate() + timedelta(days=20)
    named = typed(audience="nommees", reason="source", review_on=f"{review:%d/%m/%Y}")
    client = enter(cast.diane)
    partner, cell = str(cast.louise.unit_id), str(cast.anna.unit_id)
    assert WITHOUT_CELL in words(client.post(NEW, named | {"units": [partner]}, follow=True))
    for fine in ({"units": [partner, cell]}, {"audience": "protocole", "units": []}):
        assert WITHOUT_CELL not in words(client.post(NEW, named | fine, follow=True))
    # The cell that restricts its own sheet sees it.
    own = enter(cast.anna).post(NEW, named | {"units": [partner]}, follow=True)
    assert WITHOUT_CELL not in words(own)
