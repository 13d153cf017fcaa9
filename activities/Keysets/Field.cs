using Rotation.Workflows;
using Temporalio.Exceptions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotation.Activities.Keysets;

/// <summary>A place in a YAML file that knows its path, so that every error names file and field and never quotes the content.</summary>
internal sealed class Field(string file, string path, YamlNode? node)
{
    /// <summary>True when the field is not there or null. A tag or an anchor without a value is neither: it is damage.</summary>
    public bool IsAbsent => node is null || (node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" } && node.Tag.IsEmpty && node.Anchor.IsEmpty);

    /// <summary>A field of this mapping; absent when it is not there.</summary>
    public Field this[string key]
    {
        get
        {
            string below = path.Length == 0 ? key : $"{path}.{key}";
            if (IsAbsent)
                return new(file, below, null);
            return node is YamlMappingNode mapping ? new(file, below, mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null) : throw Wrong("is not a mapping");
        }
    }

    /// <summary>The items of this list; at least one.</summary>
    public IEnumerable<Field> Items() => node is YamlSequenceNode { Children.Count: > 0 } list
        ? list.Children.Select((item, i) => new Field(file, $"{path}[{i}]", item))
        : throw Wrong("is not a list with items");

    /// <summary>The text of this scalar, not empty.</summary>
    public string Text() => !IsAbsent && node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Wrong("is missing or not text");

    /// <summary>The decoded bytes of this base64 scalar.</summary>
    public byte[] Bytes()
    {
        try
        {
            return Convert.FromBase64String(Text());
        }
        catch (FormatException)
        {
            throw Wrong("is not base64");
        }
    }

    /// <summary>Fails unless the text is as given.</summary>
    public void MustBe(string expected)
    {
        if (Text() != expected)
            throw Wrong($"is not '{expected}'");
    }

    /// <summary>Fails when this mapping has other fields: one of them may be a damaged name of one that matters.</summary>
    public void MustHaveOnly(params string[] names)
    {
        if (node is YamlMappingNode mapping && mapping.Children.Keys.FirstOrDefault(k => k is not YamlScalarNode { Value: { } name } || !names.Contains(name)) is not null)
            throw Wrong($"has a field that is none of {string.Join(", ", names)}");
    }

    /// <summary>A failure that names this field.</summary>
    public ApplicationFailureException Wrong(string problem) =>
        RotationErrors.Permanent(RotationErrors.KeysetUnreadable, path.Length == 0 ? $"'{file}' {problem}." : $"'{file}': {path} {problem}.");
}
