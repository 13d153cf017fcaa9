using System.Security.Cryptography;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>Exports, delivers, reads back and restores kubeconfigs. Content stays between kops, memory-backed storage, the kept copies and the sinks.</summary>
internal sealed class KubeconfigActivities(KubeconfigExporter exporter, Sinks sinks, KeptCopies copies, ClusterLeases leases, RotationOptions options) : IKubeconfigActivities
{
    private const string Exported = "kops";

    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<DeliveryResult> DeliverKubeconfigAsync(DeliverKubeconfigInput input)
    {
        var chosen = sinks.Choose(input.Sinks);
        await using Pulse pulse = Pulse.Start($"{input.Step}: delivers to {chosen.Count} sinks", options.Deadlines.Poll);
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, Token).ConfigureAwait(false);
        Kubeconfig exported = await ExportOnceAsync(input).ConfigureAwait(false);

        List<Delivery> deliveries = [];
        foreach ((string name, IKubeconfigSink sink) in chosen)
            deliveries.Add(await DeliverAsync(input, exported, name, sink).ConfigureAwait(false));
        return new(deliveries);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<DeliveryResult> RestoreKubeconfigAsync(RestoreKubeconfigInput input)
    {
        var chosen = sinks.Choose(input.Sinks);
        await using Pulse pulse = Pulse.Start($"{input.Step}: restores {chosen.Count} sinks", options.Deadlines.Poll);
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, Token).ConfigureAwait(false);
        // Going forward again delivers afresh: what was exported then may not be trusted any more.
        copies.Forget(input.Cluster.Rotation, ExportOf(input.Step), Exported);
        List<Delivery> deliveries = [];
        foreach ((string name, IKubeconfigSink sink) in chosen)
            deliveries.Add(await RestoreAsync(input, name, sink).ConfigureAwait(false));
        return new(deliveries);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<ForgetResult> ForgetKeptAsync(ClusterRef cluster)
    {
        await using ClusterLease lease = await leases.AcquireAsync(cluster, Token).ConfigureAwait(false);
        return new(copies.ForgetAll(cluster.Rotation));
    }

    private async Task<Kubeconfig> ExportOnceAsync(DeliverKubeconfigInput input)
    {
        if (await copies.FindAsync(input.Cluster.Rotation, ExportOf(input.Step), Exported, Token).ConfigureAwait(false) is { } kept)
        {
            Kubeconfig before = Kubeconfig.Parse(kept, "The kept export");
            if (IsCurrent(before, input))
                return before;
            copies.Forget(input.Cluster.Rotation, ExportOf(input.Step), Exported);
        }

        Kubeconfig fresh = await exporter.ExportAsync(input, Token).ConfigureAwait(false);
        MustHold(fresh, input, "The kubeconfig that kops exported");
        await copies.KeepAsync(input.Cluster.Rotation, ExportOf(input.Step), Exported, fresh.ToBytes(), Token).ConfigureAwait(false);
        return fresh;
    }

    private static bool IsCurrent(Kubeconfig kept, DeliverKubeconfigInput input)
    {
        if (!Holds(kept, input))
            return false;
        using var admin = kept.ClientCertificate(input.Cluster.Name);
        return input.Kind == KubeconfigKind.Ca || (admin is not null && admin.NotAfter.ToUniversalTime() > DateTime.UtcNow + (input.AdminTtl.Value / 2));
    }

    private async Task<Delivery> DeliverAsync(DeliverKubeconfigInput input, Kubeconfig exported, string name, IKubeconfigSink sink)
    {
        string cluster = input.Cluster.Name;
        byte[]? present = await sink.ReadAsync(cluster, Token).ConfigureAwait(false);
        byte[] kept = await copies.KeepAsync(input.Cluster.Rotation, input.Step, name, present, Token).ConfigureAwait(false);
        // Into an empty sink as into a full one, so that a repetition makes the same of what it finds.
        Kubeconfig merged = Kubeconfig.Parse(present is { Length: > 0 } ? present : exported.ToBytes(), $"What sink '{name}' holds");
        merged.Merge(exported, cluster);
        byte[] content = merged.ToBytes();
        byte[]? back = present;
        if (present is null || !present.AsSpan().SequenceEqual(content))
        {
            await sink.WriteAsync(cluster, content, Token).ConfigureAwait(false);
            back = await sink.ReadAsync(cluster, Token).ConfigureAwait(false);
        }

        if (back is null || !back.AsSpan().SequenceEqual(content))
            throw RotationErrors.Passing(RotationErrors.ReadBackMismatch, $"Sink '{name}' gave back other content than was delivered.");
        Kubeconfig read = Kubeconfig.Parse(back, $"What sink '{name}' gave back");
        MustHold(read, input, $"What sink '{name}' gave back");
        return Describe(name, cluster, back, kept);
    }

    private async Task<Delivery> RestoreAsync(RestoreKubeconfigInput input, string name, IKubeconfigSink sink)
    {
        string cluster = input.Cluster.Name;
        byte[]? kept = await copies.FindAsync(input.Cluster.Rotation, input.Step, name, Token).ConfigureAwait(false);
        byte[] back = await sink.ReadAsync(cluster, Token).ConfigureAwait(false) ?? [];
        if (kept is not null && !back.AsSpan().SequenceEqual(kept))
        {
            if (kept.Length > 0)
                await sink.WriteAsync(cluster, kept, Token).ConfigureAwait(false);
            else
                await sink.DeleteAsync(cluster, Token).ConfigureAwait(false);
            back = await sink.ReadAsync(cluster, Token).ConfigureAwait(false) ?? [];
        }

        return kept is null || back.AsSpan().SequenceEqual(kept)
            ? Describe(name, cluster, back, kept ?? [])
            : throw RotationErrors.Passing(RotationErrors.ReadBackMismatch, $"Sink '{name}' gave back other content than was restored.");
    }

    private static string ExportOf(string step) => $"{step} exported";

    private static bool Holds(Kubeconfig kubeconfig, DeliverKubeconfigInput input) =>
        kubeconfig.CaFingerprints(input.Cluster.Name).SequenceEqual(input.ExpectedCaFingerprints.Order(StringComparer.Ordinal));

    private static void MustHold(Kubeconfig kubeconfig, DeliverKubeconfigInput input, string what)
    {
        if (!Holds(kubeconfig, input))
            throw RotationErrors.Permanent(RotationErrors.ReadBackMismatch, $"{what} has the CA certificates [{string.Join(", ", kubeconfig.CaFingerprints(input.Cluster.Name))}] instead of [{string.Join(", ", input.ExpectedCaFingerprints)}] (SHA-256).");
    }

    private static Delivery Describe(string sink, string cluster, byte[] content, byte[] previous)
    {
        Kubeconfig? held = content.Length > 0 ? Kubeconfig.Parse(content, $"What sink '{sink}' holds") : null;
        using var admin = held?.ClientCertificate(cluster);
        return new()
        {
            Sink = sink,
            Sha256 = Hash(content),
            PreviousSha256 = Hash(previous),
            CaFingerprints = held?.CaFingerprints(cluster) ?? [],
            AdminNotAfter = admin is null ? null : new DateTimeOffset(admin.NotAfter.ToUniversalTime()),
        };
    }

    private static string Hash(byte[] content) => content.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(content));
}
