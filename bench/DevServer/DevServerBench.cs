using System.Diagnostics;
using System.Text.Json;
using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Bench.DevServer;

/// <summary>
/// The embedded server on a file, in a process of its own; client and worker share the machine with it. Prints each figure, and last one JSON object. Targets: ready in 300 ms,
/// 800 durable activities a second, 10 ms for one workflow with one activity, 150 MB.
/// </summary>
internal static class DevServerBench
{
    private const string Queue = "bench";
    private const int Workflows = 1000;
    private const int Activities = 5;
    private const int Singles = 200;
    private const int Starts = 5;

    public static async Task<int> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("rotation-bench-").FullName;
        double ready = await ReadyAsync(folder);
        using ServerProcess server = await ServerProcess.StartAsync(Path.Combine(folder, "load.db"));
        TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
        var options = new TemporalWorkerOptions(Queue) { MaxConcurrentWorkflowTasks = 100, MaxConcurrentActivities = 100 };
        using var worker = new TemporalWorker(client, options.AddWorkflow<Chain>().AddActivity(Sums.Add));
        (double perSecond, double single) = await worker.ExecuteAsync(async () =>
        {
            await RunManyAsync(client, Workflows);
            return (await LoadAsync(client, server), await SingleAsync(client));
        });
        double resident = server.ResidentMb;
        Console.WriteLine($"memory of the server after {Workflows + Singles} workflows: {resident:F0} MB");
        Console.WriteLine(JsonSerializer.Serialize(new { readyMs = Math.Round(ready), activitiesPerSecond = Math.Round(perSecond), singleWorkflowMs = Math.Round(single, 1), rssMb = Math.Round(resident) }));
        return 0;
    }

    private static async Task<double> ReadyAsync(string folder)
    {
        List<double> all = [];
        for (int n = 0; n < Starts; n++)
        {
            using ServerProcess server = await ServerProcess.StartAsync(Path.Combine(folder, $"start-{n}.db"));
            all.Add(server.Ready.TotalMilliseconds);
        }

        Console.WriteLine($"start of the process to ready, {Starts} times: {string.Join(", ", all.Select(a => $"{a:F0}"))} ms");
        return Median(all);
    }

    private static async Task<double> LoadAsync(TemporalClient client, ServerProcess server)
    {
        TimeSpan before = server.Processor;
        long start = Stopwatch.GetTimestamp();
        await RunManyAsync(client, Workflows);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        double perSecond = Workflows * Activities / elapsed.TotalSeconds;
        Console.WriteLine($"{Workflows} workflows of {Activities} activities: {elapsed.TotalSeconds:F1} s, {perSecond:F0} activities a second; processor time of the server {(server.Processor - before).TotalMilliseconds / (Workflows * Activities):F2} ms an activity");
        return perSecond;
    }

    private static async Task RunManyAsync(TemporalClient client, int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => OneAsync(client, Activities)));

    private static async Task<double> SingleAsync(TemporalClient client)
    {
        List<double> all = [];
        for (int n = 0; n < Singles; n++)
        {
            long start = Stopwatch.GetTimestamp();
            await OneAsync(client, 1);
            all.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Console.WriteLine($"one workflow of one activity, {Singles} times: median {Median(all):F1} ms, slowest {all.Max():F1} ms");
        return Median(all);
    }

    private static Task<int> OneAsync(TemporalClient client, int length) => client.ExecuteWorkflowAsync((Chain c) => c.RunAsync(length), new($"bench-{Guid.NewGuid():n}", Queue));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
