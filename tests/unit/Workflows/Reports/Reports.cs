using Rotation.Workflows.Reports;

namespace Rotation.Tests.Unit.Workflows.Reports;

/// <summary>Reports to test with.</summary>
internal static class Reports
{
    public static DateTimeOffset Start { get; } = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    /// <summary>A report of a whole rotation, as short as one can be.</summary>
    public static RotationReport Completed()
    {
        var log = new ReportLog("prod.example.com", "rotate-1", "run-1");
        log.Append(Start, ReportKind.Started, "Rotates all keysets", who: "alice@example.com");
        log.Append(Start.AddSeconds(1), ReportKind.Planned, "Plan made", facts: Facts(("planHash", "abc")));
        log.Append(Start.AddMinutes(5), ReportKind.Approved, "Plan read", "1-stage", "bob@example.com", Facts(("method", "ed25519"), ("planHash", "abc"), ("keyId", "k")));
        log.Append(Start.AddMinutes(6), ReportKind.Changed, "kops create keypair kubernetes-ca", "1-stage", facts: Facts(("primaryBefore", "1"), ("staged", "2")));
        log.Append(Start.AddMinutes(20), ReportKind.Ended, "Completed", facts: Facts(("state", "completed")));
        return log.Report;
    }

    public static KeyValuePair<string, string>[] Facts(params (string Name, string Value)[] facts) => [.. facts.Select(f => KeyValuePair.Create(f.Name, f.Value))];
}
