using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Activities.Windows;
using Rotation.Worker.Connection;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Policies;
using Rotation.Workflows.Serialization;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation schedule create</c>: a policy and when to look whether anything is due.</summary>
internal static class ScheduleCreateCommand
{
    private static readonly Argument<string> Name = new Argument<string>("name") { Description = "Name of the schedule." }.With(result =>
    {
        if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            result.AddError("The schedule's name is empty.");
    });

    private static readonly Option<string[]> Cron = new("--cron") { Description = "When to look: minute hour day month weekday. Can be given several times.", HelpName = "CRON" };
    private static readonly Option<string?> Every = new Option<string?>("--every") { Description = "Look so often, instead of --cron.", HelpName = "DURATION" }.With(Check.Duration);
    private static readonly Option<string?> Zone = new("--time-zone") { Description = "Time zone of --cron, an IANA name. Default: that of the policy's window, else UTC.", HelpName = "ZONE" };
    private static readonly Option<string?> Jitter = new Option<string?>("--jitter") { Description = "Start up to so much later, by chance. Default: 0s.", HelpName = "DURATION" }.With(Check.Duration);
    private static readonly Option<string?> CatchUp = new Option<string?>("--catch-up") { Description = "How late a start that was missed is still made, at least 10s. Default: 10m.", HelpName = "DURATION" }.With(Check.Duration);
    private static readonly Option<bool> KeepGoing = new("--keep-going") { Description = "Do not pause the schedule when a rotation fails." };
    private static readonly Option<bool> Paused = new("--paused") { Description = "Create it paused." };
    private static readonly Option<string?> Note = new("--note", "-m") { Description = "Why, for whoever finds it.", HelpName = "TEXT" };

    public static Command Create()
    {
        var command = new Verb(
            "create",
            "Create a schedule for a policy. Turns that come while its rotations run are skipped.",
            [
                "schedule create prod --input @policy.json --cron '30 2 * * *' --time-zone Europe/Berlin --jitter 10m",
                "schedule create lab --every 24h --input '{\"fleet\":{\"clusters\":[{\"cluster\":\"lab.example.com\"}]},\"due\":{\"maxAgeDays\":90}}'",
            ],
            RunAsync,
            [Name, JsonInput.Option, Cron, Every, Zone, Jitter, CatchUp, KeepGoing, Paused, Note, .. ConnectionOptions.All]);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Cron) is { Length: > 0 } == result.GetValue(Every) is not null)
                result.AddError("Say when: either --cron or --every.");
        });
        return command;
    }

    private static async Task<int> RunAsync(Invocation call)
    {
        string name = call.Value(Name)!;
        RotationPolicyRequest policy = await ReadAsync(call).ConfigureAwait(false);
        Schedule schedule = ScheduleOf(call, name, policy);
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        try
        {
            ScheduleHandle handle = await client.CreateScheduleAsync(name, schedule, new() { Memo = new Dictionary<string, object> { [ScheduleWhen.Memo] = When(call, schedule.Spec) }, Rpc = new() { CancellationToken = call.Cancel } }).ConfigureAwait(false);
            call.Terminal.Warn($"Created {name}.");
            await ScheduleDescribeCommand.ShowAsync(call, await handle.DescribeAsync(new() { CancellationToken = call.Cancel }).ConfigureAwait(false)).ConfigureAwait(false);
            return ExitCode.Done;
        }
        catch (ScheduleAlreadyRunningException)
        {
            throw CommandFailure.Refused($"A schedule '{name}' exists already; see: rotation schedule describe {name}");
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.InvalidArgument)
        {
            throw CommandFailure.Usage($"{(call.IsGiven(Cron) ? "--cron" : "--every")}: {e.Message}");
        }
    }

    private static async Task<RotationPolicyRequest> ReadAsync(Invocation call)
    {
        JsonObject input = await JsonInput.ReadAsync(call).ConfigureAwait(false);
        RotationPolicyRequest policy = input.Deserialize<RotationPolicyRequest>(RotationDataConverter.Json)!;
        List<string> problems = [.. PolicyRules.ProblemsOf(policy), .. ZoneCheck.ProblemsOf(policy.Fleet).Select(p => $"fleet.{p}")];
        if (call.Value(Zone) is { } zone && TimeZones.Find(zone) is null)
            problems.Add($"--time-zone: {TimeZones.WhyUnknown(zone)}");
        if (call.Value(CatchUp) is not null && Length(call, CatchUp, "") < TimeSpan.FromSeconds(10))
            problems.Add("--catch-up: at least 10s");
        if (call.Value(Every) is not null && Length(call, Every, "") < TimeSpan.FromMinutes(1))
            problems.Add("--every: at least 1m");
        JsonInput.ThrowIfAny(problems);
        return policy;
    }

    private static Schedule ScheduleOf(Invocation call, string name, RotationPolicyRequest policy)
    {
        var action = ScheduleActionStartWorkflow.Create(nameof(RotationPolicy), [policy], new(id: $"policy-{name}", taskQueue: TaskQueues.Rotation) { StaticSummary = $"Policy {name}" });
        string[] cron = call.Value(Cron) ?? [];
        var spec = new ScheduleSpec
        {
            CronExpressions = cron,
            Intervals = cron.Length > 0 ? [] : [new(Length(call, Every, ""))],
            TimeZoneName = cron.Length > 0 ? call.Value(Zone) ?? policy.Fleet.Window?.TimeZone ?? "UTC" : null,
            Jitter = Length(call, Jitter, "0s"),
        };
        return new(action, spec)
        {
            Policy = new() { Overlap = Temporalio.Api.Enums.V1.ScheduleOverlapPolicy.Skip, CatchupWindow = Length(call, CatchUp, "10m"), PauseOnFailure = !call.Value(KeepGoing) },
            State = new() { Paused = call.Value(Paused), Note = call.Value(Note) },
        };
    }

    // The server keeps what was asked for in another form.
    private static string When(Invocation call, ScheduleSpec spec) => call.Value(Every) is { } every ? $"every {every}" : $"{string.Join("; ", spec.CronExpressions)} ({spec.TimeZoneName})";

    private static TimeSpan Length(Invocation call, Option<string?> option, string otherwise) => KopsDuration.TryParse(call.Value(option) ?? otherwise, out KopsDuration length) ? length.Value : TimeSpan.Zero;
}
