using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>Admin certificates that end before the rotation does.</summary>
internal sealed class AdminTtlShort() : PreflightCheck("admin-ttl-short", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => When(
        facts.Rotates("kubernetes-ca") && facts.Input.AdminTtl.Value < facts.Input.Forecast.Value,
        $"The admin certificates of step 4 live {facts.Input.AdminTtl}, the rotation is forecast to take {facts.Input.Forecast}: clients that use them lose access before it ends. Raise adminTtl.");
}

/// <summary>The worker's cloud session ends before the rotation does.</summary>
internal sealed class WorkerSessionEnds() : PreflightCheck("worker-credential-too-short", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Worker?.SessionEnds is { } ends
        ? When(ends < facts.Now + facts.Input.Forecast.Value, $"The worker's cloud session ends at {ends:yyyy-MM-dd HH:mm}Z, before the rotation is forecast to end. Run the worker with a role that renews itself.")
        : [];
}

/// <summary>A session from the environment is not renewed by anybody.</summary>
internal sealed class WorkerSessionStatic() : PreflightCheck("worker-credential-not-renewed", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        When(facts.Worker is { SessionToken: true, SessionEnds: null }, "The worker runs with a cloud session from its environment (AWS_SESSION_TOKEN), which nobody renews and whose end is not known. Run it with a role that renews itself.");
}

/// <summary>The folder that holds the way back cannot be used.</summary>
internal sealed class WorkDirectoryUnwritable() : PreflightCheck("work-directory-unwritable", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        When(facts.Worker?.Unwritable is not null, $"The worker cannot write to '{facts.Worker?.WorkDirectory}': {facts.Worker?.Unwritable} The copies for the way back are kept there; set Rotation:WorkDirectory.");
}

/// <summary>The folder that holds the way back is lost with the host.</summary>
internal sealed class WorkDirectoryVolatile() : PreflightCheck("work-directory-volatile", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        When(facts.Worker?.Volatile == true, $"The worker's folder '{facts.Worker?.WorkDirectory}' is in memory: a restart of the host loses the copies for the way back. Set Rotation:WorkDirectory to a disk that stays.");
}

/// <summary>The disk of the worker is nearly full.</summary>
internal sealed class WorkDirectoryFull() : PreflightCheck("work-directory-full", FindingSeverity.Error)
{
    private const long Needed = 50L * 1024 * 1024;

    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Worker is { Unwritable: null } worker
        ? When(worker.FreeBytes < Needed, $"The worker's folder '{worker.WorkDirectory}' has {worker.FreeBytes / 1024 / 1024} MiB left; 50 are needed for the copies for the way back.")
        : [];
}

/// <summary>People that were named would never be told.</summary>
internal sealed class NotifierMissing() : PreflightCheck("notifier-missing", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] missing = [.. facts.Input.Notifiers.Where(n => facts.Worker?.Notifiers.Contains(n, StringComparer.OrdinalIgnoreCase) == false)];
        return When(missing.Length > 0, $"The worker's configuration has no notifier {Few(missing)}. Add it under Rotation:Notifications:Notifiers, or leave it out of the request.");
    }
}

/// <summary>A bucket without versions has no last way back.</summary>
internal sealed class StateStoreNotVersioned() : PreflightCheck("state-store-not-versioned", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        When(facts.Keystore?.Versioned == false, "The bucket of the state store keeps no old versions. Turn versioning on: it is the last way back when everything else fails.");
}
