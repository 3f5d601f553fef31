"""Members at work through their pages, each in a thread, and what was acknowledged to them.

Each does what people do when a page fails: the same form is sent again, until it is answered. What
was answered is written down; it must be found once, whatever broke meanwhile.
"""

import csv
import io
import itertools
import re
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape

import requests

PASSWORD = "cross-demo"
PATIENCE_SECONDS = 15
AGAIN_AFTER_SECONDS = 0.25
# See cross.identity.again: after some minutes the password is asked before what leaves the house.
PROOF_ASKED = 401
PROOF = {"preuve": "mot-de-passe", "preuve-password": PASSWORD}
TOO_MANY = 429
TAG = re.compile(r"<[^>]*>")
INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
MARK = "Essai de panne"
SMALL_FILE, LARGE_FILE = 20, 1_100  # rows: at once, and by the worker
LARGE_ONE_IN = 4


@dataclass
class Ledger:
    """What was acknowledged, and when; shared by everybody."""

    reports: dict = field(default_factory=dict)  # text: reference
    complements: dict = field(default_factory=dict)  # text: reference
    imports: dict = field(default_factory=dict)  # number: references in the file
    summaries: list = field(default_factory=list)  # jobs
    prints: dict = field(default_factory=dict)  # key: how many copies
    answers: list = field(default_factory=list)  # (asked at, seconds, status): a page or a form
    lines_before: int = 0  # the last line of the journal when they began
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, asked_at, status):
        with self.lock:
            self.answers.append((asked_at, time.monotonic() - asked_at, status))

    @property
    def acknowledged(self):
        return (
            len(self.reports)
            + len(self.complements)
            + len(self.imports)
            + len(self.summaries)
            + len(self.prints)
        )

    def statuses(self):
        return Counter(status for _, _, status in self.answers)

    def acknowledged_after(self, instant):
        """The end of the first form asked for after the instant and answered well, or None."""
        with self.lock:
            ends = [
                asked_at + seconds
                for asked_at, seconds, status in self.answers
                if asked_at >= instant and status == "done"
            ]
        return min(ends, default=None)


class Person(threading.Thread):
    """One member, signed in, who does `turn()` again and again until told to stop."""

    def __init__(self, url, username, ledger, *, pause=0.3):
        super().__init__(name=username, daemon=True)
        self.url = url
        self.username = username
        self.ledger = ledger
        self.pause = pause
        self.stopped = threading.Event()
        self.session = requests.Session()
        self.numbers = itertools.count(1)
        self.fault = None

    def run(self):
        try:
            self.sign_in()
            while not self.stopped.wait(self.pause):
                self.turn()
        except Stopped:
            pass
        except Exception as fault:  # noqa: BLE001 - told by whoever waits for this thread
            self.fault = fault

    def turn(self):
        raise NotImplementedError

    # --- Pages ----------------------------------------------------------------------------------

    def sign_in(self):
        page = self.get("/connexion/")
        fields = inputs_of(page.text)
        name = next(each for each in ("username", "login") if each in fields)
        fields |= {name: self.username, "password": PASSWORD}
        self.redirected(self.post("/connexion/", fields))
        if "/connexion/" in self.get("/").url:
            raise RuntimeError(f"{self.username} could not sign in")

    def get(self, address):
        return self.insist(lambda: self.session.get(self.url + address, timeout=PATIENCE_SECONDS))

    def post(self, address, fields, *, files=None):
        """The answer to the form, sent until it is answered; who sends it is proved if asked."""
        answer = self.sent(address, fields, files=files)
        if answer.status_code != PROOF_ASKED:
            return answer
        return self.sent(address, {**fields, **PROOF}, files=files)

    def sent(self, address, fields, *, files):
        headers = {"Referer": self.url + address, "Origin": self.url}
        return self.insist(
            lambda: self.session.post(
                self.url + address,
                data=fields,
                files=files,
                headers=headers,
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            ),
            is_form=True,
        )

    def insist(self, ask, *, is_form=False):
        while not self.stopped.is_set():
            asked_at = time.monotonic()
            try:
                answer = ask()
            except requests.RequestException:
                self.ledger.note(asked_at, "unanswered")
            else:
                # Asked to wait: those who sign in at the same instant from one address take turns.
                good = answer.status_code < 500 and answer.status_code != TOO_MANY
                said = "done" if good and is_form else "shown" if good else answer.status_code
                self.ledger.note(asked_at, said)
                if good:
                    return answer
            self.stopped.wait(AGAIN_AFTER_SECONDS)
        raise Stopped

    def redirected(self, answer):
        """Where a form that was taken leads; the page says why when it was not."""
        if answer.status_code != 302:
            said = re.findall(
                r'class="[^"]*error[^"]*"[^>]*>(.*?)</(?:p|div)>', answer.text, re.DOTALL
            )
            told = [" ".join(TAG.sub(" ", each).split()) for each in said]
            raise RuntimeError(f"{self.name}: {answer.status_code} at {answer.url}, {told[:3]}")
        return answer.headers["Location"]


class Stopped(Exception):
    """Told to stop in the middle of a form: nothing was acknowledged."""


class Writer(Person):
    """Types a report; one in two, somebody of another unit completes it."""

    def __init__(self, *args, completes=None, **options):
        super().__init__(*args, **options)
        self.completes = completes

    def turn(self):
        number = next(self.numbers)
        text = f"{MARK} {self.username} {number} : ventes dans le hall, tous les soirs."
        page = self.get("/renseignements/nouveau/")
        fields = {
            name: value
            for name, value in inputs_of(page.text).items()
            if name in {"csrfmiddlewaretoken", "saisie"}
        }
        fields |= {"facts": text, "commune": "Épinal", "undated": "on", "origin": "service"}
        location = self.redirected(self.post("/renseignements/nouveau/", fields))
        self.ledger.reports[text] = location.rstrip("/").rpartition("/")[2]
        if self.completes is not None and number % 2:
            self.completes.asked.append(self.ledger.reports[text])


class Completer(Person):
    """Completes what others have typed: their units are told by mail at once."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.asked = []

    def turn(self):
        if not self.asked:
            return
        reference = self.asked.pop(0)
        address = f"/renseignements/{reference}/complement/"
        page = self.get(address)
        fields = {
            name: value
            for name, value in inputs_of(page.text).items()
            if name in {"csrfmiddlewaretoken", "sent"}
        }
        fields["text"] = f"{MARK} {self.username} {next(self.numbers)}"
        self.redirected(self.post(address, fields))
        self.ledger.complements[fields["text"]] = reference


class Importer(Person):
    """Imports files of tips: small ones at once, large ones by the worker."""

    def turn(self):
        number = next(self.numbers)
        rows = LARGE_FILE if number % LARGE_ONE_IN == 0 else SMALL_FILE
        references = [f"PANNE-{number}-{row}" for row in range(rows)]
        page = self.get("/signalements/import/nouveau/")
        token = inputs_of(page.text)["csrfmiddlewaretoken"]
        upload = {"file": ("essai.csv", tips(references), "text/csv")}
        fields = {"csrfmiddlewaretoken": token, "portal": "Essai"}
        answer = self.post("/signalements/import/nouveau/", fields, files=upload)
        while "presque plein" in answer.text:  # of the disk: the file is sent later, as it says
            if self.stopped.wait(1):
                raise Stopped
            answer = self.post("/signalements/import/nouveau/", fields, files=upload)
        number = int(re.search(r"/import/(\d+)/", self.redirected(answer))[1])
        where = f"/signalements/import/{number}/"
        columns = dict(zip(COLUMNS, HEADER, strict=True)) | {"csrfmiddlewaretoken": token}
        self.redirected(self.post(f"{where}colonnes/", columns))
        while "lancer/" not in self.get(where).text:
            if self.stopped.wait(0.3):
                raise Stopped
        self.redirected(self.post(f"{where}lancer/", {"csrfmiddlewaretoken": token}))
        self.ledger.imports[number] = references


HEADER = ("Référence", "Date de réception", "Commune", "Description")
COLUMNS = ("reference", "received", "commune", "description")


def tips(references):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    yesterday = f"{date.today() - timedelta(days=1):%d/%m/%Y}"  # noqa: DTZ011 - a day for people
    for reference in references:
        writer.writerow([reference, yesterday, "Épinal", f"{MARK} {reference} : va-et-vient."])
    return text.getvalue().encode()


class Summarist(Person):
    """Asks for the summary of a period, then of another."""

    def turn(self):
        page = self.get("/syntheses/")
        periods = re.findall(r'<option value="([\w-]+)"', page.text)
        period = periods[next(self.numbers) % len(periods)]
        token = inputs_of(page.text)["csrfmiddlewaretoken"]
        fields = {"csrfmiddlewaretoken": token, "period": period}
        location = self.redirected(self.post("/syntheses/construire/", fields))
        self.ledger.summaries.append(location.rpartition("=")[2])
        self.stopped.wait(2)


class Printer(Person):
    """Prints three numbered copies of the note in force, by the worker."""

    RECIPIENTS = ("Mairie d’Essai", "Parquet d’Essai", "Comité d’Essai")

    def __init__(self, *args, note, **options):
        super().__init__(*args, **options)
        self.note = note

    def turn(self):
        page = self.get(f"/notes/{self.note}/imprimer/")
        fields = {
            name: value
            for name, value in inputs_of(page.text).items()
            if name in {"csrfmiddlewaretoken", "sent"}
        }
        fields |= {"recipient": "\n".join(self.RECIPIENTS), "reason": MARK, "copies": "1"}
        location = self.redirected(self.post(f"/notes/{self.note}/pdf", fields))
        key = location.rstrip("/").rpartition("/")[2]
        self.ledger.prints[key] = len(self.RECIPIENTS)
        self.stopped.wait(3)


def inputs_of(page):
    """{name: value} of the inputs of a page; the last of a name wins."""
    found = {}
    for tag in INPUT.findall(page):
        said = dict(ATTRIBUTE.findall(tag))
        if "name" in said:
            found[said["name"]] = unescape(said.get("value", ""))
    return found


def at_work(url, ledger, *, note):
    """Everybody, not started yet."""
    customs = Completer(url, "liaison.douane", ledger)
    people = [
        customs,
        Writer(url, "liaison.gendarmerie", ledger, completes=customs),
        Writer(url, "liaison.police", ledger),
        Importer(url, "analyste", ledger, pause=1),
        Summarist(url, "animatrice", ledger),
    ]
    if note:
        people.append(Printer(url, "prefecture", ledger, note=note))
    return people


def stop(people):
    for person in people:
        person.stopped.set()
    for person in people:
        person.join(PATIENCE_SECONDS + 5)
        with suppress(Exception):
            person.session.close()
