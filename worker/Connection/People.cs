namespace Rotation.Worker.Connection;

/// <summary>Who sits at this terminal.</summary>
internal static class People
{
    /// <summary>Variable that names the person where the login does not, for instance a mail address.</summary>
    public const string Variable = "ROTATION_USER";

    /// <summary>The person: <c>ROTATION_USER</c>, else the login name.</summary>
    public static string Name => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : Environment.UserName;

    /// <summary>The person at this host, as Temporal records it beside every call.</summary>
    public static string Identity => $"{Name}@{Environment.MachineName}";
}
