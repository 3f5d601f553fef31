"""Addresses: what is asked and answered about reports, and to whom else they are open."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import accords, invitations, requests, shares

urlpatterns = [
    path("demandes/", requests.request_list, name="request_list"),
    path("demandes/acces/", requests.ask_access, name="ask_access"),
    path(
        "demandes/acces/<uuid:key>/", requests.decide_access_request, name="decide_access_request"
    ),
    path(
        "demandes/acces/<uuid:key>/retirer/",
        requests.withdraw_access_request,
        name="withdraw_access_request",
    ),
    path(f"{ONE}accord/", accords.ask_accord, name="ask_accord"),
    path("demandes/accords/<uuid:key>/", accords.decide_accord, name="decide_accord"),
    path("demandes/accords/<uuid:key>/retirer/", accords.withdraw_accord, name="withdraw_accord"),
    path(f"{ONE}inviter/", invitations.invite_guest, name="invite_guest"),
    path("invitations/<uuid:key>/prolonger/", invitations.prolong_invitation,
         name="prolong_invitation"),
    path("invitations/<uuid:key>/terminer/", invitations.end_invitation, name="end_invitation"),
    path(f"{ONE}partager/", shares.share_report, name="share_report"),
    path("partages/<uuid:key>/terminer/", shares.end_share, name="end_share"),
    path("renseignements/partages/", shares.shared_list, name="shared_list"),
]  # fmt: skip
