using System.Globalization;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Planning;

/// <summary>Checks before the first change, from what was read. Pure; an error stops the rotation, a warning must be seen by the first gate's approvers.</summary>
internal static class Preflight
{
    /// <summary>First minor version of kops that can rotate without disruption.</summary>
    public const int FirstGraceful = 22;

    /// <summary>All findings, errors first.</summary>
    public static IReadOnlyList<Finding> Check(ClusterSnapshot snapshot) =>
        Sorted([.. snapshot.Findings, .. snapshot.Adoption.Findings, .. OfVersion(snapshot.Facts), .. OfKeypairs(snapshot), .. OfRequest(snapshot.Request)]);

    /// <summary>What procedures look at that have no pre-flight activity.</summary>
    public static IEnumerable<Finding> OfAny(ProcedureRequest request, ClusterFacts facts, IReadOnlyList<InstanceState> instances) =>
        OfCluster(request, facts, instances).Concat(OfRequest(request));

    /// <summary>What the procedures that cut nobody off need of kops.</summary>
    public static IEnumerable<Finding> OfVersion(ClusterFacts facts)
    {
        if (MinorOf(facts.KopsVersion) is < FirstGraceful)
            yield return Error("kops-too-old", $"kops {facts.KopsVersion} cannot rotate without disruption, which begins with 1.{FirstGraceful}: upgrade it, or start LegacyRotation");
    }

    /// <summary>Minor version of kops 1; null when it is no such version.</summary>
    public static int? MinorOf(string version) =>
        version.Split('.') is ["1", var minor, ..] && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Errors first.</summary>
    public static IReadOnlyList<Finding> Sorted(IEnumerable<Finding> findings) =>
    [
        .. findings
            .OrderByDescending(f => f.Severity).ThenBy(f => f.Check, StringComparer.Ordinal).ThenBy(f => f.Message, StringComparer.Ordinal),
    ];

    /// <summary>Fails with <c>PreflightFailed</c> when there is an error among the findings.</summary>
    public static void ThrowIfError(IReadOnlyList<Finding> findings)
    {
        Finding[] errors = [.. findings.Where(f => f.Severity == FindingSeverity.Error)];
        if (errors.Length > 0)
            throw RotationErrors.Permanent(RotationErrors.PreflightFailed, string.Join("; ", errors.Select(f => $"{f.Check}: {f.Message.TrimEnd('.')}")) + ". Nothing was changed.");
    }

    // What keysets and nodes are like is looked at by the pre-flight activity.
    private static IEnumerable<Finding> OfKeypairs(ClusterSnapshot snapshot)
    {
        if (snapshot.Instances.Instances.All(i => i.Role != InstanceGroupRole.ControlPlane))
            yield return Error("no-control-plane", "no control-plane instance was found; check the worker's access to the cloud");
        if (snapshot.Request.Emergency)
            yield return Warning("emergency", "who approves the plan approves the whole way: nothing waits for clients to fetch their kubeconfigs, or for tokens to run out; those that are late are cut off");
    }

    private static IEnumerable<Finding> OfCluster(ProcedureRequest request, ClusterFacts facts, IReadOnlyList<InstanceState> instances)
    {
        InstanceState[] controlPlane = [.. instances.Where(i => i.Role == InstanceGroupRole.ControlPlane)];
        if (controlPlane.Length == 0)
            yield return Error("no-control-plane", "no control-plane instance was found; check the worker's access to the cloud");
        else if (controlPlane.Length == 1)
            yield return Warning("single-control-plane", "there is one control-plane instance: the API is away while it is replaced, in every roll");
        else if (controlPlane.Length == 2)
            yield return Warning("two-control-plane", "there are two control-plane instances: etcd has no quorum while one is replaced");

        InstanceState[] pending = [.. instances.Where(i => i.NeedsUpdate)];
        if (pending.Length > 0)
            yield return Warning("update-pending", $"{pending.Length} instances need an update already ({string.Join(", ", pending.Take(5).Select(i => i.Id))}{(pending.Length > 5 ? ", …" : "")}); the first roll takes it too");
        foreach (InstanceState detached in instances.Where(i => i.Detached))
            yield return Warning("instance-detached", $"instance {detached.Id} of '{detached.InstanceGroup}' is detached and runs: an earlier roll was not ended");
        foreach (InstanceState lost in instances.Where(i => i.NodeName is null && i.Role != InstanceGroupRole.Bastion))
            yield return Warning("instance-not-joined", $"instance {lost.Id} of '{lost.InstanceGroup}' has not joined the cluster");
        if (request.Roll.Engine == RollEngine.Durable && facts.CloudProvider is { Length: > 0 } cloud && cloud != "aws")
            yield return Error("roll-engine", $"the durable rolling update knows AWS, and the cluster is on '{cloud}'; use \"roll\": {{ \"engine\": \"kops\" }}");
    }

    private static IEnumerable<Finding> OfRequest(ProcedureRequest request)
    {
        ApprovalPolicy approvals = request.Approvals;
        if (approvals.Auto)
            yield return Info("gates-open", "every gate opens by itself");
        else if (approvals.ExcludeRequester && request.RequestedBy.Length == 0)
            yield return Info("requester-unknown", "the request does not say who asks (requestedBy), so the requester cannot be kept from approving");
        if (approvals.OnTimeout == GateTimeout.Advance && !approvals.Auto)
            yield return Warning("gates-advance", $"a gate that nobody opens lets the rotation through after {approvals.Timeout}");
    }

    private static Finding Error(string check, string message) => new(check, FindingSeverity.Error, message);

    private static Finding Warning(string check, string message) => new(check, FindingSeverity.Warning, message);

    private static Finding Info(string check, string message) => new(check, FindingSeverity.Info, message);
}
