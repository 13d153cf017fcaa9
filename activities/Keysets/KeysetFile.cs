using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Rotation.Workflows.Contracts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotation.Activities.Keysets;

/// <summary>
/// Parses <c>keyset.yaml</c> as kops stores it. Strict on what trust depends on (ids, primary, distrust, certificates and keys that fit), tolerant of
/// fields we do not know outside the items and of items without public material, which nothing can trust. Fails with <c>KeysetUnreadable</c> naming file and field.
/// </summary>
internal static partial class KeysetFile
{
    private const int LongestId = 60;

    /// <summary>True for what kops before 1.22 leaves of a keyset whose keypairs were all deleted: a file without any.</summary>
    public static bool IsEmptied(byte[] content) => EmptiedText().IsMatch(Encoding.UTF8.GetString(content));

    public static KeysetState Parse(string file, string name, byte[] content)
    {
        Field root = Root(file, content);
        root["kind"].MustBe("Keyset");
        root["metadata"]["name"].MustBe(name);
        Field spec = root["spec"];
        spec["type"].MustBe("Keypair");
        string? named = null;
        // Before kops 1.22 there was no such field. Any other beside the two may be a damaged name of it.
        if (spec["primaryId"].IsAbsent)
            spec.MustHaveOnly("keys", "type");
        else
            named = spec["primaryId"].Text();
        Field[] items = [.. spec["keys"].Items()];
        (KeypairState State, PublicMaterial Material)[] read = [.. items.Select(Keypair).OfType<(KeypairState State, PublicMaterial Material)>().OrderBy(k => BigInteger.Parse(k.State.Id, CultureInfo.InvariantCulture))];
        KeypairState[] keypairs = [.. read.Select(k => k.State)];

        if (keypairs.GroupBy(k => k.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw spec["keys"].Wrong($"has the id {twice.Key} more than once");
        // The youngest was the primary then, and none was distrusted.
        string primary = named ?? keypairs.LastOrDefault()?.Id ?? throw spec["primaryId"].Wrong("is missing");
        KeypairState signer = Array.Find(keypairs, k => k.Id == primary) ?? throw spec["primaryId"].Wrong("names no keypair of the keyset");
        if (signer.Distrusted || !signer.HasPrivateKey)
            throw spec["primaryId"].Wrong("names a keypair that is distrusted or has no private key");
        return new() { Name = name, PrimaryId = primary, Keypairs = keypairs, StrayItems = items.Length - keypairs.Length, Jwks = name == KeysetReader.ServiceAccount ? Jwks(primary, read) : [] };
    }

    // As the API server is given them: every trusted key, the signing one first.
    private static JwksKey[] Jwks(string primary, IEnumerable<(KeypairState State, PublicMaterial Material)> keypairs) =>
        [.. keypairs.Where(k => !k.State.Distrusted).OrderByDescending(k => k.State.Id == primary).Select(k => new JwksKey(k.State.Id, k.Material.Kid, k.Material.Algorithm))];

    private static Field Root(string file, byte[] content)
    {
        try
        {
            var yaml = new YamlStream();
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
            // kops writes no comments, and one damaged character can turn a distrust stamp into one.
            if (text.Contains('#', StringComparison.Ordinal))
                throw new Field(file, "", null).Wrong("has a comment, which kops does not write");
            yaml.Load(new StringReader(text));
            if (yaml.Documents.Count != 1)
                throw new Field(file, "", null).Wrong($"has {yaml.Documents.Count} documents instead of one");
            return new(file, "", yaml.Documents[0].RootNode);
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner throws InvalidOperationException on some damaged scalars; the decoder's exception is an ArgumentException.
            // The parser's own message quotes the text, which may be a key.
            throw new Field(file, "", null).Wrong(e is YamlException y ? $"is not YAML at line {y.Start.Line}" : "is not UTF-8 text");
        }
    }

    private static (KeypairState State, PublicMaterial Material)? Keypair(Field item)
    {
        item.MustHaveOnly("id", "publicMaterial", "privateMaterial", "distrustTimestamp");
        string id = item["id"].Text();
        if (id.Length is 0 or > LongestId || !id.All(char.IsAsciiDigit) || (id.Length > 1 && id[0] == '0'))
            throw item["id"].Wrong("is not a decimal number");
        if (item["publicMaterial"].IsAbsent)
            return item["privateMaterial"].IsAbsent ? null : throw item["publicMaterial"].Wrong("is missing although there is a private key");

        bool hasKey = !item["privateMaterial"].IsAbsent;
        var material = PublicMaterial.Parse(item["publicMaterial"], id, hasKey);
        if (hasKey)
            material.MustFit(item["privateMaterial"]);
        var state = new KeypairState
        {
            Id = id,
            Distrusted = IsDistrusted(item["distrustTimestamp"]),
            Fingerprint = material.Fingerprint,
            Subject = material.Subject,
            NotBefore = material.NotBefore,
            NotAfter = material.NotAfter,
            HasPrivateKey = hasKey,
        };
        return (state, material);
    }

    [GeneratedRegex("^apiVersion: [a-z0-9./]+\\nkind: Keyset\\nmetadata:\\n(  [a-zA-Z]+: \\S+\\n)+spec:\\n  type: Keypair\\n$")]
    private static partial Regex EmptiedText();

    private static bool IsDistrusted(Field stamp)
    {
        if (stamp.IsAbsent)
            return false;
        return DateTimeOffset.TryParse(stamp.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? true : throw stamp.Wrong("is not a time");
    }
}
