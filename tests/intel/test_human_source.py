"""Two texts for a human source: the others read the one written apart, none of the first."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import attachments, imports, invitations, raw_texts, reports, sharing
from intel.extraction.copies import copied
from intel.forms.human_source import CHECKS
from intel.models import Attachment, Draft, RawText, Report
from intel.models.choices import Origin
from intel.reading import visits
from tests import factories

NEW = "/renseignements/nouveau/"
SAID = "Mon cousin Ambroise cache la résine dans le box sept sous la rampe depuis dimanche soir."
SHARED = "De la résine serait entreposée dans un box d’un parking souterrain du quartier."
CANARY = "Ambroise"
TICKED = [code for code, _ in CHECKS]
OTHERS = ("louise", "bruno", "anna", "marc", "gilles")


def typed(**fields):
    return {
        "facts": SHARED,
        "raw_text": SAID,
        "checks": TICKED,
        "commune": "Épinal",
        "undated": "on",
        "origin": "human_source",
        "source_code": "TULIPE-7",
    } | fields


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def only_report():
    return Report.objects.unguarded(because="test").get()


@pytest.fixture
def sourced(cast, vosges):
    """By Diane, from a human source: the shared text, and the original beside it."""
    report = factories.report(
        cast.diane, vosges["Épinal"], facts=SHARED, origin="human_source", source_code="TULIPE-7"
    )
    original = raw_texts.Original(SAID, is_attested=True)
    raw_texts.keep(report, by=cast.diane, original=original)
    return report


def pages(report):
    address = report.get_absolute_url()
    return (
        address,
        f"{address}versions/",
        f"{address}?imprimer",
        f"{address}complement/",
        f"/tri/{report.reference}/",
        "/",
        "/tri/",
        "/renseignements/",
        "/renseignements/?q=rampe",
        "/renseignements/export/",
        "/renseignements/export/?q=rampe&format=csv",
    )


def read(client, address):
    answer = client.get(address, follow=True)
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="replace")


def opens(client, address):
    """Does the file come? It is read to its end."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code == 200


def assert_nobody_else_reads(cast, enter, report, *canaries):
    for who in (*OTHERS, "claire", "rose", "ines", "tom", "paul"):
        client = enter(cast[who])
        for address in pages(report):
            text = read(client, address)
            for canary in canaries:
                assert canary not in text, (who, address)


# --- Typing it --------------------------------------------------------------------------------


def test_a_human_source_makes_two_texts(cast, enter):
    enter(cast.diane).post(NEW, typed())
    report = only_report()
    raw = RawText.objects.of(report).get()
    assert (report.facts, raw.text, raw.unit) == (SHARED, SAID, cast.diane.unit)
    assert (raw.attested_by, raw.changed_since) == (cast.diane, False)
    assert not Draft.objects.of(cast.diane).exists()
    lines = Entry.objects.filter(verb="raw_text.kept")
    assert [line.target for line in lines] == [report.reference]
    html = enter(cast.karim).get(report.get_absolute_url()).content.decode()
    assert SAID in html
    assert SHARED in html
    assert_nobody_else_reads(cast, enter, report, CANARY, "TULIPE-7", "cousin")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"raw_text": ""}, "Écrivez ce que la source a dit, tel quel."),
        ({"checks": []}, "Relisez le texte partagé et cochez chaque point."),
        ({"checks": TICKED[:-1]}, "Relisez le texte partagé et cochez chaque point."),
        ({"facts": ""}, "Décrivez les faits"),
        ({"facts": f"On dit : {SAID}"}, "Repris mot pour mot du texte d’origine"),
        ({"place": SAID}, "Repris mot pour mot du texte d’origine"),
    ],
)
def test_what_is_missing_is_said_and_both_texts_stay(cast, enter, change, told):
    response = enter(cast.diane).post(NEW, typed(saisie="nouveau-0123456789ab", **change))
    assert response.status_code == 422
    assert told in words(response)
    assert not Report.objects.unguarded(because="test").exists()
    kept = Draft.objects.of(cast.diane).get().fields
    assert kept.get("facts", [""]) == [change.get("facts", SHARED)]
    assert kept.get("raw_text", [""]) == [change.get("raw_text", SAID)]


def test_words_of_the_source_pass_once_somebody_says_so(cast, enter):
    copy = typed(facts=SAID)
    client = enter(cast.diane)
    assert client.post(NEW, copy).status_code == 422
    client.post(NEW, copy | {"copied": "on"})
    assert only_report().facts == SAID


def test_any_other_origin_asks_for_one_text(cast, enter):
    enter(cast.diane).post(NEW, typed(origin="service", source_code="", checks=[]))
    report = only_report()
    assert report.facts == SHARED
    assert not RawText.objects.of(report).exists()


SOURCE = "Le grand Léon vend chaque soir, dès vingt heures, derrière la halle couverte du marché."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Un homme vend le soir près de la halle.", []),
        ("Léon vend chaque soir, dès vingt heures.", []),  # seven words
        (
            "Il paraît que LEON VEND CHAQUE SOIR des vingt heures derriere la gare",
            ["Léon vend chaque soir, dès vingt heures, derrière la"],
        ),
        (SOURCE, [SOURCE.rstrip(".")]),
    ],
)
def test_a_turn_of_phrase_is_found_whatever_its_case_accents_and_points(text, found):
    assert copied(SOURCE, text) == found


# --- Changing it ------------------------------------------------------------------------------


def change(client, report, **fields):
    stored = Report.objects.unguarded(because="test").get(pk=report.pk)
    address = f"{report.get_absolute_url()}modifier/"
    return client.post(address, typed(version=stored.version, **fields))


def test_the_original_changed_and_the_shared_text_says_so(cast, enter, sourced):
    client = enter(cast.karim)
    more = f"{SAID} Il part vendredi."
    assert change(client, sourced, raw_text=more, checks=[]).status_code == 302
    raw = RawText.objects.of(sourced).get()
    assert (raw.text, raw.changed_since, raw.by) == (more, True, cast.karim)
    assert "relisez le texte partagé" in words(client.get(sourced.get_absolute_url()))
    told = words(enter(cast.louise).get(sourced.get_absolute_url()))
    assert "Version partagée, rédigée le" in told
    assert "l’original a changé depuis" in told
    assert "vendredi" not in told
    # One action, and the date is that of whoever read it again.
    address = f"{sourced.get_absolute_url()}relire/"
    assert more in client.get(address).content.decode()
    assert client.post(address, {"checks": TICKED[1:]}).status_code == 422
    assert client.post(address, {"checks": TICKED}).status_code == 302
    raw.refresh_from_db()
    assert (raw.attested_by, raw.changed_since) == (cast.karim, False)
    told = words(enter(cast.louise).get(sourced.get_absolute_url()))
    assert "l’original a changé depuis" not in told
    for who in (*OTHERS, "paul"):
        assert enter(cast[who]).get(address).status_code == 404


def test_two_agents_change_the_original_and_neither_is_lost(cast, enter, sourced):
    seen = Report.objects.unguarded(because="test").get(pk=sourced.pk).version
    address = f"{sourced.get_absolute_url()}modifier/"
    first, second = f"{SAID} Vu lundi.", f"{SAID} Vu mardi."
    said = typed(version=seen, checks=[])
    assert enter(cast.diane).post(address, said | {"raw_text": first}).status_code == 302
    client = enter(cast.karim)
    overtaken = client.post(address, said | {"raw_text": second})
    assert overtaken.status_code == 422
    html = words(overtaken)
    assert first in html
    assert second in html
    assert RawText.objects.of(sourced).get().text == first
    # Sent again with both on the screen, it is a decision.
    again = said | {"raw_text": second, "version": only_report().version}
    assert client.post(address, again).status_code == 302
    assert RawText.objects.of(sourced).get().text == second


def test_a_new_shared_text_is_read_again_and_the_former_one_is_not_shown(cast, enter, sourced):
    client = enter(cast.diane)
    again = "De la résine se trouverait dans un parking souterrain."
    assert change(client, sourced, facts=again, checks=[]).status_code == 422
    assert change(client, sourced, facts=again).status_code == 302
    versions = f"{sourced.get_absolute_url()}versions/"
    assert "un box d’un" in words(client.get(versions))
    for who in OTHERS:
        assert "Rien n’a été modifié" in words(enter(cast[who]).get(versions))
    assert_nobody_else_reads(cast, enter, sourced, SHARED, CANARY)


def test_a_report_that_turns_out_to_come_from_a_source(cast, vosges, enter):
    """Its former text is what the source said: others have read it, and read it no more."""
    report = factories.report(cast.diane, vosges["Épinal"], facts=SAID, place="Box d’Ambroise")
    upload = SimpleUploadedFile("plan.txt", b"le plan du box")
    piece = attachments.attach(report, by=cast.diane, upload=upload)
    assert opens(enter(cast.louise), f"/pieces/{piece.key}/")
    client = enter(cast.diane)
    form = client.get(f"{report.get_absolute_url()}modifier/").context["form"]
    assert form["raw_text"].value() == SAID
    # The very same text, twice: refused.
    assert change(client, report, facts=SAID).status_code == 422
    assert change(client, report, place="").status_code == 302
    assert RawText.objects.of(report).get().text == SAID
    assert SAID in read(client, report.get_absolute_url())
    assert_nobody_else_reads(cast, enter, report, CANARY, "cousin")
    assert enter(cast.louise).get(f"/pieces/{piece.key}/").status_code == 404
    assert "plan.txt" not in read(enter(cast.anna), f"/tri/{report.reference}/")


def test_a_report_that_comes_from_no_source_any_more_gives_nothing_back(cast, enter, sourced):
    client = enter(cast.diane)
    fields = {"origin": "service", "source_code": "", "checks": []}
    assert change(client, sourced, **fields).status_code == 302
    stored = only_report()
    assert (stored.origin, stored.facts) == (Origin.SERVICE, SHARED)
    assert SAID in read(client, sourced.get_absolute_url())
    assert_nobody_else_reads(cast, enter, sourced, CANARY, "cousin", "TULIPE-7")


# --- Files ------------------------------------------------------------------------------------


def test_a_file_of_a_source_stays_in_its_unit_until_declared_clean(cast, enter, sourced):
    client = enter(cast.diane)
    upload = SimpleUploadedFile("photo-du-box.txt", b"le box")
    client.post(f"{sourced.get_absolute_url()}pieces/", {"upload": upload})
    [piece] = Attachment.objects.of(sourced)
    address = f"/pieces/{piece.key}/"
    for who in OTHERS:
        assert enter(cast[who]).get(address).status_code == 404
        assert enter(cast[who]).post(f"{address}partager/").status_code == 404
        assert "photo-du-box" not in read(enter(cast[who]), sourced.get_absolute_url())
    assert opens(enter(cast.karim), address)
    assert enter(cast.karim).post(f"{address}partager/").status_code == 302
    assert opens(enter(cast.louise), address)
    assert Entry.objects.filter(verb="attachment.cleared").count() == 1
    assert enter(cast.paul).get(address).status_code == 404


def test_a_guest_of_the_same_unit_reads_the_shared_text_alone(cast, enter, sourced):
    cast.rose.unit = cast.diane.unit
    cast.rose.save()
    until = timezone.now() + timedelta(hours=1)
    invitations.invite(sourced, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    html = read(enter(cast.rose), sourced.get_absolute_url())
    assert SHARED in html
    assert CANARY not in html
    assert "TULIPE-7" not in html


def test_narrowing_takes_the_original_from_nobody_of_its_unit(cast, enter, sourced):
    sharing.restrict(
        sourced,
        by=cast.karim,
        narrowing=sharing.Narrowing(
            units=(cast.louise.unit,),
            reason="source",
            text="",
            review_on=timezone.localdate() + timedelta(days=30),
        ),
    )
    assert SAID in read(enter(cast.diane), sourced.get_absolute_url())
    assert_nobody_else_reads(cast, enter, sourced, CANARY)


def test_an_import_of_tips_never_makes_a_human_source(cast):
    table = "reference;description;commune;origine\nSIG-1;Vente le soir.;Épinal;human_source\n"
    upload = SimpleUploadedFile("signalements.csv", table.encode())
    batch = imports.receive(upload, portal="Portail", by=cast.anna)
    imports.choose_columns(batch, batch.mapping, by=cast.anna)
    imports.start(batch, by=cast.anna)
    assert only_report().origin == Origin.CITIZEN
    assert not RawText.objects.unguarded(because="test").exists()


@pytest.mark.parametrize(
    ("field", "ticked"),
    [("amounts", "sum|3250 EUR|3 250 €"), ("identifiers", "phone|06 39 98 12 34")],
)
def test_what_the_source_alone_said_is_not_told_by_a_tick_left_behind(
    cast, vosges, enter, field, ticked
):
    client = enter(cast.diane)
    said = f"{SAID} Pour 3\u00a0250 €, au 06 39 98 12 34."
    told = typed(raw_text=said, saisie="nouveau-0123456789ab", **{field: [ticked]})
    refused = client.post(NEW, told)
    assert refused.status_code == 422
    assert "dit par la seule source" in words(refused)
    assert not Report.objects.exists()
    again = told | {"facts": f"{SHARED} Il est question de 3 250 € et du 06 39 98 12 34."}
    assert client.post(NEW, again).status_code == 302
    del told[field]
    assert client.post(NEW, told | {"saisie": "nouveau-abcdef012345"}).status_code == 302


def test_a_change_of_its_code_alone_is_news_to_nobody_else(cast, enter, vosges):
    """Neither told nor listed: what only its unit reads says nothing to the others."""
    report = factories.report(cast.diane, vosges["Épinal"], origin="human_source")
    enter(cast.bruno).get(report.get_absolute_url())
    since = timezone.now()

    def told():
        corrected = access.unseen_notifications(cast.bruno).filter(kind="report.corrected")
        listed = visits.rows_of(cast.bruno, since)["modifiees"].filter(pk=report.pk)
        return corrected.exists(), listed.exists()

    code, place = {"source_code": "TULIPE-8"}, {"place": "Quai 4"}
    changed = reports.change(report, by=cast.diane, fields=code, version=report.version)
    assert told() == (False, False)
    reports.change(changed, by=cast.diane, fields=place, version=changed.version)
    assert told() == (True, True)
