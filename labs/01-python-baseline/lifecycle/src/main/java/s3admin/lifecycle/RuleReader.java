package s3admin.lifecycle;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionTransition;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Transition;

/** Reads rules out of a request's body. Checks are in the order of the document, member by member as in openapi.yaml. */
final class RuleReader {
    static final List<String> STORAGE_CLASSES = List.of(
            "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE");

    private static final int MAX_RULES = 1000;
    private static final long MAX_SIZE = 9_007_199_254_740_991L; // what every JSON library reads exactly
    private static final int INFREQUENT_ACCESS_DAYS = 30;
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private final Map<String, Integer> firstWithId = new HashMap<>();

    private RuleReader() {}

    /** The rules of {@code {"rules": […]}}. */
    static List<LifecycleRule> read(Map<String, Object> body) {
        body.keySet().stream().filter(name -> !name.equals("rules")).min(Json.BY_CODE_POINTS).ifPresent(name -> {
            throw new Problem(400, "unknown field '" + name + "'");
        });
        if (!body.containsKey("rules")) {
            throw new Problem(400, "'rules' is required");
        }
        var rules = new Node("/rules", body.get("rules"));
        var items = rules.items();
        if (items.size() > MAX_RULES) {
            throw rules.breaks("must be at most " + MAX_RULES + " rules");
        }
        return items.stream().map(new RuleReader()::rule).toList();
    }

    private LifecycleRule rule(Node node) {
        node.object("id", "enabled", "filter", "expiration", "noncurrent_expiration", "transitions",
                "noncurrent_transitions", "abort_incomplete_upload_days");
        var rule = LifecycleRule.builder();
        rule.id(id(node.required("id")));
        rule.status(node.required("enabled").truth() ? ExpirationStatus.ENABLED : ExpirationStatus.DISABLED);
        var conditions = node.optional("filter", RuleReader::conditions);
        rule.filter((conditions == null ? Conditions.NONE : conditions).filter());
        var expiration = node.optional("expiration", RuleReader::expiration);
        var noncurrent = node.optional("noncurrent_expiration", RuleReader::noncurrentExpiration);
        var transitions = node.list("transitions", RuleReader::transition);
        var noncurrentTransitions = node.list("noncurrent_transitions", RuleReader::noncurrentTransition);
        var abortDays = node.optional("abort_incomplete_upload_days", days -> days.wholeNumber(1, Integer.MAX_VALUE));
        rule.expiration(expiration).noncurrentVersionExpiration(noncurrent);
        if (!transitions.isEmpty()) {
            rule.transitions(transitions);
        }
        if (!noncurrentTransitions.isEmpty()) {
            rule.noncurrentVersionTransitions(noncurrentTransitions);
        }
        if (abortDays != null) {
            rule.abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(abortDays));
        }
        if (expiration == null && noncurrent == null && transitions.isEmpty() && noncurrentTransitions.isEmpty()
                && abortDays == null) {
            throw node.breaks("must have at least one action");
        }
        checkTogether(node, conditions == null ? Conditions.NONE : conditions, expiration, abortDays);
        return rule.build();
    }

    /** What S3 does not let a rule have at once. */
    private static void checkTogether(
            Node node, Conditions conditions, LifecycleExpiration expiration, Integer abortDays) {
        boolean byTags = !conditions.tags.isEmpty();
        boolean bySize = conditions.greaterThan != null || conditions.lessThan != null;
        if (byTags && expiration != null && expiration.expiredObjectDeleteMarker() != null) {
            throw node.required("expiration").breaks("must not remove delete markers by tags");
        }
        if ((byTags || bySize) && abortDays != null) {
            throw node.required("abort_incomplete_upload_days").breaks("must not go with a filter by tags or size");
        }
    }

    private String id(Node node) {
        String id = node.text();
        int length = id.codePointCount(0, id.length());
        if (length < 1 || length > 255) {
            throw node.breaks("must be 1 to 255 characters");
        }
        Integer first = firstWithId.putIfAbsent(id, firstWithId.size());
        if (first != null) {
            throw node.breaks("must differ from /rules/" + first + "/id");
        }
        return id;
    }

    /** The conditions of a filter, which S3 takes in one way when there is one and in another when there are several. */
    private record Conditions(String prefix, List<Tag> tags, Long greaterThan, Long lessThan) {
        static final Conditions NONE = new Conditions("", List.of(), null, null);

        LifecycleRuleFilter filter() {
            int number = (prefix.isEmpty() ? 0 : 1) + tags.size() + (greaterThan == null ? 0 : 1)
                    + (lessThan == null ? 0 : 1);
            String prefixOrNull = prefix.isEmpty() ? null : prefix;
            var filter = LifecycleRuleFilter.builder();
            if (number == 0) {
                return filter.prefix("").build();
            }
            if (number == 1) {
                return filter.prefix(prefixOrNull).tag(tags.isEmpty() ? null : tags.get(0))
                        .objectSizeGreaterThan(greaterThan).objectSizeLessThan(lessThan).build();
            }
            return filter.and(and -> {
                and.prefix(prefixOrNull).objectSizeGreaterThan(greaterThan).objectSizeLessThan(lessThan);
                if (!tags.isEmpty()) {
                    and.tags(tags);
                }
            }).build();
        }
    }

    private static Conditions conditions(Node node) {
        node.object("prefix", "tags", "size_greater_than", "size_less_than");
        String prefix = node.optional("prefix", RuleReader::prefix);
        List<Tag> tags = node.optional("tags", RuleReader::tags);
        Long greaterThan = node.optional("size_greater_than", size -> size.wholeNumber(1L, MAX_SIZE));
        Long lessThan = node.optional("size_less_than", size -> size.wholeNumber(1L, MAX_SIZE));
        if (greaterThan != null && lessThan != null && lessThan <= greaterThan) {
            throw node.required("size_less_than").breaks("must be more than size_greater_than");
        }
        return new Conditions(prefix == null ? "" : prefix, tags == null ? List.of() : tags, greaterThan, lessThan);
    }

    private static String prefix(Node node) {
        String prefix = node.text();
        if (prefix.getBytes(StandardCharsets.UTF_8).length > 1024) {
            throw node.breaks("must be at most 1024 bytes");
        }
        return prefix;
    }

    private static List<Tag> tags(Node node) {
        if (!(node.value() instanceof Map<?, ?> members)
                || !members.values().stream().allMatch(String.class::isInstance)) {
            throw node.breaks("must be an object of strings");
        }
        var sorted = new TreeMap<String, String>(Json.BY_CODE_POINTS);
        members.forEach((key, value) -> sorted.put((String) key, (String) value));
        sorted.forEach((key, value) -> {
            String broken = TagLimits.broken(key, value);
            if (broken != null) {
                throw node.breaks("tag '" + key + "': " + broken);
            }
        });
        return sorted.entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList();
    }

    private static LifecycleExpiration expiration(Node node) {
        node.object("days", "date", "expired_object_delete_marker");
        var expiration = LifecycleExpiration.builder();
        String kind = node.exactlyOne("days", "date", "expired_object_delete_marker");
        Node place = node.required(kind);
        switch (kind) {
            case "days" -> expiration.days(place.wholeNumber(1, Integer.MAX_VALUE));
            case "date" -> expiration.date(date(place));
            default -> {
                if (!Boolean.TRUE.equals(place.value())) {
                    throw place.breaks("must be true");
                }
                expiration.expiredObjectDeleteMarker(true);
            }
        }
        return expiration.build();
    }

    private static NoncurrentVersionExpiration noncurrentExpiration(Node node) {
        node.object("days", "newer_versions");
        return NoncurrentVersionExpiration.builder()
                .noncurrentDays(node.required("days").wholeNumber(1, Integer.MAX_VALUE))
                .newerNoncurrentVersions(node.optional("newer_versions", RuleReader::newerVersions)).build();
    }

    private static Transition transition(Node node) {
        node.object("days", "date", "storage_class");
        var transition = Transition.builder();
        String kind = node.exactlyOne("days", "date");
        Node place = node.required(kind);
        if (kind.equals("date")) {
            transition.date(date(place));
            return transition.storageClass(node.required("storage_class").oneOf(STORAGE_CLASSES)).build();
        }
        int days = place.wholeNumber(0, Integer.MAX_VALUE);
        String storageClass = node.required("storage_class").oneOf(STORAGE_CLASSES);
        checkAge(place, days, storageClass);
        return transition.days(days).storageClass(storageClass).build();
    }

    private static NoncurrentVersionTransition noncurrentTransition(Node node) {
        node.object("days", "newer_versions", "storage_class");
        Node place = node.required("days");
        int days = place.wholeNumber(0, Integer.MAX_VALUE);
        Integer newerVersions = node.optional("newer_versions", RuleReader::newerVersions);
        String storageClass = node.required("storage_class").oneOf(STORAGE_CLASSES);
        checkAge(place, days, storageClass);
        return NoncurrentVersionTransition.builder()
                .noncurrentDays(days).newerNoncurrentVersions(newerVersions).storageClass(storageClass).build();
    }

    private static void checkAge(Node place, int days, String storageClass) {
        if (days < INFREQUENT_ACCESS_DAYS && storageClass.endsWith("_IA")) {
            throw place.breaks("must be at least " + INFREQUENT_ACCESS_DAYS + " for " + storageClass);
        }
    }

    private static Integer newerVersions(Node node) {
        return node.wholeNumber(1, 100);
    }

    /** {@code 2030-01-31}, from 1970 on. */
    private static Instant date(Node node) {
        String text = node.text();
        try {
            LocalDate date = DATE.matcher(text).matches() ? LocalDate.parse(text) : null;
            if (date != null && date.getYear() >= 1970) {
                return date.atStartOfDay(ZoneOffset.UTC).toInstant();
            }
        } catch (DateTimeException error) {
            // no such day: as below
        }
        throw node.breaks("must be a date such as 2030-01-31");
    }
}
