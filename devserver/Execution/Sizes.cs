using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Sizes the real server refuses, refused here too, so that what works here works there.</summary>
internal static class Sizes
{
    /// <summary>Bytes of one group of payloads or of a memo, of an id, of a fairness key.</summary>
    public const int BlobBytes = 2 * 1024 * 1024, IdLength = 1000, FairnessKeyLength = 64;

    private const string ReservedQueues = "/_sys/";

    /// <summary>Events that may wait for the end of a workflow task, and their bytes.</summary>
    public const int BufferedEvents = 100, BufferedBytes = 2 * 1024 * 1024;

    /// <summary>A command's content: too much of it ends the run.</summary>
    public static void Command(IMessage? content, WorkflowTaskFailedCause cause, string what) => Command(content?.CalculateSize() ?? 0, cause, what);

    public static void Command(int bytes, WorkflowTaskFailedCause cause, string what)
    {
        if (bytes > BlobBytes)
            throw new BadCommand(cause, $"{what} exceeds size limit.", ends: true);
    }

    public static bool IsTooLong(string id) => Encoding.UTF8.GetByteCount(id) > IdLength;

    /// <summary>What is wrong with a task queue; null when nothing is.</summary>
    public static string? Fault(TaskQueue? queue) => queue is null ? "taskQueue is not set"
        : queue.Name.Length == 0 ? "missing task queue name"
        : IsTooLong(queue.Name) ? "taskQueue length exceeds limit"
        : queue.Name.StartsWith(ReservedQueues, StringComparison.Ordinal) ? $"task queue name cannot start with reserved prefix {ReservedQueues}"
        : null;

    /// <summary>A name in a command.</summary>
    public static void CommandId(string id, WorkflowTaskFailedCause cause, string what)
    {
        if (id.Length == 0)
            throw new BadCommand(cause, $"{what} is not set on {CommandOf(cause)}.");
        if (IsTooLong(id))
            throw new BadCommand(cause, $"{what} on {CommandOf(cause)} exceeds length limit. {what}={id} Length={Encoding.UTF8.GetByteCount(id)} Limit={IdLength}");
    }

    /// <summary>A duration in a command.</summary>
    public static void CommandLength(Duration? given, WorkflowTaskFailedCause cause, string what)
    {
        if (Durations.IsNegative(given))
            throw new BadCommand(cause, $"Invalid {what} on {CommandOf(cause)}: negative duration.");
    }

    /// <summary>How words call the command that can fail with a cause.</summary>
    public static string CommandOf(WorkflowTaskFailedCause cause) => cause switch
    {
        WorkflowTaskFailedCause.BadScheduleActivityAttributes => "ScheduleActivityTaskCommand",
        WorkflowTaskFailedCause.BadStartTimerAttributes => "StartTimerCommand",
        WorkflowTaskFailedCause.BadCancelTimerAttributes => "CancelTimerCommand",
        WorkflowTaskFailedCause.BadRecordMarkerAttributes => "RecordMarkerCommand",
        WorkflowTaskFailedCause.BadStartChildExecutionAttributes => "StartChildWorkflowExecutionCommand",
        WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes => "SignalExternalWorkflowExecutionCommand",
        WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes => "RequestCancelExternalWorkflowExecutionCommand",
        WorkflowTaskFailedCause.BadContinueAsNewAttributes => "ContinueAsNewWorkflowExecutionCommand",
        _ => "command",
    };
}
