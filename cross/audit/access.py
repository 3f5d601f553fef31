"""Who reads the journal: those whose role says so, in their own department."""

from cross.audit.models import Entry, Handout, Oddity


class MayReadJournal:
    """Asked of the member himself: this room lies below the roles."""

    in_words = "consulter le journal"

    def __call__(self, member):
        return member.is_authenticated and member.may("journal")


may_read_journal = MayReadJournal()


def _reads(member):
    return may_read_journal(member) and member.is_in_duty()


def readable_entries(member):
    """Lines of the member's department, and those that belong to none (the system, sign-ins)."""
    if not _reads(member):
        return Entry.objects.none()
    return Entry.objects.filter(department__in=["", member.journal_identity().department])


def readable_oddities(member):
    """What is to be looked at again among the lines of the member's department."""
    if not _reads(member):
        return Oddity.objects.none()
    return Oddity.objects.filter(department=member.journal_identity().department)


def readable_handouts(member):
    """What was handed of the lines of the member's department, by whoever."""
    if not _reads(member):
        return Handout.objects.none()
    return Handout.objects.filter(department=member.journal_identity().department)


def kept_handouts(member):
    """Those whose file is still there."""
    return readable_handouts(member).exclude(file="")
