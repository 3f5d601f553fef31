"""The sheet of one report: what it shows to whom, what is written on it, what it never tells."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cross.audit.models import Entry
from intel import access
from intel.actions import attachments, handovers, invitations, life, matching, reports
from intel.models import Attachment, Identifier, Report, Tip
from intel.states import MOVES, State
from tests import factories
from tests.house.conftest import picture

PNG = picture()


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def text_of(client, report, path=""):
    response = client.get(f"{report.get_absolute_url()}{path}")
    assert response.status_code == 200
    return response.content.decode()


def body_of(response):
    """The page without its token, nor the address that was asked."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return body.replace(response.wsgi_request.path, "")


def verbs(report):
    lines = Entry.objects.filter(target__startswith=report.reference).order_by("pk")
    return list(lines.values_list("verb", flat=True))


@pytest.fixture
def report(cast, vosges):
    """Open, by Diane, with something in every part."""
    return factories.report(
        cast.diane,
        vosges["Épinal"],
        subject="Vente aux abords d’un lycée",
        facts="Deux véhicules reviennent.\nUn guetteur à l’angle.",
        origin="human_source",
        source_code="TULIPE-7",
        place="Arrêt de bus",
        occurred_on=date(2026, 3, 1),
        products=["cocaine"],
        modes=["dealing_point"],
        vehicles="Scooter noir",
        persons="Deux hommes",
        handling="H1",
        identifiers=[("plate", "ab 123 cd", "AB123CD")],
    )


# --- Who opens it -------------------------------------------------------------------------------

READERS = {"diane", "karim", "louise", "bruno", "anna", "marc", "gilles"}


def test_who_opens_an_open_sheet(cast, enter, report):
    opened = {
        name
        for name, member in cast.items()
        if enter(member).get(report.get_absolute_url()).status_code == 200
    }
    assert opened == READERS


PAGES = ("", "versions/", "etape/", "cotation/", "commentaire/", "diffusion/", "pieces/",
         "identifiants/", "lever-restriction/", "effacer/")  # fmt: skip
POSTS = ("imprimer/", "etape/", "annuler-etape/", "cotation/", "commentaire/", "diffusion/",
         "lever-restriction/", "pieces/", "identifiants/", "effacer/")  # fmt: skip


def test_to_paul_it_does_not_exist(cast, enter, report):
    """Neither by reading nor by acting; and absent or hidden give the same body."""
    paul = enter(cast.paul)
    absent = report.get_absolute_url().replace(report.reference, "CROSS-88-2026-99999")
    for path in PAGES:
        hidden, none = paul.get(report.get_absolute_url() + path), paul.get(absent + path)
        assert (hidden.status_code, none.status_code) == (404, 404)
        assert body_of(hidden) == body_of(none)
    for path in POSTS:
        assert paul.post(report.get_absolute_url() + path).status_code == 404
    assert stored(report).version == report.version
    assert verbs(report) == ["report.created", *["access.refused"] * (len(PAGES) + len(POSTS))]


def test_only_references_are_sheets(cast, enter, report):
    client = enter(cast.anna)
    for name in ("nimporte", report.reference.lower(), f"{report.reference}x", "CROSS-88-2026-1"):
        assert client.get(f"/renseignements/{name}/").status_code == 404


def test_reading_leaves_its_line(cast, enter, report):
    text_of(enter(cast.louise), report)
    line = Entry.objects.get(verb="report.read")
    assert (line.target, line.member_id) == (report.reference, cast.louise.pk)


# --- What it shows ------------------------------------------------------------------------------


def test_what_the_sheet_says(cast, enter, report):
    html = text_of(enter(cast.louise), report)
    for words in (
        report.reference,
        "Vente aux abords d’un lycée",
        "Un guetteur à l’angle.",
        "Ne pas verser en procédure sans accord du service d’origine",
        "Source humaine",
        "Épinal (88001)",
        "Arrêt de bus",
        "dimanche 1er mars 2026",
        "Cocaïne",
        "Point de deal",
        "Scooter noir",
        "Deux hommes",
        "AB-123-CD",
        "CA de Épinal",
        "Zone police",
        "Tribunal judiciaire de Épinal",
        "Diane Essai, Brigade des douanes",
        "5 unités",
        "Vous la lisez parce qu’elle est ouverte à toutes les unités du protocole",
    ):
        assert escape(words).replace("&#x27;", "'") in html.replace("\u00a0", " "), words


@pytest.mark.parametrize(
    ("who", "reads_code"), [("diane", True), ("karim", True), ("louise", False), ("anna", False)]
)
def test_the_code_of_a_source_is_read_by_its_unit_alone(cast, enter, report, who, reads_code):
    """On the sheet, and in the former versions too."""
    version = stored(report).version
    reports.change(report, by=cast.diane, fields={"source_code": "ROSE-2"}, version=version)
    for path, code in (("", "ROSE-2"), ("versions/", "TULIPE-7")):
        assert (code in text_of(enter(cast[who]), report, path)) is reads_code


def test_a_former_instant_is_told_on_the_day_it_was_here(cast, vosges, enter):
    """Half past midnight in Épinal is still the day before in UTC, in which revisions are kept."""
    late = datetime(2026, 9, 17, 22, 30, tzinfo=UTC)
    report = factories.report(cast.diane, vosges["Épinal"], received_at=late)
    fields = {"received_at": late + timedelta(days=3)}
    reports.change(report, by=cast.diane, fields=fields, version=stored(report).version)
    html = text_of(enter(cast.diane), report, "versions/")
    assert "<del>18</del><ins>21</ins>\u00a0septembre 2026" in html


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("diane", "votre unité l’a rédigée"),
        ("louise", "votre unité est nommée"),
        ("rose", "sur invitation de l’unité Brigade des douanes"),
    ],
)
def test_why_one_sees_a_restricted_sheet(cast, vosges, enter, who, sentence):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    until = timezone.now() + timedelta(hours=1)
    invitations.invite(report, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    html = text_of(enter(cast[who]), report)
    assert sentence in html
    # To whom it is named is the affair of those who are.
    told = "Lecture restreinte" if who == "rose" else "Lecture restreinte à 2\u00a0unités"
    assert f"<strong>{told}</strong>" in html
    assert ("2 unités" in html.replace("\u00a0", " ")) is (who != "rose")


@pytest.mark.parametrize(
    ("who", "reads_text", "reads_contact"),
    [("anna", True, True), ("diane", False, False), ("louise", False, False)],
)
def test_the_text_and_the_author_of_a_tip_stay_in_the_cell(
    cast, enter, report, who, reads_text, reads_contact
):
    tip = Tip.objects.create(
        report=report,
        department=report.department,
        portal="Portail essai",
        portal_reference="SIG-1",
        raw_text="Bonjour, je vous écris au sujet de mon voisin.",
        contact="06 39 98 00 01",
    )
    html = text_of(enter(cast[who]), report)
    assert "SIG-1" in html
    assert ("mon voisin" in html) is reads_text
    assert ("06 39 98 00 01" in html) is reads_contact
    # Once its day has come the contact is shown to nobody, even before the nightly purge.
    Tip.objects.of(report).filter(pk=tip.pk).update(purge_on=timezone.localdate())
    assert "06 39 98 00 01" not in text_of(enter(cast[who]), report)


def test_the_same_fact_shows_only_what_one_reads(cast, vosges, enter, report):
    copy = factories.report(cast.louise, vosges["Épinal"], units=[cast.anna.unit])
    life.move(copy, by=cast.anna, target=State.DUPLICATE, original=report)
    assert copy.reference in text_of(enter(cast.anna), report)
    assert "Doublon de cette fiche" in text_of(enter(cast.louise), report)
    assert "Fiche d’origine" in text_of(enter(cast.louise), copy)
    html = text_of(enter(cast.diane), report)
    assert copy.reference not in html
    assert "Même fait" not in html


def test_the_original_of_a_duplicate_may_be_hidden(cast, vosges, enter):
    original = factories.report(cast.louise, vosges["Épinal"], units=[cast.anna.unit])
    copy = factories.report(cast.diane, vosges["Épinal"])
    life.move(copy, by=cast.anna, target=State.DUPLICATE, original=original)
    assert original.reference in text_of(enter(cast.anna), copy)
    assert original.reference not in text_of(enter(cast.diane), copy)


def test_history_tells_who_when_why_and_strikes_out_what_was_undone(cast, enter, report):
    life.move(report, by=cast.anna, target=State.URGENT, why="Remise ce soir")
    life.undo(report, by=cast.anna)
    reports.grade(stored(report), by=cast.anna, source="B", information="2")
    html = text_of(enter(cast.louise), report)
    assert "<s><strong>Urgent</strong></s>" in html
    assert "Remise ce soir" in html
    assert "Cotation donnée" in html
    assert "habituellement fiable" in html


def of_a_service(report):
    """The same report, told by nobody whose words and files stay in the unit."""
    Report.objects.filter(pk=report.pk).update(origin="service")
    return stored(report)


def test_versions_show_what_was_taken_out_and_put_in(cast, enter, report):
    report = of_a_service(report)
    changes = {"facts": "Trois véhicules reviennent.\nUn guetteur à l’angle.", "products": []}
    reports.change(report, by=cast.diane, fields=changes, version=1, why="Précision du témoin")
    html = text_of(enter(cast.louise), report, "versions/")
    assert "<del>Deux</del><ins>Trois</ins> véhicules" in html
    assert "<del>Cocaïne</del>" in html
    assert "Précision du témoin" in html


def test_one_version_is_no_former_one(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    reports.comment(report, by=cast.anna, text="À suivre.", version=report.version)
    assert "/versions/" not in text_of(enter(cast.anna), report)
    reports.comment(report, by=cast.anna, text="Suivi.", version=stored(report).version)
    assert (
        text_of(enter(cast.anna), report).count("/versions/") == 2
    )  # below the facts, and in the menu


NOTHING_YET = {"identifiants", "montants et quantités", "lieux cités", "pièces jointes"}
LEADS = {
    "diane": {"identifiants/", "montants/", "lieux/", "pieces/", "complement/", "travail/#noter"},
    "anna": {
        "commentaire/",
        "identifiants/",
        "montants/",
        "lieux/",
        "complement/",
        "travail/#noter",
    },
    "louise": {"complement/", "travail/#noter"},
    "gilles": set(),
}


@pytest.mark.parametrize("who", LEADS)
def test_what_a_new_sheet_does_not_hold_yet_is_one_line_that_leads_to_it(cast, vosges, enter, who):
    report = factories.report(cast.diane, vosges["Épinal"])
    html = text_of(enter(cast[who]), report)
    line = html.partition('id="rien-encore"')[2].partition("</div>")[0]
    assert {each.strip() for each in re.findall(r">([^<>]+)<", line)} >= NOTHING_YET
    leads = {
        each.removeprefix(report.get_absolute_url())
        for each in re.findall(r'href="([^"]+)"', line)
    }
    assert leads >= LEADS[who]
    assert bool(leads) == bool(LEADS[who])
    assert 'id="montants"' not in html


def test_words_of_a_report_are_shown_as_text(cast, vosges, enter):
    canary = "<img src=x onerror=alert(1)>"
    report = factories.report(
        cast.diane, vosges["Épinal"], facts=canary, subject=canary, place=canary, persons=canary
    )
    assert canary not in text_of(enter(cast.anna), report)
    assert canary not in enter(cast.anna).get("/renseignements/").content.decode()


# --- Buttons come from the rules ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "who_moves"),
    [
        (State.DRAFT, {"diane"}),
        (State.RECEIVED, {"anna", "marc"}),
        (State.TO_COMPLETE, {"diane", "anna", "marc"}),
        (State.GRADED, {"anna", "marc"}),
        (State.DIRECTED, {"louise"}),
        (State.EXPLOITED, {"anna", "marc"}),
        (State.ARCHIVED, {"anna", "marc"}),
    ],
)
def test_buttons_are_the_moves_that_the_rules_allow(cast, enter, report, state, who_moves):
    life.move(report, by=cast.anna, target=State.SORTED)
    reports.grade(stored(report), by=cast.anna, source="B", information="2")
    life.move(report, by=cast.anna, target=State.GRADED)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
    Report.objects.filter(pk=report.pk).update(state=state)
    moved = set()
    for who in READERS if state != State.DRAFT else ("diane",):
        sheet = enter(cast[who]).get(report.get_absolute_url()).context["sheet"]
        targets = {button.move.target for button in sheet.buttons}
        assert targets == {
            move.target
            for move in MOVES
            if move.origin == state and access.may_make(cast[who], report, move)
        }
        moved |= {who} if targets else set()
    assert moved - {"karim"} == who_moves


# --- Comment and grades -------------------------------------------------------------------------


def test_the_analyst_comments_apart_from_the_facts(cast, enter, report):
    url = f"{report.get_absolute_url()}commentaire/"
    response = enter(cast.anna).post(url, {"text": "Report probable.", "version": "1"})
    assert response.headers["Location"] == f"{report.get_absolute_url()}#commentaire"
    now = stored(report)
    assert (now.comment, now.comment_by, now.facts) == (
        "Report probable.",
        cast.anna,
        report.facts,
    )
    html = text_of(enter(cast.louise), report)
    assert "Report probable." in html
    assert "Anna Essai" in html
    for name in ("diane", "louise", "gilles", "paul"):
        assert enter(cast[name]).post(url, {"text": "x", "version": "2"}).status_code == 404
    assert stored(report).comment == "Report probable."


def test_two_analysts_the_second_is_told_and_nothing_is_overwritten(cast, enter, report):
    url = f"{report.get_absolute_url()}commentaire/"
    enter(cast.marc).post(url, {"text": "Lecture de Marc.", "version": "1"})
    client = enter(cast.anna)
    response = client.post(url, {"text": "Lecture d’Anna.", "version": "1"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Lecture de Marc." in html
    assert "Lecture d’Anna." in html
    assert "modifiée entre-temps" in html
    assert stored(report).comment == "Lecture de Marc."
    # The form now carries the version that was shown: sent again, it is a decision.
    assert 'name="version" value="2"' in html
    client.post(url, {"text": "Les deux.", "version": "2"})
    assert stored(report).comment == "Les deux."


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        ("a" * 200_000, "", "200\u202f000 caractères"),
        ("Bon\0jour", "Bonjour", "caractère de contrôle retiré"),
        ("abc\u202edcb", "abcdcb", "inversion du sens de lecture"),
        ("<b>gras</b>", "<b>gras</b>", "balises"),
    ],
)
def test_hostile_text_is_cleaned_or_refused_and_stays_on_screen(
    cast, enter, report, typed, kept, told
):
    client = enter(cast.anna)
    url = f"{report.get_absolute_url()}commentaire/"
    response = client.post(url, {"text": typed, "version": "1"}, follow=True)
    html = response.content.decode()
    assert told in html
    assert stored(report).comment == kept
    if not kept:
        assert response.status_code == 422
        assert typed in html


def test_grades_are_two_choices_with_a_reason_to_change_them(cast, enter, report):
    client = enter(cast.anna)
    url = f"{report.get_absolute_url()}cotation/"
    one = client.post(url, {"source_grade": "B", "version": "1"})
    assert "6 si vous ne pouvez pas en juger" in one.content.decode()
    client.post(url, {"source_grade": "B", "information_grade": "2", "version": "1"})
    assert stored(report).grade == "B2"
    change = {"source_grade": "C", "information_grade": "2", "version": "2"}
    assert "Dites pourquoi" in client.post(url, change).content.decode()
    client.post(url, change | {"why": "Source déjà trompée"})
    assert stored(report).grade == "C2"
    overtaken = client.post(url, change | {"source_grade": "D", "why": "x"})
    assert overtaken.status_code == 422
    assert "entre-temps" in overtaken.content.decode()
    assert stored(report).grade == "C2"
    for name in ("diane", "louise", "paul"):
        assert enter(cast[name]).get(url).status_code == 404


def test_a_report_that_was_handed_over_is_no_second_origin(cast, vosges, enter, report):
    """Whoever brought it speaks, not whoever holds it now: a unit would confirm itself."""
    other = factories.report(cast.diane, vosges["Épinal"], origin="citizen")
    proposed = handovers.propose(other, by=cast.diane, target=cast.bruno.unit, why="Secteur")
    handovers.accept(proposed, by=cast.bruno)
    confirms = {"by": cast.anna, "kind": "corrobore", "why": "Même fait"}
    matching.decide(other, report, **confirms)
    one = {"source_grade": "B", "information_grade": "1", "version": "1"}
    answer = enter(cast.anna).post(f"{report.get_absolute_url()}cotation/", one)
    assert "seconde origine" in answer.content.decode()
    assert stored(report).grade != "B1"
    # The other way round, too: the report itself was handed over.
    again = factories.report(cast.diane, vosges["Épinal"])
    proposed = handovers.propose(again, by=cast.diane, target=cast.louise.unit, why="Secteur")
    handovers.accept(proposed, by=cast.louise)
    matching.decide(report, again, **confirms)
    assert not reports.has_second_origin(stored(again), member=cast.anna)


def test_grading_may_validate_in_one_go(cast, enter, report):
    life.move(report, by=cast.anna, target=State.SORTED)
    client = enter(cast.anna)
    moves = client.post(f"{report.get_absolute_url()}etape/", {"vers": "cote", "vu": "trie"})
    assert moves.headers["Location"].startswith(f"{report.get_absolute_url()}cotation/")
    version = stored(report).version
    data = {"source_grade": "B", "information_grade": "2", "version": version, "valider": "1"}
    client.post(f"{report.get_absolute_url()}cotation/", data)
    assert (stored(report).grade, stored(report).state) == ("B2", State.GRADED)


# --- Identifiers and files ----------------------------------------------------------------------


def test_an_identifier_is_confirmed_once_in_any_writing_and_removed(cast, enter, report):
    client = enter(cast.anna)
    url = f"{report.get_absolute_url()}identifiants/"
    for raw in ("06 39 98 12 34", "+33639981234"):
        client.post(url, {"kind": "phone", "raw": raw})
    phones = Identifier.objects.of(report).filter(kind="phone")
    assert [phone.value for phone in phones] == ["+33639981234"]
    refused = client.post(url, {"kind": "phone", "raw": "12"})
    assert refused.status_code == 422
    assert "n’est pas un numéro de téléphone" in refused.content.decode()
    phone = phones.get()
    for name in ("louise", "paul"):
        member = enter(cast[name])
        assert member.post(url, {"kind": "phone", "raw": "0639981235"}).status_code == 404
        assert member.post(f"/identifiants/{phone.key}/retirer/").status_code == 404
    assert enter(cast.diane).post(f"/identifiants/{phone.key}/retirer/").status_code == 302
    assert not phones.all().exists()
    assert verbs(report).count("identifier.removed") == 1


def test_a_file_is_joined_by_its_unit_and_opened_by_whoever_reads(cast, enter, report):
    report = of_a_service(report)
    url = f"{report.get_absolute_url()}pieces/"
    upload = SimpleUploadedFile("photo<b>.png", PNG, content_type="image/png")
    assert enter(cast.diane).post(url, {"upload": upload}).status_code == 302
    [piece] = Attachment.objects.of(report)
    response = enter(cast.louise).get(f"/pieces/{piece.key}/")
    assert b"".join(response.streaming_content) == PNG
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert Entry.objects.get(verb="attachment.read").member_id == cast.louise.pk
    # Neither Louise, who reads, nor Paul, who does not, takes it away.
    assert enter(cast.louise).post(f"/pieces/{piece.key}/retirer/").status_code == 404
    assert enter(cast.louise).post(url, {"upload": upload}).status_code == 404
    assert enter(cast.paul).get(f"/pieces/{piece.key}/").status_code == 404
    assert enter(cast.diane).post(f"/pieces/{piece.key}/retirer/").status_code == 302
    assert not Attachment.objects.of(report).exists()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("photo.png", b"MZ\x90\x00" + b"\0" * 100, "n’est pas d’un type accepté"),
        ("photo.jpg", PNG, "annonce un fichier .jpg"),
        ("vide.txt", b"", "Ce fichier est vide"),
        ("gros.txt", b"a" * 2000, "la limite est de"),
    ],
)
def test_a_file_that_is_refused_says_why(cast, enter, report, settings, name, data, told):
    settings.ATTACHMENT_MAX_BYTES = 1000
    response = enter(cast.diane).post(
        f"{report.get_absolute_url()}pieces/", {"upload": SimpleUploadedFile(name, data)}
    )
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Attachment.objects.of(report).exists()


def test_a_report_holds_so_many_files_and_octets(cast, enter, report, monkeypatch):
    address = f"{report.get_absolute_url()}pieces/"

    def post(content):
        upload = SimpleUploadedFile("note.txt", content)
        return enter(cast.diane).post(address, {"upload": upload})

    monkeypatch.setattr(attachments, "MOST_FILES", 2)
    assert [post(content).status_code for content in (b"un", b"deux", b"trois")] == [302, 302, 422]
    monkeypatch.setattr(attachments, "MOST_FILES", 9)
    monkeypatch.setattr(attachments, "MOST_OCTETS", 11)
    assert [post(content).status_code for content in (b"trois", b"x")] == [302, 422]
    assert "au plus 9 pièces" in post(b"y").content.decode()
    assert Attachment.objects.of(report).count() == 3


def test_a_file_of_a_hidden_report_does_not_exist(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    upload = SimpleUploadedFile("note.txt", b"texte")
    piece = attachments.attach(report, by=cast.diane, upload=upload)
    opened = enter(cast.louise).get(f"/pieces/{piece.key}/")
    assert b"".join(opened.streaming_content) == b"texte"
    for name in ("bruno", "anna", "paul", "ines"):
        hidden = enter(cast[name]).get(f"/pieces/{piece.key}/")
        assert hidden.status_code == 404
        assert body_of(hidden) == body_of(enter(cast[name]).get("/pieces/999999/"))


# --- Paper --------------------------------------------------------------------------------------


def test_printing_leaves_its_line_and_says_who_printed(cast, enter, report):
    client = enter(cast.louise)
    response = client.post(f"{report.get_absolute_url()}imprimer/")
    assert verbs(report)[-1] == "report.printed"
    html = client.get(response.headers["Location"]).content.decode()
    assert "data-print" in html
    assert "par Louise Essai, Commissariat" in html
    assert client.get(f"{report.get_absolute_url()}imprimer/").status_code == 405


# --- Queries ------------------------------------------------------------------------------------


def test_as_many_queries_for_a_bare_sheet_as_for_a_full_one(cast, vosges, enter, report):
    client = enter(cast.anna)
    bare = factories.report(cast.diane, vosges["Golbey"])
    text_of(client, bare)
    assert queries_of(client, bare) <= 15
    fill(report, cast, vosges)
    assert queries_of(client, report) == queries_of(client, bare)


def queries_of(client, report):
    with CaptureQueriesContext(connection) as captured:
        text_of(client, report)
    return len(captured)


def fill(report, cast, vosges):
    for rank in range(4):
        other = factories.report(cast.louise, vosges["Épinal"])
        life.move(other, by=cast.anna, target=State.DUPLICATE, original=report)
        reports.confirm_identifier(
            report, by=cast.anna, kind="alias", raw=f"Le {rank}", value=f"le {rank}"
        )
        upload = SimpleUploadedFile(f"{rank}.txt", b"texte")
        attachments.attach(report, by=cast.diane, upload=upload)
        version = stored(report).version
        reports.comment(report, by=cast.anna, text=f"Version {rank}", version=version)
    reports.grade(stored(report), by=cast.anna, source="B", information="2")
    unit = cast.louise.unit
    for target, by, said in (
        (State.SORTED, cast.anna, {}),
        (State.GRADED, cast.anna, {}),
        (State.DIRECTED, cast.anna, {"unit": unit}),
        (State.ACKNOWLEDGED, cast.louise, {}),
        (State.EXPLOITED, cast.louise, {"why": "fait", "outcomes": ["joint"]}),
        (State.FED_BACK, cast.anna, {"feedback": "useful"}),
    ):
        life.move(report, by=by, target=target, **said)


def test_a_file_sent_twice_by_one_form_is_joined_once(cast, vosges, enter, settings):
    report = factories.report(cast.diane, vosges["Épinal"])
    client, address = enter(cast.diane), reverse("attach_file", args=[report.reference])
    key = re.search(r'name="sent" value="(\w{32})"', client.get(address).content.decode())[1]

    def send(content):
        file = SimpleUploadedFile("note.txt", content)
        return client.post(address, {"upload": file, "sent": key})

    assert send(b"Vu hier.").url == send(b"Vu hier.").url
    assert Attachment.objects.of(report).count() == 1
    assert sum(each.is_file() for each in settings.MEDIA_ROOT.rglob("*")) == 1
    send(b"Vu hier, et ce matin.")
    assert Attachment.objects.of(report).count() == 2
    file = {"upload": SimpleUploadedFile("note.txt", b"x"), "sent": key}
    assert enter(cast.paul).post(address, file).status_code == 404


def test_the_same_comment_sent_twice_is_no_conflict(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    client, address = enter(cast.anna), reverse("comment_report", args=[report.reference])
    sent = {"comment": "Une équipe.", "text": "Une équipe.", "version": report.version}
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    other = sent | {"comment": "Deux équipes.", "text": "Deux équipes."}
    assert client.post(address, other).status_code != 302
    assert enter(cast.paul).post(address, sent).status_code == 404
