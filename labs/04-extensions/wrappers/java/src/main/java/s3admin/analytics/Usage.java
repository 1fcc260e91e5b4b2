package s3admin.analytics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Who does what to which bucket, by API Gateway's event. What it does not say is null. */
record Usage(String user, String role, String action, String bucket) {
    private static final JsonFactory JSON = new JsonFactory();
    // Names that no bucket has are not counted: they are whatever a client makes up.
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,254}");
    private static final Set<String> PARENTS = Set.of("", "/requestContext", "/requestContext/authorizer",
            "/pathParameters");
    private static final Set<String> TEXTS = Set.of("/httpMethod", "/resource", "/pathParameters/bucket",
            "/requestContext/authorizer/username", "/requestContext/authorizer/role");

    static Usage read(byte[] event, Operations operations) throws IOException {
        var texts = new HashMap<String, String>();
        try (var parser = JSON.createParser(event)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                collect(parser, "", texts);
            }
        }
        String bucket = texts.get("/pathParameters/bucket");
        return new Usage(
                texts.get("/requestContext/authorizer/username"),
                texts.get("/requestContext/authorizer/role"),
                operations.of(texts.get("/httpMethod"), texts.get("/resource")),
                bucket != null && BUCKET.matcher(bucket).matches() ? bucket : null);
    }

    /** The texts that are wanted, by their JSON pointers; the rest is passed over without being read. */
    private static void collect(JsonParser parser, String pointer, Map<String, String> texts) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = pointer + "/" + parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT && PARENTS.contains(member)) {
                collect(parser, member, texts);
            } else if (token == JsonToken.VALUE_STRING && TEXTS.contains(member)) {
                texts.put(member, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The event for the extension. */
    String toJson(String requestId, Answered answered, double milliseconds) throws IOException {
        var text = new StringWriter();
        try (var json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("event_id", requestId + "/0");
            json.writeStringField("request_id", requestId);
            json.writeStringField("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeStringField("user", user);
            json.writeStringField("role", role);
            json.writeStringField("action", action);
            json.writeStringField("bucket", bucket);
            json.writeNumberField("status", answered.status());
            json.writeNumberField("duration_ms", milliseconds);
            json.writeNumberField("bytes", answered.bytes());
            json.writeEndObject();
        }
        return text.toString();
    }
}
