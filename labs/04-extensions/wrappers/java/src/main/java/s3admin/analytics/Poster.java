package s3admin.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * Posts to the extension over one connection, which is kept.
 *
 * <p>On a plain socket: the JDK's HTTP client takes 100 ms of INIT to load, and HttpURLConnection sends a request a
 * second time without being asked.
 */
final class Poster {
    private static final String DEFAULT_PORT = "2779";
    // The most that an extension in trouble may cost.
    private static final int TIMEOUT_MILLIS = 200;
    private static final int MAX_HEAD = 4096;

    private final int port;
    private Socket kept;

    Poster(int port) {
        this.port = port;
    }

    static Poster fromEnvironment() {
        return new Poster(Integer.parseInt(System.getenv().getOrDefault("ANALYTICS_PORT", DEFAULT_PORT)));
    }

    /** Posts an event. IOException says that it is lost. */
    void post(String event) throws IOException {
        byte[] request = request(event.getBytes(StandardCharsets.UTF_8));
        boolean reused = kept != null;
        try {
            send(request);
        } catch (SocketTimeoutException error) {
            throw error;
        } catch (IOException error) {
            if (!reused) {
                throw error;
            }
            // It may have been closed while the environment was frozen. The event has an id, so twice is once.
            send(request);
        }
    }

    private static byte[] request(byte[] body) {
        byte[] head = ("POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private void send(byte[] request) throws IOException {
        // Kept again only after a whole answer, so that no answer is taken for another request's.
        Socket socket = kept != null ? kept : connect();
        kept = null;
        try {
            socket.getOutputStream().write(request);
            if (readAnswer(socket.getInputStream())) {
                kept = socket;
            }
        } finally {
            if (kept == null) {
                socket.close();
            }
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), TIMEOUT_MILLIS);
        return socket;
    }

    /** Whether the answer had no body, as an accepted event's has none, so that the connection can be used again. */
    private static boolean readAnswer(InputStream input) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = input.read();
            if (read < 0 || head.length() > MAX_HEAD) {
                throw new IOException("no answer");
            }
            head.append((char) read);
        }
        return head.toString().startsWith("HTTP/1.1 202 ") && !head.toString().toLowerCase().contains("connection: close");
    }
}
