using System.Security.Cryptography;
using System.Text;
using Rotation.Workflows;
using Temporalio.Exceptions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotation.Activities.Secrets;

/// <summary>
/// An API server's encryption configuration with one provider that has keys (<c>aescbc</c>, <c>aesgcm</c> or <c>secretbox</c>); others such as <c>identity</c> stay where they are. See
/// <see href="https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#rotating-a-decryption-key"/>.
/// </summary>
internal sealed class EncryptionConfiguration
{
    private const int KeyBytes = 32;
    private static readonly string[] WithKeys = ["aescbc", "aesgcm", "secretbox"];

    private readonly YamlDocument _document;
    private readonly YamlSequenceNode _keys;

    private EncryptionConfiguration(YamlDocument document, YamlSequenceNode keys) => (_document, _keys) = (document, keys);

    /// <summary>Keys in it.</summary>
    public int KeyCount => _keys.Children.Count;

    /// <summary>Kinds of objects that it encrypts, as it names them, each once.</summary>
    public IReadOnlyList<string> Resources =>
    [
        .. _document.AllNodes.OfType<YamlMappingNode>().SelectMany(m => m.Children).Where(c => c.Key is YamlScalarNode { Value: "resources" }).Select(c => c.Value)
            .OfType<YamlSequenceNode>().SelectMany(s => s.OfType<YamlScalarNode>()).Select(s => s.Value ?? "").Distinct(),
    ];

    /// <summary>Parses one. Fails with <c>SecretRefused</c> when it is none, or when it has not exactly one provider with keys.</summary>
    public static EncryptionConfiguration Parse(byte[] content)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(Encoding.UTF8.GetString(content)));
            YamlSequenceNode[] found = [.. yaml.Documents.SelectMany(d => d.AllNodes).OfType<YamlMappingNode>().SelectMany(m => WithKeys.Where(p => m.Children.ContainsKey(p)).Select(p => m[p])).OfType<YamlMappingNode>().Select(p => p["keys"]).OfType<YamlSequenceNode>()];
            if (yaml.Documents.Count == 1 && found is [{ Children.Count: > 0 } keys])
                return new(yaml.Documents[0], keys);
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or KeyNotFoundException)
        {
            // The parser's message quotes the text, which is a key.
        }

        throw Refused("has not exactly one provider with keys; it must be rotated by hand");
    }

    /// <summary>Adds a new key after those that are there.</summary>
    public void AddKey(string name)
    {
        if (_keys.OfType<YamlMappingNode>().Any(k => (k["name"] as YamlScalarNode)?.Value == name))
            throw Refused($"has the key '{name}' already");
        _keys.Add(new YamlMappingNode { { "name", name }, { "secret", Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) } });
    }

    /// <summary>Moves the last key to the front, where it is written with.</summary>
    public void PromoteLast()
    {
        if (KeyCount < 2)
            throw Refused("has no second key to promote; add one first");
        YamlNode last = _keys.Children[^1];
        _keys.Children.RemoveAt(KeyCount - 1);
        _keys.Children.Insert(0, last);
    }

    /// <summary>Removes every key but the first.</summary>
    public void RemoveOld()
    {
        if (KeyCount < 2)
            throw Refused("has no old key to remove");
        while (KeyCount > 1)
            _keys.Children.RemoveAt(KeyCount - 1);
    }

    /// <summary>The written form.</summary>
    public byte[] ToBytes()
    {
        var text = new StringWriter { NewLine = "\n" };
        new YamlStream(_document).Save(text, assignAnchors: false);
        string yaml = text.ToString();
        return Encoding.UTF8.GetBytes(yaml.EndsWith("...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml);
    }

    private static ApplicationFailureException Refused(string why) => RotationErrors.Permanent(RotationErrors.SecretRefused, $"The encryption configuration {why}.");
}
