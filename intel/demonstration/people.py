"""Services, units with their seats, and members. Every person here is invented."""

from dataclasses import dataclass


from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from protocols import actions
from protocols.models import Participation
from services.models import Court, Member, Service, Unit
from services.roles import Role

AUTHORISED_DAYS = 365
KIND = Service.Kind
PERMANENT, CASE_BY_CASE = Participation.Standing.PERMANENT, Participation.Standing.CASE_BY_CASE


@dataclass(frozen=True)
class Seat:
    """What a unit may read under the protocol, and in what quality it sits."""

    standing: str
    subject: str = ""
    reads_reports: bool = True


@dataclass(frozen=True)
class Post:
    """A unit to be: `town` is where it sits, for the reports that happen nearby."""

    key: str
    kind: str
    name: str
    short_name: str
    town: str = ""
    seat: Seat | None = None
    is_cell: bool = False
    court: str = ""  # Insee code of the seat of its court, for a prosecutor


@dataclass(frozen=True)
class Person:
    """A member to be; `may_sign_in` with the demonstration's password."""

    username: str
    first_name: str
    last_name: str
    post: str
    role: str
    authorised_by: str
    may_sign_in: bool = True


@dataclass(frozen=True)
class Cast:
    """The services of one department, by kind, with their units and their people."""

    services: dict  # kind: (name, short name)
    posts: tuple
    people: tuple


STANDING = Seat(PERMANENT)

VOSGES = Cast(
    services={
        KIND.GENDARMERIE: ("Groupement de gendarmerie départementale des Vosges", "GGD 88"),
        KIND.POLICE: ("Direction départementale de la police nationale des Vosges", "DDPN 88"),
        KIND.JUDICIAL_POLICE: ("Direction interrégionale de la police judiciaire", "PJ"),
        KIND.BORDER_POLICE: ("Direction zonale de la police aux frontières", "PAF"),
        KIND.CUSTOMS: ("Direction interrégionale des douanes", "Douane"),
        KIND.RESEARCH_SECTION: ("Section de recherches de la gendarmerie", "SR"),
        KIND.GIR: ("Groupe interministériel de recherches", "GIR"),
        KIND.PREFECTURE: ("Préfecture des Vosges", "Préfecture 88"),
        KIND.PROSECUTOR: ("Parquet d’Épinal", "Parquet"),
        KIND.EDUCATION: ("Direction des services départementaux de l’Éducation nationale des Vosges", "DSDEN 88"),
        KIND.OTHER: ("Secrétariat général commun des Vosges", "SGC 88"),
    },
    posts=(
        Post("cell", KIND.GENDARMERIE, "Cellule CROSS 88", "Cellule CROSS 88", "Épinal", STANDING, is_cell=True),
        Post("ggd", KIND.GENDARMERIE, "Groupement, officier adjoint renseignement", "GGD 88", "Épinal", STANDING),
        Post("br", KIND.GENDARMERIE, "Brigade de recherches d’Épinal", "BR Épinal", "", STANDING),
        Post("cob.remiremont", KIND.GENDARMERIE, "Communauté de brigades de Remiremont", "COB Remiremont", "Remiremont", STANDING),
        Post("cob.gerardmer", KIND.GENDARMERIE, "Communauté de brigades de Gérardmer", "COB Gérardmer", "Gérardmer", STANDING),
        Post("cob.neufchateau", KIND.GENDARMERIE, "Communauté de brigades de Neufchâteau", "COB Neufchâteau", "Neufchâteau", STANDING),
        Post("cob.rambervillers", KIND.GENDARMERIE, "Communauté de brigades de Rambervillers", "COB Rambervillers", "Rambervillers", STANDING),
        Post("csp.epinal", KIND.POLICE, "Commissariat d’Épinal", "Commissariat Épinal", "Épinal", STANDING),
        Post("csp.saintdie", KIND.POLICE, "Commissariat de Saint-Dié-des-Vosges", "Commissariat Saint-Dié", "Saint-Dié-des-Vosges", STANDING),
        Post("pj", KIND.JUDICIAL_POLICE, "Antenne de police judiciaire des Vosges", "PJ Vosges", "", Seat(CASE_BY_CASE, "Criminalité organisée")),
        Post("paf", KIND.BORDER_POLICE, "Unité mobile de la police aux frontières", "PAF Vosges", "", Seat(CASE_BY_CASE, "Axes et transports internationaux")),
        Post("douane", KIND.CUSTOMS, "Brigade des douanes d’Épinal", "Douane Épinal", "Épinal", STANDING),
        Post("sr", KIND.RESEARCH_SECTION, "Section de recherches, groupe stupéfiants", "SR", "", Seat(CASE_BY_CASE, "Enquêtes de longue durée")),
        Post("gir", KIND.GIR, "Groupe interministériel de recherches, antenne des Vosges", "GIR", "", Seat(CASE_BY_CASE, "Avoirs criminels et blanchiment")),
        Post("parquet", KIND.PROSECUTOR, "Parquet du tribunal judiciaire d’Épinal", "Parquet Épinal", "", Seat(CASE_BY_CASE, "Suites judiciaires du ressort"), court="88160"),
        Post("prefecture", KIND.PREFECTURE, "Cabinet, bureau de la sécurité intérieure", "Préfecture 88", "", Seat(CASE_BY_CASE, "Synthèses et stratégie locale", reads_reports=False)),
        Post("dsden", KIND.EDUCATION, "Référent sécurité des établissements scolaires", "Éducation nationale 88"),
        Post("donnees", KIND.OTHER, "Protection des données", "Protection des données"),
        Post("systemes", KIND.OTHER, "Systèmes d’information", "Systèmes d’information"),
    ),
    people=(
        Person("analyste", "Aurélie", "Ferry", "cell", Role.ANALYST, "Colonel Bertrand Lhuillier, commandant le groupement"),
        Person("animatrice", "Sandrine", "Humbert", "cell", Role.ANIMATOR, "Colonel Bertrand Lhuillier, commandant le groupement"),
        Person("liaison.gendarmerie", "Mathieu", "Grosjean", "ggd", Role.LIAISON, "Colonel Bertrand Lhuillier, commandant le groupement"),
        Person("liaison.police", "Nadia", "Benali", "csp.epinal", Role.LIAISON, "Commissaire Laurent Pichot, directeur départemental adjoint"),
        Person("liaison.pj", "Vincent", "Kieffer", "pj", Role.LIAISON, "Commissaire divisionnaire Anne Rollin, cheffe de l’antenne"),
        Person("liaison.paf", "Élodie", "Schmitt", "paf", Role.LIAISON, "Commandant Didier Noël, chef de l’unité mobile"),
        Person("liaison.douane", "Rachid", "Amrani", "douane", Role.LIAISON, "Isabelle Thirion, cheffe divisionnaire"),
        Person("liaison.sr", "Julien", "Perrin", "sr", Role.LIAISON, "Lieutenant-colonel Marc Weiss, commandant la section"),
        Person("liaison.gir", "Florence", "Da Silva", "gir", Role.LIAISON, "Commandant Pascal Aubry, chef du groupe"),
        Person("prefecture", "Hélène", "Vautrin", "prefecture", Role.PREFECTURE, "Guillaume Sartori, directeur de cabinet"),
        Person("parquet.epinal", "Antoine", "Lambolez", "parquet", Role.PROSECUTOR, "Catherine Mougin, procureure de la République"),
        Person("referent", "Béatrice", "Toussaint", "dsden", Role.GUEST, "Jean-Luc Claudel, directeur académique"),
        Person("dpo", "Olivier", "Nguyen", "donnees", Role.DPO, "Mireille Antoine, secrétaire générale"),
        Person("technique", "Maxime", "Colin", "systemes", Role.TECHNICAL, "Mireille Antoine, secrétaire générale"),
        Person("l.husson", "Lucas", "Husson", "cell", Role.ANALYST, "Colonel Bertrand Lhuillier, commandant le groupement", may_sign_in=False),
        Person("m.didier", "Manon", "Didier", "br", Role.LIAISON, "Capitaine Éric Valentin, commandant la brigade", may_sign_in=False),
        Person("c.lecomte", "Christophe", "Lecomte", "cob.remiremont", Role.LIAISON, "Major Sylvie Jacquemin, commandante la communauté de brigades", may_sign_in=False),
        Person("y.le-goff", "Yann", "Le Goff", "cob.gerardmer", Role.LIAISON, "Lieutenant Paul Mathieu, commandant la communauté de brigades", may_sign_in=False),
        Person("s.roussel", "Sarah", "Roussel", "cob.neufchateau", Role.LIAISON, "Major Hervé Contal, commandant la communauté de brigades", may_sign_in=False),
        Person("d.morel", "Damien", "Morel", "cob.rambervillers", Role.LIAISON, "Lieutenant Agnès Marin, commandante la communauté de brigades", may_sign_in=False),
        Person("f.diallo", "Fatou", "Diallo", "csp.saintdie", Role.LIAISON, "Commandant Thierry Simonin, chef de la circonscription", may_sign_in=False),
    ),
)  # fmt: skip

MEURTHE_ET_MOSELLE = Cast(
    services={
        KIND.GENDARMERIE: ("Groupement de gendarmerie départementale de Meurthe-et-Moselle", "GGD 54"),
        KIND.POLICE: ("Direction départementale de la police nationale de Meurthe-et-Moselle", "DDPN 54"),
        KIND.JUDICIAL_POLICE: ("Direction interrégionale de la police judiciaire", "PJ"),
        KIND.CUSTOMS: ("Direction interrégionale des douanes", "Douane"),
        KIND.PREFECTURE: ("Préfecture de Meurthe-et-Moselle", "Préfecture 54"),
    },
    posts=(
        Post("cell", KIND.POLICE, "Cellule CROSS 54", "Cellule CROSS 54", "Nancy", STANDING, is_cell=True),
        Post("ggd", KIND.GENDARMERIE, "Groupement, officier adjoint renseignement", "GGD 54", "Nancy", STANDING),
        Post("cob.pam", KIND.GENDARMERIE, "Communauté de brigades de Pont-à-Mousson", "COB Pont-à-Mousson", "Pont-à-Mousson", STANDING),
        Post("csp.nancy", KIND.POLICE, "Commissariat de Nancy", "Commissariat Nancy", "Nancy", STANDING),
        Post("csp.longwy", KIND.POLICE, "Commissariat de Longwy", "Commissariat Longwy", "Longwy", STANDING),
        Post("pj", KIND.JUDICIAL_POLICE, "Service de police judiciaire de Nancy", "PJ Nancy", "", STANDING),
        Post("douane", KIND.CUSTOMS, "Brigade des douanes de Nancy", "Douane Nancy", "Nancy", STANDING),
        Post("prefecture", KIND.PREFECTURE, "Cabinet du préfet", "Préfecture 54", "", Seat(PERMANENT, "Synthèses et stratégie locale", reads_reports=False)),
    ),
    people=(
        Person("liaison.54", "Céline", "Marchand", "ggd", Role.LIAISON, "Colonel Hugues Bastide, commandant le groupement"),
        Person("a.klein", "Adrien", "Klein", "cell", Role.ANALYST, "Contrôleuse générale Muriel Gérard, directrice départementale", may_sign_in=False),
        Person("p.oliveira", "Paula", "Oliveira", "cob.pam", Role.LIAISON, "Major Régis Henry, commandant la communauté de brigades", may_sign_in=False),
        Person("j.lemoine", "Jérôme", "Lemoine", "csp.nancy", Role.LIAISON, "Contrôleuse générale Muriel Gérard, directrice départementale", may_sign_in=False),
        Person("e.zimmer", "Émilie", "Zimmer", "csp.longwy", Role.LIAISON, "Commandant Alain Petit, chef de la circonscription", may_sign_in=False),
        Person("n.haddad", "Nassim", "Haddad", "pj", Role.LIAISON, "Commissaire Delphine Roy, cheffe de service", may_sign_in=False),
        Person("g.bernard", "Gaëlle", "Bernard", "douane", Role.LIAISON, "Yves Maurice, chef de la brigade", may_sign_in=False),
    ),
)  # fmt: skip


def anywhere(department):
    """The cast of any other department: enough services for every kind of report, one account."""
    code, of = department.code, department.of_name
    key = code.lower()
    chief = "Le chef du service"
    return Cast(
        services={
            KIND.GENDARMERIE: (f"Groupement de gendarmerie départementale {of}", f"GGD {code}"),
            KIND.POLICE: (f"Direction départementale de la police nationale {of}", f"DDPN {code}"),
            KIND.CUSTOMS: (f"Direction des douanes {of}", f"Douane {code}"),
            KIND.PREFECTURE: (f"Préfecture {of}", f"Préfecture {code}"),
        },
        posts=(
            Post("cell", KIND.GENDARMERIE, f"Cellule CROSS {code}", f"Cellule CROSS {code}", "", STANDING, is_cell=True),
            Post("ggd", KIND.GENDARMERIE, "Groupement, officier adjoint renseignement", f"GGD {code}", "", STANDING),
            Post("csp", KIND.POLICE, f"Commissariat central {of}", f"Commissariat {code}", "", STANDING),
            Post("douane", KIND.CUSTOMS, f"Brigade des douanes {of}", f"Douane {code}", "", STANDING),
            Post("prefecture", KIND.PREFECTURE, "Cabinet du préfet", f"Préfecture {code}", "", Seat(PERMANENT, "Synthèses et stratégie locale", reads_reports=False)),
        ),
        people=(
            Person(f"liaison.{key}", "Dominique", "Lefort", "ggd", Role.LIAISON, chief),
            Person(f"analyste.{key}", "Camille", "Sauvage", "cell", Role.ANALYST, chief, may_sign_in=False),
            Person(f"police.{key}", "Alix", "Fontaine", "csp", Role.LIAISON, chief, may_sign_in=False),
            Person(f"douane.{key}", "Claude", "Renaud", "douane", Role.LIAISON, chief, may_sign_in=False),
        ),
    )  # fmt: skip


CASTS = {"88": VOSGES, "54": MEURTHE_ET_MOSELLE}


def cast_of(department):
    return CASTS.get(department.code) or anywhere(department)


def engage(department):
    """Services, units and members of the department, made where they are missing.

    Returns the units by the key of their post.
    """
    cast = cast_of(department)
    services = {kind: service(kind, *names) for kind, names in cast.services.items()}
    units = {post.key: unit(post, services[post.kind], department) for post in cast.posts}
    for person in cast.people:
        member(person, units[person.post])
    return units


def service(kind, name, short_name):
    return Service.objects.get_or_create(
        name=name, defaults={"kind": kind, "short_name": short_name}
    )[0]


def unit(post, service, department):
    found = Unit.objects.filter(service=service, department=department, name=post.name).first()
    if found:
        return found
    return Unit.objects.create(
        service=service,
        department=department,
        name=post.name,
        short_name=post.short_name,
        is_cell=post.is_cell,
        court=Court.objects.filter(code=post.court).first() if post.court else None,
    )


def member(person, unit):
    if Member.objects.filter(username=person.username).exists():
        return
    today = timezone.localdate()
    Member.objects.create(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=f"{person.username}@exemple.invalid",
        unit=unit,
        role=person.role,
        authorised_by=person.authorised_by,
        # The day before, so that a clock that runs behind shuts nobody out.
        authorised_from=today - timezone.timedelta(days=1),
        authorised_until=today + timezone.timedelta(days=AUTHORISED_DAYS),
        # Nobody signs in with an account that no password opens.
        password=make_password(settings.DEMO_PASSWORD if person.may_sign_in else None),
    )


def seat(department, units, protocol):
    """Give each unit its seat under the protocol, once."""
    for post in cast_of(department).posts:
        present = Participation.objects.filter(
            group=units[post.key].group, content_object=protocol
        )
        if post.seat is None or present.exists():
            continue
        actions.admit(
            units[post.key],
            protocol,
            by=None,
            reads_reports=post.seat.reads_reports,
            standing=post.seat.standing,
            subject=post.seat.subject,
            starts_on=protocol.starts_on,
        )


def competent_towns(department, units):
    """Where each unit that works on the ground sits: {post key: name of the town}."""
    return {post.key: post.town for post in cast_of(department).posts if post.town}


