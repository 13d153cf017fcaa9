using System.CommandLine;
using Rotation.Worker.Connection;

namespace Rotation.Worker.Commands;

/// <summary>Who says something to a workflow from the command line.</summary>
internal static class Caller
{
    /// <summary>The option that names somebody else than the environment does.</summary>
    public static Option<string?> As { get; } = new("--as") { Description = "Who you are. Default: ROTATION_USER, else the login name.", HelpName = "WHO" };

    /// <summary>The one named, else the one of the environment.</summary>
    public static string Of(Invocation call) => call.Value(As) is { Length: > 0 } who ? who : People.Name;
}
