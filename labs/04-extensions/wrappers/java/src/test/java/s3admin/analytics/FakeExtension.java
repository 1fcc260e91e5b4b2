package s3admin.analytics;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes events on a free port. {@code closes} ends each connection after one answer, without saying so. */
final class FakeExtension implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final boolean closes;

    FakeExtension(boolean closes) throws IOException {
        this.closes = closes;
        var thread = new Thread(this::accept);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    String next() throws InterruptedException {
        return events.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                connections.incrementAndGet();
                serve(socket);
            } catch (IOException closed) {
                // by the test
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        var input = new DataInputStream(socket.getInputStream());
        do {
            int length = 0;
            for (String line = line(input); !line.isEmpty(); line = line(input)) {
                if (line.toLowerCase().startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            var body = new byte[length];
            input.readFully(body);
            socket.getOutputStream().write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            events.add(new String(body, StandardCharsets.UTF_8));
        } while (!closes);
    }

    private static String line(DataInputStream input) throws IOException {
        var line = new StringBuilder();
        for (char next = (char) input.readByte(); next != '\n'; next = (char) input.readByte()) {
            line.append(next);
        }
        return line.toString().strip();
    }
}
