"""Whatever is sent to whatever door by whoever: an answer, soon, that tells nothing.

Hypothesis draws the requests: doors of the table, real and forged names in the address, the fields
of the forms that the pages hold with values that no person types, bodies that are none, headers
and cookies that no browser sends. A hidden report has a canary in each of its fields, and every
value that is typed has another: neither is in an error page, nor in the log.

`CROSS_FUZZ_SEED=…` replays a walk; the seed is in the failure and in the table of the end.
"""

import gc
import json
import logging
import os
import random
import re
import sys
import time
import traceback
from collections import Counter, defaultdict
from html.parser import HTMLParser
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from cross.log import JsonLine, Line
from tests.house.canary import CANARY, hidden_report
from tests.house.conftest import examples
from tests.house.test_doors import DOORS, PUBLIC, text_of

TYPED = "zibeline"  # in each value that is sent
WHO = ["anna", "diane", "louise", "paul", "claire", "tom", "ines", "gilles", None]
OWNERS = {"diane"}
LONGEST_SECONDS = 5  # of our own work; a statement that lasts longer is stopped by the database

# --- What is typed ------------------------------------------------------------------------------

NASTY = [
    "", " ", "\0", "a\0b", "\ud800", "a\udfff", "\u202egnirts", "\u200b", "\ufeff", "\r\n",
    "é" * 300, "🙂" * 99, "'", '"', "' OR 1=1 --", "%", "_", "%%%s", "{}", "{{ 7*7 }}", "${7*7}",
    "<script>alert(1)</script>", "javascript:alert(1)", "../../etc/passwd", "..\\..\\",
    "/etc/passwd", "\\", "-1", "0", "1", "2147483648", "9223372036854775807",
    "9223372036854775808", "99999999999999999999999999", "1e400", "NaN", "Infinity", "-Infinity",
    "0x10", "²", "٣", "1,5", "1.5", "１２", "true", "null", "undefined", "[]", "on", "off",
    "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-45", "0000-00-00",
    "31/12/9999", "29/02/2027", "hier", "2026-W53", "2026-Q5", "2026-99", "25:61", "24:00",
    "2026-11-23T99:99", "9999-12-31T23:59", "0001-01-01T00:00", "+33639980000", "AB-123-CD",
    "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}",
    "CROSS-88-2026-99999", "CROSS-88-0000-0", "=1+1", "@SUM(A1)", "a" * 5_000, "(" * 500,
    "88", "2A", "999", "Épinal", "Golbey", "48.17,6.45", "999,999", "nan,nan", "1~1", "~", "-",
    "recu", "trie", "A", "1", "H0", "H9", "fiche", "tout",
]  # fmt: skip
HUGE = "x" * 1_000_000
NAMES_IN_ADDRESSES = [
    "q", "page", "apres", "avant", "tri", "onglet", "format", "fait", "commune", "periode", "vers",
    "next", "modele", "etat", "produit", "du", "au", "rayon", "autour", "unite", "exploitation",
]  # fmt: skip
FORGED = [
    "0", "1", "-1", "99999999", "99999999999999999999999", "CROSS-88-2026-99999", "2026-Q3",
    "00000000-0000-4000-8000-000000000000", "x", "..", "%00", "é", "%ED%A0%80", "a%0Ab",
    "88-NLS-1", "nouveau-0123456789ab", "88", "'",
]  # fmt: skip
HEADERS = {
    "accept": ["", "*/*", "text/html;q=x", "application/json", ",,,;", "a" * 4_000],
    "accept-language": ["", "fr", "zz-ZZ-xx", "fr;q=9", "*" * 500, "é"],
    "accept-encoding": ["", "br", "gzip;q=0", "identity;q=0, *;q=0"],
    "range": ["bytes=0-0", "bytes=9-1", "bytes=-1", "bytes=0-,1-", "items=0-9", "bytes=9999999-"],
    "if-modified-since": ["hier", "Mon, 99 Foo 9999 99:99:99 GMT"],
    "if-none-match": ["*", 'W/"', '"x"'],
    "hx-request": ["true", "false", ""],
    "hx-boosted": ["true"],
    "hx-target": ["resultats", "'", "#"],
    "hx-trigger-name": ["\u00e9", "q"],
    "hx-current-url": ["http://[", "http://testserver/", "//", "%"],
    "hx-history-restore-request": ["true"],
    "referer": ["", "http://[::1", "javascript:1", "https://autre.exemple.invalid/"],
    "origin": ["null", "https://autre.exemple.invalid", "http://testserver", "x"],
    "user-agent": ["", "a" * 3_000, "\u00ff\u00fe"],
    "x-forwarded-for": ["1.2.3.4", "x, y", "::1, " * 50],
    "x-forwarded-proto": ["https", "ftp", ""],
    "x-request-id": ["x", "a" * 64],
    "x-csrftoken": ["x", "a" * 64],
    "x-requested-with": ["XMLHttpRequest"],
    "sec-fetch-site": ["same-origin", "none", "cross-site", "x"],
    "content-encoding": ["gzip", "x"],
    "expect": ["100-continue"],
}  # fmt: skip
KINDS_OF_BODY = [
    "application/x-www-form-urlencoded", "application/json", "text/plain", "text/xml", "",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é",
    "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=x", "application/csp-report", "a/b/c", ";",
]  # fmt: skip
BODIES = [
    b"", b"\0", b"a", b"a=b&a=c&=&&;", b"%", b"a=%ff%fe", b"{", b"[]", b'{"a": 1}', b"\xff\xfe\0",
    b"--x\r\n", b"--x--\r\n", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb",
    b"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../../a\0.png\"\r\n"
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\r\n--x--\r\n",
    b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n",
    b"&".join(b"a%d=1" % rank for rank in range(2_100)), b"[" * 3_000,
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
]  # fmt: skip
COOKIES = ["", "x", "a" * 32, "é", '"', "0" * 4_000, "../..", ";;;"]

typed = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(NASTY).map(lambda word: f"{word}{TYPED}"),
)


@st.composite
def asked(draw, forms):
    """One request, as plain values."""
    name = draw(st.sampled_from(sorted(forms)))
    made = {
        "name": name,
        "who": draw(st.sampled_from(WHO)),
        "forge": draw(st.sampled_from([None, None, *FORGED])),
        "method": draw(st.sampled_from(["GET"] * 4 + ["POST"] * 6 + ["HEAD", "PUT", "OPTIONS"])),
        "query": draw(st.lists(st.tuples(st.sampled_from(NAMES_IN_ADDRESSES), typed), max_size=3)),
        "headers": {
            each: draw(st.sampled_from(HEADERS[each]))
            for each in draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=2))
        },
        "cookie": draw(st.sampled_from([None] * 12 + COOKIES)),
    }
    if made["method"] in {"POST", "PUT"}:
        made |= draw(bodies(forms[name]))
    return made


@st.composite
def bodies(draw, fields):
    """Fields of the door's own forms, most often; or what is no form at all."""
    if draw(st.integers(0, 5)) == 0:
        kind = draw(st.sampled_from(KINDS_OF_BODY))
        return {"kind": kind, "raw": draw(st.sampled_from(BODIES))}
    sent = []
    names = draw(st.lists(st.sampled_from(sorted(fields) or ["text"]), max_size=8))
    for field in names:
        right = st.sampled_from(sorted(fields.get(field) or {""}))
        value = draw(st.one_of(right, typed))
        sent += [(field, value)] * draw(st.sampled_from([1, 1, 1, 2]))
    if draw(st.integers(0, 60)) == 0 and names:
        sent[0] = (names[0], HUGE)
    return {"fields": sent, "multipart": draw(st.booleans())}


# --- The forms of the pages ---------------------------------------------------------------------


class Fields(HTMLParser):
    """{address of a form: {name of a field: values that the page offers}}."""

    def __init__(self, address):
        super().__init__()
        self.address, self.found = address, defaultdict(lambda: defaultdict(set))
        self.form = self.select = None

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "form":
            self.form = urlsplit(told.get("action") or self.address).path
        elif tag == "button" and told.get("formaction"):
            self.found[urlsplit(told["formaction"]).path].setdefault(
                told.get("name") or "x", set()
            )
        if self.form is None:
            return
        if tag in {"input", "textarea", "button"} and told.get("name"):
            self.found[self.form][told["name"]].add(told.get("value") or "")
        elif tag == "select" and told.get("name"):
            self.select = told["name"]
            self.found[self.form][self.select].add("")
        elif tag == "option" and self.select:
            self.found[self.form][self.select].add(told.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None


# --- The walk -----------------------------------------------------------------------------------


class Walk:
    """Sends what is drawn, and notes what is wrong, each fault once."""

    def __init__(self, cast, world, enter, chosen):
        self.world = world
        self.clients = {who: enter(cast[who]) if who else Client() for who in WHO}
        for client in self.clients.values():
            client.raise_request_exception = False
        self.chosen = chosen
        self.forms = {name: {} for name in chosen}
        self.faults, self.statuses, self.slowest = {}, Counter(), 0.0
        self.lines, self.raised = [], []

    def read_forms(self, cast, enter):
        """What each page offers to somebody whom it lets in."""
        by_path = {self.address(name): name for name in self.chosen}
        for name in self.chosen:
            how, _, welcome = DOORS.get(name, ("get", {}, {"anna"}))
            if how != "get" or name in PUBLIC:
                continue
            client = enter(cast[min(welcome)])
            with transaction.atomic():
                parser = Fields(self.address(name))
                parser.feed(text_of(client.get(self.address(name))))
                transaction.set_rollback(True)
            for path, fields in parser.found.items():
                door = by_path.get(path)
                if door:
                    for field, values in fields.items():
                        self.forms[door].setdefault(field, set()).update(values)
        for fields in self.forms.values():
            fields.pop("csrfmiddlewaretoken", None)

    def address(self, name, forge=None):
        """Its own, or with a forged name in it."""
        arguments = DOORS[name][1] if name in DOORS else {}
        real = reverse(name, kwargs={key: self.world[value] for key, value in arguments.items()})
        if forge is None:
            return real
        for value in arguments.values():
            real = real.replace(quote(str(self.world[value])), forge)
        return real

    def send(self, made):
        client = self.clients[made["who"]]
        address = self.address(made["name"], made["forge"])
        if made["query"]:
            address += "?" + urlencode(made["query"], errors="surrogatepass")
        options = {"headers": made["headers"]}
        if "raw" in made:
            options |= {"data": made["raw"], "content_type": made["kind"]}
        elif "fields" in made:
            options |= encoded(made)
        if made["cookie"] is not None:
            client = Client(raise_request_exception=False)
            for name in ("sessionid", "csrftoken"):
                client.cookies[name] = made["cookie"]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = '10s'")
            # Hypothesis remembers gigabytes of a long walk: sweeping them is no work of a door.
            gc.disable()
            began = time.thread_time()
            answer = client.generic(made["method"], address, **options)
            text = text_of(answer)
            took = time.thread_time() - began
            gc.enable()
            transaction.set_rollback(True)
        self.judge(made, answer, text, took)

    def judge(self, made, answer, text, took):
        self.statuses[answer.status_code] += 1
        self.slowest = max(self.slowest, took)
        written, raised = "".join(self.lines), list(self.raised)
        del self.lines[:], self.raised[:]
        if answer.status_code >= 500:
            self.note(raised[-1] if raised else "no exception", made)
        if took > LONGEST_SECONDS:
            self.note(f"{made['name']} took {took:.1f} s", made)
        if made["who"] not in OWNERS and CANARY in text:
            self.note(f"{made['name']} shows what is hidden to {made['who']}", made)
        if CANARY in written or TYPED in written:
            self.note(f"the log quotes: {written[:300]}", made)

    def note(self, fault, made):
        self.faults.setdefault(fault, told(made))


def encoded(made):
    """The fields as a browser would send them, or would not."""
    sent = [(name, value) for name, value in made["fields"]]
    if not made["multipart"]:
        body = urlencode(sent, errors="surrogatepass")
        return {"data": body, "content_type": "application/x-www-form-urlencoded"}
    parts = [
        b'--limite\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass"))
        for name, value in sent
    ]
    body = b"".join(parts) + b"--limite--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=limite"}


def told(made):
    """A request, short enough to be read."""
    text = json.dumps(made, default=repr)
    return text if len(text) < 900 else f"{text[:900]}… ({len(text)} characters)"


def where_it_broke():
    """The class of the exception under way, and our own lines that led to it."""
    kind, error, way = sys.exc_info()
    ours = [
        f"{frame.filename.rpartition('/main/')[2] or frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(way)
        if "site-packages" not in frame.filename and "/lib/python" not in frame.filename
    ]
    return f"{kind.__name__}: {str(error)[:160]} at {' < '.join(reversed(ours[-3:]))}"


@pytest.fixture
def walk(cast, vosges, world, enter):
    """Of the doors that this run looks at, with the log and the exceptions that it hears."""
    hidden_report(cast.diane, vosges["Le Thillot"], plate="ZZ-987-ZZ")
    drawn = random.Random(SEED)
    every = sorted(set(DOORS) | PUBLIC - {"health"})
    chosen = sorted(drawn.sample(every, min(len(every), examples(quick=40, whole=len(every)))))
    made = Walk(cast, world, enter, chosen)
    made.read_forms(cast, enter)
    heard = [Heard(made.lines, Line("%(name)s %(message)s")), Heard(made.lines, JsonLine())]
    root = logging.getLogger()
    for handler in heard:
        root.addHandler(handler)

    def hear(**_):
        made.raised.append(where_it_broke())

    got_request_exception.connect(hear)
    yield made
    got_request_exception.disconnect(hear)
    for handler in heard:
        root.removeHandler(handler)


class Heard(logging.Handler):
    def __init__(self, lines, formatter):
        super().__init__(logging.INFO)
        self.lines = lines
        self.setFormatter(formatter)

    def emit(self, record):
        self.lines.append(self.format(record))


SEED = int(os.environ.get("CROSS_FUZZ_SEED") or random.SystemRandom().randrange(1, 10**9))


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_no_door_breaks_hangs_or_tells(walk, figure):
    @seed(SEED)
    @settings(
        max_examples=examples(quick=300, whole=50_000),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(asked(walk.forms))
    def run(made):
        walk.send(made)

    run()
    sent = sum(walk.statuses.values())
    told_of_it = (
        f"{sent} requests at {len(walk.chosen)} doors, seed {SEED}: "
        f"{len(walk.faults)} faults, {walk.slowest:.1f} s at most, {dict(walk.statuses)}"
    )
    for row in ("B26", "B33", "B34"):
        figure(row, told_of_it)
    listed = "\n".join(f"- {fault}\n  {made}" for fault, made in walk.faults.items())
    assert walk.faults == {}, f"{told_of_it}\n{listed}"


def test_the_walk_would_find_a_fault(walk, monkeypatch):
    """Else the test above could not fail: a door that breaks, one that tells, one that logs."""
    made = {
        "name": "help", "who": "louise", "forge": None, "method": "GET", "query": [],
        "headers": {}, "cookie": None,
    }  # fmt: skip
    walk.chosen.append("help")
    walk.send(made)
    assert walk.faults == {}
    logging.getLogger("cross").warning("refused: %s", TYPED)
    walk.send(made)
    answers = {500: HttpResponse("x", status=500), 200: HttpResponse(CANARY)}
    for answer in answers.values():
        monkeypatch.setattr(Client, "generic", lambda *_, answer=answer, **__: answer)
        walk.send(made)
    assert len(walk.faults) == 3
    assert re.search(r"the log quotes|shows what is hidden|no exception", " ".join(walk.faults))
