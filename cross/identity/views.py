"""Coming in and going out, one's second factors, one's open sign-ins."""

import json
from functools import partial

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from cross import gate
from cross.audit import journal
from cross.audit.journal import last_done_to
from cross.identity import again, connections, factors, forms, outside, proof, purposes
from cross.identity.again import AFTER_FACTOR
from cross.ui.back import own_path
from cross.ui.forms import render_form
from cross.ui.templatetags.words import counted


def _as_text(options):
    """What the script hands to the browser, for a `data-` attribute."""
    return json.dumps(dict(options))


# --- In and out ----------------------------------------------------------------------------------


class SignIn(LoginView):
    form_class = forms.SignInForm
    template_name = "identity/sign_in.html"

    def form_valid(self, form):
        self.request.session[purposes.SESSION] = purposes.said(form.cleaned_data)
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["next"] = own_path(
            self.request.POST.get("next") or self.request.GET.get("next", "")
        )
        context["passkeys"] = factors.can_use_passkeys(self.request)
        context["outside"] = outside.name()
        return context


class PasskeySignIn(LoginWebAuthnView):
    form_class = forms.PasskeySignInForm

    def form_valid(self, form):
        self.request.session[purposes.SESSION] = purposes.said(form.cleaned_data)
        return super().form_valid(form)

    def form_invalid(self, form):
        journal.record(None, "session.refused", "session")
        messages.error(
            self.request,
            "Cette clé d’accès n’ouvre aucun compte. Réessayez, ou prenez votre mot de passe.",
        )
        return redirect("account_login")


class SecondFactor(AuthenticateView):
    form_class = forms.CodeForm
    webauthn_form_class = forms.PasskeyForm
    template_name = "identity/second_factor.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        kinds = factors.kinds_of(self.stage.login.user)
        context["has_passkey"] = Authenticator.Type.WEBAUTHN in kinds
        context["options"] = _as_text(context["js_data"]["request_options"])
        return context


sign_in = gate.public(because="nobody has a right before signing in")(SignIn.as_view())
passkey_sign_in = gate.public(because="nobody has a right before signing in")(
    PasskeySignIn.as_view()
)
second_factor = gate.public(because="asked in the middle of a sign-in, refused without one")(
    SecondFactor.as_view()
)


@require_POST
@gate.public(because="gives up a sign-in that nobody has finished")
def start_again(request):
    clear_login(request)
    return redirect("account_login")


# --- By an outside identity ----------------------------------------------------------------------


@gate.public(because="nobody has a right before signing in")
def outside_leave(request):
    back = own_path(request.GET.get("next", ""))
    if not outside.name():
        raise Http404
    try:
        return outside.leave(request, back=back)
    except outside.Refused as refusal:
        return _refused_outside(request, refusal)


@gate.public(because="where the provider of identity sends back, checked there")
def outside_return(request):
    if not outside.name():
        raise Http404
    try:
        answer = outside.come_back(request)
        member, back = outside.member_of(answer.said), own_path(answer.back)
        if not request.user.is_authenticated:
            request.session[purposes.SESSION] = purposes.USUAL
            asks = f"{reverse('say_purpose')}?{urlencode({'next': back or '/'})}"
            return outside.sign_in(request, member, answer, asks)
        outside.prove_again(request, member, answer)
    except outside.Refused as refusal:
        return _refused_outside(request, refusal)
    again.renew(request)
    return redirect(back or "home")


def _refused_outside(request, refusal):
    member = request.user if request.user.is_authenticated else None
    journal.record(member, "session.outside_refused", "session", why=str(refusal))
    if member:
        messages.error(
            request,
            f"{outside.name()} n’a pas confirmé que c’est vous : rien n’a été fait. "
            "Recommencez, ou confirmez autrement.",
        )
        return redirect("home")
    messages.error(
        request,
        f"{outside.name()} n’a ouvert aucun compte. Connectez-vous par mot de passe, ou appelez "
        "l’administrateur technique.",
    )
    return redirect("account_login")


class SignOut(auth_views.LogoutView):
    """Out of here; then, for whoever came in by an outside identity, out of there."""

    def post(self, request, *args, **kwargs):
        way_out = outside.way_out_of(request)
        answer = super().post(request, *args, **kwargs)
        if not way_out:
            return answer
        # A page, not a redirection: forms may lead to our own pages only.
        context = {"way_out": way_out, "outside": outside.name()}
        return render(request, "identity/signing_out.html", context)


sign_out = gate.public(because="leaving needs no right")(SignOut.as_view())


class ChangePassword(auth_views.PasswordChangeView):
    form_class = forms.ChangePasswordForm
    success_url = reverse_lazy("password_change_done")

    @transaction.atomic
    def form_valid(self, form):
        request, former = self.request, self.request.session.session_key
        form.user.password_is_provisional = False  # saved with the password
        answer = super().form_valid(form)
        connections.follow(request, former)
        connections.end_all(request.user, by=request.user, but=request.session.session_key)
        journal.record(request.user, "member.password_changed", request.user)
        return answer


change_password = gate.enrolling(ChangePassword.as_view())
password_changed = gate.members(auth_views.PasswordChangeDoneView.as_view())


@gate.enrolling
def confirm_identity(request):
    """Asked before a page that leaves the house; then that page."""
    back = own_path(request.GET.get("next", ""))
    page = None if proof.is_fresh(request) else again.confirm(request, back=back)
    return redirect(back or "home") if page is None else page


# --- Why one reads -------------------------------------------------------------------------------


@gate.members
def say_purpose(request):
    """Of the session; of one record about persons when the address names it."""
    session, back = request.session, own_path(request.GET.get("next", ""))
    record = request.GET.get("fiche", "")[:60]
    of = forms.RecordPurposeForm if record else forms.PurposeForm
    form = of.read(request, initial=purposes.initial_of(session))
    said = (
        partial(purposes.say_of_record, session, record)
        if record
        else partial(purposes.say, session)
    )
    if form.carry_out(said):
        return redirect(back or "home")
    return render_form(request, "identity/purpose.html", form, record=record, back=back)


# --- One's second factors ------------------------------------------------------------------------


@gate.enrolling
def factor_list(request):
    context = {
        "held": factors.held_by(request.user),
        "must": proof.lacks_factor(request),
        "passkeys": factors.can_use_passkeys(request),
        "withdrawn": last_done_to("factor.withdrawn", request.user),
    }
    return render(request, "identity/factor_list.html", context)


class NewPasskey(AddWebAuthnView):
    form_class = forms.NewPasskeyForm
    template_name = "identity/new_passkey.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        options = passkeys.begin_registration(self.request.user, passwordless=True)
        context["form"] = kwargs.get("form") or self.get_form()
        context["options"] = _as_text(options)
        context["passkeys"] = factors.can_use_passkeys(self.request)
        return context

    @transaction.atomic
    def form_valid(self, form):
        answer = super().form_valid(form)
        _added(self.request, Authenticator.Type.WEBAUTHN)
        return answer


class NewApp(ActivateTOTPView):
    form_class = forms.AppForm
    template_name = "identity/new_app.html"

    def dispatch(self, request, *args, **kwargs):
        if Authenticator.Type.TOTP in factors.kinds_of(request.user):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form):
        answer = super().form_valid(form)
        _added(self.request, Authenticator.Type.TOTP)
        return answer


def _added(request, kind):
    """Whoever adds a factor has just shown that he holds it."""
    proof.given(request, proof.FACTOR, type=kind)
    journal.record(request.user, "factor.added", request.user, why=factors.KINDS[kind])
    messages.success(request, "Second facteur ajouté.")


new_passkey = gate.enrolling(NewPasskey.as_view(), fresh=True)
new_app = gate.enrolling(NewApp.as_view(), fresh=True)


@gate.enrolling(fresh=True)
def recovery_codes(request):
    """The codes, shown once; a POST draws ten others, and the former ones open no more."""
    if request.method == "POST":
        with transaction.atomic():
            recovery.generate_recovery_codes(request)
            journal.record(request.user, "factor.renewed", request.user, why="codes de secours")
        return redirect("mfa_view_recovery_codes")
    codes, may_show = recovery.view_recovery_codes(request)
    if codes is None:
        return redirect("mfa_index")
    unused = codes.get_unused_codes()
    context = {
        "codes": unused if may_show else [],
        "left": len(unused),
        "next": request.session.pop(AFTER_FACTOR, "") if may_show else "",
    }
    return render(request, "identity/recovery_codes.html", context)


@require_POST
@gate.hands(factors.own_factors, fresh=True)
def remove_factor(request, factor):
    if factors.is_last(factor) and settings.SECOND_FACTOR:
        messages.warning(
            request, "C’est votre seul second facteur : ajoutez-en un autre avant de le retirer."
        )
        return redirect("mfa_index")
    with transaction.atomic():
        delete_and_cleanup(request, factor)
        journal.record(
            request.user, "factor.removed", request.user, why=factors.KINDS[factor.type]
        )
    if not factors.kinds_of(request.user):
        proof.forget_factors(request)
    messages.success(request, "Second facteur retiré.")
    return redirect("mfa_index")


# --- One's open sign-ins -------------------------------------------------------------------------


@gate.lists(connections.open_connections)
def connection_list(request, found):
    context = {"connections": connections.listed(request.user, request.session.session_key)}
    return render(request, "identity/connection_list.html", context)


@require_POST
@gate.hands(connections.open_connections)
def end_connection(request, connection):
    if connection.session_key == request.session.session_key:
        return sign_out(request)
    connections.end([connection], by=request.user)
    messages.success(request, "Connexion fermée.")
    return redirect("connection_list")


@require_POST
@gate.members
def end_others(request):
    ended = connections.end_all(request.user, by=request.user, but=request.session.session_key)
    said = counted(ended, "connexion fermée,connexions fermées")
    messages.success(request, f"{said}." if ended else "Aucune autre connexion n’est ouverte.")
    return redirect("connection_list")
