"""French words for dates, numbers and names, as filters.

    {{ report.received_at|ago }}            il y a 3 jours
    {{ report.happened_on|day }}            1er mars 2026
    {{ count|counted:"renseignement" }}     1 234 renseignements
    {{ commune.name|of }}                   du Thillot, d’Épinal

Every space that must not break is a no-break space (U+00A0), narrow before « ; ! ? » and inside
numbers (U+202F), as the Imprimerie nationale sets them.
"""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

register = template.Library()

NBSP = "\u00a0"
NARROW = "\u202f"
PLATE = re.compile(r"\b([A-Z]{2}-\d{3}-[A-Z]{2})\b")

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def _local(value):
    """An instant in the member's zone; a day stays a day."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


# --- Days and instants -------------------------------------------------------------------------


@register.filter
def hour(value):
    """« 9 h 05 », of a time of day or of an instant in its own zone."""
    return f"{value.hour}{NBSP}h{NBSP}{value.minute:02d}"


@register.filter
def day(value):
    """« 1er mars 2026 »; nothing for nothing."""
    if not value:
        return ""
    value = _local(value)
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number}{NBSP}{MONTHS[value.month - 1]} {value.year}"


@register.filter
def weekday(value):
    """« dimanche 1er mars 2026 »."""
    return f"{WEEKDAYS[_local(value).weekday()]} {day(value)}" if value else ""


@register.filter
def short_day(value):
    """« 01/03/2026 », for columns."""
    return _local(value).strftime("%d/%m/%Y") if value else ""


@register.filter
def moment(value):
    """« 1er mars 2026 à 9 h 05 »."""
    return f"{day(value)} à {hour(_local(value))}" if value else ""


@register.filter
def short_moment(value):
    """« 01/03/2026 09:05 », for columns."""
    return f"{short_day(value)} {_local(value).strftime('%H:%M')}" if value else ""


@register.filter
def ago(value, now=None):
    """« il y a 3 jours », « hier à 9 h 05 », « dans 2 heures »; days count by the calendar."""
    if not value:
        return ""
    now = now or timezone.now()
    if not isinstance(value, datetime.datetime):
        return _days_apart((_local(now).date() - value).days)
    return _instants_apart(value, now)


def _instants_apart(value, now):
    seconds = (now - value).total_seconds()
    if abs(seconds) < 60:
        return "à l’instant" if seconds >= 0 else "dans un instant"
    days = (_local(now).date() - _local(value).date()).days
    if abs(seconds) < 3600:
        return _apart(int(abs(seconds) // 60), "minute", seconds > 0)
    if days == 0 or abs(seconds) < 6 * 3600:
        return _apart(int(abs(seconds) // 3600), "heure", seconds > 0)
    if abs(days) == 1:
        return f"{'hier' if days > 0 else 'demain'} à {hour(_local(value))}"
    return _days_apart(days)


def _days_apart(days):
    named = {0: "aujourd’hui", 1: "hier", -1: "demain"}
    if days in named:
        return named[days]
    size = abs(days)
    if size < 60:
        return _apart(size, "jour", days > 0)
    if size < 730:
        return _apart(size // 30, "mois", days > 0)
    return _apart(size // 365, "an", days > 0)


def _apart(number, unit, past):
    return f"{'il y a' if past else 'dans'} {counted(number, unit)}"


@register.simple_tag
def when(value, words="short"):
    """`<time>`: the exact instant for machines and on hover, `words` for people.

    `words`: short (column), long (sentence), ago (distance), day.
    """
    if not value:
        return ""
    shown = {"short": short_moment, "long": moment, "ago": ago, "day": short_day}
    if not isinstance(value, datetime.datetime):
        shown |= {"short": short_day, "long": day}
    exact = moment(value) if isinstance(value, datetime.datetime) else weekday(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, shown[words](value)
    )


# --- Numbers -----------------------------------------------------------------------------------


@register.filter
def signature(member):
    """« Diane Essai, Brigade des douanes »; the unit alone, where it signs for its people."""
    return ", ".join(dict.fromkeys([member.get_full_name(), str(member.unit)]))


@register.filter
def number(value, decimals=0):
    """« 1 234 », « 1 234,5 »; rounds half up, as people do by hand. Nothing for None."""
    if value is None or value == "":
        return ""
    if type(value) is int and not decimals:  # nearly all of them, and nothing to round
        return f"{'−' if value < 0 else ''}{abs(value):,}".replace(",", NARROW)
    quantum = Decimal(1).scaleb(-int(decimals))
    rounded = Decimal(str(value)).quantize(quantum, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}".replace(",", NARROW).replace(".", ",")
    return f"−{text}" if rounded < 0 else text


@register.filter
def exact(value):
    """« 12 », « 12,5 »: with the decimals that it has, two at most."""
    if value is None:
        return ""
    kept = Decimal(str(value)).quantize(Decimal("0.01")).normalize()
    return number(kept, max(0, -int(kept.as_tuple().exponent)))


@register.filter
def percent(value, decimals=0):
    """A share between 0 and 1: « 12 % »."""
    return "" if value is None else f"{number(Decimal(str(value)) * 100, decimals)}{NBSP}%"


@register.filter
def signed(value, decimals=0):
    """A change: « +12 », « −3 », « 0 »."""
    text = number(value, decimals)
    return f"+{text}" if value and value > 0 else text


@register.filter
def plural(value, words):
    """The word alone, agreed: `{{ 2|plural:"cheval,chevaux" }}`. 0 and 1,5 are singular."""
    singular, _, several = str(words).partition(",")
    if abs(value or 0) < 2:
        return singular
    return several or (singular if singular[-1] in "sxz" else singular + "s")


@register.filter
def counted(value, words):
    """The number and its word: « 3 renseignements », « 0 fiche »."""
    return f"{number(value or 0)}{NBSP}{plural(value or 0, words)}"


@register.filter
def file_size(octets):
    """« 812 octets », « 1,4 Mo »; powers of 1 000, as the law of units has it."""
    size = Decimal(octets or 0)
    for unit in ("octets", "ko", "Mo", "Go"):
        if size < 1000 or unit == "Go":
            break
        size /= 1000
    if unit == "octets":
        return counted(size, "octet")
    return f"{number(size, 0 if size >= 10 else 1)}{NBSP}{unit}"


# --- Names and sentences -----------------------------------------------------------------------

_VOWELS = "aeiouyhâàäéèêëîïôöûüùœæAEIOUYHÂÀÄÉÈÊËÎÏÔÖÛÜÙŒÆ"


@register.filter
def of(name):
    """« du Thillot », « des Forges », « de La Bresse », « d’Épinal »: articles contract."""
    return _joined_to(str(name), {"Le ": "du ", "Les ": "des "}, "de ", elides=True)


@register.filter
def at(name):
    """« au Thillot », « aux Forges », « à La Bresse », « à Épinal »."""
    return _joined_to(str(name), {"Le ": "au ", "Les ": "aux "}, "à ", elides=False)


def _joined_to(name, contractions, preposition, *, elides):
    for article, contracted in contractions.items():
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    if elides and name[:1] in _VOWELS:
        return f"d’{name}"
    return preposition + name


@register.filter
def listed(items, conjunction="et"):
    """« a, b et c »; nothing for an empty list."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


@register.filter
def unbroken(text):
    """The text, with each plate that it holds (AB-123-CD) kept on one line."""
    pieces = PLATE.split(text or "")
    return format_html_join(
        "",
        "{}{}",
        (
            (before, format_html('<span class="cx-plate">{}</span>', plate) if plate else "")
            for before, plate in zip_longest(pieces[::2], pieces[1::2])
        ),
    )


@register.filter
def initials(name):
    """« Jean-Marc Le Goff » → « JMLG », four letters at most."""
    parts = str(name).replace("-", " ").split()
    return "".join(part[0].upper() for part in parts)[:4]
