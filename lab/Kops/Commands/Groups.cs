namespace Rotation.Lab.Kops.Commands;

/// <summary>Commands that have others below them and do something by themselves: <c>create -f</c>, <c>delete -f</c> and <c>get</c>, none of which a rotation uses.</summary>
internal static class Groups
{
    public static Task RunAsync(KopsCall call)
    {
        string path = call.Command.Page.CommandPath;
        if (call.Command.Page.Name == "get")
            _ = call.ClusterNameOrArgument();
        else if (call.Command.Arguments is [var unknown, ..])
            throw call.Usage($"unknown command {Output.GoText.Quoted(unknown)} for \"{path}\"");
        else if (!call.Command.IsGiven("filename"))
            throw new KopsError("required flag(s) \"filename\" not set");
        throw new KopsError($"the lab's kops has no \"{path["kops ".Length..]}\" without another word");
    }
}
