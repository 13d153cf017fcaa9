using System.CommandLine;
using Rotation.Worker.Demo;
using Rotation.Worker.Labs;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation demo</c>: the whole of it in one process, with nothing else installed or running.</summary>
internal static class DemoCommand
{
    // As fast as a demo can be with servers that still boot one after the other.
    private const double DefaultSpeed = 1000;
    private static readonly LabArguments Lab = new(DefaultSpeed);
    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep the folder with state store and kubeconfig." };

    public static Command Create() => new Verb(
        "demo",
        "Rotate every keyset of a simulated cluster through all six steps, in this process, while clients make requests.",
        ["demo", "demo --nodes 12 --groups 3 --json", "demo --state-store ./copy-of-a-state-store --keep"],
        RunAsync,
        [.. Lab.All, Keep]);

    private static async Task<int> RunAsync(Invocation call)
    {
        LabPlan plan = Lab.Read(call);
        var folder = new LabFolder(Directory.CreateTempSubdirectory("rotation-demo-").FullName);
        bool keep = call.Value(Keep);
        try
        {
            DemoReport report = await new DemoRun(call, folder, plan, keep).RunAsync().ConfigureAwait(false);
            if (call.Terminal.Json)
                call.Terminal.WriteJson(report);
            else
                DemoView.Write(call.Terminal, report);
            return report.IsGood ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            if (!keep)
                Directory.Delete(folder.Root, recursive: true);
        }
    }
}
