using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Temporalio.Client;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>What stays on disk, under <c>artifacts/chaos</c>.</summary>
internal static class ChaosFindings
{
    private static readonly string Folder = RepositoryRoot.Combine("artifacts", "chaos");
    private static readonly Lock Writing = new();

    /// <summary>Says how far it is, at once in <c>progress.log</c>: the output of a test comes at its end.</summary>
    public static void Tell(string line)
    {
        Console.WriteLine(line);
        Directory.CreateDirectory(Folder);
        lock (Writing)
            File.AppendAllLines(Path.Combine(Folder, "progress.log"), [line]);
    }

    /// <summary>Keeps of a rotation its problems, what every process said, and its history as Temporal's tools read it.</summary>
    public static async Task KeepAsync(Stage stage, ITemporalClient client, string id, IEnumerable<string> problems)
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllLinesAsync(Path.Combine(Folder, $"{id}.log"), [.. problems, stage.Pen.AllOutput]);
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{id}.json"), (await client.GetWorkflowHandle(id).FetchHistoryAsync()).ToJson());
    }
}
