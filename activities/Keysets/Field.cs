using Rotation.Workflows;
using Temporalio.Exceptions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotation.Activities.Keysets;

/// <summary>A place in a YAML file that knows its path, so that every error names file and field and never quotes the content.</summary>
internal sealed class Field(string file, string path, YamlNode? node)
{
    /// <summary>True when the field is not there or null.</summary>
    public bool IsAbsent => node is null or YamlScalarNode { Value: null } or YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" or "~" };

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

    /// <summary>A failure that names this field.</summary>
    public ApplicationFailureException Wrong(string problem) =>
        RotationErrors.Permanent(RotationErrors.KeysetUnreadable, path.Length == 0 ? $"'{file}' {problem}." : $"'{file}': {path} {problem}.");
}
