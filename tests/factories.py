"""The cast, always the same, and the rows it needs. Names and people are invented.

Diane wrote it, Karim is of her unit, Louise of a partner unit with a seat, Paul is a stranger (he
reads under the protocol of another department), Inès inspects. Around them: Anna the analyst of
the cell, Marc who animates it, Claire of the prefecture, Gilles the prosecutor, Rose the guest,
Tom the technician, and Fanny whose authorisation has ended.
"""

from dataclasses import asdict, dataclass, field
from datetime import date, time, timedelta

from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cross.audit.models import Handout, Oddity
from cross.identity import sealing
from intel import access
from intel.actions import (
    agenda,
    amounts,
    antenna,
    copies,
    edition_life,
    evidence,
    guests,
    keeping,
    meeting_decisions,
    meetings,
    reports,
    sharing,
)
from intel.extraction.amounts import read_value
from intel.models import (
    Amount,
    FindingReference,
    Place,
    PlaceReference,
    Report,
    ReportReference,
    Tombstone,
)
from intel.models.choices import Origin
from intel.summaries.words import Sentence
from protocols import actions
from protocols.actions import admit, annexes, outcomes, totals
from protocols.actions import strategy as strategies
from protocols.actions.drafts import WRITTEN
from protocols.models import Protocol
from protocols.reading.strategy import adopted_strategy
from services.models import (
    Arrondissement,
    Commune,
    Court,
    Department,
    Epci,
    FactorWithdrawal,
    Member,
    Service,
    Unit,
)
from services.roles import Role

PASSWORD = "mot-de-passe-de-test"


@dataclass
class Territory:
    department: Department
    court: Court
    communes: dict = field(default_factory=dict)

    def __getitem__(self, name):
        return self.communes[name]


def territory(
    code="88", name="Vosges", seat="Épinal", communes=("Épinal", "Golbey", "Le Thillot")
):
    """A department with a few communes, of one court, squares side by side for an outline."""
    department = Department.objects.create(
        code=code,
        name=name,
        name_with_article=f"les {name}",
        of_name=f"des {name}",
        in_name=f"dans les {name}",
        srid=2154,
        seat_code=f"{code}001",
        geography_year=2026,
        population_year=2023,
    )
    court = Court.objects.create(
        code=f"{code}001", name=f"Tribunal judiciaire de {seat}", department=department
    )
    arrondissement = Arrondissement.objects.create(
        code=f"{code}1", name=seat, department=department, seat_code=f"{code}001"
    )
    epci = Epci.objects.create(siren=f"2000{code}001"[:9], name=f"CA de {seat}", kind="CA")
    made = Territory(department, court)
    for rank, commune in enumerate(communes):
        left, right = rank * 1000, (rank + 1) * 1000
        made.communes[commune] = Commune.objects.create(
            code=f"{code}{rank + 1:03}",
            name=commune,
            bare_name=commune.removeprefix("Le "),
            of_name=f"de {commune}",
            department=department,
            arrondissement=arrondissement,
            epci=epci,
            population=30_000 // (rank + 1),
            derived_zone="police" if rank == 0 else "gendarmerie",
            derived_court=court,
            centre_x=left + 500,
            centre_y=500,
            outline=[[[left, 0, right, 0, right, 1000, left, 1000]]],
        )
    return made


def unit(department, name, *, kind="gendarmerie", **fields):
    service, _ = Service.objects.get_or_create(
        name=f"{name} {department.code}", defaults={"short_name": name, "kind": kind}
    )
    return Unit.objects.create(
        service=service, department=department, name=name, short_name=name, **fields
    )


def town_hall(cast):
    """A unit that hands in under the protocol of the Vosges, and reads nothing."""
    hall = unit(cast.diane.unit.department, "Mairie de Golbey", kind="mairie")
    ours = Protocol.objects.get(department=hall.department)
    admit(hall, ours, by=None, reads_reports=False, hands_in=True, starts_on=date(2020, 9, 24))
    return hall


def member(username, unit, role, **fields):
    today = timezone.localdate()
    fields = {
        "first_name": username.capitalize(),
        "last_name": "Essai",
        "authorised_by": "Colonel Essai",
        "authorised_from": date(2020, 9, 24),
        "authorised_until": today + timedelta(days=300),
    } | fields
    return Member.objects.create_user(username, PASSWORD, unit=unit, role=role, **fields)


def factor(member):
    """An application that gives codes; `secret` is what it holds."""
    secret = totp.generate_totp_secret()
    with sealing.of(member):
        made = totp.TOTP.activate(member, secret).instance
    made.secret = secret
    return made


def lost_factor(member, *, by):
    """What `by` has asked for a member who lost a factor, and that waits for a second person."""
    return FactorWithdrawal.objects.create(
        member=member, asked_by=by, reason="Téléphone perdu", password=make_password(PASSWORD)
    )


def connection(member, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"):
    """An open sign-in of another browser."""
    session = SessionStore()
    session.create()
    return UserSession.objects.create(
        user=member, ip="192.0.2.7", session_key=session.session_key, user_agent=agent
    )


def protocol(department, lead, starts_on=date(2020, 9, 24)):
    return Protocol.objects.create(
        department=department,
        title=f"Protocole CROSS {department.of_name}",
        legal_basis="Mesure n° 14 du plan national du 17 septembre 2019",
        signed_on=date(2020, 9, 24),
        starts_on=starts_on,
        lead_service=lead,
    )


def antenna_notes(by, report):
    """A note to the antenna in preparation, one to abandon, one frozen with this report: their
    addresses."""
    notes = {
        name: antenna.prepare(by=by, title="Go-fast vers le nord")
        for name in ("antenna_note", "antenna_draft", "antenna_frozen")
    }
    antenna.add(notes["antenna_frozen"], [report.reference], by=by)
    antenna.freeze(notes["antenna_frozen"], by=by)
    return {name: note.key for name, note in notes.items()}


def papers(animator):
    """The protocol of his department with a scanned paper, and the one that he is writing next:
    the keys of the tables of addresses."""
    department = animator.unit.department
    ours = Protocol.objects.signed().get(department=department)
    written = {name: getattr(ours, name) for name in WRITTEN}
    following = written | {
        "starts_on": timezone.localdate() + timedelta(days=365),
        "ends_on": None,
    }
    draft = actions.draft(department, by=animator, **following)
    actions.add_signature(
        draft, by=animator, service=ours.lead_service, capacity="Commandant du groupement",
        signed_by="Essai", is_representative=False,
    )  # fmt: skip
    return {
        "department": department.code,
        "protocol": ours.key,
        "protocol_draft": draft.key,
        "signature": draft.signatures.get().key,
        "protocol_annex": _scanned(ours, by=animator),
        "draft_annex": _scanned(draft, by=animator),
    }


def signed_by(service):
    """What the browser sends of one more signatory of an amendment."""
    return {
        "nouveau1_capacity": "Commandant du groupement",
        "nouveau1_service": service.pk,
        "nouveau1_signed_by": "Colonel Essai",
    }


def _scanned(protocol, *, by):
    page = SimpleUploadedFile("original.pdf", b"%PDF-1.7\n% une page\n")
    return annexes.annex(protocol, by=by, upload=page).key


def gatherings(animator, *, report, in_charge, guest, answering):
    """Meetings of his cell, one of each kind: the keys of the tables of addresses.

    `report` is graded and open to all; `in_charge`, of another service, has a decision to follow;
    `guest` is called for the point of the one that is coming; `answering` answers for his unit.
    """
    protocol, today = access.plannable_protocols(animator).get(), timezone.localdate()
    days = (today + timedelta(days=100 + rank) for rank in range(4))
    coming, sitting, risen, cancelled = (
        meetings.call(
            meetings.prepare(
                protocol, by=animator, held_on=each, starts_at=time(14, 0), place="Préfecture"
            ),
            by=animator,
        )
        for each in days
    )
    points = {
        each: agenda.add(each, by=animator, title="Abords de la gare", reports=[report])
        for each in (coming, sitting, risen)
    }
    removed = agenda.add(coming, by=animator, title="Point retiré")
    agenda.remove(removed, by=animator)
    called, _ = guests.invite(
        points[coming], by=animator, guest=guest, starts_on=today,
        ends_on=coming.held_on,
    )  # fmt: skip
    decisions = {}
    for each in (sitting, risen):
        meetings.advance(each, "en_seance", by=animator)
        decisions[each] = meeting_decisions.decide(
            points[each], by=animator, text="Tenir un calendrier", unit=in_charge.unit,
            due_on=today + timedelta(days=9),
        )  # fmt: skip
    meetings.advance(risen, "a_signer", by=animator)
    meetings.cancel(cancelled, by=animator, why="Grève")
    return {
        "meeting": coming.key,
        "sitting": sitting.key,
        "risen": risen.key,
        "cancelled": cancelled.key,
        "item": points[coming].key,
        "removed_item": removed.key,
        "sitting_item": points[sitting].key,
        "named": access.removable_named(animator).get(item=points[coming]).key,
        "item_guest": called.key,
        "attendance": coming.attendances.get(unit=answering.unit).key,
        "decision": decisions[sitting].key,
        "decided": decisions[risen].key,
    }


class Cast(dict):
    """`cast.diane`, or `cast["diane"]` in a table."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def cast(vosges, meurthe):
    """Everybody, each with a seat as in life. Needs two territories."""
    here = vosges.department
    customs = unit(here, "Brigade des douanes", kind="douane")
    partner = unit(here, "Commissariat", kind="police")
    third = unit(here, "Brigade de recherches")
    cell = unit(here, "Cellule CROSS", is_cell=True)
    prefecture = unit(here, "Préfecture", kind="prefecture")
    prosecutor = unit(here, "Parquet", kind="parquet", court=vosges.court)
    school = unit(here, "Éducation nationale", kind="education")
    control = unit(here, "Délégation", kind="autre")
    elsewhere = unit(meurthe.department, "Groupement 54")

    ours = protocol(here, cell.service)
    theirs = protocol(meurthe.department, elsewhere.service)
    for seated in (customs, partner, third, cell, prosecutor):
        admit(seated, ours, by=None, starts_on=date(2020, 9, 24))
    admit(prefecture, ours, by=None, reads_reports=False, starts_on=date(2020, 9, 24))
    admit(elsewhere, theirs, by=None, starts_on=date(2020, 9, 24))

    today = timezone.localdate()
    return Cast(
        diane=member("diane", customs, Role.LIAISON),
        karim=member("karim", customs, Role.LIAISON),
        louise=member("louise", partner, Role.LIAISON),
        bruno=member("bruno", third, Role.LIAISON),
        anna=member("anna", cell, Role.ANALYST),
        marc=member("marc", cell, Role.ANIMATOR),
        claire=member("claire", prefecture, Role.PREFECTURE),
        gilles=member("gilles", prosecutor, Role.PROSECUTOR),
        rose=member("rose", school, Role.GUEST),
        ines=member("ines", control, Role.DPO, first_name="Inès"),
        tom=member("tom", control, Role.TECHNICAL),
        fanny=member("fanny", partner, Role.LIAISON, authorised_until=today - timedelta(days=1)),
        paul=member("paul", elsewhere, Role.LIAISON),
    )


def report(
    by, commune, *, units=None, draft=False, identifiers=(), grade=("", ""), entered_at=None,
    **fields,
):  # fmt: skip
    """A report written by `by` through the real action; `units` restricts it to those units.

    `entered_at`: when it was, if not just now.
    """
    fields = {
        "origin": Origin.SERVICE,
        "facts": "Deux hommes vendent dans le hall tous les soirs.",
        "commune": commune,
        "occurred_on": timezone.localdate() - timedelta(days=2),
    } | fields
    narrowing = None
    if units is not None:
        narrowing = sharing.Narrowing(
            units=tuple(units),
            reason="source",
            text="",
            review_on=timezone.localdate() + timedelta(days=30),
        )
    made = reports.create(
        by=by,
        fields=fields,
        identifiers=identifiers,
        restriction=narrowing,
        grade=grade,
        draft=draft,
    )
    if entered_at is not None:
        made.created_at = entered_at
        Report.objects.filter(pk=made.pk).update(created_at=entered_at)
    return made


def strategy(writer, member, report, *, place, summary):
    """An action of `member`'s unit in the adopted strategy, that cites a report, a place and a
    finding; one more that was taken out. What the addresses name."""
    today = timezone.localdate()
    whole = adopted_strategy(writer.unit.department) or strategies.begin(
        by=writer,
        title="Plan d’essai",
        starts_on=today - timedelta(days=100),
        ends_on=today + timedelta(days=200),
    )
    axis = strategies.add_axis(whole, by=writer, title="Présence", objective="Reprendre.")
    action, removed = (
        strategies.add_action(axis, by=writer, title=title, unit=member.unit, due_on=today)
        for title in ("Contrôles conjoints", "Entrée par erreur")
    )
    strategies.remove_action(removed, by=writer)
    if not whole.is_adopted:
        strategies.move(whole, by=writer, state="adoptee")
    cited = Place.objects.unguarded(because="test").get(key=place)
    evidence.cite(action, by=member, reports=[report], places=[cited])
    finding = FindingReference.objects.create(
        action=action,
        summary_id=summary,
        finding=asdict(Sentence("hausse", "Hausse à Épinal.")),
        by=writer,
    )
    said = {"by": member, "kind": "rien", "day": today}
    kept, taken_back = (evidence.record_outcome(action, **said) for _ in range(2))
    outcomes.take_back(taken_back, by=member)
    counted, gone = (
        totals.enter(
            by=writer, kind="afd", starts_on=today, ends_on=today, value=12, source=source
        )
        for source in ("Parquet, essai", "Source d’essai")
    )
    totals.remove(gone, by=writer)
    return {
        "strategy": whole.key,
        "axis": axis.key,
        "action": action.key,
        "removed_action": removed.key,
        "cited_report": ReportReference.objects.of(report).get(action=action).key,
        "cited_place": PlaceReference.objects.of(cited).get(action=action).key,
        "cited_finding": finding.key,
        "outcome": kept.key,
        "outcome_taken_back": taken_back.key,
        "total": counted.pk,
        "removed_total": gone.pk,
    }


def published(edition, cast):
    """The note validated by Claire for the prefecture, by Gilles for his court, then published."""
    for who in (cast.claire, cast.gilles):
        edition_life.validate(edition, by=who, version=edition.version)
    return edition_life.publish(edition, by=cast.claire, version=edition.version)


def print_key(edition, by):
    """The address of one copy of `edition`, printed by a form."""
    key = "0123456789abcdef" * 2
    said = {"recipients": ["Comité départemental"], "reason": "Réunion"}
    copies.ask(edition, by=by, entry_key=key, **said)
    return key


def amount(report, by, *, kind="sum", value="2500 EUR", raw="2 500 €"):
    """A sum, a price or a quantity of `report`, confirmed through the real action."""
    amounts.confirm(report, by=by, amounts=[(read_value(kind, value), raw)])
    return Amount.objects.of(report).latest("pk")


def kept_and_gone(keeper, report):
    """A hold on a report, and what is left of another that was erased."""
    held = keeping.place_hold(
        by=keeper,
        reference=report.reference,
        reason="justice",
        review_on=timezone.localdate() + timedelta(days=60),
    )
    gone = Tombstone.objects.create(
        department=keeper.unit.department,
        reference=f"CROSS-{keeper.unit.department.code}-2020-0001",
        origin="citizen",
        received_on=timezone.localdate() - timedelta(days=800),
        due_on=timezone.localdate() - timedelta(days=70),
        rule="Signalement citoyen non exploité",
        who="système",
    )
    return {"hold": held.key, "tombstone": gone.key}


def lines_kept(agent, keeper):
    """Something to look at again among the lines of an agent, and lines that were handed out."""
    now = timezone.now()
    department = keeper.unit.department.code
    oddity = Oddity.objects.create(
        pattern="sheets_an_hour",
        member_id=agent.pk,
        who=agent.get_full_name(),
        unit=str(agent.unit),
        department=department,
        began_at=now - timedelta(hours=1),
        ended_at=now + timedelta(minutes=1),
        count=41,
        threshold=40,
    )
    handout = Handout.objects.create(
        department=department,
        member_id=keeper.pk,
        who=keeper.get_full_name(),
        recipient="CNIL",
        why="Contrôle sur place",
        finished_at=now,
        rows=1,
        file=SimpleUploadedFile("journal.zip", b"PK"),
    )
    return {"oddity": oddity.pk, "handout": handout.key}
