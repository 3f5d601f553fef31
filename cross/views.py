"""What belongs to no room: signing in and out, and the page of an expired form."""

from django import forms
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from cross import gate
from cross.audit import journal
from cross.ui import session
from cross.ui.back import own_path
from cross.ui.forms import Form

PURPOSES = [
    ("Suivi courant de la cellule", "Suivi courant de la cellule"),
    ("Préparation d’une réunion", "Préparation d’une réunion"),
    ("Enquête ou procédure", "Enquête ou procédure"),
    ("Préparation d’une opération", "Préparation d’une opération"),
    ("Rédaction d’une note", "Rédaction d’une note"),
    ("Contrôle ou audit", "Contrôle ou audit"),
    ("Exploitation technique", "Exploitation technique"),
]


class SignInForm(Form, AuthenticationForm):
    """Name, password, and what the session is for: the journal repeats it on every reading."""

    purpose = forms.ChoiceField(
        label="Motif de la session",
        choices=PURPOSES,
        required=False,
        help_text="Inscrit au journal avec chacune de vos consultations.",
    )
    error_messages = {
        "invalid_login": (
            "Identifiant ou mot de passe inconnu. Vérifiez les majuscules, puis réessayez ; "
            "en cas d’oubli, appelez l’administrateur technique."
        ),
        "inactive": "Ce compte est fermé. Appelez l’administrateur technique.",
    }


class SignIn(auth_views.LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        answer = super().form_valid(form)
        self.request.session["purpose"] = form.cleaned_data["purpose"] or PURPOSES[0][0]
        return answer


class ChangePasswordForm(Form, PasswordChangeForm):
    """Drawn like any other form."""


class ChangePassword(auth_views.PasswordChangeView):
    form_class = ChangePasswordForm
    success_url = reverse_lazy("password_change_done")

    def form_valid(self, form):
        answer = super().form_valid(form)
        journal.record(self.request.user, "member.password_changed", self.request.user)
        return answer


sign_in = gate.public(because="nobody has a right before signing in")(SignIn.as_view())
sign_out = gate.public(because="leaving needs no right")(auth_views.LogoutView.as_view())
change_password = gate.members(ChangePassword.as_view())
password_changed = gate.members(auth_views.PasswordChangeDoneView.as_view())


@require_POST
@gate.members
def switch_shortcuts(request):
    """Single keys on or off, for a member whose assistive tool or habits they disturb."""
    member = request.user
    member.shortcuts = request.POST.get("shortcuts") == "on"
    member.save(update_fields=["shortcuts"])
    said = "activés" if member.shortcuts else "désactivés"
    messages.success(request, f"Raccourcis d’une seule touche {said}.")
    return redirect(own_path(request.POST.get("next", "")) or "home")


session_alive = gate.public(because="tells a page that its session is over, and nothing else")(
    session.session_state
)


@gate.public(because="the page that says a form has expired is shown before any right is known")
def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


@receiver(user_logged_in)
def note_sign_in(sender, request, user, **kwargs):
    journal.record(user, "session.opened", "session")


@receiver(user_logged_out)
def note_sign_out(sender, request, user, **kwargs):
    if user is not None:
        journal.record(user, "session.closed", "session")


@receiver(user_login_failed)
def note_refusal(sender, credentials, **kwargs):
    # The name that was typed may be a password typed in the wrong box: it is not kept.
    journal.record(None, "session.refused", "session")
