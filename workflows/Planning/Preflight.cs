using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Planning;

/// <summary>Checks before the first change, from what was read. Pure; an error stops the rotation, a warning must be seen by the first gate's approvers.</summary>
internal static class Preflight
{
    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(30);

    /// <summary>All findings, errors first.</summary>
    public static IReadOnlyList<Finding> Check(ClusterSnapshot snapshot) =>
        Sorted(snapshot.Keysets.SelectMany(k => OfKeyset(k, snapshot.At)).Concat(OfAny(snapshot.Request, snapshot.Facts, snapshot.Instances.Instances)));

    /// <summary>What concerns every procedure.</summary>
    public static IEnumerable<Finding> OfAny(ProcedureRequest request, ClusterFacts facts, IReadOnlyList<InstanceState> instances) =>
        OfCluster(request, facts, instances).Concat(OfRequest(request));

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
            throw RotationErrors.Permanent(RotationErrors.PreflightFailed, string.Join("; ", errors.Select(f => $"{f.Check}: {f.Message}")) + ". Nothing was changed.");
    }

    private static IEnumerable<Finding> OfKeyset(KeysetState keyset, DateTimeOffset at)
    {
        if (keyset.Keypairs.FirstOrDefault(k => k.Id == keyset.PrimaryId) is not { } primary)
        {
            yield return Error("keyset-without-primary", $"keyset '{keyset.Name}' names the primary {keyset.PrimaryId}, which is not there; repair the state store first");
            yield break;
        }

        if (primary.Distrusted)
            yield return Error("primary-distrusted", $"the primary {primary.Id} of '{keyset.Name}' is distrusted; trust it or promote another keypair first");
        if (!primary.HasPrivateKey)
            yield return Error("primary-without-key", $"the primary {primary.Id} of '{keyset.Name}' has no private key, so there is no way back to it");
        if (primary.NotAfter <= at)
            yield return Error("primary-expired", $"the primary {primary.Id} of '{keyset.Name}' expired at {primary.NotAfter:yyyy-MM-dd}; a graceful rotation needs a valid one");
        else if (primary.NotAfter < at + SoonExpired)
            yield return Warning("primary-expires-soon", $"the primary {primary.Id} of '{keyset.Name}' expires at {primary.NotAfter:yyyy-MM-dd}; the way back ends there");
        if (primary.NotBefore > at)
            yield return Error("primary-not-yet-valid", $"the primary {primary.Id} of '{keyset.Name}' is valid from {primary.NotBefore:yyyy-MM-dd HH:mm}Z only; check the clocks");

        foreach (KeypairState other in keyset.Keypairs.Where(k => !k.Distrusted && k.Id != keyset.PrimaryId))
            yield return IsNewer(other.Id, keyset.PrimaryId)
                ? Warning("keyset-has-staged-keypair", $"keyset '{keyset.Name}' has the trusted keypair {other.Id}, newer than its primary: a rotation by hand may be under way; step 5 will distrust it")
                : Warning("keyset-has-stray", $"keyset '{keyset.Name}' still trusts the older keypair {other.Id}; step 5 will distrust it");
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

    // Ids are decimal numbers of up to 28 digits without leading zeros.
    private static bool IsNewer(string one, string other) => one.Length != other.Length ? one.Length > other.Length : string.CompareOrdinal(one, other) > 0;

    private static Finding Error(string check, string message) => new(check, FindingSeverity.Error, message);

    private static Finding Warning(string check, string message) => new(check, FindingSeverity.Warning, message);

    private static Finding Info(string check, string message) => new(check, FindingSeverity.Info, message);
}
