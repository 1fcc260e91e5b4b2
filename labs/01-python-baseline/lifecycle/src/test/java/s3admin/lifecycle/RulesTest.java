package s3admin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.LifecycleRule;

class RulesTest {
    @SuppressWarnings("unchecked")
    private static List<LifecycleRule> read(String json) throws IOException {
        return RuleReader.read((Map<String, Object>) Json.parse(json));
    }

    private static String fault(String json) {
        var problem = assertThrows(Problem.class, () -> read(json));
        assertEquals(400, problem.status);
        return problem.getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{} | 'rules' is required",
        "{\"rules\": {}} | /rules must be an array",
        "{\"rules\": [], \"x\": 1} | unknown field 'x'",
        "{\"rules\": [1]} | /rules/0 must be an object",
        "{\"rules\": [{\"x/~\": 1}]} | /rules/0/x~1~0 is unknown",
        "{\"rules\": [{\"id\": 1}]} | /rules/0/id must be a string",
        "{\"rules\": [{\"id\": \"a\\n\"}]} | /rules/0/id must not hold control characters",
        "{\"rules\": [{\"id\": \"a\"}]} | /rules/0/enabled is required",
        "{\"rules\": [{\"id\": \"a\", \"enabled\": true}]} | /rules/0 must have at least one action",
    })
    void a_bad_rule_is_pointed_at(String json, String detail) {
        assertEquals(detail, fault(json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"expiration\": {} | /expiration must have exactly one of days, date, expired_object_delete_marker",
        "\"expiration\": {\"days\": 0} | /expiration/days must be a whole number from 1 to 2147483647",
        "\"expiration\": {\"days\": 1.0} | /expiration/days must be a whole number from 1 to 2147483647",
        "\"expiration\": {\"days\": 99999999999999999999} | /expiration/days must be a whole number from 1 to 2147483647",
        "\"expiration\": {\"date\": \"2030-02-30\"} | /expiration/date must be a date such as 2030-01-31",
        "\"expiration\": {\"expired_object_delete_marker\": false} | /expiration/expired_object_delete_marker must be true",
        "\"filter\": {\"tags\": {\"a\": 1}} | /filter/tags must be an object of strings",
        "\"filter\": {\"tags\": {\"\": \"\"}} | /filter/tags tag '': the key must be 1 to 128 characters",
        "\"filter\": {\"size_less_than\": 3, \"size_greater_than\": 3} | /filter/size_less_than must be more than size_greater_than",
        "\"transitions\": [{\"days\": 29, \"storage_class\": \"STANDARD_IA\"}] | /transitions/0/days must be at least 30 for STANDARD_IA",
        "\"noncurrent_transitions\": [{\"storage_class\": \"GLACIER\"}] | /noncurrent_transitions/0/days is required",
        "\"filter\": {\"size_less_than\": 1}, \"abort_incomplete_upload_days\": 1 | /abort_incomplete_upload_days must not go with a filter by tags or size",
    })
    void a_bad_part_is_pointed_at(String part, String detail) {
        assertEquals("/rules/0" + detail, fault("{\"rules\": [{\"id\": \"a\", \"enabled\": true, " + part + "}]}"));
    }

    @Test
    void ids_differ() {
        String rule = "{\"id\": \"a\", \"enabled\": true, \"expiration\": {\"days\": 1}}";
        assertEquals("/rules/1/id must differ from /rules/0/id", fault("{\"rules\": [" + rule + "," + rule + "]}"));
    }

    @Test
    void what_is_read_is_written_the_same() throws IOException {
        String json = """
                [{"id":"all","enabled":true,"filter":{},"expiration":{"days":30}},\
                {"id":"tag","enabled":false,"filter":{"tags":{"a":""}},"expiration":{"date":"2030-01-31"}},\
                {"id":"and","enabled":true,"filter":{"prefix":"a/","tags":{"a":"b","c":"d"},"size_greater_than":1},\
                "noncurrent_expiration":{"days":3,"newer_versions":2},\
                "noncurrent_transitions":[{"days":30,"newer_versions":1,"storage_class":"STANDARD_IA"}]},\
                {"id":"ü","enabled":true,"filter":{"size_less_than":9},\
                "transitions":[{"days":0,"storage_class":"GLACIER"},{"date":"2030-12-01","storage_class":"DEEP_ARCHIVE"}]},\
                {"id":"marker","enabled":true,"filter":{"prefix":"b"},\
                "expiration":{"expired_object_delete_marker":true},"abort_incomplete_upload_days":7}]""";
        assertEquals(json, Json.write(RuleWriter.write(read("{\"rules\":" + json + "}"))));
    }

    @Test
    void what_cannot_be_shown_is_named() throws IOException {
        var rule = read("{\"rules\": [{\"id\": \"a\", \"enabled\": true, \"expiration\": {\"days\": 1}}]}").get(0);
        assertUnknown("/rules/0/id", rule.toBuilder().id(null).build());
        assertUnknown("/rules/0/enabled", rule.toBuilder().status("Sometimes").build());
        assertUnknown("/rules/0/expiration/date",
                rule.toBuilder().expiration(it -> it.date(Instant.ofEpochSecond(1))).build());
        assertUnknown("/rules/0/transitions/0/storage_class",
                rule.toBuilder().transitions(it -> it.days(1).storageClass("MARS")).build());
        assertUnknown("/rules/0/filter/size_greater_than",
                rule.toBuilder().filter(it -> it.objectSizeGreaterThan(0L)).build());
    }

    private static void assertUnknown(String pointer, LifecycleRule rule) {
        var unknown = assertThrows(RuleWriter.Unknown.class, () -> RuleWriter.write(List.of(rule)));
        assertEquals(pointer, unknown.getMessage());
    }
}
