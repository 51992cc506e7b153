"""Certificates for the tests, made with the `openssl` program: an authority, and who it vouches for."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_WITHIN_S = 20.0
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True)
class Certificate:
    """PEM files: a certificate, its private key, and both in one file as Kafka's PEM key store wants them."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """A certificate authority of its own in `folder`."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        files = ["-keyout", str(self._key), "-out", str(self.certificate)]
        _openssl("req", "-x509", *_KEY, *files, "-days", "2", "-subj", f"/CN={name}")

    def issue(self, name: str, subject: str, *, alternative: str = "", days: int = 2) -> Certificate:
        """A certificate for `subject` ("/O=kcalc/CN=alice"); with negative `days` it has expired.

        `alternative` are the subject's other names ("IP:127.0.0.1,DNS:localhost").
        """
        files = {end: self._folder / f"{name}.{end}" for end in ("key", "csr", "pem", "ext", "both")}
        _openssl("req", *_KEY, "-keyout", str(files["key"]), "-out", str(files["csr"]), "-subj", subject)
        names = f"subjectAltName={alternative}\n" if alternative else ""
        files["ext"].write_text(f"basicConstraints=CA:FALSE\n{names}")
        signed_by = ["-CA", str(self.certificate), "-CAkey", str(self._key), "-CAcreateserial"]
        asked = ["-in", str(files["csr"]), "-extfile", str(files["ext"]), "-out", str(files["pem"])]
        _openssl("x509", "-req", *signed_by, *asked, "-days", str(days))
        files["both"].write_text(files["key"].read_text() + files["pem"].read_text())
        return Certificate(files["pem"], files["key"], files["both"])


def _openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=_WITHIN_S, check=False)
    assert done.returncode == 0, f"openssl {' '.join(arguments)}: {done.stderr}"
