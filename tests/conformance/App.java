import com.amazonaws.services.lambda.runtime.Context;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A function that does what its event says: {"do": "fail"} and so on. Any other event comes back. */
public class App {
    public Object handle(Map<String, Object> event, Context context) throws Exception {
        int number = ((Number) event.getOrDefault("n", 0)).intValue();
        switch (String.valueOf(event.get("do"))) {
            case "fail": throw new IllegalStateException("café");
            case "fail from another": throw new RuntimeException("outer", new IllegalArgumentException("inner"));
            case "exit": System.exit(number);
            case "sleep": Thread.sleep(number * 1000L); return null;
            case "repeat": return "x".repeat(number);
            case "context": return told(context);
            case "caller": return caller(context);
            default: return event;
        }
    }

    private static Map<String, Object> told(Context context) {
        var client = context.getClientContext();
        var told = new LinkedHashMap<String, Object>();
        told.put("id", context.getAwsRequestId());
        told.put("time is left", context.getRemainingTimeInMillis() > 0);
        told.put("function", context.getFunctionName() + " " + context.getFunctionVersion());
        told.put("memory", context.getMemoryLimitInMB());
        told.put("arn", context.getInvokedFunctionArn());
        told.put("logs", context.getLogGroupName() + " " + context.getLogStreamName());
        told.put("client", client == null ? null : client.getCustom());
        return told;
    }

    private static List<String> caller(Context context) {
        var identity = context.getIdentity();
        var trace = System.getProperty("com.amazonaws.xray.traceHeader");
        return Arrays.asList(trace, identity.getIdentityId(), identity.getIdentityPoolId());
    }
}

class Broken {
    static final int VALUE = Integer.parseInt("no number");

    public int handle(Object event) {
        return VALUE;
    }
}
