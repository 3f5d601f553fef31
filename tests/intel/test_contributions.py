"""What a unit brought: receipt, decision, return; and one that reads nothing else at all."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from cross.ui.templatetags.words import day as in_words
from intel import access
from intel.actions import complements, contributions, handovers, life, mailing, reports
from intel.models import Audience, Complement, Feedback, Report
from intel.reading import communes
from intel.reading import contributions as reading
from intel.states import State
from protocols import actions as protocols
from protocols.models import Participation, Protocol
from services.models import Unit
from services.roles import Role
from tests import factories

LIST, NEW = reverse("contribution_list"), reverse("new_contribution")
FACTS = "Deux scooters déposent des sachets derrière la salle des fêtes."


@pytest.fixture
def nora(cast):
    """Of a town hall that hands in and reads nothing."""
    return factories.member("nora", factories.town_hall(cast), Role.PARTNER)


@pytest.fixture
def sent(nora, vosges):
    return contributions.send(by=nora, facts=FACTS, commune=vosges["Golbey"])


def page_of(client, report):
    return client.get(reverse("contribution_page", args=[report.reference]))


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def line_of(member, report):
    board = reading.board_of(member)
    return next(line for line in board.lines if line.report.pk == report.pk)


# --- Handing in ---------------------------------------------------------------------------------


def test_a_reference_comes_back_at_once_and_the_cell_finds_it(cast, nora, enter):
    client = enter(nora)
    form = client.get(NEW).context["form"]
    said = {"facts": FACTS, "commune": "golbey", "sent": form["sent"].value()}
    first = client.post(NEW, said, follow=True)
    assert first.status_code == 200
    report = Report.objects.unguarded(because="test").get(facts=FACTS)
    assert f"porte la référence {report.reference}" in first.content.decode()
    assert (report.owner, report.origin, report.audience) == (
        nora.unit, "partner", Audience.PROTOCOL
    )  # fmt: skip
    assert report.state == State.RECEIVED
    # Sent twice, it is one.
    client.post(NEW, said)
    assert Report.objects.unguarded(because="test").filter(facts=FACTS).count() == 1
    for who in ("anna", "diane", "bruno"):
        assert enter(cast[who]).get(report.get_absolute_url()).status_code == 200
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404
    assert Entry.objects.filter(verb="report.created", target=report.reference).count() == 1


@pytest.mark.parametrize(
    "said", [{"facts": "", "commune": "Golbey"}, {"facts": FACTS, "commune": "Nulle-Part"}]
)
def test_what_is_missing_is_asked(nora, enter, said):
    assert enter(nora).post(NEW, said).status_code == 422
    assert not access.brought_reports(nora).exists()


def test_the_commune_of_a_town_hall_is_already_there(cast, nora, enter):
    form = enter(nora).get(NEW).context["form"]
    assert form["commune"].value().startswith("Golbey (")
    landlord = factories.unit(nora.unit.department, "Office de l’habitat", kind="bailleur")
    assert communes.of_town(landlord) == ""


def test_what_was_sent_is_shown_back_with_its_day_and_its_products(nora, enter, vosges):
    day = timezone.localdate() - timedelta(days=3)
    report = contributions.send(
        by=nora, facts=FACTS, commune=vosges["Golbey"], occurred_on=day, products=["cocaine"]
    )
    page = page_of(enter(nora), report).content.decode()
    assert f"faits du {in_words(day)}" in page
    assert "Cocaïne" in page


def test_each_return_is_told_in_a_sentence():
    assert set(reading.MEANINGS) == set(Feedback.Outcome)


def test_the_protocol_is_not_said_to_be_missing(nora, enter):
    page = enter(nora).get("/protocoles/").content.decode()
    assert "n’existe pas encore" not in page
    assert "Votre rôle ne permet pas de lire les protocoles" in page
    assert enter(nora).get("/syntheses/").status_code == 403


def test_from_receipt_to_return(cast, nora, sent, enter):
    client = enter(nora)
    assert line_of(nora, sent).word == "Reçue"
    life.move(sent, by=cast.anna, target=State.SORTED)
    assert line_of(nora, sent).word == "Retenue"
    reports.grade(sent, by=cast.anna, source="B", information="3")
    life.move(sent, by=cast.anna, target=State.GRADED)
    reports.comment(
        sent, by=cast.anna, text="Un avis de l’analyste.", version=stored(sent).version
    )
    complements.add(sent, by=cast.louise, text="Vu par le commissariat.")
    life.move(
        sent, by=cast.anna, target=State.DIRECTED, unit=cast.bruno.unit, instruction="Passer."
    )
    life.move(sent, by=cast.bruno, target=State.ACKNOWLEDGED)
    life.move(
        sent,
        by=cast.bruno,
        target=State.EXPLOITED,
        why="Dit la BR.",
        outcomes=["interpellation"],
        arrested=2,
    )
    assert line_of(nora, sent).word == "Retenue"
    life.move(
        sent,
        by=cast.anna,
        target=State.FED_BACK,
        feedback=Feedback.Outcome.ACTED,
        why="Un détail.",
    )
    line = line_of(nora, sent)
    assert (line.word, line.outcome) == ("Retour fait", "Action menée")
    # The column of the decision, dated by it; the return has its own column and day.
    row = client.get(LIST).content.decode().partition('data-label="Décision">')[2]
    assert "Retenue<" in row.partition("</td>")[0]
    assert "Retour fait" not in row.partition("</td>")[0]
    for address in (LIST, "/", page_of(client, sent).request["PATH_INFO"]):
        page = client.get(address).content.decode()
        assert sent.reference in page
        assert "Action menée" in page
        for others in (
            "avis de l’analyste",
            "commissariat",
            "Passer.",
            "Dit la BR",
            "détail",
            str(cast.bruno.unit),
            "B3",
            "Anna",
        ):
            # As a word: two letters may well stand in the token of a form.
            assert not re.search(rf"(?<!\w){re.escape(others)}(?!\w)", page), (address, others)
    assert reading.MEANINGS[Feedback.Outcome.ACTED] in page_of(client, sent).content.decode()
    # The same for a unit that reads: it is told what was added, and opens the sheet.
    life.move(sent, by=cast.anna, target=State.ARCHIVED)
    assert line_of(nora, sent).word == "Retour fait"


@pytest.mark.parametrize(
    ("target", "said", "word"),
    [
        (State.URGENT, {"why": "Arme"}, "Reçue"),
        (State.OUT_OF_SCOPE, {"why": "Pas des stupéfiants"}, "Hors champ"),
        (State.SORTED, {}, "Retenue"),
    ],
)
def test_triage_is_told_in_a_word(cast, nora, sent, enter, target, said, word):
    life.move(sent, by=cast.anna, target=target, **said)
    assert line_of(nora, sent).word == word
    page = page_of(enter(nora), sent).content.decode()
    assert not any(each in page for each in said.values())


def test_a_duplicate_names_nobody(cast, vosges, nora, sent, enter):
    original = factories.report(cast.louise, vosges["Golbey"])
    life.move(sent, by=cast.anna, target=State.DUPLICATE, original=original)
    page = page_of(enter(nora), sent).content.decode()
    assert line_of(nora, sent).word == "Retenue"
    assert original.reference not in page
    assert "oublon" not in page
    # Put away, it stays what it was: « clos » would be said of nothing but a duplicate.
    life.move(sent, by=cast.anna, target=State.ARCHIVED)
    assert line_of(nora, sent).word == "Retenue"


def test_put_away_out_of_scope_and_reopened_then_put_away(cast, nora, sent):
    """Triage left both out; the one that was reopened had its life, and no word of the other."""
    life.move(sent, by=cast.anna, target=State.OUT_OF_SCOPE, why="Pas des stupéfiants")
    left = stored(sent)
    life.move(left, by=cast.anna, target=State.ARCHIVED)
    assert line_of(nora, left).word == "Hors champ"
    life.undo(stored(sent), by=cast.anna)
    life.move(stored(sent), by=cast.anna, target=State.RECEIVED, why="Relu")
    Report.objects.filter(pk=sent.pk).update(state=State.ARCHIVED)
    assert line_of(nora, sent).word == "Retenue"


def test_the_cell_asks_and_the_town_hall_answers_once(cast, nora, sent, enter):
    client = enter(nora)
    address = reverse("complete_contribution", args=[sent.reference])
    assert client.get(address).status_code == 404
    life.move(sent, by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    assert "Quelle rue ?" in client.get("/").content.decode()
    page = client.get(address)
    assert "Quelle rue ?" in page.content.decode()
    said = {"text": "Rue des Iris.", "sent": page.context["form"]["sent"].value()}
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 404  # nothing is asked any more
    assert stored(sent).state == State.RECEIVED
    kept = page_of(client, sent).content.decode()
    assert kept.index("Quelle rue ?") < kept.index("Rue des Iris.")
    assert [each.text for each in Complement.objects.of(sent)] == ["Rue des Iris."]
    assert "Rue des Iris." in enter(cast.anna).get(sent.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError, match="n’attend plus"):
        contributions.complete(sent, by=nora, text="Encore.")


def test_it_is_told_of_each_decision_and_of_nothing_else(cast, nora, sent, vosges, enter):
    """A word and the page of its own contribution; taken back, it was told for nothing."""
    original = factories.report(cast.louise, vosges["Golbey"])

    def told():
        return sorted(
            (each.kind, each.report_id)
            for each in access.unseen_notifications(nora).order_by("pk")
        )

    page = reverse("contribution_page", args=[sent.reference])
    assert told() == []
    life.move(sent, by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    assert told() == [("contribution.asked", sent.pk)]
    life.undo(sent, by=cast.anna)
    assert told() == []
    life.move(sent, by=cast.anna, target=State.DUPLICATE, original=original)
    assert told() == [("contribution.triaged", sent.pk)]
    client = enter(nora)
    listed = client.get(reverse("notification_list")).content.decode()
    assert "La cellule a décidé d’une contribution" in listed
    assert original.reference not in listed
    [notice] = access.unseen_notifications(nora)
    assert client.get(reverse("open_notification", args=[notice.key])).url == page


@pytest.mark.parametrize("end", ["erased", "seat ended"])
def test_what_it_was_told_goes_with_its_report_or_its_seat(
    cast, nora, sent, enter, mailoutbox, end
):
    nora.email = "nora@exemple.invalid"
    nora.save(update_fields=["email"])
    life.move(sent, by=cast.anna, target=State.OUT_OF_SCOPE, why="Hors sujet")
    [letter] = mailing.write_digests()
    assert enter(nora).get("/").context["bell"].count == 1
    if end == "erased":
        life.move(sent, by=cast.anna, target=State.ARCHIVED)
        life.move(sent, by=cast.anna, target=State.ERASED, why="Hors champ")
    else:
        seat = Participation.objects.get(group=nora.unit.group)
        protocols.end_seat(seat, by=None, why="Fin de la convention")
    mailing.post(letter.pk)
    assert mailoutbox == []
    assert access.readable_notifications(nora).count() == 0
    page = enter(nora).get(reverse("notification_list"))
    assert sent.reference not in page.content.decode()


# --- Nothing else -------------------------------------------------------------------------------


SHUT = [
    "/renseignements/", f"/renseignements/?q={FACTS}", "/tri/", "/lieux/", "/deconfliction/",
    "/orientations/", "/demandes/", "/journal/", "/partage/", "/notes/", "/rapprochements/",
    "/renseignements/nouveau/", "/services/listes/", "/signalements/import/",
]  # fmt: skip


def test_nothing_that_others_wrote_is_found_anywhere(cast, vosges, nora, sent, enter):
    """Its own report apart, the application is empty for it, whatever the others write."""
    client = enter(nora)
    assert access.readable_reports(nora).count() == 0
    assert access.countable_reports(nora).count() == 0
    for other in SHUT:
        assert client.get(other).status_code in {403, 404}, other
    assert client.get(sent.get_absolute_url()).status_code == 404  # its own sheet too
    addresses = ["/", LIST, NEW, "/aide/", "/services/", "/protocoles/"]
    before = [client.get(address).content.decode() for address in addresses]
    theirs = factories.report(cast.diane, vosges["Golbey"], facts="Canari jaune", place="Canari")
    life.move(theirs, by=cast.anna, target=State.SORTED)
    after = [client.get(address).content.decode() for address in addresses]
    for address, one, other in zip(addresses, before, after, strict=True):
        assert plain(one) == plain(other), address
        for name in ("Commissariat", "Brigade des douanes", theirs.reference, "Canari"):
            assert name not in other, (address, name)
    assert page_of(client, theirs).status_code == 404
    absent = client.get(reverse("contribution_page", args=[sent.reference[:-4] + "9999"]))
    hidden, absent = (plain(each.content.decode()) for each in (page_of(client, theirs), absent))
    assert hidden.replace(theirs.reference, "") == absent.replace(f"{sent.reference[:-4]}9999", "")
    assert page_of(enter(cast.paul), sent).status_code == 404
    assert page_of(enter(cast.louise), sent).status_code == 404


def plain(page):
    page = re.sub(r'(csrfmiddlewaretoken" value=|data-token=|name="sent" value=)"[^"]+"', "", page)
    return re.sub(r"\d{1,2}:\d{2}|\d+ ms", "", page)


def test_a_seat_that_hands_in_reads_nothing_whatever_the_role(cast, vosges, nora, sent):
    """The seat decides, and so does the role: each alone is enough to read nothing."""
    liaison = factories.member("lise", nora.unit, Role.LIAISON)
    assert access.readable_reports(liaison).count() == 0
    assert access.summary_departments(liaison) == []
    partner = factories.member("zoe", cast.diane.unit, Role.PARTNER)
    factories.report(cast.diane, vosges["Épinal"])
    assert access.readable_reports(partner).count() == 0
    assert not access.audience_of(sent).filter(pk=nora.unit_id).exists()
    assert nora.unit not in access.nameable_units(cast.diane)


@pytest.fixture
def zoe(cast):
    """Reads nothing, in a unit where others read."""
    return factories.member("zoe", cast.diane.unit, Role.PARTNER)


def test_what_the_readers_of_his_unit_write_is_none_of_his(cast, vosges, zoe, enter):
    """Restricted, of a human source or open: its page, its list and its question stay shut."""
    said = {"facts": "Canari jaune", "place": "Canari"}
    theirs = [
        factories.report(cast.diane, vosges["Golbey"], **said),
        factories.report(cast.diane, vosges["Golbey"], units=[], **said),
        factories.report(cast.diane, vosges["Golbey"], units=[], origin="human_source", **said),
    ]
    ours = contributions.send(by=zoe, facts=FACTS, commune=vosges["Golbey"])
    client = enter(zoe)
    for report in theirs:
        if access.commentable_reports(cast.anna).filter(pk=report.pk).exists():
            life.move(report, by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
        assert page_of(client, report).status_code == 404
        address = reverse("complete_contribution", args=[report.reference])
        assert client.get(address).status_code == 404
        assert page_of(enter(cast.karim), report).status_code == 200
    listed = client.get(LIST).content.decode()
    assert ours.reference in listed
    assert FACTS in page_of(client, ours).content.decode()
    assert not any(report.reference in listed for report in theirs)
    assert not access.unseen_notifications(zoe).exists()


def test_words_that_his_unit_closed_or_added_are_not_shown_to_who_reads_nothing(
    cast, vosges, zoe, enter
):
    sent = contributions.send(by=zoe, facts=FACTS, commune=vosges["Golbey"])
    complements.add(sent, by=cast.karim, text="Canari des douanes")
    client = enter(zoe)
    assert "Canari" not in page_of(client, sent).content.decode()
    assert "Canari" in page_of(enter(cast.diane), sent).content.decode()
    life.move(sent, by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    assert "Quelle rue ?" in client.get(LIST).content.decode()
    Report.objects.filter(pk=sent.pk).update(audience=Audience.RESTRICTED)
    for page in (page_of(client, sent), client.get(LIST)):
        assert page.status_code == 200
        for hidden in (FACTS, "Quelle rue ?"):
            assert hidden not in page.content.decode()
        assert "Lecture restreinte" in page.content.decode()
    address = reverse("complete_contribution", args=[sent.reference])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("target", [State.SORTED, State.OUT_OF_SCOPE])
def test_what_waits_for_an_answer_is_answered_and_not_decided(cast, nora, sent, target):
    life.move(sent, by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    with pytest.raises(PermissionDenied):
        life.move(stored(sent), by=nora, target=target, why="Rien")
    assert stored(sent).state == State.TO_COMPLETE


def test_at_the_end_of_the_seat_everything_closes(nora, sent, enter, vosges):
    seat = Participation.objects.get(group=nora.unit.group)
    protocols.end_seat(seat, by=None, why="Fin de la convention")
    client = enter(nora)
    assert page_of(client, sent).status_code == 404
    assert "a pris fin" in client.get("/").content.decode()
    with pytest.raises(ValidationError):
        contributions.send(by=nora, facts=FACTS, commune=vosges["Golbey"])


# --- For everybody who contributes --------------------------------------------------------------


def test_a_unit_that_handed_over_still_hears_the_end(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], subject="Un box", grade=("B", "2"))
    proposed = handovers.propose(report, by=cast.diane, target=cast.louise.unit, why="Secteur")
    report = handovers.accept(proposed, by=cast.louise)
    Report.objects.filter(pk=report.pk).update(audience=Audience.RESTRICTED)
    assert enter(cast.diane).get(report.get_absolute_url()).status_code == 404
    for target in (State.SORTED, State.GRADED):
        Report.objects.filter(pk=report.pk).update(state=target)
    page = page_of(enter(cast.diane), report)
    assert page.status_code == 200
    assert "Un box" not in page.content.decode()
    assert line_of(cast.diane, report).word == "Retenue"
    assert not any(line.report.pk == report.pk for line in reading.board_of(cast.louise).lines)


def test_a_draft_has_not_left(cast, vosges):
    factories.report(cast.diane, vosges["Épinal"], draft=True)
    assert reading.board_of(cast.diane).count.value == 0


def test_the_keeper_of_the_protocol_seats_a_town_hall(cast, enter, vosges):
    hall = factories.unit(vosges.department, "Mairie du Thillot", kind="mairie")
    protocol = Protocol.objects.get(department=vosges.department)
    said = {
        "unit": hall.pk, "quality": "transmet", "contributes": "oui",
        "starts_on": timezone.localdate().strftime("%d/%m/%Y"), "ends_on": "",
    }  # fmt: skip
    address = reverse("admit_unit", args=[protocol.key])
    assert enter(cast.marc).post(address, said).status_code == 302
    seat = Participation.objects.get(group=hall.group)
    assert (seat.hands_in, seat.reads_reports, seat.contributes) == (True, False, True)
    page = enter(cast.diane).get(reverse("protocol_page", args=[protocol.key])).content.decode()
    assert "Transmet sans consulter" in page
    line = Entry.objects.get(verb="unit.admitted", target=hall.journal_reference)
    assert "transmet sans consulter" in line.why
    assert Unit.objects.get(pk=hall.pk) not in access.nameable_units(cast.diane)
    shown = enter(cast.marc).get(reverse("change_seat", args=[seat.key])).context["form"]
    assert shown["quality"].value() == "transmet"


def test_the_page_of_contributions_is_for_who_brings(cast, enter):
    for who, status in (
        ("diane", 200),
        ("anna", 200),
        ("gilles", 403),
        ("claire", 403),
        ("rose", 403),
        ("ines", 403),
    ):
        assert enter(cast[who]).get(LIST).status_code == status, who
    assert enter(cast.diane).get(NEW).status_code == 403


def test_thirty_more_are_on_the_next_page(nora, vosges, enter):
    for rank in range(32):
        report = contributions.send(by=nora, facts=f"Fait {rank}", commune=vosges["Golbey"])
        Report.objects.filter(pk=report.pk).update(
            received_at=timezone.now() - timedelta(days=rank)
        )
    page = enter(nora).get(LIST)
    assert len(page.context["board"].lines) == 30
    assert page.context["page"].next
