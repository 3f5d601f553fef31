"""Addresses: reports."""

from django.urls import path, register_converter

from intel.views import attachments, moves, reports, writing


class Reference:
    """CROSS-88-2026-48213: anything else under /renseignements/ is another page."""

    regex = r"CROSS-[0-9AB]{2,3}-[0-9]{4}-[1-9][0-9]{4,6}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(Reference, "reference")

ONE = "renseignements/<reference:reference>/"

urlpatterns = [
    path("renseignements/", reports.report_list, name="report_list"),
    path(ONE, reports.report_page, name="report_page"),
    path(f"{ONE}versions/", reports.report_versions, name="report_versions"),
    path(f"{ONE}imprimer/", reports.print_report, name="print_report"),
    path(f"{ONE}etape/", moves.move_report, name="move_report"),
    path(f"{ONE}annuler-etape/", moves.undo_move, name="undo_move"),
    path(f"{ONE}effacer/", moves.discard_report, name="discard_report"),
    path(f"{ONE}commentaire/", writing.comment_report, name="comment_report"),
    path(f"{ONE}cotation/", writing.grade_report, name="grade_report"),
    path(f"{ONE}identifiants/", writing.confirm_identifier, name="confirm_identifier"),
    path("identifiants/<uuid:key>/retirer/", writing.remove_identifier, name="remove_identifier"),
    path(f"{ONE}validite/", writing.set_validity, name="set_validity"),
    path(f"{ONE}pieces/", attachments.attach_file, name="attach_file"),
    path("pieces/<uuid:key>/", attachments.attachment_page, name="attachment_page"),
    path("pieces/<uuid:key>/apercu/", attachments.preview_attachment, name="preview_attachment"),
    path("pieces/<uuid:key>/liberer/", attachments.release_attachment, name="release_attachment"),
    path("pieces/<uuid:key>/retirer/", attachments.remove_attachment, name="remove_attachment"),
]
