"""What the database and the mails hold once all is quiet, against what was acknowledged.

Raw SQL on a connection of our own: the witness is not the code that is on trial.
"""

import email
import re
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.people import MARK

LINK = re.compile(r"/notifications/([0-9a-f-]{36})/")


@dataclass
class Findings:
    """One kind of thing: how many were acknowledged, and those lost or doubled, by name."""

    name: str
    acknowledged: int
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)

    def __str__(self):
        return (
            f"{self.name}: {self.acknowledged} acknowledged, {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled"
        )


def compare(name, acknowledged, found):
    """`found` counts what is there, whether or not anybody was told of it."""
    return Findings(
        name,
        len(acknowledged),
        lost=[each for each in acknowledged if not found[each]],
        doubled=[each for each, count in found.items() if count > 1],
    )


def count_all(stack, ledger):
    """The findings of each kind of thing."""
    return [
        *reports(stack, ledger),
        *complements(stack, ledger),
        *imports(stack, ledger),
        *summaries(stack, ledger),
        *copies(stack, ledger),
        *mails(stack),
        jobs(stack),
    ]


def counter(stack, query, *values):
    return Counter(dict(stack.ask(query, *values)))


def reports(stack, ledger):
    texts = counter(
        stack,
        "SELECT facts, count(*) FROM intel_report WHERE facts LIKE %s AND origin = 'service' "
        "GROUP BY facts",
        f"{MARK}%",
    )
    yield compare("reports", ledger.reports, texts)
    # Whether or not the answer came back: what exists has one line, and no line lacks its report.
    written = {
        reference: 1
        for (reference,) in stack.ask(
            "SELECT reference FROM intel_report WHERE facts LIKE %s AND origin = 'service'",
            f"{MARK}%",
        )
    }
    lines = counter(
        stack,
        "SELECT target, count(*) FROM audit_entry WHERE verb = 'report.created' AND id > %s "
        "GROUP BY target",
        ledger.lines_before,
    )
    found = compare("lines of the journal, reports", written, lines)
    found.doubled += [target for target in lines if target not in written]
    yield found


def complements(stack, ledger):
    texts = counter(
        stack,
        "SELECT text, count(*) FROM intel_complement WHERE text LIKE %s GROUP BY text",
        f"{MARK}%",
    )
    yield compare("complements", ledger.complements, texts)
    told = Counter(
        reference
        for (reference,) in stack.ask(
            "SELECT r.reference FROM intel_complement c JOIN intel_report r ON r.id = c.report_id "
            "WHERE c.text LIKE %s",
            f"{MARK}%",
        )
    )
    lines = counter(
        stack,
        "SELECT target, count(*) FROM audit_entry WHERE verb = 'complement.added' "
        "AND target = ANY(%s) GROUP BY target",
        list(told),
    )
    yield Findings(
        "lines of the journal, complements",
        told.total(),
        lost=[each for each in told if lines[each] < told[each]],
        doubled=[each for each in told if lines[each] > told[each]],
    )


def imports(stack, ledger):
    tips = counter(
        stack,
        "SELECT portal_reference, count(*) FROM intel_tip WHERE portal = 'Essai' "
        "GROUP BY portal_reference",
    )
    wanted = [each for references in ledger.imports.values() for each in references]
    yield compare("tips of imports", wanted, tips)
    ended = {
        f"import {number}": 1
        for (number,) in stack.ask("SELECT id FROM intel_tipimport WHERE stage = 'done'")
    }
    lines = counter(
        stack,
        "SELECT target, count(*) FROM audit_entry WHERE verb = 'tips.imported' GROUP BY target",
    )
    yield compare("lines of the journal, imports", ended, lines)
    faulty = stack.ask("SELECT id FROM intel_tipimport WHERE portal = 'Essai' AND faulty > 0")
    failed = stack.ask("SELECT id FROM intel_tipimport WHERE portal = 'Essai' AND failure <> ''")
    yield Findings("imports", len(ledger.imports), lost=[*faulty, *failed])


def summaries(stack, ledger):
    states = dict(
        stack.ask("SELECT id::text, state FROM outbox_job WHERE kind = 'build_summaries'")
    )
    asked = list(dict.fromkeys(ledger.summaries))
    found = Counter({job: int(state == "done") for job, state in states.items()})
    yield compare("summaries asked for", asked, found)
    kept = {
        f"synthèse 88 {period} {whom} v{version}": 1
        for period, whom, version in stack.ask(
            "SELECT period, concat_ws(' ', audience, c.code), version FROM intel_summary s "
            "LEFT JOIN services_court c ON c.id = s.court_id JOIN services_department d "
            "ON d.id = s.department_id WHERE d.code = '88'"
        )
    }
    lines = counter(
        stack,
        "SELECT target, count(*) FROM audit_entry WHERE verb = 'summary.built' GROUP BY target",
    )
    yield compare("lines of the journal, summaries", kept, lines)


def copies(stack, ledger):
    made = counter(
        stack,
        "SELECT entry_key, count(*) FROM intel_printedcopy WHERE entry_key IS NOT NULL "
        "GROUP BY entry_key",
    )
    runs = ledger.prints
    yield Findings(
        "printed copies",
        sum(runs.values()),
        lost=[key for key, wanted in runs.items() if made[key] < wanted],
        doubled=[key for key, wanted in runs.items() if made[key] > wanted],
    )
    numbers = {
        f"{number} v{version} exemplaire {copy}": 1
        for number, version, copy in stack.ask(
            "SELECT e.number, p.version, p.copy_number FROM intel_printedcopy p "
            "JOIN intel_edition e ON e.id = p.edition_id WHERE p.entry_key = ANY(%s)",
            list(runs),
        )
    }
    lines = counter(
        stack,
        "SELECT target, count(*) FROM audit_entry WHERE verb = 'edition.printed' GROUP BY target",
    )
    yield compare("lines of the journal, copies", numbers, lines)


def mails(stack):
    """Each notification that is told at once is in one mail, or in a letter that still waits."""
    rows = stack.ask(
        "SELECT n.key, to_jsonb(l) FROM intel_notification n"
        " LEFT JOIN intel_letter l ON l.id = n.letter_id"
        " WHERE n.kind = 'complement.added' AND n.way = 'now' AND n.seen_at IS NULL"
        " AND (l.id IS NULL OR l.next_at < now()) AND l.dropped_at IS NULL"
    )
    letters = {str(key): letter for key, letter in rows}
    told = dict.fromkeys(letters, 1)
    received = {}  # as who receives them: one of a number is kept
    for path in (stack.home / "mails").glob("*"):
        message = email.message_from_bytes(path.read_bytes())
        if not message.is_multipart():  # those of meetings bring a day for calendars
            received[message["Message-ID"]] = message
    sent = Counter()
    for message in received.values():
        sent.update(set(LINK.findall(message.get_payload(decode=True).decode())))
    found = compare("mails", told, sent)
    found.doubled = [each for each in found.doubled if each in told]
    found.lost = [f"{each}: {letters.get(each)}" for each in found.lost]
    yield found


def jobs(stack):
    """What was asked for in the background has ended, and well."""
    states = stack.ask("SELECT kind, state, error FROM outbox_job")
    bad = [f"{kind} {state}: {error}" for kind, state, error in states if state != "done"]
    return Findings("jobs", len(states), lost=bad)
