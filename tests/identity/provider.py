"""A provider of identity of our own, on the loopback, that signs real tokens."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "cross"
ADDRESS = "diane.essai@exemple.invalid"


class Provider:
    """What it will say next is in `says`; `signs(claims)` may be replaced to give another token,
    `leaves_out` names what its discovery does not say."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.lets_go, self.leaves_out = True, ""
        self.door = f"{self.url}/leave"
        self.says, self.asked, self.codes, self.left = {}, {}, {}, {}
        self.signs = lambda claims: jwt.encode(
            claims, self.key, algorithm="RS256", headers={"kid": "1"}
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(provider):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *said):
                pass

            def answer(self, said, status=200):
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def nothing(self):
                """A browser stays where it was."""
                self.send_response(204)
                self.end_headers()

            def send_back(self, where, said):
                self.send_response(303)
                self.send_header("Location", f"{where}?{urlencode(said)}")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                path, _, query = self.path.partition("?")
                sent = {name: values[0] for name, values in parse_qs(query).items()}
                if path == "/authorize":
                    return self.send_back(sent["redirect_uri"], provider.asks(sent))
                if path == "/leave":
                    provider.left = sent
                    if not provider.lets_go:
                        return self.nothing()
                    said = {"state": sent["state"]}
                    return self.send_back(sent["post_logout_redirect_uri"], said)
                pages = {
                    "/.well-known/openid-configuration": {
                        "issuer": provider.url,
                        "authorization_endpoint": f"{provider.url}/authorize",
                        "token_endpoint": f"{provider.url}/token",
                        "userinfo_endpoint": f"{provider.url}/userinfo",
                        "jwks_uri": f"{provider.url}/keys",
                        "end_session_endpoint": provider.door,
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    },
                    "/keys": {"keys": [provider.public()]},
                    "/userinfo": {"sub": provider.says.get("sub"), "email": ADDRESS},
                }
                pages["/.well-known/openid-configuration"].pop(provider.leaves_out, None)
                return self.answer(pages[path])

            def do_POST(self):
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                challenge = provider.codes.pop(sent["code"][0], None)
                verifier = sent.get("code_verifier", [""])[0].encode()
                digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest())
                if challenge != digest.decode().rstrip("="):
                    return self.answer({"error": "invalid_grant"}, 400)
                now = int(time.time())
                claims = {
                    "iss": provider.url,
                    "aud": CLIENT,
                    "iat": now,
                    "exp": now + 60,
                    "auth_time": now,
                    "nonce": provider.asked["nonce"],
                } | provider.says
                token = provider.signs(claims)
                return self.answer(
                    {"access_token": "x", "token_type": "Bearer", "id_token": token}
                )

        return Handler

    def asks(self, asked):
        """It knows him: what it sends back at once."""
        self.asked = asked
        self.codes["the-code"] = asked["code_challenge"]
        return {"code": "the-code", "state": asked["state"]}

    def public(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return public | {"kid": "1", "alg": "RS256"}
