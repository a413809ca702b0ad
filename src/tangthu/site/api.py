"""The REST API: the apps' routers under one roof, its problem documents (RFC 9457)."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(
    title="Tàng Thư", version="1", urls_namespace="api", openapi_url="openapi.json", docs_url=None
)
