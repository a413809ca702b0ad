from __future__ import annotations

from django.urls import path

from tangthu.community.views import collections, exhibitions, podcasts

app_name = "community"

urlpatterns = [
    path("collections/", collections.collections, name="collections"),
    path("collections/<slug:code>/", collections.collection, name="collection"),
    path("podcasts/", podcasts.podcasts, name="podcasts"),
    path("podcasts/<slug:code>/feed.xml", podcasts.feed, name="feed"),
    path("podcasts/<slug:code>/cover.jpg", podcasts.cover, name="podcast_cover"),
    path("exhibitions/", exhibitions.exhibitions, name="exhibitions"),
    path("exhibitions/<slug:slug>/", exhibitions.exhibition, name="exhibition"),
    path("desk/exhibitions/", exhibitions.desk, name="desk_exhibitions"),
    path("desk/exhibitions/new/", exhibitions.new, name="new_exhibition"),
    path("desk/exhibitions/<int:pk>/", exhibitions.compose, name="compose"),
    path("desk/exhibitions/<int:pk>/publish/", exhibitions.publish, name="publish_exhibition"),
    path("desk/exhibitions/<int:pk>/add/<str:kind>/", exhibitions.add, name="add_block"),
    path("desk/exhibitions/<int:pk>/<int:block>/", exhibitions.change, name="change_block"),
    path("desk/exhibitions/<int:pk>/<int:block>/move/", exhibitions.move, name="move_block"),
    path("desk/exhibitions/<int:pk>/<int:block>/back/", exhibitions.put_back, name="put_back"),
    path("desk/podcasts/", podcasts.desk, name="desk_podcasts"),
    path("desk/podcasts/new/", podcasts.new, name="new_podcast"),
    path("desk/podcasts/<int:pk>/", podcasts.change, name="podcast"),
]
