import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A secret by the SDK, whose client is made in INIT and told what it would otherwise look for. */
public class SdkSecret {
    private static final String SECRET = System.getenv("SECRET_ID");

    private final SecretsManagerClient secretsManager = SecretsManagerClient.builder()
            .region(Region.of(System.getenv("AWS_REGION")))
            .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
            .httpClient(UrlConnectionHttpClient.create())
            .build();

    /** How long the secret is. */
    public int handle(Object event) {
        return secretsManager.getSecretValue(request -> request.secretId(SECRET)).secretString().length();
    }
}
