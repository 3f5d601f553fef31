"""The home page of each role, and the help."""

from django.shortcuts import render

from cross import gate
from cross.audit import journal
from cross.audit import reading as journal_reading
from intel import states
from intel.models.choices import Handling, InformationGrade, SourceGrade
from intel.reading import endings, home, meetings
from intel.reading.visits import news_of, since_of
from services.reading import withdrawals_to_confirm
from services.roles import DUTIES, Right, Role, may

# Role to what its page gathers and the template that draws it.
HOMES = {
    Role.ANALYST: (home.of_the_cell, "intel/home_cell.html"),
    Role.ANIMATOR: (home.of_the_cell, "intel/home_cell.html"),
    Role.LIAISON: (home.of_a_liaison, "intel/home_liaison.html"),
    Role.HEAD: (home.of_a_liaison, "intel/home_liaison.html"),
    Role.READER: (home.of_a_reader, "intel/home_reader.html"),
    Role.PREFECTURE: (home.of_the_prefecture, "intel/home_prefecture.html"),
    Role.PROSECUTOR: (home.of_a_reader, "intel/home_reader.html"),
    Role.GUEST: (home.of_a_reader, "intel/home_reader.html"),
    Role.PARTNER: (home.of_a_partner, "intel/home_partner.html"),
    Role.DPO: (lambda member, since: journal_reading.for_home(member), "intel/home_control.html"),
    Role.TECHNICAL: (
        lambda member, since: {"withdrawals_to_confirm": withdrawals_to_confirm(member)},
        "intel/home_control.html",
    ),
}


@gate.members
def home_page(request):
    if ending := endings.ending_of(request.user):
        context = {"member": request.user, "ending": ending}
        return render(request, "access_ended.html", context)
    gather, template = HOMES[Role(request.user.role)]
    if may(Right.READ)(request.user):
        # It shows the titles of the latest reports: a reading like any list.
        journal.record(request.user, "report.listed", "tableau de bord")
    gathered = gather(request.user, since_of(request.session))
    return render(request, template, gathered | {"next_meeting": meetings.next_of(request.user)})


@gate.lets(may(Right.READ), reads="report.listed")
def since_visit(request):
    """What is new to the member, as far as he may read it now."""
    news = news_of(request.user, since_of(request.session), request.GET)
    context = {
        "news": news,
        "page": news.page,
        "count": news.count.value,
        "count_capped": news.count.is_capped,
        "noun": "fiche,fiches",
    }
    return render(request, "intel/since_visit.html", context)


@gate.members
def help_page(request):
    context = {
        "duty": DUTIES[Role(request.user.role)],
        "roles": [(role.label, DUTIES[role], DUTIES[role].rights_in_words) for role in Role],
        "moves": [
            (state, states.moves_from(state)) for state in states.State if states.moves_from(state)
        ],
        "source_grades": SourceGrade.labels,
        "information_grades": InformationGrade.labels,
        "handling": Handling.labels,
    }
    return render(request, "intel/help_page.html", context)
