using System.Diagnostics;
using System.Text.Json;
using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Bench.DevServer;

/// <summary>Constant load for a while, with idle pollers beside it: the server's memory must not grow.</summary>
internal static class Soak
{
    private const int Idle = 1000;
    private const int AtOnce = 20;

    public static async Task<int> RunAsync(TimeSpan length)
    {
        string folder = Directory.CreateTempSubdirectory("rotation-bench-").FullName;
        using ServerProcess server = await ServerProcess.StartAsync(Path.Combine(folder, "soak.db"));
        TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
        using var stop = new CancellationTokenSource();
        Task[] idle = [.. Enumerable.Range(0, Idle).Select(n => PollAsync(client, $"idle-{n}", stop.Token))];
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("soak") { MaxCachedWorkflows = 100 }.AddWorkflow<Chain>().AddActivity(Sums.Add));
        List<double> memory = [];
        int done = 0;
        long start = Stopwatch.GetTimestamp();
        await worker.ExecuteAsync(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => client.ExecuteWorkflowAsync((Chain c) => c.RunAsync(2), new($"soak-{Guid.NewGuid():n}", "soak"))));
                done += AtOnce;
                if (Stopwatch.GetElapsedTime(start) >= length * (memory.Count + 1) / 20)
                    memory.Add(Math.Round(server.ResidentMb));
            }
        });
        await stop.CancelAsync();
        await Task.WhenAll(idle);
        Console.WriteLine($"resident memory, twentieth by twentieth: {string.Join(' ', memory)} MB");
        Console.WriteLine(JsonSerializer.Serialize(new { minutes = length.TotalMinutes, workflows = done, firstHalfMb = Math.Round(memory.Take(10).Average()), secondHalfMb = Math.Round(memory.Skip(10).Average()) }));
        return 0;
    }

    private static async Task PollAsync(TemporalClient client, string queue, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await client.WorkflowService.PollWorkflowTaskQueueAsync(new() { Namespace = "default", TaskQueue = new() { Name = queue }, Identity = "idle" }, new RpcOptions { CancellationToken = stop, Retry = false, Timeout = TimeSpan.FromSeconds(70) });
            }
            catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or Temporalio.Exceptions.RpcException)
            {
                return;
            }
        }
    }
}
