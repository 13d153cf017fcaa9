using Microsoft.Extensions.Options;
using Rotation.Activities.Ssh;

namespace Rotation.Activities.Hosting;

/// <summary>Finds every error in <see cref="RotationOptions"/> at once; each names the key and its form in the environment.</summary>
internal sealed class RotationOptionsValidator : IValidateOptions<RotationOptions>
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, RotationOptions options)
    {
        List<string> errors = [.. KopsErrors(options.Kops), .. StoreErrors(options), .. SinkErrors(options), .. ClusterErrors(options), .. SshErrors(options), .. DeadlineErrors(options.Deadlines)];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> KopsErrors(KopsOptions kops)
    {
        if (string.IsNullOrWhiteSpace(kops.Path))
            yield return Error("Kops:Path", "is empty; give the path of a kops binary");
        foreach ((string version, string path) in kops.Binaries)
            if (string.IsNullOrWhiteSpace(path))
                yield return Error($"Kops:Binaries:{version}", "is empty; give the path of a kops binary");
    }

    private static IEnumerable<string> StoreErrors(RotationOptions options)
    {
        if (options.StateStore is { } store && !IsStateStore(store))
            yield return Error("StateStore", $"is '{store}'; it must be s3://BUCKET or file:///FOLDER");
        if (options.Aws.EndpointUrl is { Length: > 0 } url && !IsHttp(url))
            yield return Error("Aws:EndpointUrl", $"is '{url}'; it must be an http or https address");
        foreach ((string secret, string path) in options.SecretSources)
            if (!Path.IsPathRooted(path))
                yield return Error($"SecretSources:{secret}", "must be an absolute path");
        foreach ((string name, SuppliedKeypairOptions supplied) in options.SuppliedKeypairs)
            foreach ((string key, string? path) in new[] { (nameof(supplied.CertificatePath), supplied.CertificatePath), (nameof(supplied.KeyPath), supplied.KeyPath) })
                if (path is null || !Path.IsPathRooted(path))
                    yield return Error($"SuppliedKeypairs:{name}:{key}", "must be an absolute path");
        if (string.IsNullOrWhiteSpace(options.WorkDirectory) || !Path.IsPathRooted(options.WorkDirectory))
            yield return Error("WorkDirectory", "must be an absolute path");
    }

    private static IEnumerable<string> SinkErrors(RotationOptions options)
    {
        foreach (string unknown in options.DefaultSinks.Where(s => !options.Sinks.ContainsKey(s)))
            yield return Error("DefaultSinks", $"names the sink '{unknown}', which is not among Rotation:Sinks");
        foreach ((string name, SinkOptions sink) in options.Sinks)
            foreach ((string key, string problem) in SinkProblems(sink))
                yield return Error($"Sinks:{name}:{key}", problem);
    }

    private static IEnumerable<(string Key, string Problem)> SinkProblems(SinkOptions sink)
    {
        switch (sink.Type)
        {
            case SinkType.Unset:
                yield return ("Type", "is missing; it must be file, secret, s3 or command");
                break;
            case SinkType.File when sink.Path is not { } path || !Path.IsPathRooted(path):
                yield return ("Path", "must be an absolute path");
                break;
            case SinkType.Secret when string.IsNullOrWhiteSpace(sink.Name):
                yield return ("Name", "must name the Secret");
                break;
            case SinkType.S3:
                if (string.IsNullOrWhiteSpace(sink.Bucket))
                    yield return ("Bucket", "must name the bucket");
                if (string.IsNullOrWhiteSpace(sink.Key))
                    yield return ("Key", "must name the object");
                if (sink.Endpoint is { Length: > 0 } endpoint && !IsHttp(endpoint))
                    yield return ("Endpoint", "must be an http or https address");
                break;
            case SinkType.Command when sink.Command.Count == 0 || !Path.IsPathRooted(sink.Command[0]):
                yield return ("Command:0", "must be the absolute path of a program");
                break;
        }
    }

    private static IEnumerable<string> ClusterErrors(RotationOptions options)
    {
        foreach ((string name, ClusterOptions cluster) in options.Clusters)
        {
            if (cluster.ApiServerAddress is { } address && !IsHostAndPort(address))
                yield return Error($"Clusters:{name}:ApiServerAddress", $"is '{address}'; it must be HOST:PORT");
            if (cluster.KopsVersion is { } version && !options.Kops.Binaries.ContainsKey(version))
                yield return Error($"Clusters:{name}:KopsVersion", $"is '{version}', which is not among Rotation:Kops:Binaries");
        }
    }

    private static IEnumerable<string> SshErrors(RotationOptions options)
    {
        if (options.Ssh.KeyPath is { } key && !Path.IsPathRooted(key))
            yield return Error("Ssh:KeyPath", "must be an absolute path");
        if (options.Ssh.AgentSocket is { } agent && !Path.IsPathRooted(agent))
            yield return Error("Ssh:AgentSocket", "must be an absolute path");
        if (!Path.IsPathRooted(options.Ssh.EtcdVolumes) || options.Ssh.EtcdVolumes.Trim('/').Length == 0 || options.Ssh.EtcdVolumes.Contains('\'', StringComparison.Ordinal))
            yield return Error("Ssh:EtcdVolumes", $"is '{options.Ssh.EtcdVolumes}'; it must be an absolute path of a folder, not of the root");
        if (string.IsNullOrWhiteSpace(options.Ssh.User))
            yield return Error("Ssh:User", "is empty; give the login name");
        foreach ((string name, ClusterOptions cluster) in options.Clusters)
            for (int n = 0; n < cluster.SshHosts.Count; n++)
                foreach ((string field, string problem) in SshHostProblems(cluster.SshHosts[n]))
                    yield return Error($"Clusters:{name}:SshHosts:{n}:{field}", problem);
    }

    private static IEnumerable<(string Key, string Problem)> SshHostProblems(SshHostOptions host)
    {
        if (string.IsNullOrWhiteSpace(host.Host))
            yield return ("Host", "must be HOST or HOST:PORT");
        if (!host.HostKey.StartsWith("SHA256:", StringComparison.Ordinal))
            yield return ("HostKey", $"is '{host.HostKey}'; it must be the host key's fingerprint, SHA256:…");
    }

    private static IEnumerable<string> DeadlineErrors(DeadlineOptions deadlines)
    {
        (string Key, TimeSpan Value)[] all =
        [
            (nameof(deadlines.KopsRead), deadlines.KopsRead), (nameof(deadlines.KopsChange), deadlines.KopsChange), (nameof(deadlines.KopsUpdate), deadlines.KopsUpdate),
            (nameof(deadlines.KopsGrace), deadlines.KopsGrace), (nameof(deadlines.Call), deadlines.Call), (nameof(deadlines.Handshake), deadlines.Handshake), (nameof(deadlines.Poll), deadlines.Poll),
        ];
        return all.Where(d => d.Value <= TimeSpan.Zero || d.Value > LongestDeadline).Select(d => Error($"Deadlines:{d.Key}", $"is {d.Value}; it must be more than 0 and at most a day"));
    }

    private static bool IsStateStore(string store) => Uri.TryCreate(store, UriKind.Absolute, out Uri? uri) && uri.Scheme is "s3" or "file";

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";

    private static bool IsHostAndPort(string address) => Uri.TryCreate($"https://{address}", UriKind.Absolute, out Uri? uri) && address.Contains(':', StringComparison.Ordinal) && uri.Authority.Length > 0 && uri.AbsolutePath == "/";

    private static string Error(string key, string problem) => SettingProblem.Say(RotationOptions.Section, key, problem);
}
