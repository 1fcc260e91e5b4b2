using System.Globalization;
using System.Text;
using System.Text.Json;

namespace S3Admin.Tags;

/// <summary>S3's limits on tags.</summary>
internal static class TagLimits
{
    private const int MaxTags = 50;
    private const int MaxKey = 128;
    private const int MaxValue = 256;

    /// <summary>The tags of a request's body. Throws the problem of the first limit that is broken.</summary>
    public static SortedDictionary<string, string> Check(JsonElement body)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in body.EnumerateObject())
        {
            members[member.Name] = member.Value; // of a name given twice the last counts
        }
        if (members.Values.Any(value => value.ValueKind != JsonValueKind.String))
        {
            throw new Problem(400, "'tags' must be an object of strings");
        }
        var tags = new SortedDictionary<string, string>(CodePointOrder.Instance);
        foreach (var (key, value) in members)
        {
            tags[key] = value.GetString()!;
        }
        if (tags.Count > MaxTags)
        {
            throw new Problem(422, $"'tags' must be at most {MaxTags} tags");
        }
        foreach (var (key, value) in tags)
        {
            if (Broken(key, value) is { } limit)
            {
                throw new Problem(422, $"tag '{key}': {limit}");
            }
        }
        return tags;
    }

    private static string? Broken(string key, string value)
    {
        if (key.EnumerateRunes().Count() is < 1 or > MaxKey)
        {
            return $"the key must be 1 to {MaxKey} characters";
        }
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
        {
            return "the key must not begin with 'aws:'";
        }
        if (value.EnumerateRunes().Count() > MaxValue)
        {
            return $"the value must be at most {MaxValue} characters";
        }
        return key.EnumerateRunes().Concat(value.EnumerateRunes()).All(Allowed)
            ? null
            : "only letters, digits, spaces and _ . : / = + - @ are allowed";
    }

    private static bool Allowed(Rune character) =>
        (character.IsAscii && "_.:/=+-@".Contains((char)character.Value)) || Rune.GetUnicodeCategory(character) is
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
