"""E-mail addresses, pseudonyms of messaging services and street names of people."""

import re
from collections.abc import Iterator

from intel.extraction.findings import Finding, without_overlaps
from intel.extraction.letters import fold
from intel.models.choices import IdentifierKind

EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?!(?:png|jpe?g|gif|webp|svg|pdf|docx?|xlsx?|odt|ods|zip|mp4)\b)[A-Za-z]{2,24}(?![\w@-])"
)

PLATFORMS = {
    "snap": "Snapchat", "snapchat": "Snapchat", "insta": "Instagram", "instagram": "Instagram",
    "telegram": "Telegram", "telegramme": "Telegram", "tiktok": "TikTok", "tik tok": "TikTok",
    "whatsapp": "WhatsApp", "signal": "Signal", "facebook": "Facebook", "discord": "Discord",
    "potato": "Potato", "wire": "Wire", "threema": "Threema", "x": "X", "twitter": "X",
}  # fmt: skip
LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:(t\.me|telegram\.me)/(?:joinchat/)?|(snapchat)\.com/add/"
    r"|(instagram|facebook|tiktok)\.com/@?)([a-z0-9](?:[\w.-]*\w)?)"
)
AT = re.compile(r"(?<![\w.@/])@([a-z0-9_](?:[\w.-]{0,38}\w)?)(?!\w*@)")
# "pseudo "vosges_livr88"", "compte Snapchat : xx.yy", "Insta xx_yy"
PLATFORM = (
    r"(?:snapchat|snap|instagram|insta|telegramm?e?|tik ?tok|facebook|discord|signal|potato)"
)
NAMED = re.compile(
    rf"\b(?:(?:pseudo(?:nyme)?|compte|identifiant|profil|canal|groupe)(?: (?P<first>{PLATFORM}))?"
    rf"|(?P<second>{PLATFORM}))"
    r"(?: (?:est|etait|est le suivant|nomme|appele|au nom de))?\s{0,2}[:=]?\s{0,2}"
    r"(?:\"\s?(?P<quoted>[^\"\n]{2,40}?)\s?\"|@?(?P<bare>[a-z0-9][\w.-]{1,38}\w)(?![\w/]))"
)
ALIAS = re.compile(
    r"\b(?P<word>alias|surnommee?|dite?|surnom(?: de)?|sobriquet|connue? sous le nom de)\s?:?\s"
    r"(?:\"\s?(?P<quoted>[^\"\n]{2,30}?)\s?\"|(?P<bare>(?:l[ea] )?[\w-]{2,20}))"
)


def normalise_account(raw: str) -> str:
    """A pseudonym as compared: folded, without "@" nor quotes."""
    return fold(raw).strip(" \"'@.,;:")


def find_emails(text: str) -> list[Finding]:
    """E-mail addresses, in lower case."""
    return [
        Finding(
            match.start(), match.end(), IdentifierKind.EMAIL, match[0].lower(), match[0],
            match[0].lower(),
        )
        for match in EMAIL.finditer(text)
    ]  # fmt: skip


def _account(text: str, span: tuple[int, int], platform: str = "") -> Finding:
    start, end = span
    raw = text[start:end]
    value = normalise_account(raw)
    return Finding(
        start,
        end,
        IdentifierKind.ACCOUNT,
        value,
        raw,
        f"{value} ({platform})" if platform else value,
    )


def _looks_chosen(word: str) -> bool:
    """A bare word after "snap" is a pseudonym only if no word or bank account is spelt so."""
    return bool(re.search(r"[\d_]|\w\.\w", word)) and not re.fullmatch(r"[a-z]{2}\d{2}", word)


def _links(text: str, folded: str) -> Iterator[Finding]:
    for match in LINK.finditer(folded):
        host = next(filter(None, match.groups()[:3]))
        platform = "Telegram" if host.endswith(".me") else PLATFORMS[host]
        yield _account(text, match.span(4), platform)


def _named(text: str, folded: str) -> Iterator[Finding]:
    for match in NAMED.finditer(folded):
        platform = PLATFORMS.get(match["first"] or match["second"] or "", "")
        if match["quoted"]:
            yield _account(text, match.span("quoted"), platform)
        elif _looks_chosen(match["bare"]):
            yield _account(text, match.span("bare"), platform)


def _mentions(text: str, folded: str) -> Iterator[Finding]:
    for match in AT.finditer(folded):
        before = re.search(rf"\b({PLATFORM})\W{{0,4}}$", folded[: match.start()][-16:])
        yield _account(text, match.span(1), PLATFORMS.get(before[1], "") if before else "")


def find_handles(text: str) -> list[Finding]:
    """Pseudonyms: links to an account, "@name", and names announced as an account."""
    folded = fold(text)
    emails = [(found.start, found.end) for found in find_emails(text)]
    candidates = (*_links(text, folded), *_named(text, folded), *_mentions(text, folded))
    return without_overlaps(
        found
        for found in candidates
        if not any(start <= found.start < end for start, end in emails)
    )


def find_aliases(text: str) -> list[Finding]:
    """Street names: quoted, or a capitalised word after "alias" or "surnommé"."""
    folded = fold(text)
    found = []
    for match in ALIAS.finditer(folded):
        group = "quoted" if match["quoted"] else "bare"
        start, end = match.span(group)
        raw = text[start:end]
        last_word = raw.split()[-1]
        if group == "bare" and (match["word"].startswith("dit") or not last_word[0].isupper()):
            continue
        found.append(Finding(start, end, IdentifierKind.ALIAS, normalise_account(raw), raw, raw))
    return found
