"""What is typed is kept for its author alone; a pasted message is read, not believed."""

import re
from datetime import timedelta
from email.message import EmailMessage
from html import unescape

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cross.audit.models import Entry
from intel.actions import drafts
from intel.models import Attachment, Draft, DraftFile, Identifier, Report
from services.models import Commune
from tests import factories
from tests.intel.test_entry import NEW, PNG, only_report, typed, words

KEEP = "/renseignements/brouillon/nouveau-0123456789ab/"
DROP = f"{KEEP}supprimer/"
PASTE = "/renseignements/coller/"


# --- Kept while typing ------------------------------------------------------------------------


def test_what_is_typed_is_kept_valid_or_not(cast, enter):
    client = enter(cast.diane)
    answer = client.post(KEEP, {"facts": "Hier soir, deux", "products": ["crack", "cocaine"]})
    assert answer.status_code == 204
    draft = Draft.objects.of(cast.diane).get()
    assert draft.fields == {"facts": ["Hier soir, deux"], "products": ["crack", "cocaine"]}
    assert not Report.objects.unguarded(because="test").exists()
    assert not Entry.objects.filter(verb__startswith="report.").exists()


def test_coming_back_offers_what_was_left(cast, enter):
    client = enter(cast.diane)
    client.post(KEEP, typed(facts="Hier soir, deux", commune="épin", products=["crack"]))
    page = client.get(NEW)
    assert "Reprendre votre saisie du" in words(page)
    assert "Hier soir, deux" in words(page)
    assert "Hier soir, deux</textarea>" not in page.content.decode(), "a new entry starts blank"

    resumed = client.get(NEW, {"saisie": "nouveau-0123456789ab"})
    html = resumed.content.decode()
    assert "Hier soir, deux</textarea>" in html
    assert 'value="épin"' in html
    assert re.search(r'name="products" value="crack"[^>]*checked', html)
    assert "à corriger" not in html, "nothing was sent: nothing is wrong yet"


def test_what_is_thrown_away_is_named_and_asked_twice(cast, enter):
    client = enter(cast.diane)
    key = client.get(NEW).context["key"]
    client.post(f"/renseignements/brouillon/{key}/", {"facts": "Un début"})
    resumed, apart = (client.get(NEW, query).content.decode() for query in ({"saisie": key}, {}))
    assert "Effacer cette saisie et recommencer" in resumed
    assert "Effacer cette saisie<" in apart.replace("\n", "")
    for page in (resumed, apart):
        assert 'data-confirm="Effacer cette saisie et ses fichiers' in page


def test_starting_again_forgets_text_and_files(cast, enter):
    client = enter(cast.diane)
    client.post(
        NEW, {"saisie": "nouveau-0123456789ab", "files": [SimpleUploadedFile("a.png", PNG)]}
    )
    assert DraftFile.objects.of(cast.diane).exists()
    response = client.post(DROP, follow=True)
    assert "La saisie a été effacée" in words(response)
    assert not drafts.unfinished(cast.diane)
    assert drafts.kept(by=cast.diane, key="nouveau-0123456789ab") is None


BACK = DROP.replace("supprimer", "reprendre")


def test_what_was_thrown_away_is_taken_up_again_with_its_files(cast, enter):
    client = enter(cast.diane)
    upload = SimpleUploadedFile("a.png", PNG)
    said = {"saisie": "nouveau-0123456789ab", "facts": "Hier, deux hommes", "files": [upload]}
    client.post(NEW, said)
    client.post(DROP)
    listed = client.get("/renseignements/brouillons-supprimes/").content.decode()
    assert "Hier, deux hommes" in listed
    for who in ("karim", "louise", "paul"):
        other = enter(cast[who])
        assert (
            "Hier, deux hommes"
            not in other.get("/renseignements/brouillons-supprimes/").content.decode()
        )
        other.post(BACK)
    assert drafts.kept(by=cast.diane, key="nouveau-0123456789ab") is None
    page = client.post(BACK, follow=True).content.decode()
    assert "Hier, deux hommes" in page
    assert "a.png" in page
    assert "plus parmi celles" in words(client.post(BACK, follow=True))


def test_after_thirty_days_it_is_forgotten(cast, enter):
    client = enter(cast.diane)
    client.post(NEW, {"saisie": "nouveau-0123456789ab", "facts": "Hier, deux hommes"})
    client.post(DROP)
    assert drafts.forget_old(timezone.now() + timedelta(days=29)) == 0
    assert drafts.forget_old(timezone.now() + timedelta(days=31)) == 1
    assert not Draft.objects.of(cast.diane).exists()


def test_the_draft_goes_when_its_report_is_made(cast, enter):
    client = enter(cast.diane)
    client.post(KEEP, typed())
    client.post(NEW, typed(saisie="nouveau-0123456789ab"))
    assert not Draft.objects.of(cast.diane).exists()
    assert only_report().facts == typed()["facts"]


def test_two_pages_never_write_over_one_another(cast, enter):
    client = enter(cast.diane)
    keys = {
        re.search(r'name="saisie" value="([^"]+)"', client.get(NEW).content.decode())[1]
        for _ in range(2)
    }
    assert len(keys) == 2
    for key in keys:
        client.post(f"/renseignements/brouillon/{key}/", {"facts": key})
    assert {draft.fields["facts"][0] for draft in Draft.objects.of(cast.diane)} == keys


@pytest.mark.parametrize("key", ["CROSS-88-2026-0001", "nouveau-", "../../x", "nouveau-zz"])
def test_a_key_of_anything_else_gets_one_of_its_own(cast, enter, key):
    client = enter(cast.diane)
    client.post(NEW, typed(saisie=key, facts=""))
    assert re.fullmatch("nouveau-[0-9a-f]{12}", Draft.objects.of(cast.diane).get().key)
    assert client.get(NEW, {"saisie": key}).status_code == 200


def test_a_refused_form_is_kept_too(cast, enter):
    client = enter(cast.diane)
    client.post(NEW, typed(saisie="nouveau-0123456789ab", commune="Nulle-Part"))
    assert Draft.objects.of(cast.diane).get().fields["commune"] == ["Nulle-Part"]


@pytest.mark.parametrize("who", ["karim", "anna", "paul"])
def test_a_draft_is_read_by_its_author_alone(cast, enter, who):
    enter(cast.diane).post(KEEP, {"facts": "Texte de Diane"})
    client = enter(cast[who])
    assert "Texte de Diane" not in words(client.get(NEW))
    assert "Texte de Diane" not in words(client.get(NEW, {"saisie": "nouveau-0123456789ab"}))
    assert client.get(f"{PASTE}nouveau-0123456789ab/").status_code == 404
    client.post(DROP)
    assert Draft.objects.of(cast.diane).exists()


def test_a_nul_in_a_draft_is_no_error_and_too_much_is_said(cast, enter):
    client = enter(cast.diane)
    assert client.post(KEEP, {"facts": "a\x00b"}).status_code == 204
    assert Draft.objects.of(cast.diane).get().fields["facts"] == ["ab"]
    assert client.post(KEEP, {"facts": "x" * 400_001}).status_code == 413


@pytest.mark.parametrize("who", ["gilles", "claire", "ines", "rose"])
def test_who_does_not_write_keeps_nothing(cast, enter, who):
    assert enter(cast[who]).post(KEEP, {"facts": "x"}).status_code == 403
    assert not Draft.objects.of(cast[who]).exists()


# --- A change left aside ----------------------------------------------------------------------


def test_a_change_left_aside_waits_for_its_author(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    page = f"{report.get_absolute_url()}modifier/"
    client = enter(cast.diane)
    client.post(f"/renseignements/brouillon/{report.reference}/", typed(facts="Mieux dit"))
    waiting = client.get(page).content.decode()
    assert "sans enregistrer" in unescape(waiting)
    assert "Mieux dit</textarea>" not in waiting
    assert "data-draft-url" not in waiting, "nothing may be kept over what waits"
    resumed = client.get(page, {"reprendre": "1"}).content.decode()
    assert "Mieux dit</textarea>" in resumed
    assert "data-draft-url" in resumed
    assert "Mieux dit" not in enter(cast.karim).get(page).content.decode()


# --- A pasted message -------------------------------------------------------------------------

MAIL = (
    "Hier soir contrôle routier D44 sortie Golbey. Conducteur Peugeot 208 grise CD-321-EF, alias "
    '"Momo",\ntél 06 39 98 76 54, 3 pochons d’herbe. Dit se fournir à Épinal le midi.'
)


def message(text=MAIL, *, attachments=(), date="Thu, 17 Sep 2026 07:42:00 +0200"):
    mail = EmailMessage()
    mail["From"], mail["To"] = "cob.golbey@exemple.invalid", "cross88@exemple.invalid"
    mail["Date"], mail["Subject"] = date, "Rens stups Golbey"
    mail.set_content(text)
    for name, content in attachments:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return SimpleUploadedFile("renseignement.eml", mail.as_bytes())


def test_a_message_is_read_confirmed_and_becomes_a_report(cast, enter):
    client = enter(cast.anna)
    response = client.post(PASTE, {"file": message(attachments=[("photo.png", PNG)])}, follow=True)
    page, html = words(response), response.content.decode()
    for found in ("Golbey", "Épinal", "CD-321-EF", "Momo", "06 39 98 76 54", "Cannabis (herbe)"):
        assert found in page
    assert "16 septembre 2026" in page, "« hier » counts from the day of the message"
    assert "<mark" in html
    assert not re.search(r"<input[^>]*type=\"(?:radio|checkbox)\"[^>]*checked", html)
    assert not Report.objects.unguarded(because="test").exists()

    address = response.redirect_chain[-1][0]
    [photo] = DraftFile.objects.of(cast.anna)
    response = client.post(
        address,
        {"commune": "88002|Golbey", "date": "2026-09-16", "product": ["cannabis_herbe"],
         "plate": ["plate|CD-321-EF"], "files": [str(photo.pk)]},
        follow=True,
    )  # fmt: skip
    html = unescape(response.content.decode())
    assert 'value="Golbey (88002)"' in html
    assert 'value="16/09/2026"' in html
    assert 'value="Rens stups Golbey"' in html
    assert re.search(r'name="origin" value="service"[^>]*checked', html)
    assert re.search(r'value="plate\|CD-321-EF"[^>]*checked', html)
    assert not re.search(r'value="phone\|06 39 98 76 54"[^>]*checked', html), "left by hand"

    sent = typed(
        facts=MAIL, commune="Golbey (88002)", undated="", occurred_on="16/09/2026",
        received_on="17/09/2026", products=["cannabis_herbe"], identifiers=["plate|CD-321-EF"],
        kept_files=[str(photo.pk)], saisie=address.rstrip("/").rsplit("/", 1)[-1],
    )  # fmt: skip
    client.post(NEW, sent)
    report = only_report()
    assert (report.commune.name, str(report.occurred_on)) == ("Golbey", "2026-09-16")
    assert str(timezone.localdate(report.received_at)) == "2026-09-17"
    assert [each.value for each in Identifier.objects.of(report)] == ["CD321EF"]
    assert [each.name for each in Attachment.objects.of(report)] == ["photo.png"]


def test_a_file_left_aside_is_forgotten(cast, enter):
    client = enter(cast.anna)
    response = client.post(PASTE, {"file": message(attachments=[("photo.png", PNG)])}, follow=True)
    client.post(response.redirect_chain[-1][0], {})
    assert not DraftFile.objects.of(cast.anna).exists()


def test_a_renamed_program_in_a_message_is_told_and_left(cast, enter):
    program = [("photo.jpg", b"MZ\x90\x00" + bytes(300)), ("vraie.png", PNG)]
    response = enter(cast.anna).post(PASTE, {"file": message(attachments=program)}, follow=True)
    assert "Le contenu de « photo.jpg » n’est pas d’un type accepté" in words(response)
    assert [file.name for file in DraftFile.objects.of(cast.anna)] == ["vraie.png"]


def test_a_pasted_text_is_read_the_same(cast, enter):
    response = enter(cast.anna).post(PASTE, {"text": MAIL}, follow=True)
    assert "CD-321-EF" in words(response)
    assert "Golbey" in words(response)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (dict, "Collez un texte, ou choisissez le fichier"),
        (lambda: {"text": "x" * 20_001}, "Ce texte compte 20 001 caractères"),
        (lambda: {"text": MAIL, "file": message()}, "gardez l’un ou l’autre"),
        (
            lambda: {"file": SimpleUploadedFile("a.eml", b"\xd0\xcf\x11\xe0" + bytes(600))},
            "message Outlook (.msg)",
        ),
        (
            lambda: {"file": SimpleUploadedFile("a.eml", b"MZ\x90" + bytes(600))},
            "n’est pas un message électronique",
        ),
        (lambda: {"file": message("x" * 20_001)}, "Ce texte compte 20 0"),
        (lambda: {"file": SimpleUploadedFile("a.eml", b"")}, "Ce fichier est vide"),
    ],
)
def test_what_cannot_be_read_is_told(cast, enter, sent, sentence):
    response = enter(cast.anna).post(PASTE, sent())
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Draft.objects.of(cast.anna).exists()


def test_markup_in_a_message_is_shown_as_text(cast, enter):
    text = "<script>alert(1)</script> à Épinal, tél 06 39 98 76 54"
    html = enter(cast.anna).post(PASTE, {"text": text}, follow=True).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_commune_of_another_department_is_not_proposed_to_paul(cast, enter):
    assert Commune.objects.filter(name="Golbey").exists()
    page = words(enter(cast.paul).post(PASTE, {"text": MAIL}, follow=True))
    assert "CD-321-EF" in page
    assert "Golbey (88002)" not in page
    assert 'name="commune"' not in page
    assert enter(cast.claire).get(PASTE).status_code == 403


def test_what_nobody_came_back_to_is_forgotten_with_its_files(cast):
    old, recent = drafts.new_key(), drafts.new_key()
    for key in (old, recent):
        drafts.keep(by=cast.diane, key=key, fields={"facts": ["à finir"]})
        upload = SimpleUploadedFile("note.txt", b"note")
        drafts.keep_file(by=cast.diane, key=key, upload=upload)
    long_ago = timezone.now() - timedelta(days=settings.DISCARDED_DAYS + 1)
    Draft.objects.filter(key=old).update(updated_at=long_ago)
    DraftFile.objects.filter(key=old).update(at=long_ago)
    assert drafts.forget_old() == 1
    assert drafts.kept(by=cast.diane, key=old) is None
    assert drafts.files(by=cast.diane, key=old) == []
    assert len(drafts.files(by=cast.diane, key=recent)) == 1
