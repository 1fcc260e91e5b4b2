package s3admin.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A place in a JSON document: each check gives its value, or throws the problem that points at it (RFC 6901). */
record Node(String pointer, Object value) {
    /** The problem that this place breaks a rule. */
    Problem breaks(String rule) {
        return new Problem(400, pointer + " " + rule);
    }

    /** Refuses members that are not known, and what is no object. */
    Node object(String... known) {
        var names = List.of(known);
        members().keySet().stream().filter(name -> !names.contains(name)).min(Json.BY_CODE_POINTS).ifPresent(name -> {
            throw below(name, null).breaks("is unknown");
        });
        return this;
    }

    boolean has(String name) {
        return members().containsKey(name);
    }

    Node required(String name) {
        if (!has(name)) {
            throw below(name, null).breaks("is required");
        }
        return below(name, members().get(name));
    }

    /** What a member is read as; null when it is not there. */
    <T> T optional(String name, Function<Node, T> read) {
        return has(name) ? read.apply(below(name, members().get(name))) : null;
    }

    /** What the items of a member are read as; none when it is not there. */
    <T> List<T> list(String name, Function<Node, T> read) {
        return has(name) ? below(name, members().get(name)).items().stream().map(read).toList() : List.of();
    }

    /** The name of the one member of these that is there. */
    String exactlyOne(String... names) {
        var there = List.of(names).stream().filter(this::has).toList();
        if (there.size() != 1) {
            throw breaks("must have exactly one of " + String.join(", ", names));
        }
        return there.get(0);
    }

    @SuppressWarnings("unchecked") // Json makes no other maps
    Map<String, Object> members() {
        if (value instanceof Map<?, ?> members) {
            return (Map<String, Object>) members;
        }
        throw breaks("must be an object");
    }

    List<Node> items() {
        if (!(value instanceof List<?> items)) {
            throw breaks("must be an array");
        }
        var nodes = new ArrayList<Node>(items.size());
        for (var item : items) {
            nodes.add(below(Integer.toString(nodes.size()), item));
        }
        return nodes;
    }

    String text() {
        if (!(value instanceof String text)) {
            throw breaks("must be a string");
        }
        // XML, which S3 takes rules in, has no way to write them.
        if (text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0xfffe || c == 0xffff)) {
            throw breaks("must not hold control characters");
        }
        return text;
    }

    String oneOf(List<String> choices) {
        if (value instanceof String text && choices.contains(text)) {
            return text;
        }
        throw breaks("must be one of " + String.join(", ", choices));
    }

    boolean truth() {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw breaks("must be true or false");
    }

    long wholeNumber(long from, long to) {
        if (value instanceof Long number && from <= number && number <= to) {
            return number;
        }
        throw breaks("must be a whole number from " + from + " to " + to);
    }

    int wholeNumber(int from, int to) {
        return (int) wholeNumber((long) from, to);
    }

    private Node below(String name, Object member) {
        return new Node(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), member);
    }
}
