using System.Text.RegularExpressions;
using Rotation.Lab;
using Rotation.Tests.Support;

namespace Rotation.Tests.Lab.Kops;

/// <summary>A state store of our own making, and kops commands on it.</summary>
internal sealed class EmulatedStore : IDisposable
{
    public const string Cluster = "own.example.com";
    private readonly TempFolder _folder = new();

    private LabOptions Options => new() { ClusterName = Cluster, StateStoreDirectory = _folder.Combine("state"), ControlPlaneNodes = 1, WorkerNodes = 1 };

    private string Private => _folder.Combine("state", Cluster, "pki", "private");

    public IReadOnlyList<string> Keysets => [.. Directory.EnumerateDirectories(Private).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    /// <summary>Makes a new cluster.</summary>
    public async ValueTask CreateAsync()
    {
        Directory.CreateDirectory(Options.StateStoreDirectory);
        await LabStateStore.CreateAsync(Options, CancellationToken.None);
        await LabStateStore.DeployAsync(Options, _folder.Combine("kubeconfig"), CancellationToken.None);
    }

    /// <summary>A copy that a test may change.</summary>
    public EmulatedStore Copy()
    {
        var copy = new EmulatedStore();
        LabStateStore.CopyFrom(Options.StateStoreDirectory, copy.Options);
        return copy;
    }

    /// <summary>Orders failures of the commands to come.</summary>
    public void Order(string faults) => System.IO.File.WriteAllText(_folder.Combine("faults"), faults);

    /// <summary>Where the state store is.</summary>
    public string Folder => Options.StateStoreDirectory;

    /// <summary>Path of a file of the test's own.</summary>
    public string File(string name) => _folder.Combine(name);

    /// <summary>Runs a command line. The warning that kops gives for every state store in a folder is left out of what it wrote to standard error.</summary>
    public Task<Emulated> RunAsync(string command, params (string Name, string Value)[] variables) => RunAsync(command.Split(' '), variables);

    /// <inheritdoc cref="RunAsync(string, ValueTuple{string, string}[])"/>
    public async Task<Emulated> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>
        {
            ["KOPS_STATE_STORE"] = $"file://{Options.StateStoreDirectory}",
            ["KOPS_CLUSTER_NAME"] = Cluster,
            ["KOPS_LAB_FAULTS"] = _folder.Combine("faults"),
            ["HOME"] = _folder.Combine("home"),
        };
        foreach ((string name, string value) in variables)
            environment[name] = value;
        Emulated done = await Emulated.RunAsync(arguments, environment, CancellationToken.None);
        return done with { Errors = RecordedText.WithoutFolderWarning(done.Errors) };
    }

    public string Text(string keyset) => System.IO.File.ReadAllText(Path.Combine(Private, keyset, "keyset.yaml"));

    /// <summary>Changes a keyset's file by hand.</summary>
    public void Rewrite(string keyset, Func<string, string> change) => System.IO.File.WriteAllText(Path.Combine(Private, keyset, "keyset.yaml"), change(Text(keyset)));

    /// <summary>Ids of the primary, of what is trusted, and of all, by the text of the file.</summary>
    public (string Primary, string[] Trusted, string[] All) Keyset(string name)
    {
        string[] items = Text(name).Split("\n  - ")[1..];
        string Id(string item) => Regex.Match(item, "id: \"(\\d+)\"").Groups[1].Value;
        return (Regex.Match(Text(name), "primaryId: \"(\\d+)\"").Groups[1].Value, [.. items.Where(i => !i.Contains("distrustTimestamp", StringComparison.Ordinal)).Select(Id)], [.. items.Select(Id)]);
    }

    public void Dispose() => _folder.Dispose();
}
