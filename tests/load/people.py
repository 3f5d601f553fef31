"""`python -m tests.load.people URL USERS SECONDS < SESSIONS`: figures of the run, as JSON.

A closed loop: each user waits for the answer, reads for a few seconds, asks again. Six in ten read
(lists, searches, sheets), three write (entry, triage), one is of the prefecture (summaries and
notes).
"""

# ruff: noqa: E402 - gevent replaces the sockets before anybody takes one

from gevent import monkey

monkey.patch_all()

import itertools
import json
import random
import re
import sys
from collections import Counter
from html import unescape

import gevent
from locust import HttpUser, between, task
from locust.env import Environment

SHEETS = re.compile(r'href="(/renseignements/CROSS-[\w-]+/)"')
TRIAGE = re.compile(r'href="(/tri/CROSS-[\w-]+/)"')
SUMMARIES = re.compile(r'href="(/syntheses/\d+/)"')
NOTES = re.compile(r'href="(/notes/NSL-[\w-]+/)"')
NEXT = re.compile(r'href="(\?[^"]*apres=[^"]+)"')
HIDDEN = re.compile(r'<input[^>]*name="(csrfmiddlewaretoken|saisie)"[^>]*value="([^"]*)"')
WORDS = ("guetteur", "parking gare", "scooter cocaïne", "hall immeuble", "livraison", "résine")
FILTERS = ("produit=cocaine", "etat=clos", "produit=cannabis&etat=recu", "portee=restreinte")
SPAWNED_A_SECOND = 10
sessions: dict[str, list[str]] = {}
turn = itertools.count()


class Somebody(HttpUser):
    """One open sign-in of one of the accounts of this kind."""

    abstract = True
    wait_time = between(2, 6)
    accounts: tuple[str, ...] = ()

    def on_start(self):
        account = self.accounts[next(turn) % len(self.accounts)]
        self.client.cookies.set("sessionid", sessions[account].pop())

    def page(self, address, name):
        with self.client.get(address, name=name, catch_response=True) as answer:
            if not answer.status_code:
                answer.failure(f"no answer: {answer.error}")
            elif "/connexion/" in answer.url:
                answer.failure("signed out")
            return answer.text or ""

    def one_of(self, pattern, page):
        found = pattern.findall(page)
        return unescape(random.choice(found)) if found else None


class Reader(Somebody):
    weight = 6
    accounts = ("liaison.gendarmerie", "liaison.police", "liaison.pj", "liaison.paf",
                "liaison.douane", "liaison.sr", "liaison.gir")  # fmt: skip

    @task(4)
    def lists(self):
        page = self.page("/renseignements/", "list")
        if following := self.one_of(NEXT, page):
            self.page(f"/renseignements/{following}", "list, next page")

    @task(2)
    def filters(self):
        self.page(f"/renseignements/?{random.choice(FILTERS)}", "list, filtered")

    @task(3)
    def searches(self):
        self.client.get("/renseignements/", params={"q": random.choice(WORDS)}, name="search")

    @task(4)
    def sheets(self):
        page = self.page("/renseignements/", "list")
        if sheet := self.one_of(SHEETS, page):
            self.page(sheet, "sheet")

    @task(1)
    def home(self):
        self.page("/", "home")

    @task(1)
    def places(self):
        self.page("/lieux/", "places")


class Writer(Somebody):
    weight = 2
    accounts = ("liaison.gendarmerie", "liaison.police", "liaison.douane")

    @task
    def entry(self):
        page = self.page("/renseignements/nouveau/", "entry")
        fields = dict(HIDDEN.findall(page))
        fields |= {
            "facts": f"Essai de charge {random.random()} : ventes dans le hall, le soir.",
            "commune": "Épinal",
            "undated": "on",
            "origin": "service",
        }
        with self.client.post(
            "/renseignements/nouveau/",
            fields,
            name="entry, sent",
            headers={"Referer": self.host + "/renseignements/nouveau/", "Origin": self.host},
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code != 302:
                answer.failure(f"not recorded: {answer.status_code}")


class Cell(Writer):
    weight = 1
    accounts = ("analyste", "animatrice")

    @task(3)
    def triage(self):
        page = self.page("/tri/", "triage")
        if item := self.one_of(TRIAGE, page):
            self.page(item, "triage, one item")


class Prefecture(Somebody):
    weight = 1
    accounts = ("prefecture",)

    @task(3)
    def summaries(self):
        page = self.page("/syntheses/", "summaries")
        if summary := self.one_of(SUMMARIES, page):
            self.page(summary, "summary")

    @task(2)
    def notes(self):
        page = self.page("/notes/", "notes")
        if note := self.one_of(NOTES, page):
            self.page(note, "note")

    @task(1)
    def territory(self):
        self.page("/territoires/88160/", "territory")


def figures_of(stats):
    return {
        "requests": stats.num_requests,
        "failures": stats.num_failures,
        "a_second": stats.total_rps,
        **{
            f"p{percent}": stats.get_response_time_percentile(percent / 100) or 0
            for percent in (50, 95, 99)
        },
    }


def main(url, users, seconds):
    sessions.update(json.load(sys.stdin))
    environment = Environment(user_classes=[Reader, Writer, Cell, Prefecture], host=url)
    runner = environment.create_local_runner()
    runner.start(int(users), spawn_rate=SPAWNED_A_SECOND)
    # Those who arrive together weigh more than those who stay: they are not counted.
    gevent.sleep(int(users) / SPAWNED_A_SECOND + 5)
    environment.stats.reset_all()
    broken = Counter()  # what stopped somebody outside of an answer is a failure too
    environment.events.user_error.add_listener(
        lambda exception, **_: broken.update([f"{type(exception).__name__}: {exception}"])
    )
    gevent.sleep(float(seconds))
    total = figures_of(environment.stats.total)
    told = {
        "total": total | {"failures": total["failures"] + broken.total()},
        "pages": {
            each.name: figures_of(each)
            for each in environment.stats.entries.values()
            if each.num_requests
        },
        "faults": [
            f"{each.occurrences} × {each.name}: {each.error}"
            for each in environment.stats.errors.values()
        ]
        + [f"{count} × {fault}" for fault, count in broken.items()],
    }
    runner.quit()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
