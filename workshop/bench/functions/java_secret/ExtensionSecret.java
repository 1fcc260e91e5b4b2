import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The same secret by the extension's API, with the JDK's client. The JDK reads no JSON, so Jackson's parser does. */
public class ExtensionSecret {
    private static final String PORT =
            System.getenv().getOrDefault("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773");
    private static final URI ADDRESS = URI.create("http://127.0.0.1:" + PORT + "/secretsmanager/get?secretId="
            + URLEncoder.encode(System.getenv("SECRET_ID"), StandardCharsets.UTF_8));
    private static final String TOKEN = System.getenv("AWS_SESSION_TOKEN");
    private static final JsonFactory JSON = new JsonFactory();

    /** How long the secret is. IOException if there is none. */
    public int handle(Object event) throws IOException {
        var connection = (HttpURLConnection) ADDRESS.toURL().openConnection();
        connection.setRequestProperty("X-Aws-Parameters-Secrets-Token", TOKEN);
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            throw new IOException("the extension answered " + status);
        }
        try (InputStream body = connection.getInputStream()) {
            return secret(body).length();
        }
    }

    private static String secret(InputStream body) throws IOException {
        String found = null;
        try (var parser = JSON.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("SecretString")) {
                    found = parser.getText();
                }
                parser.skipChildren();
            }
        }
        if (found == null) {
            throw new IOException("the extension's answer has no SecretString");
        }
        return found;
    }
}
