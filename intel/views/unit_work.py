"""What a unit keeps for itself about a report: a part of the sheet, and a page of its own."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import telling_refusals
from intel import access
from intel.actions import unit_work as actions
from intel.forms.unit_work import NoteForm, TaskForm
from intel.reading import unit_work as reading

PART, CARD = "travail", "travail-titre"
NOTE, TASK = "note_%s", "tache_%s"  # two forms on one page: no identifier twice


@gate.hands(access.worked_reports, by="reference", reads="unit_work.read")
def unit_work(request, report):
    if request.htmx.target == PART:
        return render(request, "intel/_unit_work.html", _context(request, report))
    return _page(request, report)


def _context(request, report):
    return {
        "report": report,
        "work": reading.work_on(report, request.user),
        "may_work": access.works_on(report, request.user),
    }


def _page(request, report, **sent):
    context = _context(request, report)
    if context["may_work"]:
        context |= {"note_form": NoteForm(auto_id=NOTE), "task_form": _task_form(request, report)}
    context |= sent
    status = 422 if any(form.errors for form in sent.values()) else 200
    return render(request, "intel/unit_work.html", context, status=status)


TYPED = {"note_form": ("text",), "task_form": ("what", "to", "until")}


def _typed_beside(request, name, make):
    """The other form of the page, drawn again with what was being typed in it, if anything."""
    said = {field: request.POST.get(field, "") for field in TYPED[name]}
    begun = any(value.strip() for field, value in said.items() if field != "to")
    return {name: make({"initial": said})} if begun else {}


def _task_form(request, report, data=None, **more):
    return TaskForm(
        data,
        auto_id=TASK,
        **more,
        colleagues=access.colleagues(request.user).order_by("last_name", "pk"),
        units=access.units_in_charge(report, request.user),
    )


def _back(report):
    return redirect(f"{report.get_absolute_url()}#{CARD}")


@require_POST
@gate.hands(access.workable_reports, by="reference", reads="unit_work.read")
def add_note(request, report):
    form = NoteForm(request.POST, auto_id=NOTE)
    typed = _typed_beside(request, "task_form", lambda said: _task_form(request, report, **said))
    if form.carry_out(lambda **said: actions.note(report, by=request.user, **said)):
        readers = f"seuls les agents de votre unité ({request.user.unit}) la lisent."
        messages.success(request, f"Note ajoutée\u00a0: {readers}")
        return _page(request, report, **typed) if typed else _back(report)
    return _page(request, report, note_form=form, **typed)


@require_POST
@gate.hands(access.removable_notes, by="key")
def remove_note(request, note):
    report = note.report
    with telling_refusals(request):
        actions.remove_note(note, by=request.user)
        messages.success(request, "Note retirée.")
    return _back(report)


@require_POST
@gate.hands(access.workable_reports, by="reference", reads="unit_work.read")
def give_task(request, report):
    form = _task_form(request, report, request.POST)
    typed = _typed_beside(request, "note_form", lambda said: NoteForm(auto_id=NOTE, **said))
    if form.carry_out(lambda **said: actions.give(report, by=request.user, **said)):
        messages.success(request, "Tâche ajoutée.")
        return _page(request, report, **typed) if typed else _back(report)
    return _page(request, report, task_form=form, **typed)


@require_POST
@gate.hands(access.doable_tasks, by="key")
def finish_task(request, task):
    """One button, both ways: done, or to be taken up again."""
    again = "reprendre" in request.POST
    with telling_refusals(request):
        (actions.reopen if again else actions.finish)(task, by=request.user)
        messages.success(request, "Tâche reprise." if again else "Tâche faite.")
    return _back(task.report)


@require_POST
@gate.hands(access.removable_tasks, by="key")
def remove_task(request, task):
    with telling_refusals(request):
        actions.remove_task(task, by=request.user)
        messages.success(request, "Tâche retirée.")
    return _back(task.report)
