"""An e-mail file (.eml) opened without trust: its text, its date, its attachments, all bounded."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from intel.extraction.cleaning import BIDI, CONTROL, INVISIBLE, clean_text, spaced

PARIS = ZoneInfo("Europe/Paris")
MAX_BYTES = 30_000_000
MAX_PARTS = 200
MAX_ATTACHMENTS = 20
MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024
# What tells a message from any text with a colon in it.
TELLING_HEADERS = {"from", "date", "subject", "received", "message-id", "mime-version", "to"}
OUTLOOK = b"\xd0\xcf\x11\xe0"
# The parser of headers raises these on malformed addresses, dates or encoded words.
MALFORMED = (ValueError, IndexError, AttributeError, TypeError, LookupError)


class NotAMessage(ValueError):
    """The file is not an e-mail that we can read; the message says so in French."""


@dataclass(frozen=True, slots=True)
class MessageFile:
    """One attachment: a name without folder, the type it claims, its bytes."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """An e-mail as a form needs it. ``notes`` are French sentences on what was left out."""

    subject: str
    sender: str
    sent_at: datetime | None
    text: str
    attachments: tuple[MessageFile, ...]
    notes: tuple[str, ...]


class _TextOfPage(HTMLParser):
    """The words of an HTML page, with its line breaks, without its scripts."""

    SILENT = {"script", "style", "head", "title", "template", "noscript"}
    BREAKS = {"br", "p", "div", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
              "blockquote", "ul", "ol"}  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silence = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silence += 1
        elif tag in self.BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silence = max(0, self.silence - 1)
        elif tag in self.BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silence:
            self.pieces.append(re.sub(r"\s+", " ", data))


def text_of_html(html: str) -> str:
    """The words of ``html``, one block a line."""
    page = _TextOfPage()
    page.feed(html)
    page.close()
    lines = (line.strip() for line in "".join(page.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def read_message(content: bytes) -> Message:
    """Read the bytes of a ``.eml`` file. Raises ``NotAMessage`` (a ``ValueError``)."""
    try:
        return _read(content)
    except RecursionError as error:
        raise NotAMessage(
            "Ce message contient des messages emboîtés sans fin\u00a0: il ne peut pas être lu."
        ) from error


def _read(content: bytes) -> Message:
    message = _parse(content)
    notes: list[str] = []
    parts = _parts(message, notes)
    body, body_part = _body(message, parts)
    cleaned = clean_text(body, limit=len(body) + 1)
    notes += cleaned.notes
    return Message(
        subject=_header(message, "subject"),
        sender=_header(message, "from"),
        sent_at=_sent_at(message),
        text=cleaned.text,
        attachments=tuple(_attachments(parts, body_part, notes)),
        notes=tuple(notes),
    )


def _parse(content: bytes) -> EmailMessage:
    if len(content) > MAX_BYTES:
        raise NotAMessage(
            f"Ce message pèse {spaced(len(content) // 1_000_000)}\u00a0Mo\u00a0; la limite est "
            f"de {MAX_BYTES // 1_000_000}\u00a0Mo. Copiez son texte dans le formulaire et "
            "joignez à part les pièces utiles."
        )
    if content.startswith(OUTLOOK):
        raise NotAMessage(
            "Ce fichier est un message Outlook (.msg). Dans Outlook, choisissez «\u00a0Enregistrer"
            " sous\u00a0» puis le format .eml, ou copiez le texte dans le formulaire."
        )
    message = BytesParser(policy=policy.default).parsebytes(content)
    names = {name.lower() for name, _ in message.raw_items()}
    if len(names & TELLING_HEADERS) < 2 or b"\x00" in content[:4096]:
        raise NotAMessage(
            "Ce fichier n’est pas un message électronique (.eml)\u00a0: il n’a ni expéditeur ni "
            "objet. Copiez plutôt son texte dans le formulaire."
        )
    if not isinstance(message, EmailMessage):
        raise NotAMessage("Ce message électronique ne peut pas être lu.")
    return message


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message[name] or "")
    except MALFORMED:
        raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
        value = str(raw)
    return _one_line(value)[:500]


def _one_line(value: str) -> str:
    """``value`` without line breaks, control or invisible characters."""
    for pattern in (CONTROL, BIDI, INVISIBLE):
        value = pattern.sub("", value)
    return re.sub(r"\s+", " ", value).strip()


def _sent_at(message: EmailMessage) -> datetime | None:
    """When it was sent, with its time zone; Paris where the message names none."""
    try:
        sent_at = getattr(message["date"], "datetime", None)
    except MALFORMED:
        return None
    if sent_at is None:
        return None
    return sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=PARIS)


def _parts(message: EmailMessage, notes: list[str]) -> list[MIMEPart]:
    """The parts that hold something, in order; a forwarded message stays whole."""
    found: list[MIMEPart] = []
    waiting: list[MIMEPart] = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = list(part.iter_parts())
        else:
            found.append(part)
        if len(found) + len(waiting) > MAX_PARTS:
            notes.append(
                f"Ce message compte plus de {MAX_PARTS} parties\u00a0: les suivantes ont été "
                "laissées de côté."
            )
            break
    return found


def _body(message: EmailMessage, parts: list[MIMEPart]) -> tuple[str, MIMEPart | None]:
    """The text that the sender wrote: the plain part, or the words of the HTML part."""
    try:
        chosen = message.get_body(preferencelist=("plain", "html"))
    except MALFORMED:
        chosen = None
    if not isinstance(chosen, MIMEPart):
        chosen = next((part for part in parts if part.get_content_maintype() == "text"), None)
    if chosen is None:
        return "", None
    text = _decoded(chosen)
    if chosen.get_content_subtype() == "html":
        return text_of_html(text), chosen
    return text, chosen


def _decoded(part: MIMEPart) -> str:
    """The text of a part, whatever it says of its own encoding."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("cp1252", errors="replace")


def _attachments(
    parts: list[MIMEPart], body: MIMEPart | None, notes: list[str]
) -> list[MessageFile]:
    found: list[MessageFile] = []
    left_out: list[str] = []
    for number, part in enumerate(parts, start=1):
        if part is body or _is_other_writing_of_the_body(part):
            continue
        name = _file_name(part, number)
        content = _content(part)
        if len(found) >= MAX_ATTACHMENTS or len(content) > MAX_ATTACHMENT_BYTES:
            left_out.append(name)
        elif content:
            found.append(MessageFile(name, part.get_content_type(), content))
    if left_out:
        notes.append(
            f"Pièces laissées de côté (au plus {MAX_ATTACHMENTS} pièces de "
            f"{MAX_ATTACHMENT_BYTES // 1024 // 1024}\u00a0Mo)\u00a0: {', '.join(left_out[:10])}."
        )
    return found


def _is_other_writing_of_the_body(part: MIMEPart) -> bool:
    """The HTML twin of a plain text: neither named nor declared as an attachment."""
    return part.get_content_maintype() == "text" and not (
        part.is_attachment() or _claimed_name(part)
    )


def _content(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, MIMEPart) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _claimed_name(part: MIMEPart) -> str:
    try:
        return part.get_filename() or ""
    except MALFORMED:
        return ""


def _file_name(part: MIMEPart, number: int) -> str:
    """A name without folder nor hidden character, never empty, at most 150 characters."""
    name = re.split(r"[\\/]", _one_line(_claimed_name(part)))[-1].strip(". ")
    if name:
        stem, dot, suffix = name.rpartition(".")
        return f"{stem[:130]}{dot}{suffix[:15]}" if dot else name[:150]
    if part.get_content_type() == "message/rfc822":
        return f"message transféré {number}.eml"
    return f"pièce {number}"
