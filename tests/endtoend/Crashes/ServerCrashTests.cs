using System.Diagnostics;
using System.Globalization;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Client;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.EndToEnd.Crashes;

/// <summary>
/// The server's process is killed again and again under load. Ten times in every run; <c>make crash KILLS=200 SEED=1</c> is the long form.
/// </summary>
public sealed class ServerCrashTests
{
    private const int Tellers = 6;
    private static readonly int Kills = Number("ROTATION_CRASH_KILLS", 10);
    private static readonly int Seed = Number("ROTATION_CRASH_SEED", Environment.TickCount);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_however_often_the_server_dies()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using var pen = new ProcessPen();
        int port = FreePort.Next();
        string[] command = ["server", "--db", pen.PathOf("crash.db"), "--port", port.ToString(CultureInfo.InvariantCulture)];
        RotationProcess server = pen.Start("server", command);
        await server.SaysAsync($":{port}");
        TemporalClient client = await TemporalClient.ConnectAsync(new($"127.0.0.1:{port}"));
        Teller[] tellers = [.. Enumerable.Range(0, Tellers).Select(n => new Teller(client, "crash", n))];
        var random = new Random(Seed);
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("crash").AddWorkflow<Ledger>().AddActivity(Scribe.Write));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int early = 0;
        await worker.ExecuteAsync(
            async () =>
            {
                Task telling = Task.WhenAll(tellers.Select(t => t.RunAsync(stop.Token)));
                for (int kill = 0; kill < Kills; kill++)
                {
                    // One in five dies while it starts; the others under load.
                    if (random.Next(5) == 0)
                        early++;
                    else
                        await ProgressAsync(tellers, random.Next(1, 60), server);
                    await server.KillAsync();
                    server = pen.Start("server", command);
                }

                await ProgressAsync(tellers, 10, server);
                await stop.CancelAsync();
                await telling;
                foreach ((string id, var words) in tellers.SelectMany(t => t.Told))
                    await CheckAsync(client.GetWorkflowHandle<Ledger, List<string>>(id), [.. words]);
            },
            cancellation);
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}: {Kills} kills, {early} of them at once after the start; {tellers.Sum(t => t.Acknowledged)} acknowledged calls, {tellers.Sum(t => t.Told.Count)} workflows");
        Console.WriteLine($$"""{"kills":{{Kills}},"seed":{{Seed}},"acknowledged":{{tellers.Sum(t => t.Acknowledged)}},"workflows":{{tellers.Sum(t => t.Told.Count)}},"lost":0,"twice":0}""");
    }

    private static async Task ProgressAsync(Teller[] tellers, int more, RotationProcess server)
    {
        int target = tellers.Sum(t => t.Acknowledged) + more;
        var watch = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            () => tellers.Sum(t => t.Acknowledged).ShouldBeGreaterThanOrEqualTo(target, $"no progress for {watch.Elapsed}; {server.Story}"),
            TimeSpan.FromMinutes(1));
    }

    /// <summary>Ends a ledger: every acknowledged word is in it, and none twice.</summary>
    private static async Task CheckAsync(WorkflowHandle<Ledger, List<string>> ledger, IReadOnlyCollection<string> acknowledged)
    {
        await ledger.SignalAsync(l => l.EndAsync());
        List<string> written = await ledger.GetResultAsync();
        acknowledged.Except(written).ShouldBeEmpty($"lost from {ledger.Id}, seed {Seed}");
        written.Distinct().Count().ShouldBe(written.Count, $"twice in {ledger.Id}, seed {Seed}");
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
