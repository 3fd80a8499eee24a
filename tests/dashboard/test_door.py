"""Who is let in, how much is read, and what a page may load."""

import http.client
import json
import sys

import pytest

from qyforecast.dashboard.serve import application, check_door
from qyforecast.errors import QyforecastError
from tests.dashboard.conftest import Served

TOKEN = "0123456789abcdef"


def ask(port, method="GET", path="/", body=None, headers=None):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request(method, path, body, headers or {})
    answer = line.getresponse()
    told = answer.status, answer.headers, answer.read()
    line.close()
    return told


def test_pages_may_load_nothing_from_elsewhere_and_be_framed_by_nobody(served):
    status, headers, body = ask(served.port)
    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    script = next(part for part in policy.split(";") if "script-src" in part)
    assert "unsafe" not in script
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert b"http://" not in body
    assert b"https://" not in body


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_another_name_for_this_machine_is_not_served(served, host):
    assert ask(served.port, headers={"Host": host})[0] in (400, 403)


@pytest.mark.parametrize("path", ["/send?name=a.yaml", "/save"])
def test_another_sites_page_may_not_send(served, path):
    evil = {"Origin": "http://evil.example"}
    assert ask(served.port, "POST", path, b"x", evil)[0] == 403


def test_the_frameworks_own_door_for_files_is_shut(served):
    assert ask(served.port, "POST", "/session/x/upload/1", b"x")[0] == 403


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.exe", b"x", "ends in .yaml"),
        ("%3Cscript%3E.yaml", b"x", "small letters"),
        ("..%2Fevil.yaml", b"x", "small letters"),
        ("baseline.yaml", b"x", "in the library"),
        ("what-if.yaml", b"x", "in the library"),
        ("bad.yaml", b"\xff\xfe", "UTF-8"),
        ("bad.yaml", b"a: [1", "not YAML"),
        ("bad.yaml", b"a: &x [1]\nb: *x", "anchors"),
        ("bad.yaml", b"!!python/object/apply:os.system [true]", "tags are refused"),
        ("bad.yaml", b"name: bad\n", "missing"),
    ],
)
def test_a_malformed_file_is_refused_in_words(served, name, body, words):
    status, _, told = ask(served.port, "POST", f"/send?name={name}", body)
    fault = json.loads(told)["fault"]
    assert status == 400
    assert words in fault
    assert "qyforecast-" not in fault


def test_no_more_is_read_than_is_allowed(served):
    sent = 0

    def endless():
        nonlocal sent
        for _ in range(2_000_000):
            sent += 1024
            yield b"#" * 1024

    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    try:
        # Two gigabytes, were they taken.
        line.request("POST", "/send?name=big.yaml", endless(), encode_chunked=True,
                     headers={"Transfer-Encoding": "chunked"})  # fmt: skip
        assert line.getresponse().status == 413
    except ConnectionError:
        pass  # The other end has hung up, as it should.
    line.close()
    assert 256_000 < sent < 200e6
    assert ask(served.port)[0] == 200


@pytest.mark.parametrize("path", ["/download/nothing.csv", "/download/chances.exe"])
def test_what_is_not_there_is_not_given(served, path):
    assert ask(served.port, path=f"{path}?page=trust")[0] == 404


def test_bad_settings_of_a_download_are_told(served):
    status, _, told = ask(served.port, path="/download/chances.csv?page=nothing")
    assert (status, b"a setting is not known" in told) == (400, True)


def test_a_token_is_wanted_once_and_then_kept(world):
    with Served(application(world, "0.0.0.0", TOKEN)) as one:
        assert ask(one.port)[0] == 401
        assert ask(one.port, path="/?token=0123456789abcdeX")[0] == 401
        assert ask(one.port, path="/download/chances.csv?page=answer")[0] == 401
        status, headers, _ = ask(one.port, path=f"/?token={TOKEN}")
        cookie = headers["Set-Cookie"]
        assert status == 303
        assert "HttpOnly" in cookie
        assert TOKEN not in headers["Location"]
        assert ask(one.port, headers={"Cookie": cookie.split(";")[0]})[0] == 200


@pytest.mark.parametrize(("host", "token"), [("0.0.0.0", ""), ("10.1.2.3", "short"), ("::", "")])
def test_a_network_is_served_with_a_token_only(host, token):
    with pytest.raises(QyforecastError, match="without a token"):
        check_door(host, token)
    check_door(host, TOKEN)
    check_door("127.0.0.1", "")


def test_the_command_refuses_before_it_reads_anything(monkeypatch, capsys):
    from qyforecast.cli import main

    monkeypatch.setattr(sys, "argv", ["qyforecast", "app", "--host", "0.0.0.0", "-q"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "--token" in capsys.readouterr().err
