using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>Flags of <c>kops rolling-update cluster</c>.</summary>
internal sealed record RollOptions
{
    public bool Force { get; init; }

    public bool CloudOnly { get; init; }

    public bool FailOnDrainError { get; init; }

    public bool FailOnValidate { get; init; }

    public int ValidateCount { get; init; }

    public TimeSpan BastionInterval { get; init; }

    public TimeSpan ControlPlaneInterval { get; init; }

    public TimeSpan NodeInterval { get; init; }

    public TimeSpan DrainTimeout { get; init; }

    public TimeSpan PostDrainDelay { get; init; }

    public TimeSpan ValidationTimeout { get; init; }

    /// <summary>Whether control-plane instances leave the load balancer before they are drained; not where there is only one.</summary>
    public bool Deregisters { get; init; }

    public static RollOptions Read(KopsCall call, bool deregisters) => new()
    {
        Force = call.Command.Switch("force"),
        CloudOnly = call.Command.Switch("cloudonly"),
        FailOnDrainError = call.Command.Switch("fail-on-drain-error"),
        FailOnValidate = call.Command.Switch("fail-on-validate-error"),
        ValidateCount = int.TryParse(call.Command.Flag("validate-count"), out int count) ? count : throw Invalid(call, "validate-count"),
        BastionInterval = Duration(call, "bastion-interval"),
        ControlPlaneInterval = Duration(call, "control-plane-interval"),
        NodeInterval = Duration(call, "node-interval"),
        DrainTimeout = Duration(call, "drain-timeout"),
        PostDrainDelay = Duration(call, "post-drain-delay"),
        ValidationTimeout = Duration(call, "validation-timeout"),
        Deregisters = deregisters,
    };

    private static TimeSpan Duration(KopsCall call, string name) => GoDuration.TryParse(call.Command.Flag(name)!, out TimeSpan length) is null ? length : throw Invalid(call, name);

    private static KopsError Invalid(KopsCall call, string name) => call.Usage($"invalid argument \"{call.Command.Flag(name)}\" for \"--{name}\" flag");
}
