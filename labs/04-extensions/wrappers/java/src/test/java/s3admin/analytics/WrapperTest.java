package s3admin.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrapperTest {
    private static final String ANSWER =
            "{\"statusCode\":200,\"headers\":{\"body\":\"no\"},\"isBase64Encoded\":false,\"body\":\"{\\\"text\\\":\\\"ä\\\"}\"}";
    private static final Context CONTEXT = (Context) Proxy.newProxyInstance(
            WrapperTest.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> method.getName().equals("getAwsRequestId") ? "lambda-id" : null);

    private static Operations operations() throws IOException {
        try (var file = Files.newInputStream(Path.of("../analytics/operations.json"))) {
            return Operations.read(file);
        }
    }

    private static Wrapper wrapper(int port, RequestStreamHandler inner) throws IOException {
        return new Wrapper(inner, new Poster(port), operations());
    }

    private static Wrapper wrapper(int port) throws IOException {
        return wrapper(port, (input, output, context) -> {
            input.readAllBytes();
            output.write(ANSWER.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static String answer(Wrapper wrapper, String event) throws IOException {
        var output = new ByteArrayOutputStream();
        wrapper.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), output, CONTEXT);
        return output.toString(StandardCharsets.UTF_8);
    }

    private static String event(String method, String resource, String bucket, String caller) {
        return """
                {"httpMethod":"%s","resource":"%s","pathParameters":{"bucket":%s},"body":"{\\"user\\":\\"eve\\"}",
                 "requestContext":{"requestId":"api-id","identity":{"username":"eve"},"authorizer":%s}}"""
                .formatted(method, resource, bucket, caller);
    }

    /** An event without what differs from run to run. */
    private static String same(String told) {
        return told.replaceFirst("\"time\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]{3})?Z\",", "")
                .replaceFirst("\"duration_ms\":[0-9.E-]+,", "");
    }

    @Test
    void who_did_what_to_which_bucket() throws Exception {
        try (var extension = new FakeExtension(false)) {
            String caller = "{\"username\":\"ada\",\"integrationLatency\":3,\"role\":\"admin\"}";
            var event = event("PUT", "/buckets/{bucket}/lifecycle", "\"acme-logs\"", caller);
            assertEquals(ANSWER, answer(wrapper(extension.port()), event));
            assertEquals(
                    "{\"event_id\":\"lambda-id/0\",\"request_id\":\"lambda-id\",\"user\":\"ada\",\"role\":\"admin\","
                            + "\"action\":\"putLifecycle\",\"bucket\":\"acme-logs\",\"status\":200,\"bytes\":13}",
                    same(extension.next()));
        }
    }

    @ParameterizedTest
    @CsvSource({"PATCH,/nowhere,null,null", "GET,/,'\"a/b\"',{}", "GET,/,'\"acme-logs\\n\"','[{}]'", "GET,/,7,'{\"username\":7}'"})
    void what_is_missing_or_cannot_be_is_null(String method, String resource, String bucket, String caller)
            throws Exception {
        try (var extension = new FakeExtension(false)) {
            answer(wrapper(extension.port()), event(method, resource, bucket, caller));
            assertTrue(same(extension.next())
                    .contains("\"user\":null,\"role\":null,\"action\":\"unknown\",\"bucket\":null"));
        }
    }

    @ParameterizedTest
    @CsvSource({"false,1", "true,3"})
    void no_event_is_lost(boolean closes, int connections) throws Exception {
        try (var extension = new FakeExtension(closes)) {
            var wrapper = wrapper(extension.port());
            for (int i = 0; i < 3; i++) {
                assertEquals(ANSWER, answer(wrapper, "{}"));
                assertTrue(extension.next().contains("\"status\":200"));
            }
            assertEquals(connections, extension.connections());
        }
    }

    @Test
    void an_exception_is_told_and_thrown() throws Exception {
        try (var extension = new FakeExtension(false)) {
            var wrapper = wrapper(extension.port(), (input, output, context) -> {
                throw new IllegalStateException("told to");
            });
            assertThrows(IllegalStateException.class, () -> answer(wrapper, "{}"));
            assertTrue(extension.next().contains("\"status\":502"));
        }
    }

    @ParameterizedTest
    @CsvSource({"no json", "[]", "''"})
    void what_cannot_be_read_is_answered_as_ever(String event) throws Exception {
        try (var extension = new FakeExtension(false)) {
            assertEquals(ANSWER, answer(wrapper(extension.port()), event));
        }
    }

    @Test
    void without_an_extension_the_function_answers() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertEquals(ANSWER, answer(wrapper(port), "{}"));
    }

    @Test
    void an_extension_that_hangs_is_not_waited_for() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long started = System.nanoTime();
            assertEquals(ANSWER, answer(wrapper(silent.getLocalPort()), "{}"));
            double seconds = (System.nanoTime() - started) / 1e9;
            assertTrue(seconds >= 0.19 && seconds < 20, () -> seconds + " s");
        }
    }
}
