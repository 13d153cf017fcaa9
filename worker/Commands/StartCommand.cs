using System.CommandLine;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start</c>.</summary>
internal static class StartCommand
{
    public static Command Create() => new Verb("start", "Start a rotation.", ["start keypairs --cluster prod.example.com"], StartKeypairsCommand.Create(), StartFleetCommand.Create());
}
