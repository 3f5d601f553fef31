"""A report, a place or a map as a printed document: what its reader reads, and no more.

Facts and comment stand apart; grade, handling, dates and last check come first.
"""

from django.conf import settings
from django.utils.text import capfirst

from cross.printing.content import (
    Beside,
    Boxed,
    Bullets,
    Document,
    Entries,
    Figure,
    Run,
    Section,
    Table,
    TableColumn,
)
from cross.printing.words import read_words
from cross.ui.templatetags.words import day, moment
from intel.reading import citations, places, sheet
from intel.reading.summary_maps import LAYERS

DEMONSTRATION = "Données fictives"
NOT_SAID = "Non précisée"
NOT_CHECKED = "Aucune vérification enregistrée"
OF_A_READER = (
    "D’après les fiches que la personne qui imprime peut faire sortir de son unité. Cet exemplaire"
    " ne suit pas leurs corrections."
)


def report_document(report, member, copy):
    """The sheet of a row of `sheet.rows(member)` that may leave the unit."""
    told = sheet.sheet_of(report, member)
    sections = [
        Section("Faits observés ou rapportés", _typed(report.facts)),
        *_comment(report, told),
        *_complements(told),
        Section("Où et quand", (Entries(tuple(_where(report)), columns=2),)),
        *_entries("Produits, modes, personnes", _what(report)),
        *_cited(told),
    ]
    return Document(
        title=report.title,
        reference=report.reference,
        issuer=str(report.owner),
        subject=f"Renseignement reçu le {day(report.received_at)}",
        scope=_scope(report.department),
        state=report.get_state_display(),
        notice=_notice(),
        copy=copy,
        about=tuple(_known(report, told)),
        sections=tuple(sections),
    )


def _known(report, told):
    """Grade, handling, dates: what one must know before reading (R34)."""
    yield "Source", report.get_source_grade_display() or "Non cotée"
    yield "Information", report.get_information_grade_display() or "Non cotée"
    yield "Code d’exploitation", report.get_handling_display()
    yield "Date des faits", _dates(report)
    checked = max((each.at for each in told.gradings), default=None)
    yield "Dernière vérification", day(checked) or NOT_CHECKED
    if report.valid_until:
        late = ", à revérifier" if report.is_to_recheck else ""
        yield "Valable jusqu’au", f"{day(report.valid_until)}{late}"
    yield "Origine", report.get_origin_display()
    if report.handling_note:
        yield "Précision sur l’exploitation", report.handling_note


def _dates(report):
    if report.occurred_until:
        return f"du {day(report.occurred_on)} au {day(report.occurred_until)}"
    return day(report.occurred_on) or NOT_SAID


def _comment(report, told):
    if told.shows_comment and report.comment:
        title = "Ce qui suit est une appréciation, non un fait"
        yield Section("Commentaire de l’analyste", (Boxed(title, read_words(report.comment)),))


def _complements(told):
    for each in told.around.complements:
        said = f"Complément du {day(each.at)}"
        yield Section(said, _typed(each.text))


def _where(report):
    commune = report.commune
    yield "Commune", f"{commune.name} ({commune.code})"
    if report.neighbourhood:
        yield "Quartier", report.neighbourhood.name
    if report.place:
        yield "Lieu", report.place
    if report.days_and_hours:
        yield "Jours et créneaux", report.days_and_hours
    yield "Reçu le", moment(report.received_at)


def _what(report):
    yield "Produits", ", ".join(report.product_labels)
    yield "Modes opératoires", ", ".join(report.mode_labels)
    yield "Véhicules", report.vehicles
    yield "Individus (nombre, signalement)", report.persons


def _cited(told):
    """Identifiers, amounts and places that were confirmed, each as a table."""
    identifiers = tuple((each.get_kind_display(), each.shown) for each in told.identifiers)
    amounts = tuple((str(each.kind), each.shown, each.raw) for each in told.amounts)
    cited = tuple(
        (line.said.place.name, line.said.place.commune.name, line.state, day(line.said.seen_on))
        for line in told.places
    )
    tables = (
        Table("Identifiants confirmés", _columns("Type", "Valeur"), identifiers),
        Table("Montants et quantités", _columns("Type", "Valeur", "Tel qu’écrit"), amounts),
        Table("Lieux cités", _columns("Lieu", "Commune", "État", "Constaté le"), cited),
    )
    if held := tuple(table for table in tables if table.rows):
        yield Section("Ce qui est cité", held)


def place_document(place, member, copy):
    """The sheet of a row of `places.rows(member)`: what may leave the unit, and no more."""
    told = places.sheet_of(place, member, leaving=True)
    commune = place.commune
    return Document(
        title=place.name,
        reference=f"Lieu à {commune.name}",
        issuer=str(member.unit),
        subject=place.get_kind_display(),
        scope=_scope(place.department),
        state=told.told.state.label,
        notice=_notice(),
        copy=copy,
        about=tuple(_of_place(place, told)),
        sections=(
            _where_it_is(place, told),
            _limits(),
            Section("Ce qu’en disent les fiches", (_observations(told),)),
            Section("Opérations", (_operations(told),)),
        ),
    )


def _of_place(place, told):
    yield "État", told.told.state.label
    yield "Depuis le", day(told.told.since) or NOT_SAID
    yield "Dernière observation", day(told.told.seen_on) or "Aucune"
    for label, words in (
        ("Horaires", told.told.hours),
        ("Produits", ", ".join(told.told.products)),
        ("Guetteurs", told.told.lookouts),
        ("Nourrice", told.told.stash),
    ):
        if words:
            yield label, words


def _where_it_is(place, told):
    """Its address, beside its map where it has a point."""
    rows = (
        ("Commune", f"{place.commune.name} ({place.commune.code})"),
        ("Adresse", place.address or NOT_SAID),
        ("Point", told.degrees or "Sans coordonnées"),
        ("Voie publique", "Oui" if place.on_public_way else "Non"),
        ("Présence quotidienne", "Oui" if place.is_daily else "Non"),
    )
    table = Table("Situation", _columns("Repère", "Valeur"), rows)
    if not told.map:
        return Section("Où", (table,))
    alt = f"Carte : {place.name}, {place.commune.name}. Point : {told.degrees}."
    drawn = Figure(str(told.map), "Le lieu et ses environs", alt, "Fond : IGN, Insee.")
    return Section("Où", (Beside(drawn, table),))


def _limits():
    """The same words whatever is left out: whoever is handed the paper may not know of it."""
    return Section("À savoir", (Boxed("Ce que montre cette fiche", read_words(OF_A_READER)),))


def _observations(told):
    rows = tuple(
        (day(line.said.seen_on), line.said.report.reference, line.state, _said(line.said))
        for line in told.lines
    )
    columns = _columns("Constaté le", "Fiche", "État", "Ce qu’elle en dit")
    return Table("Observations, la plus récente d’abord", columns, rows)


def _said(said):
    told = (
        ("horaires", said.hours),
        ("produits", ", ".join(said.product_labels)),
        ("guetteurs", said.lookouts),
        ("nourrice", said.stash),
    )
    return " ; ".join(f"{label} : {words}" for label, words in told if words)


def _operations(told):
    rows = tuple(
        (day(each.day), each.get_kind_display(), str(each.unit), each.result)
        for each in told.operations
    )
    return Table("Opérations menées", _columns("Date", "Opération", "Unité", "Résultat"), rows)


def map_document(shown, copy, paper):
    """The layer of the map that a page of a summary shows: alone in A3, above its figures in A4,
    which then need no other paper."""
    summary = shown.mapped
    caption = f"{LAYERS[shown.layer]}, {summary.label}"
    heads, told, in_words = shown.map_told()
    alt = f"Carte : {caption}. {in_words}"
    # The drawing itself tells its legend, its source and what was not seen.
    svg = str(shown.map("a4" if paper == "a4" else ""))
    drawn = Figure(svg, caption, alt, " ".join(shown.doubts), whole=True)
    table = Table("Ce que montre la carte", _told_columns(heads, told), told)
    return Document(
        title=f"{_area(summary)}, {summary.label}",
        subject=LAYERS[shown.layer],
        reference=capfirst(summary.journal_reference),
        issuer=f"CROSS {summary.department.of_name}",
        scope=_scope(summary.department),
        state=summary.get_maturity_display() if summary.is_provisional else "",
        notice=_notice(),
        copy=copy,
        paper=paper,
        sections=(Section("", (drawn,) if paper == "a3" else (drawn, table)),),
    )


def _area(summary):
    return f"Ressort, {summary.court.name}" if summary.court else summary.department.name


def _told_columns(heads, told):
    is_counted = any(isinstance(value, int) for _, value in told)
    kind = "number" if is_counted else "text"
    return TableColumn(heads[0]), TableColumn(heads[1], kind, bar=is_counted)


def certificate_document(tombstone, member, copy):
    """That a report was erased, from its tombstone: there is nothing else left."""
    due = day(tombstone.due_on) if tombstone.due_on else "Aucune : décision de la cellule"
    return Document(
        title="Certificat d’effacement",
        subject=tombstone.reference,
        reference=f"{tombstone.reference} effacement",
        issuer=f"CROSS {tombstone.department.code}",
        scope=_scope(tombstone.department),
        notice=_notice(),
        copy=copy,
        about=(
            ("Référence", tombstone.reference),
            ("Nature", tombstone.get_origin_display()),
            ("Reçue le", day(tombstone.received_on)),
            ("Échéance", due),
            ("Effacée le", moment(tombstone.erased_at)),
            ("Règle", tombstone.rule),
            ("Par", tombstone.who),
        ),
        sections=(
            Section("Ce qui a été effacé", (Bullets(tuple(map(_line, ERASED))),)),
            Section("Textes qui la citent encore", (_still_cited(citations.sought(tombstone)),)),
        ),
    )


def _still_cited(sought):
    """Where its reference is still written, as it was found last: never the words."""
    if sought.at is None:
        return Bullets((_line("Ils n’ont pas encore été recherchés."),))
    rows = tuple((each.kind, each.where, day(each.at)) for each in sought.found)
    source = f"Recherche du {moment(sought.at)}."
    return Table("Textes qui la citent encore", _columns("Texte", "Où", "Écrit le"), rows, source)


ERASED = (
    "La fiche et tout ce qui s’y rattachait : versions antérieures, étapes, identifiants, "
    "montants, compléments, annexes, rapprochements, notes et notifications.",
    "Ses pièces jointes, leurs aperçus et les saisies en cours la concernant.",
    "Les lieux créés d’après elle seule.",
    "Les clés de ses textes scellés : ils sont illisibles dans les sauvegardes de plus de trente "
    "jours.",
    "Restent la présente mention et les lignes du journal, sans contenu, et les chiffres déjà "
    "publiés.",
)


def _line(words):
    return (Run(words),)


# --- The same of each -------------------------------------------------------------------------


def _typed(text):
    """A text as somebody typed it, or the word that there is none."""
    return read_words(text) or read_words("Aucun texte.")


def _entries(title, pairs):
    if told := tuple((label, words) for label, words in pairs if words):
        yield Section(title, (Entries(told, columns=2),))


def _columns(*titles):
    return tuple(TableColumn(title) for title in titles)


def _scope(department):
    return f"{department.name} ({department.code})"


def _notice():
    return DEMONSTRATION if settings.DEMONSTRATION else ""
