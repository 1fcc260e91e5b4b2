package s3admin.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;

/** An answer other than the one asked for: an RFC 9457 problem. Its detail is shown to the client. */
final class Problem extends RuntimeException {
    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"));

    final int status;
    final Map<String, String> headers;

    Problem(int status, String detail) {
        this(status, detail, Map.of());
    }

    Problem(int status, String detail, Map<String, String> headers) {
        super(detail, null, false, false); // without a stack trace: a problem is an answer
        this.status = status;
        this.headers = headers;
    }

    Map<String, Object> body(String requestId) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "about:blank");
        body.put("title", TITLES.get(status));
        body.put("status", status);
        body.put("detail", getMessage());
        body.put("request_id", requestId);
        return body;
    }
}
