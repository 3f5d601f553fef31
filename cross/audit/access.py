"""Who reads the journal: those whose role says so, in their own department."""

from cross.audit.models import Entry


class MayReadJournal:
    """Asked of the member himself: this room lies below the roles."""

    in_words = "consulter le journal"

    def __call__(self, member):
        return member.is_authenticated and member.may("journal")


may_read_journal = MayReadJournal()


def readable_entries(member):
    """Lines of the member's department, and those that belong to none (the system, sign-ins)."""
    if not (may_read_journal(member) and member.is_in_duty()):
        return Entry.objects.none()
    return Entry.objects.filter(department__in=["", member.journal_identity().department])
