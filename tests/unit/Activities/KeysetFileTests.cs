using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Rotation.Activities.Keysets;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class KeysetFileTests
{
    private const string Name = "kubernetes-ca";
    private const string File = "c/pki/private/kubernetes-ca/keyset.yaml";
    private static readonly TestKeypair Old = new(Name, 1_700_000_000_000_000_001, distrusted: true, keyBits: 1024);
    private static readonly TestKeypair Primary = new(Name, 1_700_000_000_000_000_002, keyBits: 1024);
    private static readonly string Good = TestKeypair.Yaml(Name, Primary, Old, Primary);
    private static readonly KeysetState Expected = Parse(Good);

    [Fact]
    public void Every_recorded_keyset_reads_as_kops_itself_lists_it()
    {
        string recordings = Recordings.Combine("kops-1.26.6");
        foreach (string file in Directory.GetFiles(Path.Combine(recordings, "keysets"), "*.yaml", SearchOption.AllDirectories))
            KeysetFile.Parse(file, Path.GetFileNameWithoutExtension(file), System.IO.File.ReadAllBytes(file)).Keypairs.ShouldNotBeEmpty();

        using JsonDocument listed = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(recordings, "040-get-keypairs-distrusted-o-json/stdout.txt")));
        foreach (JsonElement item in listed.RootElement.EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            KeysetState keyset = KeysetFile.Parse(name, name, System.IO.File.ReadAllBytes(Path.Combine(recordings, $"keysets/5-distrusted/{name}.yaml")));
            KeypairState keypair = keyset.Keypairs.Single(k => k.Id == item.GetProperty("id").GetString());
            keypair.Subject.ShouldBe(item.GetProperty("subject").GetString());
            keypair.Distrusted.ShouldBe(item.TryGetProperty("distrustTimestamp", out _));
            (keyset.PrimaryId == keypair.Id).ShouldBe(item.TryGetProperty("isPrimary", out JsonElement primary) && primary.GetBoolean());
        }
    }

    [Fact]
    public void A_good_keyset_gives_its_matrix()
    {
        Expected.PrimaryId.ShouldBe(Primary.Id);
        Expected.Keypairs.Select(k => (k.Id, k.Distrusted, k.HasPrivateKey, k.Fingerprint)).ShouldBe([(Old.Id, true, true, Old.Fingerprint), (Primary.Id, false, true, Primary.Fingerprint)]);
        Expected.Keypairs[1].Subject.ShouldBe($"SERIALNUMBER={Primary.Id},CN={Name}");
    }

    [Fact]
    public void Order_stray_items_and_unknown_fields_around_change_nothing()
    {
        Same(Parse(TestKeypair.Yaml(Name, Primary, Primary, Old)), Expected).ShouldBeTrue();
        Same(Parse(Good.Replace("  keys:\n", "  keys:\n  - id: \"7\"\n", StringComparison.Ordinal)), Expected).ShouldBeTrue();
        Same(Parse(Good.Replace("metadata:\n", "metadata:\n  labels:\n    a: b\n", StringComparison.Ordinal)), Expected).ShouldBeTrue();
    }

    [Fact]
    public void Before_kops_1_22_the_youngest_is_the_primary_and_nothing_may_stand_for_the_missing_field()
    {
        string older = TestKeypair.Yaml(Name, Primary, Primary, new TestKeypair(Name, 1_700_000_000_000_000_000, keyBits: 1024)).Replace($"  primaryId: \"{Primary.Id}\"\n", "", StringComparison.Ordinal);

        Parse(older).PrimaryId.ShouldBe(Primary.Id);
        Should.Throw<ApplicationFailureException>(() => Parse(older + "  primariId: \"1\"\n")).Message.ShouldContain("none of keys, type");
        KeysetFile.IsEmptied(Encoding.UTF8.GetBytes(older)).ShouldBeFalse();
        KeysetFile.IsEmptied("apiVersion: kops.k8s.io/v1alpha2\nkind: Keyset\nmetadata:\n  creationTimestamp: null\n  name: ca\nspec:\n  type: Keypair\n"u8.ToArray()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("kind: Keyset", "kind: Secret", "kind")]
    [InlineData("name: kubernetes-ca", "name: other", "metadata.name")]
    [InlineData("type: Keypair", "type: Secret", "spec.type")]
    [InlineData("primaryId: \"", "primaryId: \"1", "spec.primaryId")]
    [InlineData("  - id: \"", "  - id: \"0", "spec.keys[1].id")]
    [InlineData("    id: \"", "    id: \"9", "spec.keys[0].publicMaterial")]
    [InlineData("    publicMaterial", "    publikMaterial", "spec.keys[0]")]
    [InlineData("2026-11-23T", "2026-31-23T", "spec.keys[0].distrustTimestamp")]
    public void A_wrong_field_is_named_with_its_file(string text, string by, string field)
    {
        var error = Should.Throw<ApplicationFailureException>(() => Parse(new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(text)).Replace(Good, by, 1)));

        error.ErrorType.ShouldBe(RotationErrors.KeysetUnreadable);
        error.Message.ShouldStartWith($"'{File}': {field} ");
    }

    [Fact]
    public void An_imported_certificate_may_have_the_id_that_kops_gave_it()
    {
        using var foreign = new TestKeypair(Name, 5, isNumbered: false, keyBits: 1024);
        using var numbered = new TestKeypair(Name, 1_700_000_000_000_000_000, keyBits: 1024);
        string Yaml(TestKeypair imported, string id, bool withKey)
        {
            string item = TestKeypair.Yaml(Name, Primary, imported).Replace($"\"{imported.Id}\"", $"\"{id}\"", StringComparison.Ordinal);
            item = item[item.IndexOf("  - id", StringComparison.Ordinal)..item.IndexOf("  primaryId", StringComparison.Ordinal)];
            item = withKey ? item : System.Text.RegularExpressions.Regex.Replace(item, "    privateMaterial: \\S+\n", "");
            return Good.Replace("  keys:\n", $"  keys:\n{item}", StringComparison.Ordinal);
        }

        string late = $"{new System.Numerics.BigInteger(1_750_000_000_000_000_000) << 32}";
        Parse(Yaml(foreign, foreign.Id, withKey: true)).Keypairs.ShouldContain(k => k.Id == foreign.Id);
        Parse(Yaml(foreign, late, withKey: true)).Keypairs.ShouldContain(k => k.Id == late && k.HasPrivateKey);
        Parse(Yaml(numbered, "0", withKey: false)).Keypairs[0].ShouldSatisfyAllConditions(k => k.Id.ShouldBe("0"), k => k.HasPrivateKey.ShouldBeFalse());
        foreach ((TestKeypair keypair, string id, bool withKey) in new[] { (foreign, "17", true), (numbered, late, true), (numbered, late, false) })
            Should.Throw<ApplicationFailureException>(() => Parse(Yaml(keypair, id, withKey))).Message.ShouldContain("publicMaterial has another serial number");
    }

    [Fact]
    public void A_private_key_of_another_keypair_is_refused()
    {
        string other = Convert.ToBase64String(Encoding.ASCII.GetBytes(Old.PrivatePem + "\n"));
        string mine = Convert.ToBase64String(Encoding.ASCII.GetBytes(Primary.PrivatePem + "\n"));

        Should.Throw<ApplicationFailureException>(() => Parse(Good.Replace(mine, other, StringComparison.Ordinal))).Message.ShouldContain("spec.keys[1].privateMaterial does not belong");
    }

    /// <summary>Truncated, reordered, extended or damaged in any one place: the right matrix or a typed error, never a wrong matrix.</summary>
    [Property(MaxTest = 10_000)]
    public Property Damage_gives_the_right_matrix_or_a_typed_error()
    {
        Gen<string> cut = Gen.Choose(0, Good.Length - 1).Select(at => Good[..at]);
        Gen<string> flip = from at in Gen.Choose(0, Good.Length - 1) from c in Gen.Choose(9, 126) select string.Concat(Good.AsSpan(0, at), ((char)c).ToString(), Good.AsSpan(at + 1));
        Gen<string> drop = from at in Gen.Choose(0, Good.Length - 1) select Good.Remove(at, 1);
        Gen<string> add = from at in Gen.Choose(0, Good.Length) from c in Gen.Choose(9, 126) select Good.Insert(at, ((char)c).ToString());
        string[] lines = Good.Split('\n')[..^1];
        // Two lines, or the halves of two lines, change places; a line stands twice; something follows.
        Gen<string> swap = from one in Gen.Choose(0, lines.Length - 1) from other in Gen.Choose(0, lines.Length - 1) select Joined(lines.Select((l, n) => n == one ? lines[other] : n == other ? lines[one] : l));
        Gen<string> twice = from at in Gen.Choose(0, lines.Length - 1) from to in Gen.Choose(0, lines.Length) select Joined([.. lines[..to], lines[at], .. lines[to..]]);
        Gen<string> more = from text in Gen.Elements("x", "---\n", "...\n", "  keys: []\n", "  primaryId: \"1\"\n", "\0", "- a\n", Good) select Good + text;
        return Prop.ForAll(Gen.OneOf(cut, flip, drop, add, swap, twice, more).ToArbitrary(), text =>
        {
            try
            {
                KeysetState read = Parse(text);
                return Same(read, Expected).Label($"read as {string.Join("; ", read.Keypairs.Except(Expected.Keypairs))} after {Difference(text)}");
            }
            catch (Exception e) when (e is not ApplicationFailureException)
            {
                return false.Label($"{e} after {Difference(text)}");
            }
            catch (ApplicationFailureException e)
            {
                return (e.ErrorType == RotationErrors.KeysetUnreadable && e.Message.StartsWith($"'{File}'", StringComparison.Ordinal)).Label(e.Message);
            }
        });
    }

    private static string Joined(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";

    private static string Difference(string text)
    {
        int at = Good.Zip(text).TakeWhile(c => c.First == c.Second).Count();
        return $"{at}: '{Good[Math.Max(0, at - 8)..Math.Min(Good.Length, at + 8)]}' -> '{text[Math.Max(0, at - 8)..Math.Min(text.Length, at + 8)]}'";
    }

    private static bool Same(KeysetState one, KeysetState other) => KeypairRules.Same(one, other) && one.Name == other.Name;

    private static KeysetState Parse(string yaml) => KeysetFile.Parse(File, Name, Encoding.UTF8.GetBytes(yaml));
}
