"""Addresses: one prefix a portal."""

from django.urls import include, path

from config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("account/email/", views.closed, name="account_email"),
    path("account/confirm-email/", views.closed, name="account_email_verification_sent"),
    path("account/confirm-email/<str:key>/", views.closed, name="account_confirm_email"),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("portal_customer.urls", namespace="customer")),
    path("staff/", include("portal_staff.urls", namespace="staff")),
    path("in/", include("integrations.urls", namespace="integrations")),
    path("ui/", include("ui.urls", namespace="ui")),
]
