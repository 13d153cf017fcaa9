using System.CommandLine;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start</c>.</summary>
internal static class StartCommand
{
    public static Command Create() => new Verb("start", "Start a rotation, or a rolling update.", ["start keypairs --cluster prod.example.com", "start roll --cluster prod.example.com --plan"], StartKeypairsCommand.Create(), StartFleetCommand.Create(), StartRollCommand.Create());
}
