using System.Text.RegularExpressions;
using Rotation.Lab;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Labs;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary>Started from a copy of a state store that was there before: after each step its keysets are what kops makes of them.</summary>
public sealed class RealInputTests
{
    private const string RecordedVersion = "kops-1.26.6";

    [Fact]
    public async Task From_the_state_store_of_the_real_kops_every_step_leaves_what_the_real_kops_left()
    {
        using var folder = new TempFolder();
        CopyRecorded(folder);
        await using WarmStage stage = await WarmStage.OpenAsync(new LabPlan { Cluster = "rotate.example.com", StateStore = folder.Combine("store"), Speed = 1000 });

        Same(stage, "0-initial");
        await stage.StartRotationAsync(new RotateKeypairsRequest());
        await stage.ApproveAsync("1-stage");
        await stage.StatusAsync(s => s.Gate == "3-promote");
        Same(stage, "1-staged");
        await stage.ApproveAsync("3-promote");
        await stage.StatusAsync(s => s.Gate == "5-distrust");
        Same(stage, "3-promoted");
        await stage.ApproveAsync("5-distrust");
        RotationStatus end = await stage.EndAsync();

        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        Same(stage, "5-distrusted");
        (await File.ReadAllTextAsync(folder.Combine("store", "rotate.example.com", "pki", "private", "kubernetes-ca", "keyset.yaml"), TestContext.Current.CancellationToken))
            .ShouldBe(await File.ReadAllTextAsync(Recordings.Combine(RecordedVersion, "keysets", "0-initial", "kubernetes-ca.yaml"), TestContext.Current.CancellationToken), "the store that was given is only read");
    }

    [Fact]
    public async Task The_demo_runs_on_a_copy_of_a_state_store()
    {
        using var folder = new TempFolder();
        var options = new LabOptions { ClusterName = "mine.example.com", StateStoreDirectory = folder.Combine("store"), ControlPlaneNodes = 1, WorkerNodes = 1 };
        Directory.CreateDirectory(options.StateStoreDirectory);
        await LabStateStore.CreateAsync(options, TestContext.Current.CancellationToken);
        var given = new StateStoreView(folder.Combine("store", "mine.example.com", "pki", "private"));
        string before = string.Join('\n', given.Read().Select(k => $"{k.Key} {k.Value.Trust}"));
        await using var pen = new ProcessPen();

        Finished demo = await pen.RunAsync("demo", "--state-store", options.StateStoreDirectory, "--json");

        demo.ExitCode.ShouldBe(0, demo.Errors);
        demo.Output.ShouldContain("\"Completed\"");
        foreach (StoredKeyset keyset in given.Read().Values)
            demo.Output.ShouldContain($"\"primaryBefore\": \"{keyset.Primary}\"");
        string.Join('\n', given.Read().Select(k => $"{k.Key} {k.Value.Trust}")).ShouldBe(before);
    }

    private static void CopyRecorded(TempFolder folder)
    {
        string cluster = folder.Combine("store", "rotate.example.com");
        foreach (string file in Directory.EnumerateFiles(Recordings.Combine("cluster"), "*", SearchOption.AllDirectories))
            Copy(file, Path.Combine(cluster, Path.GetRelativePath(Recordings.Combine("cluster"), file)));
        foreach (string file in Directory.EnumerateFiles(Recordings.Combine(RecordedVersion, "keysets", "0-initial")))
            Copy(file, Path.Combine(cluster, "pki", "private", Path.GetFileNameWithoutExtension(file), "keyset.yaml"));
    }

    private static void Copy(string file, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(file, to);
    }

    // The keypair that the rotation staged stands for the one that the recording staged.
    private static void Same(WarmStage stage, string recordedStage)
    {
        foreach (string file in Directory.EnumerateFiles(Recordings.Combine(RecordedVersion, "keysets", recordedStage)))
        {
            string recorded = File.ReadAllText(file);
            string ours = File.ReadAllText(Path.Combine(stage.Folder.StateStore, "rotate.example.com", "pki", "private", Path.GetFileNameWithoutExtension(file), "keyset.yaml"));
            foreach ((string theirs, string own) in Ids(recorded).Zip(Ids(ours)))
                ours = ours.Replace(own, theirs, StringComparison.Ordinal);
            RecordedText.Content(ours).ShouldBe(RecordedText.Content(recorded), Path.GetFileName(file));
        }
    }

    private static IEnumerable<string> Ids(string keyset) => Regex.Matches(keyset, "  id: \"(\\d+)\"|- id: \"(\\d+)\"").Select(m => m.Groups[1].Value + m.Groups[2].Value);
}
