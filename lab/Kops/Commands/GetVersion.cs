namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops version</c>.</summary>
internal static class GetVersion
{
    /// <summary>Version that the emulator is held to, unless <c>KOPS_LAB_VERSION</c> names another.</summary>
    public const string Recorded = "1.26.6";

    /// <summary>Version that this run claims to be.</summary>
    public static string Of(KopsCall call) => call.Variable("KOPS_LAB_VERSION") ?? Recorded;

    public static Task RunAsync(KopsCall call)
    {
        call.Output.Write($"Client version: {Of(call)}\n");
        return Task.CompletedTask;
    }
}
