"""The map: one include per room."""

from django.urls import include, path

from cross import gate, refusals, views
from cross.health import health
from cross.ui import gallery

urlpatterns = [
    path("", include("intel.urls")),
    path("", include("protocols.urls")),
    path("", include("services.urls")),
    path("", include("cross.audit.urls")),
    path("", include("cross.identity.urls")),
    path("session/", views.session_alive, name="session_alive"),
    path("compte/raccourcis/", views.switch_shortcuts, name="switch_shortcuts"),
    path("interface/", gate.members(gallery.gallery), name="gallery"),
    path("navigateur/refus/", refusals.browser_refusals, name="browser_refusals"),
    path(
        "healthz",
        gate.public(because="a load balancer has no account; it learns up or down")(health),
        name="health",
    ),
]

handler500 = "cross.breakdown.breakdown"
