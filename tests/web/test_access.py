"""Who is let in: keys with scopes, rates, names, pages of other sites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from qa.errors import KeysInvalid
from qa.settings import Settings
from qa.web.access import OPEN, needed
from qa.web.key_file import KeyFile
from qa.web.keys import Access
from qa.web.rates import Rate, network_of
from tests.web.kept import kept_app, made_index
from tests.web.test_routes import problem

QUESTION = {"question": "谁主持会议？"}
WRITING = {
    ("POST", "/v1/sources"),
    ("DELETE", "/v1/sources/{id}"),
    ("POST", "/v1/batches"),
    ("POST", "/v1/batches/{id}/cancel"),
    ("DELETE", "/v1/batches/{id}"),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_index(tmp_path_factory.mktemp("access") / "index")


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    made = KeyFile(tmp_path / "keys.json")
    made.add("无关", access=Access.READ)
    return made


@pytest.fixture
def client(index: Path, tmp_path: Path, keys: KeyFile) -> Iterator[TestClient]:
    settings = Settings(index=index, api_keys=tmp_path / "keys.json")
    with TestClient(kept_app(settings)) as opened:
        yield opened


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("path", sorted(OPEN | {"/", "/room.css", "/icon.svg", "/docs/docs.js"}))
def test_the_page_its_files_and_the_probes_need_no_key(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
    problem(client.post(path), status=401, code="unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/sources"),
        ("GET", "/v1/articles"),
        ("POST", "/v1/ask"),
        ("POST", "/v1/search"),
        ("POST", "/v1/sources"),
        ("DELETE", "/v1/sources/x"),
        ("GET", "/metrics"),
        ("GET", "/v1/none"),
        ("GET", "/none"),
        ("PUT", "/"),
        ("OPTIONS", "/v1/ask"),
        ("GET", "/healthz/../v1/sources"),
        ("GET", "/healthz/"),
        ("GET", "/docs/../v1/sources"),
    ],
)
def test_everything_else_needs_one(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path)

    problem(response, status=401, code="unauthorized")
    assert response.headers["www-authenticate"] == 'Bearer realm="wenbao"'


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer qa_wrong",
        "Basic cWE6",
        "qa_wrong",
        "Bearer  a b",
        "Bearer " + "a" * 9000,
    ],
)
def test_a_wrong_key_is_401_and_says_so(client: TestClient, authorization: str) -> None:
    response = client.get("/v1/sources", headers={"Authorization": authorization})

    problem(response, status=401, code="unauthorized")
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_a_key_for_reading_reads_and_does_not_write(client: TestClient, keys: KeyFile) -> None:
    header = bearer(keys.add("读者", access=Access.READ).secret)

    assert client.get("/v1/sources", headers=header).status_code == 200
    assert client.post("/v1/ask", json=QUESTION, headers=header).status_code == 200
    assert client.post("/v1/search", json=QUESTION, headers=header).status_code == 200
    for response in (
        client.post("/v1/sources", files={"files": ("甲.txt", b"x")}, headers=header),
        client.delete("/v1/sources/none", headers=header),
    ):
        told = problem(response, status=403, code="forbidden")
        assert "write" in told["detail"]


def test_a_key_for_writing_does_both(client: TestClient, keys: KeyFile) -> None:
    header = bearer(keys.add("编辑", access=Access.WRITE).secret)

    assert client.get("/v1/sources", headers=header).status_code == 200
    problem(client.delete("/v1/sources/none", headers=header), status=404, code="not_found")
    assert (
        client.get(
            "/v1/sources", headers={"Authorization": f"bearer {header['Authorization'][7:]}"}
        ).status_code
        == 200
    )


def test_a_key_that_is_revoked_is_refused_from_then_on(client: TestClient, keys: KeyFile) -> None:
    made = keys.add("读者", access=Access.READ)
    assert client.get("/v1/sources", headers=bearer(made.secret)).status_code == 200
    keys.revoke("读者")

    problem(client.get("/v1/sources", headers=bearer(made.secret)), status=401, code="unauthorized")


def test_keys_that_cannot_be_read_let_nobody_in(client: TestClient, keys: KeyFile, tmp_path: Path) -> None:
    made = keys.add("读者", access=Access.READ)
    (tmp_path / "keys.json").write_text("{", encoding="utf-8")

    problem(client.get("/v1/sources", headers=bearer(made.secret)), status=503, code="keys_invalid")
    assert client.get("/healthz").status_code == 200


def test_a_service_whose_file_of_keys_is_missing_does_not_start_open(index: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(KeysInvalid),
        TestClient(kept_app(Settings(index=index, api_keys=tmp_path / "none.json"))),
    ):
        pass


def test_what_every_route_needs_has_been_decided(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    operations = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert {each for each in operations if needed(*each) is Access.WRITE} == WRITING
    assert needed("PATCH", "/v1/unheard-of") is Access.WRITE
    assert needed("DELETE", "/v1/answers/x") is Access.READ
    assert needed("DELETE", "/v1/answers") is Access.WRITE


# Rates


@pytest.fixture
def limited(index: Path, tmp_path: Path, keys: KeyFile) -> Iterator[TestClient]:
    settings = Settings(index=index, api_keys=tmp_path / "keys.json", rate="3/hour")
    with TestClient(kept_app(settings)) as opened:
        yield opened


def test_who_asks_too_often_waits_and_the_others_do_not(limited: TestClient, keys: KeyFile) -> None:
    first, second = (bearer(keys.add(name, access=Access.READ).secret) for name in ("甲", "乙"))

    assert [limited.get("/v1/sources", headers=first).status_code for _ in range(4)] == [200, 200, 200, 429]
    response = limited.get("/v1/sources", headers=first)
    problem(response, status=429, code="too_many_requests")
    assert 3590 <= int(response.headers["retry-after"]) <= 3600
    assert limited.get("/v1/sources", headers=second).status_code == 200


def test_who_guesses_keys_waits_too(limited: TestClient) -> None:
    guesses = [limited.get("/v1/sources", headers=bearer(f"qa_{at}")).status_code for at in range(5)]

    assert guesses == [401, 401, 401, 429, 429]


def test_probes_and_page_are_not_counted(limited: TestClient) -> None:
    assert {limited.get(path).status_code for path in ("/healthz", "/readyz", "/") for _ in range(5)} == {200}


def test_without_keys_addresses_are_counted(index: Path) -> None:
    app = kept_app(Settings(index=index, rate="2/hour"))
    with (
        TestClient(app, client=("203.0.113.5", 1)) as one,
        TestClient(app, client=("203.0.113.6", 1)) as other,
    ):
        assert [one.get("/v1/sources").status_code for _ in range(3)] == [200, 200, 429]
        assert one.get("/v1/sources", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 429
        assert other.get("/v1/sources").status_code == 200


def test_several_rates_hold_together() -> None:
    rate = Rate("2/hour;3/day")

    assert [rate.wait("甲") > 0 for _ in range(3)] == [False, False, True]
    assert rate.wait("乙") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5/32"),
        ("::ffff:203.0.113.5", "203.0.113.5/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_one_client_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "often"},
        {"rate": "60"},
        {"origins": "*"},
        {"origins": "example.org"},
        {"origins": "https://example.org/"},
        {"proxies": "proxy"},
        {"proxies": "10.0.0.1/8"},
    ],
)
def test_settings_that_would_not_hold_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


# Pages of other sites


@pytest.fixture(scope="module")
def keyless(index: Path) -> Iterator[TestClient]:
    with TestClient(kept_app(Settings(index=index))) as opened:
        yield opened


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8001"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(keyless: TestClient, headers: dict[str, str]) -> None:
    files = {"files": ("甲.txt", b"evil")}

    problem(keyless.post("/v1/sources", files=files, headers=headers), status=403, code="origin_refused")
    assert len(keyless.get("/v1/sources").json()["sources"]) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://testserver"},
        {"Origin": "https://proxy.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_this_page_and_programs_may(keyless: TestClient, headers: dict[str, str]) -> None:
    assert keyless.post("/v1/ask", json=QUESTION, headers=headers).status_code == 200


def test_cors_is_closed(keyless: TestClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    preflight = keyless.options("/v1/ask", headers=asked)
    read = keyless.get("/v1/sources", headers={"Origin": "https://example.org"})

    assert preflight.status_code == 405
    for response in (preflight, read):
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_cors_opens_for_the_origins_that_are_set(index: Path) -> None:
    with TestClient(
        kept_app(Settings(index=index, origins="https://a.example, https://b.example"))
    ) as client:
        asked = {
            "Origin": "https://b.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        preflight = client.options("/v1/ask", headers=asked)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "https://b.example"
        assert "access-control-allow-credentials" not in preflight.headers
        answered = client.post("/v1/ask", json=QUESTION, headers={"Origin": "https://b.example"})
        assert answered.status_code == 200
        assert answered.headers["access-control-allow-origin"] == "https://b.example"
        other = client.options("/v1/ask", headers={**asked, "Origin": "https://c.example"})
        problem(other, status=400, code="preflight_refused")
        assert other.json()["detail"] == "不允许这样的跨站请求：这个网站不在 QA_ORIGINS 之内"
        assert "access-control-allow-origin" not in other.headers
        wrong = {**asked, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-key"}
        refused = client.options("/v1/ask", headers=wrong)
        problem(refused, status=400, code="preflight_refused")
        assert refused.json()["detail"].endswith("：这种方法不开放给别的网站；有不开放给别的网站的请求头")
        assert refused.headers["access-control-allow-methods"] == "GET, POST, DELETE"
        assert "Origin" in refused.headers["vary"]
        problem(
            client.post("/v1/ask", json=QUESTION, headers={"Origin": "https://c.example"}),
            status=403,
            code="origin_refused",
        )


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.7", True),
        ("localhost:8000", True),
        ("wenbao", True),
        ("wenbao.local", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.", True),
    ],
)
def test_without_keys_a_name_of_the_internet_is_not_served(
    keyless: TestClient, host: str, known: bool
) -> None:
    response = keyless.get("/v1/sources", headers={"Host": host})

    if known:
        assert response.status_code == 200
    else:
        problem(response, status=421, code="host_refused")


def test_names_that_are_set_are_the_ones_that_are_served(index: Path) -> None:
    with TestClient(kept_app(Settings(index=index, hosts="Qa.Example.org"))) as client:
        assert client.get("/healthz", headers={"Host": "qa.example.org:443"}).status_code == 200
        assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
        problem(client.get("/healthz", headers={"Host": "evil.example"}), status=421, code="host_refused")


def test_with_keys_any_name_is_served(client: TestClient) -> None:
    assert client.get("/healthz", headers={"Host": "qa.example.org"}).status_code == 200
