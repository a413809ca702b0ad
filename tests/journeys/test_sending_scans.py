"""A large scan on a bad line: the protocol's own client is killed half way and goes on later."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.journeys.conftest import PASSWORDS, ROOT
from tests.support.serving import Served, eventually

pytestmark = pytest.mark.browser

CLIENT = ROOT / "tests/repository/tus-client.mjs"
PIECE = 256 * 1024


@pytest.fixture
def cataloguer(served: Served):
    """A member of staff who is logged in, without a browser."""
    with httpx.Client(base_url=served.address, follow_redirects=True, timeout=30) as client:
        client.get("/staff/login")
        told = {"username": "cataloguer", "password": PASSWORDS["cataloguer"]}
        client.post("/staff/login", data=told | token_of(client))
        yield client


def token_of(client: httpx.Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": client.cookies["csrf"]}


def new_object(client: httpx.Client) -> str:
    page = client.get("/desk/digital/new/").text
    library = re.search(r'<option value="(\d+)"[^>]*selected', page) or re.search(
        r'name="library" value="(\d+)"', page
    )
    assert library is not None
    told = {
        "title": "Bản đồ lớn gửi qua mạng yếu [DEMO]",
        "kind": "page_images",
        "library": library[1],
        "access": "staff",
        "restriction": "none",
    }
    answer = client.post("/desk/digital/new/", data=told | token_of(client))
    return str(answer.url).rstrip("/").rpartition("/")[2]


def sender(client: httpx.Client, scan: Path, store: Path, identifier: str):
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {"Cookie": cookies, "X-CSRFToken": client.cookies["csrf"]}
    told = {"filename": scan.name, "object": identifier}
    address = f"{client.base_url}/desk/digital/uploads/".replace("//desk", "/desk")
    arguments = [address, str(scan), str(store), json.dumps(headers), json.dumps(told)]
    return subprocess.Popen(
        ["node", str(CLIENT), *arguments, str(PIECE)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_an_upload_killed_half_way_goes_on_where_it_stopped(cataloguer, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    scan, store = tmp_path / "bản đồ.png", tmp_path / "address"
    Image.effect_noise((2400, 2400), 80).save(scan)
    length = scan.stat().st_size
    identifier = new_object(cataloguer)

    first = sender(cataloguer, scan, store, identifier)
    for line in first.stdout:
        sent = int(line.split()[0]) if line[0].isdigit() else 0
        if sent > length // 2:
            break
    first.send_signal(signal.SIGKILL)
    first.wait()
    where = store.read_text()
    stopped_at = int(
        cataloguer.head(where, headers={"Tus-Resumable": "1.0.0"}).headers["Upload-Offset"]
    )
    second = sender(cataloguer, scan, store, identifier)
    told = second.communicate(timeout=120)[0].splitlines()

    assert 0 < stopped_at < length
    assert told[-1] == "done"
    assert min(int(line.split()[0]) for line in told[:-1]) >= stopped_at
    address = f"/desk/digital/{identifier}/"
    assert eventually(lambda: "small.jpg" in cataloguer.get(address).text, within=90)
    page = cataloguer.get(address).text
    kept = re.search(r"/files/(\w+)/", page)
    assert kept is not None
    content = cataloguer.get(f"{address}files/{kept[1]}/").content
    assert hashlib.sha256(content).hexdigest() == hashlib.sha256(scan.read_bytes()).hexdigest()
