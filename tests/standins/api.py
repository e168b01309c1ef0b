"""The objects of the API in front of storages that others have written: it hands out URLs that the storage's
own client library has signed. Which storage, and at which address, is said by PUT /v1/standin."""

import itertools
import json
import os
import sys
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import boto3
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobSasPermissions, BlobServiceClient, generate_blob_sas
from botocore.config import Config
from botocore.exceptions import ClientError

# What Azurite knows from the start, by its documentation, and what run.sh tells s3s-fs; they open nothing else.
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
S3_KEY = "standin"
PLACE = "objects"


class Azure:
    headers = {"x-ms-blob-type": "BlockBlob"}

    def __init__(self, direct, signed):
        service = BlobServiceClient(f"{direct}/{AZURE_ACCOUNT}", credential=AZURE_KEY)
        self.signed = signed
        self.container = service.get_container_client(PLACE)
        if not self.container.exists():
            self.container.create_container()

    def url(self, name, write, seconds):
        permission = BlobSasPermissions(create=True, write=True) if write else BlobSasPermissions(read=True)
        now = datetime.now(timezone.utc)
        signature = generate_blob_sas(
            AZURE_ACCOUNT, PLACE, name, account_key=AZURE_KEY, permission=permission,
            start=now - timedelta(minutes=5), expiry=now + timedelta(seconds=seconds),
        )
        return f"{self.signed}/{AZURE_ACCOUNT}/{PLACE}/{name}?{signature}"

    def size(self, name):
        try:
            return self.container.get_blob_client(name).get_blob_properties().size
        except ResourceNotFoundError:
            return None

    def delete(self, name):
        self.container.delete_blob(name)


class S3:
    headers = {}

    def __init__(self, direct, signed):
        def client(url):
            return boto3.client(
                "s3", endpoint_url=url, aws_access_key_id=S3_KEY, aws_secret_access_key=S3_KEY, region_name="us-east-1",
                config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
            )

        self.direct, self.signed = client(direct), client(signed)

    def url(self, name, write, seconds):
        operation = "put_object" if write else "get_object"
        return self.signed.generate_presigned_url(operation, Params={"Bucket": PLACE, "Key": name}, ExpiresIn=seconds)

    def size(self, name):
        try:
            return self.direct.head_object(Bucket=PLACE, Key=name)["ContentLength"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise

    def delete(self, name):
        self.direct.delete_object(Bucket=PLACE, Key=name)


STORAGES = {"azure": (Azure, sys.argv[1]), "s3": (S3, sys.argv[2])}
TOKEN = sys.argv[3]


class State:
    storage = None
    spoiled = False
    objects = {}
    numbers = itertools.count(1)
    lock = threading.Lock()


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def view(item):
    return {key: value for key, value in item.items() if value is not None}


def url(item, write, seconds=300):
    signed = State.storage.url(item["id"], write, seconds)
    # The signature is the last parameter of both; another character in its middle is another signature.
    if State.spoiled:
        middle = len(signed) - 12
        signed = signed[:middle] + ("0" if signed[middle] != "0" else "1") + signed[middle + 1 :]
    return signed


def standin(body):
    make, direct = STORAGES[body["storage"]]
    State.storage = make(direct, body["endpoint"])
    State.spoiled = False
    return {}


def create(body):
    item = {
        "id": f"obj_{next(State.numbers)}", "name": body["name"], "content_type": body["content_type"], "state": "UPLOADING",
        "create_time_ms": 1, "metadata": body.get("metadata"), "size_bytes": None,
    }
    State.objects[item["id"]] = item
    return view(item) | {"upload_url": url(item, True), "upload_headers": State.storage.headers}


def complete(item):
    item["size_bytes"] = State.storage.size(item["id"])
    if item["size_bytes"] is None:
        raise Refused(400, "there is no content")
    item["state"] = "READ_ONLY"
    return view(item)


def delete(item):
    if State.storage.size(item["id"]) is not None:
        State.storage.delete(item["id"])
    item["state"] = "DELETED"
    return view(item)


def answer(method, path, query, body):
    parts = path.strip("/").split("/")
    if (method, path) == ("PUT", "/v1/standin"):
        return standin(body)
    if (method, path) == ("PUT", "/v1/standin/spoiled"):
        State.spoiled = body["spoiled"]
        return {}
    if (method, path) == ("POST", "/v1/objects"):
        return create(body)
    if (method, path) == ("GET", "/v1/objects"):
        kept = [view(item) for item in State.objects.values() if item["state"] != "DELETED"]
        return {"objects": kept, "has_more": False}
    if parts[:2] == ["v1", "objects"] and len(parts) in (3, 4):
        item = State.objects.get(parts[2])
        if item is None:
            raise Refused(404, "no such object")
        verb = parts[3] if len(parts) == 4 else None
        if (method, verb) == ("GET", None):
            return view(item)
        if (method, verb) == ("GET", "download"):
            return {"download_url": url(item, False, int(query.get("duration_seconds", ["300"])[0]))}
        if (method, verb) == ("POST", "complete"):
            return complete(item)
        if (method, verb) == ("POST", "delete"):
            return delete(item)
    raise Refused(404, f"{method} {path} is not served here")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def serve(self):
        length = int(self.headers.get("content-length", "0"))
        raw = self.rfile.read(length)
        target = urlsplit(self.path)
        try:
            if self.headers.get("authorization") != f"Bearer {TOKEN}":
                raise Refused(401, "who are you?")
            with State.lock:
                status, said = 200, answer(self.command, target.path, parse_qs(target.query), json.loads(raw or b"{}"))
        except Refused as refused:
            status, said = refused.status, {"message": str(refused)}
        except Exception as error:  # whatever a storage says is the test's to see
            status, said = 500, {"message": repr(error)}
            print(repr(error), file=sys.stderr)
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = serve

    def log_message(self, *_):
        pass


def end_with_standard_input():
    sys.stdin.read()
    os._exit(0)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=end_with_standard_input, daemon=True).start()
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
