import java.net.HttpURLConnection;
import java.net.URI;

/** One request to DynamoDB with the JDK's own client, which the SDK's url-connection-client uses too. */
public class Request {
    public int handle(Object event) throws Exception {
        var url = URI.create(System.getenv("AWS_ENDPOINT_URL")).toURL();
        var connection = (HttpURLConnection) url.openConnection();
        int status = connection.getResponseCode();
        connection.disconnect();
        return status;
    }
}
