using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops;

/// <summary>A kubeconfig as kops reads and changes it: what it does not know stays, lists come out sorted by name.</summary>
/// <param name="path">Where it is.</param>
/// <param name="missing">Told of the path whenever kops reads the file and it is not there.</param>
internal sealed class KubeconfigFile(string path, Action<string> missing)
{
    // It reads it to change it, to see what has changed, and to set the current context.
    private const int ReadsBeforeWriting = 3;

    // What Go first reads of a kubeconfig.
    private const string Head = """struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }""";

    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>The one of <c>KUBECONFIG</c>, else the user's own. Fails on a list of files, which the emulator does not merge.</summary>
    public static KubeconfigFile Default(Func<string, string?> variable, Action<string> missing)
    {
        string path = variable("KUBECONFIG") ?? System.IO.Path.Combine(variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return path.Contains(':', StringComparison.Ordinal) ? throw new KopsError("the lab's kops does not merge the several files of KUBECONFIG") : new(path, missing);
    }

    /// <summary>Cluster of the current context, or what is wrong: place in kops' sources, line break, warning.</summary>
    public (string? Problem, string? Cluster) CurrentCluster()
    {
        JsonObject config;
        WarnIfMissing(times: 1);
        try
        {
            config = Read();
        }
        catch (KopsError e)
        {
            return ($"root.go:307\nerror reading kubecfg: {e.Message}", null);
        }

        if (Text(config["current-context"]) is not { Length: > 0 } current)
            return ("root.go:309\nno context set in kubecfg", null);
        if (Item(config, "contexts", current) is not { } context)
            return ($"root.go:313\ncontext {GoText.Quoted(current)} in kubecfg not found", null);
        return Text(context["context"]?["cluster"]) is { Length: > 0 } cluster ? (null, cluster) : ($"root.go:315\ncontext {GoText.Quoted(current)} in kubecfg did not have a cluster", null);
    }

    /// <summary>Whether it has a context of that name.</summary>
    public bool HasContext(string name) => Item(Read(), "contexts", name) is not null;

    /// <summary>Writes a cluster's entry, its user's where one is given, and its context, and makes that the current one.</summary>
    /// <param name="cluster">Name of the cluster.</param>
    /// <param name="entry">Fields of the cluster's entry to set; null takes a field out.</param>
    /// <param name="user">Fields of the user to set, or null to leave users alone.</param>
    /// <param name="otherUser">A user that must be there, for the context; null: the cluster's own.</param>
    public Task WriteAsync(string cluster, JsonObject entry, JsonObject? user, string? otherUser)
    {
        WarnIfMissing(times: 1);
        JsonObject config = Reading(Read);
        Set(config, "clusters", cluster, "cluster", entry);
        if (otherUser is not null && Item(config, "users", otherUser) is null)
            throw new KopsError($"could not find user {GoText.Quoted(otherUser)}");
        WarnIfMissing(ReadsBeforeWriting - 1);
        if (user is not null)
            Set(config, "users", cluster, "user", user);
        var context = new JsonObject { ["cluster"] = cluster };
        if (user is not null || otherUser is not null)
            context["user"] = otherUser ?? cluster;
        else if (Item(config, "contexts", cluster)?["context"]?["user"] is null)
            context["user"] = "";
        Set(config, "contexts", cluster, "context", context);
        config["apiVersion"] ??= "v1";
        config["kind"] ??= "Config";
        config["preferences"] ??= new JsonObject();
        config["current-context"] = cluster;
        JsonNode[] users = [.. Items(config, "users").OrderBy(i => Text(i["name"]), StringComparer.Ordinal).Select(i => i.DeepClone())];
        config["users"] = users.Length == 0 ? null : new JsonArray(users);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var writer = new StreamWriter(Path, options))
            writer.Write(GoYaml.Text(config));
        return Task.CompletedTask;
    }

    private void WarnIfMissing(int times)
    {
        for (var n = 0; n < times && !File.Exists(Path); n++)
            missing(Path);
    }

    private static JsonObject Reading(Func<JsonObject> read)
    {
        try
        {
            return read();
        }
        catch (KopsError e)
        {
            throw new KopsError($"error reading kubeconfig: {e.Message}");
        }
    }

    private JsonObject Read()
    {
        if (!File.Exists(Path) || new FileInfo(Path).Length == 0)
            return new JsonObject();
        string text = File.ReadAllText(Path);
        (string? problem, string? kind) = GoYamlSyntax.Read(text);
        if ((problem ?? (kind is null ? null : $"couldn't get version/kind; json parse error: json: cannot unmarshal {kind} into Go value of type {Head}")) is { } wrong)
            throw new KopsError($"error loading config file \"{Path}\": {wrong}");
        try
        {
            return StoredObject.Plain(text);
        }
        catch (YamlDotNet.Core.YamlException)
        {
            throw new KopsError($"error loading config file \"{Path}\": the lab's kops cannot read it");
        }
        catch (Exception e) when (e is InvalidCastException or ArgumentOutOfRangeException)
        {
            // Nothing but comments.
            return new JsonObject();
        }
    }

    private static void Set(JsonObject config, string list, string name, string kind, JsonObject fields)
    {
        JsonObject item = Item(config, list, name) ?? new JsonObject { ["name"] = name };
        JsonObject entry = item[kind] as JsonObject ?? new JsonObject();
        foreach ((string key, JsonNode? value) in fields)
        {
            entry.Remove(key);
            if (value is not null)
                entry[key] = value.DeepClone();
        }

        JsonNode?[] others = [.. Items(config, list).Where(i => Text(i["name"]) != name).Append(item).OrderBy(i => Text(i["name"]), StringComparer.Ordinal).Select(i => i.DeepClone())];
        foreach (JsonNode? other in others.Where(o => Text(o!["name"]) == name))
            other![kind] = entry.DeepClone();
        config[list] = new JsonArray(others);
    }

    private static JsonObject? Item(JsonObject config, string list, string name) => Items(config, list).FirstOrDefault(i => Text(i["name"]) == name);

    private static IEnumerable<JsonObject> Items(JsonObject config, string list) => (config[list] as JsonArray ?? []).OfType<JsonObject>();

    private static string? Text(JsonNode? node) => node?.ToString();
}
