using Microsoft.Extensions.Options;
using Rotation.DevServer.Store;
using Rotation.Worker.Terminals;
using Spectre.Console;
using Temporalio.Exceptions;

namespace Rotation.Worker.Commands;

/// <summary>Turns whatever ended a command into an exit code and one message that says what to do.</summary>
internal static class Failures
{
    private const string DebugHint = "Run it again with --debug for the details.";

    /// <summary>Writes the failure and returns its exit code.</summary>
    public static int Report(Terminal terminal, Exception exception, CancellationToken cancel)
    {
        (int code, string message) = Explain(exception, cancel);
        Write(terminal, code, message);
        if (terminal.Debug)
            terminal.Warn(exception.ToString());
        return code;
    }

    /// <summary>Writes a failure: words on standard error and, with <c>--json</c>, a document on standard output.</summary>
    public static void Write(Terminal terminal, int code, string message)
    {
        terminal.Errors.Write(new Text("error: ", new Style(Color.Red)));
        terminal.Warn(message);
        if (terminal.Json)
            terminal.WriteJson(new FailureDocument(new FailureWords(message, code)));
    }

    private static (int Code, string Message) Explain(Exception exception, CancellationToken cancel) => exception switch
    {
        CommandFailure failure => (failure.ExitCode, failure.Message),
        OperationCanceledException when cancel.IsCancellationRequested => (ExitCode.Interrupted, "Interrupted."),
        OptionsValidationException options => (ExitCode.Usage, "The configuration is wrong:" + string.Concat(options.Failures.Select(f => Environment.NewLine + "  " + f))),
        RpcException rpc => TemporalFailures.Explain(rpc),
        WorkflowUpdateFailedException update => (ExitCode.Refused, TemporalFailures.Innermost(update)),
        WorkflowFailedException failed => TemporalFailures.Ended(failed),
        WorkflowAlreadyStartedException already => (ExitCode.Refused, $"A rotation with the id '{already.WorkflowId}' runs already; see: rotation status {already.WorkflowId}"),
        WorkflowQueryFailedException query => (ExitCode.Failed, query.Message),
        IOException or UnauthorizedAccessException or StoreException => (ExitCode.Failed, exception.Message),
        _ => (ExitCode.Failed, $"{exception.GetType().Name}: {exception.Message} {DebugHint}"),
    };
}

/// <summary>What <c>--json</c> prints of a failure.</summary>
internal sealed record FailureDocument(FailureWords Error);

/// <summary>Message and exit code of a failure.</summary>
internal sealed record FailureWords(string Message, int ExitCode);
