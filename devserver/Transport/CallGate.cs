using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Rotation.DevServer.Transport;

/// <summary>
/// The door every call passes: builds the <see cref="CallContext"/>, refuses unknown namespaces, and turns what a handler throws
/// into a status once. Nothing behind it knows gRPC.
/// </summary>
internal sealed partial class CallGate(Func<string, bool> isNamespace, CallCounters counters, ILogger<CallGate> logger, CancellationToken stopping)
{
    /// <summary>Runs a handler; <paramref name="namespaceName"/> null means the request has none to check.</summary>
    public async Task<TResponse> AnswerAsync<TResponse>(
        string method, ServerCallContext call, string? namespaceName, Func<CallContext, Task<TResponse>> handler)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, stopping);
        var began = Stopwatch.GetTimestamp();
        var code = StatusCode.OK;
        try
        {
            RequireNamespace(namespaceName);
            return await handler(ContextOf(call, ends.Token)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var refusal = Refusal(method, call, e, ends.IsCancellationRequested);
            code = refusal.StatusCode;
            throw refusal;
        }
        finally
        {
            counters.Add(method, code, Stopwatch.GetElapsedTime(began));
        }
    }

    private RpcException Refusal(string method, ServerCallContext call, Exception e, bool ended)
    {
        switch (e)
        {
            case RpcFailure failure:
                return failure.ToRpcException();
            case RpcException rpc:
                return rpc;
            case OperationCanceledException when ended:
                return Cancelled(call);
            default:
                HandlerFailed(method, e);
                return new RpcException(new Status(StatusCode.Internal, $"{method}: {e.GetType().Name}: {e.Message}"));
        }
    }

    private static CallContext ContextOf(ServerCallContext call, CancellationToken ends) => new(
        call.Deadline,
        call.RequestHeaders.GetValue("client-name") ?? "",
        call.RequestHeaders.GetValue("client-version") ?? "",
        ends);

    private void RequireNamespace(string? name)
    {
        if (name is null)
            return;
        if (name.Length == 0)
            throw Failures.InvalidArgument("Namespace not set on request.");
        if (!isNamespace(name))
            throw Failures.NamespaceNotFound(name);
    }

    /// <summary>UNAVAILABLE makes clients of a stopping server try again elsewhere or later; the rest gave up by themselves.</summary>
    private RpcException Cancelled(ServerCallContext call)
    {
        if (!call.CancellationToken.IsCancellationRequested && stopping.IsCancellationRequested)
            return Failures.Unavailable("the server is stopping").ToRpcException();
        return DateTime.UtcNow >= call.Deadline
            ? new RpcException(new Status(StatusCode.DeadlineExceeded, "context deadline exceeded"))
            : new RpcException(new Status(StatusCode.Cancelled, "context canceled"));
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "Handler of {Method} failed; the caller was told INTERNAL.")]
    private partial void HandlerFailed(string method, Exception exception);
}
