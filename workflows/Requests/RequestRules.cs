using System.Text.RegularExpressions;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Policies;

namespace Rotation.Workflows.Requests;

/// <summary>What is a valid input, beyond its form. Every problem begins with the field's path, as in <see cref="PersonInput.Problems"/>.</summary>
public static partial class RequestRules
{
    private const int LongestCluster = 253;
    private static readonly TimeSpan ShortestAdminTtl = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestGate = TimeSpan.FromMinutes(1);

    /// <summary>Everything that is wrong with a request of <c>RotateKeypairs</c>; empty when it can be run.</summary>
    public static IReadOnlyList<string> ProblemsOf(RotateKeypairsRequest request) =>
    [
        .. Shared(request),
        .. Keysets(request.Keysets),
        .. When(request.AdminTtl.Value < ShortestAdminTtl, $"adminTtl: {request.AdminTtl} is too short; at least 10m"),
        .. Names("sinks", request.Sinks),
    ];

    /// <summary>Everything that is wrong with a request of <c>RotateSecret</c>.</summary>
    public static IReadOnlyList<string> ProblemsOf(RotateSecretRequest request) =>
    [
        .. Shared(request),
        .. When(request.Secret is null && !request.Problems.Any(p => p.StartsWith("secret:", StringComparison.Ordinal)), "secret: is required: encryptionConfig, ciliumPassword, dockerConfig or weavePassword"),
    ];

    /// <summary>Everything that is wrong with a request of <c>LegacyRotation</c>.</summary>
    public static IReadOnlyList<string> ProblemsOf(LegacyRotationRequest request) =>
    [
        .. Shared(request),
        .. When(request.AcknowledgeDisruption.Length == 0, $"acknowledgeDisruption: is required; everybody is cut off from the cluster: to go on all the same write \"{Short(request.Cluster)}\""),
        .. When(request.AcknowledgeDisruption.Length > 0 && request.AcknowledgeDisruption != request.Cluster, $"acknowledgeDisruption: '{Short(request.AcknowledgeDisruption)}' is not the cluster, '{Short(request.Cluster)}'"),
        .. When(request.AllowNewerKops && request.Approvals.Auto, "allowNewerKops: needs two people, so approvals.auto cannot be true"),
        .. When(request.AdminTtl.Value < ShortestAdminTtl, $"adminTtl: {request.AdminTtl} is too short; at least 10m"),
        .. Names("sinks", request.Sinks),
    ];

    /// <summary>Everything that is wrong with a request of <c>RollCluster</c>.</summary>
    public static IReadOnlyList<string> ProblemsOf(RollClusterRequest request) =>
    [
        .. request.Problems,
        .. Cluster(request.Cluster, request.StateStore),
        .. Names("instanceGroups", request.InstanceGroups),
        .. Names("instances", request.Instances),
        .. request.Roles.Where(r => !RollRules.Roles.Contains(r)).Select(r => $"roles: '{Short(r)}' is not one of {string.Join(", ", RollRules.Roles)}"),
        .. RollRules.ProblemsOf(request.Roll).Select(p => $"roll.{p}"),
        .. Window(request.Window),
        .. When(request.Roll.Engine == RollEngine.Kops && request.Instances.Count > 0, "instances: kops rolls whole instance groups; leave the field out or use the durable engine"),
    ];

    /// <summary>Everything that is wrong with a request of <c>RollInstanceGroup</c>.</summary>
    public static IReadOnlyList<string> ProblemsOf(RollInstanceGroupRequest request) =>
    [
        .. request.Problems,
        .. Cluster(request.Cluster, request.StateStore),
        .. Names("instanceGroup", [request.InstanceGroup]),
        .. Window(request.Window),
        .. When(request.ContinueAfter is < 100 or > 20000, $"continueAfter: {request.ContinueAfter} is not between 100 and 20000"),
        .. RollRules.ProblemsOf(request.Roll).Select(p => $"roll.{p}"),
    ];

    /// <summary>Fails with <c>InvalidRequest</c>, listing every problem, unless there is none.</summary>
    public static void ThrowIfAny(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            throw RotationErrors.Permanent(RotationErrors.InvalidRequest, string.Join("; ", problems) + ". Nothing was changed.");
    }

    internal static IEnumerable<string> Cluster(string cluster, string? stateStore)
    {
        if (cluster.Length == 0)
            yield return "cluster: is required, such as \"prod.example.com\"";
        else if (cluster.Length > LongestCluster || !DnsName().IsMatch(cluster))
            yield return $"cluster: '{Short(cluster)}' is not a DNS name in lower case";
        if (stateStore is not null && !StoreAddress().IsMatch(stateStore))
            yield return $"stateStore: '{Short(stateStore)}' is neither s3://BUCKET[/FOLDER] nor file:///FOLDER";
    }

    private static IEnumerable<string> Shared(ProcedureRequest request) =>
    [
        .. request.Problems,
        .. Cluster(request.Cluster, request.StateStore),
        .. Approvals(request.Approvals),
        .. RollRules.ProblemsOf(request.Roll).Select(p => $"roll.{p}"),
        .. Window(request.Window),
        .. Names("notify", request.Notify),
        .. When(request.RequestedBy.Length > 200, "requestedBy: longer than 200 characters"),
    ];

    private static IEnumerable<string> Window(MaintenanceWindow? window) => window is null ? [] : WindowRules.ProblemsOf(window).Select(p => $"window.{p}");

    private static IEnumerable<string> Keysets(IReadOnlyList<string> keysets)
    {
        if (keysets.Count == 0)
            yield return "keysets: is empty; name keysets, or \"all\"";
        foreach (string name in keysets.Where(k => !Name().IsMatch(k)))
            yield return $"keysets: '{Short(name)}' cannot be the name of a keyset";
        if (keysets.Count > 1 && keysets.Contains("all"))
            yield return "keysets: \"all\" stands alone";
        if (keysets.Distinct(StringComparer.Ordinal).Count() != keysets.Count)
            yield return "keysets: a name is given twice";
    }

    internal static IEnumerable<string> Approvals(ApprovalPolicy policy)
    {
        if (policy.Quorum is < 1 or > 10)
            yield return $"approvals.quorum: {policy.Quorum} is not between 1 and 10";
        if (policy.Timeout.Value < ShortestGate)
            yield return $"approvals.timeout: {policy.Timeout} is too short; at least 1m";
    }

    internal static IEnumerable<string> Names(string field, IReadOnlyList<string> names)
    {
        foreach (string name in names.Where(n => !Name().IsMatch(n)))
            yield return $"{field}: '{Short(name)}' is not a name";
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            yield return $"{field}: a name is given twice";
    }

    private static IEnumerable<string> When(bool wrong, string problem) => wrong ? [problem] : [];

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsName();

    [GeneratedRegex(@"\A(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\s]*)?|file:///[^\s]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex StoreAddress();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
