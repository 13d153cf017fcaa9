using System.Text.Json;
using System.Text.Json.Serialization;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>Everything the server knows of a schedule: plain data, written whole with every change. Instants are UTC; byte arrays are serialized API messages.</summary>
internal sealed class ScheduleState
{
    public string Namespace { get; set; } = "";
    public string Id { get; set; } = "";

    /// <summary>The schedule as it is shown, its spec in canonical form.</summary>
    public byte[] Schedule { get; set; } = [];

    public byte[] Memo { get; set; } = [];
    public byte[] SearchAttributes { get; set; } = [];
    public string CreateRequestId { get; set; } = "";
    public DateTime Created { get; set; }
    public DateTime? Updated { get; set; }

    /// <summary>Due times up to this one have been decided.</summary>
    public DateTime DoneUpTo { get; set; }

    /// <summary>Counts changes by people and of what is left to do; the conflict token.</summary>
    public long Version { get; set; } = 1;

    public long Actions { get; set; }
    public long Missed { get; set; }
    public long Skipped { get; set; }
    public long Dropped { get; set; }

    /// <summary>Workflows whose end the next action waits for, by the overlap policy.</summary>
    public List<StartedRun> Running { get; set; } = [];

    /// <summary>The last ten actions, oldest first.</summary>
    public List<RecentAction> Recent { get; set; } = [];

    public List<BufferedStart> Buffer { get; set; } = [];

    /// <summary>What the last completed action gave: the next one's last completion result.</summary>
    public byte[] LastResult { get; set; } = [];

    /// <summary>Why the last action failed, if it did.</summary>
    public byte[] LastFailure { get; set; } = [];
}

/// <summary>A workflow an action started; its run is the first of its chain.</summary>
internal sealed record StartedRun(string WorkflowId, string RunId);

/// <summary>An action that was taken.</summary>
internal sealed record RecentAction(DateTime Scheduled, DateTime Actual, StartedRun Run, WorkflowExecutionStatus Status);

/// <summary>An action that is due and waits for another to end. Unspecified: the schedule's overlap policy at that time.</summary>
internal sealed record BufferedStart(DateTime Nominal, DateTime Actual, ScheduleOverlapPolicy Overlap, bool Manual);

/// <summary>The stored form.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(ScheduleState))]
internal sealed partial class ScheduleJson : JsonSerializerContext
{
    public static byte[] Write(ScheduleState state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.ScheduleState);

    public static ScheduleState Read(ReadOnlySpan<byte> stored) =>
        JsonSerializer.Deserialize(stored, Default.ScheduleState) ?? throw new InvalidDataException("A schedule without a state.");
}
