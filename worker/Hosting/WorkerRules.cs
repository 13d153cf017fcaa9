using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Rotation.Activities.Hosting;

namespace Rotation.Worker.Hosting;

/// <summary>Finds every error in <see cref="WorkerOptions"/> at once.</summary>
internal sealed class WorkerRules : IValidateOptions<WorkerOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Reads the section. Fails with all its errors.</summary>
    public static WorkerOptions Read(IConfiguration configuration)
    {
        WorkerOptions options = configuration.GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new();
        string[] problems = [.. ProblemsOf(options)];
        return problems.Length == 0 ? options : throw new OptionsValidationException(WorkerOptions.Section, typeof(WorkerOptions), problems);
    }

    public ValidateOptionsResult Validate(string? name, WorkerOptions options) =>
        ProblemsOf(options).ToArray() is { Length: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

    private static IEnumerable<string> ProblemsOf(WorkerOptions o) =>
        Numbers(o).Concat(Lengths(o)).Concat(Words(o)).Select(p => SettingProblem.Say(WorkerOptions.Section, p.Key, p.Problem));

    private static IEnumerable<(string Key, string Problem)> Numbers(WorkerOptions o)
    {
        (string Key, int Value, int Least, int Most)[] all =
        [
            (nameof(o.Activities), o.Activities, 1, 10_000), (nameof(o.WorkflowTasks), o.WorkflowTasks, 2, 10_000), (nameof(o.CachedWorkflows), o.CachedWorkflows, 2, 100_000),
            (nameof(o.ActivityPollers), o.ActivityPollers, 1, 100), (nameof(o.WorkflowPollers), o.WorkflowPollers, 2, 100),
        ];
        return all.Where(n => n.Value < n.Least || n.Value > n.Most).Select(n => (n.Key, $"is {n.Value}; it must be {n.Least} to {n.Most}"));
    }

    private static IEnumerable<(string Key, string Problem)> Lengths(WorkerOptions o)
    {
        if (o.Grace < TimeSpan.Zero || o.Grace > Longest)
            yield return (nameof(o.Grace), $"is {o.Grace}; it must be 00:00:00 to {Longest}");
        if (o.Look < TimeSpan.FromSeconds(1) || o.Look > Longest)
            yield return (nameof(o.Look), $"is {o.Look}; it must be 00:00:01 to {Longest}");
    }

    private static IEnumerable<(string Key, string Problem)> Words(WorkerOptions o)
    {
        if (o.Listen is not null && !IsAddress(o.Listen))
            yield return (nameof(o.Listen), $"is '{o.Listen}'; it must be http, localhost or an IP address, and a port, such as http://127.0.0.1:9464");
        if (o.Deployment is { } deployment && (deployment.Length == 0 || deployment.Any(c => c == '.' || char.IsWhiteSpace(c))))
            yield return (nameof(o.Deployment), $"is '{deployment}'; it must be a name without dots and spaces");
        if (o.BuildId is not null && o.Deployment is null)
            yield return (nameof(o.BuildId), "is given without Deployment; they go together");
        if (o.BuildId is "")
            yield return (nameof(o.BuildId), "is empty");
        if (o.LogFormat is not ("text" or "json"))
            yield return (nameof(o.LogFormat), $"is '{o.LogFormat}'; it must be text or json");
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri is { Scheme: "http", PathAndQuery: "/" }
        && (uri.IsLoopback || IPAddress.TryParse(uri.Host.Trim('[', ']'), out _));
}
