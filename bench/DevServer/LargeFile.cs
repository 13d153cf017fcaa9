using System.Diagnostics;
using System.Text.Json;
using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Bench.DevServer;

/// <summary>A file with many closed and many open workflows: how much memory it takes, and how long a start with it. Targets: 5 s, memory bounded by the open ones.</summary>
internal static class LargeFile
{
    private const int Open = 10_000;
    private const int Wave = 500;

    public static async Task<int> RunAsync(int closed)
    {
        string folder = Directory.CreateTempSubdirectory("rotation-bench-").FullName;
        string file = Path.Combine(folder, "large.db");
        double afterClosed, afterOpen;
        using (ServerProcess server = await ServerProcess.StartAsync(file))
        {
            TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
            await CloseAsync(client, closed);
            afterClosed = server.ResidentMb;
            for (int n = 0; n < Open; n += Wave)
                await Task.WhenAll(Enumerable.Range(n, Wave).Select(i => client.StartWorkflowAsync((Chain c) => c.RunAsync(1), new($"open-{i}", "nobody"))));
            afterOpen = server.ResidentMb;
        }

        using ServerProcess again = await ServerProcess.StartAsync(file);
        var result = new { closed, open = Open, fileMb = new FileInfo(file).Length >> 20, readyMs = Math.Round(again.Ready.TotalMilliseconds), rssMb = Math.Round(again.ResidentMb), rssMbAfterClosed = Math.Round(afterClosed), rssMbAfterOpen = Math.Round(afterOpen) };
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }

    private static async Task CloseAsync(TemporalClient client, int count)
    {
        var options = new TemporalWorkerOptions("closing") { MaxConcurrentWorkflowTasks = 100, MaxCachedWorkflows = 200 };
        using var worker = new TemporalWorker(client, options.AddWorkflow<Chain>());
        long start = Stopwatch.GetTimestamp();
        await worker.ExecuteAsync(async () =>
        {
            for (int n = 0; n < count; n += Wave)
                await Task.WhenAll(Enumerable.Range(n, Wave).Select(i => client.ExecuteWorkflowAsync((Chain c) => c.RunAsync(0), new($"closed-{i}", "closing"))));
        });
        Console.WriteLine($"{count} workflows in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
    }
}
