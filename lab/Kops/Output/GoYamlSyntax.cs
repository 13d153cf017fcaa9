using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rotation.Lab.Kops.Output;

/// <summary>Reads YAML only to say what is wrong with it, in the words of Go's reader. Go's lines are one too low where it is the structure that is wrong, and none is the first.</summary>
internal static partial class GoYamlSyntax
{
    private static readonly string[] Bools = "y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF".Split(' ');

    /// <summary>What is wrong with a text that should be a map, as kops reads one into a map; null when it is one, or nothing.</summary>
    public static string? ProblemOfMap(string text) => Read(text.Trim()) switch
    {
        ({ } problem, _) => $"error converting YAML to JSON: {problem}",
        (_, { } kind) => $"error unmarshaling JSON: while decoding JSON: {GoJsonSyntax.WrongKind(kind)}",
        _ => null,
    };

    /// <summary>What is wrong with the first document of a text, the only one that Go reads; else what it is, null when it is a map or nothing.</summary>
    public static (string? Problem, string? Kind) Read(string text)
    {
        var parser = new Parser(new Scanner(new StringReader(text)));
        List<ParsingEvent> seen = [];
        try
        {
            while (parser.MoveNext() && parser.Current is not (DocumentEnd or StreamEnd))
                seen.Add(parser.Current!);
        }
        catch (YamlException e)
        {
            return ($"yaml: {Words(e, text.TrimEnd().Split('\n'))}", null);
        }
        catch (InvalidOperationException)
        {
            // What YamlDotNet makes of a plain text over two lines, with a colon, in brackets.
            return ($"yaml: {Unclosed(seen, text)}", null);
        }

        return (null, Kind(seen.Find(e => e is not (StreamStart or DocumentStart))));
    }

    private static string? Kind(ParsingEvent? root) => root switch
    {
        SequenceStart => "array",
        Scalar { Style: not ScalarStyle.Plain } or Scalar { Tag.IsEmpty: false } => "string",
        Scalar { Value: "" or "~" or "null" or "Null" or "NULL" } => null,
        Scalar plain when Bools.Contains(plain.Value) => "bool",
        Scalar plain => Number().IsMatch(plain.Value) ? "number" : "string",
        _ => null,
    };

    private static string Words(YamlException e, string[] lines)
    {
        string problem = Problem().Match(e.Message).Groups["problem"].Value;
        long start = e.Start.Line, end = e.End.Line;
        return problem switch
        {
            "found invalid mapping" => At(Scanned(start), "mapping values are not allowed in this context"),
            "found a tab character that violate indentation" => At(Scanned(end), "found a tab character that violates indentation"),
            "found invalid tab as indentation" => At(Array.FindIndex(lines, l => l.TrimStart(' ').StartsWith('\t')) + 1, "found character that cannot start any token"),
            "found character that cannot start any token" or "did not find expected comment or line break" => At(Scanned(start), problem),
            "found unexpected end of stream" or "found unknown escape character" => At(Scanned(end), problem),
            "could not find expected ':'" => At(LineAfter(start, lines), problem),
            "did not find expected key" when IsKeyAlone(e, lines) => At(LineAfter(start, lines), "could not find expected ':'"),
            "did not find expected key" or "did not find expected ',' or ']'" or "did not find expected ',' or '}'" or "did not find expected '-' indicator" or "did not find expected node content" => At(start - 1, problem),
            _ => "the lab's kops cannot say what is wrong with it",
        };
    }

    private static string Unclosed(List<ParsingEvent> seen, string text)
    {
        var open = new Stack<char>();
        foreach (ParsingEvent e in seen)
        {
            if (e is MappingStart or SequenceStart)
                open.Push(e is MappingStart ? '}' : ']');
            else if (e is MappingEnd or SequenceEnd)
                open.Pop();
        }

        Match colon = Colon().Match(text, text.IndexOf('\n', (int)seen[^1].End.Index));
        return At(text[..colon.Index].Count(c => c == '\n'), $"did not find expected ',' or '{open.Peek()}'");
    }

    private static string At(long line, string problem) => line == 0 ? problem : $"line {line}: {problem}";

    private static long Scanned(long line) => line == 1 ? 0 : line;

    // Go notices a key without a colon where it finds the next word, or the end.
    private static long LineAfter(long line, string[] lines) => lines.Skip((int)line).TakeWhile(string.IsNullOrWhiteSpace).Count() + line + 1;

    private static bool IsKeyAlone(YamlException e, string[] lines) => e.Start.Column != e.End.Column && !"-?[]{},".Contains(lines[e.Start.Line - 1][(int)e.Start.Column - 1]);

    [GeneratedRegex(@"^While [^,]+, (?<problem>.*)\.$")]
    private static partial Regex Problem();

    [GeneratedRegex(@":(?=\s|$)")]
    private static partial Regex Colon();

    [GeneratedRegex(@"^[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?([eE][-+]?[0-9]+)?)$")]
    private static partial Regex Number();
}
