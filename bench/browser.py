"""A small browser: one kept connection, cookies, forms, and how long each answer took."""

import http.client
import re
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.measure import Failed

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LINK = re.compile(r'href="(/[^"#]*)"')


@dataclass
class Browser:
    """Talks to one local server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    """A token for the interface."""

    def __post_init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path)

    def post(self, path: str, **values: str) -> tuple[int, bytes]:
        """Send a form; its token is taken from the page at the same address."""
        token = _TOKEN.search(self.get(path)[1].decode())
        body = urlencode({"csrfmiddlewaretoken": token[1] if token else "", **values})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, username: str, password: str) -> None:
        """Raises Failed when the server does not let us in."""
        status, _ = self.post("/sign-in/", username=username, password=password)
        if status != 302:
            raise Failed(f"signing in answered {status}")

    def seconds(self, path: str) -> float:
        """How long the page takes; raises Failed unless it is a page."""
        start = time.perf_counter()
        status, _ = self.get(path)
        if status != 200:
            raise Failed(f"{path} answered {status}")
        return time.perf_counter() - start

    def links(self, path: str) -> list[str]:
        """The addresses that a page leads to, each once."""
        return list(dict.fromkeys(_LINK.findall(self.get(path)[1].decode().replace("&amp;", "&"))))

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None):
        sent = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, answer.read()
