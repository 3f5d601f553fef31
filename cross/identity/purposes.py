"""Why somebody reads: a short list and a few words, in the journal beside each reading.

Asked at sign-in, for the lists and whatever names nobody; and again before a record that names
somebody and is not one's own work. That answer holds for this record, or for an hour if one says
so: what is asked at each click is answered without being read.
"""

import time

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

PURPOSES = (
    "Suivi courant de la cellule",
    "Préparation d’une réunion",
    "Enquête ou procédure",
    "Préparation d’une opération",
    "Rédaction d’une note",
    "Contrôle ou audit",
    "Exploitation technique",
)
USUAL = PURPOSES[0]
LONGEST = 120
SESSION, OF_PERSONS = "purpose", "purpose_of_persons"
HELD = 3600  # seconds
MOST_RECORDS = 100


def said(cleaned):
    """« Enquête ou procédure : PV 2026/113 »."""
    purpose, detail = cleaned.get("purpose") or USUAL, cleaned.get("detail", "").strip()
    return f"{purpose} : {detail}" if detail else purpose


def initial_of(session):
    """What the session says, as the two fields."""
    purpose, _, detail = session.get(SESSION, USUAL).partition(" : ")
    return {"purpose": purpose, "detail": detail}


def say(session, **cleaned):
    session[SESSION] = said(cleaned)


def say_of_record(session, record, *, held, **cleaned):
    """Of this record; of those of the hour that comes too when it is `held`."""
    kept = session.get(OF_PERSONS, {})
    records = dict([*kept.get("records", {}).items(), (record, said(cleaned))][-MOST_RECORDS:])
    until = time.time() + HELD if held else kept.get("until", 0)
    why = said(cleaned) if held else kept.get("why", "")
    session[OF_PERSONS] = {"until": until, "why": why, "records": records}


def of_record(session, record):
    """Why this member reads such a record, or nothing when it must be asked."""
    kept = session.get(OF_PERSONS, {})
    held = kept.get("why", "") if kept.get("until", 0) > time.time() else ""
    return kept.get("records", {}).get(record) or held


def ask(request, row, names_somebody):
    """(page that asks, why): one of the two; nothing of either where the session's is enough."""
    record = row.journal_reference
    if why := of_record(request.session, record):
        return None, why
    if not names_somebody(row, request.user):
        return None, ""
    path = request.get_full_path() if request.method == "GET" else row.get_absolute_url()
    target = f"{reverse('say_purpose')}?{urlencode({'fiche': record, 'next': path})}"
    if request.htmx:
        answer = HttpResponse()
        answer["HX-Redirect"] = target
        return answer, ""
    return redirect(target), ""
