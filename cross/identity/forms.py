"""What is typed to come in, and to prove again who one is."""

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgain
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, get_totp_secret
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.cache import cache
from django.core.exceptions import ValidationError

from cross.identity import sealing
from cross.identity.adapters import FactorAdapter, note_throttled
from cross.identity.purposes import LONGEST, PURPOSES
from cross.ui.forms import ActionForm, Form

# Longer than the time during which a code of the application opens (MFA_TOTP_TOLERANCE).
CODE_REMEMBERED = 150  # seconds


def _password(**said):
    return forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        **said,
    )


class PurposeFields(Form):
    """The two fields, for the form that asks them."""

    purpose = forms.ChoiceField(
        label="Motif", choices=[(each, each) for each in PURPOSES], required=False
    )
    detail = forms.CharField(
        label="Précision",
        required=False,
        max_length=LONGEST,
        help_text="Un numéro de procédure ou d’opération, jamais le nom d’une personne.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SignInForm(PurposeFields, LoginForm):
    """Name, password, and what the session is for: the journal repeats it on every reading."""

    password = _password()
    field_order = ("login", "password", "purpose", "detail")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.fields["login"]
        name.label = "Identifiant"
        name.widget = forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
        name.widget.attrs["class"] = "fr-input"
        self.fields["purpose"].label = "Motif de la session"
        self.fields["purpose"].help_text = "Inscrit au journal avec chacune de vos consultations."
        self.order_fields(self.field_order)


class ChangePasswordForm(Form, PasswordChangeForm):
    """Drawn like any other form."""

    def clean(self):
        cleaned = super().clean()
        chosen = self.cleaned_data.get("new_password1")
        if self.user.password_is_provisional and chosen and self.user.check_password(chosen):
            self.add_error(
                "new_password1", "Choisissez-en un autre : celui-ci, on vous l’a donné."
            )
        return cleaned


# --- Codes ---------------------------------------------------------------------------------------


class CodeFields(Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Six chiffres de votre application, ou un code de secours.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Écrivez le code."},
    )


class Once:
    """A code of the application opens once, however long it would still be good."""

    def clean_code(self):
        try:
            with sealing.of(self.user):
                code = super().clean_code()
        except ValidationError as refusal:
            if refusal.code == "too_many_login_attempts":
                note_throttled(f"code-{self.user.pk}", self.user)
            raise
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_app and not first_use(self.user, code):
            raise FactorAdapter().validation_error("incorrect_code")
        return code


def first_use(member, code):
    digits = "".join(filter(str.isdigit, code))
    return cache.add(f"code-used:{member.pk}:{digits}", 1, CODE_REMEMBERED)


class CodeForm(Once, CodeFields, AuthenticateForm):
    """The second factor of a sign-in, typed."""


class CodeAgainForm(Once, CodeFields, ReauthenticateForm):
    """The same, by somebody who is signed in."""


class AppForm(CodeFields, ActivateTOTPForm):
    """The first code of an application, which shows that it holds the secret."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._keep_secret_sealed()
        self.fields["code"].help_text = "Les six chiffres que l’application affiche."

    def _keep_secret_sealed(self):
        """allauth leaves in the session the secret that it has just drawn, and reads it there."""
        opened = sealing.open_from_session(self.secret, self.user) if self.is_bound else ""
        if opened:
            self.secret = opened
            return
        if self.is_bound:  # that of nobody, or of somebody else: another one is shown
            self.secret = get_totp_secret(regenerate=True)
        held = sealing.close_in_session(self.secret, self.user)
        context.request.session[SECRET_SESSION_KEY] = held

    def clean_code(self):
        code = super().clean_code()
        first_use(self.user, code)
        return code


# --- Passkeys ------------------------------------------------------------------------------------


class PasskeyFields(Form):
    """The answer of the browser, put there by `static/js/passkey.js`."""

    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Le navigateur n’a pas demandé votre clé d’accès. Réessayez.",
            "invalid": "Le navigateur n’a pas su lire votre clé d’accès. Réessayez.",
        },
    )


class PasskeyForm(PasskeyFields, AuthenticateWebAuthnForm):
    """The second factor of a sign-in, by a passkey."""


class PasskeyAgainForm(PasskeyFields, ReauthenticateWebAuthnForm):
    """The same, by somebody who is signed in."""


class PasskeySignInForm(PurposeFields, PasskeyFields, LoginWebAuthnForm):
    """A sign-in by a passkey alone, which asks a finger or a code of its own."""


class NewPasskeyForm(PasskeyFields, AddWebAuthnForm):
    """A passkey is asked to hold the name of its member, and to know him."""

    name = forms.CharField(
        label="Nom de la clé",
        max_length=60,
        required=False,
        help_text="Pour la reconnaître : « ordinateur du bureau », « clé USB bleue »…",
    )
    # It opens the door alone: allauth refuses one that did not ask for a finger or a code.
    passwordless = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def clean_passwordless(self):
        return True


class PasswordAgainForm(Form, PasswordAgain):
    """The password again, of somebody who has no second factor."""

    password = _password()


# --- Why one reads ------------------------------------------------------------------------------


class PurposeForm(PurposeFields, ActionForm):
    """The purpose of what one reads from now on."""

    marks_optional = False


class RecordPurposeForm(PurposeForm):
    """The purpose of one record about persons."""

    held = forms.BooleanField(
        label="Garder ce motif une heure pour les autres fiches",
        required=False,
        initial=True,
    )
    field_order = ("purpose", "detail", "held")
