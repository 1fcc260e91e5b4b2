"""A Python function that does what it should not: the event is the trick's name, or name and argument."""

TRICKS = '''
import os, signal, socket, sys, time

def nothing():
    pass

def exit():
    os._exit(1)

def processes():
    return sum(name.isdigit() and name != "1" for name in os.listdir("/proc"))

def fork_bomb():
    count = 0
    while True:
        try:
            if os.fork() == 0:
                time.sleep(3600)
        except OSError:
            return count
        count += 1

def fill_tmp():
    written = fill_tmp_and_keep()
    os.remove("/tmp/large")
    return written

def fill_tmp_and_keep():
    megabyte, written = b"x" * (1 << 20), 0
    try:
        with open("/tmp/large", "wb", buffering=0) as file:
            while file.write(megabyte) == len(megabyte):
                written += 1
    except OSError:
        pass
    return written

def allocate():
    held = []
    while True:
        held.append(b"x" * (16 << 20))

def close_sockets():
    os.closerange(3, 1024)

def garbage():
    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    for sent in (
        os.urandom(5000),
        b"GET / HTTP/9.9\\r\\n\\r\\n",
        b"POST /2018-06-01/runtime/invocation/none/response HTTP/1.1\\r\\nContent-Length: -1\\r\\n\\r\\n",
        b"PUT /2022-07-01/telemetry HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}",
    ):
        with socket.create_connection((host, int(port))) as connection:
            connection.settimeout(0.5)
            try:
                connection.sendall(sent)
                connection.recv(1024)
            except OSError:
                pass

def ignore_sigterm():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.fork()
    while True:
        time.sleep(0.01)

def flood(megabytes):
    line = "x" * 9_999 + "\\n"
    for _ in range(100 * megabytes):
        sys.stdout.write(line)
    print("the last line")

def long_line():
    print("z" * 600_000)

def linger(trick):
    """Stays with what the trick has left, in the middle of the invocation."""
    globals()[trick]()
    time.sleep(3600)

def forever(trick):
    while True:
        globals()[trick]()

def handler(event, context):
    name, *arguments = [event] if isinstance(event, str) else event
    answer = globals()[name](*arguments)
    return name if answer is None else answer
'''
