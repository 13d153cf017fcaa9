using Rotation.Workflows;
using Temporalio.Exceptions;

namespace Rotation.Activities.Kops;

/// <summary>Turns a failed call of kops into an error type: by the line that begins with <c>Error:</c>, as recorded from kops itself.</summary>
internal static class KopsFailures
{
    private const int PanicExitCode = 2;

    // First match wins; texts are kops' own, recorded or read in its sources. Lower case.
    private static readonly (string Text, string ErrorType)[] Permanent =
    [
        ("keypair is distrusted", RotationErrors.KeypairDistrusted),
        ("cannot distrust the primary keypair", RotationErrors.KeypairIsPrimary),
        ("keypair not found", RotationErrors.KeypairUnknown),
        ("keyset not found", RotationErrors.KeysetUnknown),
        ("adding keypair to", RotationErrors.KeysetUnknown),
        ("promoting keypairs for", RotationErrors.KeysetUnknown),
        ("kops version older than last used to update the cluster", RotationErrors.KopsVersionUnknown),
        ("could not find user", RotationErrors.KopsUsage),
        ("nosuchbucket", RotationErrors.StateStoreInvalid),
        ("error building path for", RotationErrors.StateStoreInvalid),
        ("state store", RotationErrors.StateStoreInvalid),
        ("unknown flag", RotationErrors.KopsUsage),
        ("unknown command", RotationErrors.KopsUsage),
        ("unknown shorthand flag", RotationErrors.KopsUsage),
        ("\nusage:\n", RotationErrors.KopsUsage),
        ("cluster.kops.k8s.io", RotationErrors.ClusterNotFound),
        ("cluster not found", RotationErrors.ClusterNotFound),
        ("accessdenied", RotationErrors.CloudRefused),
        ("access denied", RotationErrors.CloudRefused),
        ("unauthorizedoperation", RotationErrors.CloudRefused),
        ("permission denied", RotationErrors.CloudRefused),
    ];

    private static readonly string[] StoreTrouble =
        ["dial tcp", "connection refused", "connection reset", "i/o timeout", "no such host", "tls handshake", "throttl", "slowdown", "requestlimitexceeded", "requesterror", "internalerror", "serviceunavailable", "status code: 5", "unexpected eof", "context deadline exceeded"];

    public static ApplicationFailureException For(KopsCommand command, KopsAnswer answer)
    {
        string said = Redaction.Summary(ErrorLines(answer));
        string message = $"'{command}' ended with exit code {answer.ExitCode}: {said}";
        string text = "\n" + ErrorLines(answer).ToLowerInvariant();

        // Passing trouble first: "error reading cluster …: dial tcp" names the cluster and yet is the store's fault.
        if (StoreTrouble.Any(t => text.Contains(t, StringComparison.Ordinal)))
            return RotationErrors.Passing(RotationErrors.StateStoreUnavailable, message);
        foreach ((string part, string errorType) in Permanent)
            if (text.Contains(part, StringComparison.Ordinal))
                return RotationErrors.Permanent(errorType, message);
        return answer.ExitCode == PanicExitCode && text.Contains("panic:", StringComparison.Ordinal)
            ? RotationErrors.Permanent(RotationErrors.KopsUsage, $"'{command}' crashed: {said}")
            : RotationErrors.Passing(RotationErrors.KopsFailed, message);
    }

    // Warnings that kops prints on its way (a channel that cannot be read) say nothing about why it failed.
    private static string ErrorLines(KopsAnswer answer)
    {
        string errors = "\n" + answer.Errors.Replace("\r", "", StringComparison.Ordinal);
        int start = errors.LastIndexOf("\nError: ", StringComparison.Ordinal);
        if (start < 0)
            start = errors.IndexOf("\npanic: ", StringComparison.Ordinal);
        return start < 0 ? errors + answer.Output : errors[(start + 1)..];
    }
}
