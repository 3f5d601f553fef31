"""Addresses: reports."""

from django.urls import path, register_converter

from intel.views import reports


class Reference:
    """CROSS-88-2026-0001: anything else under /renseignements/ is another page."""

    regex = r"CROSS-[0-9AB]{2,3}-[0-9]{4}-[0-9]{4,7}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(Reference, "reference")

urlpatterns = [
    path("renseignements/", reports.report_list, name="report_list"),
    path("renseignements/<reference:reference>/", reports.report_page, name="report_page"),
]
