"""The cast, always the same, and the rows it needs. Names and people are invented.

Diane wrote it, Karim is of her unit, Louise of a partner unit with a seat, Paul is a stranger (he
reads under the protocol of another department), Inès inspects. Around them: Anna the analyst of
the cell, Marc who animates it, Claire of the prefecture, Gilles the prosecutor, Rose the guest,
Tom the technician, and Fanny whose authorisation has ended.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from intel.actions import amounts, editions, reports, sharing
from intel.extraction.amounts import read_value
from intel.models import Amount, Report
from intel.models.choices import Origin
from protocols.actions import admit
from protocols.models import Protocol
from services.models import (
    Arrondissement,
    Commune,
    Court,
    Department,
    Epci,
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


def protocol(department, lead):
    return Protocol.objects.create(
        department=department,
        title=f"Protocole CROSS {department.of_name}",
        legal_basis="Mesure n° 14 du plan national du 17 septembre 2019",
        signed_on=date(2020, 9, 24),
        starts_on=date(2020, 9, 24),
        lead_service=lead,
    )


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


def print_key(edition, by):
    """The address of one copy of `edition`, printed by a form."""
    key = "0123456789abcdef" * 2
    said = {"recipient": "Comité départemental", "reason": "Réunion"}
    editions.print_copies(edition, by=by, entry_key=key, **said)
    return key


def amount(report, by, *, kind="sum", value="2500 EUR", raw="2 500 €"):
    """A sum, a price or a quantity of `report`, confirmed through the real action."""
    amounts.confirm(report, by=by, amounts=[(read_value(kind, value), raw)])
    return Amount.objects.of(report).latest("pk")
