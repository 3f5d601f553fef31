"""The frozen parts of a brief, as `edition_parts` takes them, for pages and for paper."""

from datetime import date

from cross.printing.content import Bullets, Paragraph, Run, Subtitle, Table, TableColumn
from cross.ui.charts import Masked, french_number
from cross.ui.templatetags.words import counted, day, listed
from intel import periods
from intel.printing.glossary import GLOSSARY
from intel.reading.summary_words import CHANGES
from intel.statistics import ChangeLabel
from intel.statistics.masking import THRESHOLD
from intel.summaries.left_out import KINDS
from intel.summaries.parameters import PARAMETERS

NOT_TOLD = Masked("n.c.")
POINTS = {
    "active_points": "En activité à la fin de la période",
    "points_opened": "Apparus dans la période",
    "points_dismantled": "Démantelés dans la période",
    "points_rebuilt": f"Reconstitués dans les {PARAMETERS.rebuilt_within_days} jours",
    "points_moved": "Déplacés dans la période",
}
COUNTS = {"facts": "Faits", "reports": "Renseignements"}


def blocks_of_part(code, parts):
    """The tables of a section that come from the frozen parts; none when it has none."""
    draw = BLOCKS.get(code)
    return tuple(draw(parts)) if draw and parts else ()


def _text(words):
    return Paragraph((Run(words),))


def _told(value):
    return NOT_TOLD if value is None else value


# --- Points de deal ---------------------------------------------------------------------------


def _points(parts):
    points = parts.get("points")
    if points:
        rows = [(label, _told(points[name])) for name, label in POINTS.items()]
        rate = points["per_100000"]
        rows.append(("Pour 100 000 habitants", NOT_TOLD if rate is None else french_number(rate)))
        yield Table(
            "Points de deal du département",
            (TableColumn("Points de deal"), TableColumn("Nombre", "number")),
            tuple(rows),
            f"Un nombre inférieur à {THRESHOLD}, zéro compris, n’est pas communiqué (n.c.). "
            "Aucune adresse n’est donnée, aucun lieu n’est nommé.",
        )


# --- Working of the cell ----------------------------------------------------------------------


def _cell(parts):
    """What has one figure in one table, what has several in its own; then what each one is."""
    indicators = parts.get("indicators") or {}
    found = indicators.get("indicators", ())
    single = [each for each in found if len(each["rows"]) == 1]
    if single:
        yield Table(
            "Indicateurs de la cellule",
            (
                TableColumn("Indicateur"),
                TableColumn("Période"),
                TableColumn("Valeur"),
                TableColumn("Un an avant"),
            ),
            tuple((each["label"], each["about"], *_values(each["rows"][0])) for each in single),
        )
    for each in found:
        if len(each["rows"]) > 1:
            yield Table(
                f"{each['label']}, {each['about']}",
                (TableColumn(each["label"]), TableColumn("Valeur"), TableColumn("Un an avant")),
                tuple((row["label"], *_values(row)) for row in each["rows"]),
            )
    if found:
        yield Bullets(
            tuple(
                (Run(each["label"], bold=True), Run(f" : {each['definition']}")) for each in found
            )
        )
    note = " ".join(filter(None, (indicators.get("note"), indicators.get("caution"))))
    if note:
        yield _text(note)


def _values(row):
    before = row["before"]
    return _cell_of(row["said"]), None if before is None else _cell_of(before)


def _cell_of(said):
    return NOT_TOLD if said == "n.c." else said


# --- Strategy ---------------------------------------------------------------------------------


def _action(parts):
    """What came of the actions of the strategy, by kind and by service."""
    outcomes = (parts.get("strategy") or {}).get("outcomes")
    if outcomes:
        yield Table(
            "Résultats des actions de la stratégie",
            (
                TableColumn("Résultat"),
                TableColumn("Service"),
                TableColumn("Nombre", "number"),
                TableColumn("Total", "text"),
            ),
            tuple(
                (each["label"], each["unit_class"], _told(each["count"]), _figure_of(each))
                for each in outcomes
            ),
            f"Résultats que les services ont saisis sur la période. Moins de {THRESHOLD} : n.c.",
        )

    if totals := parts.get("totals"):
        yield Table(
            "Totaux communiqués par les services",
            (
                TableColumn("Total"),
                TableColumn("Période"),
                TableColumn("Valeur"),
                TableColumn("Source"),
            ),
            tuple(_total_row(total) for total in totals),
            "Comptés par ceux qui les communiquent, jamais à partir des renseignements de la "
            "cellule. Les deux nomenclatures d’infractions ne se comparent pas.",
        )


def _total_row(total):
    named = ", ".join(filter(None, (total["label"], total["product"], total["nomenclature"])))
    return (
        named,
        f"{_day(total['starts_on'])} au {_day(total['ends_on'])}",
        counted(total["value"], total["unit"]),
        f"{total['source']}, {_day(total['told_on'])}",
    )


def _figure_of(outcome):
    if outcome["figure"] is None:
        return None if not outcome["figure_unit"] else NOT_TOLD
    return counted(float(outcome["figure"]), outcome["figure_unit"])


def _plan(parts):
    """Each axis, its objective, and its actions in one table."""
    strategy = parts.get("strategy") or {}
    for axis in strategy.get("axes", ()):
        yield Subtitle(f"Axe {axis['rank']} – {axis['title']}")
        if axis["objective"]:
            yield _text(axis["objective"])
        if axis["actions"]:
            yield Table(
                f"Actions de l’axe {axis['rank']}",
                (
                    TableColumn("Action"),
                    TableColumn("En charge, avec"),
                    TableColumn("Calendrier"),
                    TableColumn("Indicateur"),
                    TableColumn("État"),
                ),
                tuple(_action_row(action) for action in axis["actions"]),
            )


def _action_row(action):
    charge = action["unit"] + (f", avec {action['partners']}" if action["partners"] else "")
    return (
        action["title"],
        charge,
        _calendar(action),
        _measured(action["indicator"]),
        action["state_label"] + (", en retard" if action["is_late"] else ""),
    )


def _calendar(action):
    starts, due = action["starts_on"], action["due_on"]
    said = [f"du {_day(starts)}" if starts else "", f"au {_day(due)}" if due else ""]
    return " ".join(filter(None, said)) or None


def _measured(indicator):
    """ "Classes rencontrées (classes) : départ 0, constaté 63 (2e trimestre 2026), visé 120"."""
    if not indicator["name"]:
        return None
    unit = f" ({indicator['unit']})" if indicator["unit"] else ""
    quarter = f" ({indicator['quarter']})" if indicator["quarter"] else ""
    said = [
        f"{words} {french_number(indicator[name])}{quarter if name == 'value' else ''}"
        for name, words in (("start", "départ"), ("value", "constaté"), ("target", "visé"))
        if indicator[name] is not None
    ]
    name = f"{indicator['name']}{unit}"
    return f"{name} : {', '.join(said)}" if said else name


def _day(iso):
    return day(date.fromisoformat(iso))


# --- Meetings ---------------------------------------------------------------------------------


def steering_blocks(parts):
    meetings = parts.get("meetings") or {}
    said = []
    if held := meetings.get("held"):
        said.append(
            f"La cellule s’est réunie {counted(len(held), 'fois')} : {listed(map(_day, held))}."
        )
    if meetings.get("next"):
        said.append(f"Sa réunion suivante était fixée au {_day(meetings['next'])}.")
    return (_text(" ".join(said)),) if said else ()


# --- Since the edition before -----------------------------------------------------------------


def _since(parts):
    since = parts.get("since")
    if not since:
        return
    label = periods.read(since["period"]).label
    yield _text(f"Comparée à la note {since['number']} ({label}).")
    rows = [
        (COUNTS[row["name"]], _told(row["before"]), _told(row["after"]), _change_words(row))
        for row in since["counts"]
    ]
    rows += [
        (POINTS[row["name"]], _told(row["before"]), _told(row["after"]), None)
        for row in since["points"]
    ]
    if rows:
        yield Table(
            "Les chiffres, d’une note à l’autre",
            (
                TableColumn("Chiffre"),
                TableColumn("Avant", "number"),
                TableColumn("Après", "number"),
                TableColumn("Ce que l’on peut en dire"),
            ),
            tuple(rows),
        )
    if since["indicators"]:
        yield Table(
            "Les indicateurs de la cellule qui ont changé",
            (TableColumn("Indicateur"), TableColumn("Avant"), TableColumn("Après")),
            tuple(
                (row["label"], _cell_of(row["before"]), _cell_of(row["after"]))
                for row in since["indicators"]
            ),
        )
    if since["actions"]:
        yield Table(
            "Les actions qui ont bougé",
            (
                TableColumn("Action"),
                TableColumn("Axe"),
                TableColumn("Avant"),
                TableColumn("Après"),
            ),
            tuple(
                (row["title"], row["axis"], row["before"] or "nouvelle", row["after"] or "retirée")
                for row in since["actions"]
            ),
        )
    if not (rows or since["indicators"] or since["actions"]):
        yield _text("Aucun chiffre, aucun indicateur, aucune action n’a changé.")


def _change_words(row):
    return CHANGES[ChangeLabel(row["change"])].words if row["change"] else None


# --- What is left out, glossary ---------------------------------------------------------------


RESERVED_IN_CLASSES = (
    "Ce qui est réservé n’est jamais compté exactement : une classe, une seule fois par "
    "trimestre, dont la première commence à zéro."
)


def left_out_blocks(parts, figures):
    """How much is left out and why: what is hidden in classes, the cells of tables as told."""
    left = parts.get("left_out") or {}
    rows = [(kind.label, left[kind.code], kind.sentence) for kind in KINDS if kind.code in left]
    note = RESERVED_IN_CLASSES if rows else ""
    if figures.hidden_communes is not None:
        rows.append(
            (
                "Communes sans chiffre communicable",
                french_number(figures.hidden_communes),
                "Moins de 5 faits, zéro compris, ou un chiffre qui en ferait retrouver un autre.",
            )
        )
    if rows:
        yield Table(
            "Combien, et pourquoi",
            (TableColumn("Quoi"), TableColumn("Combien"), TableColumn("Pourquoi")),
            tuple(rows),
            note,
        )


def glossary():
    return Table(
        "Glossaire",
        (TableColumn("Terme"), TableColumn("Sens")),
        tuple(GLOSSARY),
    )


BLOCKS = {
    "since": _since,
    "places": _points,
    "action": _action,
    "cell": _cell,
    "plan": _plan,
}
