"""The fields of a report as its text has them: what the text does not say, no field says."""

from datetime import timedelta

from intel.demonstration.scenes import IDENTIFYING, Scene
from intel.demonstration.texts import NITROUS, QUARREL, VAGUE, around
from intel.extraction.amounts import find_amounts, read_value
from intel.extraction.identifiers import normalise
from intel.extraction.products import find_products
from intel.models import Amount, Identifier
from intel.models.choices import Mode

OF_NO_MODE = {QUARREL: [], VAGUE: [], NITROUS: [Mode.DEALING_PLACE]}
ENTITLED = 0.3  # share of what people tell to which somebody gave a subject


def fields_of(scene, voice, chance):
    situation, used, said = scene.situation, scene.used, scene.situation.said
    modes = list(OF_NO_MODE.get(situation.kind, [situation.kind]))
    if "account" in used and Mode.SOCIAL_MEDIA not in modes:
        modes.append(Mode.SOCIAL_MEDIA)
    occurred_on, occurred_until = dates_of(scene, chance)
    subject = ""
    if not voice.is_hearsay or chance.random() < ENTITLED:
        # On its own scene: what the subject says is not what the text says.
        heading = Scene(chance, situation, scene.when)
        subject = heading.write(chance.choice(around.SUBJECTS[situation.kind]))[:160]
        subject = subject.replace("'", "’")
    return {
        "subject": subject,
        "place": place_of(used, said),
        "occurred_on": occurred_on,
        "occurred_until": occurred_until,
        "days_and_hours": str(used.get("hours", "")),
        "products": [] if situation.kind == VAGUE else list(situation.products),
        "modes": modes,
        "vehicles": vehicle_of(used, said),
        "persons": " ; ".join(str(used[slot]) for slot in ("group", "man") if slot in used),
    }


def dates_of(scene, chance):
    """A day, a span, or nothing, which is « non précisé »."""
    if "date" in scene.used or scene.situation.is_staged:
        return scene.when, None
    if "hours" in scene.used and chance.random() < 0.5:
        return scene.when - timedelta(days=chance.randint(5, 30)), scene.when
    return (scene.when, None) if chance.random() < 0.55 else (None, None)


def place_of(used, said):
    if "where" in used:
        return str(said["place"])
    if "street" in used:
        return f"{used['number']} {used['street']}" if "number" in used else str(used["street"])
    return str(used["on_axis"]).removeprefix("sur ") if "on_axis" in used else ""


def vehicle_of(used, said):
    parts = []
    if {"vehicle", "car", "of_the_vehicle"} & used.keys():
        parts.append(str(said["car"]))
    parts += [str(used[slot]) for slot in ("plate", "foreign_plate") if slot in used]
    return ", ".join(parts)


# Slots that hold a sum, a price or a quantity: most texts have none, and are not read for nothing.
MEASURED = frozenset(
    {
        "price", "price_high", "grams", "grams_high", "kilos", "doses", "plants", "litres",
        "amount", "amount_high",
    }
)  # fmt: skip


def amounts_of(report, scene):
    """The rows of the sums, prices and quantities of the text, confirmed by its author."""
    if not MEASURED & scene.used.keys():
        return []
    said = find_amounts(report.facts, find_products(report.facts))
    once = {(finding.kind, finding.value): finding for finding in reversed(said)}
    return [_row_of(finding, report) for finding in reversed(once.values())]


def _row_of(finding, report):
    amount = read_value(finding.kind, finding.value)
    return Amount(
        report=report,
        kind=amount.kind,
        number=amount.number,
        unit=amount.unit,
        product=amount.product,
        raw=finding.raw,
        by=report.author,
        at=report.created_at,
    )


def identifiers_of(report, scene):
    """The rows of what can be matched in the text, confirmed by its author as it came in."""
    rows = {}
    for slot, kind in IDENTIFYING.items():
        if slot in scene.used:
            raw = str(scene.used[slot])
            value = normalise(kind, raw)
            rows[kind, value] = Identifier(
                report=report,
                kind=kind,
                raw=raw,
                value=value,
                by=report.author,
                at=report.created_at,
            )
    return rows.values()
