"""A note of strategy: validated by two, published for good, corrected by another."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from cross.audit.models import Entry
from cross.ui.templatetags.ui import badge
from intel.actions import copies, edition_life, editions
from intel.actions.reports import Overtaken
from intel.edition_states import BY_PAIR, MOVES, PUBLIC, Bench, EditionState
from intel.models import Edition, EditionStep
from intel.reading import frozen
from protocols.actions import admit, withdraw
from protocols.models import Protocol, Signature
from services.models import Court
from services.roles import Role
from tests import factories
from tests.intel.test_editions import QUARTER, a_note, busy, note, pdf_of, posted, text_of

__all__ = ["busy", "note"]  # fixtures

S = EditionState


def validated(note, cast, *who):
    for each in who or ("claire", "gilles"):
        edition_life.validate(note, by=cast[each], version=note.version)
    note.refresh_from_db()
    return note


def test_the_table_of_moves_reaches_every_state_and_leaves_no_published_note_by_hand():
    assert {move.target for move in MOVES} == set(EditionState)
    assert len(BY_PAIR) == len(MOVES)
    for move in MOVES:
        if move.origin in PUBLIC:
            assert (move.target, move.benches) == (S.REPLACED, frozenset())
        else:
            assert move.benches
            assert move.needs_reason == (move.target == S.DRAFT)


def test_two_persons_validate_then_it_is_published_and_read_by_all(cast, note, enter):
    claire, gilles, diane = enter(cast.claire), enter(cast.gilles), enter(cast.diane)
    address = f"/notes/{note.number}/"
    page = claire.get(address).content.decode()
    assert "Valider pour la préfecture" in page
    assert "Parquet, Tribunal judiciaire d’Épinal" in page.replace("de Épinal", "d’Épinal")
    assert gilles.get(address).status_code == 404
    claire.post(f"{address}valider/", {"version": 1})
    assert gilles.get(address).status_code == 200
    assert "Valider pour le parquet" in gilles.get(address).content.decode()
    assert diane.get(address).status_code == 404
    claire.post(f"{address}publier/", {"version": 1})  # not yet
    gilles.post(f"{address}valider/", {"version": 1})
    note.refresh_from_db()
    assert note.state == S.VALIDATED
    assert diane.get(address).status_code == 404
    claire.post(f"{address}publier/", {"version": 1})
    note.refresh_from_db()
    assert note.state == S.PUBLISHED
    page = diane.get(address).content.decode()
    assert "En vigueur" in diane.get("/notes/").content.decode()
    assert "Valider" not in page.partition("<main")[2].partition("</main>")[0].replace(
        "Validée", ""
    )
    told_in = [line.why for line in Entry.objects.filter(verb="edition.validated").order_by("pk")]
    assert all(note.seal in why for why in told_in)
    assert len(told_in) == 2
    assert note.seal in Entry.objects.get(verb="edition.published").why


def test_a_printed_project_says_whose_word_it_has_and_still_does_when_made_again(
    cast, note, enter
):
    """Who is handed a paper to validate it knows that it is the text that was submitted."""
    client, hour = enter(cast.claire), timezone.now()
    said = {"recipient": "Procureur", "reason": "Validation", "copies": 1}
    lives = (
        ("Projet en rédaction", "claire"),
        ("Projet validé par la préfecture, soumis au parquet", "gilles"),
        ("Projet validé par la préfecture et le parquet, à publier", None),
    )
    addresses = []
    for rank, (words, validates) in enumerate(lives):
        with time_machine.travel(hour + timedelta(minutes=rank), tick=False):
            address = client.post(f"/notes/{note.number}/pdf", said).url
            addresses.append(address)
            copy = text_of(pdf_of(client.get(f"{address}fichier")))
            assert words in copy
            assert not any(other in copy for other, _ in lives if other != words)
        if validates:
            with time_machine.travel(hour + timedelta(minutes=rank, seconds=9), tick=False):
                edition_life.validate(note, by=cast[validates], version=1)
    # Its file forgotten, each is made again as it was: else it is not given, see `file_of`.
    copies.forget_files(hour + timedelta(days=9))
    for address, (words, _) in zip(addresses, lives, strict=True):
        assert words in text_of(pdf_of(client.get(f"{address}fichier")))


def test_nobody_else_has_a_say(cast, note, enter):
    validated(note, cast, "claire")
    sent = {"version": 1, "why": "Parce que."}
    for who in ("anna", "marc", "diane", "rose", "ines", "tom", "paul"):
        client = enter(cast[who])
        for door in ("valider", "renvoyer", "publier", "rectifier"):
            answer = client.post(f"/notes/{note.number}/{door}/", sent)
            assert answer.status_code == 404
        with pytest.raises(ValidationError, match="ne relève pas de vous"):
            edition_life.validate(note, by=cast[who], version=1)
    note.refresh_from_db()
    assert note.state == S.PROPOSED


@pytest.mark.parametrize("who", ["claire", "gilles"])
def test_either_sends_back_with_a_reason_and_both_validate_again(cast, note, enter, who):
    validated(note, cast)
    client, address = enter(cast[who]), f"/notes/{note.number}/renvoyer/"
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "L’axe 2 est à préciser."}).status_code == 302
    note.refresh_from_db()
    assert (note.state, note.version, note.seal) == (S.DRAFT, 2, "")
    page = enter(cast.claire).get(f"/notes/{note.number}/").content.decode()
    assert "L’axe 2 est à préciser." in page
    assert page.count("Validation attendue") == 2
    # What has to change is read where it is changed, until another word is given.
    writing = f"/notes/{note.number}/rediger/"
    assert "L’axe 2 est à préciser." in enter(cast.claire).get(writing).content.decode()
    home = enter(cast.claire).get("/").content.decode()
    assert badge("Renvoyée", "alert") in home
    assert Entry.objects.get(verb="edition.sent_back").why == "L’axe 2 est à préciser."
    factories.published(note, cast)
    public = enter(cast.diane).get(f"/notes/{note.number}/").content.decode()
    assert "L’axe 2 est à préciser." not in public
    assert badge("Renvoyée", "alert") not in enter(cast.claire).get("/").content.decode()


def test_one_person_never_validates_for_both(cast, note):
    validated(note, cast, "claire")
    cast.claire.role, cast.claire.unit = Role.PROSECUTOR, cast.gilles.unit
    cast.claire.save()
    with pytest.raises(ValidationError, match="à une autre personne"):
        edition_life.validate(note, by=cast.claire, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionStep.objects.create(
            edition=note, version=1, kind="validee", bench=Bench.COURT,
            court=cast.gilles.unit.court, by=cast.claire,
        )  # fmt: skip


def another_court(cast, vosges):
    court = Court.objects.create(
        code="88413", name="Tribunal judiciaire de Saint-Dié", department=vosges.department
    )
    unit = factories.unit(vosges.department, "Parquet 2", kind="parquet", court=court)
    ours = Protocol.objects.get(department=vosges.department)
    admit(unit, ours, by=None, starts_on=timezone.localdate() - timedelta(days=9))
    return factories.member("hugo", unit, Role.PROSECUTOR)


def test_every_court_of_the_protocol_validates(cast, vosges, note, enter):
    hugo = another_court(cast, vosges)
    validated(note, cast)
    assert note.state == S.PROPOSED
    assert "Saint-Dié" in enter(cast.claire).get(f"/notes/{note.number}/").content.decode()
    edition_life.validate(note, by=hugo, version=1)
    note.refresh_from_db()
    assert note.state == S.VALIDATED


def test_where_prosecutors_signed_theirs_alone_validate(cast, vosges, note, enter):
    hugo = another_court(cast, vosges)
    protocol = Protocol.objects.get(department=vosges.department)
    Signature.objects.create(
        protocol=protocol,
        rank=1,
        service=cast.gilles.unit.service,
        capacity="Procureur de la République",
        signed_by="Camille Vannier",
        signed_on=protocol.signed_on,
    )
    validated(note, cast)
    assert note.state == S.VALIDATED
    assert enter(hugo).get(f"/notes/{note.number}/").status_code == 404


def test_without_a_court_the_page_says_whom_to_ask(cast, note, enter):
    ours = Protocol.objects.get(department=note.department)
    withdraw(cast.gilles.unit, ours, by=None, why="fini")
    page = enter(cast.claire).post(f"/notes/{note.number}/valider/", {"version": 1}, follow=True)
    assert "Aucun parquet n’a de siège permanent" in page.content.decode()
    note.refresh_from_db()
    assert note.state == S.DRAFT


def test_what_was_not_read_is_not_validated(cast, note, enter):
    words = note.words | {"opening": "Autre texte"}
    editions.write(note, by=cast.claire, title=note.title, words=words, version=1)
    answer = enter(cast.claire).post(f"/notes/{note.number}/valider/", {"version": 1}, follow=True)
    assert "Relisez-la avant de continuer" in answer.content.decode()
    with pytest.raises(Overtaken):
        edition_life.validate(note, by=cast.claire, version=1)


def test_a_version_that_is_none_validates_nothing(cast, note, enter):
    client = enter(cast.claire)
    for version in ("", "abc", "9" * 40):
        client.post(f"/notes/{note.number}/valider/", {"version": version})
    note.refresh_from_db()
    assert note.state == S.DRAFT


def test_a_note_without_its_essential_is_not_validated(cast, note, enter):
    words = note.words | {"opening": " "}
    editions.write(note, by=cast.claire, title=note.title, words=words, version=1)
    with pytest.raises(ValidationError, match="L’essentiel"):
        edition_life.validate(note, by=cast.claire, version=2)
    page = enter(cast.claire).get(f"/notes/{note.number}/").content.decode()
    assert f'href="/notes/{note.number}/rediger/#id_opening"' in page


CHANGES = (
    {"title": "Autre"},
    {"words": {}},
    {"figures": {}},
    {"parts": {"x": 1}},
    {"seal": "0" * 64},
    {"version": 9},
    {"state": "brouillon"},
    {"state": "validee"},
)


def test_the_database_lets_nothing_of_a_published_note_change(cast, note):
    factories.published(note, cast)
    for change in CHANGES:
        with pytest.raises(DatabaseError), transaction.atomic():
            Edition.objects.filter(pk=note.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=note.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        EditionStep.objects.filter(edition=note).update(why="autre")


def test_a_sealed_text_changed_behind_our_back_is_not_published(cast, note, enter):
    validated(note, cast)
    Edition.objects.filter(pk=note.pk).update(words=note.words | {"opening": "Autre"})
    with pytest.raises(ValidationError, match="empreinte"):
        edition_life.publish(note, by=cast.claire, version=1)
    assert "altéré" in enter(cast.claire).get(f"/notes/{note.number}/").content.decode()


# --- Corrected --------------------------------------------------------------------------------


def test_a_correction_takes_the_words_and_replaces_when_it_is_published(cast, note, enter):
    factories.published(note, cast)
    client = enter(cast.claire)
    why = "Un total était celui de l’année."
    answer = client.post(f"/notes/{note.number}/rectifier/", {"why": why})
    made = Edition.objects.get(corrects=note)
    assert answer.url == f"/notes/{made.number}/rediger/"
    assert made.title.endswith("(rectificative)")
    assert made.words == note.words
    again = client.post(f"/notes/{note.number}/rectifier/", {"why": why})
    assert "déjà commencée" in again.content.decode()
    # Until then the first one holds, and nobody else knows of the second.
    reader = enter(cast.diane)
    assert made.number not in reader.get("/notes/").content.decode()
    assert made.number not in reader.get(f"/notes/{note.number}/").content.decode()
    factories.published(made, cast)
    note.refresh_from_db()
    assert note.state == S.REPLACED
    assert frozen.is_intact(note)
    page = reader.get(f"/notes/{note.number}/").content.decode()
    assert "Cette note est remplacée" in page
    assert made.number in page
    assert why in reader.get(f"/notes/{made.number}/").content.decode()
    assert reader.get("/notes/").content.decode().count("En vigueur") == 1


def test_a_period_has_one_note_in_force(cast, busy):
    first, second = a_note(cast, busy), a_note(cast, busy)
    factories.published(first, cast)
    with pytest.raises(ValidationError, match="est publiée pour cette période"):
        factories.published(second, cast)


def test_a_note_follows_the_one_in_force_before_it_and_replaces_it_not(cast, busy, enter):
    before = factories.published(a_note(cast, busy, QUARTER.previous()), cast)
    after = a_note(cast, busy)
    assert after.follows == before
    factories.published(after, cast)
    before.refresh_from_db()
    assert before.state == S.PUBLISHED
    page = enter(cast.diane).get("/notes/").content.decode()
    assert len(re.findall("En vigueur", page)) == 1


def test_a_published_note_is_neither_written_nor_sent_back(cast, note, enter):
    factories.published(note, cast)
    client = enter(cast.claire)
    client.post(f"/notes/{note.number}/rediger/", posted(note, opening="Autre"))
    refused = client.post(f"/notes/{note.number}/renvoyer/", {"why": "Parce que."})
    assert "préparez sa rectification" in refused.content.decode()
    note.refresh_from_db()
    assert note.state == S.PUBLISHED
