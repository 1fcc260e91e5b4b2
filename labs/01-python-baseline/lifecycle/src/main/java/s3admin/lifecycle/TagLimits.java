package s3admin.lifecycle;

import java.util.Locale;
import java.util.stream.IntStream;

/** S3's limits on one tag. */
final class TagLimits {
    private TagLimits() {}

    /** The limit that is broken first, or null. */
    static String broken(String key, String value) {
        int length = key.codePointCount(0, key.length());
        if (length < 1 || length > 128) {
            return "the key must be 1 to 128 characters";
        }
        if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
            return "the key must not begin with 'aws:'";
        }
        if (value.codePointCount(0, value.length()) > 256) {
            return "the value must be at most 256 characters";
        }
        if (!IntStream.concat(key.codePoints(), value.codePoints()).allMatch(TagLimits::allowed)) {
            return "only letters, digits, spaces and _ . : / = + - @ are allowed";
        }
        return null;
    }

    private static boolean allowed(int character) {
        if ("_.:/=+-@".indexOf(character) >= 0) {
            return true;
        }
        return switch (Character.getType(character)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER, Character.OTHER_LETTER, Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER, Character.OTHER_NUMBER, Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
