using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The emulator answers every recorded command as the real kops did, apart from keys, ids and times.</summary>
public sealed class RecordedCommandsTests(RecordedSession session) : IClassFixture<RecordedSession>
{
    public static TheoryData<string> Commands { get; } = [.. Recorded.Names.Count > 0 ? Recorded.Names : ["(no recordings)"]];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Answers_as_kops_does(string name)
    {
        Recordings.SkipUnlessPresent();
        if (RecordedSession.Incomparable.TryGetValue(name[..3], out string? why))
            throw new SkipTestException($"Not comparable: {why}.");
        (Recorded recorded, Replayed replayed) = session[name];
        bool anyOrder = recorded.Arguments.Contains("all") || recorded.Arguments.Contains("-o");

        RecordedText.Errors(replayed.Errors, anyOrder).ShouldBe(RecordedText.Errors(recorded.Errors, anyOrder));
        RecordedText.Output(replayed.Output, anyOrder).ShouldBe(RecordedText.Output(recorded.Output, anyOrder));
        replayed.ExitCode.ShouldBe(recorded.ExitCode);
        replayed.Files.ShouldBe(recorded.Files);
        if (replayed.KubeconfigName.Length > 0)
            RecordedText.Content(replayed.Kubeconfig).ShouldBe(RecordedText.Content(File.ReadAllText(Recordings.Combine(Recorded.Version, "kubeconfigs", replayed.KubeconfigName))));
        foreach ((string file, string theirs, string ours) in session.StageAfter(name))
            ours.ShouldBe(theirs, Path.GetFileName(file));
    }
}
