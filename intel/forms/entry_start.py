"""What the form of an entry starts from: a draft, a report, what was ticked without script."""

from django.utils import timezone

from intel.models.choices import Origin

# What is read in a text for fields still empty: the inputs it fills, then what else says the same.
PROPOSED_FOR = {
    "commune": ("commune",),
    "date": ("occurred_on", "occurred_until", "undated"),
}


def take_proposed(data):
    """Where there is no script: what was ticked beside an empty field is what that field says.

    What was typed by hand stays, and of two ticks neither is taken. Changes `data`, a QueryDict.
    """
    for kind, names in PROPOSED_FOR.items():
        ticked = data.pop(f"proposed_{kind}", [])
        if len(ticked) == 1 and not any(data.get(name, "").strip() for name in names):
            for name, value in zip(names, ticked[0].split("|"), strict=False):
                data[name] = value


def initial_of(kept):
    """What a draft kept (lists of strings, as they were sent), for a form not yet sent."""
    several = {
        "products", "modes", "identifiers", "amounts", "spotted", "kept_files", "units", "lists",
        "checks",
    }  # fmt: skip
    return {name: values if name in several else values[-1] for name, values in kept.items()}


def fields_of(report, *, original=None):
    """What a report says, for the same form; `original` is the text of its human source.

    Should a report turn out to come from a source, its present text is what she said: it is
    proposed as the original, for a shared text to be written.
    """
    is_of_a_source = report.origin == Origin.HUMAN_SOURCE
    return {
        "raw_text": original or ("" if is_of_a_source else report.facts),
        "commune": f"{report.commune.name} ({report.commune.code})",
        "neighbourhood": str(report.neighbourhood_id or ""),
        "undated": report.occurred_on is None,
        "received_on": timezone.localdate(report.received_at),
        **{
            name: getattr(report, name)
            for name in (
                "facts", "occurred_on", "occurred_until", "origin", "source_code", "subject",
                "place", "days_and_hours", "products", "modes", "vehicles", "persons", "handling",
                "handling_note", "version",
            )
        },
    }  # fmt: skip
