"""The scanned papers of a protocol; changes nothing."""


def of(protocol):
    return list(protocol.annexes.select_related("amendment").order_by("at", "pk"))
