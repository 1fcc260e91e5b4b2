package s3admin.analytics;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Posts a usage event for each request that a Java function answers.
 *
 * <p>The function stays as it is: its own handler's class moves from the setting {@code Handler} to the variable
 * ANALYTICS_HANDLER, and {@code Handler} names this one, {@code s3admin.analytics.Wrapper::handleRequest}.
 */
public final class Wrapper implements RequestStreamHandler {
    private static final int BAD_GATEWAY = 502;

    private final RequestStreamHandler inner;
    private final Poster poster;
    private final Operations operations;

    /** In INIT, which runs at full CPU whatever the memory. */
    public Wrapper() throws ReflectiveOperationException, IOException {
        this(load(System.getenv("ANALYTICS_HANDLER")), Poster.fromEnvironment(), Operations.ofLayer());
    }

    Wrapper(RequestStreamHandler inner, Poster poster, Operations operations) {
        this.inner = inner;
        this.poster = poster;
        this.operations = operations;
    }

    private static RequestStreamHandler load(String name) throws ReflectiveOperationException {
        return (RequestStreamHandler) Class.forName(name).getDeclaredConstructor().newInstance();
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        long started = System.nanoTime();
        byte[] event = input.readAllBytes();
        var answer = new ByteArrayOutputStream();
        try {
            inner.handleRequest(new ByteArrayInputStream(event), answer, context);
        } catch (IOException | RuntimeException error) {
            // API Gateway makes a 502 of it.
            post(event, new Answered(BAD_GATEWAY, 0), context, started);
            throw error;
        }
        answer.writeTo(output);
        post(event, Answered.read(answer.toByteArray()), context, started);
    }

    private void post(byte[] event, Answered answered, Context context, long started) {
        try {
            var usage = Usage.read(event, operations);
            double milliseconds = (System.nanoTime() - started) / 1e6;
            poster.post(usage.toJson(context.getAwsRequestId(), answered, milliseconds));
        } catch (IOException | RuntimeException lost) {
            // Analytics never breaks a function: an event that cannot be posted is lost.
        }
    }
}
