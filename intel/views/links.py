"""Around one report: its timeline and its links, each a part of the sheet or a page of its own."""

from django.shortcuts import render

from cross import gate
from intel import access
from intel.reading.links import links_of
from intel.reading.timeline import rows, timeline_of


@gate.hands(rows, by="reference", reads="report.read")
def report_timeline(request, report):
    context = {"report": report, "moments": timeline_of(report, request.user)}
    pages = ("intel/_report_timeline.html", "intel/report_timeline.html")
    return _drawn(request, "chronologie", pages, context)


@gate.hands(access.followed_reports, by="reference", reads="report.read")
def report_links(request, report):
    links = links_of(report, request.user)
    gate.shown_beside(request, "report.listed", report, links.reports)
    pages = ("intel/_report_links.html", "intel/report_links.html")
    return _drawn(request, "liens", pages, {"report": report, "links": links})


def _drawn(request, part, pages, context):
    """A fragment where the sheet asks for it, a page of its own everywhere else."""
    fragment, page = pages
    return render(request, fragment if request.htmx.target == part else page, context)
