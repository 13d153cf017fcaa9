namespace Rotation.DevServer.Visibility.Query;

/// <summary>How Text attributes are cut into words: runs of letters and digits, without regard to case.</summary>
internal static class TextWords
{
    /// <summary>Key under which a row keeps the words of a Text attribute, apart from its value.</summary>
    public static string KeyOf(string attribute) => "~" + attribute;

    /// <summary>The words, each between single blanks, so that a whole word can be searched for.</summary>
    public static string Indexed(string text) => $" {string.Join(' ', Of(text))} ";

    public static IEnumerable<string> Of(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inWord = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inWord && start < 0)
            {
                start = i;
            }
            else if (!inWord && start >= 0)
            {
                yield return text[start..i].ToUpperInvariant();
                start = -1;
            }
        }
    }
}
