package s3admin.analytics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What an answer to API Gateway says: its status, and the bytes of its body. */
record Answered(int status, int bytes) {
    private static final JsonFactory JSON = new JsonFactory();

    static Answered read(byte[] answer) throws IOException {
        int status = 0;
        int bytes = 0;
        try (var parser = JSON.createParser(answer)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("statusCode")) {
                    status = parser.getIntValue();
                } else if (name.equals("body") && parser.currentToken() == JsonToken.VALUE_STRING) {
                    bytes = parser.getText().getBytes(StandardCharsets.UTF_8).length;
                } else {
                    parser.skipChildren();
                }
            }
        }
        return new Answered(status, bytes);
    }
}
