package s3admin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static String fault(Map<String, Object> event) {
        return assertThrows(Problem.class, () -> new Request(event).jsonObject()).getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "{\"a\": NaN}", "\ufeff{}", "{\"a\": \"\\ud800\"}", "{\"a\": 1e999}", "// x\n{}"})
    void what_is_no_json(String body) {
        assertEquals("body is not valid JSON", fault(Map.of("body", body)));
    }

    @Test
    void a_number_has_the_range_of_a_double() {
        assertEquals("body is not valid JSON", fault(Map.of("body", "{\"a\": " + "9".repeat(400) + "}")));
        var great = new java.math.BigInteger("9".repeat(300));
        assertEquals(Map.of("a", great), new Request(Map.of("body", "{\"a\": " + great + "}")).jsonObject());
    }

    @Test
    void what_is_no_object_or_too_large() {
        assertEquals("body must be a JSON object", fault(Map.of("body", "[1]")));
        assertEquals("body is not valid JSON", fault(Map.of("body", "[".repeat(20_000))));
        assertEquals("body must be at most 65536 bytes", fault(Map.of("body", "\"" + "ä".repeat(32_768) + "\"")));
    }

    @Test
    void a_body_may_be_base64() {
        assertEquals(Map.of(), new Request(Map.of("body", "e30=", "isBase64Encoded", true)).jsonObject());
        assertEquals("body is not valid JSON", fault(Map.of("body", "e30", "isBase64Encoded", true)));
    }

    @Test
    void the_first_parameter_is_named() {
        var request = new Request(Map.of("multiValueQueryStringParameters", Map.of("b", List.of("1"), "a", List.of(""))));
        assertEquals("unknown query parameter 'a'",
                assertThrows(Problem.class, request::refuseQuery).getMessage());
    }
}
