"""Where NATS and Temporal are: lists of servers, files of certificates, and one sentence for nonsense."""

import os
from collections.abc import Callable
from pathlib import Path

import nkeys
import pytest
from cryptography.hazmat.primitives import serialization

from shared.runtime.connections.places import servers
from shared.runtime.connections.settings import NatsSettings, TemporalSettings
from shared.runtime.connections.wrong import WrongSetting
from shared.runtime.settings import load
from tests.certificates import Authority

Setting = Callable[[str, object], None]


class Both(NatsSettings, TemporalSettings):
    """All variables of this page."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Setting:
    """Sets variables; NATS and a seed are set already."""
    for name in [name for name in os.environ if name.startswith("AMENDS_")]:
        monkeypatch.delenv(name)

    def put(name: str, value: object) -> None:
        monkeypatch.setenv(f"AMENDS_{name}", str(value))

    seed = tmp_path / "seed.nk"
    seed.write_bytes(nkeys.encode_seed(b"s" * 32, nkeys.PREFIX_BYTE_USER) + b"\n")
    put("NATS_URL", "nats://127.0.0.1:4222")
    put("NATS_SEED_FILE", seed)
    return put


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence that loading ends with."""
    with pytest.raises(SystemExit) as ended:
        load(Both)
    err = capsys.readouterr().err
    assert ended.value.code == 2
    assert err.count("\n") == 1, err
    assert err[0] != "\n"
    assert any("一" <= sign <= "鿿" for sign in err), err
    return err


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nats://a:4222", ["nats://a:4222"]),
        ("nats://a:4222,nats://b:4223", ["nats://a:4222", "nats://b:4223"]),
        (" nats://a ,\ttls://b:4333  c:4444,", ["nats://a:4222", "tls://b:4333", "nats://c:4444"]),
        ("nats://a nats://a:4222", ["nats://a:4222"]),
        ("nats://[::1]:4222,10.0.0.1", ["nats://[::1]:4222", "nats://10.0.0.1:4222"]),
        ("NATS://a/", ["nats://a:4222"]),
    ],
)
def test_a_list_of_servers_is_read_with_commas_spaces_and_schemes(written: str, meant: list[str]) -> None:
    assert list(servers(written)) == meant


@pytest.mark.parametrize(
    "nonsense",
    [
        ",", "http://a", "nats://", "nats://a:0x", "nats://a:70000", "nats://a:4222/path", "nats://a?b=c",
        "ws://a:80", "nats://a,://b", "nats://a;nats://b", "nats:a", "nats://a b/c", "nats://" + "a:1:2",
    ],
)  # fmt: skip
def test_an_invalid_list_of_servers_is_refused(nonsense: str) -> None:
    with pytest.raises(WrongSetting, match=r"^AMENDS_NATS_URL .* AMENDS_NATS_URL "):
        servers(nonsense)


def test_a_password_in_a_url_is_refused_and_not_repeated(
    given: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    given("NATS_URL", "nats://user:secret@a:4222")
    words = said(capsys)
    assert words.startswith("AMENDS_NATS_URL must not hold a user or password")
    assert "secret" not in words
    given("NATS_URL", "nats://user:secret@a:99999")
    assert "secret" not in said(capsys)


def test_all_files_together_are_taken(given: Setting, authority: Authority) -> None:
    pair = authority.issue("client")
    for kind in ("NATS", "TEMPORAL"):
        given(f"{kind}_TLS_CA_FILE", authority.ca)
        given(f"{kind}_TLS_CERTIFICATE_FILE", pair.certificate)
        given(f"{kind}_TLS_KEY_FILE", pair.key)
        given(f"{kind}_TLS_SERVER_NAME", "inner.example")
    settings = load(Both)
    assert settings.nats.secure
    assert settings.nats.tls
    assert settings.temporal.tls
    assert settings.temporal.tls.server_name == settings.nats.tls.server_name == "inner.example"
    assert settings.temporal.api_key is None


@pytest.mark.parametrize(
    ("variable", "file", "why"),
    [
        ("NATS_SEED_FILE", "nowhere", "/nowhere: there is no such file)"),
        ("NATS_SEED_FILE", "text", "holds no nkey seed of a user"),
        ("NATS_SEED_FILE", "account", "holds no nkey seed of a user"),
        ("NATS_SEED_FILE", "empty", "holds no nkey seed of a user"),
        ("NATS_TLS_CA_FILE", "nowhere", "/nowhere: there is no such file)"),
        ("NATS_TLS_CA_FILE", "text", "holds no certificates in PEM"),
        ("NATS_TLS_CA_FILE", "empty", "holds no certificates in PEM"),
        ("TEMPORAL_TLS_CA_FILE", "text", "holds no certificates in PEM"),
        ("NATS_TLS_CERTIFICATE_FILE", "certificate", ""),
        ("NATS_TLS_KEY_FILE", "key", ""),
        ("TEMPORAL_TLS_KEY_FILE", "key", ""),
        ("TEMPORAL_API_KEY_FILE", "empty", "holds no API key"),
        ("TEMPORAL_API_KEY_FILE", "words", "holds no API key"),
        ("TEMPORAL_ADDRESS", "", "http://host:7233"),
        ("NATS_TLS_CA_FILE", "directory", "it is a directory"),
    ],
)
def test_a_wrong_file_is_one_sentence_with_the_variable(
    given: Setting,
    authority: Authority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    file: str,
    why: str,
) -> None:
    pair = authority.issue("client")
    files = {"certificate": pair.certificate, "key": pair.key, "directory": tmp_path}
    contents = {
        "text": b"no key",
        "empty": b"",
        "words": b"two words\n",
        "account": nkeys.encode_seed(b"s" * 32, nkeys.PREFIX_BYTE_ACCOUNT),
    }
    path = files.get(file, tmp_path / file)
    if file in contents:
        path.write_bytes(contents[file])
    given(variable, path if file else why)
    words = said(capsys)
    if file in ("certificate", "key"):
        assert "has to be set as well as" in words
        return
    assert words.startswith(f"AMENDS_{variable} ")
    if file:
        assert why in words


def _encrypted(pem: bytes) -> bytes:
    key = serialization.load_pem_private_key(pem, None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )


@pytest.mark.parametrize("kind", ["NATS", "TEMPORAL"])
@pytest.mark.parametrize("case", ["of another", "encrypted", "swapped", "no certificate"])
def test_a_certificate_and_a_key_that_do_not_fit_are_found_before_anything_starts(
    given: Setting,
    authority: Authority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    case: str,
) -> None:
    pair, other = authority.issue("client"), authority.issue("other")
    certificate, key, wrong, why = pair.certificate, other.key, "KEY", "is not the key of the certificate"
    if case == "encrypted":
        key = tmp_path / "encrypted.key"
        key.write_bytes(_encrypted(pair.key.read_bytes()))
        why = "holds no private key in PEM without a password"
    if case == "swapped":
        certificate, key, wrong, why = pair.key, pair.certificate, "CERTIFICATE", "holds no certificate"
    if case == "no certificate":
        certificate, key, wrong, why = tmp_path / "seed.nk", pair.key, "CERTIFICATE", "holds no certificate"
    given(f"{kind}_TLS_CERTIFICATE_FILE", certificate)
    given(f"{kind}_TLS_KEY_FILE", key)
    words = said(capsys)
    assert words.startswith(f"AMENDS_{kind}_TLS_{wrong}_FILE names ")
    assert why in words


def test_credentials_and_a_seed_are_not_both_taken(
    given: Setting, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = nkeys.encode_seed(b"s" * 32, nkeys.PREFIX_BYTE_USER).decode()
    file = tmp_path / "user.creds"
    file.write_text(
        f"-----BEGIN NATS USER JWT-----\nabc.def\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )
    given("NATS_CREDENTIALS_FILE", file)
    assert "are both set; keep one of them" in said(capsys)
    given("NATS_SEED_FILE", "")
    assert load(Both).nats.credentials_file == file
    file.write_text(seed)
    assert "holds no NATS credentials" in said(capsys)


def test_a_missing_identity_is_one_sentence(given: Setting, capsys: pytest.CaptureFixture[str]) -> None:
    given("NATS_SEED_FILE", "")
    assert said(capsys).startswith("AMENDS_NATS_SEED_FILE is not set: it expects ")


def test_an_api_key_comes_from_a_file_that_is_read_again(given: Setting, tmp_path: Path) -> None:
    file = tmp_path / "api.key"
    file.write_text("first\n")
    given("TEMPORAL_API_KEY_FILE", file)
    place = load(Both).temporal
    assert (place.key(), bool(place.tls)) == ("first", True)
    file.write_text("second")
    assert place.key() == "second"
