"""The map: one include per room."""

from django.urls import include, path

from cross import gate, views
from cross.health import health
from cross.ui import gallery

urlpatterns = [
    path("", include("intel.urls")),
    path("", include("protocols.urls")),
    path("", include("services.urls")),
    path("", include("cross.audit.urls")),
    path("connexion/", views.sign_in, name="login"),
    path("deconnexion/", views.sign_out, name="logout"),
    path("session/", views.session_alive, name="session_alive"),
    path("compte/mot-de-passe/", views.change_password, name="password_change"),
    path("compte/mot-de-passe/change/", views.password_changed, name="password_change_done"),
    path("compte/raccourcis/", views.switch_shortcuts, name="switch_shortcuts"),
    path("interface/", gate.members(gallery.gallery), name="gallery"),
    path(
        "healthz",
        gate.public(because="a load balancer has no account; it learns up or down")(health),
        name="health",
    ),
]
