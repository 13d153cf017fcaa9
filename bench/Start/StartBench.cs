using System.Text.Json;

namespace Rotation.Bench.Start;

/// <summary>How long <c>rotation</c> takes to start, as it comes out of the ordinary build: a call of the lab's kops, <c>status</c>, a server, a worker.</summary>
internal static class StartBench
{
    private const int Times = 15;
    private const string Cluster = "lab.example.com";

    public static async Task<int> RunAsync(string executable)
    {
        string folder = Directory.CreateTempSubdirectory("rotation-bench-").FullName;
        try
        {
            return await MeasureAsync(new Executable(executable, folder), folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(Executable program, string folder)
    {
        string lab = Path.Combine(folder, "lab");
        using Running labUp = await program.StartAsync("\"workerConfig\"", "lab", "up", "--dir", lab, "--json");
        program.Environment["KOPS_STATE_STORE"] = $"file://{lab}/state";
        Sample kops = await program.TimeAsync(Times, "lab", "kops", "get", "keypairs", "--name", Cluster);
        List<double> servers = [], workers = [];
        using Running server = await program.StartAsync("\"address\"", "server", "--port", "0", "--json");
        program.Environment["TEMPORAL_ADDRESS"] = JsonDocument.Parse(server.Output + "}").RootElement.GetProperty("address").GetString()!;
        double memory = 0;
        for (int i = 0; i < 5; i++)
        {
            using (Running other = await program.StartAsync("\"address\"", "server", "--port", "0", "--json"))
                servers.Add(other.Ready.TotalSeconds);
            using Running worker = await program.StartAsync("\"taskQueue\"", "worker", "--config", Path.Combine(lab, "worker.json"), "--json");
            workers.Add(worker.Ready.TotalSeconds);
            memory = worker.ResidentMb;
        }

        using Running atWork = await program.StartAsync("\"taskQueue\"", "worker", "--config", Path.Combine(lab, "worker.json"), "--json");
        await program.RunAsync("start", "keypairs", "--cluster", Cluster, "--id", "bench");
        Sample status = await program.TimeAsync(Times, "status", "bench");
        var figures = new
        {
            kopsCallSeconds = kops.Seconds,
            kopsCallCpuSeconds = kops.Processor,
            statusSeconds = status.Seconds,
            statusCpuSeconds = status.Processor,
            serverReadySeconds = Executable.Median(servers),
            workerReadySeconds = Executable.Median(workers),
            idleWorkerMb = Math.Round(memory),
        };
        Console.WriteLine(JsonSerializer.Serialize(figures));
        return figures.statusSeconds <= 0.5 && figures.workerReadySeconds <= 2 && memory <= 200 ? 0 : 1;
    }
}
