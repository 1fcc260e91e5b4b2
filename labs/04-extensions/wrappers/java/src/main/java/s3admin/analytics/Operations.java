package s3admin.analytics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The API's operations by method and resource path; all wrappers have this one table. */
record Operations(Map<String, String> byRoute) {
    private static final Path FILE = Path.of("/opt/analytics/operations.json");

    static Operations ofLayer() throws IOException {
        try (var file = Files.newInputStream(FILE)) {
            return read(file);
        }
    }

    static Operations read(InputStream file) throws IOException {
        var byRoute = new HashMap<String, String>();
        try (var parser = new JsonFactory().createParser(file)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                byRoute.put(parser.currentName(), parser.nextTextValue());
            }
        }
        return new Operations(byRoute);
    }

    String of(String method, String resource) {
        return byRoute.getOrDefault(method + " " + resource, "unknown");
    }
}
