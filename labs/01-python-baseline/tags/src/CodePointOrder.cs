namespace S3Admin.Tags;

/// <summary>Text by Unicode code points; the ordinal order of .NET is by UTF-16 units.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    public static readonly CodePointOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var one = (x ?? "").EnumerateRunes().GetEnumerator();
        var other = (y ?? "").EnumerateRunes().GetEnumerator();
        while (true)
        {
            var (more, otherMore) = (one.MoveNext(), other.MoveNext());
            if (!more || !otherMore)
            {
                return more.CompareTo(otherMore);
            }
            var order = one.Current.CompareTo(other.Current);
            if (order != 0)
            {
                return order;
            }
        }
    }
}
