"""The directory, the accounts, the corrections of zone and court, and when beat works."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cross import gate
from cross.identity import connections, factors
from cross.outbox import schedule
from cross.ui import keyset
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import counted, listed
from services import access, actions, reading
from services.forms import (
    CommuneForm,
    DeclineForm,
    MemberForm,
    ScheduleForm,
    UnitMemberForm,
    WithdrawForm,
)
from services.roles import DUTIES, GIVEN_BY_HEADS, Right, Role, may

ROWS = 50


@gate.members
def service_list(request):
    context = {
        "services": reading.directory(request.user),
        "corrected": reading.corrected_communes(request.user),
        "neighbourhoods": reading.neighbourhoods(request.user),
        "may_correct": may(Right.ADMIT)(request.user),
        "may_manage": may(Right.ACCOUNTS)(request.user),
        "to_confirm": reading.withdrawals_to_confirm(request.user),
    }
    return render(request, "services/service_list.html", context)


@gate.lets(may(Right.ACCOUNTS))
def member_list(request):
    members = access.manageable_members(request.user).select_related("unit")
    if text := request.GET.get("q", "").replace("\0", "").strip()[:80]:
        members = members.filter(last_name__icontains=text)
    context = {
        "page": keyset.page_of(members, request.GET, keys=("id",), size=ROWS),
        "count": members.count(),
        "noun": "compte",
        "roles": [(role.label, DUTIES[role]) for role in Role],
        "to_confirm": reading.withdrawals_to_confirm(request.user),
    }
    return render(request, "services/member_list.html", context)


@gate.lets(may(Right.ACCOUNTS))
def new_member(request):
    form = MemberForm.read(request, units=_units(request.user))
    return _open(request, form, "services/member_form.html", back="member_list")


@gate.hands(access.manageable_members)
def change_member(request, member):
    form = MemberForm.read(request, instance=member, units=_units(request.user))
    return _change(request, form, "services/member_form.html", back="member_list")


def _units(member):
    return access.manageable_units(member).order_by("sort_key", "pk")


def _open(request, form, template, *, back, **given):
    """An account opened with what was typed and what is `given`, then the list it stands in."""
    if form.carry_out(lambda **said: actions.open_account(by=request.user, **given, **said)):
        messages.success(request, f"Compte ouvert pour {form.instance.get_full_name()}.")
        return redirect(back)
    return render_form(request, template, form)


def _change(request, form, template, *, back):
    member = form.instance
    if form.carry_out(lambda **said: actions.change_account(member, by=request.user, **said)):
        messages.success(request, f"Compte de {member.get_full_name()} modifié.")
        return redirect(back)
    open_now = connections.open_connections(member).count()
    return render_form(request, template, form, member=member, open_now=open_now)


@require_POST
@gate.hands(access.helped_members)
def end_connections_of(request, member):
    """A workstation was left open, a telephone is stolen: the account itself stays open."""
    rows = list(connections.open_connections(member).select_related("user"))
    done = connections.end(rows, by=request.user, why="fermée depuis son compte")
    said = counted(done, "connexion fermée,connexions fermées")
    messages.success(request, f"{member.get_full_name()} : {said}.")
    everywhere = may(Right.ACCOUNTS)(request.user)
    return redirect("change_member" if everywhere else "change_unit_member", pk=member.pk)


# --- One's own unit ---------------------------------------------------------------------------


@gate.lets(may(Right.MANAGE_UNIT))
def own_unit(request):
    context = {
        "members": reading.unit_members(request.user),
        "given": [(role.label, DUTIES[role]) for role in GIVEN_BY_HEADS],
        "to_confirm": reading.withdrawals_to_confirm(request.user),
    }
    return render(request, "services/own_unit.html", context)


@gate.lets(may(Right.MANAGE_UNIT))
def new_unit_member(request):
    form = UnitMemberForm.read(request, head=request.user)
    template, unit = "services/unit_member_form.html", request.user.unit
    return _open(request, form, template, back="own_unit", unit=unit)


@gate.hands(access.keepable_members)
def change_unit_member(request, member):
    form = UnitMemberForm.read(request, instance=member, head=request.user)
    return _change(request, form, "services/unit_member_form.html", back="own_unit")


# --- A lost factor ----------------------------------------------------------------------------


@gate.hands(access.helped_members, fresh=True)
def withdraw_factors(request, member):
    """First person: says why, and the password that the member will be told."""
    form = WithdrawForm.read(request, member=member)
    made = []
    if form.carry_out(
        lambda **said: made.append(actions.ask_withdrawal(member, by=request.user, **said))
    ):
        messages.success(
            request,
            f"Demandé pour {member.get_full_name()} : rien ne change avant qu’une seconde "
            f"personne ait confirmé. {_whom_to_call(made[0])}",
        )
        return redirect("withdrawal_list")
    back = "member_list" if may(Right.ACCOUNTS)(request.user) else "own_unit"
    return render_form(
        request,
        "services/withdraw_factors.html",
        form,
        member=member,
        held=factors.held_in_words(member),
        cancel_url=reverse(back),
        submit_label="Demander le retrait",
    )


def _whom_to_call(asked):
    people = reading.second_persons(asked)
    if not people:
        return (
            "Personne ne peut confirmer aujourd’hui : faites ouvrir le compte d’une seconde "
            "personne qui tienne les comptes."
        )
    named = [
        f"{each.get_full_name()} ({each.phone})" if each.phone else each.get_full_name()
        for each in people
    ]
    return f"Appelez qui peut confirmer : {listed(named)}."


@gate.lets(access.confirms, reads="factor.withdrawals")
def withdrawal_list(request):
    """What waits for a second person, and what one has asked oneself."""
    context = {
        "waiting": access.waiting_withdrawals(request.user)[:ROWS],
        "own": access.own_withdrawals(request.user)[:ROWS],
    }
    return render(request, "services/withdrawal_list.html", context)


@require_POST
@gate.hands(access.waiting_withdrawals, by="key", fresh=True)
def confirm_withdrawal(request, asked):
    had_outside = bool(asked.member.outside_identity)
    with telling_refusals(request):
        actions.confirm_withdrawal(asked, by=request.user)
        messages.success(
            request,
            f"Second facteur de {asked.member.get_full_name()} retiré : il en choisira un autre à "
            "sa prochaine connexion, avec le mot de passe provisoire."
            + (" Son identité extérieure est à écrire de nouveau." if had_outside else ""),
        )
    return redirect("withdrawal_list")


@gate.hands(access.waiting_withdrawals, by="key")
def decline_withdrawal(request, asked):
    form = DeclineForm.read(request)
    if form.carry_out(lambda **said: actions.decline_withdrawal(asked, by=request.user, **said)):
        messages.success(request, "Retrait refusé : le compte reste comme il est.")
        return redirect("withdrawal_list")
    return render_form(
        request,
        "services/decline_withdrawal.html",
        form,
        asked=asked,
        cancel_url=reverse("withdrawal_list"),
        submit_label="Refuser",
    )


@require_POST
@gate.hands(access.own_withdrawals, by="key")
def take_withdrawal_back(request, asked):
    with telling_refusals(request):
        actions.take_withdrawal_back(asked, by=request.user)
        messages.success(request, "Demande retirée.")
    return redirect("withdrawal_list")


# --- Communes ---------------------------------------------------------------------------------


@gate.hands(access.correctable_communes, by="code")
def correct_commune(request, commune):
    initial = {
        "zone": commune.zone_override or "",
        "court": commune.court_override_id,
        "reason": commune.override_reason,
    }
    courts = reading.courts_around(commune)
    form = CommuneForm.read(request, initial=initial, courts=courts)
    if form.carry_out(lambda **said: actions.correct_commune(commune, by=request.user, **said)):
        messages.success(request, f"Compétences corrigées pour {commune.name}.")
        return redirect("service_list")
    return render_form(request, "services/commune_form.html", form, commune=commune)


# --- When beat works --------------------------------------------------------------------------


@gate.lets(may(Right.ACCOUNTS))
def schedule_page(request):
    return render(request, "services/schedule_page.html", {"planned": schedule.planned()})


@gate.lets(may(Right.ACCOUNTS))
def change_schedule(request, name):
    work = schedule.one_planned(name)
    if work is None:
        raise Http404
    form = ScheduleForm.read(request, initial={"when": work.now, "is_on": work.is_on})
    if form.carry_out(lambda **said: schedule.change(name, by=request.user, **said)):
        messages.success(request, f"Horaire enregistré : {work.title}.")
        return redirect("schedule_page")
    return render_form(
        request,
        "services/schedule_form.html",
        form,
        work=work,
        cancel_url=reverse("schedule_page"),
    )
