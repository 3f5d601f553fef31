"""Each role, in words for people, above the list of its rights. The whole answer, in one table.

A right says what a member may ask for; which rows are answered is said by the access modules.
The help page draws this table. A member holds one role: rights do not add up.
"""

from dataclasses import dataclass

from django.db import models


class Right(models.TextChoices):
    READ = "read", "consulter les renseignements"
    WRITE = "write", "saisir un renseignement"
    CONTRIBUTE = "contribute", "transmettre sans rien consulter, et en apprendre la suite"
    ANSWER = "answer", "répondre à une orientation"
    TRIAGE = "triage", "trier et coter"
    DIRECT = "direct", "orienter et faire un retour"
    ERASE = "erase", "effacer une fiche archivée"
    IMPORT = "import", "importer des signalements"
    EXPORT = "export", "exporter une liste"
    READ_CELL_SUMMARIES = "read_cell_summaries", "consulter les synthèses de la cellule"
    READ_COURT_SUMMARIES = (
        "read_court_summaries",
        "consulter les synthèses du ressort de son tribunal",
    )
    READ_MASKED_SUMMARIES = "read_masked_summaries", "consulter les synthèses de la préfecture"
    BUILD_SUMMARIES = "build_summaries", "construire une synthèse"
    CHECK_SUMMARIES = "check_summaries", "vérifier, après un an, où étaient les foyers"
    READ_EDITIONS = "read_editions", "consulter les notes de stratégie"
    WRITE_EDITIONS = "write_editions", "rédiger les notes de stratégie"
    VALIDATE_EDITIONS = "validate_editions", "valider les notes de stratégie"
    PRINT_EDITIONS = "print_editions", "imprimer les notes de stratégie"
    READ_STRATEGY = "read_strategy", "consulter la stratégie locale"
    WRITE_STRATEGY = "write_strategy", "écrire la stratégie locale"
    ADMIT = "admit", "tenir le protocole, admettre ou retirer une unité"
    MANAGE_UNIT = "manage_unit", "tenir les comptes de son unité"
    LOOK_AS = "look_as", "voir ce que voit une unité"
    ACCOUNTS = "accounts", "gérer les comptes"
    JOURNAL = "journal", "consulter le journal"
    RETENTION = (
        "retention",
        "tenir les durées de conservation, geler un effacement, répondre aux demandes d’accès",
    )


class Role(models.TextChoices):
    ANALYST = "analyste", "Analyste de la cellule"
    ANIMATOR = "animateur", "Animateur de la cellule"
    LIAISON = "liaison", "Liaison d’un service"
    HEAD = "chef", "Chef d’unité"
    READER = "lecteur", "Lecteur"
    PREFECTURE = "prefecture", "Préfecture"
    PROSECUTOR = "parquet", "Magistrat du parquet"
    GUEST = "referent", "Référent ponctuel"
    PARTNER = "partenaire", "Partenaire contributeur"
    DPO = "dpo", "Délégué à la protection des données"
    TECHNICAL = "technique", "Administrateur technique"


@dataclass(frozen=True)
class Duty:
    """What a role is for, and what it may ask for."""

    description: str
    rights: frozenset

    @property
    def rights_in_words(self):
        """Its rights, in the order of the list above."""
        return [right.label for right in Right if right in self.rights]


_CELL = {
    Right.READ,
    Right.WRITE,
    Right.ANSWER,
    Right.TRIAGE,
    Right.DIRECT,
    Right.ERASE,
    Right.IMPORT,
    Right.EXPORT,
    Right.READ_CELL_SUMMARIES,
    Right.BUILD_SUMMARIES,
    Right.READ_EDITIONS,
    Right.READ_STRATEGY,
}
_READER = {
    Right.READ,
    Right.READ_CELL_SUMMARIES,
    Right.READ_EDITIONS,
    Right.READ_STRATEGY,
}
_LIAISON = _READER | {Right.WRITE, Right.ANSWER, Right.EXPORT}

DUTIES = {
    Role.ANALYST: Duty(
        "Enregistre, trie, cote, rapproche et oriente les renseignements de la cellule.",
        frozenset(_CELL),
    ),
    Role.ANIMATOR: Duty(
        "Anime la cellule : tout ce que fait l’analyste, le protocole, la stratégie, et la vue de "
        "chaque unité.",
        frozenset(
            _CELL | {Right.ADMIT, Right.LOOK_AS, Right.CHECK_SUMMARIES, Right.WRITE_STRATEGY}
        ),
    ),
    Role.LIAISON: Duty(
        "Contribue pour son service, consulte ce qui lui est ouvert, répond aux orientations.",
        frozenset(_LIAISON),
    ),
    Role.HEAD: Duty(
        "Fait ce que fait la liaison, et tient les comptes des liaisons et lecteurs de son unité, "
        "jamais d’une autre.",
        frozenset(_LIAISON | {Right.MANAGE_UNIT}),
    ),
    Role.READER: Duty(
        "Consulte ce qui est ouvert à son unité. N’écrit rien, n’exporte rien.",
        frozenset(_READER),
    ),
    Role.PREFECTURE: Duty(
        "Lit l’état de la menace, écrit la stratégie locale et imprime la note. N’ouvre aucun "
        "renseignement.",
        frozenset(
            {
                Right.READ_MASKED_SUMMARIES,
                Right.READ_EDITIONS,
                Right.WRITE_EDITIONS,
                Right.VALIDATE_EDITIONS,
                Right.PRINT_EDITIONS,
                Right.READ_STRATEGY,
                Right.WRITE_STRATEGY,
            }
        ),
    ),
    Role.PROSECUTOR: Duty(
        "Consulte les renseignements et les synthèses du ressort de son tribunal, et valide la "
        "note de stratégie avec la préfecture.",
        frozenset(
            {
                Right.READ,
                Right.READ_COURT_SUMMARIES,
                Right.READ_EDITIONS,
                Right.VALIDATE_EDITIONS,
                Right.READ_STRATEGY,
            }
        ),
    ),
    Role.GUEST: Duty(
        "Consulte les fiches auxquelles il est invité et celles du sujet de son unité, jusqu’à "
        "une date.",
        frozenset({Right.READ}),
    ),
    Role.PARTNER: Duty(
        "Transmet pour une mairie ou un bailleur, et apprend ce que deviennent ses propres "
        "contributions. Ne lit rien d’autre.",
        frozenset({Right.CONTRIBUTE}),
    ),
    Role.DPO: Duty(
        "Contrôle le journal et les durées de conservation, répond aux personnes qui demandent "
        "ce qui est gardé d’elles. N’ouvre aucun contenu.",
        frozenset({Right.JOURNAL, Right.RETENTION, Right.CHECK_SUMMARIES}),
    ),
    Role.TECHNICAL: Duty(
        "Gère les comptes et l’exploitation. N’ouvre aucun contenu.",
        frozenset({Right.ACCOUNTS}),
    ),
}


# Rights that nobody holds together: whoever reads neither opens accounts nor reads the journal,
# so that nobody gives himself content or watches over himself.
APART = (
    (Right.READ, Right.ACCOUNTS),
    (Right.READ, Right.JOURNAL),
    (Right.READ, Right.RETENTION),
    (Right.ACCOUNTS, Right.JOURNAL),
    (Right.ADMIT, Right.ACCOUNTS),
    (Right.MANAGE_UNIT, Right.ACCOUNTS),
    (Right.READ, Right.WRITE_EDITIONS),
    (Right.READ, Right.CONTRIBUTE),
    (Right.CONTRIBUTE, Right.READ_STRATEGY),
    (Right.WRITE_STRATEGY, Right.ACCOUNTS),
    (Right.WRITE_STRATEGY, Right.JOURNAL),
)
# Each opens the summaries of one audience.
SUMMARIES = (Right.READ_CELL_SUMMARIES, Right.READ_COURT_SUMMARIES, Right.READ_MASKED_SUMMARIES)
# What a head of unit gives in his own: nothing above the liaison.
GIVEN_BY_HEADS = (Role.LIAISON, Role.READER)
# What opens no content by itself, and so is asked even when nothing else is open any more.
WITHOUT_CONTENT = frozenset(
    {
        Right.ADMIT,
        Right.MANAGE_UNIT,
        Right.ACCOUNTS,
        Right.JOURNAL,
        Right.RETENTION,
        Right.CHECK_SUMMARIES,
    }
)


def roles_with(right):
    return [role for role in Role if right in DUTIES[role].rights]


ROLES_WITHOUT_CONTENT = [role for role in Role if DUTIES[role].rights <= WITHOUT_CONTENT]


@dataclass(frozen=True)
class May:
    """A question asked of a member, with its own French words for a refusal."""

    rights: frozenset

    @property
    def in_words(self):
        return " ou ".join(Right(right).label for right in sorted(self.rights))

    @property
    def is_about_content(self):
        return not self.rights & WITHOUT_CONTENT

    def __call__(self, member):
        return member.is_authenticated and bool(self.rights & DUTIES[Role(member.role)].rights)


def may(right):
    """May this member ask for that? For `gate.lets`, menus and access modules alike."""
    return May(frozenset([right]))


def may_any(*rights):
    """The same, when one of several rights opens the page."""
    return May(frozenset(rights))


def may_not(right):
    """For menus: everybody but those who hold it."""
    return lambda member: not may(right)(member)
