"""Clauses hold where they act, an amendment changes them, and two versions are compared."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import shares
from protocols import actions, clauses
from protocols.models import Protocol
from protocols.reading.versions import versions
from tests import factories

DAY = timedelta(days=1)
SAID = {
    "is_permanent": [True, False],
    "rhythm": ["", "month", "weeks"],
    "calls_referents": [True, False],
    "takes_contributors": [True, False],
    "shares_elsewhere": [True, False],
    "retention_months": [None, 24],
}


def today():
    return timezone.localdate()


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


def standing(protocol, **changed):
    return {name: getattr(protocol, name) for name in clauses.COLUMNS} | changed


def amend(protocol, cast, *, signed_on=None, **changed):
    protocol.refresh_from_db()
    return actions.amend(
        protocol, by=cast.marc, signed_on=signed_on or today(), changes="Ce que dit l’avenant.",
        settled=standing(protocol, **changed),
    )  # fmt: skip


def sent(protocol, **fields):
    """What the browser sends of the form of an amendment."""
    return {
        "signed_on": today().strftime("%d/%m/%Y"), "changes": "Ce que dit l’avenant.",
        "ends_on": "", "lead_service": protocol.lead_service_id, "is_permanent": "non",
        "rhythm": "autre", "meets_every": "", "meets_on_day": "", "meets_every_weeks": "",
        "meets_from": "", "meets_at": "", "meets_where": "", "calls_referents": "oui",
        "takes_contributors": "oui", "shares_elsewhere": "oui", "retention_months": "",
    } | factories.signed_by(protocol.lead_service) | fields  # fmt: skip


def test_each_setting_of_each_clause_is_said_otherwise():
    """Whatever a clause is set to, a sentence of its own says what it switches on."""
    whole = {
        "lead_service": "Groupement", "meets_on_day": 12, "meets_every_weeks": 2,
        "meets_from": date(2026, 11, 3), "meets_every": "", "meets_at": time(14, 30),
        "meets_where": "Préfecture",
    } | {name: values[0] for name, values in SAID.items()}  # fmt: skip
    assert set(whole) == set(clauses.COLUMNS)
    for clause in clauses.CLAUSES.values():
        for column in set(clause.columns) & SAID.keys():
            said = {
                clause.says(Protocol(**(whole | {"lead_service": None, column: value})))
                for value in SAID[column]
            }
            assert len(said) == len(SAID[column]), column
            assert all(sentence.endswith(".") for sentence in said)


def test_terms_are_read_back_as_they_were(ours):
    ours.rhythm, ours.meets_every_weeks, ours.meets_from = "weeks", 2, date(2026, 11, 3)
    ours.meets_at, ours.retention_months = time(14, 30), 24
    ours.save()
    again = clauses.rebuilt(clauses.terms_of(ours))
    for clause in (clauses.TEXTS | clauses.CLAUSES).values():
        assert clause.says(again) == clause.says(ours)


def test_an_amendment_changes_what_it_says_and_keeps_what_was_before(cast, ours, enter):
    client, address = enter(cast.marc), f"/protocoles/{ours.key}/avenant/"
    client.post(address, sent(ours, rhythm="month", meets_on_day="12", retention_months="36"))
    client.post(address, sent(ours, rhythm="month", meets_on_day="12", retention_months="24"))
    ours.refresh_from_db()
    assert (ours.meets_on_day, ours.retention_months) == (12, 24)
    first, second = ours.amendments.order_by("rank")
    assert first.moved == {
        "rhythm": ["", "month"], "meets_on_day": [None, 12], "retention_months": [None, 36],
    }  # fmt: skip
    assert second.moved == {"retention_months": [36, 24]}
    page = client.get(f"/protocoles/{ours.key}/").content.decode()
    assert "24\u00a0mois après son dernier élément utile" in page
    line = Entry.objects.filter(verb="protocol.amended").latest("pk")
    assert "Durée de conservation" in line.recipients
    Protocol.objects.filter(pk=ours.pk).update(meets_at=time(14, 30))
    assert 'value="14:30"' in client.get(address).content.decode()  # as it is typed
    refused = client.post(address, sent(ours, rhythm="month", meets_on_day="30"))
    assert refused.status_code == 422
    assert enter(cast.paul).post(address, sent(ours)).status_code == 404


def test_two_versions_side_by_side(cast, ours, enter):
    signed = ours.signed_on
    amend(ours, cast, signed_on=signed + 100 * DAY, retention_months=36)
    amend(ours, cast, signed_on=signed + 200 * DAY, retention_months=24, shares_elsewhere=False)
    assert [version.rank for version in versions(ours)] == [0, 1, 2]
    client, address = enter(cast.diane), f"/protocoles/{ours.key}/comparer/"

    def changed(query=""):
        comparison = client.get(f"{address}{query}").context["comparison"]
        return {line.label: (line.before, line.after) for line in comparison.changed}

    whole = changed()
    assert whole.keys() == {"Partage avec d’autres départements", "Durée de conservation"}
    assert "36" not in "".join(whole["Durée de conservation"])  # neither first nor last
    assert changed("?avant=1&apres=2") == changed("?avant=2&apres=1")
    assert "36" in changed("?avant=1&apres=2")["Durée de conservation"][0]
    assert changed("?avant=1&apres=1") == {}
    assert changed("?avant=99&apres=x") == whole  # what names no version is left out
    assert client.get(f"{address}?avant=%00").status_code == 200
    assert enter(cast.paul).get(address).status_code == 404


def test_a_protocol_without_amendment_says_so(cast, ours, enter):
    page = enter(cast.diane).get(f"/protocoles/{ours.key}/comparer/").content.decode()
    assert "Une seule version" in page


def test_versions_say_which_units_came_and_left_between(cast, ours, enter):
    left = cast.louise.unit
    ours.participations.filter(group=left.group).update(
        starts_on=ours.signed_on, ended_at=timezone.now() - DAY
    )
    ours.participations.exclude(group=left.group).update(starts_on=ours.signed_on)
    came = factories.unit(ours.department, "Unité arrivée")
    actions.admit(came, ours, by=cast.marc)
    amend(ours, cast, retention_months=24)
    comparison = enter(cast.diane).get(f"/protocoles/{ours.key}/comparer/").context["comparison"]
    assert (comparison.joined, comparison.left) == ([came.name], [left.name])


# --- Where they act ---------------------------------------------------------------------------


def test_a_protocol_that_shares_with_no_other_department(cast, vosges, meurthe, ours, enter):
    theirs = Protocol.objects.get(department=meurthe.department)
    report = factories.report(cast.diane, vosges["Épinal"])
    shares.share(report, by=cast.diane, protocol=theirs, why="Même équipe")
    assert access.readable_reports(cast.paul).filter(pk=report.pk).exists()
    amend(ours, cast, shares_elsewhere=False)
    assert not access.readable_reports(cast.paul).exists()
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404
    other = factories.report(cast.diane, vosges["Épinal"])
    address = f"/renseignements/{other.reference}/partager/"
    client = enter(cast.diane)
    assert "ne permet pas" in client.get(address).content.decode()
    assert client.post(address, {"protocol": theirs.pk, "why": "x"}).status_code == 422
    with pytest.raises(ValidationError, match="ne permet pas"):
        shares.share(other, by=cast.diane, protocol=theirs, why="x")
    # The clause of the department that is shown something is no matter.
    amend(ours, cast, shares_elsewhere=True)
    amend(theirs, cast, shares_elsewhere=False)
    assert access.readable_reports(cast.paul).filter(pk=report.pk).exists()


REFERENT = {"standing": "referent", "subject": "Protoxyde d’azote"}
HANDS_IN = {"reads_reports": False, "hands_in": True}


@pytest.mark.parametrize(
    ("clause", "seat", "sentence"),
    [
        ("calls_referents", REFERENT, "aucun référent"),
        ("takes_contributors", HANDS_IN, "aucune unité ne transmet sans consulter"),
    ],
)
def test_a_seat_that_a_clause_excludes(cast, ours, clause, seat, sentence):
    unit = factories.unit(ours.department, "Mairie de Golbey", kind="mairie")
    seat = seat | {"ends_on": today() + 30 * DAY}
    amend(ours, cast, **{clause: False})
    with pytest.raises(ValidationError, match=sentence):
        actions.admit(unit, ours, by=cast.marc, **seat)
    amend(ours, cast, **{clause: True})
    actions.admit(unit, ours, by=cast.marc, **seat)
    with pytest.raises(ValidationError, match="mettez d’abord fin"):
        amend(ours, cast, **{clause: False})
    ours.refresh_from_db()
    assert getattr(ours, clause)
