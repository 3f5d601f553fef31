"""Texts and messages: characters, and nothing that a program would take for its own."""

import re

import puremagic

from cross.contents.unfit import Unfit

CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
HEADER = re.compile(
    rb"^(?:from|to|date|subject|received|message-id|mime-version|return-path|delivered-to):",
    re.I | re.M,
)
# A text that begins so is a page, a program or a document of another kind.
OTHER_OPENINGS = (
    b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<?php", b"<head", b"<body",
    b"<iframe", b"#!", b"{\\rtf", b"%!ps", b"@echo",
)  # fmt: skip
HARMLESS = {"text/plain", "message/rfc822", "text/csv"}
NOT_A_TEXT = (
    "n’est pas un simple texte\u00a0: son début est celui d’une page web, d’un programme ou d’un "
    "autre document. Joignez-le en PDF."
)


def is_text(data):
    return bool(data) and not CONTROL.search(data) and not _found(data) - HARMLESS


def is_message(data):
    return is_text(data) and bool(HEADER.search(data[:8192]))


def check(data):
    opening = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if opening.startswith(OTHER_OPENINGS):
        raise Unfit(NOT_A_TEXT)


def _found(data):
    """What the first bytes and the last are known for, in words of the register of types."""
    try:
        return {match.mime_type for match in puremagic.magic_string(data) if match.mime_type}
    except puremagic.PureError:
        return set()
