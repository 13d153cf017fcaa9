namespace Rotation.Lab.Aws;

/// <summary>Pages of a listing; the token is the position of the next one.</summary>
internal static class Pages
{
    private const int Longest = 1000;

    public static (IReadOnlyList<T> Page, string? Next) Cut<T>(IReadOnlyList<T> all, string? token, string? size)
    {
        var start = int.TryParse(token, out var position) ? position : 0;
        var length = int.TryParse(size, out var asked) ? Math.Clamp(asked, 1, Longest) : Longest;
        return ([.. all.Skip(start).Take(length)], start + length < all.Count ? (start + length).ToString() : null);
    }
}
