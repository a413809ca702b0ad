from __future__ import annotations

import os
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = ["/healthz", "/staff/login", "/no/such/page", "/api/v1/openapi.json", "/desk/"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Server"] == "web"
    assert "X-Powered-By" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_no_page_may_run_script_of_its_own_text(client: Client, path: str) -> None:
    policy = directives(client.get(path).headers["Content-Security-Policy"])

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in " ".join(policy.values())


def test_cookies_are_out_of_reach_of_scripts(client: Client) -> None:
    cookies: SimpleCookie = client.get("/staff/login").cookies

    assert cookies
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in cookies.values())


def test_staff_pages_are_kept_by_no_cache(desk_client: Client) -> None:
    assert desk_client.get("/desk/").headers["Cache-Control"] == "private, no-store"


def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.serial
def test_with_https_nothing_is_left_to_warn_about(tmp_path: Path) -> None:
    environment = os.environ | {"TANGTHU_DATA": str(tmp_path), "TANGTHU_HTTPS": "1"}
    environment.pop("TANGTHU_SECRET_KEY", None)

    done = subprocess.run(
        [sys.executable, "-m", "tangthu.site.cli", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.serial
def test_with_https_cookies_are_secure_and_browsers_remember(tmp_path: Path) -> None:
    environment = os.environ | {"TANGTHU_DATA": str(tmp_path), "TANGTHU_HTTPS": "1"}
    script = """
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS.append("testserver")
from django.test import Client
plain = Client().get("/staff/login")
print(plain.status_code, plain["Location"])
answer = Client().get("/staff/login", headers={"X-Forwarded-Proto": "https"})
print(answer.status_code, answer["Strict-Transport-Security"])
print(*(f"{name} {cookie['secure']}" for name, cookie in sorted(answer.cookies.items())))
"""
    migrate = [sys.executable, "-m", "tangthu.site.cli", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=environment, check=True)

    told = subprocess.run(
        [sys.executable, "-c", script],
        env=environment | {"DJANGO_SETTINGS_MODULE": "tangthu.site.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert told[0] == "301 https://testserver/staff/login"
    assert told[1] == "200 max-age=31536000"
    assert told[2] == "__Host-csrf True"


def directives(policy: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: value for name, _, value in parts}
