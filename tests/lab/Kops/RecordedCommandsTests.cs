using System.Text;
using Rotation.Activities.Keysets;
using Rotation.Tests.Support;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The emulator answers every recorded command as the real kops did, apart from keys, ids and times.</summary>
public abstract class RecordedCommandsTests(RecordedSession session)
{
    public static TheoryData<string> Commands { get; } = [.. Recorded.Names.Count > 0 ? Recorded.Names : ["(no recordings)"]];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Answers_as_kops_does(string name)
    {
        SkipUnlessReplayed();
        if (session.Incomparable.TryGetValue(name[..3], out string? why))
            throw new SkipTestException($"Not comparable: {why}.");
        (Recorded recorded, Replayed replayed) = session[name];
        bool anyOrder = recorded.Arguments.Contains("all") || recorded.Arguments.Contains("-o");

        RecordedText.Errors(replayed.Errors, anyOrder).ShouldBe(RecordedText.Errors(recorded.Errors, anyOrder));
        RecordedText.Output(replayed.Output, anyOrder).ShouldBe(RecordedText.Output(recorded.Output, anyOrder));
        replayed.ExitCode.ShouldBe(recorded.ExitCode);
        replayed.Files.ShouldBe(recorded.Files);
        if (replayed.KubeconfigName.Length > 0)
            RecordedText.Content(replayed.Kubeconfig).ShouldBe(RecordedText.Content(File.ReadAllText(Recordings.Combine(Recorded.Version, "kubeconfigs", replayed.KubeconfigName))));
        foreach ((string keyset, string theirs, string ours) in session.StageAfter(name))
            RecordedText.Content(ours).ShouldBe(RecordedText.Content(theirs), keyset);
    }

    /// <summary>The production reader gets the same trust matrix from what kops stored at each stage and from what the emulator stored then.</summary>
    [Fact]
    public void Keysets_of_each_stage_read_back_to_the_same_trust_matrix()
    {
        SkipUnlessReplayed();
        int compared = 0;
        foreach (string name in session.Names)
            foreach ((string keyset, string theirs, string ours) in session.StageAfter(name))
            {
                Matrix(keyset, ours).ShouldBe(Matrix(keyset, theirs), $"{keyset} after {name}");
                compared++;
            }

        compared.ShouldBe(72);
    }

    /// <summary>Writes the table of what was compared into the test's output.</summary>
    [Fact]
    public void All_but_those_that_needed_a_cloud_are_compared()
    {
        SkipUnlessReplayed();
        var table = new StringBuilder();
        foreach (string name in session.Names)
            table.Append($"{name[..3]}  {(session.Incomparable.TryGetValue(name[..3], out string? why) ? $"not comparable: {why}" : "compared"),-12}  kops {string.Join(' ', Recorded.Read(name).Arguments)}\n");

        TestContext.Current.TestOutputHelper!.WriteLine(table.ToString());
        session.Names.Count().ShouldBe(102);
        session.Names.Count(n => !session.Incomparable.ContainsKey(n[..3])).ShouldBe(102 - session.Incomparable.Count);
    }

    private void SkipUnlessReplayed()
    {
        Recordings.SkipUnlessPresent();
        if (session.Names.All(n => session.Incomparable.ContainsKey(n[..3])))
            throw new SkipTestException("s3rver is not installed; run eng/install-optional-tools.");
    }

    // Ids stand for the recorded ones; keys and times differ, and the subject carries the id. Replaced ids do not fit their certificates: the certificate's own are put back.
    private static string Matrix(string name, string yaml)
    {
        KeysetState keyset = KeysetFile.Parse(name, name, Encoding.UTF8.GetBytes(TrueIds.PutBack(yaml)));
        return $"{keyset.Name}: {string.Join("; ", keyset.Keypairs.Select((k, n) => $"{n} {(k.Id == keyset.PrimaryId ? "primary" : k.Distrusted ? "distrusted" : "trusted")} {(k.HasPrivateKey ? "with" : "without")} key, {k.Subject.Replace(k.Id, "ID", StringComparison.Ordinal)}, {Math.Round((k.NotAfter - k.NotBefore).TotalDays)} days"))}; jwks {keyset.Jwks.Count}";
    }
}

/// <summary>On a state store in a folder.</summary>
public sealed class RecordedCommandsInFolderTests(RecordedInFolder session) : RecordedCommandsTests(session), IClassFixture<RecordedInFolder>;

/// <summary>On a state store in a real S3-compatible server.</summary>
public sealed class RecordedCommandsInBucketTests(RecordedInBucket session) : RecordedCommandsTests(session), IClassFixture<RecordedInBucket>;
