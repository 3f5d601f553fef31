"""Addresses of signing in. allauth looks for its own by their names: those stay in English."""

from django.urls import path

from cross.identity import views

urlpatterns = [
    path("connexion/", views.sign_in, name="account_login"),
    path("connexion/cle/", views.passkey_sign_in, name="mfa_login_webauthn"),
    path("connexion/second-facteur/", views.second_factor, name="mfa_authenticate"),
    path("connexion/recommencer/", views.start_again, name="start_again"),
    path("connexion/confirmer/", views.confirm_identity, name="confirm_identity"),
    path("connexion/identite/", views.outside_leave, name="outside_leave"),
    path("connexion/identite/retour/", views.outside_return, name="outside_return"),
    path("compte/motif/", views.say_purpose, name="say_purpose"),
    path("deconnexion/", views.sign_out, name="logout"),
    path("compte/mot-de-passe/", views.change_password, name="password_change"),
    path("compte/mot-de-passe/change/", views.password_changed, name="password_change_done"),
    path("compte/second-facteur/", views.factor_list, name="mfa_index"),
    path("compte/second-facteur/cle/", views.new_passkey, name="mfa_add_webauthn"),
    path("compte/second-facteur/application/", views.new_app, name="mfa_activate_totp"),
    path("compte/second-facteur/codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("compte/second-facteur/<int:pk>/retirer/", views.remove_factor, name="remove_factor"),
    path("compte/connexions/", views.connection_list, name="connection_list"),
    path("compte/connexions/fermer/", views.end_others, name="end_others"),
    path("compte/connexions/<int:pk>/fermer/", views.end_connection, name="end_connection"),
]
