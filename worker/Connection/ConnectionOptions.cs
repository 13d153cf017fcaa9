using System.CommandLine;
using Rotation.Worker.Commands;
using Rotation.Worker.Encryption;

namespace Rotation.Worker.Connection;

/// <summary>Options of every command that talks to Temporal. What they leave open comes from Temporal's standard environment configuration.</summary>
internal static class ConnectionOptions
{
    public static Option<string?> Address { get; } = new("--address")
    {
        Description = "Temporal server, HOST:PORT. Default: TEMPORAL_ADDRESS, the profile in temporal.toml, localhost:7233.",
        HelpName = "HOST:PORT",
    };

    public static Option<string?> Namespace { get; } = new("--namespace", "-n") { Description = "Temporal namespace. Default: TEMPORAL_NAMESPACE, the profile, 'default'.", HelpName = "NAME" };

    public static Option<string?> Profile { get; } = new("--profile") { Description = "Profile in temporal.toml. Default: TEMPORAL_PROFILE, 'default'.", HelpName = "NAME" };

    /// <summary>All of them, for a command's list of symbols.</summary>
    public static IEnumerable<Symbol> All => [Address, Namespace, Profile, ConfigOption.Config];

    /// <summary>Connects as the command line and the environment say.</summary>
    public static Task<Temporalio.Client.ITemporalClient> ConnectAsync(Invocation call) =>
        TemporalConnector.OpenAsync(
        new TemporalAddress(call.Value(Address), call.Value(Namespace), call.Value(Profile)), EncryptionRegistration.DataConverterFrom(ConfigOption.Load(call)), call.Cancel);
}
