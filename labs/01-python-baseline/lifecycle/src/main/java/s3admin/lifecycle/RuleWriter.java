package s3admin.lifecycle;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionTransition;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Transition;

/** S3's rules as JSON. What the JSON cannot say is not left out: its place is thrown. */
final class RuleWriter {
    /** There is something at this JSON pointer that cannot be shown. */
    static final class Unknown extends RuntimeException {
        Unknown(String pointer) {
            super(pointer, null, false, false);
        }

        Unknown below(String place) {
            return new Unknown(place + getMessage());
        }
    }

    private RuleWriter() {}

    static List<Map<String, Object>> write(List<LifecycleRule> rules) {
        return each("/rules", rules, RuleWriter::rule);
    }

    private static <T> List<Map<String, Object>> each(
            String place, List<T> found, Function<T, Map<String, Object>> write) {
        var written = new ArrayList<Map<String, Object>>(found.size());
        for (T item : found) {
            try {
                written.add(write.apply(item));
            } catch (Unknown unknown) {
                throw unknown.below(place + "/" + written.size());
            }
        }
        return written;
    }

    private static Map<String, Object> rule(LifecycleRule rule) {
        var json = new LinkedHashMap<String, Object>();
        boolean enabled = switch (rule.status()) {
            case ENABLED -> true;
            case DISABLED -> false;
            default -> throw new Unknown("/enabled");
        };
        json.put("id", known("/id", rule.id()));
        json.put("enabled", enabled);
        json.put("filter", filter(rule));
        put(json, "expiration", rule.expiration() == null ? null : expiration(rule.expiration()));
        put(json, "noncurrent_expiration", rule.noncurrentVersionExpiration() == null
                ? null : noncurrentExpiration(rule.noncurrentVersionExpiration()));
        if (!rule.transitions().isEmpty()) {
            json.put("transitions", each("/transitions", rule.transitions(), RuleWriter::transition));
        }
        if (!rule.noncurrentVersionTransitions().isEmpty()) {
            json.put("noncurrent_transitions", each(
                    "/noncurrent_transitions", rule.noncurrentVersionTransitions(), RuleWriter::noncurrentTransition));
        }
        var abort = rule.abortIncompleteMultipartUpload();
        if (abort != null) {
            json.put("abort_incomplete_upload_days",
                    known("/abort_incomplete_upload_days", abort.daysAfterInitiation()));
        }
        return json;
    }

    @SuppressWarnings("deprecation") // rules made before filters have a prefix of their own, of the same meaning
    private static Map<String, Object> filter(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter() == null ? LifecycleRuleFilter.builder().build() : rule.filter();
        // A rule says "more than 0 bytes" only where S3 does not: within And that is how it shows no limit.
        if (Long.valueOf(0).equals(filter.objectSizeGreaterThan())) {
            throw new Unknown("/filter/size_greater_than");
        }
        var and = filter.and();
        String prefix = and == null ? filter.prefix() : and.prefix();
        if (rule.prefix() != null && !rule.prefix().isEmpty()) {
            prefix = rule.prefix();
        }
        var tags = new TreeMap<String, Object>(Json.BY_CODE_POINTS);
        List<Tag> found = and != null ? and.tags() : filter.tag() == null ? List.of() : List.of(filter.tag());
        found.forEach(tag -> tags.put(tag.key(), tag.value()));
        var json = new LinkedHashMap<String, Object>();
        put(json, "prefix", prefix == null || prefix.isEmpty() ? null : prefix);
        put(json, "tags", tags.isEmpty() ? null : tags);
        put(json, "size_greater_than",
                positive(and == null ? filter.objectSizeGreaterThan() : and.objectSizeGreaterThan()));
        put(json, "size_less_than", positive(and == null ? filter.objectSizeLessThan() : and.objectSizeLessThan()));
        return json;
    }

    private static Map<String, Object> expiration(LifecycleExpiration found) {
        boolean byDays = found.days() != null && found.days() > 0;
        if (byDays && found.date() != null) {
            throw new Unknown("/expiration");
        }
        if (byDays) {
            return Map.of("days", found.days());
        }
        if (found.date() != null) {
            return Map.of("date", date("/expiration/date", found.date()));
        }
        return Boolean.TRUE.equals(found.expiredObjectDeleteMarker())
                ? Map.of("expired_object_delete_marker", true) : null;
    }

    private static Map<String, Object> noncurrentExpiration(NoncurrentVersionExpiration found) {
        var json = new LinkedHashMap<String, Object>();
        json.put("days", known("/noncurrent_expiration/days", found.noncurrentDays()));
        put(json, "newer_versions", found.newerNoncurrentVersions());
        return json;
    }

    private static Map<String, Object> transition(Transition found) {
        var json = new LinkedHashMap<String, Object>();
        if ((found.days() == null) == (found.date() == null)) {
            throw new Unknown("/days");
        }
        put(json, "days", found.days());
        put(json, "date", found.date() == null ? null : date("/date", found.date()));
        json.put("storage_class", storageClass(found.storageClassAsString()));
        return json;
    }

    private static Map<String, Object> noncurrentTransition(NoncurrentVersionTransition found) {
        var json = new LinkedHashMap<String, Object>();
        json.put("days", known("/days", found.noncurrentDays()));
        put(json, "newer_versions", found.newerNoncurrentVersions());
        json.put("storage_class", storageClass(found.storageClassAsString()));
        return json;
    }

    private static String storageClass(String name) {
        if (name == null || !RuleReader.STORAGE_CLASSES.contains(name)) {
            throw new Unknown("/storage_class");
        }
        return name;
    }

    private static String date(String place, Instant moment) {
        var found = moment.atZone(ZoneOffset.UTC);
        if (!found.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            throw new Unknown(place);
        }
        return found.toLocalDate().toString();
    }

    private static Long positive(Long size) {
        return size == null || size <= 0 ? null : size;
    }

    private static <T> T known(String place, T value) {
        if (value == null) {
            throw new Unknown(place);
        }
        return value;
    }

    private static void put(Map<String, Object> json, String name, Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
