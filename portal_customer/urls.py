"""Addresses of the client's side."""

from django.urls import path

from portal_customer.views import (
    decisions,
    documents,
    drafts,
    home,
    messages,
    orders,
    preferences,
    rating,
    requests,
    urging,
)

app_name = "customer"

urlpatterns = [
    path("home/", home.home, name="home"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/cancel/", orders.cancel, name="cancel"),
    path("orders/<str:number>/as-client/", orders.client_preview, name="preview"),
    path("orders/<str:number>/urge/", urging.urge, name="urge"),
    path("orders/<str:number>/rate/", rating.rate, name="rate"),
    path("orders/<str:number>/rate/words/", rating.explain, name="explain_rating"),
    path("orders/<str:number>/messages/", messages.send, name="message"),
    path("orders/<str:number>/requests/<uuid:task>/", requests.answer, name="answer"),
    path("new/<slug:product>/", drafts.new_order, name="new_order"),
    path("drafts/<uuid:draft>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft>/check/", drafts.check, name="check"),
    path("drafts/<uuid:draft>/submit/", drafts.submit, name="submit"),
    path("drafts/<uuid:draft>/discard/", drafts.discard, name="discard"),
    path("documents/<uuid:document>/", documents.download, name="document"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<uuid:item>/", decisions.decision, name="decision"),
    path("preferences/", preferences.preferences, name="preferences"),
]
