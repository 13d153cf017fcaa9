using Rotation.Workflows;
using Temporalio.Exceptions;

namespace Rotation.Worker.Commands;

/// <summary>Temporal's failures in words, with their exit codes.</summary>
internal static class TemporalFailures
{
    private static readonly HashSet<string> Refusals = new(StringComparer.Ordinal)
    {
        RotationErrors.InvalidRequest, RotationErrors.KeysetUnknown, RotationErrors.ClusterNotFound, RotationErrors.StateStoreInvalid, RotationErrors.SinkUnknown,
        RotationErrors.IllegalTransition, RotationErrors.Rejected, RotationErrors.KopsVersionUnknown, RotationErrors.ClusterLocked,
    };

    public static (int Code, string Message) Explain(RpcException rpc) => rpc.Code switch
    {
        RpcException.StatusCode.NotFound when rpc.Message.StartsWith("Namespace", StringComparison.Ordinal) =>
            (ExitCode.Failed, $"The Temporal server answers, but: {rpc.Message.TrimEnd('.')}. Set TEMPORAL_NAMESPACE (or --namespace) to one that it has, or make it there."),
        RpcException.StatusCode.NotFound => (ExitCode.Failed, $"There is no such rotation: {rpc.Message}; see: rotation list"),
        RpcException.StatusCode.Unavailable => (ExitCode.Unreachable, $"The Temporal server went away: {rpc.Message}"),
        RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled => (ExitCode.Unreachable, NoWorker),
        RpcException.StatusCode.PermissionDenied or RpcException.StatusCode.Unauthenticated =>
            (ExitCode.Unreachable, $"The Temporal server refused us: {rpc.Message}; see TEMPORAL_API_KEY and TEMPORAL_TLS_CLIENT_CERT_PATH"),
        RpcException.StatusCode.Unimplemented => (ExitCode.Failed, $"This Temporal server cannot do it: {rpc.Message}"),
        _ => (ExitCode.Failed, $"The Temporal server answered {rpc.Code}: {rpc.Message}"),
    };

    /// <summary>What to say when nobody polls the task queue.</summary>
    public static string NoWorker => "No worker answers. Start one with: rotation worker";

    /// <summary>How a rotation that ended other than well is told.</summary>
    public static (int Code, string Message) Ended(WorkflowFailedException failed)
    {
        string message = Innermost(failed);
        bool refused = failed.InnerException is ApplicationFailureException { ErrorType: { } type } && Refusals.Contains(type);
        return (refused ? ExitCode.Refused : ExitCode.Failed, message);
    }

    /// <summary>The message of the cause, with its error type when it has one.</summary>
    public static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception is ApplicationFailureException { ErrorType: { } type } && !exception.Message.Contains(type, StringComparison.Ordinal) ? $"{type}: {exception.Message}" : exception.Message;
    }
}
