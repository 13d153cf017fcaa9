using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>What requests may hold, see <see cref="Sizes"/>.</summary>
internal static class Limits
{
    public static void Blob(IMessage? content)
    {
        if (IsTooLarge(content))
            throw Failures.InvalidArgument("Blob data size exceeds limit.");
    }

    public static void Memo(Memo? memo)
    {
        if (IsTooLarge(memo))
            throw Failures.InvalidArgument("Memo size exceeds limit.");
    }

    public static bool IsTooLarge(IMessage? content) => content is not null && content.CalculateSize() > Sizes.BlobBytes;

    /// <summary>What somebody fails with who says more than may be kept.</summary>
    public static Failure TooLarge(string message) => new() { Message = message, Source = "Server", ServerFailureInfo = new() { NonRetryable = true } };

    public static void Length(Duration? given, string what)
    {
        if (Durations.IsNegative(given))
            throw Failures.InvalidArgument($"An invalid {what} is set on request. cause: negative duration");
    }

    public static void Timeouts(Duration? execution, Duration? run, Duration? task)
    {
        Length(execution, "WorkflowExecutionTimeoutSeconds");
        Length(run, "WorkflowRunTimeoutSeconds");
        Length(task, "WorkflowTaskTimeoutSeconds");
    }

    public static void Length(string id, string what)
    {
        if (Sizes.IsTooLong(id))
            throw Failures.InvalidArgument($"{what} length exceeds limit.");
    }

    public static void Id(string id, string what)
    {
        if (id.Length == 0)
            throw Failures.InvalidArgument($"{what} is not set on request.");
        Length(id, what);
    }

    public static void Queue(TaskQueue? queue)
    {
        if (Sizes.Fault(queue) is { } fault)
            throw Failures.InvalidArgument(fault);
    }

    public static void Priority(Priority? priority)
    {
        var fault = priority is null ? null
            : priority.PriorityKey < 0 ? "PriorityKey can't be negative"
            : Encoding.UTF8.GetByteCount(priority.FairnessKey) > Sizes.FairnessKeyLength ? "FairnessKey length exceeds limit"
            : priority.FairnessWeight < 0 ? "FairnessWeight can't be negative"
            : null;
        if (fault is not null)
            throw Failures.InvalidArgument(fault);
    }
}
