from __future__ import annotations

from django.urls import URLPattern, path

from tangthu.protocols.views import arks, oai, opds, sitemaps

app_name = "sharing"


def catalogue(prefix: str, version: int) -> list[URLPattern]:
    """Return the addresses of the catalogue in one version of OPDS."""
    told = {"version": version}
    name = f"opds{version}"
    return [
        path(prefix, opds.root, told, name=f"{name}_root"),
        path(f"{prefix}/browse/<slug:by>", opds.browse, told, name=f"{name}_browse"),
        path(f"{prefix}/publications", opds.publications, told, name=f"{name}_publications"),
        path(f"{prefix}/objects/<slug:name>", opds.publication, told, name=f"{name}_object"),
        path(f"{prefix}/shelf", opds.shelf, told, name=f"{name}_shelf"),
        path(f"{prefix}/borrow/<slug:name>", opds.borrow, told, name=f"{name}_borrow"),
        path(f"{prefix}/return/<int:pk>", opds.give_back, told, name=f"{name}_give_back"),
        path(f"{prefix}/unhold/<int:pk>", opds.unhold, told, name=f"{name}_unhold"),
    ]


urlpatterns = [
    path("oai", oai.oai, name="oai"),
    path("ark:<path:name>", arks.resolve, name="ark"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("opds/opensearch.xml", opds.opensearch, name="opensearch"),
    path("opds/authentication", opds.authentication, name="opds_authentication"),
    path("opds/token", opds.token, name="opds_token"),
    path("opds/page/<slug:name>", opds.page, name="opds_page"),
    path("opds/file/<slug:name>/<slug:file>", opds.file, name="opds_file"),
    path("opds/licence/<slug:name>", opds.licence, name="opds_licence"),
    *catalogue("opds", 1),
    *catalogue("opds/v2", 2),
]
