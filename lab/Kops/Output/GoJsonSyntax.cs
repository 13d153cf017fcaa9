namespace Rotation.Lab.Kops.Output;

/// <summary>Reads JSON only to say what is wrong with it, in Go's words. Go ends a text with a blank before it says that it ends too early.</summary>
internal sealed class GoJsonSyntax
{
    private readonly byte[] _text;
    private int _at;

    private GoJsonSyntax(byte[] text) => _text = text;

    /// <summary>What is wrong with a text that should be an object; null when it is one, or <c>null</c>.</summary>
    public static string? ProblemOfObject(byte[] text)
    {
        var reader = new GoJsonSyntax(text);
        try
        {
            reader.Value();
            while (reader._at < text.Length)
                reader.Expect(IsSpace, "after top-level value");
        }
        catch (FormatException e)
        {
            return e.Message;
        }

        return Kind(text.First(b => !IsSpace(b))) is { } kind ? WrongKind(kind) : null;
    }

    /// <summary>That a value is of another kind than an object.</summary>
    public static string WrongKind(string kind) => $"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}";

    private static string? Kind(byte first) => first switch
    {
        (byte)'{' or (byte)'n' => null,
        (byte)'[' => "array",
        (byte)'"' => "string",
        (byte)'t' or (byte)'f' => "bool",
        _ => "number",
    };

    private void Value()
    {
        Space();
        switch (Next)
        {
            case (byte)'{':
                Object();
                break;
            case (byte)'[':
                Array();
                break;
            case (byte)'"':
                String();
                break;
            case (byte)'t':
                Literal("true");
                break;
            case (byte)'f':
                Literal("false");
                break;
            case (byte)'n':
                Literal("null");
                break;
            default:
                Number();
                break;
        }
    }

    private void Object()
    {
        _at++;
        Space();
        if (Take('}'))
            return;
        do
        {
            Space();
            if (Next != '"')
                throw Wrong("looking for beginning of object key string");
            String();
            Space();
            Expect(b => b == ':', "after object key");
            Value();
            Space();
        }
        while (Take(','));
        Expect(b => b == '}', "after object key:value pair");
    }

    private void Array()
    {
        _at++;
        Space();
        if (Take(']'))
            return;
        do
        {
            Value();
            Space();
        }
        while (Take(','));
        Expect(b => b == ']', "after array element");
    }

    private void String()
    {
        _at++;
        while (!Take('"'))
        {
            if (!Take('\\'))
                Expect(b => b >= ' ', "in string literal");
            else if (!Take('u'))
                Expect(b => "bfnrt\\/\"".Contains((char)b), "in string escape code");
            else
                for (var n = 0; n < 4; n++)
                    Expect(b => char.IsAsciiHexDigit((char)b), "in \\u hexadecimal character escape");
        }
    }

    private void Literal(string word)
    {
        _at++;
        foreach (char c in word[1..])
            Expect(b => b == c, $"in literal {word} (expecting '{c}')");
    }

    private void Number()
    {
        bool negative = Take('-');
        if (!Take('0'))
        {
            Expect(b => b is >= (byte)'1' and <= (byte)'9', negative ? "in numeric literal" : "looking for beginning of value");
            Digits();
        }

        if (Take('.'))
        {
            Expect(IsDigit, "after decimal point in numeric literal");
            Digits();
        }

        if (Take('e') || Take('E'))
        {
            _ = Take('+') || Take('-');
            Expect(IsDigit, "in exponent of numeric literal");
            Digits();
        }
    }

    private byte Next => _at < _text.Length ? _text[_at] : _at == _text.Length ? (byte)' ' : throw new FormatException("unexpected end of JSON input");

    private void Digits()
    {
        while (IsDigit(Next))
            _at++;
    }

    private void Space()
    {
        while (IsSpace(Next))
            _at++;
    }

    private bool Take(char c)
    {
        bool there = Next == c;
        _at += there ? 1 : 0;
        return there;
    }

    private void Expect(Func<byte, bool> right, string place)
    {
        if (!right(Next))
            throw Wrong(place);
        _at++;
    }

    private FormatException Wrong(string place) => new($"invalid character {Shown((char)Next)} {place}");

    private static string Shown(char c) => c switch
    {
        '\'' => "'\\''",
        '"' => "'\"'",
        _ => $"'{GoText.Quoted(c.ToString())[1..^1]}'",
    };

    private static bool IsDigit(byte b) => char.IsAsciiDigit((char)b);

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
