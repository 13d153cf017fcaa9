namespace Rotation.Tests.Unit.Activities;

/// <summary>Where a program is killed.</summary>
public enum CrashPoint
{
    /// <summary>Before it did anything.</summary>
    Before,

    /// <summary>In the middle of its effect: what it writes is written beside the file and not yet in its place, as kops writes.</summary>
    During,

    /// <summary>After its effect, before it could say so.</summary>
    After,
}

/// <summary>Scripts of a kops or a sink that dies, and of one that lives; both count their effects in the file <c>effects</c>.</summary>
internal static class CrashScript
{
    /// <summary>A shell script that dies at a point of its effect.</summary>
    public static string Dying(string effect, CrashPoint at) => at switch
    {
        CrashPoint.Before => "kill -9 $$",
        CrashPoint.During => "echo half > \"$TEST/half.$$\"; kill -9 $$",
        _ => $"{Living(effect)}\nkill -9 $$",
    };

    /// <summary>A shell script that does its effect and says so.</summary>
    public static string Living(string effect) => $"{effect}\necho effect >> \"$TEST/effects\"";

    /// <summary>How often the effect was done.</summary>
    public static int Effects(TestCluster cluster)
    {
        string file = Path.Combine(cluster.Folder, "effects");
        return File.Exists(file) ? File.ReadAllLines(file).Length : 0;
    }
}
