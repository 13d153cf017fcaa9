using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;
using Rotation.Worker.Checks;
using Rotation.Worker.Connection;
using Rotation.Worker.Hosting;
using Rotation.Workflows.Contracts;
using Spectre.Console;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation check</c>: proves that a worker started here would find all it needs. Changes nothing.</summary>
internal static class CheckCommand
{
    private static readonly Option<string?> Cluster = new("--cluster") { Description = "Cluster whose kops, state store, cloud and API are tried as well.", HelpName = "NAME" };

    public static Command Create() => new Verb(
        "check",
        "Prove that everything a worker needs can be reached.",
        ["check", "check --cluster prod.example.com --config /etc/rotation/worker.json"],
        RunAsync,
        [Cluster, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        IConfiguration configuration = ConfigOption.Load(call);
        // Throws when it is wrong, all errors at once: then nothing else is worth trying.
        ConfigurationCheck.ThrowIfWrong(configuration);
        await using ServiceProvider services = Services(configuration);
        List<CheckResult> results = [new("configuration", true, "valid"), await ProveAsync(new("Temporal", _ => TemporalAsync(call)), call.Cancel).ConfigureAwait(false)];
        List<Dependency> dependencies = results[^1].Ok ? [new("search attributes", _ => SearchAttributesAsync(call))] : [];
        if (call.Value(Cluster) is { } cluster)
            dependencies.AddRange(new ClusterDependencies(services, new ClusterRef { Name = cluster, Rotation = "check" }).All);
        foreach (Dependency dependency in dependencies)
            results.Add(await ProveAsync(dependency, call.Cancel).ConfigureAwait(false));
        Show(call, results);
        return ExitCodeOf(results);
    }

    private static ServiceProvider Services(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddRotationActivities(configuration);
        return services.BuildServiceProvider();
    }

    private static async Task<string> TemporalAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        TimeSpan retention = await SetupCommand.RetentionAsync(client, call.Cancel).ConfigureAwait(false);
        return $"{client.Connection.Options.TargetHost}, namespace '{client.Options.Namespace}', which keeps closed rotations for {retention.TotalDays:0.#} days";
    }

    private static async Task<string> SearchAttributesAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        IReadOnlyList<string> missing = await SetupCommand.MissingAsync(client, call.Cancel).ConfigureAwait(false);
        return missing.Count == 0 ? "registered" : throw CommandFailure.Failed($"missing are {string.Join(", ", missing)}; register them with: rotation setup");
    }

    private static async Task<CheckResult> ProveAsync(Dependency dependency, CancellationToken cancel)
    {
        try
        {
            return new CheckResult(dependency.Name, true, await dependency.ProveAsync(cancel).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new CheckResult(dependency.Name, false, e switch
            {
                CommandFailure => e.Message,
                Temporalio.Exceptions.RpcException rpc => TemporalFailures.Explain(rpc).Message,
                _ => TemporalFailures.Innermost(e),
            });
        }
    }

    private static void Show(Invocation call, IReadOnlyList<CheckResult> results)
    {
        if (call.Terminal.Json)
        {
            call.Terminal.WriteJson(results);
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("what", "", "found");
        foreach (CheckResult result in results)
            table.AddRow(new Text(result.Name), new Markup(result.Ok ? "[green]ok[/]" : "[red]failed[/]"), new Text(result.Detail));
        call.Terminal.People.Write(table);
    }

    private static int ExitCodeOf(IReadOnlyList<CheckResult> results) => results.Where(r => !r.Ok).Select(r => r.Name).ToArray() switch
    {
        [] => ExitCode.Done,
        ["Temporal"] => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };
}
