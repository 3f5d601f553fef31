"""How allauth behaves here: it makes no account, sends no mail, and speaks our sentences."""

from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from cross.audit import journal
from cross.identity import factors, outside, proof, sealing
from cross.ui.back import own_path

TOLD_ONCE = 300  # seconds: a thousand tries refused are one line of the journal, not a thousand


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": (
            "Identifiant ou mot de passe inconnu. Vérifiez les majuscules, puis réessayez ; "
            "en cas d’oubli, appelez l’administrateur technique."
        ),
        "incorrect_password": "Ce mot de passe n’est pas le vôtre. Réessayez.",
        "too_many_login_attempts": (
            "Trop d’essais. Attendez un quart d’heure, ou connectez-vous avec votre clé d’accès."
        ),
        "rate_limited": "Trop d’essais. Attendez quelques minutes, puis réessayez.",
    }

    def is_open_for_signup(self, request):
        return False  # an account is opened by whoever authorises its member

    def is_safe_url(self, url):
        return bool(own_path(url))

    def add_message(self, request, level, message_template=None, *args, **said):
        """Our pages say what was done; allauth's own sentences are not shown."""

    def send_mail(self, template_prefix, email, context):
        raise RuntimeError("no mail is sent by a sign-in")

    def get_client_ip(self, request):
        # Behind a unix socket nobody has an address: all are throttled as one.
        return get_client_ip(request) or "0.0.0.0"  # noqa: S104 - names nobody, binds nothing

    def respond_user_inactive(self, request, user):
        journal.record(None, "session.refused", "session")
        messages.error(request, "Cette connexion est refusée. Appelez l’administrateur technique.")
        return redirect("account_login")

    def pre_login(self, request, user, **said):
        """The answer that stops a sign-in whose password was right, or nothing."""
        by_outside = {proof.OUTSIDE, proof.OUTSIDE_ALONE}
        if factors.only_outside(user) and not proof.came_by(request, user, by_outside):
            name = outside.name()
            journal.record(None, "session.refused", "session")
            messages.error(
                request,
                f"Votre compte s’ouvre avec {name} : utilisez le bouton « {name} » de cette page. "
                "Si vous n’y avez plus accès, appelez l’administrateur technique.",
            )
            return redirect("account_login")
        return super().pre_login(request, user, **said)

    def get_login_stages(self):
        return ["cross.identity.stages.SecondFactor"]

    def is_reauthentication_required(self, *, app, **said):
        return False  # `fresh` of the gate asks it, for every door alike

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_throttled(self._get_login_attempts_cache_key(request, **credentials))
            raise


def note_throttled(key, member=None):
    # What was typed as a name may be a password: it is not kept.
    if cache.add(f"throttled:{sha256(key.encode()).hexdigest()}", 1, TOLD_ONCE):
        journal.record(member, "session.throttled", "session")


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.",
        "cannot_generate_recovery_codes": "Choisissez d’abord un second facteur.",
    }

    def encrypt(self, text):
        return sealing.close(text)

    def decrypt(self, encrypted_text):
        return sealing.open_again(encrypted_text)

    def get_totp_label(self, user):
        return user.get_username()

    def get_totp_issuer(self):
        return "CROSS"

    def _get_user_identifier(self, user):
        return user.get_username()

    def get_public_key_credential_rp_entity(self):
        return {"id": context.request.get_host().partition(":")[0], "name": "CROSS"}

    def generate_authenticator_name(self, user, type):
        return "Clé d’accès"
