using System.CommandLine;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start</c>.</summary>
internal static class StartCommand
{
    public static Command Create() => new Verb(
        "start",
        "Start a rotation, or a rolling update.",
        ["start keypairs --cluster prod.example.com", "start secret --cluster prod.example.com --secret encryptionConfig", "start roll --cluster prod.example.com --plan"],
        StartKeypairsCommand.Create(),
        StartSecretCommand.Create(),
        StartLegacyCommand.Create(),
        StartFleetCommand.Create(),
        StartRollCommand.Create());
}
