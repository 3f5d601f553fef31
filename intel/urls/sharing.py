"""Addresses: who sees a report, and how much each service shares."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import sharing

urlpatterns = [
    path(f"{ONE}diffusion/", sharing.restrict_report, name="restrict_report"),
    path(f"{ONE}diffusion/apercu/", sharing.preview_restriction, name="preview_restriction"),
    path(f"{ONE}diffusion/prolonger/", sharing.renew_restriction, name="renew_restriction"),
    path(f"{ONE}lever-restriction/", sharing.release_report, name="release_report"),
    path("levees/<uuid:key>/confirmer/", sharing.confirm_release, name="confirm_release"),
    path("levees/<uuid:key>/refuser/", sharing.decline_release, name="decline_release"),
    path("levees/<uuid:key>/retirer/", sharing.withdraw_release, name="withdraw_release"),
    path("restrictions/", sharing.restriction_list, name="restriction_list"),
    path("diffusion/", sharing.openness_page, name="openness_page"),
]
