"""Two servers over TLS. Usage: odd_records.py CERTIFICATE KEY. It prints their ports.

The first reads a whole request and then sends what is no answer: a record that cannot be decrypted, or an alert that is not
encrypted. GET gets an answer on every second connection, so that what is repeated ends well; POST never gets one.

The second answers the handshakes of all connections but the first and every sixth by plain HTTP, an alert, or an end.
"""

import os
import socket
import ssl
import sys
import threading

DEVBOX = b'{"id":"dbx_1","status":"running"}'
LISTS = b'{"devboxes":[],"has_more":false}'
ODD = [b"\x17\x03\x03\x00\x20" + os.urandom(32), b"\x15\x03\x03\x00\x02\x02\x50"]


def read(connection):
    request = b""
    while b"\r\n\r\n" not in request:
        piece = connection.recv(65536)
        if not piece:
            return None
        request += piece
    head, body = request.split(b"\r\n\r\n", 1)
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head


def serve(raw, context, number):
    try:
        with context.wrap_socket(raw, server_side=True) as connection:
            head = read(connection)
            if head is None:
                return
            if head.startswith(b"GET") and (b"?" in head.split(b"\r\n")[0] or number % 2):
                body = LISTS if b"?" in head.split(b"\r\n")[0] else DEVBOX
                connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                return
            os.write(connection.fileno(), ODD[number // 2 % 2])
            connection.recv(1)
    except OSError:
        pass


PLAIN = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
HANDSHAKES = [PLAIN, b"\x15\x03\x03\x00\x02\x02\x50", b""]


def shake(raw, context, number):
    if number % 6 == 0:
        return serve(raw, context, 1)
    try:
        raw.recv(65536)
        raw.sendall(HANDSHAKES[number % 3])
        raw.close()
    except OSError:
        pass


def listen(context, serve):
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept():
        number = 0
        while True:
            raw, _ = listener.accept()
            threading.Thread(target=serve, args=(raw, context, number), daemon=True).start()
            number += 1

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    print("ports", listen(context, serve), listen(context, shake), flush=True)
    # Ends with whoever started it.
    sys.stdin.read()
    os._exit(0)


main()
