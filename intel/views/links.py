"""Around one report: its timeline and its links, each a part of the sheet or a page of its own."""

from django.shortcuts import render

from cross import gate
from intel import access
from intel.reading.links import links_of
from intel.reading.timeline import rows, timeline_of


@gate.hands(rows, by="reference", reads="report.read")
def report_timeline(request, report):
    context = {"report": report, "moments": timeline_of(report, request.user)}
    return _drawn(request, "chronologie", "timeline", context)


@gate.hands(access.followed_reports, by="reference", reads="report.read")
def report_links(request, report):
    links = links_of(report, request.user)
    gate.shown_beside(request, "report.listed", report, links.reports)
    return _drawn(request, "liens", "links", {"report": report, "links": links})


def _drawn(request, part, name, context):
    """A fragment where the sheet asks for it, a page of its own everywhere else."""
    is_fragment = request.htmx.target == part
    template = f"intel/_report_{name}.html" if is_fragment else f"intel/report_{name}.html"
    return render(request, template, context)
