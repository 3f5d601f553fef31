"""The directory, the accounts, and the corrections of zone and court."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from cross import gate
from cross.ui import keyset
from cross.ui.forms import render_form
from services import access, actions, reading
from services.forms import CommuneForm, MemberForm, UnitMemberForm
from services.roles import DUTIES, GIVEN_BY_HEADS, Right, Role, may

ROWS = 50


@gate.members
def service_list(request):
    context = {
        "services": reading.directory(request.user),
        "corrected": reading.corrected_communes(request.user),
        "may_correct": may(Right.ADMIT)(request.user),
        "may_manage": may(Right.ACCOUNTS)(request.user),
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
    }
    return render(request, "services/member_list.html", context)


@gate.lets(may(Right.ACCOUNTS))
def new_member(request):
    units = access.manageable_units(request.user).order_by("sort_key", "pk")
    form = MemberForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        member = _told(form, lambda: actions.open_account(by=request.user, **form.cleaned_data))
        if member:
            messages.success(request, f"Compte ouvert pour {member.get_full_name()}.")
            return redirect("member_list")
    return render_form(request, "services/member_form.html", form)


@gate.hands(access.manageable_members)
def change_member(request, member):
    units = access.manageable_units(request.user).order_by("sort_key", "pk")
    form = MemberForm(request.POST or None, instance=member, units=units)
    if request.method == "POST" and form.is_valid():
        done = _told(
            form,
            lambda: actions.change_account(member, by=request.user, **form.cleaned_data),
        )
        if done:
            messages.success(request, f"Compte de {member.get_full_name()} modifié.")
            return redirect("member_list")
    return render_form(request, "services/member_form.html", form, member=member)


# --- One's own unit ---------------------------------------------------------------------------


@gate.lets(may(Right.MANAGE_UNIT))
def own_unit(request):
    context = {
        "members": reading.unit_members(request.user),
        "given": [(role.label, DUTIES[role]) for role in GIVEN_BY_HEADS],
    }
    return render(request, "services/own_unit.html", context)


@gate.lets(may(Right.MANAGE_UNIT))
def new_unit_member(request):
    form = UnitMemberForm(request.POST or None, head=request.user)
    if request.method == "POST" and form.is_valid():
        member = _told(
            form,
            lambda: actions.open_account(
                by=request.user, unit=request.user.unit, **form.cleaned_data
            ),
        )
        if member:
            messages.success(request, f"Compte ouvert pour {member.get_full_name()}.")
            return redirect("own_unit")
    return render_form(request, "services/unit_member_form.html", form)


@gate.hands(access.keepable_members)
def change_unit_member(request, member):
    form = UnitMemberForm(request.POST or None, instance=member, head=request.user)
    if request.method == "POST" and form.is_valid():
        done = _told(
            form,
            lambda: actions.change_account(member, by=request.user, **form.cleaned_data),
        )
        if done:
            messages.success(request, f"Compte de {member.get_full_name()} modifié.")
            return redirect("own_unit")
    return render_form(request, "services/unit_member_form.html", form, member=member)


@gate.hands(access.correctable_communes, by="code")
def correct_commune(request, commune):
    initial = {
        "zone": commune.zone_override or "",
        "court": commune.court_override_id,
        "reason": commune.override_reason,
    }
    courts = reading.courts_around(commune)
    form = CommuneForm(request.POST or None, initial=initial, courts=courts)
    if request.method == "POST" and form.is_valid():
        actions.correct_commune(commune, by=request.user, **form.cleaned_data)
        messages.success(request, f"Compétences corrigées pour {commune.name}.")
        return redirect("service_list")
    return render_form(request, "services/commune_form.html", form, commune=commune)


def _told(form, act):
    """The result of an action, or None with its sentences beside the fields they speak of."""
    try:
        return act()
    except ValidationError as error:
        form.tell(error)
        return None
