"""A hub of a test's own: the few paths that an upload uses, over HTTP on localhost.

Files go by Git LFS: the other protocol of the hub, Xet, has no server that a test could start.
"""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "hf_good"


class FakeHub:
    """The few paths of the hub that an upload uses; keeps what was committed."""

    def __init__(self, there=()):
        self.made = []
        self.tokens = set()
        self.objects = {}
        self.commits = []
        self.files = dict.fromkeys(there, b"old")
        self.faults = {}
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                self.answer(hub.get(self.path))

            def do_POST(self):
                self.answer(hub.post(self.path, self.body(), self.headers))

            def do_PUT(self):
                body = self.body()
                hub.objects[hashlib.sha256(body).hexdigest()] = body
                self.answer((200, {}))

            def body(self):
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))

            def answer(self, found):
                status, content = found
                data = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def get(self, path):
        if "/tree/" in path:
            return 200, [{"type": "file", "path": name, "size": 3, "oid": "0" * 40} for name in sorted(self.files)]
        return 404, {"error": f"not faked: GET {path}"}

    def post(self, path, body, headers):
        self.tokens.add(headers.get("Authorization"))
        for part, status in self.faults.items():
            if part in path:
                return status, {"error": "said no"}
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "Invalid username or password."}
        if path.startswith("/api/repos/create"):
            self.made.append(json.loads(body))
            return 200, {"url": f"{self.address}/datasets/owner/name", "id": "0", "name": "owner/name"}
        if path.startswith("/api/validate-yaml"):
            return 200, {"errors": [], "warnings": []}
        if "/preupload/" in path:
            return 200, {"files": [
                {"path": each["path"], "uploadMode": "lfs" if each["path"].endswith(".parquet") else "regular",
                 "shouldIgnore": False}
                for each in json.loads(body)["files"]]}  # fmt: skip
        if path.endswith("/info/lfs/objects/batch"):
            return 200, {"transfer": "basic", "objects": [
                {**each, "actions": {"upload": {"href": f"{self.address}/lfs/{each['oid']}", "header": {}}}}
                for each in json.loads(body)["objects"]]}  # fmt: skip
        if "/commit/" in path:
            return self.commit([json.loads(line) for line in body.splitlines()])
        return 404, {"error": f"not faked: POST {path}"}

    def commit(self, operations):
        for each in operations:
            value = each["value"]
            if each["key"] == "file":
                self.files[value["path"]] = base64.b64decode(value["content"])
            elif each["key"] == "lfsFile":
                self.files[value["path"]] = self.objects[value["oid"]]
            elif each["key"] == "deletedFile":
                del self.files[value["path"]]
            else:
                self.commits.append(value["summary"])
        return 200, {"commitUrl": f"{self.address}/datasets/owner/name/commit/{'c' * 40}", "commitOid": "c" * 40,
                     "hookOutput": ""}  # fmt: skip
