package s3admin.lifecycle;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** API Gateway's proxy event, as far as it is read. A member that is missing or null is empty. */
record Request(Map<?, ?> event) {
    private static final int MAX_BYTES = 65_536;
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,254}");

    String method() {
        return text(event, "httpMethod");
    }

    String resource() {
        return text(event, "resource");
    }

    /** API Gateway's id of the request, or Lambda's. */
    String id(String lambdaId) {
        String id = text(map("requestContext"), "requestId");
        return id.isEmpty() ? lambdaId : id;
    }

    /** The bucket that the path names, if a bucket can have that name. */
    String bucket() {
        String name = text(map("pathParameters"), "bucket");
        if (!BUCKET.matcher(name).matches()) {
            throw new Problem(404, "no bucket can have this name");
        }
        return name;
    }

    /** No route here has a parameter. */
    void refuseQuery() {
        map("multiValueQueryStringParameters").keySet().stream().map(String.class::cast).min(Json.BY_CODE_POINTS)
                .ifPresent(name -> {
                    throw new Problem(400, "unknown query parameter '" + name + "'");
                });
    }

    @SuppressWarnings("unchecked") // Json makes no other maps
    Map<String, Object> jsonObject() {
        byte[] content = content();
        if (content.length > MAX_BYTES) {
            throw new Problem(413, "body must be at most " + MAX_BYTES + " bytes");
        }
        Object value;
        try {
            // Strict: no byte order mark, nothing that is not UTF-8.
            String text = StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(content)).toString();
            value = text.startsWith("\ufeff") ? refuse() : Json.parse(text);
            refuseLoneSurrogates(value);
        } catch (IOException error) {
            throw notJson();
        }
        if (value instanceof Map<?, ?> members) {
            return (Map<String, Object>) members;
        }
        throw new Problem(400, "body must be a JSON object");
    }

    private byte[] content() {
        String body = text(event, "body");
        if (!Boolean.TRUE.equals(event.get("isBase64Encoded"))) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            if (body.length() % 4 != 0) {
                throw notJson(); // Java's decoder does without padding
            }
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException error) {
            throw notJson();
        }
    }

    private static void refuseLoneSurrogates(Object value) throws CharacterCodingException {
        if (value instanceof String text) {
            StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
        } else if (value instanceof List<?> items) {
            for (var item : items) {
                refuseLoneSurrogates(item);
            }
        } else if (value instanceof Map<?, ?> members) {
            for (var member : members.entrySet()) {
                refuseLoneSurrogates(member.getKey());
                refuseLoneSurrogates(member.getValue());
            }
        }
    }

    private static Object refuse() {
        throw notJson();
    }

    private static Problem notJson() {
        return new Problem(400, "body is not valid JSON");
    }

    private Map<?, ?> map(String name) {
        return event.get(name) instanceof Map<?, ?> members ? members : Map.of();
    }

    private static String text(Map<?, ?> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }
}
