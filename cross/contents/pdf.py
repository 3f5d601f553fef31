"""PDF: what acts by itself when somebody opens it is not received. No page is drawn here."""

import re
import zlib

from cross.contents.pictures import holds_an_archive
from cross.contents.unfit import TOO_LARGE_ONCE_UNPACKED, TWO_IN_ONE, Unfit

SIGNATURE = b"%PDF-"
# Names of what runs, opens another file, sends what is typed, or plays.
ACTING = (
    b"JavaScript", b"Launch", b"GoToR", b"GoToE", b"SubmitForm", b"ImportData", b"XFA",
    b"RichMedia", b"Rendition", b"Movie",
)  # fmt: skip
# Objects may be kept together, deflated: their names are looked for too, within these bounds.
MOST_OF_ONE, MOST_OF_ALL, MOST_GROUPS = 8_000_000, 32_000_000, 2_000
WEB_PAGE = re.compile(rb"<(?:!doctype|html|script|svg|body)", re.I)
ACTIVE = (
    "contient du code ou un formulaire qui agit tout seul\u00a0: imprimez-le dans un nouveau PDF, "
    "puis joignez celui-ci."
)


def _name(word):
    """A name of PDF, each of whose letters may be written #xx; then what ends a name."""
    letters = b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in word)
    return b"/" + letters + rb"(?=[\x00\t\n\f\r /\[\]<>()%{}])"


ACTS = re.compile(b"|".join(map(_name, ACTING)))
GROUP = re.compile(_name(b"ObjStm"))
STREAM = re.compile(rb"\bstream\r?\n")
# Programs deflate what they keep together; whoever writes it otherwise hides it.
OTHERWISE = re.compile(rb"/(?:ASCII85|ASCIIHex|LZW|RunLength|Crypt)Decode|/(?:A85|AHx|LZW|RL)\b|#")
LONGEST_HEAD = 4_000


def is_one(data):
    return data.startswith(SIGNATURE)


def check(data):
    if WEB_PAGE.search(data[:1024]) or holds_an_archive(data):
        raise Unfit(TWO_IN_ONE)
    if ACTS.search(data) or any(map(ACTS.search, _groups(data))):
        raise Unfit(ACTIVE)


def _groups(data):
    """The objects that are kept together, inflated; those that are ciphered stay unread."""
    left, whole = MOST_OF_ALL, memoryview(data)
    for count, group in enumerate(GROUP.finditer(data)):
        if count >= MOST_GROUPS:
            raise Unfit(TOO_LARGE_ONCE_UNPACKED)
        opening = STREAM.search(data, group.end(), group.end() + LONGEST_HEAD)
        if opening is None:
            continue
        head = data[max(data.rfind(b"obj", 0, group.start()), 0) : opening.start()]
        if OTHERWISE.search(head[-2 * LONGEST_HEAD :]):
            raise Unfit(ACTIVE)
        inflated = _inflated(whole[opening.end() :], MOST_OF_ONE)
        left -= len(inflated)
        if len(inflated) >= MOST_OF_ONE or left < 0:
            raise Unfit(TOO_LARGE_ONCE_UNPACKED)
        yield inflated


def _inflated(packed, most):
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
