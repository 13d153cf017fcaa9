using System.Collections.Concurrent;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Tests.EndToEnd.Crashes;

/// <summary>Tells one ledger after the other words, by signal and update, and remembers what was acknowledged. What failed may have happened or not.</summary>
internal sealed class Teller(ITemporalClient client, string queue, int number)
{
    private const int Words = 4;

    /// <summary>Ledgers whose start was acknowledged, with the words that were.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Told { get; } = new();

    /// <summary>Acknowledged calls so far.</summary>
    public int Acknowledged => _acknowledged;

    private int _acknowledged;

    public async Task RunAsync(CancellationToken stop)
    {
        for (int n = 0; !stop.IsCancellationRequested; n++)
        {
            string id = $"ledger-{number}-{n}";
            if (!await TryAsync(() => client.StartWorkflowAsync((Ledger l) => l.RunAsync(), new(id, queue))))
                continue;
            ConcurrentBag<string> words = Told.GetOrAdd(id, _ => []);
            WorkflowHandle<Ledger> ledger = client.GetWorkflowHandle<Ledger>(id);
            for (int w = 0; w < Words; w++)
            {
                string word = $"{id}-{w}";
                bool byUpdate = w % 2 == 1;
                if (await TryAsync(() => byUpdate ? ledger.ExecuteUpdateAsync(l => l.AskAsync(word)) : ledger.SignalAsync(l => l.TellAsync(word))))
                    words.Add(word);
            }
        }
    }

    private async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            Interlocked.Increment(ref _acknowledged);
            return true;
        }
        catch (Exception e) when (e is RpcException or TemporalException or OperationCanceledException)
        {
            // Not acknowledged: nothing is promised.
            return false;
        }
    }
}
