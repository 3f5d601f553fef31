"""What a sign-in writes in the journal, whichever way it went."""

from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from cross.audit import journal
from cross.identity import proof
from cross.identity.factors import KINDS
from cross.identity.purposes import SESSION


@receiver(user_logged_in)
def note_sign_in(sender, request, user, **kwargs):
    proof.open_now(request.session)
    journal.record(user, "session.opened", "session", why=request.session.get(SESSION, ""))


@receiver(user_logged_out)
def note_sign_out(sender, request, user, **kwargs):
    if user is not None:
        journal.record(user, "session.closed", "session")


@receiver(user_login_failed)
def note_refusal(sender, credentials, **kwargs):
    # The name that was typed may be a password typed in the wrong box: it is not kept.
    journal.record(None, "session.refused", "session")


@receiver(factors.authentication_failed)
def note_refused_factor(sender, user, authenticator, **kwargs):
    journal.record(user, "factor.refused", user, why=KINDS[authenticator.type])


@receiver(factors.authenticator_used)
def note_used(sender, user, authenticator, reauthenticated=False, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        journal.record(user, "factor.code_used", user)
