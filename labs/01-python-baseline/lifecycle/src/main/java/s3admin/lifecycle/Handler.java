package s3admin.lifecycle;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /buckets/{bucket}/lifecycle}: read, replace and remove the rules. */
public final class Handler implements RequestStreamHandler {
    private static final String PATH = "/buckets/{bucket}/lifecycle";
    private static final boolean LOGS_REQUESTS =
            !List.of("WARN", "ERROR", "FATAL").contains(System.getenv().getOrDefault("AWS_LAMBDA_LOG_LEVEL", "INFO"));

    private final S3Lifecycle s3;

    /** In INIT, which runs at full CPU whatever the memory. */
    public Handler() {
        this(S3Lifecycle.fromEnvironment());
    }

    Handler(S3Lifecycle s3) {
        this.s3 = s3;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        long started = System.nanoTime();
        var event = (Map<?, ?>) Json.parse(new String(input.readAllBytes(), StandardCharsets.UTF_8));
        var request = new Request(event);
        String id = request.id(context.getAwsRequestId());
        var answer = respond(request, id);
        output.write(Json.write(answer).getBytes(StandardCharsets.UTF_8));
        log(request, answer, id, context, (System.nanoTime() - started) / 1e6);
    }

    private Map<String, Object> respond(Request request, String id) {
        try {
            return route(request);
        } catch (Problem problem) {
            return problem(problem, id);
        } catch (RuntimeException error) {
            error.printStackTrace();
            return problem(new Problem(500, "something went wrong; the request id helps to find out what"), id);
        }
    }

    private Map<String, Object> route(Request request) {
        if (!request.resource().equals(PATH)) {
            throw new Problem(404, "no such route");
        }
        return switch (request.method()) {
            case "GET" -> show(request);
            case "PUT" -> replace(request);
            case "DELETE" -> delete(request);
            default -> throw new Problem(
                    405, request.method() + " is not allowed here", Map.of("Allow", "DELETE, GET, PUT"));
        };
    }

    private Map<String, Object> show(Request request) {
        request.refuseQuery();
        return json(Map.of("rules", s3.rules(request.bucket())));
    }

    private Map<String, Object> replace(Request request) {
        request.refuseQuery();
        var rules = RuleReader.read(request.jsonObject());
        s3.replace(request.bucket(), rules);
        return json(Map.of("rules", RuleWriter.write(rules)));
    }

    private Map<String, Object> delete(Request request) {
        request.refuseQuery();
        s3.delete(request.bucket());
        return answer(204, Map.of(), "");
    }

    private static Map<String, Object> json(Object body) {
        return answer(200, Map.of("Content-Type", "application/json"), Json.write(body));
    }

    private static Map<String, Object> problem(Problem problem, String id) {
        var headers = new TreeMap<>(problem.headers);
        headers.put("Content-Type", "application/problem+json");
        return answer(problem.status, headers, Json.write(problem.body(id)));
    }

    private static Map<String, Object> answer(int status, Map<String, String> headers, String body) {
        var all = new TreeMap<>(headers);
        all.put("Cache-Control", "no-store");
        return Map.of("statusCode", status, "headers", all, "isBase64Encoded", false, "body", body);
    }

    private static void log(
            Request request, Map<String, Object> answer, String id, Context context, double milliseconds) {
        if (!LOGS_REQUESTS) {
            return;
        }
        var line = new LinkedHashMap<String, Object>();
        line.put("level", "INFO");
        line.put("message", "request");
        line.put("route", request.method() + " " + request.resource());
        line.put("status", answer.get("statusCode"));
        line.put("duration_ms", milliseconds);
        line.put("api_request_id", id);
        line.put("requestId", context.getAwsRequestId());
        System.out.println(Json.write(line));
    }
}
