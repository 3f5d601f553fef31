"""A correction proposed by another unit: read by the two of them, applied or not by the owner."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross import nav
from cross.audit.models import Entry
from intel import access
from intel.actions import contributions, corrections, handovers, invitations, reports, sharing
from intel.models import Correction, Report, Revision
from services.models import Member, Neighbourhood, Unit
from services.roles import Role
from tests import factories

CANARY = "ROITELET"
OTHERS = ("bruno", "anna", "gilles", "rose", "claire", "ines", "tom", "paul")


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], vehicles="Berline grise")


def test_a_unit_that_only_hands_in_is_proposed_nothing(cast, enter, vosges):
    """It reads no sheet: nobody would ever answer, so it is said before anything is typed."""
    nora = factories.member("nora", factories.town_hall(cast), Role.PARTNER)
    sent = contributions.send(
        by=nora, facts="Va-et-vient au city-stade.", commune=vosges["Épinal"]
    )
    address, client = sent.get_absolute_url(), enter(cast.louise)
    assert "Proposer une correction" not in page(client, address)
    assert client.get(f"{address}corrections/proposer/?champ=facts").status_code == 404
    with pytest.raises(ValidationError):
        propose(sent, cast.louise)
    told = page(client, f"{address}corrections/")
    assert "Personne dans l’unité Mairie de Golbey ne répond aux corrections" in told
    assert f"{address}complement/" in told
    # Were one of its people to write, the words of the unit would have an owner again.
    nils = factories.member("nils", nora.unit, Role.LIAISON)
    assert access.correctable_reports(cast.louise).filter(pk=sent.pk).exists()
    assert "Proposer une correction" in page(client, address)
    assert not access.correctable_reports(cast.paul).filter(pk=sent.pk).exists()
    # He alone would answer: not once his authorisation or his account has ended.
    yesterday = timezone.localdate() - timedelta(days=1)
    for ending in ({"is_active": False}, {"authorised_until": yesterday}):
        former = {name: getattr(nils, name) for name in ending}
        Member.objects.filter(pk=nils.pk).update(**ending)
        assert "Proposer une correction" not in page(client, address)
        assert "ne répond aux corrections" in page(client, f"{address}corrections/")
        Member.objects.filter(pk=nils.pk).update(**former)
    assert "ne répond aux corrections" not in page(client, f"{address}corrections/")
    Unit.objects.filter(pk=nora.unit_id).update(closed_on=yesterday)
    assert not access.correctable_reports(cast.louise).filter(pk=sent.pk).exists()


@pytest.fixture
def proposed(cast, report):
    """Louise's, to Diane's unit."""
    return propose(report, cast.louise)


def propose(
    report, by, field="vehicles", value=f"{CANARY} berline noire", why=f"{CANARY} vu hier"
):
    return corrections.propose(report, by=by, field=field, value=value, why=why)


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def page(client, address):
    return client.get(address, follow=True).content.decode().replace("\u00a0", " ")


def pages_of(client, report):
    address = report.get_absolute_url()
    paths = ("", "corrections/", "versions/")
    return "".join(
        page(client, each) for each in (*(address + path for path in paths), "/", "/demandes/")
    )


# --- Proposing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("louise", True),
        ("anna", True),
        ("diane", False),  # her own unit's: she changes it
        ("karim", False),
        ("gilles", False),
        ("rose", False),
        ("claire", False),
        ("paul", False),
    ],
)
def test_who_proposes(cast, enter, report, who, may):
    client, address = enter(cast[who]), f"{report.get_absolute_url()}corrections/proposer/"
    typed = {"vehicles": "Berline noire", "why": "Vue hier"}
    assert (client.get(f"{address}?champ=vehicles").status_code == 200) is may
    assert (client.post(f"{address}?champ=vehicles", typed).status_code == 302) is may
    assert Correction.objects.of(report).exists() is may
    assert stored(report).vehicles == "Berline grise"
    assert ("Proposer une correction" in page(client, report.get_absolute_url())) is may


@pytest.mark.parametrize(
    ("field", "typed", "held"),
    [
        ("commune", "Golbey", "Golbey"),
        ("occurred_on", "01/03/2026", date(2026, 3, 1)),
        ("products", ["cocaine", "crack"], ["cocaine", "crack"]),
        ("facts", "Trois hommes vendent dans le hall.", "Trois hommes vendent dans le hall."),
        ("subject", "Vente au hall", "Vente au hall"),
        ("vehicles", "", ""),  # said by mistake: nothing at all
    ],
)
def test_each_field_is_typed_as_in_the_entry_and_applied_as_the_owner_would(
    cast, enter, report, field, typed, held
):
    address = f"{report.get_absolute_url()}corrections/proposer/?champ={field}"
    assert enter(cast.louise).post(address, {field: typed, "why": "Vu"}).status_code == 302
    [correction] = Correction.objects.of(report)
    version = stored(report).version
    answer = enter(cast.karim).post(
        f"/demandes/corrections/{correction.key}/", {"decision": "accepter"}
    )
    assert answer.status_code == 302
    now = getattr(stored(report), field)
    assert (str(now) if field == "commune" else now) == held
    assert stored(report).version == version + 1
    revision = Revision.objects.of(report).get()
    assert (list(revision.before), revision.by) == ([field], cast.karim)


def test_a_correction_that_says_nothing_or_cannot_be_is_refused(cast, enter, report):
    client, address = enter(cast.louise), f"{report.get_absolute_url()}corrections/proposer/"
    for field, typed, told in (
        ("vehicles", "Berline grise", "C’est déjà ce que dit la fiche"),
        ("commune", "Nulle-Part", "Nulle-Part"),
        ("occurred_until", "01/01/2020", "suivre leur début"),
        ("facts", " ", "Décrivez les faits"),
    ):
        answer = client.post(f"{address}?champ={field}", {field: typed, "why": "Vu"})
        assert answer.status_code == 422, field
        assert told in answer.content.decode(), field
    assert client.post(f"{address}?champ=vehicles", {"vehicles": "Autre"}).status_code == 422
    # What is no field, or is not corrected so: the page to choose one from.
    for forged in ("", "state", "owner", "audience", "source_code", "handling", "inconnu"):
        assert (
            client.post(f"{address}?champ={forged}", {forged: "x", "why": "x"}).status_code == 302
        )
    assert not Correction.objects.of(report).exists()


def test_the_same_form_sent_twice_proposes_once_and_another_waits_for_its_turn(
    cast, enter, report
):
    client = enter(cast.louise)
    address = f"{report.get_absolute_url()}corrections/proposer/?champ=vehicles"
    typed = {"vehicles": "Berline noire", "why": "Vue hier"}
    assert [client.post(address, typed).status_code for _ in range(2)] == [302, 302]
    assert Correction.objects.of(report).count() == 1
    assert client.post(address, typed | {"vehicles": "Berline rouge"}).status_code == 422
    assert enter(cast.anna).post(address, typed).status_code == 302
    assert enter(cast.paul).post(address, typed).status_code == 404


# --- Who reads it -------------------------------------------------------------------------------


def test_the_two_units_alone_read_it(cast, enter, report, proposed):
    for who in ("diane", "karim", "louise"):
        assert CANARY in pages_of(enter(cast[who]), report), who
    for who in OTHERS:
        assert CANARY not in pages_of(enter(cast[who]), report), who
        assert not access.readable_corrections(cast[who]).exists()
    assert CANARY not in page(enter(cast.ines), "/journal/")


@pytest.mark.parametrize("field", ["facts", "vehicles"])
def test_it_keeps_no_former_text_of_a_human_source_for_the_unit_that_proposes(
    cast, enter, report, field
):
    """As the history: the owner takes out what gave the source away, and it is gone."""
    said = f"{CANARY} berline de sa cousine"
    Report.objects.filter(pk=report.pk).update(origin="human_source", **{field: said})
    proposed = propose(stored(report), cast.louise, field, f"{said}, noire", "Vue hier")
    louise, address = enter(cast.louise), f"{report.get_absolute_url()}corrections/"
    assert CANARY in page(louise, address)
    version = stored(report).version
    reports.change(
        stored(report), by=cast.diane, fields={field: "Berline", "origin": "service"},
        version=version,
    )  # fmt: skip
    html = page(louise, address)
    assert "modifié depuis la proposition" in html
    assert CANARY not in html
    assert CANARY in page(enter(cast.karim), address)
    assert CANARY in page(enter(cast.karim), f"/demandes/corrections/{proposed.key}/")


def test_applied_to_a_human_source_it_says_what_the_report_says_now(cast, enter, report):
    Report.objects.filter(pk=report.pk).update(origin="human_source")
    proposed = propose(stored(report), cast.louise, "facts", "Trois hommes.")
    corrections.accept(proposed, by=cast.diane)
    html = page(enter(cast.louise), f"{report.get_absolute_url()}corrections/")
    assert "<ins>Trois hommes.</ins>" in html
    assert "dans le hall" not in html


def test_the_owner_is_told_on_the_sheet_and_by_the_menu(cast, enter, report, proposed):
    def waiting(who):
        entries = nav.menu_of(cast[who], "/")
        return next(entry.count for entry in entries if entry.name == "request_list")

    assert [waiting(who) for who in ("diane", "karim", "louise", "bruno")] == [1, 1, 0, 0]
    told = "1 correction proposée par une autre unité"
    assert told in page(enter(cast.karim), report.get_absolute_url())
    for who in ("louise", "bruno", "anna"):
        assert told not in page(enter(cast[who]), report.get_absolute_url())


def test_accepted_it_is_a_change_of_the_owner_s_own(cast, enter, report, proposed):
    """Who had seen it otherwise is told to nobody."""
    enter(cast.diane).post(f"/demandes/corrections/{proposed.key}/", {"decision": "accepter"})
    versions = page(enter(cast.bruno), f"{report.get_absolute_url()}versions/")
    assert "Diane Essai" in versions
    assert "Louise" not in versions
    assert "vu hier" not in versions


def test_each_of_the_two_units_is_told_of_the_other(cast, report, proposed):
    def told(who):
        return [each.kind for each in access.unseen_notifications(cast[who])]

    assert told("diane") == told("karim") == ["correction.proposed"]
    corrections.accept(proposed, by=cast.diane)
    assert "correction.decided" in told("louise")
    assert "correction.proposed" not in told("karim")  # answered, it waits for nobody
    for who in ("bruno", "anna", "rose", "paul"):
        assert not [kind for kind in told(who) if kind.startswith("correction.")]


# --- Answering ----------------------------------------------------------------------------------


def test_one_click_refuses_and_the_answer_is_read(cast, enter, report, proposed):
    address = f"/demandes/corrections/{proposed.key}/"
    assert enter(cast.karim).post(
        address, {"decision": "refuser", "answer": "Plaque vérifiée"}
    ).status_code == 302  # fmt: skip
    assert stored(report).vehicles == "Berline grise"
    for where in ("/demandes/", f"{report.get_absolute_url()}corrections/"):
        html = page(enter(cast.louise), where)
        assert "Refusée" in html
        assert "Plaque vérifiée" in html


def test_who_answers_and_who_takes_it_back(cast, enter, report, proposed):
    decide = f"/demandes/corrections/{proposed.key}/"
    for who in ("louise", *OTHERS):
        client = enter(cast[who])
        assert client.get(decide).status_code in {403, 404}
        assert client.post(decide, {"decision": "accepter"}).status_code in {403, 404}
    for who in ("diane", "bruno", "paul"):
        assert enter(cast[who]).post(f"{decide}retirer/").status_code == 404
    assert enter(cast.louise).post(f"{decide}retirer/").status_code == 302
    # What was answered, or taken back, is answered no more.
    assert enter(cast.diane).post(decide, {"decision": "accepter"}).url == "/demandes/"
    with pytest.raises(ValidationError, match="vient d’y répondre"):
        corrections.accept(proposed, by=cast.diane)
    assert stored(report).vehicles == "Berline grise"


def test_sent_twice_it_is_applied_once(cast, enter, report, proposed):
    address, client = f"/demandes/corrections/{proposed.key}/", enter(cast.diane)
    assert [client.post(address, {"decision": "accepter"}).status_code for _ in "12"] == [302] * 2
    assert Revision.objects.of(report).count() == 1
    assert Entry.objects.filter(verb="correction.accepted").count() == 1


def test_a_field_changed_meanwhile_takes_no_correction_of_what_it_said(
    cast, enter, report, proposed
):
    version = stored(report).version
    reports.change(report, by=cast.karim, fields={"vehicles": "Scooter"}, version=version)
    answer = enter(cast.diane).post(
        f"/demandes/corrections/{proposed.key}/", {"decision": "accepter"}
    )
    assert answer.status_code == 422
    assert "modifié depuis la proposition" in answer.content.decode()
    assert stored(report).vehicles == "Scooter"
    assert proposed.is_waiting


def test_another_commune_takes_its_neighbourhood_away(cast, vosges, report):
    hill = Neighbourhood.objects.create(
        commune=vosges["Épinal"], name="La Colline", code="88001x1"
    )
    Report.objects.filter(pk=report.pk).update(neighbourhood=hill)
    proposed = propose(report, cast.louise, "commune", vosges["Golbey"])
    corrections.accept(proposed, by=cast.diane)
    assert stored(report).commune == vosges["Golbey"]
    assert stored(report).neighbourhood is None


def test_the_other_commune_of_a_neighbourhood_leaves_it(cast, vosges, report):
    hill = Neighbourhood.objects.create(commune=vosges["Épinal"], name="La Colline")
    hill.other_communes.add(vosges["Golbey"])
    Report.objects.filter(pk=report.pk).update(neighbourhood=hill)
    proposed = propose(report, cast.louise, "commune", vosges["Golbey"])
    corrections.accept(proposed, by=cast.diane)
    assert stored(report).commune == vosges["Golbey"]
    assert stored(report).neighbourhood == hill


def test_it_goes_with_the_report_and_away_with_the_right_to_read(cast, enter, report, proposed):
    narrowing = sharing.Narrowing(
        units=(cast.anna.unit,),
        reason="source",
        text="",
        review_on=timezone.localdate() + timedelta(days=30),
    )
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    assert CANARY not in pages_of(enter(cast.louise), report)
    assert not access.own_corrections(cast.louise).exists()
    # The owner still answers; and after a hand-over, the new one.
    other = corrections.propose(
        stored(report), by=cast.anna, field="persons", value="Deux", why="Vu"
    )
    handed = handovers.propose(stored(report), by=cast.diane, target=cast.anna.unit, why="Secteur")
    handovers.accept(handed, by=cast.anna)
    with pytest.raises(ValidationError):
        corrections.accept(other, by=cast.diane)


def test_a_guest_who_completes_proposes_none(cast, enter, vosges):
    alone = factories.report(cast.diane, vosges["Épinal"], units=[])
    until = timezone.now() + timedelta(days=2)
    invitations.invite(
        alone, by=cast.diane, guest=cast.rose, until=until, reason="avis", completes=True
    )
    rose = enter(cast.rose)
    assert "Proposer une correction" not in page(rose, alone.get_absolute_url())
    assert rose.get(f"{alone.get_absolute_url()}corrections/").status_code == 404


def test_to_paul_none_of_it_exists(cast, enter, report, proposed):
    paul, address = enter(cast.paul), report.get_absolute_url()
    assert paul.get(f"{address}corrections/").status_code == 404
    assert paul.post(f"{address}corrections/proposer/?champ=place", {}).status_code == 404
    for path in ("", "retirer/"):
        assert paul.post(f"/demandes/corrections/{proposed.key}/{path}").status_code == 404
    assert Correction.objects.of(report).get().is_waiting
