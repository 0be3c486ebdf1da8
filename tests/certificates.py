"""Certificate authority for one test run: certificates of servers and clients, deleted afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Pair:
    """Certificate and its key, as files."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates into one directory; `ca` is the file that others trust it by."""

    def __init__(self, directory: Path, name: str = "test-ca") -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        body = _body(self._name, self._name, self._key.public_key())
        body = body.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        body = body.add_extension(_usage(signs=True), critical=True)
        body = body.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False
        )
        self.ca = directory / f"{name}.pem"
        self.ca.write_bytes(body.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, *also: str, expired: bool = False) -> Pair:
        """Issue a certificate for `name` and other names or addresses, good for both ends of a connection."""
        key = ec.generate_private_key(ec.SECP256R1())
        body = _body(_named(name), self._name, key.public_key(), expired)
        names = x509.SubjectAlternativeName([_general(one) for one in (name, *also)])
        ends = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        body = body.add_extension(names, critical=False).add_extension(ends, critical=False)
        body = body.add_extension(identifier, critical=False).add_extension(
            _usage(signs=False), critical=True
        )
        pair = Pair(self._directory / f"{name}.crt", self._directory / f"{name}.key")
        signed = body.sign(self._key, hashes.SHA256())
        pair.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        pair.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return pair


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _body(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, expired: bool = False
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    ends = now - HOUR if expired else now + 24 * HOUR
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * HOUR)
        .not_valid_after(ends)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
