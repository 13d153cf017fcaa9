namespace Rotation.Lab.Kops.Commands;

/// <summary>Commands that have others below them and do something by themselves: <c>get</c>, and <c>create -f</c> and <c>delete -f</c>, which the emulator does not have.</summary>
internal static class Groups
{
    public static Task RunAsync(KopsCall call)
    {
        string path = call.Command.Page.CommandPath;
        if (call.Command.Page.Name == "get")
        {
            _ = call.ClusterNameOrArgument();
            call.Log.Warning("get.go:78", "`kops get [CLUSTER]` is deprecated: use `kops get all [CLUSTER]`");
            return GetAll.RunAsync(call);
        }

        if (call.Command.Arguments is [var unknown, ..])
            throw call.Usage($"unknown command {Output.GoText.Quoted(unknown)} for \"{path}\"");
        else if (!call.Command.IsGiven("filename"))
            throw new KopsError("required flag(s) \"filename\" not set");
        throw new KopsError($"the lab's kops has no \"{path["kops ".Length..]}\" without another word");
    }
}
