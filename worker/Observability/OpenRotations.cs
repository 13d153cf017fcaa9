using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotation.Worker.Commands;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Worker.Observability;

/// <summary>Looks at the open rotations every so often and tells how many there are, which gates wait and for how long. What is gone is told as 0 once more.</summary>
internal sealed partial class OpenRotations(ITemporalClient client, TimeSpan interval, TimeProvider time, ILogger<OpenRotations> logger) : BackgroundService
{
    private const int Most = 200;
    private readonly RotationReader _reader = new(client);
    private readonly HashSet<(string Kind, string State)> _states = [];
    private readonly HashSet<(string Cluster, string Kind, string Gate)> _gates = [];

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        List<RotationRow> open = [];
        string query = $"ExecutionStatus = 'Running' AND WorkflowType IN ({string.Join(", ", RotationIds.Types.Select(t => $"'{t}'"))})";
        await foreach (WorkflowExecution execution in client.ListWorkflowsAsync(query, new() { Limit = Most, Rpc = new() { CancellationToken = cancel } }).ConfigureAwait(false))
            open.Add(RotationRow.Of(execution));
        TellStates(open);
        Dictionary<(string, string, string), double> ages = [];
        foreach (RotationRow row in open.Where(r => r.State == nameof(RotationState.AwaitingApproval)))
            if (await _reader.StatusOrNullAsync(row.Id, cancel).ConfigureAwait(false) is { Gate: { } gate, GateSince: { } since })
                ages[(row.Cluster, row.Kind, gate)] = (time.GetUtcNow() - since).TotalSeconds;
        TellGates(ages);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RpcException or CommandFailure && !stoppingToken.IsCancellationRequested)
            {
                Instruments.Count(MetricTable.LookFailures);
                LogFailed(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private void TellStates(List<RotationRow> open)
    {
        Dictionary<(string, string), int> counts = open.CountBy(r => (r.Kind, r.State)).ToDictionary(c => c.Key, c => c.Value);
        _states.UnionWith(counts.Keys);
        foreach ((string kind, string state) in _states)
            Instruments.Set(MetricTable.Open, counts.GetValueOrDefault((kind, state)), kind, state);
    }

    private void TellGates(Dictionary<(string, string, string), double> ages)
    {
        _gates.UnionWith(ages.Keys);
        foreach ((string cluster, string kind, string gate) in _gates)
        {
            bool waits = ages.TryGetValue((cluster, kind, gate), out double age);
            Instruments.Set(MetricTable.GatesWaiting, waits ? 1 : 0, cluster, kind, gate);
            Instruments.Set(MetricTable.GateAge, age, cluster, kind, gate);
        }
    }

    [LoggerMessage(3003, LogLevel.Warning, "Temporal could not be asked for the open rotations: {Reason}")]
    private partial void LogFailed(string reason);
}
